/*
 * Models from files: Splink's settings, or ours of kind "columns". Both hold the same
 * things under different names, so one reader and one writer go by a table of names.
 */
#include "splink/inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum form { FORM_SPLINK, FORM_OURS };

enum entry {
    NAME_PRIOR,
    NAME_COMPARISON,
    NAME_ABOUT,
    NAME_LEVELS,
    NAME_CONDITION,
    NAME_LABEL,
    NAME_MISSING,
    NAME_M,
    NAME_U,
    NAME_FIX_M,
    NAME_FIX_U,
    NAME_FREQUENCY,
    NAME_FREQUENCY_WEIGHT,
    NAME_FREQUENCY_LEAST,
    NAME_OWN_U,
    NAME_COUNT
};

static const char *const names[NAME_COUNT][2] = {
    [NAME_PRIOR] = {"probability_two_random_records_match", "prior"             },
    [NAME_COMPARISON] = {"output_column_name",                   "name"              },
    [NAME_ABOUT] = {"comparison_description",               "about"             },
    [NAME_LEVELS] = {"comparison_levels",                    "levels"            },
    [NAME_CONDITION] = {"sql_condition",                        "when"              },
    [NAME_LABEL] = {"label_for_charts",                     "label"             },
    [NAME_MISSING] = {"is_null_level",                        "missing"           },
    [NAME_M] = {"m_probability",                        "m"                 },
    [NAME_U] = {"u_probability",                        "u"                 },
    [NAME_FIX_M] = {"fix_m_probability",                    "m_fixed"           },
    [NAME_FIX_U] = {"fix_u_probability",                    "u_fixed"           },
    [NAME_FREQUENCY] = {"tf_adjustment_column",                 "frequency_of"      },
    [NAME_FREQUENCY_WEIGHT] = {"tf_adjustment_weight",                 "frequency_weight"  },
    [NAME_FREQUENCY_LEAST] = {"tf_minimum_u_value",                   "frequency_least"   },
    [NAME_OWN_U] = {"disable_tf_exact_match_detection",     "frequency_of_level"},
};

struct reader {
    struct splink_model *model;
    enum form form;
    struct err *err;
};

static const struct json *get(const struct reader *reader, const struct json *object,
                              enum entry name)
{
    return json_get(object, names[name][reader->form]);
}

static bool text_known(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* ---- what is there that we do not know ------------------------------------------- */

struct strange {
    enum form form;
    enum entry first, last;
    const char *name; /* the first that is not known */
};

static void strange_visit(void *context, const char *name, const struct json *value)
{
    /* Written by older and newer versions; nothing about the score. */
    static const char *const also[] = {"comparison_vector_value",
                                       "max_comparison_vector_value", "description"};
    struct strange *strange = context;

    if (strange->name || json_kind(value) == IS_NULL ||
        text_known(name, also, COUNT(also)))
        return;
    for (int i = (int)strange->first; i <= (int)strange->last; i++)
        if (strcmp(names[i][strange->form], name) == 0)
            return;
    strange->name = name;
}

/* A setting that is not known may change what a level counts: refused, not passed over. */
static bool all_known(const struct reader *reader, const struct json *object,
                      enum entry first, enum entry last)
{
    struct strange strange = {reader->form, first, last, NULL};

    json_each(object, &strange, strange_visit);
    return !strange.name ||
           err_set(reader->err, ERR_INPUT, "the setting %.60s is not known here",
                   strange.name);
}

/* ---- levels ---------------------------------------------------------------------- */

static char *keep(const struct reader *reader, const char *text)
{
    return arena_copy(reader->model->arena, str_of(text));
}

/* A probability, or none; a text is what Splink 3 wrote for a level never met. */
static bool probability(const struct reader *reader, const struct json *level,
                        enum entry name, double *value, bool *there)
{
    const double never_met = 1e-6; /* as Splink counts it */
    const struct json *given = get(reader, level, name);

    *there = json_kind(given) != IS_NULL;
    if (!*there)
        return true;
    *value = json_kind(given) == IS_TEXT ? never_met : json_number(given, -1);
    return (*value >= 0 && *value <= 1) ||
           err_set(reader->err, ERR_INPUT, "%s is no probability",
                   names[name][reader->form]);
}

static bool is_else(const char *condition)
{
    struct str text = str_trim(str_of(condition));

    return text.len == 4 && (text.at[0] | 0x20) == 'e' && (text.at[1] | 0x20) == 'l' &&
           (text.at[2] | 0x20) == 's' && (text.at[3] | 0x20) == 'e';
}

static bool frequency_read(const struct reader *reader, const struct json *level,
                           struct rung *rung)
{
    const char *column = json_text(get(reader, level, NAME_FREQUENCY));
    const struct json *weight = get(reader, level, NAME_FREQUENCY_WEIGHT);
    struct str name;

    rung->own_u = json_bool(get(reader, level, NAME_OWN_U), false);
    rung->has_weight = json_kind(weight) == IS_NUMBER;
    rung->frequency_weight = json_number(weight, 1);
    rung->frequency_least = json_number(get(reader, level, NAME_FREQUENCY_LEAST), 0);
    if (!(fabs(rung->frequency_weight) <= 100) || !(rung->frequency_least >= 0) ||
        !(rung->frequency_least <= 1))
        return err_set(
            reader->err, ERR_INPUT,
            "the weight or the least value of its frequency is out of range");
    if (!column || !*column)
        return true;
    rung->frequency_column = keep(reader, column);
    name = str_of(rung->frequency_column);
    if (name.len > 2 && name.at[0] == '"' && name.at[name.len - 1] == '"')
        name.at++, name.len -= 2;
    rung->frequency_fact = columns_at(&reader->model->columns, name);
    return true;
}

static bool rung_read(const struct reader *reader, const struct json *level,
                      struct rung *rung)
{
    const char *condition = json_text(get(reader, level, NAME_CONDITION));
    const char *label = json_text(get(reader, level, NAME_LABEL));

    if (!condition)
        return err_set(reader->err, ERR_INPUT, "a level has no %s",
                       names[NAME_CONDITION][reader->form]);
    rung->condition = keep(reader, condition);
    rung->label = keep(reader, label ? label : condition);
    rung->missing = json_bool(get(reader, level, NAME_MISSING), false);
    rung->has_fix = json_kind(get(reader, level, NAME_FIX_M)) == IS_BOOL;
    rung->fix_m = json_bool(get(reader, level, NAME_FIX_M), false);
    rung->fix_u = json_bool(get(reader, level, NAME_FIX_U), false);
    if (!all_known(reader, level, NAME_CONDITION, NAME_OWN_U) ||
        !probability(reader, level, NAME_M, &rung->m, &rung->has_m) ||
        !probability(reader, level, NAME_U, &rung->u, &rung->has_u) ||
        !frequency_read(reader, level, rung))
        return err_in(reader->err, "level %.80s", rung->label);
    if (is_else(condition))
        return true;
    return sql_parse(str_of(rung->condition), &reader->model->columns,
                     reader->model->arena, &rung->node, reader->err) ||
           err_in(reader->err, "level %.80s", rung->label);
}

/* ---- comparisons ----------------------------------------------------------------- */

/* What Splink takes for an m or u that was never estimated: m is 0.95 for the first level
 * and shared out over the rest; the weights run from -5 to 3, and 10 for the first. */
static void fill_in(struct contest *contest)
{
    size_t levels = 0, number = 0;

    for (size_t i = 0; i < contest->count; i++)
        levels += !contest->rungs[i].missing;
    for (size_t i = 0; i < contest->count; i++) {
        struct rung *rung = &contest->rungs[i];
        double value, m, steps = levels > 2 ? (double)(levels - 2) : 1;

        if (rung->missing)
            continue;
        value = (double)(levels - 1 - number++);
        m = value + 1 == (double)levels ? 0.95 : (1 - 0.95) / (double)(levels - 1);
        if (!rung->has_m)
            rung->m = m;
        if (!rung->has_u)
            rung->u =
                m / exp2(value + 1 == (double)levels ? 10 : -5 + value * 8 / steps);
    }
}

static void weigh(struct rung *rung)
{
    const double least = 1e-300; /* as Splink */

    if (!rung->missing)
        rung->weight = weight_log2(rung->m > least ? rung->m : least) -
                       weight_log2(rung->u > least ? rung->u : least);
}

static bool contest_read(const struct reader *reader, const struct json *comparison,
                         struct contest *contest)
{
    const char *name = json_text(get(reader, comparison, NAME_COMPARISON));
    const char *about = json_text(get(reader, comparison, NAME_ABOUT));
    const struct json *levels = get(reader, comparison, NAME_LEVELS);

    if (!name || !*name)
        return err_set(reader->err, ERR_INPUT, "a comparison has no %s",
                       names[NAME_COMPARISON][reader->form]);
    contest->name = keep(reader, name);
    contest->about = about ? keep(reader, about) : NULL;
    contest->count = json_count(levels);
    if (json_kind(levels) != IS_LIST || contest->count == 0 ||
        contest->count > RUNGS_MAX)
        return err_set(reader->err, ERR_INPUT,
                       "comparison %.60s: want 1 to %d levels under %s", contest->name,
                       RUNGS_MAX, names[NAME_LEVELS][reader->form]);
    contest->rungs =
        arena_alloc(reader->model->arena, contest->count * sizeof(struct rung));
    for (size_t i = 0; i < contest->count; i++)
        if (!rung_read(reader, json_at(levels, i), &contest->rungs[i]))
            return err_in(reader->err, "comparison %.60s", contest->name);
    if (!all_known(reader, comparison, NAME_COMPARISON, NAME_LEVELS))
        return err_in(reader->err, "comparison %.60s", contest->name);
    fill_in(contest);
    for (size_t i = 0; i < contest->count; i++)
        weigh(&contest->rungs[i]);
    return true;
}

/* ---- frequencies ----------------------------------------------------------------- */

/* Whether a level is: this one column is the same on both sides. */
static bool exact_on(const struct rung *rung, uint16_t fact)
{
    const struct node *node = rung->node;

    return node && node->op == OP_EQ && node->child[0]->op == OP_FACT &&
           node->child[1]->op == OP_FACT && node->child[0]->at == fact &&
           node->child[1]->at == fact &&
           (node->child[0]->sides | node->child[1]->sides) == BOTH_SIDES;
}

static bool frequency_find(struct splink_model *model, const struct contest *contest,
                           struct rung *rung, struct err *err)
{
    const struct rung *exact = rung->own_u ? rung : contest->rungs;
    const struct rung *end = contest->rungs + contest->count;

    rung->frequency_fact = shape_fact_of_column(model, rung->frequency_fact);
    while (!rung->own_u && exact < end && !exact_on(exact, rung->frequency_fact))
        exact++;
    if (exact == end)
        return err_set(
            err, ERR_INPUT,
            "comparison %.60s, level %.80s: its frequency is that of %.60s, but "
            "no level is an exact match on that column",
            contest->name, rung->label, rung->frequency_column);
    if (!(exact->u > 0))
        return err_set(
            err, ERR_INPUT,
            "comparison %.60s, level %.80s: u is 0, so its frequency cannot be "
            "counted",
            contest->name, rung->label);
    rung->exact_u = weight_log2(exact->u);
    rung->least_u =
        rung->frequency_least > 0 ? weight_log2(rung->frequency_least) : INT64_MIN;
    return true;
}

static bool frequencies_find(struct splink_model *model, struct err *err)
{
    for (size_t c = 0; c < model->contest_count; c++) {
        struct contest *contest = &model->contests[c];

        for (size_t i = 0; i < contest->count; i++) {
            struct rung *rung = &contest->rungs[i];

            rung->by_frequency = rung->frequency_column && !rung->missing &&
                                 rung->node && rung->frequency_weight != 0;
            if (rung->by_frequency && !frequency_find(model, contest, rung, err))
                return false;
        }
    }
    return true;
}

/* ---- the whole ------------------------------------------------------------------- */

static const struct json *rest_of(const struct splink_model *model)
{
    return model->ours ? json_get(model->document, "splink") : model->document;
}

bool splink_is(const struct json *document)
{
    const char *kind = json_text(json_get(document, "kind"));
    const struct json *first = json_at(json_get(document, "comparisons"), 0);

    return (kind && strcmp(kind, "columns") == 0) ||
           json_get(first, names[NAME_LEVELS][FORM_SPLINK]) != NULL;
}

static bool heading_read(struct reader *reader)
{
    struct splink_model *model = reader->model;
    const struct json *rest = rest_of(model);
    const char *dialect = json_text(json_get(rest, "sql_dialect"));
    const char *id = json_text(json_get(rest, "unique_id_column_name"));
    double version = json_number(json_get(model->document, "version"), 1);

    if (model->ours && version != 1)
        return err_set(reader->err, ERR_INPUT,
                       "a file of version %.3g; this program reads version 1", version);
    if (dialect && strcmp(dialect, "duckdb") != 0)
        return err_set(
            reader->err, ERR_INPUT,
            "its conditions are written for %.40s; save the model from Splink "
            "with the DuckDB backend",
            dialect);
    columns_at(&model->columns, str_of(id && *id ? id : "unique_id"));
    model->columns.types[0] = TYPE_TEXT;
    model->prior = json_number(get(reader, model->document, NAME_PRIOR), 1e-4);
    if (!(model->prior > 0 && model->prior < 1))
        return err_set(reader->err, ERR_INPUT, "%s: want a number between 0 and 1",
                       names[NAME_PRIOR][reader->form]);
    model->prior_weight = weight_log2(model->prior / (1 - model->prior));
    return true;
}

static bool model_fill(struct reader *reader)
{
    struct splink_model *model = reader->model;
    const struct json *comparisons = json_get(model->document, "comparisons");

    if (!heading_read(reader))
        return false;
    model->contest_count = json_count(comparisons);
    if (json_kind(comparisons) != IS_LIST || model->contest_count == 0 ||
        model->contest_count > CONTESTS_MAX)
        return err_set(reader->err, ERR_INPUT, "want 1 to %d comparisons",
                       CONTESTS_MAX);
    model->contests =
        arena_alloc(model->arena, model->contest_count * sizeof(struct contest));
    for (size_t i = 0; i < model->contest_count; i++)
        if (!contest_read(reader, json_at(comparisons, i), &model->contests[i]))
            return false;
    return shape_model(model, reader->err) && frequencies_find(model, reader->err);
}

/* Takes the document: given back with the model. */
static bool model_new(struct json *document, struct splink_model **result,
                      struct err *err)
{
    struct splink_model *model = memory_new(1, sizeof(*model));
    struct reader reader = {model, FORM_SPLINK, err};

    model->arena = arena_new();
    model->columns.arena = model->arena;
    model->document = document;
    model->ours = json_text(json_get(document, "kind")) != NULL;
    reader.form = model->ours ? FORM_OURS : FORM_SPLINK;
    if (!model_fill(&reader)) {
        splink_free(model);
        return false;
    }
    *result = model;
    return true;
}

bool splink_parse(struct str text, struct splink_model **model, struct err *err)
{
    struct json *document;

    if (!json_parse(text, &document, err))
        return false;
    if (splink_is(document))
        return model_new(document, model, err);
    json_free(document);
    return err_set(err, ERR_INPUT,
                   "no Splink settings: want comparisons, each with comparison_levels; "
                   "save the model with linker.misc.save_model_to_json");
}

bool splink_read(const char *path, struct splink_model **model, struct err *err)
{
    struct json *document;

    if (!json_read(path, &document, err))
        return false;
    if (splink_is(document))
        return model_new(document, model, err) || err_in(err, "%s", path);
    json_free(document);
    return err_set(
        err, ERR_INPUT,
        "%s: no Splink settings: want comparisons, each with "
        "comparison_levels; save the model with linker.misc.save_model_to_json",
        path);
}

void splink_free(struct splink_model *model)
{
    if (!model)
        return;
    free(model->columns.names);
    free(model->columns.types);
    json_free(model->document);
    arena_free(model->arena);
    free(model);
}

size_t splink_comparison_count(const struct splink_model *model)
{
    return model->contest_count;
}

const char *splink_comparison_name(const struct splink_model *model, size_t comparison)
{
    return model->contests[comparison].name;
}

size_t splink_level_count(const struct splink_model *model, size_t comparison)
{
    return model->contests[comparison].count;
}

const char *splink_level_label(const struct splink_model *model, size_t comparison,
                               unsigned level)
{
    return model->contests[comparison].rungs[level].label;
}

size_t splink_column_count(const struct splink_model *model)
{
    return model->columns.count;
}

const char *splink_column_name(const struct splink_model *model, size_t column)
{
    return model->columns.names[column];
}

/* ---- writing --------------------------------------------------------------------- */

struct writer {
    struct out *out;
    enum form form;
    bool first; /* of an object or list */
};

static void value_write(struct out *out, const struct json *value);

static void member(struct writer *writer, const char *name)
{
    out_text(writer->out, writer->first ? "" : ", ");
    writer->first = false;
    out_json(writer->out, str_of(name));
    out_text(writer->out, ": ");
}

static void member_write(void *context, const char *name, const struct json *value)
{
    struct writer *writer = context;

    member(writer, name);
    value_write(writer->out, value);
}

/* The shortest form that reads back as the same number. */
static void number_write(struct out *out, double number)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    out_text(out, text);
}

static void value_write(struct out *out, const struct json *value)
{
    struct writer inner = {out, FORM_SPLINK, true};

    switch (json_kind(value)) {
    case IS_NULL:
        out_text(out, "null");
        return;
    case IS_BOOL:
        out_text(out, json_bool(value, false) ? "true" : "false");
        return;
    case IS_NUMBER:
        number_write(out, json_number(value, 0));
        return;
    case IS_TEXT:
        out_json(out, str_of(json_text(value)));
        return;
    case IS_LIST:
        out_text(out, "[");
        for (size_t i = 0; i < json_count(value); i++) {
            out_text(out, i ? ", " : "");
            value_write(out, json_at(value, i));
        }
        out_text(out, "]");
        return;
    case IS_OBJECT:
        out_text(out, "{");
        json_each(value, &inner, member_write);
        out_text(out, "}");
        return;
    }
}

static void text_member(struct writer *writer, enum entry name, const char *text)
{
    member(writer, names[name][writer->form]);
    out_json(writer->out, str_of(text));
}

static void number_member(struct writer *writer, enum entry name, double number)
{
    member(writer, names[name][writer->form]);
    number_write(writer->out, number);
}

static void bool_member(struct writer *writer, enum entry name, bool value)
{
    member(writer, names[name][writer->form]);
    out_text(writer->out, value ? "true" : "false");
}

static void rung_write(struct writer *writer, const struct rung *rung)
{
    out_text(writer->out, "\n        {");
    writer->first = true;
    text_member(writer, NAME_CONDITION, rung->condition);
    text_member(writer, NAME_LABEL, rung->label);
    if (rung->has_m)
        number_member(writer, NAME_M, rung->m);
    if (rung->has_u)
        number_member(writer, NAME_U, rung->u);
    if (rung->has_fix) {
        bool_member(writer, NAME_FIX_M, rung->fix_m);
        bool_member(writer, NAME_FIX_U, rung->fix_u);
    }
    if (rung->frequency_column)
        text_member(writer, NAME_FREQUENCY, rung->frequency_column);
    if (rung->has_weight)
        number_member(writer, NAME_FREQUENCY_WEIGHT, rung->frequency_weight);
    if (rung->frequency_least > 0)
        number_member(writer, NAME_FREQUENCY_LEAST, rung->frequency_least);
    if (rung->own_u)
        bool_member(writer, NAME_OWN_U, true);
    if (rung->missing)
        bool_member(writer, NAME_MISSING, true);
    out_text(writer->out, "}");
}

static void contests_write(struct writer *writer, const struct splink_model *model)
{
    struct out *out = writer->out;

    member(writer, "comparisons");
    out_text(out, "[");
    for (size_t c = 0; c < model->contest_count; c++) {
        const struct contest *contest = &model->contests[c];

        out_text(out, c ? ",\n    {" : "\n    {");
        writer->first = true;
        text_member(writer, NAME_COMPARISON, contest->name);
        if (contest->about)
            text_member(writer, NAME_ABOUT, contest->about);
        member(writer, names[NAME_LEVELS][writer->form]);
        out_text(out, "[");
        for (size_t i = 0; i < contest->count; i++) {
            out_text(out, i ? "," : "");
            rung_write(writer, &contest->rungs[i]);
        }
        out_text(out, "]}");
    }
    out_text(out, "]");
    writer->first = false;
}

/* Settings of Splink that say nothing about a pair's score, as they were. */
static void rest_visit(void *context, const char *name, const struct json *value)
{
    if (strcmp(name, "comparisons") != 0 && strcmp(name, names[NAME_PRIOR][0]) != 0)
        member_write(context, name, value);
}

void splink_write(const struct splink_model *model, struct out *out)
{
    struct writer writer = {out, FORM_OURS, true}, rest = {out, FORM_OURS, true};

    out_text(out, "{");
    member(&writer, "kind");
    out_text(out, "\"columns\"");
    member(&writer, "version");
    out_text(out, "1");
    number_member(&writer, NAME_PRIOR, model->prior);
    out_text(out, ",\n  ");
    writer.first = true;
    contests_write(&writer, model);
    out_text(out, ",\n  \"splink\": {");
    if (json_kind(rest_of(model)) == IS_OBJECT)
        json_each(rest_of(model), &rest, rest_visit);
    out_text(out, "}}\n");
}

void splink_export(const struct splink_model *model, struct out *out)
{
    struct writer writer = {out, FORM_SPLINK, true};

    out_text(out, "{");
    if (json_kind(rest_of(model)) == IS_OBJECT)
        json_each(rest_of(model), &writer, rest_visit);
    number_member(&writer, NAME_PRIOR, model->prior);
    out_text(out, ",\n  ");
    writer.first = true;
    contests_write(&writer, model);
    out_text(out, "}\n");
}
