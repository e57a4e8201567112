/* Distinct names of one kind, their counts, shares and variants. */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

/* What a value never seen still counts for: mentions added to each count. Rare values'
 * bearers are mostly relatives (docs/method.md, "Rare values"). */
enum { KAPPA = 2 };

uint64_t name_hash(const char *text, size_t len)
{
    return hash_bytes(text, len, 0x6e616d65);
}

void vocabulary_new(struct vocabulary *vocabulary)
{
    *vocabulary = (struct vocabulary){.slot_mask = 1023};
    vocabulary->slots = memory_new(1024, sizeof(*vocabulary->slots));
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    free(vocabulary->words);
    free(vocabulary->right);
    free(vocabulary->slots);
    free(vocabulary->variants);
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static void slot_word(struct vocabulary *vocabulary, uint32_t number, uint64_t hash)
{
    uint64_t at = hash & vocabulary->slot_mask;

    while (vocabulary->slots[at].number)
        at = (at + 1) & vocabulary->slot_mask;
    vocabulary->slots[at] = (struct word_slot){tag_of(hash), number + 1};
}

static void slots_fill(struct vocabulary *vocabulary)
{
    for (uint32_t i = 0; i < vocabulary->count; i++) {
        const struct word *word = &vocabulary->words[i];

        slot_word(vocabulary, i, name_hash(word->text, word->len));
    }
}

void vocabulary_ask(const struct vocabulary *vocabulary, uint64_t hash)
{
    for (uint64_t at = hash & vocabulary->slot_mask;;
         at = (at + 1) & vocabulary->slot_mask) {
        struct word_slot slot = vocabulary->slots[at];

        if (slot.number == 0)
            return;
        if (slot.tag == tag_of(hash))
            ask_line(&vocabulary->words[slot.number - 1]);
    }
}

uint32_t vocabulary_find(const struct vocabulary *vocabulary, const char *text,
                         size_t len, uint64_t hash)
{
    for (uint64_t at = hash & vocabulary->slot_mask;;
         at = (at + 1) & vocabulary->slot_mask) {
        struct word_slot slot = vocabulary->slots[at];

        if (slot.number == 0)
            return NO_NAME;
        if (slot.tag != tag_of(hash))
            continue;

        const struct word *word = &vocabulary->words[slot.number - 1];

        if (word->len == len && memcmp(word->text, text, len) == 0)
            return slot.number - 1;
    }
}

uint32_t name_sound(const char *text, size_t len)
{
    char key[NAME_MAX + 1];
    size_t size = name_skeleton(text, len, key);

    return size ? (uint32_t)hash_bytes(key, size, 1) | 1 : 0;
}

uint32_t vocabulary_add(struct vocabulary *vocabulary, const char *text, size_t len)
{
    uint64_t hash = name_hash(text, len);
    uint32_t number = vocabulary_find(vocabulary, text, len, hash);

    if (number != NO_NAME)
        return number;
    if (vocabulary->count == vocabulary->room) {
        vocabulary->room = vocabulary->room ? vocabulary->room * 2 : 1024;
        vocabulary->words = memory_grow(vocabulary->words, vocabulary->room,
                                        sizeof(*vocabulary->words));
        vocabulary->right = memory_grow(vocabulary->right, vocabulary->room,
                                        sizeof(*vocabulary->right));
    }
    struct word *word = &vocabulary->words[vocabulary->count];

    memset(word, 0, sizeof(*word));
    vocabulary->right[vocabulary->count] = 0;
    memcpy(word->text, text, len);
    word->len = (uint8_t)len;
    word->signature = name_signature(text, len);
    word->sound = name_sound(text, len);
    word->mark = sound_mark(word->sound, hash);
    number = vocabulary->count++;
    if (vocabulary->count * 2 > vocabulary->slot_mask) {
        uint32_t size = (vocabulary->slot_mask + 1) * 2;

        free(vocabulary->slots);
        vocabulary->slots = memory_new(size, sizeof(*vocabulary->slots));
        vocabulary->slot_mask = size - 1;
        slots_fill(vocabulary);
    } else {
        slot_word(vocabulary, number, hash);
    }
    return number;
}

struct link {
    uint32_t from, to;
};

static int by_from(const void *a, const void *b)
{
    const struct link *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

void vocabulary_link(struct vocabulary *vocabulary, const struct variants *variants,
                     enum variant_use use)
{
    struct link *links = NULL;
    size_t count = 0, room = 0;
    uint32_t left_words = vocabulary->count;

    for (uint32_t i = 0; i < left_words; i++) {
        const struct variant *list;
        char text[NAME_MAX + 1];
        size_t len = vocabulary->words[i].len;

        memcpy(text, vocabulary->words[i].text, sizeof(text));
        size_t n = variants_of(variants, use, text, len, &list);

        for (size_t k = 0; k < n; k++) {
            if (count == room)
                links =
                    memory_grow(links, room = room ? room * 2 : 4096, sizeof(*links));
            links[count++] =
                (struct link){vocabulary_add(vocabulary, list[k].text, list[k].len), i};
        }
    }
    if (count)
        qsort(links, count, sizeof(*links), by_from);
    vocabulary->variants = memory_new(count, sizeof(*vocabulary->variants));
    vocabulary->variant_total = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct word *word = &vocabulary->words[links[i].from];

        if (word->variant_count++ == 0)
            word->variants_at = (uint32_t)i;
        vocabulary->variants[i] = (struct word_variant){
            .word = links[i].to,
            .mark = vocabulary->words[links[i].to].mark,
        };
    }
    free(links);
}

static uint64_t without(uint64_t all, double some)
{
    return (double)all > some ? all - (uint64_t)some : 0;
}

int32_t share_log(uint64_t right, uint64_t right_total, uint64_t left,
                  uint64_t left_total, double u, double copies)
{
    enum { PART = 256 };                /* of a mention */
    double left_copies = PART * copies; /* of the right, as many as were counted */
    double right_copies =
        left_total ? left_copies * (double)right_total / (double)left_total : 0;
    uint64_t others = without(PART * right, PART + right_copies);
    uint64_t left_others = without(PART * left, PART + left_copies);
    double typical = 1.5 * PART * u * (double)right_total;
    uint64_t steady = typical < 1              ? 1
                      : typical < KAPPA * PART ? (uint64_t)typical
                                               : KAPPA * PART;

    if (left_total == 0)
        left_total = 1;
    /* (others + steady + left_others/left_total * right_total/2) / (right_total * 3/2) */
    uint64_t numerator = 2 * (others + steady) * left_total + left_others * right_total;

    return bits_log2(numerator, 3 * PART * right_total) - bits_log2(left_total, 1);
}

/* log2 u that gives the level's bits where nothing was counted. */
static int32_t log_uncounted(const struct level *level)
{
    return bits_log2((uint64_t)(level->m * 1e12 + 0.5), UINT64_C(1000000000000)) -
           level->bits;
}

/* Nothing is added any more: each word gets a cache line of its own. */
static void words_settle(struct vocabulary *vocabulary)
{
    struct word *words = pages_new(vocabulary->count * sizeof(*words));

    if (!words || !vocabulary->count) {
        free(words);
        return;
    }
    memcpy(words, vocabulary->words, vocabulary->count * sizeof(*words));
    free(vocabulary->words);
    vocabulary->words = words;
    vocabulary->room = vocabulary->count;
}

void vocabulary_weigh(struct vocabulary *vocabulary, const struct level *exact,
                      const struct level *variant, double others)
{
    uint64_t n = vocabulary->right_total;
    int32_t log_default = log_uncounted(exact);
    int32_t log_default_variant = log_uncounted(variant);

    for (uint32_t i = 0; i < vocabulary->count; i++) {
        struct word *word = &vocabulary->words[i];

        word->log_share =
            n ? share_log(vocabulary->right[i], n, word->left, vocabulary->left_total,
                          exact->u, copies_of(others, exact->m))
              : log_default;
    }
    /* A variant of word i is any word linked to it: i is on the variants' lists. */
    uint64_t *right = memory_new(vocabulary->count, sizeof(*right));
    uint64_t *left = memory_new(vocabulary->count, sizeof(*left));

    for (uint32_t i = 0; i < vocabulary->count; i++) {
        const struct word *word = &vocabulary->words[i];

        for (uint32_t k = 0; k < word->variant_count; k++) {
            uint32_t to = vocabulary->variants[word->variants_at + k].word;

            right[to] += vocabulary->right[i];
            left[to] += word->left;
        }
    }
    for (uint32_t i = 0; i < vocabulary->count; i++)
        vocabulary->words[i].log_variants =
            n ? share_log(right[i], n, left[i], vocabulary->left_total, variant->u,
                          copies_of(others, variant->m))
              : log_default_variant;
    for (uint32_t i = 0; i < vocabulary->variant_total; i++)
        vocabulary->variants[i].log_variants =
            vocabulary->words[vocabulary->variants[i].word].log_variants;
    free(left);
    free(right);
    free(vocabulary->right);
    vocabulary->right = NULL;
    words_settle(vocabulary);
}
