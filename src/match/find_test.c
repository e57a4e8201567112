/* Promise P1: nothing is lost to a shortcut. Three checks, and their mutation. */
#include "match/people.h"

/* Compared with all, mostly, where there are other columns: so fewer of them. */
enum { PEOPLE = 3000, MENTIONS = 4000, FEW_PEOPLE = 1000, FEW_MENTIONS = 1300 };

struct world {
    struct model *model;
    bool others; /* other columns are compared */
    int people, mention_count;
    struct made *left, *right;
    struct person *mentions;
    struct index *index;
    struct matcher *matcher;
};

/* The index for a threshold in millionths over the same people every time. */
static void build(struct world *world, uint32_t probability)
{
    struct index_settings settings = {
        .model = world->model, .probability = probability, .threads = 2};
    struct err err;

    index_free(world->index);
    matcher_free(world->matcher);
    assert_true(index_new(&settings, &world->index, &err));
    for (int i = 0; i < world->people; i++) {
        struct person person = made_as_person(&world->left[i]);

        if (world->others)
            made_with_others(&world->left[i], &person);
        assert_true(index_add(world->index, &person, &err));
    }
    for (int i = 0; i < world->mention_count; i++)
        index_sample(world->index, &world->mentions[i]);
    assert_true(index_build(world->index, &err));
    world->matcher = matcher_new(world->index);
}

static struct world *world_new(bool others)
{
    struct world *world = memory_new(1, sizeof(*world));
    struct err err;

    world->others = others;
    world->people = others ? FEW_PEOPLE : PEOPLE;
    world->mention_count = others ? FEW_MENTIONS : MENTIONS;
    assert_true(model_default(&world->model, &err));
    if (others)
        assert_true(model_compare(world->model, made_other, COUNT(made_other), &err));
    world->left = memory_new((size_t)world->people, sizeof(*world->left));
    world->right = memory_new((size_t)world->mention_count, sizeof(*world->right));
    world->mentions =
        memory_new((size_t)world->mention_count, sizeof(*world->mentions));
    return world;
}

static struct world *open_people(bool others)
{
    struct world *world = world_new(others);
    uint64_t random = 20260101, other_random = 7;

    for (int i = 0; i < world->people; i++) {
        made_person(&random, &world->left[i]);
        if (others)
            made_others(&other_random, &world->left[i]);
    }
    for (int i = 0; i < world->mention_count; i++) {
        struct made stranger;

        made_person(&random, &stranger);
        if (others)
            made_others(&other_random, &stranger);
        made_mention(&random,
                     i % 3
                         ? &world->left[test_random(&random) % (unsigned)world->people]
                         : &stranger,
                     &world->right[i]);
        if (others)
            made_others_again(&other_random, &world->right[i]);
        world->mentions[i] = made_as_person(&world->right[i]);
        if (others && i % 50)
            made_with_others(&world->right[i], &world->mentions[i]);
    }
    return world;
}

static int open_world(void **state)
{
    *state = open_people(false);
    return 0;
}

static int open_world_with_other_columns(void **state)
{
    *state = open_people(true);
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;

    matcher_free(world->matcher);
    index_free(world->index);
    model_free(world->model);
    free(world->left);
    free(world->right);
    free(world->mentions);
    free(world);
    return 0;
}

static void assert_same(const struct world *world, const struct hits *a,
                        const struct hits *b)
{
    unsigned comparisons = model_comparisons(world->model);

    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].right, b->list[i].right);
        assert_int_equal(a->list[i].left, b->list[i].left);
        assert_int_equal(a->list[i].score, b->list[i].score);
        for (unsigned c = 0; c < comparisons; c++) {
            assert_int_equal(a->list[i].evidence[c].level,
                             b->list[i].evidence[c].level);
            assert_int_equal(a->list[i].evidence[c].bits, b->list[i].evidence[c].bits);
        }
    }
}

/* (b) of P1; pairs within three bits of the threshold are what a shortcut loses first */
static void equals_plain(struct world *world, uint32_t probability, size_t least_near)
{
    struct hits fast = {0}, plain = {0};
    size_t near = 0;

    build(world, probability);
    matcher_find(world->matcher, world->mentions, (size_t)world->mention_count,
                 INT32_MIN, &fast);
    matcher_find_plain(world->matcher, world->mentions, (size_t)world->mention_count,
                       index_threshold(world->index), &plain);

    for (size_t i = 0; i < plain.count; i++)
        near += plain.list[i].score < index_threshold(world->index) + 3 * BITS_ONE;
    printf("threshold %.6f: %zu pairs, %zu within three bits\n", probability / 1e6,
           plain.count, near);
    assert_true(near >= least_near / (world->others ? 10 : 1));
    assert_same(world, &fast, &plain);
    free(fast.list);
    free(plain.list);
}

static void every_pair_of_the_plain_twin_is_found_at_low_thresholds(void **state)
{
    equals_plain(*state, 30, 3000);
    equals_plain(*state, 100, 3000);
    equals_plain(*state, 300, 1000);
    equals_plain(*state, 1000, 1000);
}

static void every_pair_of_the_plain_twin_is_found_at_working_thresholds(void **state)
{
    equals_plain(*state, 10000, 250);
    equals_plain(*state, 100000, 100);
    equals_plain(*state, 500000, 100);
    equals_plain(*state, 990000, 50);
}

/* (a) of P1: hits at T cut at T' are the hits at T' */
static void hits_cut_at_a_higher_threshold_are_the_hits_at_that_threshold(void **state)
{
    struct world *world = *state;
    static const uint32_t higher[] = {10000, 100000, 500000, 900000};
    struct hits low = {0};

    build(world, 1000);
    matcher_find(world->matcher, world->mentions, (size_t)world->mention_count,
                 INT32_MIN, &low);
    for (size_t t = 0; t < COUNT(higher); t++) {
        struct hits cut = {0}, high = {0};

        build(world, higher[t]);
        for (size_t i = 0; i < low.count; i++)
            if (low.list[i].score >= index_threshold(world->index)) {
                cut.list = memory_grow(cut.list, cut.count + 1, sizeof(*cut.list));
                cut.list[cut.count++] = low.list[i];
            }
        matcher_find(world->matcher, world->mentions, (size_t)world->mention_count,
                     INT32_MIN, &high);

        assert_same(world, &high, &cut);
        free(cut.list);
        free(high.list);
    }
    free(low.list);
}

/* (c) of P1 */
static void every_combination_of_levels_holds_a_key_of_its_plan(void **state)
{
    struct world *world = *state;
    static const uint32_t thresholds[] = {100, 1000, 10000, 100000, 500000, 990000};

    for (size_t t = 0; t < COUNT(thresholds); t++) {
        uint64_t covered;
        struct err err;

        build(world, thresholds[t]);
        bool ok = plan_prove(world->index, SIZE_MAX, &covered, &err);

        if (!ok)
            fail_msg("threshold %.6f: %s", thresholds[t] / 1e6, err.text);
        printf("threshold %.6f: %llu combinations covered\n", thresholds[t] / 1e6,
               (unsigned long long)covered);
        assert_true(covered > 10000);
    }
}

/* The mutation of (c): every key of every plan is needed */
static void a_plan_without_any_one_of_its_keys_fails_the_proof(void **state)
{
    struct world *world = *state;
    unsigned removed = 0;

    build(world, 10000);
    for (int i = 0; i < 300; i++) {
        struct ready *ready = memory_new(1, sizeof(*ready));
        struct class class;
        struct plan plan;
        uint64_t covered = 0;
        struct err err;

        facts_whole(world->model, &world->mentions[i], &ready->facts);
        ready_ask(world->index, ready);
        ready_weigh(world->index, ready);
        class_of(world->index, ready, &class);
        plan_whole(world->index, &class, &plan);

        assert_true(plan_covers(world->index, &class, &plan, SIZE_MAX, &covered, &err));
        for (size_t k = 0; k < plan.count; k++, removed++)
            assert_false(plan_covers(world->index, &class, &plan, k, &covered, &err));
        free(ready);
    }
    printf("%u keys removed, each missed\n", removed);
    assert_true(removed > (world->others ? 300 : 1000));
}

static void the_score_is_the_prior_and_the_sum_of_the_evidence(void **state)
{
    struct world *world = *state;
    struct hits hits = {0};

    build(world, 10000);
    matcher_find(world->matcher, world->mentions, (size_t)world->mention_count,
                 INT32_MIN, &hits);

    assert_true(hits.count > (world->others ? 500 : 1000));
    for (size_t i = 0; i < hits.count; i++) {
        int32_t sum = index_prior(world->index);
        struct hit again;

        for (unsigned c = 0; c < model_comparisons(world->model); c++)
            sum += hits.list[i].evidence[c].bits;
        assert_int_equal(sum, hits.list[i].score);
        matcher_score(world->matcher, hits.list[i].left,
                      &world->mentions[hits.list[i].right], &again);
        assert_int_equal(again.score, hits.list[i].score);
    }
    free(hits.list);
}

/* Of the evidence: were it never there, the checks above would say nothing of it. */
static void every_level_of_other_columns_is_met(void **state)
{
    struct world *world = *state;
    size_t seen[COMPARISONS_MAX][LEVELS_MAX] = {0};
    struct hits hits = {0};

    build(world, 100);
    matcher_find(world->matcher, world->mentions, (size_t)world->mention_count,
                 INT32_MIN, &hits);
    for (size_t i = 0; i < hits.count; i++)
        for (unsigned c = COMPARISON_COUNT; c < model_comparisons(world->model); c++)
            seen[c][hits.list[i].evidence[c].level]++;

    for (unsigned c = COMPARISON_COUNT; c < model_comparisons(world->model); c++)
        for (unsigned l = 0; l < model_level_count(world->model, (enum comparison)c);
             l++)
            assert_true(seen[c][l] > 0);
    free(hits.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(every_pair_of_the_plain_twin_is_found_at_low_thresholds),
        IT(every_pair_of_the_plain_twin_is_found_at_working_thresholds),
        IT(hits_cut_at_a_higher_threshold_are_the_hits_at_that_threshold),
        IT(every_combination_of_levels_holds_a_key_of_its_plan),
        IT(a_plan_without_any_one_of_its_keys_fails_the_proof),
        IT(the_score_is_the_prior_and_the_sum_of_the_evidence),
    };

    const struct CMUnitTest with_other_columns[] = {
        IT(every_pair_of_the_plain_twin_is_found_at_low_thresholds),
        IT(every_pair_of_the_plain_twin_is_found_at_working_thresholds),
        IT(hits_cut_at_a_higher_threshold_are_the_hits_at_that_threshold),
        IT(every_combination_of_levels_holds_a_key_of_its_plan),
        IT(a_plan_without_any_one_of_its_keys_fails_the_proof),
        IT(the_score_is_the_prior_and_the_sum_of_the_evidence),
        IT(every_level_of_other_columns_is_met),
    };

    return cmocka_run_group_tests(tests, open_world, close_world) +
           cmocka_run_group_tests(with_other_columns, open_world_with_other_columns,
                                  close_world);
}
