#include "text/text.h"

#include "test/test.h"

TEST(values_fold_by_their_kind)
{
    static const struct {
        enum other_kind kind;
        const char *written, *folded;
    } cases[] = {
        {OTHER_TEXT,   "St. Helen's  Road",                   "ST HELENS ROAD"},
        {OTHER_TEXT,   "\xc3\x89vreux",                       "EVREUX"        },
        {OTHER_TEXT,   "unknown",                             ""              },
        {OTHER_TEXT,   " - ",                                 ""              },
        {OTHER_TEXT,   "0",                                   "0"             },
        {OTHER_NUMBER, "12-34 56/a",                          "123456A"       },
        {OTHER_NUMBER, "000 000",                             ""              },
        {OTHER_NUMBER, "N/K",                                 ""              },
        {OTHER_WORD,   "n.s.w.",                              "NSW"           },
        {OTHER_WORD,   "0",                                   "0"             },
        {OTHER_TEXT,   "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHI",
         "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE"                                    },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char folded[NAME_MAX + 1];
        size_t len = other_fold(cases[i].kind, str_of(cases[i].written), folded);

        assert_string_equal(folded, cases[i].folded);
        assert_int_equal(len, strlen(cases[i].folded));
    }
}

TEST(a_slip_of_the_hand_is_one_edit)
{
    static const struct {
        const char *a, *b;
        unsigned edits;
    } cases[] = {
        {"",        "",         0},
        {"1234567", "1234567",  0},
        {"1234567", "1234568",  1},
        {"1234567", "2134567",  1},
        {"1234567", "123456",   1},
        {"1234567", "01234567", 1},
        {"1234567", "2135467",  2},
        {"",        "123",      3},
        {"CA",      "ABC",      3}, /* 2 if a part could be edited twice */
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *a = cases[i].a, *b = cases[i].b;

        assert_int_equal(edits_between(a, strlen(a), b, strlen(b)), cases[i].edits);
        assert_int_equal(edits_between(b, strlen(b), a, strlen(a)), cases[i].edits);
    }
}

/* The recursion itself, as the plain twin. */
static unsigned plain(const char *a, size_t i, const char *b, size_t j)
{
    if (i == 0 || j == 0)
        return (unsigned)(i + j);

    unsigned best = plain(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
    unsigned left = plain(a, i - 1, b, j) + 1, put = plain(a, i, b, j - 1) + 1;

    best = left < best ? left : best;
    best = put < best ? put : best;
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        unsigned swapped = plain(a, i - 2, b, j - 2) + 1;

        best = swapped < best ? swapped : best;
    }
    return best;
}

TEST(edits_equal_those_of_the_plain_twin)
{
    uint64_t random = 7;

    for (int n = 0; n < 3000; n++) {
        char a[6], b[6];
        size_t a_len = test_random(&random) % 6, b_len = test_random(&random) % 6;

        for (size_t i = 0; i < 6; i++) {
            a[i] = (char)('A' + test_random(&random) % 3);
            b[i] = (char)('A' + test_random(&random) % 3);
        }
        assert_int_equal(edits_between(a, a_len, b, b_len), plain(a, a_len, b, b_len));
    }
}

TEST(edits_within_a_limit_are_those_of_the_plain_twin)
{
    uint64_t random = 11;

    for (int n = 0; n < 200000; n++) {
        char a[NAME_MAX] = {0}, b[NAME_MAX] = {0};
        size_t room = n % 10 ? 9 : NAME_MAX + 1;
        size_t a_len = test_random(&random) % room, b_len = test_random(&random) % room;
        unsigned most = (unsigned)(test_random(&random) % 4);
        size_t shift = (size_t)n % 2, letters = 2 + test_random(&random) % 3;

        for (size_t i = 0; i < a_len; i++)
            a[i] = (char)('A' + test_random(&random) % letters);
        for (size_t i = 0; i < b_len; i++) /* often the same, shifted or not */
            b[i] = i + shift < a_len && test_random(&random) % 8
                       ? a[i + shift]
                       : (char)('A' + test_random(&random) % letters);
        unsigned edits = edits_between(a, a_len, b, b_len);

        assert_int_equal(edits_within(a, a_len, b, b_len, most),
                         edits > most ? most + 1 : edits);
    }
}

TEST(names_of_columns_are_checked)
{
    assert_true(other_name_good("birth_place"));
    assert_true(other_name_good("id2"));
    assert_false(other_name_good(""));
    assert_false(other_name_good("2id"));
    assert_false(other_name_good("_x"));
    assert_false(other_name_good("Suburb"));
    assert_false(other_name_good("a,b"));
    assert_false(other_name_good("abcdefghijklmnopqrstuvwxyzabcde"));
}

TESTS(IT(values_fold_by_their_kind), IT(a_slip_of_the_hand_is_one_edit),
      IT(edits_equal_those_of_the_plain_twin),
      IT(edits_within_a_limit_are_those_of_the_plain_twin),
      IT(names_of_columns_are_checked))
