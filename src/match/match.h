/*
 * match: could these two be the same person, and why?
 *
 * The workforce ("left") is indexed; mentions ("right") stream past. A pair's score is
 *
 *     score = prior + sum over comparisons of log2(m / u)          (bits)
 *
 *     m = P(level | same person)      u = P(level | different people)
 *
 * and every pair whose score reaches the threshold is returned, exactly those that a
 * comparison of all pairs would return (promise P1). Which lists have to be looked up
 * for a mention is derived from the model by plan.c, priced, and proved complete.
 *
 * Source: Fellegi & Sunter (1969), JASA 64(328), 1183-1210; docs/method.md.
 * Bits are fixed point, BITS_ONE to a bit: the same input gives the same bytes on every
 * machine and for any number of threads.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "text/text.h"

/* ---- the model --------------------------------------------------------------------- */

enum comparison {
    COMPARE_SURNAME,
    COMPARE_FORENAME,
    COMPARE_MIDDLE_NAMES,
    COMPARE_NAME_ORDER,
    COMPARE_FULL_NAME,
    COMPARE_DATE_OF_BIRTH,
    COMPARE_SEX,
    COMPARE_PLACE,
    COMPARE_PHONE,
    COMPARE_EMAIL,
    COMPARE_NATIONAL_INSURANCE_NO,
    COMPARE_STAFF_NUMBER,
    COMPARE_VEHICLE,
    COMPARISON_COUNT /* from here on: other columns, as many as the model compares */
};

#define COMPARISONS_MAX (COMPARISON_COUNT + OTHERS_MAX)

#define LEVELS_MAX 12 /* of one comparison */

struct level {
    const char *name;    /* "exact", as in files */
    const char *label;   /* "same surname", as a person reads it */
    double m, u;         /* as the model states them; u is the default without counts */
    int32_t bits;        /* log2(m/u), fixed point */
    bool by_frequency;   /* bits follow the value: log2(m / share of the value) */
    int32_t least, most; /* bounds of by_frequency bits */
    const char *source;  /* where the numbers come from */
};

struct model; /* read-only once made: share it between threads */

bool model_default(struct model **model, struct err *err) MUST_CHECK;
bool model_read(const char *path, struct model **model, struct err *err) MUST_CHECK;
bool model_parse(struct str text, struct model **model, struct err *err) MUST_CHECK;
void model_free(struct model *model);

const char *model_name(const struct model *model); /* "candour default 1" */
uint64_t model_hash(const struct model *model);    /* of its text and TEXT_VERSION */
const char *comparison_name(enum comparison comparison);  /* "date_of_birth" */
const char *comparison_label(enum comparison comparison); /* "date of birth" */

/*
 * Other columns, from a map: each becomes a comparison behind the built-in ones, number
 * COMPARISON_COUNT + i, with the numbers that the model has for its name, or those that
 * rulebook/model/other-columns.json has for its kind. Called once, before the model is
 * shared; persons compared under it bring as many values in `other`, in this order.
 */
bool model_compare(struct model *model, const struct other *others, size_t count,
                   struct err *err) MUST_CHECK;
size_t model_others(const struct model *model, const struct other **others);
unsigned model_comparisons(const struct model *model); /* built-in and other ones */

/* As comparison_name() and comparison_label(), of other columns too. */
const char *model_comparison_name(const struct model *model,
                                  enum comparison comparison);
const char *model_comparison_label(const struct model *model,
                                   enum comparison comparison);
/* The kind of an other column: the model's, if it has numbers for the name; else the
 * first that has the level. False if there is none. */
bool model_other_kind(const struct model *model, const char *name, struct str level,
                      enum other_kind *kind);
/* Whether a built-in comparison has the name, or a file of pairs: a column must not. */
bool comparison_named(const char *name);
size_t model_level_count(const struct model *model, enum comparison comparison);
const struct level *model_level(const struct model *model, enum comparison comparison,
                                unsigned level);

/* What `candour wash` and `candour link` take without --threshold and --share, in
 * millionths: review probability, and share of mentions that concern somebody. */
uint32_t model_review_probability(const struct model *model, bool wash);
uint32_t model_share(const struct model *model, bool wash);

/* Other records of the same person that a record of the file had that the model was trained
 * on, on average; 0 if it was trained on two files or not at all. */
double model_others_of_person(const struct model *model);

/* log2 prior odds of one pair: the share (millionths; 0 takes the model's for a wash)
 * divided by the number of people on the left. */
int32_t model_prior(const struct model *model, uint32_t share, size_t left_count);

/* ---- evidence ----------------------------------------------------------------------- */

struct evidence {
    uint8_t level; /* of the comparison, as model_level() numbers them */
    int32_t bits;
};

struct hit {
    uint32_t left;  /* position among index_add() calls */
    uint32_t right; /* position in the batch given to matcher_find() */
    int32_t score;  /* bits: prior + sum of evidence */
    struct evidence evidence[COMPARISONS_MAX]; /* model_comparisons() of them */
};

struct hits { /* grows; free(list) is the caller's */
    struct hit *list;
    size_t count, room;
};

/* ---- the index ------------------------------------------------------------------------ */

struct index_settings {
    const struct model *model;
    uint32_t share;       /* millionths, 0: the model's */
    uint32_t probability; /* threshold, millionths: the lowest that will be asked */
    unsigned threads;
    bool movable;  /* index_move() will be called */
    bool one_file; /* the mentions are the people themselves */
    double others; /* then: other records of the same person a record has, on average */
};

struct index; /* read-only once built: share it between threads */

/*
 * Order of calls: index_new; index_add for every person on the left; index_sample for
 * mentions of the stream whose values are counted (frequencies); index_build.
 * Text is copied; the persons need not outlive the calls.
 */
bool index_new(const struct index_settings *settings, struct index **index,
               struct err *err) MUST_CHECK;
bool index_add(struct index *index, const struct person *person,
               struct err *err) MUST_CHECK;
void index_sample(struct index *index, const struct person *mention);
bool index_build(struct index *index, struct err *err) MUST_CHECK;
void index_free(struct index *index);

/* What finding will cost, reckoned from the mentions sampled and the plans' prices. */
struct index_forecast {
    uint64_t ns_per_mention;    /* of one core; a reckoning, not a measurement */
    uint32_t compared_with_all; /* share of mentions, millionths: no key is cheaper */
};
struct index_forecast index_forecast(const struct index *index);

size_t index_people(const struct index *index);
size_t index_bytes(const struct index *index); /* memory it holds */
int32_t index_prior(const struct index *index);
int32_t index_threshold(const struct index *index); /* bits of score */

/*
 * Moves the share, and with it prior and threshold, of a built index whose settings say that
 * it is movable; once. Plans are made anew, proved, and keys added that they call for.
 * Matchers may be kept, but none may be finding.
 */
bool index_move(struct index *index, uint32_t share, uint32_t probability,
                struct err *err) MUST_CHECK;

/*
 * The share of mentions that concern anybody on the left, fitted without labels to the
 * scores of the pairs of some mentions (share.c has the formula). `assumed` (millionths)
 * is the share of the index that scored them. The order of calls does not matter.
 */
struct share_fit;
struct share_fit *share_fit_new(uint32_t assumed);
void share_fit_free(struct share_fit *fit);
int32_t share_sum(const struct hit *hits, size_t count); /* of one mention; count > 0 */
void share_fit_add(struct share_fit *fit,
                   int32_t sum); /* of a mention that has pairs */
void share_fit_mentions(struct share_fit *fit, uint64_t count); /* with or without */

/* From a sixteenth of the share assumed to sixteen times it, and never across the line of
 * SHARE_OF_STRANGERS. False if fewer than SHARE_FIT_LEAST mentions seem to concern
 * anybody and fewer than ten times as many should: too few to go by. */
enum { SHARE_OF_STRANGERS = 100000 /* millionths */, SHARE_FIT_LEAST = 20 };
bool share_fit_solve(const struct share_fit *fit, uint32_t *share);

/* Whether a mention whose pairs have this sum concerns anybody: probability, millionths. */
uint32_t share_concerns(uint32_t share, int32_t sum);

/* ---- finding pairs ----------------------------------------------------------------------- */

struct matcher; /* one thread's working memory over a shared index */

struct matcher_work { /* what finding cost, summed since matcher_new */
    uint64_t mentions, probes, entries, candidates, scored, hits, scans;
};

struct matcher *matcher_new(const struct index *index);
void matcher_free(struct matcher *matcher);
struct matcher_work matcher_work(const struct matcher *matcher);

/*
 * Appends to `hits` every pair of the batch whose score is at least `threshold` (bits;
 * not below index_threshold()), ordered by right, then left.
 */
void matcher_find(struct matcher *matcher, const struct person *mentions, size_t count,
                  int32_t threshold, struct hits *hits);

/* The plain twin: compares all pairs; shares only the comparators. */
void matcher_find_plain(struct matcher *matcher, const struct person *mentions,
                        size_t count, int32_t threshold, struct hits *hits);

/* Scores one pair whatever its score: explain, tests. */
void matcher_score(struct matcher *matcher, uint32_t left, const struct person *mention,
                   struct hit *hit);

/* ---- the plan: shown to people and proved by tests ------------------------------------------ */

/*
 * Proof (c) of P1: walks through every combination of levels that any mention can have
 * under this index's model and asserts that each one whose bound reaches the threshold
 * holds a key that its plan looks up. Returns how many combinations were covered;
 * a failure names the combination. `without` leaves out the n-th key of every plan
 * (mutation; SIZE_MAX leaves out none), which must then fail.
 */
bool plan_prove(const struct index *index, size_t without, uint64_t *covered,
                struct err *err) MUST_CHECK;

/* Describes the plan for a mention, a line a key with its expected entries. */
void plan_describe(struct matcher *matcher, const struct person *mention,
                   struct out *out);

/* ---- training: the numbers of a model, from the data it is for --------------------------- */

/*
 * m and the prior are estimated by expectation maximisation over the pairs that exact
 * retrieval finds, u is counted and held fixed (Fellegi & Sunter 1969; Winkler 1988).
 * docs/method.md, section "Training", has the formulas and the weak sides.
 *
 * The same people, settings and truth give the same model, byte for byte, whatever the
 * number of threads.
 */
struct train_settings {
    const struct model *start; /* first retrieval, and what thin evidence leans on */
    uint32_t probability;      /* millionths: pairs below it are not looked at */
    uint32_t seed;             /* moves where the estimation starts; 0 does not */
    bool one_file;             /* right is left: pairs within one file */
    unsigned threads;
    void *context;
    void (*told)(void *context, const char *step, uint64_t done,
                 uint64_t all); /* or 0 */
};

struct true_pair {
    uint32_t left, right; /* positions */
};

struct train_people { /* borrowed for the call */
    const struct person *left, *right;
    size_t left_count, right_count;
    const struct true_pair *truth; /* or NULL: without labels */
    size_t truth_count;
};

/* Where a number of the trained model comes from. */
enum train_source {
    TRAIN_KEPT,    /* of the start: the data say nothing */
    TRAIN_LEANT,   /* estimated, but most of its weight is the start's */
    TRAIN_COUNTED, /* estimated from the data */
    TRAIN_VALUES,  /* u: exactly, sum over values of share left * share right */
};

struct train_level {
    double m, u;
    double matches; /* expected true pairs at this level */
    double others;  /* other pairs counted at this level */
    int32_t bits;   /* log2(m / u), within the level's bounds */
    enum train_source m_from, u_from;
};

enum { TRAIN_ROUNDS_MAX = 10 };

struct train_round { /* retrieval, counting of u, estimation */
    uint64_t pairs, patterns;
    unsigned iterations;
    double likelihood_first, likelihood_last; /* log2, penalty included */
    double share;                             /* true pairs per mention */
    double moved; /* by how much it changed the score of a true pair, mean, bits */
};

struct training {
    struct model *model; /* the trained model, and its text as a file holds it */
    char *text;
    size_t text_size;
    struct train_level level[COMPARISONS_MAX][LEVELS_MAX];
    double contribution[COMPARISONS_MAX]; /* mean bits it gives a true pair */
    struct train_round round[TRAIN_ROUNDS_MAX];
    unsigned rounds;
    bool converged;
    uint64_t left, right;    /* people, mentions */
    uint64_t all_pairs;      /* from which u is counted */
    uint64_t unlinkable[3];  /* people who cannot reach 0.5, 0.9, 0.99 */
    double matches, related; /* expected pairs found: true; of one household */
    double unseen;           /* share of true pairs reckoned below `probability` */
    double share;            /* as written to the model */
    double others; /* of one file: other records of the same person a record */
};

/* Fails with ERR_INPUT if nothing can be learned; says why. */
bool train(const struct train_settings *settings, const struct train_people *people,
           struct training **training, struct err *err) MUST_CHECK;
void training_free(struct training *training);

/* ---- evaluation ------------------------------------------------------------------------------ */

struct quality {
    uint32_t probability;               /* threshold, millionths */
    uint64_t found, right_found, truth; /* pairs at or above; of them true; all true */
};

/* precision, recall, F1 in millionths, rounded to nearest; 0 where undefined. */
uint32_t quality_precision(const struct quality *quality);
uint32_t quality_recall(const struct quality *quality);
uint32_t quality_f1(const struct quality *quality);

/* Pairs of one probability. Lists of these have falling probabilities, each once. */
struct scored {
    uint32_t probability; /* millionths */
    uint64_t right, wrong;
};

/* Pairs at or above a threshold. */
struct quality quality_at(const struct scored *scored, size_t count, uint64_t truth,
                          uint32_t probability);

/* The threshold of the highest F1; the higher one of two as good. */
struct quality quality_best(const struct scored *scored, size_t count, uint64_t truth);

/* The most that can be found with at least this precision (millionths); found is 0 if
 * no threshold reaches it. */
struct quality quality_at_precision(const struct scored *scored, size_t count,
                                    uint64_t truth, uint32_t precision);

#define CALIBRATION_BINS 10 /* [0, 0.1), [0.1, 0.2) ... [0.9, 1] */

struct calibration {
    uint64_t pairs, right;
    uint64_t
        sum; /* of probabilities, millionths: sum / pairs should equal right / pairs */
};

void calibrate(const struct scored *scored, size_t count,
               struct calibration bins[CALIBRATION_BINS]);

/* How far probabilities are from what they should be; shares in millionths. */
struct reliability {
    uint32_t brier; /* mean of (probability - truth)^2 */
    uint32_t error; /* expected calibration error: mean over pairs of |given - observed|
                     * of their bin */
    uint32_t
        worst; /* the largest |given - observed| of a bin of RELIABLE pairs or more */
    size_t worst_bin;
    uint64_t pairs;
};

enum { RELIABLE = 30 };

struct reliability reliability_of(const struct scored *scored, size_t count);

/* Wilson's interval of a share, 95 %; 0 to 1 if there is nothing to go by.
 * Source: Wilson (1927), JASA 22(158), 209-212. */
struct interval {
    uint32_t low, high; /* millionths */
};
struct interval share_interval(uint64_t part, uint64_t whole);

/*
 * Counts pairs against truth: a true pair given twice counts once, a found pair given
 * twice counts once with its highest probability. Pairs are kept as 64-bit hashes, 12
 * bytes a place: of 100 million found and 10 million true pairs 0.00005 are expected to
 * be taken for one another. All truth is given before the first pair.
 */
struct tally;

#define TALLY_GROUPS 2000 /* 0 is "not known" */

struct tally *tally_new(void);
void tally_free(struct tally *tally);
void tally_truth(struct tally *tally, struct str left, struct str right,
                 unsigned group);
void tally_pair(struct tally *tally, struct str left, struct str right, unsigned group,
                uint32_t probability);
uint64_t tally_true_pairs(const struct tally *tally);
uint64_t tally_found_pairs(const struct tally *tally);
size_t tally_scored(const struct tally *tally, struct scored **scored); /* free() it */

/* Quality at a threshold of the pairs of each group below `groups`. */
void tally_groups(const struct tally *tally, uint32_t probability,
                  struct quality quality[], size_t groups);

/* ---- groups: who is served less well, and how much of it is chance ----------------------------- */

struct judged { /* a true pair */
    uint64_t
        left; /* hash of whose it is: a person's records are found or lost together */
    uint32_t group;
    bool found;
};

/* Keeps whose each true pair is; called before the first. 16 bytes a pair. */
void tally_judged(struct tally *tally);
/* The true pairs at a threshold; free(*list) is the caller's. */
size_t tally_judge(const struct tally *tally, uint32_t probability,
                   struct judged **list);

struct group_recall {
    double recall, error; /* shares; one standard error, clustered by person */
    uint64_t pairs, people;
};

/* Of each group below `groups`, in order; the list is sorted on the way. */
void group_recalls(struct judged *list, size_t count, struct group_recall recall[],
                   size_t groups);

struct recall_gap {     /* shares */
    double points;      /* best less worst */
    double by_chance;   /* what groups of these errors, served alike, would show */
    double unexplained; /* standard deviation between groups beyond their errors */
};
struct recall_gap recall_gap(const struct group_recall *groups, size_t count);

/* Events per 1,000 with a 95 % interval, as if each came by itself (Byar's approximation to
 * Poisson's; Rothman & Boice 1979). Nothing where there are no members. */
struct rate {
    double per_1000, low, high;
};
struct rate rate_interval(uint64_t events, uint64_t members);

/* ---- clerical review: a sample of pairs for people to judge ----------------------------------- */

/*
 * Pairs fall into strata by probability, finest near the threshold: edges lie 6.6, 3.3
 * and 1 bits either side of it. Strata from REVIEW_ACCEPTED on are at or above it.
 */
enum { REVIEW_STRATA = 8, REVIEW_ACCEPTED = 4 };

unsigned review_stratum(uint32_t probability, uint32_t threshold);

struct review_stratum {
    uint64_t pairs; /* in the file */
    uint64_t sum;   /* of their probabilities, millionths */
    uint64_t drawn, reviewed, right;
};

/* Shares `sample` pairs out (Neyman: by size and by how doubtful the model finds them),
 * at least REVIEW_LEAST for each stratum that has as many; fills `drawn`. */
enum { REVIEW_LEAST = 10 };
void review_allot(struct review_stratum strata[REVIEW_STRATA], uint64_t sample);

/* What reviewed pairs say of all: each stratum counts by its size. */
struct review_estimate {
    bool possible; /* every stratum in question has a reviewed pair */
    uint32_t value;
    struct interval interval; /* 95 % */
};
struct review_estimate review_precision(
    const struct review_stratum strata[REVIEW_STRATA]);

/* Share of the true pairs of the file that are at or above the threshold: recall at most
 * as good as this, since pairs that are not in the file are not counted. */
struct review_estimate review_recall(const struct review_stratum strata[REVIEW_STRATA]);

/* ---- clusters: who is whom within one file ------------------------------------------------- */

struct record_link { /* two records of one file, and how well they fit */
    uint32_t a, b;   /* a < b */
    int32_t score;   /* bits */
};

/* Orders by a, then b, and keeps each pair once with its highest score; how many. */
size_t links_settle(struct record_link *links, size_t count);

/*
 * Of two groups with n cross pairs, a pair that is no link counts as n / patience bits
 * below the threshold, `most` at most: between a few records a missing link says little,
 * between many it says that they are not one.
 */
struct cluster_rule {
    uint32_t records;  /* 0 .. records - 1 */
    int32_t threshold; /* bits: pairs that score less are no links */
    uint32_t patience; /* cross pairs: 1 or more */
    uint32_t most;     /* bits, whole ones */
};

/*
 * Average linkage: of the groups that links connect, the two whose cross pairs lie
 * highest over the threshold on average are joined, again and again, as long as that
 * mean is not below it. Every pair counts, also those that are no links: so a chain of
 * links through groups that have little else in common falls apart at its weakest place
 * (docs/method.md, Clusters).
 *
 * cluster[i] becomes the lowest record of i's cluster. Links are settled. Ties go to the
 * lower record, sums are whole numbers: the same links give the same clusters.
 * Memory: 32 bytes a link and 44 a record while it runs.
 */
void clusters_find(const struct cluster_rule *rule, const struct record_link *links,
                   size_t count, uint32_t cluster[]);

struct cluster_quality {
    uint32_t first;   /* lowest record */
    uint32_t records; /* 2 or more */
    uint64_t links;   /* at or above the threshold within it */
    uint32_t bridges; /* links without which it falls apart; 0 for two records */
    uint64_t cut;     /* links at or above the threshold to other clusters */
    int32_t weakest;  /* bits: of the links it needs to hold together, the lowest */
};

/* Clusters of two records or more, by their first. free(*list) is the caller's. */
size_t clusters_measure(const struct cluster_rule *rule,
                        const struct record_link *links, size_t count,
                        const uint32_t cluster[], struct cluster_quality **list);

/* Share of the pairs of its records that are links, millionths. */
uint32_t cluster_density(const struct cluster_quality *quality);

/* Whether a person should look: one wrong link would take it apart. */
bool cluster_flagged(const struct cluster_quality *quality);

/* Clusters against the truth. Bagga & Baldwin (1998): B-cubed precision is, over all
 * records, the mean share of a record's cluster that is the same person; recall the mean
 * share of that person's records that are in the cluster. */
struct cluster_agreement {
    struct quality pairs; /* pairs in one cluster; of them true; all true pairs */
    uint32_t cubed_precision, cubed_recall, cubed_f1; /* millionths */
    uint32_t persons, persons_whole; /* of two records or more; found exactly */
};
struct cluster_agreement clusters_compare(const uint32_t found[],
                                          const uint32_t truth[], uint32_t records);

#endif
