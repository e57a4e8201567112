/* People of a file kept in memory, and true pairs between them. */
#include "cli/train.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- people ----------------------------------------------------------------------------- */

struct reading {
    struct feed *feed;
    struct train_crowd *crowd;
    size_t most;
    uint64_t usable; /* people met so far */
};

static bool take(void *context, void **item, struct err *err)
{
    struct reading *reading = context;
    struct feed_block *block = NULL;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped; nothing was written");
    if (!feed_take(reading->feed, &block, err))
        return false;
    *item = block;
    return true;
}

static bool parse(void *context, void *item, unsigned worker, struct err *err)
{
    struct reading *reading = context;

    (void)worker;
    (void)err;
    feed_parse(reading->feed, item);
    return true;
}

static void drop(void *context, void *item)
{
    struct reading *reading = context;

    feed_done(reading->feed, item);
}

/* Twice the step: every second one of those kept stays. */
static void thin_out(struct train_crowd *crowd)
{
    size_t kept = 0;

    for (size_t i = 0; i < crowd->count; i += 2)
        crowd->people[kept++] = crowd->people[i];
    crowd->count = kept;
    crowd->step *= 2;
}

static const struct str *keep_others(struct train_crowd *crowd, const struct str *other)
{
    struct str *kept;

    if (!other)
        return NULL;
    kept = arena_alloc(crowd->arena, crowd->other_count * sizeof(*kept));
    for (size_t i = 0; i < crowd->other_count; i++)
        kept[i] = (struct str){other[i].len ? arena_copy(crowd->arena, other[i]) : "",
                               other[i].len};
    return kept;
}

static void others_take(struct train_crowd *crowd, const struct feed *feed)
{
    const struct other *others;

    crowd->other_count = feed_others(feed, &others);
    for (size_t i = 0; i < crowd->other_count; i++)
        crowd->other[i] = others[i];
}

static void keep(struct train_crowd *crowd, const struct person *person)
{
    struct person *to;

    if (crowd->count == crowd->room) {
        crowd->room = crowd->room ? crowd->room * 2 : 4096;
        crowd->people = memory_grow(crowd->people, crowd->room, sizeof(*crowd->people));
    }
    to = &crowd->people[crowd->count++];
    *to = *person;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        to->field[i].at = i < FIELD_ROLE && person->field[i].len
                              ? arena_copy(crowd->arena, person->field[i])
                              : "";
    for (size_t i = FIELD_ROLE; i < FIELD_COUNT; i++)
        to->field[i].len = 0; /* not compared */
    to->other = keep_others(crowd, person->other);
}

static bool give(void *context, void *item, struct err *err)
{
    struct reading *reading = context;
    struct train_crowd *crowd = reading->crowd;
    struct feed_block *block = item;

    (void)err;
    crowd->rows += block->row_count;
    crowd->set_aside += block->row_count - block->person_count;
    for (size_t i = 0; i < block->person_count; i++) {
        if (reading->usable++ % crowd->step != 0)
            continue;
        if (reading->most && crowd->count == reading->most) {
            thin_out(crowd);
            if ((reading->usable - 1) % crowd->step != 0)
                continue;
        }
        keep(crowd, &block->people[i]);
    }
    feed_done(reading->feed, block);
    return true;
}

static int this_year(void)
{
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    return utc.tm_year + 1900;
}

bool train_crowd_read(const char *path, const char *map, size_t most, unsigned threads,
                      struct train_crowd *crowd, struct err *err)
{
    struct feed_settings settings = {
        .paths = &path,
        .path_count = 1,
        .map_path = map,
        .side = FEED_PEOPLE,
        .pivot_year = this_year(),
    };
    struct reading reading = {.crowd = crowd, .most = most};
    struct pipeline pipeline = {&reading, take, parse, give, drop};

    *crowd = (struct train_crowd){.arena = arena_new(), .step = 1};
    bool ok = feed_open(&settings, &reading.feed, err);

    if (ok) {
        others_take(crowd, reading.feed);
        ok = pipeline_run(&pipeline, threads, err);
    }
    if (ok && crowd->count == 0)
        ok = err_set(err, ERR_INPUT, "%s: no row can be used; see its headings and map",
                     path);
    feed_close(reading.feed);
    return ok;
}

void train_crowd_free(struct train_crowd *crowd)
{
    arena_free(crowd->arena);
    free(crowd->people);
    *crowd = (struct train_crowd){0};
}

/* ---- ids ----------------------------------------------------------------------------------- */

struct ids {
    const struct train_crowd *crowd;
    uint32_t *slots; /* position + 1 */
    size_t mask;
};

static struct str id_of(const struct person *person)
{
    struct str id = person->field[FIELD_ID];

    return id.len ? id : person->field[FIELD_RECORD_ID];
}

static size_t id_slot(const struct ids *ids, struct str id)
{
    size_t at = hash_bytes(id.at, id.len, 0) & ids->mask;

    while (ids->slots[at] &&
           !str_same(id_of(&ids->crowd->people[ids->slots[at] - 1]), id))
        at = (at + 1) & ids->mask;
    return at;
}

static void ids_make(struct ids *ids, const struct train_crowd *crowd)
{
    size_t slots = 1024;

    while (slots < 2 * crowd->count)
        slots *= 2;
    *ids = (struct ids){crowd, memory_new(slots, sizeof(uint32_t)), slots - 1};
    for (size_t i = 0; i < crowd->count; i++) {
        size_t at = id_slot(ids, id_of(&crowd->people[i]));

        if (!ids->slots[at])
            ids->slots[at] = (uint32_t)i + 1;
    }
}

/* ---- truth ----------------------------------------------------------------------------------- */

struct truth {
    struct ids left, right;
    struct true_pair *pairs;
    size_t count, room;
    uint64_t unknown;
};

static void truth_take(struct truth *truth, struct str left, struct str right)
{
    uint32_t a = truth->left.slots[id_slot(&truth->left, left)];
    uint32_t b = truth->right.slots[id_slot(&truth->right, right)];

    if (!a || !b) {
        truth->unknown++;
        return;
    }
    if (truth->count == truth->room) {
        truth->room = truth->room ? truth->room * 2 : 4096;
        truth->pairs = memory_grow(truth->pairs, truth->room, sizeof(*truth->pairs));
    }
    truth->pairs[truth->count++] = (struct true_pair){a - 1, b - 1};
}

static bool rows_read(struct sheet *sheet, struct truth *truth, struct err *err)
{
    struct str values[2];
    bool more;

    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return true;
        truth_take(truth, str_trim(values[0]), str_trim(values[1]));
    }
    return false;
}

bool truth_read(const char *path, const struct train_crowd *left,
                const struct train_crowd *right, struct true_pair **pairs,
                size_t *count, uint64_t *unknown, struct err *err)
{
    static const struct sheet_column columns[] = {
        {"left_id|person_id",  false},
        {"right_id|record_id", false}
    };
    struct truth truth = {.pairs = NULL};
    struct sheet *sheet;

    if (!sheet_open(path, columns, COUNT(columns), &sheet, err))
        return false;
    ids_make(&truth.left, left);
    ids_make(&truth.right, right);

    bool ok = rows_read(sheet, &truth, err) || err_in(err, "%s", path);

    if (ok && truth.count == 0)
        ok = err_set(err, ERR_INPUT,
                     "%s: no pair whose ids are in both files; check its columns "
                     "left_id and right_id",
                     path);
    sheet_close(sheet);
    free(truth.left.slots);
    free(truth.right.slots);
    *pairs = truth.pairs;
    *count = truth.count;
    *unknown = truth.unknown;
    if (!ok) {
        free(truth.pairs);
        *pairs = NULL;
    }
    return ok;
}
