/*
 * candour explain: the evidence of one pair. Either taken from a file of pairs, as it
 * was written, or worked out anew from two people given as JSON.
 */
#include "cli/columns.h"
#include "feed/feed.h"
#include "match/match.h"
#include "screen/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
    {"pairs",  "FILE", OPTION_TEXT,        false, NULL, NULL,
     "what link or wash wrote; with LEFT_ID and RIGHT_ID"                         },
    {"left",   "JSON", OPTION_TEXT,        false, NULL, NULL,
     "one person: {\"surname\": \"Okafor\", \"date_of_birth\": \"1984-03-12\"}"   },
    {"right",  "JSON", OPTION_TEXT,        false, NULL, NULL, "the other person"  },
    {"people", "N",    OPTION_NUMBER,      false, "1",  NULL,
     "with --left: how many people the workforce has; more people, lower prior"   },
    {"share",  "P",    OPTION_PROBABILITY, false, NULL, NULL,
     "with --left: share of mentions thought to concern the workforce"            },
    {"model",  "FILE", OPTION_TEXT,        false, NULL, NULL,
     "the model that scored the pair (JSON); the built-in one if left out"        },
    {"svg",    NULL,   OPTION_FLAG,        false, NULL, NULL, "as a picture (SVG)"},
    {"out",    "FILE", OPTION_TEXT,        false, "-",  NULL, "where it goes"     },
};

struct explained {
    int32_t prior, score;
    struct evidence evidence[COMPARISONS_MAX];
};

/* ---- from a file of pairs --------------------------------------------------------------- */

enum {
    LEFT_ID,
    RIGHT_ID,
    SCORE,
    FIRST, /* from here on level and bits of each comparison, in turns */
    COLUMNS = FIRST + 2 * COMPARISON_COUNT,
    NAME_SIZE = 64,
};

static bool bits_read(struct str written, int32_t *bits)
{
    double value;

    if (!str_number(written, &value) || !(value > -10000 && value < 10000))
        return false;
    value *= BITS_ONE;
    *bits = (int32_t)(value < 0 ? value - 0.5 : value + 0.5);
    return true;
}

static bool level_named(const struct model *model, enum comparison comparison,
                        struct str name, uint8_t *level)
{
    size_t count = model_level_count(model, comparison);

    for (unsigned i = 0; i < count; i++) {
        if (!str_same(str_of(model_level(model, comparison, i)->name), name))
            continue;
        *level = (uint8_t)i;
        return true;
    }
    return false;
}

static bool row_explain(const struct model *model, const struct str values[],
                        struct explained *explained, struct err *err)
{
    if (!bits_read(values[SCORE], &explained->score))
        return err_set(err, ERR_INPUT, "score_bits: want a number of bits");
    explained->prior = explained->score;
    for (unsigned i = 0; i < model_comparisons(model); i++) {
        struct evidence *evidence = &explained->evidence[i];
        enum comparison comparison = (enum comparison)i;
        const struct str *value = &values[FIRST + 2 * i];

        if (!bits_read(value[1], &evidence->bits))
            return err_set(err, ERR_INPUT, "%s_bits: want a number of bits",
                           model_comparison_name(model, comparison));
        if (!level_named(model, comparison, str_trim(value[0]), &evidence->level))
            return err_set(err, ERR_INPUT,
                           "%s_level is no level of the model %s; give the model that "
                           "scored these pairs with --model",
                           model_comparison_name(model, comparison), model_name(model));
        explained->prior -= evidence->bits;
    }
    return true;
}

static bool row_find(struct sheet *sheet, struct str left, struct str right,
                     struct str values[], struct err *err)
{
    bool more;

    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return err_set(err, ERR_NOT_FOUND,
                           "no such pair; it may be below the threshold of that run");
        if (str_same(str_trim(values[LEFT_ID]), left) &&
            str_same(str_trim(values[RIGHT_ID]), right))
            return true;
    }
    return false;
}

/*
 * Other columns that the run compared: headings `<name>_level` and `<name>_bits` behind
 * one another, of no built-in comparison. Their kinds stay open.
 */
static size_t others_want(struct sheet *sheet, struct other others[OTHERS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i + 1 < sheet_headings(sheet) && count < OTHERS_MAX; i++) {
        char bits[OTHER_NAME_MAX + sizeof("_bits")];
        struct other *other = &others[count];
        struct str level = str_of(sheet_heading(sheet, i)), end = STR("_level");
        size_t len = level.len > end.len ? level.len - end.len : 0;

        if (len == 0 || len > OTHER_NAME_MAX || strcmp(level.at + len, end.at) != 0)
            continue;
        *other = (struct other){.kind = OTHER_TEXT};
        memcpy(other->name, level.at, len);
        snprintf(bits, sizeof(bits), "%s_bits", other->name);
        if (strcmp(sheet_heading(sheet, i + 1), bits) == 0 &&
            other_name_good(other->name) && !comparison_named(other->name))
            count += sheet_want(sheet, i) && sheet_want(sheet, i + 1);
    }
    return count;
}

/* The kinds that the levels in the row are of, and a model that compares these columns. */
static bool others_compare(struct model *model, struct other others[], size_t count,
                           const struct str values[], struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!model_other_kind(model, others[i].name,
                              str_trim(values[FIRST + 2 * (COMPARISON_COUNT + i)]),
                              &others[i].kind))
            return err_set(err, ERR_INPUT,
                           "%s_level is no level of an other column; is this a file "
                           "that link or wash wrote?",
                           others[i].name);
    return model_compare(model, others, count, err);
}

static bool explain_row(const char *path, const char *left, const char *right,
                        struct model *model, struct explained *explained,
                        struct err *err)
{
    char names[2 * COMPARISON_COUNT][NAME_SIZE];
    struct sheet_column columns[COLUMNS] = {
        [LEFT_ID] = {"left_id|person_id",  false},
        [RIGHT_ID] = {"right_id|record_id", false},
        [SCORE] = {"score_bits",         false},
    };
    struct str values[COLUMNS + 2 * OTHERS_MAX];
    struct other others[OTHERS_MAX];
    struct sheet *sheet;

    for (int i = 0; i < COMPARISON_COUNT; i++) {
        const char *name = comparison_name((enum comparison)i);

        snprintf(names[2 * i], NAME_SIZE, "%s_level", name);
        snprintf(names[2 * i + 1], NAME_SIZE, "%s_bits", name);
        columns[FIRST + 2 * i].names = names[2 * i];
        columns[FIRST + 2 * i + 1].names = names[2 * i + 1];
    }
    if (!sheet_open(path, columns, COLUMNS, &sheet, err))
        return false;

    size_t count = others_want(sheet, others);
    bool ok = row_find(sheet, str_of(left), str_of(right), values, err) &&
              others_compare(model, others, count, values, err) &&
              row_explain(model, values, explained, err);

    sheet_close(sheet);
    return ok || err_in(err, "%s", path);
}

/* ---- from two people ------------------------------------------------------------------------ */

static bool index_one(const struct index_settings *settings, const struct person *left,
                      struct index **result, struct err *err)
{
    struct index *index;

    if (!index_new(settings, &index, err))
        return false;
    if (index_add(index, left, err) && index_build(index, err)) {
        *result = index;
        return true;
    }
    index_free(index);
    return false;
}

static bool people_score(const struct arguments *arguments, const struct model *model,
                         const struct person *left, const struct person *right,
                         struct explained *explained, struct err *err)
{
    uint32_t share = argument_probability(arguments, "share");
    uint64_t people = argument_number(arguments, "people");
    struct index_settings settings = {
        .model = model, .share = share, .probability = 500000, .threads = 1};
    struct index *index;
    struct hit hit;

    if (people == 0)
        return err_set(err, ERR_USAGE, "--people: want at least 1");
    if (!index_one(&settings, left, &index, err))
        return false;

    struct matcher *matcher = matcher_new(index);

    matcher_score(matcher, 0, right, &hit);
    explained->prior = model_prior(model, share, people);
    explained->score = hit.score - index_prior(index) + explained->prior;
    memcpy(explained->evidence, hit.evidence,
           COMPARISON_COUNT * sizeof(hit.evidence[0]));
    matcher_free(matcher);
    index_free(index);
    return true;
}

static bool explain_people(const struct arguments *arguments, const struct model *model,
                           struct explained *explained, struct err *err)
{
    const char *left_text = argument_text(arguments, "left");
    const char *right_text = argument_text(arguments, "right");
    struct arena *arena = arena_new();
    struct person left, right;
    bool ok = true;

    if (!feed_person_json(str_of(left_text), arena, &left, err))
        ok = err_in(err, "--left");
    if (ok && !feed_person_json(str_of(right_text), arena, &right, err))
        ok = err_in(err, "--right");
    ok = ok && people_score(arguments, model, &left, &right, explained, err);
    arena_free(arena);
    return ok;
}

/* ---- the command --------------------------------------------------------------------------------- */

static bool explained_write(const struct arguments *arguments,
                            const struct waterfall *waterfall, struct err *err)
{
    struct out *out;

    if (!out_open(argument_text(arguments, "out"), &out, err))
        return false;
    if (argument_flag(arguments, "svg"))
        waterfall_svg(waterfall, out);
    else if (argument_flag(arguments, "json"))
        waterfall_json(waterfall, out);
    else
        waterfall_text(waterfall, out);
    return out_commit(out, err);
}

/* Which of the two ways was asked for; false and a line if neither or both. */
static bool way_check(const struct arguments *arguments, struct err *err)
{
    bool pairs = argument_text(arguments, "pairs") != NULL;
    bool left = argument_text(arguments, "left") != NULL;
    bool right = argument_text(arguments, "right") != NULL;
    bool ids = argument_operand(arguments, 1) != NULL;

    if (argument_flag(arguments, "svg") && argument_flag(arguments, "json"))
        return err_set(err, ERR_USAGE, "--svg and --json: leave one out");
    if (pairs && !left && !right)
        return ids ||
               err_set(err, ERR_USAGE, "--pairs: want LEFT_ID and RIGHT_ID after it");
    if (!pairs && left && right && !argument_operand(arguments, 0))
        return true;
    return err_set(err, ERR_USAGE,
                   "want either --pairs FILE LEFT_ID RIGHT_ID, or --left JSON --right "
                   "JSON; see candour explain --help");
}

static bool explain_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *model_path = argument_text(arguments, "model");
    const char *pairs = argument_text(arguments, "pairs");
    struct explained explained = {0};
    struct splink_model *columns;
    struct model *model;

    *status = 0;
    if (!way_check(arguments, err) || !columns_model(arguments, &columns, err))
        return false;
    if (columns) {
        bool told = columns_explain(arguments, columns, err);

        splink_free(columns);
        return told;
    }
    if (!(model_path ? model_read(model_path, &model, err)
                     : model_default(&model, err)))
        return false;

    bool ok = pairs
                  ? explain_row(pairs, argument_operand(arguments, 0),
                                argument_operand(arguments, 1), model, &explained, err)
                  : explain_people(arguments, model, &explained, err);
    struct waterfall waterfall = {model, explained.prior, explained.score,
                                  explained.evidence};

    ok = ok && explained_write(arguments, &waterfall, err);
    model_free(model);
    return ok;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "Says why two people are thought to be the same, or not",
    .text =
        "Takes a score apart: the prior, then the bits that each comparison adds or "
        "takes away, then the sum and its probability.\n\n"
        "With --pairs the evidence is that of the run which wrote the file. With "
        "--left and --right it is worked out anew: the frequencies of names are "
        "then those of the model, so bits can differ a little from those of a run "
        "that counted names in its own files; columns that a map names beside the "
        "fields are then left out.",
    .example = "candour explain --pairs hits.csv P0001 R0000042",
    .operands = {{"LEFT_ID", false, "id on the left (person_id)"},
                 {"RIGHT_ID", false, "id on the right (record_id)"}},
    .options = options,
    .option_count = COUNT(options),
    .run = explain_run,
};
