/*
 * Conditions mean here what they mean in DuckDB: each is asked of ten left values with ten
 * right ones, and must be true for the pairs for which DuckDB 2.0.0 said so.
 */
#include "splink/inner.h"

#include "test/test.h"

static const char *const cells[10][2] = {
    {"Okafor",  "LS6 2AB"            },
    {"okafor",  "LS6 2AC"            },
    {"",        "LS6 2AB"            },
    {"O'Brien", "1984-03-12"         },
    {"José",   "1984-12-03"         },
    {"Jose",    " 1984-3-12"         },
    {"12",      "0"                  },
    {"7",       "3"                  },
    {"jjones",  "m.jones@example.org"},
    {"aab|b",   "x\ny"               },
};

/* Three hexadecimal digits a left value: a bit for each right one, the first highest. */
static const struct {
    const char *condition, *true_for;
} cases[] = {
    {"a_l = a_r",                                                                  "200100000040020010008004002001"},
    {"a_l <> a_r",                                                                 "17f27f00033f35f36f37737b37d37e"},
    {"a_l IS NULL OR a_r IS NULL",                                                 "0800803ff080080080080080080080"},
    {"NOT (a_l = a_r)",                                                            "17f27f00033f35f36f37737b37d37e"},
    {"a_l < b_r",                                                                  "0030010000033833833e7383003003"},
    {"a_l >= b_r OR b_l = b_r",                                                    "3fc3fe2803fc07c07c01807c3fe3fd"},
    {"a_l = a_r AND b_l = b_r",                                                    "200100000040020010008004002001"},
    {"coalesce(a_l, 'none') = coalesce(a_r, 'none')",                              "200100080040020010008004002001"},
    {"nullif(a_l, 'Okafor') IS NULL",                                              "3ff0003ff000000000000000000000"},
    {"lower(a_l) = lower(a_r)",                                                    "300300000040020010008004002001"},
    {"upper(\"a_l\") = upper(\"a_r\")",                                            "300300000040020010008004002001"},
    {"substr(b_l, 1, 3) = substring(b_r, 1, 3)",                                   "380380380060060010008004002001"},
    {"substring(a_l, -3, 2) = 'fo'",                                               "3ff3ff000000000000000000000000"},
    {"substring(a_l, 0, 3) = 'Ok'",                                                "3ff000000000000000000000000000"},
    {"substring(a_l, 2) = 'kafor'",                                                "3ff3ff000000000000000000000000"},
    {"left(a_l, 2) = left(a_r, 2)",                                                "200100000040030030008004002001"},
    {"right(b_l, 2) = right(b_r, 2)",                                              "280100280050020050008004002001"},
    {"left(a_l, -2) = 'Oka'",                                                      "000000000000000000000000000000"},
    {"right(a_l, -2) = 'afor'",                                                    "3ff3ff000000000000000000000000"},
    {"length(a_l) = length(a_r)",                                                  "302302000040030030008004302001"},
    {"a_l || b_l = a_r || b_r",                                                    "200100000040020010008004002001"},
    {"concat(a_l, b_l) = concat(a_r, b_r)",                                        "200100080040020010008004002001"},
    {"trim(b_l) = '1984-3-12'",                                                    "0000000000000003ff000000000000"},
    {"replace(b_l, ' ', '') = 'LS62AB'",                                           "3ff0003ff000000000000000000000"},
    {"replace(a_l, 'aa', 'b') = 'bb|b'",                                           "0000000000000000000000000003ff"},
    {"contains(a_l, 'k') = contains(a_r, 'k')",                                    "30030000007f07f07f07f07f07f07f"},
    {"starts_with(lower(a_l), 'o')",                                               "3ff3ff0003ff000000000000000000"},
    {"a_l IN ('Okafor', 'Jose')",                                                  "3ff0000000000003ff000000000000"},
    {"a_l NOT IN ('Okafor', a_r)",                                                 "00027f00033f35f36f37737b37d37e"},
    {"a_l BETWEEN 'A' AND 'P'",                                                    "3ff0000003ff3ff3ff000000000000"},
    {"b_l NOT BETWEEN '1' AND '2'",                                                "3ff3ff3ff0000003ff3ff3ff3ff3ff"},
    {"a_l IS NOT NULL AND a_r IS NOT NULL",                                        "37f37f00037f37f37f37f37f37f37f"},
    {"regexp_extract(b_l, '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]', 0) = 'LS6 2'",
     "3ff3ff3ff000000000000000000000"                                                                              },
    {"NULLIF(regexp_extract(b_l, '^[^@]+', 0), '') = NULLIF(regexp_extract(b_r, "
     "'^[^@]+', 0), '')",                                                     "280100280040020010008004002001"},
    {"regexp_extract(b_l, '([a-z])\\.([a-z]+)@', 2) = 'jones'",
     "0000000000000000000000003ff000"                                                                              },
    {"regexp_extract(a_l, 'o|ok|.', 0) = 'O'",                                     "3ff0000003ff000000000000000000"},
    {"regexp_extract(a_l, '(s|os)(é|e)?$') = 'osé'",                             "0000000000003ff000000000000000"},
    {"regexp_extract(b_l, '(\\d+)-(\\d+)-0?(\\d+)', 3) = '3'",
     "0000000000003ff000000000000000"                                                                              },
    {"regexp_extract(a_l, '(a*)*b') = 'aab'",                                      "0000000000000000000000000003ff"},
    {"regexp_extract(a_l, '(?:a|b){2,3}', 0) = 'aab'",
     "0000000000000000000000000003ff"                                                                              },
    {"regexp_extract(a_l, 'x*', 0) = ''",                                          "3ff3ff0003ff3ff3ff3ff3ff3ff3ff"},
    {"regexp_matches(a_l, '^[A-Z].*r$')",                                          "3ff000000000000000000000000000"},
    {"regexp_extract(b_l, 'x.y') = ''",                                            "3ff3ff3ff3ff3ff3ff3ff3ff3ff3ff"},
    {"regexp_extract(a_l, '[^k]{3,}') = 'afor'",                                   "3ff3ff000000000000000000000000"},
    {"try_strptime(b_l, '%Y-%m-%d') IS NULL",                                      "3ff3ff3ff0000000003ff3ff3ff3ff"},
    {"try_strptime(b_l, '%Y-%m-%d') = try_strptime(b_r, '%Y-%m-%d')",
     "000000000050020050000000000000"                                                                              },
    {"ABS(EPOCH(try_strptime(b_l, '%Y-%m-%d')) - EPOCH(try_strptime(b_r, '%Y-%m-%d'))) "
     "<= 31557600.0",                                                         "000000000070070070000000000000"},
    {"try_strptime(b_l, '%Y-%d-%m') IS NULL",                                      "3ff3ff3ff0000000003ff3ff3ff3ff"},
    {"levenshtein(a_l, a_r) <= 1",                                                 "300300000040020010008004002001"},
    {"levenshtein(a_l, a_r) BETWEEN 1 AND 5",                                      "10120100000001f02f03503903033c"},
    {"2 >= damerau_levenshtein(a_l, a_r)",                                         "30030000004003003000c00c002001"},
    {"jaro_winkler_similarity(a_l, a_r) >= 0.8",                                   "300300000040030030008004002001"},
    {"jaro_similarity(b_l, b_r) > 0.9",                                            "380380380070060050008004002001"},
    {"jaccard(b_l, b_r) < 0.5",                                                    "07f07f07f38f38f38f3f73fb3fd3fe"},
    {"jaro_winkler_similarity(lower(a_l), lower(a_r)) >= 0.9 AND NOT b_l = b_r",
     "100200000000000000000000000000"                                                                              },
    {"jaro_winkler_similarity(a_l, a_r) + jaro_similarity(b_l, b_r) > 1.2",
     "300300000050030070008004002001"                                                                              },
    {"greatest(jaro_similarity(a_l, b_r), jaro_similarity(b_l, a_r)) >= 0.3",
     "00200200000800a00a070000332000"                                                                              },
    {"least(length(a_l), length(a_r)) * 2 > greatest(length(b_l), 7)",
     "3f33f33733c20000000000000003f3"                                                                              },
    {"length(a_l) / length(a_r) - -1 > 1.5",                                       "37f37f00037f37f37f00c00437f37f"},
    {"CASE WHEN a_l = a_r THEN b_l = b_r WHEN a_l < a_r THEN a_l IS NOT NULL END",
     "30310000034336337337f377102103"                                                                              },
    {"CASE WHEN a_l = 'x' THEN 1 ELSE length(a_r) END = 6",
     "302302302302302302302302302302"                                                                              },
    {"abs(length(a_l) - length(a_r)) <= 1",                                        "34334300034203103100c00c343333"},
    {"NULL = a_l",                                                                 "000000000000000000000000000000"},
    {"a_l = a_r OR TRUE",                                                          "3ff3ff3ff3ff3ff3ff3ff3ff3ff3ff"},
    {"(a_l = a_r) IS NULL",                                                        "0800803ff080080080080080080080"},
    {"CAST(length(a_l) AS FLOAT) / 3 = 2 OR length(a_r)::DOUBLE = 4",
     "3ff3ff0300300300300300303ff030"                                                                              },
    {"sqrt(length(a_l) * 1.0) = 2 AND cos(radians(60)) < 0.51",
     "0000000000003ff3ff000000000000"                                                                              },
    {"1 / (length(a_l) - 6) IS NULL",                                              "0000003ff000000000000000000000"},
};

static struct splink_model *model_of(const char *condition, struct err *err)
{
    struct out *out = out_memory();
    struct splink_model *model = NULL;
    char *text;

    out_text(out,
             "{\"unique_id_column_name\": \"id\", "
             "\"probability_two_random_records_match\": 0.5, \"comparisons\": [{"
             "\"output_column_name\": \"c\", \"comparison_levels\": ["
             "{\"m_probability\": 0.9, \"u_probability\": 0.1, \"sql_condition\": ");
    out_json(out, str_of(condition));
    out_text(out, "}, {\"m_probability\": 0.1, \"u_probability\": 0.9, "
                  "\"sql_condition\": \"ELSE\"}]}]}");
    text = out_take(out);
    if (!splink_parse(str_of(text), &model, err))
        model = NULL;
    free(text);
    return model;
}

static struct splink_records *records_of(const struct splink_model *model)
{
    struct splink_records *records = splink_records_new(model);
    struct err err;

    for (size_t i = 0; i < COUNT(cells); i++) {
        struct str values[3];
        char id[8];

        snprintf(id, sizeof(id), "%zu", i);
        values[0] = str_of(id);
        for (size_t c = 1; c < splink_column_count(model); c++)
            values[c] = str_of(cells[i][splink_column_name(model, c)[0] == 'b']);
        assert_true(splink_records_add(records, values, &err));
    }
    return records;
}

static bool expected(size_t number, uint32_t left, uint32_t right)
{
    char digits[4] = {0};

    memcpy(digits, cases[number].true_for + 3 * left, 3);
    return strtoul(digits, NULL, 16) >> (9 - right) & 1;
}

TEST(conditions_are_true_where_duckdb_has_them_true)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        struct splink_model *model = model_of(cases[i].condition, &err);
        struct splink_search *search;

        if (!model)
            fail_msg("%s: %s", cases[i].condition, err.text);

        struct splink_records *left = records_of(model), *right = records_of(model);

        assert_true(splink_search_new(model, left, right, &search, &err));
        for (uint32_t l = 0; l < 10; l++) {
            for (uint32_t r = 0; r < 10; r++) {
                struct splink_evidence evidence;

                splink_explain(search, l, r, &evidence);
                if ((evidence.level == 0) != expected(i, l, r))
                    fail_msg("%s: left %u, right %u: level %u", cases[i].condition, l,
                             r, evidence.level);
            }
        }
        splink_search_free(search);
        splink_records_free(left);
        splink_records_free(right);
        splink_free(model);
    }
}

/* A search must not lose a pair for which a condition is true, whatever its form. */
TEST(every_condition_can_be_searched_by)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        struct splink_model *model = model_of(cases[i].condition, &err);
        struct splink_records *left = records_of(model), *right = records_of(model);
        struct splink_search *search;
        struct splink_pairs pairs;
        size_t count = 0;

        assert_true(splink_search_new(model, left, right, &search, &err));
        assert_true(splink_find(search, 0, 1, NULL, NULL, &pairs, &err));
        for (uint32_t l = 0; l < 10; l++)
            for (uint32_t r = 0; r < 10; r++)
                count += expected(i, l, r);
        if (pairs.count != count)
            fail_msg("%s: %zu pairs, want %zu", cases[i].condition, pairs.count, count);
        for (size_t p = 0; p < pairs.count; p++)
            assert_true(expected(i, pairs.list[p].left, pairs.list[p].right));
        free(pairs.list);
        splink_search_free(search);
        splink_records_free(left);
        splink_records_free(right);
        splink_free(model);
    }
}

TEST(what_cannot_be_expressed_is_named)
{
    static const struct {
        const char *condition, *says;
    } refused[] = {
        {"soundex(a_l) = soundex(a_r)",                 "soundex"                      },
        {"array_length(list_intersect(a_l, a_r)) >= 1", "array_length"                 },
        {"a_l = b",                                     "b is no column of either side"},
        {"l.a = r.a",                                   "the sign ."                   },
        {"a_l = ",                                      "it ends where"                },
        {"a_l = a_r)",                                  ") stands where"               },
        {"(a_l = a_r",                                  "it ends where ) should"       },
        {"a_l = 'x",                                    "never closed"                 },
        {"a_l LIKE 'x%'",                               "LIKE"                         },
        {"substr(a_l) = 'x'",                           "substr does not take 1"       },
        {"a_l = 3 AND lower(a_l) = 'x'",                "a is a number where a text"   },
        {"abs(a_l - a_r) < 1 AND a_l = 'x'",            "a"                            },
        {"a_l AND a_r",                                 "true or false"                },
        {"levenshtein(a_l, a_r)",                       "true or false"                },
        {"regexp_extract(a_l, b_l) = ''",               "text in quotes"               },
        {"regexp_extract(a_l, '(a') = ''",              "without its )"                },
        {"regexp_extract(a_l, 'a', 1) = ''",            "number of one of its groups"  },
        {"regexp_extract(a_l, 'a+?') = ''",             "lazy"                         },
        {"try_strptime(a_l, '%j') IS NULL",             "%j"                           },
        {"CAST(a_l AS BLOB) IS NULL",                   "BLOB"                         },
        {"CAST(length(a_l) AS TEXT) = '1'",             "CAST of a number"             },
        {"a_l = CASE a_r WHEN 'x' THEN 'y' END",        "WHEN"                         },
    };

    for (size_t i = 0; i < COUNT(refused); i++) {
        struct err err = {0};
        struct splink_model *model = model_of(refused[i].condition, &err);

        if (model)
            fail_msg("%s was taken", refused[i].condition);
        if (!strstr(err.text, refused[i].says) || !strstr(err.text, "comparison c"))
            fail_msg("%s: %s", refused[i].condition, err.text);
    }
}

TEST(nesting_has_an_end)
{
    struct out *out = out_memory();
    struct err err = {0};
    char *text;

    for (int i = 0; i < 10000; i++)
        out_text(out, "(");
    text = out_take(out);

    struct splink_model *model = model_of(text, &err);

    assert_null(model);
    assert_non_null(strstr(err.text, "nested too deep"));
    free(text);
}

TESTS(IT(conditions_are_true_where_duckdb_has_them_true),
      IT(every_condition_can_be_searched_by), IT(what_cannot_be_expressed_is_named),
      IT(nesting_has_an_end))
