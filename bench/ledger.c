/*
 * ledger: what an entry costs. Not a test: src/ledger has those.
 *
 *   ledger [ENTRIES]      one processor, a million entries unless said
 *
 * Appends entries with a commitment each, writes the export to memory, verifies it, and
 * hashes the same bytes without any of it: SHA-256 of every line and of every pair of
 * nodes is the least that a ledger of this kind can do.
 */
#include "ledger/ledger.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct memory {
    char *text;
    size_t size, at;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void stop_on(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "ledger: %s\n", err->text);
    exit(5);
}

static void show(const char *what, uint64_t entries, double took)
{
    printf("%-34s %12.0f entries/s   %6.2f us\n", what, (double)entries / took,
           took / (double)entries * 1e6);
}

static struct ledger_event event_of(uint64_t i, char id[32])
{
    snprintf(id, 32, "h-%llu", (unsigned long long)i);
    return (struct ledger_event){
        .time = INT64_C(1790000000000000) + (int64_t)i,
        .who = "u-4711",
        .action = i % 3 ? "read" : "write",
        .kind = "hit",
        .id = id,
    };
}

/* With a commitment as each entry about somebody has. Returns seconds. */
static double append_all(struct ledger_state *state, uint64_t entries,
                         struct ledger_hash hashes[])
{
    static const char facts[] = "{\"surname\":\"okafor\",\"forenames\":\"sarah\","
                                "\"date_of_birth\":\"1984-03-12\"}";
    uint8_t subject[LEDGER_KEY_SIZE] = {1};
    struct ledger_added added;
    struct err err = {0};
    double began = seconds();

    for (uint64_t i = 1; i < entries; i++) {
        char id[32];
        struct ledger_event event = event_of(i, id);
        struct ledger_hash commitment, all;

        memcpy(subject + 8, &i, sizeof(i));
        ledger_commit(subject, i, 0, STR(facts), &commitment);
        ledger_facts(&commitment, 1, &all);
        event.facts = &all;
        stop_on(ledger_append(state, &event, &added, &err), &err);
        hashes[i] = all;
    }
    return seconds() - began;
}

/* The same entries again, as an export. */
static void export_all(struct ledger_state *state, const struct ledger_key *key,
                       uint64_t entries, const struct ledger_hash hashes[],
                       struct memory *memory)
{
    static const struct ledger_tree nothing;
    struct out *out = out_memory();
    struct ledger_added added;
    char note[LEDGER_NOTE_MAX];
    struct err err = {0};

    stop_on(ledger_begin("bench", 1, "u-1", key, state, &added, &err), &err);
    ledger_write_heading(out, "bench", &nothing);
    ledger_write_entry(out, &added.entry);
    for (uint64_t i = 1; i < entries; i++) {
        char id[32];
        struct ledger_event event = event_of(i, id);

        event.facts = &hashes[i];
        stop_on(ledger_append(state, &event, &added, &err), &err);
        ledger_write_entry(out, &added.entry);
    }
    stop_on(ledger_checkpoint(state, 1, key, note, &err), &err);
    ledger_write_checkpoint(out, note);
    memory->size = (size_t)out_size(out);
    memory->text = out_take(out);
}

static bool memory_next(void *context, struct str *line, bool *more, struct err *err)
{
    struct memory *memory = context;

    (void)err;
    *more = memory->at < memory->size;
    if (!*more)
        return true;
    line->at = memory->text + memory->at;
    line->len =
        (size_t)((const char *)memchr(line->at, '\n', memory->size - memory->at) -
                 line->at);
    memory->at += line->len + 1;
    return true;
}

static double verify_all(struct memory *memory)
{
    struct ledger_lines lines = {memory, memory_next};
    struct ledger_verified verified;
    struct err err = {0};
    double began = seconds();

    memory->at = 0;
    stop_on(ledger_verify(&lines, NULL, NULL, &verified, &err), &err);
    return seconds() - began;
}

/* SHA-256 of each line with its mark, and once for each node of the tree: no more. */
static double hash_all(struct memory *memory, uint64_t entries)
{
    uint8_t bytes[LEDGER_LINE_MAX], pair[65] = {1};
    struct str line;
    struct err err;
    double began = seconds();
    bool more;

    memory->at = 0;
    for (uint64_t i = 0; memory_next(memory, &line, &more, &err) && more; i++) {
        bytes[0] = 0;
        memcpy(bytes + 1, line.at, line.len);
        crypto_hash_sha256(pair + 1, bytes, line.len + 1);
        if (i < entries)
            crypto_hash_sha256(pair + 33, pair, sizeof(pair));
    }
    return seconds() - began;
}

int main(int argc, char **argv)
{
    uint64_t entries = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    const uint8_t seed[LEDGER_KEY_SIZE] = {1};
    struct ledger_hash *hashes;
    struct ledger_state state;
    struct ledger_added added;
    struct ledger_key *key;
    struct memory memory;
    struct err err = {0};

    if (entries < 2 || entries > 100000000) {
        fprintf(stderr, "ledger: want 2 to 100000000 entries\n");
        return 2;
    }
    hashes = memory_new(entries, sizeof(*hashes));
    stop_on(ledger_key_of_seed(seed, &key, &err), &err);
    stop_on(ledger_begin("bench", 1, "u-1", key, &state, &added, &err), &err);
    show("append, with a commitment", entries, append_all(&state, entries, hashes));
    export_all(&state, key, entries, hashes, &memory);
    printf("%-34s %12.1f bytes an entry\n", "export",
           (double)memory.size / (double)entries);
    show("verify", entries, verify_all(&memory));
    show("plain SHA-256 of the same bytes", entries, hash_all(&memory, entries));
    printf("%-34s %12zu bytes\n", "state kept in memory", sizeof(state));
    ledger_key_close(key);
    free(memory.text);
    free(hashes);
    return 0;
}
