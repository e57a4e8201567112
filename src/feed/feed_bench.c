/* feed_bench: how fast are a file's rows split and read? In time of one processor. */
#include "feed/feed.h"
#include "feed/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *whole_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *text;

    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    *size = (size_t)ftell(file);
    rewind(file);
    text = memory_new(*size + 64, 1);
    *size = fread(text, 1, *size, file);
    fclose(file);
    return text;
}

static void bench_split(const char *path)
{
    uint64_t records = 0, fields = 0;
    size_t size = 0;
    char *text = whole_file(path, &size);
    double best = 1e9;

    for (int i = 0; text && i < 5; i++) {
        double start = now();

        feed_split_count((struct str){text, size}, &records, &fields);
        best = now() - start < best ? now() - start : best;
    }
    printf("split  %6.2f GB/s  %llu records, %llu fields\n", (double)size / best / 1e9,
           (unsigned long long)records, (unsigned long long)fields);
    free(text);
}

static bool bench_feed(const struct feed_settings *settings, struct err *err)
{
    struct feed *feed;
    struct feed_block *block;
    uint64_t bytes = 0, rows = 0, people = 0, complaints = 0;
    double taking = 0, parsing = 0;

    if (!feed_open(settings, &feed, err))
        return false;
    for (;;) {
        double start = now();

        if (!feed_take(feed, &block, err)) {
            feed_close(feed);
            return false;
        }
        double taken = now();

        taking += taken - start;
        if (!block)
            break;
        feed_parse(feed, block);
        parsing += now() - taken;
        bytes += block->bytes;
        rows += block->row_count;
        people += block->person_count;
        complaints += block->complaint_count;
        feed_done(feed, block);
    }
    feed_close(feed);
    printf("take   %6.2f GB/s  (read, decompress, cut)\n",
           (double)bytes / taking / 1e9);
    printf(
        "parse  %6.2f GB/s  %.0f ns a row; %llu rows, %llu people, %llu complaints\n",
        (double)bytes / parsing / 1e9, parsing * 1e9 / (double)rows,
        (unsigned long long)rows, (unsigned long long)people,
        (unsigned long long)complaints);
    return true;
}

int main(int argc, char **argv)
{
    const char *paths[] = {argc > 1 ? argv[1] : ""};
    struct feed_settings settings = {.paths = paths,
                                     .path_count = 1,
                                     .map_path = argc > 2 ? argv[2] : NULL,
                                     .side = FEED_INTELLIGENCE,
                                     .pivot_year = 2026};
    struct err err = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: feed_bench FILE [MAP]\n");
        return 2;
    }
    bench_split(paths[0]);
    if (bench_feed(&settings, &err))
        return 0;
    fprintf(stderr, "feed_bench: %s\n", err.text);
    return err_exit(err.code);
}
