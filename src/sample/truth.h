/* truth: the lines of truth.csv, lookalikes.csv and groups.csv. Inside the room. */
#ifndef SAMPLE_TRUTH_H
#define SAMPLE_TRUTH_H

#include "sample/mention.h"

extern const char truth_head[], lookalike_head[], group_head[];

/* Also notes members whose name and date of birth a mention has by chance. */
void truth_write(const struct world *world, const struct roll *roll,
                 const struct mention *mention, const struct person *person,
                 struct sample_text *text);

/* The line of groups.csv of one row of the workforce file. */
void group_write(const struct world *world, uint64_t row, const struct person *person,
                 struct rows *rows);

void put_row_id(struct rows *rows, uint64_t row); /* P0000001 is row 0 */

#endif
