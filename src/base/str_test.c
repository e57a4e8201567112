#include "base/base.h"

#include "test/test.h"

TEST(cutting_gives_every_part_also_empty_ones)
{
    struct str rest = STR("a||b|"), part;
    const char *want[] = {"a", "", "b", ""};
    size_t n = 0;

    while (str_cut(&rest, '|', &part)) {
        assert_true(n < COUNT(want));
        assert_true(str_same(part, str_of(want[n++])));
    }

    assert_int_equal(n, COUNT(want));
}

TEST(context_goes_in_front_and_the_cause_stays_last)
{
    struct err err;

    err_set(&err, ERR_INPUT, "row %d", 7);
    err_in(&err, "file %s", "x.csv");

    assert_string_equal(err.text, "file x.csv: row 7");
    assert_int_equal(err_exit(err.code), 3);
}

TEST(arena_memory_is_zeroed_again_after_a_reset)
{
    struct arena *arena = arena_new();
    char *first = arena_alloc(arena, 100);

    memset(first, 'x', 100);
    arena_reset(arena);
    char *second = arena_alloc(arena, 100);

    for (int i = 0; i < 100; i++)
        assert_int_equal(second[i], 0);
    arena_free(arena);
}

TESTS(IT(cutting_gives_every_part_also_empty_ones),
      IT(context_goes_in_front_and_the_cause_stays_last),
      IT(arena_memory_is_zeroed_again_after_a_reset))
