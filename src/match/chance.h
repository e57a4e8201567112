/*
 * match, inside: u, exactly.
 *
 *   lists.c    distinct lists of a side, and which words of either side are related
 *   chance.c   pairs at each level, from them
 */
#ifndef MATCH_CHANCE_H
#define MATCH_CHANCE_H

#include "match/em.h"

/* Best first. */
enum relation {
    RELATED_EQUAL = 1,
    RELATED_VARIANT,
    RELATED_NEAR_92,
    RELATED_NEAR_88,
    RELATED_SOUNDS,
    RELATED_INITIAL, /* one is a single letter, the other begins with it */
};

struct token {
    uint32_t word;
    uint8_t kind;  /* of a name: enum name_kind; of a value: the level it agrees at */
    uint8_t place; /* in its list */
};

enum { TOKENS_MAX = 5 * PLACES_MAX };
_Static_assert((int)TOKENS_MAX >= (int)NAMES_PER_PERSON, "names fit");
_Static_assert((int)TOKENS_MAX >= (int)NUMBERS_MAX, "numbers fit");

/* One person's list, as it is made. Two comparisons may read one list. */
struct draft {
    struct token token[TOKENS_MAX];
    unsigned count;
    uint8_t sex;
    bool speaks[2];
};

/* A list that `people` people have. */
struct list {
    uint32_t at; /* into tokens */
    uint8_t count, sex;
    bool speaks[2];
    uint32_t people;
};

struct posting {
    uint32_t list;
    struct token token;
};

struct side {
    struct list *list;
    size_t count, room;
    struct token *tokens;
    size_t token_count, token_room;
    uint32_t *slots; /* number + 1 */
    size_t slot_count;
    struct posting *postings; /* by word */
    size_t *posted;           /* where each word's begin; one more, the end */
};

void side_add(struct side *side, const struct draft *draft);
void side_post(struct side *side, uint32_t words);
void side_free(struct side *side);

static inline size_t side_postings(const struct side *side, uint32_t word,
                                   const struct posting **postings)
{
    *postings = side->postings + side->posted[word];
    return side->posted[word + 1] - side->posted[word];
}

struct words { /* of both sides */
    struct vocabulary names;
    struct values values;
};

void words_new(struct words *words);
void words_free(struct words *words);

enum words_kind {
    WORDS_NAMES,  /* may be known forms of one another, alike, or initials */
    WORDS_OTHER,  /* values of an other column, alike by its kind */
    WORDS_VALUES, /* equal or not */
};

/* What is counted over one kind of list. */
struct aspect {
    enum comparison comparison[2];
    unsigned (*rule[2])(enum relation relation, const struct token *ours,
                        const struct token *theirs); /* a level, or 0 */
    void (*draft)(const struct facts *facts, const struct aspect *aspect,
                  struct words *words, struct draft *draft);
    enum words_kind words;
    enum variant_use use; /* of names */
    enum other_kind kind; /* of other columns */
};

uint32_t words_count(const struct aspect *aspect, const struct words *words);

struct related {
    uint32_t word; /* of the left */
    enum relation relation;
};

struct relations { /* of each word of the right */
    struct related **list;
    size_t *count;
    uint32_t words;
};

/* side_post() must have been called on the left. */
void relations_find(struct relations *relations, const struct aspect *aspect,
                    const struct variants *variants, const struct words *words,
                    const struct side *left, const struct side *right,
                    unsigned threads);
void relations_free(struct relations *relations);

static inline size_t relations_of(const struct relations *relations, uint32_t word,
                                  const struct related **related)
{
    *related = relations->list[word];
    return relations->count[word];
}

#endif
