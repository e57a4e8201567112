/*
 * Names exchanged: a mention's forename is a surname on the left and its surname a
 * forename there. Both may be the same; or one is, and the other is alike, a known form or
 * an initial, since who writes an unfamiliar name in the wrong place also misspells it.
 *
 * Likeness is looked for only among the names that somebody on the left bears beside the
 * name that is the same, and only for a word that is nobody's in its own place: a list of a
 * few names, not the vocabulary.
 */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

/* ---- who bears what beside a name --------------------------------------------------- */

struct neighbour {
    uint32_t word;   /* of the other vocabulary */
    uint32_t sketch; /* of it, so that most words need not be read */
};

struct beside {
    uint32_t *from;         /* of each word in list; one more: the end */
    struct neighbour *list; /* words rising, each once */
};

struct both {
    uint32_t a, b;
};

static int by_both(const void *x_, const void *y_)
{
    const struct both *x = x_, *y = y_;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static struct beside *beside_new(struct both *list, size_t count, uint32_t words,
                                 const struct vocabulary *other)
{
    struct beside *beside = memory_new(1, sizeof(*beside));
    uint32_t n = 0;

    beside->from = memory_new((size_t)words + 1, sizeof(*beside->from));
    beside->list = memory_new(count + 1, sizeof(*beside->list));
    if (count)
        qsort(list, count, sizeof(*list), by_both);
    for (size_t i = 0; i < count; i++) {
        if (i && by_both(&list[i - 1], &list[i]) == 0)
            continue;
        beside->from[list[i].a + 1]++;

        const struct word *word = &other->words[list[i].b];

        beside->list[n++] = (struct neighbour){
            list[i].b, sketch_name(word->text, word->len, word->mark)};
    }
    for (uint32_t w = 0; w < words; w++)
        beside->from[w + 1] += beside->from[w];
    return beside;
}

static void beside_free(struct beside *beside)
{
    if (!beside)
        return;
    free(beside->from);
    free(beside->list);
    free(beside);
}

/* Every surname with every forename of one person, initials apart. */
static size_t full_names(const struct index *index, struct both *list)
{
    size_t n = 0;

    for (uint32_t i = 0; i < index->people; i++) {
        const struct row *row = index_row(index, i);
        const uint32_t *surname = row_words(row),
                       *forename = surname + row->surname_count;

        for (unsigned s = 0; s < row->surname_count; s++)
            for (unsigned f = 0; f < row->forename_count; f++) {
                if (forename[f] >> WORD_KIND_SHIFT == NAME_INITIAL)
                    continue;
                if (list)
                    list[n] =
                        (struct both){surname[s] & WORD_MASK, forename[f] & WORD_MASK};
                n++;
            }
    }
    return n;
}

void crossings_prepare(struct index *index)
{
    size_t count = full_names(index, NULL);
    struct both *list = memory_new(count + 1, sizeof(*list));

    full_names(index, list);
    index->beside_surname =
        beside_new(list, count, index->surnames.count, &index->forenames);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct both){list[i].b, list[i].a};
    index->beside_forename =
        beside_new(list, count, index->forenames.count, &index->surnames);
    free(list);
}

void crossings_free(struct index *index)
{
    beside_free(index->beside_surname);
    beside_free(index->beside_forename);
}

/* ---- what a mention's names are in the other place ------------------------------------ */

static const struct near surname_near = {SURNAME_NEAR_92, SURNAME_NEAR_88,
                                         SURNAME_SOUNDS, false};
static const struct near forename_near = {FORENAME_NEAR_92, FORENAME_NEAR_88,
                                          FORENAME_SOUNDS, true};

/*
 * What the same word is worth goes by its commoner use, or a common forename would be
 * strong evidence merely because it is a rare surname.
 */
static struct evidence same_word(const struct index *index, uint32_t as_surname,
                                 uint32_t as_forename, enum comparison comparison)
{
    unsigned level = comparison == COMPARE_SURNAME ? (unsigned)SURNAME_EXACT
                                                   : (unsigned)FORENAME_EXACT;
    int32_t log_share = INT32_MIN;

    if (as_surname != NO_NAME)
        log_share = index->surnames.words[as_surname].log_share;
    if (as_forename != NO_NAME)
        log_share = larger(log_share, index->forenames.words[as_forename].log_share);
    return (struct evidence){(uint8_t)level,
                             level_bits(index->model, comparison, level, log_share)};
}

/* What does not speak for a match is not looked for. */
static void add_crossing(const struct index *index, struct ready *ready,
                         uint32_t surname, struct evidence as_surname,
                         uint32_t forename, struct evidence as_forename)
{
    int32_t swap = index->model->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits;

    if (as_surname.bits + as_forename.bits + swap > 0 &&
        ready->crossing_count < CROSSINGS_MAX)
        ready->crossing[ready->crossing_count++] =
            (struct crossing){surname, forename, as_surname, as_forename};
}

/* `MISTRY, A` written the other way round. */
static struct evidence initial(const struct index *index, const struct name *name,
                               const struct word *theirs)
{
    if (name->text[0] != theirs->text[0])
        return (struct evidence){0};
    return (struct evidence){
        FORENAME_INITIAL, index->model->level[COMPARE_FORENAME][FORENAME_INITIAL].bits};
}

/* Of a word on the left that is not the same: a known form, alike, or nothing. */
static struct evidence alike(const struct index *index, const struct vocabulary *words,
                             const struct name *name, uint64_t signature,
                             uint32_t number, uint32_t sound, uint32_t theirs,
                             enum comparison comparison)
{
    bool surname = comparison == COMPARE_SURNAME;
    unsigned variant = surname ? (unsigned)SURNAME_VARIANT : (unsigned)FORENAME_VARIANT;
    unsigned level;

    if (number != NO_NAME) {
        const struct word *word = &words->words[number];

        for (unsigned k = 0; k < word->variant_count; k++)
            if (words->variants[word->variants_at + k].word == theirs)
                return (struct evidence){
                    (uint8_t)variant,
                    level_bits(index->model, comparison, variant,
                               words->variants[word->variants_at + k].log_variants)};
    }
    level = near_level(name, signature, sound, &words->words[theirs],
                       surname ? &surname_near : &forename_near);
    return (struct evidence){(uint8_t)level,
                             level ? index->model->level[comparison][level].bits : 0};
}

/* False: neither alike nor of one sound. */
static bool sketches_may(uint32_t a, uint32_t b)
{
    return sketch_mark(a) == sketch_mark(b) || sketches_near(a, b);
}

/* Whether a neighbour's word is worth reading; a known form may have no letter in common. */
static bool worth_reading(const struct vocabulary *words, uint32_t number,
                          uint32_t sketch, const struct neighbour *neighbour)
{
    return (number != NO_NAME && words->words[number].variant_count) ||
           sketches_may(sketch, neighbour->sketch);
}

static bool on_left(const struct vocabulary *vocabulary, uint32_t number)
{
    return number != NO_NAME && vocabulary->words[number].left;
}

/* Our forename is `surname` there; our surname, nobody's, is like a forename beside it. */
static void surname_alike(const struct index *index, struct ready *ready, unsigned s,
                          uint32_t surname, struct evidence same, uint32_t as_forename)
{
    const struct beside *beside = index->beside_surname;
    const struct name *sur = &ready->facts.names.surname[s];

    if (on_left(&index->surnames, ready->surname_word[s]))
        return;
    for (uint32_t i = beside->from[surname]; i < beside->from[surname + 1]; i++) {
        uint32_t theirs = beside->list[i].word;

        if (theirs == as_forename ||
            (sur->len > 1 &&
             !worth_reading(&index->forenames, as_forename, ready->surname_sketch[s],
                            &beside->list[i])))
            continue;
        struct evidence other =
            sur->len == 1
                ? initial(index, sur, &index->forenames.words[theirs])
                : alike(index, &index->forenames, sur, ready->surname_signature[s],
                        as_forename, ready->surname_sound[s], theirs, COMPARE_FORENAME);

        if (other.level)
            add_crossing(index, ready, surname, same, theirs, other);
    }
}

/* Our surname is `forename` there; our forename, nobody's, is like a surname beside it. */
static void forename_alike(const struct index *index, struct ready *ready, unsigned f,
                           uint32_t forename, struct evidence same, uint32_t as_surname)
{
    const struct beside *beside = index->beside_forename;

    if (on_left(&index->forenames, ready->forename_word[f]))
        return;
    for (uint32_t i = beside->from[forename]; i < beside->from[forename + 1]; i++) {
        uint32_t theirs = beside->list[i].word;

        if (theirs == as_surname ||
            !worth_reading(&index->surnames, as_surname, ready->forename_sketch[f],
                           &beside->list[i]))
            continue;
        struct evidence other =
            alike(index, &index->surnames, &ready->facts.names.forename[f],
                  ready->forename_signature[f], as_surname, ready->forename_sound[f],
                  theirs, COMPARE_SURNAME);

        if (other.level)
            add_crossing(index, ready, theirs, other, forename, same);
    }
}

static void cross(const struct index *index, struct ready *ready, unsigned f,
                  unsigned s)
{
    const struct name *fore = &ready->facts.names.forename[f];
    const struct name *sur = &ready->facts.names.surname[s];
    uint32_t surname = vocabulary_find(&index->surnames, fore->text, fore->len,
                                       ready->forename_hash[f]);
    uint32_t forename =
        vocabulary_find(&index->forenames, sur->text, sur->len, ready->surname_hash[s]);
    struct evidence as_surname =
        same_word(index, surname, ready->forename_word[f], COMPARE_SURNAME);
    struct evidence as_forename =
        same_word(index, ready->surname_word[s], forename, COMPARE_FORENAME);
    bool one = on_left(&index->surnames, surname),
         other = on_left(&index->forenames, forename);

    if (one && other)
        add_crossing(index, ready, surname, as_surname, forename, as_forename);
    if (one)
        surname_alike(index, ready, s, surname, as_surname, forename);
    if (other)
        forename_alike(index, ready, f, forename, as_forename, surname);
}

void crossings_weigh(const struct index *index, struct ready *ready)
{
    const struct names *names = &ready->facts.names;

    ready->crossing_count = 0;
    for (unsigned f = 0; f < names->forename_count; f++)
        for (unsigned s = 0; s < names->surname_count; s++)
            if (names->forename[f].kind != NAME_INITIAL)
                cross(index, ready, f, s);
}
