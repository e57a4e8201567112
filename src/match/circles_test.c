/* Names that go together: what the circles take back, and what they leave alone. */
#include "match/inner.h"

#include "test/test.h"

enum {
    CROWD_SURNAMES = 400, /* of the many; then those of a small circle */
    FEW_SURNAMES = 4,
    CROWD_FORENAMES = 300,
    FEW_FORENAMES = 60,
    SURNAMES = CROWD_SURNAMES + FEW_SURNAMES,
    FORENAMES = CROWD_FORENAMES + FEW_FORENAMES,
    CROWD = 60000,
    FEW = 1500,
};

/* The lower numbers are the commoner. */
static uint32_t skewed(uint64_t *random, uint32_t count)
{
    uint64_t a = test_random(random) % count, b = test_random(random) % count;

    return (uint32_t)(a * b / count);
}

/* Within each of two groups surname and forename are drawn apart from one another. */
static struct circles *made_circles(uint64_t seed)
{
    struct circles *circles = circles_new();

    for (int i = 0; i < CROWD; i++) {
        uint32_t surname = skewed(&seed, CROWD_SURNAMES);

        circles_count(circles, surname, skewed(&seed, CROWD_FORENAMES), 0);
    }
    for (int i = 0; i < FEW; i++) {
        uint32_t surname = CROWD_SURNAMES + skewed(&seed, FEW_SURNAMES);

        circles_count(circles, surname, CROWD_FORENAMES + skewed(&seed, FEW_FORENAMES),
                      0);
    }
    return circles;
}

TEST(names_of_a_small_circle_say_less_together_than_apart)
{
    struct circles *circles = made_circles(1);

    circles_settle(circles, SURNAMES, FORENAMES);

    /* one name in 41 is of the circle: log2(41) is 5.36 */
    for (uint32_t f = 0; f < 20; f++)
        assert_near(circles_log(circles, CROWD_SURNAMES, CROWD_FORENAMES + f) /
                        (double)BITS_ONE,
                    5.36 - 0.5, 0.75);
    circles_free(circles);
}

TEST(names_of_the_crowd_meet_by_chance)
{
    struct circles *circles = made_circles(2);

    circles_settle(circles, SURNAMES, FORENAMES);

    for (uint32_t s = 0; s < CROWD_SURNAMES; s += 7)
        for (uint32_t f = 0; f < CROWD_FORENAMES; f += 11)
            assert_true(circles_log(circles, s, f) < BITS_ONE / 4);
    circles_free(circles);
}

TEST(a_name_of_the_circle_with_one_of_the_crowd_is_left_alone)
{
    struct circles *circles = made_circles(3);

    circles_settle(circles, SURNAMES, FORENAMES);

    assert_int_equal(circles_log(circles, CROWD_SURNAMES, 0), 0);
    assert_int_equal(circles_log(circles, 0, CROWD_FORENAMES), 0);
    circles_free(circles);
}

/* One person of many records: own full name many times over, both names rare. */
TEST(one_person_met_often_makes_no_circle)
{
    struct circles *circles = made_circles(4);

    for (int i = 0; i < 25; i++)
        circles_count(circles, SURNAMES, FORENAMES, 0);
    circles_settle(circles, SURNAMES + 1, FORENAMES + 1);

    assert_true(circles_log(circles, SURNAMES, FORENAMES) < BITS_ONE);
    circles_free(circles);
}

TEST(a_few_names_make_no_circle)
{
    struct circles *circles = circles_new();

    for (uint32_t i = 0; i < 25; i++)
        circles_count(circles, i % 5, i % 5, 0);
    circles_settle(circles, 5, 5);

    assert_int_equal(circles_log(circles, 0, 0), 0);
    circles_free(circles);
}

/* Of the few every fifth is put down as born on 1 January, of the others one in 400. */
TEST(a_day_that_stands_for_not_known_weighs_less_where_it_is_common)
{
    struct circles *circles = made_circles(6);
    uint64_t random = 8;

    for (uint32_t i = 0; i < CROWD + FEW; i++) {
        bool few = i >= CROWD;
        uint32_t day = i % (few ? 5 : 400) == 0 ? 0x0101 : 0x0523;

        circles_count(circles,
                      few ? CROWD_SURNAMES + skewed(&random, FEW_SURNAMES)
                          : skewed(&random, CROWD_SURNAMES),
                      few ? CROWD_FORENAMES + skewed(&random, FEW_FORENAMES)
                          : skewed(&random, CROWD_FORENAMES),
                      0x19790000 | day);
    }
    circles_settle(circles, SURNAMES, FORENAMES);

    /* 450 of 61,500 in all are 1 in 137; of the few, 1 in 5, steadied by 500 of all: 4.4 */
    for (uint32_t f = 0; f < 20; f++)
        assert_near(circles_new_year(circles, CROWD_SURNAMES, CROWD_FORENAMES + f) /
                        (double)BITS_ONE,
                    4.4, 0.4);
    for (uint32_t s = 0; s < CROWD_SURNAMES; s += 7)
        assert_true(circles_new_year(circles, s, s % CROWD_FORENAMES) < BITS_ONE / 4);
    circles_free(circles);
}

/* Integers only, so a sum in another order is the same sum. */
TEST(the_order_of_counting_changes_nothing)
{
    struct circles *forth = circles_new(), *back = circles_new();
    uint64_t random = 5;
    uint32_t names[4000][2];

    for (size_t i = 0; i < COUNT(names); i++) {
        uint32_t group = i % 8 == 0;

        names[i][0] = group * 40 + skewed(&random, group ? 3 : 40);
        names[i][1] = group * 50 + skewed(&random, group ? 20 : 50);
        circles_count(forth, names[i][0], names[i][1], 0);
    }
    for (size_t i = COUNT(names); i-- > 0;)
        circles_count(back, names[i][0], names[i][1], 0);
    circles_settle(forth, 43, 70);
    circles_settle(back, 43, 70);

    assert_true(circles_log(forth, 40, 50) > BITS_ONE);
    for (uint32_t s = 0; s < 43; s++)
        for (uint32_t f = 0; f < 70; f++)
            assert_int_equal(circles_log(forth, s, f), circles_log(back, s, f));
    circles_free(forth);
    circles_free(back);
}

TESTS(IT(names_of_a_small_circle_say_less_together_than_apart),
      IT(names_of_the_crowd_meet_by_chance),
      IT(a_name_of_the_circle_with_one_of_the_crowd_is_left_alone),
      IT(one_person_met_often_makes_no_circle), IT(a_few_names_make_no_circle),
      IT(a_day_that_stands_for_not_known_weighs_less_where_it_is_common),
      IT(the_order_of_counting_changes_nothing))
