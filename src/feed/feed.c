#include "feed/header.h"
#include "feed/source.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    PADDING = 64,          /* readable bytes behind a block, for vector loads */
    RECORD_MAX = 16 << 20, /* a longer row is a quote that was never closed */
    BROKEN_ROWS_MAX = 100, /* each costs a search of RECORD_MAX bytes */
};

/* An open file: its source, and what was read from it and not given yet. */
struct reading {
    struct source *source;
    char *rest;
    size_t from, len, room; /* of rest */
    bool at_end;            /* the source has no more */
    uint64_t next_row;
    unsigned broken_rows;
};

struct file {
    const char *path;
    bool regular; /* can be opened twice */
    uint64_t size;
    struct header header;
    struct layout layout;
    struct reading *reading; /* or NULL */
};

struct feed {
    struct file *files;
    size_t file_count;
    size_t file_at; /* the one that blocks are taken from */
    uint64_t next_block;
    uint64_t size;
    int pivot_year;
    struct arena *arena;
    atomic_ullong consumed;
    uint64_t consumed_before; /* of files that are finished */
    pthread_mutex_t lock;     /* of idle */
    struct rows *idle;
};

/* ---- opening ------------------------------------------------------------------------ */

static void reading_close(struct reading *reading)
{
    if (!reading)
        return;
    source_close(reading->source);
    free(reading->rest);
    free(reading);
}

static void drop_byte_order_mark(struct reading *reading)
{
    if (reading->len >= 3 && memcmp(reading->rest, "\xef\xbb\xbf", 3) == 0) {
        reading->from = 3;
        reading->len -= 3;
    }
}

/* Reads up to `size` bytes of text; ends the last line of the file. */
static bool fill_text(struct reading *reading, char *text, size_t *len, size_t size,
                      struct err *err)
{
    size_t got;

    if (reading->at_end || *len >= size)
        return true;
    if (!source_read(reading->source, text + *len, size - *len, &got, err))
        return false;
    reading->at_end = got < size - *len;
    *len += got;
    if (reading->at_end && *len && text[*len - 1] != '\n')
        text[(*len)++] = '\n';
    return true;
}

/* Opens a file and reads its header; the rows that came with it wait in `rest`. */
static bool reading_open(const struct file *file, struct reading **result,
                         struct header *header, struct layout *layout,
                         struct arena *arena, struct err *err)
{
    struct reading *reading = memory_new(1, sizeof(*reading));

    reading->room = FEED_BLOCK_BYTES + 1 + PADDING;
    reading->rest = memory_new(reading->room, 1);
    reading->next_row = 1;
    if (source_open(file->path, &reading->source, err) &&
        fill_text(reading, reading->rest, &reading->len, FEED_BLOCK_BYTES, err)) {
        drop_byte_order_mark(reading);
        struct str text = {reading->rest + reading->from, reading->len};

        if (header_read(text, reading->at_end, file->path, header, layout, arena,
                        err)) {
            reading->from += header->size;
            reading->len -= header->size;
            *result = reading;
            return true;
        }
    }
    reading_close(reading);
    return false;
}

/* JSON lines: a field's own name is read also where it first comes late. */
static void add_late_names(struct layout *layout, enum feed_side side,
                           struct arena *arena)
{
    size_t count = layout->column_count;
    char **columns = arena_alloc(arena, (count + FIELD_COUNT) * sizeof(*columns));

    memcpy(columns, layout->columns, count * sizeof(*columns));
    layout->columns = columns;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        if (layout_gather(layout, field) ||
            (field >= FIELD_RECORD_ID && side != FEED_INTELLIGENCE))
            continue;
        columns[count] = arena_copy(arena, str_of(field_name(field)));
        gather_new(layout, field, 1, arena)->columns[0] = (uint32_t)count++;
    }
    layout->column_count = count;
}

static bool file_open(struct feed *feed, struct file *file,
                      const struct feed_settings *settings, const struct json *map,
                      struct err *err)
{
    struct layout *layout = &file->layout;

    file->regular = source_is_file(file->path, &file->size);
    feed->size += file->size;
    if (!reading_open(file, &file->reading, &file->header, layout, feed->arena, err))
        return false;
    const char *path = feed_file_name(feed, (uint32_t)(file - feed->files));

    if (map ? !layout_from_map(layout, map, settings->map_path, path, feed->arena, err)
            : !layout_from_headings(layout, settings->side, path, feed->arena, err))
        return false;
    if (file->header.json && !map)
        add_late_names(layout, settings->side, feed->arena);
    layout_finish(layout, feed->arena);
    if (file->regular) {
        reading_close(file->reading);
        file->reading = NULL;
    }
    return true;
}

static bool files_open(struct feed *feed, const struct feed_settings *settings,
                       const struct json *map, struct err *err)
{
    bool standard_input = false;

    for (size_t i = 0; i < settings->path_count; i++) {
        struct file *file = &feed->files[i];

        file->path = arena_copy(feed->arena, str_of(settings->paths[i]));
        feed->file_count++;
        if (strcmp(file->path, "-") == 0 && standard_input)
            return err_set(err, ERR_USAGE,
                           "standard input (-) is named twice: name it once");
        standard_input |= strcmp(file->path, "-") == 0;
        if (!file_open(feed, file, settings, map, err))
            return false;
    }
    return true;
}

bool feed_open(const struct feed_settings *settings, struct feed **result,
               struct err *err)
{
    struct json *map = NULL;
    struct feed *feed = memory_new(1, sizeof(*feed));

    feed->arena = arena_new();
    feed->files = memory_new(settings->path_count, sizeof(*feed->files));
    feed->pivot_year = settings->pivot_year;
    pthread_mutex_init(&feed->lock, NULL);
    bool ok = (!settings->map_path || json_read(settings->map_path, &map, err)) &&
              files_open(feed, settings, map, err);

    json_free(map);
    if (!ok) {
        feed_close(feed);
        return false;
    }
    *result = feed;
    return true;
}

void feed_close(struct feed *feed)
{
    if (!feed)
        return;
    for (size_t i = 0; i < feed->file_count; i++)
        reading_close(feed->files[i].reading);
    while (feed->idle) {
        struct rows *rows = feed->idle;

        feed->idle = rows->next;
        rows_free(rows);
    }
    pthread_mutex_destroy(&feed->lock);
    arena_free(feed->arena);
    free(feed->files);
    free(feed);
}

/* ---- blocks ------------------------------------------------------------------------- */

static struct rows *rows_idle(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    struct rows *rows = feed->idle;

    if (rows)
        feed->idle = rows->next;
    pthread_mutex_unlock(&feed->lock);
    if (rows)
        return rows;
    rows = memory_new(1, sizeof(*rows));
    rows->block.arena = arena_new();
    rows->block.own = rows;
    return rows;
}

void feed_done(struct feed *feed, struct feed_block *block)
{
    if (!block)
        return;
    struct rows *rows = block->own;

    arena_reset(block->arena);
    pthread_mutex_lock(&feed->lock);
    rows->next = feed->idle;
    feed->idle = rows;
    pthread_mutex_unlock(&feed->lock);
}

static void text_room(struct rows *rows, size_t size)
{
    if (rows->room > size + PADDING)
        return;
    rows->room = size + 1 + PADDING; /* a newline may be added */
    rows->text = memory_grow(rows->text, rows->room, 1);
}

/* What follows the block waits for the next one. */
static void keep_rest(struct reading *reading, const char *from, size_t len)
{
    if (reading->room < len) {
        reading->room = len;
        free(reading->rest);
        reading->rest = memory_new(len, 1);
    }
    memcpy(reading->rest, from, len);
    reading->from = 0;
    reading->len = len;
}

/*
 * A row that does not end: its first line is a block of its own, in which the quote
 * stays open and the row is set aside; reading goes on with the next line.
 */
static bool broken_row(struct reading *reading, const char *path, struct rows *rows,
                       size_t len, const struct split_tally *tally, size_t *cut,
                       struct err *err)
{
    const char *newline = memchr(rows->text, '\n', len);

    if (!newline || !tally->open)
        return err_set(err, ERR_INPUT,
                       "%s: row %llu is longer than 16 MiB: is it CSV or JSON lines?",
                       path, (unsigned long long)reading->next_row);
    if (++reading->broken_rows > BROKEN_ROWS_MAX)
        return err_set(
            err, ERR_INPUT,
            "%s: row %llu opens a quote that is never closed, as %d rows before "
            "it do: check how the file writes quotes",
            path, (unsigned long long)reading->next_row, BROKEN_ROWS_MAX);
    *cut = (size_t)(newline - rows->text) + 1;
    return true;
}

/* Cuts the next whole rows off the file; bytes 0 at its end. */
static bool cut_block(struct reading *reading, const struct file *file,
                      struct rows *rows, struct err *err)
{
    struct feed_block *block = &rows->block;
    struct split_tally tally = {0};
    size_t len = reading->len, size = FEED_BLOCK_BYTES;

    text_room(rows, len > size ? len : size);
    memcpy(rows->text, reading->rest + reading->from, len);
    for (;; size *= 2) {
        text_room(rows, len > size ? len : size);
        if (!fill_text(reading, rows->text, &len, size, err))
            return false;
        split_tally((struct str){rows->text, len}, file->header.rule, &tally);
        if (tally.end || reading->at_end || len >= RECORD_MAX)
            break;
    }
    block->bytes = tally.end;
    block->row_count = tally.rows;
    if (tally.end == 0 && len > 0) {
        if (!broken_row(reading, file->path, rows, len, &tally, &block->bytes, err))
            return false;
        block->row_count = 1;
    }
    keep_rest(reading, rows->text + block->bytes, len - block->bytes);
    return true;
}

/* Opens a file again whose header was read when the feed was opened. */
static bool file_again(struct file *file, struct err *err)
{
    struct header header;
    struct layout layout = {0};

    if (file->reading)
        return true;
    struct arena *arena = arena_new();
    bool ok = reading_open(file, &file->reading, &header, &layout, arena, err);

    arena_free(arena);
    if (!ok)
        return false;
    if (header.hash != file->header.hash || header.size != file->header.size ||
        header.json != file->header.json)
        return err_set(err, ERR_INPUT,
                       "%s was changed while it was being read: run again when it is "
                       "complete",
                       file->path);
    return true;
}

static void count_consumed(struct feed *feed, const struct file *file)
{
    uint64_t consumed = file->regular ? source_consumed(file->reading->source) : 0;

    atomic_store(&feed->consumed, feed->consumed_before + consumed);
}

static void file_finished(struct feed *feed, struct file *file)
{
    count_consumed(feed, file);
    feed->consumed_before = atomic_load(&feed->consumed);
    reading_close(file->reading);
    file->reading = NULL;
    feed->file_at++;
}

static void block_begin(struct feed *feed, struct rows *rows, struct file *file)
{
    struct feed_block *block = &rows->block;

    block->number = feed->next_block++;
    block->file = (uint32_t)(file - feed->files);
    block->first_row = file->reading->next_row;
    file->reading->next_row += block->row_count;
    block->person_count = block->complaint_count = 0;
    rows->layout = &file->layout;
    rows->rule = file->header.rule;
    rows->json = file->header.json;
    rows->pivot_year = feed->pivot_year;
}

bool feed_take(struct feed *feed, struct feed_block **result, struct err *err)
{
    struct rows *rows = rows_idle(feed);

    while (feed->file_at < feed->file_count) {
        struct file *file = &feed->files[feed->file_at];

        if (!file_again(file, err) || !cut_block(file->reading, file, rows, err)) {
            feed_done(feed, &rows->block);
            return false;
        }
        if (rows->block.bytes) {
            count_consumed(feed, file);
            block_begin(feed, rows, file);
            *result = &rows->block;
            return true;
        }
        file_finished(feed, file);
    }
    feed_done(feed, &rows->block);
    *result = NULL;
    return true;
}

void feed_parse(const struct feed *feed, struct feed_block *block)
{
    (void)feed;
    rows_read(block->own);
}

/* ---- about the files ----------------------------------------------------------------- */

size_t feed_file_count(const struct feed *feed)
{
    return feed->file_count;
}

const char *feed_file_name(const struct feed *feed, uint32_t file)
{
    const char *path = feed->files[file].path;

    return strcmp(path, "-") == 0 ? "standard input" : path;
}

uint64_t feed_size(const struct feed *feed)
{
    return feed->size;
}

uint64_t feed_consumed(const struct feed *feed)
{
    return atomic_load(&feed->consumed);
}

size_t feed_carried_count(const struct feed *feed, uint32_t file)
{
    return feed->files[file].layout.carried_count;
}

const char *feed_carried_name(const struct feed *feed, uint32_t file, size_t index)
{
    const struct layout *layout = &feed->files[file].layout;

    return layout->columns[layout->carried[index]];
}

bool feed_has(const struct feed *feed, enum field field)
{
    for (size_t i = 0; i < feed->file_count; i++)
        if (layout_gather(&feed->files[i].layout, field))
            return true;
    return false;
}

size_t feed_others(const struct feed *feed, const struct other **others)
{
    const struct layout *layout = &feed->files[0].layout; /* one map, the same in all */

    *others = layout->others;
    return feed->file_count ? layout->other_count : 0;
}

/* The first name of one that the other has not, or has with another kind. */
static const char *other_apart(const struct other *ours, size_t our_count,
                               const struct other *theirs, size_t their_count)
{
    for (size_t i = 0; i < our_count; i++)
        if (i >= their_count || strcmp(ours[i].name, theirs[i].name) != 0 ||
            ours[i].kind != theirs[i].kind)
            return ours[i].name;
    return their_count > our_count ? theirs[our_count].name : NULL;
}

bool feed_others_agree(const struct feed *left, const struct feed *right,
                       struct err *err)
{
    const struct other *ours, *theirs;
    size_t our_count = feed_others(left, &ours),
           their_count = feed_others(right, &theirs);
    const char *apart = other_apart(ours, our_count, theirs, their_count);

    return !apart ||
           err_set(
               err, ERR_INPUT,
               "the maps of the two sides do not name the same columns under "
               "\"compare\": \"%s\" is not in both, or of another kind; a column is "
               "compared when both maps name it, of one kind",
               apart);
}

void feed_split_count(struct str text, uint64_t *records, uint64_t *fields)
{
    struct split_tally tally;

    split_tally(text, (struct split_rule){',', true}, &tally);
    *records = tally.rows;
    *fields = tally.fields;
}
