/*
 * A name in 64 bits, and the most two names with such bits could be alike.
 *
 *     bits  0 to 51   two for each letter A to Z: 00 none, 01 one, 11 two or more
 *     bits 52 to 56   the first byte's low five bits
 *     bits 57 to 61   the second's
 *     bits 62 and 63  the third's low two
 *
 * A letter bit that only one name has is a letter of it without a match, so
 * c <= length - (bits of its own), for both; t >= 0; and the prefix cannot be longer than
 * the first bytes agree. Jaro-Winkler grows with c and the prefix, so no pair is lost.
 */
#include "text/text.h"

#define LETTER_BITS (((uint64_t)1 << 52) - 1)

uint64_t name_signature(const char *text, size_t len)
{
    uint64_t letters = 0, head = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned letter = (unsigned)(unsigned char)text[i] - 'A';

        if (letter < 26) {
            uint64_t one = (uint64_t)1 << 2 * letter;

            letters |= one | (letters & one) << 1;
        }
    }
    for (size_t i = 0; i < 3 && i < len; i++)
        head |= (uint64_t)((unsigned char)text[i] & 31) << 5 * i;
    return letters | head << 52;
}

static unsigned bits_in(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (unsigned)(x * 0x0101010101010101u >> 56);
}

bool signature_may_reach(uint64_t a, size_t a_len, uint64_t b, size_t b_len,
                         unsigned percent)
{
    /* The longest common prefix that the first bytes allow, by how many agree. */
    uint64_t differ = (a ^ b) >> 52;
    unsigned prefix = differ & 0x1f ? 0 : differ & 0x3e0 ? 1 : differ ? 2 : 4;
    int64_t a_most = (int64_t)a_len - bits_in(a & ~b & LETTER_BITS);
    int64_t b_most = (int64_t)b_len - bits_in(b & ~a & LETTER_BITS);
    int64_t c = a_most < b_most ? a_most : b_most;
    int64_t num = c * (int64_t)(a_len + b_len) + (int64_t)(a_len * b_len);
    int64_t den = 3 * (int64_t)(a_len * b_len);

    return (c > 0) &
               (10 * (num * (10 - prefix) + prefix * den) >= (int64_t)percent * den) ||
           percent == 0;
}
