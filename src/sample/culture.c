#include "sample/culture.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/*
 * name, table, country, surname rule, romanising, then rates: born abroad, 1 January,
 * English forename (of 1000), name errors, swaps (percent), women's change (of 1000).
 * Conventions: Guide to Names and Naming Practices (UK, 2006) and the section on names
 * of the linkage notes; rates are assumptions. 150: hospital linkage missed 1.5 times as
 * often in minority groups (BMJ Open 2015).
 */
const struct culture_rule culture_rules[CULTURE_COUNT] = {
    {"british",     "british",     "Scotland",    "British",     SURNAME_BRITISH,   ROMAN_NONE,   30,  0,   0,
     100,                                                                                                             100, 750},
    {"caribbean",   "british",     "Jamaica",     "Jamaican",    SURNAME_BRITISH,   ROMAN_NONE,   250, 0,
     0,                                                                                                          150, 100, 600},
    {"irish",       "irish",       "Ireland",     "Irish",       SURNAME_INHERITED, ROMAN_NONE,   450, 0,   0,
     150,                                                                                                             100, 700},
    {"polish",      "polish",      "Poland",      "Polish",      SURNAME_GENDERED,  ROMAN_SLAVIC, 850, 0,   0,
     150,                                                                                                             100, 850},
    {"baltic",      "baltic",      "Lithuania",   "Lithuanian",  SURNAME_GENDERED,  ROMAN_SLAVIC, 880,
     0,                                                                                                     0,   150, 100, 800},
    {"romanian",    "romanian",    "Romania",     "Romanian",    SURNAME_INHERITED, ROMAN_NONE,   900,
     0,                                                                                                     0,   150, 200, 800},
    {"bulgarian",   "bulgarian",   "Bulgaria",    "Bulgarian",   SURNAME_GENDERED,  ROMAN_SLAVIC,
     900,                                                                                              0,   0,   150, 100, 700},
    {"ukrainian",   "slavic",      "Ukraine",     "Ukrainian",   SURNAME_GENDERED,  ROMAN_SLAVIC, 880,
     0,                                                                                                     0,   150, 100, 800},
    {"italian",     "italian",     "Italy",       "Italian",     SURNAME_INHERITED, ROMAN_NONE,   600, 0,   0,
     150,                                                                                                             100, 100},
    {"iberian",     "iberian",     "Portugal",    "Portuguese",  SURNAME_IBERIAN,   ROMAN_NONE,   750,
     0,                                                                                                     0,   150, 150, 150},
    {"french",      "french",      "France",      "French",      SURNAME_INHERITED, ROMAN_NONE,   700, 0,   0,
     150,                                                                                                             100, 600},
    {"greek",       "greek",       "Cyprus",      "Cypriot",     SURNAME_INHERITED, ROMAN_SLAVIC, 450, 0,   0,
     150,                                                                                                             100, 500},
    {"turkish",     "turkish",     "Turkey",      "Turkish",     SURNAME_INHERITED, ROMAN_NONE,   550, 20,
     0,                                                                                                          150, 100, 800},
    {"indian",      "indian",      "India",       "Indian",      SURNAME_INHERITED, ROMAN_INDIC,  500, 10,  20,
     150,                                                                                                             400, 800},
    {"sikh",        "sikh",        "India",       "Indian",      SURNAME_SIKH,      ROMAN_INDIC,  400, 15,  0,   150, 400,
     300                                                                                                                      },
    {"tamil",       "tamil",       "Sri Lanka",   "Sri Lankan",  SURNAME_TAMIL,     ROMAN_INDIC,  650, 10,
     20,                                                                                                         150, 400, 600},
    {"pakistani",   "pakistani",   "Pakistan",    "Pakistani",   SURNAME_MUSLIM,    ROMAN_ARABIC,
     430,                                                                                              30,  0,   150, 400, 200},
    {"bangladeshi", "bangladeshi", "Bangladesh",  "Bangladeshi", SURNAME_MUSLIM,
     ROMAN_ARABIC,                                                                                450, 60,  0,   150, 400, 100},
    {"arab",        "arab",        "Iraq",        "Iraqi",       SURNAME_ARAB,      ROMAN_ARABIC, 650, 80,  0,   150, 150,
     50                                                                                                                       },
    {"iranian",     "iranian",     "Iran",        "Iranian",     SURNAME_INHERITED, ROMAN_ARABIC, 700, 30,
     0,                                                                                                          150, 150, 50 },
    {"afghan",      "afghan",      "Afghanistan", "Afghan",      SURNAME_MUSLIM,    ROMAN_ARABIC, 850,
     200,                                                                                                   0,   150, 300, 100},
    {"somali",      "somali",      "Somalia",     "Somali",      SURNAME_CHAIN,     ROMAN_ARABIC, 650, 200, 0,
     150,                                                                                                             400, 0  },
    {"horn",        "horn",        "Eritrea",     "Eritrean",    SURNAME_CHAIN,     ROMAN_ARABIC, 750, 200, 0,
     150,                                                                                                             300, 0  },
    {"nigerian",    "nigerian",    "Nigeria",     "Nigerian",    SURNAME_AFRICAN,   ROMAN_NONE,   550,
     10,                                                                                                    550, 150, 200, 800},
    {"ghanaian",    "ghanaian",    "Ghana",       "Ghanaian",    SURNAME_AFRICAN,   ROMAN_NONE,   550, 10,
     600,                                                                                                        150, 200, 700},
    {"african",     "african",     "Zimbabwe",    "Zimbabwean",  SURNAME_AFRICAN,   ROMAN_NONE,   650,
     20,                                                                                                    500, 150, 200, 700},
    {"chinese",     "chinese",     "China",       "Chinese",     SURNAME_EASTERN,   ROMAN_EAST,   600, 0,   550,
     150,                                                                                                             400, 100},
    {"vietnamese",  "vietnamese",  "Vietnam",     "Vietnamese",  SURNAME_EASTERN,   ROMAN_EAST,
     650,                                                                                              20,  150, 150, 400, 0  },
    {"filipino",    "filipino",    "Philippines", "Filipino",    SURNAME_INHERITED, ROMAN_NONE,
     750,                                                                                              0,   0,   150, 150, 850},
    {"jewish",      "jewish",      "Israel",      "Israeli",     SURNAME_INHERITED, ROMAN_ARABIC, 150, 0,
     100,                                                                                                        150, 100, 750},
};

/* Shares of 10,000 aged 18 to 65, England and Wales and London, census 2021 (ONS). */
const struct ethnic_group ethnic_groups[ETHNIC_COUNT] = {
    {"W1",
     7210,      3520,
     1,                  true,
     {{"british", 985}, {"jewish", 8}, {"italian", 3}, {"irish", 4}}                  },
    {"W2", 90,  180,  1, true,  {{"irish", 1}}                                        },
    {"W3", 30,  60,   1, true,  {{"irish", 6}, {"british", 2}, {"romanian", 2}}       },
    {"W9",
     780,       1740,
     1,                  true,
     {{"polish", 260},
      {"romanian", 200},
      {"baltic", 85},
      {"bulgarian", 55},
      {"ukrainian", 60},
      {"italian", 80},
      {"iberian", 90},
      {"french", 50},
      {"greek", 45},
      {"turkish", 50},
      {"british", 25}}                                                                },
    {"M1", 80,  150,  3, false, {{"british", 60}, {"caribbean", 40}}                  },
    {"M2",
     35,        90,
     3,                  false,
     {{"british", 60}, {"nigerian", 16}, {"ghanaian", 12}, {"african", 12}}           },
    {"M3",
     60,        120,
     4,                  false,
     {{"british", 60},
      {"indian", 14},
      {"pakistani", 12},
      {"chinese", 8},
      {"filipino", 6}}                                                                },
    {"M9",
     55,        100,
     9,                  false,
     {{"british", 60}, {"arab", 12}, {"iberian", 14}, {"iranian", 6}, {"filipino", 8}}},
    {"A1",
     350,       760,
     4,                  false,
     {{"indian", 58}, {"sikh", 24}, {"tamil", 10}, {"pakistani", 8}}                  },
    {"A2", 270, 310,  4, false, {{"pakistani", 1}}                                    },
    {"A3", 110, 340,  4, false, {{"bangladeshi", 1}}                                  },
    {"A9",
     180,       470,
     4,                  false,
     {{"tamil", 30},
      {"filipino", 25},
      {"afghan", 20},
      {"iranian", 10},
      {"vietnamese", 15}}                                                             },
    {"B1", 120, 410,  3, false, {{"caribbean", 1}}                                    },
    {"B2",
     270,       790,
     3,                  false,
     {{"nigerian", 30},
      {"ghanaian", 16},
      {"somali", 20},
      {"african", 22},
      {"horn", 12}}                                                                   },
    {"B9", 40,  130,  3, false, {{"caribbean", 50}, {"african", 25}, {"british", 25}} },
    {"O1", 90,  190,  5, false, {{"chinese", 1}}                                      },
    {"O9",
     230,       650,
     6,                  false,
     {{"arab", 45},
      {"iranian", 12},
      {"turkish", 15},
      {"vietnamese", 8},
      {"iberian", 14},
      {"horn", 6}}                                                                    },
};

static void read_forenames(struct arena *arena, const char *file, const char *sex,
                           const struct culture *culture, struct list lists[DECADES])
{
    char section[32];

    lists[0] = list_read(arena, file, sex, &culture->variants, &culture->shorts);
    if (lists[0].count)
        return;
    for (int i = 0; i < DECADES; i++) {
        snprintf(section, sizeof(section), "%s %d", sex, 1930 + 10 * i);
        lists[i] =
            list_read(arena, file, section, &culture->variants, &culture->shorts);
        assert(lists[i].count);
    }
}

void cultures_read(struct arena *arena, struct culture cultures[])
{
    for (size_t i = 0; i < CULTURE_COUNT; i++) {
        struct culture *culture = &cultures[i];
        const struct culture_rule *rule = &culture_rules[i];

        *culture = (struct culture){.rule = rule};
        culture->variants = name_groups_read(arena, rule->file, "variants");
        culture->shorts = name_groups_read(arena, rule->file, "short");
        read_forenames(arena, rule->file, "male", culture, culture->male);
        read_forenames(arena, rule->file, "female", culture, culture->female);
        culture->dated = culture->male[1].count > 0;
        culture->surnames =
            list_read(arena, rule->file, "surnames", &culture->variants, NULL);
        culture->women =
            list_read(arena, rule->file, "women", &culture->variants, NULL);
        culture->rare_first = list_read(arena, rule->file, "rare-first", NULL, NULL);
        culture->rare_last = list_read(arena, rule->file, "rare-last", NULL, NULL);
        assert(culture->surnames.count || rule->surname == SURNAME_CHAIN);
    }
}

static size_t culture_number(const char *name)
{
    for (size_t i = 0; i < CULTURE_COUNT; i++)
        if (strcmp(culture_rules[i].name, name) == 0)
            return i;
    assert(false && "every culture of an ethnic group has its rule");
    return 0;
}

void ethnic_cultures_make(struct ethnic_cultures *out)
{
    memset(out, 0, sizeof(*out));
    for (size_t e = 0; e < ETHNIC_COUNT; e++)
        for (size_t i = 0; i < COUNT(ethnic_groups[e].cultures); i++) {
            if (!ethnic_groups[e].cultures[i].culture)
                break;
            uint16_t weight = ethnic_groups[e].cultures[i].weight;

            out->weights[e][culture_number(ethnic_groups[e].cultures[i].culture)] +=
                weight;
            out->sums[e] += weight;
        }
}
