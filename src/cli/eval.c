/*
 * candour eval: pairs against truth. Reads the files and leaves the counting to
 * match/eval.c.
 */
#include "cli/eval.h"
#include "cli/review.h"
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

static const struct option options[] = {
    {"pairs",         "FILE",        OPTION_TEXT,        false, NULL,  NULL,
     "what link or wash wrote: left_id or person_id, right_id or record_id, "
     "probability"                                                          },
    {"truth",         "FILE",        OPTION_TEXT,        false, NULL,  NULL,
     "all true pairs: left_id, right_id; other columns are not read"        },
    {"by",            "FILE:COLUMN", OPTION_TEXT,        false, NULL,  NULL,
     "also by group: FILE gives COLUMN for each left_id (or person_id), else right_id "
     "(or record_id), else for the left ids in its first column"            },
    {"threshold",     "P",           OPTION_PROBABILITY, false, "0.5", NULL,
     "the threshold at which groups are compared"                           },
    {"least",         "N",           OPTION_NUMBER,      false, "100", NULL,
     "groups with fewer true pairs do not count for the gap"                },
    {"least-people",  "N",           OPTION_NUMBER,      false, "100", NULL,
     "groups with fewer members do not count for the ratio of false hits"   },
    {"people",        "N",           OPTION_NUMBER,      false, NULL,  NULL,
     "how many people were screened, for alerts per 1,000; with --by, those of its "
     "file "
     "if left out"                                                          },
    {"report",        "FILE",        OPTION_TEXT,        false, NULL,  NULL,
     "also write a page to read (HTML), with pictures"                      },
    {"sample-review", "N",           OPTION_NUMBER,      false, NULL,  NULL,
     "instead: draw N of --pairs for people to judge, most near --threshold"},
    {"seed",          "S",           OPTION_NUMBER,      false, "1",   NULL,
     "with --sample-review: another number, another sample"                 },
    {"out",           "FILE",        OPTION_TEXT,        false, "-",   NULL,
     "with --sample-review: where the sample goes; - for standard output"   },
    {"review",        "FILE",        OPTION_TEXT,        false, NULL,  NULL,
     "instead: what a judged sample shows of all pairs; its column same holds yes, no "
     "or "
     "nothing"                                                              },
};

static const uint32_t thresholds[EVAL_THRESHOLDS] = {
    10000,  50000,  100000, 200000, 300000, 500000,
    700000, 800000, 900000, 950000, 990000, 999000,
};

const uint32_t eval_precisions[EVAL_PRECISIONS] = {950000, 990000, 999000};

/* ---- reading ------------------------------------------------------------------------- */

struct reading {
    struct tally *tally;
    const struct grouping *groups;
    uint64_t rows;
};

enum { LEFT_ID, RIGHT_ID, PROBABILITY, PAIR_COLUMNS };

typedef bool row_use(struct reading *reading, const struct str values[],
                     struct err *err);

static bool truth_use(struct reading *reading, const struct str values[],
                      struct err *err)
{
    struct str left = str_trim(values[LEFT_ID]), right = str_trim(values[RIGHT_ID]);

    (void)err;
    tally_truth(reading->tally, left, right, grouping_of(reading->groups, left, right));
    return true;
}

static bool pair_use(struct reading *reading, const struct str values[],
                     struct err *err)
{
    struct str left = str_trim(values[LEFT_ID]), right = str_trim(values[RIGHT_ID]);
    uint32_t probability;

    if (!share_read(values[PROBABILITY], &probability))
        return err_set(err, ERR_INPUT, "probability: want a number from 0 to 1");
    tally_pair(reading->tally, left, right, grouping_of(reading->groups, left, right),
               probability);
    reading->rows++;
    return true;
}

static bool rows_read(struct sheet *sheet, struct reading *reading, row_use *use,
                      struct err *err)
{
    struct str values[PAIR_COLUMNS];
    bool more;

    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return true;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped");
        if (!use(reading, values, err))
            return err_in(err, "row %llu", (unsigned long long)sheet_row(sheet));
    }
    return false;
}

static bool file_read(const char *path, struct reading *reading, row_use *use,
                      struct err *err)
{
    const struct sheet_column columns[PAIR_COLUMNS] = {
        [LEFT_ID] = {"left_id|person_id",  false           },
        [RIGHT_ID] = {"right_id|record_id", false           },
        [PROBABILITY] = {"probability",        use == truth_use},
    };
    struct sheet *sheet;

    if (!sheet_open(path, columns, PAIR_COLUMNS, &sheet, err))
        return false;

    bool ok = rows_read(sheet, reading, use, err);

    sheet_close(sheet);
    return ok || err_in(err, "%s", path);
}

/* ---- working out ------------------------------------------------------------------------ */

static void whole_work_out(const struct tally *tally, struct eval_result *result)
{
    struct scored *scored;
    size_t count = tally_scored(tally, &scored);
    uint64_t truth = tally_true_pairs(tally);

    result->truth = truth;
    result->found = tally_found_pairs(tally);
    for (size_t i = 0; i < EVAL_THRESHOLDS; i++)
        result->at[i] = quality_at(scored, count, truth, thresholds[i]);
    for (size_t i = 0; i < EVAL_PRECISIONS; i++)
        result->at_precision[i] =
            quality_at_precision(scored, count, truth, eval_precisions[i]);
    result->best = quality_best(scored, count, truth);
    result->half = quality_at(scored, count, truth, MILLION / 2);
    calibrate(scored, count, result->calibration);
    result->reliability = reliability_of(scored, count);
    result->scored = scored;
    result->scored_count = count;
}

double eval_alerts(const struct eval_result *result, const struct quality *quality)
{
    return result->people ? (double)quality->found * 1000 / (double)result->people : 0;
}

static bool result_show(const struct arguments *arguments,
                        const struct eval_result *result, struct err *err)
{
    if (argument_flag(arguments, "json"))
        eval_json(result, stdout);
    else
        eval_text(result, stdout);
    return result_close(stdout, err);
}

/* Whoever the groups are of was screened, if they are of the left. */
static uint64_t people_of(const struct arguments *arguments,
                          const struct grouping *groups)
{
    uint64_t people = argument_number(arguments, "people");

    if (people || !groups || grouping_by_right(groups))
        return people;
    for (size_t i = 0; i < grouping_count(groups); i++)
        people += grouping_members(groups, i);
    return people;
}

static bool eval_files(const struct arguments *arguments, struct reading *reading,
                       struct err *err)
{
    const char *truth = argument_text(arguments, "truth");
    const char *report = argument_text(arguments, "report");

    if (!file_read(truth, reading, truth_use, err))
        return false;
    if (tally_true_pairs(reading->tally) == 0)
        return err_set(err, ERR_INPUT, "%s: holds no pair; recall needs some", truth);
    if (!file_read(argument_text(arguments, "pairs"), reading, pair_use, err))
        return false;

    struct eval_groups groups = {
        .grouping = reading->groups,
        .least = argument_number(arguments, "least"),
        .least_people = argument_number(arguments, "least-people"),
    };
    struct eval_result result = {
        .rows = reading->rows,
        .groups = reading->groups ? &groups : NULL,
        .pairs_path = argument_text(arguments, "pairs"),
        .truth_path = truth,
        .people = people_of(arguments, reading->groups),
    };

    whole_work_out(reading->tally, &result);
    if (reading->groups)
        eval_groups_work_out(&groups, reading->tally,
                             argument_probability(arguments, "threshold"));

    bool ok = (!report || eval_page(&result, report, err)) &&
              result_show(arguments, &result, err);

    free(result.scored);
    eval_groups_free(&groups);
    return ok;
}

static bool eval_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *by = argument_text(arguments, "by");
    struct grouping *groups = NULL;

    const char *pairs = argument_text(arguments, "pairs");
    const char *review = argument_text(arguments, "review");

    *status = 0;
    if (review)
        return review_read(arguments, review, err);
    if (!pairs)
        return err_set(err, ERR_USAGE,
                       "--pairs FILE is missing; see candour eval --help");
    if (argument_number(arguments, "sample-review"))
        return review_draw(arguments, pairs, err);
    if (!argument_text(arguments, "truth"))
        return err_set(err, ERR_USAGE,
                       "--truth FILE is missing; see candour eval --help");
    if (by && !grouping_read(by, &groups, err))
        return false;

    struct reading reading = {.tally = tally_new(), .groups = groups};

    if (groups)
        tally_judged(reading.tally);

    bool ok = eval_files(arguments, &reading, err);

    tally_free(reading.tally);
    grouping_free(groups);
    return ok;
}

const struct command command_eval = {
    .name = "eval",
    .summary = "Says how well pairs agree with a truth that is known",
    .text =
        "Precision, recall and F1 over a table of thresholds, the threshold of the "
        "best F1, the recall that a wanted precision allows, and whether "
        "probabilities mean what they say. A pair written twice counts once, with "
        "its highest probability.\n\n"
        "With --by, recall and precision of each group and the gap between the best "
        "and the worst served: a screening that finds one naming culture less often "
        "than another is not fair, and nobody sees it without this table. Records of "
        "one "
        "person are found or lost together, so errors are by person, and the gap is "
        "given beside that which chance would show. False hits are counted per 1,000 "
        "people of the group.\n\n"
        "Where no truth is known, --sample-review draws pairs for people to judge, "
        "most of them near the threshold and without their scores, and --review reads "
        "the judged file back: each stratum then counts by its size.",
    .example = "candour eval --pairs hits.csv --truth sample/truth.csv --by "
               "sample/groups.csv:culture",
    .options = options,
    .option_count = COUNT(options),
    .run = eval_run,
};
