#include "cli/eval.h"

/* ---- text ------------------------------------------------------------------------------ */

static void share(FILE *to, uint32_t millionths)
{
    fprintf(to, "  %u.%04u", (millionths + 50) / 1000000,
            (millionths + 50) % 1000000 / 100);
}

static void figures(const struct quality *quality, FILE *to)
{
    char number[32];

    share(to, quality_precision(quality));
    fputs("   ", to);
    share(to, quality_recall(quality));
    share(to, quality_f1(quality));
    fprintf(to, "  %14s", number_text(quality->found, number));
    fprintf(to, "  %14s", number_text(quality->right_found, number));
}

/* Pairs to look at per 1,000 people screened. */
static void alerts(const struct eval_result *result, const struct quality *quality,
                   FILE *to)
{
    if (result->people)
        fprintf(to, "  %10.2f", eval_alerts(result, quality));
    fputc('\n', to);
}

static void threshold_row(const struct eval_result *result,
                          const struct quality *quality, const char *note, FILE *to)
{
    fprintf(to, "  %u.%06u", quality->probability / 1000000,
            quality->probability % 1000000);
    fprintf(to, "  %-14s", note);
    figures(quality, to);
    alerts(result, quality, to);
}

#define FIGURES_HEAD "  precision  recall      F1           found           right"

static void text_thresholds(const struct eval_result *result, FILE *to)
{
    fprintf(to, "\n  threshold%16s" FIGURES_HEAD "%s\n", "",
            result->people ? "   per 1,000" : "");
    for (size_t i = 0; i < EVAL_THRESHOLDS; i++)
        threshold_row(result, &result->at[i], "", to);
    fputc('\n', to);
    threshold_row(result, &result->best, "best F1", to);
    for (size_t i = 0; i < EVAL_PRECISIONS; i++) {
        char note[32];

        snprintf(note, sizeof(note), "precision %.3f",
                 (double)eval_precisions[i] / 1000000);
        if (result->at_precision[i].found)
            threshold_row(result, &result->at_precision[i], note, to);
        else
            fprintf(to, "  %-8s  %-14s  no threshold reaches it\n", "-", note);
    }
}

static void text_calibration(const struct eval_result *result, FILE *to)
{
    char number[32];

    fprintf(to, "\n  probability given   pairs   mean given   share right\n");
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration *bin = &result->calibration[i];

        if (bin->pairs)
            fprintf(to, "  %.1f to %.1f  %14s       %.4f        %.4f\n",
                    (double)i / CALIBRATION_BINS, (double)(i + 1) / CALIBRATION_BINS,
                    number_text(bin->pairs, number),
                    (double)bin->sum / (double)bin->pairs / 1e6,
                    (double)bin->right / (double)bin->pairs);
    }
    fprintf(to,
            "\n  Brier score %.4f, expected calibration error %.4f, worst tenth %.4f "
            "(from %.1f)\n",
            (double)result->reliability.brier / 1e6,
            (double)result->reliability.error / 1e6,
            (double)result->reliability.worst / 1e6,
            (double)result->reliability.worst_bin / CALIBRATION_BINS);
}

static void interval(uint64_t part, uint64_t whole, FILE *to)
{
    struct interval of = share_interval(part, whole);

    fprintf(to, "  %.3f to %.3f", (double)of.low / 1e6, (double)of.high / 1e6);
}

static void text_false(const struct eval_result *result, FILE *to)
{
    size_t low = result->false_lowest, high = result->false_highest;
    double least = eval_false_rate(result, low), most = eval_false_rate(result, high);

    fprintf(to, "  false hits per 1,000 of the group: %.2f (%s) to %.2f (%s)", least,
            grouping_name(result->groups, low), most,
            grouping_name(result->groups, high));
    if (least > 0)
        fprintf(to, ", ratio %.2f", most / least);
    fputc('\n', to);
}

static void text_groups(const struct eval_result *result, FILE *to)
{
    char number[32];

    fprintf(to,
            "\n  by %s at %.6f\n  %-24s   true pairs" FIGURES_HEAD
            "   recall, 95 %%  precision, 95 %%  false per 1,000\n",
            grouping_column(result->groups),
            (double)result->by_group[0].probability / 1e6, "");
    for (size_t i = 0; i < grouping_count(result->groups); i++) {
        const struct quality *group = &result->by_group[i];

        if (group->truth == 0 && group->found == 0)
            continue;
        fprintf(to, "  %-24.24s %12s", grouping_name(result->groups, i),
                number_text(group->truth, number));
        figures(group, to);
        interval(group->right_found, group->truth, to);
        interval(group->right_found, group->found, to);
        fprintf(to, "  %10.2f\n", eval_false_rate(result, i));
    }
    if (result->gap_groups < 2)
        fprintf(to, "\n  gap in recall: fewer than two groups have %llu true pairs\n",
                (unsigned long long)result->least);
    else
        fprintf(
            to,
            "\n  gap in recall: %.2f points, from %s to %s (%zu groups with at least "
            "%llu true pairs)\n",
            (double)eval_gap(result) / 1e4,
            grouping_name(result->groups, result->gap_lowest),
            grouping_name(result->groups, result->gap_highest), result->gap_groups,
            (unsigned long long)result->least);
    if (result->gap_groups >= 2)
        text_false(result, to);
}

void eval_text(const struct eval_result *result, FILE *to)
{
    char number[32];

    fprintf(to, "  true pairs  %14s\n", number_text(result->truth, number));
    fprintf(to, "  pairs found %14s", number_text(result->found, number));
    if (result->rows != result->found)
        fprintf(to, "   in %s rows", number_text(result->rows, number));
    fputc('\n', to);
    text_thresholds(result, to);
    text_calibration(result, to);
    if (result->groups)
        text_groups(result, to);
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void json_share(FILE *to, const char *name, uint32_t millionths)
{
    fprintf(to, "\"%s\": %u.%06u", name, millionths / 1000000, millionths % 1000000);
}

static void json_figures(const struct quality *quality, FILE *to)
{
    json_share(to, "precision", quality_precision(quality));
    fputs(", ", to);
    json_share(to, "recall", quality_recall(quality));
    fputs(", ", to);
    json_share(to, "f1", quality_f1(quality));
    fprintf(to, ", \"found\": %llu, \"right\": %llu, \"truth\": %llu}",
            (unsigned long long)quality->found,
            (unsigned long long)quality->right_found,
            (unsigned long long)quality->truth);
}

static void json_interval(FILE *to, const char *name, uint64_t part, uint64_t whole)
{
    struct interval interval = share_interval(part, whole);

    fprintf(to, "\"%s\": [%.6f, %.6f], ", name, (double)interval.low / 1e6,
            (double)interval.high / 1e6);
}

static void json_quality(const struct quality *quality, FILE *to)
{
    fputc('{', to);
    json_share(to, "threshold", quality->probability);
    fputs(", ", to);
    json_figures(quality, to);
}

static void json_precisions(const struct eval_result *result, FILE *to)
{
    fputs(", \"at_precision\": [", to);
    for (size_t i = 0; i < EVAL_PRECISIONS; i++) {
        const struct quality *quality = &result->at_precision[i];

        fputs(i ? ", {" : "{", to);
        json_share(to, "wanted", eval_precisions[i]);
        fprintf(to,
                ", \"reached\": %s, \"quality\": ", quality->found ? "true" : "false");
        json_quality(quality, to);
        fputc('}', to);
    }
    fputc(']', to);
}

static void json_calibration(const struct eval_result *result, FILE *to)
{
    fputs(", \"calibration\": [", to);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration *bin = &result->calibration[i];

        fprintf(to, "%s{\"from\": 0.%zu, \"pairs\": %llu, \"right\": %llu, ",
                i ? ", " : "", i, (unsigned long long)bin->pairs,
                (unsigned long long)bin->right);
        json_share(to, "mean", bin->pairs ? (uint32_t)(bin->sum / bin->pairs) : 0);
        fputc('}', to);
    }
    fputc(']', to);
}

/* Null where there is nothing to divide by. */
static void json_false(const struct eval_result *result, FILE *to)
{
    double least =
        result->false_lowest ? eval_false_rate(result, result->false_lowest) : 0;

    if (least > 0)
        fprintf(to, ", \"false_hit_ratio\": %.4f",
                eval_false_rate(result, result->false_highest) / least);
    else
        fputs(", \"false_hit_ratio\": null", to);
}

static void json_groups(const struct eval_result *result, FILE *to)
{
    fputs(", \"by\": {\"column\": ", to);
    json_string(to, grouping_column(result->groups));
    fputs(", ", to);
    json_share(to, "threshold", result->by_group[0].probability);
    fputs(", \"groups\": [", to);
    for (size_t i = 0; i < grouping_count(result->groups); i++) {
        fputs(i ? ", {\"group\": " : "{\"group\": ", to);
        json_string(to, grouping_name(result->groups, i));
        fputs(", ", to);
        json_interval(to, "recall_interval", result->by_group[i].right_found,
                      result->by_group[i].truth);
        json_interval(to, "precision_interval", result->by_group[i].right_found,
                      result->by_group[i].found);
        fprintf(to, "\"members\": %llu, \"false_per_1000\": %.4f, ",
                (unsigned long long)grouping_members(result->groups, i),
                eval_false_rate(result, i));
        json_figures(&result->by_group[i], to);
    }
    fprintf(to, "], \"least\": %llu, \"groups_compared\": %zu, ",
            (unsigned long long)result->least, result->gap_groups);
    json_share(to, "gap", eval_gap(result));
    json_false(result, to);
    fputc('}', to);
}

void eval_json(const struct eval_result *result, FILE *to)
{
    fprintf(to,
            "{\"command\": \"eval\", \"truth\": %llu, \"found\": %llu, \"rows\": %llu",
            (unsigned long long)result->truth, (unsigned long long)result->found,
            (unsigned long long)result->rows);
    fputs(", \"best\": ", to);
    json_quality(&result->best, to);
    fputs(", \"at_half\": ", to);
    json_quality(&result->half, to);
    json_precisions(result, to);
    fprintf(to,
            ", \"reliability\": {\"brier\": %.6f, \"calibration_error\": %.6f, "
            "\"worst_tenth\": %.6f, \"worst_from\": %.1f}",
            (double)result->reliability.brier / 1e6,
            (double)result->reliability.error / 1e6,
            (double)result->reliability.worst / 1e6,
            (double)result->reliability.worst_bin / CALIBRATION_BINS);
    if (result->people) {
        fprintf(to, ", \"people\": %llu, \"alerts_per_1000\": [",
                (unsigned long long)result->people);
        for (size_t i = 0; i < EVAL_THRESHOLDS; i++)
            fprintf(to, "%s%.4f", i ? ", " : "", eval_alerts(result, &result->at[i]));
        fputc(']', to);
    }
    fputs(", \"thresholds\": [", to);
    for (size_t i = 0; i < EVAL_THRESHOLDS; i++) {
        fputs(i ? ", " : "", to);
        json_quality(&result->at[i], to);
    }
    fputc(']', to);
    json_calibration(result, to);
    if (result->groups)
        json_groups(result, to);
    fputs("}\n", to);
}
