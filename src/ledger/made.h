/* A ledger made up for tests: entries of several kinds, checkpoints, a change of key. */
#ifndef LEDGER_MADE_H
#define LEDGER_MADE_H

#include "ledger/ledger.h"

struct made_settings {
    unsigned entries;    /* in all */
    unsigned checkpoint; /* one after so many entries, and one at the end */
    unsigned change;     /* the key is changed at this entry, 0: never */
    uint64_t seed;       /* other seeds, other keys and objects */
};

enum { MADE_NOTES = 64 };

struct made {
    struct ledger_state state;
    uint8_t first_key[LEDGER_KEY_SIZE];
    char *text; /* a whole export */
    size_t size;
    struct ledger_tree trees[MADE_NOTES]; /* at each checkpoint */
    char notes[MADE_NOTES][LEDGER_NOTE_MAX];
    size_t note_count;
};

/* Fails by assert. Give back with made_free. */
struct made *made_new(const struct made_settings *settings);
void made_free(struct made *made);

/* The key that signs before (0) or after (1) the change. */
struct ledger_key *made_key(uint64_t seed, unsigned which);

struct made_lines {
    struct str rest;
};

/* Lines of a text in memory; the last has to end with a newline. */
struct ledger_lines made_lines(struct made_lines *lines, struct str text);

#endif
