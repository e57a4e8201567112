#include "feed/layout.h"

#include <string.h>

enum { KEY_MAX = 64 };

static const struct {
    bool many;         /* several columns are joined; else the best one is taken */
    const char *joint; /* between them */
} joins[FIELD_COUNT] = {
    [FIELD_FORENAMES] = {true, " " },
    [FIELD_OTHER_NAMES] = {true, "|" },
    [FIELD_PREVIOUS_POSTCODES] = {true, "|" },
    [FIELD_ADDRESS] = {true, ", "},
    [FIELD_PHONES] = {true, "|" },
    [FIELD_EMAILS] = {true, "|" },
    [FIELD_STAFF_NUMBERS] = {true, "|" },
    [FIELD_VEHICLES] = {true, "|" },
    [FIELD_GRADING] = {true, "/" },
};

const char *field_joint(enum field field)
{
    return joins[field].joint ? joins[field].joint : " ";
}

void heading_key(const char *written, char *key, size_t size)
{
    size_t n = 0;

    for (; *written && n + 1 < size; written++) {
        char c = *written;

        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            key[n++] = c;
    }
    key[n] = 0;
}

/* ---- nearest in spelling ----------------------------------------------------------- */

/* Levenshtein's distance of two keys. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[KEY_MAX + 1];
    size_t b_len = strlen(b);

    for (size_t j = 0; j <= b_len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; a[i - 1]; i++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned changed = diagonal + (a[i - 1] != b[j - 1]);
            unsigned dropped = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);

            diagonal = row[j];
            row[j] = changed < dropped ? changed : dropped;
        }
    }
    return row[b_len];
}

static unsigned heading_distance(const char *a, const char *b)
{
    char key_a[KEY_MAX], key_b[KEY_MAX];

    heading_key(a, key_a, sizeof(key_a));
    heading_key(b, key_b, sizeof(key_b));
    return distance(key_a, key_b);
}

const char *nearest(const char *wanted, const char *const names[], size_t count)
{
    const char *best = NULL;
    unsigned best_distance = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned d = heading_distance(wanted, names[i]);

        if (!best || d < best_distance) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}

/* ---- gathers ----------------------------------------------------------------------- */

const struct gather *layout_gather(const struct layout *layout, enum field field)
{
    for (size_t i = 0; i < layout->gather_count; i++)
        if (layout->gathers[i].field == field)
            return &layout->gathers[i];
    return NULL;
}

void gather_room(struct gather *gather, enum field field, size_t count,
                 struct arena *arena)
{
    *gather = (struct gather){.field = field, .count = count};
    gather->columns = arena_alloc(arena, (count + 1) * sizeof(*gather->columns));
}

struct gather *gather_new(struct layout *layout, enum field field, size_t count,
                          struct arena *arena)
{
    struct gather *gather = &layout->gathers[layout->gather_count++];

    gather_room(gather, field, count, arena);
    return gather;
}

/* ---- known headings ---------------------------------------------------------------- */

/* What each column is known as, while a layout is made. */
struct known {
    const struct heading *heading; /* or NULL */
    enum field field;              /* FIELD_COUNT: carried */
};

static const struct heading *heading_of(const char *written, enum feed_side side)
{
    char key[KEY_MAX];

    heading_key(written, key, sizeof(key));
    for (const struct heading *h = headings; h < headings + heading_count; h++)
        if (strcmp(h->key, key) == 0)
            return h->field < FIELD_RECORD_ID || side == FEED_INTELLIGENCE ? h : NULL;
    return NULL;
}

/* Of the columns that give a field which has one value, the best keeps it. */
static void settle_single(struct known known[], size_t count, enum field field)
{
    const struct heading *best = NULL;
    size_t best_at = 0;

    for (size_t i = 0; i < count; i++)
        if (known[i].field == field && known[i].heading->kind == WHOLE &&
            (!best || known[i].heading < best)) {
            best = known[i].heading;
            best_at = i;
        }
    for (size_t i = 0; best && i < count; i++)
        if (known[i].field == field && i != best_at)
            known[i].field = known[i].heading->otherwise;
}

/* The columns of a field in the order of the headings, then of the file. */
static void gather_known(struct layout *layout, const struct known known[],
                         enum field field, struct arena *arena)
{
    size_t count = 0;

    for (size_t i = 0; i < layout->column_count; i++)
        count += known[i].field == field;
    if (count == 0)
        return;
    struct gather *gather = gather_new(layout, field, count, arena);

    gather->count = 0;
    for (uint32_t i = 0; i < layout->column_count; i++) {
        if (known[i].field != field)
            continue;
        size_t at = gather->count++;

        for (; at > 0; at--) {
            if (known[gather->columns[at - 1]].heading <= known[i].heading)
                break;
            gather->columns[at] = gather->columns[at - 1];
        }
        gather->columns[at] = i;
    }
}

/* A birth date in three columns, when none has it whole. */
static void gather_split_date(struct layout *layout, struct known known[],
                              struct arena *arena)
{
    uint32_t parts[3] = {NO_COLUMN, NO_COLUMN, NO_COLUMN};

    for (uint32_t i = 0; i < layout->column_count; i++) {
        if (known[i].field != FIELD_DATE_OF_BIRTH)
            continue;
        if (known[i].heading->kind == WHOLE)
            return;
        uint32_t *part = &parts[known[i].heading->kind - PART_DAY];

        known[i].field = FIELD_COUNT;
        *part = *part == NO_COLUMN ? i : *part;
    }
    if (parts[2] == NO_COLUMN)
        return;
    struct gather *gather = gather_new(layout, FIELD_DATE_OF_BIRTH, 3, arena);

    gather->split_date = true;
    for (size_t i = 0; i < 3; i++)
        gather->columns[i] = parts[i];
}

static void gather_id(struct layout *layout, struct arena *arena)
{
    char key[KEY_MAX];

    for (size_t k = 0; k < id_heading_count; k++)
        for (uint32_t i = 0; i < layout->column_count; i++) {
            heading_key(layout->columns[i], key, sizeof(key));
            if (strcmp(key, id_headings[k]) == 0) {
                gather_new(layout, FIELD_ID, 1, arena)->columns[0] = i;
                return;
            }
        }
}

bool layout_from_headings(struct layout *layout, enum feed_side side, const char *path,
                          struct arena *arena, struct err *err)
{
    size_t count = layout->column_count;
    struct known *known = arena_alloc(arena, (count + 1) * sizeof(*known));

    for (size_t i = 0; i < count; i++) {
        known[i].heading = heading_of(layout->columns[i], side);
        known[i].field = known[i].heading ? known[i].heading->field : FIELD_COUNT;
    }
    gather_id(layout, arena);
    for (enum field field = FIELD_FORENAMES; field < FIELD_COUNT; field++)
        if (!joins[field].many)
            settle_single(known, count, field);
    gather_split_date(layout, known, arena);
    for (enum field field = FIELD_FORENAMES; field < FIELD_COUNT; field++)
        gather_known(layout, known, field, arena);
    return layout_check(layout, false, path, err);
}

/* ---- what a file must have --------------------------------------------------------- */

/*
 * A first line in which nothing is known may be a row of data: its values are then
 * kept out of the message.
 */
static bool missing(const struct layout *layout, const char *what, const char *wanted,
                    const char *path, struct err *err)
{
    if (layout->gather_count == 0)
        return err_set(err, ERR_INPUT,
                       "%s: no heading of its first line is known: put a header row "
                       "first, or name the columns in a map (--map)",
                       path);
    const char *near =
        nearest(wanted, (const char *const *)layout->columns, layout->column_count);

    return err_set(err, ERR_INPUT,
                   "%s: no column for %s; the nearest heading is \"%.60s\": if it is "
                   "that, say so in a map: {\"%s\": \"%.60s\"}",
                   path, what, near, wanted, near);
}

bool layout_check(const struct layout *layout, bool mapped, const char *path,
                  struct err *err)
{
    if (!layout_gather(layout, FIELD_ID)) {
        if (mapped)
            return err_set(err, ERR_INPUT,
                           "%s: the map names no column for id: add {\"id\": ...}",
                           path);
        return missing(layout, "the id", "id", path, err);
    }
    if (layout_gather(layout, FIELD_SURNAME) ||
        layout_gather(layout, FIELD_FORENAMES) ||
        layout_gather(layout, FIELD_FULL_NAME))
        return true;
    if (mapped)
        return err_set(err, ERR_INPUT,
                       "%s: the map names no column for surname, forenames or "
                       "full_name: add one of them",
                       path);
    return missing(layout, "a name (surname, forenames or full_name)", "surname", path,
                   err);
}

/* ---- what is carried --------------------------------------------------------------- */

static bool takes(const struct gather *gather, uint32_t column)
{
    for (size_t i = 0; i < gather->count; i++)
        if (gather->columns[i] == column)
            return true;
    return false;
}

static void fill_carried(struct layout *layout, struct arena *arena)
{
    layout->carried =
        arena_alloc(arena, (layout->column_count + 1) * sizeof(*layout->carried));
    for (uint32_t i = 0; i < layout->column_count; i++) {
        bool taken = false;

        for (size_t g = 0; g < layout->gather_count && !taken; g++)
            taken = takes(&layout->gathers[g], i);
        for (size_t g = 0; g < layout->other_count && !taken; g++)
            taken = takes(&layout->other_gathers[g], i);
        if (!taken)
            layout->carried[layout->carried_count++] = i;
    }
}

static void fill_spaced(struct layout *layout, struct arena *arena)
{
    layout->spaced = arena_alloc(arena, layout->column_count + 1);
    for (size_t g = 0; g < layout->other_count; g++)
        for (size_t i = 0; i < layout->other_gathers[g].count; i++)
            layout->spaced[layout->other_gathers[g].columns[i]] = true;
    for (size_t g = 0; g < layout->gather_count; g++) {
        const struct gather *gather = &layout->gathers[g];
        bool spaced = strcmp(field_joint(gather->field), "|") != 0;

        for (size_t i = 0; i < gather->count; i++)
            if (gather->columns[i] != NO_COLUMN)
                layout->spaced[gather->columns[i]] = spaced;
    }
}

void layout_finish(struct layout *layout, struct arena *arena)
{
    fill_carried(layout, arena);
    fill_spaced(layout, arena);
}
