#include "text/text.h"

#include "test/test.h"

#include <string.h>

/* Values of DuckDB 2.0.0; a threshold may be met to the last bit, so these are too. */
TEST(values_are_those_of_duckdb_to_the_last_bit)
{
    static const struct {
        const char *a, *b;
        double jaro, jaro_winkler;
        size_t edits, damerau;
        double jaccard;
    } cases[] = {
        {"MARTHA",                                                                       "MARHTA",              0.9444444444444445, 0.9611111111111111, 2,  1,  1.0               },
        {"DWAYNE",                                                                       "DUANE",               0.8222222222222223, 0.8400000000000001, 2,  2,
         0.5714285714285714                                                                                                                                                       },
        {"DIXON",                                                                        "DICKSONX",            0.7666666666666666, 0.8133333333333332, 4,  4,  0.625             },
        {"JONES",                                                                        "JANES",               0.8666666666666667, 0.88,               1,  1,  0.6666666666666666},
        {"JONES",                                                                        "JONEZ",               0.8666666666666667, 0.92,               1,  1,  0.6666666666666666},
        {"SMITH",                                                                        "SMYTH",               0.8666666666666667, 0.8933333333333333, 1,  1,
         0.6666666666666666                                                                                                                                                       },
        {"KHAN",                                                                         "KAHN",                0.9166666666666666, 0.9249999999999999, 2,  1,  1.0               },
        {"ca",                                                                           "abc",                 0.0,                0.0,                3,  2,  0.6666666666666666},
        {"abcd",                                                                         "badc",                0.8333333333333334, 0.8333333333333334, 3,  2,  1.0               },
        {"a",                                                                            "a",                   1.0,                1.0,                0,  0,  1.0               },
        {"a",                                                                            "b",                   0.0,                0.0,                1,  1,  0.0               },
        {"ab",                                                                           "ba",                  0.0,                0.0,                2,  1,  1.0               },
        {"bbcb",                                                                         "bdbbc",               0.7833333333333333, 0.805,              3,  2,  0.6666666666666666},
        {"José",                                                                        "Jose",                0.7833333333333333, 0.8483333333333334, 2,  2,  0.5               },
        {"1984-03-12",                                                                   "1984-12-03",          0.9333333333333332, 0.96,               4,  4,  1.0               },
        {"LS6 2AB",                                                                      "LS6 2BA",             0.9523809523809524, 0.9714285714285714, 2,  1,  1.0               },
        {"okafor@example.org",                                                           "o.kafor@example.org", 0.9824561403508771,
         0.9842105263157894,                                                                                                                            1,  1,  1.0               },
        {"kitten",                                                                       "sitting",             0.746031746031746,  0.746031746031746,  3,  3,
         0.42857142857142855                                                                                                                                                      },
        {"aab",                                                                          "ab",                  0.611111111111111,  0.611111111111111,  1,  1,  1.0               },
        {"Ab",                                                                           "ab",                  0.6666666666666666, 0.6666666666666666, 1,  1,  0.3333333333333333},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefghijbcdefghijbcdefghijbcdefghijbcdefghij",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefgihjbcdefgihjbcdefgihjbcdefgihjbcdefgihjxyz",                        0.9551221661459586, 0.9730732996875752, 15, 10, 0.7692307692307693},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefgihjbcdefgihjbcdefgihjbcdefgihjbcdefgihjxyz",
         "bcdefgihj",                                                                                           0.706140350877193,  0.706140350877193,  67, 67, 0.6923076923076923},
        {"abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc",
         "acbacbabcacbacbabcacbacbabcacbacbabcacbacbabcacbacbabcacbacbabcacbacbabc",                            0.9259259259259259, 0.9333333333333333, 32, 16, 1.0               },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);

        if (jaro_similarity(a, b) != cases[i].jaro ||
            jaro_winkler_similarity(a, b) != cases[i].jaro_winkler ||
            levenshtein(a, b) != cases[i].edits ||
            damerau_levenshtein(a, b) != cases[i].damerau ||
            jaccard_similarity(a, b) != cases[i].jaccard)
            fail_msg("%s %s: %.17g %.17g %zu %zu %.17g", cases[i].a, cases[i].b,
                     jaro_similarity(a, b), jaro_winkler_similarity(a, b),
                     levenshtein(a, b), damerau_levenshtein(a, b),
                     jaccard_similarity(a, b));
    }
}

TEST(empty_texts_are_like_nothing)
{
    struct str none = STR(""), a = STR("abc");

    assert_true(jaro_similarity(none, none) == 0);
    assert_true(jaro_winkler_similarity(a, none) == 0);
    assert_int_equal(levenshtein(none, a), 3);
    assert_int_equal(damerau_levenshtein(a, none), 3);
    assert_int_equal(damerau_levenshtein(none, none), 0);
    assert_true(jaccard_similarity(none, none) == 0);
}

static uint64_t next(uint64_t *state)
{
    return *state = hash_mix(*state, 0x9e3779b97f4a7c15u);
}

static struct str drawn(uint64_t *state, char *room, size_t most)
{
    size_t len = next(state) % (most + 1);

    for (size_t i = 0; i < len; i++)
        room[i] = (char)('a' + next(state) % 5);
    return (struct str){room, len};
}

/* The textbook's table, for texts of any length. */
static size_t levenshtein_by_the_book(struct str a, struct str b)
{
    static size_t row[128][128];

    for (size_t i = 0; i <= a.len; i++) {
        for (size_t j = 0; j <= b.len; j++) {
            size_t best = i == 0 ? j : j == 0 ? i : row[i - 1][j] + 1;

            if (i && j) {
                size_t swap = row[i - 1][j - 1] + (a.at[i - 1] != b.at[j - 1]);

                best = row[i][j - 1] + 1 < best ? row[i][j - 1] + 1 : best;
                best = swap < best ? swap : best;
            }
            row[i][j] = best;
        }
    }
    return row[a.len][b.len];
}

TEST(words_of_bits_count_as_the_book_does_and_bounds_hold)
{
    uint64_t state = 1;
    char first[128], second[128];

    for (int i = 0; i < 30000; i++) {
        size_t most = i % 3 == 0 ? 90 : 12;
        struct str a = drawn(&state, first, most), b = drawn(&state, second, most);
        struct profile of_a = profile_of(a), of_b = profile_of(b);
        size_t edits = levenshtein(a, b), swaps = damerau_levenshtein(a, b);

        assert_int_equal(edits, levenshtein_by_the_book(a, b));
        assert_true(swaps <= edits);
        assert_true(edits_at_least(of_a, of_b) <= swaps);
        assert_true(jaro_winkler_similarity(a, b) <= jaro_winkler_at_most(of_a, of_b));
        assert_true(jaro_similarity(a, b) == jaro_similarity(b, a));
    }
}

/* A text of at most 64 bytes goes another way than the same text with more behind it. */
TEST(long_texts_are_compared_as_short_ones)
{
    uint64_t state = 7;
    char first[128], second[128];

    for (int i = 0; i < 3000; i++) {
        struct str a = drawn(&state, first, 60), b = drawn(&state, second, 60);
        size_t edits = levenshtein(a, b);

        memset(first + a.len, 'z', 8);
        memset(second + b.len, 'z', 8);
        a.len += 8, b.len += 8;
        assert_int_equal(levenshtein(a, b), edits);
    }
}

TEST(cases_change_beyond_ascii)
{
    static const struct {
        const char *written, *lower, *upper;
    } cases[] = {
        {"Okafor",  "okafor",  "OKAFOR" },
        {"JOSÉ",   "josé",   "JOSÉ"  },
        {"\xff Ab", "\xff ab", "\xff AB"},
        {"",        "",        ""       },
    };
    char to[64];

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str written = str_of(cases[i].written);

        to[text_case(written, false, to)] = 0;
        assert_string_equal(to, cases[i].lower);
        to[text_case(written, true, to)] = 0;
        assert_string_equal(to, cases[i].upper);
    }
}

TESTS(IT(values_are_those_of_duckdb_to_the_last_bit), IT(empty_texts_are_like_nothing),
      IT(words_of_bits_count_as_the_book_does_and_bounds_hold),
      IT(long_texts_are_compared_as_short_ones), IT(cases_change_beyond_ascii))
