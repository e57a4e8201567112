/*
 * A small model in place of match, for tests of pages: few levels, round numbers.
 * Level 0 is "not known" (no bits), then best to worst.
 * Behind the built-in comparisons there is one other column.
 */
#include "match/match.h"

#define BITS(x) ((int32_t)((x)*BITS_ONE))
#define SOURCE  "made up for this test"

static const struct {
    const char *name, *label;
    struct level levels[5];
} comparisons[COMPARISON_COUNT + 1] = {
    [COMPARE_SURNAME] = {"surname",
                         "surname",                   {{"missing", "surname not known", 1, 1, 0, 0, 0, 0, SOURCE},
                          {"exact", "same surname", .85, .001, BITS(9.73), 1, BITS(4),
                           BITS(14), SOURCE},
                          {"near", "surname nearly the same", .1, .005, BITS(4.32), 1,
                           BITS(1.5), BITS(7), SOURCE},
                          {"else", "different surname", .05, .994, BITS(-4.31), 0, 0, 0,
                           SOURCE}}                                                              },
    [COMPARE_FORENAME] =
        {"forename",
                         "forename",                  {{"missing", "forename not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"exact", "same forename", .75, .01, BITS(6.23), 1, BITS(3), BITS(12),
           SOURCE},
          {"short", "known short form", .08, .005, BITS(4), 1, BITS(2), BITS(6),
           SOURCE},
          {"initial", "initial agrees", .05, .01, BITS(2.32), 0, 0, 0, SOURCE},
          {"else", "different forename", .05, .9, BITS(-4.17), 0, 0, 0, SOURCE}}                },
    [COMPARE_MIDDLE_NAMES] =
        {"middle_names",
                         "middle names",              {{"missing", "not on both sides", 1, 1, 0, 0, 0, 0, SOURCE},
          {"exact", "same middle name", .8, .02, BITS(5.32), 1, BITS(3), BITS(9),
           SOURCE},
          {"else", "different middle name", .2, .98, BITS(-2.29), 0, 0, 0, SOURCE}}         },
    [COMPARE_NAME_ORDER] = {"name_order",
                         "name order",                {{"same", "same order", 1, 1, 0, 0, 0, 0, SOURCE},
                             {"swapped", "surname and forename swapped", .02, .1,
                              BITS(-2.32), 0, 0, 0, SOURCE}}                                  },
    [COMPARE_FULL_NAME] = {"full_name",
                         "full name",                 {{"apart", "names met together no more than by chance", 1, 1,
                             0, 0, 0, 0, SOURCE},
                            {"together", "names that go together", 1, 1, 0, 1, BITS(-8),
                             0, SOURCE}}                                                       },
    [COMPARE_DATE_OF_BIRTH] =
        {"date_of_birth",
                         "date of birth",             {{"missing", "date of birth not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"exact", "same date of birth", .95, 1.0 / 19000, BITS(14.14), 1, BITS(9),
           BITS(14.2), SOURCE},
          {"swapped", "day and month swapped", .01, 1.0 / 40000, BITS(8.64), 0, 0, 0,
           SOURCE},
          {"digit", "one digit differs", .02, .002, BITS(3.32), 0, 0, 0, SOURCE},
          {"else", "different date of birth", .01, .9, BITS(-6.49), 0, 0, 0, SOURCE}}      },
    [COMPARE_SEX] = {"sex",
                         "sex",                       {{"missing", "sex not known", 1, 1, 0, 0, 0, 0, SOURCE},
                      {"same", "same sex", .98, .55, BITS(.83), 0, 0, 0, SOURCE},
                      {"else", "different sex", .02, .45, BITS(-4.49), 0, 0, 0,
                       SOURCE}}                                                                      },
    [COMPARE_PLACE] =
        {"place",
                         "place",                     {{"missing", "place not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"unit", "same postcode", .4, .0001, BITS(11.97), 1, BITS(8), BITS(17),
           SOURCE},
          {"sector", "same postcode sector", .06, .0002, BITS(8.23), 0, 0, 0, SOURCE},
          {"else", "different place", .4, .98, BITS(-1.29), 0, 0, 0, SOURCE}}                      },
    [COMPARE_PHONE] = {"phone",
                         "telephone",                 {{"missing", "telephone not known", 1, 1, 0, 0, 0, 0, SOURCE},
                        {"same", "same telephone", .5, .00001, BITS(15.61), 1, BITS(6),
                         BITS(20), SOURCE},
                        {"else", "different telephone", .5, .99, BITS(-.99), 0, 0, 0,
                         SOURCE}}                                                              },
    [COMPARE_EMAIL] = {"email",
                         "e-mail",                    {{"missing", "e-mail not known", 1, 1, 0, 0, 0, 0, SOURCE},
                        {"same", "same e-mail", .5, .00001, BITS(15.61), 1, BITS(6),
                         BITS(20), SOURCE}}                                                       },
    [COMPARE_NATIONAL_INSURANCE_NO] =
        {"national_insurance_no",
                         "National Insurance number", {{"missing", "number not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"same", "same number", .95, .0000001, BITS(23.18), 0, 0, 0, SOURCE},
          {"else", "different number", .05, .99, BITS(-4.31), 0, 0, 0, SOURCE}}},
    [COMPARE_STAFF_NUMBER] =
        {"staff_number",
                         "staff number",              {{"missing", "number not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"same", "same number", .9, .0001, BITS(13.14), 0, 0, 0, SOURCE}}                 },
    [COMPARE_VEHICLE] = {"vehicle",
                         "vehicle",                   {{"missing", "vehicle not known", 1, 1, 0, 0, 0, 0, SOURCE},
                          {"same", "same vehicle", .3, .0001, BITS(11.55), 0, 0, 0,
                           SOURCE}}                                                              },
    [COMPARISON_COUNT] =
        {"suburb",
                         "suburb",                    {{"missing", "suburb not known", 1, 1, 0, 0, 0, 0, SOURCE},
          {"exact", "same suburb", .7, .005, BITS(7.13), 1, BITS(0), BITS(12), SOURCE},
          {"else", "different suburb", .2, .99, BITS(-2.31), 0, 0, 0, SOURCE}}                    },
};

unsigned model_comparisons(const struct model *model)
{
    (void)model;
    return COUNT(comparisons);
}

const char *model_comparison_name(const struct model *model, enum comparison comparison)
{
    (void)model;
    return comparisons[comparison].name;
}

const char *model_comparison_label(const struct model *model,
                                   enum comparison comparison)
{
    (void)model;
    return comparisons[comparison].label;
}

const char *model_name(const struct model *model)
{
    (void)model;
    return "test double 1";
}

const char *comparison_name(enum comparison comparison)
{
    return comparisons[comparison].name;
}

const char *comparison_label(enum comparison comparison)
{
    return comparisons[comparison].label;
}

size_t model_level_count(const struct model *model, enum comparison comparison)
{
    size_t count = 0;

    (void)model;
    while (count < 5 && comparisons[comparison].levels[count].name)
        count++;
    return count;
}

const struct level *model_level(const struct model *model, enum comparison comparison,
                                unsigned level)
{
    (void)model;
    return &comparisons[comparison].levels[level];
}
