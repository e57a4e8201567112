/*
 * Inside screen: what the pages, charts and waterfalls share. Not a door.
 */
#ifndef SCREEN_REPORT_H
#define SCREEN_REPORT_H

#include "screen/screen.h"

/* ---- files made part of the program by tools/embed ------------------------------------ */

struct embedded {
    const char *name;
    const char *bytes;
    size_t size;
};

extern const struct embedded
    report_asset_files[];                   /* report.css, report.js, report.csp */
extern const struct embedded roles_files[]; /* roles.csv */

/* ---- writing values (report_html.c) ---------------------------------------------------- */

/* From the doctype to the end of <head>: style inside, no request to anybody. */
void html_head(struct out *out, const char *title);

/* Safe as text and inside a quoted attribute, in HTML and in XML. */
void html_str(struct out *out, struct str text);
void html_text(struct out *out, const char *text);

/* At most `most` bytes of it, cut between characters; `|` lists as "; ". */
void html_value(struct out *out, struct str text, size_t most);

/* Bits as a decimal number of two places, from hundredths; `plus` writes the + sign. */
int32_t bits_hundredths(int32_t bits); /* rounded to nearest */
void html_hundredths(struct out *out, int32_t hundredths, bool plus);
void html_count(struct out *out, uint64_t count); /* 12,345,678 */
void html_percent(struct out *out, uint32_t millionths);

/* "", or "s" unless the count is one. */
const char *html_plural(uint64_t count);

/* ---- probability in words --------------------------------------------------------------- */

extern const struct band {
    uint32_t least; /* millionths */
    const char *range;
    const char *phrase;
} probability_bands[REPORT_BANDS];

unsigned probability_band(uint32_t millionths);

/* ---- the steps of a waterfall (waterfall.c) ---------------------------------------------- */

/*
 * A running total is rounded to hundredths first and a step is the difference of two
 * totals, so that what is shown always adds up: prior + steps = score.
 */
struct step {
    enum comparison comparison;
    const struct level *level;
    int32_t bits;   /* as scored */
    int32_t before; /* running total, hundredths */
    int32_t after;  /* running total, hundredths */
};

/* All comparisons in the model's order, model_comparisons() of them; returns the prior in hundredths. */
int32_t waterfall_steps(const struct waterfall *waterfall,
                        struct step steps[COMPARISONS_MAX]);

/* ---- parts of the page -------------------------------------------------------------------- */

void report_bands(struct out *out, const struct report *report);
void report_histogram(struct out *out, const struct report *report);
void report_weights(struct out *out, const struct report *report);
void report_filter(struct out *out);
void report_cards(struct out *out, const struct report *report);

/* The name of a file that the run wrote; a link if it lies beside the page. */
void report_file_link(struct out *out, const struct report *report, const char *path);

/* Cards of a role class: those on this page, and all that were found. */
size_t report_shown(const struct report *report, enum role_class role);

const char *role_class_title(enum role_class role); /* "Adverse role", for headings */

#endif
