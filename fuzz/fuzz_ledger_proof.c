/*
 * A proof as a file; and the same bytes as the hashes of one: no proof of any size runs
 * past its end or holds for two roots.
 */
#include "ledger_text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hashes_try(enum ledger_proof_kind kind, const uint8_t *data, size_t size)
{
    struct ledger_proof proof = {.kind = kind};
    struct ledger_hash root = {{1}}, other = {{2}};

    if (size < 16)
        return;
    memcpy(&proof.at, data, 8);
    memcpy(&proof.size, data + 8, 8);
    proof.count = (size - 16) / 32;
    if (proof.count > LEDGER_PROOF_MAX)
        proof.count = LEDGER_PROOF_MAX;
    memcpy(proof.nodes, data + 16, proof.count * 32);

    bool (*holds)(const struct ledger_proof *, const struct ledger_hash *,
                  const struct ledger_hash *) =
        kind == LEDGER_INCLUSION ? ledger_includes : ledger_consistent;

    if (holds(&proof, &root, &root) && holds(&proof, &root, &other))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exact: reading on is found */
    struct ledger_proved proved;
    struct err err;

    if (!text)
        abort();
    memcpy(text, data, size);

    struct str rest = {text, size};
    struct ledger_lines lines = fuzz_lines(&rest);

    if (ledger_proof_check(&lines, NULL, &proved, &err) && proved.last.size == 0)
        abort();
    hashes_try(LEDGER_INCLUSION, data, size);
    hashes_try(LEDGER_CONSISTENCY, data, size);
    free(text);
    return 0;
}
