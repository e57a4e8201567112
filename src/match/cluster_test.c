#include "match/match.h"

#include "test/test.h"

enum { BIT = BITS_ONE, RECORDS = 60 };

static const struct cluster_rule six = {6, 0, 4, 2};

static void find(const struct cluster_rule *rule, const struct record_link *links,
                 size_t count, uint32_t cluster[])
{
    clusters_find(rule, links, count, cluster);
}

static void assert_clusters(const uint32_t cluster[], const uint32_t wanted[],
                            uint32_t records)
{
    for (uint32_t i = 0; i < records; i++)
        assert_int_equal(cluster[i], wanted[i]);
}

/* ---- links ------------------------------------------------------------------------------ */

TEST(a_pair_given_twice_is_kept_once_with_its_best_score)
{
    struct record_link links[] = {
        {2, 3, 5},
        {0, 1, 7},
        {2, 3, 9},
        {0, 2, 1},
        {2, 3, 9}
    };

    assert_int_equal(links_settle(links, COUNT(links)), 3);
    assert_int_equal(links[0].b, 1);
    assert_int_equal(links[1].b, 2);
    assert_int_equal(links[2].score, 9);
}

/* ---- worked by hand ------------------------------------------------------------------------ */

TEST(records_without_links_are_clusters_of_their_own)
{
    uint32_t cluster[6];

    find(&six, NULL, 0, cluster);
    assert_clusters(cluster, (uint32_t[]){0, 1, 2, 3, 4, 5}, 6);
}

TEST(a_chain_of_weak_links_whose_ends_contradict_falls_apart)
{
    /* 0-1-2 and 3-4-5 fit one another throughout; 2-3 is the weak link between them. */
    const struct record_link links[] = {
        {0, 1, 20 * BIT},
        {0, 2, 20 * BIT},
        {1, 2, 20 * BIT},
        {2, 3, 4 * BIT },
        {3, 4, 20 * BIT},
        {3, 5, 20 * BIT},
        {4, 5, 20 * BIT},
    };
    uint32_t cluster[6];

    find(&six, links, COUNT(links), cluster);
    assert_clusters(cluster, (uint32_t[]){0, 0, 0, 3, 3, 3}, 6);
}

/* Whether all six are one if this link is what two groups hang together by. */
static bool joined_by(const struct record_link *within, size_t count,
                      struct record_link link)
{
    struct record_link links[8];
    uint32_t cluster[6];

    for (size_t i = 0; i < count; i++)
        links[i] = within[i];
    links[count++] = link;
    find(&six, links, links_settle(links, count), cluster);
    return cluster[link.a] == cluster[link.b];
}

TEST(a_missing_pair_costs_more_the_more_pairs_there_are)
{
    const struct record_link of_two[] = {
        {0, 1, 20 * BIT}
    };
    const struct record_link two_of_two[] = {
        {0, 1, 20 * BIT},
        {2, 3, 20 * BIT}
    };
    const struct record_link two_of_three[] = {
        {0, 1, 30 * BIT},
        {0, 2, 30 * BIT},
        {1, 2, 30 * BIT},
        {3, 4, 30 * BIT},
        {3, 5, 30 * BIT},
        {4, 5, 30 * BIT}
    };

    /* Of two pairs one is missing: 2/4 of a bit. */
    assert_true(joined_by(of_two, 1, (struct record_link){1, 2, BIT / 2}));
    assert_false(joined_by(of_two, 1, (struct record_link){1, 2, BIT / 2 - 1}));
    /* Of four three: 4/4 of a bit each. */
    assert_true(joined_by(two_of_two, 2, (struct record_link){1, 2, 3 * BIT}));
    assert_false(joined_by(two_of_two, 2, (struct record_link){1, 2, 3 * BIT - 1}));
    /* Of nine eight: 9/4, but two bits at most. */
    assert_true(joined_by(two_of_three, 6, (struct record_link){2, 3, 16 * BIT}));
    assert_false(joined_by(two_of_three, 6, (struct record_link){2, 3, 16 * BIT - 1}));
}

TEST(links_below_the_threshold_join_nothing)
{
    const struct record_link links[] = {
        {0, 1, -1},
        {2, 3, 0 }
    };
    uint32_t cluster[6];

    find(&six, links, COUNT(links), cluster);
    assert_clusters(cluster, (uint32_t[]){0, 1, 2, 2, 4, 5}, 6);
}

/* ---- the plain twin: the nearest two of all, again and again --------------------------------- */

static double score_of(const struct record_link *links, size_t count, uint32_t a,
                       uint32_t b)
{
    for (size_t i = 0; i < count; i++)
        if (links[i].a == (a < b ? a : b) && links[i].b == (a < b ? b : a))
            return links[i].score;
    return -1;
}

static double mean_of(const double score[RECORDS][RECORDS], const uint32_t cluster[],
                      uint32_t x, uint32_t y)
{
    double sum = 0, pairs = 0, missing = 0;

    for (uint32_t i = 0; i < RECORDS; i++)
        for (uint32_t j = 0; j < RECORDS; j++)
            if (cluster[i] == x && cluster[j] == y) {
                sum += score[i][j] < 0 ? 0 : score[i][j];
                missing += score[i][j] < 0;
                pairs++;
            }
    return (sum - missing * BIT * (pairs < 30 ? pairs / 10 : 3)) / pairs;
}

static bool join_nearest(const double score[RECORDS][RECORDS], uint32_t cluster[])
{
    double best = 0;
    uint32_t x = 0, y = 0;

    for (uint32_t i = 0; i < RECORDS; i++)
        for (uint32_t j = i + 1; j < RECORDS; j++) {
            if (cluster[i] != i || cluster[j] != j)
                continue;

            double mean = mean_of(score, cluster, i, j);

            if (mean >= best && (y == 0 || mean > best)) {
                best = mean;
                x = i;
                y = j;
            }
        }
    for (uint32_t i = 0; i < RECORDS && y; i++)
        if (cluster[i] == y)
            cluster[i] = x;
    return y != 0;
}

/* Scores with many digits, so that no two means are equal. */
static size_t random_links(uint64_t *seed, unsigned percent, struct record_link *links)
{
    size_t count = 0;

    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            int32_t score = (int32_t)(test_random(seed) % (26 * BIT)) - 6 * BIT;

            if (test_random(seed) % 100 < percent || a / 5 == b / 5)
                links[count++] = (struct record_link){a, b, score};
        }
    return count;
}

TEST(the_chain_of_neighbours_gives_what_joining_the_nearest_of_all_gives)
{
    static struct record_link links[RECORDS * RECORDS];
    static double score[RECORDS][RECORDS];
    const struct cluster_rule rule = {RECORDS, 0, 10, 3};
    uint64_t seed = 7;
    size_t joined = 0;

    for (unsigned round = 0; round < 40; round++) {
        size_t count = random_links(&seed, round, links);
        uint32_t cluster[RECORDS], plain[RECORDS];

        for (uint32_t i = 0; i < RECORDS; i++) {
            plain[i] = i;
            for (uint32_t j = 0; j < RECORDS; j++)
                score[i][j] = score_of(links, count, i, j);
        }
        while (join_nearest((const double(*)[RECORDS])score, plain))
            joined++;
        find(&rule, links, count, cluster);
        assert_clusters(cluster, plain, RECORDS);
    }
    assert_true(joined > 500);
}

/* ---- quality --------------------------------------------------------------------------------------- */

TEST(the_quality_of_a_cluster_names_its_bridges_and_its_weakest_link)
{
    /* 0-1-2 a triangle, 3 on it by one link; 4-5 apart, with a link that was cut. */
    const struct record_link links[] = {
        {0, 1, 9 * BIT},
        {0, 2, 8 * BIT},
        {1, 2, 7 * BIT},
        {2, 3, 3 * BIT},
        {3, 4, BIT    },
        {4, 5, 5 * BIT}
    };
    const uint32_t cluster[] = {0, 0, 0, 0, 4, 4};
    struct cluster_quality *list;

    assert_int_equal(clusters_measure(&six, links, COUNT(links), cluster, &list), 2);
    assert_int_equal(list[0].records, 4);
    assert_int_equal(list[0].links, 4);
    assert_int_equal(list[0].bridges, 1);
    assert_int_equal(list[0].weakest, 3 * BIT);
    assert_int_equal(list[0].cut, 1);
    assert_int_equal(cluster_density(&list[0]), 666667);
    assert_true(cluster_flagged(&list[0]));
    assert_int_equal(list[1].bridges, 0);
    assert_int_equal(list[1].weakest, 5 * BIT);
    assert_int_equal(cluster_density(&list[1]), 1000000);
    assert_false(cluster_flagged(&list[1]));
    free(list);
}

TEST(every_link_of_a_chain_is_a_bridge_and_no_link_of_a_ring)
{
    const struct record_link links[] = {
        {0, 1, BIT},
        {1, 2, BIT},
        {2, 3, BIT},
        {3, 4, BIT},
        {4, 5, BIT},
        {0, 5, BIT}
    };
    const uint32_t cluster[6] = {0};
    struct cluster_quality *list;

    assert_int_equal(clusters_measure(&six, links, 5, cluster, &list), 1);
    assert_int_equal(list[0].bridges, 5);
    free(list);
    assert_int_equal(clusters_measure(&six, links, 6, cluster, &list), 1);
    assert_int_equal(list[0].bridges, 0);
    free(list);
}

/* ---- truth ------------------------------------------------------------------------------------------ */

TEST(clusters_are_compared_with_truth_by_pairs_and_by_records)
{
    /* Found {0,1,2} {3,4} {5}; true {0,1} {2,3,4} {5}. */
    const uint32_t found[] = {0, 0, 0, 3, 3, 5}, truth[] = {0, 0, 2, 2, 2, 5};
    struct cluster_agreement agreement = clusters_compare(found, truth, 6);

    assert_int_equal(agreement.pairs.found, 4);
    assert_int_equal(agreement.pairs.truth, 4);
    assert_int_equal(agreement.pairs.right_found, 2);
    /* Precision: 2/3 + 2/3 + 1/3 + 1 + 1 + 1 over 6; recall: 1 + 1 + 1/3 + 2/3 + 2/3 + 1. */
    assert_int_equal(agreement.cubed_precision, 777778);
    assert_int_equal(agreement.cubed_recall, 777778);
    assert_int_equal(agreement.cubed_f1, 777778);
    assert_int_equal(agreement.persons, 2);
    assert_int_equal(agreement.persons_whole, 0);
}

TEST(clusters_that_are_the_truth_are_perfect)
{
    const uint32_t found[] = {0, 0, 2, 2, 2, 5}, truth[] = {4, 4, 1, 1, 1, 0};
    struct cluster_agreement agreement = clusters_compare(found, truth, 6);

    assert_int_equal(agreement.pairs.right_found, 4);
    assert_int_equal(agreement.cubed_precision, 1000000);
    assert_int_equal(agreement.cubed_recall, 1000000);
    assert_int_equal(agreement.cubed_f1, 1000000);
    assert_int_equal(agreement.persons_whole, 2);
}

TESTS(IT(a_pair_given_twice_is_kept_once_with_its_best_score),
      IT(records_without_links_are_clusters_of_their_own),
      IT(a_chain_of_weak_links_whose_ends_contradict_falls_apart),
      IT(a_missing_pair_costs_more_the_more_pairs_there_are),
      IT(links_below_the_threshold_join_nothing),
      IT(the_chain_of_neighbours_gives_what_joining_the_nearest_of_all_gives),
      IT(the_quality_of_a_cluster_names_its_bridges_and_its_weakest_link),
      IT(every_link_of_a_chain_is_a_bridge_and_no_link_of_a_ring),
      IT(clusters_are_compared_with_truth_by_pairs_and_by_records),
      IT(clusters_that_are_the_truth_are_perfect))
