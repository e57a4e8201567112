#include "text/text.h"

#include "test/test.h"

static const unsigned percents[] = {80, 88, 92, 96};

static size_t name_random(char *text, uint64_t *state, unsigned letters)
{
    static const char common[] = "AEINRSOLTMHDUCKYBGPWFJVZXQ";
    size_t len = 1 + test_random(state) % (test_random(state) % 4 ? 10 : NAME_MAX);

    for (size_t i = 0; i < len; i++)
        text[i] = common[test_random(state) % (1 + test_random(state) % letters)];
    return len;
}

static size_t name_mutate(const char *from, size_t len, char *text, uint64_t *state)
{
    memcpy(text, from, len);
    for (uint64_t edits = 1 + test_random(state) % 4; edits > 0 && len > 1; edits--) {
        size_t at = test_random(state) % (len - 1);
        char first = text[at];

        switch (test_random(state) % 4) {
        case 0:
            memmove(text + at, text + at + 1, --len - at);
            break;
        case 1:
            text[at] = text[at + 1];
            text[at + 1] = first;
            break;
        case 2:
            text[at] = (char)('A' + test_random(state) % 26);
            break;
        default:
            if (len < NAME_MAX) {
                memmove(text + at + 1, text + at, len++ - at);
                text[at] = (char)('A' + test_random(state) % 26);
            }
        }
    }
    return len;
}

TEST(no_pair_that_reaches_is_ever_excluded)
{
    uint64_t state = 3, reached = 0;

    for (int i = 0; i < 2000000; i++) {
        char a[NAME_MAX], b[NAME_MAX];
        size_t a_len = name_random(a, &state, 26);
        size_t b_len = test_random(&state) % 2 ? name_mutate(a, a_len, b, &state)
                                               : name_random(b, &state, 8);
        uint64_t a_bits = name_signature(a, a_len), b_bits = name_signature(b, b_len);

        for (size_t k = 0; k < COUNT(percents); k++) {
            if (!jaro_winkler_reaches(a, a_len, b, b_len, percents[k]))
                break;
            reached++;
            if (!signature_may_reach(a_bits, a_len, b_bits, b_len, percents[k]))
                fail_msg("%.*s %.*s at %u", (int)a_len, a, (int)b_len, b, percents[k]);
        }
    }
    assert_true(reached > 1000000);
}

TEST(bytes_that_are_no_letters_are_never_excluded_wrongly)
{
    uint64_t state = 4;

    for (int i = 0; i < 200000; i++) {
        char a[NAME_MAX], b[NAME_MAX];
        size_t a_len = test_random(&state) % (NAME_MAX + 1), b_len = a_len;

        for (size_t k = 0; k < a_len; k++)
            b[k] = a[k] = (char)test_random(&state);
        if (a_len)
            b[test_random(&state) % a_len] = (char)test_random(&state);
        if (jaro_winkler_reaches(a, a_len, b, b_len, 88))
            assert_true(signature_may_reach(name_signature(a, a_len), a_len,
                                            name_signature(b, b_len), b_len, 88));
    }
}

static const char *const surnames[] = {
    "SMITH",    "JONES",    "WILLIAMS", "TAYLOR",  "BROWN",    "DAVIES",  "EVANS",
    "THOMAS",   "WILSON",   "JOHNSON",  "ROBERTS", "ROBINSON", "WRIGHT",  "THOMPSON",
    "WALKER",   "WHITE",    "HALL",     "HUGHES",  "GREEN",    "EDWARDS", "LEWIS",
    "WOOD",     "HARRIS",   "MARTIN",   "JACKSON", "CLARKE",   "TURNER",  "HILL",
    "SCOTT",    "COOPER",   "MORRIS",   "WARD",    "MOORE",    "KING",    "WATSON",
    "BAKER",    "HARRISON", "MORGAN",   "PATEL",   "YOUNG",    "ALLEN",   "MITCHELL",
    "JAMES",    "ANDERSON", "PHILLIPS", "LEE",     "BELL",     "PARKER",  "KHAN",
    "AHMED",    "HUSSAIN",  "KAUR",     "SINGH",   "BEGUM",    "OKAFOR",  "NGUYEN",
    "KOWALSKI", "CHEN",     "ALI",      "MENSAH",  "OCONNOR",  "MURPHY",  "CAMPBELL",
    "FERGUSON", "PAPADAKIS"};

TEST(nearly_all_pairs_of_different_names_are_excluded)
{
    unsigned pairs = 0, kept = 0;

    for (size_t i = 0; i < COUNT(surnames); i++)
        for (size_t k = 0; k < i; k++, pairs++) {
            size_t a = strlen(surnames[i]), b = strlen(surnames[k]);

            kept += signature_may_reach(name_signature(surnames[i], a), a,
                                        name_signature(surnames[k], b), b, 88);
        }
    print_message("kept %u of %u pairs at 88\n", kept, pairs);
    assert_true(kept * 100 <= pairs);
}

TESTS(IT(no_pair_that_reaches_is_ever_excluded),
      IT(bytes_that_are_no_letters_are_never_excluded_wrongly),
      IT(nearly_all_pairs_of_different_names_are_excluded))
