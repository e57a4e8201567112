/* What candour eval knows, as the page of room screen wants it. */
#include "cli/eval.h"
#include "screen/screen.h"

#include <stdlib.h>

static size_t groups_collect(const struct eval_result *result,
                             struct evaluation_group *groups)
{
    const struct eval_groups *from = result->groups;
    size_t count = 0;

    for (size_t i = 0; from && i < from->count; i++)
        if (from->quality[i].truth || from->quality[i].found)
            groups[count++] = (struct evaluation_group){
                .name = grouping_name(from->grouping, i),
                .quality = from->quality[i],
                .recall = from->recall[i].pairs ? eval_recall_interval(&from->recall[i])
                                                : (struct interval){0, 1000000},
                .members = grouping_members(from->grouping, i),
            };
    return count;
}

bool eval_page(const struct eval_result *result, const char *path, struct err *err)
{
    size_t room = result->groups ? result->groups->count : 0;
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
        .column = result->groups ? grouping_column(result->groups->grouping) : NULL,
        .groups = groups,
        .group_count = groups_collect(result, groups),
        .gap = result->groups && result->groups->compared >= 2 ? &result->groups->gap
                                                               : NULL,
    };
    bool ok = evaluation_write(path, &page, err);

    free(groups);
    return ok;
}
