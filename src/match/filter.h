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

enum { LANES = 16 };

/* A block of candidates: their sketches, turned so that a field lies side by side. */
struct lanes {
    uint32_t surname[SKETCH_SURNAMES][LANES];
    uint32_t forename[SKETCH_FORENAMES][LANES];
    uint32_t place[SKETCH_PLACES][LANES];
    int32_t needed[LANES];  /* of names and place */
    int32_t unseen[LANES];  /* the most of a place that sketches do not show */
    int32_t crossed[LANES]; /* the most of names exchanged */
    int32_t names[LANES];   /* out: the most that the names can earn */
};

/* Puts a row in lane k. `date`: the most its date earns. */
void lanes_put(struct lanes *lanes, unsigned k, const struct sketch *sketch,
               const struct bounds *bounds, enum piece_rank rank, int32_t date,
               int32_t wanted);

/*
 * A bit for each lane that may reach what is wanted; lanes not put are the caller's.
 * There are several ways, for different processors, with the same result: way 0 works
 * everywhere, the last that works is the fastest.
 */
extern const unsigned lanes_ways;
bool lanes_way_works(unsigned way);
uint32_t lanes_filter_by(unsigned way, struct lanes *lanes, const struct ready *ready,
                         const struct bounds *bounds);

bool lanes_can_plain(void);
uint32_t lanes_filter_plain(struct lanes *lanes, const struct ready *ready,
                            const struct bounds *bounds);
bool lanes_can_avx2(void);
uint32_t lanes_filter_avx2(struct lanes *lanes, const struct ready *ready,
                           const struct bounds *bounds);
bool lanes_can_avx512(void);
uint32_t lanes_filter_avx512(struct lanes *lanes, const struct ready *ready,
                             const struct bounds *bounds);

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
