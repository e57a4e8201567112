/*
 * Inside the ledger: lines are read and written a piece at a time. A piece is taken off
 * the front of what is left, or nothing is taken and the line is not of our form: there
 * is one way to write anything, so there is nothing to choose when reading.
 */
#ifndef LEDGER_INNER_H
#define LEDGER_INNER_H

#include "ledger/ledger.h"

#include <assert.h>
#include <string.h>

enum {
    TIME_SIZE = 27, /* 2026-11-22T22:31:30.123456Z */
    WHY_SIZE = 64,
};

#define TIME_MAX   INT64_C(253402300799999999) /* the last microsecond of 9999 */
#define SIZE_LIMIT (UINT64_C(1) << LEDGER_LEVELS)

#define ACTION_BEGIN "ledger.begin"
#define ACTION_KEY   "ledger.key"

/* ---- pieces of a line ------------------------------------------------------------- */

bool line_take(struct str *rest, const char *literal);
bool line_take_bytes(struct str *rest, uint8_t *bytes, size_t size); /* as hex */
bool line_take_hash(struct str *rest, struct ledger_hash *hash);
bool line_take_number(struct str *rest, uint64_t *number); /* below SIZE_LIMIT */
bool line_take_word(struct str *rest, char word[LEDGER_WORD_MAX + 1]);
bool line_take_name(struct str *rest, char name[LEDGER_WORD_MAX + 1]);
bool line_take_time(struct str *rest, int64_t *time);
bool line_take_base64(struct str *rest, uint8_t *bytes, size_t size);

/* `["HASH","HASH"]`, at most `room` of them. */
bool line_take_hashes(struct str *rest, struct ledger_hash hashes[], size_t room,
                      size_t *count);

bool line_is_word(const char *text);
bool line_is_name(const char *text);

/* Each returns where the next piece goes; the caller has the room. */
char *line_put(char *to, const char *text);
char *line_put_bytes(char *to, const uint8_t *bytes, size_t size);
char *line_put_hash(char *to, const struct ledger_hash *hash);
char *line_put_number(char *to, uint64_t number);
char *line_put_time(char *to, int64_t time); /* 0 to TIME_MAX */
char *line_put_base64(char *to, const uint8_t *bytes, size_t size);
char *line_put_hashes(char *to, const struct ledger_hash hashes[], size_t count);

/* ---- hashes and signatures ----------------------------------------------------------- */

void ledger_sha256(const void *bytes, size_t size,
                   struct ledger_hash *hash); /* SHA-256 */
void ledger_hash_node(const struct ledger_hash *left, const struct ledger_hash *right,
                      struct ledger_hash *node);
bool ledger_hash_same(const struct ledger_hash *a, const struct ledger_hash *b);

bool ledger_key_verifies(const uint8_t key[LEDGER_KEY_SIZE],
                         const uint8_t signature[LEDGER_SIGNATURE_SIZE],
                         struct str text);
void ledger_key_sign(const struct ledger_key *key, struct str text,
                     uint8_t signature[LEDGER_SIGNATURE_SIZE]);

/* ---- entries and checkpoints ---------------------------------------------------------- */

/* Length of the part of a line that its signature covers, for an entry with a key. */
size_t ledger_entry_signed_part(struct str line);

/* Is the entry, with its line, one that may follow when `key` is in force? NULL: it may;
 * else why not. */
const char *ledger_entry_fault(const struct ledger_entry *entry, struct str line,
                               const char *name, const uint8_t key[LEDGER_KEY_SIZE]);

/* Takes a checkpoint with its own signature line off the front of a note. */
bool ledger_checkpoint_take(struct str *rest, struct ledger_checkpoint *checkpoint,
                            struct err *err);

/* The text of a checkpoint; returns its length without the zero. */
size_t ledger_checkpoint_write(const struct ledger_checkpoint *checkpoint,
                               const struct ledger_key *key,
                               char note[LEDGER_NOTE_MAX]);

/* The signed text of the same, for its hash. */
size_t ledger_checkpoint_signed_text(const struct ledger_checkpoint *checkpoint,
                                     char text[LEDGER_NOTE_MAX]);

/* ---- lines of exports and proofs ---------------------------------------------------------- */

bool ledger_heading_read(struct str line, char name[LEDGER_WORD_MAX + 1],
                         struct ledger_tree *from, struct err *err);
bool ledger_checkpoint_line_read(struct str line, struct ledger_checkpoint *checkpoint,
                                 struct err *err);

/* Is this checkpoint one that is trusted? Counts those that say the same; a trusted one
 * that says otherwise is an error. */
bool ledger_trust_compare(const struct ledger_trust *trust,
                          const struct ledger_checkpoint *checkpoint, uint64_t *same,
                          struct err *err);

/* ---- proofs ------------------------------------------------------------------------------- */

struct range {
    uint64_t begin,
        end; /* begin is a multiple of the power of two not below end - begin */
};

/* The leaves under each hash of a proof, in its order; returns how many. */
size_t ledger_proof_ranges(enum ledger_proof_kind kind, uint64_t at, uint64_t size,
                           struct range ranges[LEDGER_PROOF_MAX]);
bool ledger_proof_may_be(enum ledger_proof_kind kind, uint64_t at, uint64_t size,
                         struct err *err);

#endif
