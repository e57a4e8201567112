/*
 * find: what one worker of a search holds, and how it chooses what to look up.
 */
#ifndef SPLINK_FIND_H
#define SPLINK_FIND_H

#include "splink/inner.h"

enum { NS_RECORD = 60, NS_TEST = 60, NS_PLAIN = 30, NS_KEPT = 2 };

struct result {
    struct splink_pair *list;
    size_t count, room;
    struct splink_work work;
};

struct worker {
    const struct splink_search *search;
    int64_t threshold;
    struct masks *masks;
    struct arena *arena;
    uint32_t *seen; /* by left record: the round it was scored in */
    uint32_t round;
    uint32_t *scratch; /* facts of an imagined left record, for tests of one value */
    struct result *result;
    uint32_t right; /* the record at hand */
    struct scene scene;
    /* of the record at hand */
    int64_t bound[CONTESTS_MAX][RUNGS_MAX + 1]; /* by level; WEIGHT_NEVER: cannot be */
    int64_t best[CONTESTS_MAX];
};

struct price {
    double scan, records; /* nanoseconds to find them; how many */
    bool exact;           /* `records` is a count, not a guess */
};

/* What it costs to look up the left records for which a part may be true. */
struct price price_of(const struct worker *worker, const struct node *node);
bool dearer(struct price a, struct price b);

/* The one fact of the left that a part hangs on; below 0 if there are none or several. */
int left_fact(const struct worker *worker, const struct node *node);

bool is_fact(const struct node *node, uint8_t side);

/* For `left fact = right fact`: the left one, and the word that it must be. */
bool equality(const struct worker *worker, const struct node *node, uint16_t *fact,
              uint32_t *word);

/* Fills the bounds of the record at hand, then the cuts; false if comparing it with all
 * is cheaper. */
void bounds_fill(struct worker *worker);
bool cuts_choose(struct worker *worker, int64_t cuts[]);

#endif
