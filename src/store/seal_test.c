/* Sealed cells, their key, and what a thief of the file has. */
#include "store/world.h"

static struct place place;
static char key_path[256];

static struct store *sealed_store(void)
{
    place = place_new();
    struct store *store = place_open(&place, STORE_NEW);

    place_file("seal.key", key_path);
    if (access(key_path, F_OK) != 0)
        assert_works(store_key_new(key_path, &err));
    assert_works(store_init(store, key_path, false, &err));
    return store;
}

static const struct value keys_a[] = {
    {VALUE_TEXT,   0, {"F", 1} },
    {VALUE_NUMBER, 1, {NULL, 0}}
};
static const struct value keys_b[] = {
    {VALUE_TEXT,   0, {"F", 1} },
    {VALUE_NUMBER, 2, {NULL, 0}}
};
static const struct cell cell_a = {"people", "source_id", keys_a, 2};
static const struct cell others[] = {
    {"people", "source_id", keys_b, 2},
    {"people", "facts",     keys_a, 2},
    {"person", "source_id", keys_a, 2},
    {"people", "source_id", keys_a, 1},
};

TEST(a_cell_opens_in_its_own_place_only)
{
    for (int sealed = 0; sealed < 2; sealed++) {
        struct store *store = sealed ? sealed_store() : place_store(&place);
        struct arena *arena = arena_new();
        struct str cell, plain;

        assert_works(store_seal(store, &cell_a, STR("OKAFOR"), arena, &cell, &err));
        assert_int_equal(cell.len, 6 + STORE_CELL_FRAME);
        assert_works(store_unseal(store, &cell_a, cell, arena, &plain, &err));
        assert_true(str_same(plain, STR("OKAFOR")));
        for (size_t i = 0; i < COUNT(others); i++)
            assert_fails(store_unseal(store, &others[i], cell, arena, &plain, &err),
                         ERR_ENVIRONMENT);
        arena_free(arena);
        store_close(store);
    }
}

TEST(no_bit_of_a_cell_can_be_changed)
{
    struct store *store = sealed_store();
    struct arena *arena = arena_new();
    struct str cell, plain;
    char bytes[64];

    assert_works(store_seal(store, &cell_a, STR("OKAFOR"), arena, &cell, &err));
    for (size_t bit = 0; bit < 8 * cell.len; bit++) {
        memcpy(bytes, cell.at, cell.len);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        assert_fails(store_unseal(store, &cell_a, (struct str){bytes, cell.len}, arena,
                                  &plain, &err),
                     ERR_ENVIRONMENT);
    }
    for (size_t len = 0; len < cell.len; len++)
        assert_fails(store_unseal(store, &cell_a, (struct str){cell.at, len}, arena,
                                  &plain, &err),
                     ERR_ENVIRONMENT);
    arena_free(arena);
    store_close(store);
}

/* Somebody who may write to the file puts in a cell that is not sealed. */
TEST(a_sealed_store_takes_no_cell_in_clear)
{
    struct store *clear = place_store(&place), *store;
    struct arena *arena = arena_new();
    struct str cell, plain;

    assert_works(store_seal(clear, &cell_a, STR("OKAFOR"), arena, &cell, &err));
    store_close(clear);
    store = sealed_store();

    assert_fails(store_unseal(store, &cell_a, cell, arena, &plain, &err),
                 ERR_ENVIRONMENT);
    arena_free(arena);
    store_close(store);
}

TEST(equal_texts_have_equal_hashes_in_one_column_of_one_store)
{
    struct store *store = sealed_store();
    uint8_t hash[5][STORE_HASH_BYTES];

    assert_works(store_hash(store, "people.source_id", STR("W1"), hash[0], &err));
    assert_works(store_hash(store, "people.source_id", STR("W1"), hash[1], &err));
    assert_works(store_hash(store, "people.source_id", STR("W2"), hash[2], &err));
    assert_works(store_hash(store, "people.facts", STR("W1"), hash[3], &err));
    store_close(store);
    store = sealed_store();
    assert_works(store_hash(store, "people.source_id", STR("W1"), hash[4], &err));
    store_close(store);

    assert_memory_equal(hash[0], hash[1], STORE_HASH_BYTES);
    for (size_t i = 2; i < 5; i++)
        assert_memory_not_equal(hash[0], hash[i], STORE_HASH_BYTES);
}

/* What a thief has: the file, its log, or a backup, without the key. */
static bool holds(const char *path, const char *text)
{
    static char bytes[4 << 20];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

    if (file)
        fclose(file);
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

TEST(no_name_stands_in_the_file_or_a_backup)
{
    struct store *store = sealed_store();
    char path[256], wal[300];
    struct store_count count;

    world_fill(store, store_version_newest());
    place_file("thief", path);
    unlink(path);
    assert_works(store_backup(store, path, &count, &err));

    snprintf(wal, sizeof(wal), "%s-wal", place.url);
    assert_false(holds(path, "BEFORE"));
    assert_true(holds(path, "reviewer-1")); /* the test can see what is there */
    if (strcmp(store_backend(store), "sqlite") == 0) {
        assert_false(holds(place.url, "BEFORE"));
        assert_false(holds(wal, "BEFORE"));
        assert_true(holds(place.url, "reviewer-1") || holds(wal, "reviewer-1"));
    }
    store_close(store);
}

/* ---- keys ------------------------------------------------------------------------------ */

static void key_write(const char *path, const char *text, mode_t mode)
{
    FILE *file;

    unlink(path);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

#define ZEROS64 "0000000000000000000000000000000000000000000000000000000000000000"

TEST(a_key_that_others_can_read_or_that_is_none_is_refused)
{
    static const struct {
        const char *text;
        mode_t mode;
        enum err_code code;
    } keys[] = {
        {ZEROS64 "\n",   0644, ERR_REFUSED},
        {ZEROS64 "\n",   0640, ERR_REFUSED},
        {"",             0600, ERR_INPUT  },
        {"0" ZEROS64,    0600, ERR_INPUT  },
        {ZEROS64 "\n\n", 0600, ERR_INPUT  },
        {"x" ZEROS64,    0600, ERR_INPUT  },
        {ZEROS64 "\n",   0600, ERR_REFUSED}, /* a key, and not the right one */
    };
    struct store *store = sealed_store();
    char path[256];

    place_file("other.key", path);
    for (size_t i = 0; i < COUNT(keys); i++) {
        key_write(path, keys[i].text, keys[i].mode);
        assert_fails(store_unlock(store, path, &err), keys[i].code);
    }
    assert_fails(store_unlock(store, "/nowhere/key", &err), ERR_ENVIRONMENT);
    assert_fails(store_unlock(store, NULL, &err), ERR_USAGE);
    store_close(store);
}

TEST(the_key_may_be_a_systemd_credential)
{
    struct store *store = sealed_store();
    char folder[256], path[300], command[1200];

    place_file("credentials", folder);
    snprintf(path, sizeof(path), "%s/candour-store-key", folder);
    snprintf(command, sizeof(command),
             "mkdir -p '%s' && cp '%s' '%s' && chmod 440 '%s'", folder, key_path, path,
             path);
    assert_int_equal(system(command), 0);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);

    assert_works(store_unlock(store, NULL, &err));
    assert_int_equal(chmod(path, 0444), 0);
    assert_fails(store_unlock(store, NULL, &err), ERR_REFUSED);
    unsetenv("CREDENTIALS_DIRECTORY");
    store_close(store);
}

TEST(a_store_made_without_a_key_refuses_one)
{
    struct store *store = place_store(&place);

    store_close(sealed_store()); /* makes the key */
    assert_fails(store_unlock(store, key_path, &err), ERR_REFUSED);
    store_close(store);
}

TEST(a_store_without_a_key_has_to_be_asked_for)
{
    struct place empty = place_new();
    struct store *store = place_open(&empty, STORE_NEW);

    assert_fails(store_init(store, NULL, false, &err), ERR_USAGE);
    assert_works(store_init(store, NULL, true, &err)); /* nothing was left behind */
    store_close(store);
}

TEST(after_rotation_the_new_key_opens_and_the_old_does_not)
{
    struct store *store = sealed_store();
    char next[256];

    world_fill(store, store_version_newest());
    place_file("next.key", next);
    unlink(next);
    assert_works(store_key_new(next, &err));
    assert_works(store_rotate_key(store, next, &err));
    assert_whole(store);
    store_close(store);

    store = place_open(&place, STORE_USE);
    assert_fails(store_unlock(store, key_path, &err), ERR_REFUSED);
    assert_works(store_unlock(store, next, &err));
    assert_whole(store);
    store_close(store);
}

TEST(a_key_file_is_its_owners_and_never_written_over)
{
    char path[256];
    struct stat about;

    place_file("mine.key", path);
    unlink(path);
    assert_works(store_key_new(path, &err));

    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_fails(store_key_new(path, &err), ERR_REFUSED);
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
        IT(a_cell_opens_in_its_own_place_only),
        IT(no_bit_of_a_cell_can_be_changed),
        IT(a_sealed_store_takes_no_cell_in_clear),
        IT(equal_texts_have_equal_hashes_in_one_column_of_one_store),
        IT(no_name_stands_in_the_file_or_a_backup),
        IT(a_key_that_others_can_read_or_that_is_none_is_refused),
        IT(the_key_may_be_a_systemd_credential),
        IT(a_store_made_without_a_key_refuses_one),
        IT(a_store_without_a_key_has_to_be_asked_for),
        IT(after_rotation_the_new_key_opens_and_the_old_does_not),
        IT(a_key_file_is_its_owners_and_never_written_over),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
