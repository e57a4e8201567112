/*
 * Backup, restore, migrations, check: on SQLite, and with CANDOUR_TEST_POSTGRES on both
 * back ends and from each into the other.
 */
#include "store/world.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct place place;
static char key_path[256];

static void fill(bool server, bool sealed)
{
    place = place_on(server);
    struct store *store = place_open(&place, STORE_NEW);

    place_file("the.key", key_path);
    if (sealed && access(key_path, F_OK) != 0)
        assert_works(store_key_new(key_path, &err));
    assert_works(store_init(store, sealed ? key_path : NULL, !sealed, &err));
    world_fill(store, store_version_newest());
    store_close(store);
}

static void back_up(const struct place *from, const char *name, char path[256])
{
    struct store *store = place_open(from, STORE_OLDER);
    struct store_count count;

    place_file(name, path);
    assert_works(store_backup(store, path, &count, &err));
    store_close(store);
}

static struct place restored(bool server, const char *path, const char *force)
{
    struct place to = place_on(server);
    struct store *store = place_open(&to, STORE_NEW);
    struct store_count count;

    assert_works(store_restore(store, path, force, &count, &err));
    assert_whole(store);
    store_close(store);
    return to;
}

static char *file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = calloc(1, 1 << 20);

    assert_non_null(file);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void assert_same_files(const char *a, const char *b)
{
    size_t a_size, b_size;
    char *a_bytes = file_read(a, &a_size), *b_bytes = file_read(b, &b_size);

    assert_int_equal(a_size, b_size);
    assert_memory_equal(a_bytes, b_bytes, a_size);
    free(a_bytes);
    free(b_bytes);
}

static int64_t number(struct store *store, struct sql sql)
{
    int64_t result = -1;
    bool found;

    assert_works(store_number(store, sql, WITHOUT, &result, &found, &err));
    return result;
}

/* ---- backup and restore ------------------------------------------------------------- */

/* Round the houses: what comes out of the last is what went into the first. */
TEST(a_backup_of_either_back_end_fills_either)
{
    static const bool ways[][2] = {
        {false, false},
        {false, true },
        {true,  true },
        {true,  false}
    };
    char first[256], second[256];

    for (size_t i = 0; i < COUNT(ways); i++) {
        if ((ways[i][0] || ways[i][1]) && !place_server())
            continue;
        fill(ways[i][0], true);
        back_up(&place, "first", first);

        struct place to = restored(ways[i][1], first, NULL);

        back_up(&to, "second", second);
        assert_same_files(first, second);
        struct store *store = place_open(&to, STORE_USE);

        assert_works(store_unlock(store, key_path, &err));
        assert_whole(store); /* every cell opens */
        store_close(store);
    }
}

TEST(one_force_can_be_restored_from_a_shared_store)
{
    char path[256];

    fill(place_server() != NULL, true);
    back_up(&place, "shared", path);
    struct place to = restored(place_server() != NULL, path, "G");
    struct store *store = place_open(&to, STORE_USE);

    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM forces")), 1);
    assert_int_equal(
        number(store, SQL("SELECT COUNT(*) FROM effects WHERE force_id = 'G'")), 1);
    assert_int_equal(
        number(store, SQL("SELECT COUNT(*) FROM people WHERE force_id <> 'G'")), 0);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM ledger_entries")), 0);
    assert_works(store_unlock(store, key_path, &err));
    assert_whole(store);
    store_close(store);
}

TEST(a_force_that_the_backup_does_not_hold_leaves_nothing)
{
    char path[256];
    struct store_count count;

    fill(place_server() != NULL, false);
    back_up(&place, "shared", path);
    struct place to = place_new();
    struct store *store = place_open(&to, STORE_NEW);

    assert_fails(store_restore(store, path, "H", &count, &err), ERR_NOT_FOUND);
    assert_works(store_restore(store, path, "F", &count, &err)); /* it is still empty */
    store_close(store);
}

TEST(a_place_with_something_in_it_is_not_restored_into)
{
    struct store *store = NULL;

    fill(place_server() != NULL, false);

    assert_fails(store_open(place.url, STORE_NEW, &store, &err), ERR_REFUSED);
}

/* A byte changed anywhere, or the end cut off anywhere, is found, and nothing is kept. */
TEST(a_damaged_backup_is_refused_whole)
{
    char path[256], bad_path[256];
    size_t size;

    fill(place_server() != NULL, false);
    back_up(&place, "good", path);
    char *bytes = file_read(path, &size);
    struct place to = place_new();
    struct store *store = place_open(&to, STORE_NEW);

    place_file("bad", bad_path);
    for (size_t at = 0; at < size; at += size / 23) {
        bool cut = at % 2;
        FILE *bad = fopen(bad_path, "wb");
        struct store_count count;
        struct err err;

        bytes[at] ^= 16;
        fwrite(bytes, 1, cut ? at : size, bad);
        fclose(bad);
        bytes[at] ^= 16;
        assert_false(store_restore(store, bad_path, NULL, &count, &err));
    }
    struct store_count count;

    assert_works(store_restore(store, path, NULL, &count, &err));
    assert_whole(store);
    store_close(store);
    free(bytes);
}

/* Microseconds that a child takes from here to its good end. */
static int64_t finished_after(pid_t child)
{
    int64_t began = store_now();
    int status;

    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    return store_now() - began;
}

static pid_t restorer_start(const struct place *to, const char *path)
{
    pid_t child = fork();

    if (child)
        return child;
    struct store *store = NULL;
    struct store_count count;
    struct err err = {0};
    bool ok = store_open(to->url, STORE_NEW, &store, &err) &&
              store_restore(store, path, NULL, &count, &err);

    store_close(store);
    _exit(!ok);
}

/* A server may still commit what a killed client had sent: then it is not empty. */
static void restore_if_empty(const struct place *to, const char *path)
{
    struct store *store = NULL;
    struct store_count count;
    struct err err = {0};

    if (!store_open(to->url, STORE_NEW, &store, &err) ||
        !store_restore(store, path, NULL, &count, &err))
        assert_int_equal(err.code, ERR_REFUSED);
    store_close(store);
}

/* Whoever opens it for use finds all of it, or no store. */
TEST(a_killed_restore_is_whole_or_not_there)
{
    char path[256];
    unsigned whole = 0;

    fill(place_server() != NULL, false);
    back_up(&place, "good", path);
    struct place first = place_new();
    int64_t whole_time = finished_after(restorer_start(&first, path));

    for (unsigned i = 0; i < 16; i++) {
        struct place to = place_new();
        pid_t child = restorer_start(&to, path);
        struct store *store = NULL;
        int status;

        usleep((useconds_t)(whole_time * i / 11));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        if (store_open(to.url, STORE_USE, &store, &(struct err){0})) {
            whole++;
        } else {
            restore_if_empty(&to, path);
            store = place_open(&to, STORE_USE);
        }
        assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM effects")), 2);
        assert_whole(store);
        store_close(store);
    }
    printf("# %u of 16 were whole before the kill\n", whole);
}

struct busy {
    struct store *other;
    const char *path;
};

static bool change(struct store *store, void *context, struct err *err)
{
    (void)context;
    return store_run(store, SQL("UPDATE forces SET made_at = made_at + 1"), WITHOUT,
                     err);
}

/* The backup's transaction opens, somebody writes, and the backup is of before. */
static bool write_meanwhile(struct store *store, void *context, struct err *err)
{
    struct busy *busy = context;
    int64_t before = number(store, SQL("SELECT MAX(made_at) FROM forces"));

    if (!store_write(busy->other, change, NULL, err))
        return false;
    assert_int_equal(number(store, SQL("SELECT MAX(made_at) FROM forces")), before);
    return true;
}

TEST(nobody_waits_for_a_backup)
{
    struct busy busy;
    struct store *store;

    fill(place_server() != NULL, false);
    store = place_open(&place, STORE_USE);
    busy.other = place_open(&place, STORE_USE);

    assert_works(store_read(store, write_meanwhile, &busy, &err));
    store_close(busy.other);
    store_close(store);
}

/* ---- migrations ------------------------------------------------------------------------ */

struct until {
    uint32_t version;
};

static bool apply_until(struct store *store, void *context, struct err *err)
{
    const struct until *until = context;

    return migrations_apply(store, until->version, err) &&
           keys_make(store, NULL, true, err);
}

static struct place older(uint32_t version)
{
    struct place made = place_new();
    struct store *store = place_open(&made, STORE_NEW);
    struct until until = {version};

    assert_works(store_alone(store, apply_until, &until, &err));
    world_fill(store, version);
    store_close(store);
    return made;
}

TEST(every_earlier_schema_is_brought_up_with_its_rows)
{
    for (uint32_t from = 1; from <= store_version_newest(); from++) {
        struct place made = older(from);
        struct store *store = place_open(&made, STORE_OLDER), *refused = NULL;
        uint32_t before, after;

        if (from < store_version_newest())
            assert_fails(store_open(made.url, STORE_USE, &refused, &err),
                         ERR_ENVIRONMENT);
        assert_whole(store);
        assert_works(store_migrate(store, &before, &after, &err));
        assert_int_equal(before, from);
        assert_int_equal(after, store_version_newest());
        assert_whole(store);
        assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM forces")), 2);
        store_close(store);
        store_close(place_open(&made, STORE_USE));
    }
}

TEST(a_backup_of_every_earlier_schema_is_restored_as_the_newest)
{
    for (uint32_t from = 1; from <= store_version_newest(); from++) {
        struct place made = older(from);
        char path[256];

        back_up(&made, "older", path);
        struct place to = restored(place_server() != NULL, path, NULL);

        store_close(place_open(&to, STORE_USE));
    }
}

static bool note_newer(struct store *store, void *context, struct err *err)
{
    (void)context;
    return store_run(store,
                     SQL("INSERT INTO schema_versions (version, name, fingerprint,"
                         " made_at) VALUES (9999, 'later', 0, 0)"),
                     WITHOUT, err);
}

TEST(a_store_of_a_later_program_is_left_alone)
{
    struct store *store, *refused = NULL;

    fill(place_server() != NULL, false);
    store = place_open(&place, STORE_USE);
    assert_works(store_write(store, note_newer, NULL, &err));
    store_close(store);

    assert_fails(store_open(place.url, STORE_USE, &refused, &err), ERR_ENVIRONMENT);
    assert_fails(store_open(place.url, STORE_OLDER, &refused, &err), ERR_ENVIRONMENT);
}

static pid_t migrator_start(const struct place *at)
{
    pid_t child = fork();

    if (child)
        return child;
    struct store *store = NULL;
    struct err err = {0};
    uint32_t before, after;
    bool ok = store_open(at->url, STORE_OLDER, &store, &err) &&
              store_migrate(store, &before, &after, &err);

    store_close(store);
    _exit(!ok);
}

/* A schema that counts a migration has all its tables, and check has no fault. */
TEST(a_killed_migration_is_whole_or_not_there)
{
    unsigned between = 0;
    struct place first = older(1);
    int64_t whole_time = finished_after(migrator_start(&first));

    for (unsigned i = 0; i < 24; i++) {
        struct place made = older(1);
        pid_t child = migrator_start(&made);
        int status;
        uint32_t version, before, after;

        usleep((useconds_t)(whole_time * i / 20));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        struct store *store = place_open(&made, STORE_OLDER);

        assert_works(store_version(store, &version, &err));
        between += version > 1 && version < store_version_newest();
        assert_whole(store);
        assert_works(store_migrate(store, &before, &after, &err));
        assert_whole(store);
        store_close(store);
    }
    printf("# %u of 24 were killed between two migrations\n", between);
}

TEST(two_processes_that_migrate_at_once_both_find_it_done)
{
    struct place made = older(1);
    pid_t children[2] = {migrator_start(&made), migrator_start(&made)};

    for (size_t i = 0; i < COUNT(children); i++) {
        int status;

        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    struct store *store = place_open(&made, STORE_USE);

    assert_whole(store);
    store_close(store);
}

/* ---- check ------------------------------------------------------------------------------- */

/* Behind the door's back, as a damaged or meddled-with store would be. */
static bool meddle(struct store *store, void *context, struct err *err)
{
    return store->backend->script(store, context, err);
}

TEST(check_names_what_does_not_hold)
{
    static const struct {
        const char *text;
        const char *found;
    } faults[] = {
        {"UPDATE people SET version = 3 WHERE force_id = 'F'",             "last version"           },
        {"DELETE FROM effects; DELETE FROM rulings WHERE force_id = 'F'",
         "hits ruled on"                                                                            },
        {"UPDATE ledger_entries SET seq = 2 WHERE seq = 1",                "missing from the ledger"},
        {"UPDATE ledger_entries SET previous = hash WHERE seq = 1",        "do not follow"          },
        {"UPDATE person_names SET from_day = 1 WHERE from_day = 20200101",
         "person_names: 2 cells"                                                                    },
        {"UPDATE schema_versions SET fingerprint = 5 WHERE version = 2",
         "0002-workforce.sql was"                                                                   },
        {"UPDATE people SET source_id = (SELECT g.source_id FROM people g WHERE "
         "g.force_id = 'G')",                                     "people: 1 cells"        },
    };

    for (size_t i = 0; i < COUNT(faults); i++) {
        struct world_faults found = {0};
        char text[256];

        fill(place_server() != NULL, true);
        struct store *store = place_open(&place, STORE_USE);

        snprintf(text, sizeof(text), "%s", faults[i].text);
        if (strstr(text, "seq = 2") != NULL)
            assert_works(store_write(store, meddle,
                                     (char[]){"DELETE FROM ledger_commitments"}, &err));
        assert_works(store_write(store, meddle, text, &err));
        assert_works(store_unlock(store, key_path, &err));
        assert_works(store_check(store, world_fault, &found, &err));
        if (!strstr(found.text, faults[i].found))
            fail_msg("%s: found %s", faults[i].text, found.text);
        store_close(store);
    }
}

/* tables.c is what the schema has: a column left out would not be in a backup. */
TEST(every_column_of_the_schema_is_backed_up)
{
    fill(false, false);
    struct store *store = place_open(&place, STORE_USE);
    struct rows *rows;
    bool more;
    size_t seen = 0;

    assert_works(store_ask(
        store,
        SQL("SELECT m.name, group_concat(c.name, ', '), count(*),"
            " group_concat(CASE c.type WHEN 'INTEGER' THEN 'n' WHEN 'TEXT' THEN 't'"
            " ELSE 'b' END, '') FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND m.name <> 'schema_versions'"
            " GROUP BY m.name"),
        WITHOUT, &rows, &err));
    while (rows_next(rows, &more, &(struct err){0}) && more) {
        char name[64], kinds[COLUMNS_MAX + 1];

        snprintf(name, sizeof(name), "%.*s", STR_ARG(rows_text(rows, 0)));
        const struct table *table = world_table(name);

        snprintf(kinds, sizeof(kinds), "%s", table->kinds);
        for (char *kind = kinds; *kind; kind++)
            *kind = *kind == 's' ? 'b' : *kind;
        assert_true(str_same(rows_text(rows, 1), str_of(table->columns)));
        assert_true(str_same(rows_text(rows, 3), str_of(kinds)));
        seen++;
    }
    rows_done(rows);
    assert_int_equal(seen, store_table_count);
    store_close(store);
}

static int forget(void **state)
{
    (void)state;
    place_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(a_backup_of_either_back_end_fills_either),
        IT(one_force_can_be_restored_from_a_shared_store),
        IT(a_force_that_the_backup_does_not_hold_leaves_nothing),
        IT(a_place_with_something_in_it_is_not_restored_into),
        IT(a_damaged_backup_is_refused_whole),
        IT(a_killed_restore_is_whole_or_not_there),
        IT(nobody_waits_for_a_backup),
        IT(every_earlier_schema_is_brought_up_with_its_rows),
        IT(a_backup_of_every_earlier_schema_is_restored_as_the_newest),
        IT(a_store_of_a_later_program_is_left_alone),
        IT(a_killed_migration_is_whole_or_not_there),
        IT(two_processes_that_migrate_at_once_both_find_it_done),
        IT(check_names_what_does_not_hold),
        IT(every_column_of_the_schema_is_backed_up),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
