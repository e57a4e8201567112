/* A trained model as text, in the shape of rulebook/model/default.json. */
#include "match/em.h"

#include <stdio.h>
#include <stdlib.h>

static void put_text(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20)
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}

/* Five digits: more is beyond what any file can teach, and fewer would show. */
double digits(double p)
{
    char text[32];

    snprintf(text, sizeof(text), "%.4e", p);
    return strtod(text, NULL);
}

static void put_source(FILE *to, const struct level *start,
                       const struct train_level *level)
{
    static const char *const ways[] = {
        [TRAIN_KEPT] = "kept, too little in the data to tell",
        [TRAIN_LEANT] = "leans on the starting model",
        [TRAIN_COUNTED] = "trained",
        [TRAIN_VALUES] = "exact, from value counts",
    };
    char text[400];

    if (level->m_from == TRAIN_KEPT && level->u_from == TRAIN_KEPT) {
        fputs(", \"source\": ", to);
        put_text(to, start->source);
        return;
    }
    int length = snprintf(text, sizeof(text), "m %s: %.1f expected true pairs here; u ",
                          ways[level->m_from], level->matches);

    if (level->u_from == TRAIN_VALUES)
        snprintf(text + length, sizeof(text) - (size_t)length,
                 "counted: %.0f of all pairs but the true ones", level->others);
    else
        snprintf(text + length, sizeof(text) - (size_t)length, "%s",
                 ways[level->u_from]);
    fputs(", \"source\": ", to);
    put_text(to, text);
}

static void put_level(FILE *to, const struct level *start,
                      const struct train_level *level, bool first)
{
    fprintf(to, "%s\n      {\"name\": ", first ? "" : ",");
    put_text(to, start->name);
    fputs(", \"label\": ", to);
    put_text(to, start->label);
    if (level->m > 0) {
        fprintf(to, ", \"m\": %.6g, \"u\": %.6g", digits(level->m), digits(level->u));
        if (start->by_frequency)
            fprintf(to, ", \"by_frequency\": {\"least\": %.6g, \"most\": %.6g}",
                    (double)start->least / BITS_ONE, (double)start->most / BITS_ONE);
        put_source(to, start, level);
    } else {
        fputs(", \"source\": ", to);
        put_text(to, start->source);
    }
    fputc('}', to);
}

static void put_prior(FILE *to, const struct model *start,
                      const struct training *training, bool labelled)
{
    fprintf(to, "  \"prior\": {\"wash_share\": %.6f, \"link_share\": %.6f, ",
            training->share, training->share);
    if (training->others > 0)
        fprintf(to, "\"others\": %.6g, ", training->others);
    fprintf(to, "\"source\": \"%s: %.1f true pairs, %llu mentions",
            labelled ? "counted in the truth given" : "estimated", training->matches,
            (unsigned long long)training->right);
    if (!labelled)
        fprintf(to, ", %.4f of the true pairs reckoned below the threshold of training",
                training->unseen);
    fprintf(to,
            "\"},\n  \"review\": {\"wash_probability\": %.6f, \"link_probability\": "
            "%.6f, \"source\": \"of the starting model\"},\n",
            start->review[0] / 1e6, start->review[1] / 1e6);
}

static void put_head(FILE *to, const struct train_settings *settings,
                     const struct training *training, bool labelled)
{
    const struct train_round *round = &training->round[training->rounds - 1];

    fprintf(to, "{\n  \"name\": \"candour trained %llu x %llu\",\n",
            (unsigned long long)training->left, (unsigned long long)training->right);
    fprintf(
        to,
        "  \"about\": \"Weights trained by candour train %s. m = P(level | same "
        "person), u = P(level | different people), weight = log2(m/u) bits. "
        "by_frequency: u is the share of the very value among the mentions, counted "
        "at the start of the run; u here is used when nothing was counted; least and "
        "most bound the bits.\",\n",
        labelled ? "with a truth" : "without labels");
    fprintf(to, "  \"trained_on\": \"%llu people, %llu mentions%s; %s\",\n",
            (unsigned long long)training->left, (unsigned long long)training->right,
            settings->one_file ? " (one file)" : "",
            labelled ? "labelled pairs" : "no labels");
    fprintf(to,
            "  \"software\": {\"program\": \"candour\", \"version\": \"%s\", "
            "\"text_version\": %d},\n",
            CANDOUR_VERSION, TEXT_VERSION);
    fprintf(
        to,
        "  \"training\": {\"labelled\": %s, \"one_file\": %s, \"least_probability\": "
        "%.6f, \"seed\": %u, \"rounds\": %u, \"converged\": %s, \"pairs\": %llu, "
        "\"patterns\": %llu, \"pairs_counted_for_u\": %llu},\n",
        labelled ? "true" : "false", settings->one_file ? "true" : "false",
        settings->probability / 1e6, settings->seed, training->rounds,
        training->converged ? "true" : "false", (unsigned long long)round->pairs,
        (unsigned long long)round->patterns, (unsigned long long)training->all_pairs);
}

static void put_levels(FILE *to, const struct model *start,
                       const struct training *training, unsigned c)
{
    fputc('[', to);
    for (unsigned l = 0; l < start->count[c]; l++)
        put_level(to, &start->level[c][l], &training->level[c][l], l == 0);
    fputs("\n    ]", to);
}

static void put_others(FILE *to, const struct model *start,
                       const struct training *training)
{
    if (start->other_count == 0)
        return;
    fputs(",\n  \"other_columns\": {", to);
    for (unsigned i = 0; i < start->other_count; i++) {
        fprintf(to, "%s\n    \"%s\": {\"kind\": \"%s\", \"levels\": ", i ? "," : "",
                start->other[i].name, other_kind_name(start->other[i].kind));
        put_levels(to, start, training, other_comparison(i));
        fputc('}', to);
    }
    fputs("\n  }", to);
}

char *model_text(const struct model *start, const struct train_settings *settings,
                 const struct training *training, bool labelled, size_t *size)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, size);

    if (!to)
        return NULL;
    put_head(to, settings, training, labelled);
    put_prior(to, start, training, labelled);
    fputs("  \"comparisons\": {", to);
    for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
        fprintf(to, "%s\n    \"%s\": ", c ? "," : "",
                comparison_name((enum comparison)c));
        put_levels(to, start, training, c);
    }
    fputs("\n  }", to);
    put_others(to, start, training);
    fputs("\n}\n", to);
    if (fclose(to) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
