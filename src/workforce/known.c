/* Open addressing; the keyed hashes of ids are random already. */
#include "workforce/inner.h"

#include <stdlib.h>
#include <string.h>

static struct known *slot_of(const struct known_table *table, const uint8_t *source)
{
    uint64_t at;

    memcpy(&at, source, sizeof(at));
    for (;; at++) {
        struct known *slot = &table->slots[at & (table->room - 1)];

        if (!slot->used || memcmp(slot->source, source, STORE_HASH_BYTES) == 0)
            return slot;
    }
}

struct known *known_find(const struct known_table *table,
                         const uint8_t source[STORE_HASH_BYTES])
{
    struct known *slot = table->room ? slot_of(table, source) : NULL;

    return slot && slot->used ? slot : NULL;
}

static void grow(struct known_table *table)
{
    struct known_table larger = {.room = table->room ? 2 * table->room : 1024,
                                 .count = table->count};

    larger.slots = memory_new(larger.room, sizeof(*larger.slots));
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].used)
            *slot_of(&larger, table->slots[i].source) = table->slots[i];
    free(table->slots);
    *table = larger;
}

struct known *known_add(struct known_table *table,
                        const uint8_t source[STORE_HASH_BYTES])
{
    if (table->count * 2 >= table->room)
        grow(table);
    struct known *slot = slot_of(table, source);

    table->count += !slot->used;
    *slot = (struct known){.used = true};
    memcpy(slot->source, source, STORE_HASH_BYTES);
    return slot;
}

void known_free(struct known_table *table)
{
    free(table->slots);
    *table = (struct known_table){0};
}
