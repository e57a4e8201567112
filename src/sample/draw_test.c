#include "sample/draw.h"

#include "test/test.h"

TEST(a_permutation_meets_every_value_once_and_goes_back)
{
    static const uint64_t sizes[] = {1, 2, 3, 100, 1000, 65537};

    for (size_t s = 0; s < COUNT(sizes); s++) {
        struct permutation permutation = permutation_of(sizes[s], 7, STREAM_PERSON);
        bool *seen = memory_new(sizes[s], sizeof(*seen));

        for (uint64_t i = 0; i < sizes[s]; i++) {
            uint64_t at = permutation_at(&permutation, i);

            assert_true(at < sizes[s]);
            assert_false(seen[at]);
            seen[at] = true;
            assert_int_equal(permutation_back(&permutation, at), i);
        }
        free(seen);
    }
}

TEST(a_draw_is_a_function_of_seed_stream_entity_and_number)
{
    struct draw a = draw_from(1, STREAM_PERSON, 5), b = draw_from(1, STREAM_PERSON, 5);

    draw_bits(&a);
    b.next = 1;

    assert_true(draw_bits(&a) == draw_bits(&b));
    a = draw_from(2, STREAM_PERSON, 5);
    b = draw_from(1, STREAM_HOME, 5);
    assert_true(draw_bits(&a) != draw_bits(&b));
}

TEST(waiting_times_have_the_mean_that_was_asked_for)
{
    struct draw draw = draw_from(1, STREAM_LIFE, 0);
    double sum = 0;

    for (int i = 0; i < 200000; i++)
        sum += draw_wait(&draw, 1000);

    assert_near(sum / 200000, 1000, 50); /* the piecewise logarithm costs 4 % */
}

TEST(days_and_dates_go_there_and_back)
{
    for (int32_t day = day_of(1900, 1, 1); day < day_of(2100, 1, 1); day++) {
        struct ymd date = ymd_of(day);

        assert_int_equal(day_of(date.year, date.month, date.day), day);
    }
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(2026, 1, 1), 20454);
}

TESTS(IT(a_permutation_meets_every_value_once_and_goes_back),
      IT(a_draw_is_a_function_of_seed_stream_entity_and_number),
      IT(waiting_times_have_the_mean_that_was_asked_for),
      IT(days_and_dates_go_there_and_back))
