/*
 * What makes two runs the same run: the inputs as they are, the model, the thresholds
 * and the program. The number of threads is not among it, nor is where the report goes.
 */
#include "screen/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASHED_BYTES = 1 << 16 }; /* at either end of an input */

/* A path on one line, whatever is in it. */
static void put_path(FILE *text, const char *path)
{
    for (; *path; path++)
        fputc(*path == '\n' ? '?' : *path, text);
}

static uint64_t hash_at(int fd, off_t at, uint64_t seed, char *buffer)
{
    ssize_t n = pread(fd, buffer, HASHED_BYTES, at);

    return n > 0 ? hash_bytes(buffer, (size_t)n, seed) : seed;
}

/* Path, size, time and both ends of a file. */
static bool file_lines(FILE *text, const char *what, const char *path, struct err *err)
{
    char real[PATH_MAX];
    struct stat about;

    if (!path) {
        fprintf(text, "%s: none\n", what);
        return true;
    }
    if (run_reads_once(path)) {
        fprintf(text, "%s: can be read once\n", what);
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
    fprintf(text, "path of the %s: ", what);
    put_path(text, real);
    fprintf(text, "\nsize of the %s: %lld\n", what, (long long)about.st_size);
    fprintf(text, "time of the %s: %lld.%09ld\n", what, (long long)about.st_mtim.tv_sec,
            about.st_mtim.tv_nsec);
    fprintf(text, "content of the %s: %016" PRIx64 "\n", what, hash);
    return true;
}

static bool digest(const struct run *run, FILE *text, struct err *err)
{
    const struct run_settings *settings = run->settings;

    fprintf(text, "program: candour %s, work 2, text %d\n", CANDOUR_VERSION,
            TEXT_VERSION);
    fprintf(text, "command: %s\n",
            settings->dedupe ? "dedupe"
            : settings->wash ? "wash"
                             : "link");
    fprintf(text, "model: %016" PRIx64 "\n", model_hash(run->model));
    fprintf(text, "threshold: %" PRIu32 "\n", run->probability);
    fprintf(text, "clerical threshold: %" PRIu32 "\n", settings->clerical);
    fprintf(text, "one to one: %d\n", settings->one_to_one);
    fprintf(text, "prior share: %" PRIu32 "\n", settings->share);
    fprintf(text, "year of the run: %d\n", settings->pivot_year);
    fprintf(text, "report: %s\n", settings->report_path ? "yes" : "no");
    if (!file_lines(text, "left file", settings->left_path, err) ||
        !file_lines(text, "left map", settings->left_map, err) ||
        !file_lines(text, "right map", settings->right_map, err))
        return false;
    for (size_t i = 0; i < settings->right_count; i++) {
        char what[48];

        snprintf(what, sizeof(what), "right file %zu", i + 1);
        if (!file_lines(text, what, settings->right_paths[i], err))
            return false;
    }
    return true;
}

bool run_digest(const struct run *run, char **result, struct err *err)
{
    char *written = NULL;
    size_t size;
    FILE *text = open_memstream(&written, &size);
    bool ok = text && digest(run, text, err);

    if (!text || (fclose(text) != 0 && ok))
        ok = err_set(err, ERR_ENVIRONMENT, "out of memory");
    if (ok)
        *result = written;
    else
        free(written);
    return ok;
}
