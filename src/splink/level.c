/*
 * The level of a pair in a comparison, its weight, and likenesses kept by pair of values.
 *
 * Jaro-Winkler of two names is needed by several levels of a comparison and by every pair
 * of records with these names. For a value of the right a row holds, for each value of the
 * left, which tests it passes; rows are made as they are asked for, and all thrown away
 * when they come to more than MASKS_BYTES.
 */
#include "splink/inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MASKS_BYTES = 96 << 20, PLACES = 1 << 16 };

struct masks {
    const struct splink_search *search;
    struct row {
        uint32_t word, call; /* word 0: free */
        bool whole;
        uint16_t *mask; /* by place among the left's values */
    } rows[PLACES];
    size_t bytes;
};

struct masks *masks_new(const struct splink_search *search)
{
    struct masks *masks = memory_new(1, sizeof(*masks));

    masks->search = search;
    return masks;
}

static void masks_empty(struct masks *masks)
{
    for (size_t i = 0; i < PLACES; i++)
        free(masks->rows[i].mask);
    memset(masks->rows, 0, sizeof(masks->rows));
    masks->bytes = 0;
}

void masks_free(struct masks *masks)
{
    masks_empty(masks);
    free(masks);
}

static bool passes(uint8_t op, double number, double against)
{
    return op == OP_GE   ? number >= against
           : op == OP_GT ? number > against
           : op == OP_LE ? number <= against
           : op == OP_LT ? number < against
           : op == OP_EQ ? number == against
                         : number != against;
}

/* Whether the profiles say that no test can be passed. */
static bool out_of_reach(const struct call *call, const struct word *a,
                         const struct word *b)
{
    double bound;

    if (isnan(call->bound))
        return false;
    bound = function_bound(call->function, a->profile, b->profile);
    return call->function->likeness >= LIKENESS_LEVENSHTEIN ? bound > call->bound
                                                            : bound < call->bound;
}

unsigned call_mask(const struct call *call, const struct word *a, const struct word *b,
                   bool bounded)
{
    unsigned mask = 0;
    double number;

    if (bounded && out_of_reach(call, a, b))
        return 0;
    number = function_likeness(call->function, (struct str){a->text, a->len},
                               (struct str){b->text, b->len});
    for (size_t i = 0; i < call->tests_count; i++)
        mask |= (unsigned)passes(call->tests[i].op, number, call->tests[i].number) << i;
    return mask;
}

static struct row *row_of(struct masks *masks, unsigned call, uint32_t word)
{
    const struct posting *posting =
        &masks->search->postings[masks->search->model->calls[call].left];
    size_t at = hash_mix(word, call) % PLACES, size = posting->count * sizeof(uint16_t);

    for (int step = 0; step < 64; step++, at = (at + 1) % PLACES) {
        struct row *row = &masks->rows[at];

        if (row->word == word && row->call == call)
            return row;
        if (row->word)
            continue;
        if (masks->bytes + size > MASKS_BYTES && masks->bytes)
            break;
        *row = (struct row){word, call, false,
                            memory_new(posting->count, sizeof(uint16_t))};
        masks->bytes += size;
        return row;
    }
    masks_empty(masks);
    return row_of(masks, call, word);
}

static unsigned fill(const struct masks *masks, struct row *row, uint32_t place,
                     uint32_t left_word)
{
    const struct splink_search *search = masks->search;

    if (!(row->mask[place] & MASK_KNOWN))
        row->mask[place] =
            (uint16_t)(MASK_KNOWN |
                       (left_word ? call_mask(&search->model->calls[row->call],
                                              &search->words.list[left_word],
                                              &search->words.list[row->word], true)
                                  : 0));
    return row->mask[place];
}

unsigned masks_one(struct masks *masks, unsigned call, uint32_t left_word,
                   uint32_t right_word)
{
    const struct posting *posting =
        &masks->search->postings[masks->search->model->calls[call].left];
    struct row *row = row_of(masks, call, right_word);

    return fill(masks, row, posting->place[left_word], left_word);
}

const uint16_t *masks_all(struct masks *masks, unsigned call, uint32_t right_word)
{
    const struct posting *posting =
        &masks->search->postings[masks->search->model->calls[call].left];
    struct row *row = row_of(masks, call, right_word);

    for (size_t i = 0; i < posting->count && !row->whole; i++)
        fill(masks, row, (uint32_t)i, posting->values[i]);
    row->whole = true;
    return row->mask;
}

/* ---- levels and weights ---------------------------------------------------------- */

unsigned level_of(const struct contest *contest, const struct scene *scene)
{
    unsigned i = 0;

    while (i < contest->count && contest->rungs[i].node &&
           truth_of(contest->rungs[i].node, scene) != IS_TRUE)
        i++;
    return i;
}

int64_t level_weight(const struct splink_search *search, const struct rung *rung,
                     uint32_t left_word, uint32_t right_word, int64_t *by_frequency)
{
    const int64_t *share =
        rung->by_frequency ? search->frequency[rung->frequency_fact] : NULL;
    int64_t most;

    *by_frequency = 0;
    if (share && (left_word || right_word)) {
        most = share[left_word ? left_word : right_word];
        if (right_word && share[right_word] > most)
            most = share[right_word];
        if (rung->least_u > most)
            most = rung->least_u;
        *by_frequency = rung->exact_u - most;
        if (rung->frequency_weight != 1)
            *by_frequency =
                (int64_t)floor((double)*by_frequency * rung->frequency_weight + 0.5);
    }
    return rung->weight + *by_frequency;
}
