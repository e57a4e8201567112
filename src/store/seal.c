/*
 * Sealed cells: what somebody who has the file, a copy or a backup cannot read.
 *
 *   key file ---wraps--> data key ---derives--> seal key, hash key
 *   (not here)           (data_keys, wrapped)   (in locked memory only)
 *
 *   byte 0     1 sealed, 0 not sealed
 *   bytes 1-4  number of the data key, big-endian; 0 for the key file, or not sealed
 *   24 bytes   nonce, drawn for each cell; zeros if not sealed
 *   n bytes    what was sealed, enciphered
 *   16 bytes   tag: XChaCha20-Poly1305, or BLAKE2b if not sealed
 *
 * The tag covers table, column and primary key too: a cell opens in its own place only,
 * so that nobody swaps two. A cell that is not sealed has the same frame, so that
 * lengths mean the same and a damaged one is found.
 */
#include "store/backend.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEAD_BYTES = 5,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    KEY_OF_FILE = 0,
    DATA_KEY = 1,
};
static_assert(HEAD_BYTES + NONCE_BYTES + TAG_BYTES == STORE_CELL_FRAME, "the frame");
static_assert(KEY_BYTES == crypto_kdf_KEYBYTES, "data keys derive others");

struct keys {
    bool sealed;
    uint8_t file[KEY_BYTES]; /* of the key file: wraps the data key */
    uint8_t data[KEY_BYTES];
    uint8_t seal[KEY_BYTES];
    uint8_t hash[KEY_BYTES]; /* zeros without a key */
};

/* ---- one cell ----------------------------------------------------------------------- */

/* Table, column and primary key, each with its kind and length: no two places give the
 * same bytes. The caller's to free. */
static char *place_of(const struct cell *cell, size_t *size)
{
    size_t table = strlen(cell->table) + 1, column = strlen(cell->column) + 1;

    assert(cell->key_count <= STORE_KEYS_MAX);
    *size = table + column;
    for (size_t i = 0; i < cell->key_count; i++)
        *size += 1 + sizeof(uint64_t) + cell->keys[i].bytes.len;

    char *place = memory_new(1, *size), *to = place + table + column;

    memcpy(place, cell->table, table);
    memcpy(place + table, cell->column, column);
    for (size_t i = 0; i < cell->key_count; i++) {
        const struct value *key = &cell->keys[i];
        bool is_number = key->kind == VALUE_NUMBER;
        uint64_t number = htobe64(is_number ? (uint64_t)key->number : key->bytes.len);

        *to++ = (char)key->kind;
        memcpy(to, &number, sizeof(number));
        to += sizeof(number);
        if (key->bytes.len)
            memcpy(to, key->bytes.at, key->bytes.len);
        to += key->bytes.len;
    }
    return place;
}

static void plain_tag(const char *place, size_t place_size, const char *plain,
                      size_t size, uint8_t tag[TAG_BYTES])
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, TAG_BYTES);
    crypto_generichash_update(&state, (const uint8_t *)place, place_size);
    crypto_generichash_update(&state, (const uint8_t *)plain, size);
    crypto_generichash_final(&state, tag, TAG_BYTES);
}

/* `to` has room for size + STORE_CELL_FRAME. key NULL: not sealed. */
static void frame_make(const struct cell *cell, const uint8_t *key, uint32_t key_id,
                       const char *plain, size_t size, char *to)
{
    size_t place_size;
    char *place = place_of(cell, &place_size);
    uint32_t id = htobe32(key ? key_id : 0);
    uint8_t *nonce = (uint8_t *)to + HEAD_BYTES;
    uint8_t *body = nonce + NONCE_BYTES;

    to[0] = key ? 1 : 0;
    memcpy(to + 1, &id, sizeof(id));
    memset(nonce, 0, NONCE_BYTES);
    if (key) {
        randombytes_buf(nonce, NONCE_BYTES);
        crypto_aead_xchacha20poly1305_ietf_encrypt(body, NULL, (const uint8_t *)plain,
                                                   size, (const uint8_t *)place,
                                                   place_size, NULL, nonce, key);
    } else {
        if (size)
            memcpy(body, plain, size);
        plain_tag(place, place_size, plain, size, body + size);
    }
    free(place);
}

/* `to` has room for size - STORE_CELL_FRAME; size >= STORE_CELL_FRAME. */
static bool frame_open(const struct cell *cell, const uint8_t *key, const char *sealed,
                       size_t size, char *to)
{
    size_t place_size, plain_size = size - STORE_CELL_FRAME;
    char *place = place_of(cell, &place_size);
    const uint8_t *nonce = (const uint8_t *)sealed + HEAD_BYTES;
    const uint8_t *body = nonce + NONCE_BYTES;
    uint8_t tag[TAG_BYTES];
    bool ok;

    if (key) {
        ok = crypto_aead_xchacha20poly1305_ietf_decrypt(
                 (uint8_t *)to, NULL, NULL, body, size - HEAD_BYTES - NONCE_BYTES,
                 (const uint8_t *)place, place_size, nonce, key) == 0;
    } else {
        if (plain_size)
            memcpy(to, body, plain_size);
        plain_tag(place, place_size, to, plain_size, tag);
        ok = sodium_memcmp(tag, body + plain_size, TAG_BYTES) == 0;
    }
    free(place);
    return ok;
}

bool cell_fits(const char *cell, size_t size, bool sealed)
{
    static const char heads[2][HEAD_BYTES] = {
        {0, 0, 0, 0, 0       },
        {1, 0, 0, 0, DATA_KEY}
    };

    return size >= STORE_CELL_FRAME && memcmp(cell, heads[sealed], HEAD_BYTES) == 0;
}

static bool expect_open(const struct store *store, struct err *err)
{
    return store->keys ||
           err_set(err, ERR_ENVIRONMENT, "store %s: its key was not read", store->name);
}

bool store_seal(struct store *store, const struct cell *cell, struct str plain,
                struct arena *arena, struct str *sealed, struct err *err)
{
    if (!expect_open(store, err))
        return false;
    char *to = arena_alloc(arena, plain.len + STORE_CELL_FRAME);

    frame_make(cell, store->keys->sealed ? store->keys->seal : NULL, DATA_KEY, plain.at,
               plain.len, to);
    *sealed = (struct str){to, plain.len + STORE_CELL_FRAME};
    return true;
}

bool store_unseal(struct store *store, const struct cell *cell, struct str sealed,
                  struct arena *arena, struct str *plain, struct err *err)
{
    if (!expect_open(store, err))
        return false;
    bool ok = cell_fits(sealed.at, sealed.len, store->keys->sealed);

    if (ok) {
        size_t size = sealed.len - STORE_CELL_FRAME;
        char *to = arena_alloc(arena, size + 1);

        ok = frame_open(cell, store->keys->sealed ? store->keys->seal : NULL, sealed.at,
                        sealed.len, to);
        *plain = (struct str){to, size};
    }
    return ok || err_set(err, ERR_ENVIRONMENT,
                         "store %s: a cell of %s.%s does not open: run candour store "
                         "check, restore a backup",
                         store->name, cell->table, cell->column);
}

bool store_hash(struct store *store, const char *name, struct str plain,
                uint8_t hash[STORE_HASH_BYTES], struct err *err)
{
    crypto_generichash_state state;

    if (!expect_open(store, err))
        return false;
    crypto_generichash_init(&state, store->keys->hash, KEY_BYTES, STORE_HASH_BYTES);
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name) + 1);
    crypto_generichash_update(&state, (const uint8_t *)plain.at, plain.len);
    crypto_generichash_final(&state, hash, STORE_HASH_BYTES);
    return true;
}

/* ---- the key file: 64 hex digits, its owner's alone ------------------------------------ */

static bool key_mode_fits(const char *path, int fd, bool credential, struct err *err)
{
    struct stat about;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return err_set(err, ERR_INPUT, "key %s is no regular file", path);
    /* systemd may let a group of its own read a credential */
    if (about.st_mode & (credential ? S_IRWXO : S_IRWXG | S_IRWXO))
        return err_set(err, ERR_REFUSED,
                       "key %s can be read by others than its owner: chmod 600 it, and "
                       "rotate it if others could",
                       path);
    if (about.st_uid != geteuid() && about.st_uid != 0)
        return err_set(err, ERR_REFUSED, "key %s belongs to another user", path);
    return true;
}

static bool key_file_read(const char *path, bool credential, uint8_t key[KEY_BYTES],
                          struct err *err)
{
    char text[2 * KEY_BYTES + 2] = "";
    size_t size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot read key %s: %s", path,
                       strerror(errno));
    bool ok = key_mode_fits(path, fd, credential, err);

    if (ok) {
        ssize_t got = read(fd, text, sizeof(text));

        size = got > 0 ? (size_t)got : 0;
        if (size == 2 * KEY_BYTES + 1 && text[size - 1] == '\n')
            size--;
        ok = size == 2 * KEY_BYTES &&
             sodium_hex2bin(key, KEY_BYTES, text, size, NULL, NULL, NULL) == 0;
        if (!ok)
            err_set(err, ERR_INPUT,
                    "key %s is not 64 hex digits; candour store new-key makes one",
                    path);
    }
    sodium_memzero(text, sizeof(text));
    close(fd);
    return ok;
}

/* The path given, or the credential; NULL if there is neither. */
static const char *key_path_of(const char *given, char *buffer, size_t size,
                               bool *credential)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");

    *credential = false;
    if (given || !folder)
        return given;
    snprintf(buffer, size, "%s/candour-store-key", folder);
    *credential = access(buffer, F_OK) == 0;
    return *credential ? buffer : NULL;
}

static bool key_read(const char *given, bool *there, uint8_t key[KEY_BYTES],
                     struct err *err)
{
    char buffer[4096];
    bool credential;
    const char *path = key_path_of(given, buffer, sizeof(buffer), &credential);

    *there = path != NULL;
    return !path || key_file_read(path, credential, key, err);
}

bool store_key_new(const char *path, struct err *err)
{
    uint8_t key[KEY_BYTES];
    char text[2 * KEY_BYTES + 1];

    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT, "no random numbers from this system");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return err_set(err, errno == EEXIST ? ERR_REFUSED : ERR_ENVIRONMENT,
                       "cannot make key %s: %s; name a new file", path,
                       strerror(errno));
    randombytes_buf(key, sizeof(key));
    sodium_bin2hex(text, sizeof(text), key, sizeof(key));
    text[sizeof(text) - 1] = '\n';
    bool ok = write(fd, text, sizeof(text)) == (ssize_t)sizeof(text) && fsync(fd) == 0;

    sodium_memzero(key, sizeof(key));
    sodium_memzero(text, sizeof(text));
    close(fd);
    if (ok)
        return true;
    unlink(path);
    return err_set(err, ERR_ENVIRONMENT, "cannot write key %s: free space", path);
}

/* ---- the data key ------------------------------------------------------------------------ */

enum { WRAPPED_BYTES = KEY_BYTES + STORE_CELL_FRAME };

static const struct value data_key_id[] = {
    {VALUE_NUMBER, DATA_KEY, {NULL, 0}}
};
static const struct cell data_key_cell = {"data_keys", "wrapped", data_key_id, 1};

static struct keys *keys_new(void)
{
    struct keys *keys = sodium_init() < 0 ? NULL : sodium_malloc(sizeof(*keys));

    if (keys)
        sodium_memzero(keys, sizeof(*keys));
    return keys;
}

void keys_free(struct keys *keys)
{
    sodium_free(keys);
}

static void keys_derive(struct keys *keys)
{
    keys->sealed = true;
    crypto_kdf_derive_from_key(keys->seal, KEY_BYTES, 1, "candseal", keys->data);
    crypto_kdf_derive_from_key(keys->hash, KEY_BYTES, 2, "candhash", keys->data);
}

static void data_key_wrap(const struct keys *keys, char wrapped[WRAPPED_BYTES])
{
    frame_make(&data_key_cell, keys->file, KEY_OF_FILE, (const char *)keys->data,
               KEY_BYTES, wrapped);
}

static bool data_key_keep(struct store *store, const struct keys *keys, struct err *err)
{
    char wrapped[WRAPPED_BYTES];
    int64_t now = store_now();

    data_key_wrap(keys, wrapped);
    return store_run(store,
                     SQL("INSERT INTO data_keys (key_id, wrapped, made_at, wrapped_at)"
                         " VALUES (?, ?, ?, ?)"),
                     WITH(AS_NUMBER(DATA_KEY),
                          AS_BYTES(((struct str){wrapped, WRAPPED_BYTES})),
                          AS_NUMBER(now), AS_NUMBER(now)),
                     err);
}

bool keys_make(struct store *store, const char *key_path, bool unsealed,
               struct err *err)
{
    struct keys *keys = keys_new();
    bool there = false, ok;

    if (!keys)
        return err_set(err, ERR_ENVIRONMENT, "no locked memory: raise ulimit -l");
    ok = key_read(key_path, &there, keys->file, err);
    if (ok && there && unsealed)
        ok = err_set(err, ERR_USAGE, "a key and --unsealed together: choose one");
    else if (ok && !there && !unsealed)
        ok = err_set(err, ERR_USAGE,
                     "--key FILE is missing: candour store new-key FILE makes one; "
                     "--unsealed keeps names and addresses readable in the store, for "
                     "an encrypted disk");
    if (ok && there) {
        randombytes_buf(keys->data, KEY_BYTES);
        keys_derive(keys);
        ok = data_key_keep(store, keys, err);
    }
    if (ok) {
        keys_free(store->keys);
        store->keys = keys;
    } else {
        keys_free(keys);
    }
    return ok;
}

/* The wrapped key, if the store has one. */
static bool wrapped_read(struct store *store, char wrapped[WRAPPED_BYTES], bool *sealed,
                         struct err *err)
{
    struct rows *rows;

    if (!store_ask(store, SQL("SELECT wrapped FROM data_keys WHERE key_id = ?"),
                   WITH(AS_NUMBER(DATA_KEY)), &rows, err))
        return false;
    bool ok = rows_next(rows, sealed, err);

    if (ok && *sealed && rows_text(rows, 0).len != WRAPPED_BYTES)
        ok =
            err_set(err, ERR_ENVIRONMENT,
                    "store %s: its data key is damaged: restore a backup", store->name);
    else if (ok && *sealed)
        memcpy(wrapped, rows_text(rows, 0).at, WRAPPED_BYTES);
    rows_done(rows);
    return ok;
}

bool keys_sealed(struct store *store, bool *sealed, struct err *err)
{
    char wrapped[WRAPPED_BYTES];

    return wrapped_read(store, wrapped, sealed, err);
}

bool keys_are_open(const struct store *store)
{
    return store->keys != NULL;
}

static bool keys_open(struct store *store, const char *key_path, struct keys *keys,
                      struct err *err)
{
    char wrapped[WRAPPED_BYTES];
    bool there, sealed;

    if (!wrapped_read(store, wrapped, &sealed, err) ||
        !key_read(key_path, &there, keys->file, err))
        return false;
    if (!sealed && key_path)
        return err_set(err, ERR_REFUSED,
                       "store %s was made without a key and would keep what you write "
                       "in clear: leave --key out if that is meant",
                       store->name);
    if (!sealed)
        return true;
    if (!there)
        return err_set(err, ERR_USAGE,
                       "store %s is sealed: give --key FILE, or the systemd credential "
                       "candour-store-key",
                       store->name);
    if (!frame_open(&data_key_cell, keys->file, wrapped, WRAPPED_BYTES,
                    (char *)keys->data))
        return err_set(err, ERR_REFUSED, "store %s has another key than the one given",
                       store->name);
    keys_derive(keys);
    return true;
}

bool store_unlock(struct store *store, const char *key_path, struct err *err)
{
    struct keys *keys = keys_new();

    if (!keys)
        return err_set(err, ERR_ENVIRONMENT, "no locked memory: raise ulimit -l");
    if (!keys_open(store, key_path, keys, err)) {
        keys_free(keys);
        return false;
    }
    keys_free(store->keys);
    store->keys = keys;
    return true;
}

static bool rewrap(struct store *store, void *context, struct err *err)
{
    struct keys *next = context;
    char wrapped[WRAPPED_BYTES];

    data_key_wrap(next, wrapped);
    return store_run(
        store, SQL("UPDATE data_keys SET wrapped = ?, wrapped_at = ? WHERE key_id = ?"),
        WITH(AS_BYTES(((struct str){wrapped, WRAPPED_BYTES})), AS_NUMBER(store_now()),
             AS_NUMBER(DATA_KEY)),
        err);
}

bool store_rotate_key(struct store *store, const char *new_path, struct err *err)
{
    if (!expect_open(store, err))
        return false;
    if (!store->keys->sealed)
        return err_set(err, ERR_REFUSED,
                       "store %s was made without a key: there is none to rotate",
                       store->name);
    struct keys *next = keys_new();

    if (!next)
        return err_set(err, ERR_ENVIRONMENT, "no locked memory: raise ulimit -l");
    memcpy(next, store->keys, sizeof(*next));
    bool ok = key_file_read(new_path, false, next->file, err) &&
              store_write(store, rewrap, next, err);

    if (ok)
        memcpy(store->keys, next, sizeof(*next));
    keys_free(next);
    return ok;
}
