/* People for the tests of the library: a few by hand, many by number. */
#ifndef LIBRARY_MADE_H
#define LIBRARY_MADE_H

#include "library/candour.h"

#include "test/test.h"

#define VALUE(field, text)                                                             \
    {                                                                                  \
        field, text, CANDOUR_ZERO_ENDED                                                \
    }
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct candour_value okafor[] = {
    VALUE("id", "P1"), VALUE("forenames", "Sarah Ngozi"), VALUE("surname", "Okafor"),
    VALUE("date_of_birth", "1984-03-12"), VALUE("postcode", "LS6 2AB")};

static inline struct candour_model *made_model(void)
{
    struct candour_model *model;

    assert_true(candour_model_default(&model, NULL));
    return model;
}

static inline struct candour_index *made_index(const struct candour_model *model)
{
    struct candour_index_settings settings = {
        .size = sizeof(settings), .model = model, .probability = 0.01, .threads = 1};
    struct candour_index *index;

    assert_true(candour_index_new(&settings, &index, NULL));
    return index;
}

/* ---- tables: rows of made-up people, the same ones for the same state --------------- */

enum { MADE_COLUMNS = 4, MADE_ROWS = 5000, MADE_BYTES = 16 };

struct made {
    struct candour_column columns[MADE_COLUMNS];
    int64_t offsets[MADE_COLUMNS][MADE_ROWS + 1];
    char bytes[MADE_COLUMNS][MADE_ROWS * MADE_BYTES];
    struct candour_table table;
};

static inline void made_value(struct made *made, unsigned column, size_t row,
                              const char *text)
{
    int64_t at = made->offsets[column][row];
    size_t length = strlen(text);

    memcpy(made->bytes[column] + at, text, length);
    made->offsets[column][row + 1] = at + (int64_t)length;
}

static inline struct made *made_table(uint64_t state, size_t rows)
{
    static const char *const fields[] = {"forenames", "surname", "date_of_birth",
                                         "postcode"};
    static const char *const forenames[] = {"Sarah", "James", "Aisha", "Piotr",
                                            "Mei",   "Priya", "Conor", ""};
    static const char *const surnames[] = {"Okafor", "Smith", "Khan",   "Kowalski",
                                           "Patel",  "Jones", "Murphy", "Chen"};
    struct made *made = calloc(1, sizeof(*made));

    assert_non_null(made);
    for (unsigned c = 0; c < MADE_COLUMNS; c++)
        made->columns[c] =
            (struct candour_column){fields[c], made->bytes[c], made->offsets[c]};
    made->table = (struct candour_table){made->columns, MADE_COLUMNS, rows};
    for (size_t row = 0; row < rows; row++) {
        uint64_t n = test_random(&state);
        char text[32];

        made_value(made, 0, row, forenames[n % LENGTH(forenames)]);
        made_value(made, 1, row, surnames[n / 8 % LENGTH(surnames)]);
        snprintf(text, sizeof(text), "%04u-%02u-%02u", (unsigned)(1960 + n / 64 % 40),
                 (unsigned)(1 + n / 4096 % 12), (unsigned)(1 + n / 65536 % 28));
        made_value(made, 2, row, text);
        snprintf(text, sizeof(text), "LS%u %uAB", (unsigned)(1 + n / 4194304 % 9),
                 (unsigned)(n / 67108864 % 9));
        made_value(made, 3, row, text);
    }
    return made;
}

#endif
