/* candour train: the numbers of a model, from the data it is for. */
#include "cli/train.h"
#include "cli/columns.h"
#include "screen/screen.h"

#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
    {"map-left",      "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "which column of LEFT means what (JSON)"                                        },
    {"map-right",     "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "which column of RIGHT means what (JSON)"                                       },
    {"map",           "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "which column of the one file means what (JSON)"                                },
    {"out",           "FILE", OPTION_TEXT,        false, "-",      NULL,
     "where the model goes (JSON); - for standard output"                            },
    {"report",        "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "also write a page to read (HTML)"                                              },
    {"truth",         "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "true pairs (left_id, right_id): learn from these instead of without labels"    },
    {"model",         "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "model to start from, and to lean on where data are thin; the built-in one if "
     "left out"                                                                      },
    {"threshold",     "P",    OPTION_PROBABILITY, false, "0.001",  NULL,
     "least probability of the pairs that are looked at"                             },
    {"most",          "N",    OPTION_NUMBER,      false, "100000", NULL,
     "of more mentions than this on the right, take evenly spread ones"              },
    {"seed",          "N",    OPTION_NUMBER,      false, "0",      NULL,
     "start the estimation elsewhere; the result should be the same"                 },
    {"import-splink", "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "take over a model that Splink trained (its settings, JSON) instead of training"},
    {"export-splink", "FILE", OPTION_TEXT,        false, NULL,     NULL,
     "also write the model as Splink settings; without LEFT, the one of --model"     },
    {"people",        "N",    OPTION_NUMBER,      false, "10000",  NULL,
     "with --export-splink and without LEFT: people on the left, for the prior"      },
    {"threads",       "N",    OPTION_NUMBER,      false, NULL,     NULL,
     "threads to use; all processors if left out"                                    },
};

struct lesson { /* all that one run of the command holds */
    struct train_crowd left, right;
    struct true_pair *truth;
    size_t truth_count;
    uint64_t truth_unknown;
    struct model *start;
    struct training *training;
    struct shown shown;
    unsigned threads;
    bool one_file;
};

static void told(void *context, const char *step, uint64_t done, uint64_t all)
{
    struct lesson *lesson = context;

    if (all)
        shown_share(&lesson->shown, step, done, all);
}

/* ---- reading ---------------------------------------------------------------------------- */

static bool check_maps(const struct arguments *arguments, bool one_file,
                       struct err *err)
{
    if (one_file &&
        (argument_text(arguments, "map-left") || argument_text(arguments, "map-right")))
        return err_set(err, ERR_USAGE,
                       "one file takes --map, not --map-left or --map-right");
    if (!one_file && argument_text(arguments, "map"))
        return err_set(err, ERR_USAGE,
                       "two files take --map-left and --map-right, not --map");
    return true;
}

static bool check_numbers(const struct arguments *arguments, struct lesson *lesson,
                          struct err *err)
{
    uint64_t threads = argument_number(arguments, "threads");

    if (threads > THREADS_MAX)
        return err_set(err, ERR_USAGE, "--threads: want at most %d", THREADS_MAX);
    if (argument_number(arguments, "seed") > UINT32_MAX)
        return err_set(err, ERR_USAGE, "--seed: want at most 4294967295");
    if (argument_number(arguments, "most") < 100)
        return err_set(err, ERR_USAGE, "--most: want at least 100");
    lesson->threads = threads ? (unsigned)threads : threads_available();
    return true;
}

static bool read_people(const struct arguments *arguments, struct lesson *lesson,
                        struct err *err)
{
    const char *left = argument_operand(arguments, 0);
    const char *right = argument_operand(arguments, 1);
    bool labelled = argument_text(arguments, "truth") != NULL;
    size_t most = labelled ? 0 : argument_number(arguments, "most");

    if (lesson->one_file)
        return train_crowd_read(left, argument_text(arguments, "map"), 0,
                                lesson->threads, &lesson->left, err);
    if (strcmp(left, "-") == 0 && strcmp(right, "-") == 0)
        return err_set(err, ERR_USAGE, "standard input (-) can be one file only");
    return train_crowd_read(left, argument_text(arguments, "map-left"), 0,
                            lesson->threads, &lesson->left, err) &&
           train_crowd_read(right, argument_text(arguments, "map-right"), most,
                            lesson->threads, &lesson->right, err);
}

static bool read_truth(const struct arguments *arguments, struct lesson *lesson,
                       struct err *err)
{
    const char *path = argument_text(arguments, "truth");
    const struct train_crowd *right = lesson->one_file ? &lesson->left : &lesson->right;

    return !path || truth_read(path, &lesson->left, right, &lesson->truth,
                               &lesson->truth_count, &lesson->truth_unknown, err);
}

static bool read_start(const struct arguments *arguments, struct lesson *lesson,
                       struct err *err)
{
    const char *path = argument_text(arguments, "model");

    return path ? model_read(path, &lesson->start, err)
                : model_default(&lesson->start, err);
}

/* Columns that the maps want compared become comparisons of the start. */
static bool compare_others(struct lesson *lesson, struct err *err)
{
    const struct train_crowd *left = &lesson->left,
                             *right = lesson->one_file ? left : &lesson->right;
    bool same = left->other_count == right->other_count;

    for (size_t i = 0; i < left->other_count && same; i++)
        same = strcmp(left->other[i].name, right->other[i].name) == 0 &&
               left->other[i].kind == right->other[i].kind;
    if (!same)
        return err_set(err, ERR_INPUT,
                       "the maps of the two sides do not name the same columns under "
                       "\"compare\": name each in both, of one kind");
    return model_compare(lesson->start, left->other, left->other_count, err);
}

/* ---- writing ------------------------------------------------------------------------------ */

/* Outputs that would be lost after minutes of work are refused before. */
static bool check_outputs(const struct arguments *arguments, struct err *err)
{
    const char *report = argument_text(arguments, "report");
    const char *export = argument_text(arguments, "export-splink");
    struct out *out;

    if (export && (strcmp(export, argument_text(arguments, "out")) == 0 ||
                   (report && strcmp(export, report) == 0)))
        return err_set(err, ERR_USAGE,
                       "the exported model, the model and the report need a file each");
    if (!report)
        return true;
    if (strcmp(report, argument_text(arguments, "out")) == 0)
        return err_set(err, ERR_USAGE, "the report and the model need a file each");
    if (!out_open(report, &out, err))
        return false;
    out_abandon(out); /* it can be written: that was the question */
    return true;
}

static bool write_report(const char *path, const struct training *training,
                         struct err *err)
{
    return !path || training_report_write(path, training, err);
}

static bool write_model(const char *path, const struct training *training,
                        struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    out_bytes(out, training->text, training->text_size);
    return out_commit(out, err);
}

static bool write_exported(const struct arguments *arguments,
                           const struct lesson *lesson, struct err *err)
{
    const char *path = argument_text(arguments, "export-splink");
    struct people_export export = {lesson->training->model, lesson->left.count,
                                   lesson->one_file};

    return !path ||
           columns_export_people(path, &export, argument_flag(arguments, "quiet"), err);
}

/* What a person should know before the model is used. */
static bool warn(const struct lesson *lesson)
{
    const struct training *training = lesson->training;
    bool said = false;

    if (!training->converged) {
        const struct train_round *last = &training->round[training->rounds - 1];

        fprintf(
            stderr,
            "candour: the training did not settle: after %u rounds the score "
            "of a true pair still moves by %.3f bits. The model is written and can be "
            "used with care; a "
            "higher --threshold or --truth with labelled pairs usually settles it.\n",
            training->rounds, last->moved);
        said = true;
    }
    if (lesson->truth_unknown) {
        fprintf(stderr,
                "candour: %llu true pairs name an id that is in neither file, and were "
                "left out\n",
                (unsigned long long)lesson->truth_unknown);
        said = true;
    }
    if (training->share >= 0.999)
        fprintf(stderr, "candour: there is about one true pair for every mention or "
                        "more; the model holds a share of 0.999, the most it can\n");
    return said;
}

static bool show(const struct arguments *arguments, const struct lesson *lesson,
                 struct err *err)
{
    FILE *to = result_open(strcmp(argument_text(arguments, "out"), "-") == 0);

    if (argument_flag(arguments, "json"))
        training_json(lesson->training, to);
    else if (!argument_flag(arguments, "quiet"))
        training_text(lesson->training, &lesson->left,
                      lesson->one_file ? NULL : &lesson->right, to);
    return result_close(to, err);
}

/* ---- the command ----------------------------------------------------------------------------- */

static bool learn(const struct arguments *arguments, struct lesson *lesson,
                  struct err *err)
{
    const struct train_crowd *right = lesson->one_file ? &lesson->left : &lesson->right;
    struct train_settings settings = {
        .start = lesson->start,
        .probability = argument_probability(arguments, "threshold"),
        .seed = (uint32_t)argument_number(arguments, "seed"),
        .one_file = lesson->one_file,
        .threads = lesson->threads,
        .context = lesson,
        .told = told,
    };
    struct train_people people = {
        .left = lesson->left.people,
        .left_count = lesson->left.count,
        .right = right->people,
        .right_count = right->count,
        .truth = lesson->truth,
        .truth_count = lesson->truth_count,
    };

    shown_open(&lesson->shown, argument_flag(arguments, "quiet"));

    bool ok = train(&settings, &people, &lesson->training, err);

    shown_close(&lesson->shown);
    return ok;
}

static bool train_run(const struct arguments *arguments, int *status, struct err *err)
{
    if (!argument_operand(arguments, 0))
        return columns_exchange(arguments, status, err);
    if (argument_text(arguments, "import-splink"))
        return err_set(
            err, ERR_USAGE,
            "--import-splink takes a model over and learns nothing: leave LEFT "
            "and RIGHT away");

    struct lesson *lesson = memory_new(1, sizeof(*lesson));

    lesson->one_file = !argument_operand(arguments, 1);

    bool ok = check_maps(arguments, lesson->one_file, err) &&
              check_numbers(arguments, lesson, err) && check_outputs(arguments, err) &&
              read_start(arguments, lesson, err) &&
              read_people(arguments, lesson, err) && compare_others(lesson, err) &&
              read_truth(arguments, lesson, err) && learn(arguments, lesson, err) &&
              write_model(argument_text(arguments, "out"), lesson->training, err) &&
              write_report(argument_text(arguments, "report"), lesson->training, err) &&
              write_exported(arguments, lesson, err);

    if (ok) {
        *status = warn(lesson) || lesson->left.set_aside || lesson->right.set_aside;
        ok = show(arguments, lesson, err);
    }
    training_free(lesson->training);
    model_free(lesson->start);
    free(lesson->truth);
    train_crowd_free(&lesson->right);
    train_crowd_free(&lesson->left);
    free(lesson);
    return ok;
}

const struct command command_train = {
    .name = "train",
    .summary = "Learns the numbers of a model from the data it is for",
    .text =
        "How often each field agrees between records of one person (m), how often by "
        "chance (u), and how many mentions concern anybody (the prior), without "
        "labels, from the pairs that the engine finds. One file teaches a model for "
        "duplicates within it. Where the data say too little, the numbers of the "
        "model it starts from stay. The same files give the same model, byte for byte. "
        "Exit status 1 says that the training did not settle, or that rows were not "
        "usable.\n\n"
        "--import-splink takes over a model that Splink trained instead: link, dedupe "
        "and "
        "explain then score by its conditions over the columns of the files, as Splink "
        "does. --export-splink writes a model as Splink settings; what these cannot "
        "say "
        "is named.",
    .example = "candour train census.csv survey.csv --map-left census.json --out "
               "model.json",
    .operands = {{"LEFT", false, "a file of people; needed to learn"},
                 {"RIGHT", false, "another; left out, LEFT is trained for itself"}},
    .options = options,
    .option_count = COUNT(options),
    .run = train_run,
};
