/*
 * Backup and restore. One read transaction is one view of everything: in WAL mode and in
 * PostgreSQL nobody waits for it. SQLite's own backup would start again whenever another
 * process writes, and its pages could not be restored into PostgreSQL.
 */
#include "store/backup.h"
#include "store/backend.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* ---- backup ----------------------------------------------------------------------------- */

struct backing {
    const char *path;
    struct store_count *count;
};

static bool table_write(struct store *store, const struct table *table,
                        struct backup_out *backup, uint64_t *written, struct err *err)
{
    struct value row[COLUMNS_MAX];
    size_t count = strlen(table->kinds);
    struct rows *rows;
    bool more, ok;

    assert(count <= COLUMNS_MAX);
    backup_table(backup, table);
    if (!store_scan(store, table->all, WITHOUT, &rows, err))
        return false;
    while ((ok = rows_next(rows, &more, err)) && more) {
        for (size_t i = 0; i < count; i++)
            row[i] = rows_value(rows, i);
        backup_row(backup, row, count);
        ++*written;
        if (stop_asked()) {
            ok = err_set(err, ERR_STOPPED, "stopped: no backup was written");
            break;
        }
    }
    rows_done(rows);
    backup_table_end(backup, *written);
    return ok;
}

static bool all_write(struct store *store, uint32_t version, struct backup_out *backup,
                      struct store_count *count, struct err *err)
{
    for (size_t i = 0; i < store_table_count; i++) {
        uint64_t rows = 0;

        if (store_tables[i].since > version)
            continue;
        if (!table_write(store, &store_tables[i], backup, &rows, err))
            return false;
        count->tables++;
        count->rows += rows;
    }
    count->bytes = backup_size(backup) + 1 + 32;
    return true;
}

static bool backup_body(struct store *store, void *context, struct err *err)
{
    struct backing *backing = context;
    struct backup_out *backup;
    uint32_t version;

    *backing->count = (struct store_count){0};
    if (!store_version(store, &version, err) ||
        !backup_out_open(backing->path, version, &backup, err))
        return false;
    if (all_write(store, version, backup, backing->count, err))
        return backup_out_commit(backup, err);
    backup_out_abandon(backup);
    return false;
}

bool store_backup(struct store *store, const char *path, struct store_count *count,
                  struct err *err)
{
    struct backing backing = {path, count};

    return store_read(store, backup_body, &backing, err);
}

/* ---- restore ---------------------------------------------------------------------------- */

struct restoring {
    struct store *store;
    const char *path;
    const char *force; /* or NULL: all */
    struct store_count *count;
    const struct table *table;
    struct bulk bulk;
    uint64_t forces;
};

static bool version_restore(void *context, uint32_t version, struct err *err)
{
    struct restoring *r = context;

    if (version > store_version_newest() || version < 1)
        return err_set(
            err, ERR_ENVIRONMENT,
            "%s has schema %u and this program knows %u: use a later program", r->path,
            version, store_version_newest());
    return migrations_apply(r->store, version, err);
}

static bool table_restore(void *context, const struct table *table, struct err *err)
{
    struct restoring *r = context;

    r->table = table;
    r->bulk = (struct bulk){table->insert, table->copy};
    r->count->tables++;
    return store_bulk_begin(r->store, &r->bulk, err);
}

static bool wanted(const struct restoring *r, const struct value *values)
{
    if (!r->force || r->table->force == OF_THE_STORE)
        return true;
    return r->table->force != OF_THE_LEDGER &&
           str_same(values[r->table->force].bytes, str_of(r->force));
}

static bool row_restore(void *context, const struct value *values, size_t count,
                        struct err *err)
{
    struct restoring *r = context;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped: nothing was restored");
    if (!wanted(r, values))
        return true;
    r->count->rows++;
    r->forces += strcmp(r->table->name, "forces") == 0;
    return store_bulk_row(r->store, values, count, err);
}

static bool table_end_restore(void *context, struct err *err)
{
    struct restoring *r = context;

    return store_bulk_end(r->store, err);
}

static bool file_restore(struct restoring *r, FILE *from, struct err *err)
{
    const struct backup_visit visit = {r, version_restore, table_restore, row_restore,
                                       table_end_restore};

    if (!backup_read(from, r->path, &visit, err))
        return false;
    r->count->bytes = (uint64_t)ftello(from);
    if (r->force && r->forces == 0)
        return err_set(err, ERR_NOT_FOUND, "%s holds no force %.64s", r->path,
                       r->force);
    return migrations_apply(r->store, store_version_newest(), err);
}

static bool restore_body(struct store *store, void *context, struct err *err)
{
    struct restoring *r = context;
    bool empty;

    *r->count = (struct store_count){0};
    r->forces = 0;
    if (!store->backend->empty(store, &empty, err))
        return false;
    if (!empty)
        return err_set(err, ERR_REFUSED, "%s is not empty: name a new place",
                       store->name);
    FILE *from = fopen(r->path, "rb");

    if (!from)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_INPUT,
                       "cannot read backup %s: %s", r->path, strerror(errno));
    bool ok = file_restore(r, from, err);

    fclose(from);
    return ok;
}

bool store_restore(struct store *store, const char *path, const char *force,
                   struct store_count *count, struct err *err)
{
    struct restoring restoring = {
        .store = store, .path = path, .force = force, .count = count};

    return store_alone(store, restore_body, &restoring, err);
}
