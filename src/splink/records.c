/* Records as they come, the words of both sides, and what each record says. */
#include "splink/inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ----------------------------------------------------------------------- */

void words_open(struct words *words)
{
    *words = (struct words){.arena = arena_new(), .room = 1024, .mask = 4095};
    words->list = memory_new(words->room, sizeof(*words->list));
    words->slots = memory_new(words->mask + 1, sizeof(*words->slots));
    words->list[0].text = "";
    words->count = 1;
}

void words_close(struct words *words)
{
    arena_free(words->arena);
    free(words->list);
    free(words->slots);
}

/* Numbers in one form are the same if their bits are, also what is no number. */
static uint64_t bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static bool same_word(const struct word *word, enum type type,
                      const struct value *value)
{
    if (word->type != type)
        return false;
    if (type != TYPE_TEXT)
        return bits_of(word->number) == bits_of(value->number);
    return str_same((struct str){word->text, word->len}, value->text);
}

static uint64_t hash_of(enum type type, const struct value *value)
{
    return type == TYPE_TEXT ? hash_bytes(value->text.at, value->text.len, type)
                             : hash_bytes(&value->number, sizeof(double), type);
}

static uint64_t hash_of_word(const struct word *word)
{
    struct value value = {
        false, word->number, {word->text, word->len}
    };

    return hash_of((enum type)word->type, &value);
}

static void words_double(struct words *words)
{
    words->mask = words->mask * 2 + 1;
    free(words->slots);
    words->slots = memory_new(words->mask + 1, sizeof(*words->slots));
    for (size_t i = 1; i < words->count; i++) {
        size_t at = hash_of_word(&words->list[i]) & words->mask;

        while (words->slots[at])
            at = (at + 1) & words->mask;
        words->slots[at] = (uint32_t)i;
    }
}

/* One form for each number: -0 is 0, and what is no number is the same as itself. */
static double number_form(double number)
{
    return isnan(number) ? (double)NAN : number + 0.0;
}

static uint32_t words_put_form(struct words *words, enum type type,
                               const struct value *value)
{
    size_t at = hash_of(type, value) & words->mask;
    struct word *word;

    if (value->null)
        return 0;
    for (; words->slots[at]; at = (at + 1) & words->mask)
        if (same_word(&words->list[words->slots[at]], type, value))
            return words->slots[at];
    if (words->count == words->room) {
        words->room *= 2;
        words->list = memory_grow(words->list, words->room, sizeof(*words->list));
    }
    words->slots[at] = (uint32_t)words->count;
    word = &words->list[words->count];
    *word = (struct word){.text = "", .type = (uint8_t)type, .number = value->number};
    if (type == TYPE_TEXT) {
        word->text = arena_copy(words->arena, value->text);
        word->len = (uint32_t)value->text.len;
        word->profile = profile_of(value->text);
    }
    if (++words->count * 2 > words->mask)
        words_double(words);
    return (uint32_t)words->count - 1;
}

uint32_t words_put(struct words *words, enum type type, const struct value *value)
{
    struct value form = {value->null, number_form(value->number), value->text};

    return words_put_form(words, type, &form);
}

/* ---- records --------------------------------------------------------------------- */

struct splink_records *splink_records_new(const struct splink_model *model)
{
    struct splink_records *records = memory_new(1, sizeof(*records));

    records->model = model;
    records->arena = arena_new();
    return records;
}

void splink_records_free(struct splink_records *records)
{
    if (!records)
        return;
    arena_free(records->arena);
    free(records->cells);
    free(records);
}

size_t splink_records_count(const struct splink_records *records)
{
    return records->count;
}

static bool cell_fits(const struct columns *columns, size_t column, struct str value,
                      struct err *err)
{
    double number;

    if (value.len > 1u << 20)
        return err_set(err, ERR_INPUT, "%s: a value of more than a megabyte",
                       columns->names[column]);
    if (columns->types[column] == TYPE_NUMBER && !str_number(value, &number))
        return err_set(err, ERR_INPUT, "%s: the model counts with it: want a number",
                       columns->names[column]);
    if (columns->types[column] == TYPE_TIME &&
        !moment_read(value, STR("%Y-%m-%d"), &number))
        return err_set(err, ERR_INPUT,
                       "%s: the model counts days with it: want YYYY-MM-DD",
                       columns->names[column]);
    return true;
}

bool splink_records_add(struct splink_records *records, const struct str values[],
                        struct err *err)
{
    const struct columns *columns = &records->model->columns;
    size_t width = columns->count;
    const char **row;

    if (values[0].len == 0)
        return err_set(err, ERR_INPUT, "%s: a record has no id", columns->names[0]);
    for (size_t i = 1; i < width; i++)
        if (values[i].len && !cell_fits(columns, i, values[i], err))
            return false;
    if (records->count >= UINT32_MAX / 2)
        return err_set(err, ERR_INPUT, "too many records in one file");
    if (records->count == records->room) {
        records->room = records->room ? records->room * 2 : 1024;
        records->cells =
            memory_grow(records->cells, records->room * width, sizeof(char *));
    }
    row = &records->cells[records->count++ * width];
    for (size_t i = 0; i < width; i++) {
        bool null = values[i].len == 0 || memchr(values[i].at, 0, values[i].len);

        row[i] = null ? NULL : arena_copy(records->arena, values[i]);
    }
    return row[0] ||
           err_set(err, ERR_INPUT, "%s: an id with a zero byte", columns->names[0]);
}
