/* The filter's ways, one for each kind of processor, say the same. */
#include "match/filter.h"
#include "match/people.h"

#include <string.h>

enum { PEOPLE = 400, MENTIONS = 400 };

struct world {
    struct model *model;
    struct made *left, *right;
    struct index *index;
};

static int open_world(void **state)
{
    struct world *world = memory_new(1, sizeof(*world));
    uint64_t random = 7;
    struct err err;

    assert_true(model_default(&world->model, &err));
    struct index_settings settings = {
        .model = world->model, .probability = 10000, .threads = 1};

    world->left = memory_new(PEOPLE, sizeof(*world->left));
    world->right = memory_new(MENTIONS, sizeof(*world->right));
    assert_true(index_new(&settings, &world->index, &err));
    for (int i = 0; i < PEOPLE; i++) {
        made_person(&random, &world->left[i]);
        struct person person = made_as_person(&world->left[i]);

        assert_true(index_add(world->index, &person, &err));
    }
    for (int i = 0; i < MENTIONS; i++) {
        made_mention(&random, &world->left[i % PEOPLE], &world->right[i]);
        struct person mention = made_as_person(&world->right[i]);

        index_sample(world->index, &mention);
    }
    assert_true(index_build(world->index, &err));
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;

    index_free(world->index);
    model_free(world->model);
    free(world->left);
    free(world->right);
    free(world);
    return 0;
}

static void take_mention(const struct world *world, int number, struct ready *ready,
                         struct bounds *bounds)
{
    struct person mention = made_as_person(&world->right[number]);
    struct class class;

    facts_of(&mention, &ready->facts);
    ready_ask(world->index, ready);
    ready_weigh(world->index, ready);
    class_of(world->index, ready, &class);
    bounds_of(world->index, ready, &class, bounds);
}

static void take_rows(const struct world *world, uint64_t *random, int32_t wanted,
                      struct lanes *lanes)
{
    *lanes = (struct lanes){.sketches = world->index->sketches, .wanted = wanted};
    for (unsigned k = 0; k < LANES; k++) {
        lanes->row[k] = (uint32_t)(test_random(random) % PEOPLE);
        lanes->rank[k] = (uint32_t)(test_random(random) % RANK_COUNT);
        lanes->date[k] = (int32_t)(test_random(random) % (8 * BITS_ONE));
    }
}

static void every_way_keeps_the_same_lanes(void **state)
{
    const struct world *world = *state;
    struct ready *ready = memory_new(1, sizeof(*ready));
    uint64_t random = 11;
    unsigned kept = 0, refused = 0;

    for (int i = 0; i < 4 * MENTIONS; i++) {
        struct bounds bounds;
        struct lanes lanes;
        int32_t names[LANES], plain_names[LANES];

        take_mention(world, i % MENTIONS, ready, &bounds);
        take_rows(world, &random, (int32_t)(test_random(&random) % 24) * BITS_ONE,
                  &lanes);
        uint32_t plain = lanes_plain.filter(&lanes, ready, &bounds, plain_names);

        kept += (unsigned)__builtin_popcount(plain);
        refused += LANES - (unsigned)__builtin_popcount(plain);
        for (unsigned way = 1; way < lanes_way_count; way++) {
            if (!lanes_ways[way]->works())
                continue;
            assert_int_equal(lanes_ways[way]->filter(&lanes, ready, &bounds, names),
                             plain);
            for (unsigned k = 0; k < LANES && plain; k++)
                assert_int_equal(names[k], plain_names[k]);
        }
    }
    free(ready);
    assert_true(kept > 1000 && refused > 1000);
}

/* What is kept may score less than hoped for, but nothing that scores enough is lost. */
static void no_way_refuses_a_pair_that_scores_enough(void **state)
{
    const struct world *world = *state;
    struct matcher *matcher = matcher_new(world->index);
    struct ready *ready = memory_new(1, sizeof(*ready));
    unsigned reached = 0;

    for (int i = 0; i < MENTIONS; i++) {
        struct person mention = made_as_person(&world->right[i]);
        struct bounds bounds;
        struct lanes lanes = {.sketches = world->index->sketches};
        int32_t names[LANES];
        struct hit hit;

        take_mention(world, i, ready, &bounds);
        matcher_score(matcher, (uint32_t)(i % PEOPLE), &mention, &hit);
        lanes.wanted = hit.score - world->index->prior;
        for (unsigned k = 0; k < LANES; k++) {
            lanes.row[k] = world->index->row_of[i % PEOPLE];
            lanes.rank[k] =
                RANK_NUMBER; /* allows for all that a sketch does not show */
            lanes.date[k] = date_bound(world->index, ready,
                                       world->index->sketches[lanes.row[k]].born);
        }
        for (unsigned way = 0; way < lanes_way_count; way++)
            if (lanes_ways[way]->works())
                assert_int_equal(lanes_ways[way]->filter(&lanes, ready, &bounds, names),
                                 (1u << LANES) - 1);
        reached += hit.score > world->index->threshold;
    }
    free(ready);
    matcher_free(matcher);
    assert_true(reached > MENTIONS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(every_way_keeps_the_same_lanes),
        IT(no_way_refuses_a_pair_that_scores_enough),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
