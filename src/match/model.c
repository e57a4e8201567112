/*
 * The model: read from JSON, held against the levels the code knows. The embedded
 * default is rulebook/model/default.json, where each number has its source.
 */
#include "match/inner.h"

#include <stdio.h>
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

bool comparison_named(const char *name)
{
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        if (strcmp(name, comparisons[c].name) == 0)
            return true;
    return strcmp(name, "score") == 0; /* score_bits is a heading of pairs */
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
static bool read_level(struct model *model, enum comparison comparison,
                       const struct comparison_facts *facts, unsigned number,
                       const struct json *source, struct err *err)
{
    struct level *level = &model->level[comparison][number];
    const struct json *frequency = json_get(source, "by_frequency");
    const char *label = json_text(json_get(source, "label"));
    const char *where = json_text(json_get(source, "source"));

    *level = (struct level){
        .name = facts->levels[number],
        .label = label ? label : facts->levels[number],
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
                facts->name, level->name);
        return true;
    }
    if (!chance(level->m) || !chance(level->u))
        return err_set(err, ERR_INPUT,
                       "%s: level \"%s\" needs m and u above 0 and at most 1",
                       facts->name, level->name);
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
                           facts->name, level->name);
        level->least = to_bits(least);
        level->most = to_bits(most);
        level->bits = level_bits(model, comparison, number, log2_of(level->u));
    }
    return true;
}

/* "different" must never speak for a match: the cover leaves such pairs out. */
static bool check_last(const struct model *model, enum comparison comparison,
                       const char *name, struct err *err)
{
    const struct level *last = &model->level[comparison][model->count[comparison] - 1];

    if (comparison != COMPARE_NAME_ORDER && last->bits > 0)
        return err_set(err, ERR_INPUT,
                       "%s: level \"%s\" has positive weight; the last level must not "
                       "speak for a match: make m at most u",
                       name, last->name);
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

static unsigned levels_of(const struct comparison_facts *facts)
{
    unsigned count = 0;

    while (count < LEVELS_MAX && facts->levels[count])
        count++;
    return count;
}

static bool read_comparison(struct model *model, enum comparison comparison,
                            const struct comparison_facts *facts,
                            const struct json *levels, struct err *err)
{
    unsigned count = levels_of(facts);

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
        if (!read_level(model, comparison, facts, i, level, err))
            return false;
    }
    if (json_kind(levels) != IS_LIST || at != json_count(levels))
        return err_set(err, ERR_INPUT, "\"%s\" needs \"%s\" with its %u levels",
                       comparison < COMPARISON_COUNT ? "comparisons" : "other_columns",
                       facts->name, count);
    return check_last(model, comparison, facts->name, err);
}

/* ---- other columns ---------------------------------------------------------------- */

/* Levels of each kind, and how they read; %s is the column's name in words. */
static const struct {
    const char *levels[LEVELS_MAX], *labels[LEVELS_MAX];
} other_kinds[] = {
    [OTHER_TEXT] = {{"missing", "exact", "near_92", "near_88", "different"},
                    {"%s not known", "same %s", "%s nearly the same", "%s alike",
                     "different %s"}                           },
    [OTHER_NUMBER] = {{"missing", "exact", "one_edit", "two_edits", "different"},
                    {"%s not known", "same %s", "%s one slip apart",
                       "%s two slips apart", "different %s"}   },
    [OTHER_WORD] = {{"missing", "exact", "different"},
                    {"%s not known", "same %s", "different %s"}},
};
_Static_assert(COUNT(other_kinds) == OTHER_KIND_COUNT, "every kind has its levels");

static struct comparison_facts other_facts(const struct other *other)
{
    struct comparison_facts facts = {.name = other->name};

    memcpy(facts.levels, other_kinds[other->kind].levels, sizeof(facts.levels));
    return facts;
}

/* An entry of "other_columns": {"kind": "text", "levels": [...]}. */
static bool read_other(struct model *model, unsigned number, const struct other *other,
                       const struct json *source, struct err *err)
{
    const struct comparison_facts facts = other_facts(other);
    const char *name = json_text(json_get(source, "kind"));
    enum other_kind kind;

    if (!name || !other_kind_named(name, &kind))
        return err_set(err, ERR_INPUT,
                       "other_columns: %s: \"kind\" must be \"text\", \"number\" or "
                       "\"word\"",
                       other->name);
    if (kind != other->kind)
        return err_set(err, ERR_INPUT,
                       "%s is of kind \"%s\" in the map and \"%s\" in the model: make "
                       "them the same",
                       other->name, other_kind_name(other->kind), name);
    return read_comparison(model, other_comparison(number), &facts,
                           json_get(source, "levels"), err);
}

struct checking {
    struct model *model;
    struct err *err;
    bool ok;
};

/* What a model says of a column is held against the rules though no map names it. */
static void check_other(void *context, const char *name, const struct json *source)
{
    struct checking *checking = context;
    struct other other = {.kind = OTHER_TEXT};
    const char *kind = json_text(json_get(source, "kind"));

    if (!checking->ok)
        return;
    if (!other_name_good(name) || comparison_named(name)) {
        checking->ok = err_set(
            checking->err, ERR_INPUT,
            "other_columns: a name is made of a to z, 0 to 9 and _, starts with "
            "a letter, has %d at most and is not that of a comparison; \"%.40s\" "
            "is not",
            OTHER_NAME_MAX, name);
        return;
    }
    memcpy(other.name, name, strlen(name));
    if (kind)
        other_kind_named(kind, &other.kind);
    checking->ok = read_other(checking->model, 0, &other, source, checking->err);
}

static bool check_others(struct model *model, struct err *err)
{
    struct checking checking = {model, err, true};
    const enum comparison first = other_comparison(0);

    json_each(json_get(model->document, "other_columns"), &checking, check_other);
    model->count[first] = 0;
    return checking.ok;
}

static const char *label_of(struct model *model, const char *form, const char *words)
{
    char label[OTHER_NAME_MAX + 32];
    const char *at = strstr(form, "%s");

    snprintf(label, sizeof(label), "%.*s%s%s", (int)(at - form), form, words, at + 2);
    return arena_copy(model->labels, str_of(label));
}

/* Labels that the file does not give are made from the column's name. */
static void label_other(struct model *model, unsigned number)
{
    enum comparison comparison = other_comparison(number);
    const struct other *other = &model->other[number];
    char *words = arena_copy(model->labels, str_of(other->name));

    for (char *at = words; *at; at++)
        if (*at == '_')
            *at = ' ';
    model->other_label[number] = words;
    for (unsigned i = 0; i < model->count[comparison]; i++) {
        struct level *level = &model->level[comparison][i];

        if (strcmp(level->label, level->name) == 0)
            level->label = label_of(model, other_kinds[other->kind].labels[i], words);
    }
}

static bool kinds_read(struct model *model, struct err *err)
{
    struct str text = {model_files[1].bytes, model_files[1].size};

    return model->kinds || json_parse(text, &model->kinds, err);
}

/* ---- the document ------------------------------------------------------------------ */

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

enum { OTHERS_OF_PERSON_MOST = 1000 };

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
    model->others = json_number(json_get(prior, "others"), 0);
    if (!(model->others >= 0 && model->others <= OTHERS_OF_PERSON_MOST))
        return err_set(err, ERR_INPUT, "\"others\" must be between 0 and %d",
                       OTHERS_OF_PERSON_MOST);
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        if (!read_comparison(model, (enum comparison)c, &comparisons[c],
                             json_get(list, comparisons[c].name), err))
            return false;
    if (model->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits > 0)
        return err_set(err, ERR_INPUT,
                       "name_order: \"swapped\" must not have positive weight");
    if (model->level[COMPARE_FULL_NAME][FULL_TOGETHER].most > 0)
        return err_set(err, ERR_INPUT,
                       "full_name: \"together\" must not have positive weight");
    return check_others(model, err);
}

/* The hash is of the numbers the code reads, so that layout does not matter. */
static void take_hash(struct model *model)
{
    uint64_t hash = TEXT_VERSION;

    for (unsigned c = 0; c < model_comparisons(model); c++)
        for (unsigned i = 0; i < model->count[c]; i++) {
            const struct level *level = &model->level[c][i];
            int32_t numbers[] = {level->bits, level->least, level->most,
                                 model->log_m[c][i], level->by_frequency};

            hash = hash_bytes(numbers, sizeof(numbers), hash);
        }
    for (unsigned i = 0; i < model->other_count; i++) {
        const struct other *other = &model->other[i];

        hash =
            hash_bytes(other->name, strlen(other->name), hash_mix(hash, other->kind));
    }
    if (model->others > 0)
        hash = hash_bytes(&model->others, sizeof(model->others), hash);
    hash = hash_bytes(model->share, sizeof(model->share), hash);
    model->hash = hash_bytes(model->review, sizeof(model->review), hash);
}

static bool model_make(struct json *document, struct model **result, struct err *err)
{
    struct model *model = memory_new(1, sizeof(*model));

    model->document = document;
    model->labels = arena_new();
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
    json_free(model->kinds);
    arena_free(model->labels);
    variants_free(model->variants);
    free(model);
}

static bool compare_one(struct model *model, unsigned number, const struct other *other,
                        struct err *err)
{
    const struct json *source =
        json_get(json_get(model->document, "other_columns"), other->name);

    if (comparison_named(other->name))
        return err_set(err, ERR_INPUT,
                       "map: compare: \"%s\" is the name of a comparison that is there "
                       "already: call the column something else",
                       other->name);
    if (!source)
        source =
            json_get(json_get(model->kinds, "kinds"), other_kind_name(other->kind));
    model->other[number] = *other;
    if (!read_other(model, number, other, source, err))
        return false;
    label_other(model, number);
    return true;
}

bool model_compare(struct model *model, const struct other *others, size_t count,
                   struct err *err)
{
    if (count > OTHERS_MAX)
        return err_set(err, ERR_INPUT,
                       "%zu other columns are to be compared; at most %d can be", count,
                       OTHERS_MAX);
    if (count == 0)
        return true;
    if (!kinds_read(model, err))
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!compare_one(model, i, &others[i], err))
            return false;
    model->other_count = (unsigned)count;
    take_hash(model);
    return true;
}

bool model_other_kind(const struct model *model, const char *name, struct str level,
                      enum other_kind *kind)
{
    const struct json *known =
        json_get(json_get(model->document, "other_columns"), name);
    const char *own = json_text(json_get(known, "kind"));

    if (own)
        return other_kind_named(own, kind);
    for (unsigned k = 0; k < OTHER_KIND_COUNT; k++)
        for (unsigned i = 0; i < LEVELS_MAX && other_kinds[k].levels[i]; i++)
            if (str_same(level, str_of(other_kinds[k].levels[i]))) {
                *kind = (enum other_kind)k;
                return true;
            }
    return false;
}

size_t model_others(const struct model *model, const struct other **others)
{
    *others = model->other;
    return model->other_count;
}

unsigned model_comparisons(const struct model *model)
{
    return COMPARISON_COUNT + model->other_count;
}

const char *model_comparison_name(const struct model *model, enum comparison comparison)
{
    return comparison < COMPARISON_COUNT
               ? comparisons[comparison].name
               : model->other[comparison - COMPARISON_COUNT].name;
}

const char *model_comparison_label(const struct model *model,
                                   enum comparison comparison)
{
    return comparison < COMPARISON_COUNT
               ? comparisons[comparison].label
               : model->other_label[comparison - COMPARISON_COUNT];
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

double model_others_of_person(const struct model *model)
{
    return model->others;
}

int32_t model_prior(const struct model *model, uint32_t share, size_t left_count)
{
    uint64_t people = left_count ? left_count : 1;

    if (share == 0)
        share = model->share[0];
    /* odds share / (people - share): share of a mention to concern one given person */
    return bits_log2(share, people * 1000000 - share);
}
