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

/* train --import-splink and --export-splink */
bool columns_exchange(const struct arguments *arguments, int *status,
                      struct err *err) MUST_CHECK;

#endif
