/* workforce: one row of the HR extract, a pure function of its position. Inside. */
#ifndef SAMPLE_WORKFORCE_H
#define SAMPLE_WORKFORCE_H

#include "sample/truth.h"

extern const char workforce_head[];

void workforce_write(const struct world *world, uint64_t row, struct rows *rows,
                     struct rows *groups);

#endif
