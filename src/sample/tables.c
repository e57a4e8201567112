#include "sample/tables.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WEIGHT_ONE = 100, WEIGHT_FIRST = 100 * WEIGHT_ONE, RANK_SHIFT = 8 };

struct str table_text(const char *file)
{
    size_t len = strlen(file);

    for (const struct embedded *at = sample_table_files; at->name; at++)
        if (strncmp(at->name, file, len) == 0 && strcmp(at->name + len, ".txt") == 0)
            return (struct str){at->bytes, at->size};
    return STR("");
}

bool table_line(struct str *rest, struct str *line)
{
    while (str_cut(rest, '\n', line)) {
        *line = str_trim(*line);
        if (line->len && line->at[0] != '#')
            return true;
    }
    return false;
}

struct str table_section(struct str text, const char *section)
{
    size_t len = strlen(section);
    struct str line, rest = text;

    while (table_line(&rest, &line)) {
        if (line.at[0] != '[' || line.len != len + 2 ||
            memcmp(line.at + 1, section, len) != 0)
            continue;
        const char *from = rest.at, *end = text.at + text.len;

        if (!from)
            return STR("");
        while (table_line(&rest, &line))
            if (line.at[0] == '[') {
                end = line.at;
                break;
            }
        return (struct str){from, (size_t)(end - from)};
    }
    return STR("");
}

struct reading {
    struct name *names;
    uint32_t *weights;
    uint32_t count, room;
    uint64_t base, base_rank; /* of the last name with a weight of its own */
};

static bool known(const struct reading *reading, struct str name)
{
    for (uint32_t i = 0; i < reading->count; i++)
        if (reading->names[i].len == name.len &&
            memcmp(reading->names[i].at, name.at, name.len) == 0)
            return true;
    return false;
}

static void add(struct reading *reading, struct str item)
{
    struct str name, weight = item;
    uint64_t rank = reading->count + 1;

    str_cut(&weight, '=', &name);
    name = str_trim(name);
    if (!name.len || known(reading, name))
        return;
    assert(name.len < 40);
    if (weight.len) {
        reading->base = (uint64_t)(strtod(weight.at, NULL) * WEIGHT_ONE);
        reading->base_rank = rank;
    }
    if (reading->count == reading->room) {
        reading->room = reading->room * 2 + 64;
        reading->names =
            memory_grow(reading->names, reading->room, sizeof(*reading->names));
        reading->weights =
            memory_grow(reading->weights, reading->room, sizeof(*reading->weights));
    }
    uint64_t w =
        reading->base * (reading->base_rank + RANK_SHIFT) / (rank + RANK_SHIFT);

    reading->names[reading->count] =
        (struct name){.at = name.at, .len = (uint8_t)name.len};
    reading->weights[reading->count++] = (uint32_t)(w ? w : 1);
}

static void read_section(struct reading *reading, const char *file, const char *section)
{
    struct str rest = table_section(table_text(file), section), line, item;
    char tail[64];

    while (table_line(&rest, &line)) {
        if (line.len > 5 && line.len < sizeof(tail) && !memcmp(line.at, "tail ", 5)) {
            memcpy(tail, line.at + 5, line.len - 5);
            tail[line.len - 5] = 0;
            read_section(reading, tail, section);
            continue;
        }
        while (str_cut(&line, ',', &item))
            add(reading, item);
    }
}

/* Vose's arrangement of Walker's method, on integers: the same on all machines. */
static const struct alias *aliases_make(struct arena *arena, const uint32_t weights[],
                                        uint32_t count, uint64_t sum)
{
    struct alias *aliases = arena_alloc(arena, count * sizeof(*aliases));
    uint64_t *share = memory_new(count, sizeof(*share));
    uint32_t *small = memory_new(count, sizeof(*small));
    uint32_t *large = memory_new(count, sizeof(*large));
    uint32_t smalls = 0, larges = 0;

    for (uint32_t i = 0; i < count; i++) {
        share[i] = (uint64_t)weights[i] * count;
        aliases[i] = (struct alias){UINT32_MAX, i};
        if (share[i] < sum)
            small[smalls++] = i;
        else
            large[larges++] = i;
    }
    while (smalls && larges) {
        uint32_t s = small[--smalls], l = large[larges - 1];

        aliases[s] = (struct alias){(uint32_t)((share[s] << 32) / sum), l};
        share[l] -= sum - share[s];
        if (share[l] < sum) {
            larges--;
            small[smalls++] = l;
        }
    }
    free(share);
    free(small);
    free(large);
    return aliases;
}

static const struct group *group_of(const struct groups *groups,
                                    const struct name *name, bool first_only)
{
    for (uint32_t g = 0; groups && g < groups->count; g++)
        for (uint32_t i = 0; i < (first_only ? 1 : groups->groups[g].count); i++)
            if (groups->groups[g].names[i].len == name->len &&
                memcmp(groups->groups[g].names[i].at, name->at, name->len) == 0)
                return &groups->groups[g];
    return NULL;
}

struct list list_read(struct arena *arena, const char *file, const char *section,
                      const struct groups *variants, const struct groups *shorts)
{
    struct reading reading = {.base = WEIGHT_FIRST, .base_rank = 1};
    struct list list = {0};

    read_section(&reading, file, section);
    list.count = reading.count;
    if (list.count) {
        struct name *names = arena_alloc(arena, list.count * sizeof(*names));
        uint32_t *weights = arena_alloc(arena, list.count * sizeof(*weights));

        memcpy(names, reading.names, list.count * sizeof(*names));
        memcpy(weights, reading.weights, list.count * sizeof(*weights));
        for (uint32_t i = 0; i < list.count; i++) {
            list.weight_sum += weights[i];
            names[i].variants = group_of(variants, &names[i], false);
            names[i].shorts = group_of(shorts, &names[i], true);
        }
        list.names = names;
        list.weights = weights;
        list.aliases = aliases_make(arena, weights, list.count, list.weight_sum);
    }
    free(reading.names);
    free(reading.weights);
    return list;
}

struct groups name_groups_read(struct arena *arena, const char *file,
                               const char *section)
{
    struct str rest = table_section(table_text(file), section), line, item;
    struct groups groups = {0};
    struct str count = rest;

    while (table_line(&count, &line))
        groups.count++;
    if (!groups.count)
        return groups;
    struct group *list = arena_alloc(arena, groups.count * sizeof(*list));

    for (uint32_t g = 0; table_line(&rest, &line); g++) {
        struct name *names = arena_alloc(arena, 64 * sizeof(*names));

        while (list[g].count < 64 && str_cut(&line, ',', &item)) {
            item = str_trim(item);
            names[list[g].count++] =
                (struct name){.at = item.at, .len = (uint8_t)item.len};
        }
        list[g].names = names;
    }
    groups.groups = list;
    return groups;
}
