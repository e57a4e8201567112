/*
 * Weights in fixed point from doubles.
 *
 * Splink multiplies and adds doubles, so doubles are what m, u and frequencies come as; a
 * logarithm of libm differs between systems in its last digit. This one uses only steps
 * that IEEE 754 fixes (+ - * /) and is rounded to 2^-40 bits, a hundred times finer than
 * the billionth of a bit that a threshold allows for and 10^8 times finer than what is
 * compared with Splink.
 *
 *     x = 2^e f, f in [sqrt 1/2, sqrt 2), s = (f - 1) / (f + 1)
 *     log2 x = e + 2 / ln 2 (s + s^3/3 + s^5/5 + ...)          |s| < 0.172
 */
#include "splink/inner.h"

#include <math.h>

enum { TERMS = 15 };

int64_t weight_log2(double value)
{
    const double two_over_ln2 = 2.8853900817779268, root_half = 0.70710678118654752;
    int power;
    double part = frexp(value, &power), s, square, sum = 0;

    if (part < root_half) {
        part *= 2;
        power--;
    }
    s = (part - 1) / (part + 1);
    square = s * s;
    for (int i = TERMS - 1; i >= 0; i--)
        sum = sum * square + 1.0 / (2 * i + 1);
    return (int64_t)power * WEIGHT_ONE +
           (int64_t)floor(two_over_ln2 * s * sum * (double)WEIGHT_ONE + 0.5);
}

double weight_bits(int64_t weight)
{
    return (double)weight / (double)WEIGHT_ONE;
}

/* 1 / (1 + 2^-s) from the smaller side, so that nothing is lost near 0 and 1. */
double weight_probability(int64_t score)
{
    const double ln2 = 0.69314718055994531;
    double size = weight_bits(score < 0 ? -score : score), whole = floor(size);
    double x = -(size - whole) * ln2, power = 0, odds;

    for (int i = 20; i > 0; i--)
        power = (power + 1) * x / i;
    odds = whole > 1000 ? 0 : ldexp(power + 1, -(int)whole);
    return score < 0 ? odds / (1 + odds) : 1 / (1 + odds);
}

int64_t weight_threshold(uint32_t millionths)
{
    return weight_log2(millionths) - weight_log2(1000000 - millionths);
}
