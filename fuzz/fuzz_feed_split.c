/* Splitting: the vector readers step aside or agree with the plain one. */
#include "feed/split.h"

#include <stdlib.h>
#include <string.h>

static void same_index(const struct split_index *a, const struct split_index *b)
{
    if (a->count != b->count || a->rows != b->rows || a->open != b->open ||
        (a->count && memcmp(a->at, b->at, a->count * sizeof(*a->at)) != 0) ||
        (a->rows && memcmp(a->row, b->row, a->rows * sizeof(*a->row)) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct split_rule rule = {data[0] & 1 ? ',' : ';', (data[0] & 2) == 0};
    char *padded = calloc(size + 64, 1);

    if (!padded)
        return 0;
    memcpy(padded, data + 1, size - 1);

    struct str text = {padded, size - 1};
    struct split_index chosen = {0}, plain = {0};
    struct split_tally chosen_tally, plain_tally;

    split_text(text, rule, &chosen);
    split_text_plain(text, rule, &plain);
    same_index(&chosen, &plain);
    split_tally(text, rule, &chosen_tally);
    split_tally_plain(text, rule, &plain_tally);
    if (chosen_tally.rows != plain_tally.rows ||
        chosen_tally.blanks != plain_tally.blanks ||
        chosen_tally.fields != plain_tally.fields ||
        chosen_tally.end != plain_tally.end || chosen_tally.open != plain_tally.open)
        abort();
    split_free(&chosen);
    split_free(&plain);
    free(padded);
    return 0;
}
