/*
 * text: how alike are two names, dates, postcodes?
 *
 * A person as written, and the folded forms that are compared: name tokens, dates,
 * postcodes, telephone and other numbers. Folding is a pure function; TEXT_VERSION is
 * part of a model's identity. What was written is never changed: folded forms stand
 * beside it. Nothing here reads files or keeps global state that changes, so all of it
 * is safe from any thread.
 *
 * Rules: linkage practice as in docs/method.md, section "Standardisation".
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/base.h"

#define TEXT_VERSION 2

/* ---- a person as one file writes them ------------------------------------------ */

enum field {
    FIELD_ID,
    FIELD_FORENAMES,
    FIELD_SURNAME,
    FIELD_OTHER_NAMES, /* `|` between names, each `surname, forenames` or free */
    FIELD_FULL_NAME,   /* when the file does not split names */
    FIELD_DATE_OF_BIRTH,
    FIELD_SEX,
    FIELD_POSTCODE,
    FIELD_PREVIOUS_POSTCODES, /* `|` between values, here and below */
    FIELD_ADDRESS,
    FIELD_PHONES,
    FIELD_EMAILS,
    FIELD_NATIONAL_INSURANCE_NO,
    FIELD_STAFF_NUMBERS,
    FIELD_VEHICLES,
    FIELD_RECORD_ID, /* from here on: intelligence only, not compared */
    FIELD_ROLE,
    FIELD_SOURCE_FORCE,
    FIELD_RECORD_TYPE,
    FIELD_EVENT_DATE,
    FIELD_GRADING,
    FIELD_HANDLING,
    FIELD_TEXT,
    FIELD_COUNT
};

const char *field_name(enum field field); /* the name in files: "date_of_birth" */
bool field_named(struct str name, enum field *field);

/* ---- other columns: what a map names beside the fields, to be compared ------------ */

enum { OTHERS_MAX = 8, OTHER_NAME_MAX = 30 };

enum other_kind {
    OTHER_TEXT,   /* words, names, places: folded, compared by Jaro-Winkler */
    OTHER_NUMBER, /* of an identity: letters and digits, compared by edits */
    OTHER_WORD,   /* a code: letters and digits, the same or not */
    OTHER_KIND_COUNT
};

struct other {
    char name[OTHER_NAME_MAX + 1]; /* of the comparison; other_name_good() */
    enum other_kind kind;
};

const char *other_kind_name(enum other_kind kind);
bool other_kind_named(const char *name, enum other_kind *kind);
bool other_name_good(const char *name); /* a-z, 0-9 and _, a letter first, 30 at most */

/* Views into memory of whoever read the file; an empty view is a missing value. */
struct person {
    struct str field[FIELD_COUNT];
    const struct str *other; /* of other columns, in the model's order; NULL: none */
    uint32_t born; /* yyyymmdd as digits, 00 for unknown parts, 0 for no date */
    uint64_t row;  /* data row in its file, from 1; the header is row 0 */
    uint32_t file; /* which of the files read, from 0 */
};

/* ---- dates ------------------------------------------------------------------------ */

enum date_kind {
    DATE_NONE,       /* empty or a placeholder */
    DATE_FULL,       /* a day that exists */
    DATE_PARTIAL,    /* 1984 or 1984-07 */
    DATE_IMPOSSIBLE, /* digits kept as evidence (30 February), never another date */
    DATE_UNREADABLE, /* not a date in any known form */
};

/*
 * Reads ISO (1984-03-12, 19840312, 1984-03-12T00:00:00), UK order (12/03/1984,
 * 12.3.84, 12 Mar 1984, 12 March 1984), year first with slashes (1984/03/12) and
 * partial dates (1984, 1984-07, 07/1984). Two-digit years: the latest year not after
 * `pivot_year`. Slashes are always day first: 03/25/1984 is DATE_IMPOSSIBLE.
 * *born is yyyymmdd as digits as in struct person; for DATE_IMPOSSIBLE the digits as
 * written; 0 for DATE_NONE and DATE_UNREADABLE.
 */
enum date_kind date_read(struct str written, int pivot_year, uint32_t *born);

/* The same from split columns; missing parts may be empty. Month names are read. */
enum date_kind date_read_split(struct str day, struct str month, struct str year,
                               int pivot_year, uint32_t *born);

bool date_exists(uint32_t yyyymmdd);  /* a full day of the Gregorian calendar */
int32_t date_days(uint32_t yyyymmdd); /* days since 1970-01-01; full dates only */

/* ---- names ------------------------------------------------------------------------ */

#define NAME_MAX 31 /* bytes of a folded token; longer ones are cut */

enum name_kind {
    NAME_WHOLE,   /* the surname as one token: SMITHJONES; the first forename */
    NAME_PART,    /* a part of a double surname; a name without its particle */
    NAME_MIDDLE,  /* second and later forenames */
    NAME_INITIAL, /* one letter only, forenames */
    NAME_OTHER,   /* from other_names: alias, maiden or known-as name, whole */
};

struct name {
    char text[NAME_MAX + 1]; /* A-Z only, or the folded token of a script unknown */
    uint8_t len;
    uint8_t kind; /* enum name_kind */
};

#define NAMES_PER_PERSON 8 /* surnames, and as many forenames */

struct names {
    struct name surname[NAMES_PER_PERSON];
    struct name forename[NAMES_PER_PERSON];
    uint8_t surname_count;
    uint8_t forename_count;
    bool too_many; /* some were left out; says so, loses no exactness */
    uint32_t born; /* yyyymmdd: beside a name that stands in free text only; else 0 */
};

/*
 * Folds and splits all names of a person: surname, forenames, full_name, other_names.
 * NFKC, case, accents, Latin letters without decomposition by table, other scripts by
 * transliteration; titles, ranks and suffixes dropped; placeholders (UNKNOWN, NK, X)
 * dropped; hyphens, apostrophes, MC and particles joined (O'BRIEN = OBRIEN, MC HUGH =
 * MCHUGH, VAN DER BERG = VANDERBERG), with the parts of a double surname and the name
 * without particles as NAME_PART; `SMITH, John`, `John SMITH` and `John Smith` in
 * full_name; `ROBERT (BOB)` and `"TAZ"` give NAME_OTHER. No duplicates (text equal) in
 * either list. Of a person without any name, up to three names that stand in the free text,
 * as NAME_OTHER (in_text.h has the rules). Order as written, so the same input gives the same output everywhere.
 */
void names_of(const struct person *person, struct names *names);

/* Folds any text to A-Z, 0-9 and single spaces. Returns the length, at most size. */
size_t text_fold(struct str written, char *folded, size_t size);

bool text_utf8(struct str bytes); /* well-formed UTF-8 */

/* ---- comparing names ---------------------------------------------------------------- */

/*
 * Whether Jaro-Winkler(a, b) >= percent/100, decided in integers so that ties do not
 * hang on rounding. Window max/2 - 1, prefix up to 4 at 0.1, boost above 0.7, half the
 * transpositions rounded down. At most NAME_MAX bytes each.
 */
bool jaro_winkler_reaches(const char *a, size_t a_len, const char *b, size_t b_len,
                          unsigned percent);

/* The exact value as a fraction; the plain twin. Both empty or one empty: 0/1. */
void jaro_winkler_fraction(const char *a, size_t a_len, const char *b, size_t b_len,
                           uint64_t *numerator, uint64_t *denominator);

/*
 * A bound before the comparison. The signature holds letter counts, two bits a letter
 * (0, 1, 2, 3 or more as unary 00 01 11 + spare), and never excludes a pair that
 * jaro_winkler_reaches would accept.
 */
uint64_t name_signature(const char *text, size_t len);
bool signature_may_reach(uint64_t a, size_t a_len, uint64_t b, size_t b_len,
                         unsigned percent);

/*
 * A spelling-blind key: equal for most spellings and romanisations of one name
 * (MOHAMMED/MUHAMMAD, HUSSEIN/HUSAYN, KOWALSKI/KOWALSKA, CATHERINE/KATHRYN). Empty for
 * tokens too short to be told apart by it. Returns the length.
 */
size_t name_skeleton(const char *text, size_t len, char key[NAME_MAX + 1]);

/* Edits that make one of the other: a letter changed, left out or put in, or two
 * neighbours exchanged. At most NAME_MAX bytes each; more than `most` edits are given as
 * one more. The plain twin counts them all. */
unsigned edits_within(const char *a, size_t a_len, const char *b, size_t b_len,
                      unsigned most);
unsigned edits_between(const char *a, size_t a_len, const char *b, size_t b_len);

/* ---- likeness of texts as written ----------------------------------------------------- */

/*
 * As DuckDB's functions of these names count, byte by byte and with the same steps of
 * double arithmetic, so that models made elsewhere come to the same levels here: both
 * similarities are 0 where a text is empty; the window is max/2 - 1; the prefix of up to
 * 4 counts 0.1 each above 0.7; jaccard is of the sets of bytes; damerau_levenshtein
 * allows edits between two letters that were swapped. Texts of any length.
 */
double jaro_similarity(struct str a, struct str b);
double jaro_winkler_similarity(struct str a, struct str b);
double jaccard_similarity(struct str a, struct str b);
size_t levenshtein(struct str a, struct str b);
size_t damerau_levenshtein(struct str a, struct str b);

/*
 * Bounds of the above from what is cheap to hold beside a text: which bytes occur, and
 * which occur twice. A byte of one text that the other lacks cannot match.
 */
struct profile {
    uint64_t bytes; /* bit b: a byte of b modulo 32 occurs; bit 32 + b: twice */
    uint32_t len;
};
struct profile profile_of(struct str text);
double jaro_winkler_at_most(struct profile a, struct profile b); /* jaro, too */
size_t edits_at_least(struct profile a, struct profile b);

/* Every letter in its other case by Unicode's simple mappings; bytes that are no UTF-8
 * stay. `to` has room for 2 * written.len + 4 bytes; returns the length. */
size_t text_case(struct str written, bool upper, char *to);

/* ---- equivalence tables: nicknames, romanisations, spelling variants ----------------- */

enum variant_use { VARIANT_FORENAME, VARIANT_SURNAME, VARIANT_USE_COUNT };

enum variant_kind {
    VARIANT_NICKNAME,
    VARIANT_ROMANISATION,
    VARIANT_SPELLING,
    VARIANT_GENDER_FORM,
    VARIANT_SHORT_FORM,
    VARIANT_KIND_COUNT
};

const char *variant_kind_name(enum variant_kind kind);

struct variants; /* read-only once made: share it between threads */

/* The tables shipped with the program (rulebook/names), embedded at build. */
bool variants_default(struct variants **variants, struct err *err) MUST_CHECK;

/* Adds a table: `kind: use` lines and groups, as rulebook/names/README.md describes. */
bool variants_add(struct variants *variants, const char *file, struct str text,
                  struct err *err) MUST_CHECK;
bool variants_new(struct variants **variants, struct err *err) MUST_CHECK;
void variants_free(struct variants *variants);

/*
 * Names equivalent to a folded token, itself left out, each once; the relation is
 * symmetric and not transitive. Returns how many; *list stays the table's.
 */
struct variant {
    const char *text; /* ended by a zero */
    uint8_t len;
    uint8_t kind; /* enum variant_kind */
};
size_t variants_of(const struct variants *variants, enum variant_use use,
                   const char *text, size_t len, const struct variant **list);

/* The value of an other column as it is compared, by its first NAME_MAX bytes: text with
 * single spaces between words, the rest without. Returns its length; 0: missing. */
size_t other_fold(enum other_kind kind, struct str written, char folded[NAME_MAX + 1]);

/* ---- places and numbers --------------------------------------------------------------- */

/*
 * A postcode as ordered numbers: equal unit implies equal sector implies equal
 * district. 0 where not known. LS6 2AB: district LS6, sector LS6 2, unit LS6 2AB.
 * A partial outward code has a district only. What is not of the British form (with
 * O/0, I/1, S/5 put right where position demands) has a unit only: a hash of it.
 */
struct postcode {
    uint64_t unit;
    uint32_t sector;
    uint32_t district;
};
bool postcode_read(struct str written, struct postcode *postcode);

/*
 * The first line of an address: house number or flat, and street, folded and hashed,
 * with ST/RD/AVE and the like written out. line is 0 without a number, house 0 too.
 */
struct address {
    uint64_t line;  /* number and street */
    uint32_t house; /* number (hash of "12A", "FLAT 3 12") alone */
};
bool address_read(struct str written, struct address *address);

/* Each returns 0 for missing, placeholder or invalid values. */
uint64_t phone_read(struct str written);  /* 07..., +44, 0044, (0), extension apart */
uint64_t email_read(struct str written);  /* hash: lower case, +tag dropped */
uint64_t nino_read(struct str written);   /* without suffix; dummies are 0 */
uint64_t number_read(struct str written); /* staff, warrant numbers: folded, hashed */
uint64_t vehicle_read(struct str written);

enum sex { SEX_UNKNOWN, SEX_FEMALE, SEX_MALE, SEX_OTHER };
enum sex sex_read(struct str written); /* F, female, woman, 2; M, male, man, 1 ... */

#endif
