/*
 * spill: every hit in order, in bounded memory.
 *
 * Hits come in the order of the stream and leave ordered by person, then score, then
 * record. They are gathered in a buffer; a full buffer is sorted and written as a run,
 * and at the end the runs and what is left in the buffer are merged. So memory does not
 * grow with the mentions. One thread at a time.
 *
 * The order is total (file and row of the mention settle what is left), so the result
 * does not depend on where one run ends and the next begins.
 */
#ifndef SCREEN_SPILL_H
#define SCREEN_SPILL_H

#include "match/match.h"

/* ---- records: a hit with the words it is written with -------------------------------- */

struct record {
    uint32_t size;   /* bytes in all, texts included: a multiple of RECORD_ALIGN */
    uint32_t rank;   /* of the person's id among all ids on the left, sorted as bytes */
    int32_t score;   /* bits */
    uint32_t file;   /* of the mention, */
    uint64_t row;    /*   and its row there */
    uint32_t rivals; /* other people who fit the mention as well or better */
    uint32_t text_count;
    struct evidence evidence[COMPARISON_COUNT];
    uint32_t text_len[]; /* then the texts, one after the other; the first is the id */
};

enum { RECORD_ALIGN = 8 };

struct bytes { /* grows; free(at) is the owner's */
    char *at;
    size_t size, room;
};

/* Appends a record; size and text_count of `head` are filled in. */
void record_put(struct bytes *bytes, const struct record *head, const struct str *texts,
                size_t text_count);
struct str record_text(const struct record *record, size_t index);

/* Whether the bytes are whole records, one after the other. */
bool records_whole(const char *at, size_t size);

/* Below, at or above 0: by rank, then score from the highest, then right id, then row. */
int record_order(const struct record *a, const struct record *b);

/* Reads a file of whole records to the end of `bytes`; a missing file adds nothing. */
bool records_read(const char *path, struct bytes *bytes, struct err *err) MUST_CHECK;
bool records_write(const char *path, const char *at, size_t size,
                   struct err *err) MUST_CHECK;

/* ---- the spill ------------------------------------------------------------------------ */

struct spill;

/* Files go to `folder`, named by work_name(). `limit` bytes of records are kept. */
struct spill *spill_new(const char *folder, size_t limit, unsigned fan_in);
void spill_free(struct spill *spill);

bool spill_is_full(const struct spill *spill, size_t coming); /* would be, with these */
void spill_add(struct spill *spill, const struct bytes *records);
size_t spill_buffered(const struct spill *spill); /* bytes */

/* Writes what came since the last call as part `number`, so that it can be read back. */
bool spill_part(struct spill *spill, uint64_t number, struct err *err) MUST_CHECK;
bool spill_part_read(struct spill *spill, uint64_t number, struct err *err) MUST_CHECK;

/* Sorts the buffer, writes it as run `number` and empties it. */
bool spill_run(struct spill *spill, uint64_t number, struct err *err) MUST_CHECK;

/* Visits all records of the runs 0 .. run_count - 1 and of the buffer, in order. */
bool spill_merge(struct spill *spill, uint64_t run_count, void *context,
                 bool (*visit)(void *context, const struct record *record,
                               struct err *err),
                 struct err *err) MUST_CHECK;

#endif
