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
        bounds->other[rank] =
            (uint32_t)(class->residual + (rank >= RANK_COMMON ? class->common : 0) +
                       (rank >= RANK_NUMBER ? class->number : 0));
        bounds->place[rank] = (uint32_t)(rank >= RANK_UNIT   ? unit
                                         : rank >= RANK_LINE ? line
                                                             : INT32_MIN / 4);
        bounds->crossed[rank] =
            (uint32_t)(rank >= RANK_CROSSED && class->crossed ? class->crossed
                                                              : INT32_MIN / 4);
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

/* ---- ways -------------------------------------------------------------------------------- */

/* Later ones are faster where they work. */
const struct lanes_way *const lanes_ways[] = {
    &lanes_plain,
#ifdef __x86_64__
    &lanes_avx2,
    &lanes_avx512,
#endif
};
const unsigned lanes_way_count = COUNT(lanes_ways);

const struct lanes_way *lanes_best(void)
{
    const struct lanes_way *best = &lanes_plain;

    for (unsigned way = 0; way < lanes_way_count; way++)
        if (lanes_ways[way]->works())
            best = lanes_ways[way];
    return best;
}
