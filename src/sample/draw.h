/*
 * draw: numbers by chance, each a pure function of (seed, stream, entity, draw number).
 *
 * The generator only counts: draw n of an entity is the mixing function of splitmix64
 * (Steele, Lea & Flood 2014) at key + n * golden ratio. So any row can be made alone,
 * in any order, by any thread. All arithmetic is on integers: the same on all machines.
 */
#ifndef SAMPLE_DRAW_H
#define SAMPLE_DRAW_H

#include "base/base.h"

enum stream {
    STREAM_PERSON = 1, /* who somebody is: never touched by the error model */
    STREAM_GROUP,
    STREAM_HOME,
    STREAM_CONTACT,
    STREAM_LIFE,
    STREAM_KIN,
    STREAM_CAREER,
    STREAM_EMPLOYMENT,
    STREAM_FORCE,
    STREAM_COUNT,   /* how many mentions somebody has */
    STREAM_RECORD,  /* the record a mention is part of */
    STREAM_CHAIN,   /* does a mention copy the one before it? */
    STREAM_ERROR,   /* what went wrong in it */
    STREAM_CHANGE,  /* the one thing changed in a copy */
    STREAM_MENTION, /* what else the mention says */
    STREAM_CLASS,
    STREAM_ORDER_ROWS,
    STREAM_ORDER_MENTIONS,
};

struct draw {
    uint64_t key, next;
};

static inline uint64_t mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline struct draw draw_from(uint64_t seed, enum stream stream, uint64_t entity)
{
    uint64_t key = mix64(seed + 0x9e3779b97f4a7c15u * (uint64_t)stream);

    return (struct draw){mix64(key ^ (entity + 1) * 0xd1342543de82ef95u), 0};
}

static inline uint64_t draw_bits(struct draw *draw)
{
    return mix64(draw->key + ++draw->next * 0x9e3779b97f4a7c15u);
}

/* 0 to n - 1, n > 0 */
static inline uint32_t draw_below(struct draw *draw, uint32_t n)
{
    return (uint32_t)(((draw_bits(draw) >> 32) * n) >> 32);
}

/* lowest to highest, both included */
static inline int draw_range(struct draw *draw, int lowest, int highest)
{
    return lowest + (int)draw_below(draw, (uint32_t)(highest - lowest + 1));
}

/* True `per_million` times in a million. */
static inline bool draw_chance(struct draw *draw, uint32_t per_million)
{
    return draw_below(draw, 1000000) < per_million;
}

/* Exponential waiting time: -mean * ln(u), with the logarithm taken piecewise linear. */
uint32_t draw_wait(struct draw *draw, uint32_t mean);

/* Index into integer weights that add up to `sum`. */
size_t draw_weighted(struct draw *draw, const uint16_t weights[], size_t count,
                     uint32_t sum);

/*
 * A permutation of 0 .. size - 1 and its inverse: a Feistel network of four rounds over
 * the next even number of bits, walked until the value falls inside (Black & Rogaway
 * 2002, "Ciphers with arbitrary finite domains"). Nothing is stored.
 */
struct permutation {
    uint64_t size, key[4];
    unsigned half; /* bits in each half */
};

struct permutation permutation_of(uint64_t size, uint64_t seed, enum stream stream);
uint64_t permutation_at(const struct permutation *permutation, uint64_t value);
uint64_t permutation_back(const struct permutation *permutation, uint64_t value);

/* Days since 1 January 1970, proleptic Gregorian (after Hinnant, days_from_civil). */
struct ymd {
    int year, month, day;
};

int32_t day_of(int year, int month, int day);
struct ymd ymd_of(int32_t day);

#endif
