/*
 * u, exactly: how many pairs of all are at each level. Nothing is sampled.
 *
 * People with the same list of names, places or numbers are one list with a count, and a
 * list meets only those of the other side that hold a related word: equal, a known form,
 * alike in spelling or sound, an initial. So the level of every pair is known without a
 * look at most of them: all that are not met differ.
 *
 *     pairs at a level = sum over lists a, b at that level of left(a) * right(b)
 *
 * The level of a name is the one that earns most bits, as in a run, over all words of both
 * lists; of two that earn the same, the better. So it is counted anew for each model, with
 * the shares of its index; which words are related is found once. The level of a place is
 * the closest that any two places of theirs reach. Names exchanged are not looked for: they
 * are none of the levels of a name. Further names are compared with an eye to both others
 * and are not counted here: training leaves their numbers as they are.
 */
#include "match/chance.h"
#include "match/filter.h"

#include <stdlib.h>
#include <string.h>

/* One worker's sums, and the levels at which the list in hand meets those of the left. */
struct tally_of {
    uint64_t pairs[COMPARISONS_MAX][LEVELS_MAX];
    uint64_t met[COMPARISONS_MAX]; /* both sides speak, and not at the last level */
    uint64_t self[COMPARISONS_MAX][LEVELS_MAX]; /* each person with itself */
    uint64_t sex_met[SEX_DIFFERENT + 1];        /* whose forenames speak */
    uint8_t *level[2];                          /* by list of the left */
    int32_t *bits[2];
    uint32_t *touched;
    size_t touched_count;
};

struct weighed { /* a word as the index has it */
    int32_t log_share, log_variants;
};

struct counting {
    const struct model *model;
    const struct aspect *aspect;
    const struct side *left, *right;
    const struct relations *relations;
    const struct weighed *weighed; /* words; NULL: bits fall with the level */
    struct tally_of *tallies;
    bool one_file;
};

/* ---- levels of two words ---------------------------------------------------------------- */

static unsigned surname_rule(enum relation relation, const struct token *ours,
                             const struct token *theirs)
{
    static const uint8_t levels[] = {
        [RELATED_VARIANT] = SURNAME_VARIANT,
        [RELATED_NEAR_92] = SURNAME_NEAR_92,
        [RELATED_NEAR_88] = SURNAME_NEAR_88,
        [RELATED_SOUNDS] = SURNAME_SOUNDS,
        [RELATED_INITIAL] = 0,
    };

    return relation == RELATED_EQUAL ? surname_equal(ours->kind, theirs->kind)
                                     : levels[relation];
}

static unsigned forename_rule(enum relation relation, const struct token *ours,
                              const struct token *theirs)
{
    static const uint8_t levels[] = {
        [RELATED_VARIANT] = FORENAME_VARIANT,
        [RELATED_NEAR_92] = FORENAME_NEAR_92,
        [RELATED_NEAR_88] = FORENAME_NEAR_88,
        [RELATED_SOUNDS] = FORENAME_SOUNDS,
        [RELATED_INITIAL] = 0,
    };

    if (ours->kind == NAME_INITIAL || theirs->kind == NAME_INITIAL)
        return ours->place == 0 && theirs->place == 0 &&
                       (relation == RELATED_EQUAL || relation == RELATED_INITIAL)
                   ? FORENAME_INITIAL
                   : 0;
    if (relation == RELATED_VARIANT)
        return FORENAME_VARIANT;
    if (ours->kind == NAME_MIDDLE && theirs->kind == NAME_MIDDLE)
        return 0;
    return relation == RELATED_EQUAL ? forename_equal(ours->kind, theirs->kind)
                                     : levels[relation];
}

/* A value's kind is the level at which it agrees. */
static unsigned value_rule(enum relation relation, const struct token *ours,
                           const struct token *theirs)
{
    (void)relation;
    return ours->kind == theirs->kind ? ours->kind : 0;
}

/* ---- what a person's list holds ------------------------------------------------------------ */

static void put(struct draft *draft, uint32_t word, unsigned kind)
{
    draft->token[draft->count] =
        (struct token){word, (uint8_t)kind, (uint8_t)draft->count};
    draft->count++;
}

static void put_value(struct draft *draft, struct words *words, unsigned level,
                      uint64_t value)
{
    if (value)
        put(draft, values_add(&words->values, level, value_hash(level, value)), level);
}

static void put_names(struct draft *draft, struct words *words,
                      const struct name *names, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        put(draft, vocabulary_add(&words->names, names[i].text, names[i].len),
            names[i].kind);
    draft->speaks[0] = count > 0;
}

static void draft_surnames(const struct facts *facts, const struct aspect *aspect,
                           struct words *words, struct draft *draft)
{
    (void)aspect;
    put_names(draft, words, facts->names.surname, facts->names.surname_count);
}

static void draft_forenames(const struct facts *facts, const struct aspect *aspect,
                            struct words *words, struct draft *draft)
{
    (void)aspect;
    put_names(draft, words, facts->names.forename, facts->names.forename_count);
    draft->sex = facts->sex;
}

static void draft_places(const struct facts *facts, const struct aspect *aspect,
                         struct words *words, struct draft *draft)
{
    (void)aspect;
    for (unsigned i = 0; i < facts->place_count; i++) {
        const struct place *place = &facts->place[i];

        draft->speaks[0] |= place->unit || place->district;
        put_value(draft, words, PLACE_ADDRESS,
                  place->unit && place->house ? hash_mix(place->unit, place->house)
                                              : 0);
        put_value(draft, words, PLACE_UNIT, place->unit);
        put_value(draft, words, PLACE_LINE, place->line);
        put_value(draft, words, PLACE_SECTOR, place->sector);
        put_value(draft, words, PLACE_DISTRICT, place->district);
    }
}

static void draft_numbers(const struct facts *facts, const struct aspect *aspect,
                          struct words *words, struct draft *draft)
{
    for (unsigned i = 0; i < facts->number_count; i++)
        if (number_comparison(facts->number[i]) == aspect->comparison[0])
            put_value(draft, words, NUMBER_SAME, facts->number[i]);
    draft->speaks[0] = draft->count > 0;
}

static unsigned other_rule(enum relation relation, const struct token *ours,
                           const struct token *theirs)
{
    (void)ours;
    (void)theirs;
    return relation == RELATED_EQUAL     ? OTHER_EXACT
           : relation == RELATED_NEAR_92 ? OTHER_NEAR
                                         : OTHER_ALIKE;
}

static void draft_other(const struct facts *facts, const struct aspect *aspect,
                        struct words *words, struct draft *draft)
{
    unsigned number = (unsigned)aspect->comparison[0] - COMPARISON_COUNT;
    const struct other_value *value = &facts->other[number];

    draft->speaks[0] = facts->other_count && value->len;
    if (draft->speaks[0])
        put(draft, vocabulary_add(&words->names, value->text, value->len), 0);
}

static const struct aspect aspects[] = {
    {{COMPARE_SURNAME},
     {surname_rule},
     draft_surnames,                                               WORDS_NAMES,
     VARIANT_SURNAME,                                                               0},
    {{COMPARE_FORENAME},
     {forename_rule},
     draft_forenames,                                              WORDS_NAMES,
     VARIANT_FORENAME,                                                              0},
    {{COMPARE_PLACE},                 {value_rule}, draft_places,  WORDS_VALUES, 0, 0},
    {{COMPARE_PHONE},                 {value_rule}, draft_numbers, WORDS_VALUES, 0, 0},
    {{COMPARE_EMAIL},                 {value_rule}, draft_numbers, WORDS_VALUES, 0, 0},
    {{COMPARE_NATIONAL_INSURANCE_NO}, {value_rule}, draft_numbers, WORDS_VALUES, 0, 0},
    {{COMPARE_STAFF_NUMBER},          {value_rule}, draft_numbers, WORDS_VALUES, 0, 0},
    {{COMPARE_VEHICLE},               {value_rule}, draft_numbers, WORDS_VALUES, 0, 0},
};

enum { ASPECTS_MAX = COUNT(aspects) + OTHERS_MAX };

/* The built-in ones, and one for each other column of the model. */
static unsigned aspects_of(const struct model *model, struct aspect to[ASPECTS_MAX])
{
    unsigned count = COUNT(aspects);

    memcpy(to, aspects, sizeof(aspects));
    for (unsigned i = 0; i < model->other_count; i++)
        to[count++] = (struct aspect){
            .comparison = {other_comparison(i)},
            .rule = {other_rule},
            .draft = draft_other,
            .words = WORDS_OTHER,
            .kind = model->other[i].kind,
        };
    return count;
}

/* ---- one list of the right with all of the left ---------------------------------------------- */

static void touch(struct tally_of *tally, unsigned which, uint32_t list, unsigned level,
                  int32_t bits)
{
    uint8_t *known = &tally->level[which][list];
    int32_t *earned = &tally->bits[which][list];

    if (*known && (bits < *earned || (bits == *earned && *known <= level)))
        return;
    if (!tally->level[0][list] && !tally->level[1][list])
        tally->touched[tally->touched_count++] = list;
    *known = (uint8_t)level;
    *earned = bits;
}

/* What two words earn; of a known form by how common all forms of theirs are. */
static int32_t bits_of(const struct counting *counting, enum comparison comparison,
                       unsigned level, enum relation relation, uint32_t word)
{
    const struct level *of = &counting->model->level[comparison][level];

    if (!counting->weighed)
        return -(int32_t)level;
    if (!of->by_frequency)
        return of->bits;
    return level_bits(counting->model, comparison, level,
                      relation == RELATED_VARIANT ? counting->weighed[word].log_variants
                                                  : counting->weighed[word].log_share);
}

static void meet_word(const struct counting *counting, struct tally_of *tally,
                      const struct token *ours, const struct related *related,
                      const struct posting *theirs)
{
    const struct aspect *aspect = counting->aspect;

    for (unsigned w = 0; w < 2 && aspect->rule[w]; w++) {
        unsigned level = aspect->rule[w](related->relation, ours, &theirs->token);
        int32_t bits;

        if (!level)
            continue;
        bits = bits_of(counting, aspect->comparison[w], level, related->relation,
                       related->word);
        /* known forms that earn nothing are not looked up */
        if (related->relation != RELATED_VARIANT || bits > 0 || !counting->weighed)
            touch(tally, w, theirs->list, level, bits);
    }
}

static void meet(const struct counting *counting, struct tally_of *tally,
                 const struct token *ours)
{
    const struct related *related;
    size_t count = relations_of(counting->relations, ours->word, &related);

    for (size_t r = 0; r < count; r++) {
        const struct posting *posting;
        size_t postings = side_postings(counting->left, related[r].word, &posting);

        for (; postings; postings--, posting++)
            meet_word(counting, tally, ours, &related[r], posting);
    }
}

/* Whether the sex of a pair with these forenames counts. */
static bool sex_speaks(unsigned forename)
{
    return !forename || forename == FORENAME_INITIAL || forename == FORENAME_DIFFERENT;
}

static void count_touched(const struct counting *counting, struct tally_of *tally,
                          const struct list *ours, uint32_t number)
{
    const struct aspect *aspect = counting->aspect;
    const struct list *theirs = &counting->left->list[number];
    uint64_t pairs = (uint64_t)ours->people * theirs->people;

    for (unsigned w = 0; w < 2 && aspect->rule[w]; w++) {
        unsigned level = tally->level[w][number];

        if (!level)
            continue;
        tally->pairs[aspect->comparison[w]][level] += pairs;
        if (ours->speaks[w] && theirs->speaks[w])
            tally->met[aspect->comparison[w]] += pairs;
    }
    if (ours->sex && theirs->sex && !sex_speaks(tally->level[0][number]))
        tally->sex_met[ours->sex == theirs->sex ? SEX_SAME : SEX_DIFFERENT] += pairs;
}

/* Each of these people with itself, which is no pair. */
static void count_self(const struct counting *counting, struct tally_of *tally,
                       const struct list *ours, size_t number)
{
    const struct aspect *aspect = counting->aspect;

    for (unsigned w = 0; w < 2 && aspect->rule[w]; w++) {
        enum comparison comparison = aspect->comparison[w];
        unsigned level = tally->level[w][number];

        if (!level && ours->speaks[w])
            level = (unsigned)counting->model->count[comparison] - 1;
        tally->self[comparison][level] += ours->people;
        if (comparison == COMPARE_FORENAME && ours->sex && sex_speaks(level))
            tally->self[COMPARE_SEX][SEX_SAME] += ours->people;
    }
}

static void count_list(void *context, size_t number, unsigned worker)
{
    const struct counting *counting = context;
    struct tally_of *tally = &counting->tallies[worker];
    const struct list *ours = &counting->right->list[number];

    for (unsigned i = 0; i < ours->count; i++)
        meet(counting, tally, &counting->right->tokens[ours->at + i]);
    if (counting->one_file)
        count_self(counting, tally, ours, number);
    for (size_t i = 0; i < tally->touched_count; i++) {
        count_touched(counting, tally, ours, tally->touched[i]);
        tally->level[0][tally->touched[i]] = tally->level[1][tally->touched[i]] = 0;
    }
    tally->touched_count = 0;
}

/* ---- sums ----------------------------------------------------------------------------------- */

static uint64_t people_speaking(const struct side *side, unsigned which)
{
    uint64_t people = 0;

    for (size_t i = 0; i < side->count; i++)
        people += side->list[i].speaks[which] ? side->list[i].people : 0;
    return people;
}

static void add_tally(const struct aspect *aspect, const struct tally_of *tally,
                      const size_t count[COMPARISONS_MAX], struct chance *chance)
{
    for (unsigned w = 0; w < 2 && aspect->rule[w]; w++) {
        enum comparison c = aspect->comparison[w];

        for (unsigned l = 1; l < count[c]; l++)
            chance->pairs[c][l] += tally->pairs[c][l] - tally->self[c][l];
        chance->pairs[c][count[c] - 1] -= tally->met[c];
    }
    if (aspect->comparison[0] == COMPARE_FORENAME)
        for (unsigned l = SEX_SAME; l <= SEX_DIFFERENT; l++)
            chance->pairs[COMPARE_SEX][l] -=
                tally->sex_met[l] + tally->self[COMPARE_SEX][l];
}

static void count_sexes(const struct side *left, const struct side *right,
                        struct chance *chance)
{
    uint64_t of_left[SEX_OTHER + 1] = {0}, of_right[SEX_OTHER + 1] = {0};

    for (size_t i = 0; i < left->count; i++)
        of_left[left->list[i].sex] += left->list[i].people;
    for (size_t i = 0; i < right->count; i++)
        of_right[right->list[i].sex] += right->list[i].people;
    for (unsigned a = SEX_FEMALE; a <= SEX_OTHER; a++)
        for (unsigned b = SEX_FEMALE; b <= SEX_OTHER; b++)
            chance->pairs[COMPARE_SEX][a == b ? SEX_SAME : SEX_DIFFERENT] +=
                of_left[a] * of_right[b];
}

static void count_lists(struct counting *counting, unsigned threads,
                        struct chance *chance)
{
    const struct aspect *aspect = counting->aspect;
    const struct side *left = counting->left, *right = counting->right;

    counting->tallies = memory_new(threads, sizeof(*counting->tallies));
    for (unsigned i = 0; i < threads; i++) {
        counting->tallies[i].level[0] = memory_new(left->count + 1, 1);
        counting->tallies[i].level[1] = memory_new(left->count + 1, 1);
        counting->tallies[i].bits[0] = memory_new(left->count + 1, sizeof(int32_t));
        counting->tallies[i].bits[1] = memory_new(left->count + 1, sizeof(int32_t));
        counting->tallies[i].touched = memory_new(left->count + 1, sizeof(uint32_t));
    }
    for (unsigned w = 0; w < 2 && aspect->rule[w]; w++) {
        enum comparison c = aspect->comparison[w];

        chance->pairs[c][counting->model->count[c] - 1] +=
            people_speaking(left, w) * people_speaking(right, w);
    }
    if (aspect->comparison[0] == COMPARE_FORENAME)
        count_sexes(left, right, chance);
    parallel_for(threads, right->count, counting, count_list);
    for (unsigned i = 0; i < threads; i++) {
        add_tally(aspect, &counting->tallies[i], counting->model->count, chance);
        free(counting->tallies[i].level[0]);
        free(counting->tallies[i].level[1]);
        free(counting->tallies[i].bits[0]);
        free(counting->tallies[i].bits[1]);
        free(counting->tallies[i].touched);
    }
    free(counting->tallies);
}

/* What is gathered from the people of both sides for one aspect. */
struct gathered {
    struct words words;
    struct side side[2];
    struct relations relations;
};

/* Names as the index weighs them; a word that it does not know is nobody's on the left. */
static struct weighed *words_weighed(const struct aspect *aspect,
                                     const struct words *words,
                                     const struct index *index)
{
    const struct vocabulary *known =
        aspect->use == VARIANT_SURNAME ? &index->surnames : &index->forenames;
    struct weighed *weighed = memory_new(words->names.count + 1, sizeof(*weighed));

    for (uint32_t i = 0; i < words->names.count; i++) {
        const struct word *word = &words->names.words[i];
        uint32_t number = vocabulary_find(known, word->text, word->len,
                                          name_hash(word->text, word->len));

        if (number != NO_NAME)
            weighed[i] = (struct weighed){known->words[number].log_share,
                                          known->words[number].log_variants};
    }
    return weighed;
}

static void count_aspect(const struct model *model, const struct aspect *aspect,
                         const struct gathered *gathered, const struct index *index,
                         bool one_file, unsigned threads, struct chance *chance)
{
    struct weighed *weighed = aspect->words == WORDS_NAMES
                                  ? words_weighed(aspect, &gathered->words, index)
                                  : NULL;
    struct counting counting = {
        .model = model,
        .aspect = aspect,
        .left = &gathered->side[0],
        .right = &gathered->side[!one_file],
        .relations = &gathered->relations,
        .weighed = weighed,
        .one_file = one_file,
    };

    count_lists(&counting, threads, chance);
    free(weighed);
}

/* ---- dates --------------------------------------------------------------------------------------- */

struct day {
    uint32_t born, year;
    uint64_t people;
};

struct days {
    struct day *list;
    size_t count;
};

struct dating {
    const struct days *left, *right;
    uint64_t (*pairs)[BORN_LEVELS]; /* one a worker */
};

static int by_born(const void *a, const void *b)
{
    uint32_t x = ((const struct day *)a)->born, y = ((const struct day *)b)->born;

    return (x > y) - (x < y);
}

/* Each date once, with its people. */
static void days_settle(struct days *days)
{
    size_t kept = 0;

    qsort(days->list, days->count, sizeof(*days->list), by_born);
    for (size_t i = 0; i < days->count; i++)
        if (kept && days->list[kept - 1].born == days->list[i].born)
            days->list[kept - 1].people++;
        else
            days->list[kept++] = days->list[i];
    days->count = kept;
}

static void count_day(void *context, size_t number, unsigned worker)
{
    const struct dating *dating = context;
    const struct day *ours = &dating->right->list[number];
    uint64_t pairs[BORN_LEVELS] = {0};

    for (size_t i = 0; i < dating->left->count; i++) {
        const struct day *theirs = &dating->left->list[i];
        unsigned level;

        if (dates_far(ours->born, theirs->born)) {
            uint32_t apart = ours->year > theirs->year ? ours->year - theirs->year
                                                       : theirs->year - ours->year;

            level = apart <= 5 ? BORN_WITHIN_5 : BORN_DIFFERENT;
        } else {
            level = born_level(ours->born, theirs->born);
        }
        pairs[level] += theirs->people;
    }
    for (unsigned l = 0; l < BORN_LEVELS; l++)
        dating->pairs[worker][l] += pairs[l] * ours->people;
}

static void count_dates(const struct days *left, const struct days *right,
                        unsigned threads, struct chance *chance)
{
    struct dating dating = {left, right, memory_new(threads, sizeof(*dating.pairs))};
    uint64_t *pairs = chance->pairs[COMPARE_DATE_OF_BIRTH];

    parallel_for(threads, right->count, &dating, count_day);
    for (unsigned i = 0; i < threads; i++)
        for (unsigned l = 1; l < BORN_LEVELS; l++)
            pairs[l] += dating.pairs[i][l];
    for (size_t i = 0; i < left->count && left == right; i++) /* each with itself */
        pairs[born_level(left->list[i].born, left->list[i].born)] -=
            left->list[i].people;
    free(dating.pairs);
}

/* ---- all ------------------------------------------------------------------------------------------- */

struct chances {
    struct aspect aspect[ASPECTS_MAX];
    struct gathered gathered[ASPECTS_MAX];
    unsigned count;
    struct chance same; /* what is the same for every model */
    unsigned threads;
    bool one_file;
};

static void gather(struct chances *chances, const struct model *model,
                   struct days *days, unsigned side, const struct person *people,
                   size_t count)
{
    struct facts facts;

    days->list = memory_new(count + 1, sizeof(*days->list));
    for (size_t i = 0; i < count; i++) {
        facts_whole(model, &people[i], &facts);
        for (unsigned a = 0; a < chances->count; a++) {
            const struct aspect *aspect = &chances->aspect[a];
            struct draft draft = {.count = 0};

            aspect->draft(&facts, aspect, &chances->gathered[a].words, &draft);
            side_add(&chances->gathered[a].side[side], &draft);
        }
        if (facts.born >> 16)
            days->list[days->count++] =
                (struct day){facts.born, born_year(facts.born), 1};
    }
    days_settle(days);
}

static void gathered_free(struct gathered *gathered)
{
    relations_free(&gathered->relations);
    side_free(&gathered->side[0]);
    side_free(&gathered->side[1]);
    words_free(&gathered->words);
    *gathered = (struct gathered){0};
}

/* Names are counted for each model; all else now, and its lists are given back. */
static void gathered_settle(struct chances *chances, const struct model *model,
                            unsigned number)
{
    const struct aspect *aspect = &chances->aspect[number];
    struct gathered *gathered = &chances->gathered[number];

    side_post(&gathered->side[0], words_count(aspect, &gathered->words));
    relations_find(&gathered->relations, aspect, model->variants, &gathered->words,
                   &gathered->side[0], &gathered->side[!chances->one_file],
                   chances->threads);
    if (aspect->words == WORDS_NAMES)
        return;
    count_aspect(model, aspect, gathered, NULL, chances->one_file, chances->threads,
                 &chances->same);
    gathered_free(gathered);
}

struct chances *chances_new(const struct model *model,
                            const struct train_people *people, bool one_file,
                            unsigned threads)
{
    struct chances *chances = memory_new(1, sizeof(*chances));
    struct days days[2] = {{0}};

    chances->threads = threads;
    chances->one_file = one_file;
    chances->same.all = (uint64_t)people->left_count *
                        (one_file ? people->left_count - 1 : people->right_count);
    chances->count = aspects_of(model, chances->aspect);
    for (unsigned a = 0; a < chances->count; a++)
        words_new(&chances->gathered[a].words);
    gather(chances, model, &days[0], 0, people->left, people->left_count);
    if (!one_file)
        gather(chances, model, &days[1], 1, people->right, people->right_count);
    for (unsigned a = 0; a < chances->count; a++)
        gathered_settle(chances, model, a);
    count_dates(&days[0], &days[!one_file], threads, &chances->same);
    free(days[0].list);
    free(days[1].list);
    return chances;
}

void chances_free(struct chances *chances)
{
    if (!chances)
        return;
    for (unsigned a = 0; a < chances->count; a++)
        if (chances->aspect[a].words == WORDS_NAMES)
            gathered_free(&chances->gathered[a]);
    free(chances);
}

void chances_count(const struct chances *chances, const struct index *index,
                   struct chance *chance)
{
    *chance = chances->same;
    for (unsigned a = 0; a < chances->count; a++)
        if (chances->aspect[a].words == WORDS_NAMES)
            count_aspect(index->model, &chances->aspect[a], &chances->gathered[a],
                         index, chances->one_file, chances->threads, chance);
}
