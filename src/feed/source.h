/*
 * source: the bytes of one file, decompressed.
 *
 * The format is told by the first bytes, not by the name: gzip (members one after
 * another), zstd (frames one after another) or plain. What ends too early, or whose
 * checksum does not agree, is an error, never a short file.
 */
#ifndef FEED_SOURCE_H
#define FEED_SOURCE_H

#include "base/base.h"

struct source;

/* "-" is standard input. */
bool source_open(const char *path, struct source **source, struct err *err) MUST_CHECK;
void source_close(struct source *source); /* NULL is fine */

/* Fills `size` bytes; *got is less only at the end. */
bool source_read(struct source *source, char *to, size_t size, size_t *got,
                 struct err *err) MUST_CHECK;

uint64_t source_consumed(const struct source *source); /* bytes of the file so far */

/* On disk; 0 and false for what is no regular file and cannot be read twice. */
bool source_is_file(const char *path, uint64_t *size);

#endif
