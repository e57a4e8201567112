#include "sample/part.h"
#include "sample/sha256.h"

#include <stdio.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

struct part_file {
    struct out *out;
    struct sha256 *hash;
};

void sha256_hex(const void *bytes, size_t size, char hex[65])
{
    struct sha256 *hash = sha256_new(false);

    sha256_add(hash, bytes, size);
    sha256_end(hash, hex);
}

bool part_open(const char *folder, const char *name, struct part_file **result,
               struct err *err)
{
    struct part_file *part = memory_new(1, sizeof(*part));
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (!out_open(path, &part->out, err)) {
        free(part);
        return false;
    }
    part->hash = sha256_new(false);
    *result = part;
    return true;
}

void part_write(struct part_file *part, const void *bytes, size_t size)
{
    if (!size)
        return;
    sha256_add(part->hash, bytes, size);
    out_bytes(part->out, bytes, size);
}

bool part_commit(struct part_file *part, char hex[65], uint64_t *size, struct err *err)
{
    struct out *out = part->out;

    sha256_end(part->hash, hex);
    *size = out_size(out);
    free(part);
    return out_commit(out, err);
}

void part_abandon(struct part_file *part)
{
    if (!part)
        return;
    out_abandon(part->out);
    sha256_drop(part->hash);
    free(part);
}

static bool gz_block(const void *bytes, size_t size, char *to, size_t room,
                     size_t *used)
{
    z_stream z = {0};

    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    z.next_in = bytes;
    z.avail_in = (uInt)size;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;

    *used = room - z.avail_out;
    return deflateEnd(&z) == Z_OK && done;
}

bool block_compress(enum sample_compress compress, const void *bytes, size_t size,
                    char **out, size_t *out_size, size_t *out_room, struct err *err)
{
    size_t bound = compress == SAMPLE_GZ ? compressBound((uLong)size) + 64
                                         : ZSTD_compressBound(size);

    if (bound > *out_room) {
        *out = memory_grow(*out, bound, 1);
        *out_room = bound;
    }
    if (compress == SAMPLE_GZ) {
        if (gz_block(bytes, size, *out, bound, out_size))
            return true;
        return err_set(err, ERR_ENVIRONMENT,
                       "cannot compress: zlib refused; write plain files instead");
    }
    *out_size = ZSTD_compress(*out, bound, bytes, size, 3);
    if (ZSTD_isError(*out_size))
        return err_set(err, ERR_ENVIRONMENT, "cannot compress: %s; write plain files",
                       ZSTD_getErrorName(*out_size));
    return true;
}
