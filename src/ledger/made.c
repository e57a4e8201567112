#include "ledger/made.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const actions[] = {"read", "write", "rule", "erase"};
static const char *const kinds[] = {"hit", "person", "record", "session"};

struct ledger_key *made_key(uint64_t seed, unsigned which)
{
    uint8_t bytes[LEDGER_KEY_SIZE] = {(uint8_t)(which + 1)};
    struct ledger_key *key;
    struct err err;
    bool ok;

    memcpy(bytes + 8, &seed, sizeof(seed));
    ok = ledger_key_of_seed(bytes, &key, &err);
    assert(ok);
    return key;
}

static void event_add(struct made *made, unsigned number, uint64_t seed, int64_t time,
                      struct ledger_added *added)
{
    char who[16], id[32];
    struct ledger_hash facts = {
        {(uint8_t)number, (uint8_t)(number >> 8)}
    };
    struct ledger_event event = {
        .time = time,
        .who = who,
        .action = actions[number % 4],
        .kind = kinds[number / 4 % 4],
        .id = id,
        .facts = number % 5 ? &facts : NULL,
    };
    struct err err;
    bool ok;

    snprintf(who, sizeof(who), "u-%u", number * 7 % 23);
    snprintf(id, sizeof(id), "%llx:%u", (unsigned long long)seed, number * 31 % 997);
    ok = ledger_append(&made->state, &event, added, &err);
    assert(ok);
}

static void key_change(struct made *made, uint64_t seed, int64_t time,
                       struct ledger_key **key, struct ledger_added *added)
{
    struct ledger_key *next = made_key(seed, 1);
    struct err err;
    bool ok = ledger_change_key(&made->state, time, "u-0", *key,
                                ledger_key_public(next), added, &err);

    assert(ok);
    ledger_key_close(*key);
    *key = next;
}

static void note_add(struct made *made, struct out *out, int64_t time,
                     const struct ledger_key *key)
{
    char *note = made->notes[made->note_count];
    struct err err;
    bool ok = made->note_count < MADE_NOTES &&
              ledger_checkpoint(&made->state, time, key, note, &err);

    assert(ok);
    made->trees[made->note_count++] = made->state.tree;
    ledger_write_checkpoint(out, note);
}

struct made *made_new(const struct made_settings *settings)
{
    static const struct ledger_tree nothing;
    struct made *made = memory_new(1, sizeof(*made));
    struct ledger_key *key = made_key(settings->seed, 0);
    struct out *out = out_memory();
    struct ledger_added added;
    struct err err;
    int64_t time = INT64_C(1790000000000000);
    bool ok =
        ledger_begin("example/force", time, "u-0", key, &made->state, &added, &err);

    assert(ok);
    memcpy(made->first_key, ledger_key_public(key), sizeof(made->first_key));
    ledger_write_heading(out, made->state.name, &nothing);
    for (unsigned i = 0; i < settings->entries; i++) {
        time += 1000003;
        if (i && i == settings->change)
            key_change(made, settings->seed, time, &key, &added);
        else if (i)
            event_add(made, i, settings->seed, time, &added);
        ledger_write_entry(out, &added.entry);
        if ((i + 1) % settings->checkpoint == 0 || i + 1 == settings->entries)
            note_add(made, out, time, key);
    }
    ledger_key_close(key);
    made->size = (size_t)out_size(out);
    made->text = out_take(out);
    return made;
}

void made_free(struct made *made)
{
    free(made->text);
    free(made);
}

static bool lines_next(void *context, struct str *line, bool *more, struct err *err)
{
    struct made_lines *lines = context;
    char *newline =
        lines->rest.len ? memchr(lines->rest.at, '\n', lines->rest.len) : NULL;

    *more = lines->rest.len > 0;
    if (!*more)
        return true;
    if (!newline)
        return err_set(err, ERR_INPUT, "the last line breaks off");
    *line = (struct str){lines->rest.at, (size_t)(newline - lines->rest.at)};
    lines->rest.at += line->len + 1;
    lines->rest.len -= line->len + 1;
    return true;
}

struct ledger_lines made_lines(struct made_lines *lines, struct str text)
{
    lines->rest = text;
    return (struct ledger_lines){lines, lines_next};
}
