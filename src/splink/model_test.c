#include "splink/inner.h"

#include "test/test.h"

#define LEVEL(condition, more)                                                         \
    "{\"sql_condition\": \"" condition "\", \"label_for_charts\": \"l\"" more "}"
#define CHANCES ", \"m_probability\": 0.9, \"u_probability\": 0.001"
#define MODEL(levels, more)                                                            \
    "{\"link_type\": \"link_only\", \"sql_dialect\": \"duckdb\", "                     \
    "\"probability_two_random_records_match\": 0.01" more                              \
    ", \"comparisons\": [{\"output_column_name\": \"name\", \"comparison_levels\": "   \
    "[" levels "]}]}"

static struct splink_model *parsed(const char *text)
{
    struct splink_model *model;
    struct err err = {0};

    if (!splink_parse(str_of(text), &model, &err))
        fail_msg("%s: %s", err.text, text);
    return model;
}

static char *written(const struct splink_model *model, bool ours)
{
    struct out *out = out_memory();

    (ours ? splink_write : splink_export)(model, out);
    return out_take(out);
}

TEST(what_a_search_cannot_follow_is_refused_by_name)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"{}",                                          "no Splink settings"                   },
        {"[1]",                                         "no Splink settings"                   },
        {"{\"kind\": \"columns\"}",                     "want 1 to 60 comparisons"             },
        {"{\"kind\": \"columns\", \"version\": 2}",     "version 2"                            },
        {MODEL("",                                      ""),                                     "want 1 to 32 levels"},
        {MODEL(LEVEL("ELSE",                                             ", \"weight\": 3"),                                                                   ""), "setting weight is not known"},
        {MODEL(LEVEL("ELSE",                                          ", \"m_probability\": 2"),""), "no probability"},
        {MODEL(LEVEL("a_l = a_r",                            CHANCES ", \"tf_adjustment_column\": \"b\""), ""),
         "no level is an exact match on that column"},
        {MODEL(LEVEL("ELSE",                             ""),                                                                    ", \"unique_id_column_name\": \"\", \"em\": 1"),
         NULL},
        {"{\"sql_dialect\": \"spark\", \"comparisons\": [{\"comparison_levels\": []}]}",
         "written for spark"         },
        {"{\"probability_two_random_records_match\": 1, \"comparisons\": "
         "[{\"comparison_levels\": []}]}",                                             "between 0 and 1"                                                                  },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct splink_model *model = NULL;
        struct err err = {0};
        bool ok = splink_parse(str_of(cases[i].text), &model, &err);

        if (ok != (cases[i].says == NULL))
            fail_msg("%s: %s", cases[i].text, ok ? "was taken" : err.text);
        if (ok)
            splink_free(model);
        else if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, err.text);
    }
}

/* Chances that were never estimated count as Splink counts them: m 0.95 and the rest
 * shared, weights 10 and -5 to 3. */
TEST(levels_without_chances_take_those_of_splink)
{
    struct splink_model *model = parsed(
        MODEL(LEVEL("a_l IS NULL", ", \"is_null_level\": true") "," LEVEL(
                  "a_l = a_r", "") "," LEVEL("lower(a_l) = lower(a_r)",
                                             "") "," LEVEL("length(a_l) = length(a_r)",
                                                           "") "," LEVEL("ELSE", ""),
              ""));
    static const double bits[] = {0, 10, 3, -1, -5};

    for (size_t i = 0; i < COUNT(bits); i++)
        assert_near(weight_bits(model->contests[0].rungs[i].weight), bits[i], 1e-9);
    assert_near(model->contests[0].rungs[2].m, 0.05 / 3, 1e-12);
    splink_free(model);
}

TEST(a_model_comes_back_as_it_was)
{
    static const char *const names[] = {"trained", "library"};

    for (size_t i = 0; i < COUNT(names); i++) {
        char path[512];
        struct splink_model *first, *second, *third;
        struct err err;

        snprintf(path, sizeof(path), "%s/tests/splink/%s.json", SOURCE_ROOT, names[i]);
        assert_true(splink_read(path, &first, &err));

        char *settings = written(first, false), *ours = written(first, true);

        second = parsed(ours);
        third = parsed(settings);

        char *again = written(second, false), *ours_again = written(third, true);

        assert_string_equal(settings, again);
        assert_string_equal(ours, ours_again);
        for (size_t c = 0; c < first->contest_count; c++) {
            for (size_t l = 0; l < first->contests[c].count; l++) {
                const struct rung *a = &first->contests[c].rungs[l];
                const struct rung *b = &second->contests[c].rungs[l];

                assert_string_equal(a->condition, b->condition);
                assert_true(a->m == b->m && a->u == b->u && a->weight == b->weight);
                assert_true(a->exact_u == b->exact_u && a->least_u == b->least_u);
                assert_true(a->frequency_weight == b->frequency_weight);
            }
        }
        free(settings), free(ours), free(again), free(ours_again);
        splink_free(first), splink_free(second), splink_free(third);
    }
}

TEST(the_default_model_can_be_given_to_splink)
{
    struct out *out = out_memory(), *lost = out_memory();
    struct model *model;
    struct err err;

    assert_true(model_default(&model, &err));
    splink_export_people(model, 1000, false, out, lost);

    char *text = out_take(out), *lines = out_take(lost);
    struct splink_model *back = parsed(text);

    assert_int_equal(splink_comparison_count(back), 10);
    assert_string_equal(splink_comparison_name(back, 0), "surname");
    assert_string_equal(splink_level_label(back, 0, 1), "same surname");
    assert_near(back->prior, 0.0005, 1e-8);
    assert_near(back->contests[0].rungs[1].m, 0.8, 1e-12);
    assert_near(back->contests[0].rungs[1].u, 0.0012, 1e-12);
    /* At most 14 bits: no share below 0.8 / 2^14 counts. */
    assert_near(back->contests[0].rungs[1].frequency_least, 0.8 / 16384, 1e-12);
    /* The last level takes what cannot be said. */
    assert_near(back->contests[0].rungs[4].m, 0.04 + 0.08 + 0.05 + 0.04 + 0.02, 1e-12);
    assert_non_null(strstr(lines, "surname: level variant"));
    assert_non_null(strstr(lines, "middle_names: the whole comparison"));
    free(text), free(lines);
    splink_free(back);
    model_free(model);
}

TEST(values_that_cannot_be_counted_with_are_named)
{
    struct splink_model *model = parsed(
        MODEL(LEVEL("abs(a_l - a_r) < 2 AND epoch(b_l) > epoch(b_r)", CHANCES), ""));
    struct splink_records *records = splink_records_new(model);
    struct str good[] = {STR("1"), STR("2.5"), STR("1984-03-12")};
    struct str bad[] = {STR("1"), STR("2,5"), STR("1984-03-12")};
    struct str undated[] = {STR("1"), STR(""), STR("12.3.84")};
    struct str nobody[] = {STR(""), STR(""), STR("")};
    struct err err = {0};

    assert_true(splink_records_add(records, good, &err));
    assert_false(splink_records_add(records, bad, &err));
    assert_non_null(strstr(err.text, "a: the model counts with it"));
    assert_false(splink_records_add(records, undated, &err));
    assert_non_null(strstr(err.text, "want YYYY-MM-DD"));
    assert_false(splink_records_add(records, nobody, &err));
    assert_non_null(strstr(err.text, "no id"));
    splink_records_free(records);
    splink_free(model);
}

TEST(an_id_that_is_there_twice_is_refused)
{
    struct splink_model *model = parsed(MODEL(LEVEL("a_l = a_r", CHANCES), ""));
    struct splink_records *records = splink_records_new(model);
    struct str row[] = {STR("1"), STR("x")};
    struct splink_search *search;
    struct err err = {0};

    assert_true(splink_records_add(records, row, &err));
    assert_true(splink_records_add(records, row, &err));
    assert_false(splink_search_new(model, records, NULL, &search, &err));
    assert_non_null(strstr(err.text, "rows 1 and 2 have the same id"));
    splink_records_free(records);
    splink_free(model);
}

TESTS(IT(what_a_search_cannot_follow_is_refused_by_name),
      IT(levels_without_chances_take_those_of_splink), IT(a_model_comes_back_as_it_was),
      IT(the_default_model_can_be_given_to_splink),
      IT(values_that_cannot_be_counted_with_are_named),
      IT(an_id_that_is_there_twice_is_refused))
