/*
 * The filter: the most that a row can score with a mention, from the row's sketch. It
 * never refuses a pair that reaches what is wanted; scoring decides on the others.
 */
#include "match/filter.h"

static bool marked(const uint64_t marks[4], uint8_t mark)
{
    return marks[mark >> 6] >> (mark & 63) & 1;
}

/*
 * Whether two names can be within Jaro-Winkler 0.88, from letters and lengths: Jaro is
 * at most (c/a + c/b + 1)/3 with c letters matched. Letters of one that the other lacks
 * (x, y, at least one each) cannot be matched, and Jaro must reach 0.80 (with the four
 * first letters in common): so x/a + y/b is at most 0.6. Lengths of 15 stand for more.
 */
static bool letters_near(uint32_t ours, uint32_t theirs)
{
    unsigned a = sketch_len(ours), b = sketch_len(theirs);
    uint32_t la = sketch_letters(ours), lb = sketch_letters(theirs);
    unsigned x = (unsigned)__builtin_popcount(la & ~lb);
    unsigned y = (unsigned)__builtin_popcount(lb & ~la);

    if (a == 15)
        a = NAME_MAX;
    if (b == 15)
        b = NAME_MAX;
    return 5 * (x * b + y * a) <= 3 * a * b;
}

static int32_t place_bound(const struct ready *ready, const struct sketch *sketch,
                           int32_t different)
{
    int32_t best = 0;
    bool ours = false;
    bool more = sketch->place[0] & SKETCH_MORE_PLACES;

    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        const struct weighed_place *place = &ready->place[i];
        uint32_t mark = ready->place_sketch[i];

        if (!mark)
            continue;
        ours = true;
        for (unsigned k = 0; k < SKETCH_PLACES; k++) {
            uint32_t x = mark ^ (sketch->place[k] & ~15u);

            if (x >> 16 == 0)
                best = larger(best, place->district);
            if (x == 0)
                best = larger(best, place->sector);
        }
        if (more)
            best = larger(best, larger(place->sector, place->district));
    }
    return best == 0 && ours && sketch->place[0] >> 16 ? different : best;
}

static int32_t model_bits(const struct index *index, enum comparison comparison,
                          unsigned level)
{
    return index->model->level[comparison][level].bits;
}

static void bounds_by_rank(const struct ready *ready, const struct class *class,
                           struct bounds *bounds)
{
    int32_t line = INT32_MIN / 4, unit = INT32_MIN / 4;

    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        const struct weighed_place *place = &ready->place[i];

        line = larger(line, place->line);
        unit = larger(unit, larger(place->unit, place->address));
    }
    unit = larger(unit, line);
    for (unsigned rank = 0; rank < RANK_COUNT; rank++) {
        bounds->other[rank] = class->residual +
                              (rank >= RANK_COMMON ? class->common : 0) +
                              (rank >= RANK_NUMBER ? class->number : 0);
        bounds->place[rank] = rank >= RANK_UNIT   ? unit
                              : rank >= RANK_LINE ? line
                                                  : INT32_MIN / 4;
        bounds->crossed[rank] =
            rank >= RANK_CROSSED && class->crossed ? class->crossed : INT32_MIN / 4;
    }
}

void bounds_of(const struct index *index, const struct ready *ready,
               const struct class *class, struct bounds *bounds)
{
    const struct names *names = &ready->facts.names;
    int32_t sex =
        ready->facts.sex ? larger(0, model_bits(index, COMPARE_SEX, SEX_SAME)) : 0;
    bool initial = names->forename_count && names->forename[0].kind == NAME_INITIAL;

    bounds->surname = (struct name_bounds){
        .near = class->surname_rest,
        .sounds = model_bits(index, COMPARE_SURNAME, SURNAME_SOUNDS),
        .different = names->surname_count
                         ? model_bits(index, COMPARE_SURNAME, SURNAME_DIFFERENT)
                         : 0,
        .agreements = ready->surname,
        .agreement_count = ready->surname_count,
        .name_count = names->surname_count,
        .names = ready->surname_sketch,
        .marks = ready->surname_marks,
    };
    bounds->forename = (struct name_bounds){
        .near = class->forename_rest,
        .sounds = model_bits(index, COMPARE_FORENAME, FORENAME_SOUNDS),
        .different =
            names->forename_count == 0 ? sex
            : initial                  ? class->forename_rest
                      : sex + model_bits(index, COMPARE_FORENAME, FORENAME_DIFFERENT),
        .none = sex,
        .agreements = ready->forename,
        .agreement_count = ready->forename_count,
        .name_count = names->forename_count,
        .names = ready->forename_sketch,
        .marks = ready->forename_marks,
    };
    bounds->surname_any =
        larger(class->surname_rest, ready->surname_count ? ready->surname[0].most : 0);
    bounds->forename_any = larger(class->forename_rest,
                                  ready->forename_count ? ready->forename[0].most : 0);
    bounds->initial = class->forename_rest;
    bounds_by_rank(ready, class, bounds);
    bounds->different_place = model_bits(index, COMPARE_PLACE, PLACE_DIFFERENT);
}

/* The most that a name on the left can earn with any of ours. */
static int32_t name_bound(const struct name_bounds *bounds, uint32_t sketch)
{
    int32_t best = bounds->different;
    uint8_t mark = sketch_mark(sketch);

    if (sketch == 0)
        return bounds->none;
    if (marked(bounds->marks, mark))
        for (unsigned i = 0; i < bounds->agreement_count; i++)
            if (bounds->agreements[i].mark == mark) {
                best = larger(best, bounds->agreements[i].most);
                break; /* the best come first */
            }
    for (unsigned i = 0; i < bounds->name_count; i++) {
        if (bounds->names[i] == 0)
            continue;
        if (sketch_mark(bounds->names[i]) == mark)
            best = larger(best, bounds->sounds);
        if (best < bounds->near && letters_near(bounds->names[i], sketch))
            best = bounds->near;
    }
    return best;
}

static int32_t names_bound(const struct bounds *bounds, const struct sketch *sketch)
{
    uint32_t flags = sketch->place[0];
    int32_t surname = name_bound(&bounds->surname, sketch->surname[0]);
    int32_t forename = name_bound(&bounds->forename, sketch->forename[0]);

    if (sketch->surname[1])
        surname = larger(surname, name_bound(&bounds->surname, sketch->surname[1]));
    if (flags & SKETCH_MORE_SURNAMES)
        surname = bounds->surname_any;
    for (unsigned i = 1; i < SKETCH_FORENAMES && sketch->forename[i]; i++)
        forename = larger(forename, name_bound(&bounds->forename, sketch->forename[i]));
    if (flags & SKETCH_INITIAL)
        forename = larger(forename, bounds->initial);
    if (flags & SKETCH_MORE_FORENAMES)
        forename = bounds->forename_any;
    return surname + forename;
}

bool may_reach(const struct index *index, const struct ready *ready,
               const struct bounds *bounds, const struct sketch *sketch,
               enum piece_rank rank, int32_t wanted)
{
    int32_t place = place_bound(ready, sketch, bounds->different_place);
    int32_t rest = wanted - bounds->other[rank] - larger(place, bounds->place[rank]) -
                   date_bound(index, ready, sketch->born);

    if (bounds->crossed[rank] >= rest)
        return true;
    return bounds->surname_any + bounds->forename_any >= rest &&
           names_bound(bounds, sketch) >= rest;
}
