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

/* Bits set in each lane; those of letters, so 20 at most. */
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

/* The word of a bitmap of 256 bits that each lane's number, 0 to 7, asks for. */
static inline uwide bitmap_words(const uint64_t bitmap[4], uwide number)
{
#if defined(__AVX512F__)
    __m512i words = _mm512_castsi256_si512(_mm256_loadu_si256((const void *)bitmap));

    return (uwide)_mm512_permutexvar_epi32((__m512i)number, words);
#elif defined(__AVX2__)
    __m256i words = _mm256_loadu_si256((const void *)bitmap), part[2];

    memcpy(part, &number, sizeof(part));
    part[0] = _mm256_permutevar8x32_epi32(words, part[0]);
    part[1] = _mm256_permutevar8x32_epi32(words, part[1]);
    memcpy(&number, part, sizeof(part));
    return number;
#else
    uwide found;

    for (unsigned k = 0; k < LANES; k++)
        found[k] = (uint32_t)(bitmap[number[k] >> 1] >> (number[k] & 1) * 32);
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
    uwide word = bitmap_words(bounds->marks, number >> 5) >> (number & 31);

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
    /* few are marked: those that agree, and one in 256 of the others */
    for (uint32_t rest = lanes_true(has(word, 1)); rest; rest &= rest - 1) {
        unsigned k = (unsigned)__builtin_ctz(rest);

        for (unsigned i = 0; i < bounds->agreement_count; i++)
            if (bounds->agreements[i].mark == number[k]) {
                best[k] = larger(best[k], bounds->agreements[i].most);
                break; /* the best come first */
            }
    }
    return either((wide)(theirs == 0), all(bounds->none), best);
}

/* The first name and those behind it, where any lane has one. */
static inline wide names_most(uint32_t lanes[][LANES], unsigned count,
                              const struct name_bounds *bounds)
{
    wide best = name_most(load(lanes[0]), bounds);

    for (unsigned n = 1; n < count; n++) {
        uwide theirs = load(lanes[n]);
        wide there = (wide)(theirs != 0);

        if (!lanes_true(there))
            break;
        best = either(there, larger_of(best, name_most(theirs, bounds)), best);
    }
    return best;
}

/* ---- places ------------------------------------------------------------------------------ */

static inline wide place_most(const struct lanes *lanes, const struct ready *ready,
                              int32_t different)
{
    wide best = {0};
    uwide first = load(lanes->place[0]);
    bool ours = false;

    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        uint32_t mark = ready->place_sketch[i];
        int32_t sector = ready->place[i].sector, district = ready->place[i].district;

        if (!mark)
            continue;
        ours = true;
        for (unsigned p = 0; p < SKETCH_PLACES; p++) {
            uwide x = mark ^ (load(lanes->place[p]) & ~15u);

            best = larger_of(best, (wide)(x >> 16 == 0) & district);
            best = larger_of(best, (wide)(x == 0) & sector);
        }
        best =
            larger_of(best, has(first, SKETCH_MORE_PLACES) & larger(sector, district));
    }
    if (!ours)
        return best;
    return either((best == 0) & (wide)(first >> 16 != 0), all(different), best);
}

/* ---- the filter ---------------------------------------------------------------------------- */

static inline uint32_t lanes_filter_loop(struct lanes *lanes, const struct ready *ready,
                                         const struct bounds *bounds)
{
    uwide flags = load(lanes->place[0]);
    wide crossed = load_signed(lanes->crossed);
    wide place = larger_of(place_most(lanes, ready, bounds->different_place),
                           load_signed(lanes->unseen));
    wide rest = load_signed(lanes->needed) - place;
    wide names = all(bounds->surname_any + bounds->forename_any), forenames;

    if (!lanes_true(larger_of(names, crossed) >= rest))
        return 0;
    names = either(has(flags, SKETCH_MORE_SURNAMES), all(bounds->surname_any),
                   names_most(lanes->surname, SKETCH_SURNAMES, &bounds->surname));
    if (!lanes_true(larger_of(names + bounds->forename_any, crossed) >= rest))
        return 0;
    forenames = names_most(lanes->forename, SKETCH_FORENAMES, &bounds->forename);
    forenames = either(has(flags, SKETCH_INITIAL),
                       larger_of(forenames, all(bounds->initial)), forenames);
    forenames =
        either(has(flags, SKETCH_MORE_FORENAMES), all(bounds->forename_any), forenames);
    names = larger_of(names + forenames, crossed);
    memcpy(lanes->names, &names, sizeof(names));
    return lanes_true(names >= rest);
}

#endif
