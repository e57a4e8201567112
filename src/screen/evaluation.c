/*
 * The page of an evaluation: precision against recall, given against observed, alerts
 * against recall, groups. Each picture has its numbers in a table below; the page asks
 * nobody for anything and runs no script.
 */
#include "screen/report.h"

#include <stdlib.h>

/* ---- a picture with two axes ----------------------------------------------------------- */

enum { LEFT = 80, RIGHT = 980, TOP = 20, BOTTOM = 400, HIGH = 460 };

struct plot {
    const char *id, *title, *across, *up;
    double most; /* at the right end; the left is 0, and up goes from 0 to 1 */
};

static double at_x(const struct plot *plot, double x)
{
    return LEFT + x / plot->most * (RIGHT - LEFT);
}

static double at_y(double y)
{
    return BOTTOM - y * (BOTTOM - TOP);
}

static void plot_open(struct out *out, const struct plot *plot)
{
    out_format(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
        "<svg class=\"chart\" viewBox=\"0 0 1000 %d\" role=\"img\" "
        "aria-labelledby=\"%s-t\"><title id=\"%s-t\">%s; the same numbers are in "
        "the table below</title>\n",
        plot->title, HIGH, plot->id, plot->id, plot->title);
    for (unsigned i = 0; i <= 5; i++) {
        double share = i / 5.0, x = at_x(plot, share * plot->most), y = at_y(share);

        out_format(out,
                   "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                   "<text x=\"%d\" y=\"%.1f\" class=\"end\">%.1f</text>"
                   "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                   "<text x=\"%.1f\" y=\"%d\" class=\"mid\">%.*f</text>\n",
                   LEFT, RIGHT, y, y, LEFT - 8, y + 5, share, x, x, TOP, BOTTOM, x,
                   BOTTOM + 20, plot->most >= 100 ? 0 : 1, share * plot->most);
    }
    out_format(out,
               "<text x=\"%d\" y=\"%d\" class=\"mid note\">%s</text>"
               "<text x=\"18\" y=\"%d\" class=\"mid note\" transform=\"rotate(-90 18 "
               "%d)\">%s</text>\n",
               (LEFT + RIGHT) / 2, HIGH - 12, plot->across, (TOP + BOTTOM) / 2,
               (TOP + BOTTOM) / 2, plot->up);
}

static void plot_close(struct out *out)
{
    out_text(out, "</svg></div>\n");
}

static void plot_dot(struct out *out, const struct plot *plot, double x, double y)
{
    out_format(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#1d5f9e\"/>\n",
               at_x(plot, x), at_y(y));
}

static void line_open(struct out *out)
{
    out_text(out, "<polyline fill=\"none\" stroke=\"#1d5f9e\" stroke-width=\"2.5\" "
                  "points=\"");
}

/* ---- curves over every threshold there is ----------------------------------------------- */

static double part(uint64_t some, uint64_t all)
{
    return all ? (double)some / (double)all : 0;
}

/* Visits the thresholds; a step too small to be seen is left out. */
static void curve(struct out *out, const struct evaluation *page,
                  const struct plot *plot, bool cost)
{
    struct quality sum = {.truth = page->truth};
    double last_x = -1, last_y = -1;

    line_open(out);
    for (size_t i = 0; i < page->scored_count; i++) {
        sum.found += page->scored[i].right + page->scored[i].wrong;
        sum.right_found += page->scored[i].right;

        double recall = part(sum.right_found, sum.truth);
        double x = at_x(plot, cost ? part(sum.found * 1000, page->people) : recall);
        double y = at_y(cost ? recall : part(sum.right_found, sum.found));
        double apart = (x - last_x) * (x - last_x) + (y - last_y) * (y - last_y);

        if (apart < 1 && i + 1 < page->scored_count)
            continue;
        out_format(out, "%.1f,%.1f ", x, y);
        last_x = x;
        last_y = y;
    }
    out_text(out, "\"/>\n");
}

/* ---- tables ------------------------------------------------------------------------------------ */

static void cell_share(struct out *out, uint32_t millionths)
{
    out_format(out, "<td>%.4f</td>", millionths / 1e6);
}

static void cell_count(struct out *out, uint64_t count)
{
    out_text(out, "<td>");
    html_count(out, count);
    out_text(out, "</td>");
}

static void table_open(struct out *out, const char *caption, const char *const heads[])
{
    out_format(out,
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
               "<table class=\"plain\">\n<caption>%s</caption>\n<thead><tr>",
               caption, caption);
    for (size_t i = 0; heads[i]; i++)
        out_format(out, "<th scope=\"col\">%s</th>", heads[i]);
    out_text(out, "</tr></thead>\n<tbody>\n");
}

static void table_close(struct out *out)
{
    out_text(out, "</tbody></table></div>\n");
}

static void section_open(struct out *out, const char *id, const char *title)
{
    out_format(
        out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n",
        id, id, id, title);
}

/* ---- the parts of the page ------------------------------------------------------------------------ */

static void precision_recall(struct out *out, const struct evaluation *page)
{
    static const char *const heads[] = {"Probability from", "Precision", "Recall", "F1",
                                        "Pairs found",      "True",      NULL};
    const struct plot plot = {"pr", "Precision against recall", "Recall", "Precision",
                              1};

    section_open(out, "found", "Precision and recall");
    out_format(
        out, "<p>Best F1 %.4f, at probability %.6f: precision %.4f, recall %.4f.</p>\n",
        quality_f1(&page->best) / 1e6, page->best.probability / 1e6,
        quality_precision(&page->best) / 1e6, quality_recall(&page->best) / 1e6);
    plot_open(out, &plot);
    curve(out, page, &plot, false);
    plot_dot(out, &plot, quality_recall(&page->best) / 1e6,
             quality_precision(&page->best) / 1e6);
    plot_close(out);
    table_open(out, "By threshold", heads);
    for (size_t i = 0; i < page->at_count; i++) {
        const struct quality *at = &page->at[i];

        out_format(out, "<tr><th scope=\"row\">%g</th>", at->probability / 1e6);
        cell_share(out, quality_precision(at));
        cell_share(out, quality_recall(at));
        cell_share(out, quality_f1(at));
        cell_count(out, at->found);
        cell_count(out, at->right_found);
        out_text(out, "</tr>\n");
    }
    table_close(out);
    out_text(out, "</section>\n");
}

static void reliability_points(struct out *out, const struct evaluation *page,
                               const struct plot *plot)
{
    out_format(out,
               "<line class=\"mark\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
               "y2=\"%.1f\"/>\n",
               at_x(plot, 0), at_y(0), at_x(plot, 1), at_y(1));
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration *bin = &page->bins[i];
        struct interval interval = share_interval(bin->right, bin->pairs);
        double given = part(bin->sum, bin->pairs * 1000000);

        if (bin->pairs == 0)
            continue;
        out_format(out,
                   "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" "
                   "stroke=\"#454c52\" stroke-width=\"2\"/>\n",
                   at_x(plot, given), at_x(plot, given), at_y(interval.low / 1e6),
                   at_y(interval.high / 1e6));
        plot_dot(out, plot, given, part(bin->right, bin->pairs));
    }
}

static void reliability(struct out *out, const struct evaluation *page)
{
    static const char *const heads[] = {
        "Probability given", "Pairs", "Mean given", "Share true", "95% interval", NULL};
    const struct plot plot = {"rel", "Share true against probability given",
                              "Probability given", "Share true", 1};

    section_open(out, "reliability", "Do probabilities mean what they say?");
    out_format(
        out,
        "<p>Brier score %.4f. Expected calibration error %.4f; in the worst tenth, "
        "from %.1f, %.4f. On the dotted line what is given is what is "
        "found; upright lines are 95%% intervals.</p>\n",
        page->reliability.brier / 1e6, page->reliability.error / 1e6,
        (double)page->reliability.worst_bin / CALIBRATION_BINS,
        page->reliability.worst / 1e6);
    plot_open(out, &plot);
    reliability_points(out, page, &plot);
    plot_close(out);
    table_open(out, "By tenths of the probability given", heads);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration *bin = &page->bins[i];
        struct interval interval = share_interval(bin->right, bin->pairs);

        if (bin->pairs == 0)
            continue;
        out_format(out, "<tr><th scope=\"row\">%.1f to %.1f</th>", (double)i / 10,
                   (double)(i + 1) / 10);
        cell_count(out, bin->pairs);
        out_format(out, "<td>%.4f</td><td>%.4f</td><td>%.4f to %.4f</td></tr>\n",
                   part(bin->sum, bin->pairs * 1000000), part(bin->right, bin->pairs),
                   interval.low / 1e6, interval.high / 1e6);
    }
    table_close(out);
    out_text(out, "</section>\n");
}

static double alerts(const struct evaluation *page, const struct quality *at)
{
    return part(at->found * 1000, page->people);
}

static void cost(struct out *out, const struct evaluation *page)
{
    static const char *const heads[] = {"Probability from",     "Alerts per 1,000",
                                        "Of them true",         "Recall",
                                        "Alerts per true pair", NULL};
    double most = part(page->found * 1000, page->people);
    const struct plot plot = {"cost", "Recall against alerts per 1,000 people",
                              "Alerts per 1,000 people", "Recall", most > 0 ? most : 1};

    if (!page->people)
        return;
    section_open(out, "cost", "What finding more costs");
    out_text(out, "<p>Each pair found is an alert that somebody has to look at. ");
    html_count(out, page->people);
    out_text(out, " people were screened.</p>\n");
    plot_open(out, &plot);
    curve(out, page, &plot, true);
    plot_close(out);
    table_open(out, "Alerts by threshold", heads);
    for (size_t i = 0; i < page->at_count; i++) {
        const struct quality *at = &page->at[i];

        out_format(out, "<tr><th scope=\"row\">%g</th><td>%.2f</td><td>%.2f</td>",
                   at->probability / 1e6, alerts(page, at),
                   part(at->right_found * 1000, page->people));
        cell_share(out, quality_recall(at));
        out_format(out, "<td>%.2f</td></tr>\n", part(at->found, at->right_found));
    }
    table_close(out);
    out_text(out, "</section>\n");
}

static void cell_interval(struct out *out, uint64_t some, uint64_t all,
                          struct interval interval)
{
    out_format(
        out,
        "<td>%.4f <svg aria-hidden=\"true\" width=\"120\" height=\"12\">"
        "<rect width=\"120\" height=\"12\" fill=\"#f3f4f6\"/><rect x=\"%.1f\" "
        "width=\"%.1f\" height=\"12\" fill=\"#1d5f9e\"/></svg> %.3f to %.3f</td>",
        part(some, all), interval.low / 1e6 * 120,
        (interval.high - interval.low) / 1e6 * 120 + 1, interval.low / 1e6,
        interval.high / 1e6);
}

static void groups(struct out *out, const struct evaluation *page)
{
    static const char *const heads[] = {"Group",
                                        "True pairs",
                                        "Recall, 95% interval",
                                        "Precision, 95% interval",
                                        "False hits",
                                        "per 1,000",
                                        NULL};

    if (!page->column)
        return;
    section_open(out, "groups", "Equal care");
    out_format(out, "<p>At probability %g, by ",
               page->group_count ? page->groups[0].quality.probability / 1e6 : 0.0);
    html_text(out, page->column);
    out_text(out, ". Bars run from 0 to 1. A group with few true pairs has a wide "
                  "interval: its figure may be chance.</p>\n");
    table_open(out, "By group", heads);
    for (size_t i = 0; i < page->group_count; i++) {
        const struct evaluation_group *group = &page->groups[i];
        const struct quality *quality = &group->quality;
        uint64_t wrong = quality->found - quality->right_found;

        out_text(out, "<tr><th scope=\"row\">");
        html_text(out, group->name);
        out_text(out, "</th>");
        cell_count(out, quality->truth);
        cell_interval(out, quality->right_found, quality->truth, group->recall);
        cell_interval(out, quality->right_found, quality->found,
                      share_interval(quality->right_found, quality->found));
        cell_count(out, wrong);
        out_format(out, "<td>%.2f</td></tr>\n", part(wrong * 1000, group->members));
    }
    table_close(out);
    if (page->gap)
        out_format(
            out,
            "<p>Recall differs by %.1f points between the groups best and worst "
            "served that have pairs enough. Were all served alike, groups of these "
            "sizes would differ by %.1f by chance; a standard deviation of %.1f "
            "points is not explained by it.</p>\n",
            page->gap->points * 100, page->gap->by_chance * 100,
            page->gap->unexplained * 100);
    out_text(out, "</section>\n");
}

bool evaluation_write(const char *path, const struct evaluation *page, struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    html_head(out, "Evaluation against known truth");
    out_text(out, "<body>\n<header class=\"mast\"><div class=\"page\">\n"
                  "<h1>Evaluation against known truth</h1>\n<p class=\"when\">");
    html_text(out, page->pairs);
    out_text(out, " against ");
    html_text(out, page->truth_file);
    out_text(out, "</p>\n</div></header>\n<main class=\"page\">\n<p class=\"short\">");
    html_count(out, page->found);
    out_text(out, " pairs were found; ");
    html_count(out, page->truth);
    out_text(out, " pairs are true.</p>\n");
    precision_recall(out, page);
    reliability(out, page);
    cost(out, page);
    groups(out, page);
    out_text(out, "</main>\n<footer class=\"page\"><p>Written by Candour. Recall is of "
                  "all true pairs, also of those that were never looked "
                  "up.</p></footer>\n</body>\n</html>\n");
    return out_commit(out, err);
}
