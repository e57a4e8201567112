#include "feed/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <isa-l/igzip_lib.h>
#include <zstd.h>

enum { INPUT_BYTES = 1 << 18 };

struct source {
    char *path;
    int fd;
    bool at_end; /* of the file; input may still hold bytes */
    uint64_t consumed;
    const struct format *format;
    struct inflate_state *gzip;
    bool between; /* gzip members or zstd frames: the file may end here */
    ZSTD_DCtx *zstd;
    size_t input, left; /* unread bytes of buffer: from where, how many */
    char buffer[INPUT_BYTES];
};

/* Each fills what it can of the room; *got 0 is the end of the data. */
struct format {
    const char *magic;
    size_t magic_size;
    bool (*start)(struct source *source, struct err *err);
    bool (*read)(struct source *source, char *to, size_t size, size_t *got,
                 struct err *err);
    const char *instead; /* what to do about a format that is not read here */
};

static bool cannot_read(const struct source *source, int error, struct err *err)
{
    if (error == EISDIR)
        return err_set(err, ERR_INPUT, "%s is a folder: name the files in it",
                       source->path);
    return err_set(err, ERR_INPUT,
                   "%s cannot be read: %s; check the name and who may read it",
                   source->path, strerror(error));
}

static bool raw_read(struct source *source, char *to, size_t size, size_t *got,
                     struct err *err)
{
    ssize_t n;

    *got = 0;
    if (source->at_end)
        return true;
    do
        n = read(source->fd, to, size);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return cannot_read(source, errno, err);
    source->at_end = n == 0;
    source->consumed += (uint64_t)n;
    *got = (size_t)n;
    return true;
}

/* Adds to the input; *more is false at the end of the file. */
static bool refill(struct source *source, bool *more, struct err *err)
{
    size_t got;

    if (source->left == 0)
        source->input = 0;
    size_t end = source->input + source->left;

    if (!raw_read(source, source->buffer + end, INPUT_BYTES - end, &got, err))
        return false;
    source->left += got;
    *more = got > 0;
    return true;
}

/* ---- plain ------------------------------------------------------------------------ */

static bool plain_start(struct source *source, struct err *err)
{
    (void)source, (void)err;
    return true;
}

static bool plain_read(struct source *source, char *to, size_t size, size_t *got,
                       struct err *err)
{
    if (source->left == 0)
        return raw_read(source, to, size, got, err);
    *got = source->left < size ? source->left : size;
    memcpy(to, source->buffer + source->input, *got);
    source->input += *got;
    source->left -= *got;
    return true;
}

/* ---- what both compressions share -------------------------------------------------- */

static bool cut_short(const struct source *source, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s ends in the middle of its compressed data: fetch the file again",
                   source->path);
}

static bool damaged(const struct source *source, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s is damaged (its compressed data do not agree with themselves): "
                   "fetch the file again",
                   source->path);
}

/* ---- gzip -------------------------------------------------------------------------- */

static bool gzip_start(struct source *source, struct err *err)
{
    (void)err;
    source->gzip = memory_new(1, sizeof(*source->gzip));
    isal_inflate_init(source->gzip);
    source->gzip->crc_flag = ISAL_GZIP;
    source->between = false;
    return true;
}

/* After a member: another one, the end, or zeroes that fill up a tape's last block. */
static bool gzip_next_member(struct source *source, bool *end, struct err *err)
{
    bool more = true;

    *end = false;
    for (;;) {
        while (source->left && source->buffer[source->input] == 0) {
            source->input++;
            source->left--;
        }
        if (source->left || !more)
            break;
        if (!refill(source, &more, err))
            return false;
    }
    if (source->left == 0) {
        *end = true;
        return true;
    }
    isal_inflate_reset(source->gzip);
    source->gzip->crc_flag = ISAL_GZIP;
    source->between = false;
    return true;
}

static bool gzip_step(struct source *source, char *to, size_t size, size_t *got,
                      struct err *err)
{
    struct inflate_state *gzip = source->gzip;
    uint32_t room = size < (1u << 30) ? (uint32_t)size : 1u << 30;

    gzip->next_in = (uint8_t *)source->buffer + source->input;
    gzip->avail_in = (uint32_t)source->left;
    gzip->next_out = (uint8_t *)to;
    gzip->avail_out = room;
    if (isal_inflate(gzip) != ISAL_DECOMP_OK)
        return damaged(source, err);
    source->input += source->left - gzip->avail_in;
    source->left = gzip->avail_in;
    source->between = gzip->block_state == ISAL_BLOCK_FINISH;
    *got = room - gzip->avail_out;
    return true;
}

static bool gzip_read(struct source *source, char *to, size_t size, size_t *got,
                      struct err *err)
{
    *got = 0;
    for (;;) {
        bool end, more = true;

        if (source->between) {
            if (!gzip_next_member(source, &end, err) || end)
                return end;
        } else if (source->left == 0 && !refill(source, &more, err)) {
            return false;
        }
        size_t before = source->left;

        if (!gzip_step(source, to, size, got, err))
            return false;
        if (*got)
            return true;
        if (!more && before == source->left && !source->between)
            return cut_short(source, err);
    }
}

/* ---- zstd -------------------------------------------------------------------------- */

static bool zstd_start(struct source *source, struct err *err)
{
    source->zstd = ZSTD_createDCtx();
    if (!source->zstd)
        return err_set(err, ERR_ENVIRONMENT,
                       "%s: no memory to decompress it: free some and run again",
                       source->path);
    return true;
}

static bool zstd_read(struct source *source, char *to, size_t size, size_t *got,
                      struct err *err)
{
    ZSTD_outBuffer output = {to, size, 0};

    while (output.pos == 0) {
        bool more = true;

        if (source->left == 0 && !refill(source, &more, err))
            return false;
        if (!more && source->between)
            break;

        ZSTD_inBuffer input = {source->buffer + source->input, source->left, 0};
        size_t hint = ZSTD_decompressStream(source->zstd, &output, &input);

        if (ZSTD_isError(hint))
            return damaged(source, err);
        if (!more && input.pos == 0 && output.pos == 0 && hint != 0)
            return cut_short(source, err);
        source->between = hint == 0;
        source->input += input.pos;
        source->left -= input.pos;
    }
    *got = output.pos;
    return true;
}

/* ---- which one --------------------------------------------------------------------- */

static const struct format formats[] = {
    {"\x1f\x8b",         2, gzip_start,  gzip_read,  NULL                                         },
    {"\x28\xb5\x2f\xfd", 4, zstd_start,  zstd_read,  NULL                                         },
    {"BZh",              3, NULL,        NULL,       "bzip2: unpack it with bunzip2"              },
    {"\xfd"
     "7zXZ",        5, NULL,        NULL,       "xz: unpack it with unxz"                    },
    {"PK\3\4",           4, NULL,        NULL,       "a zip or spreadsheet: save it as CSV, UTF-8"},
    {"7z\xbc\xaf",       4, NULL,        NULL,       "7-Zip: unpack it"                           },
    {"\xff\xfe",         2, NULL,        NULL,       "UTF-16: save it as CSV, UTF-8"              },
    {"\xfe\xff",         2, NULL,        NULL,       "UTF-16: save it as CSV, UTF-8"              },
    {"PAR1",             4, NULL,        NULL,       "Parquet: save it as CSV, UTF-8"             },
    {"%PDF",             4, NULL,        NULL,       "PDF: ask for the data as CSV, UTF-8"        },
    {"\xd0\xcf\x11\xe0", 4, NULL,        NULL,       "an old spreadsheet: save it as CSV, UTF-8"  },
    {"",                 0, plain_start, plain_read, NULL                                         },
};

static bool recognise(struct source *source, struct err *err)
{
    const struct format *format = formats;
    bool more = true;

    while (more && source->left < 8)
        if (!refill(source, &more, err))
            return false;
    while (source->left < format->magic_size ||
           memcmp(source->buffer, format->magic, format->magic_size) != 0)
        format++;
    if (format->instead)
        return err_set(err, ERR_INPUT,
                       "%s is %s (read here: CSV and JSON lines, plain, "
                       ".gz or .zst)",
                       source->path, format->instead);
    source->format = format;
    return format->start(source, err);
}

bool source_open(const char *path, struct source **result, struct err *err)
{
    struct source *source = memory_new(1, sizeof(*source));
    bool standard_input = strcmp(path, "-") == 0;

    source->path = memory_new(strlen(path) + 16, 1);
    strcpy(source->path, standard_input ? "standard input" : path);
    source->fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0 ? cannot_read(source, errno, err) : recognise(source, err)) {
        *result = source;
        return true;
    }
    source_close(source);
    return false;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    free(source->gzip);
    ZSTD_freeDCtx(source->zstd);
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    free(source->path);
    free(source);
}

bool source_read(struct source *source, char *to, size_t size, size_t *got,
                 struct err *err)
{
    size_t n = 1;

    for (*got = 0; *got < size && n > 0; *got += n)
        if (!source->format->read(source, to + *got, size - *got, &n, err))
            return false;
    return true;
}

uint64_t source_consumed(const struct source *source)
{
    return source->consumed;
}

bool source_is_file(const char *path, uint64_t *size)
{
    struct stat facts;

    *size = 0;
    if (strcmp(path, "-") == 0 || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return false;
    *size = (uint64_t)facts.st_size;
    return true;
}
