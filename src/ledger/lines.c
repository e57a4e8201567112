/* Lines of a file, one at a time, none longer than the format allows. */
#include "ledger/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUFFER_SIZE = 1 << 16 };

static_assert((int)BUFFER_SIZE > (int)LEDGER_LINE_MAX, "a line fits into the buffer");

struct file {
    FILE *from;
    char *path;
    size_t begin, end; /* of what is read and not yet given */
    bool over;
    char buffer[BUFFER_SIZE];
};

/* Moves what is left to the front and reads on. */
static bool file_fill(struct file *file, struct err *err)
{
    size_t left = file->end - file->begin;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped; nothing was written");
    memmove(file->buffer, file->buffer + file->begin, left);
    file->begin = 0;
    file->end = left + fread(file->buffer + left, 1, BUFFER_SIZE - left, file->from);
    file->over = feof(file->from) != 0;
    if (ferror(file->from))
        return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s", file->path,
                       strerror(errno));
    return true;
}

static bool file_next(void *context, struct str *line, bool *more, struct err *err)
{
    struct file *file = context;
    char *newline;

    while (!(newline =
                 memchr(file->buffer + file->begin, '\n', file->end - file->begin))) {
        if (file->end - file->begin > LEDGER_LINE_MAX)
            break;
        if (file->over) {
            *more = false;
            return file->begin == file->end ||
                   err_set(err, ERR_INPUT, "the last line breaks off");
        }
        if (!file_fill(file, err))
            return false;
    }
    char *begin = file->buffer + file->begin;

    if (!newline || newline - begin > LEDGER_LINE_MAX)
        return err_set(err, ERR_INPUT, "a line longer than %d bytes", LEDGER_LINE_MAX);
    *line = (struct str){begin, (size_t)(newline - begin)};
    *more = true;
    file->begin += line->len + 1;
    return true;
}

bool ledger_lines_open(const char *path, struct ledger_lines *lines, struct err *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *from = standard ? stdin : fopen(path, "re");

    if (!from)
        return err_set(err, ERR_NOT_FOUND, "cannot read %s: %s", path, strerror(errno));

    struct file *file = memory_new(1, sizeof(*file));
    size_t size = strlen(path) + 1;

    file->from = from;
    file->path = memory_new(1, size);
    memcpy(file->path, path, size);
    *lines = (struct ledger_lines){file, file_next};
    return true;
}

void ledger_lines_close(struct ledger_lines *lines)
{
    struct file *file = lines->context;

    if (!file)
        return;
    if (file->from != stdin)
        fclose(file->from);
    free(file->path);
    free(file);
    *lines = (struct ledger_lines){0};
}

bool ledger_lines_are_proof(const struct ledger_lines *lines)
{
    static const char mark[] = "{\"proof\":";
    struct file *file = lines->context;
    struct str begin;
    struct err err; /* what cannot be read is told when the lines are asked for */

    if (file->end - file->begin < sizeof(mark) - 1 && !file_fill(file, &err))
        return false;
    begin = (struct str){file->buffer + file->begin, file->end - file->begin};
    return line_take(&begin, mark);
}
