/* Keeping a ledger: what each new entry and checkpoint needs of those before. */
#include "ledger/inner.h"

#include <sodium.h>
#include <stdio.h>

/* ---- entries ---------------------------------------------------------------------- */

static bool event_check(const struct ledger_event *event, struct err *err)
{
    const struct {
        const char *name, *word;
    } words[] = {
        {"who",    event->who   },
        {"action", event->action},
        {"kind",   event->kind  },
        {"id",     event->id    },
    };

    for (size_t i = 0; i < COUNT(words); i++)
        if (!line_is_word(words[i].word))
            return err_set(err, ERR_INPUT,
                           "ledger: %s: want 1 to %d letters, digits or . _ : -, the "
                           "first a letter or digit",
                           words[i].name, LEDGER_WORD_MAX);
    if (strncmp(event->action, "ledger.", 7) == 0)
        return err_set(err, ERR_INPUT, "ledger: action: ledger. is for the ledger");
    return true;
}

static bool time_check(int64_t time, struct err *err)
{
    return (time >= 0 && time <= TIME_MAX) ||
           err_set(err, ERR_ENVIRONMENT,
                   "ledger: the time lies outside 1970 to 9999; set the clock");
}

static bool room_check(const struct ledger_state *state, struct err *err)
{
    return state->tree.size < SIZE_LIMIT - 1 ||
           err_set(err, ERR_ENVIRONMENT, "ledger: full; begin a new one");
}

/* The words of an entry; they were checked, so they fit. */
static void entry_words(struct ledger_entry *entry, const char *who, const char *action,
                        const char *kind, const char *id)
{
    snprintf(entry->who, sizeof(entry->who), "%s", who);
    snprintf(entry->action, sizeof(entry->action), "%s", action);
    snprintf(entry->kind, sizeof(entry->kind), "%s", kind);
    snprintf(entry->id, sizeof(entry->id), "%s", id);
}

static void entry_add(struct ledger_state *state, struct ledger_added *added)
{
    char line[LEDGER_LINE_MAX];
    size_t len = ledger_entry_line(&added->entry, line);

    ledger_entry_hash((struct str){line, len}, &added->hash);
    added->made_count = ledger_tree_add(&state->tree, &added->hash, added->made);
    state->head = added->hash;
}

static void entry_new(const struct ledger_state *state, int64_t time,
                      struct ledger_added *added)
{
    added->entry = (struct ledger_entry){
        .seq = state->tree.size,
        .time = time,
        .previous = state->head,
    };
}

bool ledger_append(struct ledger_state *state, const struct ledger_event *event,
                   struct ledger_added *added, struct err *err)
{
    struct ledger_entry *entry = &added->entry;

    if (state->tree.size == 0)
        return err_set(err, ERR_INPUT, "ledger: not begun yet");
    if (!event_check(event, err) || !time_check(event->time, err) ||
        !room_check(state, err))
        return false;
    entry_new(state, event->time, added);
    entry_words(entry, event->who, event->action, event->kind, event->id);
    entry->has_facts = event->facts != NULL;
    if (event->facts)
        entry->facts = *event->facts;
    entry_add(state, added);
    return true;
}

/* ---- keys ------------------------------------------------------------------------------ */

static void key_entry_add(struct ledger_state *state, int64_t time, const char *who,
                          const struct ledger_key *signer,
                          const uint8_t key[LEDGER_KEY_SIZE],
                          struct ledger_added *added)
{
    struct ledger_entry *entry = &added->entry;
    char line[LEDGER_LINE_MAX];

    entry_new(state, time, added);
    entry_words(entry, who, entry->seq ? ACTION_KEY : ACTION_BEGIN, "ledger",
                state->name);
    entry->has_key = true;
    memcpy(entry->key, key, LEDGER_KEY_SIZE);
    memcpy(entry->signer, ledger_key_public(signer), LEDGER_KEY_SIZE);

    struct str text = {line, ledger_entry_line(entry, line)};

    text.len = ledger_entry_signed_part(text);
    ledger_key_sign(signer, text, entry->signature);
    memcpy(state->key, key, LEDGER_KEY_SIZE);
    entry_add(state, added);
}

bool ledger_begin(const char *name, int64_t time, const char *who,
                  const struct ledger_key *key, struct ledger_state *state,
                  struct ledger_added *added, struct err *err)
{
    if (!line_is_name(name))
        return err_set(err, ERR_INPUT,
                       "ledger: name: want 1 to %d letters, digits or . _ : - /, the "
                       "first a letter or digit",
                       LEDGER_WORD_MAX);
    if (!line_is_word(who))
        return err_set(err, ERR_INPUT, "ledger: who: want the id of an account");
    if (!time_check(time, err))
        return false;
    *state = (struct ledger_state){0};
    snprintf(state->name, sizeof(state->name), "%s", name);
    key_entry_add(state, time, who, key, ledger_key_public(key), added);
    return true;
}

static bool key_check(const struct ledger_state *state, const struct ledger_key *key,
                      struct err *err)
{
    return memcmp(ledger_key_public(key), state->key, LEDGER_KEY_SIZE) == 0 ||
           err_set(err, ERR_REFUSED,
                   "ledger: this is not the key in force; give the one that the last "
                   "change of key names");
}

bool ledger_change_key(struct ledger_state *state, int64_t time, const char *who,
                       const struct ledger_key *key,
                       const uint8_t next[LEDGER_KEY_SIZE], struct ledger_added *added,
                       struct err *err)
{
    if (!line_is_word(who))
        return err_set(err, ERR_INPUT, "ledger: who: want the id of an account");
    if (!key_check(state, key, err) || !time_check(time, err) ||
        !room_check(state, err))
        return false;
    if (memcmp(next, state->key, LEDGER_KEY_SIZE) == 0)
        return err_set(err, ERR_INPUT, "ledger: the new key is the old one");
    key_entry_add(state, time, who, key, next, added);
    return true;
}

/* ---- checkpoints -------------------------------------------------------------------------- */

bool ledger_checkpoint(struct ledger_state *state, int64_t time,
                       const struct ledger_key *key, char note[LEDGER_NOTE_MAX],
                       struct err *err)
{
    struct ledger_checkpoint checkpoint = {
        .size = state->tree.size,
        .head = state->head,
        .before = state->checkpoint,
        .time = time,
    };
    char text[LEDGER_NOTE_MAX];

    if (state->tree.size == state->checkpoint_size)
        return err_set(err, ERR_NOT_FOUND,
                       "ledger: no entry since the last checkpoint");
    if (!key_check(state, key, err) || !time_check(time, err))
        return false;
    memcpy(checkpoint.name, state->name, sizeof(checkpoint.name));
    memcpy(checkpoint.key, state->key, sizeof(checkpoint.key));
    ledger_tree_root(&state->tree, &checkpoint.root);
    ledger_checkpoint_write(&checkpoint, key, note);
    ledger_sha256(text, ledger_checkpoint_signed_text(&checkpoint, text),
                  &state->checkpoint);
    state->checkpoint_size = state->tree.size;
    return true;
}

/* ---- the state as bytes ---------------------------------------------------------------------- */

/*
 *     4  "CLS1"
 *     1  length of the name, then the name
 *     8  entries, big-endian
 *     8  size of the last checkpoint, big-endian
 *    32  head    32  last checkpoint    32  key
 *    32  each complete subtree, lowest level first
 *    32  SHA-256 of all that, so that a torn row is noticed
 */
static const char state_mark[] = "CLS1";

static_assert(4 + 1 + LEDGER_WORD_MAX + 16 + 96 + 32 * LEDGER_LEVELS + 32 <=
                  LEDGER_STATE_MAX,
              "a state fits");

static uint8_t *save(uint8_t *to, const void *bytes, size_t size)
{
    memcpy(to, bytes, size);
    return to + size;
}

static uint8_t *save_number(uint8_t *to, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *to++ = (uint8_t)(number >> shift);
    return to;
}

size_t ledger_state_save(const struct ledger_state *state,
                         uint8_t bytes[LEDGER_STATE_MAX])
{
    size_t len = strlen(state->name);
    uint8_t *to = save(bytes, state_mark, 4);
    struct ledger_hash sum;

    *to++ = (uint8_t)len;
    to = save(to, state->name, len);
    to = save_number(to, state->tree.size);
    to = save_number(to, state->checkpoint_size);
    to = save(to, state->head.bytes, 32);
    to = save(to, state->checkpoint.bytes, 32);
    to = save(to, state->key, 32);
    for (unsigned level = 0; level < LEDGER_LEVELS; level++)
        if (state->tree.size >> level & 1)
            to = save(to, state->tree.nodes[level].bytes, 32);
    ledger_sha256(bytes, (size_t)(to - bytes), &sum);
    return (size_t)(save(to, sum.bytes, 32) - bytes);
}

static bool load(struct str *rest, void *bytes, size_t size)
{
    if (rest->len < size)
        return false;
    memcpy(bytes, rest->at, size);
    rest->at += size;
    rest->len -= size;
    return true;
}

static bool load_number(struct str *rest, uint64_t *number)
{
    uint8_t bytes[8];

    if (!load(rest, bytes, sizeof(bytes)))
        return false;
    *number = 0;
    for (size_t i = 0; i < sizeof(bytes); i++)
        *number = *number << 8 | bytes[i];
    return *number < SIZE_LIMIT;
}

static bool load_nodes(struct str *rest, struct ledger_tree *tree)
{
    for (unsigned level = 0; level < LEDGER_LEVELS; level++)
        if (tree->size >> level & 1 && !load(rest, tree->nodes[level].bytes, 32))
            return false;
    return true;
}

static bool load_name(struct str *rest, char name[LEDGER_WORD_MAX + 1])
{
    uint8_t len;

    return load(rest, &len, 1) && len <= LEDGER_WORD_MAX && load(rest, name, len) &&
           line_is_name(name);
}

bool ledger_state_load(const void *bytes, size_t size, struct ledger_state *state,
                       struct err *err)
{
    struct ledger_state found = {0};
    struct str rest = {bytes, size};
    struct ledger_hash sum;
    bool ok = size >= 32 && size <= LEDGER_STATE_MAX;

    if (ok) {
        rest.len -= 32;
        ledger_sha256(bytes, rest.len, &sum);
        ok = memcmp(sum.bytes, rest.at + rest.len, 32) == 0 &&
             line_take(&rest, state_mark);
    }
    ok = ok && load_name(&rest, found.name) && load_number(&rest, &found.tree.size) &&
         load_number(&rest, &found.checkpoint_size) &&
         load(&rest, found.head.bytes, 32) && load(&rest, found.checkpoint.bytes, 32) &&
         load(&rest, found.key, 32) && load_nodes(&rest, &found.tree) &&
         rest.len == 0 && found.checkpoint_size <= found.tree.size;
    if (!ok)
        return err_set(err, ERR_ENVIRONMENT,
                       "ledger: its saved state is damaged; restore the store from a "
                       "backup");
    *state = found;
    return true;
}
