/*
 * store: where is it kept?
 *
 * One door, two back ends: SQLite in a file, PostgreSQL 15 or later at postgres://...
 * The same text of SQL runs on both: `?` marks a value, keys and numbers are INTEGER
 * (64 bits), texts sort by their bytes, and there are texts, bytes and numbers only.
 * Sums are CAST(SUM(x) AS BIGINT), which is a number on both.
 *
 *   store_open -> store_unlock (to seal or read sealed cells) ->
 *   store_write(body) / store_read(body) ... -> store_close
 *
 * One connection belongs to one thread: open one for each.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"

struct store;

/* ---- opening ------------------------------------------------------------------------ */

enum store_mode {
    STORE_USE,   /* a store of this program's schema */
    STORE_OLDER, /* or of an earlier one: to migrate, check or back up */
    STORE_NEW,   /* nothing there yet: to make one */
};

/* `url` is a path or postgres://...; a password in it never shows in errors. */
bool store_open(const char *url, enum store_mode mode, struct store **store,
                struct err *err) MUST_CHECK;
void store_close(struct store *store); /* NULL is fine; an open transaction is undone */

/* ---- statements ----------------------------------------------------------------------- */

/* Text that was in the source: SQL(variable) does not compile, so none is put together
 * when the program runs. tools/check-sql sees that nobody makes a struct sql otherwise. */
struct sql {
    const char *text;
};
#define SQL(literal) ((struct sql){"" literal ""})

enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT, VALUE_BYTES };

/* Texts are UTF-8 without zero bytes: anything else is ERR_INPUT on both back ends. */
struct value {
    enum value_kind kind;
    int64_t number;
    struct str bytes; /* of texts and bytes */
};

#define AS_NONE      ((struct value){.kind = VALUE_NONE})
#define AS_NUMBER(n) ((struct value){.kind = VALUE_NUMBER, .number = (n)})
#define AS_TEXT(s)   ((struct value){.kind = VALUE_TEXT, .bytes = (s)})
#define AS_BYTES(s)  ((struct value){.kind = VALUE_BYTES, .bytes = (s)})

/* The values of one statement: WITH(AS_TEXT(id), AS_NUMBER(2)), or WITHOUT. */
#define WITH(...)                                                                      \
    (const struct value[]){__VA_ARGS__}, COUNT(((const struct value[]){__VA_ARGS__}))
#define WITHOUT NULL, 0

/* Runs a statement that gives no rows. A broken constraint is ERR_REFUSED. */
bool store_run(struct store *store, struct sql sql, const struct value *values,
               size_t count, struct err *err) MUST_CHECK;
uint64_t store_changed(const struct store *store); /* rows of the last store_run */

/* The same, put off where that pays (PostgreSQL's pipeline): a failure shows in a later
 * call, at the latest at the end of the transaction. Only within store_write. */
bool store_send(struct store *store, struct sql sql, const struct value *values,
                size_t count, struct err *err) MUST_CHECK;

struct rows;

/* All rows at once, kept until rows_done; others may be asked for meanwhile, but not the
 * same statement again. */
bool store_ask(struct store *store, struct sql sql, const struct value *values,
               size_t count, struct rows **rows, struct err *err) MUST_CHECK;

/* For results too large to keep: rows come one by one, and until rows_done the store
 * takes no other statement. */
bool store_scan(struct store *store, struct sql sql, const struct value *values,
                size_t count, struct rows **rows, struct err *err) MUST_CHECK;

bool rows_next(struct rows *rows, bool *more, struct err *err) MUST_CHECK;
struct value rows_value(const struct rows *rows, size_t column); /* until rows_next */
int64_t rows_number(const struct rows *rows, size_t column);     /* 0 if none */
struct str rows_text(const struct rows *rows, size_t column);    /* or bytes */
void rows_done(struct rows *rows);                               /* NULL is fine */

/* The number in the first column of the first row; false in *found without one. */
bool store_number(struct store *store, struct sql sql, const struct value *values,
                  size_t count, int64_t *number, bool *found,
                  struct err *err) MUST_CHECK;

/* ---- many rows into one table ----------------------------------------------------------- */

/* BULK("units", "force_id, unit_id, name", "?, ?, ?") */
struct bulk {
    struct sql insert;
    struct sql copy; /* PostgreSQL's COPY */
};
#define BULK(table, columns, marks)                                                    \
    ((struct bulk){                                                                    \
        .insert = SQL("INSERT INTO " table " (" columns ") VALUES (" marks ")"),       \
        .copy = SQL("COPY " table " (" columns ") FROM STDIN (FORMAT binary)"),        \
    })

/* Within store_write; no other statement between begin and end. */
bool store_bulk_begin(struct store *store, const struct bulk *bulk,
                      struct err *err) MUST_CHECK;
bool store_bulk_row(struct store *store, const struct value *values, size_t count,
                    struct err *err) MUST_CHECK;
bool store_bulk_end(struct store *store, struct err *err) MUST_CHECK;

/* ---- transactions ------------------------------------------------------------------------ */

/*
 * Runs body in one transaction and commits if it returns true. Writers follow one
 * another on SQLite and are serialisable on PostgreSQL. A conflict with somebody else
 * undoes everything and runs body again, so body changes nothing outside the store that
 * a second run would not set anew.
 */
typedef bool store_body(struct store *store, void *context, struct err *err);

bool store_write(struct store *store, store_body *body, void *context,
                 struct err *err) MUST_CHECK;

/* One unchanging view of everything; body may not write. Never waits for writers. */
bool store_read(struct store *store, store_body *body, void *context,
                struct err *err) MUST_CHECK;

/* ---- sealed cells -------------------------------------------------------------------------- */

#define STORE_HASH_BYTES 32
#define STORE_CELL_FRAME 45 /* bytes that sealing adds, also without a key */
#define STORE_KEYS_MAX   5  /* columns of a primary key */

/* Which cell: it opens there and nowhere else. `keys` are the values of the table's
 * primary key, in its order. */
struct cell {
    const char *table;
    const char *column;
    const struct value *keys;
    size_t key_count;
};

/*
 * Reads the key of a sealed store: from key_path, or if that is NULL from the systemd
 * credential "candour-store-key". A store made without a key needs none and refuses
 * one, so that nobody writes in clear who thinks it is sealed.
 */
bool store_unlock(struct store *store, const char *key_path,
                  struct err *err) MUST_CHECK;

/* XChaCha20-Poly1305. Results are in the arena. Need store_unlock. */
bool store_seal(struct store *store, const struct cell *cell, struct str plain,
                struct arena *arena, struct str *sealed, struct err *err) MUST_CHECK;
bool store_unseal(struct store *store, const struct cell *cell, struct str sealed,
                  struct arena *arena, struct str *plain, struct err *err) MUST_CHECK;

/* Equal for equal texts under one name (of a column) in one store; needs the key to
 * guess at. For WHERE x_hash = ?. */
bool store_hash(struct store *store, const char *name, struct str plain,
                uint8_t hash[STORE_HASH_BYTES], struct err *err) MUST_CHECK;

/* Writes a new key to a file that only its owner may read; never over another. */
bool store_key_new(const char *path, struct err *err) MUST_CHECK;

/* Wraps the data key by the key of new_path instead: takes no longer for a large store.
 * Needs store_unlock. */
bool store_rotate_key(struct store *store, const char *new_path,
                      struct err *err) MUST_CHECK;

/* ---- ids and time ----------------------------------------------------------------------------- */

#define STORE_ID_SIZE 27

/* 26 letters and digits: the millisecond and 80 random bits. Sorts by when it was made
 * and says nothing else. */
void store_id(char id[STORE_ID_SIZE]);
int64_t store_now(void); /* microseconds since 1970, UTC */

/* ---- looking after it ---------------------------------------------------------------------------- */

/* Makes the schema in a store opened with STORE_NEW. key_path NULL and no credential:
 * ERR_USAGE, unless `unsealed` says that somebody chose to go without. */
bool store_init(struct store *store, const char *key_path, bool unsealed,
                struct err *err) MUST_CHECK;

/* Brings the schema up, each step whole or not at all. Opened with STORE_OLDER. */
bool store_migrate(struct store *store, uint32_t *before, uint32_t *after,
                   struct err *err) MUST_CHECK;
bool store_version(struct store *store, uint32_t *version, struct err *err) MUST_CHECK;
uint32_t store_version_newest(void);
const char *store_backend(const struct store *store); /* "sqlite" or "postgres" */

/* Looks at everything and calls found() with a line for each fault. With store_unlock
 * before, also opens every sealed cell. True if it could look, faults or not. */
typedef void store_found(void *context, const char *fault);
bool store_check(struct store *store, store_found *found, void *context,
                 struct err *err) MUST_CHECK;

struct store_count {
    uint64_t tables, rows, bytes;
};

/* Writes one view of everything to a file that either back end restores; nobody waits
 * for it. docs/file-formats.md has the format. */
bool store_backup(struct store *store, const char *path, struct store_count *count,
                  struct err *err) MUST_CHECK;

/* Fills a store opened with STORE_NEW, whole or not at all; only the rows of one force
 * unless `force` is NULL. An earlier schema is brought up afterwards. */
bool store_restore(struct store *store, const char *path, const char *force,
                   struct store_count *count, struct err *err) MUST_CHECK;

#endif
