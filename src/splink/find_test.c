/*
 * The search against its plain twin, on random models and records. Against what Splink
 * found it is held in src/screen/columns_test.c.
 */
#include "splink/inner.h"

#include "test/test.h"

/* ---- random models over random records ------------------------------------------- */

static const char *const conditions[] = {
    "a_l IS NULL OR a_r IS NULL",
    "a_l = a_r",
    "b_l = b_r",
    "c_l = c_r",
    "a_l = b_r AND b_l = a_r",
    "jaro_winkler_similarity(a_l, a_r) >= 0.9",
    "jaro_similarity(a_l, a_r) >= 0.7 AND jaro_similarity(b_l, b_r) > 0.8",
    "levenshtein(c_l, c_r) <= 1",
    "NOT (levenshtein(c_l, c_r) <= 2)",
    "substr(a_l, 1, 2) = substr(a_r, 1, 2) OR c_l = c_r",
    "abs(n_l - n_r) <= 2",
    "n_l > n_r AND b_r IS NOT NULL",
    "a_l = 'abc' AND b_r = 'b'",
    "c_l IS NULL AND a_r = 'b'",
    "jaccard(b_l, c_r) = 1",
    "coalesce(a_l, b_l) = coalesce(a_r, b_r) AND NOT a_l = a_r",
    "damerau_levenshtein(a_l, b_r) + levenshtein(b_l, a_r) < 3",
    "b_l IN ('a', c_r) OR n_l IS NULL",
};

static double drawn_chance(uint64_t *state)
{
    return (double)(test_random(state) % 900 + 1) / 1000;
}

static void put_frequency(struct out *out, uint64_t *state)
{
    static const char *const columns[] = {"a", "b", "c"};
    uint64_t draw = test_random(state);

    if (draw % 3)
        return;
    out_format(out,
               ", \"tf_adjustment_column\": \"%s\", "
               "\"disable_tf_exact_match_detection\": true, "
               "\"tf_adjustment_weight\": %s, \"tf_minimum_u_value\": %s",
               columns[draw / 3 % 3], draw / 9 % 4 ? "1.0" : "-0.5",
               draw / 36 % 3 ? "0" : "0.2");
}

static struct splink_model *model_drawn(uint64_t *state)
{
    struct out *out = out_memory();
    size_t contests = test_random(state) % 4 + 1;
    struct splink_model *model;
    struct err err = {0};
    char *text;

    out_format(out,
               "{\"unique_id_column_name\": \"id\", "
               "\"probability_two_random_records_match\": %.3f, \"comparisons\": [",
               drawn_chance(state) / 2);
    for (size_t c = 0; c < contests; c++) {
        size_t levels = test_random(state) % 4 + 1;

        out_format(out, "%s{\"output_column_name\": \"c%zu\", \"comparison_levels\": [",
                   c ? ", " : "", c);
        for (size_t i = 0; i < levels; i++) {
            size_t which = test_random(state) % COUNT(conditions);

            out_text(out, i ? ", {\"sql_condition\": " : "{\"sql_condition\": ");
            out_json(out, str_of(conditions[which]));
            out_format(out, ", \"m_probability\": %.3f, \"u_probability\": %.3f",
                       drawn_chance(state), drawn_chance(state) / 10 + 0.001);
            out_text(out, which == 0 ? ", \"is_null_level\": true" : "");
            put_frequency(out, state);
            out_text(out, "}");
        }
        if (test_random(state) % 5)
            out_format(out,
                       ", {\"sql_condition\": \"ELSE\", \"m_probability\": %.3f, "
                       "\"u_probability\": 0.9}",
                       drawn_chance(state) / 5);
        out_text(out, "]}");
    }
    out_text(out, "]}");
    text = out_take(out);
    if (!splink_parse(str_of(text), &model, &err))
        fail_msg("%s\n%s", err.text, text);
    free(text);
    return model;
}

static struct splink_records *records_drawn(const struct splink_model *model,
                                            uint64_t *state, size_t count)
{
    struct splink_records *records = splink_records_new(model);

    for (size_t i = 0; i < count; i++) {
        struct str values[8];
        char texts[8][16];
        struct err err;

        snprintf(texts[0], sizeof(texts[0]), "%zu", i * 7919 % 10007);
        for (size_t c = 1; c < splink_column_count(model); c++) {
            uint64_t draw = test_random(state);
            size_t len = draw % 5;

            if (splink_column_name(model, c)[0] == 'n') {
                snprintf(texts[c], sizeof(texts[c]), "%d", (int)(draw % 9) - 2);
                texts[c][draw % 4 ? 15 : 0] = 0;
                continue;
            }
            for (size_t k = 0; k < len; k++)
                texts[c][k] = (char)('a' + (draw >> (8 + 2 * k)) % 3);
            texts[c][len] = 0;
        }
        for (size_t c = 0; c < splink_column_count(model); c++)
            values[c] = str_of(texts[c]);
        assert_true(splink_records_add(records, values, &err));
    }
    return records;
}

static void same_pairs(const struct splink_pairs *a, const struct splink_pairs *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].left, b->list[i].left);
        assert_int_equal(a->list[i].right, b->list[i].right);
        assert_true(a->list[i].score == b->list[i].score);
    }
}

TEST(the_search_finds_what_comparing_all_with_all_finds)
{
    uint64_t state = 1, found = 0, all = 0, scored = 0;

    for (int round = 0; round < 120; round++) {
        struct splink_model *model = model_drawn(&state);
        struct splink_records *left = records_drawn(model, &state, 90), *right = NULL;
        struct splink_search *search;
        struct err err;

        if (round % 2)
            right = records_drawn(model, &state, 60);
        assert_true(splink_search_new(model, left, right, &search, &err));
        for (int bits = -4; bits <= 8; bits += 3) {
            struct splink_pairs plain, fast, threaded;

            splink_find_plain(search, bits * WEIGHT_ONE, &plain);
            assert_true(
                splink_find(search, bits * WEIGHT_ONE, 1, NULL, NULL, &fast, &err));
            assert_true(
                splink_find(search, bits * WEIGHT_ONE, 3, NULL, NULL, &threaded, &err));
            same_pairs(&plain, &fast);
            same_pairs(&plain, &threaded);
            found += plain.count;
            scored += fast.work.scored;
            all += right ? 90 * 60 : 90 * 89 / 2;
            free(plain.list);
            free(fast.list);
            free(threaded.list);
        }
        splink_search_free(search);
        splink_records_free(left);
        splink_records_free(right);
        splink_free(model);
    }
    assert_true(found > 5000);
    assert_true(scored < all / 2); /* and without comparing all */
}

TESTS(IT(the_search_finds_what_comparing_all_with_all_finds))
