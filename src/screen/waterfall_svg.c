/*
 * A waterfall as a picture by itself: no styles, scripts or fonts from elsewhere, and
 * the same in words for whoever cannot see it.
 */
#include "screen/report.h"

#include <string.h>

enum {
    WIDE = 860,
    ROW = 30,
    TOP = 38,
    BAR = 16,   /* height of a bar */
    INSET = 7,  /* of a bar in its row */
    BITS = 420, /* right edge of the numbers; what was compared stands left of them */
    LEFT = 440, /* where the scale begins ... */
    RIGHT = 840 /* ... and ends */
};

/* Against is pale with an outline, so that it is told from for without colour. */
enum look { LOOK_PRIOR, LOOK_FOR, LOOK_AGAINST, LOOK_SCORE };

static const struct {
    const char *fill, *stroke, *text; /* text: more attributes of the words */
} looks[] = {
    [LOOK_PRIOR] = {"#5b646c", "#5b646c", ""                     },
    [LOOK_FOR] = {"#1d5f9e", "#1d5f9e", ""                     },
    [LOOK_AGAINST] = {"#ffe3c7", "#a33f00", ""                     },
    [LOOK_SCORE] = {"#0b0c0c", "#0b0c0c", " font-weight=\"bold\""},
};

struct scale {
    int32_t low, high; /* hundredths of a bit */
};

struct bar {
    const char *label, *level;
    int32_t from, to; /* hundredths of a bit */
    enum look look;
};

static int at(struct scale scale, int32_t hundredths)
{
    return LEFT + (int)((int64_t)(hundredths - scale.low) * (RIGHT - LEFT) /
                        (scale.high - scale.low));
}

static struct scale scale_of(int32_t prior, const struct step steps[], unsigned count)
{
    struct scale scale = {prior < 0 ? prior : 0, prior > 0 ? prior : 0};

    for (unsigned i = 0; i < count; i++) {
        scale.low = steps[i].after < scale.low ? steps[i].after : scale.low;
        scale.high = steps[i].after > scale.high ? steps[i].after : scale.high;
    }
    scale.low -= 100;
    scale.high += 100;
    return scale;
}

/* "surname: nearly the same", but "same surname" when that says it by itself. */
static void words(struct out *out, int row, const struct bar *bar)
{
    int line = TOP + row * ROW + 20;
    bool whole = bar->level && strstr(bar->level, bar->label);

    out_format(out, "<text x=\"16\" y=\"%d\"%s>", line, looks[bar->look].text);
    html_text(out, whole ? bar->level : bar->label);
    if (bar->level && !whole) {
        out_text(out, ": ");
        html_text(out, bar->level);
    }
    out_format(out, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\"%s>", BITS, line,
               looks[bar->look].text);
    html_hundredths(out, bar->to - bar->from, true);
    out_text(out, "</text>");
}

static void draw(struct out *out, struct scale scale, int row, struct bar bar)
{
    int top = TOP + row * ROW + INSET;
    int from = at(scale, bar.from), to = at(scale, bar.to);
    int left = from < to ? from : to, wide = from < to ? to - from : from - to;

    words(out, row, &bar);
    out_format(out,
               "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" "
               "stroke=\"%s\"/>",
               left, top, wide ? wide : 1, BAR, looks[bar.look].fill,
               looks[bar.look].stroke);
    if (bar.look != LOOK_SCORE) /* the total goes on into the next row */
        out_format(out,
                   "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" "
                   "stroke=\"#505a5f\"/>",
                   to, to, top + BAR, top + ROW);
    out_text(out, "\n");
}

/* Zero bits is even odds: the one line on the scale that a reader knows. */
static void even_odds(struct out *out, struct scale scale, int rows)
{
    int x = at(scale, 0);

    out_format(out,
               "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#505a5f\" "
               "stroke-dasharray=\"2 3\"/><text x=\"%d\" y=\"22\" "
               "text-anchor=\"middle\" font-size=\"12\" fill=\"#505a5f\">even "
               "odds</text>\n",
               x, x, TOP - 8, TOP + rows * ROW, x);
}

static void conclusion(struct out *out, const struct waterfall *waterfall)
{
    uint32_t probability = bits_probability(waterfall->score);

    out_text(out, "probability under the model ");
    html_percent(out, probability);
    out_format(out, ": %s", probability_bands[probability_band(probability)].phrase);
}

static void description(struct out *out, const struct waterfall *waterfall,
                        int32_t prior, const struct step steps[])
{
    out_text(out, "<title id=\"t\">Evidence of one pair</title>\n"
                  "<desc id=\"d\">Prior ");
    html_hundredths(out, prior, true);
    out_text(out, " bits");
    for (unsigned i = 0; i < model_comparisons(waterfall->model); i++) {
        if (steps[i].bits == 0)
            continue;
        out_text(out, "; ");
        html_text(out, steps[i].level->label);
        out_text(out, " ");
        html_hundredths(out, steps[i].after - steps[i].before, true);
    }
    out_text(out, "; score ");
    html_hundredths(out, bits_hundredths(waterfall->score), true);
    out_text(out, " bits; ");
    conclusion(out, waterfall);
    out_text(out, ".</desc>\n");
}

static void open_picture(struct out *out, int height)
{
    out_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"t d\" "
               "font-family=\"Arial, Liberation Sans, sans-serif\" font-size=\"14\" "
               "fill=\"#0b0c0c\">\n",
               WIDE, height, WIDE, height);
}

static int rows_of(const struct step steps[], unsigned count)
{
    int rows = 2; /* prior and score */

    for (unsigned i = 0; i < count; i++)
        rows += steps[i].bits != 0;
    return rows;
}

void waterfall_svg(const struct waterfall *waterfall, struct out *out)
{
    struct step steps[COMPARISONS_MAX] = {0};
    unsigned count = model_comparisons(waterfall->model);
    int32_t prior = waterfall_steps(waterfall, steps);
    int32_t score = bits_hundredths(waterfall->score);
    struct scale scale = scale_of(prior, steps, count);
    int rows = rows_of(steps, count), row = 0, height = TOP + rows * ROW + 44;

    open_picture(out, height);
    description(out, waterfall, prior, steps);
    out_format(out, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDE,
               height);
    even_odds(out, scale, rows);
    draw(out, scale, row++,
         (struct bar){"before comparing", "prior", 0, prior, LOOK_PRIOR});
    for (unsigned i = 0; i < count; i++)
        if (steps[i].bits)
            draw(out, scale, row++,
                 (struct bar){
                     model_comparison_label(waterfall->model, steps[i].comparison),
                     steps[i].level->label, steps[i].before, steps[i].after,
                     steps[i].bits < 0 ? LOOK_AGAINST : LOOK_FOR});
    draw(out, scale, row, (struct bar){"score", NULL, 0, score, LOOK_SCORE});
    out_format(out, "<text x=\"16\" y=\"%d\">", height - 16);
    conclusion(out, waterfall);
    out_text(out, "</text>\n</svg>\n");
}
