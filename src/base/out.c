/*
 * Output files that are whole or absent: written under a temporary name in the same
 * folder, synced, then renamed. What is interrupted leaves no file that looks whole.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 18, IN_MEMORY = -1 };

struct out {
    char *path;      /* NULL for standard output */
    char *temporary; /* NULL for standard output, pipes and devices */
    int fd;          /* IN_MEMORY: none */
    char *kept;      /* what was flushed so far, in memory */
    size_t kept_size;
    int failure; /* errno of the first write that failed */
    uint64_t size;
    size_t used;
    char buffer[BUFFER_BYTES];
};

/* A pipe or device that is there already: renaming a file over it would replace it. */
static bool is_stream(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && !S_ISREG(about.st_mode) &&
           !S_ISDIR(about.st_mode);
}

bool out_open(const char *path, struct out **result, struct err *err)
{
    struct out *out = memory_new(1, sizeof(*out));
    bool stream = is_stream(path);

    if (strcmp(path, "-") == 0) {
        out->fd = STDOUT_FILENO;
        *result = out;
        return true;
    }
    size_t size = strlen(path) + 32;

    out->path = memory_new(1, size);
    out->temporary = memory_new(1, size);
    snprintf(out->path, size, "%s", path);
    snprintf(out->temporary, size, "%s.part-%ld", path, (long)getpid());
    if (stream)
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        out->fd = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out->fd >= 0) {
        if (stream) {
            free(out->temporary);
            out->temporary = NULL;
        }
        *result = out;
        return true;
    }
    err_set(err, ERR_ENVIRONMENT,
            "cannot write %s: %s; choose a folder you may write to", path,
            strerror(errno));
    free(out->path);
    free(out->temporary);
    free(out);
    return false;
}

struct out *out_memory(void)
{
    struct out *out = memory_new(1, sizeof(*out));

    out->fd = IN_MEMORY;
    return out;
}

/* Always with room for the zero at the end. */
static void keep(struct out *out)
{
    out->kept = memory_grow(out->kept, out->kept_size + out->used + 1, 1);
    memcpy(out->kept + out->kept_size, out->buffer, out->used);
    out->kept_size += out->used;
    out->used = 0;
}

static void flush(struct out *out)
{
    if (out->fd == IN_MEMORY) {
        keep(out);
        return;
    }
    for (size_t done = 0; done < out->used && !out->failure;) {
        ssize_t n = write(out->fd, out->buffer + done, out->used - done);

        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            out->failure = errno;
    }
    out->used = 0;
}

void out_bytes(struct out *out, const void *bytes, size_t size)
{
    const char *from = bytes;

    out->size += size;
    while (size) {
        size_t room = BUFFER_BYTES - out->used;
        size_t n = size < room ? size : room;

        memcpy(out->buffer + out->used, from, n);
        out->used += n;
        from += n;
        size -= n;
        if (out->used == BUFFER_BYTES)
            flush(out);
    }
}

void out_str(struct out *out, struct str text)
{
    if (text.len)
        out_bytes(out, text.at, text.len);
}

void out_text(struct out *out, const char *text)
{
    out_bytes(out, text, strlen(text));
}

void out_format(struct out *out, const char *format, ...)
{
    char small[512];
    va_list args;

    va_start(args, format);
    int size = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (size < 0)
        return;
    if ((size_t)size < sizeof(small)) {
        out_bytes(out, small, (size_t)size);
        return;
    }
    char *large = memory_new((size_t)size + 1, 1);

    va_start(args, format);
    vsnprintf(large, (size_t)size + 1, format, args);
    va_end(args);
    out_bytes(out, large, (size_t)size);
    free(large);
}

void out_csv(struct out *out, struct str value)
{
    bool plain = true;

    for (size_t i = 0; i < value.len && plain; i++)
        plain = value.at[i] != '"' && value.at[i] != ',' && value.at[i] != '\n' &&
                value.at[i] != '\r';
    if (plain) {
        out_str(out, value);
        return;
    }
    out_text(out, "\"");
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '"')
            out_text(out, "\"");
        out_bytes(out, value.at + i, 1);
    }
    out_text(out, "\"");
}

void out_json(struct out *out, struct str text)
{
    out_text(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c == '"' || c == '\\')
            out_format(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            out_format(out, "\\u%04x", c);
        else
            out_bytes(out, text.at + i, 1);
    }
    out_text(out, "\"");
}

uint64_t out_size(const struct out *out)
{
    return out->size;
}

static void out_free(struct out *out)
{
    free(out->path);
    free(out->temporary);
    free(out->kept);
    free(out);
}

char *out_take(struct out *out)
{
    flush(out);

    char *text = out->kept;

    text[out->kept_size] = 0;
    out->kept = NULL;
    out_free(out);
    return text;
}

bool out_commit(struct out *out, struct err *err)
{
    flush(out);
    if (out->path) {
        if (!out->failure && out->temporary && fsync(out->fd) != 0)
            out->failure = errno;
        if (close(out->fd) != 0 && !out->failure)
            out->failure = errno;
        if (!out->failure && out->temporary && rename(out->temporary, out->path) != 0)
            out->failure = errno;
        if (out->failure && out->temporary)
            unlink(out->temporary);
    }
    bool done = out->failure == 0;

    if (!done)
        err_set(err, ERR_ENVIRONMENT,
                "cannot write %s: %s; nothing was left behind, "
                "free space or choose another folder and run again",
                out->path ? out->path : "standard output", strerror(out->failure));
    out_free(out);
    return done;
}

void out_abandon(struct out *out)
{
    if (!out)
        return;
    if (out->path) {
        close(out->fd);
        if (out->temporary)
            unlink(out->temporary);
    }
    out_free(out);
}
