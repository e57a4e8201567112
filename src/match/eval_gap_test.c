/* How far groups are apart, and what chance does. */
#include "match/match.h"

#include "test/test.h"

#include <math.h>

/* Pairs of one group: `people` with `each` records, the first `found` people found. */
static size_t add(struct judged *list, unsigned group, unsigned people, unsigned each,
                  unsigned found)
{
    size_t n = 0;

    for (unsigned p = 0; p < people; p++)
        for (unsigned k = 0; k < each; k++)
            list[n++] = (struct judged){
                .left = group * 1000 + p, .group = group, .found = p < found};
    return n;
}

TEST(records_of_one_person_are_one_piece_of_evidence)
{
    struct judged list[2000];
    struct group_recall recall[3];
    size_t n = add(list, 1, 400, 1, 300);

    n += add(list + n, 2, 100, 4, 75); /* as many pairs, of fewer people */
    group_recalls(list, n, recall, COUNT(recall));
    assert_near(recall[1].recall, 0.75, 1e-9);
    assert_near(recall[1].error, sqrt(0.75 * 0.25 / 400), 1e-9);
    assert_near(recall[2].recall, 0.75, 1e-9);
    assert_near(recall[2].error, sqrt(0.75 * 0.25 / 100), 1e-9);
    assert_int_equal(recall[1].people, 400);
    assert_int_equal(recall[2].people, 100);
    assert_int_equal(recall[2].pairs, 400);
    assert_int_equal(recall[0].pairs, 0);
}

TEST(a_group_found_whole_is_not_without_error)
{
    struct judged list[50];
    struct group_recall recall[2];

    group_recalls(list, add(list, 1, 50, 1, 50), recall, COUNT(recall));
    assert_near(recall[1].recall, 1, 1e-9);
    assert_in_range((uint64_t)(recall[1].error * 1e6), 10000, 30000);
}

TEST(the_range_that_chance_gives_is_that_of_the_tables)
{
    /* mean range of 2, 5 and 10 standard normal values: Tippett (1925) */
    static const struct {
        size_t count;
        double range;
    } tables[] = {
        {2,  1.12838},
        {5,  2.32593},
        {10, 3.07751},
    };
    struct group_recall groups[10];

    for (size_t i = 0; i < COUNT(groups); i++)
        groups[i] = (struct group_recall){.recall = 0.9, .error = 0.01};
    for (size_t i = 0; i < COUNT(tables); i++)
        assert_near(recall_gap(groups, tables[i].count).by_chance,
                    0.01 * tables[i].range, 1e-6);
    assert_near(recall_gap(groups, 10).points, 0, 1e-12);
    assert_near(recall_gap(groups, 10).unexplained, 0, 1e-12);
}

TEST(what_chance_does_not_explain_is_told)
{
    struct group_recall groups[2] = {
        {.recall = 0.8, .error = 0.001},
        {.recall = 0.9, .error = 0.001}
    };
    struct recall_gap gap = recall_gap(groups, 2);

    assert_near(gap.points, 0.1, 1e-9);
    assert_near(gap.by_chance, 0.001 * 1.12838, 1e-6);
    assert_near(gap.unexplained, 0.05, 1e-4);
    assert_near(recall_gap(groups, 1).points, 0, 1e-12);
}

TEST(a_rate_has_the_interval_of_counts)
{
    struct rate rate = rate_interval(10, 1000), none = rate_interval(0, 1000);

    assert_near(rate.per_1000, 10, 1e-9); /* exact: 4.795 to 18.390 */
    assert_near(rate.low, 4.795, 0.02);
    assert_near(rate.high, 18.390, 0.02);
    assert_near(none.low, 0, 1e-9); /* exact: 0 to 3.689 */
    assert_near(none.high, 3.689, 0.1);
    assert_near(rate_interval(3, 0).high, 0, 1e-9);
}

TEST(pairs_are_judged_with_whose_they_are)
{
    struct tally *tally = tally_new();
    struct judged *list;

    tally_judged(tally);
    tally_truth(tally, STR("a"), STR("x"), 1);
    tally_truth(tally, STR("a"), STR("y"), 1);
    tally_truth(tally, STR("a"), STR("y"), 1);
    tally_truth(tally, STR("b"), STR("z"), 2);
    tally_pair(tally, STR("a"), STR("y"), 1, 400000);
    tally_pair(tally, STR("b"), STR("z"), 2, 600000);
    tally_pair(tally, STR("b"), STR("q"), 2, 600000);
    assert_int_equal(tally_judge(tally, 500000, &list), 3);
    assert_true(list[0].left == list[1].left && list[0].left != list[2].left);
    assert_false(list[0].found || list[1].found);
    assert_true(list[2].found);
    assert_int_equal(list[2].group, 2);
    free(list);
    tally_free(tally);
}

TESTS(IT(records_of_one_person_are_one_piece_of_evidence),
      IT(a_group_found_whole_is_not_without_error),
      IT(the_range_that_chance_gives_is_that_of_the_tables),
      IT(what_chance_does_not_explain_is_told), IT(a_rate_has_the_interval_of_counts),
      IT(pairs_are_judged_with_whose_they_are))
