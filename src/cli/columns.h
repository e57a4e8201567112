/*
 * columns: link, dedupe, explain and train with models that came from Splink. Inner header.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "cli/run.h"

/* The model of --model if it is one over columns; NULL if it is left out or of people. */
bool columns_model(const struct arguments *arguments, struct splink_model **model,
                   struct err *err) MUST_CHECK;

/* link or dedupe, by whichever kind of model is asked for. Options that a model over
 * columns cannot serve are ERR_USAGE. */
bool columns_or_people(const struct arguments *arguments, struct run_settings *settings,
                       int *status, struct err *err) MUST_CHECK;

/* explain --pairs */
bool columns_explain(const struct arguments *arguments,
                     const struct splink_model *model, struct err *err) MUST_CHECK;

/* train without a file: --import-splink, or --export-splink of --model. */
bool columns_exchange(const struct arguments *arguments, int *status,
                      struct err *err) MUST_CHECK;

struct people_export {
    const struct model *model;
    uint64_t people; /* on the left */
    bool one_file;
};

/* Writes a model of people as Splink settings; says what is lost on standard error unless
 * `quiet`. */
bool columns_export_people(const char *path, const struct people_export *export,
                           bool quiet, struct err *err) MUST_CHECK;

#endif
