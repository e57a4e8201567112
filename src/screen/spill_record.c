/* Records: laid out in one piece, so that a run file is nothing but records. */
#include "screen/spill.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert(sizeof(struct record) % RECORD_ALIGN == 0, "records follow each other");

void record_put(struct bytes *bytes, const struct record *head, const struct str *texts,
                size_t text_count)
{
    size_t size = sizeof(*head) + text_count * sizeof(uint32_t);

    for (size_t i = 0; i < text_count; i++)
        size += texts[i].len;
    size = (size + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
    if (bytes->room - bytes->size < size) {
        bytes->room = (bytes->size + size) * 2;
        bytes->at = memory_grow(bytes->at, bytes->room, 1);
    }

    struct record *record = (void *)(bytes->at + bytes->size);

    memset(record, 0, size);
    *record = *head;
    record->size = (uint32_t)size;
    record->text_count = (uint32_t)text_count;

    char *text = (char *)(record->text_len + text_count);

    for (size_t i = 0; i < text_count; i++) {
        record->text_len[i] = (uint32_t)texts[i].len;
        if (texts[i].len)
            memcpy(text, texts[i].at, texts[i].len);
        text += texts[i].len;
    }
    bytes->size += size;
}

struct str record_text(const struct record *record, size_t index)
{
    const char *at = (const char *)(record->text_len + record->text_count);

    if (index >= record->text_count)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < index; i++)
        at += record->text_len[i];
    return (struct str){at, record->text_len[index]};
}

static bool record_whole(const struct record *record, size_t size)
{
    if (size < sizeof(*record) || record->size > size ||
        record->size < sizeof(*record) || record->size % RECORD_ALIGN)
        return false;

    size_t room = record->size - sizeof(*record);

    if (record->text_count > room / sizeof(uint32_t))
        return false;
    room -= record->text_count * sizeof(uint32_t);
    for (size_t i = 0; i < record->text_count; i++) {
        if (record->text_len[i] > room)
            return false;
        room -= record->text_len[i];
    }
    return true;
}

bool records_whole(const char *at, size_t size)
{
    while (size) {
        const struct record *record = (const void *)at;

        if (!record_whole(record, size))
            return false;
        at += record->size;
        size -= record->size;
    }
    return true;
}

static int compare_bytes(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

int record_order(const struct record *a, const struct record *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;

    int order = compare_bytes(record_text(a, 0), record_text(b, 0));

    if (order)
        return order;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static bool read_all(int fd, char *to, size_t size)
{
    while (size) {
        ssize_t n = read(fd, to, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n ? errno : EIO;
            return false;
        }
        to += n;
        size -= (size_t)n;
    }
    return true;
}

bool records_read(const char *path, struct bytes *bytes, struct err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT)
        return true;

    bool done = fd >= 0 && fstat(fd, &about) == 0;
    size_t size = done ? (size_t)about.st_size : 0;

    if (done) {
        bytes->at = memory_grow(bytes->at, bytes->size + size, 1);
        bytes->room = bytes->size + size;
        done = read_all(fd, bytes->at + bytes->size, size);
    }
    if (!done)
        err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s; run without --resume", path,
                strerror(errno));
    if (fd >= 0)
        close(fd);
    if (!done)
        return false;
    if (!records_whole(bytes->at + bytes->size, size))
        return err_set(err, ERR_REFUSED, "%s is damaged; run without --resume", path);
    bytes->size += size;
    return true;
}

bool records_write(const char *path, const char *at, size_t size, struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    out_bytes(out, at, size);
    return out_commit(out, err);
}
