/* Models as handles: read, named, described level by level. */
#include "library/inner.h"

#include <stdlib.h>

/* What the library is built for, so that an older processor gets an error and not an
 * illegal instruction in the caller's process. */
static bool processor_will_do(struct err *err)
{
#ifdef __x86_64__
    if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt"))
        return err_set(err, ERR_ENVIRONMENT,
                       "this processor has no SSE4.2 or population count; use one "
                       "made since 2009");
#endif
    (void)err;
    return true;
}

static struct candour_model *handle_of(struct model *model)
{
    struct candour_model *handle = memory_new(1, sizeof(*handle));

    handle->model = model;
    return handle;
}

CANDOUR_API bool candour_model_default(struct candour_model **model,
                                       struct candour_error *error)
{
    struct model *made;
    struct err err;

    if (!processor_will_do(&err) || !model_default(&made, &err))
        return fail(error, &err);
    *model = handle_of(made);
    return true;
}

CANDOUR_API bool candour_model_read(const char *path, struct candour_model **model,
                                    struct candour_error *error)
{
    struct model *made;
    struct err err;

    if (!processor_will_do(&err) || !model_read(path, &made, &err))
        return fail(error, &err);
    *model = handle_of(made);
    return true;
}

CANDOUR_API bool candour_model_parse(const char *text, size_t length,
                                     struct candour_model **model,
                                     struct candour_error *error)
{
    struct model *made;
    struct err err;

    if (!processor_will_do(&err) ||
        !model_parse((struct str){text, length}, &made, &err))
        return fail(error, &err);
    *model = handle_of(made);
    return true;
}

CANDOUR_API void candour_model_free(struct candour_model *model)
{
    if (!model)
        return;
    model_free(model->model);
    free(model);
}

CANDOUR_API const char *candour_model_name(const struct candour_model *model)
{
    return model_name(model->model);
}

CANDOUR_API uint64_t candour_model_hash(const struct candour_model *model)
{
    return model_hash(model->model);
}

CANDOUR_API double candour_model_probability(const struct candour_model *model,
                                             enum candour_purpose purpose)
{
    return model_review_probability(model->model, purpose == CANDOUR_WASH) / 1e6;
}

CANDOUR_API double candour_model_share(const struct candour_model *model,
                                       enum candour_purpose purpose)
{
    return model_share(model->model, purpose == CANDOUR_WASH) / 1e6;
}

/* ---- comparisons and levels ------------------------------------------------------------ */

CANDOUR_API uint32_t candour_comparison_count(void)
{
    return COMPARISON_COUNT;
}

CANDOUR_API const char *candour_comparison_name(uint32_t comparison)
{
    return comparison < COMPARISON_COUNT ? comparison_name((enum comparison)comparison)
                                         : NULL;
}

CANDOUR_API const char *candour_comparison_label(uint32_t comparison)
{
    return comparison < COMPARISON_COUNT ? comparison_label((enum comparison)comparison)
                                         : NULL;
}

CANDOUR_API uint32_t candour_level_count(const struct candour_model *model,
                                         uint32_t comparison)
{
    return comparison < COMPARISON_COUNT
               ? (uint32_t)model_level_count(model->model, (enum comparison)comparison)
               : 0;
}

CANDOUR_API bool candour_model_level(const struct candour_model *model,
                                     uint32_t comparison, uint32_t level,
                                     struct candour_level *description,
                                     struct candour_error *error)
{
    if (level >= candour_level_count(model, comparison))
        return fail_with(error, ERR_NOT_FOUND,
                         "comparison %u has no level %u; see candour_level_count()",
                         comparison, level);
    const struct level *found =
        model_level(model->model, (enum comparison)comparison, level);
    struct candour_level ours = {
        .name = found->name,
        .label = found->label,
        .m = found->m,
        .u = found->u,
        .bits = (double)found->bits / BITS_ONE,
        .by_frequency = found->by_frequency,
    };

    return struct_give(description, &ours, sizeof(ours), sizeof(ours), error);
}
