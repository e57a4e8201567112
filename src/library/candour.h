/*
 * libcandour: could these two be the same person, and why?
 *
 * People (the left side) are put into an index; mentions (the right side) are found in
 * it. Every pair whose probability reaches the threshold is returned, exactly those that
 * a comparison of all pairs would return, each with its evidence: the level of every
 * comparison and the bits that it adds to the score,
 *
 *     score = prior + sum of log2(m / u)          (Fellegi & Sunter 1969)
 *
 * The pairs, levels and bits are those of the program `candour` for the same input. Other
 * columns that a map of the program may name (`compare`) are not compared here: numbers
 * that a model has for them are read and not used.
 *
 *     struct candour_model *model;       candour_model_default(&model, &error)
 *     struct candour_index *index;       candour_index_new(&settings, &index, &error)
 *                                        candour_index_add_table(index, &people, &error)
 *                                        candour_index_count_table(index, &mentions, ...)
 *                                        candour_index_build(index, &error)
 *     struct candour_finder *finder;     candour_finder_new(index, 0, &finder, &error)
 *     struct candour_hits *hits;         candour_find_table(finder, &mentions, 0, &hits, ...)
 *
 * Rules that hold for every function:
 *
 * Errors. What can fail returns true for done and false for not done. Results are
 * written when it is done only, *error when it is not only. error may be NULL. No input
 * ends the process. A lack of memory does: with a line on standard error and exit
 * status 5, as in the program; candour_index_bytes() says what an index holds.
 * Pointers must not be NULL unless it is said that they may.
 *
 * Ownership. A `struct candour_x **x` result is the caller's, to be given back with
 * candour_x_free(), which takes NULL too. Arguments are borrowed for the call, except:
 * an index borrows its model, a finder its index, and hits their model, which must be
 * kept until the borrower is freed. A `const char *` result ends with a zero, is UTF-8,
 * and belongs to the library or to the handle it was asked of.
 *
 * Threads. There is no global state. A model, a built index and hits are read-only: any
 * number of threads may use one at once. An index that is being filled, and a finder,
 * belong to one thread at a time; make a finder for each thread. Results are the same
 * for any number of threads.
 *
 * Binary interface. Handles are opaque. A struct that may grow begins with `size`, which
 * the caller sets to its sizeof; new fields come at the end, and 0 in a field asks for
 * the default, so begin with `= {.size = sizeof(settings)}`. Other structs never change.
 * Functions carry the symbol version CANDOUR_1.
 */
#ifndef CANDOUR_H
#define CANDOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors: a code to act on, a line to read ------------------------------------- */

/* What kind of failure it was. Other numbers may come; treat them as not done. */
enum candour_code {
    CANDOUR_DONE = 0,
    CANDOUR_USAGE = 1,     /* wrong use: an order of calls, a threshold out of range */
    CANDOUR_INPUT = 2,     /* input that cannot be used */
    CANDOUR_NOT_FOUND = 3, /* what was asked for is not there */
    CANDOUR_REFUSED = 4,   /* not allowed */
    CANDOUR_ENVIRONMENT = 5, /* a file, memory, a processor that is too old */
};

/*
 * Filled by a function that returns false. text is one line of UTF-8 ended by a zero;
 * it says what to do next and never holds what was written in a person's fields.
 */
struct candour_error {
    int32_t code; /* enum candour_code */
    char text[508];
};

/* The version of the library, "0.1.0". Any thread. */
const char *candour_version(void);

/* ---- model: what each agreement is worth ------------------------------------------ */

/* Comparisons, their levels with m and u, prior and thresholds; read-only. */
struct candour_model;

/* What a run is for: chooses the share and the threshold where none is given. */
enum candour_purpose {
    CANDOUR_LINK = 0, /* two files of people, as `candour link` */
    CANDOUR_WASH = 1, /* a workforce against records, as `candour wash` */
};

/* The model that is built in, whose numbers docs/method.md explains. */
bool candour_model_default(struct candour_model **model, struct candour_error *error);

/* A model from a JSON file, as `candour train` writes it. path ends with a zero. */
bool candour_model_read(const char *path, struct candour_model **model,
                        struct candour_error *error);

/* The same from `length` bytes of JSON in memory, which need not outlive the call. */
bool candour_model_parse(const char *text, size_t length, struct candour_model **model,
                         struct candour_error *error);

/* Gives a model back. No index or hits may still borrow it. */
void candour_model_free(struct candour_model *model);

/* "candour default 1"; belongs to the model. */
const char *candour_model_name(const struct candour_model *model);

/* A hash of all numbers of the model: equal means that it scores alike. */
uint64_t candour_model_hash(const struct candour_model *model);

/* The probability from which pairs are shown when no threshold is given, 0 to 1. */
double candour_model_probability(const struct candour_model *model,
                                 enum candour_purpose purpose);

/* The share of mentions that concern somebody on the left, 0 to 1; gives the prior. */
double candour_model_share(const struct candour_model *model,
                           enum candour_purpose purpose);

/* How many comparisons there are; they are numbered from 0. */
uint32_t candour_comparison_count(void);

/* "date_of_birth", as in files; NULL if there is no such comparison. */
const char *candour_comparison_name(uint32_t comparison);

/* "date of birth", as a person reads it; NULL if there is no such comparison. */
const char *candour_comparison_label(uint32_t comparison);

/* How many levels a comparison has; 0 if there is no such comparison. Level 0 is
 * "missing" (of the order of names, "same") and earns nothing. */
uint32_t candour_level_count(const struct candour_model *model, uint32_t comparison);

/* One level of a comparison. The texts belong to the model. */
struct candour_level {
    size_t size;       /* set by the caller: sizeof(struct candour_level) */
    const char *name;  /* "exact", as in files */
    const char *label; /* "same surname", as a person reads it */
    double m, u;       /* P(level | same person), P(level | different people) */
    double bits;       /* log2(m / u); where by_frequency, that of a usual value */
    bool by_frequency; /* bits depend on how common the value is */
};

/* Describes a level. CANDOUR_NOT_FOUND if there is none of this number. */
bool candour_model_level(const struct candour_model *model, uint32_t comparison,
                         uint32_t level, struct candour_level *description,
                         struct candour_error *error);

/* ---- people: values under the names of fields ------------------------------------- */

/*
 * Fields have the names that the program's files have (docs/file-formats.md):
 * forenames, surname, other_names, full_name, date_of_birth, sex, postcode,
 * previous_postcodes, address, phones, emails, national_insurance_no, staff_numbers,
 * vehicles. Others, such as id and role, may be given and are not compared. Several
 * values of one field are written with `|` between them. Values are UTF-8 without zero
 * bytes; spaces around them do not count; an empty value is a missing one. A date that
 * cannot be read counts as missing, and is counted: candour_index_unread_dates(),
 * candour_hits_unread_dates(). A field may be given once for a person.
 */

/* One value of one person. */
struct candour_value {
    const char *field; /* ends with a zero */
    const char *text;  /* may be NULL if length is 0 */
    size_t length;     /* bytes; CANDOUR_ZERO_ENDED: text ends with a zero */
};

/* A length that says: up to the zero. */
#define CANDOUR_ZERO_ENDED ((size_t)-1)

/*
 * One field of many people, in the layout of an Apache Arrow large_utf8 array: the value
 * of row i is bytes[offsets[i]] up to bytes[offsets[i + 1]]. offsets has row_count + 1
 * entries that never fall, the first at least 0. No bitmap: a null is an empty value.
 */
struct candour_column {
    const char *field;      /* ends with a zero */
    const char *bytes;      /* may be NULL if all values are empty */
    const int64_t *offsets; /* row_count + 1 */
};

/* Many people, by columns. */
struct candour_table {
    const struct candour_column *columns;
    size_t column_count;
    size_t row_count;
};

/* How many fields there are; they are numbered from 0. */
uint32_t candour_field_count(void);

/* "date_of_birth"; NULL if there is no such field. */
const char *candour_field_name(uint32_t field);

/* True if the field is compared; ids, roles and the like only describe. */
bool candour_field_compared(uint32_t field);

/* ---- index: the left side ---------------------------------------------------------- */

/* The people that mentions are found among. */
struct candour_index;

/* How an index is made. */
struct candour_index_settings {
    size_t size;                       /* sizeof(struct candour_index_settings) */
    const struct candour_model *model; /* borrowed until candour_index_free() */
    double share; /* of mentions that concern somebody on the left; 0: the model's.
                   * Programs fit theirs to the mentions; the library does not. */
    double probability; /* the lowest threshold that will be asked; 0: the model's */
    uint32_t purpose;   /* enum candour_purpose: where share and threshold come from */
    uint32_t threads;   /* used by candour_index_build(); 0: all there are */
    int32_t pivot_year; /* latest year of a birth year of two digits; 0: this year */
};

/*
 * Begins an index. Order of calls: candour_index_new; candour_index_add or _add_table
 * for everybody; candour_index_count or _count_table for mentions, so that names and
 * values which are common among them earn less; candour_index_build. Another order is
 * CANDOUR_USAGE. Thresholds and shares lie between 0.000001 and 0.999999.
 */
bool candour_index_new(const struct candour_index_settings *settings,
                       struct candour_index **index, struct candour_error *error);

/* Gives an index back, built or not. No finder may still borrow it. */
void candour_index_free(struct candour_index *index);

/* Adds one person; the first has position 0. Values are copied. At most 2,147,483,646
 * people. On failure nobody was added. */
bool candour_index_add(struct candour_index *index, const struct candour_value values[],
                       size_t count, struct candour_error *error);

/* Adds all rows of a table in their order. On failure nobody was added. */
bool candour_index_add_table(struct candour_index *index,
                             const struct candour_table *people,
                             struct candour_error *error);

/*
 * Counts the values of one mention, to know how common each is on the right. Count the
 * mentions that will be looked for, or a fair sample of some 100,000 of them. Without
 * any, names and values are as common as the model says.
 */
bool candour_index_count(struct candour_index *index,
                         const struct candour_value values[], size_t count,
                         struct candour_error *error);

/* Counts all rows of a table. */
bool candour_index_count_table(struct candour_index *index,
                               const struct candour_table *mentions,
                               struct candour_error *error);

/* Ends the filling: from here on the index is read-only. A second call is
 * CANDOUR_USAGE. After a failure of any other kind the index can only be freed. */
bool candour_index_build(struct candour_index *index, struct candour_error *error);

/* How many people were added. */
size_t candour_index_people(const struct candour_index *index);

/* Bytes that a built index holds; 0 before. */
size_t candour_index_bytes(const struct candour_index *index);

/* log2 prior odds of one pair, in bits; of a built index, 0 before. */
double candour_index_prior(const struct candour_index *index);

/* The lowest threshold that may be asked, 0 to 1. */
double candour_index_probability(const struct candour_index *index);

/* Dates of birth that were no dates among the people added, and counted as missing. */
uint64_t candour_index_unread_dates(const struct candour_index *index);

/* ---- finding: the right side -------------------------------------------------------- */

/* Working memory over a built index, of one thread of the caller's. */
struct candour_finder;

/* Pairs with their evidence. */
struct candour_hits;

/* A finder that uses up to `threads` threads of its own in candour_find_table(); 0: all
 * there are. Borrows the index until candour_finder_free(). */
bool candour_finder_new(const struct candour_index *index, uint32_t threads,
                        struct candour_finder **finder, struct candour_error *error);

/* Gives a finder back; hits that it found stay. */
void candour_finder_free(struct candour_finder *finder);

/*
 * Everybody on the left whose pair with this one mention has at least `probability`
 * (not below the index's; 0: the index's). The mention is row 0 of the hits.
 */
bool candour_find(struct candour_finder *finder, const struct candour_value values[],
                  size_t count, double probability, struct candour_hits **hits,
                  struct candour_error *error);

/* The same for every row of a table. Hits are ordered by row, then by the position of
 * the person. On failure, such as a value that is not UTF-8, nothing is found. */
bool candour_find_table(struct candour_finder *finder,
                        const struct candour_table *mentions, double probability,
                        struct candour_hits **hits, struct candour_error *error);

/* Scores one pair whatever its score: the person at a position of the index, and a
 * mention. Gives exactly one hit. */
bool candour_score(struct candour_finder *finder, uint32_t position,
                   const struct candour_value values[], size_t count,
                   struct candour_hits **hits, struct candour_error *error);

/*
 * Scores two people without an index, as `candour explain --left --right`: names are as
 * common as the model says. `people` is the size of the left side that the prior is for,
 * at least 1; `share` as in the settings, where 0 takes the model's for a wash; birth
 * years of two digits lie in the hundred years up to this one. Gives exactly one
 * hit. Any thread.
 */
bool candour_compare(const struct candour_model *model, double share, uint64_t people,
                     const struct candour_value left[], size_t left_count,
                     const struct candour_value right[], size_t right_count,
                     struct candour_hits **hits, struct candour_error *error);

/* ---- hits: pairs with their evidence ------------------------------------------------ */

/* One pair. */
struct candour_hit {
    size_t size;        /* set by the caller: sizeof(struct candour_hit) */
    uint32_t left;      /* position of the person in the index */
    uint32_t right;     /* row of the mention in the table */
    double probability; /* that they are one person, under the model: 0 to 1 */
    double score;       /* bits: the prior and all evidence */
    double prior;       /* bits */
};

/* What one comparison of a pair found. The texts belong to the model. */
struct candour_evidence {
    size_t size;            /* set by the caller: sizeof(struct candour_evidence) */
    const char *comparison; /* "surname" */
    const char *level;      /* "near_92", as in files */
    const char *label;      /* "surname nearly the same", as a person reads it */
    uint32_t level_number;  /* as candour_model_level() takes it */
    double bits; /* that it adds to the score, less than 0 if it takes away */
};

/* Gives hits back. */
void candour_hits_free(struct candour_hits *hits);

/* How many pairs. */
size_t candour_hits_count(const struct candour_hits *hits);

/* Dates of birth that were no dates among the mentions, and counted as missing. */
uint64_t candour_hits_unread_dates(const struct candour_hits *hits);

/* One pair, numbered from 0. */
bool candour_hits_get(const struct candour_hits *hits, size_t number,
                      struct candour_hit *hit, struct candour_error *error);

/* What one comparison found in a pair. */
bool candour_hits_evidence(const struct candour_hits *hits, size_t number,
                           uint32_t comparison, struct candour_evidence *evidence,
                           struct candour_error *error);

/*
 * All pairs at once, as arrays of candour_hits_count() entries that belong to the hits.
 * Bits are fixed point, 65536 to a bit, and add up exactly; probabilities are in
 * millionths. Of comparisons that do not exist: NULL.
 */

/* Positions of the people. */
const uint32_t *candour_hits_left(const struct candour_hits *hits);

/* Rows of the mentions. */
const uint32_t *candour_hits_right(const struct candour_hits *hits);

/* Scores, 65536 to a bit. */
const int32_t *candour_hits_score(const struct candour_hits *hits);

/* Probabilities in millionths. */
const uint32_t *candour_hits_probability(const struct candour_hits *hits);

/* The level of one comparison in each pair. */
const uint8_t *candour_hits_levels(const struct candour_hits *hits,
                                   uint32_t comparison);

/* The bits of one comparison in each pair, 65536 to a bit. */
const int32_t *candour_hits_bits(const struct candour_hits *hits, uint32_t comparison);

/* How candour_hits_explain() writes. */
enum candour_format {
    CANDOUR_TEXT = 0, /* a table for a terminal */
    CANDOUR_JSON = 1, /* one object */
    CANDOUR_SVG = 2,  /* a picture: a waterfall from the prior to the score */
};

/*
 * Takes one score apart, as `candour explain` writes it. *text is UTF-8 ended by a zero
 * and the caller's: candour_text_free(). It says what was found and holds no values of
 * anybody.
 */
bool candour_hits_explain(const struct candour_hits *hits, size_t number,
                          enum candour_format format, char **text,
                          struct candour_error *error);

/* Gives back a text of candour_hits_explain(); NULL is fine. */
void candour_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
