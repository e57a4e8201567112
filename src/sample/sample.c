/*
 * The files of a sample, in order: workforce, groups; intelligence parts, truth and
 * lookalikes in one pass; the manifest last.
 *
 * Blocks of BLOCK_ROWS rows are made by all threads and given in order. A block never
 * spans two parts, so a part is a whole number of blocks and what is written does not
 * depend on the number of threads.
 */
#include "sample/sample.h"
#include "sample/manifest.h"
#include "sample/part.h"
#include "sample/workforce.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK_ROWS = 10000 };
static_assert(SAMPLE_PART_ROWS % BLOCK_ROWS == 0, "parts are whole blocks");

static const struct {
    const char *name;
    uint64_t workforce, mentions, people;
} presets[] = {
    {"unit",   2000,   20000,     8000    },
    {"ci",     30000,  1000000,   400000  },
    {"full",   300000, 10000000,  3500000 },
    {"stress", 300000, 100000000, 28000000},
};

bool sample_preset(const char *name, uint64_t *workforce, uint64_t *mentions,
                   uint64_t *people)
{
    for (size_t i = 0; i < COUNT(presets); i++) {
        if (strcmp(presets[i].name, name) != 0)
            continue;
        if (workforce)
            *workforce = presets[i].workforce;
        if (mentions)
            *mentions = presets[i].mentions;
        if (people)
            *people = presets[i].people;
        return true;
    }
    return false;
}

struct block {
    uint64_t first, count;
    struct rows rows, groups; /* of the workforce */
    struct sample_text text;  /* of the intelligence */
    char *packed;
    size_t packed_size, packed_room;
};

enum { FREE_BLOCKS = 256 };

struct making {
    const struct sample_settings *settings;
    struct sample_summary *summary;
    struct manifest *manifest;
    struct world *world;
    struct crowd crowd;
    struct roll *roll;
    uint64_t next, all, written; /* rows of this pass */
    bool workforce;              /* which pass */
    struct part_file *main, *truth, *lookalikes;
    struct block *blocks[FREE_BLOCKS]; /* to be used again */
    size_t block_count;
    pthread_mutex_t lock; /* of blocks */
};

static struct block *block_take(struct making *making)
{
    struct block *block = NULL;

    pthread_mutex_lock(&making->lock);
    if (making->block_count)
        block = making->blocks[--making->block_count];
    pthread_mutex_unlock(&making->lock);
    return block ? block : memory_new(1, sizeof(*block));
}

static void block_free(struct block *block)
{
    free(block->rows.at);
    free(block->groups.at);
    free(block->text.mentions.at);
    free(block->text.truth.at);
    free(block->text.lookalikes.at);
    free(block->packed);
    free(block);
}

static void block_drop(void *context, void *item)
{
    struct making *making = context;
    bool kept = false;

    pthread_mutex_lock(&making->lock);
    if (making->block_count < FREE_BLOCKS) {
        making->blocks[making->block_count++] = item;
        kept = true;
    }
    pthread_mutex_unlock(&making->lock);
    if (!kept)
        block_free(item);
}

static bool take(void *context, void **item, struct err *err)
{
    struct making *making = context;

    *item = NULL;
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped; run again to make the sample anew");
    if (making->next >= making->all)
        return true;
    struct block *block = block_take(making);

    block->first = making->next;
    block->count = making->all - making->next < BLOCK_ROWS ? making->all - making->next
                                                           : BLOCK_ROWS;
    making->next += block->count;
    *item = block;
    return true;
}

static bool work(void *context, void *item, unsigned worker, struct err *err)
{
    const struct making *making = context;
    struct block *block = item;

    (void)worker;
    block->rows.used = block->groups.used = 0;
    block->text.mentions.used = block->text.truth.used = block->text.lookalikes.used =
        0;
    block->text.true_pairs = block->text.lookalike_pairs = 0;
    if (making->workforce) {
        for (uint64_t i = 0; i < block->count; i++)
            workforce_write(making->world, block->first + i, &block->rows,
                            &block->groups);
        return true;
    }
    if (block->first % SAMPLE_PART_ROWS == 0) {
        rows_reserve(&block->text.mentions);
        put_text(&block->text.mentions, mention_head);
    }
    for (uint64_t i = 0; i < block->count; i++)
        mention_write(&making->crowd, making->roll, block->first + i, &block->text);
    return making->settings->compress == SAMPLE_PLAIN ||
           block_compress(making->settings->compress, block->text.mentions.at,
                          block->text.mentions.used, &block->packed,
                          &block->packed_size, &block->packed_room, err);
}

static bool close_part(struct making *making, struct part_file **part, const char *name,
                       uint64_t rows, struct err *err)
{
    struct part_file *closing = *part;
    char hex[65];
    uint64_t size;

    *part = NULL;
    if (!part_commit(closing, hex, &size, err))
        return false;
    making->summary->bytes += size;
    manifest_output(making->manifest, name, rows, size, hex);
    return true;
}

static void part_name(const struct making *making, uint64_t number, char name[64])
{
    static const char *const endings[] = {"", ".gz", ".zst"};

    snprintf(name, 64, "intelligence-%04llu.csv%s", (unsigned long long)number,
             endings[making->settings->compress]);
}

static void tell(const struct making *making, uint64_t done)
{
    uint64_t before = making->workforce ? 0 : making->world->rows;

    if (making->settings->progress)
        making->settings->progress(making->settings->progress_context, before + done,
                                   making->world->rows + making->crowd.mentions);
}

static bool give_workforce(struct making *making, const struct block *block)
{
    part_write(making->main, block->rows.at, block->rows.used);
    part_write(making->truth, block->groups.at, block->groups.used);
    return true;
}

static bool give_mentions(struct making *making, const struct block *block,
                          struct err *err)
{
    uint64_t number = block->first / SAMPLE_PART_ROWS + 1;
    uint64_t end = block->first + block->count;
    char name[64];

    part_name(making, number, name);
    if (!making->main && !part_open(making->settings->out, name, &making->main, err))
        return false;
    if (making->settings->compress == SAMPLE_PLAIN)
        part_write(making->main, block->text.mentions.at, block->text.mentions.used);
    else
        part_write(making->main, block->packed, block->packed_size);
    part_write(making->truth, block->text.truth.at, block->text.truth.used);
    part_write(making->lookalikes, block->text.lookalikes.at,
               block->text.lookalikes.used);
    making->summary->true_pairs += block->text.true_pairs;
    making->summary->lookalike_pairs += block->text.lookalike_pairs;
    if (end % SAMPLE_PART_ROWS != 0 && end != making->all)
        return true;
    making->summary->parts++;
    return close_part(making, &making->main, name,
                      end - (number - 1) * SAMPLE_PART_ROWS, err);
}

static bool give(void *context, void *item, struct err *err)
{
    struct making *making = context;
    struct block *block = item;
    bool done = making->workforce ? give_workforce(making, block)
                                  : give_mentions(making, block, err);

    making->written = block->first + block->count;
    block_drop(making, block);
    tell(making, making->written);
    return done;
}

static bool run(struct making *making, uint64_t rows, struct err *err)
{
    struct pipeline pipeline = {making, take, work, give, block_drop};

    making->next = 0;
    making->all = rows;
    return pipeline_run(&pipeline, making->settings->threads, err);
}

static bool make_workforce(struct making *making, struct err *err)
{
    const char *out = making->settings->out;
    uint64_t rows = making->world->rows;

    making->workforce = true;
    if (!part_open(out, "workforce.csv", &making->main, err) ||
        !part_open(out, "groups.csv", &making->truth, err))
        return false;
    part_write(making->main, workforce_head, strlen(workforce_head));
    part_write(making->truth, group_head, strlen(group_head));
    return run(making, rows, err) &&
           close_part(making, &making->main, "workforce.csv", rows, err) &&
           close_part(making, &making->truth, "groups.csv", rows, err);
}

static bool make_intelligence(struct making *making, struct err *err)
{
    const char *out = making->settings->out;

    making->workforce = false;
    if (!part_open(out, "truth.csv", &making->truth, err) ||
        !part_open(out, "lookalikes.csv", &making->lookalikes, err))
        return false;
    part_write(making->truth, truth_head, strlen(truth_head));
    part_write(making->lookalikes, lookalike_head, strlen(lookalike_head));
    return run(making, making->crowd.mentions, err) &&
           close_part(making, &making->truth, "truth.csv", making->summary->true_pairs,
                      err) &&
           close_part(making, &making->lookalikes, "lookalikes.csv",
                      making->summary->lookalike_pairs, err);
}

static void summarise(struct making *making)
{
    struct sample_summary *summary = making->summary;
    const struct world *world = making->world;

    summary->workforce_rows = world->rows;
    summary->workforce_people = world->members;
    summary->mentions = making->crowd.mentions;
    summary->people_mentioned = making->crowd.people;
    for (int c = T0; c <= T5; c++)
        summary->class_people[c] =
            world->class_end[c] - (c == T5 ? 0 : world->class_end[c + 1]);
}

static void make_tables(struct making *making)
{
    char hex[65];

    for (const struct embedded *at = sample_table_files; at->name; at++) {
        sha256_hex(at->bytes, at->size, hex);
        manifest_input(making->manifest, at->name, at->size, hex);
    }
}

/* Everything that holds memory or an open file is given back here, done or not. */
static void making_end(struct making *making)
{
    part_abandon(making->main);
    part_abandon(making->truth);
    part_abandon(making->lookalikes);
    while (making->block_count)
        block_free(making->blocks[--making->block_count]);
    crowd_free(&making->crowd);
    pthread_mutex_destroy(&making->lock);
}

static bool make_files(const struct sample_settings *settings, uint64_t people,
                       struct manifest *manifest, struct arena *arena,
                       struct sample_summary *summary, struct err *err)
{
    struct making making = {
        .settings = settings, .summary = summary, .manifest = manifest};

    pthread_mutex_init(&making.lock, NULL);
    making.world = arena_alloc(arena, sizeof(*making.world));
    world_make(arena, settings->seed, settings->workforce, making.world);
    crowd_make(making.world, settings->mentions, people, &making.crowd);
    making.roll = roll_make(arena, making.world, settings->threads);
    make_tables(&making);
    summarise(&making);
    bool done = make_workforce(&making, err) && make_intelligence(&making, err);

    making_end(&making);
    return done;
}

/* Settings with nothing left to choose. */
static bool settle(const struct sample_settings *given,
                   struct sample_settings *settings, uint64_t *people, struct err *err)
{
    uint64_t workforce, mentions;

    *settings = *given;
    if (!given->preset || !sample_preset(given->preset, &workforce, &mentions, people))
        return err_set(err, ERR_USAGE,
                       "no such preset; choose unit, ci, full or stress");
    if (!given->out || !given->out[0])
        return err_set(err, ERR_USAGE, "no folder to write to; give --out DIR");
    if (!settings->workforce)
        settings->workforce = workforce;
    if (!settings->mentions)
        settings->mentions = mentions;
    if (settings->workforce < 100 || settings->workforce > 9000000)
        return err_set(err, ERR_USAGE,
                       "the workforce must be of 100 to 9,000,000 rows");
    if (settings->mentions < settings->workforce * 4 || settings->mentions > 900000000)
        return err_set(
            err, ERR_USAGE,
            "mentions must be four times the workforce at least, and at most "
            "900,000,000");
    *people = *people * settings->mentions / mentions;
    if (!settings->threads)
        settings->threads = threads_available();
    return true;
}

static bool folder_make(const char *path, struct err *err)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    return err_set(err, ERR_ENVIRONMENT, "cannot make %s: %s; choose another folder",
                   path, strerror(errno));
}

bool sample_make(const struct sample_settings *given, struct sample_summary *summary,
                 struct err *err)
{
    struct sample_settings settings;
    struct sample_summary made = {0};
    uint64_t people = 0;
    bool same;

    if (!settle(given, &settings, &people, err) || !folder_make(settings.out, err) ||
        !manifest_look(&settings, &same, &made, err))
        return false;
    if (same) {
        made.already_there = true;
        *summary = made;
        return true;
    }
    struct arena *arena = arena_new();
    struct manifest *manifest = manifest_new(&settings);
    bool done = manifest_clear(&settings, err) &&
                make_files(&settings, people, manifest, arena, &made, err) &&
                manifest_write(manifest, &made, err);

    manifest_free(manifest);
    arena_free(arena);
    if (done)
        *summary = made;
    return done;
}
