/*
 * The left side: people in the order of their dates of birth, their distinct names,
 * the values of the stream that were counted, and the keys under which they are found.
 */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MAX = 2048 };

bool index_new(const struct index_settings *settings, struct index **result,
               struct err *err)
{
    if (settings->probability < 1 || settings->probability > 999999)
        return err_set(err, ERR_USAGE,
                       "a threshold must lie between 0.000001 and 0.999999");

    struct index *index = memory_new(1, sizeof(*index));

    index->settings = *settings;
    index->model = settings->model;
    vocabulary_new(&index->surnames);
    vocabulary_new(&index->forenames);
    for (unsigned i = 0; i < index->model->other_count; i++)
        vocabulary_new(&index->other[i]);
    values_new(&index->values);
    index->circles = circles_new();
    index->plans = plans_new();
    *result = index;
    return true;
}

void index_free(struct index *index)
{
    if (!index)
        return;
    vocabulary_free(&index->surnames);
    vocabulary_free(&index->forenames);
    for (unsigned i = 0; i < OTHERS_MAX; i++) /* the model may be gone */
        vocabulary_free(&index->other[i]);
    values_free(&index->values);
    circles_free(index->circles);
    crossings_free(index);
    shares_free(&index->shares);
    free(index->pool);
    free(index->row_at);
    free(index->row_of);
    free(index->sketches);
    table_free(&index->keys);
    free(index->entries);
    free(index->samples);
    plans_free(index->plans);
    free(index);
}

/* ---- people ------------------------------------------------------------------------ */

/* Counts each word of a person once. */
static uint32_t add_word(struct vocabulary *vocabulary, const struct name *name)
{
    uint32_t number = vocabulary_add(vocabulary, name->text, name->len);

    if (name->kind != NAME_INITIAL)
        vocabulary->words[number].left++;
    return (uint32_t)name->kind << WORD_KIND_SHIFT | number;
}

static void *pool_room(struct index *index, size_t size)
{
    if (index->pool_room - index->pool_used < size) {
        index->pool_room = index->pool_room + index->pool_room / 2 + (1 << 20);
        index->pool = memory_grow(index->pool, index->pool_room, 1);
    }
    if (index->people == index->row_room) {
        index->row_room = index->row_room + index->row_room / 2 + 4096;
        index->row_at =
            memory_grow(index->row_at, index->row_room, sizeof(*index->row_at));
    }
    void *room = index->pool + index->pool_used;

    index->row_at[index->people] = (uint32_t)(index->pool_used / 8);
    index->pool_used += size;
    return memset(room, 0, size);
}

static void count_left(struct index *index, const struct facts *facts)
{
    uint32_t seen[2 * PLACES_MAX];
    unsigned seen_count = 0;

    if (born_full(facts->born)) {
        uint32_t number =
            values_add(&index->values, PIECE_BORN, value_hash(PIECE_BORN, facts->born));

        index->values.list[number].left++;
        index->left_with[PIECE_BORN]++;
    } else if (facts->born >> 16) {
        index->partial_dates = true;
    }
    index->left_with[PIECE_SECTOR] += facts->place_count > 0;
    index->left_with[PIECE_DISTRICT] += facts->place_count > 0;
    for (unsigned i = 0; i < facts->place_count; i++) {
        const struct place *place = &facts->place[i];
        const uint32_t parts[] = {place->sector, place->district};
        static const unsigned spaces[] = {PIECE_SECTOR, PIECE_DISTRICT};

        for (unsigned k = 0; k < COUNT(parts); k++) {
            if (!parts[k])
                continue;
            uint32_t number =
                values_add(&index->values, spaces[k], value_hash(spaces[k], parts[k]));
            bool again = false;

            for (unsigned n = 0; n < seen_count; n++)
                again |= seen[n] == number;
            if (again)
                continue;
            seen[seen_count++] = number;
            index->values.list[number].left++;
        }
    }
}

/* Words of the values of other columns, to where they stand in the row. */
static void add_others(struct index *index, const struct facts *facts, uint32_t *to)
{
    for (unsigned i = 0; i < facts->other_count; i++) {
        const struct other_value *value = &facts->other[i];

        to[i] = NO_NAME;
        if (value->len == 0)
            continue;
        to[i] = vocabulary_add(&index->other[i], value->text, value->len);
        index->other[i].words[to[i]].left++;
        index->other[i].left_total++;
    }
}

bool index_add(struct index *index, const struct person *person, struct err *err)
{
    struct facts facts;

    if (index->people == ONLY_ROW - 1)
        return err_set(err, ERR_INPUT,
                       "more than 2,147,483,646 people on the left: split the file");
    facts_whole(index->model, person, &facts);
    unsigned surnames = facts.names.surname_count,
             forenames = facts.names.forename_count;
    size_t words = (surnames + forenames + 1) / 2 * 2;
    struct row *row =
        pool_room(index, sizeof(*row) + words * sizeof(uint32_t) +
                             facts.place_count * sizeof(struct place) +
                             facts.number_count * sizeof(uint64_t) +
                             (facts.other_count + 1) / 2 * 2 * sizeof(uint32_t));

    *row = (struct row){
        .left = index->people,
        .born = facts.born,
        .surname_count = (uint8_t)surnames,
        .forename_count = (uint8_t)forenames,
        .place_count = facts.place_count,
        .number_count = facts.number_count,
        .sex = facts.sex,
        .other_count = (uint8_t)facts.other_count,
    };
    uint32_t *word = (uint32_t *)(void *)(row + 1);

    for (unsigned i = 0; i < surnames; i++)
        word[i] = add_word(&index->surnames, &facts.names.surname[i]);
    for (unsigned i = 0; i < forenames; i++)
        word[surnames + i] = add_word(&index->forenames, &facts.names.forename[i]);
    memcpy(word + words, facts.place, facts.place_count * sizeof(struct place));
    char *rest = (char *)(word + words) + facts.place_count * sizeof(struct place);

    memcpy(rest, facts.number, facts.number_count * sizeof(uint64_t));
    rest += facts.number_count * sizeof(uint64_t);
    add_others(index, &facts, (uint32_t *)(void *)rest);

    index->surnames.left_total += surnames > 0;
    index->forenames.left_total += forenames > 0;
    count_left(index, &facts);
    index->people++;
    return true;
}

/* ---- counting the stream -------------------------------------------------------------- */

/* Full names of the left, which are known once all are there. */
static void count_full_names(struct index *index)
{
    for (uint32_t i = 0; i < index->people; i++) {
        const struct row *row = index_row(index, i);
        const uint32_t *words = row_words(row);

        if (!row->surname_count)
            continue;
        for (unsigned k = row->surname_count;
             k < (unsigned)row->surname_count + row->forename_count; k++)
            if (words[k] >> WORD_KIND_SHIFT != NAME_INITIAL)
                circles_count(index->circles, words[0] & WORD_MASK,
                              words[k] & WORD_MASK, row->born);
    }
}

static void seal(struct index *index)
{
    count_full_names(index);
    vocabulary_link(&index->surnames, index->model->variants, VARIANT_SURNAME);
    vocabulary_link(&index->forenames, index->model->variants, VARIANT_FORENAME);
    index->samples = memory_new(SAMPLES_MAX, sizeof(*index->samples));
    index->sealed = true;
}

static void count_words(struct vocabulary *vocabulary, const struct name *names,
                        unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t number = vocabulary_find(vocabulary, names[i].text, names[i].len,
                                          name_hash(names[i].text, names[i].len));

        if (number != NO_NAME)
            vocabulary->right[number]++;
    }
    vocabulary->right_total += count > 0;
}

/* Of a mention, as far as its names are known on the left. */
static void count_full_name(struct index *index, const struct names *names,
                            uint32_t born)
{
    if (!names->surname_count)
        return;

    const struct name *first = &names->surname[0];
    uint32_t surname = vocabulary_find(&index->surnames, first->text, first->len,
                                       name_hash(first->text, first->len));

    if (surname == NO_NAME)
        return;
    for (unsigned i = 0; i < names->forename_count; i++) {
        const struct name *name = &names->forename[i];
        uint32_t forename = vocabulary_find(&index->forenames, name->text, name->len,
                                            name_hash(name->text, name->len));

        if (name->kind != NAME_INITIAL && forename != NO_NAME)
            circles_count(index->circles, surname, forename, born);
    }
}

static void count_value(struct index *index, unsigned space, uint64_t value)
{
    uint32_t number = values_add(&index->values, space, value_hash(space, value));

    index->values.list[number].right++;
}

/* Of sectors and districts only those that someone on the left has. */
static void count_known(struct index *index, unsigned space, uint64_t number)
{
    const struct value *value = values_find(&index->values, value_hash(space, number));

    if (value)
        index->values.list[value - index->values.list].right++;
}

static void count_places(struct index *index, const struct facts *facts)
{
    bool line = false;

    for (unsigned i = 0; i < facts->place_count; i++) {
        const struct place *place = &facts->place[i];

        if (place->unit)
            count_value(index, PIECE_UNIT, place->unit);
        if (place->line)
            count_value(index, PIECE_LINE, place->line);
        if (place->sector)
            count_known(index, PIECE_SECTOR, place->sector);
        if (place->district)
            count_known(index, PIECE_DISTRICT, place->district);
        line |= place->line != 0;
    }
    index->right_with[PIECE_LINE] += line;
    for (unsigned piece = PIECE_SECTOR; piece <= PIECE_DISTRICT; piece++)
        index->right_with[piece] += facts->place_count > 0;
    index->right_with[PIECE_UNIT] += facts->place_count > 0;
}

static void count_others(struct index *index, const struct facts *facts)
{
    for (unsigned i = 0; i < facts->other_count; i++) {
        const struct other_value *value = &facts->other[i];
        struct vocabulary *words = &index->other[i];

        if (value->len == 0)
            continue;
        uint32_t number = vocabulary_find(words, value->text, value->len,
                                          name_hash(value->text, value->len));

        if (number != NO_NAME)
            words->right[number]++;
        words->right_total++;
    }
}

void index_sample(struct index *index, const struct person *mention)
{
    struct facts facts;
    uint64_t seen = index->sample_seen++;

    if (!index->sealed)
        seal(index);
    facts_whole(index->model, mention, &facts);
    count_others(index, &facts);
    count_words(&index->surnames, facts.names.surname, facts.names.surname_count);
    count_words(&index->forenames, facts.names.forename, facts.names.forename_count);
    count_full_name(index, &facts.names, facts.born);
    count_places(index, &facts);
    if (born_full(facts.born)) {
        count_known(index, PIECE_BORN, facts.born);
        index->right_with[PIECE_BORN]++;
    }
    for (unsigned i = 0; i < facts.number_count; i++) {
        enum comparison comparison = number_comparison(facts.number[i]);

        count_value(index, NUMBER_SPACE(comparison), facts.number[i]);
        if (i == 0 || number_comparison(facts.number[i - 1]) != comparison)
            index->right_with[NUMBER_SPACE(comparison)]++;
    }
    /* the first 512, then every so many: a spread over what was counted */
    if (index->sample_count < SAMPLES_MAX && (seen < 512 || seen % 61 == 0))
        index->samples[index->sample_count++] = facts;
}

/* Met once or never is the same: its own count may be the very person looked for. */
static bool worth_keeping(const struct value *value)
{
    return value->left > 0 || value->right >= 2;
}

/* What the model says of a counted value. */
static const struct level *space_level(const struct index *index, unsigned space)
{
    static const struct {
        enum comparison comparison;
        unsigned level;
    } spaces[PIECE_COUNT] = {
        [PIECE_BORN] = {COMPARE_DATE_OF_BIRTH, BORN_EXACT    },
        [PIECE_UNIT] = {COMPARE_PLACE,         PLACE_UNIT    },
        [PIECE_LINE] = {COMPARE_PLACE,         PLACE_LINE    },
        [PIECE_SECTOR] = {COMPARE_PLACE,         PLACE_SECTOR  },
        [PIECE_DISTRICT] = {COMPARE_PLACE,         PLACE_DISTRICT},
    };

    if (space >= PIECE_COUNT)
        return &index->model->level[space - PIECE_COUNT][NUMBER_SAME];
    return &index->model->level[spaces[space].comparison][spaces[space].level];
}

/* Other records of the same person that a record of one file has; negative: two files. */
static double others_of(const struct index *index)
{
    return index->settings.one_file ? index->settings.others : -1;
}

static int32_t space_share(const struct index *index, unsigned space, uint64_t right,
                           uint64_t left, uint64_t left_with)
{
    const struct level *level = space_level(index, space);

    return share_log(right, index->right_with[space], left, left_with, level->u,
                     copies_of(others_of(index), level->m));
}

static bool weigh_values(struct index *index, struct err *err)
{
    const struct values *values = &index->values;
    size_t kept = 0;

    for (unsigned space = 0; space < COUNT(index->log_unseen); space++)
        if (index->right_with[space])
            index->log_unseen[space] = space_share(index, space, 0, 0, 1);
    for (uint32_t i = 0; i < values->count; i++)
        kept += worth_keeping(&values->list[i]);
    if (!shares_new(&index->shares, kept))
        return err_set(err, ERR_ENVIRONMENT, NO_MEMORY);
    for (uint32_t i = 0; i < values->count; i++) {
        const struct value *value = &values->list[i];
        uint64_t right_with = index->right_with[value->space];

        if (worth_keeping(value))
            shares_put(&index->shares, value->hash,
                       right_with
                           ? space_share(index, value->space, value->right, value->left,
                                         index->left_with[value->space])
                           : 0);
    }
    values_free(&index->values);
    index->values = (struct values){0};
    return true;
}

static bool weigh(struct index *index, struct err *err)
{
    const struct model *model = index->model;
    const struct level *surname = model->level[COMPARE_SURNAME];
    const struct level *forename = model->level[COMPARE_FORENAME];

    vocabulary_weigh(&index->surnames, &surname[SURNAME_EXACT],
                     &surname[SURNAME_VARIANT], others_of(index));
    vocabulary_weigh(&index->forenames, &forename[FORENAME_EXACT],
                     &forename[FORENAME_VARIANT], others_of(index));
    for (unsigned i = 0; i < model->other_count; i++) {
        const struct level *exact = &model->level[other_comparison(i)][OTHER_EXACT];

        vocabulary_weigh(&index->other[i], exact, exact, others_of(index));
    }
    crossings_prepare(index);
    /* Where many mentions are of the people on the left, a full name met often is one person
     * met often, as in two registers or a file held against itself: no circles then. */
    if (index->settings.share <= SHARE_OF_STRANGERS)
        circles_settle(index->circles, index->surnames.count, index->forenames.count);
    return weigh_values(index, err);
}

/* ---- rows by date of birth ---------------------------------------------------------------- */

struct order {
    uint32_t born, left;
};

static int by_born(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->born != y->born)
        return x->born < y->born ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

static bool sort_rows(struct index *index, struct err *err)
{
    struct order *order = memory_new(index->people, sizeof(*order));
    char *pool = pages_new(index->pool_used + 64);
    uint32_t *row_at = pages_new((index->people + 1) * sizeof(*row_at));
    size_t used = 0;

    if (!pool || !row_at) {
        free(pool);
        free(row_at);
        free(order);
        return err_set(err, ERR_ENVIRONMENT, NO_MEMORY);
    }
    index->row_of = memory_new(index->people, sizeof(*index->row_of));
    for (uint32_t i = 0; i < index->people; i++)
        order[i] = (struct order){index_row(index, i)->born, i};
    if (index->people)
        qsort(order, index->people, sizeof(*order), by_born);
    for (uint32_t i = 0; i < index->people; i++) {
        const struct row *row = index_row(index, order[i].left);
        size_t size = row_size(row);

        memcpy(pool + used, row, size);
        row_at[i] = (uint32_t)(used / 8);
        index->row_of[order[i].left] = i;
        used += size;
    }
    row_at[index->people] = (uint32_t)(used / 8);
    free(order);
    free(index->pool);
    free(index->row_at);
    index->pool = pool;
    index->pool_room = used;
    index->row_at = row_at;
    return true;
}

/* ---- sketches -------------------------------------------------------------------------------- */

/* Letters that are rare in names, or mistaken for one another, share a group. */
uint32_t sketch_name(const char *text, size_t len, uint8_t mark)
{
    /*                           A  B  C  D  E  F  G  H  I  J  K  L  M */
    static const uint8_t group[26] = {0,  1,  2,  3, 4,  5,  6,  7,  8, 9,  2,  10, 11,
                                      12, 13, 14, 2, 15, 16, 17, 18, 5, 19, 16, 8,  9};
    /*                           N  O  P  Q  R  S  T  U  V  W  X  Y  Z */
    uint32_t letters = 0;

    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            letters |= 1u << group[text[i] - 'A'];
    return letters << 12 | (uint32_t)(len < 15 ? len : 15) << 8 | mark;
}

uint32_t sketch_place(const struct place *place)
{
    uint32_t district = place->district * 0x9e3779b1u >> 16;
    uint32_t sector = place->sector ? place->sector * 0x85ebca6bu >> 20 : 0;

    if (!place->district)
        return 0;
    return (district ? district : 1) << 16 | sector << 4;
}

static uint32_t sketch_word(const struct vocabulary *vocabulary, uint32_t number)
{
    const struct word *word = &vocabulary->words[number];

    return sketch_name(word->text, word->len, word->mark);
}

static uint32_t sketch_names(const struct index *index, const struct row *row,
                             struct sketch *sketch)
{
    const uint32_t *words = row_words(row);
    unsigned n = 0;
    uint32_t flags = row->surname_count > SKETCH_SURNAMES ? SKETCH_MORE_SURNAMES : 0;

    for (unsigned i = 0; i < row->surname_count && i < SKETCH_SURNAMES; i++)
        sketch->surname[i] = sketch_word(&index->surnames, words[i] & WORD_MASK);
    words += row->surname_count;
    for (unsigned i = 0; i < row->forename_count; i++) {
        if (words[i] >> WORD_KIND_SHIFT == NAME_INITIAL)
            flags |= i == 0 ? SKETCH_INITIAL : 0;
        else if (n < SKETCH_FORENAMES)
            sketch->forename[n++] =
                sketch_word(&index->forenames, words[i] & WORD_MASK);
        else
            flags |= SKETCH_MORE_FORENAMES;
    }
    return flags;
}

/* Places agreeing by unit or line alone are found under keys of their own and are not
 * put through the filter, so districts and sectors suffice. */
static uint32_t sketch_places(const struct row *row, struct sketch *sketch)
{
    const struct place *places = row_places(row);
    unsigned n = 0;

    for (unsigned i = 0; i < row->place_count; i++) {
        uint32_t place = sketch_place(&places[i]);

        if (!place)
            continue;
        if (n == SKETCH_PLACES)
            return SKETCH_MORE_PLACES;
        sketch->place[n++] = place;
    }
    return 0;
}

static bool make_sketches(struct index *index, struct err *err)
{
    index->sketches = pages_new(((size_t)index->people + 4) * sizeof(struct sketch));
    if (!index->sketches)
        return err_set(err, ERR_ENVIRONMENT, NO_MEMORY);
    for (uint32_t i = 0; i < index->people; i++) {
        const struct row *row = index_row(index, i);
        struct sketch *sketch = &index->sketches[i];

        sketch->born = row->born;
        uint32_t flags = sketch_names(index, row, sketch);

        flags |= sketch_places(row, sketch);
        sketch->place[0] |= flags;
        index->initials |= (flags & SKETCH_INITIAL) != 0;
    }
    return true;
}

/* ---- building ------------------------------------------------------------------------------------ */

static void take_date_bits(struct index *index)
{
    for (unsigned level = 1; level < BORN_LEVELS; level++) {
        int32_t bits = index->model->level[COMPARE_DATE_OF_BIRTH][level].bits;

        index->date_bits[level] = bits;
        index->date_least = bits < index->date_least ? bits : index->date_least;
    }
    index->date_far = index->date_bits[BORN_WITHIN_5] > index->date_bits[BORN_DIFFERENT]
                          ? index->date_bits[BORN_WITHIN_5]
                          : index->date_bits[BORN_DIFFERENT];
}

/* Done with choosing kinds. */
static void samples_free(struct index *index)
{
    free(index->samples);
    index->samples = NULL;
}

static void take_prior(struct index *index)
{
    index->prior = model_prior(index->model, index->settings.share, index->people);
    index->threshold = bits_odds(index->settings.probability);
}

bool index_build(struct index *index, struct err *err)
{
    if (!index->sealed)
        seal(index);
    take_prior(index);
    take_date_bits(index);
    if (!weigh(index, err) || !sort_rows(index, err) || !make_sketches(index, err) ||
        !keys_build(index, err))
        return false;
    if (!index->settings.movable)
        samples_free(index);
    index->built = true;
    return true;
}

bool index_move(struct index *index, uint32_t share, uint32_t probability,
                struct err *err)
{
    index->settings.share = share;
    index->settings.probability = probability;
    take_prior(index);
    plans_free(index->plans);
    index->plans = plans_new();

    bool ok = keys_move(index, err);

    samples_free(index);
    return ok;
}

struct index_forecast index_forecast(const struct index *index)
{
    return index->forecast;
}

size_t index_people(const struct index *index)
{
    return index->people;
}

static size_t others_bytes(const struct index *index)
{
    size_t bytes = 0;

    for (unsigned i = 0; i < index->model->other_count; i++)
        bytes += index->other[i].count * sizeof(struct word) +
                 (index->other[i].slot_mask + 1) * sizeof(struct word_slot);
    return bytes;
}

size_t index_bytes(const struct index *index)
{
    size_t words = index->surnames.count + index->forenames.count;
    size_t word_slots = index->surnames.slot_mask + index->forenames.slot_mask + 2;
    size_t variants = index->surnames.variant_total + index->forenames.variant_total;

    return index->pool_room +
           index->people * (2 * sizeof(uint32_t) + sizeof(struct sketch)) +
           index->keys.bytes + index->entry_total * sizeof(struct entry) +
           words * sizeof(struct word) + word_slots * sizeof(struct word_slot) +
           variants * sizeof(struct word_variant) +
           index->shares.count * sizeof(struct share_line) + others_bytes(index);
}

int32_t index_prior(const struct index *index)
{
    return index->prior;
}

int32_t index_threshold(const struct index *index)
{
    return index->threshold;
}
