/*
 * layout: which columns of a file give which field, by known headings or by a map.
 */
#ifndef FEED_LAYOUT_H
#define FEED_LAYOUT_H

#include "feed/feed.h"

#define NO_COLUMN   UINT32_MAX
#define COLUMNS_MAX 10000 /* more is no table of people */

/* How one field is put together. */
struct gather {
    enum field field;
    bool split_date;   /* columns are day, month, year; NO_COLUMN if there is none */
    uint32_t *columns; /* in the order of joining */
    size_t count;
};

struct layout {
    char **columns; /* as written in the file; blank headings are `column_<n>` */
    size_t column_count;
    struct gather gathers[FIELD_COUNT];
    size_t gather_count;
    struct other others[OTHERS_MAX]; /* by name: two maps of the same names agree */
    struct gather other_gathers[OTHERS_MAX]; /* their field is FIELD_COUNT */
    size_t other_count;
    uint32_t *carried; /* columns that no field takes */
    size_t carried_count;
    bool *spaced; /* JSON: elements of a list in this column are joined by spaces */
};

/* One way a heading is known. */
enum heading_kind { WHOLE, PART_DAY, PART_MONTH, PART_YEAR };

struct heading {
    const char *key; /* letters and digits of the heading, in lower case */
    enum field field;
    enum field otherwise; /* when another column gives the field; FIELD_COUNT: none */
    enum heading_kind kind;
};

extern const struct heading headings[];
extern const size_t heading_count;
extern const char *const id_headings[]; /* in order of preference */
extern const size_t id_heading_count;

/* Letters and digits in lower case, at most size - 1 of them. */
void heading_key(const char *written, char *key, size_t size);

/* The name nearest in spelling, of `count`; NULL if there are none. */
const char *nearest(const char *wanted, const char *const names[], size_t count);

/*
 * layout->columns and column_count are given; gathers are made from the headings, or
 * from the map, with what a file must have. `path` is for the messages. Memory is the
 * arena's.
 */
bool layout_from_headings(struct layout *layout, enum feed_side side, const char *path,
                          struct arena *arena, struct err *err) MUST_CHECK;
bool layout_from_map(struct layout *layout, const struct json *map,
                     const char *map_path, const char *path, struct arena *arena,
                     struct err *err) MUST_CHECK;

/* That there is an id and a name; if not, the error says which heading is nearest. */
bool layout_check(const struct layout *layout, bool mapped, const char *path,
                  struct err *err) MUST_CHECK;

/* Once all gathers are there: what is carried. */
void layout_finish(struct layout *layout, struct arena *arena);

const struct gather *layout_gather(const struct layout *layout, enum field field);
void gather_room(struct gather *gather, enum field field, size_t count,
                 struct arena *arena);
struct gather *gather_new(struct layout *layout, enum field field, size_t count,
                          struct arena *arena);

/* What stands between values of several columns: " ", ", ", "|" or "/". */
const char *field_joint(enum field field);

#endif
