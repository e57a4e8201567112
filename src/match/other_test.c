/* Other columns: their numbers in the model, and what a pair earns by them. */
#include "match/inner.h"

#include "test/test.h"

static const struct other others[] = {
    {"insured", OTHER_NUMBER},
    {"state",   OTHER_WORD  },
    {"suburb",  OTHER_TEXT  },
};

enum { INSURED, STATE, SUBURB, OTHERS };

static struct model *comparing(void)
{
    struct model *model;
    struct err err;

    assert_true(model_default(&model, &err));
    if (!model_compare(model, others, COUNT(others), &err))
        fail_msg("%s", err.text);
    return model;
}

/* The default model with something more before its end. */
static char *default_with(const char *more)
{
    enum { ROOM = 65536, MORE = 4096 };
    char *text = memory_new(ROOM, 1);
    FILE *from = fopen(SOURCE_ROOT "/rulebook/model/default.json", "rb");

    assert_non_null(from);
    size_t size = fread(text, 1, ROOM - MORE, from);

    fclose(from);
    while (size && text[size - 1] != '}')
        size--;
    assert_true(size > 0);
    snprintf(text + size - 1, MORE, ",%s}", more);
    return text;
}

/* ---- the model ------------------------------------------------------------------------ */

TEST(columns_that_the_model_does_not_know_have_the_numbers_of_their_kind)
{
    static const char *const levels[OTHERS][5] = {
        {"missing",  "exact",   "one_edit",  "two_edits", "different"},
        {"missing",  "exact",   "different"},
        {"missing", "exact", "near_92", "near_88",            "different"              },
    };
    struct model *model = comparing();

    assert_int_equal(model_comparisons(model), COMPARISON_COUNT + OTHERS);
    for (unsigned i = 0; i < OTHERS; i++) {
        enum comparison c = other_comparison(i);

        assert_string_equal(model_comparison_name(model, c), others[i].name);
        for (unsigned l = 0; l < model_level_count(model, c); l++) {
            const struct level *level = model_level(model, c, l);

            assert_string_equal(level->name, levels[i][l]);
            assert_non_null(strstr(level->label, others[i].name));
            assert_true(strlen(level->source) > 5);
            assert_true(l == 0 || (level->m > 0 && level->u > 0));
        }
        assert_true(model->level[c][1].bits > 0);
        assert_true(model->level[c][model->count[c] - 1].bits < 0);
    }
    model_free(model);
}

TEST(words_of_a_name_are_read_apart)
{
    static const struct other place = {"birth_place", OTHER_TEXT};
    struct model *model;
    struct err err;

    assert_true(model_default(&model, &err));
    assert_true(model_compare(model, &place, 1, &err));
    assert_string_equal(model_comparison_label(model, other_comparison(0)),
                        "birth place");
    assert_string_equal(model_level(model, other_comparison(0), OTHER_EXACT)->label,
                        "same birth place");
    model_free(model);
}

TEST(the_chances_of_a_kind_sum_to_about_one)
{
    struct model *model = comparing();

    for (unsigned i = 0; i < OTHERS; i++) {
        double m = 0, u = 0;

        for (unsigned l = 1; l < model->count[other_comparison(i)]; l++) {
            m += model->level[other_comparison(i)][l].m;
            u += model->level[other_comparison(i)][l].u;
        }
        assert_near(m, 1, 0.001);
        assert_near(u, 1, 0.001);
    }
    model_free(model);
}

static const char own_numbers[] =
    "\"other_columns\": {\"suburb\": {\"kind\": \"text\", \"levels\": ["
    "{\"name\": \"missing\"}, {\"name\": \"exact\", \"m\": 0.5, \"u\": 0.125,"
    "\"label\": \"the very suburb\"},"
    "{\"name\": \"near_92\", \"m\": 0.1, \"u\": 0.1}, {\"name\": \"near_88\", "
    "\"m\": 0.1, \"u\": 0.1}, {\"name\": \"different\", \"m\": 0.3, \"u\": 0.6}]}}";

TEST(a_model_has_numbers_of_its_own_for_a_column)
{
    char *text = default_with(own_numbers);
    struct model *model;
    struct err err;

    if (!model_parse(str_of(text), &model, &err) ||
        !model_compare(model, others, COUNT(others), &err))
        fail_msg("%s", err.text);
    const struct level *exact = model_level(model, other_comparison(SUBURB), 1);

    assert_int_equal(exact->bits, 2 * BITS_ONE);
    assert_false(exact->by_frequency);
    assert_string_equal(exact->label, "the very suburb");
    assert_string_equal(model_level(model, other_comparison(SUBURB), 2)->label,
                        "suburb nearly the same");
    assert_int_equal(model_level(model, other_comparison(SUBURB), 4)->bits, -BITS_ONE);
    model_free(model);
    free(text);
}

TEST(a_model_and_a_map_must_mean_the_same_kind)
{
    static const struct other suburb = {"suburb", OTHER_WORD};
    char *text = default_with(own_numbers);
    enum other_kind kind;
    struct model *model;
    struct err err;

    assert_true(model_parse(str_of(text), &model, &err));
    assert_true(model_other_kind(model, "suburb", STR("exact"), &kind));
    assert_int_equal(kind, OTHER_TEXT);
    assert_true(model_other_kind(model, "number", STR("two_edits"), &kind));
    assert_int_equal(kind, OTHER_NUMBER);
    assert_false(model_other_kind(model, "number", STR("sector"), &kind));
    assert_false(model_compare(model, &suburb, 1, &err));
    assert_non_null(strstr(err.text, "\"word\" in the map and \"text\" in the model"));
    model_free(model);
    free(text);
}

TEST(numbers_that_cannot_be_used_are_found_though_no_map_names_the_column)
{
    static const struct {
        const char *more, *says;
    } cases[] = {
        {"\"other_columns\": {\"Suburb\": {}}",                "a to z"           },
        {"\"other_columns\": {\"surname\": {}}",               "of a comparison"  },
        {"\"other_columns\": {\"a\": {\"kind\": \"date\"}}",   "\"kind\" must be" },
        {"\"other_columns\": {\"a\": {\"kind\": \"word\"}}",   "with its 3 levels"},
        {"\"other_columns\": {\"a\": {\"kind\": \"word\", \"levels\": [{\"name\": "
         "\"missing\"}, {\"name\": \"exact\", \"m\": 0.5, \"u\": 0.6}, {\"name\": "
         "\"different\", \"m\": 0.5, \"u\": 0.4}]}}", "positive weight"  },
        {"\"other_columns\": {\"a\": {\"kind\": \"word\", \"levels\": [{\"name\": "
         "\"missing\"}, {\"name\": \"exact\", \"m\": 0.5}, {\"name\": "
         "\"different\", \"m\": 0.5, \"u\": 0.4}]}}", "needs m and u"    },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = default_with(cases[i].more);
        struct model *model;
        struct err err = {0};

        assert_false(model_parse(str_of(text), &model, &err));
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].more, err.text);
        free(text);
    }
}

TEST(a_column_is_not_called_as_what_is_compared_already)
{
    static const char *const names[] = {"surname", "place", "full_name", "score"};

    for (size_t i = 0; i < COUNT(names); i++) {
        struct other other = {.kind = OTHER_TEXT};
        struct model *model;
        struct err err;

        strcpy(other.name, names[i]);
        assert_true(model_default(&model, &err));
        assert_false(model_compare(model, &other, 1, &err));
        assert_non_null(strstr(err.text, "call the column something else"));
        model_free(model);
    }
}

TEST(the_hash_of_a_model_tells_what_it_compares)
{
    static const struct other one = {"suburb", OTHER_TEXT}, two = {"town", OTHER_TEXT},
                              three = {"suburb", OTHER_WORD};
    const struct other *const compared[] = {NULL, &one, &two, &three};
    uint64_t hash[COUNT(compared)];

    for (size_t i = 0; i < COUNT(compared); i++) {
        struct model *model;
        struct err err;

        assert_true(model_default(&model, &err));
        assert_true(model_compare(model, compared[i], compared[i] != NULL, &err));
        hash[i] = model_hash(model);
        for (size_t k = 0; k < i; k++)
            assert_true(hash[k] != hash[i]);
        model_free(model);
    }
}

/* ---- pairs ---------------------------------------------------------------------------- */

enum { LEFT = 200 };

/* Everybody SMITH; suburbs LEEDS but for one in fifty, who are of YORK. */
static struct index *made_index(const struct model *model, bool sampled)
{
    const struct index_settings settings = {
        .model = model, .share = 500000, .probability = 1000, .threads = 1};
    struct index *index;
    struct err err;

    assert_true(index_new(&settings, &index, &err));
    for (int i = 0; i < LEFT; i++) {
        char number[16];
        struct str other[OTHERS] = {
            {number, 0},
            STR("NSW"), STR("LEEDS")
        };
        struct person person = {.other = other};

        other[INSURED].len =
            (size_t)snprintf(number, sizeof(number), "%07d", 1000000 + i * 7919);
        if (i % 50 == 0)
            other[SUBURB] = STR("York");
        if (i == 1)
            other[SUBURB] = STR("unknown");
        person.field[FIELD_SURNAME] = STR("SMITH");
        if (i == 2)
            person.other = NULL;
        assert_true(index_add(index, &person, &err));
        if (sampled)
            index_sample(index, &person);
    }
    assert_true(index_build(index, &err));
    return index;
}

static struct evidence earned(const struct index *index, uint32_t left, unsigned column,
                              const char *written)
{
    struct matcher *matcher = matcher_new(index);
    struct str other[OTHERS] = {
        {NULL, 0}
    };
    struct person mention = {.other = other};
    struct hit hit;

    other[column] = str_of(written);
    mention.field[FIELD_SURNAME] = STR("SMITH");
    matcher_score(matcher, left, &mention, &hit);
    matcher_free(matcher);
    return hit.evidence[other_comparison(column)];
}

TEST(a_pair_falls_into_the_level_of_its_values)
{
    static const struct {
        uint32_t left;
        unsigned column;
        const char *written;
        unsigned level;
    } cases[] = {
        {0, SUBURB,  "york",      OTHER_EXACT         },
        {3, SUBURB,  "Leeds.",    OTHER_EXACT         },
        {3, SUBURB,  "LEEDSS",    OTHER_NEAR          },
        {3, SUBURB,  "LEDES",     OTHER_NEAR          },
        {3, SUBURB,  "LEEXS",     OTHER_ALIKE         },
        {3, SUBURB,  "HULL",      OTHER_DIFFERENT     },
        {3, SUBURB,  "",          OTHER_MISSING       },
        {3, SUBURB,  "n/k",       OTHER_MISSING       },
        {1, SUBURB,  "LEEDS",     OTHER_MISSING       }, /* unknown on the left */
        {2, SUBURB,  "LEEDS",     OTHER_MISSING       }, /* nothing on the left */
        {0, INSURED, "10-00 000", OTHER_EXACT         },
        {0, INSURED, "0100000",   OTHER_NEAR          },
        {0, INSURED, "100000",    OTHER_NEAR          },
        {0, INSURED, "1000012",   OTHER_ALIKE         },
        {0, INSURED, "1000123",   OTHER_DIFFERENT     },
        {0, INSURED, "0000000",   OTHER_MISSING       },
        {0, STATE,   "nsw",       OTHER_EXACT         },
        {0, STATE,   "NS",        OTHER_WORD_DIFFERENT},
    };
    struct model *model = comparing();
    struct index *index = made_index(model, true);

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct evidence evidence =
            earned(index, cases[i].left, cases[i].column, cases[i].written);

        if (evidence.level != cases[i].level)
            fail_msg("%s: level %u, want %u", cases[i].written, evidence.level,
                     cases[i].level);
        if (evidence.level == OTHER_MISSING)
            assert_int_equal(evidence.bits, 0);
    }
    index_free(index);
    model_free(model);
}

TEST(a_rare_value_earns_more_than_a_common_one_within_bounds)
{
    struct model *model = comparing();
    const struct level *exact = model_level(model, other_comparison(SUBURB), 1);
    struct index *index = made_index(model, true);
    int32_t rare = earned(index, 0, SUBURB, "YORK").bits;
    int32_t common = earned(index, 3, SUBURB, "LEEDS").bits;

    assert_near((double)rare / BITS_ONE, log2(0.7 / 0.02), 0.6);
    assert_int_equal(common, 0); /* log2(0.7 / 0.98) is below the least */
    assert_true(exact->least == 0 && rare <= exact->most);
    index_free(index);

    index = made_index(model, false);
    assert_int_equal(earned(index, 0, SUBURB, "YORK").bits, exact->bits);
    index_free(index);
    model_free(model);
}

/* As languages with collectors do. */
TEST(an_index_may_be_given_back_after_its_model)
{
    struct model *model = comparing();
    struct index *index = made_index(model, true);

    memset(model->other, 0xff, sizeof(model->other));
    model->other_count = UINT32_MAX;
    index_free(index);
    model->other_count = 0;
    model_free(model);
}

TEST(short_numbers_that_differ_are_different)
{
    static const struct {
        const char *a, *b;
        enum other_level level;
    } cases[] = {
        {"12",     "13",     OTHER_DIFFERENT},
        {"123",    "124",    OTHER_DIFFERENT},
        {"1234",   "1235",   OTHER_NEAR     },
        {"123",    "1234",   OTHER_NEAR     },
        {"12345",  "12399",  OTHER_DIFFERENT},
        {"123456", "123499", OTHER_ALIKE    },
        {"123456", "1234",   OTHER_ALIKE    },
        {"123456", "123",    OTHER_DIFFERENT},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct other_value value = {.len = (uint8_t)strlen(cases[i].a)};
        struct word word = {.len = (uint8_t)strlen(cases[i].b)};

        memcpy(value.text, cases[i].a, value.len);
        memcpy(word.text, cases[i].b, word.len);
        assert_int_equal(other_level(OTHER_NUMBER, &value, 0, &word), cases[i].level);
    }
}

TESTS(IT(columns_that_the_model_does_not_know_have_the_numbers_of_their_kind),
      IT(words_of_a_name_are_read_apart), IT(the_chances_of_a_kind_sum_to_about_one),
      IT(a_model_has_numbers_of_its_own_for_a_column),
      IT(a_model_and_a_map_must_mean_the_same_kind),
      IT(numbers_that_cannot_be_used_are_found_though_no_map_names_the_column),
      IT(a_column_is_not_called_as_what_is_compared_already),
      IT(the_hash_of_a_model_tells_what_it_compares),
      IT(a_pair_falls_into_the_level_of_its_values),
      IT(a_rare_value_earns_more_than_a_common_one_within_bounds),
      IT(an_index_may_be_given_back_after_its_model),
      IT(short_numbers_that_differ_are_different))
