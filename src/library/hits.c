/* Pairs as columns, their evidence one by one, and the explanation of one. */
#include "library/inner.h"

#include "screen/screen.h"

#include <stdlib.h>

struct candour_hits *hits_new(const struct model *model, int32_t prior, size_t count)
{
    struct candour_hits *hits = memory_new(1, sizeof(*hits));
    struct arena *arena = arena_new();

    hits->model = model;
    hits->prior = prior;
    hits->arena = arena;
    hits->count = count;
    hits->left = arena_alloc(arena, count * sizeof(*hits->left));
    hits->right = arena_alloc(arena, count * sizeof(*hits->right));
    hits->probability = arena_alloc(arena, count * sizeof(*hits->probability));
    hits->score = arena_alloc(arena, count * sizeof(*hits->score));
    for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
        hits->level[c] = arena_alloc(arena, count * sizeof(*hits->level[c]));
        hits->bits[c] = arena_alloc(arena, count * sizeof(*hits->bits[c]));
    }
    return hits;
}

void hits_put(struct candour_hits *hits, size_t number, const struct hit *hit)
{
    hits->left[number] = hit->left;
    hits->right[number] = hit->right;
    hits->score[number] = hit->score;
    hits->probability[number] = bits_probability(hit->score);
    for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
        hits->level[c][number] = hit->evidence[c].level;
        hits->bits[c][number] = hit->evidence[c].bits;
    }
}

CANDOUR_API void candour_hits_free(struct candour_hits *hits)
{
    if (!hits)
        return;
    arena_free(hits->arena);
    free(hits);
}

/* ---- as columns ------------------------------------------------------------------------ */

CANDOUR_API size_t candour_hits_count(const struct candour_hits *hits)
{
    return hits->count;
}

CANDOUR_API uint64_t candour_hits_unread_dates(const struct candour_hits *hits)
{
    return hits->unread_dates;
}

CANDOUR_API const uint32_t *candour_hits_left(const struct candour_hits *hits)
{
    return hits->left;
}

CANDOUR_API const uint32_t *candour_hits_right(const struct candour_hits *hits)
{
    return hits->right;
}

CANDOUR_API const int32_t *candour_hits_score(const struct candour_hits *hits)
{
    return hits->score;
}

CANDOUR_API const uint32_t *candour_hits_probability(const struct candour_hits *hits)
{
    return hits->probability;
}

CANDOUR_API const uint8_t *candour_hits_levels(const struct candour_hits *hits,
                                               uint32_t comparison)
{
    return comparison < COMPARISON_COUNT ? hits->level[comparison] : NULL;
}

CANDOUR_API const int32_t *candour_hits_bits(const struct candour_hits *hits,
                                             uint32_t comparison)
{
    return comparison < COMPARISON_COUNT ? hits->bits[comparison] : NULL;
}

/* ---- one by one ------------------------------------------------------------------------- */

static bool number_check(const struct candour_hits *hits, size_t number,
                         struct candour_error *error)
{
    return number < hits->count ||
           fail_with(error, ERR_NOT_FOUND, "no hit %zu; there are %zu, counted from 0",
                     number, hits->count);
}

CANDOUR_API bool candour_hits_get(const struct candour_hits *hits, size_t number,
                                  struct candour_hit *hit, struct candour_error *error)
{
    if (!number_check(hits, number, error))
        return false;
    struct candour_hit ours = {
        .left = hits->left[number],
        .right = hits->right[number],
        .probability = hits->probability[number] / 1e6,
        .score = (double)hits->score[number] / BITS_ONE,
        .prior = (double)hits->prior / BITS_ONE,
    };

    return struct_give(hit, &ours, sizeof(ours), sizeof(ours), error);
}

CANDOUR_API bool candour_hits_evidence(const struct candour_hits *hits, size_t number,
                                       uint32_t comparison,
                                       struct candour_evidence *evidence,
                                       struct candour_error *error)
{
    if (!number_check(hits, number, error))
        return false;
    if (comparison >= COMPARISON_COUNT)
        return fail_with(error, ERR_NOT_FOUND,
                         "no comparison %u; there are %u, counted from 0", comparison,
                         (unsigned)COMPARISON_COUNT);

    uint8_t number_of_level = hits->level[comparison][number];
    const struct level *level =
        model_level(hits->model, (enum comparison)comparison, number_of_level);
    struct candour_evidence ours = {
        .comparison = comparison_name((enum comparison)comparison),
        .level = level->name,
        .label = level->label,
        .level_number = number_of_level,
        .bits = (double)hits->bits[comparison][number] / BITS_ONE,
    };

    return struct_give(evidence, &ours, sizeof(ours), sizeof(ours), error);
}

/* ---- explained ---------------------------------------------------------------------------- */

CANDOUR_API bool candour_hits_explain(const struct candour_hits *hits, size_t number,
                                      enum candour_format format, char **text,
                                      struct candour_error *error)
{
    static void (*const writers[])(const struct waterfall *, struct out *) = {
        [CANDOUR_TEXT] = waterfall_text,
        [CANDOUR_JSON] = waterfall_json,
        [CANDOUR_SVG] = waterfall_svg,
    };
    struct evidence evidence[COMPARISON_COUNT];

    if (!number_check(hits, number, error))
        return false;
    if ((size_t)format >= COUNT(writers))
        return fail_with(error, ERR_USAGE,
                         "format: want CANDOUR_TEXT, CANDOUR_JSON or CANDOUR_SVG");
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        evidence[c] = (struct evidence){hits->level[c][number], hits->bits[c][number]};

    struct waterfall waterfall = {hits->model, hits->prior, hits->score[number],
                                  evidence};
    struct out *out = out_memory();

    writers[format](&waterfall, out);
    *text = out_take(out);
    return true;
}

CANDOUR_API void candour_text_free(char *text)
{
    free(text);
}
