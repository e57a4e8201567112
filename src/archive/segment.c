/* Segments: their heads and blocks, found, checked and read. inner.h has the format. */
#include "archive/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char segment_magic[16] = "candour-archive1";
static const char block_magic[4] = "blk1", end_magic[4] = "end1";

void put_u32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

void put_u64(uint8_t *at, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

uint32_t get_u32(const uint8_t *at)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 4; i++)
        value |= (uint32_t)at[i] << 8 * i;
    return value;
}

uint64_t get_u64(const uint8_t *at)
{
    return get_u32(at) | (uint64_t)get_u32(at + 4) << 32;
}

/* ---- names and files ------------------------------------------------------------------- */

void segment_name(const struct segment *segment, char name[64])
{
    snprintf(name, 64, "%010" PRIu32 "-%" PRIu32 ".archive", segment->number,
             segment->generation);
}

void segment_path(const struct archive *archive, const struct segment *segment,
                  char path[SEGMENT_PATH])
{
    char name[64];

    segment_name(segment, name);
    snprintf(path, SEGMENT_PATH, "%s/%s", archive->folder, name);
}

bool folder_sync(const char *folder, struct err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int failure = errno;

    if (fd >= 0)
        close(fd);
    return synced || err_set(err, ERR_ENVIRONMENT, "cannot sync the folder %s: %s",
                             folder, strerror(failure));
}

bool write_whole(int fd, const void *bytes, size_t size, struct err *err)
{
    const char *at = bytes;

    while (size) {
        ssize_t n = write(fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(
                err, ERR_ENVIRONMENT,
                "cannot write to the archive: %s; free space and start again",
                strerror(errno));
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool read_at(int fd, uint64_t offset, void *bytes, size_t size)
{
    char *at = bytes;

    while (size) {
        ssize_t n = pread(fd, at, size, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return true;
}

/* ---- heads --------------------------------------------------------------------------------- */

uint64_t segment_seed(const struct segment *segment)
{
    return (uint64_t)segment->number << 32 | segment->generation;
}

bool segment_head_write(int fd, const struct segment *segment, struct err *err)
{
    uint8_t head[SEGMENT_HEAD] = {0};

    memcpy(head, segment_magic, sizeof(segment_magic));
    put_u32(head + 16, segment->number);
    put_u32(head + 20, segment->generation);
    put_u64(head + 24, segment->first);
    put_u32(head + 32, segment->sealed);
    put_u64(head + 56, hash_bytes(head, 56, 0));
    return write_whole(fd, head, sizeof(head), err);
}

static bool segment_head_read(int fd, struct segment *segment)
{
    uint8_t head[SEGMENT_HEAD];

    if (!read_at(fd, 0, head, sizeof(head)) ||
        memcmp(head, segment_magic, sizeof(segment_magic)) != 0 ||
        get_u64(head + 56) != hash_bytes(head, 56, 0))
        return false;
    *segment = (struct segment){.number = get_u32(head + 16),
                                .generation = get_u32(head + 20),
                                .first = get_u64(head + 24),
                                .end = get_u64(head + 24),
                                .sealed = get_u32(head + 32) == 1};
    return segment->number && segment->generation && segment->first;
}

void block_head_make(const struct segment *segment, const struct block *block,
                     uint8_t head[BLOCK_HEAD])
{
    memcpy(head, block->last ? end_magic : block_magic, 4);
    put_u32(head + 4, block->kept);
    put_u32(head + 8, block->raw);
    put_u32(head + 12, block->records);
    put_u64(head + 16, block->first);
    put_u64(head + 24, block->end - 1);
    put_u64(head + 32, block->hash);
    put_u64(head + 40, hash_bytes(head, 40, segment_seed(segment)));
}

bool block_head_read(int fd, const struct segment *segment, uint64_t offset,
                     struct block *block)
{
    uint8_t head[BLOCK_HEAD];

    if (!read_at(fd, offset, head, sizeof(head)) ||
        get_u64(head + 40) != hash_bytes(head, 40, segment_seed(segment)))
        return false;
    *block = (struct block){.last = memcmp(head, end_magic, 4) == 0,
                            .kept = get_u32(head + 4),
                            .raw = get_u32(head + 8),
                            .records = get_u32(head + 12),
                            .first = get_u64(head + 16),
                            .end = get_u64(head + 24) + 1,
                            .hash = get_u64(head + 32)};
    return (block->last || memcmp(head, block_magic, 4) == 0) &&
           block->kept <= BLOCK_BYTES_MAX && block->raw <= BLOCK_BYTES_MAX;
}

bool segment_end_write(int fd, struct segment *segment, struct err *err)
{
    struct block end = {.last = true, .first = segment->first, .end = segment->end};
    uint8_t head[BLOCK_HEAD];

    block_head_make(segment, &end, head);
    if (!write_whole(fd, head, sizeof(head), err))
        return false;
    segment->bytes += sizeof(head);
    segment->closed = true;
    return true;
}

/* ---- finding the end ------------------------------------------------------------------------ */

/* From block head to block head: what follows the last whole one is a torn write. */
static void look_through(int fd, uint64_t size, struct segment *segment)
{
    uint64_t at = SEGMENT_HEAD;
    struct block block;

    while (block_head_read(fd, segment, at, &block) &&
           at + BLOCK_HEAD + block.kept <= size) {
        at += BLOCK_HEAD + block.kept;
        segment->end = block.end;
        segment->closed = block.last;
        if (block.last)
            break;
    }
    segment->bytes = at;
}

/* A closed segment says so in its last bytes; only others need to be gone through. */
bool segment_look(const char *path, struct segment *segment, bool *whole,
                  struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct segment head = {0};
    struct stat about;
    struct block end;

    if (fd < 0 || fstat(fd, &about) != 0) {
        err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    uint64_t size = (uint64_t)about.st_size;

    *whole = segment_head_read(fd, &head) && head.number == segment->number &&
             head.generation == segment->generation;
    if (*whole)
        *segment = head;
    if (size >= SEGMENT_HEAD + BLOCK_HEAD &&
        block_head_read(fd, segment, size - BLOCK_HEAD, &end) && end.last) {
        segment->end = end.end;
        segment->closed = true;
        segment->bytes = size;
    } else {
        look_through(fd, size, segment);
    }
    close(fd);
    return true;
}

/* ---- scanning -------------------------------------------------------------------------------- */

struct scan {
    const struct archive *archive;
    const struct segment *segment;
    const struct archive_visit *visit;
    uint64_t from, to;
    struct opener *opener;
    char *stored;
    size_t room;
    int fd;
};

/* Tells of damage, or fails with it. */
static bool scan_damaged(const struct scan *scan, uint64_t offset, uint64_t first,
                         uint64_t end, const char *what, struct err *err)
{
    struct archive_damage damage = {.segment = scan->segment->number,
                                    .offset = offset,
                                    .first = first,
                                    .last = end - 1};

    segment_name(scan->segment, damage.file);
    if (scan->visit->damage) {
        scan->visit->damage(scan->visit->context, &damage);
        return true;
    }
    return err_set(err, ERR_INPUT,
                   "%s/%s: %s at byte %" PRIu64 ": records %" PRIu64 " to %" PRIu64
                   " cannot be read; put the file back from a backup",
                   scan->archive->folder, damage.file, what, offset, damage.first,
                   damage.last);
}

/* Gives the records of an opened block; false in *sound if they are not as the head
 * says, which zstd and the hash leave only to an error of our own. */
static bool give_records(const struct scan *scan, const struct block *block,
                         struct str records, bool *sound, struct err *err)
{
    uint64_t number = block->first;
    struct str record;
    uint32_t count = 0;

    *sound = true;
    while (records.len && *sound) {
        if (!record_cut(&records, &number, &record) || number >= block->end) {
            *sound = false;
        } else if (number >= scan->from && number < scan->to && scan->visit->record &&
                   !scan->visit->record(scan->visit->context, number, record, err)) {
            return false;
        }
        count++;
    }
    *sound = *sound && count == block->records;
    return true;
}

static bool scan_block(struct scan *scan, uint64_t offset, const struct block *block,
                       struct err *err)
{
    struct str records;
    struct err reason = {0};
    bool sound;

    if (block->kept > scan->room) {
        scan->stored = memory_grow(scan->stored, block->kept, 1);
        scan->room = block->kept;
    }
    struct str stored = {scan->stored, block->kept};

    if (!read_at(scan->fd, offset + BLOCK_HEAD, scan->stored, block->kept) ||
        hash_bytes(stored.at, stored.len, segment_seed(scan->segment)) != block->hash)
        return scan_damaged(scan, offset, block->first, block->end,
                            "a block is not as it was written", err);
    if (!block_open(scan->opener, scan->archive->seal, scan->segment, block, stored,
                    &records, &reason)) {
        if (reason.code == ERR_INPUT)
            return scan_damaged(scan, offset, block->first, block->end, reason.text,
                                err);
        *err = reason;
        return false;
    }
    if (!give_records(scan, block, records, &sound, err))
        return false;
    return sound || scan_damaged(scan, offset, block->first, block->end,
                                 "records do not fit their block", err);
}

static bool scan_head(const struct scan *scan, struct err *err)
{
    const struct segment *segment = scan->segment;
    struct segment head;

    return (segment_head_read(scan->fd, &head) && head.number == segment->number &&
            head.generation == segment->generation && head.first == segment->first) ||
           scan_damaged(scan, 0, segment->first, segment->end,
                        "the head is not as it was written", err);
}

/* A damaged head of a block hides where the next one begins: the rest is lost too. */
static bool scan_blocks(struct scan *scan, struct err *err)
{
    const struct segment *segment = scan->segment;
    uint64_t at = SEGMENT_HEAD, next = segment->first;

    while (at < segment->bytes) {
        struct block block;

        bool sound = block_head_read(scan->fd, segment, at, &block);

        if (sound && block.last)
            return true;
        if (!sound || block.first < next || block.end > segment->end ||
            at + BLOCK_HEAD + block.kept > segment->bytes)
            return scan_damaged(scan, at, next, segment->end,
                                "a block's head is not as it was written", err);
        if (block.first >= scan->to)
            return true;
        if (block.end > scan->from && !scan_block(scan, at, &block, err))
            return false;
        next = block.end;
        at += BLOCK_HEAD + block.kept;
    }
    return !segment->closed ||
           scan_damaged(scan, at, next, segment->end, "the end is missing", err);
}

bool segment_scan(const struct archive *archive, const struct segment *segment,
                  uint64_t from, uint64_t to, const struct archive_visit *visit,
                  struct err *err)
{
    struct scan scan = {archive, segment, visit, from, to, NULL, NULL, 0, -1};
    char path[SEGMENT_PATH];

    segment_path(archive, segment, path);
    scan.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (scan.fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s", path,
                       strerror(errno));
    scan.opener = opener_new();
    bool done = scan_head(&scan, err) && scan_blocks(&scan, err);

    opener_free(scan.opener);
    free(scan.stored);
    close(scan.fd);
    return done;
}
