/* The page of a training: what was learned, from how much, and how it settled. */
#include "screen/report.h"

#include <math.h>

enum { CHART_WIDTH = 360, CHART_ROW = 16 };

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<title>Training of a model</title><style>"
    "body{font:16px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem;color:#0b0c0c}table{border-collapse:collapse;margin:1rem 0}"
    "th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #b1b4b6}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}svg{max-width:100%}"
    ".m{fill:#1d70b8}.u{fill:#f47738}.up{fill:#00703c}.down{fill:#d4351c}"
    "</style></head><body><main>";

/* ---- charts: a bar a level, beside it in a table the numbers -------------------------- */

/* A chance as a length, by its logarithm: from one in 10 million to one. */
static int chance_length(double p)
{
    double length = (log10(p) + 7) / 7 * CHART_WIDTH;

    return length < 1 ? 1 : length > CHART_WIDTH ? CHART_WIDTH : (int)length;
}

static void chance_bars(struct out *out, const struct train_level *level)
{
    out_format(out,
               "<svg width=\"%d\" height=\"%d\" aria-hidden=\"true\">"
               "<rect class=\"m\" width=\"%d\" height=\"7\"/>"
               "<rect class=\"u\" y=\"8\" width=\"%d\" height=\"7\"/></svg>",
               CHART_WIDTH / 2, CHART_ROW, chance_length(level->m) / 2,
               chance_length(level->u) / 2);
}

/* Bits as a bar from the middle, 20 bits to either side. */
static void bits_bar(struct out *out, double bits)
{
    int middle = CHART_WIDTH / 4;
    int length = (int)(fmin(fabs(bits), 20) / 20 * middle);

    out_format(out,
               "<svg width=\"%d\" height=\"%d\" aria-hidden=\"true\">"
               "<rect class=\"%s\" x=\"%d\" y=\"3\" width=\"%d\" height=\"10\"/>"
               "<rect x=\"%d\" width=\"1\" height=\"%d\"/></svg>",
               CHART_WIDTH / 2, CHART_ROW, bits < 0 ? "down" : "up",
               bits < 0 ? middle - length : middle, length, middle, CHART_ROW);
}

static const char *source_text(enum train_source source)
{
    static const char *const texts[] = {
        [TRAIN_KEPT] = "kept",
        [TRAIN_LEANT] = "leans on the start",
        [TRAIN_COUNTED] = "from the data",
        [TRAIN_VALUES] = "exact, value counts",
    };

    return texts[source];
}

static void level_row(struct out *out, const struct level *level,
                      const struct train_level *trained)
{
    double bits = (double)trained->bits / BITS_ONE;

    out_text(out, "<tr><th scope=\"row\">");
    html_text(out, level->label);
    out_format(out, "</th><td class=\"n\">%.4g</td><td class=\"n\">%.4g</td><td>",
               trained->m, trained->u);
    chance_bars(out, trained);
    out_format(out, "</td><td class=\"n\">%+.2f%s</td><td>", bits,
               level->by_frequency ? "*" : "");
    bits_bar(out, bits);
    out_format(out, "</td><td class=\"n\">%.1f</td><td>%s / %s</td></tr>\n",
               trained->matches, source_text(trained->m_from),
               source_text(trained->u_from));
}

static void levels(struct out *out, const struct training *training)
{
    out_text(out, "<h2>Chances and weights</h2><p>m (blue): how often records of one "
                  "person stand at the level; u (orange): how often others do; bars by "
                  "logarithm, from one in ten million to one. The weight is log2(m/u) "
                  "bits; * it follows the value in a run.</p>\n");
    for (unsigned c = 0; c < model_comparisons(training->model); c++) {
        size_t count = model_level_count(training->model, (enum comparison)c);

        out_text(out, "<table><caption><h3>");
        html_text(out, model_comparison_label(training->model, (enum comparison)c));
        out_text(out,
                 "</h3></caption><tr><th scope=\"col\">level</th><th scope=\"col\" "
                 "class=\"n\">m</th><th scope=\"col\" class=\"n\">u</th><th "
                 "scope=\"col\">m and u</th><th scope=\"col\" class=\"n\">bits</th>"
                 "<th scope=\"col\">weight</th><th scope=\"col\" class=\"n\">true "
                 "pairs</th><th scope=\"col\">m / u from</th></tr>\n");
        for (unsigned l = 1; l < count; l++)
            level_row(out, model_level(training->model, (enum comparison)c, l),
                      &training->level[c][l]);
        out_text(out, "</table>\n");
    }
}

/* ---- tables ------------------------------------------------------------------------------- */

static void summary(struct out *out, const struct training *training)
{
    static const char *const reach[] = {"0.5", "0.9", "0.99"};

    out_text(out, "<h1>Training of a model</h1><p>");
    html_count(out, training->left);
    out_text(out, " people, ");
    html_count(out, training->right);
    out_format(
        out,
        " mentions; %.1f true pairs expected, %.6f a mention; %.1f pairs taken for "
        "two people of one household; %.2f %% of the true pairs reckoned below the "
        "threshold of training. <strong>%s</strong></p>\n",
        training->matches, training->share, training->related, 100 * training->unseen,
        training->converged
            ? "The training settled."
            : "The training did not settle: see the rounds, and use the model "
              "with care.");
    out_text(out, "<h2>People who cannot be found</h2><p>Records that do not reach a "
                  "probability even against themselves, for want of data or because "
                  "everything in them is common. They are not screened in any real "
                  "sense.</p><table><tr><th scope=\"col\">probability</th><th "
                  "scope=\"col\" class=\"n\">people</th></tr>");
    for (size_t i = 0; i < COUNT(reach); i++) {
        out_format(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", reach[i]);
        html_count(out, training->unlinkable[i]);
        out_text(out, "</td></tr>");
    }
    out_text(out, "</table>\n");
}

static void rounds(struct out *out, const struct training *training)
{
    out_text(out,
             "<h2>How it settled</h2><table><tr><th scope=\"col\">round</th><th "
             "scope=\"col\" class=\"n\">pairs</th><th scope=\"col\" "
             "class=\"n\">patterns</th><th scope=\"col\" class=\"n\">iterations</th>"
             "<th scope=\"col\" class=\"n\">log2 likelihood, first and last</th><th "
             "scope=\"col\" class=\"n\">share</th><th scope=\"col\" class=\"n\">true "
             "pair's score moved, bits</th></tr>\n");
    for (unsigned i = 0; i < training->rounds; i++) {
        const struct train_round *round = &training->round[i];

        out_format(out, "<tr><th scope=\"row\">%u</th><td class=\"n\">", i + 1);
        html_count(out, round->pairs);
        out_text(out, "</td><td class=\"n\">");
        html_count(out, round->patterns);
        out_format(out,
                   "</td><td class=\"n\">%u</td><td class=\"n\">%.1f, %.1f</td><td "
                   "class=\"n\">%.6f</td><td class=\"n\">%.4f</td></tr>\n",
                   round->iterations, round->likelihood_first, round->likelihood_last,
                   round->share, round->moved);
    }
    out_text(out, "</table>\n");
}

static void contributions(struct out *out, const struct training *training)
{
    out_text(out,
             "<h2>What each comparison gives</h2><p>Mean bits that it adds to the "
             "score of a true pair.</p><table><tr><th scope=\"col\">comparison</th>"
             "<th scope=\"col\" class=\"n\">bits</th><th "
             "scope=\"col\">weight</th></tr>\n");
    for (unsigned c = 0; c < model_comparisons(training->model); c++) {
        out_text(out, "<tr><th scope=\"row\">");
        html_text(out, model_comparison_label(training->model, (enum comparison)c));
        out_format(out, "</th><td class=\"n\">%+.2f</td><td>",
                   training->contribution[c]);
        bits_bar(out, training->contribution[c]);
        out_text(out, "</td></tr>\n");
    }
    out_text(out, "</table>\n");
}

bool training_report_write(const char *path, const struct training *training,
                           struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    out_text(out, head);
    summary(out, training);
    contributions(out, training);
    rounds(out, training);
    levels(out, training);
    out_text(out, "<p>candour " CANDOUR_VERSION
                  ". The method and its weak sides: docs/method.md, section "
                  "Training.</p></main></body></html>\n");
    return out_commit(out, err);
}
