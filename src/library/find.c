/*
 * The right side: a table is cut into parts of equal size, any thread takes any part,
 * and what was found is put together in the order of the parts.
 */
#include "library/inner.h"

#include <stdlib.h>
#include <string.h>

enum { PART_ROWS = 1024 };

struct candour_finder {
    const struct candour_index *index;
    unsigned threads;
    struct matcher **matchers; /* one for each thread, made when first used */
};

CANDOUR_API bool candour_finder_new(const struct candour_index *index, uint32_t threads,
                                    struct candour_finder **result,
                                    struct candour_error *error)
{
    if (index->stage != STAGE_BUILT)
        return fail_with(error, ERR_USAGE,
                         "the index is not built; call candour_index_build() first");

    struct candour_finder *finder = memory_new(1, sizeof(*finder));

    finder->index = index;
    finder->threads = threads ? threads : threads_available();
    finder->matchers = memory_new(finder->threads, sizeof(struct matcher *));
    *result = finder;
    return true;
}

CANDOUR_API void candour_finder_free(struct candour_finder *finder)
{
    if (!finder)
        return;
    for (unsigned i = 0; i < finder->threads; i++)
        matcher_free(finder->matchers[i]);
    free(finder->matchers);
    free(finder);
}

/* Each worker asks for its own place only. */
static struct matcher *matcher_of(struct candour_finder *finder, unsigned worker)
{
    if (!finder->matchers[worker])
        finder->matchers[worker] = matcher_new(finder->index->index);
    return finder->matchers[worker];
}

static bool threshold_read(const struct candour_index *index, double probability,
                           int32_t *threshold, struct candour_error *error)
{
    uint32_t millionths;

    if (!chance_read(probability, "probability", index->probability, &millionths,
                     error))
        return false;
    if (millionths < index->probability)
        return fail_with(error, ERR_USAGE,
                         "probability: the index was made for %.6f and above; make one "
                         "with a lower probability",
                         index->probability / 1e6);
    *threshold = bits_odds(millionths);
    return true;
}

static struct candour_hits *hits_of(const struct candour_index *index,
                                    const struct hit *list, size_t count)
{
    struct candour_hits *hits =
        hits_new(index->model, index_prior(index->index), count);

    for (size_t i = 0; i < count; i++)
        hits_put(hits, i, &list[i]);
    return hits;
}

/* ---- one mention --------------------------------------------------------------------- */

CANDOUR_API bool candour_find(struct candour_finder *finder,
                              const struct candour_value values[], size_t count,
                              double probability, struct candour_hits **hits,
                              struct candour_error *error)
{
    const struct candour_index *index = finder->index;
    struct reading reading = {arena_new(), index->reading.pivot_year, 0};
    struct hits found = {0};
    struct person person;
    int32_t threshold = 0;
    struct err err;
    bool ok = threshold_read(index, probability, &threshold, error);

    if (ok && !values_read(values, count, &reading, &person, &err))
        ok = fail(error, &err);
    if (ok) {
        matcher_find(matcher_of(finder, 0), &person, 1, threshold, &found);
        *hits = hits_of(index, found.list, found.count);
        (*hits)->unread_dates = reading.unread_dates;
    }
    free(found.list);
    arena_free(reading.arena);
    return ok;
}

CANDOUR_API bool candour_score(struct candour_finder *finder, uint32_t position,
                               const struct candour_value values[], size_t count,
                               struct candour_hits **hits, struct candour_error *error)
{
    const struct candour_index *index = finder->index;
    struct reading reading = {arena_new(), index->reading.pivot_year, 0};
    struct person person;
    struct hit hit = {0};
    struct err err;
    bool ok = position < index->people ||
              fail_with(error, ERR_NOT_FOUND,
                        "nobody has position %u; the index holds %zu people, counted "
                        "from 0",
                        position, index->people);

    if (ok && !values_read(values, count, &reading, &person, &err))
        ok = fail(error, &err);
    if (ok) {
        matcher_score(matcher_of(finder, 0), position, &person, &hit);
        hit.left = position;
        hit.right = 0;
        *hits = hits_of(index, &hit, 1);
        (*hits)->unread_dates = reading.unread_dates;
    }
    arena_free(reading.arena);
    return ok;
}

/* ---- a table ------------------------------------------------------------------------------ */

struct part {
    struct hits hits;
    uint64_t unread_dates;
};

struct job {
    struct candour_finder *finder;
    const struct rows *rows;
    int32_t threshold;
    struct part *parts;
};

static void part_find(void *context, size_t number, unsigned worker)
{
    struct job *job = context;
    struct part *part = &job->parts[number];
    struct reading reading = {arena_new(), job->finder->index->reading.pivot_year, 0};
    struct person *people =
        arena_alloc(reading.arena, PART_ROWS * sizeof(struct person));
    size_t first = number * PART_ROWS, rest = job->rows->table.row_count - first;
    size_t count = rest < PART_ROWS ? rest : PART_ROWS;

    for (size_t i = 0; i < count; i++)
        row_read(job->rows, first + i, &reading, &people[i]);
    matcher_find(matcher_of(job->finder, worker), people, count, job->threshold,
                 &part->hits);
    for (size_t i = 0; i < part->hits.count; i++)
        part->hits.list[i].right += (uint32_t)first;
    part->unread_dates = reading.unread_dates;
    arena_free(reading.arena);
}

static struct candour_hits *parts_join(const struct candour_index *index,
                                       struct part *parts, size_t count)
{
    size_t total = 0, at = 0;

    for (size_t i = 0; i < count; i++)
        total += parts[i].hits.count;

    struct candour_hits *hits =
        hits_new(index->model, index_prior(index->index), total);

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < parts[i].hits.count; k++)
            hits_put(hits, at++, &parts[i].hits.list[k]);
        hits->unread_dates += parts[i].unread_dates;
        free(parts[i].hits.list);
    }
    return hits;
}

CANDOUR_API bool candour_find_table(struct candour_finder *finder,
                                    const struct candour_table *mentions,
                                    double probability, struct candour_hits **hits,
                                    struct candour_error *error)
{
    struct rows rows;
    struct err err;
    struct job job = {.finder = finder, .rows = &rows};

    if (!threshold_read(finder->index, probability, &job.threshold, error))
        return false;
    if (!rows_open(mentions, &rows, &err))
        return fail(error, &err);

    size_t count = (mentions->row_count + PART_ROWS - 1) / PART_ROWS;

    job.parts = memory_new(count, sizeof(*job.parts));
    parallel_for(finder->threads, count, &job, part_find);
    *hits = parts_join(finder->index, job.parts, count);
    free(job.parts);
    return true;
}

/* ---- two people without an index ------------------------------------------------------------- */

/* An index of one is made, and the prior of `people` put in the place of its own. */
static bool pair_find(const struct model *model, uint32_t share,
                      const struct person *left, const struct person *right,
                      struct hit *hit, struct err *err)
{
    struct index_settings settings = {
        .model = model, .share = share, .probability = 500000, .threads = 1};
    struct index *index;

    if (!index_new(&settings, &index, err))
        return false;

    bool ok = index_add(index, left, err) && index_build(index, err);

    if (ok) {
        struct matcher *matcher = matcher_new(index);

        matcher_score(matcher, 0, right, hit);
        hit->score -= index_prior(index);
        hit->left = hit->right = 0;
        matcher_free(matcher);
    }
    index_free(index);
    return ok;
}

static bool pair_check(uint64_t people, struct candour_error *error)
{
    const uint64_t most = UINT64_C(1000000000000); /* its millionths fit 64 bits */

    if (people < 1 || people > most)
        return fail_with(error, ERR_USAGE, "people: want from 1 to 1,000,000,000,000");
    return true;
}

CANDOUR_API bool candour_compare(const struct candour_model *model, double share,
                                 uint64_t people, const struct candour_value left[],
                                 size_t left_count, const struct candour_value right[],
                                 size_t right_count, struct candour_hits **hits,
                                 struct candour_error *error)
{
    struct person one, other;
    struct hit hit = {0};
    uint32_t millionths;
    struct err err;

    if (!pair_check(people, error) ||
        !chance_read(share, "share", 0, &millionths, error))
        return false;

    struct reading reading = {arena_new(), year_now(), 0};
    bool ok = values_read(left, left_count, &reading, &one, &err) &&
              values_read(right, right_count, &reading, &other, &err) &&
              pair_find(model->model, millionths, &one, &other, &hit, &err);

    if (ok) {
        int32_t prior = model_prior(model->model, millionths, people);

        hit.score += prior;
        *hits = hits_new(model->model, prior, 1);
        hits_put(*hits, 0, &hit);
        (*hits)->unread_dates = reading.unread_dates;
    }
    arena_free(reading.arena);
    return ok || fail(error, &err);
}
