#include "feed/rows.h"

#include <stdlib.h>
#include <string.h>

enum { SPARE_BYTES = 16 * 1024 };

void rows_free(struct rows *rows)
{
    if (!rows)
        return;
    split_free(&rows->index);
    arena_free(rows->block.arena);
    free(rows->block.people);
    free(rows->block.carried);
    free(rows->block.complaints);
    free(rows->cells);
    free(rows->seen);
    free(rows->text);
    free(rows);
}

char *rows_spare(struct rows *rows, size_t size)
{
    if (rows->spare_size < size) {
        size_t piece = size > SPARE_BYTES ? size : SPARE_BYTES;

        rows->spare = arena_alloc(rows->block.arena, piece);
        rows->spare_size = piece;
    }
    char *memory = rows->spare;

    rows->spare += size;
    rows->spare_size -= size;
    return memory;
}

void rows_complain(struct rows *rows, uint64_t row, const char *column,
                   const char *wanted, const char *problem, bool row_set_aside)
{
    struct feed_block *block = &rows->block;

    if (block->complaint_count == rows->complaint_room) {
        rows->complaint_room = rows->complaint_room * 2 + 64;
        block->complaints = memory_grow(block->complaints, rows->complaint_room,
                                        sizeof(*block->complaints));
    }
    block->complaints[block->complaint_count++] =
        (struct complaint){block->file, row, column, wanted, problem, row_set_aside};
}

/* ---- one row: from cells to a person ------------------------------------------------ */

/* Most values have no spaces around them. */
static inline struct str trimmed(struct str value)
{
    return value.len && value.at[0] > ' ' && value.at[value.len - 1] > ' '
               ? value
               : str_trim(value);
}

static struct str value_of(const struct rows *rows, uint32_t column)
{
    return column == NO_COLUMN ? (struct str){NULL, 0} : trimmed(rows->cells[column]);
}

/* All values that are there, with the joint between them. */
static struct str joined(struct rows *rows, const struct gather *gather,
                         const char *joint)
{
    struct str only = value_of(rows, gather->columns[0]);
    size_t size = only.len, found = only.len > 0, joint_size = strlen(joint);

    for (size_t i = 1; i < gather->count; i++) {
        struct str value = value_of(rows, gather->columns[i]);

        if (value.len == 0)
            continue;
        only = value;
        size += value.len + joint_size;
        found++;
    }
    if (found < 2)
        return only;

    char *memory = rows_spare(rows, size), *to = memory;

    for (size_t i = 0; i < gather->count; i++) {
        struct str value = value_of(rows, gather->columns[i]);

        if (value.len == 0)
            continue;
        if (to != memory) {
            memcpy(to, joint, joint_size);
            to += joint_size;
        }
        memcpy(to, value.at, value.len);
        to += value.len;
    }
    return (struct str){memory, (size_t)(to - memory)};
}

static const char *column_name(const struct layout *layout, const struct gather *gather)
{
    for (size_t i = 0; i < gather->count; i++)
        if (gather->columns[i] != NO_COLUMN)
            return layout->columns[gather->columns[i]];
    return "";
}

static void use_date(struct rows *rows, const struct gather *gather,
                     struct person *person)
{
    struct str *written = &person->field[FIELD_DATE_OF_BIRTH];
    enum date_kind kind;

    if (gather->split_date) {
        struct str part[3];

        for (size_t i = 0; i < 3; i++)
            part[i] = value_of(rows, gather->columns[i]);
        *written = joined(rows, gather, "/");
        kind =
            date_read_split(part[0], part[1], part[2], rows->pivot_year, &person->born);
    } else {
        *written = joined(rows, gather, " ");
        kind = date_read(*written, rows->pivot_year, &person->born);
    }
    if (kind != DATE_UNREADABLE)
        return;
    *written = (struct str){NULL, 0};
    person->born = 0;
    rows_complain(rows, person->row, column_name(rows->layout, gather),
                  "a date such as 1984-03-12 or 12/03/1984", "not a date", false);
}

/* A row with nothing that could tell one person from another can match nobody. */
static bool says_who(const struct person *person)
{
    for (enum field field = FIELD_FORENAMES; field <= FIELD_VEHICLES; field++)
        if (field != FIELD_SEX && person->field[field].len)
            return true;
    return false;
}

static void more_people(struct rows *rows)
{
    struct feed_block *block = &rows->block;
    size_t carried = rows->layout->carried_count;

    if (block->person_count == rows->person_room) {
        rows->person_room = rows->person_room * 2 + 256;
        block->people =
            memory_grow(block->people, rows->person_room, sizeof(*block->people));
    }
    if (!block->carried || (block->person_count + 1) * carried > rows->carried_room) {
        rows->carried_room = rows->carried_room * 2 + 256 * (carried + 1);
        block->carried =
            memory_grow(block->carried, rows->carried_room, sizeof(*block->carried));
    }
}

/* Values of other columns stand in the block's arena. */
static void use_others(struct rows *rows, struct person *person)
{
    const struct layout *layout = rows->layout;

    if (layout->other_count == 0)
        return;

    struct str *other =
        arena_alloc(rows->block.arena, layout->other_count * sizeof(*other));

    for (size_t i = 0; i < layout->other_count; i++)
        other[i] = joined(rows, &layout->other_gathers[i], " ");
    person->other = other;
}

void row_use(struct rows *rows, uint64_t row)
{
    const struct layout *layout = rows->layout;
    struct feed_block *block = &rows->block;

    more_people(rows);
    struct person *person = &block->people[block->person_count];

    *person = (struct person){.row = row, .file = block->file};
    for (size_t i = 0; i < layout->gather_count; i++) {
        const struct gather *gather = &layout->gathers[i];

        if (gather->field == FIELD_DATE_OF_BIRTH)
            use_date(rows, gather, person);
        else if (gather->count == 1)
            person->field[gather->field] = value_of(rows, gather->columns[0]);
        else
            person->field[gather->field] =
                joined(rows, gather, field_joint(gather->field));
    }
    struct str *previous = &person->field[FIELD_PREVIOUS_POSTCODES];

    if (previous->len > POSTCODE_MAX)
        *previous = postcodes_pick(*previous, rows_spare(rows, previous->len + 1));
    if (person->field[FIELD_ID].len == 0) {
        rows_complain(rows, row, column_name(layout, layout_gather(layout, FIELD_ID)),
                      "an id", "empty", true);
        return;
    }
    if (!says_who(person)) {
        rows_complain(rows, row, "", "a name, a date of birth or another identifier",
                      "all are empty", true);
        return;
    }
    use_others(rows, person);
    struct str *carried = block->carried + block->person_count * layout->carried_count;

    for (size_t k = 0; k < layout->carried_count; k++)
        carried[k] = rows->cells[layout->carried[k]];
    block->person_count++;
}

/* ---- CSV ---------------------------------------------------------------------------- */

bool csv_value(char *from, char *end, struct str *value)
{
    if (from == end || *from != '"') {
        *value = (struct str){from, (size_t)(end - from)};
        return true;
    }
    from++;
    if (from == end || *--end != '"')
        return false;
    char *quote = memchr(from, '"', (size_t)(end - from));

    *value = (struct str){from, (size_t)(end - from)};
    if (!quote)
        return true;
    char *to = quote;

    for (char *at = quote; at < end; at++) {
        if (*at == '"' && (++at == end || *at != '"'))
            return false;
        *to++ = *at;
    }
    value->len = (size_t)(to - from);
    return true;
}

/* The cells of a row that ends before ends[count - 1]; false if a quote is misplaced. */
static bool cells_of(struct rows *rows, char *from, const uint32_t *ends, size_t count)
{
    bool well = true;

    for (size_t k = 0; k < count; k++) {
        char *end = rows->text + ends[k];
        char *stop = end;

        if (k + 1 == count && stop > from && stop[-1] == '\r')
            stop--;
        if (from == stop || *from != '"') /* most values, so without a call */
            rows->cells[k] = (struct str){from, (size_t)(stop - from)};
        else
            well &= csv_value(from, stop, &rows->cells[k]);
        from = end + 1;
    }
    return well;
}

static void csv_row(struct rows *rows, char *from, const uint32_t *ends, size_t count,
                    uint64_t row)
{
    size_t wanted = rows->layout->column_count;

    if (count != wanted)
        rows_complain(rows, row, "", "as many values as the header has headings",
                      count < wanted ? "too few values" : "too many values", true);
    else if (!cells_of(rows, from, ends, count))
        rows_complain(rows, row, "",
                      "values in quotes that end with the quote, quotes within doubled",
                      "text after a closing quote", true);
    else
        row_use(rows, row);
}

/* ---- a block ------------------------------------------------------------------------ */

static bool ascii(const char *at, size_t len)
{
    uint64_t any = 0, word;
    size_t i = 0;

    for (; i + 8 <= len; i += 8) {
        memcpy(&word, at + i, 8);
        any |= word;
    }
    for (; i < len; i++)
        any |= (uint64_t)(unsigned char)at[i];
    return (any & 0x8080808080808080u) == 0;
}

/*
 * Well-formed UTF-8. A character never spans a stretch of ASCII, so each run of
 * stretches that are not ASCII can be checked by itself; in most files there are few.
 */
static bool utf8(struct str text)
{
    enum { STRETCH = 128 };

    for (size_t i = 0; i < text.len; i += STRETCH) {
        size_t from = i;

        while (i < text.len &&
               !ascii(text.at + i, text.len - i < STRETCH ? text.len - i : STRETCH))
            i += STRETCH;
        size_t end = i < text.len ? i : text.len;

        if (end > from && !text_utf8((struct str){text.at + from, end - from}))
            return false;
    }
    return true;
}

static bool clean(struct str text)
{
    return text.len == 0 || (!memchr(text.at, 0, text.len) && utf8(text));
}

/* False, with a complaint, for a row with bytes that are no text. */
static bool row_clean(struct rows *rows, struct str text, uint64_t row)
{
    if (clean(text))
        return true;
    rows_complain(rows, row, "", "text in UTF-8",
                  memchr(text.at, 0, text.len) ? "a zero byte"
                                               : "bytes that are not UTF-8",
                  true);
    return false;
}

static void read_row(struct rows *rows, size_t from, const uint32_t *ends, size_t count,
                     uint64_t row)
{
    char *text = rows->text + from;

    if (rows->json) {
        const char *problem = json_row(rows, text, ends[count - 1] - from, row);

        if (problem)
            rows_complain(rows, row, "", "a JSON object of texts, numbers and lists",
                          problem, true);
        else
            row_use(rows, row);
        return;
    }
    csv_row(rows, text, ends, count, row);
}

static void rows_start(struct rows *rows)
{
    struct feed_block *block = &rows->block;

    block->person_count = block->complaint_count = 0;
    block->row_count = 0;
    rows->spare_size = 0;
    if (rows->cell_room < rows->layout->column_count) {
        rows->cell_room = rows->layout->column_count;
        rows->cells = memory_grow(rows->cells, rows->cell_room, sizeof(*rows->cells));
        rows->seen = memory_grow(rows->seen, rows->cell_room, sizeof(*rows->seen));
    }
    if (rows->json)
        memset(rows->seen, 0, rows->cell_room * sizeof(*rows->seen));
}

void rows_read(struct rows *rows)
{
    struct feed_block *block = &rows->block;
    struct split_index *index = &rows->index;
    struct str text = {rows->text, block->bytes};

    rows_start(rows);
    split_text(text, rows->rule, index);
    bool all_clean = clean(text);
    size_t from = 0, first = 0;

    for (size_t r = 0; r < index->rows; r++) {
        size_t last = index->row[r], end = index->at[last - 1];
        uint64_t row = block->first_row + block->row_count;
        bool blank = end == from || (end == from + 1 && rows->text[from] == '\r');

        block->row_count += !blank;
        if (!blank &&
            (all_clean ||
             row_clean(rows, (struct str){rows->text + from, end - from}, row)))
            read_row(rows, from, index->at + first, last - first, row);
        first = last;
        from = end + 1;
    }
    if (index->open)
        rows_complain(rows, block->first_row + block->row_count++, "",
                      "a closing quote", "a quote is opened and never closed", true);
}
