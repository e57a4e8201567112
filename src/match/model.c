/*
 * The model: read from JSON, held against the levels the code knows. The embedded
 * default is rulebook/model/default.json, where each number has its source.
 */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

struct embedded {
    const char *name;
    const char *bytes;
    size_t size;
};
extern const struct embedded model_files[];

static const struct comparison_facts {
    const char *name, *label;
    const char *levels[LEVELS_MAX];
} comparisons[] = {
    [COMPARE_SURNAME] = {"surname",
                         "surname",                                 {"missing", "exact", "other_name", "variant", "part",
                          "near_92", "near_88", "sounds_alike", "different"}        },
    [COMPARE_FORENAME] = {"forename",
                         "forename",                                {"missing", "exact", "other_name", "variant", "near_92",
                           "near_88", "sounds_alike", "initial", "different"}      },
    [COMPARE_MIDDLE_NAMES] = {"middle_names",
                         "middle names",                            {"missing", "agree", "alike", "initial_agrees",
                               "some_differ", "differ"}                        },
    [COMPARE_NAME_ORDER] = {"name_order",            "order of names", {"same", "swapped"}                                },
    [COMPARE_FULL_NAME] = {"full_name",             "full name",      {"apart", "together"}                              },
    [COMPARE_DATE_OF_BIRTH] = {"date_of_birth",
                         "date of birth",                           {"missing", "exact", "swapped", "one_digit", "near_year",
                                "year_month", "default_day", "partial_month",
                                "partial_year", "within_5_years", "different"}},
    [COMPARE_SEX] = {"sex",                   "sex",            {"missing", "same", "different"}                   },
    [COMPARE_PLACE] = {"place",
                         "place",                                   {"missing", "address", "unit", "line", "sector", "district",
                        "different"}                                                  },
    [COMPARE_PHONE] = {"phone",                 "telephone",      {"missing", "same", "different"}                   },
    [COMPARE_EMAIL] = {"email",                 "e-mail",         {"missing", "same", "different"}                   },
    [COMPARE_NATIONAL_INSURANCE_NO] = {"national_insurance_no",
                         "National Insurance number",               {"missing", "same", "different"}                   },
    [COMPARE_STAFF_NUMBER] = {"staff_number",
                         "staff number",                            {"missing", "same", "different"}                   },
    [COMPARE_VEHICLE] = {"vehicle",               "vehicle",        {"missing", "same", "different"}                   },
};
_Static_assert(COUNT(comparisons) == COMPARISON_COUNT, "every comparison has a row");

const char *comparison_name(enum comparison comparison)
{
    return comparisons[comparison].name;
}

const char *comparison_label(enum comparison comparison)
{
    return comparisons[comparison].label;
}

/* Probabilities are kept in units of 10^-12 for the logarithm. */
static int32_t log2_of(double p)
{
    return bits_log2((uint64_t)(p * 1e12 + 0.5), UINT64_C(1000000000000));
}

static int32_t to_bits(double bits)
{
    return (int32_t)(bits * BITS_ONE + (bits < 0 ? -0.5 : 0.5));
}

static bool chance(double p)
{
    return p >= 1e-12 && p <= 1;
}

/* Levels 0 ("missing", "same order") carry no weight; all others need m and u. */
static bool read_level(struct model *model, enum comparison comparison, unsigned number,
                       const struct json *source, struct err *err)
{
    struct level *level = &model->level[comparison][number];
    const struct json *frequency = json_get(source, "by_frequency");
    const char *label = json_text(json_get(source, "label"));
    const char *where = json_text(json_get(source, "source"));

    *level = (struct level){
        .name = comparisons[comparison].levels[number],
        .label = label ? label : comparisons[comparison].levels[number],
        .m = json_number(json_get(source, "m"), 0),
        .u = json_number(json_get(source, "u"), 0),
        .by_frequency = frequency != NULL,
        .source = where ? where : "",
    };
    if (number == 0) {
        if (level->m != 0 || level->u != 0)
            return err_set(
                err, ERR_INPUT,
                "%s: level \"%s\" must not have m or u: a missing value is no "
                "evidence; take them out",
                comparisons[comparison].name, level->name);
        return true;
    }
    if (!chance(level->m) || !chance(level->u))
        return err_set(err, ERR_INPUT,
                       "%s: level \"%s\" needs m and u above 0 and at most 1",
                       comparisons[comparison].name, level->name);
    model->log_m[comparison][number] = log2_of(level->m);
    level->bits = model->log_m[comparison][number] - log2_of(level->u);
    level->least = level->most = level->bits;
    if (frequency) {
        double least = json_number(json_get(frequency, "least"), 0);
        double most = json_number(json_get(frequency, "most"), 0);

        if (!(least >= -40 && least <= most && most <= 40))
            return err_set(err, ERR_INPUT,
                           "%s: level \"%s\": by_frequency needs least and most from "
                           "-40 to 40, least first",
                           comparisons[comparison].name, level->name);
        level->least = to_bits(least);
        level->most = to_bits(most);
        level->bits = level_bits(model, comparison, number, log2_of(level->u));
    }
    return true;
}

/* "different" must never speak for a match: the cover leaves such pairs out. */
static bool check_last(const struct model *model, enum comparison comparison,
                       struct err *err)
{
    const struct level *last = &model->level[comparison][model->count[comparison] - 1];

    if (comparison != COMPARE_NAME_ORDER && last->bits > 0)
        return err_set(err, ERR_INPUT,
                       "%s: level \"%s\" has positive weight; the last level must not "
                       "speak for a match: make m at most u",
                       comparisons[comparison].name, last->name);
    return true;
}

/* Levels that models made before there were any lack, and the one whose numbers serve. */
static const struct stand_in {
    enum comparison comparison;
    unsigned level;
    const char *with;
} stand_ins[] = {
    {COMPARE_MIDDLE_NAMES, MIDDLE_ALIKE,       "initial_agrees"},
    {COMPARE_MIDDLE_NAMES, MIDDLE_SOME_DIFFER, "differ"        },
};

static const char *level_name(const struct json *level)
{
    const char *name = json_text(json_get(level, "name"));

    return name ? name : "";
}

static const struct json *stand_in(const struct json *levels,
                                   enum comparison comparison, unsigned level)
{
    for (size_t i = 0; i < COUNT(stand_ins); i++) {
        if (stand_ins[i].comparison != comparison || stand_ins[i].level != level)
            continue;
        for (size_t k = 0; k < json_count(levels); k++)
            if (strcmp(level_name(json_at(levels, k)), stand_ins[i].with) == 0)
                return json_at(levels, k);
    }
    return NULL;
}

static bool read_comparison(struct model *model, enum comparison comparison,
                            const struct json *levels, struct err *err)
{
    const struct comparison_facts *facts = &comparisons[comparison];
    unsigned count = 0;

    while (count < LEVELS_MAX && facts->levels[count])
        count++;
    model->count[comparison] = count;
    if (comparison == COMPARE_FULL_NAME &&
        !levels) { /* models made before there was it */
        for (unsigned i = 0; i < count; i++)
            model->level[comparison][i] = (struct level){
                .name = facts->levels[i], .label = facts->levels[i], .source = ""};
        return true;
    }
    size_t at = 0;

    for (unsigned i = 0; i < count && json_kind(levels) == IS_LIST; i++) {
        const struct json *level = NULL;

        if (at < json_count(levels) &&
            strcmp(level_name(json_at(levels, at)), facts->levels[i]) == 0)
            level = json_at(levels, at++);
        else if (!(level = stand_in(levels, comparison, i)))
            return err_set(err, ERR_INPUT, "%s: level %zu must be \"%s\"", facts->name,
                           at, facts->levels[i]);
        if (!read_level(model, comparison, i, level, err))
            return false;
    }
    if (json_kind(levels) != IS_LIST || at != json_count(levels))
        return err_set(err, ERR_INPUT,
                       "\"comparisons\" needs \"%s\" with its %u levels", facts->name,
                       count);
    return check_last(model, comparison, err);
}

static bool read_chance(const struct json *part, const char *name, uint32_t *millionths,
                        struct err *err)
{
    double p = json_number(json_get(part, name), 0);

    if (!(p >= 1e-6 && p <= 0.999999))
        return err_set(err, ERR_INPUT, "\"%s\" must be between 0.000001 and 0.999999",
                       name);
    *millionths = (uint32_t)(p * 1e6 + 0.5);
    return true;
}

static bool read_document(struct model *model, struct err *err)
{
    const struct json *prior = json_get(model->document, "prior");
    const struct json *review = json_get(model->document, "review");
    const struct json *list = json_get(model->document, "comparisons");

    model->name = json_text(json_get(model->document, "name"));
    if (!model->name)
        return err_set(err, ERR_INPUT, "a model needs a \"name\"");
    if (!read_chance(prior, "wash_share", &model->share[0], err) ||
        !read_chance(prior, "link_share", &model->share[1], err) ||
        !read_chance(review, "wash_probability", &model->review[0], err) ||
        !read_chance(review, "link_probability", &model->review[1], err))
        return false;
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        if (!read_comparison(model, (enum comparison)c,
                             json_get(list, comparisons[c].name), err))
            return false;
    if (model->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits > 0)
        return err_set(err, ERR_INPUT,
                       "name_order: \"swapped\" must not have positive weight");
    if (model->level[COMPARE_FULL_NAME][FULL_TOGETHER].most > 0)
        return err_set(err, ERR_INPUT,
                       "full_name: \"together\" must not have positive weight");
    return true;
}

/* The hash is of the numbers the code reads, so that layout does not matter. */
static void take_hash(struct model *model)
{
    uint64_t hash = TEXT_VERSION;

    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned i = 0; i < model->count[c]; i++) {
            const struct level *level = &model->level[c][i];
            int32_t numbers[] = {level->bits, level->least, level->most,
                                 model->log_m[c][i], level->by_frequency};

            hash = hash_bytes(numbers, sizeof(numbers), hash);
        }
    hash = hash_bytes(model->share, sizeof(model->share), hash);
    model->hash = hash_bytes(model->review, sizeof(model->review), hash);
}

static bool model_make(struct json *document, struct model **result, struct err *err)
{
    struct model *model = memory_new(1, sizeof(*model));

    model->document = document;
    if (!read_document(model, err) || !variants_default(&model->variants, err)) {
        model_free(model);
        return false;
    }
    take_hash(model);
    *result = model;
    return true;
}

bool model_parse(struct str text, struct model **model, struct err *err)
{
    struct json *document;

    return json_parse(text, &document, err) && model_make(document, model, err);
}

bool model_default(struct model **model, struct err *err)
{
    struct str text = {model_files[0].bytes, model_files[0].size};

    return model_parse(text, model, err);
}

bool model_read(const char *path, struct model **model, struct err *err)
{
    struct json *document;

    if (!json_read(path, &document, err))
        return false;
    return model_make(document, model, err) || err_in(err, "model %s", path);
}

void model_free(struct model *model)
{
    if (!model)
        return;
    json_free(model->document);
    variants_free(model->variants);
    free(model);
}

const char *model_name(const struct model *model)
{
    return model->name;
}

uint64_t model_hash(const struct model *model)
{
    return model->hash;
}

size_t model_level_count(const struct model *model, enum comparison comparison)
{
    return model->count[comparison];
}

const struct level *model_level(const struct model *model, enum comparison comparison,
                                unsigned level)
{
    return &model->level[comparison][level];
}

uint32_t model_review_probability(const struct model *model, bool wash)
{
    return model->review[!wash];
}

uint32_t model_share(const struct model *model, bool wash)
{
    return model->share[!wash];
}

int32_t model_prior(const struct model *model, uint32_t share, size_t left_count)
{
    uint64_t people = left_count ? left_count : 1;

    if (share == 0)
        share = model->share[0];
    /* odds share / (people - share): share of a mention to concern one given person */
    return bits_log2(share, people * 1000000 - share);
}
