/*
 * train: people of a file in memory, their ids, the truth between two. Inner header.
 */
#ifndef CLI_TRAIN_H
#define CLI_TRAIN_H

#include "cli/cli.h"
#include "feed/feed.h"
#include "match/match.h"

struct train_crowd { /* people of one file; texts are in the arena */
    struct arena *arena;
    struct person *people;
    size_t count, room;
    uint64_t rows, set_aside;       /* rows read; of them not used */
    uint64_t step;                  /* each step-th person was kept */
    struct other other[OTHERS_MAX]; /* columns that the map wants compared */
    size_t other_count;
};

/* Reads a file of people; of more than `most` (0: no limit), evenly spread ones. */
bool train_crowd_read(const char *path, const char *map, size_t most, unsigned threads,
                      struct train_crowd *crowd, struct err *err) MUST_CHECK;
void train_crowd_free(struct train_crowd *crowd);

/* Reads true pairs, left_id and right_id, as positions. *unknown: pairs of which a
 * side is in neither crowd. Yours to free. */
bool truth_read(const char *path, const struct train_crowd *left,
                const struct train_crowd *right, struct true_pair **pairs,
                size_t *count, uint64_t *unknown, struct err *err) MUST_CHECK;

/* What a person reads after training, and a program. */
void training_text(const struct training *training, const struct train_crowd *left,
                   const struct train_crowd *right, FILE *to);
void training_json(const struct training *training, FILE *to);

#endif
