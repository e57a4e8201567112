#include "feed/split.h"

#include "test/test.h"

enum { PADDING = 64 };

static const struct split_rule csv = {',', true};

static const struct vector_reader {
    const char *name;
    bool (*can)(void);
    bool (*tally)(struct str text, struct split_rule rule, struct split_tally *tally);
    bool (*text)(struct str text, struct split_rule rule, struct split_index *index);
} vector_readers[] = {
#ifdef __x86_64__
    {"avx2",   split_can_avx2,   split_tally_avx2,   split_text_avx2  },
    {"avx512", split_can_avx512, split_tally_avx512, split_text_avx512},
#endif
    {NULL,     NULL,             NULL,               NULL             },
};

static struct str random_text(uint64_t *state, const char *alphabet, char *buffer,
                              size_t max)
{
    size_t len = test_random(state) % max, letters = strlen(alphabet);

    for (size_t i = 0; i < len; i++)
        buffer[i] = alphabet[test_random(state) % letters];
    return (struct str){buffer, len};
}

static void assert_same_index(const struct split_index *a, const struct split_index *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->open, b->open);
    if (a->count)
        assert_memory_equal(a->at, b->at, a->count * sizeof(*a->at));
    if (a->rows)
        assert_memory_equal(a->row, b->row, a->rows * sizeof(*a->row));
}

static void assert_same_tally(const struct split_tally *a, const struct split_tally *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->blanks, b->blanks);
    assert_int_equal(a->fields, b->fields);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->open, b->open);
}

/* Returns whether the vector reader took the text; if so, both must say the same. */
static bool agrees(const struct vector_reader *reader, struct str text,
                   struct split_rule rule)
{
    struct split_index fast = {0}, plain = {0};
    struct split_tally fast_tally, plain_tally;
    bool taken = reader->text(text, rule, &fast);

    assert_int_equal(taken, reader->tally(text, rule, &fast_tally));
    if (taken) {
        split_text_plain(text, rule, &plain);
        split_tally_plain(text, rule, &plain_tally);
        assert_same_index(&fast, &plain);
        assert_same_tally(&fast_tally, &plain_tally);
    }
    split_free(&fast);
    split_free(&plain);
    return taken;
}

TEST(vector_readers_agree_with_the_plain_one_or_step_aside)
{
    static const char *const alphabets[] = {
        "ab,\n",       "a,\n\r",     "\"a,\n",     "\"\"\"aaaaaaaaaaaaaaaa,,,\n\n\r",
        "\"\",\n\r\n", "aaaaaaaaa,", "\"abc,;\n\r"};
    char buffer[2048 + PADDING] = {0};
    uint64_t state = 1;

    for (const struct vector_reader *r = vector_readers; r->name; r++) {
        size_t taken = 0;

        if (!r->can())
            continue;
        for (size_t round = 0; round < 20000; round++) {
            const char *alphabet = alphabets[round % COUNT(alphabets)];
            size_t max = round % 3 ? 200 : 2048;
            struct str text = random_text(&state, alphabet, buffer, max);
            struct split_rule rule = {round % 5 ? ',' : ';', round % 7 != 0};

            taken += agrees(r, text, rule);
        }
        assert_true(taken > 2000);
    }
}

/* A value as RFC 4180 writes it; returns its size. */
static size_t put_value(uint64_t *state, char *to)
{
    static const char letters[] = "abc,\"\n\r x";
    bool quoted = test_random(state) % 3 == 0;
    size_t n = 0, size = test_random(state) % 12;

    if (quoted)
        to[n++] = '"';
    for (size_t i = 0; i < size; i++) {
        char c = quoted ? letters[test_random(state) % 9] : 'a';

        if (c == '"')
            to[n++] = '"';
        to[n++] = c;
    }
    if (quoted)
        to[n++] = '"';
    return n;
}

TEST(well_formed_text_is_never_left_to_the_plain_reader)
{
    char buffer[8192 + PADDING];
    uint64_t state = 2;

    for (size_t round = 0; round < 2000; round++) {
        size_t rows = 1 + test_random(&state) % 10;
        size_t columns = 2 + test_random(&state) % 8, n = 0;

        for (size_t row = 0; row < rows; row++)
            for (size_t column = 1; column <= columns; column++) {
                n += put_value(&state, buffer + n);
                if (column == columns && round % 2)
                    buffer[n++] = '\r';
                buffer[n++] = column == columns ? '\n' : ',';
            }
        memset(buffer + n, 0, PADDING);
        struct str text = {buffer, n};
        struct split_tally tally;

        for (const struct vector_reader *r = vector_readers; r->name; r++)
            assert_true(!r->can() || agrees(r, text, csv));
        split_tally(text, csv, &tally);
        assert_int_equal(tally.rows, rows);
        assert_int_equal(tally.fields, rows * columns);
        assert_int_equal(tally.end, n);
        assert_false(tally.open);
    }
}

TEST(a_quote_counts_only_where_a_value_starts)
{
    static const struct {
        const char *text;
        size_t rows, fields;
        bool open;
    } cases[] = {
        {"a,b\n",                1, 2, false},
        {"\"a,\nb\",c\n",        1, 2, false},
        {"\"a\"\"b\",c\n",       1, 2, false},
        {"6\" nail,c\nx,y\n",    2, 4, false},
        {"a,Bob \"Bo\" K,c\n",   1, 3, false},
        {"\"a\"b,\"c\n\",d\n",   1, 3, false},
        {"a,\"b\nc,d\n",         0, 1, true },
        {"a,b\n\n\r\nc,d\r\n\n", 2, 4, false},
        {"\r\n\n",               0, 0, false},
        {"a\r\n\"\"\r\n",        2, 2, false},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct split_tally tally;

        split_tally(str_of(cases[i].text), csv, &tally);

        assert_int_equal(tally.rows, cases[i].rows);
        assert_int_equal(tally.fields, cases[i].fields);
        assert_int_equal(tally.open, cases[i].open);
    }
}

TEST(empty_lines_are_counted_across_steps_of_64_bytes)
{
    char buffer[200 + PADDING];

    for (size_t shift = 0; shift < 130; shift++) {
        static const char lines[] = "\n\n\r\nb\r\n\r\n";
        struct str text = {buffer, shift + sizeof(lines) - 1};
        struct split_tally tally;

        memset(buffer, 'a', shift);
        memcpy(buffer + shift, lines, sizeof(lines));
        memset(buffer + text.len, 0, PADDING);
        split_tally(text, csv, &tally);

        assert_int_equal(tally.rows, shift ? 2 : 1);
        assert_int_equal(tally.blanks, shift ? 3 : 4);
        for (const struct vector_reader *r = vector_readers; r->name; r++)
            assert_true(!r->can() || agrees(r, text, csv));
    }
}

TESTS(IT(vector_readers_agree_with_the_plain_one_or_step_aside),
      IT(well_formed_text_is_never_left_to_the_plain_reader),
      IT(a_quote_counts_only_where_a_value_starts),
      IT(empty_lines_are_counted_across_steps_of_64_bytes))
