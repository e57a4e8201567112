/*
 * Logarithms and probabilities in fixed point, from integer arithmetic alone.
 *
 * log2: the fraction bit by bit, by squaring a mantissa in [1, 2): each squaring
 * doubles the logarithm; when the square reaches 2 the next bit is one.
 * exp2: the product of 2^(1/2), 2^(1/4), ... for the bits set, from a table.
 */
#include "base/base.h"

enum { FRACTION_BITS = 16 };

__extension__ typedef unsigned __int128 wide;

/* log2 of value (> 0) with FRACTION_BITS, rounded to nearest by three extra bits. */
static int64_t log2_fixed(uint64_t value)
{
    enum { EXTRA = 3 };
    int whole = 63 - __builtin_clzll(value);
    uint64_t mantissa = value << (63 - whole); /* 1.63 fixed point */
    int64_t fraction = 0;

    for (int i = 0; i < FRACTION_BITS + EXTRA; i++) {
        wide square = (wide)mantissa * mantissa; /* 2.126 */
        bool two = (square >> 127) & 1;

        mantissa = (uint64_t)(two ? square >> 64 : square >> 63);
        fraction = fraction * 2 + two;
    }
    fraction = (fraction + (1 << (EXTRA - 1))) >> EXTRA;
    return ((int64_t)whole << FRACTION_BITS) + fraction;
}

int32_t bits_log2(uint64_t numerator, uint64_t denominator)
{
    return (int32_t)(log2_fixed(numerator) - log2_fixed(denominator));
}

/* 2^(f / 2^16) for f below 2^16, as 1.62 fixed point. */
static uint64_t exp2_fraction(uint32_t f)
{
    /* round(2^(2^-(i+1)) * 2^62) */
    static const uint64_t roots[FRACTION_BITS] = {
        0x5a827999fcef3242, 0x4c1bf828c6dc54b8, 0x45cae0f1f545eb73, 0x42d561b3e6243d8a,
        0x4166c34c5615d0ec, 0x40b268f9de0183ba, 0x4058f6a7ecccd5b6, 0x402c6be96af2fb58,
        0x4016321b687027a8, 0x400b18178ba33b14, 0x40058bce410147e8, 0x4002c5d7bff71daf,
        0x400162e807ee7e5b, 0x4000b1730df6a524, 0x400058b9497b8152, 0x40002c5c955dd701,
    };
    uint64_t product = (uint64_t)1 << 62;

    for (int i = 0; i < FRACTION_BITS; i++)
        if (f & (1u << (FRACTION_BITS - 1 - i)))
            product = (uint64_t)(((wide)product * roots[i]) >> 62);
    return product;
}

uint32_t bits_probability(int32_t bits)
{
    const uint64_t million = 1000000;
    uint32_t size = (uint32_t)(bits < 0 ? -(int64_t)bits : bits);
    uint32_t whole = size >> FRACTION_BITS;

    /* odds = 2^size >= 1; the smaller side is 1 / (1 + odds) */
    uint64_t smaller = 0;

    if (whole < 40) {
        uint64_t odds = exp2_fraction(size & (BITS_ONE - 1)) >> (62 - 40); /* 2.40 */
        wide scaled = (wide)odds << whole;                                 /* x 2^40 */
        wide sum = scaled + ((uint64_t)1 << 40);
        wide top = (wide)million << 40;

        smaller = (uint64_t)((top + sum / 2) / sum);
    }
    return (uint32_t)(bits < 0 ? smaller : million - smaller);
}

int32_t bits_odds(uint32_t millionths)
{
    return bits_log2(millionths, 1000000 - millionths);
}
