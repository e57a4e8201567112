/* Distinct lists of names or values with their people, and which words are related. */
#include "match/chance.h"

#include <stdlib.h>
#include <string.h>

/* ---- words -------------------------------------------------------------------------- */

void words_new(struct words *words)
{
    vocabulary_new(&words->names);
    values_new(&words->values);
}

void words_free(struct words *words)
{
    vocabulary_free(&words->names);
    values_free(&words->values);
}

uint32_t words_count(const struct aspect *aspect, const struct words *words)
{
    return aspect->words == WORDS_VALUES ? words->values.count : words->names.count;
}

/* ---- lists --------------------------------------------------------------------------- */

static bool same_token(const struct token *a, const struct token *b)
{
    return a->word == b->word && a->kind == b->kind;
}

static bool same_list(const struct side *side, const struct list *list,
                      const struct draft *draft)
{
    if (list->count != draft->count || list->sex != draft->sex ||
        list->speaks[0] != draft->speaks[0] || list->speaks[1] != draft->speaks[1])
        return false;
    for (unsigned i = 0; i < draft->count; i++)
        if (!same_token(&side->tokens[list->at + i], &draft->token[i]))
            return false;
    return true;
}

static uint64_t tokens_hash(const struct token *tokens, unsigned count, unsigned sex)
{
    uint64_t hash = hash_mix(count + 1, sex + 1);

    for (unsigned i = 0; i < count; i++)
        hash = hash_mix(hash, (uint64_t)tokens[i].word << 8 | tokens[i].kind);
    return hash;
}

static void slots_grow(struct side *side)
{
    if (side->count < side->slot_count / 2)
        return;
    free(side->slots);
    side->slot_count = side->slot_count ? side->slot_count * 2 : 1024;
    side->slots = memory_new(side->slot_count, sizeof(*side->slots));
    for (size_t i = 0; i < side->count; i++) {
        const struct list *list = &side->list[i];
        size_t at = tokens_hash(side->tokens + list->at, list->count, list->sex);

        for (at &= side->slot_count - 1; side->slots[at];)
            at = (at + 1) & (side->slot_count - 1);
        side->slots[at] = (uint32_t)i + 1;
    }
}

static void list_new(struct side *side, const struct draft *draft)
{
    if (side->count == side->room) {
        side->room = side->room ? side->room * 2 : 1024;
        side->list = memory_grow(side->list, side->room, sizeof(*side->list));
    }
    while (side->token_room - side->token_count < draft->count) {
        side->token_room = side->token_room ? side->token_room * 2 : 4096;
        side->tokens =
            memory_grow(side->tokens, side->token_room, sizeof(*side->tokens));
    }
    side->list[side->count++] = (struct list){
        .at = (uint32_t)side->token_count,
        .count = (uint8_t)draft->count,
        .sex = draft->sex,
        .speaks = {draft->speaks[0], draft->speaks[1]},
        .people = 1,
    };
    if (draft->count) /* the first list of all may have nothing to stand on */
        memcpy(side->tokens + side->token_count, draft->token,
               draft->count * sizeof(*draft->token));
    side->token_count += draft->count;
}

void side_add(struct side *side, const struct draft *draft)
{
    slots_grow(side);

    size_t at = tokens_hash(draft->token, draft->count, draft->sex);

    for (at &= side->slot_count - 1; side->slots[at];) {
        struct list *list = &side->list[side->slots[at] - 1];

        if (same_list(side, list, draft)) {
            list->people++;
            return;
        }
        at = (at + 1) & (side->slot_count - 1);
    }
    side->slots[at] = (uint32_t)side->count + 1;
    list_new(side, draft);
}

void side_post(struct side *side, uint32_t words)
{
    side->posted = memory_new((size_t)words + 2, sizeof(*side->posted));
    side->postings = memory_new(side->token_count + 1, sizeof(*side->postings));
    for (size_t t = 0; t < side->token_count; t++)
        side->posted[side->tokens[t].word + 2]++;
    for (size_t w = 2; w < (size_t)words + 2; w++)
        side->posted[w] += side->posted[w - 1];
    for (size_t l = 0; l < side->count; l++)
        for (unsigned i = 0; i < side->list[l].count; i++) {
            const struct token *token = &side->tokens[side->list[l].at + i];

            side->postings[side->posted[token->word + 1]++] =
                (struct posting){(uint32_t)l, *token};
        }
}

void side_free(struct side *side)
{
    free(side->list);
    free(side->tokens);
    free(side->slots);
    free(side->postings);
    free(side->posted);
    *side = (struct side){0};
}

/* ---- related words ------------------------------------------------------------------------- */

/* Names of the left by length, so that lengths too far apart are skipped at once. */
struct shelf {
    uint32_t from[NAME_MAX + 2]; /* of each length; one more, the end */
    uint32_t *word;
    uint64_t *signature;
    uint32_t *sound;
};

struct relating {
    const struct aspect *aspect;
    const struct variants *variants;
    const struct words *words;
    const struct side *left;
    const bool *asked; /* words of the right */
    struct shelf shelf;
    struct relations *relations;
};

static bool on_left(const struct side *left, uint32_t word)
{
    return left->posted[word + 1] > left->posted[word];
}

/*
 * What tells numbers apart before their edits are counted: how often each of 32 classes of
 * characters comes, once or more. An edit changes two of them at most.
 */
static uint64_t number_signature(const struct word *word)
{
    uint64_t signature = 0;

    for (unsigned i = 0; i < word->len; i++) {
        uint64_t one = (uint64_t)1 << 2 * ((unsigned char)word->text[i] & 31);

        signature |= one | (signature & one) << 1;
    }
    return signature;
}

enum { EDITS_MOST = 2, EDIT_CHANGES = 2 };

static uint64_t signature_of(const struct aspect *aspect, const struct word *word)
{
    bool number = aspect->words == WORDS_OTHER && aspect->kind == OTHER_NUMBER;

    return number ? number_signature(word) : word->signature;
}

static void shelf_fill(struct shelf *shelf, const struct aspect *aspect,
                       const struct vocabulary *names, const struct side *left)
{
    uint32_t at[NAME_MAX + 2];

    memset(shelf->from, 0, sizeof(shelf->from));
    for (uint32_t w = 0; w < names->count; w++)
        shelf->from[names->words[w].len + 1] += on_left(left, w);
    for (unsigned len = 1; len < NAME_MAX + 2; len++)
        shelf->from[len] += shelf->from[len - 1];
    memcpy(at, shelf->from, sizeof(at));
    shelf->word = memory_new(names->count + 1, sizeof(*shelf->word));
    shelf->signature = memory_new(names->count + 1, sizeof(*shelf->signature));
    shelf->sound = memory_new(names->count + 1, sizeof(*shelf->sound));
    for (uint32_t w = 0; w < names->count; w++) {
        const struct word *word = &names->words[w];

        if (!on_left(left, w))
            continue;
        uint32_t to = at[word->len]++;

        shelf->word[to] = w;
        shelf->signature[to] = signature_of(aspect, word);
        shelf->sound[to] = word->sound;
    }
}

static void shelf_free(struct shelf *shelf)
{
    free(shelf->word);
    free(shelf->signature);
    free(shelf->sound);
}

struct growing {
    struct related *list;
    size_t count, room;
};

/* A known form may be alike as well: then both are told, and the bits decide. */
static void relate(struct growing *growing, uint32_t word, enum relation relation)
{
    if (growing->count == growing->room) {
        growing->room = growing->room ? growing->room * 2 : 8;
        growing->list =
            memory_grow(growing->list, growing->room, sizeof(*growing->list));
    }
    growing->list[growing->count++] = (struct related){word, relation};
}

static void relate_variants(const struct relating *relating, const struct word *ours,
                            struct growing *growing)
{
    const struct vocabulary *names = &relating->words->names;
    const struct variant *list;
    size_t count = variants_of(relating->variants, relating->aspect->use, ours->text,
                               ours->len, &list);

    for (size_t i = 0; i < count; i++) {
        uint32_t word = vocabulary_find(names, list[i].text, list[i].len,
                                        name_hash(list[i].text, list[i].len));

        if (word != NO_NAME && on_left(relating->left, word))
            relate(growing, word, RELATED_VARIANT);
    }
}

static enum relation relation_of(const struct word *ours, const struct word *theirs,
                                 bool may_be_near, bool short_forms)
{
    if (may_be_near &&
        jaro_winkler_reaches(ours->text, ours->len, theirs->text, theirs->len, 88))
        return jaro_winkler_reaches(ours->text, ours->len, theirs->text, theirs->len,
                                    92)
                   ? RELATED_NEAR_92
                   : RELATED_NEAR_88;
    if (ours->sound && ours->sound == theirs->sound)
        return RELATED_SOUNDS;
    if (short_forms && short_form(ours->text, ours->len, theirs->text, theirs->len))
        return RELATED_NEAR_88;
    return (ours->len == 1 || theirs->len == 1) && ours->text[0] == theirs->text[0]
               ? RELATED_INITIAL
               : 0;
}

static void relate_length(const struct relating *relating, uint32_t word, unsigned len,
                          struct growing *growing)
{
    const struct shelf *shelf = &relating->shelf;
    const struct word *ours = &relating->words->names.words[word];
    /* equal letters are the most that two lengths allow */
    bool may = signature_may_reach(0, ours->len, 0, len, 88);
    bool single = ours->len == 1 || len == 1;
    bool short_forms = relating->aspect->use == VARIANT_FORENAME; /* CHR, CHRISTOPHER */

    for (uint32_t i = shelf->from[len]; i < shelf->from[len + 1]; i++) {
        bool near = may && signature_may_reach(ours->signature, ours->len,
                                               shelf->signature[i], len, 88);

        bool begins = short_forms && !((ours->signature ^ shelf->signature[i]) >> 52);

        if ((!near && !single && !begins &&
             (!ours->sound || ours->sound != shelf->sound[i])) ||
            shelf->word[i] == word)
            continue;
        const struct word *theirs = &relating->words->names.words[shelf->word[i]];
        enum relation relation = relation_of(ours, theirs, near, short_forms);

        if (relation)
            relate(growing, shelf->word[i], relation);
    }
}

/* Lengths of numbers that two edits can bridge; of texts that may be near. */
static bool lengths_may(enum other_kind kind, unsigned ours, unsigned theirs)
{
    unsigned apart = ours > theirs ? ours - theirs : theirs - ours;

    return kind == OTHER_NUMBER ? apart <= EDITS_MOST
                                : signature_may_reach(0, ours, 0, theirs, 88);
}

static void relate_other(const struct relating *relating, uint32_t word, unsigned len,
                         struct growing *growing)
{
    const struct shelf *shelf = &relating->shelf;
    const struct word *ours = &relating->words->names.words[word];
    enum other_kind kind = relating->aspect->kind;
    uint64_t signature = signature_of(relating->aspect, ours);
    struct other_value value = {.len = ours->len};

    if (kind == OTHER_WORD || !lengths_may(kind, ours->len, len))
        return;
    memcpy(value.text, ours->text, sizeof(value.text));
    for (uint32_t i = shelf->from[len]; i < shelf->from[len + 1]; i++) {
        const struct word *theirs = &relating->words->names.words[shelf->word[i]];
        bool may = kind == OTHER_NUMBER
                       ? __builtin_popcountll(signature ^ shelf->signature[i]) <=
                             EDITS_MOST * EDIT_CHANGES
                       : signature_may_reach(signature, ours->len, shelf->signature[i],
                                             len, 88);

        if (!may || shelf->word[i] == word)
            continue;
        enum other_level level = other_level(kind, &value, ours->signature, theirs);

        if (level != OTHER_DIFFERENT)
            relate(growing, shelf->word[i],
                   level == OTHER_NEAR ? RELATED_NEAR_92 : RELATED_NEAR_88);
    }
}

static void relate_word(void *context, size_t number, unsigned worker)
{
    const struct relating *relating = context;
    struct growing growing = {0};
    uint32_t word = (uint32_t)number;

    (void)worker;
    if (!relating->asked[word])
        return;
    if (on_left(relating->left, word))
        relate(&growing, word, RELATED_EQUAL);
    for (unsigned len = 1; len <= NAME_MAX; len++)
        if (relating->aspect->words == WORDS_OTHER)
            relate_other(relating, word, len, &growing);
    if (relating->aspect->words == WORDS_NAMES) {
        relate_variants(relating, &relating->words->names.words[word], &growing);
        for (unsigned len = 1; len <= NAME_MAX; len++)
            relate_length(relating, word, len, &growing);
    }
    relating->relations->list[word] = growing.list;
    relating->relations->count[word] = growing.count;
}

void relations_find(struct relations *relations, const struct aspect *aspect,
                    const struct variants *variants, const struct words *words,
                    const struct side *left, const struct side *right, unsigned threads)
{
    uint32_t count = words_count(aspect, words);
    bool *asked = memory_new(count + 1, sizeof(*asked));
    struct relating relating = {.aspect = aspect,
                                .variants = variants,
                                .words = words,
                                .left = left,
                                .asked = asked,
                                .relations = relations};

    for (size_t t = 0; t < right->token_count; t++)
        asked[right->tokens[t].word] = true;
    *relations = (struct relations){
        .list = memory_new((size_t)count + 1, sizeof(struct related *)),
        .count = memory_new(count + 1, sizeof(*relations->count)),
        .words = count,
    };
    if (aspect->words != WORDS_VALUES)
        shelf_fill(&relating.shelf, aspect, &words->names, left);
    parallel_for(threads, count, &relating, relate_word);
    shelf_free(&relating.shelf);
    free(asked);
}

void relations_free(struct relations *relations)
{
    for (uint32_t i = 0; i < relations->words; i++)
        free(relations->list[i]);
    free(relations->list);
    free(relations->count);
}
