#include "cli/eval.h"

/* ---- text ------------------------------------------------------------------------------ */

static void share(FILE *to, uint32_t millionths)
{
    fprintf(to, "  %u.%04u", (millionths + 50) / 1000000,
            (millionths + 50) % 1000000 / 100);
}

void eval_figures(const struct quality *quality, FILE *to)
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
    eval_figures(quality, to);
    alerts(result, quality, to);
}

static void text_thresholds(const struct eval_result *result, FILE *to)
{
    fprintf(to, "\n  threshold%16s" EVAL_FIGURES_HEAD "%s\n", "",
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
        eval_groups_text(result->groups, to);
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void json_share(FILE *to, const char *name, uint32_t millionths)
{
    fprintf(to, "\"%s\": %u.%06u", name, millionths / 1000000, millionths % 1000000);
}

void eval_figures_json(const struct quality *quality, FILE *to)
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

static void json_quality(const struct quality *quality, FILE *to)
{
    fputc('{', to);
    json_share(to, "threshold", quality->probability);
    fputs(", ", to);
    eval_figures_json(quality, to);
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
        eval_groups_json(result->groups, to);
    fputs("}\n", to);
}
