/* A person in comparable form: the same on either side. */
#include "match/inner.h"

static uint32_t to_nibbles(uint32_t yyyymmdd)
{
    uint32_t nibbles = 0;

    for (int shift = 0; shift < 32; shift += 4) {
        nibbles |= (yyyymmdd % 10) << shift;
        yyyymmdd /= 10;
    }
    return nibbles;
}

static void add_place(struct facts *facts, struct str written)
{
    struct postcode postcode = {0};

    if (facts->place_count == PLACES_MAX || !postcode_read(written, &postcode))
        return;
    for (unsigned i = 0; i < facts->place_count; i++)
        if (facts->place[i].unit == postcode.unit &&
            facts->place[i].district == postcode.district)
            return;
    facts->place[facts->place_count++] = (struct place){
        .unit = postcode.unit,
        .sector = postcode.sector,
        .district = postcode.district,
    };
}

/* The address belongs to the current postcode, which may be missing. */
static void add_address(struct facts *facts, struct str written, bool has_current)
{
    struct address address = {0};

    if (!written.len || !address_read(written, &address))
        return;
    if (!has_current) {
        if (facts->place_count == PLACES_MAX)
            return;
        for (unsigned i = facts->place_count; i > 0; i--)
            facts->place[i] = facts->place[i - 1];
        facts->place[0] = (struct place){0};
        facts->place_count++;
    }
    facts->place[0].line = address.line;
    facts->place[0].house = address.house;
}

static const struct number_field {
    enum field field;
    enum comparison comparison;
    uint64_t (*read)(struct str written);
} number_fields[] = {
    {FIELD_PHONES,                COMPARE_PHONE,                 phone_read  },
    {FIELD_EMAILS,                COMPARE_EMAIL,                 email_read  },
    {FIELD_NATIONAL_INSURANCE_NO, COMPARE_NATIONAL_INSURANCE_NO, nino_read   },
    {FIELD_STAFF_NUMBERS,         COMPARE_STAFF_NUMBER,          number_read },
    {FIELD_VEHICLES,              COMPARE_VEHICLE,               vehicle_read},
};

enum { NUMBERS_OF_A_KIND = 4 };

static void add_numbers(struct facts *facts, const struct number_field *kind,
                        struct str written)
{
    struct str part;
    unsigned first = facts->number_count;

    if (written.len == 0)
        return;
    while (str_cut(&written, '|', &part)) {
        uint64_t value = kind->read(part);
        bool known = value == 0;

        value = value << 4 >> 4 | (uint64_t)kind->comparison << NUMBER_KIND_SHIFT;
        for (unsigned i = first; i < facts->number_count && !known; i++)
            known = facts->number[i] == value;
        if (!known && facts->number_count < NUMBERS_MAX &&
            facts->number_count - first < NUMBERS_OF_A_KIND)
            facts->number[facts->number_count++] = value;
    }
}

void facts_of(const struct person *person, struct facts *facts)
{
    struct str rest, part;

    facts->place_count = facts->number_count = 0;
    facts->other_count = 0;
    names_of(person, &facts->names);
    uint32_t born = person->born ? person->born : facts->names.born;

    facts->born = born ? to_nibbles(born) : 0;
    facts->sex = (uint8_t)sex_read(person->field[FIELD_SEX]);

    add_place(facts, person->field[FIELD_POSTCODE]);
    add_address(facts, person->field[FIELD_ADDRESS], facts->place_count > 0);
    rest = person->field[FIELD_PREVIOUS_POSTCODES];
    while (rest.len && str_cut(&rest, '|', &part))
        add_place(facts, part);

    for (const struct number_field *kind = number_fields;
         kind < number_fields + COUNT(number_fields); kind++)
        add_numbers(facts, kind, person->field[kind->field]);
}

void facts_whole(const struct model *model, const struct person *person,
                 struct facts *facts)
{
    facts_of(person, facts);
    if (!person->other)
        return;
    facts->other_count = model->other_count;
    for (unsigned i = 0; i < model->other_count; i++) {
        struct other_value *value = &facts->other[i];

        value->len =
            (uint8_t)other_fold(model->other[i].kind, person->other[i], value->text);
    }
}

/* Of a short number another is one slip apart by chance, of a longer one two. */
enum { ONE_EDIT_LEAST = 4, TWO_EDITS_LEAST = 6 };

static enum other_level number_level(const struct other_value *value,
                                     const struct word *word)
{
    unsigned longer = value->len > word->len ? value->len : word->len;

    if (longer < ONE_EDIT_LEAST)
        return OTHER_DIFFERENT;
    switch (edits_within(value->text, value->len, word->text, word->len,
                         longer < TWO_EDITS_LEAST ? 1 : 2)) {
    case 0:
    case 1:
        return OTHER_NEAR;
    case 2:
        return longer < TWO_EDITS_LEAST ? OTHER_DIFFERENT : OTHER_ALIKE;
    default:
        return OTHER_DIFFERENT;
    }
}

enum other_level other_level(enum other_kind kind, const struct other_value *value,
                             uint64_t signature, const struct word *word)
{
    if (kind == OTHER_WORD)
        return OTHER_WORD_DIFFERENT;
    if (kind == OTHER_NUMBER)
        return number_level(value, word);
    if (!signature_may_reach(signature, value->len, word->signature, word->len, 88) ||
        !jaro_winkler_reaches(value->text, value->len, word->text, word->len, 88))
        return OTHER_DIFFERENT;
    return jaro_winkler_reaches(value->text, value->len, word->text, word->len, 92)
               ? OTHER_NEAR
               : OTHER_ALIKE;
}

/* ---- dates ------------------------------------------------------------------------ */

static unsigned decimal(uint32_t nibbles)
{
    unsigned value = 0;

    for (int shift = 28; shift >= 0; shift -= 4)
        value = value * 10 + (nibbles >> shift & 15);
    return value;
}

/* Digits in which two dates differ, as a mask of 1 in each differing nibble. */
static uint32_t digits_differing(uint32_t a, uint32_t b)
{
    uint32_t x = a ^ b;

    x |= x >> 1;
    x |= x >> 2;
    return x & 0x11111111u;
}

/* Two neighbouring digits exchanged within year, month or day. */
static bool neighbours_swapped(uint32_t a, uint32_t b, uint32_t differing)
{
    static const unsigned shifts[] = {0, 8, 16, 20, 24}; /* not across the fields */

    for (size_t i = 0; i < COUNT(shifts); i++) {
        unsigned s = shifts[i];

        if (differing == 0x11u << s && (a >> s & 15) == (b >> (s + 4) & 15) &&
            (b >> s & 15) == (a >> (s + 4) & 15))
            return true;
    }
    return false;
}

static bool default_day(uint32_t born)
{
    return (born & 0xff) == 0x01;
}

/* A date of which a part is not known. */
static enum date_level partial_level(uint32_t a, uint32_t b)
{
    if (a >> 16 != b >> 16)
        return BORN_DIFFERENT;
    if ((a & 0xff00) && (b & 0xff00))
        return (a & 0xff00) == (b & 0xff00) ? BORN_PARTIAL_MONTH : BORN_DIFFERENT;
    return BORN_PARTIAL_YEAR;
}

/* The best level that applies, strongest first. Dates without a year say nothing. */
enum date_level born_level(uint32_t a, uint32_t b)
{
    if (!(a >> 16) || !(b >> 16))
        return BORN_MISSING;
    if (!born_full(a) || !born_full(b))
        return partial_level(a, b);
    if (a == b)
        return BORN_EXACT;
    if (b == born_swapped(a) && born_may_swap(a))
        return BORN_SWAPPED;

    uint32_t differing = digits_differing(a, b);

    if ((differing & (differing - 1)) == 0 || neighbours_swapped(a, b, differing)) {
        /* a year out by one or ten is the better explanation of one digit */
        if (!(differing & 0xffff)) {
            unsigned ya = decimal(a >> 16), yb = decimal(b >> 16);
            unsigned apart = ya > yb ? ya - yb : yb - ya;

            if (apart == 1 || apart == 10)
                return BORN_NEAR_YEAR;
        }
        return BORN_ONE_DIGIT;
    }

    unsigned ya = decimal(a >> 16), yb = decimal(b >> 16);
    unsigned apart = ya > yb ? ya - yb : yb - ya;

    if ((a & 0xffff) == (b & 0xffff) && (apart == 1 || apart == 10))
        return BORN_NEAR_YEAR;
    if (a >> 16 == b >> 16 && (a & 0xff00) == (b & 0xff00))
        return BORN_YEAR_MONTH;
    if (a >> 16 == b >> 16 && (default_day(a) || default_day(b)))
        return BORN_DEFAULT_DAY;
    return apart <= 5 ? BORN_WITHIN_5 : BORN_DIFFERENT;
}
