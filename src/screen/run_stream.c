/*
 * The mentions stream past the index: blocks are taken in order, parsed and matched on
 * many threads, and given in order. What is given lies in the spill and in run->state,
 * and becomes a checkpoint every few seconds.
 */
#include "screen/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 4096 }; /* mentions looked up at once: bounds the hits in memory */

const enum field run_fields[] = {
    FIELD_ID,         FIELD_ROLE,    FIELD_SOURCE_FORCE, FIELD_RECORD_TYPE,
    FIELD_EVENT_DATE, FIELD_GRADING, FIELD_HANDLING,     FIELD_RECORD_ID,
};
static_assert(COUNT(run_fields) == RUN_FIELD_COUNT, "every text of a record is named");

struct str mention_id(const struct person *mention)
{
    struct str id = mention->field[FIELD_ID];

    return id.len ? id : mention->field[FIELD_RECORD_ID];
}

/* ---- sampling: whose values are common? --------------------------------------------------- */

struct sample {
    struct run *run;
    uint64_t taken;
    bool keep; /* what is not a file cannot be read twice */
};

static bool sample_take(void *context, void **item, struct err *err)
{
    struct sample *sample = context;
    struct feed_block *block = NULL;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    if (sample->taken == sample->run->limits->sample_blocks)
        return true;
    if (!feed_take(sample->run->right_feed, &block, err))
        return false;
    sample->taken++;
    *item = block;
    return true;
}

static bool sample_parse(void *context, void *item, unsigned worker, struct err *err)
{
    struct sample *sample = context;

    (void)worker;
    (void)err;
    feed_parse(sample->run->right_feed, item);
    return true;
}

/* Back to the feed, unless the stream or the fit of the share will want it. */
static void share_keep(struct sample *sample, struct feed_block *block)
{
    struct run *run = sample->run;
    struct feed_block *away[SHARE_BLOCKS];
    size_t gone;
    bool taken = share_takes(run, block, away, &gone);

    if (sample->keep) {
        run->kept[run->kept_count++] = block;
        return;
    }
    for (size_t i = 0; i < gone; i++)
        feed_done(run->right_feed, away[i]);
    if (!taken)
        feed_done(run->right_feed, block);
}

static bool sample_give(void *context, void *item, struct err *err)
{
    struct sample *sample = context;
    struct run *run = sample->run;
    struct feed_block *block = item;

    (void)err;
    for (size_t i = 0; i < block->person_count; i++)
        index_sample(run->index, &block->people[i]);
    share_keep(sample, block);
    return true;
}

static void sample_drop(void *context, void *item)
{
    struct sample *sample = context;

    feed_done(sample->run->right_feed, item);
}

bool run_again(struct run *run, struct err *err)
{
    if (run->kept)
        return true;

    struct feed_settings settings = {
        .paths = run->settings->right_paths,
        .path_count = run->settings->right_count,
        .map_path = run->settings->right_map,
        .side = run->settings->wash ? FEED_INTELLIGENCE : FEED_PEOPLE,
        .pivot_year = run->settings->pivot_year,
    };

    feed_close(run->right_feed);
    run->right_feed = NULL;
    return feed_open(&settings, &run->right_feed, err);
}

bool run_sample(struct run *run, struct err *err)
{
    struct sample sample = {.run = run};
    struct pipeline pipeline = {&sample, sample_take, sample_parse, sample_give,
                                sample_drop};

    for (size_t i = 0; i < run->settings->right_count; i++)
        sample.keep = sample.keep || run_reads_once(run->settings->right_paths[i]);
    if (sample.keep)
        run->kept = memory_new(run->limits->sample_blocks, sizeof(struct feed_block *));
    run->share_blocks.borrowed = sample.keep;
    /* Parsed people are larger than their text: from a file they are read again. */
    return pipeline_run(&pipeline, run->threads, err);
}

/* ---- one block ------------------------------------------------------------------------------- */

struct item {
    struct feed_block *block;
    bool parsed;        /* by the sample */
    uint64_t consumed;  /* bytes of the files, when it was taken */
    struct bytes hits;  /* records for the spill */
    struct bytes best;  /* records for the report */
    uint64_t hit_count; /* at or above the threshold */
    uint64_t concerned; /* mentions expected to concern anybody, millionths of one */
    struct matcher_work work;
};

struct worker {
    struct matcher *matcher;
    struct hits hits;
};

struct stream {
    struct run *run;
    struct worker *workers;
    uint64_t blocks_done; /* by the run that was stopped */
    double saved_at, told_at;
};

static struct feed_block *kept_take(struct run *run)
{
    return run->kept_at < run->kept_count ? run->kept[run->kept_at++] : NULL;
}

static bool take(void *context, void **result, struct err *err)
{
    struct stream *stream = context;
    struct run *run = stream->run;
    struct feed_block *block;
    bool parsed;

    for (;;) {
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped");
        block = kept_take(run);
        parsed = block != NULL;
        if (!block && !feed_take(run->right_feed, &block, err))
            return false;
        if (!block || block->number >= stream->blocks_done)
            break;
        feed_done(run->right_feed, block);
    }
    if (!block)
        return true;

    struct item *item = memory_new(1, sizeof(*item));

    item->block = block;
    item->parsed = parsed;
    item->consumed = feed_consumed(run->right_feed);
    *result = item;
    return true;
}

static void item_free(struct run *run, struct item *item)
{
    feed_done(run->right_feed, item->block);
    free(item->hits.at);
    free(item->best.at);
    free(item);
}

static void drop(void *context, void *item)
{
    struct stream *stream = context;

    item_free(stream->run, item);
}

/* ---- work: parse, match, turn hits into records ------------------------------------------------ */

/* Others of the same mention that score as well; hits are ordered by mention. */
static uint32_t rivals_of(const struct hits *hits, size_t at)
{
    const struct hit *hit = &hits->list[at];
    uint32_t rivals = 0;

    for (size_t i = at; i-- > 0 && hits->list[i].right == hit->right;)
        rivals += hits->list[i].score >= hit->score;
    for (size_t i = at + 1; i < hits->count && hits->list[i].right == hit->right; i++)
        rivals += hits->list[i].score >= hit->score;
    return rivals;
}

/* A free text may be megabytes long; the report shows its beginning. */
static struct str beginning(struct str text)
{
    enum { SHOWN = 4000 };

    if (text.len <= SHOWN)
        return text;
    text.len = SHOWN;
    while (text.len && ((unsigned char)text.at[text.len] & 0xc0) == 0x80)
        text.len--; /* not in the middle of a letter */
    return text;
}

struct evidence run_evidence(const struct record *record, unsigned comparison)
{
    struct evidence evidence = {0};

    if (comparison < COMPARISON_COUNT)
        return record->evidence[comparison];

    struct str others = record_text(record, record->text_count - 1);
    size_t at = (comparison - COMPARISON_COUNT) * sizeof(evidence);

    if (at + sizeof(evidence) <= others.len)
        memcpy(&evidence, others.at + at, sizeof(evidence));
    return evidence;
}

/* The text that holds evidence of other columns; how many: none or one. */
static size_t others_text(const struct run *run, const struct evidence *evidence,
                          struct str *text)
{
    size_t count = model_comparisons(run->model) - COMPARISON_COUNT;

    *text = (struct str){(const char *)evidence, count * sizeof(*evidence)};
    return count > 0;
}

static void record_best(const struct run *run, const struct record *head,
                        const struct evidence *others, const struct person *mention,
                        struct bytes *best)
{
    struct str texts[FIELD_COUNT + OTHERS_MAX + 1];
    size_t count = FIELD_COUNT;

    for (size_t i = 0; i < FIELD_COUNT; i++)
        texts[i] = beginning(mention->field[i]);
    for (size_t i = COMPARISON_COUNT; i < model_comparisons(run->model); i++)
        texts[count++] = beginning(mention->other[i - COMPARISON_COUNT]);
    count += others_text(run, others, &texts[count]);
    record_put(best, head, texts, count);
}

static void record_hit(const struct run *run, const struct hits *hits, size_t at,
                       const struct person *mention, struct item *item)
{
    const struct hit *hit = &hits->list[at];
    struct record head = {
        .rank = run->left.rank[hit->left],
        .score = hit->score,
        .file = mention->file,
        .row = mention->row,
        .rivals = rivals_of(hits, at),
    };
    struct str texts[RUN_FIELD_COUNT + 1];
    struct evidence others[OTHERS_MAX];

    memset(others, 0,
           sizeof(others)); /* what lies between the members is written too */
    for (size_t i = 0; i < COMPARISON_COUNT; i++) {
        head.evidence[i].level = hit->evidence[i].level;
        head.evidence[i].bits = hit->evidence[i].bits;
    }
    for (size_t i = COMPARISON_COUNT; i < model_comparisons(run->model); i++) {
        others[i - COMPARISON_COUNT].level = hit->evidence[i].level;
        others[i - COMPARISON_COUNT].bits = hit->evidence[i].bits;
    }
    texts[0] = mention_id(mention);
    for (size_t i = 1; i < RUN_FIELD_COUNT; i++)
        texts[i] = mention->field[run_fields[i]];
    record_put(&item->hits, &head, texts,
               RUN_FIELD_COUNT + others_text(run, others, &texts[RUN_FIELD_COUNT]));
    if (hit->score < run->threshold)
        return;
    item->hit_count++;
    if (!run->top ||
        hit->score < top_bar(run->top, role_class_of(mention->field[FIELD_ROLE])))
        return;
    record_best(run, &head, others, mention, &item->best);
}

static struct matcher_work work_between(struct matcher_work after,
                                        struct matcher_work before)
{
    return (struct matcher_work){
        .mentions = after.mentions - before.mentions,
        .probes = after.probes - before.probes,
        .entries = after.entries - before.entries,
        .candidates = after.candidates - before.candidates,
        .scored = after.scored - before.scored,
        .hits = after.hits - before.hits,
        .scans = after.scans - before.scans,
    };
}

void run_work_add(struct matcher_work *sum, struct matcher_work more)
{
    sum->mentions += more.mentions;
    sum->probes += more.probes;
    sum->entries += more.entries;
    sum->candidates += more.candidates;
    sum->scored += more.scored;
    sum->hits += more.hits;
    sum->scans += more.scans;
}

static uint64_t concerned(const struct run *run, const struct hits *hits)
{
    uint64_t sum = 0;

    for (size_t i = 0, n; i < hits->count; i += n) {
        n = hits_of_mention(hits, i);
        sum += share_concerns(run->summary.share, share_sum(hits->list + i, n));
    }
    return sum;
}

static bool work(void *context, void *work_item, unsigned number, struct err *err)
{
    struct stream *stream = context;
    const struct run *run = stream->run;
    struct item *item = work_item;
    struct feed_block *block = item->block;
    struct worker *worker = &stream->workers[number];
    struct matcher_work before = matcher_work(worker->matcher);

    (void)err;
    if (!item->parsed)
        feed_parse(run->right_feed, block);
    for (size_t at = 0; at < block->person_count; at += BATCH) {
        const struct person *mentions = block->people + at;
        size_t rest = block->person_count - at;

        worker->hits.count = 0;
        matcher_find(worker->matcher, mentions, rest < BATCH ? rest : BATCH,
                     run->lowest, &worker->hits);
        for (size_t i = 0; i < worker->hits.count; i++)
            record_hit(run, &worker->hits, i, &mentions[worker->hits.list[i].right],
                       item);
        item->concerned += concerned(run, &worker->hits);
    }
    item->work = work_between(matcher_work(worker->matcher), before);
    return true;
}

/* ---- checkpoints ---------------------------------------------------------------------------------- */

static bool save_top(struct run *run, struct checkpoint *next, struct err *err)
{
    char path[PATH_SIZE];

    if (!run->top || !top_changed(run->top))
        return true;
    work_name(work_folder(run->work), WORK_TOP_PART, next->parts, path);
    next->top = next->parts;
    return top_save(run->top, path, err);
}

/* What the checkpoint before spoke of and this one does not. */
static void forget(const struct run *run, const struct checkpoint *before)
{
    const char *folder = work_folder(run->work);

    for (uint64_t i = before->run_parts; i < run->state.run_parts; i++)
        work_unlink(folder, WORK_HITS_PART, i);
    if (before->top && before->top != run->state.top)
        work_unlink(folder, WORK_TOP_PART, before->top);
}

static bool save(struct run *run, bool as_run, struct checkpoint *next, struct err *err)
{
    uint64_t rejected = 0;

    if (as_run) {
        if (!spill_run(run->spill, next->runs, err))
            return false;
        next->runs++;
        next->run_parts = next->parts + 1;
    } else if (!spill_part(run->spill, next->parts, err)) {
        return false;
    }
    if (!run_rejected_end(run, &rejected, err) || !save_top(run, next, err))
        return false;
    next->rejected += rejected;
    next->buffered = spill_buffered(run->spill);
    next->parts++;
    return work_save(run->work, next, err);
}

bool run_checkpoint(struct run *run, bool as_run, struct err *err)
{
    struct checkpoint before = run->state, next = run->state;

    if (run->save_failed)
        return err_set(err, ERR_ENVIRONMENT, "an earlier checkpoint failed");
    if (!save(run, as_run, &next, err)) {
        run->save_failed = true;
        return false;
    }
    run->state = next;
    run->saved = true;
    forget(run, &before);
    return true;
}

/* ---- give: in order, by one thread at a time --------------------------------------------------------- */

static void tell(struct stream *stream, uint64_t consumed)
{
    const struct run *run = stream->run;
    double now = run_seconds();
    struct progress progress = {
        .rows = run->state.mentions + run->state.mentions_set_aside,
        .hits = run->state.hits,
        .set_aside = run->state.mentions_set_aside,
        .bytes_done = consumed,
        .bytes_all = feed_size(run->right_feed),
        .seconds = now - run->started,
    };

    if (!run->settings->progress ||
        now - stream->told_at < run->limits->progress_seconds)
        return;
    stream->told_at = now;
    run->settings->progress(run->settings->context, &progress);
}

/* A stop then costs at most a hundredth of the run, and a long run has few parts. */
static bool checkpoint_due(const struct stream *stream)
{
    const struct run *run = stream->run;
    double now = run_seconds(), since = now - stream->saved_at;

    return run->resumable && since >= run->limits->checkpoint_seconds &&
           since * 100 >= now - run->started;
}

static void count(struct run *run, const struct item *item)
{
    const struct feed_block *block = item->block;
    struct checkpoint *state = &run->state;

    state->blocks++;
    state->mentions += block->person_count;
    state->mentions_set_aside += block->row_count - block->person_count;
    for (size_t i = 0; i < block->complaint_count; i++)
        state->values_set_aside += !block->complaints[i].row_set_aside;
    state->hits += item->hit_count;
    state->concerned += item->concerned;
    run_work_add(&state->work, item->work);
}

static bool give_item(struct stream *stream, const struct item *item, struct err *err)
{
    struct run *run = stream->run;
    const struct feed_block *block = item->block;

    if (spill_is_full(run->spill, item->hits.size) && !run_checkpoint(run, true, err))
        return false;
    for (size_t i = 0; i < block->complaint_count; i++)
        if (!run_set_aside(run, run->right_feed, &block->complaints[i], err))
            return false;
    spill_add(run->spill, &item->hits);
    if (run->top)
        top_offer(run->top, &item->best);
    count(run, item);
    tell(stream, item->consumed);
    if (checkpoint_due(stream)) {
        if (!run_checkpoint(run, false, err))
            return false;
        stream->saved_at = run_seconds();
    }
    return true;
}

static bool give(void *context, void *item, struct err *err)
{
    struct stream *stream = context;
    bool ok = give_item(stream, item, err);

    item_free(stream->run, item);
    return ok;
}

/* ---- the stream ------------------------------------------------------------------------------------------- */

/* Hits, best hits and counts of the run that was stopped. */
static bool take_up(struct run *run, struct err *err)
{
    const struct checkpoint *state = &run->state;
    char path[PATH_SIZE];

    for (uint64_t i = state->run_parts; i < state->parts; i++)
        if (!spill_part_read(run->spill, i, err))
            return false;
    if (spill_buffered(run->spill) != state->buffered)
        return err_set(err, ERR_REFUSED,
                       "cannot resume: %s is not whole; run without --resume",
                       work_folder(run->work));
    if (!run->top || !state->top)
        return true;
    work_name(work_folder(run->work), WORK_TOP_PART, state->top, path);
    return top_read(run->top, path, err);
}

static bool stream_run(struct run *run, struct stream *stream, struct err *err)
{
    struct pipeline pipeline = {stream, take, work, give, drop};
    bool ok;

    stream->workers = memory_new(run->threads, sizeof(*stream->workers));
    for (unsigned i = 0; i < run->threads; i++)
        stream->workers[i].matcher = matcher_new(run->index);
    ok = pipeline_run(&pipeline, run->threads, err);
    for (unsigned i = 0; i < run->threads; i++) {
        matcher_free(stream->workers[i].matcher);
        free(stream->workers[i].hits.list);
    }
    free(stream->workers);
    return ok;
}

bool run_stream(struct run *run, struct err *err)
{
    struct stream stream = {.run = run};

    run->state = run->stopped;
    if (run->state.parts == 0)
        run->state.parts = run->state.run_parts = 1; /* part 0 is the left file's */
    else if (!take_up(run, err))
        return false;
    run->summary.resumed_blocks = stream.blocks_done = run->state.blocks;
    stream.saved_at = run_seconds();

    struct err ignored;

    if (stream_run(run, &stream, err)) /* a merge that dies can then be done again */
        return run_checkpoint(run, false, err);
    /* Without one more checkpoint, the one before has to do. */
    if (err->code == ERR_STOPPED && run->resumable &&
        !run_checkpoint(run, false, &ignored))
        run->save_failed = true;
    return false;
}
