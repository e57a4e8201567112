/*
 * archive, inside: segments and their blocks. Numbers are little-endian.
 *
 *   segment head, 64 bytes          block head, 48 bytes
 *    0  "candour-archive1"           0  "blk1", or "end1" behind the last block
 *   16  u32 segment, from 1          4  u32 bytes that follow
 *   20  u32 generation, from 1       8  u32 bytes of its records
 *   24  u64 number of first record  12  u32 records
 *   32  u32 1 if sealed             16  u64 first number, 24 u64 last number
 *   36  20 zeros                    32  u64 hash of the bytes that follow
 *   56  u64 hash of the above       40  u64 hash of the above
 *
 * What follows a head is zstd, sealed as a whole if the segment is. A record is a
 * varint of its number less the one before (less `first` for the first), a varint of its
 * length, and its bytes. Hashes are XXH3 of 64 bits, seeded by segment and generation, so
 * that a block out of another file is not taken for one of this. "end1" has no bytes;
 * its `first` and `last` are the segment's, `last` being one less than the next
 * segment's first number.
 */
#ifndef ARCHIVE_INNER_H
#define ARCHIVE_INNER_H

#include "archive/archive.h"

enum { SEGMENT_HEAD = 64, BLOCK_HEAD = 48 };

/* Of a file that is not ours a head could claim anything. */
#define BLOCK_BYTES_MAX (ARCHIVE_RECORD_MAX + (16u << 20))

struct segment {
    uint32_t number, generation;
    bool sealed;
    bool closed;    /* an end stands behind the last block */
    uint64_t first; /* number of its first record */
    uint64_t end;   /* one more than its last */
    uint64_t bytes; /* of its file */
};

struct block {
    bool last; /* the end: no records */
    uint32_t kept, raw, records;
    uint64_t first, end;
    uint64_t hash;
};

struct archive {
    char folder[1024];
    int lock;
    const struct archive_seal *seal;
    uint64_t segment_bytes;
    uint32_t block_bytes;

    struct segment *segments; /* ascending, without gaps; only the last may be open */
    uint32_t count, room;

    int fd; /* of the open segment, or -1 */
    uint64_t next;
    struct buffer *buffer; /* records of the block under way */
    bool broken; /* a write failed: what is on disk is known again at the next open */
};

/* ---- segment.c: files ------------------------------------------------------------------- */

enum { SEGMENT_PATH = 1100 };

void segment_name(const struct segment *segment, char name[64]);
void segment_path(const struct archive *archive, const struct segment *segment,
                  char path[SEGMENT_PATH]);

/* Reads the head of a segment whose number and generation are known, and finds its end;
 * bytes of a broken write may stand behind it. *whole: the head is as it was written. */
bool segment_look(const char *path, struct segment *segment, bool *whole,
                  struct err *err) MUST_CHECK;

bool segment_head_write(int fd, const struct segment *segment,
                        struct err *err) MUST_CHECK;
bool segment_end_write(int fd, struct segment *segment, struct err *err) MUST_CHECK;

/* The head at an offset; false without an error if it is none of this segment. */
bool block_head_read(int fd, const struct segment *segment, uint64_t offset,
                     struct block *block);

/* The blocks of a segment, opened: record() for each. A scan of one segment. */
bool segment_scan(const struct archive *archive, const struct segment *segment,
                  uint64_t from, uint64_t to, const struct archive_visit *visit,
                  struct err *err) MUST_CHECK;

bool folder_sync(const char *folder, struct err *err) MUST_CHECK;
bool write_whole(int fd, const void *bytes, size_t size, struct err *err) MUST_CHECK;

/* ---- buffer.c: records of a block, on their way into a file ------------------------------- */

struct buffer;

struct buffer *buffer_new(void);
void buffer_free(struct buffer *buffer);
void buffer_add(struct buffer *buffer, uint64_t number, struct str record);
size_t buffer_size(const struct buffer *buffer);
bool buffer_empty(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer);

/* Compresses, seals and appends the block; clears the buffer. */
bool buffer_write(struct buffer *buffer, int fd, struct segment *segment,
                  const struct archive_seal *seal, struct err *err) MUST_CHECK;

/* The same the other way. `stored` are the block's bytes, whose hash was checked. */
struct opener; /* a thread's working memory */
struct opener *opener_new(void);
void opener_free(struct opener *opener);
bool block_open(struct opener *opener, const struct archive_seal *seal,
                const struct segment *segment, const struct block *block,
                struct str stored, struct str *records, struct err *err) MUST_CHECK;

/* Cuts the next record off; false if the bytes are not as written. */
bool record_cut(struct str *records, uint64_t *number, struct str *record);

/* ---- heads ------------------------------------------------------------------------------- */

uint64_t segment_seed(const struct segment *segment);
void block_head_make(const struct segment *segment, const struct block *block,
                     uint8_t head[BLOCK_HEAD]);

void put_u32(uint8_t *at, uint32_t value);
void put_u64(uint8_t *at, uint64_t value);
uint32_t get_u32(const uint8_t *at);
uint64_t get_u64(const uint8_t *at);

/* Adds a segment to the list in memory. */
struct segment *segments_add(struct archive *archive, const struct segment *segment);

#endif
