#include "cli/columns.h"

static const struct option options[] = {
    {"map-left",   "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "which column of LEFT means what (JSON)" },
    {"map-right",  "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "which column of RIGHT means what (JSON)"},
    {"threshold",  "P",    OPTION_PROBABILITY, false, "0.5", NULL,
     "least probability of a pair"            },
    {"clerical",   "P",    OPTION_PROBABILITY, false, NULL,  NULL,
     "also write pairs down to this lower probability to OUT.clerical.csv, for a "
     "person "
     "to look at"                             },
    {"one-to-one", NULL,   OPTION_FLAG,        false, NULL,  NULL,
     "keep only pairs that are the best of both their records, where a person is at "
     "most once "
     "in each file"                           },
    RUN_OPTIONS,
};

static bool link_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *right = argument_operand(arguments, 1);
    struct run_settings settings = {
        .left_path = argument_operand(arguments, 0),
        .left_map = argument_text(arguments, "map-left"),
        .right_paths = &right,
        .right_count = 1,
        .right_map = argument_text(arguments, "map-right"),
        .clerical = argument_probability(arguments, "clerical"),
        .one_to_one = argument_flag(arguments, "one-to-one"),
    };

    if (!run_settings_read(arguments, &settings, err))
        return false;
    if (settings.clerical >= settings.probability)
        return err_set(err, ERR_USAGE,
                       "--clerical must be below --threshold: it asks for more pairs");
    return columns_or_people(arguments, &settings, status, err);
}

const struct command command_link = {
    .name = "link",
    .summary = "Finds the people that two files have in common",
    .text =
        "The engine of the wash over any two files of people. LEFT is held in "
        "memory, RIGHT streams past it, so give the smaller file first. Pairs between "
        "--clerical and --threshold go to a file of their own.",
    .example = "candour link census.csv survey.csv --map-left census.json --out "
               "pairs.csv --threshold 0.9",
    .operands = {{"LEFT", true, "a file of people, - for standard input"},
                 {"RIGHT", true, "another file of people"}},
    .options = options,
    .option_count = COUNT(options),
    .run = link_run,
};
