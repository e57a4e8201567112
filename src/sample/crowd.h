/*
 * crowd: who is mentioned how often, and which mention stands where. Inside the room.
 *
 * How often somebody is mentioned is a function of their number; only the sums over
 * blocks of eight people are stored. So the 70,000,000th mention is found, and made,
 * without making any other. In the files mentions stand in the order of a permutation.
 */
#ifndef SAMPLE_CROWD_H
#define SAMPLE_CROWD_H

#include "sample/record.h"

enum { COUNT_STEPS = 48 };

struct crowd {
    const struct world *world;
    uint64_t mentions, people; /* people: who are mentioned at all */
    uint64_t *before;          /* mentions of all people before each block */
    uint64_t blocks, end;      /* end: number after the last person */
    uint64_t last_count;       /* mentions of the last person, who fills up the rest */
    struct permutation order;  /* position in the files -> mention */
    uint32_t common[COUNT_STEPS], active[COUNT_STEPS], heavy[150],
        background[COUNT_STEPS]; /* chance of more than k + 1 mentions, of 2^32 */
};

void crowd_make(const struct world *world, uint64_t mentions, uint64_t people,
                struct crowd *crowd);
void crowd_free(struct crowd *crowd);

struct place_in {
    uint64_t number, first; /* the person, and the index of their first mention */
    uint32_t nth, count;    /* which of their mentions, of how many */
};

struct place_in crowd_find(const struct crowd *crowd, uint64_t mention);
struct place_in crowd_person(const struct crowd *crowd, uint64_t number);

/* The mention whose record this one is part of: itself, or one of somebody in the
 * same household. */
struct place_in crowd_leader(const struct crowd *crowd, const struct place_in *at);

/* How a mention came about: the nth of the person was written afresh, and
 * `changed` of the later ones since then differ from it in one thing. */
struct ancestry {
    struct place_in root;
    uint32_t changed[8], change_count; /* nth of the mentions that changed something */
};
void crowd_ancestry(const struct crowd *crowd, const struct place_in *at,
                    struct ancestry *ancestry);

/* True if the mention is of what somebody is said to have done. */
bool crowd_adverse(const struct crowd *crowd, const struct place_in *at);

/* The record of a mention of that person. */
void crowd_record(const struct crowd *crowd, const struct place_in *at,
                  const struct person *person, struct record *record);

#endif
