/* manifest: what is in a sample's folder. Inside the room. */
#ifndef SAMPLE_MANIFEST_H
#define SAMPLE_MANIFEST_H

#include "sample/sample.h"

struct manifest;

struct manifest *manifest_new(const struct sample_settings *settings);
void manifest_free(struct manifest *manifest);
void manifest_input(struct manifest *manifest, const char *name, uint64_t size,
                    const char *sha256);
void manifest_output(struct manifest *manifest, const char *name, uint64_t rows,
                     uint64_t size, const char *sha256);
bool manifest_write(const struct manifest *manifest,
                    const struct sample_summary *summary, struct err *err) MUST_CHECK;

/* Is the same sample in the folder already, whole? Another one is ERR_USAGE unless
 * settings->force; `summary` is filled from the manifest when it is the same. */
bool manifest_look(const struct sample_settings *settings, bool *same,
                   struct sample_summary *summary, struct err *err) MUST_CHECK;

/* Removes the manifest of an older sample and the files it lists. */
bool manifest_clear(const struct sample_settings *settings, struct err *err) MUST_CHECK;

#endif
