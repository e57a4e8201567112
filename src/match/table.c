/* Hash tables of the index: keys to rows or lists, values to their share. */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LINE_SLOTS = 8, LINE_BYTES = 64, HUGE_PAGE = 2 << 20 };

/* At most three quarters full, so that a look-up seldom needs a second line. */
bool table_new(struct table *table, size_t entries)
{
    uint64_t lines = entries * 4 / (LINE_SLOTS * 3) + 16;

    table->bytes = lines * LINE_BYTES;
    table->lines = lines;
    table->slots = pages_new(table->bytes);
    return table->slots != NULL;
}

/* What look-ups touch at random stands on large pages where there are any: with small
 * ones every look-up misses the address cache as well. */
void *pages_new(size_t bytes)
{
    size_t size = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *pages = bytes < HUGE_PAGE / 4 ? aligned_alloc(64, (bytes + 127) / 64 * 64)
                                        : aligned_alloc(HUGE_PAGE, size);

    if (!pages)
        return NULL;
    if (bytes >= HUGE_PAGE / 4)
        madvise(pages, size, MADV_HUGEPAGE);
    return memset(pages, 0, bytes);
}

void table_free(struct table *table)
{
    free(table->slots);
}

void table_put(struct table *table, uint64_t hash, uint32_t payload)
{
    for (size_t at = 0;; at++) {
        uint64_t line = (table_line_of(table, hash) + at / LINE_SLOTS) % table->lines;
        struct slot *slot = &table->slots[line * LINE_SLOTS + at % LINE_SLOTS];

        if (slot->mark == 0) {
            *slot = (struct slot){table_mark(hash), payload};
            return;
        }
    }
}

void values_new(struct values *values)
{
    *values = (struct values){.slot_mask = 1023};
    values->slots = memory_new(1024, sizeof(uint32_t));
}

void values_free(struct values *values)
{
    free(values->list);
    free(values->slots);
}

const struct value *values_find(const struct values *values, uint64_t hash)
{
    for (uint64_t at = hash & values->slot_mask;; at = (at + 1) & values->slot_mask) {
        uint32_t number = values->slots[at];

        if (number == 0)
            return NULL;
        if (values->list[number - 1].hash == hash)
            return &values->list[number - 1];
    }
}

static void slot_value(struct values *values, uint32_t number)
{
    uint64_t at = values->list[number].hash & values->slot_mask;

    while (values->slots[at])
        at = (at + 1) & values->slot_mask;
    values->slots[at] = number + 1;
}

uint32_t values_add(struct values *values, unsigned space, uint64_t hash)
{
    const struct value *known = values_find(values, hash);

    if (known)
        return (uint32_t)(known - values->list);
    if (values->count == values->room) {
        values->room = values->room ? values->room * 2 : 1024;
        values->list = memory_grow(values->list, values->room, sizeof(*values->list));
    }
    values->list[values->count] = (struct value){.hash = hash, .space = space};
    values->count++;
    if (values->count * 2 > values->slot_mask) {
        uint32_t size = (values->slot_mask + 1) * 2;

        free(values->slots);
        values->slots = memory_new(size, sizeof(uint32_t));
        values->slot_mask = size - 1;
        for (uint32_t i = 0; i < values->count; i++)
            slot_value(values, i);
    } else {
        slot_value(values, values->count - 1);
    }
    return values->count - 1;
}

void values_keep(struct values *values, bool (*keep)(const struct value *value))
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < values->count; i++)
        if (keep(&values->list[i]))
            values->list[kept++] = values->list[i];
    values->count = values->room = kept;
    values->list = memory_grow(values->list, kept, sizeof(*values->list));

    uint32_t size = 1024;

    while (size < kept * 2 + 2)
        size *= 2;
    free(values->slots);
    values->slots = memory_new(size, sizeof(uint32_t));
    values->slot_mask = size - 1;
    for (uint32_t i = 0; i < kept; i++)
        slot_value(values, i);
}
