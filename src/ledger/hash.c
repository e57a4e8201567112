/* SHA-256 as the format prescribes it, and commitments to facts. */
#include "ledger/inner.h"

#include <sodium.h>

void ledger_sha256(const void *bytes, size_t size, struct ledger_hash *hash)
{
    crypto_hash_sha256(hash->bytes, bytes, size);
}

void ledger_hash_node(const struct ledger_hash *left, const struct ledger_hash *right,
                      struct ledger_hash *node)
{
    uint8_t both[1 + 2 * sizeof(left->bytes)] = {1};

    memcpy(both + 1, left->bytes, sizeof(left->bytes));
    memcpy(both + 1 + sizeof(left->bytes), right->bytes, sizeof(right->bytes));
    ledger_sha256(both, sizeof(both), node);
}

bool ledger_hash_same(const struct ledger_hash *a, const struct ledger_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void ledger_entry_hash(struct str line, struct ledger_hash *hash)
{
    static const uint8_t leaf = 0;
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &leaf, 1);
    crypto_hash_sha256_update(&state, (const uint8_t *)line.at, line.len);
    crypto_hash_sha256_final(&state, hash->bytes);
}

void ledger_hash_text(const struct ledger_hash *hash, char text[65])
{
    *line_put_hash(text, hash) = 0;
}

bool ledger_hash_read(struct str text, struct ledger_hash *hash)
{
    struct ledger_hash found;

    if (!line_take_hash(&text, &found) || text.len)
        return false;
    *hash = found;
    return true;
}

void ledger_key_text(const uint8_t key[LEDGER_KEY_SIZE], char text[65])
{
    *line_put_bytes(text, key, LEDGER_KEY_SIZE) = 0;
}

bool ledger_key_read(struct str text, uint8_t key[LEDGER_KEY_SIZE])
{
    struct ledger_hash found;

    if (!ledger_hash_read(text, &found))
        return false;
    memcpy(key, found.bytes, LEDGER_KEY_SIZE);
    return true;
}

void ledger_time_text(int64_t time, char text[28])
{
    *line_put_time(text, time) = 0;
}

/* ---- facts -------------------------------------------------------------------------- */

static void hmac(const uint8_t *key, size_t key_size, const void *bytes, size_t size,
                 struct ledger_hash *hash)
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, key_size);
    crypto_auth_hmacsha256_update(&state, bytes, size);
    crypto_auth_hmacsha256_final(&state, hash->bytes);
    sodium_memzero(&state, sizeof(state));
}

void ledger_opening_key(const uint8_t subject_key[LEDGER_KEY_SIZE], uint64_t seq,
                        uint32_t place, struct ledger_hash *opening)
{
    enum { LABEL = 15 };
    uint8_t about[LABEL + 8 + 4] = "candour facts 1";

    for (int i = 0; i < 8; i++)
        about[LABEL + i] = (uint8_t)(seq >> (56 - 8 * i));
    for (int i = 0; i < 4; i++)
        about[LABEL + 8 + i] = (uint8_t)(place >> (24 - 8 * i));
    hmac(subject_key, LEDGER_KEY_SIZE, about, sizeof(about), opening);
}

void ledger_commit(const uint8_t subject_key[LEDGER_KEY_SIZE], uint64_t seq,
                   uint32_t place, struct str facts, struct ledger_hash *commitment)
{
    struct ledger_hash opening;

    ledger_opening_key(subject_key, seq, place, &opening);
    hmac(opening.bytes, sizeof(opening.bytes), facts.at, facts.len, commitment);
    sodium_memzero(&opening, sizeof(opening));
}

void ledger_facts(const struct ledger_hash commitments[], size_t count,
                  struct ledger_hash *facts)
{
    static const uint8_t mark = 2;
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &mark, 1);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha256_update(&state, commitments[i].bytes,
                                  sizeof(commitments[i].bytes));
    crypto_hash_sha256_final(&state, facts->bytes);
}

bool ledger_opens(const struct ledger_entry *entry,
                  const struct ledger_hash commitments[], size_t count, uint32_t place,
                  const struct ledger_hash *opening, struct str facts)
{
    struct ledger_hash all, one;

    if (!entry->has_facts || place >= count)
        return false;
    ledger_facts(commitments, count, &all);
    hmac(opening->bytes, sizeof(opening->bytes), facts.at, facts.len, &one);
    return ledger_hash_same(&all, &entry->facts) &&
           ledger_hash_same(&one, &commitments[place]);
}

bool ledger_random(uint8_t *bytes, size_t size, struct err *err)
{
    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "no source of random numbers; check /dev/urandom");
    randombytes_buf(bytes, size);
    return true;
}
