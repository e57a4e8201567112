/*
 * The best hits of each role, with every field of the mention, for the report.
 *
 * Each role has a list of its own: victims and witnesses are the most and have the
 * fullest records, and in one list they would leave no room for what a reviewer comes
 * to read. Twice the limit is gathered, then the better half is kept; the last score
 * kept is the bar that others have to reach. The order is total, so the result is the
 * same in whatever portions the hits come.
 */
#include "screen/run.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    size_t limit;
    size_t count;
    struct record **list;
    _Atomic int32_t bar;
};

struct top {
    struct kept kept[ROLE_CLASS_COUNT];
    const struct record **all; /* as top_list() gave them */
    bool changed;
};

struct top *top_new(const size_t limit[ROLE_CLASS_COUNT])
{
    struct top *top = memory_new(1, sizeof(*top));
    size_t most = 0;

    for (unsigned role = 0; role < ROLE_CLASS_COUNT; role++) {
        struct kept *kept = &top->kept[role];

        kept->limit = limit[role];
        kept->list = memory_new(2 * limit[role] + 1, sizeof(struct record *));
        atomic_init(&kept->bar, limit[role] ? INT32_MIN : INT32_MAX);
        most += limit[role];
    }
    top->all = memory_new(most + 1, sizeof(struct record *));
    return top;
}

void top_free(struct top *top)
{
    if (!top)
        return;
    for (unsigned role = 0; role < ROLE_CLASS_COUNT; role++) {
        for (size_t i = 0; i < top->kept[role].count; i++)
            free(top->kept[role].list[i]);
        free(top->kept[role].list);
    }
    free(top->all);
    free(top);
}

int32_t top_bar(const struct top *top, enum role_class role)
{
    return atomic_load_explicit(&top->kept[role].bar, memory_order_relaxed);
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

static void cut(struct kept *kept)
{
    qsort(kept->list, kept->count, sizeof(struct record *), best_first);
    while (kept->count > kept->limit)
        free(kept->list[--kept->count]);
    if (kept->count && kept->count == kept->limit)
        atomic_store_explicit(&kept->bar, kept->list[kept->count - 1]->score,
                              memory_order_relaxed);
}

void top_offer(struct top *top, const struct bytes *records)
{
    for (size_t at = 0; at < records->size;) {
        const struct record *record = (const void *)(records->at + at);
        enum role_class role = role_class_of(record_text(record, FIELD_ROLE));
        struct kept *kept = &top->kept[role];

        at += record->size;
        if (kept->limit == 0 || record->score < top_bar(top, role))
            continue;

        struct record *copy = memory_new(1, record->size);

        memcpy(copy, record, record->size);
        kept->list[kept->count++] = copy;
        top->changed = true;
        if (kept->count == 2 * kept->limit)
            cut(kept);
    }
}

bool top_save(struct top *top, const char *path, struct err *err)
{
    const struct record *const *list;
    size_t count = top_list(top, &list);
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    for (size_t i = 0; i < count; i++)
        out_bytes(out, list[i], list[i]->size);
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
    size_t count = 0;

    for (unsigned role = 0; role < ROLE_CLASS_COUNT; role++) {
        struct kept *kept = &top->kept[role];

        cut(kept);
        for (size_t i = 0; i < kept->count; i++)
            top->all[count++] = kept->list[i];
    }
    qsort(top->all, count, sizeof(struct record *), best_first);
    *list = top->all;
    return count;
}
