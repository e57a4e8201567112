/*
 * The charts of the page. Bars stand inside the cells of real tables wherever they
 * can, so that picture and numbers are one thing, read alike by eye, by screen reader
 * and on a narrow telephone; where that cannot be, the table is below the picture.
 */
#include "screen/report.h"

#include <string.h>

/* Order of columns and of sections: never by number of hits. */
static const enum role_class columns[] = {ROLE_ADVERSE, ROLE_ASSOCIATION, ROLE_UNKNOWN,
                                          ROLE_WELFARE};

/* ---- hits by probability band and role ---------------------------------------------------- */

static uint64_t largest_cell(const struct report *report)
{
    uint64_t most = 1;

    for (unsigned band = 0; band < REPORT_BANDS; band++)
        for (size_t i = 0; i < COUNT(columns); i++)
            if (report->bands[band][columns[i]] > most)
                most = report->bands[band][columns[i]];
    return most;
}

static uint64_t column_sum(const struct report *report, enum role_class role)
{
    uint64_t sum = 0;

    for (unsigned band = 0; band < REPORT_BANDS; band++)
        sum += report->bands[band][role];
    return sum;
}

/* Tenths of a percent; what is there is never drawn as nothing. */
static unsigned share(uint64_t count, uint64_t most)
{
    unsigned tenths = (unsigned)(1000 * (double)count / (double)most + 0.5);

    return count && tenths < 8 ? 8 : tenths;
}

static void band_cell(struct out *out, uint64_t count, uint64_t most,
                      enum role_class role)
{
    unsigned tenths = share(count, most);

    out_format(out, "<td class=\"%s\"><b>", role_class_name(role));
    html_count(out, count);
    out_format(out,
               "</b><svg aria-hidden=\"true\"><rect width=\"%u.%u%%\" "
               "height=\"12\"/></svg></td>",
               tenths / 10, tenths % 10);
}

/* None found and none looked for are not the same. */
static bool below_threshold(const struct report *report, unsigned band)
{
    return band > 0 &&
           probability_bands[band - 1].least <= report->summary->probability;
}

static void band_row(struct out *out, const struct report *report, unsigned band,
                     uint64_t most)
{
    bool below = below_threshold(report, band);

    out_format(out, "<tr><th scope=\"row\">%s <span>%s</span></th>",
               probability_bands[band].range,
               below ? "Below the threshold of this run"
                     : probability_bands[band].phrase);
    for (size_t i = 0; i < COUNT(columns); i++)
        if (below)
            out_format(out, "<td class=\"%s\">not looked for</td>",
                       role_class_name(columns[i]));
        else
            band_cell(out, report->bands[band][columns[i]], most, columns[i]);
    out_text(out, "</tr>\n");
}

static void band_heads(struct out *out)
{
    out_text(out, "<thead><tr><th scope=\"col\">Probability under the model</th>");
    for (size_t i = 0; i < COUNT(columns); i++)
        out_format(out, "<th scope=\"col\" class=\"%s\">%s</th>",
                   role_class_name(columns[i]), role_class_title(columns[i]));
    out_text(out, "</tr></thead>\n<tbody>\n");
}

static void band_notes(struct out *out, const struct report *report)
{
    out_text(out, "</tbody>\n</table></div>\n<p>A further <strong>");
    html_count(out, report->summary->hits_by_role[ROLE_POLICE]);
    out_format(out,
               "</strong> hit%s in a police role (officer in the case, author) "
               "%s counted and not raised.",
               html_plural(report->summary->hits_by_role[ROLE_POLICE]),
               report->summary->hits_by_role[ROLE_POLICE] == 1 ? "is" : "are");
    if (report->role_other) {
        out_text(out, " <strong>");
        html_count(out, report->role_other);
        out_format(out,
                   "</strong> hit%s a role that the table of roles does not place; "
                   "%s under \xe2\x80\x9cRole not stated\xe2\x80\x9d.",
                   report->role_other == 1 ? " has" : "s have",
                   report->role_other == 1 ? "it is" : "they are");
    }
    out_text(out, "</p>\n</section>\n");
}

void report_bands(struct out *out, const struct report *report)
{
    uint64_t most = largest_cell(report);

    out_text(out, "<section id=\"bands\" aria-labelledby=\"bands-h\">\n"
                  "<h2 id=\"bands-h\">Hits by probability and role in the record</h2>\n"
                  "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                  "aria-label=\"Table of hits\"><table class=\"bands\">\n"
                  "<caption>All bars are drawn to one scale. Welfare hits go to the "
                  "welfare lead only.</caption>\n");
    band_heads(out);
    for (unsigned band = 0; band < REPORT_BANDS; band++)
        band_row(out, report, band, most);
    out_text(out, "</tbody>\n<tbody class=\"total\"><tr><th scope=\"row\">All</th>");
    for (size_t i = 0; i < COUNT(columns); i++) {
        out_format(out, "<td class=\"%s\"><b>", role_class_name(columns[i]));
        html_count(out, column_sum(report, columns[i]));
        out_text(out, "</b></td>");
    }
    out_text(out, "</tr>\n");
    band_notes(out, report);
}

/* ---- histogram of scores -------------------------------------------------------------------- */

enum { BINS = COUNT(((struct report *)0)->histogram) };

/* The picture, in units of its view box. */
enum {
    WIDE = 1000,
    PLOT_LEFT = 70,
    PLOT_RIGHT = 985,
    PLOT_TOP = 60,
    PLOT_BOTTOM = 262,
    HIGH = 312
};

struct histogram {
    const uint64_t *count;
    unsigned bins; /* shown: to the last that is not empty, at least 8 */
    uint64_t top;  /* of the scale: a round number not below the tallest bin */
    int32_t first; /* score at the left edge, bits in fixed point */
};

/* The next of 4, 8, 12, 16, 20 and their tenfolds: cut in quarters without fractions. */
static uint64_t round_up(uint64_t count)
{
    uint64_t unit = 4;

    while (unit * 5 < count)
        unit *= 10;
    return count ? (count + unit - 1) / unit * unit : unit;
}

static struct histogram histogram_of(const struct report *report)
{
    struct histogram histogram = {report->histogram, 8, 0, report->summary->threshold};

    for (unsigned bin = 0; bin < BINS; bin++) {
        if (report->histogram[bin] && bin >= histogram.bins)
            histogram.bins = bin + 1;
        if (report->histogram[bin] > histogram.top)
            histogram.top = report->histogram[bin];
    }
    histogram.top = round_up(histogram.top);
    return histogram;
}

static double bin_x(const struct histogram *histogram, double bin)
{
    return PLOT_LEFT + bin * (PLOT_RIGHT - PLOT_LEFT) / histogram->bins;
}

static double count_y(const struct histogram *histogram, uint64_t count)
{
    return PLOT_BOTTOM -
           (double)count / (double)histogram->top * (PLOT_BOTTOM - PLOT_TOP);
}

static void histogram_scale(struct out *out, const struct histogram *histogram)
{
    for (unsigned quarter = 0; quarter <= 4; quarter++) {
        uint64_t count = histogram->top / 4 * quarter;
        double y = count_y(histogram, count);

        out_format(out,
                   "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                   "<text x=\"%d\" y=\"%.1f\" class=\"end\">",
                   PLOT_LEFT, PLOT_RIGHT, y, y, PLOT_LEFT - 8, y + 5);
        html_count(out, count);
        out_text(out, "</text>\n");
    }
}

static void histogram_bars(struct out *out, const struct histogram *histogram)
{
    bool numbers = histogram->bins <= 24;

    for (unsigned bin = 0; bin < histogram->bins; bin++) {
        uint64_t count = histogram->count[bin];
        double x = bin_x(histogram, bin) + 1, w = bin_x(histogram, bin + 1) - x - 1;
        double y = count_y(histogram, count);

        if (count == 0)
            continue;
        y = y > PLOT_BOTTOM - 2 ? PLOT_BOTTOM - 2 : y;
        out_format(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                   x, y, w, PLOT_BOTTOM - y);
        if (numbers) {
            out_format(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"count\">", x + w / 2,
                       y - 4);
            html_count(out, count);
            out_text(out, "</text>");
        }
        out_text(out, "\n");
    }
}

/* Whole bits below, about sixteen of them; the probabilities they mean above. */
static void histogram_bits(struct out *out, const struct histogram *histogram)
{
    int every = histogram->bins <= 18 ? 1 : histogram->bins <= 40 ? 2 : 5;
    int first = histogram->first >> 16; /* rounded down */

    for (int bits = first; bits <= first + 1 + (int)histogram->bins; bits++) {
        double bin = bits - (double)histogram->first / BITS_ONE;

        if (bits % every || bin < 0 || bin > histogram->bins)
            continue;
        out_format(out, "<text x=\"%.1f\" y=\"%d\" class=\"mid\">%s%d</text>\n",
                   bin_x(histogram, bin), PLOT_BOTTOM + 20,
                   bits < 0   ? "\xe2\x88\x92"
                   : bits > 0 ? "+"
                              : "",
                   bits < 0 ? -bits : bits);
    }
}

static void histogram_odds(struct out *out, const struct histogram *histogram)
{
    static const struct {
        uint32_t millionths;
        const char *label;
    } marks[] = {
        {1000,   "0.1%" },
        {10000,  "1%"   },
        {100000, "10%"  },
        {500000, "50%"  },
        {900000, "90%"  },
        {990000, "99%"  },
        {999000, "99.9%"}
    };

    for (size_t i = 0; i < COUNT(marks); i++) {
        double bin =
            ((double)bits_odds(marks[i].millionths) - histogram->first) / BITS_ONE;

        if (bin < 0 || bin > histogram->bins)
            continue;
        out_format(out,
                   "<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                   "<text x=\"%.1f\" y=\"%d\" class=\"mid odds\">%s</text>\n",
                   bin_x(histogram, bin), bin_x(histogram, bin), PLOT_TOP - 12,
                   PLOT_BOTTOM, bin_x(histogram, bin), PLOT_TOP - 18, marks[i].label);
    }
}

static void histogram_edge(struct out *out, const struct histogram *histogram,
                           unsigned bin)
{
    html_hundredths(out, bits_hundredths(histogram->first + (int32_t)bin * BITS_ONE),
                    true);
}

static void histogram_rows(struct out *out, const struct histogram *histogram)
{
    for (unsigned bin = 0; bin < histogram->bins; bin++) {
        int32_t from = histogram->first + (int32_t)bin * BITS_ONE;

        out_text(out, "<tr><th scope=\"row\">");
        histogram_edge(out, histogram, bin);
        if (bin == BINS - 1) {
            out_text(out, " or more");
        } else {
            out_text(out, " to ");
            histogram_edge(out, histogram, bin + 1);
        }
        out_text(out, "</th><td>");
        html_percent(out, bits_probability(from));
        out_text(out, "</td><td>");
        html_count(out, histogram->count[bin]);
        out_text(out, "</td></tr>\n");
    }
}

void report_histogram(struct out *out, const struct report *report)
{
    struct histogram histogram = histogram_of(report);
    uint64_t all = 0;

    for (unsigned bin = 0; bin < BINS; bin++)
        all += report->histogram[bin];
    out_text(out, "<section id=\"scores\" aria-labelledby=\"scores-h\">\n"
                  "<h2 id=\"scores-h\">Spread of scores</h2>\n<p>");
    html_count(out, all);
    out_format(out,
               " pair%s reached the threshold. Each bit doubles the odds that the two "
               "are one person; a score of 0 is even odds.</p>\n"
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
               "aria-label=\"Chart of scores\">"
               "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" "
               "aria-labelledby=\"scores-t\"><title id=\"scores-t\">Number of pairs by "
               "score in bits; the same numbers are in the table below</title>\n",
               html_plural(all), WIDE, HIGH);
    histogram_scale(out, &histogram);
    histogram_odds(out, &histogram);
    histogram_bars(out, &histogram);
    histogram_bits(out, &histogram);
    out_format(out,
               "<text x=\"%d\" y=\"14\" class=\"note\">Probability under the "
               "model</text><text x=\"%d\" y=\"%d\" class=\"mid note\">Score in "
               "bits</text></svg></div>\n",
               PLOT_LEFT - 16, (PLOT_LEFT + PLOT_RIGHT) / 2, HIGH - 8);
    out_text(out, "<details><summary>Table of scores</summary><table class=\"plain\">\n"
                  "<caption>Pairs by score, one bit a row</caption>\n<thead><tr>"
                  "<th scope=\"col\">Score, bits</th><th scope=\"col\">Probability "
                  "from</th><th scope=\"col\">Pairs</th></tr></thead>\n<tbody>\n");
    histogram_rows(out, &histogram);
    out_text(out, "</tbody></table></details>\n</section>\n");
}

/* ---- match weights of the model --------------------------------------------------------------- */

struct span {
    int32_t low, high; /* hundredths of a bit */
};

/* Least and most bits that a level can add. */
static struct span span_of(const struct level *level)
{
    int32_t bits = bits_hundredths(level->bits);

    if (!level->by_frequency)
        return (struct span){bits, bits};
    return (struct span){bits_hundredths(level->least), bits_hundredths(level->most)};
}

static struct span widest(const struct model *model)
{
    struct span all = {-100, 100};

    for (unsigned c = 0; c < model_comparisons(model); c++)
        for (unsigned l = 0; l < model_level_count(model, (enum comparison)c); l++) {
            struct span one = span_of(model_level(model, (enum comparison)c, l));

            all.low = one.low < all.low ? one.low : all.low;
            all.high = one.high > all.high ? one.high : all.high;
        }
    return all;
}

static double percent_at(struct span scale, int32_t hundredths)
{
    return 100.0 * (hundredths - scale.low) / (scale.high - scale.low);
}

static void rect(struct out *out, struct span scale, struct span of, const char *class)
{
    double from = percent_at(scale, of.low), to = percent_at(scale, of.high);

    out_format(out,
               "<rect class=\"%s\" x=\"%.1f%%\" width=\"%.1f%%\" y=\"3\" "
               "height=\"12\"/>",
               class, from, to - from < 0.5 ? 0.5 : to - from);
}

/* A bar from zero to the nearer bound, and a paler one on to the further bound. */
static void weight_bar(struct out *out, struct span scale, struct span span)
{
    int32_t near = span.low > 0 ? span.low : span.high < 0 ? span.high : 0;
    bool against = span.high < 0;

    if (near)
        rect(out, scale, (struct span){near < 0 ? near : 0, near < 0 ? 0 : near},
             against ? "n" : "y");
    if (span.low < span.high)
        rect(out, scale,
             against ? (struct span){span.low, near}
             : near  ? (struct span){near, span.high}
                     : span,
             "r");
    out_format(out, "<line x1=\"%.1f%%\" x2=\"%.1f%%\" y1=\"0\" y2=\"18\"/>",
               percent_at(scale, 0), percent_at(scale, 0));
}

static void weight_number(struct out *out, struct span span)
{
    html_hundredths(out, span.low, true);
    if (span.low < span.high) {
        out_text(out, " to ");
        html_hundredths(out, span.high, true);
    }
}

static void weight_rows(struct out *out, const struct model *model, enum comparison c,
                        struct span scale)
{
    for (unsigned l = 0; l < model_level_count(model, c); l++) {
        const struct level *level = model_level(model, c, l);

        out_text(out, "<tr><th scope=\"row\">");
        html_text(out, level->label);
        out_text(out, "</th><td class=\"w\"><svg aria-hidden=\"true\">");
        weight_bar(out, scale, span_of(level));
        out_text(out, "</svg></td><td class=\"bits\">");
        weight_number(out, span_of(level));
        out_text(out, "</td></tr>\n");
    }
}

static void weight_table(struct out *out, const struct model *model, enum comparison c,
                         struct span scale)
{
    if (model_level_count(model, c) == 0)
        return;
    out_text(out, "<table class=\"weights\"><caption>");
    html_text(out, model_comparison_label(model, c));
    out_text(out,
             "</caption>\n<thead class=\"hide\"><tr><th scope=\"col\">Found</th>"
             "<th scope=\"col\">Picture</th><th scope=\"col\">Bits</th></tr></thead>"
             "\n<tbody>\n");
    weight_rows(out, model, c, scale);
    out_text(out, "</tbody></table>\n");
}

static void source_rows(struct out *out, const struct model *model, enum comparison c)
{
    for (unsigned l = 0; l < model_level_count(model, c); l++) {
        const struct level *level = model_level(model, c, l);

        out_text(out, "<tr><th scope=\"row\">");
        html_text(out, model_comparison_label(model, c));
        out_text(out, ": ");
        html_text(out, level->label);
        out_format(out, "</th><td>%.4g</td><td>%.4g</td><td>", level->m, level->u);
        weight_number(out, span_of(level));
        out_text(out, "</td><td>");
        html_text(out, level->source ? level->source : "");
        out_text(out, "</td></tr>\n");
    }
}

static void sources(struct out *out, const struct model *model)
{
    out_text(
        out,
        "<details><summary>Where the numbers come from</summary>"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"Sources of the weights\">"
        "<table class=\"plain\">\n<caption>Levels of the model: m is how often one "
        "and the same person shows this level, u how often two different people do; "
        "bits are log2(m/u)</caption>\n<thead><tr><th scope=\"col\">Level</th>"
        "<th scope=\"col\">m</th><th scope=\"col\">u</th><th scope=\"col\">Bits</th>"
        "<th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
    for (unsigned c = 0; c < model_comparisons(model); c++)
        source_rows(out, model, (enum comparison)c);
    out_text(out, "</tbody></table></div></details>\n");
}

void report_weights(struct out *out, const struct report *report)
{
    struct span scale = widest(report->model);

    out_text(out,
             "<section id=\"weights\" aria-labelledby=\"weights-h\">\n"
             "<h2 id=\"weights-h\">How evidence is weighed</h2>\n"
             "<p>Each comparison adds bits for agreement or takes them away for "
             "difference. A missing value adds nothing. Where a span is given, a rare "
             "value counts for more than a common one.</p>\n"
             "<ul class=\"key\" aria-hidden=\"true\"><li class=\"y\">speaks for one "
             "person</li><li class=\"r\">by how rare the value is</li><li class=\"n\">"
             "speaks against</li></ul>\n<div class=\"columns\">\n");
    for (unsigned c = 0; c < model_comparisons(report->model); c++)
        weight_table(out, report->model, (enum comparison)c, scale);
    out_text(out, "</div>\n");
    sources(out, report->model);
    out_text(out, "</section>\n");
}
