/*
 * ledger: what happened, provably.
 *
 * Every write and every read of personal data is an entry. An entry is one line of text
 * that holds the hash of the line before it; all entries are leaves of a Merkle tree
 * (RFC 6962); a checkpoint is the tree's root, signed. Whoever holds a checkpoint can
 * tell later, on another machine, whether any entry up to it was changed, left out,
 * moved or added. docs/ledger-format.md is exact to the byte.
 *
 * The core is pure: bytes in, bytes and decisions out, time an argument. Whoever keeps a
 * ledger holds a struct ledger_state and the entries; it saves both in the transaction
 * of the change that the entry speaks of. Only ledger_key_*, ledger_random and
 * ledger_lines_* touch the outside. No globals: safe from any thread as long as two do
 * not change the same state.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/base.h"

enum {
    LEDGER_WORD_MAX = 64,    /* bytes of who, action, kind, id and of a ledger's name */
    LEDGER_LEVELS = 62,      /* entries are fewer than 2^62 */
    LEDGER_PROOF_MAX = 64,   /* hashes in a proof */
    LEDGER_LINE_MAX = 8192,  /* bytes of any line of an export or proof, no newline */
    LEDGER_NOTE_MAX = 1024,  /* bytes of a checkpoint */
    LEDGER_STATE_MAX = 4096, /* bytes of a saved state */
    LEDGER_KEY_SIZE = 32,    /* a public key; a subject's key; a seed */
    LEDGER_SIGNATURE_SIZE = 64,
};

struct ledger_hash {
    uint8_t bytes[32]; /* SHA-256 */
};

/* 64 hex digits and a zero; reading takes nothing else. */
void ledger_hash_text(const struct ledger_hash *hash, char text[65]);
bool ledger_hash_read(struct str text, struct ledger_hash *hash);

/* The same for public keys; and a time as entries have it. */
void ledger_key_text(const uint8_t key[LEDGER_KEY_SIZE], char text[65]);
bool ledger_key_read(struct str text, uint8_t key[LEDGER_KEY_SIZE]);
void ledger_time_text(int64_t time, char text[28]);

/* ---- entries --------------------------------------------------------------------- */

/*
 * Who did what to which object. Words are 1 to 64 of A-Z a-z 0-9 . _ : - and start with
 * a letter or digit: ids that mean nothing by themselves, never names.
 */
struct ledger_event {
    int64_t time;       /* microseconds since 1970, UTC: 0 to the end of year 9999 */
    const char *who;    /* account or service */
    const char *action; /* read, write, rule, erase ...; "ledger." is for the ledger */
    const char *kind;   /* of the object: hit, person, record ... */
    const char *id;     /* of the object */
    const struct ledger_hash *facts; /* ledger_facts(); NULL if it is about none */
};

/* An entry as its columns. The line that is hashed is made from them, so that what is
 * searched is what is proved. */
struct ledger_entry {
    uint64_t seq; /* 0, 1, 2 ... without gaps */
    int64_t time;
    char who[LEDGER_WORD_MAX + 1], action[LEDGER_WORD_MAX + 1];
    char kind[LEDGER_WORD_MAX + 1], id[LEDGER_WORD_MAX + 1];
    bool has_facts;
    struct ledger_hash facts;
    struct ledger_hash previous;     /* hash of the entry before; zeros for the first */
    bool has_key;                    /* entry 0 and changes of key only: */
    uint8_t key[LEDGER_KEY_SIZE];    /* signs from now on */
    uint8_t signer[LEDGER_KEY_SIZE]; /* signed this entry */
    uint8_t signature[LEDGER_SIGNATURE_SIZE]; /* of the line up to the signature */
};

/* Writes the line, without a newline or zero; returns its length. */
size_t ledger_entry_line(const struct ledger_entry *entry, char line[LEDGER_LINE_MAX]);

/* Takes exactly what ledger_entry_line writes. */
bool ledger_entry_read(struct str line, struct ledger_entry *entry,
                       struct err *err) MUST_CHECK;

/* The entry's hash, which is both its link of the chain and its leaf of the tree. */
void ledger_entry_hash(struct str line, struct ledger_hash *hash);

/* ---- facts: committed to, never held ------------------------------------------------ */

/*
 * A commitment binds an entry to facts (any bytes) about one subject, under a random
 * key of that subject which is kept apart from the ledger. Without the key nobody can
 * tell what was committed to, also not by guessing: erasing the key is erasure. `place`
 * counts the commitments of one entry from 0.
 */
void ledger_commit(const uint8_t subject_key[LEDGER_KEY_SIZE], uint64_t seq,
                   uint32_t place, struct str facts, struct ledger_hash *commitment);

/* What goes into the entry for all of its commitments, in order. count >= 1. */
void ledger_facts(const struct ledger_hash commitments[], size_t count,
                  struct ledger_hash *facts);

/* The key that opens one commitment of one entry and no other. */
void ledger_opening_key(const uint8_t subject_key[LEDGER_KEY_SIZE], uint64_t seq,
                        uint32_t place, struct ledger_hash *opening);

/* Is this entry about these facts? */
bool ledger_opens(const struct ledger_entry *entry,
                  const struct ledger_hash commitments[], size_t count, uint32_t place,
                  const struct ledger_hash *opening, struct str facts);

bool ledger_random(uint8_t *bytes, size_t size, struct err *err) MUST_CHECK;

/* ---- keys that sign --------------------------------------------------------------- */

struct ledger_key; /* secret; in locked memory, wiped when closed */

/* A key file, also a systemd credential: nobody but its owner may read it. */
bool ledger_key_open(const char *path, struct ledger_key **key,
                     struct err *err) MUST_CHECK;
bool ledger_key_of_seed(const uint8_t seed[LEDGER_KEY_SIZE], struct ledger_key **key,
                        struct err *err) MUST_CHECK;
void ledger_key_close(struct ledger_key *key);
const uint8_t *ledger_key_public(const struct ledger_key *key); /* LEDGER_KEY_SIZE */

/* Makes a new key file of mode 0600; refuses to replace one. */
bool ledger_key_create(const char *path, struct err *err) MUST_CHECK;

/* ---- the tree ----------------------------------------------------------------------- */

/* The roots of the complete subtrees, from which all else follows: nodes[k] is in use
 * where size has bit k. */
struct ledger_tree {
    uint64_t size;
    struct ledger_hash nodes[LEDGER_LEVELS];
};

/* Returns how many nodes above the leaf became complete; made[k] is that of level k + 1,
 * index seq >> (k + 1). `made` has room for LEDGER_LEVELS, or is NULL. */
size_t ledger_tree_add(struct ledger_tree *tree, const struct ledger_hash *leaf,
                       struct ledger_hash made[]);
void ledger_tree_root(const struct ledger_tree *tree, struct ledger_hash *root);

/* ---- keeping a ledger ---------------------------------------------------------------- */

struct ledger_state {
    char name[LEDGER_WORD_MAX + 1];
    struct ledger_tree tree;
    struct ledger_hash head;       /* of the last entry */
    struct ledger_hash checkpoint; /* of the last checkpoint; zeros if there is none */
    uint64_t checkpoint_size;      /* its size, or 0 */
    uint8_t key[LEDGER_KEY_SIZE];  /* that signs now */
};

/* What one more entry gives to keep, besides the state. */
struct ledger_added {
    struct ledger_entry entry;
    struct ledger_hash hash;
    size_t made_count; /* nodes of the tree: see ledger_tree_add */
    struct ledger_hash made[LEDGER_LEVELS];
};

/*
 * The state is changed on success only. If the transaction fails afterwards, the state
 * has to be as it was: keep a copy, or read it again. ledger_begin makes entry 0.
 */
bool ledger_begin(const char *name, int64_t time, const char *who,
                  const struct ledger_key *key, struct ledger_state *state,
                  struct ledger_added *added, struct err *err) MUST_CHECK;
bool ledger_append(struct ledger_state *state, const struct ledger_event *event,
                   struct ledger_added *added, struct err *err) MUST_CHECK;

/* From now on `next` signs. Make a checkpoint with it in the same transaction. */
bool ledger_change_key(struct ledger_state *state, int64_t time, const char *who,
                       const struct ledger_key *key,
                       const uint8_t next[LEDGER_KEY_SIZE], struct ledger_added *added,
                       struct err *err) MUST_CHECK;

/* A signed checkpoint of all entries so far: text, ended by a zero. There must be an
 * entry since the last one. */
bool ledger_checkpoint(struct ledger_state *state, int64_t time,
                       const struct ledger_key *key, char note[LEDGER_NOTE_MAX],
                       struct err *err) MUST_CHECK;

/* The state as bytes for one row of a store, and back. */
size_t ledger_state_save(const struct ledger_state *state,
                         uint8_t bytes[LEDGER_STATE_MAX]);
bool ledger_state_load(const void *bytes, size_t size, struct ledger_state *state,
                       struct err *err) MUST_CHECK;

/* ---- checkpoints ---------------------------------------------------------------------- */

struct ledger_checkpoint {
    char name[LEDGER_WORD_MAX + 1];
    uint64_t size;
    struct ledger_hash root, head;
    struct ledger_hash before; /* hash of the checkpoint before; zeros for the first */
    int64_t time;
    uint8_t key[LEDGER_KEY_SIZE]; /* the key that signed it: trust it, or do not */
    struct ledger_hash hash;      /* of the signed text */
};

/* Reads a checkpoint and checks its signature. Further signature lines, as witnesses
 * add them, may follow ours: they are no part of the hash. */
bool ledger_checkpoint_read(struct str note, struct ledger_checkpoint *checkpoint,
                            struct err *err) MUST_CHECK;

/* ---- proofs ------------------------------------------------------------------------------ */

enum ledger_proof_kind { LEDGER_INCLUSION, LEDGER_CONSISTENCY };

struct ledger_proof {
    enum ledger_proof_kind kind;
    uint64_t at;   /* the entry; or the size of the earlier tree, at least 1 */
    uint64_t size; /* of the tree */
    size_t count;
    struct ledger_hash nodes[LEDGER_PROOF_MAX];
};

/* Where complete nodes are kept: level 0 has the hashes of entries, level k the nodes
 * over 2^k of them. */
struct ledger_nodes {
    void *context;
    bool (*read)(void *context, unsigned level, uint64_t index,
                 struct ledger_hash *hash, struct err *err);
};

/* Asks for O(log size) nodes. `at` as in struct ledger_proof. */
bool ledger_prove(const struct ledger_nodes *nodes, enum ledger_proof_kind kind,
                  uint64_t at, uint64_t size, struct ledger_proof *proof,
                  struct err *err) MUST_CHECK;

/* The tree as it was at an earlier size, for an export that begins there. */
bool ledger_tree_at(const struct ledger_nodes *nodes, uint64_t size,
                    struct ledger_tree *tree, struct err *err) MUST_CHECK;

bool ledger_includes(const struct ledger_proof *proof, const struct ledger_hash *entry,
                     const struct ledger_hash *root);
bool ledger_consistent(const struct ledger_proof *proof, const struct ledger_hash *old,
                       const struct ledger_hash *root);

/* ---- exports: lines out, lines in ---------------------------------------------------- */

/* Gives lines without their newline, valid until the next call; *more is false at the
 * end. */
struct ledger_lines {
    void *context;
    bool (*next)(void *context, struct str *line, bool *more, struct err *err);
};

/* The lines of a file; "-" is standard input. The context is yours to close. Ends with
 * ERR_STOPPED when stop_asked(). */
bool ledger_lines_open(const char *path, struct ledger_lines *lines,
                       struct err *err) MUST_CHECK;
void ledger_lines_close(struct ledger_lines *lines);

/* Does the file begin like a proof, and not like an export? Takes nothing off it. */
bool ledger_lines_are_proof(const struct ledger_lines *lines);

/*
 * An export is a heading, then entries in order, each checkpoint behind the last entry
 * that it covers, and a checkpoint at the end. `from` is the tree before the first entry
 * of the export: empty, or as it was at a checkpoint.
 */
void ledger_write_heading(struct out *out, const char *name,
                          const struct ledger_tree *from);
void ledger_write_entry(struct out *out, const struct ledger_entry *entry);
void ledger_write_checkpoint(struct out *out, const char *note);

/* What the verifier trusts beforehand, from somebody other than who gave the export. */
struct ledger_trust {
    const uint8_t *key; /* the first key of the ledger, or NULL */
    const struct ledger_checkpoint *checkpoints;
    size_t checkpoint_count;
};

/* What is seen on the way, for whoever verifies and wants more. Each may be NULL. */
struct ledger_visit {
    void *context;
    bool (*entry)(void *context, const struct ledger_entry *entry, struct str line,
                  const struct ledger_hash *hash, struct err *err);
    bool (*checkpoint)(void *context, const struct ledger_checkpoint *checkpoint,
                       struct str line, struct err *err);
};

struct ledger_verified {
    char name[LEDGER_WORD_MAX + 1];
    uint64_t from, size; /* entries of the export: from .. size - 1 */
    uint64_t checkpoints, keys;
    uint64_t trusted;          /* checkpoints of the trust that the export confirms */
    uint64_t clock_back;       /* entries with an earlier time than the one before */
    uint64_t clock_back_first; /* the first of them */
    struct ledger_checkpoint last;
    uint8_t first_key[LEDGER_KEY_SIZE]; /* in force at `from`; compare it */
};

/*
 * Reads an export once, in constant memory. ERR_INPUT: something is not as it was
 * written, or not as the trust says; the line says where. An export that begins at a
 * checkpoint needs that checkpoint among the trust.
 */
bool ledger_verify(const struct ledger_lines *lines, const struct ledger_trust *trust,
                   const struct ledger_visit *visit, struct ledger_verified *verified,
                   struct err *err) MUST_CHECK;

/* ---- proofs as files: three lines ----------------------------------------------------- */

/* Inclusion: `first` is the entry's line; consistency: the earlier checkpoint's line.
 * `last` is the line of the checkpoint of proof->size. */
void ledger_write_proof(struct out *out, const struct ledger_proof *proof,
                        struct str first, struct str last);

/* What a proof file shows. Of `entry` and `old` one is filled, as the kind says. */
struct ledger_proved {
    enum ledger_proof_kind kind;
    struct ledger_entry entry;
    struct ledger_checkpoint old, last;
    uint64_t trusted; /* kept checkpoints that are among these */
};

bool ledger_proof_check(const struct ledger_lines *lines,
                        const struct ledger_trust *trust, struct ledger_proved *proved,
                        struct err *err) MUST_CHECK;

/* Makes a proof file from a whole export, read twice: for the proof of inclusion of
 * entry `at`, or of consistency with its checkpoint of size `at`. */
bool ledger_prove_export(const char *path, enum ledger_proof_kind kind, uint64_t at,
                         const struct ledger_trust *trust, struct out *out,
                         struct err *err) MUST_CHECK;

#endif
