/*
 * The body of the filter, compiled once for each kind of processor: the same arithmetic
 * on LANES numbers side by side, in a compiler's own vectors. Three things have
 * instructions that vectors cannot say; those stand first.
 */
#ifndef MATCH_LANES_LOOP_H
#define MATCH_LANES_LOOP_H

#include "match/filter.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

typedef int32_t wide __attribute__((vector_size(LANES * sizeof(int32_t))));
typedef uint32_t uwide __attribute__((vector_size(LANES * sizeof(uint32_t))));

/* ---- what processors do differently ----------------------------------------------- */

/* Bits set in each lane. */
static inline uwide bits_set(uwide v)
{
#ifdef __AVX512VPOPCNTDQ__
    return (uwide)_mm512_popcnt_epi32((__m512i)v);
#else
    v -= v >> 1 & 0x55555555u;
    v = (v & 0x33333333u) + (v >> 2 & 0x33333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0fu;
    return v * 0x01010101u >> 24;
#endif
}

/* A bit for each lane that is true, which is all ones. */
static inline uint32_t lanes_true(wide v)
{
#if defined(__AVX512DQ__)
    return _mm512_movepi32_mask((__m512i)v);
#elif defined(__SSE2__)
    __m128 part[4];

    memcpy(part, &v, sizeof(part));
    return (uint32_t)(_mm_movemask_ps(part[0]) | _mm_movemask_ps(part[1]) << 4 |
                      _mm_movemask_ps(part[2]) << 8 | _mm_movemask_ps(part[3]) << 12);
#else
    uint32_t found = 0;

    for (unsigned k = 0; k < LANES; k++)
        found |= (uint32_t)(v[k] & 1) << k;
    return found;
#endif
}

/* What a table of eight has under each lane's number. */
static inline uwide table_of_8(const uint32_t table[8], uwide number)
{
#if defined(__AVX512F__)
    __m512i words = _mm512_castsi256_si512(_mm256_loadu_si256((const void *)table));

    return (uwide)_mm512_permutexvar_epi32((__m512i)number, words);
#elif defined(__AVX2__)
    __m256i words = _mm256_loadu_si256((const void *)table), part[2];

    memcpy(part, &number, sizeof(part));
    part[0] = _mm256_permutevar8x32_epi32(words, part[0]);
    part[1] = _mm256_permutevar8x32_epi32(words, part[1]);
    memcpy(&number, part, sizeof(part));
    return number;
#else
    uwide found = {0};

    for (unsigned k = 0; k < LANES; k++)
        found[k] = table[number[k]];
    return found;
#endif
}

/* A bit for each pair of lanes of which the second is true. */
static inline uint32_t lanes_true_second(wide v)
{
#if defined(__AVX512DQ__)
    return _mm512_movepi64_mask((__m512i)v);
#elif defined(__SSE2__)
    __m128d part[4];

    memcpy(part, &v, sizeof(part));
    return (uint32_t)(_mm_movemask_pd(part[0]) | _mm_movemask_pd(part[1]) << 2 |
                      _mm_movemask_pd(part[2]) << 4 | _mm_movemask_pd(part[3]) << 6);
#else
    uint32_t found = 0;

    for (unsigned k = 0; k < LANES / 2; k++)
        found |= (uint32_t)(v[2 * k + 1] & 1) << k;
    return found;
#endif
}

/* ---- small helps -------------------------------------------------------------------- */

static inline uwide load(const uint32_t lanes[LANES])
{
    uwide v;

    memcpy(&v, lanes, sizeof(v));
    return v;
}

static inline wide load_signed(const int32_t lanes[LANES])
{
    wide v;

    memcpy(&v, lanes, sizeof(v));
    return v;
}

static inline wide all(int32_t value)
{
    return value - (wide){0};
}

static inline wide either(wide choice, wide yes, wide no)
{
    return (choice & yes) | (~choice & no);
}

static inline wide larger_of(wide a, wide b)
{
    return either(a > b, a, b);
}

static inline wide has(uwide v, uint32_t bits)
{
    return (wide)((v & bits) != 0);
}

/* ---- sketches, turned ---------------------------------------------------------------- */

/* 0-3, 4-7 and so on are the words of one vector, 16 and on those of the other. */
#define LOW_WORDS(a, b)                                                                \
    __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28,    \
                            13, 29)
#define HIGH_WORDS(a, b)                                                               \
    __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30,  \
                            15, 31)
#define LOW_PAIRS(a, b)                                                                \
    __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13,    \
                            28, 29)
#define HIGH_PAIRS(a, b)                                                               \
    __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15,  \
                            30, 31)
#define EVEN_QUARTERS(a, b)                                                            \
    __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25,    \
                            26, 27)
#define ODD_QUARTERS(a, b)                                                             \
    __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29,  \
                            30, 31)

/* The sketches of LANES rows, word by word: word[w] has that word of each row. */
static inline void turn_sketches(const struct sketch *sketches,
                                 const uint32_t row[LANES], uwide word[SKETCH_WORDS])
{
    uwide r[8], half[8];

    /* vector k: the sketch of row k, then that of row k + 8 */
    for (unsigned k = 0; k < 8; k++) {
        memcpy(&r[k], &sketches[row[k]], sizeof(struct sketch));
        memcpy((char *)&r[k] + sizeof(struct sketch), &sketches[row[k + 8]],
               sizeof(struct sketch));
    }
    /* four by four: quarters of half[w] hold word w, then w + 4, of four rows */
    for (unsigned k = 0; k < 8; k += 4) {
        uwide a = LOW_WORDS(r[k], r[k + 1]), b = LOW_WORDS(r[k + 2], r[k + 3]);
        uwide c = HIGH_WORDS(r[k], r[k + 1]), d = HIGH_WORDS(r[k + 2], r[k + 3]);

        half[k] = LOW_PAIRS(a, b);
        half[k + 1] = HIGH_PAIRS(a, b);
        half[k + 2] = LOW_PAIRS(c, d);
        half[k + 3] = HIGH_PAIRS(c, d);
    }
    for (unsigned w = 0; w < 4; w++) {
        word[w] = EVEN_QUARTERS(half[w], half[w + 4]);
        word[w + 4] = ODD_QUARTERS(half[w], half[w + 4]);
    }
}

/* ---- names ------------------------------------------------------------------------------ */

/* Lengths of 15 stand for more. */
static inline uwide length_most(uwide name)
{
    uwide len = name >> 8 & 15;

    return (uwide)either((wide)(len == 15), all(NAME_MAX), (wide)len);
}

/* The most that a name on the left can earn with any of ours. */
static inline wide name_most(uwide theirs, const struct name_bounds *bounds)
{
    wide best = all(bounds->different);
    uwide letters = theirs >> 12, count = bits_set(letters), b = length_most(theirs);
    uwide number = theirs & 255;
    uwide word = table_of_8(bounds->marks, number >> 5) >> (number & 31);

    /*
     * Two names can be within Jaro-Winkler 0.88 only if few letters of either lack in
     * the other: Jaro is at most (c/a + c/b + 1)/3 with c letters matched, and must
     * reach 0.80 (with the first four in common). x and y that lack cannot be matched:
     * so x/a + y/b is at most 0.6.
     */
    for (unsigned i = 0; i < bounds->name_count; i++) {
        uint32_t name = bounds->names[i], len = sketch_len(name);
        uint32_t a = len == 15 ? NAME_MAX : len;
        uint32_t ours = (uint32_t)__builtin_popcount(sketch_letters(name));
        uwide both = bits_set(letters & sketch_letters(name));
        wide near = (wide)(5 * ((ours - both) * b + (count - both) * a) <= 3 * a * b);
        wide same = (wide)(number == (name & 255));

        best = either(near, larger_of(best, all(bounds->near)), best);
        best = either(same, larger_of(best, all(bounds->sounds)), best);
    }
    /* marked: those that agree, and one in 256 of the others */
    if (lanes_true(has(word, 1)))
        for (unsigned i = 0; i < bounds->agreement_count; i++) {
            wide agrees = (wide)(number == bounds->agreements[i].mark);

            best =
                either(agrees, larger_of(best, all(bounds->agreements[i].most)), best);
        }
    return either((wide)(theirs == 0), all(bounds->none), best);
}

/* The first name and those behind it, where any lane has one. */
static inline wide names_most(const uwide *theirs, unsigned count,
                              const struct name_bounds *bounds)
{
    wide best = name_most(theirs[0], bounds);

    for (unsigned n = 1; n < count; n++) {
        wide there = (wide)(theirs[n] != 0);

        if (!lanes_true(there))
            break;
        best = either(there, larger_of(best, name_most(theirs[n], bounds)), best);
    }
    return best;
}

/* ---- places ------------------------------------------------------------------------------ */

static inline wide place_most(const uwide theirs[SKETCH_PLACES],
                              const struct ready *ready, int32_t different)
{
    wide best = {0};
    bool ours = false;

    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        uint32_t mark = ready->place_sketch[i];
        int32_t sector = ready->place[i].sector, district = ready->place[i].district;

        if (!mark)
            continue;
        ours = true;
        for (unsigned p = 0; p < SKETCH_PLACES; p++) {
            uwide x = mark ^ (theirs[p] & ~15u);

            best = larger_of(best, (wide)(x >> 16 == 0) & district);
            best = larger_of(best, (wide)(x == 0) & sector);
        }
        best = larger_of(best,
                         has(theirs[0], SKETCH_MORE_PLACES) & larger(sector, district));
    }
    if (!ours)
        return best;
    return either((best == 0) & (wide)(theirs[0] >> 16 != 0), all(different), best);
}

/* ---- the filter ---------------------------------------------------------------------------- */

static inline uint32_t lanes_filter_loop(const struct lanes *lanes,
                                         const struct ready *ready,
                                         const struct bounds *bounds,
                                         int32_t names[LANES])
{
    uwide word[SKETCH_WORDS], rank = load(lanes->rank);

    turn_sketches(lanes->sketches, lanes->row, word);

    uwide flags = word[SKETCH_WORD_PLACE];
    wide crossed = (wide)table_of_8(bounds->crossed, rank);
    wide place =
        larger_of(place_most(&word[SKETCH_WORD_PLACE], ready, bounds->different_place),
                  (wide)table_of_8(bounds->place, rank));
    wide rest = lanes->wanted - load_signed(lanes->date) -
                (wide)table_of_8(bounds->other, rank) - place;
    wide any = all(bounds->surname_any + bounds->forename_any);

    if (!lanes_true(larger_of(any, crossed) >= rest))
        return 0;
    wide most = either(
        has(flags, SKETCH_MORE_SURNAMES), all(bounds->surname_any),
        names_most(&word[SKETCH_WORD_SURNAME], SKETCH_SURNAMES, &bounds->surname));

    if (!lanes_true(larger_of(most + bounds->forename_any, crossed) >= rest))
        return 0;
    wide forename =
        names_most(&word[SKETCH_WORD_FORENAME], SKETCH_FORENAMES, &bounds->forename);

    forename = either(has(flags, SKETCH_INITIAL),
                      larger_of(forename, all(bounds->initial)), forename);
    forename =
        either(has(flags, SKETCH_MORE_FORENAMES), all(bounds->forename_any), forename);
    most = larger_of(most + forename, crossed);
    memcpy(names, &most, sizeof(most));
    return lanes_true(most >= rest);
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* Half a block: rows and dates of birth in turn, of which the dates count. */
static inline uint32_t half_far(const struct entry *entries, uint32_t born)
{
    uwide theirs;

    memcpy(&theirs, entries, sizeof(theirs));

    uwide x = theirs ^ born, digits = x | x >> 1;

    digits = (digits | digits >> 2) & 0x11111111u;
    return lanes_true_second((wide)(x >> 16 != 0) & has(x, 0xffff) &
                             (wide)(bits_set(digits) > 2) & (wide)(theirs >> 16 != 0) &
                             has(theirs, 0xff00) & has(theirs, 0xff));
}

static inline uint32_t lanes_far_loop(const struct entry *entries, uint32_t born)
{
    return half_far(entries, born) | half_far(entries + LANES / 2, born) << LANES / 2;
}

#endif
