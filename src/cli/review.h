/*
 * review: clerical samples of `candour eval`, drawn and read back. Inner header.
 */
#ifndef CLI_REVIEW_H
#define CLI_REVIEW_H

#include "cli/cli.h"

/* Draws pairs of `pairs` for people to judge, as a CSV at `out`. */
bool review_draw(const struct arguments *arguments, const char *pairs,
                 struct err *err) MUST_CHECK;

/* Reads judged pairs back and says what they show of all. */
bool review_read(const struct arguments *arguments, const char *path,
                 struct err *err) MUST_CHECK;

/* "0.973", "1", "1e-06" in millionths, rounded to nearest. */
bool share_read(struct str written, uint32_t *millionths);

#endif
