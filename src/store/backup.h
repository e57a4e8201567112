/*
 * A backup as bytes. Inner header of store.
 *
 *   "candour store backup 1\n"
 *   'V' u32 schema
 *   then for each table, in the order of store_tables:
 *       'T' text name, text columns, text kinds
 *       'R' values, in the order of the columns          for each row, by primary key
 *       'E' u64 rows
 *   'Z' 32 bytes: BLAKE2b of everything before, the 'Z' included
 *
 *   text   u32 length, bytes
 *   value  'z' nothing; 'n' i64; 't' or 'b' u32 length, bytes
 *
 * Numbers are little-endian. The same contents give the same bytes on both back ends.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/tables.h"

#include <stdio.h>

enum { BACKUP_NAME_MAX = 1024, BACKUP_VALUE_MAX = 64 << 20 };

struct backup_out;

bool backup_out_open(const char *path, uint32_t version, struct backup_out **backup,
                     struct err *err) MUST_CHECK;
void backup_table(struct backup_out *backup, const struct table *table);
void backup_row(struct backup_out *backup, const struct value *values, size_t count);
void backup_table_end(struct backup_out *backup, uint64_t rows);
uint64_t backup_size(const struct backup_out *backup);
bool backup_out_commit(struct backup_out *backup, struct err *err) MUST_CHECK;
void backup_out_abandon(struct backup_out *backup);

/* What a backup is read into. Any false ends it. */
struct backup_visit {
    void *context;
    bool (*version)(void *context, uint32_t version, struct err *err);
    bool (*table)(void *context, const struct table *table, struct err *err);
    bool (*row)(void *context, const struct value *values, size_t count,
                struct err *err); /* values until the next call */
    bool (*table_end)(void *context, struct err *err);
};

/* Reads to the end and compares the sum: only then is anything in it to be believed.
 * `name` is for errors, which are ERR_INPUT and say where. */
bool backup_read(FILE *from, const char *name, const struct backup_visit *visit,
                 struct err *err) MUST_CHECK;

#endif
