/*
 * feed: what did they send us?
 *
 * Reads people from CSV (RFC 4180) and JSON lines, plain, .gz or .zst, from files or
 * standard input ("-"), in any column order, by known headings or a column map.
 * A bad row is set aside and counted; a file that cannot be used at all stops the run.
 *
 *   feed_open -> { feed_take (one thread at a time) -> feed_parse (any thread) ->
 *   use block->people -> feed_done } ... -> feed_close
 *
 * Blocks hold whole records, cut at about FEED_BLOCK_BYTES of text, so what is in a
 * block depends on the files alone and never on threads.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include "text/text.h"

#define FEED_BLOCK_BYTES (1u << 20)

/* What a file holds: which fields it must have, and which headings are known. */
enum feed_side { FEED_WORKFORCE, FEED_INTELLIGENCE, FEED_PEOPLE };

struct feed_settings {
    const char *const *paths; /* read one after the other; all of one shape each */
    size_t path_count;
    const char *map_path; /* column map (JSON), or NULL */
    enum feed_side side;
    int pivot_year; /* for two-digit years of birth: the year of the run */
};

/* One complaint about one value or row; never holds what was written there. */
struct complaint {
    uint32_t file;
    uint64_t row;       /* data row, from 1 */
    const char *column; /* heading, or "" for the whole row */
    const char *wanted;
    const char *problem;
    bool row_set_aside; /* false: the row was kept without this value */
};

struct feed_block {
    uint64_t number;    /* of the block, from 0 */
    uint32_t file;      /* a block never spans two files */
    uint64_t first_row; /* data row of its first record, from 1 */
    uint64_t row_count; /* rows in the block, set aside or not (after feed_parse) */
    uint64_t bytes;     /* of text */

    struct person *people; /* rows that can be used, in file order (after feed_parse) */
    size_t person_count;
    struct complaint *complaints; /* in row order */
    size_t complaint_count;

    /* Columns that no field takes, as views: carried[i * carried_count + k] belongs to
     * people[i] and carried_names()[k]. */
    struct str *carried;

    /* All of the above is feed's, and good until feed_done. */
    struct arena *arena; /* of values put together; free to use until feed_done */
    void *own;           /* feed's */
};

struct feed;

/*
 * Opens every file, reads headings and checks them: a missing column names itself and
 * the nearest heading; an empty file, a header alone, a wrong map, an unknown
 * compression or a file that cannot be read is ERR_INPUT before anything is written.
 */
bool feed_open(const struct feed_settings *settings, struct feed **feed,
               struct err *err) MUST_CHECK;
void feed_close(struct feed *feed);

/* The next block, or NULL at the end of the last file. A truncated .gz or .zst is
 * ERR_INPUT and names the file. */
bool feed_take(struct feed *feed, struct feed_block **block,
               struct err *err) MUST_CHECK;

/* Splits and reads the block's rows, once: values are unquoted in place. Different
 * blocks may be parsed at once. */
void feed_parse(const struct feed *feed, struct feed_block *block);
void feed_done(struct feed *feed, struct feed_block *block); /* from any thread */

/* About the files. Sizes are in bytes on disk, 0 if not known (standard input). */
size_t feed_file_count(const struct feed *feed);
const char *feed_file_name(const struct feed *feed, uint32_t file);
uint64_t feed_size(const struct feed *feed);     /* all files together */
uint64_t feed_consumed(const struct feed *feed); /* of that, read so far */
size_t feed_carried_count(const struct feed *feed, uint32_t file);
const char *feed_carried_name(const struct feed *feed, uint32_t file, size_t index);

/* True if a column or map gives the field in any file. In JSON lines without a map a
 * field may come in any row, so there it is true. */
bool feed_has(const struct feed *feed, enum field field);

/* Other columns that the map wants compared, by name; person->other has their values in
 * this order. How many; 0 without a map. */
size_t feed_others(const struct feed *feed, const struct other **others);

/* That both sides have the same ones; the error names one that they do not share. */
bool feed_others_agree(const struct feed *left, const struct feed *right,
                       struct err *err) MUST_CHECK;

/* Reads one person from a JSON object with the fields' names (candour explain).
 * Views point into arena memory. */
bool feed_person_json(struct str object, struct arena *arena, struct person *person,
                      struct err *err) MUST_CHECK;

/* The postcodes in what is written under previous_postcodes, where whole addresses may
 * stand: `|` between them, in arena memory or as written. Rows of files are read so. */
struct str feed_postcodes(struct str written, struct arena *arena);

/* The set-aside file: header `file,row,column,wanted,problem`, then a line each. */
void complaints_head(struct out *out);
void complaint_write(const struct feed *feed, const struct complaint *complaint,
                     struct out *out);

/* Plain splitting rate for the bench: counts fields and records of a text. */
void feed_split_count(struct str text, uint64_t *records, uint64_t *fields);

/* ---- any CSV by column names: pairs, truth, groups ----------------------------------- */

/* One column asked for. `names` holds alternatives, "left_id|person_id", of which the
 * first found is taken; "" is the first column, whatever its name. */
struct sheet_column {
    const char *names;
    bool optional;
};

struct sheet;

/* Reads .gz, .zst and "-" too. A missing column names itself and the nearest heading. */
bool sheet_open(const char *path, const struct sheet_column *columns, size_t count,
                struct sheet **sheet, struct err *err) MUST_CHECK;
void sheet_close(struct sheet *sheet); /* NULL is fine */
bool sheet_has(const struct sheet *sheet, size_t column);

/* The headings of the file; and one more of them wanted, behind the columns asked for,
 * before the first row. False if there are too many. */
size_t sheet_headings(const struct sheet *sheet);
const char *sheet_heading(const struct sheet *sheet, size_t number);
bool sheet_want(struct sheet *sheet, size_t number) MUST_CHECK;

/* The next row: values[i] of columns[i], views until the next call, empty where an
 * optional column is missing. *more is false at the end. A row with too many or too few
 * values is ERR_INPUT and says where. */
bool sheet_next(struct sheet *sheet, struct str values[], bool *more,
                struct err *err) MUST_CHECK;
uint64_t sheet_row(const struct sheet *sheet); /* number of that row, from 1 */

#endif
