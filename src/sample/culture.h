/*
 * culture: how people are named, by convention.
 *
 * A culture is a table of names and a row of conventions: where the surname comes
 * from, whether women bear another form of it, which spellings one name has. Ethnic
 * groups are rows with the cultures found among them.
 */
#ifndef SAMPLE_CULTURE_H
#define SAMPLE_CULTURE_H

#include "sample/tables.h"

enum surname_rule {
    SURNAME_INHERITED,
    SURNAME_BRITISH,  /* rare tail, double-barrelled */
    SURNAME_GENDERED, /* -ski/-ska, -ov/-ova, -is/-iene */
    SURNAME_IBERIAN,  /* father's and mother's */
    SURNAME_CHAIN,    /* own, father's, grandfather's forenames */
    SURNAME_SIKH,     /* Singh or Kaur, with or without a family name */
    SURNAME_MUSLIM,   /* South Asian: women's own, men's not always a family's */
    SURNAME_ARAB,     /* al-, bin, chains cut to any two parts */
    SURNAME_TAMIL,    /* father's name; initials in front */
    SURNAME_AFRICAN,  /* English and traditional forenames side by side */
    SURNAME_EASTERN,  /* family name first; given name of two syllables */
};

/* How a name is written again by somebody who heard it, see spoil.c. */
enum romanising { ROMAN_NONE, ROMAN_ARABIC, ROMAN_INDIC, ROMAN_SLAVIC, ROMAN_EAST };

enum { DECADES = 8 }; /* 1930s and before to 2000s and after */

struct culture_rule {
    const char *name; /* in truth.csv and groups.csv, and of the table's file */
    const char *file;
    const char *country, *nationality; /* of those born abroad */
    enum surname_rule surname;
    enum romanising romanising;
    uint16_t abroad;      /* born abroad, of 1000 */
    uint16_t new_year;    /* of those born abroad, 1 January recorded, of 1000 */
    uint16_t english;     /* an English forename in front, of 1000 */
    uint16_t error_rate;  /* name errors against the table of tiers, percent */
    uint16_t swap_rate;   /* forename and surname swapped, percent */
    uint16_t maiden_rate; /* women who take the husband's name, of 1000 */
};

struct culture {
    const struct culture_rule *rule;
    struct groups variants, shorts;
    struct list male[DECADES], female[DECADES]; /* [0] for all births unless dated */
    bool dated;
    struct list surnames, women; /* women: surnames of women's own (Begum, Kaur) */
    struct list rare_first, rare_last; /* halves of rare surnames, British only */
};

enum { CULTURE_COUNT = 30 };
extern const struct culture_rule culture_rules[CULTURE_COUNT];

/* Reads all tables into cultures[CULTURE_COUNT]. */
void cultures_read(struct arena *arena, struct culture cultures[]);

/* Ethnic groups of the 2021 census, with police identity codes and cultures. */
struct ethnic_group {
    const char *code;         /* 16+1 */
    uint16_t england, london; /* of 10,000 aged 18 to 65 */
    uint8_t identity;         /* officer-defined, IC1 to IC6 */
    bool white;
    struct {
        const char *culture;
        uint16_t weight;
    } cultures[14];
};

enum { ETHNIC_COUNT = 17 };
extern const struct ethnic_group ethnic_groups[ETHNIC_COUNT];

/* Weights of the cultures of each group in the order of culture_rules. */
struct ethnic_cultures {
    uint16_t weights[ETHNIC_COUNT][CULTURE_COUNT];
    uint32_t sums[ETHNIC_COUNT];
};
void ethnic_cultures_make(struct ethnic_cultures *out);

#endif
