/* Made-up people for the tests of match: skewed names, errors, gaps. */
#ifndef MATCH_PEOPLE_H
#define MATCH_PEOPLE_H

#include "match/inner.h"

#include "test/test.h"

struct made {
    char forenames[48], surname[40], other[40], postcode[12], previous[12], address[40];
    char phone[16], email[32], nino[12];
    uint32_t born;
    char sex[2];
    char suburb[32], insured[12], state[4]; /* of other columns; made_others() */
    struct str written[3];                  /* views of them */
};

static const struct other made_other[] = {
    {"insured", OTHER_NUMBER},
    {"state",   OTHER_WORD  },
    {"suburb",  OTHER_TEXT  },
};

static const char *const made_surnames[] = {
    "SMITH",        "JONES",        "KHAN",        "PATEL",     "SINGH",
    "WILLIAMS",     "TAYLOR",       "HUSSAIN",     "BROWN",     "DAVIES",
    "EVANS",        "WILSON",       "THOMAS",      "AHMED",     "BEGUM",
    "ROBERTS",      "JOHNSON",      "WALKER",      "WRIGHT",    "KAUR",
    "O'BRIEN",      "MCHUGH",       "KOWALSKI",    "KOWALSKA",  "NGUYEN",
    "WONG",         "WANG",         "OKAFOR",      "ADEBAYO",   "VAN DER BERG",
    "GARCIA LOPEZ", "SMITH-JONES",  "CHAUDHRY",    "CHOWDHURY", "PRZYBYLSKI",
    "ZELLWEGER",    "QUILLFEATHER", "THISTLEWOOD", "ABERNATHY", "FITZGERALD",
};

static const char *const made_forenames[] = {
    "JOHN",     "MOHAMMED",    "DAVID",      "SARAH",     "MARY",      "ROBERT",
    "MUHAMMAD", "FATIMA",      "SUSAN",      "JAMES",     "BOB",       "ELIZABETH",
    "LIZ",      "ANNE-MARIE",  "PRIYA",      "WEI",       "OLUWASEUN", "SEUN",
    "YUSUF",    "JOSEPH",      "XENIA",      "CATHERINE", "KATHRYN",   "SEAN",
    "SHAUN",    "BARTHOLOMEW", "PETRONELLA", "AISHA",     "AYESHA",    "THOMAS",
};

/* A list position, the first ones by far the commonest. */
static size_t made_skewed(uint64_t *state, size_t count)
{
    double x = (double)(test_random(state) >> 11) / 9007199254740992.0;

    return (size_t)((double)count * x * x * x);
}

static bool made_chance(uint64_t *state, unsigned percent)
{
    return test_random(state) % 100 < percent;
}

/* One typing error somewhere in a word. */
static void made_typo(uint64_t *state, char *text)
{
    size_t len = strlen(text);

    if (len < 3)
        return;
    size_t at = test_random(state) % (len - 1);

    if (made_chance(state, 50)) {
        text[at] = (char)('A' + test_random(state) % 26);
    } else {
        char c = text[at];

        text[at] = text[at + 1];
        text[at + 1] = c;
    }
}

static void made_person(uint64_t *state, struct made *made)
{
    memset(made, 0, sizeof(*made));
    const char *fore = made_forenames[made_skewed(state, COUNT(made_forenames))];
    const char *middle = made_forenames[made_skewed(state, COUNT(made_forenames))];

    snprintf(made->surname, sizeof(made->surname), "%s",
             made_surnames[made_skewed(state, COUNT(made_surnames))]);
    if (made_chance(state, 25)) { /* a rare name of its own */
        made_typo(state, made->surname);
        made_typo(state, made->surname);
    }
    if (made_chance(state, 40))
        snprintf(made->forenames, sizeof(made->forenames), "%s %s", fore, middle);
    else
        snprintf(made->forenames, sizeof(made->forenames), "%s", fore);
    if (made_chance(state, 12))
        snprintf(made->other, sizeof(made->other), "%s",
                 made_surnames[made_skewed(state, COUNT(made_surnames))]);
    made->born = (uint32_t)(1960 + test_random(state) % 40) * 10000 +
                 (uint32_t)(1 + test_random(state) % 12) * 100 +
                 (uint32_t)(1 + test_random(state) % 28);
    if (made_chance(state, 5))
        made->born = made->born / 10000 * 10000 + 101;
    if (made_chance(state, 2))
        made->born = made->born / 10000 * 10000;
    if (made_chance(state, 2))
        made->born = 0;
    made->sex[0] = made_chance(state, 50) ? 'F' : 'M';
    if (!made_chance(state, 8))
        snprintf(made->postcode, sizeof(made->postcode), "LS%u %u%c%c",
                 (unsigned)(1 + made_skewed(state, 20)),
                 (unsigned)(test_random(state) % 5), "ABDEF"[test_random(state) % 5],
                 "LNPQR"[test_random(state) % 5]);
    if (made_chance(state, 30))
        snprintf(made->previous, sizeof(made->previous), "M%u %uAB",
                 (unsigned)(1 + test_random(state) % 20),
                 (unsigned)(test_random(state) % 9));
    if (made_chance(state, 80))
        snprintf(made->address, sizeof(made->address), "%u STATION ROAD",
                 (unsigned)(1 + test_random(state) % 60));
    if (made_chance(state, 50))
        snprintf(made->phone, sizeof(made->phone), "07700900%03u",
                 (unsigned)(test_random(state) % 1000));
    if (made_chance(state, 30))
        snprintf(made->email, sizeof(made->email), "p%u@example.com",
                 (unsigned)(test_random(state) % 3000));
    if (made_chance(state, 60))
        snprintf(made->nino, sizeof(made->nino), "QQ%06uA",
                 (unsigned)(test_random(state) % 1000000));
}

/* A mention of somebody: what is written again, with errors and gaps. */
static void made_mention(uint64_t *state, const struct made *of, struct made *made)
{
    *made = *of;
    if (made_chance(state, 20))
        made_typo(state, made->surname);
    if (made_chance(state, 20))
        made_typo(state, made->forenames);
    if (made_chance(state, 8))
        snprintf(made->forenames, sizeof(made->forenames), "%c", of->forenames[0]);
    if (made_chance(state, 5))
        made->forenames[0] = 0;
    if (made_chance(state, 6)) { /* exchanged */
        snprintf(made->surname, sizeof(made->surname), "%.30s", of->forenames);
        snprintf(made->forenames, sizeof(made->forenames), "%.30s", of->surname);
    }
    if (made_chance(state, 10))
        snprintf(made->surname, sizeof(made->surname), "%s",
                 made_surnames[made_skewed(state, COUNT(made_surnames))]);
    if (made_chance(state, 25))
        made->born = 0;
    else if (made_chance(state, 10) && made->born)
        made->born += made_chance(state, 50) ? 1 : 10000;
    else if (made_chance(state, 8) && made->born)
        made->born = made->born / 10000 * 10000 + made->born % 100 * 100 +
                     made->born / 100 % 100;
    else if (made_chance(state, 6))
        made->born = made->born / 10000 * 10000;
    if (made_chance(state, 30))
        snprintf(made->postcode, sizeof(made->postcode), "LS%u %uAB",
                 (unsigned)(1 + made_skewed(state, 20)),
                 (unsigned)(test_random(state) % 5));
    if (made_chance(state, 20))
        made->postcode[0] = 0;
    if (made_chance(state, 50))
        made->address[0] = 0;
    if (made_chance(state, 60))
        made->phone[0] = 0;
    if (made_chance(state, 80))
        made->email[0] = 0;
    if (made_chance(state, 90))
        made->nino[0] = 0;
    if (made_chance(state, 20))
        made->sex[0] = 0;
}

/* Other columns of a person; numbers are few, so that many are one slip apart. */
static inline void made_others(uint64_t *state, struct made *made)
{
    static const char *const places[] = {
        "REDCROSS",         "RED CROSS", "ST PAULS",    "SAINT PAULS",
        "HARTCLIFFE",       "HARTCLIFF", "BEDMINSTER",  "KINGSWOOD",
        "WESTBURY ON TRYM", "WESTBURY",  "STOKE BISHOP"};

    if (!made_chance(state, 10))
        snprintf(made->suburb, sizeof(made->suburb), "%s",
                 places[made_skewed(state, COUNT(places))]);
    if (!made_chance(state, 10))
        snprintf(made->insured, sizeof(made->insured), "%06u",
                 (unsigned)(test_random(state) % 3000 * 37));
    if (!made_chance(state, 5))
        snprintf(made->state, sizeof(made->state), "%c", "ABCD"[made_skewed(state, 4)]);
}

/* What a mention writes of them. */
static inline void made_others_again(uint64_t *state, struct made *made)
{
    if (made_chance(state, 20))
        made_others(state, made);
    if (made_chance(state, 20))
        made_typo(state, made->suburb);
    if (made_chance(state, 20))
        made_typo(state, made->insured);
}

/* Views of them, once the person stands where it stays. */
static inline void made_with_others(struct made *made, struct person *person)
{
    made->written[0] = str_of(made->insured);
    made->written[1] = str_of(made->state);
    made->written[2] = str_of(made->suburb);
    person->other = made->written;
}

static struct person made_as_person(const struct made *made)
{
    struct person person = {.born = made->born};

    person.field[FIELD_FORENAMES] = str_of(made->forenames);
    person.field[FIELD_SURNAME] = str_of(made->surname);
    person.field[FIELD_OTHER_NAMES] = str_of(made->other);
    person.field[FIELD_POSTCODE] = str_of(made->postcode);
    person.field[FIELD_PREVIOUS_POSTCODES] = str_of(made->previous);
    person.field[FIELD_ADDRESS] = str_of(made->address);
    person.field[FIELD_PHONES] = str_of(made->phone);
    person.field[FIELD_EMAILS] = str_of(made->email);
    person.field[FIELD_NATIONAL_INSURANCE_NO] = str_of(made->nino);
    person.field[FIELD_SEX] = str_of(made->sex);
    return person;
}

#endif
