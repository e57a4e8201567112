/*
 * What to look up for one record of the right: find.c says why cuts suffice. Here is what
 * levels the record can come to, what each would cost to look up, and which cuts are
 * cheapest together. Prices are a reckoning in nanoseconds of one core; a wrong one costs
 * time and never a pair.
 */
#include "splink/find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 3000 };

/* ---- reckoning: how many, at what price ------------------------------------------ */

int left_fact(const struct worker *worker, const struct node *node)
{
    int found = -1;

    if (node->op == OP_TEST)
        return worker->search->model->calls[node->call].left;
    if (node->op == OP_FACT)
        return node->sides == LEFT_SIDE ? node->at : -1;
    for (size_t i = 0; i < node->count; i++) {
        int one = left_fact(worker, node->child[i]);

        if (one < -1 || (one >= 0 && found >= 0 && one != found))
            return -2;
        found = one >= 0 ? one : found;
    }
    return found;
}

bool is_fact(const struct node *node, uint8_t side)
{
    return node->op == OP_FACT && node->sides == side;
}

bool equality(const struct worker *worker, const struct node *node, uint16_t *fact,
              uint32_t *word)
{
    const struct node *a, *b;

    if (node->op != OP_EQ)
        return false;
    a = node->child[0], b = node->child[1];
    if (is_fact(b, LEFT_SIDE)) {
        const struct node *other = a;

        a = b, b = other;
    }
    if (!is_fact(a, LEFT_SIDE) || !is_fact(b, RIGHT_SIDE))
        return false;
    *fact = a->at;
    *word = worker->scene.right[b->at];
    return true;
}

/* How many left records have this word in this fact. */
static uint32_t records_with(const struct worker *worker, uint16_t fact, uint32_t word)
{
    const struct posting *posting = &worker->search->postings[fact];
    uint32_t place = posting->place[word];

    return place == UINT32_MAX ? 0
                               : posting->starts[place + 1] - posting->starts[place];
}

static struct price price_of_both(const struct worker *worker, const struct node *node)
{
    struct price a = price_of(worker, node->child[0]);
    struct price b = price_of(worker, node->child[1]);

    if (a.exact && a.records == 0)
        return a;
    if (b.exact && b.records == 0)
        return b;
    a.exact = b.exact = false;
    return dearer(a, b) ? b : a;
}

bool dearer(struct price a, struct price b)
{
    return a.scan + a.records * NS_RECORD > b.scan + b.records * NS_RECORD;
}

struct price price_of(const struct worker *worker, const struct node *node)
{
    const struct splink_search *search = worker->search;
    uint16_t fact;
    uint32_t word;
    int only;

    if (node->sides == RIGHT_SIDE || node->sides == 0) {
        bool holds = truth_of(node, &worker->scene) == IS_TRUE;

        return (struct price){0, holds ? (double)search->left.count : 0, true};
    }
    if (equality(worker, node, &fact, &word))
        return (struct price){0, word ? records_with(worker, fact, word) : 0, true};
    if (node->op == OP_IS_NULL && is_fact(node->child[0], LEFT_SIDE))
        return (struct price){0, records_with(worker, node->child[0]->at, 0), true};
    if (node->op == OP_AND)
        return price_of_both(worker, node);
    if (node->op == OP_OR) {
        struct price a = price_of(worker, node->child[0]);
        struct price b = price_of(worker, node->child[1]);

        return (struct price){a.scan + b.scan, a.records + b.records,
                              a.exact && b.exact && (a.records == 0 || b.records == 0)};
    }
    only = left_fact(worker, node);
    if (only < 0)
        return (struct price){0, (double)search->left.count, false};

    /* A row of tests is kept and shared by records with the same value. */
    double each = node->op == OP_TEST ? (double)NS_KEPT + NS_TEST / 8.0 : NS_PLAIN;

    return (struct price){(double)search->postings[only].count * each,
                          search->rates[node->serial] * (double)search->left.count,
                          false};
}

/* ---- what levels a record of the right can come to ------------------------------- */

/* The most that a level can weigh with any left. */
static int64_t rung_bound(const struct worker *worker, const struct rung *rung)
{
    const struct splink_search *search = worker->search;
    uint32_t word;
    int64_t least = INT64_MAX, unused, same;

    if (!rung->by_frequency)
        return rung->weight;
    word = worker->scene.right[rung->frequency_fact];
    if (word && rung->frequency_weight > 0)
        return level_weight(search, rung, 0, word, &unused);
    /* Any value of the left may be the one that counts. */
    const struct posting *posting = &search->postings[rung->frequency_fact];

    least = rung->weight;
    for (size_t i = 0; i < posting->count; i++) {
        same = level_weight(search, rung, posting->values[i], word, &unused);
        least = same > least ? same : least;
    }
    return least;
}

void bounds_fill(struct worker *worker)
{
    const struct splink_model *model = worker->search->model;

    for (size_t c = 0; c < model->contest_count; c++) {
        const struct contest *contest = &model->contests[c];
        bool reached = true; /* some left may not have stopped at a level before */

        worker->best[c] = WEIGHT_NEVER;
        for (size_t i = 0; i < contest->count; i++) {
            const struct rung *rung = &contest->rungs[i];
            unsigned may = 2; /* true */

            worker->bound[c][i] = WEIGHT_NEVER;
            if (!reached)
                continue;
            if (rung->node) {
                may = truths_possible(rung->node, &worker->scene);
                if (may & 2) {
                    struct price price = price_of(worker, rung->node);

                    may &= price.exact && price.records == 0 ? ~2u : ~0u;
                }
            }
            if (may & 2)
                worker->bound[c][i] = rung_bound(worker, rung);
            if (worker->bound[c][i] > worker->best[c])
                worker->best[c] = worker->bound[c][i];
            reached = may != 2;
        }
    }
}

/* ---- cuts ------------------------------------------------------------------------ */

struct option {
    int64_t cut;
    double cost; /* of looking up all levels above the cut */
};

struct choice {
    struct option options[CONTESTS_MAX][RUNGS_MAX + 1]; /* cuts falling */
    size_t counts[CONTESTS_MAX];
    size_t contests;
    int64_t lowest[CONTESTS_MAX + 1]; /* the least that contests from here on can add */
    size_t best[CONTESTS_MAX], now[CONTESTS_MAX];
    double best_cost;
    unsigned steps;
};

static void options_fill(struct worker *worker, size_t c, struct choice *choice)
{
    const struct contest *contest = &worker->search->model->contests[c];
    struct option *options = choice->options[c];
    int64_t above = INT64_MAX;
    double scan = 0, records = 0;

    choice->counts[c] = 0;
    for (;;) {
        int64_t cut = WEIGHT_NEVER;

        for (size_t i = 0; i < contest->count; i++)
            if (worker->bound[c][i] < above && worker->bound[c][i] > cut)
                cut = worker->bound[c][i];
        options[choice->counts[c]++] = (struct option){cut, scan + records * NS_RECORD};
        if (cut == WEIGHT_NEVER)
            return;
        for (size_t i = 0; i < contest->count; i++) {
            struct price price = {0, (double)worker->search->left.count, true};

            if (worker->bound[c][i] != cut)
                continue;
            if (contest->rungs[i].node)
                price = price_of(worker, contest->rungs[i].node);
            scan += price.scan;
            records += price.records;
        }
        above = cut;
    }
}

/* Walks through the choices, the first comparison outermost; gives up at CHOICES_MAX with
 * the best so far, which is a way like any other. */
static void choose(struct choice *choice, size_t c, int64_t sum, double cost,
                   int64_t threshold)
{
    if (cost >= choice->best_cost || ++choice->steps > CHOICES_MAX)
        return;
    if (c == choice->contests) {
        if (sum >= threshold)
            return;
        choice->best_cost = cost;
        memcpy(choice->best, choice->now, sizeof(choice->best));
        return;
    }
    for (size_t i = 0; i < choice->counts[c]; i++) {
        const struct option *option = &choice->options[c][i];

        if (sum + option->cut + choice->lowest[c + 1] >= threshold)
            continue; /* too high, whatever the others do */
        choice->now[c] = i;
        choose(choice, c + 1, sum + option->cut, cost + option->cost, threshold);
    }
}

bool cuts_choose(struct worker *worker, int64_t cuts[])
{
    const struct splink_model *model = worker->search->model;
    struct choice choice = {.contests = model->contest_count};

    choice.best_cost = (double)worker->search->left.count * NS_RECORD;
    for (size_t c = 0; c < choice.contests; c++)
        options_fill(worker, c, &choice);
    for (size_t c = choice.contests; c-- > 0;)
        choice.lowest[c] =
            choice.lowest[c + 1] + choice.options[c][choice.counts[c] - 1].cut;

    double all = choice.best_cost;

    choose(&choice, 0, model->prior_weight, 0, worker->threshold);
    for (size_t c = 0; c < choice.contests; c++)
        cuts[c] = choice.options[c][choice.best[c]].cut;
    return choice.best_cost < all;
}
