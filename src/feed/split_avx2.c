#include "feed/split_loop.h"

#include <immintrin.h>

bool split_can_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

static inline uint64_t equal(__m256i low, __m256i high, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));

    return (uint64_t)b << 32 | a;
}

static inline struct masks masks_of(const char *at, char separator)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));

    return (struct masks){equal(low, high, '"'), equal(low, high, separator),
                          equal(low, high, '\n'), equal(low, high, '\r')};
}

static inline uint64_t parity(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes),
                                           _mm_set1_epi8((char)0xff), 0);

    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* Eight at a time: a wrong guess about the number of bits costs more than the writes. */
static inline void put_bits(uint32_t *to, uint64_t bits, uint32_t base)
{
    while (bits) {
        for (int k = 0; k < 8; k++) {
            to[k] = base + (uint32_t)_tzcnt_u64(bits);
            bits = _blsr_u64(bits);
        }
        to += 8;
    }
}

bool split_tally_avx2(struct str text, struct split_rule rule,
                      struct split_tally *tally)
{
    return tally_loop(text, rule, tally);
}

bool split_text_avx2(struct str text, struct split_rule rule, struct split_index *index)
{
    return text_loop(text, rule, index);
}
