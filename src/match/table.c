/* Hash tables of the index: keys to rows or lists, values to their counts and shares. */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

/* Four fifths full: a quarter of the lines are, and send few look-ups on. */
bool table_new(struct table *table, size_t entries)
{
    table->count = entries * 5 / (LINE_KEYS * 4) + 16;
    table->bytes = table->count * sizeof(*table->lines);
    table->lines = pages_new(table->bytes);
    return table->lines != NULL;
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
    free(table->lines);
}

void table_put(struct table *table, uint64_t hash, uint32_t payload)
{
    uint64_t home = table_line_of(table, hash);
    uint16_t mark = table_mark(hash);

    for (uint64_t at = home;; at = (at + 1) % table->count) {
        struct line *line = &table->lines[at];

        for (unsigned i = 0; i < LINE_KEYS; i++)
            if (line->mark[i] == 0) {
                line->mark[i] = mark;
                line->payload[i] = payload;
                return;
            }
        table->lines[home].beyond |= 1u << (mark & 31);
    }
}

/* ---- shares ---------------------------------------------------------------------------- */

bool shares_new(struct shares *shares, size_t entries)
{
    shares->count = entries * 3 / (SHARE_LINE * 2) + 16;
    shares->lines = pages_new(shares->count * sizeof(*shares->lines));
    return shares->lines != NULL;
}

void shares_free(struct shares *shares)
{
    free(shares->lines);
}

/* A hash of nothing but zeros would look empty. */
static uint64_t share_hash(uint64_t hash)
{
    return hash ? hash : 1;
}

static uint32_t share_mark(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

void shares_put(struct shares *shares, uint64_t hash, int32_t log_share)
{
    uint64_t home = shares_line_of(shares, hash);

    for (uint64_t at = home;; at = (at + 1) % shares->count) {
        struct share_line *line = &shares->lines[at];

        for (unsigned i = 0; i < SHARE_LINE; i++)
            if (line->hash[i] == 0) {
                line->hash[i] = share_hash(hash);
                line->log_share[i] = log_share;
                return;
            }
        shares->lines[home].beyond |= 1u << (share_mark(hash) & 31);
    }
}

static const int32_t *share_in(const struct share_line *line, uint64_t hash)
{
    for (unsigned i = 0; i < SHARE_LINE; i++)
        if (line->hash[i] == hash)
            return &line->log_share[i];
    return NULL;
}

const int32_t *shares_find(const struct shares *shares, uint64_t hash)
{
    uint64_t at = shares_line_of(shares, hash);
    const struct share_line *line = &shares->lines[at];
    const int32_t *found = share_in(line, share_hash(hash));

    if (found || !is_beyond(line->beyond, share_mark(hash)))
        return found;
    do {
        at = at + 1 < shares->count ? at + 1 : 0;
        line = &shares->lines[at];
        found = share_in(line, share_hash(hash));
    } while (!found && line->hash[SHARE_LINE - 1]);
    return found;
}

/* ---- values while they are counted ------------------------------------------------------- */

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
