/* Records of a block: gathered, compressed, sealed, written; and opened again. */
#include "archive/inner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

enum { LEVEL = 3, VARINT_MAX = 10 };

struct bytes {
    uint8_t *at;
    size_t used, room;
};

static uint8_t *bytes_more(struct bytes *bytes, size_t size)
{
    if (!bytes->at || bytes->room - bytes->used < size) {
        size_t room = (bytes->used + size) * 3 / 2 + 64;

        bytes->at = memory_grow(bytes->at, room, 1);
        bytes->room = room;
    }
    return bytes->at + bytes->used;
}

static uint8_t *bytes_of(struct bytes *bytes, size_t size)
{
    bytes->used = 0;
    return bytes_more(bytes, size);
}

struct buffer {
    struct bytes raw, packed, sealed;
    ZSTD_CCtx *zstd;
    uint32_t records;
    uint64_t first, last;
};

struct buffer *buffer_new(void)
{
    struct buffer *buffer = memory_new(1, sizeof(*buffer));

    buffer->zstd = ZSTD_createCCtx();
    assert(buffer->zstd);
    ZSTD_CCtx_setParameter(buffer->zstd, ZSTD_c_compressionLevel, LEVEL);
    return buffer;
}

void buffer_free(struct buffer *buffer)
{
    if (!buffer)
        return;
    ZSTD_freeCCtx(buffer->zstd);
    free(buffer->raw.at);
    free(buffer->packed.at);
    free(buffer->sealed.at);
    free(buffer);
}

static size_t varint_put(uint8_t *at, uint64_t value)
{
    size_t n = 0;

    for (; value > 127; value >>= 7)
        at[n++] = (uint8_t)(value | 128);
    at[n++] = (uint8_t)value;
    return n;
}

void buffer_add(struct buffer *buffer, uint64_t number, struct str record)
{
    uint8_t *at = bytes_more(&buffer->raw, record.len + 2 * VARINT_MAX);
    size_t n;

    if (!buffer->records)
        buffer->first = buffer->last = number;
    n = varint_put(at, number - buffer->last);
    n += varint_put(at + n, record.len);
    if (record.len)
        memcpy(at + n, record.at, record.len);
    buffer->raw.used += n + record.len;
    buffer->last = number;
    buffer->records++;
}

size_t buffer_size(const struct buffer *buffer)
{
    return buffer->raw.used;
}

bool buffer_empty(const struct buffer *buffer)
{
    return buffer->records == 0;
}

void buffer_clear(struct buffer *buffer)
{
    buffer->raw.used = 0;
    buffer->records = 0;
}

bool buffer_write(struct buffer *buffer, int fd, struct segment *segment,
                  const struct archive_seal *seal, struct err *err)
{
    size_t bound = ZSTD_compressBound(buffer->raw.used);
    uint8_t *packed = bytes_of(&buffer->packed, bound);
    size_t size =
        ZSTD_compress2(buffer->zstd, packed, bound, buffer->raw.at, buffer->raw.used);
    struct block block = {.raw = (uint32_t)buffer->raw.used,
                          .records = buffer->records,
                          .first = buffer->first,
                          .end = buffer->last + 1};
    uint8_t head[BLOCK_HEAD];

    if (ZSTD_isError(size))
        return err_set(err, ERR_ENVIRONMENT,
                       "cannot compress a block of the archive: %s",
                       ZSTD_getErrorName(size));
    if (seal) {
        struct archive_place place = {segment->number, segment->generation,
                                      block.first};
        uint8_t *sealed = bytes_of(&buffer->sealed, size + seal->overhead);

        if (!seal->seal(seal->context, &place, (struct str){(char *)packed, size},
                        sealed, err))
            return err_in(err, "seal a block of the archive");
        packed = sealed;
        size += seal->overhead;
    }
    block.kept = (uint32_t)size;
    block.hash = hash_bytes(packed, size, segment_seed(segment));
    block_head_make(segment, &block, head);
    if (!write_whole(fd, head, sizeof(head), err) ||
        !write_whole(fd, packed, size, err))
        return false;
    segment->bytes += sizeof(head) + size;
    segment->end = block.end;
    buffer_clear(buffer);
    return true;
}

/* ---- opening ------------------------------------------------------------------------------ */

struct opener {
    struct bytes packed, raw;
    ZSTD_DCtx *zstd;
};

struct opener *opener_new(void)
{
    struct opener *opener = memory_new(1, sizeof(*opener));

    opener->zstd = ZSTD_createDCtx();
    assert(opener->zstd);
    return opener;
}

void opener_free(struct opener *opener)
{
    if (!opener)
        return;
    ZSTD_freeDCtx(opener->zstd);
    free(opener->packed.at);
    free(opener->raw.at);
    free(opener);
}

bool block_open(struct opener *opener, const struct archive_seal *seal,
                const struct segment *segment, const struct block *block,
                struct str stored, struct str *records, struct err *err)
{
    if (segment->sealed) {
        struct archive_place place = {segment->number, segment->generation,
                                      block->first};

        if (!seal)
            return err_set(err, ERR_REFUSED,
                           "the archive is sealed: give the key of its store");
        if (stored.len < seal->overhead)
            return err_set(err, ERR_INPUT, "a block is too short to be a sealed one");
        uint8_t *packed = bytes_of(&opener->packed, stored.len - seal->overhead);

        if (!seal->unseal(seal->context, &place, stored, packed, err))
            return false;
        stored = (struct str){(char *)packed, stored.len - seal->overhead};
    }
    uint8_t *raw = bytes_of(&opener->raw, block->raw);
    size_t size =
        ZSTD_decompressDCtx(opener->zstd, raw, block->raw, stored.at, stored.len);

    if (ZSTD_isError(size) || size != block->raw)
        return err_set(err, ERR_INPUT, "a block does not decompress");
    *records = (struct str){(char *)raw, size};
    return true;
}

static bool varint_cut(struct str *bytes, uint64_t *value)
{
    uint64_t sum = 0;

    for (unsigned shift = 0; shift < 64 && bytes->len; shift += 7) {
        uint8_t byte = (uint8_t)bytes->at[0];

        bytes->at++;
        bytes->len--;
        sum |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            *value = sum;
            return true;
        }
    }
    return false;
}

bool record_cut(struct str *records, uint64_t *number, struct str *record)
{
    uint64_t step, len;

    if (!varint_cut(records, &step) || !varint_cut(records, &len) ||
        len > records->len || step > UINT64_MAX - *number)
        return false;
    *number += step;
    *record = (struct str){records->at, (size_t)len};
    records->at += len;
    records->len -= (size_t)len;
    return true;
}
