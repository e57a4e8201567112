#include "sample/spoil.h"
#include "sample/typing.h"

#include <string.h>

const char *const slip_names[SLIP_COUNT] = {
    [SLIP_NICKNAME] = "forename:nickname",
    [SLIP_INITIAL] = "forename:initial",
    [SLIP_FORENAME_TYPED] = "forename:typing",
    [SLIP_FORENAME_MISSING] = "forename:missing",
    [SLIP_FORENAME_OTHER] = "forename:other",
    [SLIP_FORENAME_SPELLING] = "forename:spelling",
    [SLIP_MAIDEN] = "surname:previous",
    [SLIP_NAME_PART] = "surname:part",
    [SLIP_SURNAME_TYPED] = "surname:typing",
    [SLIP_SURNAME_SPELLING] = "surname:spelling",
    [SLIP_SWAPPED] = "name:swapped",
    [SLIP_ACCENTS] = "name:accents",
    [SLIP_PUNCTUATION] = "name:punctuation",
    [SLIP_PARTICLE] = "name:particle",
    [SLIP_SUFFIX] = "name:suffix",
    [SLIP_OCR] = "name:ocr",
    [SLIP_DOB_MISSING] = "dob:missing",
    [SLIP_DOB_WRONG] = "dob:wrong",
    [SLIP_DOB_PART] = "dob:part",
    [SLIP_SEX] = "sex",
    [SLIP_ETHNICITY] = "ethnicity",
    [SLIP_ADDRESS_OLD] = "address:old",
    [SLIP_POSTCODE_MISSING] = "postcode:missing",
    [SLIP_POSTCODE_OUTWARD] = "postcode:outward",
    [SLIP_POSTCODE_WRONG] = "postcode:wrong",
    [SLIP_NAME_IN_TEXT] = "name:text only",
    [SLIP_ALIAS] = "name:alias",
    [SLIP_NO_SURNAME] = "surname:missing",
    [SLIP_COPIED] = "copied",
};

/* Rates by tier, in a million: section 7 of the specification, row by row. */
enum rate {
    RATE_NICKNAME,
    RATE_INITIAL,
    RATE_FORENAME_TYPED,
    RATE_FORENAME_MISSING,
    RATE_FORENAME_OTHER,
    RATE_MAIDEN,
    RATE_SURNAME_TYPED,
    RATE_SWAPPED,
    RATE_SPELLING,
    RATE_MIDDLE,
    RATE_DOB_MISSING,
    RATE_DOB_WRONG,
    RATE_DOB_PART,
    RATE_ADDRESS_OLD,
    RATE_POSTCODE_MISSING,
    RATE_POSTCODE_OUTWARD,
    RATE_POSTCODE_WRONG,
    RATE_SEX,
    RATE_ETHNICITY,
    RATE_COUNT,
};

static const uint32_t rates[RATE_COUNT][TIER_COUNT] = {
    [RATE_NICKNAME] = {30000,  60000,  120000, 100000},
    [RATE_INITIAL] = {5000,   20000,  40000,  60000 },
    [RATE_FORENAME_TYPED] = {20000,  40000,  60000,  140000},
    [RATE_FORENAME_MISSING] = {2000,   10000,  20000,  40000 },
    [RATE_FORENAME_OTHER] = {13000,  10000,  10000,  40000 },
    [RATE_MAIDEN] = {20000,  40000,  70000,  70000 },
    [RATE_SURNAME_TYPED] = {27000,  50000,  80000,  210000},
    [RATE_SWAPPED] = {3000,   10000,  30000,  40000 },
    [RATE_SPELLING] = {80000,  150000, 250000, 250000},
    [RATE_MIDDLE] = {600000, 350000, 150000, 100000},
    [RATE_DOB_MISSING] = {10000,  60000,  200000, 250000},
    [RATE_DOB_WRONG] = {7000,   15000,  40000,  70000 },
    [RATE_DOB_PART] = {0,      10000,  80000,  80000 },
    [RATE_ADDRESS_OLD] = {250000, 350000, 450000, 700000},
    [RATE_POSTCODE_MISSING] = {20000,  60000,  200000, 300000},
    [RATE_POSTCODE_OUTWARD] = {10000,  30000,  120000, 150000},
    [RATE_POSTCODE_WRONG] = {10000,  20000,  40000,  80000 },
    [RATE_SEX] = {5000,   15000,  40000,  60000 },
    [RATE_ETHNICITY] = {100000, 120000, 150000, 150000},
};

/* Scanned pages of before 2005: one character in a hundred is misread. */
enum { OCR_UNTIL = 12784 /* 1 January 2005 */, OCR_RATE = 10000 };

static uint32_t rate(const struct record *record, enum rate which)
{
    return rates[which][record->tier];
}

/* For errors of the clerk: times the record's factor. */
static uint32_t clerk_rate(const struct record *record, enum rate which)
{
    return (uint32_t)((uint64_t)rate(record, which) * record->factor / 1000);
}

/* For errors in names: times the culture's as well. */
static uint32_t name_rate(const struct world *world, const struct person *person,
                          const struct record *record, enum rate which)
{
    return clerk_rate(record, which) *
           world->cultures[person->culture].rule->error_rate / 100;
}

bool nickname_draw(const struct person *person, struct draw *draw, struct word *word)
{
    const struct name *name = person->forename[0].name;
    const struct group *group = name ? name->shorts : NULL;

    if (person->known_as.len && draw_below(draw, 100) < 60) {
        word_set(word, person->known_as);
        return true;
    }
    if (group && group->count > 1) {
        const struct name *one = &group->names[1 + draw_below(draw, group->count - 1)];

        word_set(word, (struct part){one->at, one->len, NULL});
        return true;
    }
    if (person->forename[1].len && draw_below(draw, 2)) {
        word_set(word, person->forename[1]); /* the calling name */
        return true;
    }
    return word_shorten(word, 3 + draw_below(draw, 2));
}

static void spoil_forename(const struct world *world, const struct person *person,
                           const struct record *record, struct draw *draw,
                           struct particulars *p)
{
    static const enum slip slips[] = {SLIP_NICKNAME, SLIP_INITIAL, SLIP_FORENAME_TYPED,
                                      SLIP_FORENAME_MISSING, SLIP_FORENAME_OTHER};
    uint32_t u = draw_below(draw, 1000000);
    int which = RATE_NICKNAME;

    for (; which <= RATE_FORENAME_OTHER; which++) {
        uint32_t share = name_rate(world, person, record, (enum rate)which);

        if (u < share)
            break;
        u -= share;
    }
    if (which > RATE_FORENAME_OTHER)
        return;
    enum slip slip = slips[which - RATE_NICKNAME];

    if (slip == SLIP_NICKNAME && !nickname_draw(person, draw, &p->forename1))
        slip = SLIP_FORENAME_TYPED;
    if (slip == SLIP_INITIAL)
        word_shorten(&p->forename1, 1);
    else if (slip == SLIP_FORENAME_MISSING)
        p->forename1.len = 0;
    else if (slip == SLIP_FORENAME_OTHER)
        forename_other(world, person, draw, &p->forename1);
    if (slip == SLIP_FORENAME_TYPED)
        word_mistype(&p->forename1, draw);
    SLIPPED(p, slip);
}

static void spoil_surname(const struct world *world, const struct person *person,
                          const struct record *record, struct draw *draw,
                          struct particulars *p)
{
    int age = (record->event - person->born) / 365;
    uint32_t u = draw_below(draw, 1000000);
    uint32_t maiden = clerk_rate(record, RATE_MAIDEN);
    uint32_t typed = name_rate(world, person, record, RATE_SURNAME_TYPED);

    if (u < maiden) {
        if (!person->female || age < 20 || age > 60)
            return;
        if (person->previous.len) {
            word_set(&p->surname, person->previous);
            SLIPPED(p, SLIP_MAIDEN);
        } else if (word_keep_part(&p->surname, draw)) {
            SLIPPED(p, SLIP_NAME_PART);
        }
    } else if (u < maiden + typed) {
        word_mistype(&p->surname, draw);
        SLIPPED(p, SLIP_SURNAME_TYPED);
    }
}

/* Romanised or spelt in another way: a variant of the table, or a rewriting by rule. */
static bool respell(const struct culture *culture, struct part part, struct draw *draw,
                    struct word *word)
{
    if (part.name && part.name->variants) {
        const struct group *group = part.name->variants;
        const struct name *one = &group->names[draw_below(draw, group->count)];

        if (one->len != part.len || memcmp(one->at, part.at, part.len) != 0) {
            word_set(word, (struct part){one->at, one->len, NULL});
            return true;
        }
    }
    return word_romanise(word, culture->rule->romanising, draw);
}

static void spoil_spelling(const struct world *world, const struct person *person,
                           const struct record *record, struct draw *draw,
                           struct particulars *p)
{
    const struct culture *culture = &world->cultures[person->culture];
    uint32_t which = draw_below(draw, 20);

    if (culture->rule->surname == SURNAME_BRITISH ||
        !draw_chance(draw, clerk_rate(record, RATE_SPELLING)))
        return;
    if (which < 13 && respell(culture, person->forename[0], draw, &p->forename1))
        SLIPPED(p, SLIP_FORENAME_SPELLING);
    if (which >= 7 && respell(culture, person->surname, draw, &p->surname))
        SLIPPED(p, SLIP_SURNAME_SPELLING);
}

static bool words_plain(struct particulars *p)
{
    bool surname = word_plain(&p->surname), forename1 = word_plain(&p->forename1);

    return word_plain(&p->forename2) || surname || forename1;
}

/* Marks on letters, joints and particles are lost whoever writes. */
static void spoil_marks(const struct person *person, struct draw *draw,
                        struct particulars *p)
{
    uint32_t u = draw_below(draw, 100), v = draw_below(draw, 100);

    if (u < 70 && words_plain(p))
        SLIPPED(p, SLIP_ACCENTS);
    if (v < 40 && word_unjoin(&p->surname, draw))
        SLIPPED(p, SLIP_PUNCTUATION);
    else if (v < 70 && word_drop_particle(&p->surname))
        SLIPPED(p, SLIP_PARTICLE);
    if (person->known_as.len == 0 && v == 99 && draw_below(draw, 100) < 12) {
        word_append(&p->surname, person->born < 0 ? " Snr" : " Jnr");
        SLIPPED(p, SLIP_SUFFIX);
    }
}

/* Wrong dates, in the proportions of the specification (of 100). */
static void date_wrong(struct draw *draw, struct ymd *date)
{
    uint32_t u = draw_below(draw, 100);

    if (u < 25 && date->day <= 12 && date->day != date->month) {
        int month = date->month;

        date->month = date->day;
        date->day = month;
    } else if (u < 65) {
        date_digit_wrong(draw, date);
    } else if (u < 80) {
        date->year += draw_below(draw, 2) ? 1 : -1;
    } else if (u < 85) {
        date->year += draw_below(draw, 2) && date->year < 2000 ? 10 : -10;
    } else if (u < 98 && (date->day != 1 || date->month != 1)) {
        date->month = date->day == 1 || draw_below(draw, 2) ? 1 : date->month;
        date->day = 1;
    } else {
        date->year += date->year >= 2000 ? -100 : 100;
        if (date->year > 2015)
            date->year -= 200; /* not born yet: the century before instead */
    }
}

static void spoil_dob(const struct record *record, struct draw *draw,
                      struct particulars *p)
{
    uint32_t u = draw_below(draw, 1000000);
    uint32_t missing = clerk_rate(record, RATE_DOB_MISSING);
    uint32_t part = clerk_rate(record, RATE_DOB_PART);
    uint32_t wrong = clerk_rate(record, RATE_DOB_WRONG);

    if (u < missing) {
        p->dob = DOB_MISSING;
        SLIPPED(p, SLIP_DOB_MISSING);
    } else if (u < missing + part) {
        p->dob = draw_below(draw, 2) ? DOB_YEAR : DOB_AGE;
        SLIPPED(p, SLIP_DOB_PART);
    } else if (u < missing + part + wrong) {
        date_wrong(draw, &p->born);
        SLIPPED(p, SLIP_DOB_WRONG);
    }
}

static void spoil_looks(const struct person *person, const struct record *record,
                        struct draw *draw, struct particulars *p)
{
    static const uint8_t seen_as[10] = {9, 2, 1, 9, 6, 4, 2, 9, 9, 4}; /* by IC code */

    if (draw_chance(draw, clerk_rate(record, RATE_SEX))) {
        p->sex = draw_below(draw, 4) ? 0 : person->female ? 'M' : 'F';
        SLIPPED(p, SLIP_SEX);
    }
    if (draw_chance(draw, rate(record, RATE_ETHNICITY))) {
        p->identity = seen_as[p->identity];
        SLIPPED(p, SLIP_ETHNICITY);
    }
}

static void write_down(const struct person *person, struct particulars *p)
{
    word_set(&p->surname, person->surname);
    word_set(&p->forename1, person->forename[0]);
    word_set(&p->forename2, person->forename[1]);
    p->born = ymd_of(person->born);
    p->dob = DOB_EXACT;
    p->sex = person->female ? 'F' : 'M';
    p->identity = ethnic_groups[person->ethnic].identity;
    p->slips = 0;
}

static void spoil_scan(struct draw *draw, struct particulars *p)
{
    bool surname = word_misread(&p->surname, draw, OCR_RATE);

    if (word_misread(&p->forename1, draw, OCR_RATE) || surname)
        SLIPPED(p, SLIP_OCR);
}

void spoil(const struct world *world, const struct person *person,
           const struct record *record, struct draw *draw, struct particulars *p)
{
    const struct culture_rule *rule = world->cultures[person->culture].rule;

    write_down(person, p);
    spoil_forename(world, person, record, draw, p);
    spoil_surname(world, person, record, draw, p);
    if (!p->slips)
        spoil_spelling(world, person, record, draw, p);
    if (!draw_chance(draw, rate(record, RATE_MIDDLE)))
        p->forename2.len = 0;
    spoil_marks(person, draw, p);
    if (draw_chance(draw, clerk_rate(record, RATE_SWAPPED) * rule->swap_rate / 100) &&
        p->forename1.len) {
        struct word forename = p->forename1;

        p->forename1 = p->surname;
        p->surname = forename;
        SLIPPED(p, SLIP_SWAPPED);
    }
    if (record->tier == TIER_D && record->event < OCR_UNTIL)
        spoil_scan(draw, p);
    spoil_dob(record, draw, p);
    spoil_looks(person, record, draw, p);
}

void spoil_again(const struct person *person, struct draw *draw, struct particulars *p)
{
    switch (draw_below(draw, 6)) {
    case 0:
        if (p->forename1.len && nickname_draw(person, draw, &p->forename1))
            SLIPPED(p, SLIP_NICKNAME);
        break;
    case 1:
        word_mistype(&p->forename1, draw);
        SLIPPED(p, SLIP_FORENAME_TYPED);
        break;
    case 2:
        word_mistype(&p->surname, draw);
        SLIPPED(p, SLIP_SURNAME_TYPED);
        break;
    case 3:
        if (p->dob == DOB_EXACT) {
            date_wrong(draw, &p->born);
            SLIPPED(p, SLIP_DOB_WRONG);
        }
        break;
    case 4:
        p->sex = 0;
        SLIPPED(p, SLIP_SEX);
        break;
    default:
        p->forename2.len = 0;
        break;
    }
}

bool spoil_address_old(const struct record *record, struct draw *draw)
{
    return draw_chance(draw, rate(record, RATE_ADDRESS_OLD));
}

void spoil_postcode(const struct record *record, struct draw *draw, char *postcode,
                    const char *outward, uint32_t *slips)
{
    uint32_t u = draw_below(draw, 1000000);
    uint32_t missing = clerk_rate(record, RATE_POSTCODE_MISSING);
    uint32_t part = clerk_rate(record, RATE_POSTCODE_OUTWARD);
    uint32_t wrong = clerk_rate(record, RATE_POSTCODE_WRONG);

    if (u < missing) {
        postcode[0] = 0;
        *slips |= 1u << SLIP_POSTCODE_MISSING;
    } else if (u < missing + part) {
        memcpy(postcode, outward, strlen(outward) + 1);
        *slips |= 1u << SLIP_POSTCODE_OUTWARD;
    } else if (u < missing + part + wrong) {
        postcode_mistype(postcode, draw);
        *slips |= 1u << SLIP_POSTCODE_WRONG;
    }
}
