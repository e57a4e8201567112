/*
 * eval: what `candour eval` works out, and how it is shown. Inner header.
 */
#ifndef CLI_EVAL_H
#define CLI_EVAL_H

#include "cli/cli.h"
#include "match/match.h"

/* ---- groups: which group an id belongs to --------------------------------------------- */

struct groups;

/* `spec` is FILE:COLUMN. */
bool groups_read(const char *spec, struct groups **groups, struct err *err) MUST_CHECK;
void groups_free(struct groups *groups); /* NULL is fine */
unsigned groups_of(const struct groups *groups, struct str left, struct str right);
size_t groups_count(
    const struct groups *groups); /* "not known", number 0, among them */
const char *groups_name(const struct groups *groups, size_t group);
const char *groups_column(const struct groups *groups);

/* ---- the result ------------------------------------------------------------------------- */

#define EVAL_THRESHOLDS 12
#define EVAL_PRECISIONS 3

struct eval_result {
    uint64_t truth, found; /* different pairs */
    uint64_t rows;         /* of the pairs file */
    struct quality at[EVAL_THRESHOLDS];
    struct quality best;
    struct quality half; /* at p = 0.5 */
    struct quality at_precision[EVAL_PRECISIONS];
    struct calibration calibration[CALIBRATION_BINS];

    const struct groups *groups; /* NULL without --by */
    struct quality *by_group;
    uint64_t least;                 /* true pairs of a group that counts for the gap */
    size_t gap_groups;              /* how many count */
    size_t gap_lowest, gap_highest; /* groups; meaningful if gap_groups >= 2 */
};

extern const uint32_t eval_precisions[EVAL_PRECISIONS]; /* millionths */

uint32_t eval_gap(const struct eval_result *result); /* of recall, millionths */

void eval_text(const struct eval_result *result, FILE *to);
void eval_json(const struct eval_result *result, FILE *to);

#endif
