/* One pair: each comparison's level and bits, and their sum with the prior. */
#include "match/inner.h"

#include <string.h>

/* Of two levels that earn the same the better one, whatever came first. */
static bool keep_best(struct evidence *best, unsigned level, int32_t bits)
{
    if (best->level &&
        (bits < best->bits || (bits == best->bits && level >= best->level)))
        return false;
    *best = (struct evidence){(uint8_t)level, bits};
    return true;
}

static int32_t fixed_bits(const struct index *index, enum comparison comparison,
                          unsigned level)
{
    return index->model->level[comparison][level].bits;
}

/* ---- names ----------------------------------------------------------------------------- */

/* How a name agrees, and with which word of the left. */
struct agreed {
    struct evidence evidence;
    uint32_t word;
};

static void keep_word(struct agreed *best, unsigned level, int32_t bits, uint32_t word)
{
    if (keep_best(&best->evidence, level, bits))
        best->word = word;
}

bool short_form(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t shorter = a_len < b_len ? a_len : b_len;

    return shorter >= 3 && a_len != b_len && memcmp(a, b, shorter) == 0 &&
           sketches_near(sketch_name(a, a_len, 0), sketch_name(b, b_len, 0));
}

unsigned near_level(const struct name *name, uint64_t signature, uint32_t sound,
                    const struct word *word, const struct near *near)
{
    if (signature_may_reach(signature, name->len, word->signature, word->len, 88) &&
        jaro_winkler_reaches(name->text, name->len, word->text, word->len, 88))
        return jaro_winkler_reaches(name->text, name->len, word->text, word->len, 92)
                   ? near->near_92
                   : near->near_88;
    if (sound && sound == word->sound)
        return near->sounds;
    return near->short_forms && short_form(name->text, name->len, word->text, word->len)
               ? near->near_88
               : 0;
}

static const struct agreement *variant_of(const struct agreement *list, unsigned count,
                                          uint32_t word)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i].word == word && list[i].variant)
            return &list[i];
    return NULL;
}

static struct agreed score_surname(const struct index *index, const struct ready *ready,
                                   const struct row *row)
{
    static const struct near near = {SURNAME_NEAR_92, SURNAME_NEAR_88, SURNAME_SOUNDS,
                                     false};
    const struct names *names = &ready->facts.names;
    const uint32_t *words = row_words(row);
    struct agreed best = {{0}, NO_NAME};

    if (!names->surname_count || !row->surname_count)
        return best;
    for (unsigned i = 0; i < names->surname_count; i++) {
        const struct name *name = &names->surname[i];

        for (unsigned k = 0; k < row->surname_count; k++) {
            uint32_t number = words[k] & WORD_MASK;
            const struct word *word = &index->surnames.words[number];

            if (number == ready->surname_word[i]) {
                enum surname_level level;
                int32_t bits =
                    surname_bits(index, word, name->kind,
                                 (uint8_t)(words[k] >> WORD_KIND_SHIFT), &level);

                keep_word(&best, level, bits, number);
                continue;
            }
            unsigned level = near_level(name, ready->surname_signature[i],
                                        ready->surname_sound[i], word, &near);

            if (level)
                keep_word(&best, level, fixed_bits(index, COMPARE_SURNAME, level),
                          number);
        }
    }
    for (unsigned k = 0; k < row->surname_count; k++) {
        const struct agreement *variant =
            variant_of(ready->surname, ready->surname_count, words[k] & WORD_MASK);

        if (variant)
            keep_word(&best, SURNAME_VARIANT, variant->most, variant->word);
    }
    if (!best.evidence.level)
        keep_word(&best, SURNAME_DIFFERENT,
                  fixed_bits(index, COMPARE_SURNAME, SURNAME_DIFFERENT), NO_NAME);
    return best;
}

static bool initial_agrees(const struct name *name, uint8_t kind,
                           const struct word *word)
{
    return (name->kind == NAME_INITIAL || kind == NAME_INITIAL) &&
           name->text[0] == word->text[0];
}

static struct agreed score_forename(const struct index *index,
                                    const struct ready *ready, const struct row *row)
{
    static const struct near near = {FORENAME_NEAR_92, FORENAME_NEAR_88,
                                     FORENAME_SOUNDS, true};
    const struct names *names = &ready->facts.names;
    const uint32_t *words = row_words(row) + row->surname_count;
    struct agreed best = {{0}, NO_NAME};

    if (!names->forename_count || !row->forename_count)
        return best;
    for (unsigned i = 0; i < names->forename_count; i++) {
        const struct name *name = &names->forename[i];

        for (unsigned k = 0; k < row->forename_count; k++) {
            uint32_t number = words[k] & WORD_MASK;
            uint8_t kind = (uint8_t)(words[k] >> WORD_KIND_SHIFT);
            const struct word *word = &index->forenames.words[number];

            if (kind == NAME_INITIAL || name->kind == NAME_INITIAL) {
                /* only in first place: a middle initial speaks under middle names */
                if (i == 0 && k == 0 && initial_agrees(name, kind, word))
                    keep_word(&best, FORENAME_INITIAL,
                              fixed_bits(index, COMPARE_FORENAME, FORENAME_INITIAL),
                              NO_NAME);
                continue;
            }
            /* middle names against one another speak under middle names */
            if (name->kind == NAME_MIDDLE && kind == NAME_MIDDLE)
                continue;
            if (number == ready->forename_word[i]) {
                enum forename_level level;
                int32_t bits = forename_bits(index, word, name->kind, kind, &level);

                keep_word(&best, level, bits, number);
                continue;
            }
            unsigned level = near_level(name, ready->forename_signature[i],
                                        ready->forename_sound[i], word, &near);

            if (level)
                keep_word(&best, level, fixed_bits(index, COMPARE_FORENAME, level),
                          number);
        }
    }
    for (unsigned k = 0; k < row->forename_count; k++) {
        const struct agreement *variant =
            variant_of(ready->forename, ready->forename_count, words[k] & WORD_MASK);

        if (variant)
            keep_word(&best, FORENAME_VARIANT, variant->most, variant->word);
    }
    if (!best.evidence.level)
        keep_word(&best, FORENAME_DIFFERENT,
                  fixed_bits(index, COMPARE_FORENAME, FORENAME_DIFFERENT), NO_NAME);
    return best;
}

/* Counted only where no forename speaks: forenames carry the sex themselves. */
static struct evidence score_sex(const struct index *index, const struct ready *ready,
                                 const struct row *row, unsigned forename_level)
{
    unsigned level = SEX_MISSING;
    bool counted = forename_level == FORENAME_MISSING ||
                   forename_level == FORENAME_INITIAL ||
                   forename_level == FORENAME_DIFFERENT;

    if (ready->facts.sex && row->sex)
        level = ready->facts.sex == row->sex ? SEX_SAME : SEX_DIFFERENT;
    return (struct evidence){
        (uint8_t)level, level && counted ? fixed_bits(index, COMPARE_SEX, level) : 0};
}

static bool row_has(const uint32_t *words, unsigned count, uint32_t word)
{
    for (unsigned k = 0; k < count; k++)
        if ((words[k] & WORD_MASK) == word)
            return true;
    return false;
}

/*
 * What two names that go together say twice is taken back: at most all that the lesser of
 * them says, so that a full name never counts less than one of its names alone. Never
 * positive, so every bound made without it holds.
 */
static struct evidence score_full_name(const struct index *index,
                                       const struct agreed *surname,
                                       const struct agreed *forename)
{
    int32_t lesser = surname->evidence.bits < forename->evidence.bits
                         ? surname->evidence.bits
                         : forename->evidence.bits;

    if (surname->word == NO_NAME || forename->word == NO_NAME || lesser <= 0)
        return (struct evidence){0};

    int32_t bits =
        level_bits(index->model, COMPARE_FULL_NAME, FULL_TOGETHER,
                   circles_log(index->circles, surname->word, forename->word));

    return bits < 0 ? (struct evidence){FULL_TOGETHER, larger(bits, -lesser)}
                    : (struct evidence){0};
}

/* Names as they stand, or exchanged if that earns more. */
static void score_names(const struct index *index, const struct ready *ready,
                        const struct row *row, struct evidence evidence[])
{
    const uint32_t *words = row_words(row);
    struct agreed surname = score_surname(index, ready, row);
    struct agreed forename = score_forename(index, ready, row);
    struct evidence sex = score_sex(index, ready, row, forename.evidence.level);
    int32_t swap = fixed_bits(index, COMPARE_NAME_ORDER, ORDER_SWAPPED);
    int32_t best = surname.evidence.bits + forename.evidence.bits + sex.bits;
    const struct crossing *crossed = NULL;

    for (unsigned i = 0; i < ready->crossing_count; i++) {
        const struct crossing *c = &ready->crossing[i];
        int32_t bits = c->as_surname.bits + c->as_forename.bits + swap;

        if (bits > best && row_has(words, row->surname_count, c->surname) &&
            row_has(words + row->surname_count, row->forename_count, c->forename)) {
            best = bits;
            crossed = c;
        }
    }
    if (crossed) {
        surname = (struct agreed){crossed->as_surname, crossed->surname};
        forename = (struct agreed){crossed->as_forename, crossed->forename};
        sex = score_sex(index, ready, row, FORENAME_EXACT);
    }
    evidence[COMPARE_SURNAME] = surname.evidence;
    evidence[COMPARE_FORENAME] = forename.evidence;
    evidence[COMPARE_FULL_NAME] = score_full_name(index, &surname, &forename);
    evidence[COMPARE_SEX] = sex;
    evidence[COMPARE_NAME_ORDER] =
        crossed ? (struct evidence){ORDER_SWAPPED, swap} : (struct evidence){0};
    evidence[COMPARE_MIDDLE_NAMES] =
        score_middle(index, ready, row, &surname.evidence, &forename.evidence);
}

/* ---- date, place, numbers ---------------------------------------------------------------- */

static struct evidence score_born(const struct index *index, const struct ready *ready,
                                  const struct row *row)
{
    enum date_level level = born_level(ready->facts.born, row->born);

    if (level == BORN_MISSING)
        return (struct evidence){0};
    return (struct evidence){(uint8_t)level,
                             level == BORN_EXACT
                                 ? ready->born_exact
                                 : fixed_bits(index, COMPARE_DATE_OF_BIRTH, level)};
}

/*
 * 1 January is worth less where people of these names are often given it for want of a
 * date. Less, never more: every bound made without this holds.
 */
static void weigh_new_year(const struct index *index, const struct row *row,
                           struct evidence *born)
{
    const uint32_t *words = row_words(row);
    const struct level *exact = &index->model->level[COMPARE_DATE_OF_BIRTH][BORN_EXACT];

    if (born->level != BORN_EXACT || !born_new_year(row->born) || !row->surname_count ||
        !row->forename_count || born->bits <= exact->least)
        return;
    born->bits =
        larger(exact->least,
               born->bits - circles_new_year(index->circles, words[0] & WORD_MASK,
                                             words[row->surname_count] & WORD_MASK));
}

static bool place_speaks(const struct place *place)
{
    return place->unit || place->district;
}

static void compare_places(const struct weighed_place *bits, const struct place *a,
                           const struct place *b, struct evidence *best)
{
    if (a->unit && a->unit == b->unit) {
        bool same_house = a->house && a->house == b->house;

        keep_best(best, same_house ? PLACE_ADDRESS : PLACE_UNIT,
                  same_house ? bits->address : bits->unit);
    } else if (a->line && a->line == b->line) /* of one postcode it is the address */
        keep_best(best, PLACE_LINE, bits->line);
    if (a->sector && a->sector == b->sector)
        keep_best(best, PLACE_SECTOR, bits->sector);
    if (a->district && a->district == b->district)
        keep_best(best, PLACE_DISTRICT, bits->district);
}

static struct evidence score_place(const struct index *index, const struct ready *ready,
                                   const struct row *row)
{
    const struct facts *facts = &ready->facts;
    const struct place *places = row_places(row);
    struct evidence best = {0};
    bool ours = false, theirs = false;

    for (unsigned i = 0; i < facts->place_count; i++) {
        ours |= place_speaks(&facts->place[i]);
        for (unsigned k = 0; k < row->place_count; k++)
            compare_places(&ready->place[i], &facts->place[i], &places[k], &best);
    }
    for (unsigned k = 0; k < row->place_count; k++)
        theirs |= place_speaks(&places[k]);
    if (!best.level && ours && theirs)
        best = (struct evidence){PLACE_DIFFERENT,
                                 fixed_bits(index, COMPARE_PLACE, PLACE_DIFFERENT)};
    return best;
}

static void score_numbers(const struct index *index, const struct ready *ready,
                          const struct row *row, struct evidence evidence[])
{
    const struct facts *facts = &ready->facts;
    const uint64_t *numbers = row_numbers(row);

    for (unsigned i = 0; i < facts->number_count; i++) {
        enum comparison comparison = number_comparison(facts->number[i]);
        struct evidence *best = &evidence[comparison];

        for (unsigned k = 0; k < row->number_count; k++) {
            if (numbers[k] == facts->number[i])
                keep_best(best, NUMBER_SAME, ready->number_bits[i]);
            else if (number_comparison(numbers[k]) == comparison)
                keep_best(best, NUMBER_DIFFERENT,
                          fixed_bits(index, comparison, NUMBER_DIFFERENT));
        }
    }
}

static struct evidence score_other(const struct index *index, const struct ready *ready,
                                   const struct row *row, unsigned i)
{
    const struct model *model = index->model;
    const struct other_value *value = &ready->facts.other[i];
    uint32_t number = row_others(row)[i];

    if (value->len == 0 || number == NO_NAME)
        return (struct evidence){0};
    if (number == ready->other_word[i])
        return (struct evidence){OTHER_EXACT, ready->other_exact[i]};

    enum other_level level =
        other_level(model->other[i].kind, value, ready->other_signature[i],
                    &index->other[i].words[number]);

    return (struct evidence){(uint8_t)level,
                             fixed_bits(index, other_comparison(i), (unsigned)level)};
}

/* A row without values of other columns has none of them. */
static unsigned others_compared(const struct ready *ready, const struct row *row)
{
    return row->other_count ? ready->facts.other_count : 0;
}

/* All but the names and other columns. */
static void score_rest(const struct index *index, const struct ready *ready,
                       const struct row *row, struct evidence evidence[])
{
    evidence[COMPARE_DATE_OF_BIRTH] = score_born(index, ready, row);
    evidence[COMPARE_PLACE] = score_place(index, ready, row);
    score_numbers(index, ready, row, evidence);
}

static int32_t bits_sum(const struct evidence evidence[], unsigned count)
{
    int32_t sum = 0;

    for (unsigned c = 0; c < count; c++)
        sum += evidence[c].bits;
    return sum;
}

void pair_score(const struct index *index, const struct ready *ready,
                uint32_t row_number, struct hit *hit)
{
    const struct row *row = index_row(index, row_number);

    unsigned count = model_comparisons(index->model);
    unsigned others = others_compared(ready, row);

    hit->left = row->left;
    memset(hit->evidence, 0, count * sizeof(hit->evidence[0]));
    score_rest(index, ready, row, hit->evidence);
    score_names(index, ready, row, hit->evidence);
    weigh_new_year(index, row, &hit->evidence[COMPARE_DATE_OF_BIRTH]);
    for (unsigned i = 0; i < others; i++)
        hit->evidence[other_comparison(i)] = score_other(index, ready, row, i);
    hit->score = index->prior + bits_sum(hit->evidence, count);
}

bool pair_may_reach(const struct index *index, const struct ready *ready,
                    uint32_t row_number, int32_t names, int32_t threshold)
{
    struct evidence evidence[COMPARISON_COUNT] = {0};
    const struct row *row = index_row(index, row_number);
    unsigned others = others_compared(ready, row);

    score_rest(index, ready, row, evidence);
    int32_t most = index->prior + bits_sum(evidence, COMPARISON_COUNT) + names +
                   ready->middle_most;

    if (others)
        most += ready->others_most;
    for (unsigned i = 0; i < others && most >= threshold; i++)
        most += score_other(index, ready, row, i).bits - ready->other_most[i];
    return most >= threshold;
}
