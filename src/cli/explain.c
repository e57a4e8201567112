/*
 * candour explain: the evidence of one pair. Either taken from a file of pairs, as it
 * was written, or worked out anew from two people given as JSON.
 */
#include "cli/columns.h"
#include "feed/feed.h"
#include "match/match.h"
#include "screen/screen.h"

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
    struct evidence evidence[COMPARISON_COUNT];
};

/* ---- from a file of pairs --------------------------------------------------------------- */

enum {
    LEFT_ID,
    RIGHT_ID,
    SCORE,
    FIRST_LEVEL,
    FIRST_BITS = FIRST_LEVEL + COMPARISON_COUNT,
    COLUMNS = FIRST_BITS + COMPARISON_COUNT,
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
    for (int i = 0; i < COMPARISON_COUNT; i++) {
        struct evidence *evidence = &explained->evidence[i];
        enum comparison comparison = (enum comparison)i;

        if (!bits_read(values[FIRST_BITS + i], &evidence->bits))
            return err_set(err, ERR_INPUT, "%s_bits: want a number of bits",
                           comparison_name(comparison));
        if (!level_named(model, comparison, str_trim(values[FIRST_LEVEL + i]),
                         &evidence->level))
            return err_set(err, ERR_INPUT,
                           "%s_level is no level of the model %s; give the model that "
                           "scored these pairs with --model",
                           comparison_name(comparison), model_name(model));
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

static bool explain_row(const char *path, const char *left, const char *right,
                        const struct model *model, struct explained *explained,
                        struct err *err)
{
    char names[2 * COMPARISON_COUNT][NAME_SIZE];
    struct sheet_column columns[COLUMNS] = {
        [LEFT_ID] = {"left_id|person_id",  false},
        [RIGHT_ID] = {"right_id|record_id", false},
        [SCORE] = {"score_bits",         false},
    };
    struct str values[COLUMNS];
    struct sheet *sheet;

    for (int i = 0; i < COMPARISON_COUNT; i++) {
        const char *name = comparison_name((enum comparison)i);

        snprintf(names[i], NAME_SIZE, "%s_level", name);
        snprintf(names[COMPARISON_COUNT + i], NAME_SIZE, "%s_bits", name);
        columns[FIRST_LEVEL + i].names = names[i];
        columns[FIRST_BITS + i].names = names[COMPARISON_COUNT + i];
    }
    if (!sheet_open(path, columns, COLUMNS, &sheet, err))
        return false;

    bool ok = row_find(sheet, str_of(left), str_of(right), values, err) &&
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
    struct index_settings settings = {model, share, 500000, 1};
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
    memcpy(explained->evidence, hit.evidence, sizeof(hit.evidence));
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
        "that counted names in its own files.",
    .example = "candour explain --pairs hits.csv P0001 R0000042",
    .operands = {{"LEFT_ID", false, "id on the left (person_id)"},
                 {"RIGHT_ID", false, "id on the right (record_id)"}},
    .options = options,
    .option_count = COUNT(options),
    .run = explain_run,
};
