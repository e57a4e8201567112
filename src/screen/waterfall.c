/*
 * One pair's evidence taken apart: the prior, what each comparison adds, the score.
 */
#include "screen/report.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

int32_t waterfall_steps(const struct waterfall *waterfall,
                        struct step steps[COMPARISONS_MAX])
{
    int32_t prior = bits_hundredths(waterfall->prior);
    int32_t before = prior;
    int64_t total = waterfall->prior;

    for (unsigned i = 0; i < model_comparisons(waterfall->model); i++) {
        const struct evidence *evidence = &waterfall->evidence[i];
        enum comparison comparison = (enum comparison)i;

        total += evidence->bits;

        int32_t after = bits_hundredths((int32_t)total);

        steps[i] = (struct step){
            .comparison = comparison,
            .level = model_level(waterfall->model, comparison, evidence->level),
            .bits = evidence->bits,
            .before = before,
            .after = after,
        };
        before = after;
    }
    return prior;
}

/* ---- text ----------------------------------------------------------------------------- */

enum { BAR_MOST = 40 }; /* characters; one a bit */

/* Characters of UTF-8, so that columns line up. */
static int width(const char *text)
{
    int count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void padded(struct out *out, const char *text, int columns)
{
    out_text(out, text);
    out_format(out, "%*s", columns > width(text) ? columns - width(text) : 0, "");
}

/* -2.30 as text; a plain hyphen, for terminals and files of any encoding. */
static void number(struct out *out, int32_t hundredths, bool plus)
{
    char text[32];
    int size = abs(hundredths);

    snprintf(text, sizeof(text), "%s%d.%02d",
             hundredths < 0       ? "-"
             : plus && hundredths ? "+"
                                  : "",
             size / 100, size % 100);
    out_format(out, "%8s", text);
}

static void bar(struct out *out, int32_t hundredths)
{
    int length = (abs(hundredths) + 50) / 100;

    if (length == 0)
        return;
    out_text(out, "  ");
    for (int i = 0; i < length && i < BAR_MOST; i++)
        out_text(out, hundredths < 0 ? "-" : "+");
    if (length > BAR_MOST)
        out_text(out, ">");
}

struct columns {
    int comparison, level;
};

static struct columns widest(const struct model *model, const struct step steps[])
{
    struct columns columns = {width("before comparing"), width("prior")};

    for (unsigned i = 0; i < model_comparisons(model); i++) {
        int comparison = width(model_comparison_label(model, steps[i].comparison));
        int level = width(steps[i].level->label);

        if (steps[i].bits == 0)
            continue;
        columns.comparison =
            comparison > columns.comparison ? comparison : columns.comparison;
        columns.level = level > columns.level ? level : columns.level;
    }
    return columns;
}

static void text_line(struct out *out, struct columns columns, const char *comparison,
                      const char *level, int32_t bits, int32_t total)
{
    padded(out, comparison, columns.comparison + 2);
    padded(out, level, columns.level + 2);
    number(out, bits, true);
    number(out, total, false);
    bar(out, bits);
    out_text(out, "\n");
}

static void text_silent(struct out *out, const struct model *model,
                        const struct step steps[])
{
    const char *lead = "no evidence either way: ";

    for (unsigned i = 0; i < model_comparisons(model); i++) {
        if (steps[i].bits)
            continue;
        out_text(out, lead);
        out_text(out, model_comparison_label(model, steps[i].comparison));
        lead = ", ";
    }
    if (lead[0] == ',')
        out_text(out, "\n");
}

/* Nothing is ever certain: the ends are open. */
static void plain_percent(struct out *out, uint32_t millionths)
{
    if (millionths == 0 || millionths == 1000000)
        out_text(out, millionths ? "over 99.9999%" : "under 0.0001%");
    else
        out_format(out, "%u.%04u%%", millionths / 10000, millionths % 10000);
}

void waterfall_text(const struct waterfall *waterfall, struct out *out)
{
    struct step steps[COMPARISONS_MAX] = {0};
    int32_t prior = waterfall_steps(waterfall, steps);
    struct columns columns = widest(waterfall->model, steps);
    uint32_t probability = bits_probability(waterfall->score);

    padded(out, "", columns.comparison + columns.level + 4);
    out_text(out, "    bits   total\n");
    text_line(out, columns, "before comparing", "prior", prior, prior);
    for (unsigned i = 0; i < model_comparisons(waterfall->model); i++)
        if (steps[i].bits)
            text_line(out, columns,
                      model_comparison_label(waterfall->model, steps[i].comparison),
                      steps[i].level->label, steps[i].after - steps[i].before,
                      steps[i].after);
    padded(out, "score", columns.comparison + columns.level + 4 + 8);
    number(out, bits_hundredths(waterfall->score), false);
    out_text(out, "\n\nprobability under the model: ");
    plain_percent(out, probability);
    out_format(out, " (%s)\n", probability_bands[probability_band(probability)].phrase);
    text_silent(out, waterfall->model, steps);
}

/* ---- JSON ------------------------------------------------------------------------------- */

/* Six places: bits are multiples of 1/65536, so a reader gets them back exactly. */
static void json_bits(struct out *out, int32_t bits)
{
    int64_t size = bits < 0 ? -(int64_t)bits : bits;
    int64_t millionths = (size * 1000000 + BITS_ONE / 2) / BITS_ONE;

    out_format(out, "%s%lld.%06lld", bits < 0 ? "-" : "",
               (long long)(millionths / 1000000), (long long)(millionths % 1000000));
}

void waterfall_json(const struct waterfall *waterfall, struct out *out)
{
    struct step steps[COMPARISONS_MAX] = {0};
    uint32_t probability = bits_probability(waterfall->score);

    waterfall_steps(waterfall, steps);
    out_text(out, "{\"model\":");
    out_json(out, str_of(model_name(waterfall->model)));
    out_text(out, ",\"prior_bits\":");
    json_bits(out, waterfall->prior);
    out_text(out, ",\"evidence\":[");
    for (unsigned i = 0; i < model_comparisons(waterfall->model); i++) {
        out_text(out, i ? ",{\"comparison\":" : "{\"comparison\":");
        out_json(out,
                 str_of(model_comparison_name(waterfall->model, steps[i].comparison)));
        assert(steps[i].level);
        out_text(out, ",\"level\":");
        out_json(out, str_of(steps[i].level->name));
        out_text(out, ",\"label\":");
        out_json(out, str_of(steps[i].level->label));
        out_text(out, ",\"bits\":");
        json_bits(out, steps[i].bits);
        out_text(out, "}");
    }
    out_text(out, "],\"score_bits\":");
    json_bits(out, waterfall->score);
    out_format(out, ",\"probability\":%u.%06u}\n", probability / 1000000,
               probability % 1000000);
}
