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

TEST(a_number_is_the_whole_text_and_finite)
{
    static const struct {
        const char *text;
        bool number;
        double value;
    } cases[] = {
        {"0.973",                                    true,  0.973},
        {" -12.5\t",                                 true,  -12.5},
        {"1e-06",                                    true,  1e-6 },
        {"",                                         false, 0    },
        {" ",                                        false, 0    },
        {"1,5",                                      false, 0    },
        {"0.5x",                                     false, 0    },
        {"nan",                                      false, 0    },
        {"inf",                                      false, 0    },
        {"1e999",                                    false, 0    },
        {"0000000000000000000000000000000000000001", false, 0    },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        double value = 0;

        assert_int_equal(str_number(str_of(cases[i].text), &value), cases[i].number);
        assert_near(value, cases[i].value, 0);
    }
    assert_false(str_number((struct str){"1\0002", 3}, &(double){0}));
}

TESTS(IT(a_number_is_the_whole_text_and_finite),
      IT(cutting_gives_every_part_also_empty_ones),
      IT(context_goes_in_front_and_the_cause_stays_last),
      IT(arena_memory_is_zeroed_again_after_a_reset))
