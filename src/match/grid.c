/*
 * u, counted: the levels of all pairs of up to GRID_SIDE people with as many mentions,
 * taken at even distances, so that small files are counted whole. A pair counts by its
 * probability of being no true pair, or true pairs would make rare agreements look
 * common.
 */
#include "match/em.h"

#include <stdlib.h>

struct counting {
    const struct index *index;
    const struct train_people *people;
    bool one_file;
    size_t left_side, right_side;
    struct grid *grids;   /* one a worker */
    struct ready **ready; /* one a worker */
};

static size_t spread(size_t i, size_t side, size_t all)
{
    return (size_t)((uint64_t)i * all / side);
}

static uint64_t not_true(int32_t score)
{
    return score < -22 * BITS_ONE ? 1000000 : 1000000 - bits_probability(score);
}

static void count_pair(struct grid *grid, const struct hit *hit)
{
    uint64_t weight = not_true(hit->score);

    grid->pairs++;
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        grid->weight[c][counted_level(hit->evidence, c)] += weight;
}

static void count_mention(void *context, size_t number, unsigned worker)
{
    struct counting *counting = context;
    const struct train_people *people = counting->people;
    struct ready *ready = counting->ready[worker];
    size_t right = spread(number, counting->right_side, people->right_count);
    struct hit hit;

    facts_of(&people->right[right], &ready->facts);
    ready_ask(counting->index, ready);
    ready_weigh(counting->index, ready);
    for (size_t i = 0; i < counting->left_side; i++) {
        size_t left = spread(i, counting->left_side, people->left_count);

        if (counting->one_file && left == right)
            continue;
        pair_score(counting->index, ready, counting->index->row_of[left], &hit);
        count_pair(&counting->grids[worker], &hit);
    }
}

void grid_count(const struct index *index, const struct train_people *people,
                bool one_file, unsigned threads, struct grid *grid)
{
    struct counting counting = {
        .index = index,
        .people = people,
        .one_file = one_file,
        .left_side = people->left_count < GRID_SIDE ? people->left_count : GRID_SIDE,
        .right_side = people->right_count < GRID_SIDE ? people->right_count : GRID_SIDE,
        .grids = memory_new(threads, sizeof(struct grid)),
        .ready = memory_new(threads, sizeof(struct ready *)),
    };

    *grid = (struct grid){.pairs = 0};
    for (unsigned i = 0; i < threads; i++)
        counting.ready[i] = memory_new(1, sizeof(struct ready));
    parallel_for(threads, counting.right_side, &counting, count_mention);
    for (unsigned i = 0; i < threads; i++) {
        grid->pairs += counting.grids[i].pairs;
        for (unsigned c = 0; c < COMPARISON_COUNT; c++)
            for (unsigned l = 0; l < LEVELS_MAX; l++)
                grid->weight[c][l] += counting.grids[i].weight[c][l];
        free(counting.ready[i]);
    }
    free(counting.ready);
    free(counting.grids);
}
