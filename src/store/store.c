/*
 * The door: checks what both back ends must agree on, and holds transactions together.
 */
#include "store/backend.h"
#include "text/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 20 }; /* of one transaction against others: about half a minute */

static const struct backend *backend_of(const char *url)
{
    return strncmp(url, "postgres://", 11) == 0 ||
                   strncmp(url, "postgresql://", 13) == 0
               ? &postgres_backend
               : &sqlite_backend;
}

/* ---- opening ---------------------------------------------------------------------- */

static bool version_fits(struct store *store, enum store_mode mode, struct err *err)
{
    uint32_t version, newest = store_version_newest();

    if (!store_version(store, &version, err))
        return false;
    if (version > newest)
        return err_set(err, ERR_ENVIRONMENT,
                       "%s has schema %u and this program knows %u: use the program "
                       "that migrated it, or a later one",
                       store->name, version, newest);
    if (version < newest && mode == STORE_USE)
        return err_set(err, ERR_ENVIRONMENT,
                       "%s has schema %u and this program needs %u: back it up, then "
                       "run candour store migrate",
                       store->name, version, newest);
    return true;
}

static bool mode_fits(struct store *store, enum store_mode mode, struct err *err)
{
    bool empty, has;

    if (mode == STORE_NEW) {
        if (!store->backend->empty(store, &empty, err))
            return false;
        return empty || err_set(err, ERR_REFUSED,
                                "%s is not empty: name a new file or an empty database",
                                store->name);
    }
    if (!store->backend->has_versions(store, &has, err))
        return false;
    if (!has)
        return err_set(err, ERR_INPUT,
                       "%s is no store of Candour; candour store init makes one",
                       store->name);
    return version_fits(store, mode, err);
}

bool store_open(const char *url, enum store_mode mode, struct store **result,
                struct err *err)
{
    struct store *store;

    if (!backend_of(url)->open(url, mode, &store, err))
        return false;
    store->owner = pthread_self();
    if (mode_fits(store, mode, err)) {
        *result = store;
        return true;
    }
    store_close(store);
    return false;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    keys_free(store->keys);
    store->backend->close(store);
}

const char *store_backend(const struct store *store)
{
    return store->backend->name;
}

/* ---- statements --------------------------------------------------------------------- */

static bool values_fit(const struct value *values, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind != VALUE_TEXT || values[i].bytes.len == 0)
            continue;
        if (memchr(values[i].bytes.at, 0, values[i].bytes.len) ||
            !text_utf8(values[i].bytes))
            return err_set(err, ERR_INPUT,
                           "value %zu of a statement is no UTF-8 text: mend the input",
                           i + 1);
    }
    return true;
}

/* A statement may run: the right thread, and no rows coming one by one. */
static void expect_free(const struct store *store)
{
    assert(pthread_equal(store->owner, pthread_self()));
    assert(!store->scanning);
}

bool store_run(struct store *store, struct sql sql, const struct value *values,
               size_t count, struct err *err)
{
    expect_free(store);
    assert(store->may_write);
    store->changed = 0;
    return values_fit(values, count, err) &&
           store->backend->run(store, sql.text, values, count, err);
}

uint64_t store_changed(const struct store *store)
{
    return store->changed;
}

bool store_send(struct store *store, struct sql sql, const struct value *values,
                size_t count, struct err *err)
{
    expect_free(store);
    assert(store->may_write);
    return values_fit(values, count, err) &&
           store->backend->send(store, sql.text, values, count, err);
}

static bool rows_open(struct store *store, struct sql sql, const struct value *values,
                      size_t count, bool scan, struct rows **rows, struct err *err)
{
    expect_free(store);
    if (!values_fit(values, count, err) ||
        !store->backend->ask(store, sql.text, values, count, scan, rows, err))
        return false;
    (*rows)->store = store;
    (*rows)->scanning = scan;
    store->scanning = scan;
    return true;
}

bool store_ask(struct store *store, struct sql sql, const struct value *values,
               size_t count, struct rows **rows, struct err *err)
{
    return rows_open(store, sql, values, count, false, rows, err);
}

bool store_scan(struct store *store, struct sql sql, const struct value *values,
                size_t count, struct rows **rows, struct err *err)
{
    return rows_open(store, sql, values, count, true, rows, err);
}

bool rows_next(struct rows *rows, bool *more, struct err *err)
{
    return rows->store->backend->next(rows, more, err);
}

struct value rows_value(const struct rows *rows, size_t column)
{
    return rows->store->backend->value(rows, column);
}

int64_t rows_number(const struct rows *rows, size_t column)
{
    return rows_value(rows, column).number;
}

struct str rows_text(const struct rows *rows, size_t column)
{
    return rows_value(rows, column).bytes;
}

void rows_done(struct rows *rows)
{
    if (!rows)
        return;
    if (rows->scanning)
        rows->store->scanning = false;
    rows->store->backend->done(rows);
}

bool store_number(struct store *store, struct sql sql, const struct value *values,
                  size_t count, int64_t *number, bool *found, struct err *err)
{
    struct rows *rows;

    if (!store_ask(store, sql, values, count, &rows, err))
        return false;
    bool ok = rows_next(rows, found, err);

    if (ok && *found)
        *number = rows_number(rows, 0);
    rows_done(rows);
    return ok;
}

bool store_bulk_begin(struct store *store, const struct bulk *bulk, struct err *err)
{
    expect_free(store);
    assert(store->may_write);
    return store->backend->bulk_begin(store, bulk, err);
}

bool store_bulk_row(struct store *store, const struct value *values, size_t count,
                    struct err *err)
{
    return values_fit(values, count, err) &&
           store->backend->bulk_row(store, values, count, err);
}

bool store_bulk_end(struct store *store, struct err *err)
{
    return store->backend->bulk_end(store, err);
}

/* ---- transactions --------------------------------------------------------------------- */

static bool attempt(struct store *store, enum hold hold, store_body *body,
                    void *context, struct err *err)
{
    struct err undo;

    store->conflict = false;
    if (!store->backend->begin(store, hold, err))
        return false;
    store->in_transaction = true;
    store->may_write = hold != HOLD_READ;
    bool ok = body(store, context, err);

    /* A conflict that body met stays one, whatever undoing says. */
    bool conflict = store->conflict;

    if (ok)
        ok = store->backend->end(store, true, err);
    else
        store->backend->end(store, false, &undo);
    store->conflict = store->conflict || conflict;
    store->in_transaction = false;
    store->may_write = false;
    return ok;
}

/* Waits longer each time, and not as long as the other one who was in the way. */
static void wait_a_little(unsigned try)
{
    unsigned most = 4u << (try < 9 ? try : 9); /* ms */
    uint64_t draw = hash_mix((uint64_t)getpid(), (uint64_t)store_now());
    uint64_t ms = most / 2 + draw % (most / 2 + 1);
    struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

    nanosleep(&pause, NULL);
}

static bool transact(struct store *store, enum hold hold, store_body *body,
                     void *context, struct err *err)
{
    expect_free(store);
    assert(!store->in_transaction);
    for (unsigned try = 0;; try++) {
        if (attempt(store, hold, body, context, err))
            return true;
        if (!store->conflict || try + 1 == TRIES || stop_asked())
            return false;
        wait_a_little(try);
    }
}

bool store_write(struct store *store, store_body *body, void *context, struct err *err)
{
    return transact(store, HOLD_WRITE, body, context, err);
}

bool store_read(struct store *store, store_body *body, void *context, struct err *err)
{
    return transact(store, HOLD_READ, body, context, err);
}

bool store_alone(struct store *store, store_body *body, void *context, struct err *err)
{
    return transact(store, HOLD_ALONE, body, context, err);
}
