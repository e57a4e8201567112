/* Both sides made ready: in order of id, facts worked out, counted, and indexed. */
#include "splink/inner.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 3000 };

/* ---- records in order of id ------------------------------------------------------ */

struct sorted {
    const char *id;
    uint32_t record;
};

static int by_id(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order ? order : (x->record > y->record) - (x->record < y->record);
}

static struct sorted *sorted_by_id(const struct splink_records *records)
{
    size_t width = records->model->columns.count;
    struct sorted *sorted = memory_new(records->count, sizeof(*sorted));

    for (size_t i = 0; i < records->count; i++)
        sorted[i] = (struct sorted){records->cells[i * width], (uint32_t)i};
    qsort(sorted, records->count, sizeof(*sorted), by_id);
    return sorted;
}

static bool no_id_twice(const struct splink_records *records,
                        const struct sorted *sorted, struct err *err)
{
    for (size_t i = 1; i < records->count; i++)
        if (strcmp(sorted[i - 1].id, sorted[i].id) == 0)
            return err_set(err, ERR_INPUT,
                           "%s: rows %u and %u have the same id; want one row an id",
                           records->model->columns.names[0], sorted[i - 1].record + 1,
                           sorted[i].record + 1);
    return true;
}

/* ---- facts ----------------------------------------------------------------------- */

static void cell_value(enum type type, const char *cell, struct value *value)
{
    *value = (struct value){.null = !cell, .text = str_of(cell ? cell : "")};
    if (cell && type == TYPE_NUMBER)
        value->null = !str_number(value->text, &value->number);
    if (cell && type == TYPE_TIME)
        value->null = !moment_read(value->text, STR("%Y-%m-%d"), &value->number);
}

/* Facts of all records, in order of id. The cells are given back. */
static void side_fill(struct splink_search *search, struct splink_records *records,
                      const struct sorted *sorted, struct side *side)
{
    const struct splink_model *model = search->model;
    size_t width = model->columns.count;
    struct value *columns = memory_new(width, sizeof(*columns));
    struct arena *arena = arena_new();
    struct scene scene = {.columns = columns, .model = model, .arena = arena};

    side->count = records->count;
    side->facts = memory_new(records->count * model->fact_count + 1, sizeof(uint32_t));
    side->ids = memory_new(records->count + 1, sizeof(char *));
    for (size_t i = 0; i < records->count; i++) {
        const char **row = &records->cells[sorted[i].record * width];

        side->ids[i] = arena_copy(search->arena, str_of(row[0]));
        for (size_t c = 0; c < width; c++)
            cell_value((enum type)model->columns.types[c], row[c], &columns[c]);
        for (size_t f = 0; f < model->fact_count; f++) {
            struct value value;

            evaluate(model->facts[f], &scene, &value);
            side->facts[i * model->fact_count + f] =
                words_put(&search->words, (enum type)model->facts[f]->type, &value);
        }
        arena_reset(arena);
    }
    arena_free(arena);
    free(columns);
}

static bool side_take(struct splink_search *search, struct splink_records *records,
                      struct side *side, struct err *err)
{
    struct sorted *sorted = sorted_by_id(records);
    bool ok = no_id_twice(records, sorted, err);

    if (ok)
        side_fill(search, records, sorted, side);
    free(sorted);
    return ok;
}

/* ---- postings -------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void posting_fill(const struct splink_search *search, size_t fact,
                         struct posting *posting)
{
    size_t width = search->model->fact_count, count = search->left.count;
    const uint32_t *facts = search->left.facts + fact;

    posting->place = memory_new(search->words.count, sizeof(uint32_t));
    posting->values = memory_new(count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < count; i++)
        if (!posting->place[facts[i * width]]++)
            posting->values[posting->count++] = facts[i * width];
    qsort(posting->values, posting->count, sizeof(uint32_t), by_number);
    posting->starts = memory_new(posting->count + 2, sizeof(uint32_t));
    posting->records = memory_new(count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < posting->count; i++)
        posting->starts[i + 1] =
            posting->starts[i] + posting->place[posting->values[i]];
    memset(posting->place, 0xff, search->words.count * sizeof(uint32_t));
    for (size_t i = 0; i < posting->count; i++)
        posting->place[posting->values[i]] = (uint32_t)i;

    uint32_t *next = memory_new(posting->count + 1, sizeof(uint32_t));

    memcpy(next, posting->starts, posting->count * sizeof(uint32_t));
    for (size_t i = 0; i < count; i++)
        posting->records[next[posting->place[facts[i * width]]]++] = (uint32_t)i;
    free(next);
}

/* ---- frequencies ----------------------------------------------------------------- */

static void count_side(const struct side *side, size_t width, size_t fact,
                       uint32_t *counts, uint64_t *total)
{
    for (size_t i = 0; i < side->count; i++) {
        uint32_t word = side->facts[i * width + fact];

        counts[word] += word != 0;
        *total += word != 0;
    }
}

/* log2 of the share of each value among the values of both sides, as Splink's table of
 * term frequencies over the files put together. */
static void frequency_fill(struct splink_search *search, uint16_t fact)
{
    size_t width = search->model->fact_count;
    uint32_t *counts = memory_new(search->words.count, sizeof(uint32_t));
    uint64_t total = 0;

    count_side(&search->left, width, fact, counts, &total);
    if (!search->one_file)
        count_side(&search->right, width, fact, counts, &total);
    search->frequency[fact] = memory_new(search->words.count, sizeof(int64_t));
    for (size_t i = 1; i < search->words.count; i++)
        if (counts[i])
            search->frequency[fact][i] =
                weight_log2((double)counts[i]) - weight_log2((double)total);
    free(counts);
}

static void frequencies_fill(struct splink_search *search)
{
    const struct splink_model *model = search->model;

    search->frequency = memory_new(model->fact_count + 1, sizeof(int64_t *));
    for (size_t c = 0; c < model->contest_count; c++) {
        for (size_t i = 0; i < model->contests[c].count; i++) {
            const struct rung *rung = &model->contests[c].rungs[i];

            if (rung->by_frequency && !search->frequency[rung->frequency_fact])
                frequency_fill(search, rung->frequency_fact);
        }
    }
}

/* ---- rates: how often parts are true, from pairs drawn evenly -------------------- */

static void rate_measure(struct splink_search *search, const struct node *node)
{
    size_t left = search->left.count, right = search->right.count, hits = 0;
    size_t width = search->model->fact_count;
    struct arena *arena = arena_new();
    struct scene scene = {
        .words = search->words.list, .model = search->model, .arena = arena};
    uint64_t state = 1;

    for (int i = 0; i < SAMPLE; i++) {
        state = hash_mix(state, 0x9e3779b97f4a7c15u);
        scene.left = search->left.facts + (state % left) * width;
        scene.right = search->right.facts + ((state >> 32) % right) * width;
        hits += truth_of(node, &scene) == IS_TRUE;
        arena_reset(arena);
    }
    search->rates[node->serial] = ((double)hits + 0.5) / SAMPLE;
    arena_free(arena);
}

static void rate_fill(struct splink_search *search, const struct node *node)
{
    if (node->op == OP_AND || node->op == OP_OR) {
        rate_fill(search, node->child[0]);
        rate_fill(search, node->child[1]);
    } else if (node->sides == BOTH_SIDES && node->op != OP_IS_NULL) {
        rate_measure(search, node);
    }
}

static void rates_fill(struct splink_search *search)
{
    const struct splink_model *model = search->model;

    search->rates = memory_new(model->node_count + 1, sizeof(double));
    if (search->left.count == 0 || search->right.count == 0)
        return;
    for (size_t c = 0; c < model->contest_count; c++)
        for (size_t i = 0; i < model->contests[c].count; i++)
            if (model->contests[c].rungs[i].node)
                rate_fill(search, model->contests[c].rungs[i].node);
}

/* ---- the order of comparisons ---------------------------------------------------- */

static size_t price(const struct node *node)
{
    size_t sum = node->op == OP_TEST ? 20 : 1;

    for (size_t i = 0; i < node->count; i++)
        sum += price(node->child[i]);
    return sum;
}

static void order_fill(struct splink_search *search)
{
    const struct splink_model *model = search->model;
    size_t prices[CONTESTS_MAX] = {0};

    for (size_t c = 0; c < model->contest_count; c++) {
        size_t at = c;

        for (size_t i = 0; i < model->contests[c].count; i++)
            if (model->contests[c].rungs[i].node)
                prices[c] += price(model->contests[c].rungs[i].node);
        for (; at > 0 && prices[search->contest_order[at - 1]] > prices[c]; at--)
            search->contest_order[at] = search->contest_order[at - 1];
        search->contest_order[at] = c;
    }
}

/* ---- all of it ------------------------------------------------------------------- */

bool splink_search_new(const struct splink_model *model, struct splink_records *left,
                       struct splink_records *right, struct splink_search **result,
                       struct err *err)
{
    struct splink_search *search = memory_new(1, sizeof(*search));

    search->model = model;
    search->arena = arena_new();
    search->one_file = !right;
    words_open(&search->words);
    if (!side_take(search, left, &search->left, err) ||
        (right && !side_take(search, right, &search->right, err))) {
        splink_search_free(search);
        return false;
    }
    if (!right)
        search->right = search->left;
    search->postings = memory_new(model->fact_count + 1, sizeof(struct posting));
    for (size_t f = 0; f < model->fact_count; f++)
        posting_fill(search, f, &search->postings[f]);
    frequencies_fill(search);
    rates_fill(search);
    order_fill(search);
    *result = search;
    return true;
}

static void side_free(struct side *side)
{
    free(side->facts);
    free(side->ids);
}

void splink_search_free(struct splink_search *search)
{
    if (!search)
        return;
    for (size_t f = 0; f < search->model->fact_count && search->postings; f++) {
        free(search->postings[f].place);
        free(search->postings[f].values);
        free(search->postings[f].starts);
        free(search->postings[f].records);
        free(search->frequency[f]);
    }
    free(search->postings);
    free(search->frequency);
    free(search->rates);
    if (!search->one_file)
        side_free(&search->right);
    side_free(&search->left);
    words_close(&search->words);
    arena_free(search->arena);
    free(search);
}

struct str splink_id(const struct splink_search *search, bool right, uint32_t position)
{
    return str_of((right ? &search->right : &search->left)->ids[position]);
}

int64_t splink_prior(const struct splink_search *search)
{
    return search->model->prior_weight;
}
