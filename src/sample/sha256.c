#include "sample/sha256.h"
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct sha256 {
    bool fast;
    crypto_hash_sha256_state plain;
    uint32_t state[8];
    uint64_t size;
    unsigned char rest[64]; /* bytes of a block that is not whole yet */
};

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

/* Fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

static bool has_instructions(void)
{
    unsigned a, b, c, d;

    return __builtin_cpu_supports("sse4.1") &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1u);
}

/* Four rounds a step; the schedule of sixteen words is kept in four registers. */
__attribute__((target("sha,sse4.1,ssse3"))) static void blocks_add(
    uint32_t state[8], const unsigned char *at, size_t count)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const void *)state), 0xb1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const void *)(state + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(low, high, 8), w[4];
    __m128i cdgh = _mm_blend_epi16(high, low, 0xf0);

    for (; count; count--, at += 64) {
        __m128i abef_before = abef, cdgh_before = cdgh;

        for (int i = 0; i < 16; i++) {
            __m128i *now = &w[i & 3];

            if (i < 4) {
                const void *from = at + 16 * i;

                *now = _mm_shuffle_epi8(_mm_loadu_si128(from), order);
            } else {
                __m128i last = w[(i + 3) & 3];
                __m128i sum = _mm_sha256msg1_epu32(*now, w[(i + 1) & 3]);

                sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
                *now = _mm_sha256msg2_epu32(sum, last);
            }
            const void *k = constants + 4 * i;
            __m128i word = _mm_add_epi32(*now, _mm_load_si128(k));

            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, word);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(word, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1b);
    high = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((void *)state, _mm_blend_epi16(low, high, 0xf0));
    _mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}
#else
static bool has_instructions(void)
{
    return false;
}

static void blocks_add(uint32_t state[8], const unsigned char *at, size_t count)
{
    (void)state;
    (void)at;
    (void)count;
}
#endif

struct sha256 *sha256_new(bool plain)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    struct sha256 *hash = memory_new(1, sizeof(*hash));

    hash->fast = !plain && has_instructions();
    memcpy(hash->state, start, sizeof(start));
    crypto_hash_sha256_init(&hash->plain);
    return hash;
}

static void fast_add(struct sha256 *hash, const unsigned char *at, size_t size)
{
    size_t used = hash->size % 64;

    hash->size += size;
    if (used) {
        size_t n = size < 64 - used ? size : 64 - used;

        memcpy(hash->rest + used, at, n);
        if (used + n < 64)
            return;
        blocks_add(hash->state, hash->rest, 1);
        at += n;
        size -= n;
    }
    blocks_add(hash->state, at, size / 64);
    memcpy(hash->rest, at + size / 64 * 64, size % 64);
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t size)
{
    if (!size)
        return;
    if (hash->fast)
        fast_add(hash, bytes, size);
    else
        crypto_hash_sha256_update(&hash->plain, bytes, size);
}

void sha256_end(struct sha256 *hash, char hex[65])
{
    unsigned char digest[32], end[72] = {0x80};
    uint64_t bits = hash->size * 8;
    size_t pad = 64 - (hash->size + 8) % 64; /* 1 to 64 bytes */

    if (hash->fast) {
        for (int i = 0; i < 8; i++)
            end[pad + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
        fast_add(hash, end, pad + 8);
        for (int i = 0; i < 32; i++)
            digest[i] = (unsigned char)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
    } else {
        crypto_hash_sha256_final(&hash->plain, digest);
    }
    sodium_bin2hex(hex, 65, digest, sizeof(digest));
    free(hash);
}

void sha256_drop(struct sha256 *hash)
{
    free(hash);
}
