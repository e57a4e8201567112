#include "cli/run.h"

static const struct option options[] = {
    {"workforce",        "FILE", OPTION_TEXT,        true,  NULL, NULL,
     "the people to screen: CSV or JSON lines, also .gz or .zst, - for standard input"},
    {"intelligence",     "FILE", OPTION_LIST,        true,  NULL, NULL,
     "the records to screen against, one file or more, read once in this order"       },
    {"map-workforce",    "FILE", OPTION_TEXT,        false, NULL, NULL,
     "which column of the workforce file means what (JSON)"                           },
    {"map-intelligence", "FILE", OPTION_TEXT,        false, NULL, NULL,
     "which column of the intelligence files means what (JSON)"                       },
    {"threshold",        "P",    OPTION_PROBABILITY, false, NULL, NULL,
     "least probability of a hit; the model's for review if left out"                 },
    RUN_OPTIONS,
};

static bool wash_run(const struct arguments *arguments, int *status, struct err *err)
{
    struct run_settings settings = {
        .left_path = argument_text(arguments, "workforce"),
        .left_map = argument_text(arguments, "map-workforce"),
        .right_map = argument_text(arguments, "map-intelligence"),
        .wash = true,
    };

    settings.right_paths =
        argument_list(arguments, "intelligence", &settings.right_count);
    return run_settings_read(arguments, &settings, err) &&
           run_and_report(arguments, &settings, status, err);
}

const struct command command_wash = {
    .name = "wash",
    .summary = "Screens a whole workforce against intelligence records",
    .text =
        "Compares every person of the workforce with every person mentioned in the "
        "intelligence files, in one pass, and writes each pair that could be the "
        "same person: ids, probability, score and the evidence of every comparison. "
        "Nothing is lost to a shortcut: the pairs are exactly those that a "
        "comparison of all with all would find.\n\n"
        "Hits are leads for a person to rule on. They are not findings, and nothing "
        "may follow from a score alone. Rows that cannot be used go to "
        "OUT.rejected.csv, and the exit status is then 1. A wash that was stopped "
        "goes on with --resume and gives the same bytes.",
    .example = "candour wash --workforce hr.csv --intelligence records-*.csv.gz --out "
               "hits.csv --report report.html",
    .options = options,
    .option_count = COUNT(options),
    .run = wash_run,
};
