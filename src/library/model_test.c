#include "library/made.h"

TEST(the_built_in_model_is_the_file_it_was_made_from)
{
    struct candour_model *built_in = made_model(), *read;
    struct candour_error error;

    assert_true(
        candour_model_read(SOURCE_ROOT "/rulebook/model/default.json", &read, &error));
    assert_int_equal(candour_model_hash(read), candour_model_hash(built_in));
    assert_string_equal(candour_model_name(read), candour_model_name(built_in));
    candour_model_free(read);
    candour_model_free(built_in);
}

TEST(a_model_that_is_none_says_where_and_ends_nothing)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{\"name\":",       "line 1"},
        {"{}",               "name"  },
        {"{\"name\":\"x\"}", "share" },
        {"",                 "JSON"  },
    };

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct candour_model *model = NULL;
        struct candour_error error = {0};

        assert_false(
            candour_model_parse(cases[i].text, strlen(cases[i].text), &model, &error));
        assert_int_equal(error.code, CANDOUR_INPUT);
        assert_non_null(strstr(error.text, cases[i].says));
        assert_null(model);
        assert_false(
            candour_model_parse(cases[i].text, strlen(cases[i].text), &model, NULL));
    }
}

TEST(a_level_that_is_not_there_is_not_found)
{
    struct candour_model *model = made_model();
    struct candour_level level = {.size = sizeof(level)};
    struct candour_error error;
    uint32_t comparisons = candour_comparison_count();

    assert_true(candour_model_level(model, 0, 1, &level, &error));
    assert_string_equal(level.name, "exact");
    assert_near(level.m / level.u, exp2(level.bits), level.m / level.u / 100);
    assert_false(candour_model_level(model, 0, 99, &level, &error));
    assert_int_equal(error.code, CANDOUR_NOT_FOUND);
    assert_false(candour_model_level(model, comparisons, 0, &level, &error));
    assert_null(candour_comparison_name(comparisons));
    assert_int_equal(candour_level_count(model, comparisons), 0);
    candour_model_free(model);
}

/* A caller built with a later header has a larger struct; what we lack is zero there. */
TEST(a_struct_may_be_larger_than_ours_and_must_have_a_size)
{
    struct {
        struct candour_level level;
        uint64_t later;
    } larger = {{.size = sizeof(larger)}, 77};
    struct candour_model *model = made_model();
    struct candour_error error;

    assert_true(candour_model_level(model, 0, 1, &larger.level, &error));
    assert_int_equal(larger.level.size, sizeof(larger));
    assert_int_equal(larger.later, 0);
    larger.level.size = 0;
    assert_false(candour_model_level(model, 0, 1, &larger.level, &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    candour_model_free(model);
}

TESTS(IT(the_built_in_model_is_the_file_it_was_made_from),
      IT(a_model_that_is_none_says_where_and_ends_nothing),
      IT(a_level_that_is_not_there_is_not_found),
      IT(a_struct_may_be_larger_than_ours_and_must_have_a_size))
