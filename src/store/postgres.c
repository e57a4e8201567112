/*
 * The store on a server: PostgreSQL 15 or later through libpq. Many rows go by COPY,
 * statements whose answer can wait through the pipeline.
 */
#include "store/backend.h"

#include <assert.h>
#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERSION_LEAST = 150000,
    VALUES_MAX = 64,   /* of one statement */
    PENDING_MAX = 256, /* sent before results are read: more, and both sides stall */
    COPY_BYTES = 1 << 16,
};

/* Types of columns, from the server's catalogue (pg_type.dat). */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTES = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23
};

struct prepared {
    const char *text; /* the caller's constant: found again by its address */
    char name[16];
};

struct postgres_store {
    struct store base;
    PGconn *connection;
    struct prepared *prepared;
    size_t prepared_count;
    size_t pending; /* sent and not answered */
    bool copying;
    size_t copy_used;
    char copy[COPY_BYTES];
};

struct postgres_rows {
    struct rows base;
    struct postgres_store *store;
    PGresult *result; /* all rows, or the one scanned */
    int at;           /* row in it; -1 before the first */
};

static struct postgres_store *own(struct store *store)
{
    return (struct postgres_store *)store; /* base is its first member */
}

/* ---- errors --------------------------------------------------------------------------- */

/* What to do, by SQLSTATE; the first whose letters it begins with. */
static const struct advice {
    const char *state;
    enum err_code err;
    bool conflict;
    const char *text;
} advices[] = {
    {"40001", ERR_ENVIRONMENT, true,  "another program was in the way: try again"       },
    {"40P01", ERR_ENVIRONMENT, true,  "another program was in the way: try again"       },
    {"23",    ERR_REFUSED,     false, "the store does not allow it"                     },
    {"22",    ERR_INPUT,       false, "a value does not fit"                            },
    {"25006", ERR_ENVIRONMENT, false, "the server is read-only: use the primary"        },
    {"28",    ERR_ENVIRONMENT, false,
     "the server refuses the user: check the URL and pg_hba.conf"                       },
    {"3D",    ERR_ENVIRONMENT, false, "there is no such database: createdb makes one"   },
    {"42501", ERR_ENVIRONMENT, false,
     "the user may not do this: grant it on the database and schema"                    },
    {"53100", ERR_ENVIRONMENT, false, "the server's disk is full: nothing was changed"  },
    {"53300", ERR_ENVIRONMENT, false,
     "the server has no connection free: try again later"                               },
    {"57",    ERR_ENVIRONMENT, false, "the server stopped: try again once it is back"   },
    {"XX",    ERR_ENVIRONMENT, false, "the server's files are damaged: restore a backup"},
};

static bool fail_lost(struct postgres_store *s, struct err *err)
{
    return err_set(err, ERR_ENVIRONMENT,
                   "store %s: the connection broke; try again once the server is back, "
                   "doing it twice is harmless",
                   s->base.name);
}

/* The server's details can hold values: only its code, constraint and short message for
 * what is no value are shown. */
static bool fail_with(struct postgres_store *s, const PGresult *result, struct err *err)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    if (!state)
        return fail_lost(s, err);
    for (const struct advice *a = advices; a < advices + COUNT(advices); a++) {
        if (strncmp(state, a->state, strlen(a->state)) != 0)
            continue;
        s->base.conflict = s->base.conflict || a->conflict;
        return err_set(err, a->err, "store %s: %s (%s%s%s)", s->base.name, a->text,
                       state, constraint ? " " : "", constraint ? constraint : "");
    }
    return err_set(err, ERR_ENVIRONMENT, "store %s: %s (%s)", s->base.name,
                   message ? message : "failed", state);
}

/* Takes the result; true if it is what a statement gives that worked. */
static bool result_done(struct postgres_store *s, PGresult *result, struct err *err)
{
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!ok)
        fail_with(s, result, err);
    else
        s->base.changed = strtoull(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return ok;
}

/* Reads the answers to what was sent; the first failure counts. */
static bool settle(struct postgres_store *s, struct err *err)
{
    bool ok = true, synced = false;

    if (!s->pending)
        return true;
    s->pending = 0;
    if (!PQpipelineSync(s->connection))
        return fail_lost(s, err);
    while (!synced) {
        PGresult *result = PQgetResult(s->connection);

        if (!result) {
            if (PQstatus(s->connection) != CONNECTION_OK)
                return ok ? fail_lost(s, err) : false;
            continue; /* between the answers of two statements */
        }
        synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (synced || !ok)
            PQclear(result);
        else
            ok = result_done(s, result, err);
    }
    if (!PQexitPipelineMode(s->connection))
        return ok ? fail_lost(s, err) : false;
    return ok;
}

static bool execute(struct postgres_store *s, const char *text, struct err *err)
{
    return settle(s, err) && result_done(s, PQexec(s->connection, text), err);
}

/* ---- opening ---------------------------------------------------------------------------- */

static void postgres_close(struct store *store)
{
    struct postgres_store *s = own(store);

    PQfinish(s->connection);
    free(s->prepared);
    free(s);
}

static void notice_unheard(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static bool server_fits(struct postgres_store *s, struct err *err)
{
    const char *encoding = PQparameterStatus(s->connection, "server_encoding");

    if (PQserverVersion(s->connection) < VERSION_LEAST)
        return err_set(err, ERR_ENVIRONMENT,
                       "store %s: the server is version %d, at least 15 is needed",
                       s->base.name, PQserverVersion(s->connection) / 10000);
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "store %s: the database is not in UTF8; createdb -E UTF8 -T "
                       "template0 makes one",
                       s->base.name);
    return true;
}

/* A server set to lose the last commits in a power cut is told not to with ours. */
static bool settings_make(struct postgres_store *s, struct err *err)
{
    return PQsetClientEncoding(s->connection, "UTF8") == 0
               ? execute(s,
                         "SELECT set_config('synchronous_commit', 'on', false)"
                         " WHERE current_setting('synchronous_commit') = 'off'",
                         err)
               : fail_lost(s, err);
}

static bool postgres_open(const char *url, enum store_mode mode, struct store **store,
                          struct err *err)
{
    struct postgres_store *s = memory_new(1, sizeof(*s));

    (void)mode;
    s->base.backend = &postgres_backend;
    s->connection = PQconnectdb(url);
    if (PQstatus(s->connection) != CONNECTION_OK) {
        const char *why = PQerrorMessage(s->connection);

        err_set(err, ERR_ENVIRONMENT, "cannot reach the store's server: %.*s",
                (int)strcspn(why, "\n"), why);
    } else {
        PQsetNoticeReceiver(s->connection, notice_unheard, NULL);
        snprintf(s->base.name, sizeof(s->base.name), "postgres://%s/%s",
                 PQhost(s->connection), PQdb(s->connection));
        if (server_fits(s, err) && settings_make(s, err)) {
            *store = &s->base;
            return true;
        }
    }
    postgres_close(&s->base);
    return false;
}

/* ---- statements ---------------------------------------------------------------------------- */

static bool prepare(struct postgres_store *s, const char *text, const char **name,
                    struct err *err)
{
    for (size_t i = 0; i < s->prepared_count; i++)
        if (s->prepared[i].text == text) {
            *name = s->prepared[i].name;
            return true;
        }

    struct prepared prepared = {.text = text};
    char *numbered = sql_numbered(text);

    snprintf(prepared.name, sizeof(prepared.name), "s%zu", s->prepared_count);
    bool ok =
        settle(s, err) &&
        result_done(s, PQprepare(s->connection, prepared.name, numbered, 0, NULL), err);

    free(numbered);
    if (!ok)
        return false;
    s->prepared = memory_grow(s->prepared, s->prepared_count + 1, sizeof(*s->prepared));
    s->prepared[s->prepared_count++] = prepared;
    *name = s->prepared[s->prepared_count - 1].name;
    return true;
}

/* Values as libpq wants them: numbers as text, for the server knows the column's type. */
struct parameters {
    const char *values[VALUES_MAX];
    int lengths[VALUES_MAX];
    int formats[VALUES_MAX];
    char numbers[VALUES_MAX][24];
};

static void parameters_make(const struct value *values, size_t count,
                            struct parameters *p)
{
    assert(count <= VALUES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &values[i];

        p->lengths[i] = (int)value->bytes.len;
        p->formats[i] = value->kind != VALUE_NUMBER;
        p->values[i] = value->bytes.at ? value->bytes.at : "";
        if (value->kind == VALUE_NONE)
            p->values[i] = NULL;
        if (value->kind != VALUE_NUMBER)
            continue;
        snprintf(p->numbers[i], sizeof(p->numbers[i]), "%lld",
                 (long long)value->number);
        p->values[i] = p->numbers[i];
    }
}

static bool postgres_run(struct store *store, const char *text,
                         const struct value *values, size_t count, struct err *err)
{
    struct postgres_store *s = own(store);
    struct parameters p;
    const char *name;

    if (!prepare(s, text, &name, err) || !settle(s, err))
        return false;
    parameters_make(values, count, &p);
    return result_done(s,
                       PQexecPrepared(s->connection, name, (int)count, p.values,
                                      p.lengths, p.formats, 1),
                       err);
}

static bool postgres_send(struct store *store, const char *text,
                          const struct value *values, size_t count, struct err *err)
{
    struct postgres_store *s = own(store);
    struct parameters p;
    const char *name;

    if (!prepare(s, text, &name, err))
        return false;
    if (!s->pending && !PQenterPipelineMode(s->connection))
        return fail_lost(s, err);
    parameters_make(values, count, &p);
    s->pending++;
    if (!PQsendQueryPrepared(s->connection, name, (int)count, p.values, p.lengths,
                             p.formats, 1))
        return fail_lost(s, err);
    return s->pending < PENDING_MAX || settle(s, err);
}

static bool scan_start(struct postgres_store *s, const char *name,
                       const struct parameters *p, size_t count, struct err *err)
{
    return (PQsendQueryPrepared(s->connection, name, (int)count, p->values, p->lengths,
                                p->formats, 1) &&
            PQsetSingleRowMode(s->connection)) ||
           fail_lost(s, err);
}

static bool postgres_ask(struct store *store, const char *text,
                         const struct value *values, size_t count, bool scan,
                         struct rows **result, struct err *err)
{
    struct postgres_store *s = own(store);
    struct parameters p;
    const char *name;
    PGresult *all = NULL;

    if (!prepare(s, text, &name, err) || !settle(s, err))
        return false;
    parameters_make(values, count, &p);
    if (scan) {
        if (!scan_start(s, name, &p, count, err))
            return false;
    } else {
        all = PQexecPrepared(s->connection, name, (int)count, p.values, p.lengths,
                             p.formats, 1);
        if (PQresultStatus(all) != PGRES_TUPLES_OK) {
            fail_with(s, all, err);
            PQclear(all);
            return false;
        }
    }

    struct postgres_rows *rows = memory_new(1, sizeof(*rows));

    rows->store = s;
    rows->result = all;
    rows->at = -1;
    *result = &rows->base;
    return true;
}

/* One by one each row is a result of its own, and an empty one ends them. */
static bool scan_next(struct postgres_rows *rows, bool *more, struct err *err)
{
    PQclear(rows->result);
    rows->result = PQgetResult(rows->store->connection);
    rows->at = 0;

    ExecStatusType status = PQresultStatus(rows->result);

    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK)
        return fail_with(rows->store, rows->result, err);
    *more = status == PGRES_SINGLE_TUPLE;
    return true;
}

static bool postgres_next(struct rows *base, bool *more, struct err *err)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;

    if (base->scanning)
        return scan_next(rows, more, err);
    rows->at++;
    *more = rows->at < PQntuples(rows->result);
    return true;
}

static int64_t number_of(const char *bytes, int size)
{
    uint64_t number = 0;

    for (int i = 0; i < size; i++)
        number = number << 8 | (uint8_t)bytes[i];
    if (size == 2)
        return (int16_t)number;
    if (size == 4)
        return (int32_t)number;
    return (int64_t)number;
}

static struct value postgres_value(const struct rows *base, size_t column)
{
    const struct postgres_rows *rows = (const struct postgres_rows *)base;
    int at = (int)column;

    assert(at < PQnfields(rows->result));
    if (PQgetisnull(rows->result, rows->at, at))
        return AS_NONE;

    const char *bytes = PQgetvalue(rows->result, rows->at, at);
    int size = PQgetlength(rows->result, rows->at, at);
    struct str view = {bytes, (size_t)size};

    switch (PQftype(rows->result, at)) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
        return AS_NUMBER(number_of(bytes, size));
    case TYPE_BYTES:
        return AS_BYTES(view);
    default:
        return AS_TEXT(view); /* sums are numeric unless CAST: store.h */
    }
}

static void postgres_done(struct rows *base)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;

    PQclear(rows->result);
    if (base->scanning) {
        PGresult *left;

        while ((left = PQgetResult(rows->store->connection)))
            PQclear(left);
    }
    free(rows);
}

/* ---- COPY: binary rows of 16-bit field counts and 32-bit lengths ----------------------- */

static bool copy_flush(struct postgres_store *s, struct err *err)
{
    size_t used = s->copy_used;

    s->copy_used = 0;
    return used == 0 || PQputCopyData(s->connection, s->copy, (int)used) == 1 ||
           fail_lost(s, err);
}

static bool copy_bytes(struct postgres_store *s, const void *bytes, size_t size,
                       struct err *err)
{
    if (size > COPY_BYTES - s->copy_used && !copy_flush(s, err))
        return false;
    if (size > COPY_BYTES) /* in one piece: values are at most tens of megabytes */
        return PQputCopyData(s->connection, bytes, (int)size) == 1 || fail_lost(s, err);
    if (size)
        memcpy(s->copy + s->copy_used, bytes, size);
    s->copy_used += size;
    return true;
}

static bool copy_value(struct postgres_store *s, const struct value *value,
                       struct err *err)
{
    uint64_t number = htobe64((uint64_t)value->number);
    bool is_number = value->kind == VALUE_NUMBER;
    size_t size = is_number ? sizeof(number) : value->bytes.len;
    uint32_t length = htobe32(value->kind == VALUE_NONE ? UINT32_MAX : (uint32_t)size);

    return copy_bytes(s, &length, sizeof(length), err) &&
           (value->kind == VALUE_NONE ||
            copy_bytes(s, is_number ? (const void *)&number : value->bytes.at, size,
                       err));
}

static bool postgres_bulk_begin(struct store *store, const struct bulk *bulk,
                                struct err *err)
{
    static const char head[19] =
        "PGCOPY\n\377\r\n"; /* a zero, flags, extension: none */
    struct postgres_store *s = own(store);

    if (!settle(s, err))
        return false;
    PGresult *result = PQexec(s->connection, bulk->copy.text);

    if (PQresultStatus(result) != PGRES_COPY_IN) {
        fail_with(s, result, err);
        PQclear(result);
        return false;
    }
    PQclear(result);
    s->copying = true;
    s->copy_used = 0;
    return copy_bytes(s, head, sizeof(head), err);
}

static bool postgres_bulk_row(struct store *store, const struct value *values,
                              size_t count, struct err *err)
{
    struct postgres_store *s = own(store);
    uint16_t fields = htobe16((uint16_t)count);

    if (!copy_bytes(s, &fields, sizeof(fields), err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_value(s, &values[i], err))
            return false;
    return true;
}

/* Ends COPY; with `why` the server undoes it. */
static bool copy_end(struct postgres_store *s, const char *why, struct err *err)
{
    bool ok = true;
    PGresult *result;

    s->copying = false;
    if (PQputCopyEnd(s->connection, why) != 1)
        return fail_lost(s, err);
    while ((result = PQgetResult(s->connection)))
        if (ok)
            ok = result_done(s, result, err);
        else
            PQclear(result);
    return ok;
}

static bool postgres_bulk_end(struct store *store, struct err *err)
{
    struct postgres_store *s = own(store);
    uint16_t last = htobe16(UINT16_MAX);

    return copy_bytes(s, &last, sizeof(last), err) && copy_flush(s, err) &&
           copy_end(s, NULL, err);
}

/* ---- transactions ------------------------------------------------------------------------- */

static bool postgres_begin(struct store *store, enum hold hold, struct err *err)
{
    static const char *const begins[] = {
        [HOLD_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [HOLD_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
        /* read committed: what was done while waiting for the lock is seen */
        [HOLD_ALONE] = "BEGIN ISOLATION LEVEL READ COMMITTED",
    };
    struct postgres_store *s = own(store);

    if (!execute(s, begins[hold], err))
        return false;
    if (hold != HOLD_ALONE)
        return true;
    if (execute(s, "SELECT pg_advisory_xact_lock(7161894236480593774)", err))
        return true;
    PQclear(PQexec(s->connection, "ROLLBACK"));
    return false;
}

/* A transaction that failed before answers COMMIT with a rollback. */
static bool commit_all(struct postgres_store *s, struct err *err)
{
    if (!settle(s, err))
        return false;
    PGresult *result = PQexec(s->connection, "COMMIT");

    if (PQresultStatus(result) == PGRES_COMMAND_OK &&
        strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        PQclear(result);
        return err_set(err, ERR_ENVIRONMENT,
                       "store %s: the transaction had failed before its end",
                       s->base.name);
    }
    return result_done(s, result, err);
}

static bool postgres_end(struct store *store, bool commit, struct err *err)
{
    struct postgres_store *s = own(store);
    struct err undo;

    if (commit && commit_all(s, err))
        return true;
    if (s->copying)
        copy_end(s, "stopped", &undo);
    settle(s, &undo);
    if (PQtransactionStatus(s->connection) != PQTRANS_IDLE)
        PQclear(PQexec(s->connection, "ROLLBACK"));
    return !commit;
}

static bool postgres_script(struct store *store, const char *text, struct err *err)
{
    char *translated = sql_postgres_schema(text);
    bool ok = execute(own(store), translated, err);

    free(translated);
    return ok;
}

/* ---- looking ---------------------------------------------------------------------------------- */

static bool counts_any(struct store *store, struct sql sql, bool *any, struct err *err)
{
    int64_t count = 0;
    bool found;

    if (!store_number(store, sql, WITHOUT, &count, &found, err))
        return false;
    *any = count > 0;
    return true;
}

static bool postgres_empty(struct store *store, bool *empty, struct err *err)
{
    bool any;

    if (!counts_any(store,
                    SQL("SELECT COUNT(*) FROM pg_catalog.pg_class"
                        " WHERE relnamespace = current_schema()::regnamespace"),
                    &any, err))
        return false;
    *empty = !any;
    return true;
}

static bool postgres_has_versions(struct store *store, bool *has, struct err *err)
{
    return counts_any(store,
                      SQL("SELECT COUNT(*) FROM pg_catalog.pg_class"
                          " WHERE oid = to_regclass('schema_versions')"),
                      has, err);
}

/* The server checks references as they are made, but a superuser can switch that off. */
static bool postgres_check(struct store *store, store_found *found, void *context,
                           struct err *err)
{
    struct rows *rows;
    bool more, ok;

    if (!store_ask(store,
                   SQL("SELECT 'constraint ' || conname || ' was never checked'"
                       " FROM pg_catalog.pg_constraint WHERE NOT convalidated"
                       " AND connamespace = current_schema()::regnamespace"
                       " UNION ALL SELECT 'triggers of ' || c.relname || ' are off'"
                       " FROM pg_catalog.pg_trigger t"
                       " JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid"
                       " WHERE t.tgenabled = 'D'"
                       " AND c.relnamespace = current_schema()::regnamespace"
                       " UNION ALL SELECT 'index ' || c.relname || ' is not valid'"
                       " FROM pg_catalog.pg_index i"
                       " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                       " WHERE NOT i.indisvalid"
                       " AND c.relnamespace = current_schema()::regnamespace"),
                   WITHOUT, &rows, err))
        return false;
    while ((ok = rows_next(rows, &more, err)) && more) {
        char line[256];

        snprintf(line, sizeof(line), "references: %.*s", STR_ARG(rows_text(rows, 0)));
        found(context, line);
    }
    rows_done(rows);
    return ok;
}

const struct backend postgres_backend = {
    .name = "postgres",
    .open = postgres_open,
    .close = postgres_close,
    .begin = postgres_begin,
    .end = postgres_end,
    .run = postgres_run,
    .send = postgres_send,
    .ask = postgres_ask,
    .next = postgres_next,
    .value = postgres_value,
    .done = postgres_done,
    .bulk_begin = postgres_bulk_begin,
    .bulk_row = postgres_bulk_row,
    .bulk_end = postgres_bulk_end,
    .script = postgres_script,
    .empty = postgres_empty,
    .has_versions = postgres_has_versions,
    .check = postgres_check,
};
