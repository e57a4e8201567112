/* The filter: what it needs to know of a mention, and the way for this machine. */
#include "match/filter.h"

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

static void take_names(struct name_bounds *bounds, const uint32_t *sketches,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (sketches[i])
            bounds->names[bounds->name_count++] = sketches[i];
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
        .marks = ready->forename_marks,
    };
    take_names(&bounds->surname, ready->surname_sketch, names->surname_count);
    take_names(&bounds->forename, ready->forename_sketch, names->forename_count);
    bounds->surname_any =
        larger(class->surname_rest, ready->surname_count ? ready->surname[0].most : 0);
    bounds->forename_any = larger(class->forename_rest,
                                  ready->forename_count ? ready->forename[0].most : 0);
    bounds->initial = class->forename_rest;
    bounds_by_rank(ready, class, bounds);
    bounds->different_place = model_bits(index, COMPARE_PLACE, PLACE_DIFFERENT);
}

/* ---- lanes ----------------------------------------------------------------------------- */

void lanes_put(struct lanes *lanes, unsigned k, const struct sketch *sketch,
               const struct bounds *bounds, enum piece_rank rank, int32_t date,
               int32_t wanted)
{
    for (unsigned i = 0; i < SKETCH_SURNAMES; i++)
        lanes->surname[i][k] = sketch->surname[i];
    for (unsigned i = 0; i < SKETCH_FORENAMES; i++)
        lanes->forename[i][k] = sketch->forename[i];
    for (unsigned i = 0; i < SKETCH_PLACES; i++)
        lanes->place[i][k] = sketch->place[i];
    lanes->needed[k] = wanted - bounds->other[rank] - date;
    lanes->unseen[k] = bounds->place[rank];
    lanes->crossed[k] = bounds->crossed[rank];
}

/* Later ways are faster where they work. */
static const struct way {
    bool (*works)(void);
    uint32_t (*filter)(struct lanes *lanes, const struct ready *ready,
                       const struct bounds *bounds);
} ways[] = {
    {lanes_can_plain,  lanes_filter_plain },
#ifdef __x86_64__
    {lanes_can_avx2,   lanes_filter_avx2  },
    {lanes_can_avx512, lanes_filter_avx512},
#endif
};
const unsigned lanes_ways = COUNT(ways);

bool lanes_way_works(unsigned way)
{
    return ways[way].works();
}

uint32_t lanes_filter_by(unsigned way, struct lanes *lanes, const struct ready *ready,
                         const struct bounds *bounds)
{
    return ways[way].filter(lanes, ready, bounds);
}
