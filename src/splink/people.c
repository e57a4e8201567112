/*
 * A model of people as Splink settings, as far as conditions over columns can say it. The
 * columns are called as the fields are (docs/file-formats.md, People). What a condition
 * cannot say, such as another form of a surname, is listed; pairs of such a level come to
 * the last level of their comparison, whose m is raised by theirs.
 */
#include "splink/inner.h"

#include <string.h>

#define MISSING(column) "\"" column "_l\" IS NULL OR \"" column "_r\" IS NULL"
#define SAME(column)    "\"" column "_l\" = \"" column "_r\""
#define LIKE(a, b, at)  "jaro_winkler_similarity(" a ", " b ") >= " at
#define FIRST(side)     "regexp_extract(\"forenames_" side "\", '^[^ ]+', 0)"
#define PART(side, at)  "SUBSTRING(\"date_of_birth_" side "\", " at ")"
#define BORN(side)      "try_strptime(\"date_of_birth_" side "\", '%Y-%m-%d')"
#define AREA(side, to)                                                                 \
    "NULLIF(regexp_extract(\"postcode_" side "\", '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?" to \
    "', 0), '')"

enum { SAYINGS_MAX = 8 };

static const struct account {
    enum comparison comparison;
    const char *column, *missing;
    struct saying {
        const char *level, *condition;
        bool by_frequency;
    } sayings[SAYINGS_MAX];
} accounts[] = {
    {COMPARE_SURNAME,
     "surname",                               MISSING("surname"),
     {{"exact", SAME("surname"), true},
      {"near_92", LIKE("\"surname_l\"", "\"surname_r\"", "0.92"), false},
      {"near_88", LIKE("\"surname_l\"", "\"surname_r\"", "0.88"), false}}                                                       },
    {COMPARE_FORENAME,
     "forenames",                             MISSING("forenames"),
     {{"exact", FIRST("l") " = " FIRST("r"), false},
      {"near_92", LIKE(FIRST("l"), FIRST("r"), "0.92"), false},
      {"near_88", LIKE(FIRST("l"), FIRST("r"), "0.88"), false}}                                                                 },
    {COMPARE_DATE_OF_BIRTH,
     "date_of_birth",                         BORN("l") " IS NULL OR " BORN("r") " IS NULL",
     {{"exact", SAME("date_of_birth"), true},
      {"swapped",
       PART("l", "1, 4") " = " PART("r", "1, 4") " AND " PART("l", "6, 2") " = " PART(
           "r", "9, 2") " AND " PART("l", "9, 2") " = " PART("r", "6, 2"),
       false},
      {"one_digit",
       "damerau_levenshtein(\"date_of_birth_l\", \"date_of_birth_r\") <= 1", false},
      {"year_month", PART("l", "1, 7") " = " PART("r", "1, 7"), false},
      {"within_5_years",
       "ABS(EPOCH(" BORN("l") ") - EPOCH(" BORN("r") ")) <= 157788000.0", false}}                                               },
 /* Sex is no evidence beside a forename that says it already. */
    {COMPARE_SEX,
     "sex",                                   MISSING("sex") " OR (" SAME(
         "sex") " AND \"forenames_l\" IS NOT NULL AND \"forenames_r\" IS NOT NULL)",
     {{"same", SAME("sex"), false}}                                                                                             },
    {COMPARE_PLACE,
     "postcode",                              MISSING("postcode"),
     {{"address", SAME("postcode") " AND " SAME("address"), false},
      {"unit", SAME("postcode"), true},
      {"line", SAME("address"), false},
      {"sector", AREA("l", " [0-9]") " = " AREA("r", " [0-9]"), false},
      {"district", AREA("l", "") " = " AREA("r", ""), false}}                                                                   },
    {COMPARE_PHONE,                 "phones", MISSING("phones"),                                {{"same", SAME("phones"), true}}},
    {COMPARE_EMAIL,                 "emails", MISSING("emails"),                                {{"same", SAME("emails"), true}}},
    {COMPARE_NATIONAL_INSURANCE_NO,
     "national_insurance_no",                 MISSING("national_insurance_no"),
     {{"same", SAME("national_insurance_no"), true}}                                                                            },
    {COMPARE_STAFF_NUMBER,
     "staff_numbers",                         MISSING("staff_numbers"),
     {{"same", SAME("staff_numbers"), true}}                                                                                    },
    {COMPARE_VEHICLE,
     "vehicles",                              MISSING("vehicles"),
     {{"same", SAME("vehicles"), true}}                                                                                         },
};

struct exporter {
    const struct model *model;
    struct out *out, *lost;
};

static const struct level *level_named(const struct model *model,
                                       enum comparison comparison, const char *name)
{
    for (unsigned i = 0; i < model_level_count(model, comparison); i++)
        if (strcmp(model_level(model, comparison, i)->name, name) == 0)
            return model_level(model, comparison, i);
    return NULL;
}

static void put_level(struct out *out, const char *condition, const char *label)
{
    out_text(out, ",\n        {\"sql_condition\": ");
    out_json(out, str_of(condition));
    out_text(out, ", \"label_for_charts\": ");
    out_json(out, str_of(label));
}

static void put_chances(struct out *out, double m, double u)
{
    out_format(out, ", \"m_probability\": %.9g, \"u_probability\": %.9g", m > 1 ? 1 : m,
               u > 1 ? 1 : u);
}

/* bits = log2(m / share), at most `most`: no share below m / 2^most counts. */
static void put_frequency(struct out *out, const char *column,
                          const struct level *level)
{
    double least = level->m;

    for (int32_t bits = level->most; bits > 0; bits -= BITS_ONE)
        least /= 2;
    out_format(out,
               ", \"tf_adjustment_column\": \"%s\", \"tf_adjustment_weight\": 1.0, "
               "\"tf_minimum_u_value\": %.9g",
               column, least);
}

/* Levels whose m is among people who come to them at all: a date of which the day is not
 * known, a forename that is an initial. It is no share of all pairs. */
static bool is_conditional(const char *level)
{
    static const char *const levels[] = {"partial_month", "partial_year", "initial"};

    for (size_t i = 0; i < COUNT(levels); i++)
        if (strcmp(levels[i], level) == 0)
            return true;
    return false;
}

static bool is_said(const struct account *account, const char *level)
{
    for (size_t i = 0; i < SAYINGS_MAX && account->sayings[i].level; i++)
        if (strcmp(account->sayings[i].level, level) == 0)
            return true;
    return false;
}

/* The last level: everything else, and what conditions cannot say. */
static void put_rest(struct exporter *exporter, const struct account *account)
{
    size_t count = model_level_count(exporter->model, account->comparison);
    const struct level *last =
        model_level(exporter->model, account->comparison, (unsigned)count - 1);
    double m = last->m;

    for (unsigned i = 1; i + 1 < count; i++) {
        const struct level *level =
            model_level(exporter->model, account->comparison, i);

        if (is_said(account, level->name))
            continue;
        m += is_conditional(level->name) ? 0 : level->m;
        out_format(exporter->lost, "%s: level %s (%s)\n",
                   comparison_name(account->comparison), level->name, level->label);
    }
    put_level(exporter->out, "ELSE", last->label);
    put_chances(exporter->out, m, last->u);
    out_text(exporter->out, "}");
}

static void put_account(struct exporter *exporter, const struct account *account)
{
    const struct level *missing = model_level(exporter->model, account->comparison, 0);
    struct out *out = exporter->out;

    out_format(out, "{\"output_column_name\": \"%s\", \"comparison_levels\": [",
               comparison_name(account->comparison));
    out_text(out, "\n        {\"sql_condition\": ");
    out_json(out, str_of(account->missing));
    out_text(out, ", \"label_for_charts\": ");
    out_json(out, str_of(missing->label));
    out_text(out, ", \"is_null_level\": true}");
    for (size_t i = 0; i < SAYINGS_MAX && account->sayings[i].level; i++) {
        const struct saying *saying = &account->sayings[i];
        const struct level *level =
            level_named(exporter->model, account->comparison, saying->level);

        if (!level)
            continue;
        put_level(out, saying->condition, level->label);
        put_chances(out, level->m, level->u);
        if (level->by_frequency && saying->by_frequency)
            put_frequency(out, account->column, level);
        else if (level->by_frequency)
            out_format(exporter->lost, "%s: level %s no longer weighs by frequency\n",
                       comparison_name(account->comparison), saying->level);
        out_text(out, "}");
    }
    put_rest(exporter, account);
    out_text(out, "]}");
}

static bool accounted(enum comparison comparison)
{
    for (size_t i = 0; i < COUNT(accounts); i++)
        if (accounts[i].comparison == comparison)
            return true;
    return false;
}

static void put_lost(const struct exporter *exporter)
{
    for (int c = 0; c < COMPARISON_COUNT; c++)
        if (!accounted((enum comparison)c))
            out_format(exporter->lost, "%s: the whole comparison\n",
                       comparison_name((enum comparison)c));
    out_text(exporter->lost,
             "all: texts are compared as written; fold case, accents and titles first\n"
             "all: of several values in a cell (|) only the whole cell is compared\n"
             "all: the least weight of a level by frequency\n"
             "all: pairs that no blocking rule holds together are not found\n");
}

void splink_export_people(const struct model *model, uint64_t people, bool one_file,
                          struct out *out, struct out *lost)
{
    struct exporter exporter = {model, out, lost};
    double odds = 1;
    int32_t bits = model_prior(model, model_share(model, false), people);

    for (; bits < -BITS_ONE; bits += BITS_ONE)
        odds /= 2;
    odds *= (double)bits_probability(bits) / (1e6 - (double)bits_probability(bits));
    out_format(out, "{\"link_type\": \"%s\", \"sql_dialect\": \"duckdb\", ",
               one_file ? "dedupe_only" : "link_only");
    out_format(out,
               "\"unique_id_column_name\": \"id\", "
               "\"probability_two_random_records_match\": %.9g,\n  ",
               odds / (1 + odds));
    out_text(out, "\"blocking_rules_to_generate_predictions\": ["
                  "\"l.date_of_birth = r.date_of_birth\", \"l.surname = r.surname\", "
                  "\"l.postcode = r.postcode\"],\n  \"comparisons\": [\n    ");
    for (size_t i = 0; i < COUNT(accounts); i++) {
        out_text(out, i ? ",\n    " : "");
        put_account(&exporter, &accounts[i]);
    }
    out_text(out, "]}\n");
    put_lost(&exporter);
}
