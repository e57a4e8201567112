/* Verifies an export in one pass. docs/ledger-format.md, section 4, "To verify". */
#include "ledger/inner.h"

#include <sodium.h>

struct verifier {
    const struct ledger_trust *trust;
    const struct ledger_visit *visit;
    struct ledger_verified *verified;
    struct ledger_state state; /* as it was after the last line */
    int64_t time;              /* of the last entry */
    uint64_t line;             /* number of the line, from 1 */
};

/* ---- trust ---------------------------------------------------------------------------- */

bool ledger_trust_compare(const struct ledger_trust *trust,
                          const struct ledger_checkpoint *checkpoint, uint64_t *same,
                          struct err *err)
{
    for (size_t i = 0; i < trust->checkpoint_count; i++) {
        const struct ledger_checkpoint *kept = &trust->checkpoints[i];

        if (kept->size != checkpoint->size)
            continue;
        if (!ledger_hash_same(&kept->hash, &checkpoint->hash))
            return err_set(err, ERR_INPUT,
                           "the checkpoint of %llu entries is not the one that was "
                           "kept: entries before it were changed",
                           (unsigned long long)kept->size);
        ++*same;
    }
    return true;
}

/* The kept checkpoint at which a later export begins. */
static const struct ledger_checkpoint *trusted_beginning(const struct verifier *v)
{
    for (size_t i = 0; i < v->trust->checkpoint_count; i++)
        if (v->trust->checkpoints[i].size == v->state.tree.size)
            return &v->trust->checkpoints[i];
    return NULL;
}

/* Every kept checkpoint within the export must have come up. */
static bool trust_met(const struct verifier *v, struct err *err)
{
    uint64_t size = v->state.tree.size, due = 0;

    for (size_t i = 0; i < v->trust->checkpoint_count; i++) {
        const struct ledger_checkpoint *kept = &v->trust->checkpoints[i];

        if (strcmp(kept->name, v->state.name) != 0)
            return err_set(err, ERR_INPUT, "a kept checkpoint is of another ledger, %s",
                           kept->name);
        if (kept->size > size)
            return err_set(err, ERR_INPUT,
                           "the export ends after %llu entries, and a checkpoint was "
                           "kept of %llu: its end was cut off",
                           (unsigned long long)size, (unsigned long long)kept->size);
        due += kept->size >= v->verified->from;
    }
    return due == v->verified->trusted ||
           err_set(err, ERR_INPUT,
                   "a checkpoint that was kept is not in the export: it was left out, "
                   "or entries were changed");
}

/* ---- lines --------------------------------------------------------------------------------- */

/* Goes on from a checkpoint that somebody else kept. */
static bool begin_later(struct verifier *v, struct err *err)
{
    const struct ledger_checkpoint *kept = trusted_beginning(v);
    struct ledger_hash root;

    if (!kept)
        return err_set(err, ERR_INPUT,
                       "the export begins after %llu entries: give the checkpoint of "
                       "that size, as it was kept",
                       (unsigned long long)v->state.tree.size);
    if (v->trust->key)
        return err_set(err, ERR_INPUT,
                       "the export does not show the first key of the ledger: give "
                       "the checkpoint alone, or a whole export");
    ledger_tree_root(&v->state.tree, &root);
    if (strcmp(kept->name, v->state.name) != 0 || !ledger_hash_same(&root, &kept->root))
        return err_set(err, ERR_INPUT,
                       "the export does not go on where the kept checkpoint ends");
    v->state.head = kept->head;
    v->state.checkpoint = kept->hash;
    v->state.checkpoint_size = kept->size;
    memcpy(v->state.key, kept->key, sizeof(v->state.key));
    memcpy(v->verified->first_key, kept->key, sizeof(v->state.key));
    v->time = kept->time;
    return ledger_trust_compare(v->trust, kept, &v->verified->trusted, err);
}

static bool heading_take(struct verifier *v, struct str line, struct err *err)
{
    if (!ledger_heading_read(line, v->state.name, &v->state.tree, err))
        return false;
    memcpy(v->verified->name, v->state.name, sizeof(v->state.name));
    v->verified->from = v->state.tree.size;
    return v->state.tree.size == 0 || begin_later(v, err);
}

static bool key_take(struct verifier *v, const struct ledger_entry *entry,
                     struct err *err)
{
    const uint8_t *published = v->trust->key;

    if (entry->seq == 0 && published &&
        memcmp(entry->key, published, LEDGER_KEY_SIZE) != 0)
        return err_set(err, ERR_INPUT,
                       "the ledger begins with another key than the one given: it is "
                       "another ledger, or all of it was made anew");
    if (entry->seq == 0)
        memcpy(v->verified->first_key, entry->key, LEDGER_KEY_SIZE);
    memcpy(v->state.key, entry->key, LEDGER_KEY_SIZE);
    v->verified->keys++;
    return true;
}

static bool entry_check(struct verifier *v, const struct ledger_entry *entry,
                        struct str line, struct err *err)
{
    if (entry->seq != v->state.tree.size)
        return err_set(err, ERR_INPUT,
                       "entry %llu where entry %llu should be: entries are missing, "
                       "moved or added",
                       (unsigned long long)entry->seq,
                       (unsigned long long)v->state.tree.size);
    if (!ledger_hash_same(&entry->previous, &v->state.head))
        return err_set(err, ERR_INPUT,
                       "entry %llu does not follow the one before it: one of the two "
                       "was changed",
                       (unsigned long long)entry->seq);

    const char *fault = ledger_entry_fault(entry, line, v->state.name, v->state.key);

    return !fault || err_set(err, ERR_INPUT, "entry %llu: %s",
                             (unsigned long long)entry->seq, fault);
}

static bool entry_take(struct verifier *v, struct str line, struct err *err)
{
    struct ledger_entry entry;

    if (!ledger_entry_read(line, &entry, err) || !entry_check(v, &entry, line, err))
        return false;
    if (entry.has_key && !key_take(v, &entry, err))
        return false;
    ledger_entry_hash(line, &v->state.head);
    if (v->state.tree.size == SIZE_LIMIT - 1)
        return err_set(err, ERR_INPUT, "more entries than a ledger can have");
    ledger_tree_add(&v->state.tree, &v->state.head, NULL);
    if (entry.time < v->time && v->verified->clock_back++ == 0)
        v->verified->clock_back_first = entry.seq;
    v->time = entry.time;
    return !v->visit || !v->visit->entry ||
           v->visit->entry(v->visit->context, &entry, line, &v->state.head, err);
}

static bool checkpoint_check(const struct verifier *v,
                             const struct ledger_checkpoint *checkpoint,
                             struct err *err)
{
    const struct ledger_state *state = &v->state;
    struct ledger_hash root;

    ledger_tree_root(&state->tree, &root);

    const struct {
        bool ok;
        const char *fault;
    } tests[] = {
        {strcmp(checkpoint->name,               state->name) == 0,   "it is of another ledger"        },
        {checkpoint->size == state->tree.size,
         "it covers another number of entries than stand before it"},
        {checkpoint->size > state->checkpoint_size,              "it covers nothing new"                   },
        {ledger_hash_same(&checkpoint->head,       &state->head),
         "its last entry is another one"                                 },
        {ledger_hash_same(&checkpoint->root, &root),
         "its entries are not those before it"},
        {memcmp(checkpoint->key,                state->key,                   LEDGER_KEY_SIZE) == 0,
         "it is not signed with the key in force"},
        {ledger_hash_same(&checkpoint->before,                  &state->checkpoint),
         "the checkpoint before it is another one, or was left out"                               },
    };

    for (size_t i = 0; i < COUNT(tests); i++)
        if (!tests[i].ok)
            return err_set(err, ERR_INPUT, "checkpoint of %llu entries: %s",
                           (unsigned long long)checkpoint->size, tests[i].fault);
    return true;
}

static bool checkpoint_line_take(struct verifier *v, struct str line, struct err *err)
{
    struct ledger_checkpoint checkpoint;

    if (!ledger_checkpoint_line_read(line, &checkpoint, err) ||
        !checkpoint_check(v, &checkpoint, err) ||
        !ledger_trust_compare(v->trust, &checkpoint, &v->verified->trusted, err))
        return false;
    v->state.checkpoint = checkpoint.hash;
    v->state.checkpoint_size = checkpoint.size;
    v->verified->checkpoints++;
    v->verified->last = checkpoint;
    return !v->visit || !v->visit->checkpoint ||
           v->visit->checkpoint(v->visit->context, &checkpoint, line, err);
}

static bool any_line_take(struct verifier *v, struct str line, struct err *err)
{
    static const char mark[] = "{\"checkpoint\"";

    if (v->line == 1)
        return heading_take(v, line, err);
    if (line.len >= sizeof(mark) && memcmp(line.at, mark, sizeof(mark) - 1) == 0)
        return checkpoint_line_take(v, line, err);
    return entry_take(v, line, err);
}

static bool end_check(const struct verifier *v, struct err *err)
{
    if (v->line == 0)
        return err_set(err, ERR_INPUT, "the export is empty");
    if (v->verified->checkpoints == 0 || v->state.checkpoint_size != v->state.tree.size)
        return err_set(
            err, ERR_INPUT,
            "the export does not end with a checkpoint: its end was cut off");
    return trust_met(v, err);
}

bool ledger_verify(const struct ledger_lines *lines, const struct ledger_trust *trust,
                   const struct ledger_visit *visit, struct ledger_verified *verified,
                   struct err *err)
{
    static const struct ledger_trust nobody;
    struct ledger_verified found = {0};
    struct verifier v = {
        .trust = trust ? trust : &nobody,
        .visit = visit,
        .verified = &found,
    };
    struct str line;
    bool more;

    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "the cryptographic library does not start");
    while (lines->next(lines->context, &line, &more, err)) {
        if (!more) {
            if (!end_check(&v, err))
                return false;
            found.size = v.state.tree.size;
            *verified = found;
            return true;
        }
        v.line++;
        if (!any_line_take(&v, line, err))
            return err_in(err, "line %llu", (unsigned long long)v.line);
    }
    return err_in(err, "line %llu", (unsigned long long)v.line + 1);
}
