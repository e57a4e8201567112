#include "feed/split_loop.h"

#include <immintrin.h>

bool split_can_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

static inline uint64_t equal(__m512i bytes, char c)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

static inline struct masks masks_of(const char *at, char separator)
{
    __m512i bytes = _mm512_loadu_si512(at);

    return (struct masks){equal(bytes, '"'), equal(bytes, separator),
                          equal(bytes, '\n'), equal(bytes, '\r')};
}

static inline uint64_t parity(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes),
                                           _mm_set1_epi8((char)0xff), 0);

    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* The byte numbers 0 to 63 that have their bit set, packed, then widened by sixteens. */
static inline void put_bits(uint32_t *to, uint64_t bits, uint32_t base)
{
    const __m512i numbers =
        _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48,
                        47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32,
                        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                        15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i packed = _mm512_maskz_compress_epi8(bits, numbers);
    __m512i first = _mm512_set1_epi32((int)base);
    int count = __builtin_popcountll(bits);

    _mm512_storeu_si512(
        to,
        _mm512_add_epi32(first, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (count <= 16)
        return;
    _mm512_storeu_si512(
        to + 16, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(
                                             _mm512_extracti32x4_epi32(packed, 1))));
    _mm512_storeu_si512(
        to + 32, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(
                                             _mm512_extracti32x4_epi32(packed, 2))));
    _mm512_storeu_si512(
        to + 48, _mm512_add_epi32(first, _mm512_cvtepu8_epi32(
                                             _mm512_extracti32x4_epi32(packed, 3))));
}

bool split_tally_avx512(struct str text, struct split_rule rule,
                        struct split_tally *tally)
{
    return tally_loop(text, rule, tally);
}

bool split_text_avx512(struct str text, struct split_rule rule,
                       struct split_index *index)
{
    return text_loop(text, rule, index);
}
