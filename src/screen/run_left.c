/*
 * The people: their ids in the order of the file, which of them come twice, and, for
 * the report, the few who are shown once more in full.
 */
#include "screen/run.h"

#include <stdlib.h>
#include <string.h>

/* ---- ids --------------------------------------------------------------------------------- */

struct str left_id(const struct left *left, uint32_t person)
{
    uint64_t start = person ? left->end[person - 1] : 0;

    return (struct str){left->ids.at + start, (size_t)(left->end[person] - start)};
}

static uint64_t slot_of(const struct left *left, struct str id)
{
    uint64_t mask = left->slot_count - 1;
    uint64_t slot = hash_bytes(id.at, id.len, 0) & mask;

    while (left->slots[slot] && !str_same(left_id(left, left->slots[slot] - 1), id))
        slot = (slot + 1) & mask;
    return slot;
}

/* Keeps the set at most half full. */
static void slots_grow(struct left *left)
{
    if (left->count < left->slot_count / 2)
        return;
    free(left->slots);
    left->slot_count = left->slot_count ? left->slot_count * 2 : 4096;
    left->slots = memory_new(left->slot_count, sizeof(*left->slots));
    for (uint32_t i = 0; i < left->count; i++)
        left->slots[slot_of(left, left_id(left, i))] = i + 1;
}

static void ids_append(struct left *left, struct str id)
{
    struct bytes *ids = &left->ids;

    if (ids->room - ids->size < id.len) {
        ids->room = (ids->size + id.len) * 2;
        ids->at = memory_grow(ids->at, ids->room, 1);
    }
    memcpy(ids->at + ids->size, id.at, id.len);
    ids->size += id.len;
    if (left->count == left->room) {
        left->room = left->room ? left->room * 2 : 4096;
        left->end = memory_grow(left->end, left->room, sizeof(*left->end));
    }
    left->end[left->count++] = ids->size;
}

bool left_add(struct left *left, struct str id)
{
    slots_grow(left);

    uint64_t slot = slot_of(left, id);

    if (left->slots[slot])
        return false;
    ids_append(left, id);
    left->slots[slot] = left->count;
    return true;
}

/* ---- their order --------------------------------------------------------------------------- */

struct place {
    uint64_t key; /* the first bytes in which ids differ: settles most comparisons */
    uint32_t person;
};

static int place_order(const void *a, const void *b, void *context)
{
    const struct place *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;

    struct str s = left_id(context, x->person), t = left_id(context, y->person);
    int order = memcmp(s.at, t.at, s.len < t.len ? s.len : t.len);

    return order ? order : (s.len > t.len) - (s.len < t.len);
}

/* Bytes that all ids have in common at their start: P000123 and P000456 share four. */
static size_t common_start(const struct left *left)
{
    struct str first = left_id(left, 0);
    size_t common = first.len;

    for (uint32_t i = 1; i < left->count; i++) {
        struct str id = left_id(left, i);
        size_t same = 0;

        while (same < common && same < id.len && id.at[same] == first.at[same])
            same++;
        common = same;
    }
    return common;
}

static uint64_t key_of(struct str id, size_t from)
{
    uint64_t key = 0;

    for (size_t i = from; i < from + sizeof(key); i++)
        key = key << 8 | (i < id.len ? (unsigned char)id.at[i] : 0);
    return key;
}

void left_sort(struct left *left)
{
    struct place *places = memory_new(left->count, sizeof(*places));
    size_t common = left->count ? common_start(left) : 0;

    for (uint32_t i = 0; i < left->count; i++)
        places[i] = (struct place){key_of(left_id(left, i), common), i};
    if (left->count)
        qsort_r(places, left->count, sizeof(*places), place_order, left);
    left->rank = memory_new(left->count, sizeof(*left->rank));
    left->order = memory_new(left->count, sizeof(*left->order));
    for (uint32_t i = 0; i < left->count; i++) {
        left->order[i] = places[i].person;
        left->rank[places[i].person] = i;
    }
    free(places);
    free(left->slots); /* the set has done its work */
    left->slots = NULL;
}

void left_free(struct left *left)
{
    free(left->ids.at);
    free(left->end);
    free(left->slots);
    free(left->rank);
    free(left->order);
}

/* ---- reading them ------------------------------------------------------------------------------ */

static bool take(void *context, void **item, struct err *err)
{
    struct run *run = context;
    struct feed_block *block = NULL;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    if (!feed_take(run->left_feed, &block, err))
        return false;
    *item = block;
    return true;
}

static bool parse(void *context, void *item, unsigned worker, struct err *err)
{
    struct run *run = context;

    (void)worker;
    (void)err;
    feed_parse(run->left_feed, item);
    return true;
}

static void drop(void *context, void *item)
{
    struct run *run = context;

    feed_done(run->left_feed, item);
}

/* Takes a person in, or says why not. */
static bool enrol(struct run *run, const struct person *person, struct err *err)
{
    struct complaint complaint = {
        .file = person->file,
        .row = person->row,
        .column = field_name(FIELD_ID),
        .wanted = "an id of its own",
        .problem = "an earlier row has the same id",
        .row_set_aside = true,
    };
    struct str id = person->field[FIELD_ID];

    if (id.len && left_add(&run->left, id))
        return index_add(run->index, person, err);
    if (id.len == 0)
        complaint.problem = "there is none";
    run->summary.people_set_aside++;
    return run_set_aside(run, run->left_feed, &complaint, err);
}

/* People and complaints of the block in the order of its rows. */
static bool give(void *context, void *item, struct err *err)
{
    struct run *run = context;
    struct feed_block *block = item;
    size_t said = 0;
    bool ok = true;

    if (run->left.count > UINT32_MAX - FEED_BLOCK_BYTES)
        ok = err_set(err, ERR_INPUT, "%s: more people than can be indexed; split it",
                     run->settings->left_path);
    for (size_t i = 0; i < block->person_count && ok; i++) {
        while (ok && said < block->complaint_count &&
               block->complaints[said].row <= block->people[i].row)
            ok = run_set_aside(run, run->left_feed, &block->complaints[said++], err);
        ok = ok && enrol(run, &block->people[i], err);
    }
    while (ok && said < block->complaint_count)
        ok = run_set_aside(run, run->left_feed, &block->complaints[said++], err);
    run->summary.people_set_aside += block->row_count - block->person_count;
    for (size_t i = 0; i < block->complaint_count; i++)
        run->summary.values_set_aside += !block->complaints[i].row_set_aside;
    feed_done(run->left_feed, block);
    return ok;
}

bool run_read_left(struct run *run, struct err *err)
{
    struct pipeline pipeline = {run, take, parse, give, drop};

    if (!pipeline_run(&pipeline, run->threads, err) ||
        !run_rejected_end(run, &run->rejected_left, err))
        return false;
    if (run->left.count == 0)
        return err_set(err, ERR_INPUT,
                       "%s: no row can be used; see its headings and map",
                       run->settings->left_path);
    left_sort(&run->left);
    run->summary.people = run->left.count;
    return true;
}

/* ---- once more, for the report ------------------------------------------------------------------- */

struct again {
    struct run *run;
    const struct record *const *list;
    size_t count;
    struct arena *arena;
    struct person *person; /* of list[i] */
    uint32_t *by_rank;     /* indexes of list, by the rank of their person */
};

static int by_rank_order(const void *a, const void *b, void *context)
{
    const struct again *again = context;
    uint32_t x = again->list[*(const uint32_t *)a]->rank;
    uint32_t y = again->list[*(const uint32_t *)b]->rank;

    return (x > y) - (x < y);
}

static struct str listed_id(const struct again *again, size_t i)
{
    const struct left *left = &again->run->left;

    return left_id(left, left->order[again->list[again->by_rank[i]]->rank]);
}

/* The first of by_rank whose id is not below this one. */
static size_t listed_from(const struct again *again, struct str id)
{
    size_t low = 0, high = again->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        struct str other = listed_id(again, middle);
        size_t shorter = other.len < id.len ? other.len : id.len;
        int order = memcmp(other.at, id.at, shorter);

        if (order < 0 || (order == 0 && other.len < id.len))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void person_copy(struct again *again, const struct person *from,
                        struct person *to)
{
    *to = *from;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (from->field[i].len)
            to->field[i].at = arena_copy(again->arena, from->field[i]);
    if (!from->other)
        return;

    size_t count = model_comparisons(again->run->model) - COMPARISON_COUNT;
    struct str *other = arena_alloc(again->arena, count * sizeof(*other));

    for (size_t i = 0; i < count; i++)
        other[i] =
            (struct str){arena_copy(again->arena, from->other[i]), from->other[i].len};
    to->other = other;
}

static bool again_take(void *context, void **item, struct err *err)
{
    struct again *again = context;

    return take(again->run, item, err);
}

static bool again_parse(void *context, void *item, unsigned worker, struct err *err)
{
    struct again *again = context;

    return parse(again->run, item, worker, err);
}

static void again_drop(void *context, void *item)
{
    struct again *again = context;

    drop(again->run, item);
}

static bool again_give(void *context, void *item, struct err *err)
{
    struct again *again = context;
    struct feed_block *block = item;

    (void)err;
    for (size_t i = 0; i < block->person_count; i++) {
        const struct person *person = &block->people[i];
        struct str id = person->field[FIELD_ID];

        if (id.len == 0)
            continue;
        for (size_t at = listed_from(again, id);
             at < again->count && str_same(listed_id(again, at), id); at++) {
            struct person *to = &again->person[again->by_rank[at]];

            if (to->row == 0) /* a later row of the same id was set aside */
                person_copy(again, person, to);
        }
    }
    feed_done(again->run->left_feed, block);
    return true;
}

bool run_left_again(struct run *run, const struct record *const *list, size_t count,
                    struct arena *arena, struct person *person, struct err *err)
{
    struct again again = {run, list, count, arena, person, NULL};
    struct pipeline pipeline = {&again, again_take, again_parse, again_give,
                                again_drop};
    struct feed_settings settings = {
        .paths = &run->settings->left_path,
        .path_count = 1,
        .map_path = run->settings->left_map,
        .side = run->settings->wash ? FEED_WORKFORCE : FEED_PEOPLE,
        .pivot_year = run->settings->pivot_year,
    };

    again.by_rank = memory_new(count, sizeof(*again.by_rank));
    for (size_t i = 0; i < count; i++)
        again.by_rank[i] = (uint32_t)i;
    if (count)
        qsort_r(again.by_rank, count, sizeof(*again.by_rank), by_rank_order, &again);
    feed_close(run->left_feed);
    run->left_feed = NULL;

    bool ok = feed_open(&settings, &run->left_feed, err) &&
              pipeline_run(&pipeline, run->threads, err);

    free(again.by_rank);
    return ok;
}
