/*
 * Every pair at or above a threshold, without comparing all with all.
 *
 * For one record of the right each comparison c can only come to some of its levels, each
 * with a weight of at most b. If a cut t_c is chosen for every comparison so that
 *
 *     prior + sum of t_c < threshold
 *
 * then a pair that reaches the threshold has, in at least one comparison, a level of more
 * than t_c. So it is enough to look up, for each comparison, the left records that can have
 * such a level: by equal values, by values that pass a test of likeness, by values that are
 * null. The cuts are chosen by what these look-ups are reckoned to cost; a level cheap to
 * look up lets others be left out (MaxScore, Turtle and Flood 1995, with a cut for each
 * list in place of a whole list left out). Where nothing is cheaper, the record is compared
 * with all. What was looked up is then scored, comparison by comparison, and dropped as
 * soon as the best of the rest would not do.
 *
 * Prices only choose the way; every way returns the same pairs, and the test compares them
 * with the plain twin.
 */
#include "splink/find.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 };

struct finding { /* shared by the workers */
    const struct splink_search *search;
    int64_t threshold; /* slack taken off */
    uint32_t *order;   /* of right records: those that share a dear value together */
    struct result *results; /* a chunk each */
    struct worker **workers;
    size_t first; /* chunk of this round */
};

/* ---- scoring --------------------------------------------------------------------- */

static void result_add(struct result *result, struct splink_pair pair)
{
    if (result->count == result->room) {
        result->room = result->room ? result->room * 2 : 64;
        result->list = memory_grow(result->list, result->room, sizeof(*result->list));
    }
    result->list[result->count++] = pair;
}

static int64_t contest_weight(const struct splink_search *search,
                              const struct contest *contest, const struct scene *scene,
                              unsigned *level, int64_t *by_frequency)
{
    *level = level_of(contest, scene);
    *by_frequency = 0;
    if (*level == contest->count)
        return WEIGHT_NEVER;

    const struct rung *rung = &contest->rungs[*level];
    uint16_t fact = rung->by_frequency ? rung->frequency_fact : 0;

    return level_weight(search, rung, rung->by_frequency ? scene->left[fact] : 0,
                        rung->by_frequency ? scene->right[fact] : 0, by_frequency);
}

static void score(struct worker *worker, uint32_t left)
{
    const struct splink_search *search = worker->search;
    const struct splink_model *model = search->model;
    int64_t sum = model->prior_weight, unused;
    unsigned level;

    if (worker->seen[left] == worker->round ||
        (search->one_file && left >= worker->right))
        return;
    worker->seen[left] = worker->round;
    worker->result->work.scored++;
    worker->scene.left = search->left.facts + (size_t)left * model->fact_count;
    for (size_t c = 0; c < model->contest_count; c++)
        sum += worker->best[c];
    for (size_t i = 0; i < model->contest_count; i++) {
        size_t c = search->contest_order[i];

        if (sum < worker->threshold)
            return;
        sum += contest_weight(search, &model->contests[c], &worker->scene, &level,
                              &unused) -
               worker->best[c];
    }
    if (sum >= worker->threshold)
        result_add(worker->result, (struct splink_pair){left, worker->right, sum});
}

/* ---- looking up ------------------------------------------------------------------ */

static void score_all(struct worker *worker)
{
    size_t count =
        worker->search->one_file ? worker->right : worker->search->left.count;

    for (size_t i = 0; i < count; i++)
        score(worker, (uint32_t)i);
}

static void score_place(struct worker *worker, const struct posting *posting,
                        uint32_t place)
{
    for (uint32_t i = posting->starts[place]; i < posting->starts[place + 1]; i++)
        score(worker, posting->records[i]);
}

static void score_with(struct worker *worker, uint16_t fact, uint32_t word)
{
    const struct posting *posting = &worker->search->postings[fact];

    if (posting->place[word] != UINT32_MAX)
        score_place(worker, posting, posting->place[word]);
}

/* Left records for which the part may be true are scored, maybe others, too. */
static void look_up(struct worker *worker, const struct node *node);

static void look_up_values(struct worker *worker, const struct node *node,
                           uint16_t fact)
{
    const struct posting *posting = &worker->search->postings[fact];
    const uint16_t *mask = NULL;

    if (node->op == OP_TEST) {
        uint32_t word =
            worker->scene.right[worker->search->model->calls[node->call].right];

        if (!word)
            return;
        mask = masks_all(worker->masks, node->call, word);
    }
    for (uint32_t i = 0; i < posting->count; i++) {
        if (mask) {
            if (!(mask[i] >> node->at & 1))
                continue;
        } else {
            worker->scratch[fact] = posting->values[i];
            worker->scene.left = worker->scratch;
            if (truth_of(node, &worker->scene) != IS_TRUE)
                continue;
        }
        score_place(worker, posting, i);
        if (mask) /* scoring asks for likenesses, and rows may be thrown away */
            mask = masks_all(
                worker->masks, node->call,
                worker->scene.right[worker->search->model->calls[node->call].right]);
    }
}

static void look_up_either(struct worker *worker, const struct node *node)
{
    struct price a = price_of(worker, node->child[0]);
    struct price b = price_of(worker, node->child[1]);
    bool first = !dearer(a, b);

    if ((a.exact && a.records == 0) || (b.exact && b.records == 0))
        return;
    look_up(worker, node->child[first ? 0 : 1]);
}

static void look_up(struct worker *worker, const struct node *node)
{
    uint16_t fact;
    uint32_t word;
    int only;

    if (node->sides == RIGHT_SIDE || node->sides == 0) {
        if (truth_of(node, &worker->scene) == IS_TRUE)
            score_all(worker);
    } else if (equality(worker, node, &fact, &word)) {
        if (word)
            score_with(worker, fact, word);
    } else if (node->op == OP_IS_NULL && is_fact(node->child[0], LEFT_SIDE)) {
        score_with(worker, node->child[0]->at, 0);
    } else if (node->op == OP_AND) {
        look_up_either(worker, node);
    } else if (node->op == OP_OR) {
        look_up(worker, node->child[0]);
        look_up(worker, node->child[1]);
    } else if ((only = left_fact(worker, node)) >= 0) {
        look_up_values(worker, node, (uint16_t)only);
    } else {
        score_all(worker);
    }
}

static void find_one(struct worker *worker, uint32_t right)
{
    const struct splink_search *search = worker->search;
    const struct splink_model *model = search->model;
    int64_t cuts[CONTESTS_MAX];

    worker->right = right;
    worker->round++;
    worker->scene.right = search->right.facts + (size_t)right * model->fact_count;
    arena_reset(worker->arena);
    bounds_fill(worker);
    if (!cuts_choose(worker, cuts)) {
        worker->result->work.scanned++;
        score_all(worker);
        return;
    }
    for (size_t c = 0; c < model->contest_count; c++) {
        for (size_t i = 0; i < model->contests[c].count; i++) {
            if (worker->bound[c][i] <= cuts[c])
                continue;
            if (model->contests[c].rungs[i].node)
                look_up(worker, model->contests[c].rungs[i].node);
            else
                score_all(worker);
        }
    }
}

/* ---- all records of the right, by workers ---------------------------------------- */

static struct worker *worker_new(const struct finding *finding)
{
    const struct splink_search *search = finding->search;
    struct worker *worker = memory_new(1, sizeof(*worker));

    worker->search = search;
    worker->threshold = finding->threshold;
    worker->masks = masks_new(search);
    worker->arena = arena_new();
    worker->seen = memory_new(search->left.count + 1, sizeof(uint32_t));
    worker->scratch = memory_new(search->model->fact_count + 1, sizeof(uint32_t));
    worker->scene = (struct scene){.words = search->words.list,
                                   .model = search->model,
                                   .arena = worker->arena,
                                   .masks = worker->masks};
    return worker;
}

static void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    masks_free(worker->masks);
    arena_free(worker->arena);
    free(worker->seen);
    free(worker->scratch);
    free(worker);
}

static void chunk_find(void *context, size_t index, unsigned number)
{
    struct finding *finding = context;
    size_t chunk = finding->first + index, from = chunk * CHUNK, to = from + CHUNK;
    struct worker *worker = finding->workers[number];

    if (!worker)
        worker = finding->workers[number] = worker_new(finding);
    worker->result = &finding->results[chunk];
    if (to > finding->search->right.count)
        to = finding->search->right.count;
    for (size_t i = from; i < to; i++)
        find_one(worker, finding->order[i]);
}

/* Records that share the value whose likenesses cost most come one after the other. */
struct dear {
    uint32_t word, record;
};

static int by_word(const void *a, const void *b)
{
    const struct dear *x = a, *y = b;

    return x->word != y->word ? (x->word > y->word ? 1 : -1)
                              : (x->record > y->record) - (x->record < y->record);
}

static uint32_t *order_of(const struct splink_search *search)
{
    const struct splink_model *model = search->model;
    size_t count = search->right.count, most = 0;
    struct dear *dear = memory_new(count + 1, sizeof(*dear));
    uint32_t *order = memory_new(count + 1, sizeof(*order));
    uint16_t fact = 0;

    for (size_t i = 0; i < model->call_count; i++) {
        if (search->postings[model->calls[i].left].count <= most)
            continue;
        most = search->postings[model->calls[i].left].count;
        fact = model->calls[i].right;
    }
    for (size_t i = 0; i < count; i++)
        dear[i] = (struct dear){
            model->fact_count ? search->right.facts[i * model->fact_count + fact] : 0,
            (uint32_t)i};
    qsort(dear, count, sizeof(*dear), by_word);
    for (size_t i = 0; i < count; i++)
        order[i] = dear[i].record;
    free(dear);
    return order;
}

static int by_left(const void *a, const void *b)
{
    const struct splink_pair *x = a, *y = b;

    if (x->left != y->left)
        return x->left > y->left ? 1 : -1;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->right > y->right) - (x->right < y->right);
}

static void gather(struct finding *finding, size_t chunks, struct splink_pairs *pairs)
{
    size_t count = 0;

    *pairs = (struct splink_pairs){0};
    for (size_t i = 0; i < chunks; i++)
        count += finding->results[i].count;
    pairs->list = memory_new(count + 1, sizeof(*pairs->list));
    for (size_t i = 0; i < chunks; i++) {
        struct result *result = &finding->results[i];

        if (result->count)
            memcpy(pairs->list + pairs->count, result->list,
                   result->count * sizeof(*result->list));
        pairs->count += result->count;
        pairs->work.scored += result->work.scored;
        pairs->work.scanned += result->work.scanned;
        free(result->list);
    }
    qsort(pairs->list, pairs->count, sizeof(*pairs->list), by_left);
}

bool splink_find(const struct splink_search *search, int64_t threshold,
                 unsigned threads, void *context,
                 void (*told)(void *context, uint64_t done, uint64_t all),
                 struct splink_pairs *pairs, struct err *err)
{
    size_t chunks = (search->right.count + CHUNK - 1) / CHUNK, round = 16u * threads;
    struct finding finding = {.search = search, .threshold = threshold - WEIGHT_SLACK};

    finding.order = order_of(search);
    finding.results = memory_new(chunks + 1, sizeof(*finding.results));
    finding.workers = memory_new(threads + 1, sizeof(struct worker *));
    while (finding.first < chunks && !stop_asked()) {
        size_t left = chunks - finding.first, now = left < round ? left : round;

        parallel_for(threads, now, &finding, chunk_find);
        finding.first += now;
        if (told)
            told(context, finding.first, chunks);
    }
    bool ok = finding.first == chunks ||
              err_set(err, ERR_STOPPED, "stopped; nothing was written");

    gather(&finding, chunks, pairs);
    if (!ok)
        free(pairs->list);
    for (unsigned i = 0; i < threads; i++)
        worker_free(finding.workers[i]);
    free(finding.workers);
    free(finding.results);
    free(finding.order);
    return ok;
}

/* ---- one pair, and the plain twin ------------------------------------------------ */

static int64_t pair_score(const struct splink_search *search, struct arena *arena,
                          uint32_t left, uint32_t right,
                          struct splink_evidence evidence[])
{
    const struct splink_model *model = search->model;
    struct scene scene = {.words = search->words.list,
                          .model = model,
                          .arena = arena,
                          .left = search->left.facts + (size_t)left * model->fact_count,
                          .right =
                              search->right.facts + (size_t)right * model->fact_count};
    int64_t sum = model->prior_weight;

    for (size_t c = 0; c < model->contest_count; c++) {
        evidence[c].weight =
            contest_weight(search, &model->contests[c], &scene, &evidence[c].level,
                           &evidence[c].by_frequency);
        sum += evidence[c].weight;
    }
    arena_reset(arena);
    return sum;
}

int64_t splink_explain(const struct splink_search *search, uint32_t left,
                       uint32_t right, struct splink_evidence evidence[])
{
    struct arena *arena = arena_new();
    int64_t score = pair_score(search, arena, left, right, evidence);

    arena_free(arena);
    return score;
}

void splink_find_plain(const struct splink_search *search, int64_t threshold,
                       struct splink_pairs *pairs)
{
    struct splink_evidence evidence[CONTESTS_MAX];
    struct arena *arena = arena_new();
    struct result result = {0};

    for (uint32_t r = 0; r < search->right.count; r++) {
        uint32_t end = search->one_file ? r : (uint32_t)search->left.count;

        for (uint32_t l = 0; l < end; l++) {
            int64_t sum = pair_score(search, arena, l, r, evidence);

            if (sum >= threshold - WEIGHT_SLACK)
                result_add(&result, (struct splink_pair){l, r, sum});
        }
    }
    if (result.count)
        qsort(result.list, result.count, sizeof(*result.list), by_left);
    *pairs = (struct splink_pairs){.list = result.list, .count = result.count};
    arena_free(arena);
}
