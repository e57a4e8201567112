/*
 * A column map: {"forenames": ["PERNAME1", "PERNAME2"], "date_of_birth": {"day": ...}}.
 * With a map only what it names is a field; other columns are carried. "compare" names
 * columns beside the fields that are to be compared: {"suburb": "SUBURB", "insured_no":
 * {"column": "SOC_SEC", "kind": "number"}}.
 */
#include "feed/layout.h"

#include <string.h>

struct reading {
    struct layout *layout;
    const char *map_path, *path;
    struct arena *arena;
    struct err *err;
    bool ok;
    bool
        header_known; /* some column of the map is in the file: a heading may be shown */
};

static uint32_t column_of(const struct layout *layout, const char *name)
{
    for (uint32_t i = 0; i < layout->column_count; i++)
        if (strcmp(layout->columns[i], name) == 0)
            return i;
    return NO_COLUMN;
}

static void no_column(struct reading *reading, const char *field, const char *name)
{
    const char *near = nearest(name, (const char *const *)reading->layout->columns,
                               reading->layout->column_count);

    reading->ok = false;
    if (reading->header_known)
        err_set(
            reading->err, ERR_INPUT,
            "%s: no column \"%.60s\", which map %s names for %s; the nearest heading "
            "is \"%.60s\": correct the map",
            reading->path, name, reading->map_path, field, near);
    else
        err_set(
            reading->err, ERR_INPUT,
            "%s: none of the columns that map %s names: check that it is the map for "
            "this file, and that the first line is a header",
            reading->path, reading->map_path);
}

static void bad_value(struct reading *reading, const char *field)
{
    reading->ok = false;
    err_set(reading->err, ERR_INPUT, "map %s: %s: want a column, a list of columns%s",
            reading->map_path, field,
            strcmp(field, "date_of_birth") == 0
                ? " or {\"day\": ..., \"month\": ..., \"year\": ...}"
                : "");
}

/* `field` is what the map calls it. */
static void add_part(struct reading *reading, const char *field, struct gather *gather,
                     size_t at, const struct json *value)
{
    const char *name = json_text(value);

    if (!reading->ok)
        return;
    if (!name) {
        bad_value(reading, field);
        return;
    }
    gather->columns[at] = column_of(reading->layout, name);
    if (gather->columns[at] == NO_COLUMN)
        no_column(reading, field, name);
}

static void add_date(struct reading *reading, struct gather *gather,
                     const struct json *value)
{
    static const char *const names[] = {"day", "month", "year"};
    size_t found = 0;

    gather->split_date = true;
    for (size_t i = 0; i < 3; i++) {
        const struct json *part = json_get(value, names[i]);

        gather->columns[i] = NO_COLUMN;
        if (part)
            add_part(reading, field_name(gather->field), gather, i, part);
        found += part != NULL;
    }
    if (reading->ok && (!json_get(value, "year") || found != json_count(value))) {
        reading->ok = false;
        err_set(reading->err, ERR_INPUT,
                "map %s: %s: want {\"day\": ..., \"month\": ..., \"year\": ...} and no "
                "other names",
                reading->map_path, field_name(gather->field));
    }
}

static void unknown_field(struct reading *reading, const char *name)
{
    const char *names[FIELD_COUNT];

    for (enum field field = 0; field < FIELD_COUNT; field++)
        names[field] = field_name(field);
    reading->ok = false;
    err_set(reading->err, ERR_INPUT,
            "map %s: no field is called \"%.60s\"; the nearest is \"%s\"",
            reading->map_path, name, nearest(name, names, COUNT(names)));
}

/* ---- other columns ------------------------------------------------------------------ */

static void bad_other(struct reading *reading, const char *name)
{
    reading->ok = false;
    err_set(reading->err, ERR_INPUT,
            "map %s: compare: %.40s: want a column, a list of columns, or {\"column\": "
            "..., \"kind\": \"text\", \"number\" or \"word\"}",
            reading->map_path, name);
}

/* Takes {"column": ..., "kind": ...} apart; a column by itself is text. */
static const struct json *other_columns(const struct json *value, enum other_kind *kind)
{
    const struct json *columns = json_get(value, "column"),
                      *named = json_get(value, "kind");
    const char *name = json_text(named);

    *kind = OTHER_TEXT;
    if (json_kind(value) != IS_OBJECT)
        return value;
    if (!columns || json_count(value) != (named ? 2 : 1) ||
        (named && (!name || !other_kind_named(name, kind))))
        return NULL;
    return columns;
}

/* Where the name belongs among those that are there, which are made to give way. */
static size_t other_place(struct layout *layout, const char *name)
{
    size_t at = layout->other_count++;

    for (; at > 0 && strcmp(layout->others[at - 1].name, name) > 0; at--) {
        layout->others[at] = layout->others[at - 1];
        layout->other_gathers[at] = layout->other_gathers[at - 1];
    }
    return at;
}

static void add_other(void *context, const char *name, const struct json *value)
{
    struct reading *reading = context;
    struct layout *layout = reading->layout;
    enum other_kind kind;
    const struct json *columns = other_columns(value, &kind);
    bool list = json_kind(columns) == IS_LIST;

    if (!reading->ok)
        return;
    if (!other_name_good(name) || layout->other_count == OTHERS_MAX) {
        reading->ok = err_set(
            reading->err, ERR_INPUT,
            "map %s: compare: at most %d columns, with names of a to z, 0 to 9 and _, "
            "a "
            "letter first, at most %d long; \"%.40s\" is one too many or too strange",
            reading->map_path, OTHERS_MAX, OTHER_NAME_MAX, name);
        return;
    }
    if (!columns || (list && json_count(columns) == 0) ||
        (!list && !json_text(columns))) {
        bad_other(reading, name);
        return;
    }
    size_t at = other_place(layout, name), count = list ? json_count(columns) : 1;
    struct other *other = &layout->others[at];

    *other = (struct other){.kind = kind};
    memcpy(other->name, name, strlen(name));
    gather_room(&layout->other_gathers[at], FIELD_COUNT, count, reading->arena);
    for (size_t i = 0; i < count; i++)
        add_part(reading, name, &layout->other_gathers[at], i,
                 list ? json_at(columns, i) : columns);
}

static void add_others(struct reading *reading, const struct json *value)
{
    if (json_kind(value) != IS_OBJECT)
        reading->ok =
            err_set(reading->err, ERR_INPUT,
                    "map %s: compare: want {\"NAME\": \"COLUMN\", ...}: columns beside "
                    "the fields that are to be compared",
                    reading->map_path);
    else
        json_each(value, reading, add_other);
}

static void add_field(void *context, const char *name, const struct json *value)
{
    struct reading *reading = context;
    enum field field;

    if (!reading->ok)
        return;
    if (strcmp(name, "compare") == 0) {
        add_others(reading, value);
        return;
    }
    if (!field_named(str_of(name), &field)) {
        unknown_field(reading, name);
        return;
    }
    bool list = json_kind(value) == IS_LIST, date = json_kind(value) == IS_OBJECT;

    if ((list && json_count(value) == 0) || (date && field != FIELD_DATE_OF_BIRTH)) {
        bad_value(reading, name);
        return;
    }
    struct gather *gather = gather_new(reading->layout, field,
                                       date   ? 3
                                       : list ? json_count(value)
                                              : 1,
                                       reading->arena);

    if (date)
        add_date(reading, gather, value);
    else
        for (size_t i = 0; i < gather->count; i++)
            add_part(reading, name, gather, i, list ? json_at(value, i) : value);
}

/* Whether any column that the map names is in the file. */
static void look_for_header(void *context, const char *name, const struct json *value)
{
    struct reading *reading = context;
    const char *column = json_text(value);

    (void)name;
    if (column && column_of(reading->layout, column) != NO_COLUMN)
        reading->header_known = true;
    for (size_t i = 0; json_kind(value) == IS_LIST && i < json_count(value); i++)
        look_for_header(context, "", json_at(value, i));
}

bool layout_from_map(struct layout *layout, const struct json *map,
                     const char *map_path, const char *path, struct arena *arena,
                     struct err *err)
{
    struct reading reading = {.layout = layout,
                              .map_path = map_path,
                              .path = path,
                              .arena = arena,
                              .err = err,
                              .ok = true};

    if (json_kind(map) != IS_OBJECT)
        return err_set(err, ERR_INPUT,
                       "map %s: want an object: {\"id\": \"COLUMN\", ...}", map_path);
    json_each(map, &reading, look_for_header);
    json_each(map, &reading, add_field);
    return reading.ok && layout_check(layout, true, path, err);
}
