/*
 * rows: from the text of a block to people.
 */
#ifndef FEED_ROWS_H
#define FEED_ROWS_H

#include "feed/layout.h"
#include "feed/split.h"

/* What a block needs besides what its users see; kept when the block is used again. */
struct rows {
    struct feed_block block; /* first: a block is its rows */
    const struct layout *layout;
    struct split_rule rule;
    bool json;
    int pivot_year;

    char *text; /* of the block, block.bytes long, 64 more readable; changed in place */
    size_t room;
    struct split_index index;
    struct str *cells; /* of one row, in the order of layout->columns */
    uint32_t *seen;    /* JSON: the row that gave a cell last, counted in the block */
    size_t cell_room, person_room, carried_room, complaint_room;
    char *spare; /* arena memory for joined values */
    size_t spare_size;
    struct rows *next; /* among those not in use */
};

void rows_read(struct rows *rows);
void rows_free(struct rows *rows);

/* Memory for values that do not stand in the text as they are wanted. */
char *rows_spare(struct rows *rows, size_t size);

void rows_complain(struct rows *rows, uint64_t row, const char *column,
                   const char *wanted, const char *problem, bool row_set_aside);

/* One person from rows->cells; sets the row aside if it is of no use. */
void row_use(struct rows *rows, uint64_t row);

/*
 * Postcodes with `|` between. A part too long to be one is taken for an address, and
 * gives the postcodes in it. memory has room for written.len + 1 bytes; nothing that is
 * at most POSTCODE_MAX long needs it.
 */
enum { POSTCODE_MAX = 10 }; /* of any country, with a space or hyphen */
struct str postcodes_pick(struct str written, char *memory);

/* A value without its quotes, doubled ones made single in place; false if broken. */
bool csv_value(char *from, char *end, struct str *value);

/* ---- JSON lines (jsonl.c) ---------------------------------------------------------- */

/* Called for each member; the name is good for the call only. False refuses the row. */
struct json_member {
    struct str name, value;
    bool list; /* value is its elements with `|` between */
};

struct json_visitor {
    void *context;
    bool (*visit)(void *context, const struct json_member *member);
};

/* Reads one object, changing the text in place. NULL if well, else what is wrong. */
const char *json_line_read(char *text, size_t size, const struct json_visitor *visitor);

/* rows->cells from one line. */
const char *json_row(struct rows *rows, char *text, size_t size, uint64_t row);

#endif
