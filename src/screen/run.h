/*
 * run: the parts of a wash that its files share; stays inside the room.
 *
 *   run.c          opens, reads the left side, samples, streams, writes, tidies up
 *   dedupe.c       one file with itself: its pairs, gathered into clusters
 *   dedupe_write.c clusters, pairs and qualities as files
 *   dedupe_truth.c who is whom in truth
 *   run_share.c    the share of mentions that concern anybody, fitted before the stream
 *   run_left.c     the people: ids in order, duplicates, who they are for the report
 *   run_settings.c what makes two runs the same run
 *   run_stream.c   the mentions: take, parse and match, give; checkpoints
 *   run_top.c      the best hits with all that is known of the mention, for the report
 *   run_write.c    from sorted records to the files and the counts
 */
#ifndef SCREEN_RUN_H
#define SCREEN_RUN_H

#include "screen/checkpoint.h"
#include "screen/screen.h"
#include "screen/spill.h"

#include <stdatomic.h>

/* What tests make small. */
struct run_limits {
    size_t spill_bytes;           /* of hits in memory */
    unsigned fan_in;              /* runs merged at once, at least 2 */
    size_t top[ROLE_CLASS_COUNT]; /* hits in the report */
    uint64_t sample_blocks;
    size_t links;              /* of dedupe, in memory */
    double checkpoint_seconds; /* between checkpoints; or a hundredth of the run */
    double progress_seconds;
};

extern const struct run_limits run_limits;

bool run_screen_within(const struct run_settings *settings,
                       const struct run_limits *limits, struct run_summary *summary,
                       struct err *err) MUST_CHECK;

/* ---- the people ------------------------------------------------------------------------ */

struct left {
    struct bytes ids; /* one after the other */
    uint64_t *end;    /* of each person's id */
    uint32_t count, room;
    uint32_t *slots; /* hash set of ids: person + 1, 0 empty; until left_sort() */
    uint64_t slot_count;
    uint32_t *rank;  /* of each person, after left_sort() */
    uint32_t *order; /* the person of each rank */
};

bool left_add(struct left *left, struct str id); /* false: the id is there already */
struct str left_id(const struct left *left, uint32_t person);
void left_sort(struct left *left);
void left_free(struct left *left);

/* ---- the best hits ---------------------------------------------------------------------- */

struct top;

/* `limit` hits of each role are kept; records hold every field of the mention. */
struct top *top_new(const size_t limit[ROLE_CLASS_COUNT]);
void top_free(struct top *top);
/* Lower scores in this role need not be offered; any thread. */
int32_t top_bar(const struct top *top, enum role_class role);
void top_offer(struct top *top, const struct bytes *records);
bool top_changed(const struct top *top); /* since saved or read */
bool top_save(struct top *top, const char *path, struct err *err) MUST_CHECK;
bool top_read(struct top *top, const char *path, struct err *err) MUST_CHECK;

/* The best, best first; they stay the list's. */
size_t top_list(struct top *top, const struct record *const **list);

/* ---- the share ----------------------------------------------------------------------------- */

enum { SHARE_BLOCKS = 8 }; /* about 5,000 mentions each */

struct share_blocks { /* of the sample, evenly spread: what the share is fitted to */
    struct feed_block *list[SHARE_BLOCKS];
    size_t count;
    uint64_t seen, stride; /* every stride + 1st of those seen is taken */
    bool borrowed;         /* the stream gives them back */
};

/* ---- a run -------------------------------------------------------------------------------- */

struct run {
    const struct run_settings *settings;
    const struct run_limits *limits;
    unsigned threads;
    uint32_t probability; /* of a hit, millionths */
    int32_t threshold;    /* of a hit, bits */
    int32_t lowest; /* of what is looked up: the clerical threshold, or the same */
    bool resumable; /* inputs and output are files */
    double started; /* on the clock of run_seconds() */

    struct model *model;
    struct feed *left_feed, *right_feed;
    struct index *index;
    struct left left;

    struct work *work;
    struct spill *spill;
    struct top *top;            /* NULL: no report */
    struct out *rejected;       /* NULL until there is something to set aside */
    uint64_t rejected_left;     /* bytes of rejected-0 */
    struct checkpoint stopped;  /* as of the run that is taken up again */
    struct checkpoint state;    /* as of the last block given */
    struct dedupe *dedupe;      /* NULL: two files */
    bool saved;                 /* a checkpoint stands, so --resume has a use */
    bool save_failed;           /* what is in memory is not whole: no more of them */
    struct feed_block **kept;   /* the sampled blocks of what is read once */
    size_t kept_count, kept_at; /* how many; the next to be taken */
    struct share_blocks share_blocks;
    struct run_summary summary;
};

double run_seconds(void);
void run_work_add(struct matcher_work *sum, struct matcher_work more);

/* The texts of a record, first the mention's own id. */
extern const enum field run_fields[];
enum { RUN_FIELD_COUNT = 8 };

struct str mention_id(const struct person *mention);

/*
 * Evidence of other columns is a record's last text, if the model compares any. Before
 * it stand, in records of the best hits, the mention's values of them.
 */
struct evidence run_evidence(const struct record *record, unsigned comparison);

/* Standard input, a pipe: gone once it was read. */
bool run_reads_once(const char *path);

/* What makes two runs the same run, a line each; yours to free. */
bool run_digest(const struct run *run, char **text, struct err *err) MUST_CHECK;

/* A line of the set-aside file of the part now being written. */
bool run_set_aside(struct run *run, const struct feed *feed,
                   const struct complaint *complaint, struct err *err) MUST_CHECK;
bool run_rejected_end(struct run *run, uint64_t *bytes, struct err *err) MUST_CHECK;

/* Whether the share is to be fitted, and down to which probability pairs are then looked
 * for, before it is. */
bool share_wants(const struct run *run);
uint32_t share_lowest(const struct run *run, uint32_t lowest);
/* Whether a block of the sample is kept to fit the share to; others may make way. */
bool share_takes(struct run *run, struct feed_block *block,
                 struct feed_block *away[SHARE_BLOCKS], size_t *gone);
void share_blocks_done(struct run *run);
bool run_fit_share(struct run *run, uint32_t lowest, struct err *err) MUST_CHECK;

/* How many hits from `at` on are of one mention. */
size_t hits_of_mention(const struct hits *hits, size_t at);

bool run_read_left(struct run *run, struct err *err) MUST_CHECK;
bool run_sample(struct run *run, struct err *err) MUST_CHECK;
/* Back to the start of the stream, if it is of files. */
bool run_again(struct run *run, struct err *err) MUST_CHECK;
bool run_stream(struct run *run, struct err *err) MUST_CHECK;
bool run_checkpoint(struct run *run, bool as_run, struct err *err) MUST_CHECK;
bool run_write(struct run *run, struct err *err) MUST_CHECK;

/* ---- one file with itself ------------------------------------------------------------------ */

struct dedupe {
    struct record_link *links; /* between people by rank, so that the order of the rows
                                * does not matter; settled once all are there */
    size_t count, room;
    uint32_t *truth;   /* the first of each person's records, by rank; or NULL */
    uint32_t *cluster; /* of each rank */
    struct cluster_rule rule;
    struct cluster_quality *quality;
    size_t clusters;
};

/*
 * What a pair that was not found speaks against joining two groups: a hundredth of a bit
 * for each of their cross pairs, two bits at most. Measured: docs/evaluation.md, Clusters.
 */
enum { CLUSTER_PATIENCE = 100, CLUSTER_MOST = 2 };

/* The least probability that is looked up: lower than the threshold if the share is to
 * be fitted. */
uint32_t dedupe_lowest(uint32_t probability, bool share_given);

/* Once the people are there and before anything costs time: reads the truth. */
bool dedupe_begin(struct run *run, struct err *err) MUST_CHECK;
bool run_dedupe(struct run *run, struct err *err) MUST_CHECK;
bool dedupe_truth_read(struct run *run, const char *path, struct err *err) MUST_CHECK;
bool dedupe_write(struct run *run, struct out *clusters, struct err *err) MUST_CHECK;
void dedupe_free(struct dedupe *dedupe); /* NULL is fine */

/* Shared by what is written. */
void put_probability(struct out *out, int32_t score);
void put_bits(struct out *out, int32_t bits);

/* The persons of the listed records as the left file has them: person[i] belongs to
 * list[i]. Views point into `arena`. */
bool run_left_again(struct run *run, const struct record *const *list, size_t count,
                    struct arena *arena, struct person *person,
                    struct err *err) MUST_CHECK;

#endif
