/*
 * pairs WORKFORCE INTELLIGENCE...: what `candour wash` finds, found by the library.
 *
 * Files are read by feed; from there on everything goes through candour.h. Prints the
 * first columns of a hits file, in the library's order.
 */
#include "feed/feed.h"

#include <candour.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field of all rows of a file, growing. */
struct values {
    char *bytes;
    int64_t *offsets;
    size_t size;
};

struct sheet_of_people {
    struct values values[FIELD_COUNT];
    struct candour_column columns[FIELD_COUNT];
    struct candour_table table;
};

static void stop(const char *text)
{
    fprintf(stderr, "pairs: %s\n", text);
    exit(1);
}

static void value_add(struct values *values, size_t row, struct str value)
{
    values->bytes = memory_grow(values->bytes, values->size + value.len + 1, 1);
    values->offsets = memory_grow(values->offsets, row + 2, sizeof(*values->offsets));
    if (value.len)
        memcpy(values->bytes + values->size, value.at, value.len);
    values->offsets[0] = 0;
    values->size += value.len;
    values->offsets[row + 1] = (int64_t)values->size;
}

static void read_all(struct feed_settings *settings, struct sheet_of_people *sheet)
{
    struct feed *feed;
    struct feed_block *block;
    struct err err;
    size_t row = 0;

    if (!feed_open(settings, &feed, &err))
        stop(err.text);
    for (;;) {
        if (!feed_take(feed, &block, &err))
            stop(err.text);
        if (!block)
            break;
        feed_parse(feed, block);
        for (size_t i = 0; i < block->person_count; i++, row++)
            for (unsigned f = 0; f < FIELD_COUNT; f++)
                value_add(&sheet->values[f], row, block->people[i].field[f]);
        feed_done(feed, block);
    }
    feed_close(feed);
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        sheet->columns[f] =
            (struct candour_column){field_name((enum field)f), sheet->values[f].bytes,
                                    sheet->values[f].offsets};
    sheet->table = (struct candour_table){sheet->columns, FIELD_COUNT, row};
}

static void print_value(const struct sheet_of_people *sheet, enum field field,
                        size_t row)
{
    const struct values *values = &sheet->values[field];

    printf("%.*s", (int)(values->offsets[row + 1] - values->offsets[row]),
           values->bytes + values->offsets[row]);
}

/* Bits to four places, halves away from zero, as files have them. */
static void print_bits(int32_t bits)
{
    int64_t size = bits < 0 ? -(int64_t)bits : bits;
    int64_t value = (size * 10000 + 32768) / 65536;

    printf(",%s%lld.%04lld", bits < 0 && value ? "-" : "", (long long)(value / 10000),
           (long long)(value % 10000));
}

static void print_hits(const struct candour_model *model,
                       const struct candour_hits *hits,
                       const struct sheet_of_people *left,
                       const struct sheet_of_people *right)
{
    for (size_t i = 0; i < candour_hits_count(hits); i++) {
        uint32_t probability = candour_hits_probability(hits)[i];

        print_value(left, FIELD_ID, candour_hits_left(hits)[i]);
        printf(",");
        print_value(right, FIELD_ID, candour_hits_right(hits)[i]);
        printf(",%u.%06u", probability / 1000000, probability % 1000000);
        print_bits(candour_hits_score(hits)[i]);
        for (uint32_t c = 0; c < candour_comparison_count(); c++) {
            struct candour_level level = {.size = sizeof(level)};
            struct candour_error error;

            if (!candour_model_level(model, c, candour_hits_levels(hits, c)[i], &level,
                                     &error))
                stop(error.text);
            printf(",%s", level.name);
            print_bits(candour_hits_bits(hits, c)[i]);
        }
        printf("\n");
    }
}

static struct candour_hits *find_all(const struct candour_model *model,
                                     const struct candour_table *people,
                                     const struct candour_table *mentions)
{
    struct candour_index_settings settings = {
        .size = sizeof(settings), .model = model, .purpose = CANDOUR_WASH};
    struct candour_index *index = NULL;
    struct candour_finder *finder = NULL;
    struct candour_hits *hits = NULL;
    struct candour_error error;

    if (!candour_index_new(&settings, &index, &error) ||
        !candour_index_add_table(index, people, &error) ||
        !candour_index_count_table(index, mentions, &error) ||
        !candour_index_build(index, &error) ||
        !candour_finder_new(index, 2, &finder, &error) ||
        !candour_find_table(finder, mentions, 0, &hits, &error))
        stop(error.text);
    candour_finder_free(finder);
    candour_index_free(index);
    return hits;
}

static void sheet_free(struct sheet_of_people *sheet)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        free(sheet->values[f].bytes);
        free(sheet->values[f].offsets);
    }
}

int main(int count, char **words)
{
    const char *left_path = count > 2 ? words[1] : NULL;
    struct sheet_of_people left = {0}, right = {0};
    struct candour_model *model;
    struct candour_error error;

    if (!left_path)
        stop("want WORKFORCE INTELLIGENCE...");

    struct feed_settings people = {.paths = &left_path,
                                   .path_count = 1,
                                   .side = FEED_WORKFORCE,
                                   .pivot_year = 2026};
    struct feed_settings mentions = {.paths = (const char *const *)words + 2,
                                     .path_count = (size_t)count - 2,
                                     .side = FEED_INTELLIGENCE,
                                     .pivot_year = 2026};

    read_all(&people, &left);
    read_all(&mentions, &right);
    if (!candour_model_default(&model, &error))
        stop(error.text);

    struct candour_hits *hits = find_all(model, &left.table, &right.table);

    print_hits(model, hits, &left, &right);
    candour_hits_free(hits);
    candour_model_free(model);
    sheet_free(&left);
    sheet_free(&right);
    return 0;
}
