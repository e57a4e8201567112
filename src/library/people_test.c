#include "library/made.h"

TEST(a_value_that_is_no_text_is_refused_and_nobody_is_added)
{
    static const struct {
        struct candour_value value;
        const char *says;
    } cases[] = {
        {VALUE("surname",            "Ok\xff"
                          "afor"),
         "not UTF-8"                                                     },
        {{"surname", "Oka\0for", 7}, "zero byte"          },
        {{"surname", NULL, 3},                 "no text"                     },
        {VALUE("surnam",              "Okafor"),                                   "\"surnam\""             },
        {VALUE(NULL,                "Okafor"),                                     "no field"},
        {VALUE("forenames",             "Sarah"),                                  "given twice"},
    };
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct candour_value values[] = {VALUE("forenames", "Sarah"), cases[i].value};
        struct candour_error error = {0};

        assert_false(candour_index_add(index, values, 2, &error));
        assert_int_equal(error.code, CANDOUR_INPUT);
        assert_non_null(strstr(error.text, cases[i].says));
        assert_null(strstr(error.text, "afor"));
        assert_int_equal(candour_index_people(index), 0);
    }
    candour_index_free(index);
    candour_model_free(model);
}

TEST(a_table_with_one_bad_value_names_its_row_and_adds_nobody)
{
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    struct made *made = made_table(1, 100);
    struct candour_error error;

    made->bytes[1][made->offsets[1][42]] = (char)0xff;
    assert_false(candour_index_add_table(index, &made->table, &error));
    assert_non_null(strstr(error.text, "row 42: surname"));
    assert_int_equal(candour_index_people(index), 0);
    candour_index_free(index);
    candour_model_free(model);
    free(made);
}

TEST(offsets_that_fall_or_are_missing_are_refused)
{
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    int64_t falling[] = {0, 3, 2}, below[] = {-1, 2, 3};
    const int64_t *const cases[] = {falling, below, NULL};

    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct candour_column column = {"surname", "abcdef", cases[i]};
        struct candour_table table = {&column, 1, 2};
        struct candour_error error = {0};

        assert_false(candour_index_add_table(index, &table, &error));
        assert_int_equal(error.code, CANDOUR_INPUT);
    }
    candour_index_free(index);
    candour_model_free(model);
}

TEST(a_date_that_is_none_counts_as_missing_and_is_counted)
{
    struct candour_value values[] = {VALUE("surname", "Okafor"),
                                     VALUE("date_of_birth", "the twelfth")};
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    struct candour_finder *finder;
    struct candour_hits *hits;

    assert_true(candour_index_add(index, values, 2, NULL));
    assert_true(candour_index_add(index, okafor, LENGTH(okafor), NULL));
    assert_int_equal(candour_index_unread_dates(index), 1);
    assert_true(candour_index_build(index, NULL));
    assert_true(candour_finder_new(index, 1, &finder, NULL));
    assert_true(candour_score(finder, 1, values, 2, &hits, NULL));
    assert_int_equal(candour_hits_unread_dates(hits), 1);
    assert_int_equal(candour_hits_levels(hits, 4)[0], 0);
    candour_hits_free(hits);
    candour_finder_free(finder);
    candour_index_free(index);
    candour_model_free(model);
}

TEST(every_field_has_a_name_and_ids_are_not_compared)
{
    uint32_t compared = 0;

    for (uint32_t i = 0; i < candour_field_count(); i++) {
        assert_non_null(candour_field_name(i));
        compared += candour_field_compared(i);
    }
    assert_int_equal(compared, 14);
    assert_string_equal(candour_field_name(0), "id");
    assert_false(candour_field_compared(0));
    assert_null(candour_field_name(candour_field_count()));
    assert_false(candour_field_compared(candour_field_count()));
}

TESTS(IT(a_value_that_is_no_text_is_refused_and_nobody_is_added),
      IT(a_table_with_one_bad_value_names_its_row_and_adds_nobody),
      IT(offsets_that_fall_or_are_missing_are_refused),
      IT(a_date_that_is_none_counts_as_missing_and_is_counted),
      IT(every_field_has_a_name_and_ids_are_not_compared))
