/*
 * match, inside: the filter between lists and scores.
 *
 * The candidates of one mention go through it in blocks of LANES: the most that each can
 * score, from its sketch. It never refuses a pair that reaches what is wanted.
 */
#ifndef MATCH_FILTER_H
#define MATCH_FILTER_H

#include "match/inner.h"

/* What the names of a mention can earn, by what a sketch shows. */
struct name_bounds {
    int32_t near, sounds, different, none; /* bits: none where no name is there */
    const struct agreement *agreements;
    unsigned agreement_count, name_count;
    uint32_t names[NAMES_PER_PERSON]; /* sketches of ours; none is zero */
    const uint32_t *marks;            /* a bitmap of the agreements' marks, 256 bits */
};

enum { RANK_ROOM = 8 };
_Static_assert((int)RANK_ROOM >= (int)RANK_COUNT, "every rank has a place");

struct bounds { /* of a mention, for the filter */
    struct name_bounds surname, forename;
    int32_t surname_any, forename_any, initial;
    int32_t different_place;
    /* bits of what a sketch does not show, by rank of the key that found the row */
    uint32_t other[RANK_ROOM], place[RANK_ROOM], crossed[RANK_ROOM];
};

void bounds_of(const struct index *index, const struct ready *ready,
               const struct class *class, struct bounds *bounds);

enum { LANES = 16 };
_Static_assert((int)LANES <= (int)ENTRIES_BEYOND, "a block stays within the lists");

/* A block of candidates. */
struct lanes {
    const struct sketch *sketches; /* of all rows */
    uint32_t row[LANES];
    int32_t date[LANES];  /* the most that the date earns */
    uint32_t rank[LANES]; /* of the key that found the row */
    int32_t wanted;
};

/*
 * There are several ways, for different processors, with the same result: way 0 works
 * everywhere, the last that works is the fastest.
 *
 * filter: a bit for each lane that may reach what is wanted, and the most that its names
 * can earn (set if any bit is).
 * far: a bit for each of LANES entries whose full date is so far from a full date of ours
 * that only the last two levels are left; date_bound() says the same of one.
 */
struct lanes_way {
    bool (*works)(void);
    uint32_t (*filter)(const struct lanes *lanes, const struct ready *ready,
                       const struct bounds *bounds, int32_t names[LANES]);
    uint32_t (*far)(const struct entry *entries, uint32_t born);
};
extern const struct lanes_way *const lanes_ways[];
extern const unsigned lanes_way_count;
extern const struct lanes_way lanes_plain, lanes_avx2, lanes_avx512;

const struct lanes_way *lanes_best(void); /* for this machine */

/* No level but the last two: year and day both differ, and three digits or more. Day
 * and month exchanged would leave the year; where a part is not known, this is false. */
static inline bool dates_far(uint32_t ours, uint32_t born)
{
    uint32_t x = ours ^ born, digits = x | x >> 1;

    digits = (digits | digits >> 2) & 0x11111111u;
    return x >> 16 && x & 0xffff && __builtin_popcount(digits) > 2 && born_full(born) &&
           born_full(ours);
}

/* The most that a date can earn; exact but for dates that are far apart. */
static inline int32_t date_bound(const struct index *index, const struct ready *ready,
                                 uint32_t born)
{
    if (dates_far(ready->facts.born, born))
        return index->date_far;

    enum date_level level = born_level(ready->facts.born, born);

    return level == BORN_EXACT ? ready->born_exact : index->date_bits[level];
}

#endif
