/*
 * A segment of an archive whose hashes all fit: what is behind them may be anything.
 * A fuzzer would never guess a hash, so the heads are made here from its bytes.
 */
#include "archive/inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DESCRIBED = 12 }; /* bytes that a block's head is made of */

static void must(bool done)
{
    if (!done)
        abort();
}

static void make_segment(const char *path, const uint8_t *data, size_t size)
{
    struct segment segment = {.number = 1, .generation = 1, .first = 1, .end = 1};
    struct err err;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    must(fd >= 0 && segment_head_write(fd, &segment, &err));
    while (size >= DESCRIBED) {
        size_t left = size - DESCRIBED, kept = (size_t)(data[0] | data[1] << 8);
        struct block block = {.last = data[11] == 255,
                              .kept = (uint32_t)(kept < left ? kept : left),
                              .raw = (uint32_t)(data[2] | data[3] << 8),
                              .records = data[4],
                              .first = data[5],
                              .end = get_u32(data + 6) & 0xffff};
        uint8_t head[BLOCK_HEAD];

        block.hash =
            hash_bytes(data + DESCRIBED, block.kept, segment_seed(&segment) ^ data[10]);
        block_head_make(&segment, &block, head);
        must(write_whole(fd, head, sizeof(head), &err) &&
             write_whole(fd, data + DESCRIBED, block.kept, &err));
        data += DESCRIBED + block.kept;
        size = left - block.kept;
    }
    must(write_whole(fd, data, size, &err));
    close(fd);
}

static bool see(void *context, uint64_t number, struct str record, struct err *err)
{
    uint64_t *last = context;

    (void)err;
    must(number > 0 && number >= *last && (record.len == 0 || record.at));
    *last = number;
    return true;
}

static void see_damage(void *context, const struct archive_damage *damage)
{
    (void)context;
    must(damage->segment == 1 && damage->file[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char folder[64], path[128];
    uint64_t last = 0;
    struct archive_visit visit = {&last, see, see_damage};
    struct archive_settings settings = {.folder = folder, .end = 1};
    struct archive *archive;
    struct err err;

    if (!folder[0]) {
        snprintf(folder, sizeof(folder), "/dev/shm/candour-fuzz-%ld", (long)getpid());
        must(archive_open(&settings, &archive, &err));
        archive_close(archive);
        snprintf(path, sizeof(path), "%s/0000000001-1.archive", folder);
    }
    make_segment(path, data, size);
    settings.end = size ? data[0] : 1;
    if (!archive_open(&settings, &archive, &err))
        return 0;
    must(archive_scan(archive, 0, UINT64_MAX, &visit, &err));
    archive_close(archive);
    return 0;
}
