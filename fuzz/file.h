/* Fuzz bytes as a file, for what reads by path: a file in memory, gone with the target. */
#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include "base/base.h"

/* The path of a file that holds the bytes, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

#endif
