/*
 * From links between records to clusters: average linkage over sparse pairs, in which a
 * pair that is no link costs the more the larger the groups are (cluster_rule).
 *
 * Each component of the links is taken by itself. Within it a chain of nearest neighbours
 * is followed until two are each other's nearest, and these are joined. The linkage is
 * reducible: two groups that are joined come no nearer to a third than the nearer of them
 * was, since the excess and the missing pairs of the two add up and what a missing pair
 * costs can only grow. So this gives the same groups as joining the nearest two of all
 * again and again, without a queue of all pairs; and a group that nothing is near enough
 * to will never be joined again.
 *
 * Source: Murtagh (1983), The Computer Journal 26(4), 354-359.
 */
#include "match/match.h"

#include <stdlib.h>

__extension__ typedef __int128 wide;

/* ---- links ---------------------------------------------------------------------------- */

static int link_order(const void *a, const void *b)
{
    const struct record_link *x = a, *y = b;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return (x->score < y->score) - (x->score > y->score);
}

size_t links_settle(struct record_link *links, size_t count)
{
    size_t kept = 0;

    if (count)
        qsort(links, count, sizeof(*links), link_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || links[i].a != links[kept - 1].a ||
            links[i].b != links[kept - 1].b)
            links[kept++] = links[i];
    return kept;
}

/* ---- groups and what lies near them ------------------------------------------------------ */

struct near {
    uint32_t to; /* a group, by any record it ever was called by */
    uint32_t links;
    int64_t excess; /* of their scores over the threshold */
};

struct list { /* what has a link with a group */
    struct near *near;
    uint32_t count;
    struct near *own; /* `near` of a joined group; else it is part of `all` */
};

struct linkage {
    const struct cluster_rule *rule;
    uint32_t *parent; /* groups are known by their lowest record */
    uint32_t *size;
    struct list *lists;
    struct near *all;
    uint32_t *chain;
};

static uint32_t root_of(uint32_t *parent, uint32_t record)
{
    while (parent[record] != record) {
        parent[record] = parent[parent[record]];
        record = parent[record];
    }
    return record;
}

/* A mean over all cross pairs as a fraction, so that means are compared without rounding. */
struct mean {
    wide sum; /* of two groups of 2^26 records it would not fit in 64 bits */
    uint64_t pairs;
};

static struct mean mean_between(const struct linkage *linkage, uint32_t group,
                                const struct near *near)
{
    const struct cluster_rule *rule = linkage->rule;
    uint64_t pairs = (uint64_t)linkage->size[group] * linkage->size[near->to];
    uint64_t full = (uint64_t)rule->patience * rule->most;
    wide cost = (wide)(pairs < full ? pairs : full) * BITS_ONE; /* patience times it */

    return (struct mean){(wide)near->excess * rule->patience -
                             (wide)(pairs - near->links) * cost,
                         pairs};
}

static bool mean_above(struct mean a, struct mean b)
{
    return a.sum * (wide)b.pairs > b.sum * (wide)a.pairs;
}

static int near_order(const void *a, const void *b)
{
    const struct near *x = a, *y = b;

    return (x->to > y->to) - (x->to < y->to);
}

/* Calls the others by their present names, and gathers what is now one. */
static void list_renew(struct linkage *linkage, uint32_t group)
{
    struct list *list = &linkage->lists[group];
    uint32_t kept = 0;
    bool sorted = true;

    for (uint32_t i = 0; i < list->count; i++) {
        struct near near = list->near[i];

        near.to = root_of(linkage->parent, near.to);
        if (near.to == group)
            continue;
        sorted = sorted && (kept == 0 || list->near[kept - 1].to < near.to);
        list->near[kept++] = near;
    }
    list->count = kept;
    if (sorted)
        return;
    qsort(list->near, kept, sizeof(*list->near), near_order);
    list->count = 0;
    for (uint32_t i = 0; i < kept; i++) {
        struct near *last = list->count ? &list->near[list->count - 1] : NULL;

        if (last && last->to == list->near[i].to) {
            last->links += list->near[i].links;
            last->excess += list->near[i].excess;
        } else {
            list->near[list->count++] = list->near[i];
        }
    }
}

/*
 * The nearest to a group, or the group itself if none is near enough. Of equals
 * the one it was come to from, or else the lowest: so a chain never runs in a circle.
 */
static uint32_t nearest(struct linkage *linkage, uint32_t group, uint32_t from)
{
    const struct list *list = &linkage->lists[group];
    struct mean best = {0};
    uint32_t found = group;

    list_renew(linkage, group);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct near *near = &list->near[i];
        struct mean mean = mean_between(linkage, group, near);

        if (mean.sum < 0)
            continue;
        if (found != group && !mean_above(mean, best) &&
            (near->to != from || mean_above(best, mean)))
            continue;
        best = mean;
        found = near->to;
    }
    return found;
}

static void list_drop(struct list *list)
{
    free(list->own);
    *list = (struct list){0};
}

/* The lower of the two stands for both from now on. */
static void groups_join(struct linkage *linkage, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    struct list *lists = linkage->lists;
    uint32_t count = lists[low].count + lists[high].count;
    struct near *near = memory_new(count ? count : 1, sizeof(*near));

    for (uint32_t i = 0; i < lists[low].count; i++)
        near[i] = lists[low].near[i];
    for (uint32_t i = 0; i < lists[high].count; i++)
        near[lists[low].count + i] = lists[high].near[i];
    list_drop(&lists[low]);
    list_drop(&lists[high]);
    lists[low] = (struct list){near, count, near};
    linkage->size[low] += linkage->size[high];
    linkage->parent[high] = low;
    list_renew(linkage, low);
}

/*
 * Follows chains from one group until nothing is near enough to it. All groups below it
 * are at rest already and can be joined with nothing, so it stays the lowest of those it
 * is joined with.
 */
static void chain_follow(struct linkage *linkage, uint32_t start)
{
    uint32_t *chain = linkage->chain;
    size_t length = 1;

    chain[0] = start;
    while (length) {
        uint32_t top = chain[length - 1];
        uint32_t from = length > 1 ? chain[length - 2] : top;
        uint32_t next = nearest(linkage, top, from);

        if (next == top) { /* nothing near enough, now or ever */
            length--;
        } else if (length > 1 && next == from) {
            groups_join(linkage, top, from);
            length = length > 2 ? length - 2 : 1; /* then `start` again, joined */
        } else {
            chain[length++] = next;
        }
    }
}

/* ---- the links of each record ----------------------------------------------------------------- */

static void lists_make(struct linkage *linkage, const struct record_link *links,
                       size_t count)
{
    struct list *lists = linkage->lists;
    int32_t threshold = linkage->rule->threshold;
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        if (links[i].score < threshold)
            continue;
        lists[links[i].a].count++;
        lists[links[i].b].count++;
        used += 2;
    }
    linkage->all = memory_new(used ? used : 1, sizeof(*linkage->all));
    used = 0;
    for (uint32_t i = 0; i < linkage->rule->records; i++) {
        lists[i].near = linkage->all + used;
        used += lists[i].count;
        lists[i].count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct list *a = &lists[links[i].a], *b = &lists[links[i].b];
        int64_t excess = (int64_t)links[i].score - threshold;

        if (excess < 0)
            continue;
        a->near[a->count++] = (struct near){links[i].b, 1, excess};
        b->near[b->count++] = (struct near){links[i].a, 1, excess};
    }
}

static uint32_t *numbers(uint32_t count)
{
    uint32_t *list = memory_new((size_t)count + 1, sizeof(*list));

    for (uint32_t i = 0; i < count; i++)
        list[i] = i;
    return list;
}

void clusters_find(const struct cluster_rule *rule, const struct record_link *links,
                   size_t count, uint32_t cluster[])
{
    size_t room = (size_t)rule->records + 1;
    struct linkage linkage = {
        .rule = rule,
        .parent = numbers(rule->records),
        .size = memory_new(room, sizeof(uint32_t)),
        .lists = memory_new(room, sizeof(struct list)),
        .chain = memory_new(room, sizeof(uint32_t)),
    };

    lists_make(&linkage, links, count);
    for (uint32_t i = 0; i < rule->records; i++)
        linkage.size[i] = 1;
    for (uint32_t i = 0; i < rule->records; i++)
        if (root_of(linkage.parent, i) == i)
            chain_follow(&linkage, i);
    for (uint32_t i = 0; i < rule->records; i++) {
        cluster[i] = root_of(linkage.parent, i);
        list_drop(&linkage.lists[i]);
    }
    free(linkage.parent);
    free(linkage.size);
    free(linkage.lists);
    free(linkage.all);
    free(linkage.chain);
}
