/* Inner header of workforce: rows, what is known of each person, the store file. */
#ifndef WORKFORCE_INNER_H
#define WORKFORCE_INNER_H

#include "workforce/workforce.h"

enum { PERIODS_MAX = 64 }; /* names, or addresses, of one person */

/* ---- rows.c: what a row says (pure) ------------------------------------------------- */

/* Columns that no field of a person takes, by their headings; -1 if there is none. */
enum post_column {
    COLUMN_FORCE,
    COLUMN_KIND,
    COLUMN_UNIT,
    COLUMN_POST,
    COLUMN_START,
    COLUMN_LEAVE,
    POST_COLUMNS
};

struct post_columns {
    int at[POST_COLUMNS];
};

/* `name` of a carried column; `index` is where it is carried. */
void post_column_note(struct post_columns *columns, const char *name, int index);
const char *post_column_name(enum post_column column);

/* Something with a day on which it came and one on which it was replaced. */
struct period {
    struct str text;
    const char *kind;
    uint8_t hash[STORE_HASH_BYTES];
};

struct row {
    struct str force;
    struct str id;
    const char *kind; /* officer, staff ... */
    struct str unit, post;
    int32_t start, leave; /* yyyymmdd, or 0 */
    bool here;            /* today */
    const char *problem;  /* of a date that was left out, or NULL */
    enum post_column problem_column;
    struct period names[PERIODS_MAX], addresses[PERIODS_MAX];
    size_t name_count, address_count;
};

/* Views into the person, the carried values and the arena. */
void row_read(const struct person *person, const struct str *carried,
              const struct post_columns *columns, int32_t today, struct arena *arena,
              struct row *row);

/* The person as feed_person_json reads it; and all that makes a change of the row. */
void row_facts(const struct person *person, struct out *out);
void row_post_facts(const struct row *row, struct out *out);

/* ---- known.c: everybody of the store, by the keyed hash of their id ----------------------- */

struct known {
    uint8_t source[STORE_HASH_BYTES];
    uint8_t facts[STORE_HASH_BYTES];
    char person_id[STORE_ID_SIZE];
    uint32_t force; /* index */
    int64_t version;
    bool here;
    bool seen; /* in this extract */
    bool used; /* the slot */
};

struct known_table {
    struct known *slots;
    size_t room, count;
};

struct known *known_find(const struct known_table *table,
                         const uint8_t source[STORE_HASH_BYTES]); /* or NULL */
/* A new one, to be filled; pointers of before are void. */
struct known *known_add(struct known_table *table,
                        const uint8_t source[STORE_HASH_BYTES]);
void known_free(struct known_table *table);

/* ---- workforce_store.c: all SQL ------------------------------------------------------------- */

struct stored_import {
    const char *force, *id, *kind, *fields;
    int64_t made_at;
};

/* Calls see() for every person of the force, or of all if it is NULL. */
bool people_each(struct store *store, const char *force,
                 void (*see)(void *context, struct str force_id,
                             const struct known *known),
                 void *context, struct err *err) MUST_CHECK;

bool force_put(struct store *store, const char *force, struct err *err) MUST_CHECK;
bool import_begin(struct store *store, const struct stored_import *import,
                  struct err *err) MUST_CHECK;
bool import_end(struct store *store, const struct stored_import *import,
                const struct workforce_force *force, uint64_t set_aside,
                struct err *err) MUST_CHECK;

/* The fields of the force's last import before this one: "surname sex", or "". */
bool import_last_fields(struct store *store, const char *force, struct arena *arena,
                        struct str *fields, struct err *err) MUST_CHECK;

struct stored_person {
    const char *force, *import_id;
    const struct known *known;
    const char *kind;
    struct str source_id; /* as written */
    struct str facts;     /* JSON */
    bool fresh;           /* not in the store yet */
};

bool person_put(struct store *store, const struct stored_person *person,
                struct arena *arena, struct err *err) MUST_CHECK;

/* The facts of the person's last version, for the one that says it left. */
bool person_last_facts(struct store *store, const char *force,
                       const struct known *known, struct arena *arena,
                       struct str *facts, struct err *err) MUST_CHECK;
bool person_leaves(struct store *store, const struct stored_person *person,
                   int32_t today, struct arena *arena, struct err *err) MUST_CHECK;

enum period_table { PERIOD_NAMES, PERIOD_ADDRESSES };

/* Ends what is not given any more, begins what is new. Fills in the hashes. */
bool periods_put(struct store *store, enum period_table table,
                 const struct stored_person *person, struct period *periods,
                 size_t count, int32_t today, struct arena *arena,
                 struct err *err) MUST_CHECK;

bool employment_put(struct store *store, const struct stored_person *person,
                    const struct row *row, int32_t today, struct arena *arena,
                    struct err *err) MUST_CHECK;

#endif
