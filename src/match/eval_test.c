#include "match/match.h"

#include "test/test.h"

/* 3 right, 1 wrong at 0.9; 1 right, 2 wrong at 0.5; 0 right, 4 wrong at 0.1. */
static const struct scored three[] = {
    {900000, 3, 1},
    {500000, 1, 2},
    {100000, 0, 4}
};

TEST(precision_recall_and_f1_follow_their_formulas)
{
    struct quality quality = quality_at(three, COUNT(three), 5, 500000);

    assert_int_equal(quality.found, 7);
    assert_int_equal(quality_precision(&quality), 571429); /* 4/7 */
    assert_int_equal(quality_recall(&quality), 800000);    /* 4/5 */
    assert_int_equal(quality_f1(&quality), 666667);        /* 8/12 */
}

TEST(nothing_found_of_nothing_is_zero_and_not_a_division)
{
    struct quality quality = quality_at(NULL, 0, 0, 500000);

    assert_int_equal(quality_precision(&quality), 0);
    assert_int_equal(quality_recall(&quality), 0);
    assert_int_equal(quality_f1(&quality), 0);
}

TEST(the_best_threshold_is_the_one_of_the_highest_f1)
{
    struct quality best = quality_best(three, COUNT(three), 5);

    /* F1: 6/9 at 0.9, 8/12 at 0.5 (as good: the higher stays), 8/16 at 0.1 */
    assert_int_equal(best.probability, 900000);
    assert_int_equal(quality_f1(&best), 666667);
}

TEST(recall_at_a_precision_takes_the_lowest_threshold_that_keeps_it)
{
    static const struct scored dips[] = {
        {900000, 1, 1},
        {800000, 8, 0},
        {100000, 0, 9}
    };
    struct quality most = quality_at_precision(dips, COUNT(dips), 10, 900000);
    struct quality none = quality_at_precision(dips, COUNT(dips), 10, 950000);

    assert_int_equal(most.probability, 800000); /* 9/10, though 1/2 at 0.9 */
    assert_int_equal(quality_recall(&most), 900000);
    assert_int_equal(none.found, 0);
}

TEST(a_calibration_bin_adds_up_the_probabilities_given_in_it)
{
    struct calibration bins[CALIBRATION_BINS];

    calibrate(three, COUNT(three), bins);

    assert_int_equal(bins[9].pairs, 4);
    assert_int_equal(bins[9].right, 3);
    assert_int_equal(bins[9].sum, 3600000);
    assert_int_equal(bins[1].pairs, 4);
    assert_int_equal(bins[0].pairs, 0);
}

TEST(a_pair_given_twice_counts_once_with_its_highest_probability)
{
    struct tally *tally = tally_new();
    struct scored *scored;

    tally_truth(tally, STR("a"), STR("x"), 0);
    tally_truth(tally, STR("a"), STR("x"), 0);
    tally_pair(tally, STR("a"), STR("x"), 0, 300000);
    tally_pair(tally, STR("a"), STR("x"), 0, 700000);
    tally_pair(tally, STR("b"), STR("x"), 0, 0);

    assert_int_equal(tally_true_pairs(tally), 1);
    assert_int_equal(tally_found_pairs(tally), 2);
    assert_int_equal(tally_scored(tally, &scored), 2);
    assert_int_equal(scored[0].probability, 700000);
    assert_int_equal(scored[0].right, 1);
    assert_int_equal(scored[1].probability, 0);
    assert_int_equal(scored[1].wrong, 1);
    free(scored);
    tally_free(tally);
}

TEST(the_end_of_one_id_is_not_the_start_of_the_next)
{
    struct tally *tally = tally_new();

    tally_truth(tally, STR("1"), STR("23"), 0);
    tally_truth(tally, STR("12"), STR("3"), 0);
    tally_truth(tally, STR("23"), STR("1"), 0);

    assert_int_equal(tally_true_pairs(tally), 3);
    tally_free(tally);
}

TEST(groups_are_counted_apart)
{
    struct tally *tally = tally_new();
    struct quality quality[3];

    tally_truth(tally, STR("a"), STR("x"), 1);
    tally_truth(tally, STR("b"), STR("y"), 2);
    tally_truth(tally, STR("c"), STR("z"), 2);
    tally_pair(tally, STR("a"), STR("x"), 1, 900000);
    tally_pair(tally, STR("b"), STR("y"), 2, 900000);
    tally_pair(tally, STR("c"), STR("z"), 2, 400000);
    tally_pair(tally, STR("c"), STR("q"), 2, 900000);
    tally_groups(tally, 500000, quality, 3);

    assert_int_equal(quality_recall(&quality[1]), 1000000);
    assert_int_equal(quality_recall(&quality[2]), 500000);
    assert_int_equal(quality_precision(&quality[2]), 500000);
    assert_int_equal(quality[0].truth, 0);
    tally_free(tally);
}

struct plain { /* the plain twin: a list, looked through every time */
    unsigned left, right;
    bool truth;
    int probability; /* -1: not found */
};

static struct plain *plain_pair(struct plain *list, size_t *count, unsigned left,
                                unsigned right)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i].left == left && list[i].right == right)
            return &list[i];
    list[*count] = (struct plain){left, right, false, -1};
    return &list[(*count)++];
}

static struct str id_text(unsigned id, char text[16])
{
    snprintf(text, 16, "%u", id);
    return str_of(text);
}

TEST(counts_agree_with_a_plain_list_on_random_pairs)
{
    enum { DRAWS = 3000, IDS = 60 };
    static struct plain list[2 * DRAWS];
    struct tally *tally = tally_new();
    struct scored *scored;
    uint64_t state = 7;
    size_t count = 0;
    char a[16], b[16];

    for (int i = 0; i < 2 * DRAWS; i++) {
        unsigned left = (unsigned)(test_random(&state) % IDS);
        unsigned right = (unsigned)(test_random(&state) % IDS);
        uint32_t probability = (uint32_t)(test_random(&state) % 1000001);
        struct plain *pair = plain_pair(list, &count, left, right);

        if (i < DRAWS) {
            pair->truth = true;
            tally_truth(tally, id_text(left, a), id_text(right, b), 0);
            continue;
        }
        if (pair->probability < (int)probability)
            pair->probability = (int)probability;
        tally_pair(tally, id_text(left, a), id_text(right, b), 0, probability);
    }
    size_t rows = tally_scored(tally, &scored);

    for (uint32_t threshold = 0; threshold <= 1000000; threshold += 50000) {
        struct quality got =
            quality_at(scored, rows, tally_true_pairs(tally), threshold);
        struct quality want = {0};

        for (size_t i = 0; i < count; i++) {
            bool found = list[i].probability >= (int)threshold;

            want.truth += list[i].truth;
            want.found += found;
            want.right_found += found && list[i].truth;
        }
        assert_int_equal(got.truth, want.truth);
        assert_int_equal(got.found, want.found);
        assert_int_equal(got.right_found, want.right_found);
    }
    free(scored);
    tally_free(tally);
}

TEST(reliability_follows_its_formulas)
{
    /* 30 pairs given 0.9 of which 24 are true, 10 given 0.1 of which 5 are. */
    static const struct scored scored[] = {
        {900000, 24, 6},
        {100000, 5,  5},
    };
    struct reliability reliability = reliability_of(scored, COUNT(scored));

    /* (24 x 0.01 + 6 x 0.81 + 5 x 0.81 + 5 x 0.01) / 40 */
    assert_int_equal(reliability.brier, 230000);
    /* (30 x 0.1 + 10 x 0.4) / 40 */
    assert_int_equal(reliability.error, 175000);
    assert_int_equal(reliability.worst, 100000); /* ten pairs are too few to tell */
    assert_int_equal(reliability.worst_bin, 9);
    assert_int_equal(reliability.pairs, 40);
    assert_int_equal(reliability_of(NULL, 0).brier, 0);
}

TEST(an_interval_is_that_of_wilson)
{
    struct interval interval = share_interval(8, 10);

    assert_near(interval.low, 490162, 1);
    assert_near(interval.high, 943318, 1);
    assert_int_equal(share_interval(0, 10).low, 0);
    assert_int_equal(share_interval(10, 10).high, 1000000);
    assert_near(share_interval(0, 10).high, 277533, 1);
    assert_int_equal(share_interval(0, 0).high, 1000000);
}

TESTS(IT(reliability_follows_its_formulas), IT(an_interval_is_that_of_wilson),
      IT(precision_recall_and_f1_follow_their_formulas),
      IT(nothing_found_of_nothing_is_zero_and_not_a_division),
      IT(the_best_threshold_is_the_one_of_the_highest_f1),
      IT(recall_at_a_precision_takes_the_lowest_threshold_that_keeps_it),
      IT(a_calibration_bin_adds_up_the_probabilities_given_in_it),
      IT(a_pair_given_twice_counts_once_with_its_highest_probability),
      IT(the_end_of_one_id_is_not_the_start_of_the_next), IT(groups_are_counted_apart),
      IT(counts_agree_with_a_plain_list_on_random_pairs))
