/*
 * Training, inside: patterns of agreement, and the estimation over them.
 *
 *   patterns.c     pairs as patterns, with how often each comes
 *   em.c           m and the prior from patterns, u held fixed
 *   chance.c       u: how many of all pairs are at each level; lists.c below it
 *   train.c        rounds of retrieval, counting and estimation
 *   train_model.c  the model as text
 */
#ifndef MATCH_EM_H
#define MATCH_EM_H

#include "match/inner.h"

/* ---- patterns ------------------------------------------------------------------------ */

/* log2 u of the values that a pair agrees on is kept to an eighth of a bit. */
enum { RARITY_ONE = 8 };

/*
 * The level of each comparison, and how rare the agreed values are: the sum of log2 u
 * over levels whose bits follow the value, apart for what households share.
 */
struct pattern {
    uint8_t level[COMPARISONS_MAX];
    int16_t rarity_home, rarity_rest; /* -log2 u, eighths of a bit */
    uint64_t count;
};

/* A pair is the number of its pattern; LAST marks the last one of its mention. */
#define PAIR_LAST 0x80000000u

struct patterns {
    struct pattern *list;
    size_t count, room;
    uint32_t *slots;
    size_t slot_count;
    uint32_t *pairs;
    size_t pair_count, pair_room;
    uint64_t groups; /* mentions with any pair */
};

/* What people of one household may share without being one person; how often they do is
 * estimated. Of other columns nobody knows. */
static inline bool shared_at_home(enum comparison comparison)
{
    return comparison == COMPARE_SURNAME || comparison == COMPARE_PLACE ||
           comparison == COMPARE_PHONE || comparison >= COMPARISON_COUNT;
}

/* The level as training counts it: 0 where the comparison did not speak. */
static inline unsigned counted_level(const struct evidence evidence[], unsigned c)
{
    return c == COMPARE_SEX && !evidence[c].bits ? SEX_MISSING : evidence[c].level;
}

/* Whether names were exchanged: then their levels say nothing of their own. */
static inline bool names_crossed(const uint8_t level[], unsigned c)
{
    return level[COMPARE_NAME_ORDER] == ORDER_SWAPPED &&
           (c == COMPARE_SURNAME || c == COMPARE_FORENAME);
}

void pattern_of(const struct model *model, const struct hit *hit,
                struct pattern *pattern);
void patterns_add(struct patterns *patterns, const struct pattern *pattern, bool last);
void patterns_free(struct patterns *patterns);

/* ---- u, exactly ---------------------------------------------------------------------- */

/* All pairs of a left person with a right one, by level; within one file each pair counts
 * from both ends, and nobody is paired with himself. True pairs are among them. */
struct chance {
    uint64_t pairs[COMPARISONS_MAX][LEVELS_MAX];
    uint64_t all;
};

/*
 * Gathers lists of names and values, of whose words it keeps which are related; then
 * counts for an index over the same people. Whole numbers, so threads cannot change them.
 */
struct chances;

struct chances *chances_new(const struct model *model,
                            const struct train_people *people, bool one_file,
                            unsigned threads);
void chances_count(const struct chances *chances, const struct index *index,
                   struct chance *chance);
void chances_free(struct chances *chances);

/* ---- estimation ------------------------------------------------------------------------ */

typedef double level_table[COMPARISONS_MAX][LEVELS_MAX];

struct em {
    const struct model *start;
    const struct patterns *patterns;
    uint64_t left, right; /* people, mentions */
    bool one_file;
    level_table u;    /* fixed; 0: bits follow the value */
    level_table lean; /* what m leans on where data are thin: sums to 1 */
    bool frozen[COMPARISONS_MAX][LEVELS_MAX]; /* m and u stay the start's */

    level_table m, home; /* estimated: true pairs; what a household shares */
    double share;        /* true pairs per mention */
    double related;      /* share of all pairs that are of one household */

    level_table matches; /* expected true pairs by level, of the last iteration */
    double match_total, related_total;
    unsigned iterations;
    double likelihood_first, likelihood_last;
    bool converged, fell; /* fell: the likelihood did, which must never be */
};

/*
 * Pseudo-counts: the start is worth this many true pairs. A level seen in fewer leans
 * on it; below about as many the interval of log2 m is wider than a bit.
 */
#define LEAN_PAIRS 20.0

void em_run(struct em *em);

/* m of one comparison from counts of true pairs, leaning on the start. */
void em_share_out(const struct em *em, unsigned c, const double count[LEVELS_MAX],
                  double m[LEVELS_MAX]);

/* Ordered levels whose weights came out of order are given one weight between them. */
void levels_order(const struct model *model, level_table m, level_table u);

/* ---- the model as text ----------------------------------------------------------------- */

/* A number as the model's text keeps it. */
double digits(double p);

/* Yours to free. */
char *model_text(const struct model *start, const struct train_settings *settings,
                 const struct training *training, bool labelled, size_t *size);

#endif
