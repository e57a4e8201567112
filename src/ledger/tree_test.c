#include "ledger/inner.h"
#include "test/test.h"

#include <sodium.h>

enum { LEAVES = 64 };

/* ---- the twin: RFC 6962, 2.1, word for word and as slow as it reads ------------------- */

static struct ledger_hash leaves[LEAVES];

static uint64_t power_below(uint64_t n)
{
    uint64_t k = 1;

    while (k * 2 < n)
        k *= 2;
    return k;
}

static struct ledger_hash sha256(const uint8_t *bytes, size_t size)
{
    struct ledger_hash hash;

    crypto_hash_sha256(hash.bytes, bytes, size);
    return hash;
}

static struct ledger_hash twin_node(struct ledger_hash left, struct ledger_hash right)
{
    uint8_t bytes[65] = {1};

    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    return sha256(bytes, sizeof(bytes));
}

static struct ledger_hash twin_root(const struct ledger_hash *d, uint64_t n)
{
    if (n == 0)
        return sha256((const uint8_t *)"", 0);
    if (n == 1)
        return d[0];
    uint64_t k = power_below(n);

    return twin_node(twin_root(d, k), twin_root(d + k, n - k));
}

static size_t twin_path(uint64_t m, const struct ledger_hash *d, uint64_t n,
                        struct ledger_hash *path)
{
    if (n == 1)
        return 0;
    uint64_t k = power_below(n);
    size_t count =
        m < k ? twin_path(m, d, k, path) : twin_path(m - k, d + k, n - k, path);

    path[count] = m < k ? twin_root(d + k, n - k) : twin_root(d, k);
    return count + 1;
}

static size_t twin_subproof(uint64_t m, const struct ledger_hash *d, uint64_t n,
                            bool whole, struct ledger_hash *path)
{
    if (m == n) {
        if (!whole)
            path[0] = twin_root(d, n);
        return !whole;
    }
    uint64_t k = power_below(n);
    size_t count = m <= k ? twin_subproof(m, d, k, whole, path)
                          : twin_subproof(m - k, d + k, n - k, false, path);

    path[count] = m <= k ? twin_root(d + k, n - k) : twin_root(d, k);
    return count + 1;
}

/* ---- nodes as a store would keep them -------------------------------------------------- */

struct kept {
    struct ledger_hash nodes[7][LEAVES];
    bool there[7][LEAVES];
};

static bool kept_read(void *context, unsigned level, uint64_t at,
                      struct ledger_hash *hash, struct err *err)
{
    const struct kept *kept = context;

    (void)err;
    assert_true(level < 7 && at < LEAVES && kept->there[level][at]);
    *hash = kept->nodes[level][at];
    return true;
}

static void kept_add(struct kept *kept, unsigned level, uint64_t at,
                     const struct ledger_hash *hash)
{
    assert_false(kept->there[level][at]);
    kept->nodes[level][at] = *hash;
    kept->there[level][at] = true;
}

static struct kept *kept_of(uint64_t size, struct ledger_tree *tree)
{
    struct kept *kept = memory_new(1, sizeof(*kept));
    struct ledger_hash made[LEDGER_LEVELS];

    *tree = (struct ledger_tree){0};
    for (uint64_t i = 0; i < size; i++) {
        size_t count = ledger_tree_add(tree, &leaves[i], made);

        kept_add(kept, 0, i, &leaves[i]);
        for (unsigned k = 0; k < count; k++)
            kept_add(kept, k + 1, i >> (k + 1), &made[k]);
    }
    return kept;
}

static void leaves_make(void)
{
    for (unsigned i = 0; i < LEAVES; i++) {
        char text[16];
        int len = snprintf(text, sizeof(text), "leaf %u", i);

        ledger_entry_hash((struct str){text, (size_t)len}, &leaves[i]);
    }
}

static void assert_hex(const struct ledger_hash *hash, const char *hex)
{
    char text[65];

    ledger_hash_text(hash, text);
    assert_string_equal(text, hex);
}

static void assert_same(const struct ledger_hash *a, const struct ledger_hash *b)
{
    assert_memory_equal(a->bytes, b->bytes, sizeof(a->bytes));
}

/* ---- tests --------------------------------------------------------------------------------- */

/* The inputs and roots that implementations of RFC 6962 test each other with. */
TEST(roots_are_those_that_other_implementations_of_rfc_6962_give)
{
    static const struct {
        const char *leaf;
        size_t size;
        const char *root;
    } known[] = {
        {"",                                                                 0,  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\x00",                                                             1,  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10",                                                             1,  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21",                                                         2,
         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"                                                                        },
        {"\x30\x31",                                                         2,
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"                                                                        },
        {"\x40\x41\x42\x43",                                                 4,
         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"                                                                        },
        {"\x50\x51\x52\x53\x54\x55\x56\x57",                                 8,
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"                                                                        },
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16,
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"                                                                        },
    };
    struct ledger_tree tree = {0};
    struct ledger_hash root, leaf;

    ledger_tree_root(&tree, &root);
    assert_hex(&root,
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < COUNT(known); i++) {
        ledger_entry_hash((struct str){known[i].leaf, known[i].size}, &leaf);
        ledger_tree_add(&tree, &leaf, NULL);
        ledger_tree_root(&tree, &root);

        assert_hex(&root, known[i].root);
    }
}

TEST(the_tree_grown_by_leaves_has_the_root_of_the_definition)
{
    struct ledger_tree tree = {0};
    struct ledger_hash root, twin;

    leaves_make();
    for (unsigned n = 0; n < LEAVES; n++) {
        ledger_tree_root(&tree, &root);
        twin = twin_root(leaves, n);

        assert_same(&root, &twin);
        ledger_tree_add(&tree, &leaves[n], NULL);
    }
}

/* Every size up to 64, every leaf or earlier size: the proof is that of the definition,
 * it holds, and it holds for nothing else. */
static void proofs_try(enum ledger_proof_kind kind, uint64_t size)
{
    struct ledger_hash path[LEDGER_PROOF_MAX], root = twin_root(leaves, size);
    struct ledger_tree tree;
    struct kept *kept = kept_of(size, &tree);
    const struct ledger_nodes nodes = {kept, kept_read};
    struct ledger_proof proof;
    struct err err;

    for (uint64_t at = kind == LEDGER_CONSISTENCY; at < size + (uint64_t)kind; at++) {
        bool inclusion = kind == LEDGER_INCLUSION;
        size_t count = inclusion ? twin_path(at, leaves, size, path)
                                 : twin_subproof(at, leaves, size, true, path);
        struct ledger_hash other = leaves[0];
        struct ledger_hash from = inclusion ? leaves[at] : twin_root(leaves, at);

        assert_true(ledger_prove(&nodes, kind, at, size, &proof, &err));
        assert_int_equal(proof.count, count);
        for (size_t i = 0; i < count; i++)
            assert_same(&proof.nodes[i], &path[i]);

        bool (*holds)(const struct ledger_proof *, const struct ledger_hash *,
                      const struct ledger_hash *) =
            inclusion ? ledger_includes : ledger_consistent;

        assert_true(holds(&proof, &from, &root));
        other.bytes[31] ^= 1;
        assert_false(holds(&proof, &other, &root));
        assert_false(holds(&proof, &from, &other));
        for (size_t i = 0; i < count; i++) {
            proof.nodes[i].bytes[i % 32] ^= 0x10;
            assert_false(holds(&proof, &from, &root));
            proof.nodes[i].bytes[i % 32] ^= 0x10;
        }
        if (proof.count) {
            proof.count--;
            assert_false(holds(&proof, &from, &root));
            proof.count++;
        }
        proof.nodes[proof.count++] = root;
        assert_false(holds(&proof, &from, &root));
    }
    free(kept);
}

TEST(inclusion_proofs_of_all_sizes_to_64_are_those_of_the_definition)
{
    leaves_make();
    for (uint64_t size = 1; size <= LEAVES; size++)
        proofs_try(LEDGER_INCLUSION, size);
}

TEST(consistency_proofs_of_all_sizes_to_64_are_those_of_the_definition)
{
    leaves_make();
    for (uint64_t size = 1; size <= LEAVES; size++)
        proofs_try(LEDGER_CONSISTENCY, size);
}

TEST(an_entry_is_not_proved_at_another_place)
{
    struct ledger_tree tree;
    struct ledger_hash root;
    struct ledger_proof proof;
    struct err err;

    leaves_make();
    for (uint64_t size = 2; size <= 33; size++) {
        struct kept *kept = kept_of(size, &tree);

        ledger_tree_root(&tree, &root);
        for (uint64_t at = 0; at < size; at++) {
            assert_true(ledger_prove(&(struct ledger_nodes){kept, kept_read},
                                     LEDGER_INCLUSION, at, size, &proof, &err));
            for (uint64_t wrong = 0; wrong < size; wrong++) {
                proof.at = wrong;
                assert_int_equal(ledger_includes(&proof, &leaves[at], &root),
                                 wrong == at);
            }
        }
        free(kept);
    }
}

TEST(the_tree_at_an_earlier_size_is_found_again_from_its_nodes)
{
    struct ledger_tree tree, was = {0}, found;
    struct err err;

    leaves_make();
    struct kept *kept = kept_of(LEAVES, &tree);
    const struct ledger_nodes nodes = {kept, kept_read};

    for (uint64_t size = 0; size <= LEAVES; size++) {
        struct ledger_hash root, twin;

        assert_true(ledger_tree_at(&nodes, size, &found, &err));
        assert_int_equal(found.size, size);
        ledger_tree_root(&found, &root);
        ledger_tree_root(&was, &twin);
        assert_same(&root, &twin);
        if (size < LEAVES)
            ledger_tree_add(&was, &leaves[size], NULL);
    }
    free(kept);
}

TEST(a_proof_of_what_cannot_be_is_refused)
{
    static const struct {
        enum ledger_proof_kind kind;
        uint64_t at, size;
    } cases[] = {
        {LEDGER_INCLUSION,   0,          0                },
        {LEDGER_INCLUSION,   5,          5                },
        {LEDGER_INCLUSION,   UINT64_MAX, 5                },
        {LEDGER_CONSISTENCY, 0,          5                },
        {LEDGER_CONSISTENCY, 6,          5                },
        {LEDGER_INCLUSION,   0,          UINT64_MAX       },
        {LEDGER_INCLUSION,   0,          UINT64_C(1) << 62},
    };
    struct ledger_tree tree;
    struct kept *kept = kept_of(5, &tree);
    struct ledger_proof proof;
    struct err err;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_false(ledger_prove(&(struct ledger_nodes){kept, kept_read},
                                  cases[i].kind, cases[i].at, cases[i].size, &proof,
                                  &err));
    free(kept);
}

TESTS(IT(roots_are_those_that_other_implementations_of_rfc_6962_give),
      IT(the_tree_grown_by_leaves_has_the_root_of_the_definition),
      IT(inclusion_proofs_of_all_sizes_to_64_are_those_of_the_definition),
      IT(consistency_proofs_of_all_sizes_to_64_are_those_of_the_definition),
      IT(an_entry_is_not_proved_at_another_place),
      IT(the_tree_at_an_earlier_size_is_found_again_from_its_nodes),
      IT(a_proof_of_what_cannot_be_is_refused))
