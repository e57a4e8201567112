/*
 * cli: what the program understands, as tables.
 *
 * Every command is one struct command in one file. The parser, `--help`, the man page,
 * the shell completion and docs/commands.md all read these tables and nothing else.
 * Inner header: no other room includes it.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/base.h"

#include <stdio.h>

/* ---- the tables ------------------------------------------------------------------- */

enum option_kind {
    OPTION_FLAG,        /* given or not */
    OPTION_TEXT,        /* a file name or other text */
    OPTION_NUMBER,      /* a whole number */
    OPTION_PROBABILITY, /* 0.000001 to 0.999999, kept in millionths */
    OPTION_LIST,        /* one or more values, up to the next option; may be repeated */
};

struct option {
    const char *name;     /* "map-left", without dashes */
    const char *argument; /* "FILE" in help; NULL for a flag */
    enum option_kind kind;
    bool required;
    const char *fallback; /* value when nothing sets it, or NULL */
    const char *choices;  /* "unit|ci|full|stress", or NULL for any */
    const char *help;     /* one phrase */
};

struct operand {
    const char *name; /* "LEFT" */
    bool required;
    const char *help;
};

#define OPERANDS_MAX 4
#define THREADS_MAX  1024 /* more is a slip of the finger */

struct arguments;

struct command {
    const char *name;
    const char *summary; /* one line */
    const char *text;    /* a paragraph or more for --help and the man page */
    const char *example; /* a command line that works */
    struct operand operands[OPERANDS_MAX];
    const struct option *options;
    size_t option_count;

    /* *status is 0 or 1 (done with set-aside rows or findings) when it returns true. */
    bool (*run)(const struct arguments *arguments, int *status, struct err *err);
};

extern const struct command command_wash, command_link, command_dedupe, command_train,
    command_eval, command_explain, command_sample, command_store, command_import,
    command_ledger, command_help;

/* Every command, in the order of help; ended by NULL. */
extern const struct command *const commands[];
const struct command *command_named(const char *name); /* NULL if there is none */

/* --help, --quiet, --json, --config: every command has them. */
extern const struct option common_options[];
extern const size_t common_option_count;

/* Options of the command, then common ones; NULL past the end. */
const struct option *command_option(const struct command *command, size_t index);

/* ---- what one call was given ---------------------------------------------------------- */

/* Looks up an environment variable: getenv, or a table in tests. */
typedef const char *environment_lookup(const char *name);

/*
 * Reads the words after the command's name. What the command line leaves open comes
 * from CANDOUR_<OPTION>, then from the config file (--config or CANDOUR_CONFIG), then
 * from the table. With --help among the words nothing else is checked.
 * Yours to give back with arguments_free.
 */
bool arguments_read(const struct command *command, int count, const char *const *words,
                    environment_lookup *lookup, struct arguments **arguments,
                    struct err *err) MUST_CHECK;
void arguments_free(struct arguments *arguments);

/* By name of an option of the command; asking for another is our own mistake. */
bool argument_flag(const struct arguments *arguments, const char *option);
const char *argument_text(const struct arguments *arguments, const char *option);
uint64_t argument_number(const struct arguments *arguments, const char *option);
uint32_t argument_probability(const struct arguments *arguments, const char *option);
const char *const *argument_list(const struct arguments *arguments, const char *option,
                                 size_t *count);

/* The index-th word that is no option, or NULL. */
const char *argument_operand(const struct arguments *arguments, size_t index);

/* "0.95" in millionths; false unless it lies between 0 and 1, both left out. */
bool probability_read(const char *text, uint32_t *millionths);

/* The name most like `wrong` if it is likely what was meant; else NULL. */
const char *nearest_name(const char *wrong, const char *const *names, size_t count);

/* ---- what the tables are printed as ------------------------------------------------------ */

void help_program(FILE *to);
void help_command(const struct command *command, FILE *to);
void help_man(FILE *to);      /* candour.1 */
void help_markdown(FILE *to); /* docs/commands.md */
void help_bash(FILE *to);     /* bash completion */

/* ---- while and after a command runs ------------------------------------------------------ */

struct shown { /* a progress bar, or a line a minute where there is no terminal */
    bool quiet;
    bool terminal;
    int width;      /* columns of the terminal */
    double started; /* monotonic clock, seconds */
    double before;  /* seconds of the run when last shown */
    bool drawn;     /* a bar stands on the line */
};

struct progress;

void shown_open(struct shown *shown, bool quiet);
void shown_progress(void *shown, const struct progress *progress);
void shown_share(struct shown *shown, const char *what, uint64_t done, uint64_t all);
void shown_close(struct shown *shown); /* clears the bar */

/* One line of at most size - 1 bytes; a bar of `width` columns if width > 0. */
void progress_line(const struct progress *progress, int width, char *line, size_t size);

/* "1,234,567"; `text` has room for 32 bytes. */
const char *number_text(uint64_t number, char text[32]);

/*
 * Where a command's result goes: standard output, or standard error when its data goes
 * there. result_close fails with ERR_ENVIRONMENT if it could not be written.
 */
FILE *result_open(bool data_on_stdout);
bool result_close(FILE *result, struct err *err) MUST_CHECK;
void json_string(FILE *to, const char *text);

#endif
