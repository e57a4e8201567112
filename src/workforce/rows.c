/*
 * What a row of an extract says about a person and a post. Pure: text in, text out.
 */
#include "workforce/inner.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { HEADING_MAX = 63 };

/* ---- columns of the post ------------------------------------------------------------- */

/* Headings as personnel systems write them; case, spaces and punctuation do not matter.
 * The first in this order that the file has is taken. */
static const struct post_heading {
    enum post_column column;
    const char *heading;
} post_headings[] = {
    {COLUMN_FORCE, "force"         },
    {COLUMN_FORCE, "forcecode"     },
    {COLUMN_FORCE, "forceid"       },
    {COLUMN_KIND,  "stafftype"     },
    {COLUMN_KIND,  "employmenttype"},
    {COLUMN_KIND,  "employeetype"  },
    {COLUMN_KIND,  "persontype"    },
    {COLUMN_UNIT,  "unit"          },
    {COLUMN_UNIT,  "department"    },
    {COLUMN_UNIT,  "team"          },
    {COLUMN_POST,  "roletitle"     },
    {COLUMN_POST,  "post"          },
    {COLUMN_POST,  "posttitle"     },
    {COLUMN_POST,  "jobtitle"      },
    {COLUMN_POST,  "position"      },
    {COLUMN_START, "startdate"     },
    {COLUMN_START, "datejoined"    },
    {COLUMN_START, "joined"        },
    {COLUMN_START, "dateofjoining" },
    {COLUMN_LEAVE, "leavedate"     },
    {COLUMN_LEAVE, "leavingdate"   },
    {COLUMN_LEAVE, "dateleft"      },
    {COLUMN_LEAVE, "enddate"       },
};

/* Lower-case letters and digits of ASCII only; empty if it is longer than any known. */
static struct str squeeze(struct str text, char squeezed[HEADING_MAX + 1])
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
            continue;
        if (len == HEADING_MAX)
            return (struct str){squeezed, 0};
        squeezed[len++] = c;
    }
    return (struct str){squeezed, len};
}

void post_column_note(struct post_columns *columns, const char *name, int index)
{
    char squeezed[HEADING_MAX + 1];
    struct str heading = squeeze(str_of(name), squeezed);

    for (size_t i = 0; i < COUNT(post_headings); i++)
        if (str_same(heading, str_of(post_headings[i].heading)) &&
            columns->at[post_headings[i].column] < 0)
            columns->at[post_headings[i].column] = index;
}

const char *post_column_name(enum post_column column)
{
    static const char *const names[] = {
        [COLUMN_FORCE] = "force",      [COLUMN_KIND] = "staff_type",
        [COLUMN_UNIT] = "unit",        [COLUMN_POST] = "role_title",
        [COLUMN_START] = "start_date", [COLUMN_LEAVE] = "leave_date"};
    static_assert(COUNT(names) == POST_COLUMNS, "every column has a name");

    return names[column];
}

/* ---- kinds of people --------------------------------------------------------------------- */

static const struct kind {
    const char *word; /* squeezed */
    const char *kind;
} kinds[] = {
    {"officer",                "officer"   },
    {"policeofficer",          "officer"   },
    {"regular",                "officer"   },
    {"staff",                  "staff"     },
    {"policestaff",            "staff"     },
    {"pcso",                   "staff"     },
    {"designated",             "staff"     },
    {"special",                "special"   },
    {"specialconstable",       "special"   },
    {"volunteer",              "volunteer" },
    {"policesupportvolunteer", "volunteer" },
    {"cadet",                  "volunteer" },
    {"contractor",             "contractor"},
    {"agency",                 "contractor"},
    {"applicant",              "applicant" },
    {"candidate",              "applicant" },
};

static const char *kind_of(struct str written)
{
    char squeezed[HEADING_MAX + 1];
    struct str word = squeeze(written, squeezed);

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_same(word, str_of(kinds[i].word)))
            return kinds[i].kind;
    return "other";
}

/* ---- names and addresses -------------------------------------------------------------------- */

static struct str joined(struct str a, struct str b, struct arena *arena)
{
    if (!a.len || !b.len)
        return a.len ? a : b;
    size_t len = a.len + 2 + b.len;
    char *to = arena_alloc(arena, len + 1);

    memcpy(to, a.at, a.len);
    memcpy(to + a.len, ", ", 2);
    memcpy(to + a.len + 2, b.at, b.len);
    return (struct str){to, len};
}

/* Each once: extracts repeat them. Those beyond the limit are in the facts even so. */
static void period_add(struct period periods[PERIODS_MAX], size_t *count,
                       struct str text, const char *kind)
{
    text = str_trim(text);
    if (!text.len || *count == PERIODS_MAX)
        return;
    for (size_t i = 0; i < *count; i++)
        if (str_same(periods[i].text, text))
            return;
    periods[(*count)++] = (struct period){.text = text, .kind = kind};
}

static void names_read(const struct person *person, struct arena *arena,
                       struct row *row)
{
    struct str others = person->field[FIELD_OTHER_NAMES], name;

    period_add(
        row->names, &row->name_count,
        joined(person->field[FIELD_SURNAME], person->field[FIELD_FORENAMES], arena),
        "main");
    period_add(row->names, &row->name_count, person->field[FIELD_FULL_NAME],
               row->name_count ? "other" : "main");
    while (str_cut(&others, '|', &name))
        period_add(row->names, &row->name_count, name, "other");
}

static void addresses_read(const struct person *person, struct arena *arena,
                           struct row *row)
{
    struct str before = person->field[FIELD_PREVIOUS_POSTCODES], postcode;

    period_add(
        row->addresses, &row->address_count,
        joined(person->field[FIELD_ADDRESS], person->field[FIELD_POSTCODE], arena),
        "home");
    while (str_cut(&before, '|', &postcode))
        period_add(row->addresses, &row->address_count, postcode, "previous");
}

/* ---- the row ---------------------------------------------------------------------------------- */

static struct str carried_at(const struct str *carried,
                             const struct post_columns *columns,
                             enum post_column column)
{
    int at = columns->at[column];

    return at < 0 ? (struct str){NULL, 0} : str_trim(carried[at]);
}

static int32_t day_read(struct str written, int32_t today, enum post_column column,
                        struct row *row)
{
    uint32_t day = 0;
    enum date_kind kind = date_read(written, today / 10000 + 1, &day);

    if (kind == DATE_FULL)
        return (int32_t)day;
    if (kind != DATE_NONE) {
        row->problem = "no day that exists; the row was kept without it";
        row->problem_column = column;
    }
    return 0;
}

void row_read(const struct person *person, const struct str *carried,
              const struct post_columns *columns, int32_t today, struct arena *arena,
              struct row *row)
{
    *row = (struct row){
        .force = carried_at(carried, columns, COLUMN_FORCE),
        .id = person->field[FIELD_ID],
        .kind = kind_of(carried_at(carried, columns, COLUMN_KIND)),
        .unit = carried_at(carried, columns, COLUMN_UNIT),
        .post = carried_at(carried, columns, COLUMN_POST),
    };
    row->start =
        day_read(carried_at(carried, columns, COLUMN_START), today, COLUMN_START, row);
    row->leave =
        day_read(carried_at(carried, columns, COLUMN_LEAVE), today, COLUMN_LEAVE, row);
    if (row->leave && row->leave < row->start) {
        row->problem = "a day before the start; the row was kept without it";
        row->problem_column = COLUMN_LEAVE;
        row->leave = 0;
    }
    row->here = !row->leave || row->leave >= today; /* the last day is one of work */
    names_read(person, arena, row);
    addresses_read(person, arena, row);
}

/* The day itself, not how it was written: two-digit years would be read anew in time. */
static void born_put(uint32_t born, struct out *out)
{
    out_format(out, "\"%04u", born / 10000);
    if (born / 100 % 100)
        out_format(out, "-%02u", born / 100 % 100);
    if (born / 100 % 100 && born % 100)
        out_format(out, "-%02u", born % 100);
    out_text(out, "\"");
}

void row_facts(const struct person *person, struct out *out)
{
    const char *before = "{";

    for (enum field field = 0; field < FIELD_RECORD_ID; field++) {
        bool is_born = field == FIELD_DATE_OF_BIRTH && person->born;

        if (!person->field[field].len && !is_born)
            continue;
        out_format(out, "%s\"%s\": ", before, field_name(field));
        if (is_born)
            born_put(person->born, out);
        else
            out_json(out, person->field[field]);
        before = ", ";
    }
    out_text(out, "}");
}

void row_post_facts(const struct row *row, struct out *out)
{
    out_format(out, "\n%s\n%d\n%d\n%d\n", row->kind, row->start, row->leave, row->here);
    out_str(out, row->unit);
    out_text(out, "\n");
    out_str(out, row->post);
}
