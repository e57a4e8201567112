/*
 * All SQL of the workforce.
 */
#include "workforce/inner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static struct value id_value(const struct known *known)
{
    return AS_TEXT(((struct str){known->person_id, STORE_ID_SIZE - 1}));
}

static struct value hash_value(const uint8_t hash[STORE_HASH_BYTES])
{
    return AS_BYTES(((struct str){(const char *)hash, STORE_HASH_BYTES}));
}

static struct value standing_value(bool here)
{
    return AS_TEXT(here ? STR("here") : STR("left"));
}

static struct value text_value(const char *text)
{
    return AS_TEXT(str_of(text));
}

/* ---- forces and imports -------------------------------------------------------------- */

bool force_put(struct store *store, const char *force, struct err *err)
{
    return store_run(store,
                     SQL("INSERT INTO forces (force_id, name, made_at) VALUES (?, ?, ?)"
                         " ON CONFLICT (force_id) DO NOTHING"),
                     WITH(text_value(force), text_value(force), AS_NUMBER(store_now())),
                     err);
}

bool import_begin(struct store *store, const struct stored_import *import,
                  struct err *err)
{
    return store_run(store,
                     SQL("INSERT INTO imports (force_id, import_id, kind, made_at, "
                         "row_count, joined,"
                         " changed, left_count, unchanged, set_aside, fields)"
                         " VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)"),
                     WITH(text_value(import->force), text_value(import->id),
                          text_value(import->kind), AS_NUMBER(import->made_at),
                          text_value(import->fields)),
                     err);
}

bool import_end(struct store *store, const struct stored_import *import,
                const struct workforce_force *force, uint64_t set_aside,
                struct err *err)
{
    return store_run(
        store,
        SQL("UPDATE imports SET row_count = ?, joined = ?, changed = ?, left_count = ?,"
            " unchanged = ?, set_aside = ? WHERE force_id = ? AND import_id = ?"),
        WITH(AS_NUMBER((int64_t)force->rows), AS_NUMBER((int64_t)force->joined),
             AS_NUMBER((int64_t)force->changed), AS_NUMBER((int64_t)force->left),
             AS_NUMBER((int64_t)force->unchanged), AS_NUMBER((int64_t)set_aside),
             text_value(import->force), text_value(import->id)),
        err);
}

/* One text of one row, in the arena; empty without a row. */
static bool text_ask(struct store *store, struct sql sql, const struct value *values,
                     size_t count, struct arena *arena, struct str *text,
                     struct err *err)
{
    struct rows *rows;
    bool more;

    *text = (struct str){"", 0};
    if (!store_ask(store, sql, values, count, &rows, err))
        return false;
    bool ok = rows_next(rows, &more, err);

    if (ok && more) {
        struct str found = rows_text(rows, 0);

        *text = (struct str){arena_copy(arena, found), found.len};
    }
    rows_done(rows);
    return ok;
}

bool import_last_fields(struct store *store, const char *force, struct arena *arena,
                        struct str *fields, struct err *err)
{
    return text_ask(store,
                    SQL("SELECT fields FROM imports WHERE force_id = ?"
                        " ORDER BY made_at DESC, import_id DESC LIMIT 1"),
                    WITH(text_value(force)), arena, fields, err);
}

/* ---- everybody ------------------------------------------------------------------------- */

static void known_read(const struct rows *rows, struct known *known)
{
    struct str source = rows_text(rows, 1), id = rows_text(rows, 2);
    struct str facts = rows_text(rows, 4);

    *known = (struct known){.used = true,
                            .version = rows_number(rows, 3),
                            .here = str_same(rows_text(rows, 5), STR("here"))};
    assert(source.len == STORE_HASH_BYTES && facts.len == STORE_HASH_BYTES); /* CHECK */
    memcpy(known->source, source.at, STORE_HASH_BYTES);
    memcpy(known->facts, facts.at, STORE_HASH_BYTES);
    snprintf(known->person_id, sizeof(known->person_id), "%.*s", STR_ARG(id));
}

bool people_each(struct store *store, const char *force,
                 void (*see)(void *context, struct str force_id,
                             const struct known *known),
                 void *context, struct err *err)
{
    struct sql all = SQL("SELECT force_id, source_hash, person_id, version, facts_hash,"
                         " standing FROM people");
    struct sql one = SQL("SELECT force_id, source_hash, person_id, version, facts_hash,"
                         " standing FROM people WHERE force_id = ?");
    struct value id = text_value(force ? force : "");
    struct rows *rows;
    struct known known;
    bool more, ok;

    if (!store_scan(store, force ? one : all, &id, force ? 1 : 0, &rows, err))
        return false;
    while ((ok = rows_next(rows, &more, err)) && more) {
        known_read(rows, &known);
        see(context, rows_text(rows, 0), &known);
    }
    rows_done(rows);
    return ok;
}

/* ---- one person and its versions ----------------------------------------------------------- */

static bool version_put(struct store *store, const struct stored_person *person,
                        struct arena *arena, struct err *err)
{
    const struct known *known = person->known;
    const struct value keys[] = {text_value(person->force), id_value(known),
                                 AS_NUMBER(known->version)};
    const struct cell cell = {"person_versions", "facts", keys, COUNT(keys)};
    struct str facts;

    return store_seal(store, &cell, person->facts, arena, &facts, err) &&
           store_send(store,
                      SQL("INSERT INTO person_versions (force_id, person_id, version,"
                          " import_id, standing, facts) VALUES (?, ?, ?, ?, ?, ?)"),
                      WITH(keys[0], keys[1], keys[2], text_value(person->import_id),
                           standing_value(known->here), AS_BYTES(facts)),
                      err);
}

static bool person_add(struct store *store, const struct stored_person *person,
                       struct arena *arena, struct err *err)
{
    const struct known *known = person->known;
    const struct value keys[] = {text_value(person->force), id_value(known)};
    const struct cell cell = {"people", "source_id", keys, COUNT(keys)};
    struct value import_id = text_value(person->import_id);
    struct str source_id;

    return store_seal(store, &cell, person->source_id, arena, &source_id, err) &&
           store_send(store,
                      SQL("INSERT INTO people (force_id, person_id, source_hash,"
                          " source_id, kind, standing, version, facts_hash,"
                          " first_import, last_import)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                      WITH(keys[0], keys[1], hash_value(known->source),
                           AS_BYTES(source_id), text_value(person->kind),
                           standing_value(known->here), AS_NUMBER(known->version),
                           hash_value(known->facts), import_id, import_id),
                      err);
}

bool person_put(struct store *store, const struct stored_person *person,
                struct arena *arena, struct err *err)
{
    const struct known *known = person->known;
    bool ok =
        person->fresh
            ? person_add(store, person, arena, err)
            : store_send(store,
                         SQL("UPDATE people SET kind = ?, standing = ?, version = ?,"
                             " facts_hash = ?, last_import = ?"
                             " WHERE force_id = ? AND person_id = ?"),
                         WITH(text_value(person->kind), standing_value(known->here),
                              AS_NUMBER(known->version), hash_value(known->facts),
                              text_value(person->import_id), text_value(person->force),
                              id_value(known)),
                         err);

    return ok && version_put(store, person, arena, err);
}

bool person_last_facts(struct store *store, const char *force,
                       const struct known *known, struct arena *arena,
                       struct str *facts, struct err *err)
{
    const struct value keys[] = {text_value(force), id_value(known),
                                 AS_NUMBER(known->version)};
    const struct cell cell = {"person_versions", "facts", keys, COUNT(keys)};
    struct str sealed;

    return text_ask(store,
                    SQL("SELECT facts FROM person_versions"
                        " WHERE force_id = ? AND person_id = ? AND version = ?"),
                    keys, COUNT(keys), arena, &sealed, err) &&
           store_unseal(store, &cell, sealed, arena, facts, err);
}

bool person_leaves(struct store *store, const struct stored_person *person,
                   int32_t today, struct arena *arena, struct err *err)
{
    const struct known *known = person->known;
    struct value force = text_value(person->force), id = id_value(known);

    return store_send(store,
                      SQL("UPDATE people SET standing = ?, version = ?, facts_hash = ?,"
                          " last_import = ? WHERE force_id = ? AND person_id = ?"),
                      WITH(standing_value(false), AS_NUMBER(known->version),
                           hash_value(known->facts), text_value(person->import_id),
                           force, id),
                      err) &&
           store_send(store,
                      SQL("UPDATE employments SET to_day ="
                          " CASE WHEN from_day > ? THEN from_day ELSE ? END"
                          " WHERE force_id = ? AND person_id = ? AND to_day = 0"),
                      WITH(AS_NUMBER(today), AS_NUMBER(today), force, id), err) &&
           version_put(store, person, arena, err);
}

/* ---- names and addresses ---------------------------------------------------------------------- */

static const struct period_sql {
    const char *table, *column;
    struct sql open, put, end;
} period_sqls[] = {
    [PERIOD_NAMES] =
        {"person_names",
                        "name",    {"SELECT name_hash, from_day, kind FROM person_names"
          " WHERE force_id = ? AND person_id = ? AND to_day = 0"},
                        {"INSERT INTO person_names"
          " (force_id, person_id, name_hash, from_day, to_day, kind, name)"
          " VALUES (?, ?, ?, ?, 0, ?, ?)"
          " ON CONFLICT (force_id, person_id, name_hash, from_day)"
          " DO UPDATE SET to_day = 0, kind = excluded.kind, name = excluded.name"},
                        {"UPDATE person_names SET to_day = ?"
          " WHERE force_id = ? AND person_id = ? AND name_hash = ? AND from_day = ?"}},
    [PERIOD_ADDRESSES] =
        {"person_addresses",
                        "address", {"SELECT address_hash, from_day, kind FROM person_addresses"
          " WHERE force_id = ? AND person_id = ? AND to_day = 0"},
                        {"INSERT INTO person_addresses"
          " (force_id, person_id, address_hash, from_day, to_day, kind, address)"
          " VALUES (?, ?, ?, ?, 0, ?, ?)"
          " ON CONFLICT (force_id, person_id, address_hash, from_day)"
          " DO UPDATE SET to_day = 0, kind = excluded.kind, address = "
          "excluded.address"},
                        {"UPDATE person_addresses SET to_day = ?"
          " WHERE force_id = ? AND person_id = ? AND address_hash = ?"
          " AND from_day = ?"}                                                       },
};

/* One in force, as the store has it. */
struct open_period {
    uint8_t hash[STORE_HASH_BYTES];
    int64_t from;
    bool given; /* by the row too */
};

static bool periods_open(struct store *store, const struct period_sql *sql,
                         const struct stored_person *person, struct arena *arena,
                         struct open_period **result, size_t *count, struct err *err)
{
    struct open_period *periods = NULL;
    size_t room = 0;
    struct rows *rows;
    bool more, ok;

    *count = 0;
    if (!store_ask(store, sql->open,
                   WITH(text_value(person->force), id_value(person->known)), &rows,
                   err))
        return false;
    while ((ok = rows_next(rows, &more, err)) && more) {
        if (*count == room) {
            struct open_period *longer;

            room = room ? 2 * room : 16;
            longer = arena_alloc(arena, room * sizeof(*longer));
            if (*count)
                memcpy(longer, periods, *count * sizeof(*longer));
            periods = longer;
        }
        memcpy(periods[*count].hash, rows_text(rows, 0).at, STORE_HASH_BYTES);
        periods[(*count)++].from = rows_number(rows, 1);
    }
    rows_done(rows);
    *result = periods;
    return ok;
}

static bool period_begin(struct store *store, const struct period_sql *sql,
                         const struct stored_person *person,
                         const struct period *period, int64_t from, struct arena *arena,
                         struct err *err)
{
    const struct value keys[] = {text_value(person->force), id_value(person->known),
                                 hash_value(period->hash), AS_NUMBER(from)};
    const struct cell cell = {sql->table, sql->column, keys, COUNT(keys)};
    struct str sealed;

    return store_seal(store, &cell, period->text, arena, &sealed, err) &&
           store_send(store, sql->put,
                      WITH(keys[0], keys[1], keys[2], keys[3], text_value(period->kind),
                           AS_BYTES(sealed)),
                      err);
}

static bool period_end(struct store *store, const struct period_sql *sql,
                       const struct stored_person *person,
                       const struct open_period *period, int32_t today, struct err *err)
{
    int64_t to = period->from > today ? period->from : today;

    return store_send(store, sql->end,
                      WITH(AS_NUMBER(to), text_value(person->force),
                           id_value(person->known), hash_value(period->hash),
                           AS_NUMBER(period->from)),
                      err);
}

bool periods_put(struct store *store, enum period_table table,
                 const struct stored_person *person, struct period *periods,
                 size_t count, int32_t today, struct arena *arena, struct err *err)
{
    const struct period_sql *sql = &period_sqls[table];
    struct open_period *open = NULL;
    size_t open_count = 0;

    if (!person->fresh &&
        !periods_open(store, sql, person, arena, &open, &open_count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t from =
            person->fresh ? 0 : today; /* of old ones nobody said since when */

        if (!store_hash(store, sql->table, periods[i].text, periods[i].hash, err))
            return false;
        for (size_t k = 0; k < open_count; k++)
            if (memcmp(open[k].hash, periods[i].hash, STORE_HASH_BYTES) == 0) {
                open[k].given = true;
                from = open[k].from;
            }
        if (!period_begin(store, sql, person, &periods[i], from, arena, err))
            return false;
    }
    for (size_t k = 0; k < open_count; k++)
        if (!open[k].given && !period_end(store, sql, person, &open[k], today, err))
            return false;
    return true;
}

/* ---- employment ------------------------------------------------------------------------------- */

/* An id that follows from the texts: nothing has to be looked up. */
static bool id_of(struct store *store, const char *what, const char *force,
                  struct str unit, struct str post, struct arena *arena,
                  char id[STORE_ID_SIZE], struct err *err)
{
    uint8_t hash[STORE_HASH_BYTES];
    size_t force_size = strlen(force) + 1, len = force_size + unit.len + 1 + post.len;
    char *text = arena_alloc(arena, len + 1);

    memcpy(text, force, force_size);
    if (unit.len)
        memcpy(text + force_size, unit.at, unit.len);
    if (post.len)
        memcpy(text + force_size + unit.len + 1, post.at, post.len);
    if (!store_hash(store, what, (struct str){text, len}, hash, err))
        return false;
    for (int i = 0; i < (STORE_ID_SIZE - 1) / 2; i++)
        snprintf(id + 2 * i, 3, "%02x", hash[i]);
    return true;
}

static bool post_put(struct store *store, const char *force, const struct row *row,
                     struct arena *arena, char post_id[STORE_ID_SIZE], struct err *err)
{
    char unit_id[STORE_ID_SIZE];
    const struct str none = {"", 0};
    struct str unit = row->unit.len ? row->unit : none;
    struct str post = row->post.len ? row->post : none;

    return id_of(store, "units", force, unit, none, arena, unit_id, err) &&
           id_of(store, "posts", force, unit, post, arena, post_id, err) &&
           store_send(store,
                      SQL("INSERT INTO units (force_id, unit_id, name) VALUES (?, ?, ?)"
                          " ON CONFLICT (force_id, unit_id) DO NOTHING"),
                      WITH(text_value(force), text_value(unit_id), AS_TEXT(unit)),
                      err) &&
           store_send(store,
                      SQL("INSERT INTO posts (force_id, post_id, unit_id, title)"
                          " VALUES (?, ?, ?, ?)"
                          " ON CONFLICT (force_id, post_id) DO NOTHING"),
                      WITH(text_value(force), text_value(post_id), text_value(unit_id),
                           AS_TEXT(post)),
                      err);
}

/* What was going on and is not what the row says ends where the new one begins. */
static bool others_end(struct store *store, const struct stored_person *person,
                       const struct row *row, const char *post_id, int32_t today,
                       struct err *err)
{
    int64_t to = row->start ? row->start : today;

    return store_send(store,
                      SQL("UPDATE employments SET to_day ="
                          " CASE WHEN from_day > ? THEN from_day ELSE ? END"
                          " WHERE force_id = ? AND person_id = ? AND to_day = 0"
                          " AND NOT (from_day = ? AND post_id = ? AND kind = ?)"),
                      WITH(AS_NUMBER(to), AS_NUMBER(to), text_value(person->force),
                           id_value(person->known), AS_NUMBER(row->start),
                           text_value(post_id), text_value(row->kind)),
                      err);
}

bool employment_put(struct store *store, const struct stored_person *person,
                    const struct row *row, int32_t today, struct arena *arena,
                    struct err *err)
{
    char post_id[STORE_ID_SIZE];

    return post_put(store, person->force, row, arena, post_id, err) &&
           (person->fresh || others_end(store, person, row, post_id, today, err)) &&
           store_send(store,
                      SQL("INSERT INTO employments"
                          " (force_id, person_id, from_day, post_id, kind, to_day)"
                          " VALUES (?, ?, ?, ?, ?, ?)"
                          " ON CONFLICT (force_id, person_id, from_day, post_id, kind)"
                          " DO UPDATE SET to_day = excluded.to_day"),
                      WITH(text_value(person->force), id_value(person->known),
                           AS_NUMBER(row->start), text_value(post_id),
                           text_value(row->kind), AS_NUMBER(row->leave)),
                      err);
}
