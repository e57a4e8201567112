/* What befalls a file: a full disk, a damaged page, a file that may not be written. */
#include "store/world.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct place place;

static struct store *filled(void)
{
    struct store *store = place_store(&place);

    world_fill(store, store_version_newest());
    return store;
}

static bool units_many(struct store *store, void *context, struct err *err)
{
    (void)context;
    for (int i = 0; i < 20000; i++) {
        char id[32];

        snprintf(id, sizeof(id), "unit %05d of a force", i);
        if (!store_run(store,
                       SQL("INSERT INTO units (force_id, unit_id, name)"
                           " VALUES ('F', ?, ?)"),
                       WITH(AS_TEXT(str_of(id)), AS_TEXT(str_of(id))), err))
            return false;
    }
    return true;
}

/* A file that may grow no further fails as a full disk does. */
static int full_disk_child(void)
{
    struct rlimit limit = {400000, 400000};
    struct store *store;
    struct err err = {0};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    if (!store_open(place.url, STORE_USE, &store, &err))
        return 1;
    if (store_write(store, units_many, NULL, &err) || err_exit(err.code) != 5)
        return 2;
    store_close(store);
    return 0;
}

TEST(a_full_disk_undoes_the_transaction_and_says_so)
{
    int status;

    store_close(filled());
    pid_t child = fork();

    if (child == 0)
        _exit(full_disk_child());
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);

    struct store *store = place_open(&place, STORE_USE);

    assert_whole(store);
    assert_works(store_write(store, units_many, NULL, &err));
    store_close(store);
}

/* Zeros over a page in the middle: found and named, never read as if nothing were. */
TEST(a_damaged_page_is_found_and_named)
{
    struct store *store = filled();
    struct world_faults faults = {0};

    assert_works(store_write(store, units_many, NULL, &err));
    store_close(store);
    FILE *file = fopen(place.url, "r+b");
    char zeros[4096] = {0};
    long page = 0;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    page = ftell(file) / 4096 / 2;
    fseek(file, page * 4096, SEEK_SET);
    assert_int_equal(fwrite(zeros, sizeof(zeros), 1, file), 1);
    fclose(file);

    store = place_open(&place, STORE_OLDER);
    assert_works(store_check(store, world_fault, &faults, &err));
    assert_true(faults.count > 0);
    assert_non_null(strstr(faults.text, "page"));
    store_close(store);
}

TEST(a_file_that_is_no_database_is_refused)
{
    char path[256];
    struct store *store = NULL;

    place_file("letter.txt", path);
    FILE *file = fopen(path, "w");

    for (int i = 0; i < 500; i++)
        fputs("Dear Sir or Madam, ", file);
    fclose(file);

    assert_fails(store_open(path, STORE_USE, &store, &err), ERR_INPUT);
    assert_fails(store_open(path, STORE_NEW, &store, &err), ERR_INPUT);
    assert_fails(store_open("/nowhere/store.db", STORE_NEW, &store, &err),
                 ERR_ENVIRONMENT);
    assert_fails(store_open("/nowhere/store.db", STORE_USE, &store, &err),
                 ERR_NOT_FOUND);
}

static bool force_rename(struct store *store, void *context, struct err *err)
{
    (void)context;
    return store_run(store, SQL("UPDATE forces SET name = 'Other'"), WITHOUT, err);
}

/* Modes do not hold root back: it becomes somebody else first. */
static int read_only_child(void)
{
    struct store *store = NULL;
    struct err err = {0};
    bool ok;

    if (getuid() == 0 && setuid(65534) != 0)
        return 1;
    ok = store_open(place.url, STORE_USE, &store, &err) &&
         store_write(store, force_rename, NULL, &err);
    store_close(store);
    return ok ? 2 : err_exit(err.code) == 5 ? 0 : 3;
}

TEST(a_file_that_may_not_be_written_is_said_to_be)
{
    char folder[256];
    int status;

    store_close(filled());
    place_file("", folder);
    assert_int_equal(chmod(place.url, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    pid_t child = fork();

    if (child == 0)
        _exit(read_only_child());
    waitpid(child, &status, 0);
    chmod(folder, 0700);
    assert_int_equal(WEXITSTATUS(status), 0);
}

TEST(the_file_is_its_owners_alone)
{
    struct stat about;
    char wal[300];
    struct store *store = filled();

    snprintf(wal, sizeof(wal), "%s-wal", place.url);
    assert_int_equal(stat(place.url, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(wal, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
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
        IT(a_full_disk_undoes_the_transaction_and_says_so),
        IT(a_damaged_page_is_found_and_named),
        IT(a_file_that_is_no_database_is_refused),
        IT(a_file_that_may_not_be_written_is_said_to_be),
        IT(the_file_is_its_owners_alone),
    };

    unsetenv("CANDOUR_TEST_POSTGRES"); /* these are about files */
    return cmocka_run_group_tests(tests, NULL, forget);
}
