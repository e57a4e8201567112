/*
 * What the names beside the first forename and the surname say: middle names, patronymics,
 * the father's and grandfather's name of a chain, the parts of double names.
 *
 * Most files leave them out, so a name that one side lacks says nothing. But a name that
 * is nobody's on the other side, on *both* sides, is another person's: A IBRAHIM B and
 * A HASAN B, GARCIA LOPEZ and GARCIA PEREZ. A difference that the surname or the forename
 * has answered for already is not counted again. All is at or below what middle names can
 * earn at most (ready->middle_most), so every bound made without a look here holds.
 */
#include "match/inner.h"

#include <string.h>

enum { TOKENS_MAX = 2 * NAMES_PER_PERSON };

struct token {
    const char *text;
    const struct vocabulary *words;
    uint64_t signature;
    uint32_t word; /* in words, or NO_NAME */
    uint32_t sound;
    uint8_t len, kind;
    bool first;    /* of its list */
    bool joint;    /* of parts, which follow it: ABDULRAHMAN, ABDUL, RAHMAN */
    bool forename; /* and not a surname */
    bool alias;    /* one of other_names, or a part of one: need not be answered for */
    bool known;    /* to the other side, in whatever place and form */
};

struct tokens {
    struct token list[TOKENS_MAX];
    unsigned count;
};

static struct token *token_add(struct tokens *tokens, bool first, bool forename)
{
    struct token *token = &tokens->list[tokens->count], *before = token - 1;
    bool alias = !first && before->alias;

    *token = (struct token){.first = first, .forename = forename, .alias = alias};
    tokens->count++;
    return token;
}

static void take_ours(const struct index *index, const struct ready *ready,
                      bool forename, struct tokens *tokens)
{
    const struct names *names = &ready->facts.names;
    unsigned count = forename ? names->forename_count : names->surname_count;

    for (unsigned i = 0; i < count; i++) {
        const struct name *name = forename ? &names->forename[i] : &names->surname[i];
        struct token *token = token_add(tokens, i == 0, forename);

        token->text = name->text;
        token->len = name->len;
        token->kind = name->kind;
        token->words = forename ? &index->forenames : &index->surnames;
        token->word = forename ? ready->forename_word[i] : ready->surname_word[i];
        token->sound = forename ? ready->forename_sound[i] : ready->surname_sound[i];
        token->signature =
            forename ? ready->forename_signature[i] : ready->surname_signature[i];
        token->alias |= name->kind == NAME_OTHER;
    }
}

static void take_theirs(const struct index *index, const struct row *row, bool forename,
                        struct tokens *tokens)
{
    const struct vocabulary *words = forename ? &index->forenames : &index->surnames;
    const uint32_t *number = row_words(row) + (forename ? row->surname_count : 0);
    unsigned count = forename ? row->forename_count : row->surname_count;

    for (unsigned i = 0; i < count; i++) {
        const struct word *word = &words->words[number[i] & WORD_MASK];
        struct token *token = token_add(tokens, i == 0, forename);

        token->text = word->text;
        token->len = word->len;
        token->kind = (uint8_t)(number[i] >> WORD_KIND_SHIFT);
        token->words = words;
        token->word = number[i] & WORD_MASK;
        token->sound = word->sound;
        token->signature = word->signature;
        token->alias |= token->kind == NAME_OTHER;
    }
}

static bool is_part(const struct token *token)
{
    return token->kind == NAME_PART && !token->first;
}

/* How many parts of the name at `at` follow it: two or more of SMITHJONES, one of VANBERG
 * (without its particle). */
static unsigned parts_of(const struct tokens *tokens, unsigned at)
{
    unsigned n = 0;

    while (at + n + 1 < tokens->count && is_part(&tokens->list[at + n + 1]))
        n++;
    return n;
}

static void mark_joints(struct tokens *tokens)
{
    for (unsigned i = 0; i < tokens->count; i++)
        tokens->list[i].joint = !is_part(&tokens->list[i]) && parts_of(tokens, i) > 1;
}

/* ---- two names --------------------------------------------------------------------------- */

static bool same(const struct token *a, const struct token *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static bool initial(const struct token *a, const struct token *b)
{
    return (a->len == 1 || b->len == 1) && a->text[0] == b->text[0];
}

/* Theirs is of the left, so it stands on the lists of its variants. */
static bool variant(const struct token *ours, const struct token *theirs)
{
    if (ours->words != theirs->words || ours->word == NO_NAME)
        return false;

    const struct word *word = &ours->words->words[ours->word];

    for (unsigned k = 0; k < word->variant_count; k++)
        if (ours->words->variants[word->variants_at + k].word == theirs->word)
            return true;
    return false;
}

/* GARCIALOPEZ is much like GARCIAPEREZ, and like GARCIA; their parts know better. */
static bool joined_of(const struct token *a, const struct token *b)
{
    return a->joint && (b->joint || is_part(b));
}

static bool alike(const struct token *ours, const struct token *theirs)
{
    if (ours->len == 1 || theirs->len == 1 || joined_of(ours, theirs) ||
        joined_of(theirs, ours))
        return false;
    return (signature_may_reach(ours->signature, ours->len, theirs->signature,
                                theirs->len, 88) &&
            jaro_winkler_reaches(ours->text, ours->len, theirs->text, theirs->len,
                                 88)) ||
           (ours->sound && ours->sound == theirs->sound) || variant(ours, theirs) ||
           (ours->forename && theirs->forename &&
            short_form(ours->text, ours->len, theirs->text, theirs->len));
}

/* ---- middle names ------------------------------------------------------------------------ */

static bool is_middle(const struct token *token)
{
    return token->forename && !token->first &&
           (token->kind == NAME_MIDDLE || token->kind == NAME_INITIAL);
}

/* The best of the middle names of the two, MIDDLE_MISSING if none agree. */
static enum middle_level middle_best(const struct tokens *ours,
                                     const struct tokens *theirs)
{
    enum middle_level best = MIDDLE_MISSING;

    for (unsigned i = 0; i < ours->count; i++)
        for (unsigned k = 0; k < theirs->count; k++) {
            const struct token *a = &ours->list[i], *b = &theirs->list[k];
            enum middle_level level = MIDDLE_MISSING;

            if (!is_middle(a) || !is_middle(b))
                continue;
            if (same(a, b))
                level = a->len > 1 ? MIDDLE_AGREE : MIDDLE_INITIAL;
            else if (initial(a, b))
                level = MIDDLE_INITIAL;
            else if (alike(a, b))
                level = MIDDLE_ALIKE;
            if (level && (!best || level < best))
                best = level;
        }
    return best;
}

/* ---- names that the other side does not have ------------------------------------------------ */

typedef bool (*likeness)(const struct token *ours, const struct token *theirs);

/* An initial may stand for one name that nothing better answers for. */
static bool answers(const struct token *ours, const struct token *theirs)
{
    return !ours->known && !theirs->known && initial(ours, theirs);
}

static void mark_known(struct tokens *ours, struct tokens *theirs)
{
    static const likeness ways[] = {same, alike, answers};

    for (unsigned way = 0; way < COUNT(ways); way++)
        for (unsigned i = 0; i < ours->count; i++)
            for (unsigned k = 0; k < theirs->count; k++) {
                struct token *a = &ours->list[i], *b = &theirs->list[k];

                if (!(a->known && b->known) && ways[way](a, b))
                    a->known = b->known = true;
            }
}

/*
 * Of a name and its parts: a joined name that is not known is asked after part by part; of
 * one with and without its particle either will do.
 */
static unsigned unknown_of(const struct token *name, unsigned parts)
{
    unsigned count = 0;

    if (name->known)
        return 0;
    for (unsigned i = 1; i <= parts; i++)
        count += !name[i].known;
    return parts ? count : 1;
}

static unsigned unknown(const struct tokens *tokens)
{
    unsigned count = 0;

    for (unsigned i = 0; i < tokens->count; i++) {
        const struct token *name = &tokens->list[i];
        unsigned parts = parts_of(tokens, i);

        if (!name->alias && !is_part(name))
            count += unknown_of(name, parts);
        i += parts;
    }
    return count;
}

struct evidence score_middle(const struct index *index, const struct ready *ready,
                             const struct row *row, const struct evidence *surname,
                             const struct evidence *forename)
{
    const struct names *names = &ready->facts.names;
    struct tokens ours, theirs;

    /* with a forename and a surname only, those two comparisons say it all */
    if (names->surname_count + names->forename_count <= 2u ||
        row->surname_count + row->forename_count <= 2u)
        return (struct evidence){0};
    ours.count = theirs.count = 0;
    take_ours(index, ready, false, &ours);
    take_ours(index, ready, true, &ours);
    take_theirs(index, row, false, &theirs);
    take_theirs(index, row, true, &theirs);
    mark_joints(&ours);
    mark_joints(&theirs);
    mark_known(&ours, &theirs);

    enum middle_level level = middle_best(&ours, &theirs);
    unsigned own = unknown(&ours), other = unknown(&theirs);
    unsigned both = own < other ? own : other;
    unsigned answered = surname->level == SURNAME_DIFFERENT;

    answered += forename->level == FORENAME_DIFFERENT;
    if (both > answered)
        level = level ? MIDDLE_SOME_DIFFER : MIDDLE_DIFFER;
    return (struct evidence){
        (uint8_t)level,
        level ? index->model->level[COMPARE_MIDDLE_NAMES][level].bits : 0};
}
