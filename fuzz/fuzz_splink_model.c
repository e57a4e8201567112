/*
 * A model from Splink: what is taken can be written and read again, and a search by it
 * finds what a comparison of all with all finds, over records made of its own bytes.
 */
#include "splink/splink.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 6, COLUMNS = 64 };

static void rewritten(const struct splink_model *model)
{
    for (int ours = 0; ours < 2; ours++) {
        struct out *out = out_memory();
        struct splink_model *again;
        struct err err;
        char *text;

        (ours ? splink_write : splink_export)(model, out);
        text = out_take(out);
        if (!splink_parse(str_of(text), &again, &err))
            abort();
        if (splink_column_count(again) != splink_column_count(model))
            abort();
        splink_free(again);
        free(text);
    }
}

/* Cells are short pieces of the model's own text, where constants stand; some empty. */
static struct splink_records *records_of(const struct splink_model *model,
                                         const uint8_t *data, size_t size)
{
    struct splink_records *records = splink_records_new(model);
    uint64_t state = size;

    for (int i = 0; i < RECORDS; i++) {
        struct str values[COLUMNS];
        char id = (char)('a' + i);
        struct err err;

        values[0] = (struct str){&id, 1};
        for (size_t c = 1; c < splink_column_count(model) && c < COLUMNS; c++) {
            state = hash_mix(state, 0x9e3779b97f4a7c15u);

            size_t at = state % size, len = (state >> 32) % 9;

            len = at + len > size ? size - at : len;
            values[c] = (struct str){(const char *)data + at, len};
        }
        (void)!splink_records_add(records, values, &err);
    }
    return records;
}

static void searched(const struct splink_model *model, const uint8_t *data, size_t size)
{
    struct splink_records *records = records_of(model, data, size);
    struct splink_search *search;
    struct splink_pairs plain, found;
    struct err err;

    if (!splink_search_new(model, records, NULL, &search, &err))
        abort();
    splink_find_plain(search, 0, &plain);
    if (!splink_find(search, 0, 1, NULL, NULL, &found, &err))
        abort();
    if (plain.count != found.count)
        abort();
    for (size_t i = 0; i < plain.count; i++)
        if (plain.list[i].left != found.list[i].left ||
            plain.list[i].right != found.list[i].right ||
            plain.list[i].score != found.list[i].score)
            abort();
    free(plain.list);
    free(found.list);
    splink_search_free(search);
    splink_records_free(records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct splink_model *model;
    struct err err;

    if (size == 0 ||
        !splink_parse((struct str){(const char *)data, size}, &model, &err))
        return 0;
    rewritten(model);
    searched(model, data, size);
    splink_free(model);
    return 0;
}
