/*
 * Jaro-Winkler as fractions. With c matched letters, t transpositions, lengths a and b:
 *
 *     Jaro = (c/a + c/b + (c - t)/c) / 3 = num / den
 *     num = c*c*(a + b) + a*b*(c - t)        den = 3*a*b*c
 *
 * and with a common prefix of l letters, counted only if Jaro > 7/10,
 *
 *     Jaro-Winkler = Jaro + l/10 * (1 - Jaro) = (num*(10 - l) + l*den) / (10*den)
 *
 * Source: Winkler (1990), string comparator metrics, with the choices of text.h.
 */
#include "text/text.h"

#include <assert.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

struct alike {
    unsigned matched,
        out_of_order; /* letters; two out of order are one transposition */
};

static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t shorter(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters that match must not be further apart than this. */
static size_t window_of(size_t a_len, size_t b_len)
{
    size_t half = longer(a_len, b_len) / 2;

    return half > 1 ? half - 1 : 0;
}

static unsigned common_prefix(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t most = shorter(shorter(a_len, b_len), 4);
    unsigned same = 0;

    while (same < most && a[same] == b[same])
        same++;
    return same;
}

/* ---- the plain twin ---------------------------------------------------------------- */

static struct alike compare_plainly(const char *a, size_t a_len, const char *b,
                                    size_t b_len)
{
    bool b_used[NAME_MAX] = {false};
    char a_matched[NAME_MAX];
    struct alike alike = {0, 0};
    size_t window = window_of(a_len, b_len);

    for (size_t i = 0; i < a_len; i++) {
        size_t from = i > window ? i - window : 0;

        for (size_t j = from; j < b_len && j <= i + window; j++) {
            if (b_used[j] || a[i] != b[j])
                continue;
            b_used[j] = true;
            a_matched[alike.matched++] = a[i];
            break;
        }
    }
    for (size_t j = 0, k = 0; j < b_len; j++)
        if (b_used[j])
            alike.out_of_order += a_matched[k++] != b[j];
    return alike;
}

static void fraction_of(struct alike alike, size_t a_len, size_t b_len, uint64_t *num,
                        uint64_t *den)
{
    uint64_t c = alike.matched, t = alike.out_of_order / 2, a = a_len, b = b_len;

    *num = c * c * (a + b) + a * b * (c - t);
    *den = 3 * a * b * c;
}

void jaro_winkler_fraction(const char *a, size_t a_len, const char *b, size_t b_len,
                           uint64_t *numerator, uint64_t *denominator)
{
    uint64_t num, den;

    assert(a_len <= NAME_MAX && b_len <= NAME_MAX);
    *numerator = 0;
    *denominator = 1;
    if (a_len == 0 || b_len == 0)
        return;

    struct alike alike = compare_plainly(a, a_len, b, b_len);

    if (alike.matched == 0)
        return;
    fraction_of(alike, a_len, b_len, &num, &den);

    uint64_t prefix = 10 * num > 7 * den ? common_prefix(a, a_len, b, b_len) : 0;

    *numerator = num * (10 - prefix) + prefix * den;
    *denominator = 10 * den;
}

/* ---- the fast one -------------------------------------------------------------------- */

/* Where in a text of 32 bytes a letter stands, as bits. */
#if defined(__SSE2__)
struct letters {
    __m128i low, high;
};

static struct letters letters_of(const char text[32])
{
    return (struct letters){
        _mm_loadu_si128((const __m128i *)(const void *)text),
        _mm_loadu_si128((const __m128i *)(const void *)(text + 16))};
}

static uint32_t places_of(struct letters letters, char letter)
{
    __m128i wanted = _mm_set1_epi8(letter);
    int low = _mm_movemask_epi8(_mm_cmpeq_epi8(letters.low, wanted));
    int high = _mm_movemask_epi8(_mm_cmpeq_epi8(letters.high, wanted));

    return (uint32_t)low | (uint32_t)high << 16;
}
#else
struct letters {
    const char *text;
};

static struct letters letters_of(const char text[32])
{
    return (struct letters){text};
}

static uint32_t places_of(struct letters letters, char letter)
{
    uint32_t places = 0;

    for (unsigned i = 0; i < 32; i++)
        places |= (uint32_t)(letters.text[i] == letter) << i;
    return places;
}
#endif

static struct alike compare_quickly(const char *a, size_t a_len, const char *b,
                                    size_t b_len)
{
    char b_text[32] = {0}, a_matched[32];
    struct alike alike = {0, 0};
    size_t window = window_of(a_len, b_len);
    uint32_t open = (uint32_t)((1u << b_len) - 1); /* letters of b not yet matched */
    uint64_t near = ((uint64_t)2 << window) - 1; /* those within the window, 0 to i+w */
    uint32_t used;

    memcpy(b_text, b, b_len);

    struct letters letters = letters_of(b_text);

    for (size_t i = 0; i < a_len; i++) {
        uint32_t found = places_of(letters, a[i]) & open & (uint32_t)near;

        open ^= found & (0u - found); /* the first of them */
        a_matched[alike.matched] = a[i];
        alike.matched += found != 0;
        near = near << 1 | (i < window);
    }
    used = ((uint32_t)((1u << b_len) - 1)) ^ open;
    /* As many bits are used as letters of a matched. */
    for (unsigned k = 0; k < alike.matched; k++, used &= used - 1)
        // cppcheck-suppress uninitvar
        alike.out_of_order += a_matched[k] != b_text[__builtin_ctz(used)];
    return alike;
}

/* 10*(num*(10 - l) + l*den) >= percent*den, with l = 0 unless num/den > 7/10. */
static bool reaches(uint64_t num, uint64_t den, uint64_t prefix, uint64_t percent)
{
    if (10 * num <= 7 * den)
        prefix = 0;
    return 10 * (num * (10 - prefix) + prefix * den) >= percent * den;
}

bool jaro_winkler_reaches(const char *a, size_t a_len, const char *b, size_t b_len,
                          unsigned percent)
{
    uint64_t num, den;

    assert(a_len <= NAME_MAX && b_len <= NAME_MAX);
    if (a_len == 0 || b_len == 0)
        return percent == 0;

    unsigned prefix = common_prefix(a, a_len, b, b_len);
    struct alike best = {(unsigned)shorter(a_len, b_len), 0};

    fraction_of(best, a_len, b_len, &num, &den);
    if (!reaches(num, den, prefix, percent))
        return false;

    struct alike alike = compare_quickly(a, a_len, b, b_len);

    if (alike.matched == 0)
        return percent == 0;
    fraction_of(alike, a_len, b_len, &num, &den);
    return reaches(num, den, prefix, percent);
}
