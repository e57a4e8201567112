/*
 * A small world for tests: a row of every table for each force, cells sealed as they
 * should be. Included by tests only.
 */
#ifndef STORE_WORLD_H
#define STORE_WORLD_H

#include "store/backend.h"
#include "store/tables.h"
#include "test/place.h"

/* Values as texts, by the kinds of the table: "%" is the force, bytes are filled up to
 * their size with their text. */
static const struct world_row {
    const char *table;
    const char *values[12];
} world_rows[] = {
    {"forces",           {"%", "Force of %", "1"}                                            },
    {"imports",          {"%", "i", "full", "2", "1", "1", "0", "0", "0", "0", "surname"}    },
    {"people",
     {"%", "p", "32 source %", "W-%", "officer", "here", "2", "32 facts", "i", "i"}          },
    {"person_versions",  {"%", "p", "1", "i", "here", "{\"surname\": \"BEFORE\"}"}           },
    {"person_versions",  {"%", "p", "2", "i", "here", "{\"surname\": \"AFTER\"}"}            },
    {"person_names",
     {"%", "p", "32 name one", "20200101", "20210101", "main", "BEFORE, ANN"}                },
    {"person_names",     {"%", "p", "32 name two", "20210101", "0", "main", "AFTER, ANN"}    },
    {"person_addresses", {"%", "p", "32 address", "0", "0", "home", "1 ROAD, LS1 1AA"}       },
    {"units",            {"%", "u", "Unit \xc3\xa9"}                                         },
    {"posts",            {"%", "o", "u", "Constable"}                                        },
    {"employments",      {"%", "p", "20200101", "o", "officer", "0"}                         },
    {"hits",
     {"%", "h", "p", "1", "32 record", "1", "m", "-5", "ruled", "9", "R1", "[]"}             },
    {"rulings",          {"%", "r", "h", "same person", "reviewer-1", "10", "because", "[1]"}},
    {"effects",          {"%", "e", "r", "vetting review", "reviewer-1", "11", "-"}          },
    {"subject_keys",     {"%", "p", "0123456789abcdef0123456789abcdef"}                      },
};

static const struct world_row world_ledger[] = {
    {"ledger_entries",
     {"0", "1", "a", "ledger.begin", "ledger", "l", NULL, "32 zero", "32 one", "32 k",
      "32 s", "64 s"}                                      },
    {"ledger_entries",
     {"1", "2", "a", "write", "person", "p", "32 facts", "32 one", "32 two", NULL, NULL,
      NULL}                                                },
    {"ledger_nodes",       {"1", "0", "32 node"}           },
    {"ledger_commitments", {"1", "0", "p", "32 commitment"}},
    {"ledger_checkpoints", {"2", "a note\nof lines\n"}     },
    {"ledger_state",       {"1", "10 state"}               },
};

static inline const struct table *world_table(const char *name)
{
    const struct table *table = store_tables;

    while (strcmp(table->name, name) != 0)
        table++;
    return table;
}

/* "AB%" of force "F" is "ABF"; bytes "32 text" are 32 bytes. */
static inline struct str world_text(const char *from, const char *force, bool bytes,
                                    struct arena *arena)
{
    size_t size = bytes ? strtoul(from, NULL, 10) : 0;
    char *to = arena_alloc(arena, 256);
    size_t len = 0;

    for (; *from; from++)
        if (*from == '%')
            len += (size_t)sprintf(to + len, "%s", force);
        else
            to[len++] = *from;
    return (struct str){to, bytes ? size : len};
}

static inline void world_column(const struct table *table, size_t at, char name[64])
{
    struct str rest = str_of(table->columns), part = {0};

    for (size_t i = 0; i <= at; i++)
        str_cut(&rest, ',', &part);
    part = str_trim(part);
    snprintf(name, 64, "%.*s", STR_ARG(part));
}

static inline bool world_row_add(struct store *store, const struct world_row *row,
                                 const char *force, struct arena *arena,
                                 struct err *err)
{
    const struct table *table = world_table(row->table);
    struct value values[COLUMNS_MAX];
    size_t count = strlen(table->kinds);

    for (size_t i = 0; i < count; i++) {
        char kind = table->kinds[i], column[64];

        if (!row->values[i]) {
            values[i] = AS_NONE;
            continue;
        }
        struct str text = world_text(row->values[i], force, kind == 'b', arena);
        const struct cell cell = {table->name, column, values,
                                  (size_t)table->key_count};

        world_column(table, i, column);
        values[i] = kind == 'n'   ? AS_NUMBER(strtoll(text.at, NULL, 10))
                    : kind == 't' ? AS_TEXT(text)
                                  : AS_BYTES(text);
        if (kind == 's' &&
            !store_seal(store, &cell, text, arena, &values[i].bytes, err))
            return false;
    }
    return store_run(store, table->insert, values, count, err);
}

struct world {
    const char *force; /* rows of a force, or the ledger's if NULL */
    uint32_t version;  /* tables of this schema only */
};

static inline bool world_body(struct store *store, void *context, struct err *err)
{
    const struct world *world = context;
    const struct world_row *rows = world->force ? world_rows : world_ledger;
    size_t count = world->force ? COUNT(world_rows) : COUNT(world_ledger);
    struct arena *arena = arena_new();
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        if (world_table(rows[i].table)->since <= world->version)
            ok = world_row_add(store, &rows[i], world->force ? world->force : "", arena,
                               err);
    arena_free(arena);
    return ok;
}

/* Two forces and a ledger, as far as the schema has them. */
static inline void world_fill(struct store *store, uint32_t version)
{
    static const char *const forces[] = {"F", "G", NULL};

    for (size_t i = 0; i < COUNT(forces); i++) {
        struct world world = {forces[i], version};

        assert_works(store_write(store, world_body, &world, &err));
    }
}

/* Every line that check finds, one after the other. */
struct world_faults {
    unsigned count;
    char text[4096];
};

static inline void world_fault(void *context, const char *fault)
{
    struct world_faults *faults = context;
    size_t used = strlen(faults->text);

    faults->count++;
    snprintf(faults->text + used, sizeof(faults->text) - used, "%s\n", fault);
}

static inline void assert_whole(struct store *store)
{
    struct world_faults faults = {0};

    assert_works(store_check(store, world_fault, &faults, &err));
    if (faults.count)
        fail_msg("%s", faults.text);
}

#endif
