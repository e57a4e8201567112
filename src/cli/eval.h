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
uint64_t grouping_members(const struct grouping *groups, size_t group); /* ids */
bool grouping_by_right(const struct grouping *groups); /* ids are of the right side */
const char *grouping_column(const struct grouping *groups);

struct eval_groups {
    const struct grouping *grouping;
    size_t count;
    struct quality *quality;
    struct group_recall *recall;
    uint64_t least; /* true pairs of a group that counts for the gap */
    size_t compared, recall_left_out;
    size_t lowest, highest; /* by recall; meaningful if two or more are compared */
    struct recall_gap gap;
    uint64_t least_people; /* members of a group that counts for the false hits */
    size_t false_compared, false_left_out;
    size_t false_lowest, false_highest; /* by rate of false hits; likewise */
    double false_all;                   /* per 1,000 of all members */
};

/* `grouping`, `least` and `least_people` are set; fills in the rest. */
void eval_groups_work_out(struct eval_groups *groups, const struct tally *tally,
                          uint32_t probability);
void eval_groups_free(struct eval_groups *groups);
struct interval eval_recall_interval(const struct group_recall *recall); /* 95 % */
void eval_groups_text(const struct eval_groups *groups, FILE *to);
void eval_groups_json(const struct eval_groups *groups, FILE *to);

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
    struct reliability reliability;
    struct scored *scored; /* every threshold there is */
    size_t scored_count;
    uint64_t people; /* screened; 0: not known */
    const char *pairs_path, *truth_path;

    struct eval_groups *groups; /* NULL without --by */
};

extern const uint32_t eval_precisions[EVAL_PRECISIONS]; /* millionths */

/* Pairs to look at per 1,000 people; 0 if they were not counted. */
double eval_alerts(const struct eval_result *result, const struct quality *quality);

bool eval_page(const struct eval_result *result, const char *path,
               struct err *err) MUST_CHECK;
void eval_text(const struct eval_result *result, FILE *to);
void eval_json(const struct eval_result *result, FILE *to);

#define EVAL_FIGURES_HEAD "  precision  recall      F1           found           right"
void eval_figures(const struct quality *quality, FILE *to);      /* under the head */
void eval_figures_json(const struct quality *quality, FILE *to); /* and a brace */

#endif
