/*
 * spoil: how a person's particulars come out in a record. Inside the room.
 *
 * The rates are the table of section 7 of the specification, by quality tier, times the
 * record's factor and, for names, the culture's. What was done is noted as slips.
 */
#ifndef SAMPLE_SPOIL_H
#define SAMPLE_SPOIL_H

#include "sample/record.h"

enum slip {
    SLIP_NICKNAME,
    SLIP_INITIAL,
    SLIP_FORENAME_TYPED,
    SLIP_FORENAME_MISSING,
    SLIP_FORENAME_OTHER,
    SLIP_FORENAME_SPELLING,
    SLIP_MAIDEN,
    SLIP_NAME_PART,
    SLIP_SURNAME_TYPED,
    SLIP_SURNAME_SPELLING,
    SLIP_SWAPPED,
    SLIP_ACCENTS,
    SLIP_PUNCTUATION,
    SLIP_PARTICLE,
    SLIP_SUFFIX,
    SLIP_OCR,
    SLIP_DOB_MISSING,
    SLIP_DOB_WRONG,
    SLIP_DOB_PART,
    SLIP_SEX,
    SLIP_ETHNICITY,
    SLIP_ADDRESS_OLD,
    SLIP_POSTCODE_MISSING,
    SLIP_POSTCODE_OUTWARD,
    SLIP_POSTCODE_WRONG,
    SLIP_NAME_IN_TEXT,
    SLIP_ALIAS,
    SLIP_NO_SURNAME,
    SLIP_COPIED,
    SLIP_COUNT,
};

extern const char *const slip_names[SLIP_COUNT];

struct word {
    char at[96];
    uint8_t len;
};

enum dob_quality { DOB_EXACT, DOB_YEAR, DOB_AGE, DOB_MISSING };

/* Particulars as somebody wrote them down. */
struct particulars {
    struct word surname, forename1, forename2;
    struct ymd born;
    enum dob_quality dob;
    char sex;         /* 'M', 'F' or 0 */
    uint8_t identity; /* officer-defined ethnicity, 1 to 6 or 9 */
    uint32_t slips;   /* bits 1 << enum slip */
};
static_assert(SLIP_COUNT <= 32, "slips fit their bits");

#define SLIPPED(particulars, slip) ((particulars)->slips |= (uint32_t)1 << (slip))
#define HAS_SLIP(slips, slip)      (((slips) >> (slip)) & 1u)

/* Writes the person down afresh, with the errors of the record's tier. */
void spoil(const struct world *world, const struct person *person,
           const struct record *record, struct draw *draw,
           struct particulars *particulars);

/* Changes one thing, as when an entry is copied and touched up. */
void spoil_again(const struct person *person, struct draw *draw,
                 struct particulars *particulars);

/* The address fields; `postcode` has room for 10 bytes. */
void spoil_postcode(const struct record *record, struct draw *draw, char *postcode,
                    const char *outward, uint32_t *slips);
bool spoil_address_old(const struct record *record, struct draw *draw);

/* One nickname, short form or calling name of the person; false if there is none. */
bool nickname_draw(const struct person *person, struct draw *draw, struct word *word);

#endif
