/*
 * Numbered migrations, src/store/migrations/NNNN-name.sql, embedded. Forward only; each
 * runs in the transaction that notes it, so a killed one is whole or not there.
 */
#include "store/backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct embedded {
    const char *name;
    const char *bytes;
    size_t size;
};
extern const struct embedded migration_files[]; /* 0000 first, without a gap */

static uint32_t number_of(const struct embedded *file)
{
    return (uint32_t)strtoul(file->name, NULL, 10);
}

uint32_t store_version_newest(void)
{
    const struct embedded *file = migration_files;

    while (file[1].name)
        file++;
    return number_of(file);
}

bool store_version(struct store *store, uint32_t *version, struct err *err)
{
    int64_t newest = 0;
    bool found;

    if (!store_number(store, SQL("SELECT MAX(version) FROM schema_versions"), WITHOUT,
                      &newest, &found, err))
        return false;
    *version = (uint32_t)newest;
    return true;
}

static bool migration_run(struct store *store, const struct embedded *file,
                          struct err *err)
{
    int64_t fingerprint = (int64_t)hash_bytes(file->bytes, file->size, 0);

    return (store->backend->script(store, file->bytes, err) &&
            store_run(store,
                      SQL("INSERT INTO schema_versions"
                          " (version, name, fingerprint, made_at) VALUES (?, ?, ?, ?)"),
                      WITH(AS_NUMBER(number_of(file)), AS_TEXT(str_of(file->name)),
                           AS_NUMBER(fingerprint), AS_NUMBER(store_now())),
                      err)) ||
           err_in(err, "migration %s", file->name);
}

bool migrations_apply(struct store *store, uint32_t upto, struct err *err)
{
    uint32_t version = 0;
    bool has;

    if (!store->backend->has_versions(store, &has, err))
        return false;
    if (has && !store_version(store, &version, err))
        return false;
    for (const struct embedded *file = migration_files; file->name; file++) {
        if (has && number_of(file) <= version)
            continue;
        if (number_of(file) <= upto && !migration_run(store, file, err))
            return false;
    }
    return true;
}

struct step {
    uint32_t before, after;
};

/* Asked again in the transaction: somebody else may have been quicker. */
static bool one_step(struct store *store, void *context, struct err *err)
{
    struct step *step = context;

    if (!store_version(store, &step->before, err))
        return false;
    step->after =
        step->before < store_version_newest() ? step->before + 1 : step->before;
    return migrations_apply(store, step->after, err);
}

bool store_migrate(struct store *store, uint32_t *before, uint32_t *after,
                   struct err *err)
{
    struct step step;

    if (!store_version(store, before, err))
        return false;
    do
        if (!store_alone(store, one_step, &step, err))
            return false;
    while (step.after != step.before);
    *after = step.after;
    return true;
}

struct beginning {
    const char *key_path;
    bool unsealed;
};

static bool begin_store(struct store *store, void *context, struct err *err)
{
    const struct beginning *beginning = context;
    bool empty;

    if (!store->backend->empty(store, &empty, err))
        return false;
    if (!empty)
        return err_set(err, ERR_REFUSED,
                       "%s is not empty any more: somebody else made a store there",
                       store->name);
    return migrations_apply(store, store_version_newest(), err) &&
           keys_make(store, beginning->key_path, beginning->unsealed, err);
}

bool store_init(struct store *store, const char *key_path, bool unsealed,
                struct err *err)
{
    struct beginning beginning = {key_path, unsealed};

    return store_alone(store, begin_store, &beginning, err);
}

/* ---- what check asks --------------------------------------------------------------- */

bool migrations_check(struct store *store, store_found *found, void *context,
                      struct err *err)
{
    const struct embedded *file = migration_files;
    struct rows *rows;
    bool more, ok;

    if (!store_ask(store,
                   SQL("SELECT version, fingerprint FROM schema_versions ORDER BY 1"),
                   WITHOUT, &rows, err))
        return false;
    for (; (ok = rows_next(rows, &more, err)) && more && file->name; file++) {
        char line[128];

        if (rows_number(rows, 0) == (int64_t)number_of(file) &&
            rows_number(rows, 1) == (int64_t)hash_bytes(file->bytes, file->size, 0))
            continue;
        snprintf(line, sizeof(line), "schema: %s was another text when it ran",
                 file->name);
        found(context, line);
    }
    rows_done(rows);
    return ok;
}
