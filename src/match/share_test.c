/* The share of mentions that concern anybody, from scores alone; and the index moved to it. */
#include "match/people.h"

enum { PEOPLE = 3000 };

/* A mention whose pairs weigh so many bits of evidence, scored under `assumed`. */
static void add(struct share_fit *fit, uint32_t assumed, double evidence)
{
    struct hit hit = {.score = bits_log2(assumed, UINT64_C(1000000) * PEOPLE) +
                               (int32_t)(evidence * BITS_ONE)};

    share_fit_add(fit, share_sum(&hit, 1));
    share_fit_mentions(fit, 1);
}

static uint32_t fitted(uint32_t assumed, unsigned sure, unsigned none)
{
    struct share_fit *fit = share_fit_new(assumed);
    uint32_t share = 0;

    for (unsigned i = 0; i < sure; i++)
        add(fit, assumed, 40);
    share_fit_mentions(fit, none);
    if (!share_fit_solve(fit, &share))
        share = 0;
    share_fit_free(fit);
    return share;
}

TEST(what_is_certain_is_counted)
{
    assert_int_equal(fitted(10000, 400, 9600), 40000);
    assert_int_equal(fitted(10000, 40, 9960), 4000);
    assert_int_equal(fitted(500000, 900, 100), 900000);
}

TEST(the_share_assumed_leaves_no_trace)
{
    static const uint32_t assumed[] = {5000, 10000, 20000, 60000};
    uint32_t first = 0;

    for (size_t k = 0; k < COUNT(assumed); k++) {
        struct share_fit *fit = share_fit_new(assumed[k]);
        uint32_t share;

        for (unsigned i = 0; i < 20000; i++)
            if (i % 3 == 0)
                add(fit, assumed[k], (double)(i % 40));
            else
                share_fit_mentions(fit, 1);
        for (unsigned i = 0; i < 600; i++)
            add(fit, assumed[k], 30);
        share_fit_mentions(fit, 400000);
        assert_true(share_fit_solve(fit, &share));
        share_fit_free(fit);
        first = first ? first : share;
        assert_in_range(share, first - first / 50, first + first / 50);
    }
    assert_in_range(first, 3000, 20000);
}

TEST(pairs_of_one_mention_compete)
{
    struct hit hits[2] = {{.score = 3 * BITS_ONE}, {.score = 3 * BITS_ONE}};

    assert_int_equal(share_sum(hits, 2), 4 * BITS_ONE);
    assert_in_range(share_concerns(10000, 4 * BITS_ONE), 941000, 942000);
}

TEST(too_few_are_no_share)
{
    assert_int_equal(fitted(10000, SHARE_FIT_LEAST - 1, 10000), 0);
    assert_int_equal(fitted(10000, 0, 10000), 0);
    assert_int_equal(fitted(10000, 0, 0), 0);
    assert_int_not_equal(fitted(10000, SHARE_FIT_LEAST + 1, 1000), 0);
}

TEST(few_where_many_were_expected_are_a_small_share)
{
    assert_int_equal(fitted(500000, 5, 50000), SHARE_OF_STRANGERS + 1);
    assert_int_equal(fitted(10000, 0, 100000), 10000 / 16);
}

TEST(the_share_stays_within_its_bounds)
{
    assert_int_equal(fitted(10000, 500, 500), SHARE_OF_STRANGERS);
    assert_int_equal(fitted(10000, 30, 1000000), 625);
    assert_int_equal(fitted(500000, 100, 9900), SHARE_OF_STRANGERS + 1);
    assert_int_equal(fitted(500000, 1000, 0), 990000);
}

/* ---- the index moved ------------------------------------------------------------------- */

enum { LEFT = 600, RIGHT = 800 };

struct people {
    struct made left[LEFT], right[RIGHT];
    struct person mentions[RIGHT];
};

static void make(struct people *people)
{
    uint64_t random = 7;

    for (int i = 0; i < LEFT; i++)
        made_person(&random, &people->left[i]);
    for (int i = 0; i < RIGHT; i++) {
        made_mention(&random, &people->left[test_random(&random) % LEFT],
                     &people->right[i]);
        people->mentions[i] = made_as_person(&people->right[i]);
    }
}

static struct index *build(const struct people *people, const struct model *model,
                           uint32_t share, uint32_t probability, bool movable)
{
    struct index_settings settings = {.model = model,
                                      .share = share,
                                      .probability = probability,
                                      .threads = 1,
                                      .movable = movable};
    struct index *index;
    struct err err;

    assert_true(index_new(&settings, &index, &err));
    for (int i = 0; i < LEFT; i++) {
        struct person person = made_as_person(&people->left[i]);

        assert_true(index_add(index, &person, &err));
    }
    for (int i = 0; i < RIGHT; i++)
        index_sample(index, &people->mentions[i]);
    assert_true(index_build(index, &err));
    return index;
}

static void find(const struct index *index, const struct people *people,
                 struct hits *hits)
{
    struct matcher *matcher = matcher_new(index);

    hits->count = 0;
    matcher_find(matcher, people->mentions, RIGHT, index_threshold(index), hits);
    matcher_free(matcher);
}

/* Member by member: bytes between them are anything. */
static void same_hit(const struct hit *a, const struct hit *b)
{
    assert_int_equal(a->left, b->left);
    assert_int_equal(a->right, b->right);
    assert_int_equal(a->score, b->score);
    for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
        assert_int_equal(a->evidence[c].level, b->evidence[c].level);
        assert_int_equal(a->evidence[c].bits, b->evidence[c].bits);
    }
}

TEST(an_index_moved_finds_what_one_built_there_finds)
{
    static const struct {
        uint32_t from_share, from, share, probability;
    } moves[] = {
        {10000, 10000,  80000, 10000 },
        {10000, 10000,  1000,  10000 },
        {10000, 900000, 10000, 1000  },
        {80000, 1000,   5000,  500000},
    };
    struct people *people = memory_new(1, sizeof(*people));
    struct hits moved = {0}, built = {0};
    struct model *model;
    struct err err;

    make(people);
    assert_true(model_default(&model, &err));
    for (size_t k = 0; k < COUNT(moves); k++) {
        struct index *a =
            build(people, model, moves[k].from_share, moves[k].from, true);
        struct index *b =
            build(people, model, moves[k].share, moves[k].probability, false);
        uint64_t covered = 0;

        find(a, people, &moved); /* plans of the old threshold, to be forgotten */
        assert_true(index_move(a, moves[k].share, moves[k].probability, &err));
        assert_int_equal(index_prior(a), index_prior(b));
        find(a, people, &moved);
        find(b, people, &built);
        assert_true(built.count > 100);
        assert_int_equal(moved.count, built.count);
        for (size_t i = 0; i < built.count; i++)
            same_hit(&moved.list[i], &built.list[i]);
        assert_true(plan_prove(a, SIZE_MAX, &covered, &err));
        index_free(a);
        index_free(b);
    }
    free(moved.list);
    free(built.list);
    free(people);
    model_free(model);
}

TESTS(IT(what_is_certain_is_counted), IT(the_share_assumed_leaves_no_trace),
      IT(pairs_of_one_mention_compete), IT(too_few_are_no_share),
      IT(few_where_many_were_expected_are_a_small_share),
      IT(the_share_stays_within_its_bounds),
      IT(an_index_moved_finds_what_one_built_there_finds))
