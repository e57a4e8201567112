/*
 * A sheet: rows of any CSV, by the names of the columns that are wanted. Read by one
 * thread, a piece of whole rows at a time, with the same splitter and decompression as
 * people are.
 */
#include "feed/header.h"
#include "feed/source.h"

#include <stdlib.h>
#include <string.h>

enum {
    PADDING = 64, /* readable bytes behind the text, for vector loads */
    PIECE_BYTES = 1 << 20,
    ROW_MAX = 16 << 20, /* a longer row is a quote that was never closed */
    WANTED_MAX = 192,
};

struct sheet {
    const char *path; /* for messages */
    struct arena *arena;
    struct source *source;
    struct header header;
    struct layout layout;
    uint32_t wanted[WANTED_MAX]; /* column of the file, or NO_COLUMN */
    size_t wanted_count;

    char *text; /* a piece: `used` bytes of whole rows, then the start of the next */
    size_t room, len, used;
    bool at_end; /* the source has no more */
    struct split_index index;
    size_t next, first, from; /* row of the piece, its first value, its first byte */
    uint64_t row;
};

/* ---- the columns ------------------------------------------------------------------- */

static uint32_t column_named(const struct layout *layout, struct str name)
{
    for (size_t i = 0; i < layout->column_count; i++)
        if (str_same(str_of(layout->columns[i]), name))
            return (uint32_t)i;
    return NO_COLUMN;
}

static bool column_find(struct sheet *sheet, const struct sheet_column *column,
                        uint32_t *found, struct err *err)
{
    struct str rest = str_of(column->names), name;
    char first[64];

    *found = *column->names ? NO_COLUMN : 0;
    while (*found == NO_COLUMN && str_cut(&rest, '|', &name))
        *found = column_named(&sheet->layout, name);
    if (*found != NO_COLUMN || column->optional)
        return true;
    rest = str_of(column->names);
    if (!str_cut(&rest, '|', &name) || name.len >= sizeof(first))
        name.len = 0;
    memcpy(first, name.at, name.len);
    first[name.len] = 0;
    return err_set(err, ERR_INPUT, "%s: no column %s; the nearest heading is \"%.60s\"",
                   sheet->path, first,
                   nearest(first, (const char *const *)sheet->layout.columns,
                           sheet->layout.column_count));
}

/* ---- pieces ------------------------------------------------------------------------- */

static bool fill(struct sheet *sheet, size_t size, struct err *err)
{
    size_t got;

    if (sheet->at_end || sheet->len >= size)
        return true;
    if (sheet->room < size + 1 + PADDING) {
        sheet->room = size + 1 + PADDING;
        sheet->text = memory_grow(sheet->text, sheet->room, 1);
    }
    if (!source_read(sheet->source, sheet->text + sheet->len, size - sheet->len, &got,
                     err))
        return false;
    sheet->at_end = got < size - sheet->len;
    sheet->len += got;
    if (sheet->at_end && sheet->len && sheet->text[sheet->len - 1] != '\n')
        sheet->text[sheet->len++] = '\n';
    return true;
}

/* The next whole rows; used is 0 at the end of the file. */
static bool piece_take(struct sheet *sheet, struct err *err)
{
    struct split_tally tally = {0};

    if (sheet->len > sheet->used)
        memmove(sheet->text, sheet->text + sheet->used, sheet->len - sheet->used);
    sheet->len -= sheet->used;
    for (size_t size = PIECE_BYTES; !tally.end; size *= 2) {
        if (!fill(sheet, size, err))
            return false;
        split_tally((struct str){sheet->text, sheet->len}, sheet->header.rule, &tally);
        if (sheet->at_end || size >= ROW_MAX)
            break;
    }
    if (!tally.end && sheet->len)
        return err_set(err, ERR_INPUT,
                       "%s: row %llu does not end: a quote is opened and never closed",
                       sheet->path, (unsigned long long)sheet->row + 1);
    sheet->used = tally.end;
    sheet->next = sheet->first = sheet->from = 0;
    split_text((struct str){sheet->text, sheet->used}, sheet->header.rule,
               &sheet->index);
    return true;
}

/* Reads the header; the rows that came with it stay as the first piece's beginning. */
static bool sheet_header(struct sheet *sheet, struct err *err)
{
    size_t mark = 0;

    if (!source_open(sheet->path, &sheet->source, err) ||
        !fill(sheet, PIECE_BYTES, err))
        return false;
    if (sheet->len >= 3 && memcmp(sheet->text, "\xef\xbb\xbf", 3) == 0)
        mark = 3; /* byte order mark */
    if (!header_read((struct str){sheet->text + mark, sheet->len - mark}, false,
                     sheet->path, &sheet->header, &sheet->layout, sheet->arena, err))
        return false;
    if (sheet->header.json)
        return err_set(err, ERR_INPUT, "%s: want CSV with a header row, not JSON lines",
                       sheet->path);
    sheet->used = mark + sheet->header.size;
    return true;
}

bool sheet_open(const char *path, const struct sheet_column *columns, size_t count,
                struct sheet **result, struct err *err)
{
    struct sheet *sheet = memory_new(1, sizeof(*sheet));

    sheet->arena = arena_new();
    sheet->path = arena_copy(sheet->arena, str_of(path));
    sheet->wanted_count = count;

    bool ok = count <= WANTED_MAX && sheet_header(sheet, err);

    for (size_t i = 0; i < count && ok; i++)
        ok = column_find(sheet, &columns[i], &sheet->wanted[i], err);
    if (!ok || !piece_take(sheet, err)) {
        sheet_close(sheet);
        return false;
    }
    *result = sheet;
    return true;
}

void sheet_close(struct sheet *sheet)
{
    if (!sheet)
        return;
    source_close(sheet->source);
    split_free(&sheet->index);
    arena_free(sheet->arena);
    free(sheet->text);
    free(sheet);
}

size_t sheet_headings(const struct sheet *sheet)
{
    return sheet->layout.column_count;
}

const char *sheet_heading(const struct sheet *sheet, size_t number)
{
    return sheet->layout.columns[number];
}

bool sheet_want(struct sheet *sheet, size_t number)
{
    if (sheet->wanted_count == WANTED_MAX)
        return false;
    sheet->wanted[sheet->wanted_count++] = (uint32_t)number;
    return true;
}

bool sheet_has(const struct sheet *sheet, size_t column)
{
    return sheet->wanted[column] != NO_COLUMN;
}

uint64_t sheet_row(const struct sheet *sheet)
{
    return sheet->row;
}

/* ---- rows --------------------------------------------------------------------------- */

/* Value `column` of a row whose values end at ends[]; false if its quotes are broken. */
static bool value_of(const struct sheet *sheet, const uint32_t *ends, size_t from,
                     uint32_t column, struct str *value)
{
    size_t start = column ? ends[column - 1] + 1 : from;
    char *end = sheet->text + ends[column];

    if (column + 1 == sheet->layout.column_count && end > sheet->text + start &&
        end[-1] == '\r')
        end--;
    return csv_value(sheet->text + start, end, value);
}

static bool row_values(struct sheet *sheet, const uint32_t *ends, size_t count,
                       size_t from, struct str values[], struct err *err)
{
    bool well = true;

    if (count != sheet->layout.column_count)
        return err_set(err, ERR_INPUT,
                       "%s: row %llu has %zu values, the header %zu: was the file "
                       "written to its end?",
                       sheet->path, (unsigned long long)sheet->row, count,
                       sheet->layout.column_count);
    for (size_t i = 0; i < sheet->wanted_count; i++) {
        values[i] = (struct str){"", 0};
        if (sheet->wanted[i] != NO_COLUMN)
            well &= value_of(sheet, ends, from, sheet->wanted[i], &values[i]);
    }
    return well ||
           err_set(err, ERR_INPUT, "%s: row %llu has text after a closing quote",
                   sheet->path, (unsigned long long)sheet->row);
}

bool sheet_next(struct sheet *sheet, struct str values[], bool *more, struct err *err)
{
    const struct split_index *index = &sheet->index;

    for (;;) {
        if (sheet->next == index->rows) {
            if (!piece_take(sheet, err))
                return false;
            if (sheet->used == 0) {
                *more = false;
                return true;
            }
        }
        size_t first = sheet->first, last = index->row[sheet->next++];
        size_t from = sheet->from, end = index->at[last - 1];

        sheet->first = last;
        sheet->from = end + 1;
        if (end == from || (end == from + 1 && sheet->text[from] == '\r'))
            continue; /* an empty line */
        sheet->row++;
        *more = true;
        return row_values(sheet, index->at + first, last - first, from, values, err);
    }
}
