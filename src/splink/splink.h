/*
 * splink: models whose comparisons are conditions over columns.
 *
 * An analyst who has trained a model with Splink brings it here: a settings file of
 * comparisons, each with levels in order, each with a condition in SQL, m and u. The
 * conditions are parsed (sql.c), typed and taken apart (shape.c); what cannot be
 * expressed is refused by name and never guessed. A pair's score is what Splink 5 gives:
 *
 *     score = log2 odds of the prior + sum over comparisons of
 *             log2(m / u) of the first level whose condition is true
 *             + weight * (log2 u of the exact level - log2 of the value's frequency)
 *
 * with frequencies counted in the files of the run. find.c returns every pair at or above
 * the threshold, as a comparison of all with all would; splink_find_plain is that
 * comparison.
 *
 * Models are read-only once made: share them between threads. No global state.
 */
#ifndef SPLINK_SPLINK_H
#define SPLINK_SPLINK_H

#include "match/match.h"

/* ---- the model ------------------------------------------------------------------- */

struct splink_model;

/* Whether a JSON document is of this kind: Splink's settings, or our file of kind
 * "columns". */
bool splink_is(const struct json *document);

bool splink_read(const char *path, struct splink_model **model,
                 struct err *err) MUST_CHECK;
bool splink_parse(struct str text, struct splink_model **model,
                  struct err *err) MUST_CHECK; /* the same from its text */
void splink_free(struct splink_model *model);

void splink_write(const struct splink_model *model,
                  struct out *out); /* kind "columns" */
void splink_export(const struct splink_model *model, struct out *out); /* for Splink */

/*
 * Writes what a model of people has in common with Splink as Splink settings, over columns
 * named as our fields are; the prior is that of a link with `people` on the left. `lost`
 * gets a line for each thing that Splink's conditions cannot say.
 */
void splink_export_people(const struct model *model, uint64_t people, bool one_file,
                          struct out *out, struct out *lost);

size_t splink_comparison_count(const struct splink_model *model);
const char *splink_comparison_name(const struct splink_model *model, size_t comparison);
size_t splink_level_count(const struct splink_model *model, size_t comparison);
const char *splink_level_label(const struct splink_model *model, size_t comparison,
                               unsigned level);

/* Columns of the files that the model reads, by their own names; column 0 is the id. */
size_t splink_column_count(const struct splink_model *model);
const char *splink_column_name(const struct splink_model *model, size_t column);

/* ---- fixed point ----------------------------------------------------------------- */

/*
 * Weights are whole numbers of 2^-40 bits, made by our own logarithm of doubles: sums do
 * not hang on their order nor on the machine, and lie within 1e-10 bits of Splink's.
 */
#define WEIGHT_ONE ((int64_t)1 << 40)

int64_t weight_log2(double value);             /* value > 0 */
double weight_probability(int64_t score);      /* 2^s / (1 + 2^s) */
double weight_bits(int64_t weight);            /* as a number of bits */
int64_t weight_threshold(uint32_t millionths); /* of a probability */

/* ---- records --------------------------------------------------------------------- */

struct splink_records;

struct splink_records *splink_records_new(const struct splink_model *model);
void splink_records_free(struct splink_records *records);

/* The values of one record, in the order of splink_column_name(); an empty one is null.
 * A number or date that cannot be read is ERR_INPUT and names its column. */
bool splink_records_add(struct splink_records *records, const struct str values[],
                        struct err *err) MUST_CHECK;
size_t splink_records_count(const struct splink_records *records);

/* ---- pairs ----------------------------------------------------------------------- */

struct splink_pair {
    uint32_t left, right; /* positions in order of id, see splink_id */
    int64_t score;        /* WEIGHT_ONE to a bit */
};

struct splink_evidence {
    unsigned level; /* splink_level_count(): none, such a pair never reaches anything */
    int64_t weight; /* of the level, and the adjustment for frequency */
    int64_t by_frequency; /* of that, the adjustment */
};

struct splink_search; /* both sides, counted and indexed; read-only once made */

/* Takes the records; `right` NULL: pairs within one file, the lower id on the left. An id
 * that is there twice is ERR_INPUT. */
bool splink_search_new(const struct splink_model *model, struct splink_records *left,
                       struct splink_records *right, struct splink_search **search,
                       struct err *err) MUST_CHECK;
void splink_search_free(struct splink_search *search);

struct str splink_id(const struct splink_search *search, bool right, uint32_t position);
int64_t splink_prior(const struct splink_search *search);

struct splink_work {
    uint64_t scored;  /* pairs whose levels were looked at */
    uint64_t scanned; /* records compared with all, for want of anything narrower */
};

struct splink_pairs {
    struct splink_pair *list; /* by left, score falling, right; free() it */
    size_t count;
    struct splink_work work;
};

/* Every pair whose score is at least `threshold`, a billionth of a bit allowed for. */
bool splink_find(const struct splink_search *search, int64_t threshold,
                 unsigned threads, void *context,
                 void (*told)(void *context, uint64_t done, uint64_t all),
                 struct splink_pairs *pairs, struct err *err) MUST_CHECK;

/* The plain twin: all pairs, every comparison of each. */
void splink_find_plain(const struct splink_search *search, int64_t threshold,
                       struct splink_pairs *pairs);

/* Takes one pair apart; evidence[] has room for splink_comparison_count(). */
int64_t splink_explain(const struct splink_search *search, uint32_t left,
                       uint32_t right, struct splink_evidence evidence[]);

#endif
