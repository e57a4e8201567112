/* text_rows: rows of CSV in memory, without a printf a row. Inside the room. */
#ifndef SAMPLE_TEXT_ROWS_H
#define SAMPLE_TEXT_ROWS_H

#include "sample/typing.h"

#include <string.h>

enum { ROW_MAX = 8192 }; /* no row is longer: names and addresses are bounded */

struct rows {
    char *at;
    size_t used, size;
};

void rows_reserve(struct rows *rows); /* room for one more row of ROW_MAX */

static inline void put_bytes(struct rows *rows, const char *at, size_t len)
{
    memcpy(rows->at + rows->used, at, len);
    rows->used += len;
}

static inline void put_char(struct rows *rows, char c)
{
    rows->at[rows->used++] = c;
}

static inline void put_text(struct rows *rows, const char *text)
{
    put_bytes(rows, text, strlen(text));
}

static inline void put_str(struct rows *rows, struct str text)
{
    put_bytes(rows, text.at, text.len);
}

static inline void put_word(struct rows *rows, const struct word *word)
{
    put_bytes(rows, word->at, word->len);
}

static inline void put_part(struct rows *rows, struct part part)
{
    if (part.len)
        put_bytes(rows, part.at, part.len);
}

/* The number with zeros in front, at least `width` digits. */
void put_number(struct rows *rows, uint64_t number, int width);
void put_date(struct rows *rows, struct ymd date); /* 1984-07-12 */
void put_day(struct rows *rows, int32_t day);

#define PUT(rows, literal) put_bytes((rows), (literal), sizeof(literal) - 1)

#endif
