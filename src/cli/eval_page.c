/* What candour eval knows, as the page of room screen wants it. */
#include "cli/eval.h"
#include "screen/screen.h"

#include <stdlib.h>

static size_t groups_collect(const struct eval_result *result,
                             struct evaluation_group *groups)
{
    size_t count = 0;

    for (size_t i = 0; result->groups && i < grouping_count(result->groups); i++)
        if (result->by_group[i].truth || result->by_group[i].found)
            groups[count++] = (struct evaluation_group){
                grouping_name(result->groups, i), result->by_group[i],
                grouping_members(result->groups, i)};
    return count;
}

bool eval_page(const struct eval_result *result, const char *path, struct err *err)
{
    size_t room = result->groups ? grouping_count(result->groups) : 0;
    struct evaluation_group *groups = memory_new(room + 1, sizeof(*groups));
    const struct evaluation page = {
        .pairs = result->pairs_path,
        .truth_file = result->truth_path,
        .truth = result->truth,
        .found = result->found,
        .people = result->people,
        .at = result->at,
        .at_count = EVAL_THRESHOLDS,
        .best = result->best,
        .scored = result->scored,
        .scored_count = result->scored_count,
        .bins = result->calibration,
        .reliability = result->reliability,
        .column = result->groups ? grouping_column(result->groups) : NULL,
        .groups = groups,
        .group_count = groups_collect(result, groups),
    };
    bool ok = evaluation_write(path, &page, err);

    free(groups);
    return ok;
}
