/*
 * A whole file, of any format: each row is used or set aside, and what is given stays
 * readable. The bytes go through an anonymous file, as they come from a disk.
 */
#include "feed/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned touch(struct str text)
{
    unsigned sum = 0;

    for (size_t i = 0; i < text.len; i++)
        sum += (unsigned char)text.at[i];
    return sum;
}

static void check(const struct feed *feed, const struct feed_block *block)
{
    size_t carried = feed_carried_count(feed, block->file), set_aside = 0;
    volatile unsigned sum = 0;

    for (size_t i = 0; i < block->complaint_count; i++)
        set_aside += block->complaints[i].row_set_aside;
    if (block->person_count + set_aside != block->row_count)
        abort();
    for (size_t i = 0; i < block->person_count; i++) {
        if (block->people[i].field[FIELD_ID].len == 0)
            abort();
        for (int field = 0; field < FIELD_COUNT; field++)
            sum += touch(block->people[i].field[field]);
        for (size_t k = 0; k < carried; k++)
            sum += touch(block->carried[i * carried + k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    const char *const paths[] = {path};
    const struct feed_settings settings = {paths, 1, NULL, FEED_INTELLIGENCE, 2026};
    int fd = memfd_create("fuzz", 0);
    struct feed *feed;
    struct feed_block *block;
    struct err err;

    if (fd < 0)
        return 0;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (write(fd, data, size) == (ssize_t)size && feed_open(&settings, &feed, &err)) {
        uint64_t row = 1;

        while (feed_take(feed, &block, &err) && block) {
            if (block->first_row != row)
                abort();
            feed_parse(feed, block);
            check(feed, block);
            row += block->row_count;
            feed_done(feed, block);
        }
        feed_close(feed);
    }
    close(fd);
    return 0;
}
