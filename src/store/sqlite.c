/*
 * The store in one file: SQLite, write-ahead log, every commit on disk before it counts.
 */
#include "store/backend.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* synchronous=FULL: what was acknowledged survives a power cut. secure_delete: what was
 * erased is not in the file. trusted_schema: a strange file runs no functions of ours. */
static const char opening[] = "PRAGMA busy_timeout = 5000;"
                              "PRAGMA trusted_schema = OFF;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA cell_size_check = ON;"
                              "PRAGMA cache_size = -65536;" /* 64 MiB */
                              "PRAGMA journal_size_limit = 67108864;";

struct prepared {
    const char *text; /* the caller's constant: found again by its address */
    sqlite3_stmt *statement;
    bool busy;
};

struct sqlite_store {
    struct store base;
    sqlite3 *db;
    struct prepared *prepared;
    size_t prepared_count;
    sqlite3_stmt *bulk;
};

struct sqlite_rows {
    struct rows base;
    struct sqlite_store *store;
    size_t prepared; /* index */
};

static struct sqlite_store *own(struct store *store)
{
    return (struct sqlite_store *)store; /* base is its first member */
}

/* ---- errors ------------------------------------------------------------------------- */

/* What to do, by the primary result code. */
static const struct advice {
    int code;
    enum err_code err;
    const char *text;
} advices[] = {
    {SQLITE_BUSY,       ERR_ENVIRONMENT, "another program is writing to it: try again"      },
    {SQLITE_LOCKED,     ERR_ENVIRONMENT, "another program is writing to it: try again"      },
    {SQLITE_CONSTRAINT, ERR_REFUSED,     "the store does not allow it"                      },
    {SQLITE_FULL,       ERR_ENVIRONMENT, "the disk is full: free space, nothing was changed"},
    {SQLITE_IOERR,      ERR_ENVIRONMENT, "the disk failed or is full: nothing was changed"  },
    {SQLITE_READONLY,   ERR_ENVIRONMENT,
     "it may not be written: check the file's and folder's modes"                           },
    {SQLITE_CANTOPEN,   ERR_ENVIRONMENT,
     "cannot be opened: check that the folder is there and its mode"                        },
    {SQLITE_PERM,       ERR_ENVIRONMENT, "no permission: check the file's mode"             },
    {SQLITE_NOTADB,     ERR_INPUT,       "is no SQLite database: name another file"         },
    {SQLITE_CORRUPT,    ERR_ENVIRONMENT,
     "is damaged: run candour store check, restore a backup"                                },
};

/* SQLite's messages name tables, columns and constraints, never values. */
static bool fail_with(struct sqlite_store *s, int code, struct err *err)
{
    const char *detail = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(code);
    const struct advice *advice = advices;

    while (advice < advices + COUNT(advices) && advice->code != (code & 0xff))
        advice++;
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        s->base.conflict = true;
    if (advice == advices + COUNT(advices))
        return err_set(err, ERR_ENVIRONMENT, "store %s: %s", s->base.name, detail);
    return err_set(err, advice->err, "store %s: %s (%s)", s->base.name, advice->text,
                   detail);
}

static bool fail(struct sqlite_store *s, struct err *err)
{
    return fail_with(s, sqlite3_extended_errcode(s->db), err);
}

static bool execute(struct sqlite_store *s, const char *text, struct err *err)
{
    int code = sqlite3_exec(s->db, text, NULL, NULL, NULL);

    return code == SQLITE_OK || fail_with(s, code, err);
}

/* ---- opening -------------------------------------------------------------------------- */

static void sqlite_close(struct store *store)
{
    struct sqlite_store *s = own(store);

    for (size_t i = 0; i < s->prepared_count; i++)
        sqlite3_finalize(s->prepared[i].statement);
    free(s->prepared);
    sqlite3_close(s->db);
    free(s);
}

/* Before SQLite: it would make the file readable by whatever the umask allows. */
static bool file_ready(const char *path, enum store_mode mode, struct err *err)
{
    int flags = O_RDONLY | O_CLOEXEC | (mode == STORE_NEW ? O_CREAT : 0);
    int fd = open(path, flags, 0600);

    if (fd < 0 && errno == ENOENT && mode != STORE_NEW)
        return err_set(err, ERR_NOT_FOUND,
                       "there is no store %s; candour store init makes one", path);
    if (fd < 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "cannot open store %s: %s; choose a file you may write to", path,
                       strerror(errno));
    close(fd);
    return true;
}

static bool settings_make(struct sqlite_store *s, enum store_mode mode, struct err *err)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!execute(s, opening, err))
        return false;
    return mode != STORE_NEW || execute(s, "PRAGMA journal_mode = WAL", err);
}

static bool sqlite_open(const char *path, enum store_mode mode, struct store **store,
                        struct err *err)
{
    if (!file_ready(path, mode, err))
        return false;

    struct sqlite_store *s = memory_new(1, sizeof(*s));

    s->base.backend = &sqlite_backend;
    snprintf(s->base.name, sizeof(s->base.name), "%s", path);

    int code = sqlite3_open_v2(path, &s->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (code != SQLITE_OK)
        fail_with(s, code, err);
    else if (settings_make(s, mode, err)) {
        *store = &s->base;
        return true;
    }
    sqlite_close(&s->base);
    return false;
}

/* ---- statements ------------------------------------------------------------------------- */

static bool prepare(struct sqlite_store *s, const char *text, size_t *index,
                    struct err *err)
{
    for (*index = 0; *index < s->prepared_count; ++*index)
        if (s->prepared[*index].text == text)
            return true;

    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT,
                                  &statement, NULL);

    if (code != SQLITE_OK)
        return fail_with(s, code, err);
    s->prepared = memory_grow(s->prepared, s->prepared_count + 1, sizeof(*s->prepared));
    s->prepared[s->prepared_count++] =
        (struct prepared){.text = text, .statement = statement};
    return true;
}

static int bind_one(sqlite3_stmt *statement, int at, const struct value *value)
{
    const char *bytes = value->bytes.at ? value->bytes.at : "";

    switch (value->kind) {
    case VALUE_NUMBER:
        return sqlite3_bind_int64(statement, at, value->number);
    case VALUE_TEXT:
        return sqlite3_bind_text64(statement, at, bytes, value->bytes.len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BYTES:
        return sqlite3_bind_blob64(statement, at, bytes, value->bytes.len,
                                   SQLITE_STATIC);
    case VALUE_NONE:
        break;
    }
    return sqlite3_bind_null(statement, at);
}

/* Values are borrowed until the statement is reset. */
static bool bind(struct sqlite_store *s, sqlite3_stmt *statement,
                 const struct value *values, size_t count, struct err *err)
{
    assert((size_t)sqlite3_bind_parameter_count(statement) == count);
    for (size_t i = 0; i < count; i++)
        if (bind_one(statement, (int)i + 1, &values[i]) != SQLITE_OK)
            return fail(s, err);
    return true;
}

static bool step_all(struct sqlite_store *s, sqlite3_stmt *statement, struct err *err)
{
    int code;

    do
        code = sqlite3_step(statement);
    while (code == SQLITE_ROW);
    bool ok = code == SQLITE_DONE || fail_with(s, code, err);

    if (ok)
        s->base.changed = (uint64_t)sqlite3_changes64(s->db);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return ok;
}

static bool sqlite_run(struct store *store, const char *text,
                       const struct value *values, size_t count, struct err *err)
{
    struct sqlite_store *s = own(store);
    size_t index;

    if (!prepare(s, text, &index, err))
        return false;
    assert(!s->prepared[index].busy);
    sqlite3_stmt *statement = s->prepared[index].statement;

    return bind(s, statement, values, count, err) && step_all(s, statement, err);
}

/* Values given with a question may be gone before its rows: they are copied. */
static bool bind_copies(struct sqlite_store *s, sqlite3_stmt *statement,
                        const struct value *values, size_t count, struct err *err)
{
    assert((size_t)sqlite3_bind_parameter_count(statement) == count);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &values[i];
        const char *bytes = value->bytes.at ? value->bytes.at : "";
        int code =
            value->kind == VALUE_TEXT
                ? sqlite3_bind_text64(statement, (int)i + 1, bytes, value->bytes.len,
                                      SQLITE_TRANSIENT, SQLITE_UTF8)
            : value->kind == VALUE_BYTES
                ? sqlite3_bind_blob64(statement, (int)i + 1, bytes, value->bytes.len,
                                      SQLITE_TRANSIENT)
                : bind_one(statement, (int)i + 1, value);

        if (code != SQLITE_OK)
            return fail(s, err);
    }
    return true;
}

static bool sqlite_ask(struct store *store, const char *text,
                       const struct value *values, size_t count, bool scan,
                       struct rows **result, struct err *err)
{
    struct sqlite_store *s = own(store);
    size_t index;

    (void)scan; /* rows always come one by one */
    if (!prepare(s, text, &index, err))
        return false;
    assert(!s->prepared[index].busy);
    if (!bind_copies(s, s->prepared[index].statement, values, count, err))
        return false;

    struct sqlite_rows *rows = memory_new(1, sizeof(*rows));

    rows->store = s;
    rows->prepared = index;
    s->prepared[index].busy = true;
    *result = &rows->base;
    return true;
}

static bool sqlite_next(struct rows *base, bool *more, struct err *err)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    int code = sqlite3_step(rows->store->prepared[rows->prepared].statement);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail_with(rows->store, code, err);
    *more = code == SQLITE_ROW;
    return true;
}

static struct value sqlite_value(const struct rows *base, size_t column)
{
    const struct sqlite_rows *rows = (const struct sqlite_rows *)base;
    sqlite3_stmt *statement = rows->store->prepared[rows->prepared].statement;
    int at = (int)column;

    assert(at < sqlite3_column_count(statement));
    int kind = sqlite3_column_type(statement, at);

    if (kind == SQLITE_INTEGER)
        return AS_NUMBER(sqlite3_column_int64(statement, at));
    if (kind == SQLITE_NULL)
        return AS_NONE;
    assert(kind == SQLITE_TEXT || kind == SQLITE_BLOB); /* a fraction: CAST it */

    const char *bytes = kind == SQLITE_TEXT
                            ? (const char *)sqlite3_column_text(statement, at)
                            : sqlite3_column_blob(statement, at);
    struct str view = {bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement, at)};

    return kind == SQLITE_TEXT ? AS_TEXT(view) : AS_BYTES(view);
}

static void sqlite_done(struct rows *base)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    struct prepared *prepared = &rows->store->prepared[rows->prepared];

    sqlite3_reset(prepared->statement);
    sqlite3_clear_bindings(prepared->statement);
    prepared->busy = false;
    free(rows);
}

static bool sqlite_bulk_begin(struct store *store, const struct bulk *bulk,
                              struct err *err)
{
    struct sqlite_store *s = own(store);
    size_t index;

    if (!prepare(s, bulk->insert.text, &index, err))
        return false;
    s->bulk = s->prepared[index].statement;
    return true;
}

static bool sqlite_bulk_row(struct store *store, const struct value *values,
                            size_t count, struct err *err)
{
    struct sqlite_store *s = own(store);

    return bind(s, s->bulk, values, count, err) && step_all(s, s->bulk, err);
}

static bool sqlite_bulk_end(struct store *store, struct err *err)
{
    (void)err;
    own(store)->bulk = NULL;
    return true;
}

/* ---- transactions -------------------------------------------------------------------------- */

static bool sqlite_begin(struct store *store, enum hold hold, struct err *err)
{
    return execute(own(store), hold == HOLD_READ ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

/* Some failures, a full disk among them, have undone it already. */
static bool sqlite_end(struct store *store, bool commit, struct err *err)
{
    struct sqlite_store *s = own(store);

    if (commit && execute(s, "COMMIT", err))
        return true;
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return !commit;
}

static bool sqlite_script(struct store *store, const char *text, struct err *err)
{
    return execute(own(store), text, err);
}

/* ---- looking ---------------------------------------------------------------------------------- */

static bool has_tables(struct store *store, struct sql sql, bool *has, struct err *err)
{
    int64_t count = 0;
    bool found;

    if (!store_number(store, sql, WITHOUT, &count, &found, err))
        return false;
    *has = count > 0;
    return true;
}

static bool sqlite_empty(struct store *store, bool *empty, struct err *err)
{
    bool has;

    if (!has_tables(store, SQL("SELECT COUNT(*) FROM sqlite_master"), &has, err))
        return false;
    *empty = !has;
    return true;
}

static bool sqlite_has_versions(struct store *store, bool *has, struct err *err)
{
    return has_tables(store,
                      SQL("SELECT COUNT(*) FROM sqlite_master"
                          " WHERE type = 'table' AND name = 'schema_versions'"),
                      has, err);
}

struct finding {
    store_found *found;
    void *context;
    const char *what;
};

static int finding_row(void *context, int count, char **texts, char **names)
{
    const struct finding *finding = context;
    char line[256];

    (void)names;
    if (count == 1 && texts[0] && strcmp(texts[0], "ok") == 0)
        return 0;
    /* integrity_check gives one text; foreign_key_check table, row id, parent, number */
    snprintf(line, sizeof(line), "%s: %s%s%s", finding->what, texts[0] ? texts[0] : "",
             count > 2 && texts[2] ? " refers to missing " : "",
             count > 2 && texts[2] ? texts[2] : "");
    finding->found(finding->context, line);
    return 0;
}

/* A page that cannot be read at all is what is looked for, not a failure to look. */
static bool sqlite_check(struct store *store, store_found *found, void *context,
                         struct err *err)
{
    static const struct {
        const char *what;
        const char *text;
    } looks[] = {
        {"pages",      "PRAGMA integrity_check(100)"},
        {"references", "PRAGMA foreign_key_check"   },
    };
    struct sqlite_store *s = own(store);

    for (size_t i = 0; i < COUNT(looks); i++) {
        struct finding finding = {found, context, looks[i].what};
        int code =
            sqlite3_exec(s->db, looks[i].text, finding_row, &finding, NULL) & 0xff;

        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
            found(context, "pages: the file is damaged and cannot be read whole");
        else if (code != SQLITE_OK)
            return fail_with(s, code, err);
    }
    return true;
}

const struct backend sqlite_backend = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .end = sqlite_end,
    .run = sqlite_run,
    .send = sqlite_run,
    .ask = sqlite_ask,
    .next = sqlite_next,
    .value = sqlite_value,
    .done = sqlite_done,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_row = sqlite_bulk_row,
    .bulk_end = sqlite_bulk_end,
    .script = sqlite_script,
    .empty = sqlite_empty,
    .has_versions = sqlite_has_versions,
    .check = sqlite_check,
};
