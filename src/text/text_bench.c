/* Nanoseconds a call of what runs once a mention. Not a test: times differ. */
#include "text/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static volatile uint64_t sink; /* so that no call is left out */

#define BENCH(label, calls, expression)                                                \
    do {                                                                               \
        uint64_t sum_ = 0;                                                             \
        double best_ = 1;                                                              \
                                                                                       \
        for (int round_ = 0; round_ < 5; round_++) {                                   \
            double start_ = seconds();                                                 \
                                                                                       \
            for (unsigned i = 0; i < (calls); i++)                                     \
                sum_ += (uint64_t)(expression);                                        \
                                                                                       \
            double took_ = seconds() - start_;                                         \
                                                                                       \
            best_ = took_ < best_ ? took_ : best_;                                     \
        }                                                                              \
        sink += sum_;                                                                  \
        printf("%-34s %8.1f ns\n", label, best_ * 1e9 / (calls));                      \
    } while (0)

enum { CALLS = 400000 };

static unsigned names_count(const char *surname, const char *forenames)
{
    struct person person;
    struct names names;

    memset(person.field, 0, sizeof(person.field));
    person.field[FIELD_SURNAME] = str_of(surname);
    person.field[FIELD_FORENAMES] = str_of(forenames);
    names_of(&person, &names);
    return names.surname_count + names.forename_count;
}

static uint64_t postcode_of(struct str written)
{
    struct postcode postcode;

    postcode_read(written, &postcode);
    return postcode.unit;
}

static uint64_t address_of(struct str written)
{
    struct address address;

    address_read(written, &address);
    return address.line;
}

static uint32_t date_of(struct str written)
{
    uint32_t born;

    date_read(written, 2026, &born);
    return born;
}

static uint64_t skeleton_of(const char *text)
{
    char key[NAME_MAX + 1];

    return name_skeleton(text, strlen(text), key);
}

static const char *const surnames[] = {"SMITH", "JONES",    "TAYLOR",  "HUSSAIN",
                                       "PATEL", "KOWALSKI", "OCONNOR", "WILLIAMSON"};

static bool reaches(unsigned i)
{
    const char *a = surnames[i % 8], *b = surnames[i / 8 % 8];

    return jaro_winkler_reaches(a, strlen(a), b, strlen(b), 88);
}

static bool near_reaches(unsigned i)
{
    static const char *const b[] = {"SMYTH", "JANES",    "TAILOR", "HUSAIN",
                                    "PATLE", "KOWALSKA", "CONNOR", "WILLIAMS"};
    const char *x = surnames[i % 8], *y = b[i % 8];

    return jaro_winkler_reaches(x, strlen(x), y, strlen(y), 88);
}

int main(void)
{
    struct variants *variants;
    struct err err;
    const struct variant *list;
    uint64_t signature[8];

    if (!variants_default(&variants, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return err_exit(err.code);
    }
    for (int i = 0; i < 8; i++)
        signature[i] = name_signature(surnames[i], strlen(surnames[i]));

    BENCH("names_of SMITH, John", CALLS, names_count("SMITH", "John"));
    BENCH("names_of Smith, John Paul", CALLS, names_count("Smith", "John Paul"));
    BENCH("names_of Smith-Jones, Mr John P", CALLS,
          names_count("Smith-Jones", "Mr John P"));
    BENCH("names_of M\xc3\xbcller, Bj\xc3\xb8rn", CALLS,
          names_count("M\xc3\xbcller", "Bj\xc3\xb8rn"));
    BENCH("names_of in Cyrillic, again", CALLS / 10,
          names_count("\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2",
                      "\xd0\xae\xd0\xbb\xd0\xb8\xd1\x8f"));
    BENCH("postcode_read LS6 2AB", CALLS, postcode_of(STR("LS6 2AB")));
    BENCH("phone_read 07700 900123", CALLS, phone_read(STR("07700 900123")));
    BENCH("email_read jo.bloggs@example.com", CALLS,
          email_read(STR("jo.bloggs@example.com")));
    BENCH("date_read 1984-03-12", CALLS, date_of(STR("1984-03-12")));
    BENCH("date_read 12/03/1984", CALLS, date_of(STR("12/03/1984")));
    BENCH("date_read 12 Mar 84", CALLS, date_of(STR("12 Mar 84")));
    BENCH("nino_read QQ123457C", CALLS, nino_read(STR("QQ123457C")));
    BENCH("number_read PC1234", CALLS, number_read(STR("PC1234")));
    BENCH("vehicle_read QA12 ZZZ", CALLS, vehicle_read(STR("QA12 ZZZ")));
    BENCH("address_read 12 High St, Leeds", CALLS,
          address_of(STR("12 High St, Leeds")));
    BENCH("address_read Flat 3, 12 Acacia Ave", CALLS,
          address_of(STR("Flat 3, 12 Acacia Avenue, Leeds")));
    BENCH("sex_read Female", CALLS, sex_read(STR("Female")));
    BENCH("name_skeleton MOHAMMED", CALLS, skeleton_of("MOHAMMED"));
    BENCH("name_signature WILLIAMSON", CALLS,
          name_signature(surnames[7], 10 - (i & 1)));
    BENCH(
        "signature_may_reach", CALLS,
        signature_may_reach(signature[i % 8], 5 + i % 4, signature[i / 8 % 8], 6, 88));
    BENCH("jaro_winkler_reaches, any pair", CALLS, reaches(i));
    BENCH("jaro_winkler_reaches, near pair", CALLS, near_reaches(i));
    BENCH("variants_of", CALLS,
          variants_of(variants, VARIANT_FORENAME, "ROBERT", 5 + (i & 1), &list));
    variants_free(variants);
    return 0;
}
