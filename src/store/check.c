/*
 * Is the store whole? The back end's own look, the migrations, every row and cell, and
 * what must hold between tables. Each fault is one line without personal data.
 */
#include "store/backend.h"
#include "store/tables.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct look {
    struct store *store;
    store_found *found;
    void *context;
    struct arena *arena;
    uint32_t version;
    bool sealed;
};

/* Each counts faults; `since` is the schema that has what it asks about. */
static const struct rule {
    uint32_t since;
    const char *fault;
    struct sql count;
} rules[] = {
    {2,
     "people whose last version is not kept",                   {"SELECT COUNT(*) FROM people p WHERE p.version <> COALESCE((SELECT MAX(v.version)"
      " FROM person_versions v WHERE v.force_id = p.force_id"
      " AND v.person_id = p.person_id), 0)"}                                           },
    {3,
     "hits ruled on without a ruling",                          {"SELECT COUNT(*) FROM hits h WHERE h.state = 'ruled' AND NOT EXISTS (SELECT 1"
      " FROM rulings r WHERE r.force_id = h.force_id AND r.hit_id = h.hit_id)"}               },
    {3,
     "rulings without a named person or reasons",               {"SELECT COUNT(*) FROM rulings WHERE length(trim(ruled_by)) = 0"
      " OR length(reasons) <= 45"}                                                 },
    {3,
     "effects without a ruling",                                {"SELECT COUNT(*) FROM effects e WHERE NOT EXISTS (SELECT 1 FROM rulings r"
      " WHERE r.force_id = e.force_id AND r.ruling_id = e.ruling_id)"}                              },
    {4,
     "entries missing from the ledger",                         {"SELECT COALESCE(MAX(seq), -1) + 1 - COUNT(*) FROM ledger_entries"}},
    {4,
     "entries of the ledger that do not follow the one before", {"SELECT COUNT(*) FROM ledger_entries e JOIN ledger_entries b ON b.seq = e.seq - 1"
      " WHERE e.previous <> b.hash"}                                 },
};

static void say(const struct look *look, const char *where, const char *what)
{
    char line[640];

    snprintf(line, sizeof(line), "%s: %s", where, what);
    look->found(look->context, line);
}

/* ---- rows and cells ------------------------------------------------------------------ */

static const char *column_name(const struct table *table, size_t at, char name[64])
{
    struct str rest = str_of(table->columns), part = {0};

    for (size_t i = 0; i <= at; i++)
        str_cut(&rest, ',', &part);
    part = str_trim(part);
    snprintf(name, 64, "%.*s", STR_ARG(part));
    return name;
}

/* True if the cell is as it should be; where there is a key, opened. */
static bool cell_good(const struct look *look, const struct table *table, size_t at,
                      const struct value *row)
{
    char column[64];
    struct cell cell = {table->name, column_name(table, at, column), row,
                        (size_t)table->key_count};
    struct str plain;
    struct err err;

    if (row[at].kind != VALUE_BYTES ||
        !cell_fits(row[at].bytes.at, row[at].bytes.len, look->sealed))
        return false;
    return !keys_are_open(look->store) ||
           store_unseal(look->store, &cell, row[at].bytes, look->arena, &plain, &err);
}

static uint64_t row_faults(const struct look *look, const struct table *table,
                           const struct rows *rows)
{
    struct value row[COLUMNS_MAX];
    size_t count = strlen(table->kinds);
    uint64_t faults = 0;

    assert(count <= COLUMNS_MAX);
    for (size_t i = 0; i < count; i++)
        row[i] = rows_value(rows, i);
    for (size_t i = 0; i < count; i++)
        faults += table->kinds[i] == 's' && !cell_good(look, table, i, row);
    arena_reset(look->arena);
    return faults;
}

/* A table that cannot be read is a fault, and no reason not to look at the others. */
static void table_look(const struct look *look, const struct table *table)
{
    struct rows *rows;
    struct err err;
    uint64_t bad = 0;
    bool more, ok;

    if (!store_scan(look->store, table->all, WITHOUT, &rows, &err)) {
        say(look, table->name, err.text);
        return;
    }
    while ((ok = rows_next(rows, &more, &err)) && more)
        bad += row_faults(look, table, rows);
    rows_done(rows);
    if (!ok)
        say(look, table->name, err.text);
    if (bad) {
        char what[96];

        snprintf(what, sizeof(what), "%llu cells that %s", (unsigned long long)bad,
                 keys_are_open(look->store) ? "do not open" : "have no right frame");
        say(look, table->name, what);
    }
}

static void rule_look(const struct look *look, const struct rule *rule)
{
    struct err err;
    int64_t count = 0;
    bool found;
    char what[64];

    if (!store_number(look->store, rule->count, WITHOUT, &count, &found, &err)) {
        say(look, rule->fault, err.text);
    } else if (count) {
        snprintf(what, sizeof(what), "%lld", (long long)count);
        say(look, rule->fault, what);
    }
}

bool store_check(struct store *store, store_found *found, void *context,
                 struct err *err)
{
    struct look look = {.store = store, .found = found, .context = context};

    if (!store_version(store, &look.version, err) ||
        !keys_sealed(store, &look.sealed, err) ||
        !store->backend->check(store, found, context, err) ||
        !migrations_check(store, found, context, err))
        return false;
    look.arena = arena_new();
    for (size_t i = 0; i < store_table_count; i++)
        if (store_tables[i].since <= look.version)
            table_look(&look, &store_tables[i]);
    for (size_t i = 0; i < COUNT(rules); i++)
        if (rules[i].since <= look.version)
            rule_look(&look, &rules[i]);
    arena_free(look.arena);
    return true;
}
