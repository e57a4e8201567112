/* Groups side by side: recall and its gap, false hits and their ratio, as worked out and shown. */
#include "cli/eval.h"

#include <stdlib.h>

/* ---- working out: group 0, "not known", never counts --------------------------------------- */

static void recalls_work_out(struct eval_groups *groups, const struct tally *tally,
                             uint32_t probability)
{
    struct group_recall *counted =
        memory_new(groups->count + 1, sizeof(struct group_recall));
    struct judged *list;
    size_t n = tally_judge(tally, probability, &list);

    group_recalls(list, n, groups->recall, groups->count);
    free(list);
    for (size_t i = 1; i < groups->count; i++) {
        const struct group_recall *recall = &groups->recall[i];

        if (recall->pairs == 0)
            continue;
        if (recall->pairs < groups->least) {
            groups->recall_left_out++;
            continue;
        }
        counted[groups->compared++] = *recall;
        if (!groups->lowest || recall->recall < groups->recall[groups->lowest].recall)
            groups->lowest = i;
        if (!groups->highest || recall->recall > groups->recall[groups->highest].recall)
            groups->highest = i;
    }
    groups->gap = recall_gap(counted, groups->compared);
    free(counted);
}

static struct rate false_rate(const struct eval_groups *groups, size_t i)
{
    const struct quality *quality = &groups->quality[i];

    return rate_interval(quality->found - quality->right_found,
                         grouping_members(groups->grouping, i));
}

static void false_work_out(struct eval_groups *groups)
{
    uint64_t wrong = 0, members = 0;

    for (size_t i = 1; i < groups->count; i++) {
        uint64_t own = grouping_members(groups->grouping, i);
        double rate = false_rate(groups, i).per_1000;

        wrong += groups->quality[i].found - groups->quality[i].right_found;
        members += own;
        if (own < groups->least_people) {
            groups->false_left_out++;
            continue;
        }
        groups->false_compared++;
        if (!groups->false_lowest ||
            rate < false_rate(groups, groups->false_lowest).per_1000)
            groups->false_lowest = i;
        if (!groups->false_highest ||
            rate > false_rate(groups, groups->false_highest).per_1000)
            groups->false_highest = i;
    }
    groups->false_all = rate_interval(wrong, members).per_1000;
}

void eval_groups_work_out(struct eval_groups *groups, const struct tally *tally,
                          uint32_t probability)
{
    groups->count = grouping_count(groups->grouping);
    groups->quality = memory_new(groups->count, sizeof(struct quality));
    groups->recall = memory_new(groups->count, sizeof(struct group_recall));
    tally_groups(tally, probability, groups->quality, groups->count);
    recalls_work_out(groups, tally, probability);
    false_work_out(groups);
}

void eval_groups_free(struct eval_groups *groups)
{
    free(groups->quality);
    free(groups->recall);
}

struct interval eval_recall_interval(const struct group_recall *recall)
{
    double low = recall->recall - 1.96 * recall->error;
    double high = recall->recall + 1.96 * recall->error;

    return (struct interval){low > 0 ? (uint32_t)(low * 1e6 + 0.5) : 0,
                             high < 1 ? (uint32_t)(high * 1e6 + 0.5) : 1000000};
}

/* ---- text ------------------------------------------------------------------------------- */

static void interval(struct interval of, FILE *to)
{
    fprintf(to, "  %.3f to %.3f", (double)of.low / 1e6, (double)of.high / 1e6);
}

static void text_rows(const struct eval_groups *groups, FILE *to)
{
    char number[32];

    for (size_t i = 0; i < groups->count; i++) {
        const struct quality *quality = &groups->quality[i];
        struct rate rate = false_rate(groups, i);

        if (quality->truth == 0 && quality->found == 0)
            continue;
        fprintf(to, "  %-24.24s %12s", grouping_name(groups->grouping, i),
                number_text(quality->truth, number));
        eval_figures(quality, to);
        if (groups->recall[i].pairs)
            interval(eval_recall_interval(&groups->recall[i]), to);
        else
            fprintf(to, "  %-14s", "-");
        interval(share_interval(quality->right_found, quality->found), to);
        fprintf(to, "  %10.2f  %.2f to %.2f\n", rate.per_1000, rate.low, rate.high);
    }
}

static void text_gap(const struct eval_groups *groups, FILE *to)
{
    if (groups->compared < 2) {
        fprintf(to, "\n  gap in recall: fewer than two groups have %llu true pairs\n",
                (unsigned long long)groups->least);
        return;
    }
    fprintf(to, "\n  gap in recall: %.2f points, from %s to %s (%zu groups",
            groups->gap.points * 100, grouping_name(groups->grouping, groups->lowest),
            grouping_name(groups->grouping, groups->highest), groups->compared);
    if (groups->recall_left_out)
        fprintf(to, "; %zu with fewer than %llu true pairs left out",
                groups->recall_left_out, (unsigned long long)groups->least);
    fprintf(
        to,
        ")\n  of it by chance: %.2f points are to be expected of groups of these sizes "
        "if all were served alike; a standard deviation of %.2f points between groups "
        "is not explained by chance\n",
        groups->gap.by_chance * 100, groups->gap.unexplained * 100);
}

static void text_false(const struct eval_groups *groups, FILE *to)
{
    if (groups->false_compared < 2) {
        fprintf(to, "  false hits: fewer than two groups have %llu members\n",
                (unsigned long long)groups->least_people);
        return;
    }

    double least = false_rate(groups, groups->false_lowest).per_1000;
    double most = false_rate(groups, groups->false_highest).per_1000;

    fprintf(to, "  false hits per 1,000 of the group: %.2f (%s) to %.2f (%s)", least,
            grouping_name(groups->grouping, groups->false_lowest), most,
            grouping_name(groups->grouping, groups->false_highest));
    if (least > 0)
        fprintf(to, ", ratio %.2f", most / least);
    if (groups->false_all > 0)
        fprintf(to, "; the most are %.2f times those of all, %.2f",
                most / groups->false_all, groups->false_all);
    if (groups->false_left_out)
        fprintf(to, "; %zu groups of fewer than %llu left out", groups->false_left_out,
                (unsigned long long)groups->least_people);
    fputc('\n', to);
}

void eval_groups_text(const struct eval_groups *groups, FILE *to)
{
    fprintf(to,
            "\n  by %s at %.6f\n  %-24s   true pairs" EVAL_FIGURES_HEAD
            "   recall, 95 %%  precision, 95 %%  false per 1,000, 95 %%\n",
            grouping_column(groups->grouping),
            (double)groups->quality[0].probability / 1e6, "");
    text_rows(groups, to);
    text_gap(groups, to);
    text_false(groups, to);
}

/* ---- JSON ------------------------------------------------------------------------------- */

static void json_interval(FILE *to, const char *name, struct interval interval)
{
    fprintf(to, "\"%s\": [%.6f, %.6f], ", name, (double)interval.low / 1e6,
            (double)interval.high / 1e6);
}

static void json_group(const struct eval_groups *groups, size_t i, FILE *to)
{
    const struct quality *quality = &groups->quality[i];
    struct rate rate = false_rate(groups, i);

    fputs(i ? ", {\"group\": " : "{\"group\": ", to);
    json_string(to, grouping_name(groups->grouping, i));
    fputs(", ", to);
    if (groups->recall[i].pairs)
        json_interval(to, "recall_interval", eval_recall_interval(&groups->recall[i]));
    else
        fputs("\"recall_interval\": null, ", to);
    json_interval(to, "precision_interval",
                  share_interval(quality->right_found, quality->found));
    fprintf(to,
            "\"members\": %llu, \"people_of_pairs\": %llu, \"false_per_1000\": %.4f, "
            "\"false_interval\": [%.4f, %.4f], ",
            (unsigned long long)grouping_members(groups->grouping, i),
            (unsigned long long)groups->recall[i].people, rate.per_1000, rate.low,
            rate.high);
    eval_figures_json(quality, to);
}

/* Null where there is nothing to divide by. */
static void json_ratio(FILE *to, const char *name, double most, double least)
{
    if (least > 0)
        fprintf(to, ", \"%s\": %.4f", name, most / least);
    else
        fprintf(to, ", \"%s\": null", name);
}

void eval_groups_json(const struct eval_groups *groups, FILE *to)
{
    bool compared = groups->false_compared >= 2;
    double most = compared ? false_rate(groups, groups->false_highest).per_1000 : 0;
    double least = compared ? false_rate(groups, groups->false_lowest).per_1000 : 0;

    fputs(", \"by\": {\"column\": ", to);
    json_string(to, grouping_column(groups->grouping));
    fprintf(to, ", \"threshold\": %.6f, \"groups\": [",
            (double)groups->quality[0].probability / 1e6);
    for (size_t i = 0; i < groups->count; i++)
        json_group(groups, i, to);
    fprintf(to,
            "], \"least\": %llu, \"groups_compared\": %zu, \"groups_left_out\": %zu, "
            "\"gap\": %.6f, \"gap_by_chance\": %.6f, \"gap_unexplained\": %.6f, "
            "\"least_people\": %llu, \"false_groups_left_out\": %zu",
            (unsigned long long)groups->least, groups->compared,
            groups->recall_left_out, groups->gap.points, groups->gap.by_chance,
            groups->gap.unexplained, (unsigned long long)groups->least_people,
            groups->false_left_out);
    json_ratio(to, "false_hit_ratio", most, least);
    json_ratio(to, "false_hit_ratio_to_all", most, compared ? groups->false_all : 0);
    fputc('}', to);
}
