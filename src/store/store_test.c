/* The door, on whichever back end CANDOUR_TEST_POSTGRES chooses. */
#include "store/backend.h"
#include "test/place.h"

#include <signal.h>
#include <sys/wait.h>

static struct place place;
static char force_f[] = "F", force_g[] = "G", no_text[] = "\xff\xfe";

/* ---- bodies that tests run -------------------------------------------------------------- */

static bool force_add(struct store *store, void *context, struct err *err)
{
    const char *id = context;

    return store_run(
        store, SQL("INSERT INTO forces (force_id, name, made_at) VALUES (?, ?, ?)"),
        WITH(AS_TEXT(str_of(id)), AS_TEXT(str_of("Force")), AS_NUMBER(7)), err);
}

static int64_t count_of(struct store *store, struct sql sql)
{
    int64_t count = -1;
    bool found;

    assert_works(store_number(store, sql, WITHOUT, &count, &found, &err));
    return count;
}

static int64_t forces_of(struct store *store)
{
    return count_of(store, SQL("SELECT COUNT(*) FROM forces"));
}

/* ---- statements ----------------------------------------------------------------------------- */

TEST(values_come_back_as_they_went_in)
{
    struct store *store = place_store(&place);
    char odd[] = "O'Brien ? \"$1\" \xc3\xa9\n";
    struct rows *rows;
    bool more;

    assert_works(store_write(store, force_add, odd, &err));
    assert_works(store_ask(store,
                           SQL("SELECT name, made_at, force_id, NULL, 'a?' || force_id"
                               " FROM forces WHERE force_id = ?"),
                           WITH(AS_TEXT(str_of(odd))), &rows, &err));

    assert_works(rows_next(rows, &more, &err));
    assert_true(more);
    assert_true(str_same(rows_text(rows, 0), STR("Force")));
    assert_int_equal(rows_number(rows, 1), 7);
    assert_true(str_same(rows_text(rows, 2), str_of(odd)));
    assert_int_equal(rows_value(rows, 3).kind, VALUE_NONE);
    assert_int_equal(rows_text(rows, 4).at[1], '?');
    assert_works(rows_next(rows, &more, &err));
    assert_false(more);
    rows_done(rows);
    store_close(store);
}

static bool bytes_add(struct store *store, void *context, struct err *err)
{
    static const char all[40] = {0, 1, -1, 'x', 0};

    (void)context;
    return store_run(
        store, SQL("INSERT INTO ledger_nodes (level, at, hash) VALUES (?, ?, ?)"),
        WITH(AS_NUMBER(1), AS_NUMBER(INT64_MAX), AS_BYTES(((struct str){all, 32}))),
        err);
}

TEST(bytes_and_the_largest_number_come_back_too)
{
    struct store *store = place_store(&place);
    struct rows *rows;
    bool more;

    assert_works(store_write(store, bytes_add, NULL, &err));
    assert_works(store_ask(store,
                           SQL("SELECT hash, at, CAST(SUM(level) AS BIGINT)"
                               " FROM ledger_nodes GROUP BY hash, at"),
                           WITHOUT, &rows, &err));

    assert_works(rows_next(rows, &more, &err));
    assert_int_equal(rows_text(rows, 0).len, 32);
    assert_memory_equal(rows_text(rows, 0).at, "\0\1\377x", 4);
    assert_true(rows_number(rows, 1) == INT64_MAX);
    assert_int_equal(rows_number(rows, 2), 1);
    rows_done(rows);
    store_close(store);
}

TEST(a_text_that_is_none_is_refused_before_it_is_sent)
{
    struct store *store = place_store(&place);

    assert_fails(store_write(store, force_add, no_text, &err), ERR_INPUT);

    assert_int_equal(forces_of(store), 0);
    store_close(store);
}

TEST(texts_sort_by_their_bytes)
{
    static const char *const ids[] = {"b", "Z", "a", "\xc3\xa9", "A"};
    static const char *const sorted[] = {"A", "Z", "a", "b", "\xc3\xa9"};
    struct store *store = place_store(&place);
    struct rows *rows;
    bool more;

    for (size_t i = 0; i < COUNT(ids); i++) {
        char id[8];

        snprintf(id, sizeof(id), "%s", ids[i]);
        assert_works(store_write(store, force_add, id, &err));
    }
    assert_works(store_scan(store, SQL("SELECT force_id FROM forces ORDER BY force_id"),
                            WITHOUT, &rows, &err));

    for (size_t i = 0; i < COUNT(sorted); i++) {
        assert_works(rows_next(rows, &more, &err));
        assert_true(more && str_same(rows_text(rows, 0), str_of(sorted[i])));
    }
    rows_done(rows);
    assert_int_equal(forces_of(store), 5); /* a scan left early is over */
    store_close(store);
}

static bool units_add(struct store *store, void *context, struct err *err)
{
    static const struct bulk bulk = {
        .insert = {"INSERT INTO units (force_id, unit_id, name) VALUES (?, ?, ?)"},
        .copy = {"COPY units (force_id, unit_id, name) FROM STDIN (FORMAT binary)"}};
    size_t count = *(const size_t *)context;

    if (!force_add(store, force_f, err) || !store_bulk_begin(store, &bulk, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        char id[32], name[4096];

        snprintf(id, sizeof(id), "%05zu", i);
        memset(name, 'n', sizeof(name) - 1);
        name[sizeof(name) - 1] = 0;
        if (i % 100)
            snprintf(name, sizeof(name), "units %zu", i);
        else
            memcpy(name, id, 5);
        if (!store_bulk_row(
                store,
                WITH(AS_TEXT(STR("F")), AS_TEXT(str_of(id)), AS_TEXT(str_of(name))),
                err))
            return false;
    }
    return store_bulk_end(store, err);
}

TEST(many_rows_go_in_at_once)
{
    struct store *store = place_store(&place);
    size_t count = 20000;

    assert_works(store_write(store, units_add, &count, &err));

    assert_int_equal(count_of(store, SQL("SELECT COUNT(*) FROM units")), count);
    assert_int_equal(
        count_of(store, SQL("SELECT COUNT(*) FROM units WHERE name = 'units 19999'")),
        1);
    store_close(store);
}

static bool units_send(struct store *store, void *context, struct err *err)
{
    size_t count = *(const size_t *)context;

    if (!force_add(store, force_f, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        char id[32];

        snprintf(id, sizeof(id), "%05zu", i % 1500);
        if (!store_send(
                store,
                SQL("INSERT INTO units (force_id, unit_id, name)"
                    " VALUES (?, ?, ?)"),
                WITH(AS_TEXT(STR("F")), AS_TEXT(str_of(id)), AS_TEXT(str_of(id))), err))
            return false;
    }
    return true;
}

TEST(what_is_sent_is_there_after_the_transaction)
{
    struct store *store = place_store(&place);
    size_t count = 1500;

    assert_works(store_write(store, units_send, &count, &err));

    assert_int_equal(count_of(store, SQL("SELECT COUNT(*) FROM units")), count);
    store_close(store);
}

TEST(a_failure_among_what_is_sent_undoes_all_of_it)
{
    struct store *store = place_store(&place);
    size_t twice = 1501;

    assert_fails(store_write(store, units_send, &twice, &err), ERR_REFUSED);

    assert_int_equal(count_of(store, SQL("SELECT COUNT(*) FROM units")), 0);
    assert_int_equal(forces_of(store), 0);
    store_close(store);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static bool add_and_fail(struct store *store, void *context, struct err *err)
{
    return force_add(store, context, err) &&
           err_set(err, ERR_REFUSED, "the body thought better of it");
}

TEST(a_body_that_fails_leaves_nothing)
{
    struct store *store = place_store(&place);

    assert_fails(store_write(store, add_and_fail, force_f, &err), ERR_REFUSED);

    assert_int_equal(forces_of(store), 0);
    assert_works(store_write(store, force_add, force_f, &err));
    store_close(store);
}

static bool count_up(struct store *store, void *context, struct err *err)
{
    int64_t count;
    bool found;

    (void)context;
    return store_number(store, SQL("SELECT made_at FROM forces WHERE force_id = 'F'"),
                        WITHOUT, &count, &found, err) &&
           store_run(store, SQL("UPDATE forces SET made_at = ? WHERE force_id = 'F'"),
                     WITH(AS_NUMBER(count + 1)), err);
}

/* In a process of its own: counts up `times`, exits 0 if all worked. */
static pid_t counter_start(int times)
{
    pid_t child = fork();

    if (child)
        return child;
    struct store *store = NULL;
    struct err err = {0};
    bool ok = store_open(place.url, STORE_USE, &store, &err);

    for (int i = 0; ok && i < times; i++)
        ok = store_write(store, count_up, NULL, &err);
    if (!ok)
        fprintf(stderr, "# %s\n", err.text);
    store_close(store);
    _exit(!ok);
}

TEST(two_processes_lose_no_change_of_one_another)
{
    struct store *store = place_store(&place);

    assert_works(store_write(store, force_add, force_f, &err));
    store_close(store);
    pid_t children[2] = {counter_start(100), counter_start(100)};

    for (size_t i = 0; i < COUNT(children); i++) {
        int status;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    store = place_open(&place, STORE_USE);
    assert_int_equal(count_of(store, SQL("SELECT made_at FROM forces")), 207);
    store_close(store);
}

static bool look_twice(struct store *store, void *context, struct err *err)
{
    struct store *other = context;
    int64_t before = forces_of(store);

    if (!store_write(other, force_add, force_g, err))
        return false;
    assert_int_equal(forces_of(store), before);
    return true;
}

TEST(a_reader_sees_one_view_and_keeps_nobody_waiting)
{
    struct store *store = place_store(&place);
    struct store *other = place_open(&place, STORE_USE);

    assert_works(store_read(store, look_twice, other, &err));

    assert_int_equal(forces_of(store), 1);
    store_close(other);
    store_close(store);
}

/* Counts up in one transaction after another, for ever; a byte for each done. */
static pid_t endless_start(int to)
{
    pid_t child = fork();

    if (child)
        return child;
    struct store *store = NULL;
    struct err err = {0};

    if (!store_open(place.url, STORE_USE, &store, &err))
        _exit(1);
    for (;;) {
        if (!store_write(store, count_up, NULL, &err))
            _exit(2);
        if (write(to, "+", 1) != 1)
            _exit(3);
    }
}

/* What was acknowledged is there; of what was under way, all or nothing. */
TEST(a_killed_writer_loses_nothing_it_was_told_is_kept)
{
    struct store *store = place_store(&place);
    uint64_t seed = 7;
    int64_t expected = 7;

    assert_works(store_write(store, force_add, force_f, &err));
    store_close(store);
    for (int round = 0; round < 8; round++) {
        int ends[2], status;
        char byte;

        assert_int_equal(pipe(ends), 0);
        pid_t child = endless_start(ends[1]);

        close(ends[1]);
        usleep((useconds_t)(30000 + test_random(&seed) % 60000));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        while (read(ends[0], &byte, 1) == 1)
            expected++;
        close(ends[0]);
        store = place_open(&place, STORE_USE);
        /* waits for what a server may still be committing */
        assert_works(store_write(store, count_up, NULL, &err));
        int64_t now = count_of(store, SQL("SELECT made_at FROM forces"));

        expected++; /* this one */

        assert_true(now == expected || now == expected + 1);
        expected = now;
        store_close(store);
    }
    assert_true(expected > 15);
}

/* ---- P4, in the database itself ---------------------------------------------------------------- */

static const struct world {
    struct sql sql;
} world[] = {
    {{"INSERT INTO forces (force_id, name, made_at) VALUES ('F', 'F', 1)"}},
    {{"INSERT INTO imports (force_id, import_id, kind, made_at, row_count, joined,"
      " changed, left_count, unchanged, set_aside, fields)"
      " VALUES ('F', 'i', 'full', 1, 1, 1, 0, 0, 0, 0, '')"}},
};

static struct str cell46 = {"0123456789012345678901234567890123456789012345", 46};
static struct str hash32 = {"01234567890123456789012345678901", 32};

static bool person_add(struct store *store, struct err *err)
{
    return store_run(
               store,
               SQL("INSERT INTO people (force_id, person_id, source_hash, source_id,"
                   " kind, standing, version, facts_hash, first_import, last_import)"
                   " VALUES ('F', 'p', ?, ?, 'officer', 'here', 1, ?, 'i', 'i')"),
               WITH(AS_BYTES(hash32), AS_BYTES(cell46), AS_BYTES(hash32)), err) &&
           store_run(store,
                     SQL("INSERT INTO person_versions (force_id, person_id, version,"
                         " import_id, standing, facts)"
                         " VALUES ('F', 'p', 1, 'i', 'here', ?)"),
                     WITH(AS_BYTES(cell46)), err);
}

static bool hit_add(struct store *store, void *context, struct err *err)
{
    (void)context;
    for (size_t i = 0; i < COUNT(world); i++)
        if (!store_run(store, world[i].sql, WITHOUT, err))
            return false;
    return person_add(store, err) &&
           store_run(
               store,
               SQL("INSERT INTO hits (force_id, hit_id, person_id, person_version,"
                   " record_hash, record_version, model, score, state, first_seen,"
                   " record_id, evidence)"
                   " VALUES ('F', 'h', 'p', 1, ?, 1, 'm', 1, 'open', 1, ?, ?)"),
               WITH(AS_BYTES(hash32), AS_BYTES(cell46), AS_BYTES(cell46)), err);
}

struct ruling_try {
    const char *force, *hit, *by;
    size_t reasons; /* bytes of the cell */
};

static bool ruling_add(struct store *store, void *context, struct err *err)
{
    const struct ruling_try *t = context;
    struct value by = t->by ? AS_TEXT(str_of(t->by)) : AS_NONE;

    return store_run(store,
                     SQL("INSERT INTO rulings (force_id, ruling_id, hit_id, word,"
                         " ruled_by, ruled_at, reasons, opened)"
                         " VALUES (?, 'r', ?, 'same person', ?, 1, ?, ?)"),
                     WITH(AS_TEXT(str_of(t->force)), AS_TEXT(str_of(t->hit)), by,
                          AS_BYTES(((struct str){cell46.at, t->reasons})),
                          AS_BYTES(cell46)),
                     err);
}

struct effect_try {
    const char *force, *ruling, *by;
};

static bool effect_add(struct store *store, void *context, struct err *err)
{
    const struct effect_try *t = context;
    struct value ruling = t->ruling ? AS_TEXT(str_of(t->ruling)) : AS_NONE;

    return store_run(store,
                     SQL("INSERT INTO effects (force_id, effect_id, ruling_id, kind,"
                         " made_by, made_at, detail)"
                         " VALUES (?, 'e', ?, 'vetting review', ?, 1, ?)"),
                     WITH(AS_TEXT(str_of(t->force)), ruling, AS_TEXT(str_of(t->by)),
                          AS_BYTES(cell46)),
                     err);
}

TEST(no_ruling_without_a_named_person_reasons_and_a_hit)
{
    static struct ruling_try wrong[] = {
        {"F", "h",       NULL,  46},
        {"F", "h",       "",    46},
        {"F", "h",       "  ",  46},
        {"F", "h",       "p-1", 45},
        {"F", "nothing", "p-1", 46},
    };
    static struct ruling_try right = {"F", "h", "p-1", 46};
    struct store *store = place_store(&place);

    assert_works(store_write(store, hit_add, NULL, &err));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_fails(store_write(store, ruling_add, &wrong[i], &err), ERR_REFUSED);

    assert_works(store_write(store, ruling_add, &right, &err));
    store_close(store);
}

TEST(no_effect_without_a_named_ruling)
{
    static struct effect_try wrong[] = {
        {"F", NULL,      "p-1"},
        {"F", "nothing", "p-1"},
        {"G", "r",       "p-1"}, /* the ruling of another force */
        {"F", "r",       " "  },
    };
    static struct effect_try right = {"F", "r", "p-1"};
    static struct ruling_try ruling = {"F", "h", "p-1", 46};
    struct store *store = place_store(&place);

    assert_works(store_write(store, hit_add, NULL, &err));
    assert_works(store_write(store, force_add, force_g, &err));
    assert_works(store_write(store, ruling_add, &ruling, &err));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_fails(store_write(store, effect_add, &wrong[i], &err), ERR_REFUSED);

    assert_works(store_write(store, effect_add, &right, &err));
    store_close(store);
}

static bool ruling_remove(struct store *store, void *context, struct err *err)
{
    (void)context;
    return store_run(store, SQL("DELETE FROM rulings"), WITHOUT, err);
}

TEST(a_ruling_that_has_an_effect_cannot_be_taken_away)
{
    static struct effect_try effect = {"F", "r", "p-1"};
    static struct ruling_try ruling = {"F", "h", "p-1", 46};
    struct store *store = place_store(&place);

    assert_works(store_write(store, hit_add, NULL, &err));
    assert_works(store_write(store, ruling_add, &ruling, &err));
    assert_works(store_write(store, effect_add, &effect, &err));

    assert_fails(store_write(store, ruling_remove, NULL, &err), ERR_REFUSED);
    store_close(store);
}

/* ---- opening ------------------------------------------------------------------------------------- */

TEST(a_store_is_made_in_a_new_place_only)
{
    struct store *store = place_store(&place);
    struct store *other = NULL;

    assert_fails(store_open(place.url, STORE_NEW, &other, &err), ERR_REFUSED);
    store_close(store);
}

TEST(a_place_without_a_store_is_told_apart)
{
    struct place empty = place_new();
    struct store *store = NULL;
    struct err err;

    assert_false(store_open(empty.url, STORE_USE, &store, &err));
    assert_non_null(strstr(err.text, "candour store init"));
}

TEST(ids_sort_by_when_they_were_made)
{
    char before[STORE_ID_SIZE], after[STORE_ID_SIZE];

    store_id(before);
    usleep(2000);
    store_id(after);

    assert_true(strcmp(before, after) < 0);
    assert_int_equal(strlen(after), 26);
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
        IT(values_come_back_as_they_went_in),
        IT(bytes_and_the_largest_number_come_back_too),
        IT(a_text_that_is_none_is_refused_before_it_is_sent),
        IT(texts_sort_by_their_bytes),
        IT(many_rows_go_in_at_once),
        IT(what_is_sent_is_there_after_the_transaction),
        IT(a_failure_among_what_is_sent_undoes_all_of_it),
        IT(a_body_that_fails_leaves_nothing),
        IT(two_processes_lose_no_change_of_one_another),
        IT(a_reader_sees_one_view_and_keeps_nobody_waiting),
        IT(a_killed_writer_loses_nothing_it_was_told_is_kept),
        IT(no_ruling_without_a_named_person_reasons_and_a_hit),
        IT(no_effect_without_a_named_ruling),
        IT(a_ruling_that_has_an_effect_cannot_be_taken_away),
        IT(a_store_is_made_in_a_new_place_only),
        IT(a_place_without_a_store_is_told_apart),
        IT(ids_sort_by_when_they_were_made),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
