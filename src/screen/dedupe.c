/*
 * One file with itself. The people are indexed; then the file is read once more and
 * everybody looked up. A pair is found from either side, and can score a little
 * differently (a near name weighs by how common it is as the mention wrote it): it
 * counts once, with the better of the two, so the order of the rows does not matter.
 *
 * Memory: 12 bytes a found pair, at most run_limits.links of them, beside the index; then
 * what clusters_find() needs for the pairs that are left once each counts once.
 */
#include "screen/run.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 4096 }; /* people looked up at once: bounds the hits in memory */

/* The share is fitted to the file up to sixteen times the model's: 8 others a record. */
enum { HEADROOM = 4 * BITS_ONE, ROUNDS = 60, SETTLED = BITS_ONE / 256 };

uint32_t dedupe_lowest(uint32_t probability, bool share_given)
{
    uint32_t lowest = bits_probability(bits_odds(probability) - HEADROOM);

    if (share_given)
        return probability;
    return lowest ? lowest : 1;
}

void dedupe_free(struct dedupe *dedupe)
{
    if (!dedupe)
        return;
    free(dedupe->links);
    free(dedupe->truth);
    free(dedupe->cluster);
    free(dedupe->quality);
    free(dedupe);
}

/* ---- pairs, block by block ---------------------------------------------------------------- */

struct found {
    uint32_t left;  /* person of the index */
    uint32_t right; /* of the block */
    int32_t score;
};

struct item {
    struct feed_block *block;
    uint64_t consumed; /* bytes of the file, when it was taken */
    struct found *found;
    size_t count, room;
    struct matcher_work work;
};

struct worker {
    struct matcher *matcher;
    struct hits hits;
};

struct pairing {
    struct run *run;
    struct worker *workers;
    uint32_t next; /* person: who comes next in the file */
    uint64_t rows;
    double told_at;
};

static bool take(void *context, void **result, struct err *err)
{
    struct pairing *pairing = context;
    struct feed_block *block = NULL;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    if (!feed_take(pairing->run->right_feed, &block, err))
        return false;
    if (!block)
        return true;

    struct item *item = memory_new(1, sizeof(*item));

    item->block = block;
    item->consumed = feed_consumed(pairing->run->right_feed);
    *result = item;
    return true;
}

static void found_add(struct item *item, const struct hit *hit, size_t from)
{
    if (item->count == item->room) {
        item->room = item->room ? item->room * 2 : 256;
        item->found = memory_grow(item->found, item->room, sizeof(*item->found));
    }
    item->found[item->count++] =
        (struct found){hit->left, (uint32_t)from + hit->right, hit->score};
}

static bool work(void *context, void *work_item, unsigned number, struct err *err)
{
    struct pairing *pairing = context;
    struct run *run = pairing->run;
    struct item *item = work_item;
    struct feed_block *block = item->block;
    struct worker *worker = &pairing->workers[number];
    struct hits *hits = &worker->hits;

    (void)err;
    feed_parse(run->right_feed, block);
    for (size_t at = 0; at < block->person_count; at += BATCH) {
        size_t rest = block->person_count - at;

        hits->count = 0;
        matcher_find(worker->matcher, block->people + at, rest < BATCH ? rest : BATCH,
                     run->lowest, hits);
        for (size_t i = 0; i < hits->count; i++)
            found_add(item, &hits->list[i], at);
    }
    return true;
}

/* ---- give: in order, by one thread at a time ------------------------------------------------- */

static bool link_add(struct run *run, struct record_link link, struct err *err)
{
    struct dedupe *dedupe = run->dedupe;
    size_t limit = run->limits->links;

    if (dedupe->count == limit) {
        dedupe->count = links_settle(dedupe->links, dedupe->count);
        if (dedupe->count > limit / 4 * 3)
            return err_set(err, ERR_INPUT,
                           "more than %zu pairs of records could be the same person; "
                           "raise --threshold, lower --share, or see whether many rows "
                           "are all but empty",
                           dedupe->count);
    }
    if (dedupe->count == dedupe->room) {
        dedupe->room = dedupe->room ? dedupe->room * 2 : 4096;
        dedupe->room = dedupe->room < limit ? dedupe->room : limit;
        dedupe->links =
            memory_grow(dedupe->links, dedupe->room, sizeof(*dedupe->links));
    }
    dedupe->links[dedupe->count++] = link;
    return true;
}

/* The people of the block by their numbers in the index; UINT32_MAX: set aside. They
 * come in the order in which they were enrolled, and ids are all different. */
static uint32_t *people_number(struct pairing *pairing, const struct feed_block *block)
{
    const struct left *left = &pairing->run->left;
    uint32_t *number = memory_new(block->person_count + 1, sizeof(*number));

    for (size_t i = 0; i < block->person_count; i++) {
        struct str id = block->people[i].field[FIELD_ID];
        bool next =
            pairing->next < left->count && str_same(id, left_id(left, pairing->next));

        number[i] = next ? pairing->next++ : UINT32_MAX;
    }
    return number;
}

static bool give_item(struct pairing *pairing, const struct item *item, struct err *err)
{
    struct run *run = pairing->run;
    uint32_t *number = people_number(pairing, item->block);
    const uint32_t *rank = run->left.rank;
    bool ok = true;

    for (size_t i = 0; i < item->count && ok; i++) {
        const struct found *found = &item->found[i];
        uint32_t other = number[found->right];

        if (other == UINT32_MAX || other == found->left)
            continue;

        uint32_t a = rank[found->left], b = rank[other];

        ok = link_add(
            run, (struct record_link){a < b ? a : b, a < b ? b : a, found->score}, err);
    }
    free(number);
    return ok;
}

static void tell(struct pairing *pairing, const struct item *item)
{
    const struct run *run = pairing->run;
    double now = run_seconds();
    struct progress progress = {
        .rows = pairing->rows,
        .hits = run->dedupe->count,
        .bytes_done = item->consumed,
        .bytes_all = feed_size(run->right_feed),
        .seconds = now - run->started,
    };

    if (!run->settings->progress ||
        now - pairing->told_at < run->limits->progress_seconds)
        return;
    pairing->told_at = now;
    run->settings->progress(run->settings->context, &progress);
}

static void drop(void *context, void *dropped)
{
    struct pairing *pairing = context;
    struct item *item = dropped;

    feed_done(pairing->run->right_feed, item->block);
    free(item->found);
    free(item);
}

static bool give(void *context, void *item, struct err *err)
{
    struct pairing *pairing = context;
    bool ok = give_item(pairing, item, err);

    pairing->rows += ((struct item *)item)->block->row_count;
    tell(pairing, item);
    drop(context, item);
    return ok;
}

static bool pairs_find(struct run *run, struct err *err)
{
    struct pairing pairing = {.run = run};
    struct pipeline pipeline = {&pairing, take, work, give, drop};

    pairing.workers = memory_new(run->threads, sizeof(*pairing.workers));
    for (unsigned i = 0; i < run->threads; i++)
        pairing.workers[i].matcher = matcher_new(run->index);

    bool ok = pipeline_run(&pipeline, run->threads, err);

    for (unsigned i = 0; i < run->threads; i++) {
        run_work_add(&run->state.work, matcher_work(pairing.workers[i].matcher));
        matcher_free(pairing.workers[i].matcher);
        free(pairing.workers[i].hits.list);
    }
    free(pairing.workers);
    if (ok && pairing.next != run->left.count)
        return err_set(err, ERR_INPUT, "%s changed while it was read; run again",
                       run->settings->left_path);
    return ok;
}

/* ---- clusters ------------------------------------------------------------------------------------ */

static unsigned size_class(uint32_t records)
{
    return records >= 10 ? 5 : records >= 5 ? 4 : records - 1;
}

static void summarise(struct run *run)
{
    const struct dedupe *dedupe = run->dedupe;
    struct cluster_summary *summary = &run->summary.clusters;
    uint64_t pairs = 0, cut = 0;

    *summary = (struct cluster_summary){.clusters = dedupe->clusters,
                                        .least_density = 1000000,
                                        .weakest = INT32_MAX,
                                        .share = summary->share,
                                        .truth_unknown = summary->truth_unknown};
    for (size_t i = 0; i < dedupe->clusters; i++) {
        const struct cluster_quality *quality = &dedupe->quality[i];
        uint32_t density = cluster_density(quality);

        summary->sizes[size_class(quality->records)]++;
        summary->records += quality->records;
        summary->links += quality->links;
        summary->bridges += quality->bridges;
        summary->flagged += cluster_flagged(quality);
        pairs += (uint64_t)quality->records * (quality->records - 1) / 2;
        if (quality->records > summary->largest)
            summary->largest = quality->records;
        if (density < summary->least_density)
            summary->least_density = density;
        if (quality->weakest < summary->weakest)
            summary->weakest = quality->weakest;
    }
    for (size_t i = 0; i < dedupe->count; i++)
        cut +=
            dedupe->links[i].score >= run->threshold &&
            dedupe->cluster[dedupe->links[i].a] != dedupe->cluster[dedupe->links[i].b];
    summary->cut = cut;
    summary->sizes[0] = run->left.count - summary->records;
    summary->density =
        pairs ? (uint32_t)((double)summary->links * 1e6 / (double)pairs + 0.5) : 0;
    if (dedupe->truth) {
        summary->compared = true;
        summary->truth =
            clusters_compare(dedupe->cluster, dedupe->truth, run->left.count);
    }
}

/* ---- the prior -------------------------------------------------------------------------------- */

/* Other records of the same person that a record has, as the scores have it; millionths. */
static uint64_t others_expected(const struct run *run, int32_t shift)
{
    const struct dedupe *dedupe = run->dedupe;
    uint64_t sum = 0;

    for (size_t i = 0; i < dedupe->count; i++)
        sum += bits_probability(dedupe->links[i].score + shift);
    sum = 2 * sum / run->left.count;
    return sum ? sum : 1;
}

/*
 * The prior is how many others of the same person a record has, divided by the records
 * there are. Nobody knows it of a file, but the file says: with the weights as they are,
 * the sum of the probabilities is an estimate, and the prior that reproduces itself is
 * the most likely one (EM with nothing free but the prior). Pairs so unlikely that they
 * were not looked up are left out, so it is rather low than high.
 */
static void share_fit(struct run *run, uint32_t share)
{
    struct dedupe *dedupe = run->dedupe;
    int32_t shift = 0;

    for (unsigned round = 0; round < ROUNDS; round++) {
        int32_t next = bits_log2(others_expected(run, shift), share);
        int32_t change = next - shift;

        shift = next < HEADROOM ? next : HEADROOM;
        if (change > -SETTLED && change < SETTLED)
            break;
    }
    for (size_t i = 0; i < dedupe->count; i++)
        dedupe->links[i].score += shift;
    run->summary.prior += shift;
    run->summary.clusters.share = (uint32_t)others_expected(run, 0);
}

/* What was looked up for the share only. */
static void links_cut(struct dedupe *dedupe)
{
    size_t kept = 0;

    for (size_t i = 0; i < dedupe->count; i++)
        if (dedupe->links[i].score >= dedupe->rule.threshold)
            dedupe->links[kept++] = dedupe->links[i];
    dedupe->count = kept;
}

bool dedupe_begin(struct run *run, struct err *err)
{
    const char *truth = run->settings->dedupe->truth_path;

    run->dedupe = memory_new(1, sizeof(*run->dedupe));
    return !truth || dedupe_truth_read(run, truth, err);
}

bool run_dedupe(struct run *run, struct err *err)
{
    struct dedupe *dedupe = run->dedupe;

    run->state.parts = 1; /* part 0 is the file's own, what was set aside */
    run->state.mentions = run->left.count;
    if (!pairs_find(run, err))
        return false;
    dedupe->count = links_settle(dedupe->links, dedupe->count);
    run->summary.clusters.share = run->settings->share;
    if (!run->settings->share)
        share_fit(run, model_share(run->model, false));
    run->threshold = run->summary.threshold = bits_odds(run->probability);
    dedupe->rule = (struct cluster_rule){run->left.count, run->threshold,
                                         CLUSTER_PATIENCE, CLUSTER_MOST};
    links_cut(dedupe);
    dedupe->cluster = memory_new(run->left.count, sizeof(*dedupe->cluster));
    clusters_find(&dedupe->rule, dedupe->links, dedupe->count, dedupe->cluster);
    dedupe->clusters = clusters_measure(&dedupe->rule, dedupe->links, dedupe->count,
                                        dedupe->cluster, &dedupe->quality);
    summarise(run);
    return true;
}
