/*
 * The share of mentions that concern somebody on the left, fitted before the stream: some
 * blocks of the sample are matched, the share that their scores make most likely is taken,
 * and the index is moved to it. So the run that follows is the run that --share would give,
 * to the byte; it needs no second pass, works on what can be read once, and a stopped run
 * fits the same share again when it is taken up.
 */
#include "screen/run.h"

#include <stdlib.h>

enum { BATCH = 4096, BLOCKS = SHARE_BLOCKS };

/* Pairs down to the model's own threshold are fitted to, whatever that of the run: so the
 * share does not depend on it, and the fit costs what as many mentions of a run do. */
static uint32_t fitted_from(const struct run *run)
{
    return model_review_probability(run->model, run->settings->wash);
}

/* ---- which blocks: some of the sample, evenly spread ------------------------------------------ */

bool share_wants(const struct run *run)
{
    return !run->settings->share && !run->settings->dedupe;
}

uint32_t share_lowest(const struct run *run, uint32_t lowest)
{
    uint32_t from = fitted_from(run);

    return share_wants(run) && from < lowest ? from : lowest;
}

/* Every second block makes way. */
static size_t thin(struct share_blocks *blocks, struct feed_block *away[BLOCKS])
{
    size_t kept = 0, gone = 0;

    for (size_t i = 0; i < blocks->count; i++)
        if (i % 2 == 0)
            blocks->list[kept++] = blocks->list[i];
        else
            away[gone++] = blocks->list[i];
    blocks->count = kept;
    blocks->stride = blocks->stride * 2 + 1;
    return gone;
}

bool share_takes(struct run *run, struct feed_block *block,
                 struct feed_block *away[BLOCKS], size_t *gone)
{
    struct share_blocks *blocks = &run->share_blocks;
    uint64_t number = blocks->seen++;

    *gone = 0;
    if (!share_wants(run) || number % (blocks->stride + 1) != 0)
        return false;
    if (blocks->count == BLOCKS)
        *gone = thin(blocks, away);
    if (number % (blocks->stride + 1) != 0)
        return false;
    blocks->list[blocks->count++] = block;
    return true;
}

/* ---- their pairs ---------------------------------------------------------------------------- */

struct item {
    const struct feed_block *block;
    int32_t *sums; /* of each mention that has pairs */
    size_t count, room;
};

struct worker {
    struct matcher *matcher;
    struct hits hits;
};

struct fitting {
    struct run *run;
    struct worker *workers;
    struct share_fit *fit;
    size_t next;
};

static bool take(void *context, void **result, struct err *err)
{
    struct fitting *fitting = context;
    struct share_blocks *blocks = &fitting->run->share_blocks;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    if (fitting->next == blocks->count)
        return true;

    struct item *item = memory_new(1, sizeof(*item));

    item->block = blocks->list[fitting->next++];
    *result = item;
    return true;
}

static void sum_add(struct item *item, int32_t sum)
{
    if (item->count == item->room) {
        item->room = item->room ? item->room * 2 : 256;
        item->sums = memory_grow(item->sums, item->room, sizeof(*item->sums));
    }
    item->sums[item->count++] = sum;
}

size_t hits_of_mention(const struct hits *hits, size_t at)
{
    size_t end = at;

    while (end < hits->count && hits->list[end].right == hits->list[at].right)
        end++;
    return end - at;
}

static bool work(void *context, void *work_item, unsigned number, struct err *err)
{
    struct fitting *fitting = context;
    struct item *item = work_item;
    const struct feed_block *block = item->block;
    struct hits *hits = &fitting->workers[number].hits;
    int32_t threshold = bits_odds(fitted_from(fitting->run));

    (void)err;
    for (size_t at = 0; at < block->person_count; at += BATCH) {
        size_t rest = block->person_count - at, n;

        hits->count = 0;
        matcher_find(fitting->workers[number].matcher, block->people + at,
                     rest < BATCH ? rest : BATCH, threshold, hits);
        for (size_t i = 0; i < hits->count; i += n) {
            n = hits_of_mention(hits, i);
            sum_add(item, share_sum(hits->list + i, n));
        }
    }
    return true;
}

static void drop(void *context, void *dropped)
{
    struct item *item = dropped;

    (void)context;
    free(item->sums);
    free(item);
}

static bool give(void *context, void *given, struct err *err)
{
    struct fitting *fitting = context;
    struct item *item = given;

    (void)err;
    for (size_t i = 0; i < item->count; i++)
        share_fit_add(fitting->fit, item->sums[i]);
    share_fit_mentions(fitting->fit, item->block->person_count);
    drop(context, item);
    return true;
}

static bool match_blocks(struct run *run, struct share_fit *fit, struct err *err)
{
    struct fitting fitting = {.run = run, .fit = fit};
    struct pipeline pipeline = {&fitting, take, work, give, drop};

    fitting.workers = memory_new(run->threads, sizeof(*fitting.workers));
    for (unsigned i = 0; i < run->threads; i++)
        fitting.workers[i].matcher = matcher_new(run->index);

    bool ok = pipeline_run(&pipeline, run->threads, err);

    for (unsigned i = 0; i < run->threads; i++) {
        matcher_free(fitting.workers[i].matcher);
        free(fitting.workers[i].hits.list);
    }
    free(fitting.workers);
    return ok;
}

/* ---- the share ------------------------------------------------------------------------------- */

void share_blocks_done(struct run *run)
{
    struct share_blocks *blocks = &run->share_blocks;

    for (size_t i = 0; i < blocks->count && !blocks->borrowed; i++)
        feed_done(run->right_feed, blocks->list[i]);
    blocks->count = 0;
}

bool run_fit_share(struct run *run, uint32_t lowest, struct err *err)
{
    struct run_summary *summary = &run->summary;
    struct share_fit *fit = share_fit_new(summary->share);
    bool ok = match_blocks(run, fit, err);

    if (ok) {
        if (share_fit_solve(fit, &summary->share))
            summary->share_from = SHARE_FITTED;
        ok = index_move(run->index, summary->share, lowest, err);
    }
    share_fit_free(fit);
    share_blocks_done(run);
    return ok;
}
