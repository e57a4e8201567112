/*
 * Groups of people for `candour eval --by FILE:COLUMN`: an open table from hashes of
 * ids to group numbers. A file has as many rows as the workforce, so it is small.
 */
#include "cli/eval.h"
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>

struct member {
    uint64_t key; /* hash of the id; 0 marks a free place */
    unsigned group;
};

struct grouping {
    struct arena *arena;
    const char *column;
    const char *names[TALLY_GROUPS];
    size_t count;
    struct member *members;
    size_t places; /* a power of two */
    size_t used;
    uint64_t members_of[TALLY_GROUPS]; /* ids of each group */
    bool by_right;                     /* ids are of the right side */
};

static size_t place_of(const struct grouping *groups, uint64_t key)
{
    size_t at = key & (groups->places - 1);

    while (groups->members[at].key && groups->members[at].key != key)
        at = (at + 1) & (groups->places - 1);
    return at;
}

static uint64_t key_of(struct str id)
{
    uint64_t key = hash_bytes(id.at, id.len, 0);

    return key ? key : 1;
}

static void members_grow(struct grouping *groups)
{
    struct member *old = groups->members;
    size_t places = groups->places;

    groups->places = places ? places * 2 : 4096;
    groups->members = memory_new(groups->places, sizeof(*groups->members));
    for (size_t i = 0; i < places; i++)
        if (old[i].key)
            groups->members[place_of(groups, old[i].key)] = old[i];
    free(old);
}

static void member_add(struct grouping *groups, struct str id, unsigned group)
{
    uint64_t key = key_of(id);

    if (groups->used * 10 >= groups->places * 7)
        members_grow(groups);

    struct member *member = &groups->members[place_of(groups, key)];

    groups->used += member->key == 0;
    groups->members_of[member->group] -= member->key != 0;
    groups->members_of[group]++;
    *member = (struct member){key, group};
}

/* The number of a group by name; a new one if it is the first of its name. */
static bool group_named(struct grouping *groups, struct str name, unsigned *group,
                        struct err *err)
{
    name = str_trim(name);
    *group = 0;
    if (name.len == 0)
        return true;
    for (size_t i = 1; i < groups->count; i++) {
        if (!str_same(str_of(groups->names[i]), name))
            continue;
        *group = (unsigned)i;
        return true;
    }
    if (groups->count == TALLY_GROUPS)
        return err_set(
            err, ERR_INPUT,
            "column %s has %d different values or more; choose a coarser one",
            groups->column, TALLY_GROUPS);
    *group = (unsigned)groups->count;
    groups->names[groups->count++] = arena_copy(groups->arena, name);
    return true;
}

enum { BY_LEFT, BY_RIGHT, BY_FIRST, BY_GROUP, BY_COLUMNS };

static bool members_read(struct grouping *groups, struct sheet *sheet, struct err *err)
{
    size_t id = sheet_has(sheet, BY_LEFT)    ? BY_LEFT
                : sheet_has(sheet, BY_RIGHT) ? BY_RIGHT
                                             : BY_FIRST;
    struct str values[BY_COLUMNS];
    bool more;

    groups->by_right = id == BY_RIGHT;
    while (sheet_next(sheet, values, &more, err)) {
        unsigned group;

        if (!more)
            return true;
        if (!group_named(groups, values[BY_GROUP], &group, err))
            return false;
        member_add(groups, str_trim(values[id]), group);
    }
    return false;
}

static bool grouping_load(struct grouping *groups, const char *path, struct err *err)
{
    const struct sheet_column columns[BY_COLUMNS] = {
        [BY_LEFT] = {"left_id|person_id",  true },
        [BY_RIGHT] = {"right_id|record_id", true },
        [BY_FIRST] = {"",                   false},
        [BY_GROUP] = {groups->column,       false},
    };
    struct sheet *sheet;

    if (!sheet_open(path, columns, BY_COLUMNS, &sheet, err))
        return false;

    bool ok = members_read(groups, sheet, err);

    sheet_close(sheet);
    return ok || err_in(err, "%s", path);
}

bool grouping_read(const char *spec, struct grouping **result, struct err *err)
{
    const char *colon = strrchr(spec, ':');

    if (!colon || colon == spec || !colon[1])
        return err_set(err, ERR_USAGE,
                       "--by: want FILE:COLUMN such as groups.csv:culture");

    struct grouping *groups = memory_new(1, sizeof(*groups));

    groups->arena = arena_new();
    groups->column = arena_copy(groups->arena, str_of(colon + 1));
    groups->names[groups->count++] = "(not known)";
    members_grow(groups);

    char *path = arena_copy(groups->arena, (struct str){spec, (size_t)(colon - spec)});

    if (grouping_load(groups, path, err)) {
        *result = groups;
        return true;
    }
    grouping_free(groups);
    return false;
}

void grouping_free(struct grouping *groups)
{
    if (!groups)
        return;
    arena_free(groups->arena);
    free(groups->members);
    free(groups);
}

unsigned grouping_of(const struct grouping *groups, struct str left, struct str right)
{
    if (!groups)
        return 0;

    uint64_t key = key_of(groups->by_right ? right : left);
    const struct member *member = &groups->members[place_of(groups, key)];

    return member->key ? member->group : 0;
}

size_t grouping_count(const struct grouping *groups)
{
    return groups->count;
}

const char *grouping_name(const struct grouping *groups, size_t group)
{
    return groups->names[group];
}

uint64_t grouping_members(const struct grouping *groups, size_t group)
{
    return groups->members_of[group];
}

bool grouping_by_right(const struct grouping *groups)
{
    return groups->by_right;
}

const char *grouping_column(const struct grouping *groups)
{
    return groups->column;
}
