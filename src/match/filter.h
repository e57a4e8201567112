/* match, inside: the filter between lists and scores. */
#ifndef MATCH_FILTER_H
#define MATCH_FILTER_H

#include "match/inner.h"

/* What the names of a mention can earn, by what a sketch shows. */
struct name_bounds {
    int32_t near, sounds, different, none; /* bits: none where no name is there */
    const struct agreement *agreements;
    unsigned agreement_count, name_count;
    const uint32_t *names; /* sketches of ours */
    const uint64_t *marks;
};

struct bounds { /* of a mention, for the filter */
    struct name_bounds surname, forename;
    int32_t surname_any, forename_any, initial;
    int32_t different_place;
    /* what a sketch does not show, by rank of the key that found the row */
    int32_t other[RANK_COUNT], place[RANK_COUNT], crossed[RANK_COUNT];
};

void bounds_of(const struct index *index, const struct ready *ready,
               const struct class *class, struct bounds *bounds);

/* Whether a row with this sketch, found under a key of this rank, may reach `wanted`. */
bool may_reach(const struct index *index, const struct ready *ready,
               const struct bounds *bounds, const struct sketch *sketch,
               enum piece_rank rank, int32_t wanted);

/* The most that a date can earn; exact but for dates that are far apart. */
static inline int32_t date_bound(const struct index *index, const struct ready *ready,
                                 uint32_t born)
{
    uint32_t ours = ready->facts.born;
    uint32_t x = ours ^ born, digits = x | x >> 1;

    digits = (digits | digits >> 2) & 0x11111111u;
    /* year and day both differ, and three digits or more: no level but the last two,
     * unless day and month are exchanged or a part is not known */
    if (x >> 16 && x & 0xffff && __builtin_popcount(digits) > 2 && born_full(born) &&
        born_full(ours))
        return index->date_far;

    enum date_level level = born_level(ours, born);

    return level == BORN_EXACT ? ready->born_exact : index->date_bits[level];
}

#endif
