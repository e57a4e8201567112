/* Promise P1: nothing is lost to a shortcut. Three checks, and their mutation. */
#include "match/people.h"

enum { PEOPLE = 3000, MENTIONS = 4000 };

struct world {
    struct model *model;
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
    for (int i = 0; i < PEOPLE; i++) {
        struct person person = made_as_person(&world->left[i]);

        assert_true(index_add(world->index, &person, &err));
    }
    for (int i = 0; i < MENTIONS; i++)
        index_sample(world->index, &world->mentions[i]);
    assert_true(index_build(world->index, &err));
    world->matcher = matcher_new(world->index);
}

static int open_world(void **state)
{
    struct world *world = memory_new(1, sizeof(*world));
    uint64_t random = 20260101;
    struct err err;

    assert_true(model_default(&world->model, &err));
    world->left = memory_new(PEOPLE, sizeof(*world->left));
    world->right = memory_new(MENTIONS, sizeof(*world->right));
    world->mentions = memory_new(MENTIONS, sizeof(*world->mentions));
    for (int i = 0; i < PEOPLE; i++)
        made_person(&random, &world->left[i]);
    for (int i = 0; i < MENTIONS; i++) {
        struct made stranger;

        made_person(&random, &stranger);
        made_mention(&random,
                     i % 3 ? &world->left[test_random(&random) % PEOPLE] : &stranger,
                     &world->right[i]);
        world->mentions[i] = made_as_person(&world->right[i]);
    }
    *state = world;
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

static void assert_same(const struct hits *a, const struct hits *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].right, b->list[i].right);
        assert_int_equal(a->list[i].left, b->list[i].left);
        assert_int_equal(a->list[i].score, b->list[i].score);
        for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
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
    matcher_find(world->matcher, world->mentions, MENTIONS, INT32_MIN, &fast);
    matcher_find_plain(world->matcher, world->mentions, MENTIONS,
                       index_threshold(world->index), &plain);

    for (size_t i = 0; i < plain.count; i++)
        near += plain.list[i].score < index_threshold(world->index) + 3 * BITS_ONE;
    printf("threshold %.6f: %zu pairs, %zu within three bits\n", probability / 1e6,
           plain.count, near);
    assert_true(near >= least_near);
    assert_same(&fast, &plain);
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
    matcher_find(world->matcher, world->mentions, MENTIONS, INT32_MIN, &low);
    for (size_t t = 0; t < COUNT(higher); t++) {
        struct hits cut = {0}, high = {0};

        build(world, higher[t]);
        for (size_t i = 0; i < low.count; i++)
            if (low.list[i].score >= index_threshold(world->index)) {
                cut.list = memory_grow(cut.list, cut.count + 1, sizeof(*cut.list));
                cut.list[cut.count++] = low.list[i];
            }
        matcher_find(world->matcher, world->mentions, MENTIONS, INT32_MIN, &high);

        assert_same(&high, &cut);
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

/* A trained model may find that dates of true pairs lie years apart. */
static void nothing_is_lost_where_dates_years_apart_speak_for_a_pair(void **state)
{
    struct world *world = *state;
    struct level *far = &world->model->level[COMPARE_DATE_OF_BIRTH][BORN_WITHIN_5];
    int32_t usual = far->bits;
    uint64_t covered;
    struct err err;

    far->bits = 2 * BITS_ONE;
    equals_plain(world, 10000, 250);
    bool ok = plan_prove(world->index, SIZE_MAX, &covered, &err);

    far->bits = usual;
    if (!ok)
        fail_msg("%s", err.text);
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

        facts_of(&world->mentions[i], &ready->facts);
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
    assert_true(removed > 1000);
}

static void the_score_is_the_prior_and_the_sum_of_the_evidence(void **state)
{
    struct world *world = *state;
    struct hits hits = {0};

    build(world, 10000);
    matcher_find(world->matcher, world->mentions, MENTIONS, INT32_MIN, &hits);

    assert_true(hits.count > 1000);
    for (size_t i = 0; i < hits.count; i++) {
        int32_t sum = index_prior(world->index);
        struct hit again;

        for (unsigned c = 0; c < COMPARISON_COUNT; c++)
            sum += hits.list[i].evidence[c].bits;
        assert_int_equal(sum, hits.list[i].score);
        matcher_score(world->matcher, hits.list[i].left,
                      &world->mentions[hits.list[i].right], &again);
        assert_int_equal(again.score, hits.list[i].score);
    }
    free(hits.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(every_pair_of_the_plain_twin_is_found_at_low_thresholds),
        IT(every_pair_of_the_plain_twin_is_found_at_working_thresholds),
        IT(hits_cut_at_a_higher_threshold_are_the_hits_at_that_threshold),
        IT(every_combination_of_levels_holds_a_key_of_its_plan),
        IT(nothing_is_lost_where_dates_years_apart_speak_for_a_pair),
        IT(a_plan_without_any_one_of_its_keys_fails_the_proof),
        IT(the_score_is_the_prior_and_the_sum_of_the_evidence),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
