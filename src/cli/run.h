/*
 * run: what `wash` and `link` have in common. Inner header.
 */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/cli.h"
#include "screen/screen.h"

/* Fills what both commands share from the options --model, --out, --report,
 * --threshold, --share, --threads, --resume. */
bool run_settings_read(const struct arguments *arguments, struct run_settings *settings,
                       struct err *err) MUST_CHECK;

/* Runs, shows progress, prints the result; *status is 1 if rows were set aside. */
bool run_and_report(const struct arguments *arguments, struct run_settings *settings,
                    int *status, struct err *err) MUST_CHECK;

/* Clusters, in the same two forms; what they have in common with the others is in run.c. */
void dedupe_text(const struct run_settings *settings, const struct run_summary *summary,
                 FILE *to);
void dedupe_json(const struct run_settings *settings, const struct run_summary *summary,
                 FILE *to);
void summary_cost(const struct run_summary *summary, FILE *to);
void summary_cost_json(const struct run_settings *settings,
                       const struct run_summary *summary, FILE *to);
void summary_file(FILE *to, const char *label, const char *path);

/* The result as a person reads it, and as one JSON object. */
void summary_text(const struct run_settings *settings,
                  const struct run_summary *summary, FILE *to);
void summary_json(const struct run_settings *settings,
                  const struct run_summary *summary, FILE *to);

/* Rows of the option tables that both commands have. */
#define RUN_OPTIONS                                                                    \
    {"out",                                                                            \
     "FILE",                                                                           \
     OPTION_TEXT,                                                                      \
     false,                                                                            \
     "-",                                                                              \
     NULL,                                                                             \
     "where the pairs go; - for standard output"},                                     \
        {"report",                                                                     \
         "FILE",                                                                       \
         OPTION_TEXT,                                                                  \
         false,                                                                        \
         NULL,                                                                         \
         NULL,                                                                         \
         "also write a page to read (HTML)"},                                          \
        {"model",                                                                      \
         "FILE",                                                                       \
         OPTION_TEXT,                                                                  \
         false,                                                                        \
         NULL,                                                                         \
         NULL,                                                                         \
         "model to score with (JSON); the built-in one if left out"},                  \
        {"share",                                                                      \
         "P",                                                                          \
         OPTION_PROBABILITY,                                                           \
         false,                                                                        \
         NULL,                                                                         \
         NULL,                                                                         \
         "share of mentions thought to concern the left; fitted to the first "         \
         "mentions if left out"},                                                      \
        {"threads",                                                                    \
         "N",                                                                          \
         OPTION_NUMBER,                                                                \
         false,                                                                        \
         NULL,                                                                         \
         NULL,                                                                         \
         "threads to use; all processors if left out"},                                \
    {                                                                                  \
        "resume", NULL, OPTION_FLAG, false, NULL, NULL,                                \
            "go on where a stopped run of the same files ended"                        \
    }

#endif
