/*
 * The best hits, with every field of the mention, for the report.
 *
 * Twice the limit is gathered, then the better half is kept; the last score kept is
 * the bar that others have to reach. The order is total, so the result is the same in
 * whatever portions the hits come.
 */
#include "screen/run.h"

#include <stdlib.h>
#include <string.h>

struct top {
    size_t limit;
    size_t count;
    struct record **list;
    bool changed;
    _Atomic int32_t bar;
};

struct top *top_new(size_t limit)
{
    struct top *top = memory_new(1, sizeof(*top));

    top->limit = limit;
    top->list = memory_new(2 * limit, sizeof(struct record *));
    atomic_init(&top->bar, INT32_MIN);
    return top;
}

void top_free(struct top *top)
{
    if (!top)
        return;
    for (size_t i = 0; i < top->count; i++)
        free(top->list[i]);
    free(top->list);
    free(top);
}

int32_t top_bar(const struct top *top)
{
    return atomic_load_explicit(&top->bar, memory_order_relaxed);
}

bool top_changed(const struct top *top)
{
    return top->changed;
}

static int best_first(const void *a, const void *b)
{
    const struct record *x = *(struct record *const *)a;
    const struct record *y = *(struct record *const *)b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return record_order(x, y);
}

static void cut(struct top *top)
{
    qsort(top->list, top->count, sizeof(struct record *), best_first);
    while (top->count > top->limit)
        free(top->list[--top->count]);
    if (top->count == top->limit)
        atomic_store_explicit(&top->bar, top->list[top->count - 1]->score,
                              memory_order_relaxed);
}

void top_offer(struct top *top, const struct bytes *records)
{
    for (size_t at = 0; at < records->size;) {
        const struct record *record = (const void *)(records->at + at);

        at += record->size;
        if (record->score < top_bar(top))
            continue;

        struct record *copy = memory_new(1, record->size);

        memcpy(copy, record, record->size);
        top->list[top->count++] = copy;
        top->changed = true;
        if (top->count == 2 * top->limit)
            cut(top);
    }
}

bool top_save(struct top *top, const char *path, struct err *err)
{
    struct out *out;

    cut(top);
    if (!out_open(path, &out, err))
        return false;
    for (size_t i = 0; i < top->count; i++)
        out_bytes(out, top->list[i], top->list[i]->size);
    if (!out_commit(out, err))
        return false;
    top->changed = false;
    return true;
}

bool top_read(struct top *top, const char *path, struct err *err)
{
    struct bytes bytes = {0};
    bool ok = records_read(path, &bytes, err);

    if (ok)
        top_offer(top, &bytes);
    top->changed = false;
    free(bytes.at);
    return ok;
}

size_t top_list(struct top *top, const struct record *const **list)
{
    cut(top);
    *list = (const struct record *const *)top->list;
    return top->count;
}
