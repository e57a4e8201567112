/*
 * The Merkle tree of RFC 6962, grown one leaf at a time. Of a tree of n leaves only the
 * roots of its complete subtrees are kept: one for each bit that is 1 in n.
 *
 *     n = 6 = 110b       nodes[2]        nodes[1]
 *                        /      \         /    \
 *                      0 1      2 3      4      5
 */
#include "ledger/inner.h"

#include <assert.h>

size_t ledger_tree_add(struct ledger_tree *tree, const struct ledger_hash *leaf,
                       struct ledger_hash made[])
{
    struct ledger_hash node = *leaf;
    size_t level = 0;

    assert(tree->size < SIZE_LIMIT - 1);
    for (; tree->size >> level & 1; level++) {
        ledger_hash_node(&tree->nodes[level], &node, &node);
        if (made)
            made[level] = node;
    }
    tree->nodes[level] = node;
    tree->size++;
    return level;
}

void ledger_tree_root(const struct ledger_tree *tree, struct ledger_hash *root)
{
    bool any = false;

    for (unsigned level = 0; level < LEDGER_LEVELS; level++) {
        if (!(tree->size >> level & 1))
            continue;
        if (any)
            ledger_hash_node(&tree->nodes[level], root, root);
        else
            *root = tree->nodes[level];
        any = true;
    }
    if (!any)
        ledger_sha256("", 0, root);
}

/* ---- which subtrees a proof consists of ------------------------------------------------- */

/* The largest power of two below `count`, which is above 1. */
static uint64_t half_of(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

/*
 * RFC 6962, 2.1.1 and 2.1.2, read from the root down: at each branching one side is
 * entered and the other is part of the proof. Proofs list the deepest first.
 */
size_t ledger_proof_ranges(enum ledger_proof_kind kind, uint64_t at, uint64_t size,
                           struct range ranges[LEDGER_PROOF_MAX])
{
    struct range here = {0, size}, down[LEDGER_PROOF_MAX] = {{0}};
    bool whole = true; /* the earlier tree is all of what has been entered */
    size_t count = 0;

    while (kind == LEDGER_INCLUSION ? here.end - here.begin > 1 : here.end != at) {
        uint64_t middle = here.begin + half_of(here.end - here.begin);
        bool left = kind == LEDGER_INCLUSION ? at < middle : at <= middle;

        down[count++] = left ? (struct range){middle, here.end}
                             : (struct range){here.begin, middle};
        here = left ? (struct range){here.begin, middle}
                    : (struct range){middle, here.end};
        whole = whole && left;
    }
    if (kind == LEDGER_CONSISTENCY && !whole)
        down[count++] = here;
    for (size_t i = 0; i < count; i++)
        ranges[i] = down[count - 1 - i];
    return count;
}

bool ledger_proof_may_be(enum ledger_proof_kind kind, uint64_t at, uint64_t size,
                         struct err *err)
{
    if (size == 0 || size >= SIZE_LIMIT)
        return err_set(err, ERR_INPUT, "no proof in a tree of no entries");
    if (kind == LEDGER_INCLUSION && at >= size)
        return err_set(err, ERR_NOT_FOUND,
                       "no entry %llu: the last one covered is %llu",
                       (unsigned long long)at, (unsigned long long)(size - 1));
    if (kind == LEDGER_CONSISTENCY && (at == 0 || at > size))
        return err_set(err, ERR_NOT_FOUND,
                       "no earlier size %llu: want 1 to %llu entries",
                       (unsigned long long)at, (unsigned long long)size);
    return true;
}

/* ---- making a proof from kept nodes --------------------------------------------------------- */

static bool range_root(const struct ledger_nodes *nodes, struct range range,
                       struct ledger_hash *root, struct err *err)
{
    uint64_t count = range.end - range.begin;
    struct ledger_hash left, right;

    if ((count & (count - 1)) == 0) {
        unsigned level = (unsigned)__builtin_ctzll(count);

        return nodes->read(nodes->context, level, range.begin >> level, root, err);
    }
    uint64_t middle = range.begin + half_of(count);

    if (!range_root(nodes, (struct range){range.begin, middle}, &left, err) ||
        !range_root(nodes, (struct range){middle, range.end}, &right, err))
        return false;
    ledger_hash_node(&left, &right, root);
    return true;
}

bool ledger_prove(const struct ledger_nodes *nodes, enum ledger_proof_kind kind,
                  uint64_t at, uint64_t size, struct ledger_proof *proof,
                  struct err *err)
{
    struct range ranges[LEDGER_PROOF_MAX] = {{0}};

    if (!ledger_proof_may_be(kind, at, size, err))
        return false;
    *proof = (struct ledger_proof){.kind = kind, .at = at, .size = size};
    proof->count = ledger_proof_ranges(kind, at, size, ranges);
    for (size_t i = 0; i < proof->count; i++)
        if (!range_root(nodes, ranges[i], &proof->nodes[i], err))
            return false;
    return true;
}

bool ledger_tree_at(const struct ledger_nodes *nodes, uint64_t size,
                    struct ledger_tree *tree, struct err *err)
{
    struct ledger_tree found = {.size = size};

    if (size >= SIZE_LIMIT)
        return err_set(err, ERR_INPUT, "no ledger has so many entries");
    for (unsigned level = 0; level < LEDGER_LEVELS; level++)
        if (size >> level & 1 &&
            !nodes->read(nodes->context, level, (size >> level) - 1,
                         &found.nodes[level], err))
            return false;
    *tree = found;
    return true;
}

/* ---- checking a proof ------------------------------------------------------------------------- */

/*
 * Walks up from a leaf (or from the last complete subtree of the earlier tree) to the
 * root. `place` is the index at the present level, `last` that of the level's last node;
 * a last node that is a left child has no sibling and goes up unchanged.
 */
struct climb {
    uint64_t place, last;
};

static void climb_one(struct climb *climb)
{
    climb->place >>= 1;
    climb->last >>= 1;
}

/* True if the next hash of the proof stands to the left. */
static bool sibling_is_left(struct climb *climb)
{
    bool left = climb->place & 1 || climb->place == climb->last;

    if (left)
        while (!(climb->place & 1) && climb->place)
            climb_one(climb);
    climb_one(climb);
    return left;
}

bool ledger_includes(const struct ledger_proof *proof, const struct ledger_hash *entry,
                     const struct ledger_hash *root)
{
    struct climb climb = {proof->at, proof->size - 1};
    struct ledger_hash node = *entry;

    if (proof->kind != LEDGER_INCLUSION || proof->at >= proof->size ||
        proof->count > LEDGER_PROOF_MAX)
        return false;
    for (size_t i = 0; i < proof->count; i++) {
        if (climb.last == 0)
            return false;
        if (sibling_is_left(&climb))
            ledger_hash_node(&proof->nodes[i], &node, &node);
        else
            ledger_hash_node(&node, &proof->nodes[i], &node);
    }
    return climb.last == 0 && ledger_hash_same(&node, root);
}

bool ledger_consistent(const struct ledger_proof *proof, const struct ledger_hash *old,
                       const struct ledger_hash *root)
{
    struct climb climb = {proof->at - 1, proof->size - 1};
    struct ledger_hash was, is;
    size_t next = 0;

    if (proof->kind != LEDGER_CONSISTENCY || proof->at == 0 ||
        proof->at > proof->size || proof->count > LEDGER_PROOF_MAX)
        return false;
    if (proof->at == proof->size)
        return proof->count == 0 && ledger_hash_same(old, root);
    while (climb.place & 1)
        climb_one(&climb);
    /* At place 0 the earlier tree is one complete subtree: its root is known. */
    if (climb.place && proof->count == 0)
        return false;
    was = is = climb.place ? proof->nodes[next++] : *old;
    for (; next < proof->count; next++) {
        if (climb.last == 0)
            return false;
        if (sibling_is_left(&climb)) {
            ledger_hash_node(&proof->nodes[next], &was, &was);
            ledger_hash_node(&proof->nodes[next], &is, &is);
        } else {
            ledger_hash_node(&is, &proof->nodes[next], &is);
        }
    }
    return climb.last == 0 && ledger_hash_same(&was, old) &&
           ledger_hash_same(&is, root);
}
