/*
 * make: a made-up ledger as files, for tests and for whoever wants to see one.
 *
 *   make ENTRIES CHECKPOINT CHANGE SEED FOLDER
 *
 * Writes export.jsonl, key (the first, in hex) and the checkpoints, checkpoint-SIZE.
 */
#include "../../src/ledger/made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool write_file(const char *folder, const char *name, const char *text,
                       size_t size)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", folder, name);

    FILE *file = fopen(path, "w");

    return file && fwrite(text, 1, size, file) == size && fclose(file) == 0;
}

static bool write_all(const struct made *made, const char *folder)
{
    struct ledger_hash key;
    char hex[65], name[64];
    bool ok = write_file(folder, "export.jsonl", made->text, made->size);

    memcpy(key.bytes, made->first_key, sizeof(key.bytes));
    ledger_hash_text(&key, hex);
    ok = ok && write_file(folder, "key", hex, 64);
    for (size_t i = 0; ok && i < made->note_count; i++) {
        snprintf(name, sizeof(name), "checkpoint-%llu",
                 (unsigned long long)made->trees[i].size);
        ok = write_file(folder, name, made->notes[i], strlen(made->notes[i]));
    }
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: make ENTRIES CHECKPOINT CHANGE SEED FOLDER\n");
        return 2;
    }
    const struct made_settings settings = {
        .entries = (unsigned)strtoul(argv[1], NULL, 10),
        .checkpoint = (unsigned)strtoul(argv[2], NULL, 10),
        .change = (unsigned)strtoul(argv[3], NULL, 10),
        .seed = strtoul(argv[4], NULL, 10),
    };
    struct made *made = made_new(&settings);
    bool ok = write_all(made, argv[5]);

    made_free(made);
    return ok ? 0 : 5;
}
