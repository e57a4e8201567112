/*
 * A column map: {"forenames": ["PERNAME1", "PERNAME2"], "date_of_birth": {"day": ...}}.
 * With a map only what it names is a field; other columns are carried.
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

static void add_part(struct reading *reading, struct gather *gather, size_t at,
                     const struct json *value)
{
    const char *field = field_name(gather->field), *name = json_text(value);

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
            add_part(reading, gather, i, part);
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

static void add_field(void *context, const char *name, const struct json *value)
{
    struct reading *reading = context;
    enum field field;

    if (!reading->ok)
        return;
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
            add_part(reading, gather, i, list ? json_at(value, i) : value);
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
