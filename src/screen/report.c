/*
 * The report: one page that a vetting manager reads, prints and files.
 *
 * Everything is in the page as HTML and SVG before any script runs; the script only
 * adds filtering and sorting. Its content policy names the hashes of the one style
 * sheet and the one script, so nothing that a record holds could ever run, and no
 * request goes to anybody.
 */
#include "screen/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- words: a wash and a link are the same run about different files ---------------------- */

struct words {
    const char *title, *left, *right, *left_count, *right_count;
};

static const struct words wash_words = {"Workforce screening report", "Workforce file",
                                        "Intelligence files", "People checked",
                                        "Mentions read"};
static const struct words link_words = {"Record linkage report", "Left file",
                                        "Right file", "Left rows", "Right rows"};

static const struct words *words_of(const struct report *report)
{
    return report->settings->wash ? &wash_words : &link_words;
}

/* ---- counts ---------------------------------------------------------------------------------- */

static uint64_t raised(const struct run_summary *summary)
{
    return summary->hits_by_role[ROLE_ADVERSE] +
           summary->hits_by_role[ROLE_ASSOCIATION] +
           summary->hits_by_role[ROLE_UNKNOWN];
}

size_t report_shown(const struct report *report, enum role_class role)
{
    size_t shown = 0;

    for (size_t i = 0; i < report->hit_count; i++)
        shown += report->hits[i].role == role;
    return shown;
}

/* ---- head -------------------------------------------------------------------------------------- */

static void asset(struct out *out, const char *name)
{
    for (const struct embedded *file = report_asset_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            out_bytes(out, file->bytes, file->size);
}

void html_head(struct out *out, const char *title)
{
    out_text(out, "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n"
                  "<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    asset(out, "report.csp");
    out_text(out,
             "\">\n<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<meta name=\"robots\" content=\"noindex\">\n"
             "<meta name=\"color-scheme\" content=\"light\">\n<title>");
    html_text(out, title);
    out_text(out, "</title>\n<style>");
    asset(out, "report.css");
    out_text(out, "</style>\n</head>\n");
}

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

/* 2026-02-03T09:14:07Z as "3 February 2026, 09:14 UTC"; anything else as it is. */
static void moment(struct out *out, const char *iso)
{
    unsigned year, month, day, hour, minute;

    if (sscanf(iso, "%4u-%2u-%2uT%2u:%2u", &year, &month, &day, &hour, &minute) == 5 &&
        month >= 1 && month <= 12)
        out_format(out, "%u %s %u, %02u:%02u UTC", day, months[month - 1], year, hour,
                   minute);
    else
        html_text(out, iso);
}

static void masthead(struct out *out, const struct report *report)
{
    out_format(out, "<body class=\"%s\">\n", report->settings->wash ? "wash" : "link");
    out_text(out,
             "<a class=\"skip\" href=\"#hits\">Skip to the hits</a>\n"
             "<header class=\"mast\"><div class=\"page\">\n"
             "<p class=\"marking\">Sensitive: personal data and police intelligence. "
             "For the named reviewers only.</p>\n<h1>");
    out_text(out, words_of(report)->title);
    out_text(out, "</h1>\n<p class=\"when\">Run started ");
    moment(out, report->settings->started ? report->settings->started : "");
    out_text(out, "</p>\n</div></header>\n");
}

static void contents_line(struct out *out, const struct report *report,
                          enum role_class role)
{
    out_format(out, "<li><a href=\"#%s\">%s</a> <span class=\"n\">",
               role_class_name(role), role_class_title(role));
    html_count(out, report->summary->hits_by_role[role]);
    out_text(out, "</span></li>\n");
}

static void contents(struct out *out, const struct report *report)
{
    out_text(out, "<nav class=\"page contents\" aria-label=\"On this page\"><ul>\n"
                  "<li><a href=\"#summary\">Summary</a></li>\n"
                  "<li><a href=\"#checked\">What was checked</a></li>\n"
                  "<li><a href=\"#bands\">Hits by probability and role</a></li>\n"
                  "<li><a href=\"#scores\">Spread of scores</a></li>\n"
                  "<li><a href=\"#weights\">How evidence is weighed</a></li>\n</ul>\n"
                  "<ul aria-label=\"Hits by role\">\n"
                  "<li><a href=\"#hits\">Hits</a>:</li>\n");
    contents_line(out, report, ROLE_ADVERSE);
    contents_line(out, report, ROLE_ASSOCIATION);
    contents_line(out, report, ROLE_UNKNOWN);
    contents_line(out, report, ROLE_WELFARE);
    out_text(out, "</ul></nav>\n");
}

/* ---- the strip of numbers ------------------------------------------------------------------------ */

static void figure(struct out *out, const char *class, const char *label,
                   uint64_t count, const char *note)
{
    out_format(out, "<div class=\"%s\"><dt>%s</dt><dd><b>", class, label);
    html_count(out, count);
    out_format(out, "</b> <span>%s</span></dd></div>\n", note);
}

/* The answer in two sentences, before any figure has to be found. */
static void in_short(struct out *out, const struct report *report)
{
    uint64_t before = raised(report->summary);
    uint64_t adverse = report->summary->hits_by_role[ROLE_ADVERSE];
    uint64_t sure = report->bands[0][ROLE_ADVERSE];

    out_text(out, "<p class=\"short\">");
    if (before) {
        html_count(out, before);
        out_format(out, " hit%s %s put before a reviewer. ", html_plural(before),
                   before == 1 ? "is" : "are");
    } else {
        out_text(out, "No hit is put before a reviewer.");
    }
    if (adverse == 0) {
        out_text(out, before ? "None is in an adverse role.</p>\n" : "</p>\n");
        return;
    }
    html_count(out, adverse);
    out_format(out, " %s in an adverse role, and ", adverse == 1 ? "is" : "are");
    if (sure)
        html_count(out, sure);
    else
        out_text(out, "none");
    out_format(
        out,
        " of %s %s, under the model, very likely to concern somebody in the %s.</p>\n",
        adverse == 1 ? "these" : "them", sure == 1 ? "is" : "are",
        report->settings->wash ? "workforce" : "left file");
}

static void summary_strip(struct out *out, const struct report *report)
{
    const struct run_summary *summary = report->summary;
    const struct words *words = words_of(report);

    out_text(out, "<section id=\"summary\" aria-labelledby=\"summary-h\">\n"
                  "<h2 id=\"summary-h\">Summary</h2>\n");
    in_short(out, report);
    out_text(out, "<dl class=\"figures\">\n");
    figure(out, "", words->left_count, summary->people, "compared with every mention");
    figure(out, "", words->right_count, summary->mentions,
           "people named in intelligence records");
    figure(out, "lead", "Hits for a reviewer", raised(summary),
           "adverse, association or role not stated");
    figure(out, "", "People concerned", summary->people_hit,
           "with one or more hits of any kind");
    figure(out, "care", "Welfare hits", summary->hits_by_role[ROLE_WELFARE],
           "victims and witnesses, shown apart");
    figure(out, "", "Police-role hits", summary->hits_by_role[ROLE_POLICE],
           "officers in the case and authors: counted, not raised");
    out_text(out, "</dl>\n");
}

static void not_a_finding(struct out *out)
{
    out_text(
        out,
        "<aside class=\"limits\" aria-labelledby=\"limits-h\">\n"
        "<h3 id=\"limits-h\">What this page is not</h3>\n<ul>\n"
        "<li><strong>A score is not a finding.</strong> It says how far two entries "
        "look like one person, not what that person did.</li>\n"
        "<li><strong>A named person decides</strong> on each hit, after opening the "
        "record itself. Nothing follows from this page alone.</li>\n"
        "<li><strong>The role comes first.</strong> A victim or witness is never a "
        "suspect; where no role is stated, none is to be supposed.</li>\n"
        "<li><strong>No hit is not a clearance.</strong> Only the files named below "
        "were searched, as they stood.</li>\n</ul>\n</aside>\n</section>\n");
}

/* ---- facts of the run ------------------------------------------------------------------------------- */

static void fact(struct out *out, const char *name)
{
    out_format(out, "<tr><th scope=\"row\">%s</th><td>", name);
}

static void fact_end(struct out *out)
{
    out_text(out, "</td></tr>\n");
}

static void file_name(struct out *out, const char *path, const char *if_dash)
{
    out_text(out, "<bdi class=\"file\">");
    html_text(out, strcmp(path, "-") == 0 ? if_dash : path);
    out_text(out, "</bdi>");
}

enum { FILES_SHOWN = 8 };

static void right_files(struct out *out, const struct run_settings *settings)
{
    for (size_t i = 0; i < settings->right_count && i < FILES_SHOWN; i++) {
        out_text(out, i ? "<br>" : "");
        file_name(out, settings->right_paths[i], "standard input");
    }
    if (settings->right_count > FILES_SHOWN) {
        out_text(out, "<br>and ");
        html_count(out, settings->right_count - FILES_SHOWN);
        out_text(out, " more of the same series, up to ");
        file_name(out, settings->right_paths[settings->right_count - 1],
                  "standard input");
    }
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool same_folder(const char *a, const char *b)
{
    size_t length = folder_length(a);

    return length == folder_length(b) && memcmp(a, b, length) == 0;
}

/* Letters that need no %-form in the path of an address. */
static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

/* A link only to a file beside the page; "./" keeps a name from being a scheme. */
void report_file_link(struct out *out, const struct report *report, const char *path)
{
    bool beside = strcmp(path, "-") != 0 && report->settings->report_path &&
                  same_folder(path, report->settings->report_path);

    if (!beside) {
        file_name(out, path, "standard output");
        return;
    }
    out_text(out, "<a class=\"file\" href=\"./");
    for (const char *c = path + folder_length(path); *c; c++)
        if (unreserved(*c))
            out_bytes(out, c, 1);
        else
            out_format(out, "%%%02X", (unsigned char)*c);
    out_text(out, "\">");
    html_text(out, path + folder_length(path));
    out_text(out, "</a>");
}

static void set_aside(struct out *out, const struct report *report)
{
    const struct run_summary *summary = report->summary;

    if (!summary->people_set_aside && !summary->mentions_set_aside &&
        !summary->values_set_aside) {
        out_text(out, "Nothing: every row and every value could be used.");
        return;
    }
    html_count(out, summary->people_set_aside);
    out_text(out, report->settings->wash ? " of the workforce rows and "
                                         : " of the left rows and ");
    html_count(out, summary->mentions_set_aside);
    out_text(out, report->settings->wash ? " of the mentions could not be used; "
                                         : " of the right rows could not be used; ");
    html_count(out, summary->values_set_aside);
    out_format(out, " single value%s could not be read and %s left out",
               html_plural(summary->values_set_aside),
               summary->values_set_aside == 1 ? "was" : "were");
    if (summary->rejected_path[0]) {
        out_text(out, ". Each is listed, with the reason, in ");
        report_file_link(out, report, summary->rejected_path);
    }
    out_text(out, ".");
}

static void duration(struct out *out, double seconds)
{
    unsigned long whole = (unsigned long)(seconds < 0 ? 0 : seconds + 0.5);

    if (whole >= 3600)
        out_format(out, "%lu h %lu min", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        out_format(out, "%lu min %lu s", whole / 60, whole % 60);
    else
        out_format(out, "%.1f s", seconds < 0 ? 0.0 : seconds);
}

static void taken(struct out *out, const struct run_summary *summary)
{
    duration(out,
             summary->seconds_index + summary->seconds_stream + summary->seconds_write);
    if (summary->resumed_blocks) {
        out_text(out, " after resuming: ");
        html_count(out, summary->resumed_blocks);
        out_text(out, " of ");
        html_count(out, summary->blocks);
        out_text(out, " blocks had been done before");
    }
}

/* "1 in 340" of a chance below one half, "34 in 100" above 1 in 10. */
static void chance(struct out *out, double probability)
{
    if (probability >= 0.1) {
        out_format(out, "%.0f in 100", probability * 100);
        return;
    }
    double of = 1 / (probability > 1e-18 ? probability : 1e-18);
    double unit = of < 100 ? 1 : pow(10, floor(log10(of)) - 1); /* two figures */

    out_text(out, "1 in ");
    html_count(out, (uint64_t)(floor(of / unit + 0.5) * unit));
}

static void prior(struct out *out, const struct report *report)
{
    const struct run_summary *summary = report->summary;
    double odds = exp2((double)summary->prior / BITS_ONE);
    double share = odds * (double)summary->people;
    static const char *const sources[] = {
        [SHARE_GIVEN] = " (set for this run).",
        [SHARE_FITTED] = " (fitted to the first mentions).",
        [SHARE_ASSUMED] = " (the model\xe2\x80\x99s own; too few pairs to fit it to).",
    };

    html_hundredths(out, bits_hundredths(summary->prior), true);
    out_text(out, " bits: before anything is compared, about ");
    chance(out, odds / (1 + odds));
    out_text(out, " pairs is taken to be one person. It supposes that about ");
    chance(out, share < 1 ? share : 1);
    out_text(out, report->settings->wash
                      ? " mentions concerns somebody in the workforce"
                      : " right rows has a match on the left");
    out_text(out, sources[summary->share_from]);
}

static void threshold(struct out *out, const struct report *report)
{
    html_percent(out, report->summary->probability);
    out_text(out, " or more, which is a score of ");
    html_hundredths(out, bits_hundredths(report->summary->threshold), true);
    out_text(out, " bits");
    out_text(out, report->settings->probability
                      ? " (set for this run)."
                      : " (the model\xe2\x80\x99s own setting).");
}

static void complete(struct out *out, const struct report *report)
{
    out_text(out, "All ");
    html_count(out, report->summary->people);
    out_text(out, " \xc3\x97 ");
    html_count(out, report->summary->mentions);
    out_text(out,
             " pairs were considered: each that reaches the threshold is listed in ");
    report_file_link(out, report, report->settings->out_path);
    out_text(out, ", and none is lost to a shortcut.");
}

static void checked(struct out *out, const struct report *report)
{
    const struct words *words = words_of(report);

    out_text(out,
             "<section id=\"checked\" aria-labelledby=\"checked-h\">\n"
             "<h2 id=\"checked-h\">What was checked</h2>\n<table class=\"facts\">\n"
             "<caption class=\"hide\">Files, settings and model of this "
             "run</caption>\n<tbody>\n");
    fact(out, words->left);
    file_name(out, report->settings->left_path, "standard input");
    out_text(out, "<br>");
    html_count(out, report->summary->people);
    out_format(out, " usable row%s", html_plural(report->summary->people));
    fact_end(out);
    fact(out, words->right);
    right_files(out, report->settings);
    out_text(out, "<br>");
    html_count(out, report->summary->mentions);
    out_format(out, " usable row%s", html_plural(report->summary->mentions));
    fact_end(out);
    fact(out, "Set aside");
    set_aside(out, report);
    fact_end(out);
    fact(out, "Started");
    moment(out, report->settings->started ? report->settings->started : "");
    fact_end(out);
    fact(out, "Took");
    taken(out, report->summary);
    fact_end(out);
    fact(out, "Model");
    html_text(out, report->summary->model);
    fact_end(out);
    fact(out, "Threshold");
    threshold(out, report);
    fact_end(out);
    fact(out, "Prior");
    prior(out, report);
    fact_end(out);
    fact(out, "Completeness");
    complete(out, report);
    fact_end(out);
    out_text(out, "</tbody>\n</table>\n</section>\n");
}

/* ---- the page ------------------------------------------------------------------------------------------ */

static void page(struct out *out, const struct report *report)
{
    html_head(out, words_of(report)->title);
    masthead(out, report);
    contents(out, report);
    out_text(out, "<main class=\"page\">\n");
    summary_strip(out, report);
    not_a_finding(out);
    checked(out, report);
    report_bands(out, report);
    report_histogram(out, report);
    report_weights(out, report);
    report_filter(out);
    report_cards(out, report);
    out_text(out,
             "</main>\n<footer class=\"page\"><p>Written by Candour. Every score here "
             "can be taken apart with <code>candour explain</code>.</p></footer>\n"
             "<script>");
    asset(out, "report.js");
    out_text(out, "</script>\n</body>\n</html>\n");
}

bool report_write(const char *path, const struct report *report, struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    page(out, report);
    return out_commit(out, err);
}
