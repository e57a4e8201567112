/*
 * sample: a made-up workforce and made-up intelligence, with the truth.
 *
 * For demonstration, tests and benchmarks. Nobody in it exists: National Insurance
 * numbers start with QQ, telephones are of the ranges kept for drama, e-mail is at
 * example.com, .org and .net, vehicle marks are of patterns never issued.
 *
 * Every value is a pure function of (seed, stream, entity, draw), so any row can be
 * made alone and the files are the same bytes on any number of threads.
 *
 * Written into the folder:
 *   workforce.csv          the HR extract, one row an employment
 *   intelligence-NNNN.csv  person mentions, SAMPLE_PART_ROWS a part (.gz, .zst if asked)
 *   truth.csv              left_id,right_id,...: one true pair a line, nothing else
 *   lookalikes.csv         left_id,right_id,relation: pairs that must not be raised
 *   groups.csv             row_id,culture,sex,age_band: for recall by group
 *   manifest.json          settings, row counts, SHA-256 of every input and output
 */
#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H

#include "base/base.h"

#define SAMPLE_SPEC      "candour-sample-1" /* changes whenever a byte of output does */
#define SAMPLE_PART_ROWS 1000000u

/* The day on which the sample is taken: made-up people have their ages on it. */
#define SAMPLE_DAY "2026-01-01"

enum sample_compress { SAMPLE_PLAIN, SAMPLE_GZ, SAMPLE_ZST };

struct sample_settings {
    const char *preset; /* "unit", "ci", "full" or "stress" */
    uint64_t seed;
    const char *out;               /* folder; made if it is not there */
    unsigned threads;              /* 0: as many as there are processors */
    enum sample_compress compress; /* of the intelligence parts */
    bool force;                    /* replace another sample in the same folder */
    uint64_t workforce;            /* rows instead of the preset's; 0: the preset's */
    uint64_t mentions;             /* likewise */

    /* Called now and then by one thread at a time with rows written; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t all);
    void *progress_context;
};

struct sample_summary {
    bool
        already_there; /* the same settings were found in the folder: nothing written */
    uint64_t workforce_rows, workforce_people;
    uint64_t mentions, people_mentioned, parts;
    uint64_t true_pairs, lookalike_pairs;
    uint64_t class_people[6]; /* T0 to T5: strongest presence of each member */
    uint64_t bytes;           /* of all files, as written */
};

/* True if the name is that of a preset; its sizes go to the pointers that are given. */
bool sample_preset(const char *name, uint64_t *workforce, uint64_t *mentions,
                   uint64_t *people);

/*
 * Makes the sample. Files appear when whole, the manifest last, so a folder with a
 * manifest is complete. ERR_USAGE: unknown preset, sizes out of range, or a folder that
 * holds another sample and no `force`. ERR_STOPPED when stop_asked() became true.
 * Memory is of the order of the workforce: of the mentions, a byte for each person.
 */
bool sample_make(const struct sample_settings *settings, struct sample_summary *summary,
                 struct err *err) MUST_CHECK;

#endif
