/* What training found, for a person and for a program. */
#include "cli/train.h"

static void row(FILE *to, const char *label, uint64_t count)
{
    char number[32];

    fprintf(to, "  %-14s %14s", label, number_text(count, number));
}

static void rows_of(FILE *to, const char *label, const struct train_crowd *crowd)
{
    char number[32];

    row(to, label, crowd->count);
    if (crowd->step > 1)
        fprintf(to, "   every %llu of %s rows", (unsigned long long)crowd->step,
                number_text(crowd->rows, number));
    if (crowd->set_aside)
        fprintf(to, "   %s rows not usable", number_text(crowd->set_aside, number));
    fputc('\n', to);
}

static void rounds(const struct training *training, FILE *to)
{
    fprintf(to, "\n  round       pairs  patterns  iterations       share   moved\n");
    for (unsigned i = 0; i < training->rounds; i++) {
        const struct train_round *round = &training->round[i];

        fprintf(to, "  %5u %11llu %9llu %11u %11.6f %7.3f\n", i + 1,
                (unsigned long long)round->pairs, (unsigned long long)round->patterns,
                round->iterations, round->share, round->moved);
    }
}

static void contributions(const struct training *training, FILE *to)
{
    fprintf(to, "\n  mean bits that each comparison gives a true pair\n");
    for (unsigned c = 0; c < model_comparisons(training->model); c++)
        if (training->contribution[c] != 0)
            fprintf(to, "  %-24s %+7.2f\n",
                    model_comparison_label(training->model, (enum comparison)c),
                    training->contribution[c]);
}

void training_text(const struct training *training, const struct train_crowd *left,
                   const struct train_crowd *right, FILE *to)
{
    char number[32];

    rows_of(to, right ? "left" : "people", left);
    if (right)
        rows_of(to, "right", right);
    row(to, "true pairs", (uint64_t)(training->matches + 0.5));
    fprintf(to, "   expected; %.4f a mention\n", training->share);
    row(to, "unlinkable", training->unlinkable[0]);
    fprintf(to, "   cannot reach 0.5 even against themselves; 0.99: %s\n",
            number_text(training->unlinkable[2], number));
    rounds(training, to);
    contributions(training, to);
}

static void json_levels(const struct training *training, unsigned c, FILE *to)
{
    const struct model *model = training->model;
    size_t count = model_level_count(model, (enum comparison)c);

    fprintf(to, "%s\"%s\": [", c ? ", " : "",
            model_comparison_name(model, (enum comparison)c));
    for (unsigned l = 1; l < count; l++) {
        const struct train_level *level = &training->level[c][l];

        fprintf(to,
                "%s{\"level\": \"%s\", \"m\": %.6g, \"u\": %.6g, \"bits\": %.4f, "
                "\"matches\": %.2f}",
                l > 1 ? ", " : "", model_level(model, (enum comparison)c, l)->name,
                level->m, level->u, (double)level->bits / BITS_ONE, level->matches);
    }
    fputc(']', to);
}

void training_json(const struct training *training, FILE *to)
{
    fprintf(to,
            "{\"command\": \"train\", \"left\": %llu, \"right\": %llu, \"converged\": "
            "%s, \"matches\": %.4f, \"related\": %.4f, \"share\": %.6f, \"unseen\": "
            "%.6f, \"unlinkable_at_half\": %llu, \"rounds\": [",
            (unsigned long long)training->left, (unsigned long long)training->right,
            training->converged ? "true" : "false", training->matches,
            training->related, training->share, training->unseen,
            (unsigned long long)training->unlinkable[0]);
    for (unsigned i = 0; i < training->rounds; i++) {
        const struct train_round *round = &training->round[i];

        fprintf(to,
                "%s{\"pairs\": %llu, \"patterns\": %llu, \"iterations\": %u, "
                "\"likelihood\": %.3f, \"share\": %.6f, \"moved\": %.6f}",
                i ? ", " : "", (unsigned long long)round->pairs,
                (unsigned long long)round->patterns, round->iterations,
                round->likelihood_last, round->share, round->moved);
    }
    fputs("], \"comparisons\": {", to);
    for (unsigned c = 0; c < model_comparisons(training->model); c++)
        json_levels(training, c, to);
    fputs("}}\n", to);
}
