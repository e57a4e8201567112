#include "sample/draw.h"

#include <assert.h>

uint32_t draw_wait(struct draw *draw, uint32_t mean)
{
    uint64_t bits = draw_bits(draw) | 1;
    unsigned zeros = (unsigned)__builtin_clzll(bits);
    uint64_t mantissa =
        zeros ? (bits << zeros) >> 43 : bits >> 43; /* 21 bits, top set */
    /* -log2(u) in 1/1048576: whole zeros, less the linear part of the mantissa */
    uint64_t log2 = ((uint64_t)(zeros + 1) << 20) - (mantissa - (1u << 20));

    return (uint32_t)((log2 * 726817 >> 20) * mean >> 20); /* ln 2 = 726817 / 2^20 */
}

size_t draw_weighted(struct draw *draw, const uint16_t weights[], size_t count,
                     uint32_t sum)
{
    uint32_t at = draw_below(draw, sum);

    for (size_t i = 0; i < count; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
    assert(false && "weights add up to the sum");
    return 0;
}

struct permutation permutation_of(uint64_t size, uint64_t seed, enum stream stream)
{
    struct permutation permutation = {.size = size, .half = 1};
    struct draw draw = draw_from(seed, stream, size);

    while (permutation.half < 31 && (uint64_t)1 << (2 * permutation.half) < size)
        permutation.half++;
    for (size_t i = 0; i < COUNT(permutation.key); i++)
        permutation.key[i] = draw_bits(&draw);
    return permutation;
}

static uint64_t feistel_round(const struct permutation *p, size_t round, uint64_t half)
{
    return mix64(half + p->key[round]) & (((uint64_t)1 << p->half) - 1);
}

uint64_t permutation_at(const struct permutation *p, uint64_t value)
{
    uint64_t mask = ((uint64_t)1 << p->half) - 1;

    assert(value < p->size);
    do {
        uint64_t left = value >> p->half, right = value & mask;

        for (size_t i = 0; i < 4; i++) {
            uint64_t next = left ^ feistel_round(p, i, right);

            left = right;
            right = next;
        }
        value = left << p->half | right;
    } while (value >= p->size);
    return value;
}

uint64_t permutation_back(const struct permutation *p, uint64_t value)
{
    uint64_t mask = ((uint64_t)1 << p->half) - 1;

    assert(value < p->size);
    do {
        uint64_t left = value >> p->half, right = value & mask;

        for (size_t i = 4; i-- > 0;) {
            uint64_t before = right ^ feistel_round(p, i, left);

            right = left;
            left = before;
        }
        value = left << p->half | right;
    } while (value >= p->size);
    return value;
}

int32_t day_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct ymd ymd_of(int32_t day)
{
    int32_t z = day + 719468;
    int era = z / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;

    return (struct ymd){yoe + era * 400 + (month <= 2), month,
                        doy - (153 * mp + 2) / 5 + 1};
}
