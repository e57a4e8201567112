/* Proofs as files, and made from an export. docs/ledger-format.md, section 6. */
#include "ledger/inner.h"

#include <sodium.h>
#include <stdlib.h>

/* What the two kinds call what they have in common. */
static const struct {
    const char *name, *at;
} kinds[] = {
    [LEDGER_INCLUSION] = {"inclusion",   "entry"},
    [LEDGER_CONSISTENCY] = {"consistency", "old"  },
};

static_assert(LEDGER_PROOF_MAX * 67 + 256 < LEDGER_LINE_MAX,
              "a proof fits into a line");

/* ---- writing ---------------------------------------------------------------------------- */

void ledger_write_proof(struct out *out, const struct ledger_proof *proof,
                        struct str first, struct str last)
{
    char line[LEDGER_LINE_MAX];
    char *to = line_put(line_put(line, "{\"proof\":\""), kinds[proof->kind].name);

    to = line_put(line_put(line_put(to, "\",\""), kinds[proof->kind].at), "\":");
    to = line_put_number(line_put(line_put_number(to, proof->at), ",\"size\":"),
                         proof->size);
    to = line_put(
        line_put_hashes(line_put(to, ",\"nodes\":"), proof->nodes, proof->count),
        "}\n");
    out_bytes(out, line, (size_t)(to - line));
    out_str(out, first);
    out_text(out, "\n");
    out_str(out, last);
    out_text(out, "\n");
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool take_kind(struct str *rest, enum ledger_proof_kind *kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct str try = *rest;

        if (!line_take(&try, kinds[i].name) || !line_take(&try, "\",\"") ||
            !line_take(&try, kinds[i].at) || !line_take(&try, "\":"))
            continue;
        *rest = try;
        *kind = (enum ledger_proof_kind)i;
        return true;
    }
    return false;
}

static bool proof_line_read(struct str line, struct ledger_proof *proof,
                            struct err *err)
{
    *proof = (struct ledger_proof){0};
    if (!line_take(&line, "{\"proof\":\"") || !take_kind(&line, &proof->kind) ||
        !line_take_number(&line, &proof->at) || !line_take(&line, ",\"size\":") ||
        !line_take_number(&line, &proof->size) || !line_take(&line, ",\"nodes\":") ||
        !line_take_hashes(&line, proof->nodes, LEDGER_PROOF_MAX, &proof->count) ||
        !line_take(&line, "}") || line.len)
        return err_set(err, ERR_INPUT, "not written as a proof");
    return ledger_proof_may_be(proof->kind, proof->at, proof->size, err);
}

static bool first_read(struct str line, const struct ledger_proof *proof,
                       struct ledger_proved *proved, struct ledger_hash *hash,
                       struct err *err)
{
    if (proof->kind == LEDGER_CONSISTENCY)
        return ledger_checkpoint_line_read(line, &proved->old, err);
    ledger_entry_hash(line, hash);
    return ledger_entry_read(line, &proved->entry, err);
}

static bool includes_check(const struct ledger_proof *proof,
                           const struct ledger_proved *proved,
                           const struct ledger_hash *entry, struct err *err)
{
    return (proved->entry.seq == proof->at && proved->last.size == proof->size &&
            ledger_includes(proof, entry, &proved->last.root)) ||
           err_set(err, ERR_INPUT, "the entry is not among those of the checkpoint");
}

static bool consistent_check(const struct ledger_proof *proof,
                             const struct ledger_proved *proved, struct err *err)
{
    if (strcmp(proved->old.name, proved->last.name) != 0)
        return err_set(err, ERR_INPUT, "the checkpoints are of two ledgers");
    return (proof->at < proof->size && proved->old.size == proof->at &&
            proved->last.size == proof->size &&
            ledger_consistent(proof, &proved->old.root, &proved->last.root)) ||
           err_set(err, ERR_INPUT,
                   "the later checkpoint does not hold all entries of the earlier one");
}

/* A proof is worth what its checkpoint is: says who vouches for that. */
static bool trust_check(const struct ledger_trust *trust, struct ledger_proved *proved,
                        struct err *err)
{
    proved->trusted = 0;
    if (!ledger_trust_compare(trust, &proved->last, &proved->trusted, err))
        return false;
    if (proved->kind == LEDGER_CONSISTENCY &&
        !ledger_trust_compare(trust, &proved->old, &proved->trusted, err))
        return false;
    if (trust->checkpoint_count && !proved->trusted)
        return err_set(err, ERR_INPUT,
                       "none of the kept checkpoints is one of this proof");
    return !trust->key || memcmp(trust->key, proved->last.key, LEDGER_KEY_SIZE) == 0 ||
           err_set(err, ERR_INPUT,
                   "the checkpoint is signed with another key than the one given");
}

bool ledger_proof_check(const struct ledger_lines *lines,
                        const struct ledger_trust *trust, struct ledger_proved *proved,
                        struct err *err)
{
    static const struct ledger_trust nobody;
    struct ledger_proved found = {0};
    struct ledger_proof proof;
    struct ledger_hash entry = {0};
    struct str line;
    bool more;

    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "the cryptographic library does not start");
    for (int number = 1; number <= 4; number++) {
        if (!lines->next(lines->context, &line, &more, err))
            return err_in(err, "line %d", number);
        if (more != (number <= 3))
            return err_set(err, ERR_INPUT, "a proof has three lines");
        if ((number == 1 && !proof_line_read(line, &proof, err)) ||
            (number == 2 && !first_read(line, &proof, &found, &entry, err)) ||
            (number == 3 && !ledger_checkpoint_line_read(line, &found.last, err)))
            return err_in(err, "line %d", number);
    }
    found.kind = proof.kind;
    if (!(proof.kind == LEDGER_INCLUSION ? includes_check(&proof, &found, &entry, err)
                                         : consistent_check(&proof, &found, err)) ||
        !trust_check(trust ? trust : &nobody, &found, err))
        return false;
    *proved = found;
    return true;
}

/* ---- from an export ---------------------------------------------------------------------------- */

/*
 * The hashes of a proof are roots of ranges of leaves that do not overlap, so one pass
 * that grows a tree over each is enough.
 */
struct gathering {
    enum ledger_proof_kind kind;
    uint64_t at, size;
    struct ledger_proof proof;
    struct range ranges[LEDGER_PROOF_MAX];
    struct ledger_tree tree; /* of the range that the leaves are in at present */
    size_t range;            /* which one that is */
    char *first, *last;      /* lines; NULL until seen */
};

static char *line_copy(struct str line)
{
    char *copy = memory_new(line.len + 1, 1);

    memcpy(copy, line.at, line.len);
    return copy;
}

static void gather_leaf(struct gathering *g, uint64_t seq,
                        const struct ledger_hash *leaf)
{
    if (g->tree.size == 0)
        for (g->range = 0; g->range < g->proof.count; g->range++)
            if (seq == g->ranges[g->range].begin)
                break;
    if (g->range == g->proof.count)
        return;

    struct range range = g->ranges[g->range];

    ledger_tree_add(&g->tree, leaf, NULL);
    if (g->tree.size == range.end - range.begin) {
        ledger_tree_root(&g->tree, &g->proof.nodes[g->range]);
        g->tree.size = 0;
    }
}

static bool gather_entry(void *context, const struct ledger_entry *entry,
                         struct str line, const struct ledger_hash *hash,
                         struct err *err)
{
    struct gathering *g = context;

    (void)err;
    if (g->kind == LEDGER_INCLUSION && entry->seq == g->at && !g->first)
        g->first = line_copy(line);
    gather_leaf(g, entry->seq, hash);
    return true;
}

static bool gather_checkpoint(void *context, const struct ledger_checkpoint *checkpoint,
                              struct str line, struct err *err)
{
    struct gathering *g = context;

    (void)err;
    if (g->kind == LEDGER_CONSISTENCY && checkpoint->size == g->at && !g->first)
        g->first = line_copy(line);
    if (checkpoint->size == g->size && !g->last)
        g->last = line_copy(line);
    return true;
}

static bool pass(const char *path, const struct ledger_trust *trust,
                 const struct ledger_visit *visit, struct ledger_verified *verified,
                 struct err *err)
{
    struct ledger_lines lines;

    if (!ledger_lines_open(path, &lines, err))
        return false;

    bool ok = ledger_verify(&lines, trust, visit, verified, err);

    ledger_lines_close(&lines);
    return ok;
}

static bool gather(struct gathering *g, const char *path,
                   const struct ledger_trust *trust, struct err *err)
{
    const struct ledger_visit visit = {g, gather_entry, gather_checkpoint};
    struct ledger_verified again;

    g->proof = (struct ledger_proof){.kind = g->kind, .at = g->at, .size = g->size};
    g->proof.count = ledger_proof_ranges(g->kind, g->at, g->size, g->ranges);
    if (!pass(path, trust, &visit, &again, err))
        return false;
    if (again.size != g->size || !g->last)
        return err_set(err, ERR_INPUT, "the export changed while it was read");
    return g->first ||
           err_set(err, ERR_NOT_FOUND,
                   "no checkpoint of %llu entries in the export; its checkpoints are "
                   "the lines that begin with {\"checkpoint\"",
                   (unsigned long long)g->at);
}

bool ledger_prove_export(const char *path, enum ledger_proof_kind kind, uint64_t at,
                         const struct ledger_trust *trust, struct out *out,
                         struct err *err)
{
    struct gathering g = {.kind = kind, .at = at};
    struct ledger_verified verified;

    if (strcmp(path, "-") == 0)
        return err_set(err, ERR_USAGE,
                       "an export is read twice for a proof: want a "
                       "file, not standard input");
    if (!pass(path, trust, NULL, &verified, err))
        return false;
    if (verified.from)
        return err_set(err, ERR_INPUT,
                       "proofs are made from a whole export; this one begins after "
                       "%llu entries",
                       (unsigned long long)verified.from);
    g.size = verified.size;
    if (!ledger_proof_may_be(kind, at, g.size, err))
        return false;
    if (kind == LEDGER_CONSISTENCY && at == g.size)
        return err_set(err, ERR_NOT_FOUND,
                       "%llu is the last checkpoint: want an earlier one",
                       (unsigned long long)at);

    bool ok = gather(&g, path, trust, err);

    if (ok)
        ledger_write_proof(out, &g.proof, str_of(g.first), str_of(g.last));
    free(g.first);
    free(g.last);
    return ok;
}
