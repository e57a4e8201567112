/* A mention made ready: its values looked up on the left, with the bits they earn. */
#include "match/inner.h"

#include <string.h>

enum surname_level surname_equal(uint8_t a, uint8_t b)
{
    if (a == NAME_PART || b == NAME_PART)
        return SURNAME_PART;
    return a == NAME_OTHER || b == NAME_OTHER ? SURNAME_OTHER : SURNAME_EXACT;
}

enum forename_level forename_equal(uint8_t a, uint8_t b)
{
    return a == NAME_WHOLE && b == NAME_WHOLE ? FORENAME_EXACT : FORENAME_OTHER;
}

int32_t surname_bits(const struct index *index, const struct word *word, uint8_t a,
                     uint8_t b, enum surname_level *level)
{
    *level = surname_equal(a, b);
    return level_bits(index->model, COMPARE_SURNAME, *level, word->log_share);
}

int32_t forename_bits(const struct index *index, const struct word *word, uint8_t a,
                      uint8_t b, enum forename_level *level)
{
    *level = forename_equal(a, b);
    return level_bits(index->model, COMPARE_FORENAME, *level, word->log_share);
}

/* The most an equal surname can earn, whatever its slot on the left. */
static int32_t surname_most(const struct index *index, const struct word *word,
                            uint8_t kind)
{
    enum surname_level level;
    int32_t most = surname_bits(index, word, kind, NAME_PART, &level);

    most = larger(most, surname_bits(index, word, kind, NAME_OTHER, &level));
    return larger(most, surname_bits(index, word, kind, NAME_WHOLE, &level));
}

static int32_t forename_most(const struct index *index, const struct word *word,
                             uint8_t kind)
{
    enum forename_level level;
    int32_t most = forename_bits(index, word, kind, NAME_MIDDLE, &level);

    return larger(most, forename_bits(index, word, kind, NAME_WHOLE, &level));
}

struct agreements {
    struct agreement *list;
    unsigned count;
    uint32_t *marks;
};

static void agree(struct agreements *agreements, uint32_t word, int32_t most,
                  uint8_t kind, bool variant, uint8_t mark)
{
    if (agreements->count == AGREEMENTS_MAX || most <= 0)
        return;

    unsigned at = agreements->count++;

    while (at > 0 && agreements->list[at - 1].most < most) {
        agreements->list[at] = agreements->list[at - 1];
        at--;
    }

    agreements->list[at] = (struct agreement){word, most, kind, variant, mark};
    agreements->marks[mark >> 5] |= 1u << (mark & 31);
}

/* After the equal words, which must all be on the list: variants while there is room. */
static void agree_variants(struct agreements *agreements,
                           const struct vocabulary *vocabulary, uint32_t number,
                           uint8_t kind, const struct model *model,
                           enum comparison comparison, unsigned level)
{
    if (number == NO_NAME)
        return;

    const struct word *word = &vocabulary->words[number];

    for (unsigned k = 0; k < word->variant_count; k++) {
        const struct word_variant *other = &vocabulary->variants[word->variants_at + k];

        agree(agreements, other->word,
              level_bits(model, comparison, level, other->log_variants), kind, true,
              other->mark);
    }
}

static void weigh_surnames(const struct index *index, struct ready *ready)
{
    const struct names *names = &ready->facts.names;
    const struct vocabulary *words = &index->surnames;
    struct agreements agreements = {ready->surname, 0, ready->surname_marks};

    for (unsigned i = 0; i < names->surname_count; i++) {
        const struct name *name = &names->surname[i];
        uint64_t hash = ready->surname_hash[i];
        uint32_t number = vocabulary_find(words, name->text, name->len, hash);

        ready->surname_word[i] = number;
        ready->surname_signature[i] = name_signature(name->text, name->len);
        ready->surname_sound[i] = number != NO_NAME ? words->words[number].sound
                                                    : name_sound(name->text, name->len);
        ready->surname_sketch[i] = sketch_name(
            name->text, name->len, sound_mark(ready->surname_sound[i], hash));
        if (number == NO_NAME)
            continue;

        const struct word *word = &words->words[number];

        if (word->left)
            agree(&agreements, number, surname_most(index, word, name->kind),
                  name->kind, false, word->mark);
    }
    for (unsigned i = 0; i < names->surname_count; i++)
        agree_variants(&agreements, words, ready->surname_word[i],
                       names->surname[i].kind, index->model, COMPARE_SURNAME,
                       SURNAME_VARIANT);
    ready->surname_count = agreements.count;
}

static void weigh_forenames(const struct index *index, struct ready *ready)
{
    const struct names *names = &ready->facts.names;
    const struct vocabulary *words = &index->forenames;
    struct agreements agreements = {ready->forename, 0, ready->forename_marks};

    for (unsigned i = 0; i < names->forename_count; i++) {
        const struct name *name = &names->forename[i];

        ready->forename_word[i] = NO_NAME;
        ready->forename_sketch[i] = 0;
        ready->forename_sound[i] = 0;
        ready->forename_signature[i] = name_signature(name->text, name->len);
        if (name->kind == NAME_INITIAL)
            continue;

        uint64_t hash = ready->forename_hash[i];
        uint32_t number = vocabulary_find(words, name->text, name->len, hash);

        ready->forename_word[i] = number;
        ready->forename_sound[i] = number != NO_NAME
                                       ? words->words[number].sound
                                       : name_sound(name->text, name->len);
        ready->forename_sketch[i] = sketch_name(
            name->text, name->len, sound_mark(ready->forename_sound[i], hash));
        if (number == NO_NAME)
            continue;

        const struct word *word = &words->words[number];

        if (word->left)
            agree(&agreements, number, forename_most(index, word, name->kind),
                  name->kind, false, word->mark);
    }
    for (unsigned i = 0; i < names->forename_count; i++)
        agree_variants(&agreements, words, ready->forename_word[i],
                       names->forename[i].kind, index->model, COMPARE_FORENAME,
                       FORENAME_VARIANT);
    ready->forename_count = agreements.count;
}

static int32_t counted_bits(const struct index *index, enum comparison comparison,
                            unsigned level, const int32_t *log_share, bool counted)
{
    if (!log_share)
        return 0;
    if (!counted)
        return index->model->level[comparison][level].bits;
    return level_bits(index->model, comparison, level, *log_share);
}

/* Of a value whose count is kept only when it is met again: addresses and numbers. */
static int32_t rare_bits(const struct index *index, enum comparison comparison,
                         unsigned level, uint64_t hash, unsigned space)
{
    const int32_t *log_share;

    if (index->right_with[space] == 0)
        return index->model->level[comparison][level].bits;
    log_share = shares_find(&index->shares, hash);
    return level_bits(index->model, comparison, level,
                      log_share ? *log_share : index->log_unseen[space]);
}

static void weigh_places(const struct index *index, struct ready *ready)
{
    bool counted = index->right_with[PIECE_SECTOR] > 0;

    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        const struct place *place = &ready->facts.place[i];
        struct weighed_place *bits = &ready->place[i];

        *bits = (struct weighed_place){0};
        ready->place_sketch[i] = sketch_place(place);
        if (place->unit) {
            uint64_t hash = value_hash(PIECE_UNIT, place->unit);

            bits->unit = rare_bits(index, COMPARE_PLACE, PLACE_UNIT, hash, PIECE_UNIT);
            bits->address = place->house ? rare_bits(index, COMPARE_PLACE,
                                                     PLACE_ADDRESS, hash, PIECE_UNIT)
                                         : bits->unit;
        }
        if (place->line)
            bits->line = rare_bits(index, COMPARE_PLACE, PLACE_LINE,
                                   value_hash(PIECE_LINE, place->line), PIECE_LINE);
        if (place->sector)
            bits->sector = counted_bits(
                index, COMPARE_PLACE, PLACE_SECTOR,
                shares_find(&index->shares, value_hash(PIECE_SECTOR, place->sector)),
                counted);
        if (place->district) {
            bits->district =
                counted_bits(index, COMPARE_PLACE, PLACE_DISTRICT,
                             shares_find(&index->shares,
                                         value_hash(PIECE_DISTRICT, place->district)),
                             counted);
        }
    }
}

/* The most of each: of the same value if somebody on the left has it, of another. */
static void weigh_others(const struct index *index, struct ready *ready)
{
    const struct facts *facts = &ready->facts;
    const struct model *model = index->model;

    ready->others_most = 0;
    for (unsigned i = 0; i < facts->other_count; i++) {
        const struct other_value *value = &facts->other[i];
        const struct vocabulary *words = &index->other[i];
        enum comparison comparison = other_comparison(i);
        int32_t most = 0;

        ready->other_word[i] = NO_NAME;
        ready->other_most[i] = 0;
        if (value->len == 0 || words->left_total == 0)
            continue;
        ready->other_signature[i] = name_signature(value->text, value->len);
        ready->other_word[i] = vocabulary_find(words, value->text, value->len,
                                               name_hash(value->text, value->len));
        if (ready->other_word[i] != NO_NAME) {
            ready->other_exact[i] =
                level_bits(model, comparison, OTHER_EXACT,
                           words->words[ready->other_word[i]].log_share);
            most = larger(0, ready->other_exact[i]);
        }
        for (unsigned level = OTHER_NEAR; level < model->count[comparison]; level++)
            most = larger(most, model->level[comparison][level].bits);
        ready->other_most[i] = most;
        ready->others_most += most;
    }
}

static void ask_name(const struct index *index, const struct name *name, uint64_t *hash)
{
    *hash = name_hash(name->text, name->len);
    ask_line(vocabulary_line(&index->surnames, *hash));
    ask_line(vocabulary_line(&index->forenames, *hash));
}

static void ask_value(const struct index *index, unsigned space, uint64_t value)
{
    if (value)
        ask_line(shares_line(&index->shares, value_hash(space, value)));
}

void ready_ask(const struct index *index, struct ready *ready)
{
    const struct facts *facts = &ready->facts;

    for (unsigned i = 0; i < facts->names.surname_count; i++)
        ask_name(index, &facts->names.surname[i], &ready->surname_hash[i]);
    for (unsigned i = 0; i < facts->names.forename_count; i++)
        ask_name(index, &facts->names.forename[i], &ready->forename_hash[i]);
    for (unsigned i = 0; i < facts->place_count; i++) {
        ask_value(index, PIECE_UNIT, facts->place[i].unit);
        ask_value(index, PIECE_LINE, facts->place[i].line);
        ask_value(index, PIECE_SECTOR, facts->place[i].sector);
        ask_value(index, PIECE_DISTRICT, facts->place[i].district);
    }
    ask_value(index, PIECE_BORN, facts->born);
    for (unsigned i = 0; i < facts->number_count; i++)
        ask_value(index, NUMBER_SPACE(number_comparison(facts->number[i])),
                  facts->number[i]);
}

void ready_ask_words(const struct index *index, const struct ready *ready)
{
    const struct names *names = &ready->facts.names;

    for (unsigned i = 0; i < names->surname_count; i++) {
        vocabulary_ask(&index->surnames, ready->surname_hash[i]);
        vocabulary_ask(&index->forenames, ready->surname_hash[i]);
    }
    for (unsigned i = 0; i < names->forename_count; i++) {
        vocabulary_ask(&index->surnames, ready->forename_hash[i]);
        vocabulary_ask(&index->forenames, ready->forename_hash[i]);
    }
}

void ready_weigh(const struct index *index, struct ready *ready)
{
    const struct facts *facts = &ready->facts;
    const struct level *middle = index->model->level[COMPARE_MIDDLE_NAMES];

    memset(ready->surname_marks, 0, sizeof(ready->surname_marks));
    memset(ready->forename_marks, 0, sizeof(ready->forename_marks));
    weigh_surnames(index, ready);
    weigh_forenames(index, ready);
    crossings_weigh(index, ready);
    weigh_places(index, ready);
    weigh_others(index, ready);
    ready->middle_most =
        facts->names.forename_count > 1
            ? larger(larger(middle[MIDDLE_AGREE].bits, middle[MIDDLE_ALIKE].bits),
                     larger(0, middle[MIDDLE_INITIAL].bits))
            : 0;

    ready->born_exact =
        born_full(facts->born)
            ? counted_bits(
                  index, COMPARE_DATE_OF_BIRTH, BORN_EXACT,
                  shares_find(&index->shares, value_hash(PIECE_BORN, facts->born)),
                  index->right_with[PIECE_BORN] > 0)
            : 0;
    for (unsigned i = 0; i < facts->number_count; i++) {
        enum comparison comparison = number_comparison(facts->number[i]);

        ready->number_bits[i] =
            rare_bits(index, comparison, NUMBER_SAME,
                      value_hash(NUMBER_SPACE(comparison), facts->number[i]),
                      NUMBER_SPACE(comparison));
    }
}
