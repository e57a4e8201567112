/*
 * An export of a ledger: whatever is taken for whole is written in the one way, entry by
 * entry, and with any byte changed it is not taken any more.
 */
#include "ledger_text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool entry_seen(void *context, const struct ledger_entry *entry, struct str line,
                       const struct ledger_hash *hash, struct err *err)
{
    char again[LEDGER_LINE_MAX];

    (void)context;
    (void)hash;
    (void)err;
    if (ledger_entry_line(entry, again) != line.len ||
        memcmp(again, line.at, line.len) != 0)
        abort();
    return true;
}

static bool verify(const char *text, size_t size, struct ledger_verified *verified)
{
    const struct ledger_visit visit = {NULL, entry_seen, NULL};
    struct str rest = {text, size};
    struct ledger_lines lines = fuzz_lines(&rest);
    struct err err;

    return ledger_verify(&lines, NULL, &visit, verified, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exact: reading on is found */
    struct ledger_verified verified;

    if (!text)
        abort();
    memcpy(text, data, size);
    if (verify(text, size, &verified)) {
        if (verified.from != 0 || verified.size == 0 || verified.keys == 0)
            abort();
        text[verified.size * 7919 % size] ^= 1;
        if (verify(text, size, &verified))
            abort();
    }
    free(text);
    return 0;
}
