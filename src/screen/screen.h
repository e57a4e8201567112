/*
 * screen: the wash, and what it found.
 *
 * A wash indexes the workforce, streams the mentions past it once and writes every
 * pair at or above the threshold, ordered by person, then score, then record. It can be
 * stopped at any instant and run again with `resume`, and gives the same bytes.
 * `candour link` is the same run over any two files of people, and `candour dedupe` over
 * one file and itself: its pairs are gathered into clusters.
 */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include "feed/feed.h"
#include "match/match.h"
#include "splink/splink.h"

/* ---- the person's part in a record --------------------------------------------------- */

/* What a record says of a person decides how a hit may be shown; never mixed. */
enum role_class {
    ROLE_ADVERSE, /* suspect, arrested, charged, offender, subject of intelligence */
    ROLE_ASSOCIATION, /* associate, keeper, linked address */
    ROLE_WELFARE,     /* victim, witness, reporting person, child named, missing */
    ROLE_POLICE,      /* officer in the case, author: counted, not raised */
    ROLE_UNKNOWN,     /* not said or not known: shown apart, never as a suspect */
    ROLE_CLASS_COUNT
};

enum role_class role_class_of(struct str role); /* by rulebook/roles/roles.csv */
const char *role_class_name(enum role_class role);

/* ---- a run ------------------------------------------------------------------------------ */

struct progress { /* told now and then, from one thread at a time */
    uint64_t rows, hits, set_aside;
    uint64_t bytes_done, bytes_all; /* bytes_all 0: not known */
    double seconds;
};

/* What `candour dedupe` writes beside its clusters. */
struct dedupe_settings {
    const char *pairs_path;   /* pairs at or above the threshold; or NULL */
    const char *quality_path; /* how each cluster holds together; or NULL */
    const char *truth_path;   /* to compare with; or NULL */
};

struct run_settings {
    const char *left_path;
    const char *left_map; /* or NULL */
    const char *const *right_paths;
    size_t right_count;
    const char *right_map;   /* or NULL */
    const char *model_path;  /* or NULL: the default model */
    const char *out_path;    /* hits; "-" for standard output */
    const char *report_path; /* or NULL */
    bool wash;               /* names, roles and threshold of a wash; else of a link */
    const struct dedupe_settings *dedupe; /* clusters of the left file, which is given
                                           * as the right one too; else NULL */
    bool resume;          /* go on where a stopped run of the same inputs ended */
    uint32_t probability; /* threshold in millionths; 0: the model's */
    uint32_t share;       /* prior share in millionths; 0: fitted to the mentions */
    uint32_t clerical;    /* link: lower threshold for review; 0: none */
    bool one_to_one;      /* link: only pairs that are the best of both their records */
    unsigned threads;     /* 0: all */
    int pivot_year;       /* the year of the run */
    const char *started;  /* the time of the run as shown in the report, UTC ISO */
    void *context;
    void (*progress)(void *context, const struct progress *progress); /* or NULL */
    /* told once, before the stream, what it will cost; or NULL */
    void (*forecast)(void *context, const struct index_forecast *forecast);
};

/* Where the share of mentions that concern anybody comes from. */
enum share_source {
    SHARE_GIVEN,   /* as asked for */
    SHARE_FITTED,  /* to the first mentions */
    SHARE_ASSUMED, /* the model's: too few mentions to fit it to */
};
const char *share_source_name(enum share_source source);

#define CLUSTER_SIZES 6 /* 1, 2, 3, 4, 5 to 9, 10 or more records */

struct cluster_summary {
    uint64_t sizes[CLUSTER_SIZES]; /* clusters of each size; 1: records by themselves */
    uint64_t clusters; /* of two records or more, and from here on of these */
    uint64_t records, largest;
    uint64_t links, cut; /* pairs at the threshold within clusters; between clusters */
    uint64_t bridges, flagged;
    uint32_t density, least_density; /* links per pair within; millionths */
    int32_t weakest;                 /* bits */
    uint32_t share; /* others of the same person a record has: given, or fitted */
    bool compared;
    struct cluster_agreement truth; /* if compared */
    uint64_t truth_unknown;         /* rows of the truth with ids the file has not */
};

struct run_summary {
    uint64_t people, people_set_aside;
    uint64_t mentions, mentions_set_aside, values_set_aside;
    uint64_t hits, hits_by_role[ROLE_CLASS_COUNT], people_hit;
    uint64_t
        left_out; /* of one-to-one: pairs with a better or an equal one beside them */
    uint64_t blocks, resumed_blocks;
    struct matcher_work work;
    uint64_t index_bytes;
    int32_t prior, threshold; /* bits */
    uint32_t probability;
    uint32_t
        share; /* of mentions that concern anybody, as scored with; not of dedupe */
    enum share_source share_from;
    uint32_t share_seen; /* of the whole stream, as its scores have it; not of dedupe */
    double seconds_index, seconds_stream, seconds_write;
    struct cluster_summary clusters; /* of dedupe */
    char model[64];
    char rejected_path[4096]; /* of the set-aside file; "" if nothing was set aside */
};

bool run_screen(const struct run_settings *settings, struct run_summary *summary,
                struct err *err) MUST_CHECK;

/* ---- a run by a model over columns --------------------------------------------------- */

/* `link` and `dedupe` with a model that came from Splink: both files are held in memory,
 * and their columns are taken by their own names and as written. */
struct columns_settings {
    const char *left_path, *right_path; /* right_path NULL: one file, to clusters */
    const struct splink_model *model;
    const char *out_path;                  /* pairs; clusters of one file */
    const char *clerical_path;             /* pairs between the thresholds; or NULL */
    const char *pairs_path, *quality_path; /* of one file; or NULL */
    uint32_t probability, clerical;        /* millionths */
    unsigned threads;
    void *context;
    void (*told)(void *context, const char *what, uint64_t done, uint64_t all);
};

struct columns_summary {
    uint64_t left, right, pairs, clerical;
    uint64_t clusters, clustered, cut; /* of one file: of two records or more */
    struct splink_work work;
    int64_t prior, threshold; /* WEIGHT_ONE to a bit */
    double seconds_read, seconds_find, seconds_write;
};

bool columns_run(const struct columns_settings *settings,
                 struct columns_summary *summary, struct err *err) MUST_CHECK;

/* ---- the report: one self-contained page ------------------------------------------------ */

#define REPORT_BANDS 6 /* probability bands of the counts by band */

struct report_hit {
    int32_t score;
    struct evidence evidence[COMPARISONS_MAX]; /* model_comparisons() of them */
    struct str left[FIELD_COUNT];              /* as written */
    struct str right[FIELD_COUNT];             /* as written */
    struct str left_other[OTHERS_MAX], right_other[OTHERS_MAX]; /* as written */
    enum role_class role;
    uint32_t rivals; /* other people who fit the same record as well or better */
};

struct report {
    const struct run_settings *settings;
    const struct run_summary *summary;
    const struct model *model;
    const struct report_hit *hits; /* the best of those raised, by score; a sample */
    size_t hit_count;
    uint64_t histogram[64]; /* hits by score: one bit wide, from the threshold */
    uint64_t bands[REPORT_BANDS][ROLE_CLASS_COUNT]; /* >= .99, .9, .5, .1, .01, rest */
    uint64_t role_other;                            /* roles no table knows */
};

/* Writes the page: charts as SVG with their tables, cards, filters; no request to
 * anybody. Values are escaped; scripts and styles are inline, from web-assets/report. */
bool report_write(const char *path, const struct report *report,
                  struct err *err) MUST_CHECK;

/* ---- the page of an evaluation --------------------------------------------------------- */

struct evaluation_group {
    const char *name;
    struct quality quality;
    struct interval recall; /* 95 %, by person */
    uint64_t members;       /* people, or records, of the group */
};

struct evaluation {
    const char *pairs, *truth_file; /* names of files */
    uint64_t truth, found, people;  /* people screened; 0: not known */
    const struct quality *at;       /* at_count thresholds, for the tables */
    size_t at_count;
    struct quality best;
    const struct scored *scored; /* every threshold there is, for the curves */
    size_t scored_count;
    const struct calibration *bins; /* CALIBRATION_BINS */
    struct reliability reliability;
    const char *column; /* that groups are by; NULL: none */
    const struct evaluation_group *groups;
    size_t group_count;
    const struct recall_gap *gap; /* NULL: fewer than two groups to compare */
};

bool evaluation_write(const char *path, const struct evaluation *page,
                      struct err *err) MUST_CHECK;
/* The page of a training: chances, weights, rounds, contributions, unlinkable people. */
bool training_report_write(const char *path, const struct training *training,
                           struct err *err) MUST_CHECK;

/* One pair's evidence as a waterfall: prior, each comparison, score. */
struct waterfall {
    const struct model *model;
    int32_t prior;
    int32_t score;
    const struct evidence *evidence; /* model_comparisons() of them */
};
void waterfall_text(const struct waterfall *waterfall, struct out *out);
void waterfall_json(const struct waterfall *waterfall, struct out *out);
void waterfall_svg(const struct waterfall *waterfall, struct out *out);

#endif
