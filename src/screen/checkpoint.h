/*
 * checkpoint: the work folder of a run, `<out>.work`, and how far the run has come.
 *
 *   lock           held while a run is at work; freed by the system if it dies
 *   settings       what the run was asked: inputs, model, thresholds, a line each
 *   checkpoint     how far it has come; replaced as a whole, so never half written
 *   hits-N         hits since checkpoint N - 1, as they came; until a run holds them
 *   rejected-N     lines of the set-aside file since then; 0 is the left file's
 *   top-N          the best hits for the report, as of checkpoint N
 *   run-N          sorted hits;  merge-N: several of them as one
 *   hits, clerical, rejected   the results, before they are moved into place
 *
 * A file counts only if the checkpoint speaks of it. What it does not speak of was
 * written after it, is removed and written again: so a run may die at any instant.
 */
#ifndef SCREEN_CHECKPOINT_H
#define SCREEN_CHECKPOINT_H

#include "match/match.h"

enum { PATH_SIZE = 4096 };

struct checkpoint {
    uint64_t blocks; /* of the right stream, done */
    uint64_t mentions, mentions_set_aside, values_set_aside;
    uint64_t hits;      /* at or above the threshold */
    uint64_t concerned; /* mentions expected to concern anybody, millionths of one */
    uint64_t parts;     /* number of the next part, which is this checkpoint's */
    uint64_t runs;      /* complete; they hold the hits of parts below run_parts */
    uint64_t run_parts;
    uint64_t buffered; /* bytes in hits-run_parts .. hits-(parts - 1) */
    uint64_t rejected; /* bytes in rejected-1 .. rejected-(parts - 1) */
    uint64_t top;      /* part of the current top file, 0: none */
    struct matcher_work work;
};

enum work_file {
    WORK_LOCK,
    WORK_SETTINGS,
    WORK_CHECKPOINT,
    WORK_HITS, /* the results */
    WORK_CLERICAL,
    WORK_REJECTED,
    WORK_HITS_PART, /* from here on: numbered */
    WORK_REJECTED_PART,
    WORK_TOP_PART,
    WORK_RUN,
    WORK_MERGE,
    WORK_FILE_COUNT
};

struct work;

/*
 * Makes or takes up the folder, and holds it against a second run. With `resume` and a
 * checkpoint there, *checkpoint is how far the stopped run came; settings that differ
 * are ERR_REFUSED and name the first line that does. Without, what an earlier run left
 * is removed and *checkpoint is all zero. A folder of the system's choice for "-".
 */
bool work_open(const char *out_path, const char *settings, bool resume,
               struct work **work, struct checkpoint *checkpoint,
               struct err *err) MUST_CHECK;
void work_close(struct work *work);  /* leaves the folder for --resume */
void work_remove(struct work *work); /* and everything of ours in it */

const char *work_folder(const struct work *work);
void work_name(const char *folder, enum work_file file, uint64_t number,
               char path[PATH_SIZE]);
void work_unlink(const char *folder, enum work_file file, uint64_t number);

/* Once this returns true the run goes on from here, whatever happens to it. */
bool work_save(struct work *work, const struct checkpoint *checkpoint,
               struct err *err) MUST_CHECK;

/* Moves a result out of the folder to where it was asked for; refuses, as work_open
 * does, to put it in the place of a pipe or device. */
bool work_deliver(struct work *work, enum work_file file, const char *path,
                  struct err *err) MUST_CHECK;

#endif
