/*
 * The buffer, its runs, and the merge of both.
 *
 * A merge reads at most `fan_in` runs at once, each through a small buffer; of more
 * runs, groups are first merged into longer ones. Runs are kept until the whole is
 * done, so that a merge that is interrupted can be done again.
 */
#include "screen/spill.h"

#include "screen/checkpoint.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spill {
    const char *folder;
    size_t limit;
    unsigned fan_in;
    struct bytes buffer;
    size_t parted; /* bytes of the buffer that a part holds already */
};

struct spill *spill_new(const char *folder, size_t limit, unsigned fan_in)
{
    struct spill *spill = memory_new(1, sizeof(*spill));

    assert(fan_in >= 2);
    *spill = (struct spill){.folder = folder, .limit = limit, .fan_in = fan_in};
    return spill;
}

void spill_free(struct spill *spill)
{
    if (!spill)
        return;
    free(spill->buffer.at);
    free(spill);
}

bool spill_is_full(const struct spill *spill, size_t coming)
{
    return spill->buffer.size && spill->buffer.size + coming > spill->limit;
}

size_t spill_buffered(const struct spill *spill)
{
    return spill->buffer.size;
}

void spill_add(struct spill *spill, const struct bytes *records)
{
    struct bytes *buffer = &spill->buffer;
    size_t need = buffer->size + records->size;

    if (records->size == 0)
        return;
    if (need > buffer->room) {
        size_t room = buffer->room * 2 < spill->limit ? buffer->room * 2 : spill->limit;

        buffer->room = need > room ? need : room;
        buffer->at = memory_grow(buffer->at, buffer->room, 1);
    }
    memcpy(buffer->at + buffer->size, records->at, records->size);
    buffer->size = need;
}

bool spill_part(struct spill *spill, uint64_t number, struct err *err)
{
    struct bytes *buffer = &spill->buffer;
    char path[PATH_SIZE];

    if (buffer->size == spill->parted)
        return true;
    work_name(spill->folder, WORK_HITS_PART, number, path);
    if (!records_write(path, buffer->at + spill->parted, buffer->size - spill->parted,
                       err))
        return false;
    spill->parted = buffer->size;
    return true;
}

bool spill_part_read(struct spill *spill, uint64_t number, struct err *err)
{
    char path[PATH_SIZE];

    work_name(spill->folder, WORK_HITS_PART, number, path);
    if (!records_read(path, &spill->buffer, err))
        return false;
    spill->parted = spill->buffer.size;
    return true;
}

/* ---- sorting the buffer --------------------------------------------------------------- */

struct place {
    uint64_t key; /* rank, then score from the highest: settles most comparisons */
    const struct record *record;
};

static int place_order(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return record_order(x->record, y->record);
}

/* The buffer's records in order; yours to free. */
static struct place *sorted(const struct bytes *buffer, size_t *count)
{
    struct place *places = NULL;
    size_t room = 0;

    *count = 0;
    for (size_t at = 0; at < buffer->size;) {
        const struct record *record = (const void *)(buffer->at + at);

        if (*count == room) {
            room = room ? room * 2 : 1024;
            places = memory_grow(places, room, sizeof(*places));
        }
        places[(*count)++] = (struct place){
            (uint64_t)record->rank << 32 |
                (uint32_t)(INT32_MAX - (int64_t)record->score),
            record,
        };
        at += record->size;
    }
    if (*count)
        qsort(places, *count, sizeof(*places), place_order);
    return places;
}

bool spill_run(struct spill *spill, uint64_t number, struct err *err)
{
    char path[PATH_SIZE];
    struct out *out;
    size_t count;

    work_name(spill->folder, WORK_RUN, number, path);
    if (!out_open(path, &out, err))
        return false;

    struct place *places = sorted(&spill->buffer, &count);

    for (size_t i = 0; i < count; i++)
        out_bytes(out, places[i].record, places[i].record->size);
    free(places);
    if (!out_commit(out, err))
        return false;
    spill->buffer.size = spill->parted = 0;
    return true;
}

/* ---- sources of a merge: a run read through a buffer, or the sorted buffer ------------- */

enum { SOURCE_BYTES = 1 << 17 };

struct source {
    const struct record *record; /* the next; NULL at the end */
    struct place *places;        /* of the spill's buffer; NULL for a run */
    size_t place, place_count;
    int fd;
    size_t at, used, room; /* of buffer: next record, bytes read */
    char *buffer;
    char path[PATH_SIZE];
};

/* Reads on until `need` bytes lie at `at`, or the file ends. */
static bool source_fill(struct source *source, size_t need, struct err *err)
{
    if (source->used - source->at >= need)
        return true;
    memmove(source->buffer, source->buffer + source->at, source->used - source->at);
    source->used -= source->at;
    source->at = 0;
    if (need > source->room) {
        source->room = need * 2;
        source->buffer = memory_grow(source->buffer, source->room, 1);
    }
    while (source->used < need) {
        ssize_t n = read(source->fd, source->buffer + source->used,
                         source->room - source->used);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s; run again",
                           source->path, strerror(errno));
        if (n == 0)
            break;
        source->used += (size_t)n;
    }
    return true;
}

static bool source_damaged(const struct source *source, struct err *err)
{
    return err_set(err, ERR_REFUSED, "%s is damaged; run without --resume",
                   source->path);
}

static bool run_next(struct source *source, struct err *err)
{
    size_t head = sizeof(struct record);

    source->record = NULL;
    if (!source_fill(source, head, err))
        return false;
    if (source->used == source->at)
        return true;
    if (source->used - source->at < head)
        return source_damaged(source, err);

    uint32_t size =
        ((const struct record *)(void *)(source->buffer + source->at))->size;

    if (!source_fill(source, size, err))
        return false;
    if (source->used - source->at < size ||
        !records_whole(source->buffer + source->at, size))
        return source_damaged(source, err);
    source->record = (const void *)(source->buffer + source->at);
    source->at += size;
    return true;
}

static bool source_next(struct source *source, struct err *err)
{
    if (!source->places)
        return run_next(source, err);
    source->record = source->place < source->place_count
                         ? source->places[source->place++].record
                         : NULL;
    return true;
}

static bool source_open(struct source *source, struct err *err)
{
    source->fd = open(source->path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0)
        return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s; run without --resume",
                       source->path, strerror(errno));
    source->room = SOURCE_BYTES;
    source->buffer = memory_new(source->room, 1);
    return true;
}

static void sources_free(struct source *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sources[i].buffer)
            close(sources[i].fd);
        free(sources[i].buffer);
        free(sources[i].places);
    }
    free(sources);
}

/* ---- the merge: a heap of sources, the least record on top ----------------------------- */

static void sift_down(struct source **heap, size_t count, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count &&
            record_order(heap[child + 1]->record, heap[child]->record) < 0)
            child++;
        if (record_order(heap[at]->record, heap[child]->record) <= 0)
            return;

        struct source *above = heap[at];

        heap[at] = heap[child];
        heap[child] = above;
    }
}

typedef bool visit_record(void *context, const struct record *record, struct err *err);

static bool merge_heap(struct source *sources, size_t count, void *context,
                       visit_record *visit, struct err *err)
{
    struct source **heap = memory_new(count, sizeof(struct source *));
    size_t live = 0;
    bool ok = true;

    for (size_t i = 0; i < count && ok; i++) {
        ok = source_next(&sources[i], err);
        if (ok && sources[i].record)
            heap[live++] = &sources[i];
    }
    for (size_t i = live; ok && i-- > 0;)
        sift_down(heap, live, i);
    while (ok && live) {
        ok = visit(context, heap[0]->record, err) && source_next(heap[0], err);
        if (ok && !heap[0]->record)
            heap[0] = heap[--live];
        sift_down(heap, ok ? live : 0, 0);
    }
    free(heap);
    return ok;
}

struct run_file {
    enum work_file kind; /* WORK_RUN or WORK_MERGE */
    uint64_t number;
};

/* Merges the files, and the spill's buffer if `last`. */
static bool merge_files(struct spill *spill, const struct run_file *files, size_t count,
                        bool last, void *context, visit_record *visit, struct err *err)
{
    struct source *sources = memory_new(count + 1, sizeof(*sources));
    bool ok = true;

    for (size_t i = 0; i < count && ok; i++) {
        work_name(spill->folder, files[i].kind, files[i].number, sources[i].path);
        ok = source_open(&sources[i], err);
    }
    if (last && spill->buffer.size) {
        sources[count].places = sorted(&spill->buffer, &sources[count].place_count);
        count++;
    }
    ok = ok && merge_heap(sources, count, context, visit, err);
    sources_free(sources, count);
    return ok;
}

static bool write_record(void *context, const struct record *record, struct err *err)
{
    struct out *out = context;

    out_bytes(out, record, record->size);
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped while merging");
    return true;
}

static bool merge_group(struct spill *spill, const struct run_file *files, size_t count,
                        uint64_t number, struct err *err)
{
    char path[PATH_SIZE];
    struct out *out;

    work_name(spill->folder, WORK_MERGE, number, path);
    if (!out_open(path, &out, err))
        return false;
    if (!merge_files(spill, files, count, false, out, write_record, err)) {
        out_abandon(out);
        return false;
    }
    if (!out_commit(out, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (files[i].kind == WORK_MERGE)
            work_unlink(spill->folder, WORK_MERGE, files[i].number);
    return true;
}

bool spill_merge(struct spill *spill, uint64_t run_count, void *context,
                 visit_record *visit, struct err *err)
{
    size_t fan_in = spill->fan_in, first = 0, last = (size_t)run_count;
    struct run_file *files = memory_new(2 * last + 1, sizeof(*files));
    uint64_t merged = 0;
    bool ok = true;

    for (size_t i = 0; i < last; i++)
        files[i] = (struct run_file){WORK_RUN, i};
    while (ok && last - first > fan_in) {
        ok = merge_group(spill, files + first, fan_in, merged, err);
        first += fan_in;
        files[last++] = (struct run_file){WORK_MERGE, merged++};
    }
    ok = ok &&
         merge_files(spill, files + first, last - first, true, context, visit, err);
    free(files);
    return ok;
}
