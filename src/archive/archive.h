/*
 * archive: what was screened, kept.
 *
 * A joiner has to be screened against the past without asking every source again, so
 * each mention screened is kept: as bytes, in the order of arrival, under a number that
 * is never given twice. The archive knows nothing of what the bytes mean; whoever keeps
 * it (a store) remembers which number is which version of which record.
 *
 *     archive_open -> archive_add ... archive_flush -> commit the number in the store
 *
 * Files: a folder of segments, each a run of compressed, checksummed blocks, sealed if
 * asked (docs/file-formats.md, "Archive"). Nothing in a segment is changed in place:
 * records are only added at the end, and what must be forgotten is left out of a copy
 * that takes the segment's place in one step.
 *
 * One process holds an archive (a lock file says so); within it one thread may change
 * it. Scans may run on many threads while nobody changes it.
 */
#ifndef ARCHIVE_ARCHIVE_H
#define ARCHIVE_ARCHIVE_H

#include "base/base.h"

struct archive;

#define ARCHIVE_RECORD_MAX (8u << 20) /* bytes of a record */

/* Where sealed bytes belong: they open there and nowhere else. */
struct archive_place {
    uint32_t segment, generation;
    uint64_t first; /* number of the block's first record */
};

/* Encryption, by who has the key. `overhead` is what sealing adds, in bytes. */
struct archive_seal {
    void *context;
    size_t overhead;
    /* Writes plain.len + overhead bytes. */
    bool (*seal)(void *context, const struct archive_place *place, struct str plain,
                 uint8_t *sealed, struct err *err);
    /* Writes sealed.len - overhead bytes; fails if one bit is not as it was. Called from
     * many threads at once by scans. */
    bool (*unseal)(void *context, const struct archive_place *place, struct str sealed,
                   uint8_t *plain, struct err *err);
};

struct archive_settings {
    const char *folder;              /* made if it is not there */
    const struct archive_seal *seal; /* NULL: kept in clear; must outlive the archive */
    uint64_t end;           /* the first number that was never committed: 1 for none */
    uint64_t segment_bytes; /* a segment is closed once it is that long; 0: 256 MiB */
    uint32_t block_bytes;   /* records of a block, before compression; 0: 1 MiB */
};

/*
 * Numbers from `end` on were added by a process that died before it committed: they are
 * dropped and given anew. If the files hold less than `end` something was lost, and
 * ERR_INPUT says so. Blocks are not read; archive_check does.
 */
bool archive_open(const struct archive_settings *settings, struct archive **archive,
                  struct err *err) MUST_CHECK;
void archive_close(struct archive *archive); /* what was not flushed is forgotten */

/* The next number, from 1 on. It is kept for good once archive_flush returned true. */
bool archive_add(struct archive *archive, struct str record, uint64_t *number,
                 struct err *err) MUST_CHECK;

/* All records added are on disk; *end is the first number not given yet. */
bool archive_flush(struct archive *archive, uint64_t *end, struct err *err) MUST_CHECK;

/* Bytes that could not be read as written, and the numbers that they held. */
struct archive_damage {
    uint32_t segment;
    uint64_t offset;      /* in its file */
    uint64_t first, last; /* at most these numbers are lost */
    char file[64];
};

struct archive_visit {
    void *context;
    /* Each record in order of number; `record` until it returns. NULL to check only. */
    bool (*record)(void *context, uint64_t number, struct str record, struct err *err);
    /* What is damaged is told and passed over; NULL: ERR_INPUT at the first. */
    void (*damage)(void *context, const struct archive_damage *damage);
};

/* Records numbered from .. to - 1 that were flushed and not erased. */
bool archive_scan(const struct archive *archive, uint64_t from, uint64_t to,
                  const struct archive_visit *visit, struct err *err) MUST_CHECK;

/*
 * Forgets records: their segments are written anew without them and the old files
 * removed. Numbers ascend, each once; one that is not there is no error. Whole or not
 * at all for each segment; a repeat after a crash does the rest. Flush first.
 */
bool archive_erase(struct archive *archive, const uint64_t numbers[], size_t count,
                   uint64_t *erased, struct err *err) MUST_CHECK;

/* Joins the small blocks of closed segments whose records are all below `end`, as many
 * short flushes leave them. Returns the number of segments written anew in *tidied. */
bool archive_tidy(struct archive *archive, uint64_t end, uint32_t *tidied,
                  struct err *err) MUST_CHECK;

struct archive_size {
    uint64_t end; /* the first number not given yet */
    uint64_t segments, bytes;
};
struct archive_size archive_size(const struct archive *archive);

#endif
