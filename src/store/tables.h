/*
 * Every table that a backup holds, each after those it refers to. Inner header of store.
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "store/store.h"

enum { COLUMNS_MAX = 24 };

/* In place of a force's column. A ledger cannot be cut in two and stay proved, so a
 * restore of one force leaves it out. */
enum { OF_THE_STORE = -1, OF_THE_LEDGER = -2 };

struct table {
    const char *name;
    const char *columns; /* "force_id, name, made_at" */
    const char *kinds;   /* a letter each: n number, t text, b bytes, s sealed cell */
    int key_count;       /* the first columns, its primary key */
    int force;           /* column of the force's id, or one of the above */
    uint32_t since;      /* the first schema that has it so */
    struct sql all;      /* every row, in the order of the key */
    struct sql insert;
    struct sql copy;
};

extern const struct table store_tables[];
extern const size_t store_table_count;

#endif
