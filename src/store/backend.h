/*
 * What a back end does, as a table of functions. Inner header of store.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/store.h"

#include <pthread.h>

enum hold {
    HOLD_READ,  /* one view, no writes */
    HOLD_WRITE, /* as if alone */
    HOLD_ALONE, /* alone: others that change the schema wait */
};

struct rows {
    struct store *store;
    bool scanning;
};

struct backend {
    const char *name;
    bool (*open)(const char *url, enum store_mode mode, struct store **store,
                 struct err *err);
    void (*close)(struct store *store);
    bool (*begin)(struct store *store, enum hold hold, struct err *err);
    bool (*end)(struct store *store, bool commit, struct err *err);
    bool (*run)(struct store *store, const char *text, const struct value *values,
                size_t count, struct err *err);
    bool (*send)(struct store *store, const char *text, const struct value *values,
                 size_t count, struct err *err);
    bool (*ask)(struct store *store, const char *text, const struct value *values,
                size_t count, bool scan, struct rows **rows, struct err *err);
    bool (*next)(struct rows *rows, bool *more, struct err *err);
    struct value (*value)(const struct rows *rows, size_t column);
    void (*done)(struct rows *rows);
    bool (*bulk_begin)(struct store *store, const struct bulk *bulk, struct err *err);
    bool (*bulk_row)(struct store *store, const struct value *values, size_t count,
                     struct err *err);
    bool (*bulk_end)(struct store *store, struct err *err);

    /* Runs the statements of a migration, written for SQLite. */
    bool (*script)(struct store *store, const char *text, struct err *err);

    bool (*empty)(struct store *store, bool *empty, struct err *err);
    bool (*has_versions)(struct store *store, bool *has, struct err *err);

    /* The back end's own look at its pages, indexes and references. */
    bool (*check)(struct store *store, store_found *found, void *context,
                  struct err *err);
};

extern const struct backend sqlite_backend, postgres_backend;

struct keys; /* unlocked: seal.c */

struct store {
    const struct backend *backend;
    pthread_t owner;
    char name[256]; /* for errors: a path, or postgres://HOST/DATABASE */
    bool in_transaction;
    bool may_write;
    bool conflict; /* the last failure may pass if tried again */
    bool scanning; /* rows of store_scan are open */
    uint64_t changed;
    struct keys *keys;
};

/* "12 ?" -> "12 $1": marks outside quotes. The caller's to free. */
char *sql_numbered(const char *text);

/* A migration's words for PostgreSQL. The caller's to free. */
char *sql_postgres_schema(const char *text);

/* store_write while nobody else changes the schema. */
bool store_alone(struct store *store, store_body *body, void *context,
                 struct err *err) MUST_CHECK;

/* In the transaction under way. */
bool migrations_apply(struct store *store, uint32_t upto, struct err *err) MUST_CHECK;

bool migrations_check(struct store *store, store_found *found, void *context,
                      struct err *err) MUST_CHECK;

/* seal.c; of a store whose schema was just made. */
bool keys_make(struct store *store, const char *key_path, bool unsealed,
               struct err *err) MUST_CHECK;
void keys_free(struct keys *keys);

/* The frame of a cell fits how the store was made: sealed, or not. */
bool cell_fits(const char *cell, size_t size, bool sealed);
bool keys_sealed(struct store *store, bool *sealed, struct err *err) MUST_CHECK;
bool keys_are_open(const struct store *store);

#endif
