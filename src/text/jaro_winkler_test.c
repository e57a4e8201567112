#include "text/text.h"

#include "test/test.h"

TEST(published_values_come_out_exactly)
{
    static const struct {
        const char *a, *b;
        uint64_t numerator, denominator;
    } cases[] = {
        {"MARTHA",                          "MARHTA",                          173, 180},
        {"DWAYNE",                          "DUANE",                           21,  25 },
        {"DIXON",                           "DICKSONX",                        61,  75 },
        {"SMITH",                           "SMYTH",                           67,  75 },
        {"KHAN",                            "KAHN",                            37,  40 },
        {"MACDONALD",                       "MCDONALD",                        29,  30 },
        {"JACKSON",                         "JOHNSON",                         26,  35 },
        {"ELIZABETH",                       "LIZ",                             7,   9  },
        {"ROBERT",                          "BOB",                             1,   2  },
        {"JONES",                           "JANES",                           22,  25 },
        {"MOHAMMED",                        "MUHAMMAD",                        17,  20 },
        {"HUSSEIN",                         "HUSAYN",                          37,  45 },
        {"WONG",                            "WANG",                            17,  20 },
        {"WONG",                            "HUANG",                           19,  30 },
        {"KOWALSKI",                        "KOWALSKA",                        19,  20 },
        {"IVANOV",                          "IVANOVA",                         34,  35 },
        {"ADEBAYO",                         "BAYO",                            13,  28 },
        {"YUSUF",                           "JOSEPH",                          41,  90 },
        {"MOHAMMED",                        "MD",                              13,  24 },
        {"JONES",                           "JONEZ",                           23,  25 },
        {"",                                "",                                0,   1  },
        {"A",                               "",                                0,   1  },
        {"A",                               "A",                               1,   1  },
        {"A",                               "B",                               0,   1  },
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE", 1,   1  },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t a_len = strlen(cases[i].a), b_len = strlen(cases[i].b);
        uint64_t num, den;

        jaro_winkler_fraction(cases[i].a, a_len, cases[i].b, b_len, &num, &den);
        if (num * cases[i].denominator != cases[i].numerator * den)
            fail_msg("%s %s: %llu/%llu", cases[i].a, cases[i].b,
                     (unsigned long long)num, (unsigned long long)den);
    }
}

TEST(ties_reach_their_percentage)
{
    assert_true(jaro_winkler_reaches("JONES", 5, "JANES", 5, 88));
    assert_false(jaro_winkler_reaches("JONES", 5, "JANES", 5, 89));
    assert_true(jaro_winkler_reaches("JONES", 5, "JONEZ", 5, 92));
    assert_false(jaro_winkler_reaches("JONES", 5, "JONEZ", 5, 93));
    assert_true(jaro_winkler_reaches("SAME", 4, "SAME", 4, 100));
    assert_true(jaro_winkler_reaches("", 0, "", 0, 0));
    assert_false(jaro_winkler_reaches("", 0, "", 0, 1));
}

struct pair {
    char a[NAME_MAX], b[NAME_MAX];
    size_t a_len, b_len;
};

/* Two texts over a small alphabet, the second sometimes the first with a few edits. */
static void pair_random(struct pair *pair, uint64_t *state)
{
    unsigned letters = 1 + (unsigned)(test_random(state) % 26);

    pair->a_len = test_random(state) % (NAME_MAX + 1);
    pair->b_len = test_random(state) % (NAME_MAX + 1);
    for (size_t i = 0; i < NAME_MAX; i++) {
        pair->a[i] = (char)('A' + test_random(state) % letters);
        pair->b[i] = (char)('A' + test_random(state) % letters);
    }
    if (test_random(state) % 3 == 0)
        return;
    memcpy(pair->b, pair->a, NAME_MAX);
    pair->b_len = pair->a_len;
    for (uint64_t edits = test_random(state) % 5; edits > 0 && pair->b_len > 1;
         edits--) {
        size_t at = test_random(state) % (pair->b_len - 1);
        char swapped = pair->b[at];

        if (test_random(state) % 3 == 0) {
            memmove(pair->b + at, pair->b + at + 1, pair->b_len - at - 1);
            pair->b_len--;
        } else if (test_random(state) % 2 == 0) {
            pair->b[at] = pair->b[at + 1];
            pair->b[at + 1] = swapped;
        } else {
            pair->b[at] = (char)('A' + test_random(state) % letters);
        }
    }
}

TEST(the_fast_one_agrees_with_the_plain_one)
{
    uint64_t state = 1;

    for (int i = 0; i < 300000; i++) {
        struct pair pair;
        uint64_t num, den;

        pair_random(&pair, &state);
        jaro_winkler_fraction(pair.a, pair.a_len, pair.b, pair.b_len, &num, &den);
        for (unsigned percent = 68; percent <= 100; percent += 4) {
            bool fast =
                jaro_winkler_reaches(pair.a, pair.a_len, pair.b, pair.b_len, percent);

            if (fast != (num * 100 >= percent * den))
                fail_msg("%.*s %.*s at %u", (int)pair.a_len, pair.a, (int)pair.b_len,
                         pair.b, percent);
        }
    }
}

/* As textbooks print it, in floating point. */
static double textbook(const struct pair *pair)
{
    const char *a = pair->a, *b = pair->b;
    int a_len = (int)pair->a_len, b_len = (int)pair->b_len;
    int window = (a_len > b_len ? a_len : b_len) / 2 - 1, m = 0, t = 0, prefix = 0;
    bool a_used[NAME_MAX] = {0}, b_used[NAME_MAX] = {0};

    if (window < 0)
        window = 0;
    for (int i = 0; i < a_len; i++)
        for (int j = 0; j < b_len; j++)
            if (abs(i - j) <= window && !b_used[j] && a[i] == b[j]) {
                a_used[i] = b_used[j] = true;
                m++;
                break;
            }
    if (m == 0)
        return 0;
    for (int i = 0, j = 0; i < a_len; i++) {
        if (!a_used[i])
            continue;
        while (!b_used[j])
            j++;
        t += a[i] != b[j++];
    }

    double jaro = ((double)m / a_len + (double)m / b_len + (double)(m - t / 2) / m) / 3;

    while (prefix < 4 && prefix < a_len && prefix < b_len && a[prefix] == b[prefix])
        prefix++;
    return jaro > 0.7 ? jaro + prefix * 0.1 * (1 - jaro) : jaro;
}

TEST(the_plain_one_agrees_with_the_textbook_away_from_ties)
{
    uint64_t state = 2;

    for (int i = 0; i < 300000; i++) {
        struct pair pair;
        uint64_t num, den;

        pair_random(&pair, &state);
        jaro_winkler_fraction(pair.a, pair.a_len, pair.b, pair.b_len, &num, &den);

        double exact = (double)num / (double)den, other = textbook(&pair);

        if (fabs(exact - 0.7) > 1e-6)
            assert_near(exact, other, 1e-12);
    }
}

TEST(bytes_that_are_no_letters_are_compared_as_bytes)
{
    assert_false(jaro_winkler_reaches("PPPP", 4, "0000", 4, 1));
    assert_true(jaro_winkler_reaches("\xff\0\x01", 3, "\xff\0\x01", 3, 100));
}

TESTS(IT(published_values_come_out_exactly), IT(ties_reach_their_percentage),
      IT(the_fast_one_agrees_with_the_plain_one),
      IT(the_plain_one_agrees_with_the_textbook_away_from_ties),
      IT(bytes_that_are_no_letters_are_compared_as_bytes))
