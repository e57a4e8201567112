/*
 * How well clusters hold together, and how well they agree with a truth that is known.
 */
#include "match/match.h"

#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

__extension__ typedef unsigned __int128 wide;

/* ---- links within and between clusters ---------------------------------------------------- */

struct measuring {
    const struct cluster_rule *rule;
    const struct record_link *links;
    size_t count;
    const uint32_t *cluster;
    uint32_t *place; /* of each cluster in `list`, by its lowest record */
    struct cluster_quality *list;
};

static struct cluster_quality *quality_of(const struct measuring *measuring,
                                          uint32_t record)
{
    uint32_t place = measuring->place[measuring->cluster[record]];

    return place ? &measuring->list[place - 1] : NULL;
}

static bool is_link(const struct measuring *measuring, const struct record_link *link)
{
    return link->score >= measuring->rule->threshold;
}

static bool is_inner(const struct measuring *measuring, const struct record_link *link)
{
    return is_link(measuring, link) &&
           measuring->cluster[link->a] == measuring->cluster[link->b];
}

static void count_links(struct measuring *measuring)
{
    for (size_t i = 0; i < measuring->count; i++) {
        const struct record_link *link = &measuring->links[i];
        struct cluster_quality *a = quality_of(measuring, link->a);
        struct cluster_quality *b = quality_of(measuring, link->b);

        if (!is_link(measuring, link))
            continue;
        if (a && a == b) {
            a->links++;
            continue;
        }
        if (a)
            a->cut++;
        if (b)
            b->cut++;
    }
}

/* ---- the weakest of the links that are needed ------------------------------------------------ */

static int best_first(const void *a, const void *b)
{
    const struct record_link *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static uint32_t root_of(uint32_t *parent, uint32_t record)
{
    while (parent[record] != record) {
        parent[record] = parent[parent[record]];
        record = parent[record];
    }
    return record;
}

/* The best links first: the last that connects anything is the weakest needed. */
static void find_weakest(struct measuring *measuring)
{
    uint32_t *parent =
        memory_new((size_t)measuring->rule->records + 1, sizeof(*parent));
    struct record_link *inner = memory_new(measuring->count + 1, sizeof(*inner));
    size_t count = 0;

    for (uint32_t i = 0; i < measuring->rule->records; i++)
        parent[i] = i;
    for (size_t i = 0; i < measuring->count; i++)
        if (is_inner(measuring, &measuring->links[i]))
            inner[count++] = measuring->links[i];
    if (count)
        qsort(inner, count, sizeof(*inner), best_first);
    for (size_t i = 0; i < count; i++) {
        uint32_t a = root_of(parent, inner[i].a), b = root_of(parent, inner[i].b);

        if (a == b)
            continue;
        parent[a < b ? b : a] = a < b ? a : b;
        quality_of(measuring, inner[i].a)->weakest = inner[i].score;
    }
    free(inner);
    free(parent);
}

/* ---- bridges ------------------------------------------------------------------------------------ */

/*
 * Depth first, by a stack of our own: `seen` is when a record was met, `reach` the
 * earliest that can be met from it without the link that led to it. A link to a record
 * that reaches no further back is a bridge. Source: Tarjan (1974), IPL 2(6), 160-161.
 */
struct walk {
    uint32_t *start, *to; /* the others of record i: to[start[i]] .. to[start[i + 1]] */
    uint32_t *next, *seen, *reach, *from, *stack;
    uint32_t clock;
};

static void walk_links(struct walk *walk, const struct measuring *measuring)
{
    uint32_t records = measuring->rule->records;
    uint32_t *start = walk->start;

    for (size_t i = 0; i < measuring->count; i++)
        if (is_inner(measuring, &measuring->links[i])) {
            start[measuring->links[i].a + 1]++;
            start[measuring->links[i].b + 1]++;
        }
    for (uint32_t i = 0; i < records; i++)
        start[i + 1] += start[i];
    walk->to = memory_new((size_t)start[records] + 1, sizeof(*walk->to));
    memcpy(walk->next, start, ((size_t)records + 1) * sizeof(*start));
    for (size_t i = 0; i < measuring->count; i++) {
        const struct record_link *link = &measuring->links[i];

        if (!is_inner(measuring, link))
            continue;
        walk->to[walk->next[link->a]++] = link->b;
        walk->to[walk->next[link->b]++] = link->a;
    }
    memcpy(walk->next, start, ((size_t)records + 1) * sizeof(*start));
}

static void walk_meet(struct walk *walk, uint32_t record, uint32_t from,
                      uint32_t *depth)
{
    walk->seen[record] = walk->reach[record] = ++walk->clock;
    walk->from[record] = from;
    walk->stack[(*depth)++] = record;
}

/* Counts the bridges of the cluster of `first`. */
static uint32_t walk_from(struct walk *walk, uint32_t first)
{
    uint32_t depth = 0, bridges = 0;

    walk_meet(walk, first, first, &depth);
    while (depth) {
        uint32_t record = walk->stack[depth - 1], from = walk->from[record];

        if (walk->next[record] < walk->start[record + 1]) {
            uint32_t to = walk->to[walk->next[record]++];

            if (!walk->seen[to])
                walk_meet(walk, to, record, &depth);
            else if (to != from && walk->seen[to] < walk->reach[record])
                walk->reach[record] = walk->seen[to];
            continue;
        }
        depth--;
        if (record == first)
            break;
        bridges += walk->reach[record] > walk->seen[from];
        if (walk->reach[record] < walk->reach[from])
            walk->reach[from] = walk->reach[record];
    }
    return bridges;
}

static void find_bridges(struct measuring *measuring, size_t clusters)
{
    size_t room = (size_t)measuring->rule->records + 1;
    uint32_t *memory = memory_new(6 * room, sizeof(*memory));
    struct walk walk = {
        .start = memory,
        .next = memory + room,
        .seen = memory + 2 * room,
        .reach = memory + 3 * room,
        .from = memory + 4 * room,
        .stack = memory + 5 * room,
    };

    walk_links(&walk, measuring);
    for (size_t i = 0; i < clusters; i++)
        if (measuring->list[i].records > 2)
            measuring->list[i].bridges = walk_from(&walk, measuring->list[i].first);
    free(walk.to);
    free(memory);
}

/* ---- all of it ----------------------------------------------------------------------------------- */

size_t clusters_measure(const struct cluster_rule *rule,
                        const struct record_link *links, size_t count,
                        const uint32_t cluster[], struct cluster_quality **list)
{
    size_t room = (size_t)rule->records + 1, clusters = 0;
    struct measuring measuring = {rule, links, count, cluster, NULL, NULL};
    uint32_t *size = memory_new(room, sizeof(*size));

    measuring.place = memory_new(room, sizeof(uint32_t));
    for (uint32_t i = 0; i < rule->records; i++)
        size[cluster[i]]++;
    for (uint32_t i = 0; i < rule->records; i++)
        if (size[i] > 1)
            measuring.place[i] = (uint32_t)++clusters;
    measuring.list = memory_new(clusters + 1, sizeof(*measuring.list));
    for (uint32_t i = 0; i < rule->records; i++)
        if (measuring.place[i])
            measuring.list[measuring.place[i] - 1] =
                (struct cluster_quality){.first = i, .records = size[i]};
    count_links(&measuring);
    find_weakest(&measuring);
    find_bridges(&measuring, clusters);
    free(measuring.place);
    free(size);
    *list = measuring.list;
    return clusters;
}

static uint64_t pairs_of(uint64_t records)
{
    return records * (records - 1) / 2;
}

static uint32_t ratio(wide part, wide whole)
{
    return whole ? (uint32_t)((part * MILLION + whole / 2) / whole) : 0;
}

uint32_t cluster_density(const struct cluster_quality *quality)
{
    return ratio(quality->links, pairs_of(quality->records));
}

bool cluster_flagged(const struct cluster_quality *quality)
{
    return quality->bridges > 0;
}

/* ---- against the truth ------------------------------------------------------------------------------ */

struct both { /* of one record */
    uint32_t found, truth;
};

static int both_order(const void *a, const void *b)
{
    const struct both *x = a, *y = b;

    if (x->found != y->found)
        return x->found < y->found ? -1 : 1;
    return (x->truth > y->truth) - (x->truth < y->truth);
}

static uint64_t pairs_in(const uint32_t sizes[], uint32_t records)
{
    uint64_t pairs = 0;

    for (uint32_t i = 0; i < records; i++)
        if (sizes[i])
            pairs += pairs_of(sizes[i]);
    return pairs;
}

/* `common` records that share both a cluster and a person. */
static void take_common(struct cluster_agreement *agreement, uint64_t common,
                        uint64_t in_cluster, uint64_t of_person, uint64_t sums[2])
{
    agreement->pairs.right_found += pairs_of(common);
    sums[0] += (uint64_t)(((wide)common * common << 32) / in_cluster);
    sums[1] += (uint64_t)(((wide)common * common << 32) / of_person);
    agreement->persons_whole +=
        common > 1 && common == in_cluster && common == of_person;
}

static void compare_sorted(struct cluster_agreement *agreement, const struct both *both,
                           uint32_t records, const uint32_t *found_size,
                           const uint32_t *true_size)
{
    uint64_t sums[2] = {0}; /* a record's share as 32 binary places */

    for (uint32_t at = 0; at < records;) {
        uint32_t end = at;

        while (end < records && both_order(&both[at], &both[end]) == 0)
            end++;
        take_common(agreement, end - at, found_size[both[at].found],
                    true_size[both[at].truth], sums);
        at = end;
    }
    agreement->cubed_precision = ratio(sums[0], (wide)records << 32);
    agreement->cubed_recall = ratio(sums[1], (wide)records << 32);
    agreement->cubed_f1 = ratio((wide)2 * sums[0] * sums[1],
                                ((wide)sums[0] + sums[1]) * ((wide)records << 32));
}

struct cluster_agreement clusters_compare(const uint32_t found[],
                                          const uint32_t truth[], uint32_t records)
{
    struct cluster_agreement agreement = {0};
    struct both *both = memory_new((size_t)records + 1, sizeof(*both));
    uint32_t *sizes = memory_new(2 * (size_t)records + 1, sizeof(*sizes));
    uint32_t *true_sizes = sizes + records;

    for (uint32_t i = 0; i < records; i++) {
        both[i] = (struct both){found[i], truth[i]};
        sizes[found[i]]++;
        true_sizes[truth[i]]++;
    }
    qsort(both, records, sizeof(*both), both_order);
    agreement.pairs.found = pairs_in(sizes, records);
    agreement.pairs.truth = pairs_in(true_sizes, records);
    for (uint32_t i = 0; i < records; i++)
        agreement.persons += true_sizes[i] > 1;
    compare_sorted(&agreement, both, records, sizes, true_sizes);
    free(sizes);
    free(both);
    return agreement;
}
