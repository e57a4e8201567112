#include "base/base.h"

#include "test/test.h"

enum { ITEMS = 500 };

struct sums {
    int next, fail_at;
    int given[ITEMS];
    int given_count;
};

static bool take(void *context, void **item, struct err *err)
{
    struct sums *sums = context;
    int *number = memory_new(1, sizeof(*number));

    (void)err;
    *number = sums->next++;
    if (*number >= ITEMS) {
        free(number);
        number = NULL;
    }
    *item = number;
    return true;
}

static bool square(void *context, void *item, unsigned worker, struct err *err)
{
    int *number = item;
    const struct sums *sums = context;

    (void)worker;
    if (*number == sums->fail_at)
        return err_set(err, ERR_INPUT, "item %d", *number);
    *number *= *number;
    return true;
}

static bool give(void *context, void *item, struct err *err)
{
    struct sums *sums = context;
    int *number = item;

    (void)err;
    sums->given[sums->given_count++] = *number;
    free(number);
    return true;
}

static void drop(void *context, void *item)
{
    (void)context;
    free(item);
}

TEST(items_are_given_in_the_order_taken_for_any_number_of_threads)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct sums sums = {.fail_at = -1};
        struct pipeline pipeline = {&sums, take, square, give, drop};
        struct err err;

        assert_true(pipeline_run(&pipeline, threads, &err));

        assert_int_equal(sums.given_count, ITEMS);
        for (int i = 0; i < ITEMS; i++)
            assert_int_equal(sums.given[i], i * i);
    }
}

TEST(a_failure_stops_the_run_and_is_reported)
{
    struct sums sums = {.fail_at = 100};
    struct pipeline pipeline = {&sums, take, square, give, drop};
    struct err err;

    assert_false(pipeline_run(&pipeline, 4, &err));

    assert_string_equal(err.text, "item 100");
    assert_true(sums.given_count <= 100);
}

TESTS(IT(items_are_given_in_the_order_taken_for_any_number_of_threads),
      IT(a_failure_stops_the_run_and_is_reported))
