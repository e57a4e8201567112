/*
 * Who is whom in truth: `id,cluster`, or `left_id,right_id` whose pairs are taken on
 * from one to the next. A record that the truth does not name is somebody by himself.
 */
#include "screen/run.h"

#include <stdlib.h>
#include <string.h>

enum { ID, CLUSTER, LEFT_ID, RIGHT_ID, COLUMNS };

struct label {
    uint64_t
        hash; /* of the cluster's name: 64 bits, so that none is taken for another */
    uint32_t rank;
};

struct truth {
    struct run *run;
    uint32_t *parent; /* of each rank; the root is the lowest */
    struct label *labels;
    size_t count, room;
};

/* The rank of an id; false if the file has no such record. */
static bool rank_of(const struct left *left, struct str id, uint32_t *rank)
{
    uint32_t low = 0, high = left->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct str other = left_id(left, left->order[middle]);
        int order = memcmp(other.at, id.at, other.len < id.len ? other.len : id.len);

        if (order == 0 && other.len == id.len) {
            *rank = middle;
            return true;
        }
        if (order < 0 || (order == 0 && other.len < id.len))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static uint32_t root_of(uint32_t *parent, uint32_t rank)
{
    while (parent[rank] != rank) {
        parent[rank] = parent[parent[rank]];
        rank = parent[rank];
    }
    return rank;
}

static void same_person(struct truth *truth, uint32_t a, uint32_t b)
{
    a = root_of(truth->parent, a);
    b = root_of(truth->parent, b);
    truth->parent[a < b ? b : a] = a < b ? a : b;
}

static bool take_pair(struct truth *truth, const struct str values[])
{
    const struct left *left = &truth->run->left;
    uint32_t a, b;

    if (!rank_of(left, str_trim(values[LEFT_ID]), &a) ||
        !rank_of(left, str_trim(values[RIGHT_ID]), &b))
        return false;
    same_person(truth, a, b);
    return true;
}

static bool take_label(struct truth *truth, const struct str values[])
{
    struct str name = str_trim(values[CLUSTER]);
    uint32_t rank;

    if (!rank_of(&truth->run->left, str_trim(values[ID]), &rank))
        return false;
    if (name.len == 0)
        return true;
    if (truth->count == truth->room) {
        truth->room = truth->room ? truth->room * 2 : 4096;
        truth->labels = memory_grow(truth->labels, truth->room, sizeof(*truth->labels));
    }
    truth->labels[truth->count++] =
        (struct label){hash_bytes(name.at, name.len, 0), rank};
    return true;
}

static int label_order(const void *a, const void *b)
{
    const struct label *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static bool rows_read(struct truth *truth, struct sheet *sheet, struct err *err)
{
    bool labels = sheet_has(sheet, ID) && sheet_has(sheet, CLUSTER);
    struct str values[COLUMNS];
    bool more;

    if (!labels && !(sheet_has(sheet, LEFT_ID) && sheet_has(sheet, RIGHT_ID)))
        return err_set(err, ERR_INPUT,
                       "want the columns id and cluster, or left_id and right_id");
    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return true;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped");
        if (!(labels ? take_label(truth, values) : take_pair(truth, values)))
            truth->run->summary.clusters.truth_unknown++;
    }
    return false;
}

/* Records of one name are one person. */
static void labels_join(struct truth *truth)
{
    if (truth->count)
        qsort(truth->labels, truth->count, sizeof(*truth->labels), label_order);
    for (size_t i = 1; i < truth->count; i++)
        if (truth->labels[i].hash == truth->labels[i - 1].hash)
            same_person(truth, truth->labels[i].rank, truth->labels[i - 1].rank);
}

bool dedupe_truth_read(struct run *run, const char *path, struct err *err)
{
    const struct sheet_column columns[COLUMNS] = {
        [ID] = {"id",                 true},
        [CLUSTER] = {"cluster",            true},
        [LEFT_ID] = {"left_id|person_id",  true},
        [RIGHT_ID] = {"right_id|record_id", true},
    };
    uint32_t records = run->left.count;
    struct truth truth = {.run = run};
    struct sheet *sheet;

    if (!sheet_open(path, columns, COLUMNS, &sheet, err))
        return false;
    truth.parent = memory_new(records, sizeof(*truth.parent));
    for (uint32_t i = 0; i < records; i++)
        truth.parent[i] = i;

    bool ok = rows_read(&truth, sheet, err);

    sheet_close(sheet);
    labels_join(&truth);
    for (uint32_t i = 0; i < records; i++)
        truth.parent[i] = root_of(truth.parent, i);
    free(truth.labels);
    run->dedupe->truth = truth.parent;
    return ok || err_in(err, "%s", path);
}
