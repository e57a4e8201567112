/* Segments written anew: without what must be forgotten, or with fuller blocks. */
#include "archive/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct rewrite {
    const struct archive *archive;
    struct segment segment; /* the new one */
    struct buffer *buffer;
    int fd;
    const uint64_t *numbers; /* left out; ascending */
    size_t count, at;
    uint64_t erased;
};

static bool copy_record(void *context, uint64_t number, struct str record,
                        struct err *err)
{
    struct rewrite *rewrite = context;

    while (rewrite->at < rewrite->count && rewrite->numbers[rewrite->at] < number)
        rewrite->at++;
    if (rewrite->at < rewrite->count && rewrite->numbers[rewrite->at] == number) {
        rewrite->erased++;
        return true;
    }
    buffer_add(rewrite->buffer, number, record);
    return buffer_size(rewrite->buffer) < rewrite->archive->block_bytes ||
           buffer_write(rewrite->buffer, rewrite->fd, &rewrite->segment,
                        rewrite->archive->seal, err);
}

static bool fill(struct rewrite *rewrite, const struct segment *old, struct err *err)
{
    struct archive_visit visit = {rewrite, copy_record, NULL};

    if (!segment_head_write(rewrite->fd, &rewrite->segment, err) ||
        !segment_scan(rewrite->archive, old, old->first, old->end, &visit, err))
        return false;
    if (!buffer_empty(rewrite->buffer) &&
        !buffer_write(rewrite->buffer, rewrite->fd, &rewrite->segment,
                      rewrite->archive->seal, err))
        return false;
    rewrite->segment.end = old->end; /* also if its last records are the forgotten */
    if (!segment_end_write(rewrite->fd, &rewrite->segment, err))
        return false;
    return fsync(rewrite->fd) == 0 ||
           err_set(err, ERR_ENVIRONMENT, "cannot sync the archive: %s",
                   strerror(errno));
}

/* The copy takes the segment's place by its name; a crash before leaves the old one
 * alone, a crash after is settled when the archive is opened. */
static bool replace(struct archive *archive, uint32_t index, struct rewrite *rewrite,
                    struct err *err)
{
    char old[SEGMENT_PATH], path[SEGMENT_PATH], part[SEGMENT_PATH + 8];
    bool done = false;

    segment_path(archive, &archive->segments[index], old);
    segment_path(archive, &rewrite->segment, path);
    snprintf(part, sizeof(part), "%s.part", path);
    rewrite->fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (rewrite->fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot make %s: %s", part,
                       strerror(errno));
    if (fill(rewrite, &archive->segments[index], err)) {
        done = rename(part, path) == 0 && unlink(old) == 0;
        if (!done)
            err_set(err, ERR_ENVIRONMENT, "cannot put %s in its place: %s", path,
                    strerror(errno));
    }
    close(rewrite->fd);
    if (!done) {
        unlink(part);
        return false;
    }
    archive->segments[index] = rewrite->segment;
    return folder_sync(archive->folder, err);
}

static bool segment_rewrite(struct archive *archive, uint32_t index,
                            const uint64_t numbers[], size_t count, uint64_t *erased,
                            struct err *err)
{
    const struct segment *old = &archive->segments[index];
    struct rewrite rewrite = {
        .archive = archive,
        .segment = {.number = old->number,
                    .generation = old->generation + 1,
                    .sealed = archive->seal != NULL,
                    .first = old->first,
                    .end = old->first,
                    .bytes = SEGMENT_HEAD},
        .buffer = buffer_new(),
        .numbers = numbers,
        .count = count
    };

    /* the open one is closed by it, and the next record begins another */
    if (!old->closed && archive->fd >= 0) {
        close(archive->fd);
        archive->fd = -1;
    }
    bool done = replace(archive, index, &rewrite, err);

    buffer_free(rewrite.buffer);
    if (!done && !archive->segments[index].closed)
        archive->broken = true;
    *erased += rewrite.erased;
    return done;
}

/* Whether any of the numbers is among the segment's records. */
struct search {
    const uint64_t *numbers;
    size_t count, at;
    bool found;
};

static bool search_record(void *context, uint64_t number, struct str record,
                          struct err *err)
{
    struct search *search = context;

    (void)record;
    (void)err;
    while (search->at < search->count && search->numbers[search->at] < number)
        search->at++;
    search->found |=
        search->at < search->count && search->numbers[search->at] == number;
    return true;
}

static bool segment_holds(const struct archive *archive, const struct segment *segment,
                          const uint64_t numbers[], size_t count, bool *holds,
                          struct err *err)
{
    struct search search = {numbers, count, 0, false};
    struct archive_visit visit = {&search, search_record, NULL};

    if (!segment_scan(archive, segment, numbers[0], numbers[count - 1] + 1, &visit,
                      err))
        return false;
    *holds = search.found;
    return true;
}

bool archive_erase(struct archive *archive, const uint64_t numbers[], size_t count,
                   uint64_t *erased, struct err *err)
{
    size_t at = 0;

    *erased = 0;
    if (!buffer_empty(archive->buffer))
        return err_set(err, ERR_USAGE, "the archive has records that were not flushed");
    for (uint32_t i = 0; i < archive->count && at < count; i++) {
        const struct segment *segment = &archive->segments[i];
        size_t begin, n;
        bool holds;

        while (at < count && numbers[at] < segment->first)
            at++;
        for (begin = at; at < count && numbers[at] < segment->end;)
            at++;
        n = at - begin;
        if (!n)
            continue;
        if (!segment_holds(archive, segment, numbers + begin, n, &holds, err) ||
            (holds && !segment_rewrite(archive, i, numbers + begin, n, erased, err)))
            return false;
    }
    return true;
}

/* ---- tidying ---------------------------------------------------------------------------------- */

/* Blocks that hold less than half of what they should, on average. */
static bool blocks_small(const struct archive *archive, const struct segment *segment,
                         bool *small, struct err *err)
{
    char path[SEGMENT_PATH];
    uint64_t at = SEGMENT_HEAD, raw = 0, blocks = 0;
    struct block block;

    segment_path(archive, segment, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s", path,
                       strerror(errno));
    while (block_head_read(fd, segment, at, &block) && !block.last) {
        at += BLOCK_HEAD + block.kept;
        raw += block.raw;
        blocks++;
    }
    close(fd);
    *small = blocks > 1 && raw / blocks < archive->block_bytes / 2;
    return true;
}

bool archive_tidy(struct archive *archive, uint64_t end, uint32_t *tidied,
                  struct err *err)
{
    *tidied = 0;
    for (uint32_t i = 0; i < archive->count; i++) {
        const struct segment *segment = &archive->segments[i];
        uint64_t erased = 0;
        bool small = false;

        if (!segment->closed || segment->end > end)
            continue;
        if (!blocks_small(archive, segment, &small, err))
            return false;
        if (!small)
            continue;
        if (!segment_rewrite(archive, i, NULL, 0, &erased, err))
            return false;
        (*tidied)++;
    }
    return true;
}
