/* part: one output file with its SHA-256, compressed if asked. Inside the room. */
#ifndef SAMPLE_PART_H
#define SAMPLE_PART_H

#include "sample/sample.h"

struct part_file;

bool part_open(const char *folder, const char *name, struct part_file **part,
               struct err *err) MUST_CHECK;
void part_write(struct part_file *part, const void *bytes, size_t size);

/* Gives the checksum as 64 hex digits and the size. Ends `part`, as part_abandon. */
bool part_commit(struct part_file *part, char hex[65], uint64_t *size,
                 struct err *err) MUST_CHECK;
void part_abandon(struct part_file *part); /* NULL is fine */

/* A whole frame or member of its own, so that parts are put together by appending. */
bool block_compress(enum sample_compress compress, const void *bytes, size_t size,
                    char **out, size_t *out_size, size_t *out_room, struct err *err);

void sha256_hex(const void *bytes, size_t size, char hex[65]);

#endif
