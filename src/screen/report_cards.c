/*
 * The hits, one card each, in sections by the person's role in the record.
 *
 * A card's table is also its waterfall: each row says what both sides hold, what was
 * found, and draws the bits that this adds to the running total, from the prior in
 * the first row to the score in the last. One scale serves the whole page, so that
 * cards can be compared. Free text of a record is not shown: a reviewer opens the
 * record itself.
 */
#include "screen/report.h"

#include <string.h>

/* Keeps a card under 6 KB whatever a file holds. */
enum { VALUE_MOST = 160, LABEL_MOST = 60 };

struct scale {
    int32_t low, high; /* hundredths of a bit */
};

static const struct {
    enum role_class role;
    const char *note;
} sections[] = {
    {ROLE_ADVERSE,
     "The record names the person as a suspect or in a like role. It remains "
     "information to be assessed, not a finding."                                  },
    {ROLE_ASSOCIATION, "The person is linked to the matter by an address, a vehicle or "
                       "other people. A link is not conduct."},
    {ROLE_UNKNOWN,     "The record does not say in a known word what part the person had. "
                   "Open the record; do not suppose a role."     },
    {ROLE_WELFARE,     "Victims, witnesses, people who reported, children named. Route to "
                   "the welfare lead "
                   "only: not for conduct or vetting staff, and never to be counted "
                   "against anybody."                            },
};

/* ---- the side-by-side rows ---------------------------------------------------------------- */

/* Which fields stand in the row of a comparison; the first is shown plain. */
struct shown {
    enum field field;
    const char *before; /* in front of the value; NULL ends the list */
};

static const struct shown shown[COMPARISON_COUNT][3] = {
    [COMPARE_SURNAME] = {{FIELD_SURNAME, ""},
                         {FIELD_FULL_NAME, ""},
                         {FIELD_OTHER_NAMES, "also: "}},
    [COMPARE_FORENAME] = {{FIELD_FORENAMES, ""}         },
    [COMPARE_MIDDLE_NAMES] = {{FIELD_FORENAMES, ""}                 }, /* after the first: see side() */
    [COMPARE_NAME_ORDER] = {{FIELD_FORENAMES, ""},                  {FIELD_SURNAME, ""}},
    [COMPARE_FULL_NAME] = {{FIELD_FORENAMES, ""},                  {FIELD_SURNAME, ""}},
    [COMPARE_DATE_OF_BIRTH] = {{FIELD_DATE_OF_BIRTH, ""}                                     },
    [COMPARE_SEX] = {{FIELD_SEX, ""} },
    [COMPARE_PLACE] = {{FIELD_POSTCODE, ""},
                         {FIELD_ADDRESS, ""},
                         {FIELD_PREVIOUS_POSTCODES, "before: "}},
    [COMPARE_PHONE] = {{FIELD_PHONES, ""}                       },
    [COMPARE_EMAIL] = {{FIELD_EMAILS, ""}                  },
    [COMPARE_NATIONAL_INSURANCE_NO] = {{FIELD_NATIONAL_INSURANCE_NO, ""}},
    [COMPARE_STAFF_NUMBER] = {{FIELD_STAFF_NUMBERS, ""}                    },
    [COMPARE_VEHICLE] = {{FIELD_VEHICLES, ""}                    },
};

static struct str after_first_word(struct str text)
{
    struct str first, rest = str_trim(text);

    str_cut(&rest, ' ', &first);
    return rest.at ? str_trim(rest) : (struct str){"", 0};
}

/* What one side of a hit says. */
struct written {
    const struct str *field, *other;
};

static struct written left_of(const struct report_hit *hit)
{
    return (struct written){hit->left, hit->left_other};
}

static struct written right_of(const struct report_hit *hit)
{
    return (struct written){hit->right, hit->right_other};
}

/* How many values the row of a comparison can have, and what stands before one. */
static size_t value_count(enum comparison c)
{
    size_t count = 0;

    if (c >= COMPARISON_COUNT)
        return 1;
    while (count < COUNT(shown[c]) && shown[c][count].before)
        count++;
    return count;
}

static const char *before_value(enum comparison c, size_t i)
{
    return c < COMPARISON_COUNT ? shown[c][i].before : "";
}

/* One value as its row shows it. */
static struct str value_of(struct written written, enum comparison c, size_t i)
{
    if (c >= COMPARISON_COUNT)
        return str_trim(written.other[c - COMPARISON_COUNT]);

    struct str value = str_trim(written.field[shown[c][i].field]);

    return c == COMPARE_MIDDLE_NAMES ? after_first_word(value) : value;
}

static bool anything(struct written written, enum comparison c)
{
    for (size_t i = 0; i < value_count(c); i++)
        if (value_of(written, c, i).len)
            return true;
    return false;
}

/* Each value of a row with what stands in front of it; whether there was any. */
static bool values(struct out *out, struct written written, enum comparison c,
                   const char *before, const char *between)
{
    bool first = true;

    for (size_t i = 0; i < value_count(c); i++) {
        struct str value = value_of(written, c, i);

        if (value.len == 0)
            continue;
        out_text(out, first ? before : between);
        out_text(out, before_value(c, i));
        out_text(out, "<bdi>");
        html_value(out, value, VALUE_MOST);
        out_text(out, "</bdi>");
        first = false;
    }
    return !first;
}

static void side(struct out *out, struct written written, enum comparison c)
{
    out_text(out, "<td>");
    if (!values(out, written, c, "", "<br>"))
        out_text(out, "<i>not recorded</i>");
    out_text(out, "</td>");
}

/* ---- the waterfall column ------------------------------------------------------------------- */

static struct waterfall waterfall_of(const struct report *report,
                                     const struct report_hit *hit)
{
    return (struct waterfall){report->model, report->summary->prior, hit->score,
                              hit->evidence};
}

static struct scale scale_of(const struct report *report)
{
    int32_t prior = bits_hundredths(report->summary->prior);
    struct scale scale = {prior < 0 ? prior : 0, prior > 0 ? prior : 0};

    for (size_t i = 0; i < report->hit_count; i++) {
        struct step steps[COMPARISONS_MAX];
        struct waterfall waterfall = waterfall_of(report, &report->hits[i]);

        waterfall_steps(&waterfall, steps);
        for (unsigned c = 0; c < model_comparisons(report->model); c++) {
            scale.low = steps[c].after < scale.low ? steps[c].after : scale.low;
            scale.high = steps[c].after > scale.high ? steps[c].after : scale.high;
        }
    }
    scale.low -= 100;
    scale.high += 100;
    return scale;
}

static double percent_at(struct scale scale, int32_t hundredths)
{
    return 100.0 * (hundredths - scale.low) / (scale.high - scale.low);
}

/* Even odds, drawn once and used in every row. */
static void scale_marks(struct out *out, struct scale scale)
{
    out_format(
        out,
        "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
        "<line id=\"z\" x1=\"%.1f%%\" x2=\"%.1f%%\" y2=\"100%%\"/></defs></svg>\n",
        percent_at(scale, 0), percent_at(scale, 0));
}

enum bar { BAR_PRIOR, BAR_STEP, BAR_SCORE };

static void bar(struct out *out, struct scale scale, int32_t from, int32_t to,
                enum bar kind)
{
    double a = percent_at(scale, from), b = percent_at(scale, to);
    double left = a < b ? a : b, wide = a < b ? b - a : a - b;
    const char *class = kind != BAR_STEP ? "t" : to < from ? "n" : "y";

    out_text(out, "<td class=\"w\"><svg aria-hidden=\"true\"><use href=\"#z\"/>");
    if (kind == BAR_STEP)
        out_format(out, "<line x1=\"%.1f%%\" x2=\"%.1f%%\" y2=\"10\"/>", a, a);
    if (from != to)
        out_format(out,
                   "<rect class=\"%s\" x=\"%.1f%%\" width=\"%.1f%%\" y=\"10\" "
                   "height=\"13\"/>",
                   class, left, wide < 0.4 ? 0.4 : wide);
    if (kind != BAR_SCORE)
        out_format(out, "<line x1=\"%.1f%%\" x2=\"%.1f%%\" y1=\"%d\" y2=\"100%%\"/>", b,
                   b, from == to ? 10 : 23);
    out_text(out, "</svg></td></tr>\n");
}

static void row_of_step(struct out *out, const struct model *model, struct scale scale,
                        const struct report_hit *hit, const struct step *step)
{
    enum comparison c = step->comparison;

    out_text(out, "<tr><th scope=\"row\">");
    html_text(out, model_comparison_label(model, c));
    out_text(out, "</th>");
    side(out, left_of(hit), c);
    side(out, right_of(hit), c);
    out_format(out, "<td class=\"%s\"><b>%s</b> ",
               step->bits > 0   ? "y"
               : step->bits < 0 ? "n"
                                : "o",
               step->bits > 0   ? "Agrees:"
               : step->bits < 0 ? "Differs:"
                                : "No weight:");
    html_str(out, str_of(step->level->label));
    out_text(out, "</td><td class=\"bits\">");
    html_hundredths(out, step->after - step->before, true);
    out_text(out, "</td>");
    bar(out, scale, step->before, step->after, BAR_STEP);
}

/* These speak only when they have something to say: it is not that they were unknown. */
static bool usually_silent(enum comparison c)
{
    return c == COMPARE_NAME_ORDER || c == COMPARE_FULL_NAME;
}

/* What could not be compared goes without a row of its own: see rows_left_out(). */
static bool has_row(const struct report_hit *hit, const struct step *step)
{
    if (step->bits)
        return true;
    return !usually_silent(step->comparison) &&
           anything(left_of(hit), step->comparison) &&
           anything(right_of(hit), step->comparison);
}

/* The values of one side that the other has nothing to hold against, or what neither
 * has: a line, unless there are none. */
static void left_out(struct out *out, const struct model *model,
                     const struct report_hit *hit, const struct step steps[], bool left,
                     bool right, const char *title)
{
    bool first = true;

    for (unsigned i = 0; i < model_comparisons(model); i++) {
        enum comparison c = steps[i].comparison;

        if (has_row(hit, &steps[i]) || usually_silent(c) ||
            anything(left_of(hit), c) != left || anything(right_of(hit), c) != right)
            continue;
        out_text(out, first ? "<p class=\"absent\">" : "; ");
        out_text(out, first ? title : "");
        html_text(out, model_comparison_label(model, c));
        if (left || right)
            values(out, left ? left_of(hit) : right_of(hit), c, " ", ", ");
        first = false;
    }
    out_text(out, first ? "" : "</p>\n");
}

static void rows_left_out(struct out *out, const struct report *report,
                          const struct report_hit *hit, const struct step steps[])
{
    bool wash = report->settings->wash;
    const struct model *model = report->model;

    left_out(out, model, hit, steps, true, false,
             wash ? "Only the workforce file says: " : "Only the left file says: ");
    left_out(out, model, hit, steps, false, true,
             wash ? "Only the record says: " : "Only the right file says: ");
    left_out(out, model, hit, steps, false, false, "On neither side: ");
}

static void evidence_table(struct out *out, const struct report *report,
                           struct scale scale, const struct report_hit *hit)
{
    struct step steps[COMPARISONS_MAX];
    struct waterfall waterfall = waterfall_of(report, hit);
    int32_t prior = waterfall_steps(&waterfall, steps);
    int32_t score = bits_hundredths(hit->score);

    out_format(
        out,
        "<table class=\"side\"><caption class=\"hide\">Side by side, with the "
        "evidence of each comparison</caption>\n<thead><tr><th scope=\"col\">"
        "Compared</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
        "<th scope=\"col\">Finding</th><th scope=\"col\" class=\"bits\">Bits</th>"
        "<th scope=\"col\" class=\"w\">Running total <small>(dotted: "
        "even odds)</small></th></tr></thead>\n<tbody>\n"
        "<tr class=\"edge\"><th scope=\"row\" colspan=\"4\">Before comparing "
        "(prior)</th><td class=\"bits\">",
        report->settings->wash ? "Workforce says" : "Left says",
        report->settings->wash ? "Record says" : "Right says");
    html_hundredths(out, prior, true);
    out_text(out, "</td>");
    bar(out, scale, 0, prior, BAR_PRIOR);
    for (unsigned i = 0; i < model_comparisons(report->model); i++)
        if (has_row(hit, &steps[i]))
            row_of_step(out, report->model, scale, hit, &steps[i]);
    out_text(out, "</tbody>\n<tfoot><tr class=\"edge\"><th scope=\"row\" colspan=\"4\">"
                  "Score</th><td class=\"bits\">");
    html_hundredths(out, score, true);
    out_text(out, "</td>");
    bar(out, scale, 0, score, BAR_SCORE);
    out_text(out, "</tfoot></table>\n");
    rows_left_out(out, report, hit, steps);
}

/* ---- provenance and grading -------------------------------------------------------------------- */

static void provenance(struct out *out, const char *name, struct str value)
{
    out_format(out, "<div><dt>%s</dt><dd>", name);
    if (value.len) {
        out_text(out, "<bdi>");
        html_value(out, value, LABEL_MOST);
        out_text(out, "</bdi></dd></div>");
    } else {
        out_text(out, "<i>not stated</i></dd></div>");
    }
}

/* The 3x5x2 form only; a 5x5x5 grade is shown as written and never converted. */
static const char *const source_words[] = {"reliable source", "untested source",
                                           "source not reliable"};
static const char *const assessment_words[] = {
    "known directly", "known indirectly but corroborated", "known indirectly",
    "not known", "suspected to be false"};

/* 1A, 1AP, 1/A and 1/A/P: source, assessment, handling (0 if not there). */
static bool grade_parts(struct str grade, char parts[3])
{
    size_t count = 0;

    parts[2] = 0;
    for (size_t i = 0; i < grade.len; i++) {
        if (grade.at[i] == '/' && count > 0 && grade.at[i - 1] != '/')
            continue;
        if (count == 3)
            return false;
        parts[count++] = grade.at[i];
    }
    return count >= 2 && parts[0] >= '1' && parts[0] <= '3' && parts[1] >= 'A' &&
           parts[1] <= 'E' && (count == 2 || parts[2] == 'P' || parts[2] == 'C');
}

static void grading(struct out *out, struct str grade)
{
    char parts[3];

    provenance(out, "Grading", grade);
    if (!grade_parts(grade, parts))
        return;
    out_format(out, "<div><dt>Grading means</dt><dd>%s, %s</dd></div>",
               source_words[parts[0] - '1'], assessment_words[parts[1] - 'A']);
}

static bool conditions_apply(const struct report_hit *hit)
{
    char parts[3];

    return str_same(hit->right[FIELD_HANDLING], STR("C")) ||
           (grade_parts(hit->right[FIELD_GRADING], parts) && parts[2] == 'C');
}

static void where_from(struct out *out, const struct report_hit *hit)
{
    out_text(out, "<dl class=\"from\">");
    provenance(out, "Source force", hit->right[FIELD_SOURCE_FORCE]);
    provenance(out, "Record type", hit->right[FIELD_RECORD_TYPE]);
    provenance(out, "Event date", hit->right[FIELD_EVENT_DATE]);
    grading(out, hit->right[FIELD_GRADING]);
    provenance(out, "Handling", hit->right[FIELD_HANDLING]);
    out_text(out, "</dl>\n");
}

static void notes(struct out *out, const struct report *report,
                  const struct report_hit *hit)
{
    if (conditions_apply(hit))
        out_text(out,
                 "<p class=\"note\"><strong>Handling conditions apply.</strong> Read "
                 "them on the record before using or sharing this.</p>\n");
    if (hit->rivals == 0)
        return;
    out_text(out, "<p class=\"note\"><strong>");
    html_count(out, hit->rivals);
    out_format(out,
               " other %s</strong> %s fit%s this record as well or better. At most "
               "one of them can be the person named.</p>\n",
               hit->rivals == 1 ? "person" : "people",
               report->settings->wash ? "in the workforce" : "on the left",
               hit->rivals == 1 ? "s" : "");
}

/* ---- a card --------------------------------------------------------------------------------------- */

/* subject_of_intelligence as words. */
static void role_words(struct out *out, struct str role)
{
    char words[LABEL_MOST];
    size_t len = role.len < LABEL_MOST ? role.len : LABEL_MOST;

    for (size_t i = 0; i < len; i++)
        words[i] = role.at[i] == '_' ? ' ' : role.at[i];
    html_value(out, role.len <= LABEL_MOST ? (struct str){words, len} : role,
               LABEL_MOST);
}

static void role_strip(struct out *out, const struct report_hit *hit)
{
    struct str role = str_trim(hit->right[FIELD_ROLE]);

    out_text(out, "<span class=\"role\"><span>Role in the record</span> <b>");
    if (role.len)
        role_words(out, role);
    else
        out_text(out, "not stated");
    out_format(out, "</b> <i>%s</i></span>", role_class_title(hit->role));
}

static void name_ids(struct out *out, const struct report *report,
                     const struct report_hit *hit)
{
    const struct str *right = hit->right;
    struct str record =
        right[FIELD_RECORD_ID].len ? right[FIELD_RECORD_ID] : right[FIELD_ID];

    out_format(out, "<span class=\"ids\">%s <bdi>",
               report->settings->wash ? "Person" : "Left");
    html_value(out, hit->left[FIELD_ID], LABEL_MOST);
    out_format(out, "</bdi> <span class=\"and\">and</span> %s <bdi>",
               report->settings->wash ? "record" : "right");
    html_value(out, record, LABEL_MOST);
    out_text(out, "</bdi></span>");
}

/* Digits only, for sorting: 2024-03-12 as 20240312; other forms sort last. */
static void sortable_date(struct out *out, struct str date)
{
    if (date.len < 10 || date.at[4] != '-' || date.at[7] != '-')
        return;
    for (size_t i = 0; i < 10; i++)
        if (date.at[i] >= '0' && date.at[i] <= '9')
            out_bytes(out, date.at + i, 1);
}

static void card(struct out *out, const struct report *report, struct scale scale,
                 size_t i)
{
    const struct report_hit *hit = &report->hits[i];
    uint32_t probability = bits_probability(hit->score);

    out_format(out,
               "<article class=\"hit %s\" id=\"hit-%zu\" data-n=\"%zu\" data-p=\"%u\" "
               "data-d=\"",
               role_class_name(hit->role), i + 1, i, probability);
    sortable_date(out, hit->right[FIELD_EVENT_DATE]);
    out_text(out, "\" data-f=\"");
    html_value(out, hit->right[FIELD_SOURCE_FORCE], LABEL_MOST);
    out_text(out, "\" data-w=\"");
    html_value(out, hit->left[FIELD_ID], LABEL_MOST);
    out_text(out, "\">\n<h4>");
    role_strip(out, hit);
    name_ids(out, report, hit);
    out_text(out, "</h4>\n<p class=\"verdict\"><b>");
    html_percent(out, probability);
    out_format(out, "</b> <span>%s</span> <small>score ",
               probability_bands[probability_band(probability)].phrase);
    html_hundredths(out, bits_hundredths(hit->score), true);
    out_text(out, " bits</small></p>\n");
    where_from(out, hit);
    notes(out, report, hit);
    evidence_table(out, report, scale, hit);
    out_text(out, "</article>\n");
}

/* ---- sections --------------------------------------------------------------------------------------- */

static void how_many(struct out *out, const struct report *report, enum role_class role)
{
    uint64_t all = report->summary->hits_by_role[role];
    size_t here = report_shown(report, role);

    out_text(out, "<p class=\"many\">");
    if (all == 0) {
        out_text(out, "There are none.");
    } else if (here < all) {
        out_text(out, "The ");
        html_count(out, here);
        out_text(out, " highest of ");
        html_count(out, all);
        out_text(out, " are shown; all are in ");
        report_file_link(out, report, report->settings->out_path);
        out_text(out, ".");
    } else {
        out_text(out, here == 1 ? "The one hit is shown." : "All ");
        if (here > 1) {
            html_count(out, here);
            out_text(out, " are shown.");
        }
    }
    out_text(out, "</p>\n");
}

static void section(struct out *out, const struct report *report, struct scale scale,
                    enum role_class role, const char *note)
{
    const char *name = role_class_name(role);

    out_format(out,
               "<section class=\"class %s\" id=\"%s\" aria-labelledby=\"%s-h\">\n"
               "<h3 id=\"%s-h\">%s%s</h3>\n<p>%s</p>\n",
               name, name, name, name, role_class_title(role),
               role == ROLE_WELFARE ? ": victims and witnesses" : "", note);
    how_many(out, report, role);
    out_text(out, "<div class=\"cards\">\n");
    for (size_t i = 0; i < report->hit_count; i++)
        if (report->hits[i].role == role)
            card(out, report, scale, i);
    out_text(out, "</div>\n<p class=\"top\"><a href=\"#summary\">Back to the "
                  "summary</a></p>\n</section>\n");
}

/* Shown by the script; without it the page is whole, only not filtered. */
void report_filter(struct out *out)
{
    out_text(out, "<section id=\"hits\" aria-labelledby=\"hits-h\">\n"
                  "<h2 id=\"hits-h\">Hits</h2>\n");
    out_format(
        out,
        "<form id=\"filter\" class=\"filter\" role=\"search\" "
        "aria-label=\"Filter and sort the hits\" hidden>\n"
        "<div class=\"wide\"><label for=\"f-text\">Find a name, id or other "
        "word</label><input id=\"f-text\" name=\"q\" type=\"search\" "
        "autocomplete=\"off\" spellcheck=\"false\"></div>\n"
        "<div><label for=\"f-least\">Probability</label><select id=\"f-least\" "
        "name=\"min\"><option value=\"0\">any</option><option value=\"990000\">99%%"
        " or more</option><option value=\"900000\">90%% or more</option><option "
        "value=\"500000\">50%% or more</option><option value=\"100000\">10%% or "
        "more</option></select></div>\n"
        "<div><label for=\"f-role\">Role</label><select id=\"f-role\" "
        "name=\"role\"><option value=\"\">all, each apart</option>");
    for (size_t i = 0; i < COUNT(sections); i++)
        out_format(out, "<option value=\"%s\">%s</option>",
                   role_class_name(sections[i].role),
                   role_class_title(sections[i].role));
    out_format(out,
               "</select></div>\n<div><label for=\"f-force\">Source force</label>"
               "<select id=\"f-force\" name=\"force\"><option value=\"\">any</option>"
               "</select></div>\n<div><label for=\"f-sort\">Order</label><select "
               "id=\"f-sort\" name=\"sort\"><option value=\"score\">highest score"
               "</option><option value=\"date\">latest event</option><option "
               "value=\"person\">person</option></select></div>\n"
               "<div class=\"end\"><button type=\"reset\">Clear</button></div>\n"
               "</form>\n<p class=\"found\" role=\"status\" id=\"f-found\"></p>\n");
}

void report_cards(struct out *out, const struct report *report)
{
    struct scale scale = scale_of(report);

    scale_marks(out, scale);
    for (size_t i = 0; i < COUNT(sections); i++)
        section(out, report, scale, sections[i].role, sections[i].note);
    out_text(out, "</section>\n");
}
