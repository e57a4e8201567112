#include "feed/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t blank_size(struct str text)
{
    size_t n = 0;

    while (n < text.len && memchr(" \t\r\n", text.at[n], 4))
        n++;
    return n;
}

/* The separator that the first line has most of; a comma if it has any. */
static char separator_of(struct str text)
{
    static const char separators[] = ",;\t|";
    size_t counts[4] = {0}, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.len && (quoted || text.at[i] != '\n'); i++) {
        const char *found = text.at[i] ? strchr(separators, text.at[i]) : NULL;

        quoted ^= text.at[i] == '"';
        if (found && !quoted)
            counts[found - separators]++;
    }
    for (size_t i = 1; i < COUNT(counts) && counts[0] == 0; i++)
        if (counts[i] > counts[best])
            best = i;
    return separators[best];
}

static bool heading_unique(const struct layout *layout, size_t at, const char *path,
                           struct err *err)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(layout->columns[i], layout->columns[at]) == 0)
            return err_set(err, ERR_INPUT,
                           "%s: two columns have the heading \"%.60s\": rename one",
                           path, layout->columns[at]);
    return true;
}

/* A heading without its quotes; the text stays as it is. */
static char *heading_text(struct str written, size_t number, struct arena *arena)
{
    char *heading, *to;
    char instead[32];

    written = str_trim(written);
    if (written.len && written.at[0] == '"') {
        written.at++;
        written.len -= written.len > 1 ? 2 : 1;
    }
    heading = to = arena_copy(arena, written);
    for (const char *from = heading; *from; from++) {
        from += from[0] == '"' && from[1] == '"';
        *to++ = *from;
    }
    *to = 0;
    if (*heading)
        return heading;
    snprintf(instead, sizeof(instead), "column_%zu", number);
    return arena_copy(arena, str_of(instead));
}

static bool headings_read(struct str text, const struct split_index *index,
                          const char *path, struct layout *layout, struct arena *arena,
                          struct err *err)
{
    size_t from = 0, count = index->row[0];

    if (count > COLUMNS_MAX)
        return err_set(err, ERR_INPUT,
                       "%s: its first line has %zu columns, more than the %d that are "
                       "read: is it the header?",
                       path, count, COLUMNS_MAX);
    layout->columns = arena_alloc(arena, count * sizeof(*layout->columns));
    layout->column_count = count;
    for (size_t i = 0; i < count; i++) {
        size_t end = index->at[i];
        struct str cell = {text.at + from, end - from};

        if (i + 1 == count && cell.len && cell.at[cell.len - 1] == '\r')
            cell.len--;
        if (cell.len &&
            (memchr(cell.at, '\r', cell.len) || memchr(cell.at, 0, cell.len)))
            return err_set(err, ERR_INPUT,
                           "%s: its lines do not end in a newline: save it as CSV, "
                           "UTF-8, with lines ended by LF or CR LF",
                           path);
        if (!text_utf8(cell))
            return err_set(err, ERR_INPUT,
                           "%s: its header is not UTF-8: save it as CSV, UTF-8", path);
        layout->columns[i] = heading_text(cell, i + 1, arena);
        if (!heading_unique(layout, i, path, err))
            return false;
        from = end + 1;
    }
    return true;
}

static bool csv_header(struct str text, bool whole, const char *path,
                       struct header *header, struct layout *layout,
                       struct arena *arena, struct err *err)
{
    struct split_index index = {0};
    size_t blank = 0;
    bool ok = false;

    while (blank < text.len && (text.at[blank] == '\n' || text.at[blank] == '\r'))
        blank++;
    text.at += blank;
    text.len -= blank;
    header->rule = (struct split_rule){separator_of(text), true};
    split_text(text, header->rule, &index);
    if (index.rows == 0) {
        err_set(
            err, ERR_INPUT,
            whole && index.open
                ? "%s: a quote in its first line is never closed: correct the header"
                : "%s: its first line is longer than 1 MiB: is it CSV with a header "
                  "row?",
            path);
    } else if (headings_read(text, &index, path, layout, arena, err)) {
        size_t size = index.at[index.row[0] - 1] + 1;

        header->size = blank + size;
        header->hash = hash_bytes(text.at, size, 0);
        text.at += size;
        text.len -= size;
        ok =
            !whole || blank_size(text) < text.len ||
            err_set(err, ERR_INPUT,
                    "%s has a header and no rows: check that it was written to the end",
                    path);
    }
    split_free(&index);
    return ok;
}

/* ---- JSON lines: the columns are the names in the first rows ------------------------- */

struct name_list {
    struct layout *layout;
    size_t room;
    struct arena *arena;
};

static bool note_name(void *context, const struct json_member *member)
{
    struct name_list *names = context;
    struct layout *layout = names->layout;

    for (size_t i = 0; i < layout->column_count; i++)
        if (str_same(str_of(layout->columns[i]), member->name))
            return true;
    if (layout->column_count == COLUMNS_MAX)
        return false;
    if (layout->column_count == names->room) {
        char **old = layout->columns;

        names->room = names->room * 2 + 64;
        layout->columns = arena_alloc(names->arena, names->room * sizeof(*old));
        for (size_t i = 0; i < layout->column_count; i++)
            layout->columns[i] = old[i];
    }
    layout->columns[layout->column_count++] = arena_copy(names->arena, member->name);
    return true;
}

static bool json_header(struct str text, const char *path, struct header *header,
                        struct layout *layout, struct arena *arena, struct err *err)
{
    struct name_list names = {.layout = layout, .arena = arena};
    const struct json_visitor visitor = {&names, note_name};
    char *copy = memory_new(text.len + 1, 1); /* reading changes the text */
    size_t read = 0;

    memcpy(copy, text.at, text.len);
    for (char *line = copy, *end;
         (end = memchr(line, '\n', text.len - (size_t)(line - copy))) != NULL;
         line = end + 1)
        read += json_line_read(line, (size_t)(end - line), &visitor) == NULL;
    free(copy);
    *header = (struct header){
        .json = true, .rule = {'\n', false}
    };
    if (read == 0)
        return err_set(err, ERR_INPUT,
                       "%s: none of its first lines is a JSON object: write one object "
                       "on each line",
                       path);
    return true;
}

bool header_read(struct str text, bool whole, const char *path, struct header *header,
                 struct layout *layout, struct arena *arena, struct err *err)
{
    size_t blank = blank_size(text);

    *header = (struct header){0};
    if (blank == text.len)
        return err_set(err, ERR_INPUT,
                       "%s is empty: check that it was written to the end", path);
    if (text.at[blank] == '[')
        return err_set(err, ERR_INPUT,
                       "%s is one JSON list: write one object on each line, without "
                       "brackets and commas around them",
                       path);
    if (text.at[blank] == '{')
        return json_header(text, path, header, layout, arena, err);
    return csv_header(text, whole, path, header, layout, arena, err);
}
