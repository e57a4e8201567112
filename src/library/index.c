/* The left side, and the order in which it may be filled. */
#include "library/inner.h"

#include <stdlib.h>
#include <time.h>

enum { PEOPLE_MAX = 2147483646 }; /* as index_add() */

int year_now(void)
{
    time_t now = time(NULL);
    struct tm parts;

    return localtime_r(&now, &parts) ? parts.tm_year + 1900 : 2000;
}

static bool settings_read(const struct candour_index_settings *theirs,
                          struct candour_index_settings *settings,
                          struct index_settings *inner, struct candour_error *error)
{
    if (!struct_take(settings, sizeof(*settings), theirs, sizeof(*settings), error))
        return false;
    if (!settings->model)
        return fail_with(error, ERR_USAGE,
                         "an index needs a model; candour_model_default() gives one");
    if (settings->purpose > CANDOUR_WASH)
        return fail_with(error, ERR_USAGE,
                         "purpose: want CANDOUR_LINK or CANDOUR_WASH");

    const struct model *model = settings->model->model;
    bool wash = settings->purpose == CANDOUR_WASH;

    *inner = (struct index_settings){
        .model = model,
        .threads = settings->threads ? settings->threads : threads_available(),
    };
    return chance_read(settings->share, "share", model_share(model, wash),
                       &inner->share, error) &&
           chance_read(settings->probability, "probability",
                       model_review_probability(model, wash), &inner->probability,
                       error);
}

CANDOUR_API bool candour_index_new(const struct candour_index_settings *settings,
                                   struct candour_index **result,
                                   struct candour_error *error)
{
    struct candour_index_settings ours = {0};
    struct index_settings inner = {0};
    struct index *made;
    struct err err;

    if (!settings_read(settings, &ours, &inner, error))
        return false;
    if (!index_new(&inner, &made, &err))
        return fail(error, &err);

    struct candour_index *index = memory_new(1, sizeof(*index));

    index->index = made;
    index->model = inner.model;
    index->probability = inner.probability;
    index->reading.arena = arena_new();
    index->reading.pivot_year = ours.pivot_year ? ours.pivot_year : year_now();
    *result = index;
    return true;
}

CANDOUR_API void candour_index_free(struct candour_index *index)
{
    if (!index)
        return;
    index_free(index->index);
    arena_free(index->reading.arena);
    free(index);
}

/* ---- order of calls ------------------------------------------------------------------ */

static bool stage_reach(struct candour_index *index, enum stage stage, struct err *err)
{
    static const char *const wrong[] = {
        [STAGE_ADDING] = "",
        [STAGE_COUNTING] = "mentions were counted already: add everybody first",
        [STAGE_BUILT] = "the index is built already: begin another",
        [STAGE_BROKEN] = "building the index failed: begin another",
    };

    if (index->stage > stage || index->stage >= STAGE_BUILT)
        return err_set(err, ERR_USAGE, "%s", wrong[index->stage]);
    index->stage = stage;
    return true;
}

static bool room_for(const struct candour_index *index, size_t more, struct err *err)
{
    if (more > PEOPLE_MAX - index->people)
        return err_set(err, ERR_INPUT,
                       "more than 2,147,483,646 people on the left: make more than one "
                       "index");
    return true;
}

/* Room was asked for, so adding does not fail. */
static bool person_add(struct candour_index *index, const struct person *person,
                       struct err *err)
{
    if (!index_add(index->index, person, err))
        return false;
    index->people++;
    return true;
}

/* ---- adding ------------------------------------------------------------------------------ */

CANDOUR_API bool candour_index_add(struct candour_index *index,
                                   const struct candour_value values[], size_t count,
                                   struct candour_error *error)
{
    struct reading *reading = &index->reading;
    struct person person;
    struct err err;

    reading->unread_dates = 0;
    arena_reset(reading->arena);
    if (!values_read(values, count, reading, &person, &err) ||
        !stage_reach(index, STAGE_ADDING, &err) || !room_for(index, 1, &err) ||
        !person_add(index, &person, &err))
        return fail(error, &err);
    index->unread_dates += reading->unread_dates;
    return true;
}

CANDOUR_API bool candour_index_add_table(struct candour_index *index,
                                         const struct candour_table *people,
                                         struct candour_error *error)
{
    struct reading *reading = &index->reading;
    struct rows rows;
    struct err err;

    if (!rows_open(people, &rows, &err) || !stage_reach(index, STAGE_ADDING, &err) ||
        !room_for(index, people->row_count, &err))
        return fail(error, &err);
    reading->unread_dates = 0;
    for (size_t row = 0; row < people->row_count; row++) {
        struct person person;

        arena_reset(reading->arena);
        row_read(&rows, row, reading, &person);
        if (!person_add(index, &person, &err))
            return fail(error, &err);
    }
    index->unread_dates += reading->unread_dates;
    return true;
}

/* ---- counting ------------------------------------------------------------------------------ */

CANDOUR_API bool candour_index_count(struct candour_index *index,
                                     const struct candour_value values[], size_t count,
                                     struct candour_error *error)
{
    struct person person;
    struct err err;

    arena_reset(index->reading.arena);
    if (!values_read(values, count, &index->reading, &person, &err) ||
        !stage_reach(index, STAGE_COUNTING, &err))
        return fail(error, &err);
    index_sample(index->index, &person);
    return true;
}

CANDOUR_API bool candour_index_count_table(struct candour_index *index,
                                           const struct candour_table *mentions,
                                           struct candour_error *error)
{
    struct rows rows;
    struct err err;

    if (!rows_open(mentions, &rows, &err) || !stage_reach(index, STAGE_COUNTING, &err))
        return fail(error, &err);
    for (size_t row = 0; row < mentions->row_count; row++) {
        struct person person;

        arena_reset(index->reading.arena);
        row_read(&rows, row, &index->reading, &person);
        index_sample(index->index, &person);
    }
    return true;
}

CANDOUR_API bool candour_index_build(struct candour_index *index,
                                     struct candour_error *error)
{
    struct err err;

    if (!stage_reach(index, STAGE_COUNTING, &err))
        return fail(error, &err);
    if (!index_build(index->index, &err)) {
        index->stage = STAGE_BROKEN;
        return fail(error, &err);
    }
    index->stage = STAGE_BUILT;
    return true;
}

/* ---- asking about it -------------------------------------------------------------------------- */

CANDOUR_API size_t candour_index_people(const struct candour_index *index)
{
    return index->people;
}

CANDOUR_API size_t candour_index_bytes(const struct candour_index *index)
{
    return index->stage == STAGE_BUILT ? index_bytes(index->index) : 0;
}

CANDOUR_API double candour_index_prior(const struct candour_index *index)
{
    return index->stage == STAGE_BUILT ? (double)index_prior(index->index) / BITS_ONE
                                       : 0;
}

CANDOUR_API double candour_index_probability(const struct candour_index *index)
{
    return index->probability / 1e6;
}

CANDOUR_API uint64_t candour_index_unread_dates(const struct candour_index *index)
{
    return index->unread_dates;
}
