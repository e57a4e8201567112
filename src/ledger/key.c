/*
 * Keys that sign. A key file is one line: "candour-ledger-key-1 ", then the seed of an
 * Ed25519 key as 64 hex digits.
 */
#include "ledger/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mark[] = "candour-ledger-key-1 ";

enum { FILE_SIZE = sizeof(mark) - 1 + 2 * LEDGER_KEY_SIZE + 1 };

struct ledger_key {
    uint8_t public[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

static_assert(crypto_sign_PUBLICKEYBYTES == LEDGER_KEY_SIZE, "a public key is a key");
static_assert(crypto_sign_SEEDBYTES == LEDGER_KEY_SIZE, "a seed is as long as a key");
static_assert(crypto_sign_BYTES == LEDGER_SIGNATURE_SIZE, "Ed25519 signatures");

bool ledger_key_of_seed(const uint8_t seed[LEDGER_KEY_SIZE], struct ledger_key **result,
                        struct err *err)
{
    struct ledger_key *key;

    if (sodium_init() < 0 || !(key = sodium_malloc(sizeof(*key))))
        return err_set(err, ERR_ENVIRONMENT, "no protected memory for the signing key");
    crypto_sign_seed_keypair(key->public, key->secret, seed);
    sodium_mprotect_readonly(key);
    *result = key;
    return true;
}

void ledger_key_close(struct ledger_key *key)
{
    sodium_free(key); /* wipes it */
}

const uint8_t *ledger_key_public(const struct ledger_key *key)
{
    return key->public;
}

void ledger_key_sign(const struct ledger_key *key, struct str text,
                     uint8_t signature[LEDGER_SIGNATURE_SIZE])
{
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.at, text.len,
                         key->secret);
}

bool ledger_key_verifies(const uint8_t key[LEDGER_KEY_SIZE],
                         const uint8_t signature[LEDGER_SIGNATURE_SIZE],
                         struct str text)
{
    return crypto_sign_verify_detached(signature, (const uint8_t *)text.at, text.len,
                                       key) == 0;
}

/* ---- key files ------------------------------------------------------------------------- */

/*
 * Only its owner may read it. systemd hands credentials to services that do not run as
 * root as files of root, with an access list that shows as a bit of the group of root.
 */
static bool kept_secret(const struct stat *about)
{
    bool of_root = about->st_uid == 0 && about->st_gid == 0;
    mode_t others = of_root ? S_IRWXO | S_IWGRP | S_IXGRP : S_IRWXO | S_IRWXG;

    return (about->st_mode & others) == 0 &&
           (about->st_uid == 0 || about->st_uid == geteuid());
}

static bool fd_check(int fd, const char *path, struct err *err)
{
    struct stat about;

    if (fstat(fd, &about) != 0)
        return err_set(err, ERR_INPUT, "cannot look at the key file %s: %s", path,
                       strerror(errno));
    if (!S_ISREG(about.st_mode))
        return err_set(err, ERR_INPUT, "%s is no regular file; want a key file", path);
    if (!kept_secret(&about))
        return err_set(
            err, ERR_REFUSED,
            "others may read the key file %s; take that away (chmod 600, its "
            "owner the service or root), and change the key if they did",
            path);
    return true;
}

/* Reads all of it; more than a key file holds is as wrong as less. */
static bool fd_read(int fd, char text[FILE_SIZE + 1], size_t *size)
{
    *size = 0;
    while (*size <= FILE_SIZE) {
        ssize_t n = read(fd, text + *size, FILE_SIZE + 1 - *size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        *size += (size_t)n;
    }
    return true;
}

static bool key_of_text(struct str text, const char *path, struct ledger_key **key,
                        struct err *err)
{
    uint8_t seed[LEDGER_KEY_SIZE];
    bool ok = line_take(&text, mark) && line_take_bytes(&text, seed, sizeof(seed)) &&
              line_take(&text, "\n") && text.len == 0;

    if (!ok)
        err_set(err, ERR_INPUT,
                "%s is no key file of a ledger; `candour ledger key` makes one", path);
    ok = ok && ledger_key_of_seed(seed, key, err);
    sodium_memzero(seed, sizeof(seed));
    return ok;
}

bool ledger_key_open(const char *path, struct ledger_key **key, struct err *err)
{
    char text[FILE_SIZE + 1];
    size_t size = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return err_set(err, ERR_INPUT, "cannot read the key file %s: %s", path,
                       strerror(errno));

    bool ok = fd_check(fd, path, err);

    if (ok && !fd_read(fd, text, &size))
        ok = err_set(err, ERR_ENVIRONMENT, "cannot read the key file %s: %s", path,
                     strerror(errno));
    close(fd);
    ok = ok && key_of_text((struct str){text, size}, path, key, err);
    sodium_memzero(text, sizeof(text));
    return ok;
}

/* All of it and on the disk, or the reason in errno. */
static bool fd_write(int fd, const char *text, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, text + done, size - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

bool ledger_key_create(const char *path, struct err *err)
{
    uint8_t seed[LEDGER_KEY_SIZE];
    char text[FILE_SIZE];

    if (!ledger_random(seed, sizeof(seed), err))
        return false;

    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    line_put(line_put_bytes(line_put(text, mark), seed, sizeof(seed)), "\n");
    sodium_memzero(seed, sizeof(seed));

    bool ok = fd >= 0 && fd_write(fd, text, sizeof(text));
    int why = errno;

    sodium_memzero(text, sizeof(text));
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0)
        unlink(path);
    if (!ok && why == EEXIST)
        return err_set(err, ERR_REFUSED,
                       "%s is there already; a key is never written over, choose "
                       "another name",
                       path);
    return ok || err_set(err, ERR_ENVIRONMENT, "cannot write the key file %s: %s", path,
                         strerror(why));
}
