/*
 * eval: what `candour eval` works out, and how it is shown. Inner header.
 */
#ifndef CLI_EVAL_H
#define CLI_EVAL_H

#include "cli/cli.h"
#include "match/match.h"

/* ---- groups: which group an id belongs to --------------------------------------------- */

struct grouping;

/* `spec` is FILE:COLUMN. */
bool grouping_read(const char *spec, struct grouping **groups,
                   struct err *err) MUST_CHECK;
void grouping_free(struct grouping *groups); /* NULL is fine */
unsigned grouping_of(const struct grouping *groups, struct str left, struct str right);
size_t grouping_count(
    const struct grouping *groups); /* "not known", number 0, among them */
const char *grouping_name(const struct grouping *groups, size_t group);
const char *grouping_column(const struct grouping *groups);

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

    const struct grouping *groups; /* NULL without --by */
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
