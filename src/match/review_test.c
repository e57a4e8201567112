#include "match/match.h"

#include "test/test.h"

TEST(strata_are_finest_near_the_threshold_and_the_threshold_is_an_edge)
{
    assert_int_equal(review_stratum(0, 500000), 0);
    assert_int_equal(review_stratum(499999, 500000), 3);
    assert_int_equal(review_stratum(500000, 500000), REVIEW_ACCEPTED);
    assert_int_equal(review_stratum(600000, 500000), 4);
    assert_int_equal(review_stratum(700000, 500000), 5);
    assert_int_equal(review_stratum(950000, 500000), 6);
    assert_int_equal(review_stratum(1000000, 500000), 7);
    assert_int_equal(review_stratum(899999, 900000), 3);
    assert_int_equal(review_stratum(900000, 900000), REVIEW_ACCEPTED);
}

TEST(the_sample_goes_where_the_doubt_is_and_no_stratum_goes_without)
{
    struct review_stratum strata[REVIEW_STRATA] = {
        [0] = {.pairs = 100000, .sum = (uint64_t)100000 * 2000  },
        [3] = {.pairs = 1000,   .sum = (uint64_t)1000 * 400000  },
        [4] = {.pairs = 1000,   .sum = (uint64_t)1000 * 600000  },
        [6] = {.pairs = 4,      .sum = (uint64_t)4 * 950000     },
        [7] = {.pairs = 100000, .sum = (uint64_t)100000 * 999000},
    };
    uint64_t drawn = 0;

    review_allot(strata, 400);
    for (unsigned i = 0; i < REVIEW_STRATA; i++)
        drawn += strata[i].drawn;
    assert_int_equal(drawn, 400);
    assert_int_equal(strata[6].drawn, 4); /* all there are */
    assert_true(strata[0].drawn >= REVIEW_LEAST && strata[7].drawn >= REVIEW_LEAST);
    /* per pair, the doubtful strata are drawn more often */
    assert_true(strata[3].drawn * 100 > 4 * strata[0].drawn);
    review_allot(strata, 1000000);
    for (unsigned i = 0; i < REVIEW_STRATA; i++)
        assert_int_equal(strata[i].drawn, strata[i].pairs);
    review_allot(strata, 15);
    assert_int_equal(strata[4].drawn, REVIEW_LEAST);
    assert_int_equal(strata[3].drawn, 5);
}

TEST(estimates_weigh_each_stratum_by_its_size)
{
    struct review_stratum strata[REVIEW_STRATA] = {
        [3] = {.pairs = 200, .reviewed = 20, .right = 5 },
        [4] = {.pairs = 100, .reviewed = 20, .right = 10},
        [7] = {.pairs = 900, .reviewed = 10, .right = 10},
    };
    struct review_estimate precision = review_precision(strata);
    struct review_estimate recall = review_recall(strata);

    assert_true(precision.possible && recall.possible);
    assert_int_equal(precision.value, 950000); /* (50 + 900) / 1000, and not 20 / 30 */
    assert_int_equal(recall.value, 950000);    /* 950 / (950 + 50) */
    assert_true(precision.interval.low < 950000 && precision.interval.high > 950000);
    assert_true(precision.interval.low > 700000);
}

TEST(a_file_reviewed_whole_leaves_no_doubt_and_one_not_reviewed_no_estimate)
{
    struct review_stratum strata[REVIEW_STRATA] = {
        [4] = {.pairs = 20, .reviewed = 20, .right = 15}
    };
    struct review_estimate precision = review_precision(strata);

    assert_int_equal(precision.value, 750000);
    assert_int_equal(precision.interval.low, 750000);
    assert_int_equal(precision.interval.high, 750000);
    strata[5].pairs = 1;
    assert_false(review_precision(strata).possible);
}

/* 95 % intervals should hold the truth about 95 times in 100. */
TEST(intervals_hold_the_truth_as_often_as_they_say)
{
    static const uint64_t pairs[REVIEW_STRATA] = {0, 0, 0, 0, 500, 800, 1000, 4000};
    static const unsigned percent[REVIEW_STRATA] = {0, 0, 0, 0, 50, 80, 95, 99};
    uint64_t seed = 5;
    unsigned held = 0;

    for (unsigned round = 0; round < 1000; round++) {
        struct review_stratum strata[REVIEW_STRATA] = {{0}};
        double truth = 0, all = 0;

        for (unsigned i = REVIEW_ACCEPTED; i < REVIEW_STRATA; i++) {
            strata[i] = (struct review_stratum){.pairs = pairs[i], .reviewed = 50};
            for (unsigned k = 0; k < 50; k++)
                strata[i].right += test_random(&seed) % 100 < percent[i];
            truth += (double)pairs[i] * percent[i] / 100;
            all += (double)pairs[i];
        }

        struct interval interval = review_precision(strata).interval;

        held += interval.low <= truth / all * 1e6 && interval.high >= truth / all * 1e6;
    }
    assert_true(held >= 925 && held <= 995);
}

TESTS(IT(strata_are_finest_near_the_threshold_and_the_threshold_is_an_edge),
      IT(the_sample_goes_where_the_doubt_is_and_no_stratum_goes_without),
      IT(estimates_weigh_each_stratum_by_its_size),
      IT(a_file_reviewed_whole_leaves_no_doubt_and_one_not_reviewed_no_estimate),
      IT(intervals_hold_the_truth_as_often_as_they_say))
