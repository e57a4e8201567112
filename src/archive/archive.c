/* The archive: opened where it ended, added to, read. */
#include "archive/inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT_BYTES (256u << 20)
#define BLOCK_BYTES   (1u << 20)

struct segment *segments_add(struct archive *archive, const struct segment *segment)
{
    if (archive->count == archive->room) {
        archive->room = archive->room ? archive->room * 2 : 16;
        archive->segments =
            memory_grow(archive->segments, archive->room, sizeof(*archive->segments));
    }
    archive->segments[archive->count] = *segment;
    return &archive->segments[archive->count++];
}

static uint64_t larger_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* ---- taking stock --------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const struct segment *x = a, *y = b;

    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->generation < y->generation ? -1 : x->generation > y->generation;
}

/* Names only; what else lies in the folder is not ours, but for unfinished copies. */
static bool list_files(struct archive *archive, struct err *err)
{
    DIR *folder = opendir(archive->folder);
    struct dirent *entry;

    if (!folder)
        return err_set(err, ERR_ENVIRONMENT, "cannot read the folder %s: %s",
                       archive->folder, strerror(errno));
    while ((entry = readdir(folder))) {
        struct segment segment = {0};
        char name[64], part[72];

        if (sscanf(entry->d_name, "%10" SCNu32 "-%10" SCNu32, &segment.number,
                   &segment.generation) != 2)
            continue;
        segment_name(&segment, name);
        snprintf(part, sizeof(part), "%s.part", name);
        if (strcmp(entry->d_name, name) == 0)
            segments_add(archive, &segment);
        else if (strcmp(entry->d_name, part) == 0)
            unlinkat(dirfd(folder), part, 0);
    }
    closedir(folder);
    if (archive->count)
        qsort(archive->segments, archive->count, sizeof(*archive->segments), by_number);
    return true;
}

/* Of two generations the later is whole, since it was renamed into place: the earlier
 * one holds what was to be forgotten. */
static bool drop_old_generations(struct archive *archive, struct err *err)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < archive->count; i++) {
        const struct segment *segment = &archive->segments[i];
        char path[SEGMENT_PATH];

        if (i + 1 == archive->count || segment[1].number != segment->number) {
            archive->segments[kept++] = *segment;
            continue;
        }
        segment_path(archive, segment, path);
        if (unlink(path) != 0)
            return err_set(err, ERR_ENVIRONMENT, "cannot remove %s: %s", path,
                           strerror(errno));
    }
    archive->count = kept;
    return true;
}

static bool lost(const struct archive *archive, uint64_t end, uint64_t found,
                 struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "the archive %s ends before record %" PRIu64
                   ", its store knows of %" PRIu64
                   ": restore store and archive from the same backup",
                   archive->folder, found, end - 1);
}

/* A file that a crash left without its head: nothing of it was committed. */
static bool drop_headless(struct archive *archive, const char *path, struct err *err)
{
    archive->count--;
    return unlink(path) == 0 ||
           err_set(err, ERR_ENVIRONMENT, "cannot remove %s: %s", path, strerror(errno));
}

/* What a head that is damaged should say follows from the neighbours. */
static bool follow(const struct archive *archive, uint32_t i, uint64_t next, bool whole,
                   struct err *err)
{
    struct segment *segment = &archive->segments[i];
    struct segment *before = i ? segment - 1 : NULL;

    if (!whole) {
        segment->first = next;
        segment->end = larger_of(segment->end, next);
        segment->sealed = archive->seal != NULL;
    } else if (segment->first != next && before && !before->closed) {
        before->end = segment->first;
    } else if (segment->first != next) {
        return err_set(err, ERR_INPUT,
                       "segment %" PRIu32
                       " of %s does not follow the one before: put both "
                       "back from a backup",
                       segment->number, archive->folder);
    }
    if (before)
        before->closed = true;
    return true;
}

/* Reads every head. A damaged one in the middle does not keep the others from being
 * used; a scan tells of it. */
static bool take_stock(struct archive *archive, uint64_t end, struct err *err)
{
    uint64_t next = 1;

    for (uint32_t i = 0; i < archive->count; i++) {
        struct segment *segment = &archive->segments[i];
        char path[SEGMENT_PATH];
        bool whole;

        if (segment->number != i + 1)
            return lost(archive, end, next, err);
        segment_path(archive, segment, path);
        if (!segment_look(path, segment, &whole, err))
            return false;
        if (!whole && i + 1 == archive->count && next >= end)
            return drop_headless(archive, path, err);
        if (!follow(archive, i, next, whole, err))
            return false;
        next = segment->end;
    }
    return next >= end || lost(archive, end, next, err);
}

/* ---- dropping what was never committed --------------------------------------------------------- */

/* The end of the block that ends at `end`: flushes end blocks. */
static bool find_end(int fd, struct segment *segment, uint64_t end, uint64_t *at,
                     struct err *err)
{
    uint64_t next = segment->first;
    struct block block;

    *at = SEGMENT_HEAD;
    while (next < end && block_head_read(fd, segment, *at, &block) && !block.last &&
           block.end <= end) {
        *at += BLOCK_HEAD + block.kept;
        next = block.end;
    }
    if (next > end || (next < end && segment->end > end && block.first < end))
        return err_set(err, ERR_INPUT,
                       "record %" PRIu64
                       " is not where a block ends: the archive is not "
                       "that of its store",
                       end - 1);
    segment->end = end;
    return true;
}

/* Opens the last segment for what comes; cuts off what no store knows. */
static bool take_up(struct archive *archive, uint64_t end, struct err *err)
{
    while (archive->count) {
        struct segment *last = &archive->segments[archive->count - 1];
        char path[SEGMENT_PATH];
        uint64_t at;

        segment_path(archive, last, path);
        if (last->first >= end && last->number > 1) {
            if (unlink(path) != 0)
                return err_set(err, ERR_ENVIRONMENT, "cannot remove %s: %s", path,
                               strerror(errno));
            archive->count--;
            continue;
        }
        if (last->closed && last->end == end)
            return true;
        archive->fd = open(path, O_RDWR | O_CLOEXEC);
        if (archive->fd < 0)
            return err_set(err, ERR_ENVIRONMENT, "cannot open %s: %s", path,
                           strerror(errno));
        if (!find_end(archive->fd, last, end, &at, err))
            return err_in(err, "%s", path);
        last->closed = false;
        last->bytes = at;
        if (ftruncate(archive->fd, (off_t)at) != 0 ||
            lseek(archive->fd, (off_t)at, SEEK_SET) < 0 || fsync(archive->fd) != 0)
            return err_set(err, ERR_ENVIRONMENT, "cannot cut %s: %s", path,
                           strerror(errno));
        return true;
    }
    return true;
}

static bool hold(struct archive *archive, struct err *err)
{
    char path[SEGMENT_PATH];

    if (mkdir(archive->folder, 0700) != 0 && errno != EEXIST)
        return err_set(err, ERR_ENVIRONMENT, "cannot make the folder %s: %s",
                       archive->folder, strerror(errno));
    snprintf(path, sizeof(path), "%s/lock", archive->folder);
    archive->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (archive->lock < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot open %s: %s", path,
                       strerror(errno));
    if (flock(archive->lock, LOCK_EX | LOCK_NB) != 0)
        return err_set(err, ERR_REFUSED,
                       "another process holds the archive %s: wait for it or stop it",
                       archive->folder);
    return true;
}

bool archive_open(const struct archive_settings *settings, struct archive **result,
                  struct err *err)
{
    struct archive *archive = memory_new(1, sizeof(*archive));
    uint64_t end = settings->end ? settings->end : 1;

    archive->lock = archive->fd = -1;
    archive->seal = settings->seal;
    archive->segment_bytes =
        settings->segment_bytes ? settings->segment_bytes : SEGMENT_BYTES;
    archive->block_bytes = settings->block_bytes ? settings->block_bytes : BLOCK_BYTES;
    archive->next = end;
    archive->buffer = buffer_new();
    int size =
        snprintf(archive->folder, sizeof(archive->folder), "%s", settings->folder);

    if (size < 0 || (size_t)size >= sizeof(archive->folder))
        err_set(err, ERR_USAGE, "the archive's folder has too long a name");
    else if (hold(archive, err) && list_files(archive, err) &&
             drop_old_generations(archive, err) && take_stock(archive, end, err) &&
             take_up(archive, end, err) && folder_sync(archive->folder, err)) {
        *result = archive;
        return true;
    }
    archive_close(archive);
    return false;
}

void archive_close(struct archive *archive)
{
    if (!archive)
        return;
    if (archive->fd >= 0)
        close(archive->fd);
    if (archive->lock >= 0)
        close(archive->lock);
    buffer_free(archive->buffer);
    free(archive->segments);
    free(archive);
}

struct archive_size archive_size(const struct archive *archive)
{
    struct archive_size size = {archive->next, archive->count, 0};

    for (uint32_t i = 0; i < archive->count; i++)
        size.bytes += archive->segments[i].bytes;
    return size;
}

/* ---- adding -------------------------------------------------------------------------------------- */

static bool segment_begin(struct archive *archive, struct err *err)
{
    struct segment segment = {.number = archive->count + 1,
                              .generation = 1,
                              .sealed = archive->seal != NULL,
                              .bytes = SEGMENT_HEAD};
    char path[SEGMENT_PATH];

    segment.first = segment.end =
        archive->count ? archive->segments[archive->count - 1].end : 1;
    segment_path(archive, &segment, path);
    archive->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (archive->fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot make %s: %s", path,
                       strerror(errno));
    segments_add(archive, &segment);
    return segment_head_write(archive->fd, &segment, err) &&
           folder_sync(archive->folder, err);
}

static bool segment_close(struct archive *archive, struct err *err)
{
    struct segment *last = &archive->segments[archive->count - 1];

    if (!segment_end_write(archive->fd, last, err))
        return false;
    if (fsync(archive->fd) != 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot sync the archive: %s",
                       strerror(errno));
    close(archive->fd);
    archive->fd = -1;
    return true;
}

static bool block_write(struct archive *archive, struct err *err)
{
    if (archive->fd < 0 && !segment_begin(archive, err))
        return false;

    struct segment *last = &archive->segments[archive->count - 1];

    return buffer_write(archive->buffer, archive->fd, last, archive->seal, err) &&
           (last->bytes < archive->segment_bytes || segment_close(archive, err));
}

/* After a failed write nobody knows what the file holds; opening finds out. */
static bool usable(const struct archive *archive, struct err *err)
{
    return !archive->broken ||
           err_set(
               err, ERR_ENVIRONMENT,
               "a write to the archive %s failed before: free space and start again",
               archive->folder);
}

bool archive_add(struct archive *archive, struct str record, uint64_t *number,
                 struct err *err)
{
    if (!usable(archive, err))
        return false;
    if (record.len > ARCHIVE_RECORD_MAX)
        return err_set(err, ERR_INPUT, "a record of %zu bytes is too long: at most %u",
                       record.len, ARCHIVE_RECORD_MAX);
    buffer_add(archive->buffer, archive->next, record);
    if (buffer_size(archive->buffer) >= archive->block_bytes &&
        !block_write(archive, err)) {
        archive->broken = true;
        return false;
    }
    *number = archive->next++;
    return true;
}

static bool flush(struct archive *archive, struct err *err)
{
    if (!buffer_empty(archive->buffer) && !block_write(archive, err))
        return false;
    return archive->fd < 0 || fdatasync(archive->fd) == 0 ||
           err_set(err, ERR_ENVIRONMENT, "cannot sync the archive: %s",
                   strerror(errno));
}

bool archive_flush(struct archive *archive, uint64_t *end, struct err *err)
{
    if (!usable(archive, err))
        return false;
    if (!flush(archive, err)) {
        archive->broken = true;
        return false;
    }
    *end = archive->next;
    return true;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

bool archive_scan(const struct archive *archive, uint64_t from, uint64_t to,
                  const struct archive_visit *visit, struct err *err)
{
    for (uint32_t i = 0; i < archive->count; i++) {
        const struct segment *segment = &archive->segments[i];

        if (segment->end > from && segment->first < to &&
            !segment_scan(archive, segment, from, to, visit, err))
            return false;
    }
    return true;
}
