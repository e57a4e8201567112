/*
 * split: where do values and rows end?
 *
 * One meaning, told by the plain reader (a state for each byte) in split.c:
 *
 *             "            separator     newline      other
 *   START     QUOTED       value ends    row ends     PLAIN
 *   PLAIN     PLAIN        value ends    row ends     PLAIN
 *   QUOTED    AFTER        QUOTED        QUOTED       QUOTED
 *   AFTER     QUOTED       value ends    row ends     PLAIN
 *
 * so a quote inside a value that was not opened by one is an ordinary character.
 * The vector readers take 64 bytes at a step and know quotes by their parity (a
 * carry-less multiplication by all ones sums quotes over GF(2)). Parity and states
 * agree as long as every quote that opens stands at the start of a value or after a
 * quote; when one does not, the vector reader says so and the plain one takes over.
 */
#ifndef FEED_SPLIT_H
#define FEED_SPLIT_H

#include "base/base.h"

struct split_rule {
    char separator;
    bool quotes; /* false: a quote is a character like others (JSON lines) */
};

struct split_tally {
    uint64_t rows; /* ended by a newline, empty lines left out */
    uint64_t
        blanks; /* empty lines: nothing, or a carriage return, before the newline */
    uint64_t fields; /* values ended by a separator or newline, empty lines left out */
    size_t end;      /* just after the last newline that ends a row */
    bool open;       /* the text ends inside quotes */
};

/* Positions of every separator and newline that ends a value, and of each row's end. */
struct split_index {
    uint32_t *at; /* in order; the newlines too */
    size_t count, room;
    uint32_t *row; /* row[r]: how many of at[] up to and with the newline of row r */
    size_t rows, row_room;
    bool open; /* the text ends inside quotes */
};

void split_tally(struct str text, struct split_rule rule, struct split_tally *tally);

/* Text of less than 4 GiB with 64 readable bytes behind it. Empty lines are rows. */
void split_text(struct str text, struct split_rule rule, struct split_index *index);
void split_free(struct split_index *index);

/* The plain readers, and the vector ones: false when a quote stands where it may not. */
void split_tally_plain(struct str text, struct split_rule rule,
                       struct split_tally *tally);
void split_text_plain(struct str text, struct split_rule rule,
                      struct split_index *index);
#ifdef __x86_64__
bool split_can_avx2(void);
bool split_tally_avx2(struct str text, struct split_rule rule,
                      struct split_tally *tally);
bool split_text_avx2(struct str text, struct split_rule rule,
                     struct split_index *index);
bool split_can_avx512(void);
bool split_tally_avx512(struct str text, struct split_rule rule,
                        struct split_tally *tally);
bool split_text_avx512(struct str text, struct split_rule rule,
                       struct split_index *index);
#endif

/* Room for `more` entries beyond those there are. */
void split_room(struct split_index *index, size_t more, size_t more_rows);

#endif
