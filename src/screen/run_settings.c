/*
 * What makes two runs the same run: the inputs as they are, the model, the thresholds
 * and the program. The number of threads is not among it, nor is where the report goes.
 */
#include "screen/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASHED_BYTES = 1 << 16 }; /* at either end of an input */

static void line(struct bytes *text, const char *format, ...) PRINTF_LIKE(2, 3);

static void line(struct bytes *text, const char *format, ...)
{
    char one[PATH_MAX + 256];
    va_list args;

    va_start(args, format);
    int size = vsnprintf(one, sizeof(one) - 1, format, args);
    va_end(args);

    size_t len = size < 0 ? 0 : (size_t)size;

    if (len > sizeof(one) - 2)
        len = sizeof(one) - 2;
    for (size_t i = 0; i < len; i++)
        if (one[i] == '\n')
            one[i] = '?';
    one[len++] = '\n';
    text->at = memory_grow(text->at, text->size + len + 1, 1);
    memcpy(text->at + text->size, one, len);
    text->size += len;
    text->at[text->size] = 0;
}

static uint64_t hash_at(int fd, off_t at, uint64_t seed, char *buffer)
{
    ssize_t n = pread(fd, buffer, HASHED_BYTES, at);

    return n > 0 ? hash_bytes(buffer, (size_t)n, seed) : seed;
}

/* Path, size, time and both ends of a file. */
static bool file_lines(struct bytes *text, const char *what, const char *path,
                       struct err *err)
{
    char real[PATH_MAX];
    struct stat about;

    if (!path) {
        line(text, "%s: none", what);
        return true;
    }
    if (run_reads_once(path)) {
        line(text, "%s: can be read once", what);
        return true;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &about) != 0 || !realpath(path, real)) {
        err_set(err, ERR_INPUT, "cannot read %s: %s; check the name", path,
                strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    off_t tail = about.st_size > HASHED_BYTES ? about.st_size - HASHED_BYTES : 0;
    char *buffer = memory_new(HASHED_BYTES, 1);
    uint64_t hash = hash_at(fd, tail, hash_at(fd, 0, 0, buffer), buffer);

    free(buffer);
    close(fd);
    line(text, "path of the %s: %s", what, real);
    line(text, "size of the %s: %lld", what, (long long)about.st_size);
    line(text, "time of the %s: %lld.%09ld", what, (long long)about.st_mtim.tv_sec,
         about.st_mtim.tv_nsec);
    line(text, "content of the %s: %016" PRIx64, what, hash);
    return true;
}

bool run_digest(const struct run *run, char **result, struct err *err)
{
    const struct run_settings *settings = run->settings;
    struct bytes text = {0};
    bool ok = true;

    line(&text, "program: candour %s, work 1, text %d", CANDOUR_VERSION, TEXT_VERSION);
    line(&text, "command: %s", settings->wash ? "wash" : "link");
    line(&text, "model: %016" PRIx64, model_hash(run->model));
    line(&text, "threshold: %" PRIu32, run->probability);
    line(&text, "clerical threshold: %" PRIu32, settings->clerical);
    line(&text, "prior share: %" PRIu32, settings->share);
    line(&text, "year of the run: %d", settings->pivot_year);
    line(&text, "report: %s", settings->report_path ? "yes" : "no");
    ok = file_lines(&text, "left file", settings->left_path, err) &&
         file_lines(&text, "left map", settings->left_map, err) &&
         file_lines(&text, "right map", settings->right_map, err);
    for (size_t i = 0; i < settings->right_count && ok; i++) {
        char what[48];

        snprintf(what, sizeof(what), "right file %zu", i + 1);
        ok = file_lines(&text, what, settings->right_paths[i], err);
    }
    *result = ok ? text.at : NULL;
    if (!ok)
        free(text.at);
    return ok;
}
