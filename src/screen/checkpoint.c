/* The work folder: held, saved, taken up again, removed. */
#include "screen/checkpoint.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct work {
    char folder[PATH_SIZE - 64]; /* so that a file's name fits behind it */
    int lock;
};

static const char *const names[] = {
    [WORK_LOCK] = "lock",
    [WORK_SETTINGS] = "settings",
    [WORK_CHECKPOINT] = "checkpoint",
    [WORK_HITS] = "hits",
    [WORK_CLERICAL] = "clerical",
    [WORK_REJECTED] = "rejected",
    [WORK_HITS_PART] = "hits",
    [WORK_REJECTED_PART] = "rejected",
    [WORK_TOP_PART] = "top",
    [WORK_RUN] = "run",
    [WORK_MERGE] = "merge",
};
static_assert(COUNT(names) == WORK_FILE_COUNT, "every file has a name");

const char *work_folder(const struct work *work)
{
    return work->folder;
}

void work_name(const char *folder, enum work_file file, uint64_t number,
               char path[PATH_SIZE])
{
    int size =
        file < WORK_HITS_PART
            ? snprintf(path, PATH_SIZE, "%s/%s", folder, names[file])
            : snprintf(path, PATH_SIZE, "%s/%s-%" PRIu64, folder, names[file], number);

    assert(size > 0 && size < PATH_SIZE);
}

void work_unlink(const char *folder, enum work_file file, uint64_t number)
{
    char path[PATH_SIZE];

    work_name(folder, file, number, path);
    unlink(path);
}

/* ---- which files are ours, and which of them count ------------------------------------- */

/* Whether the name is one of ours; *file is WORK_FILE_COUNT for one half written. */
static bool name_read(const char *name, enum work_file *file, uint64_t *number)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        size_t len = strlen(names[i]);
        bool numbered = i >= WORK_HITS_PART;

        if (strncmp(name, names[i], len) != 0)
            continue;

        const char *rest = name + len;

        *file = (enum work_file)i;
        *number = 0;
        if (numbered) {
            char *end;

            if (rest[0] != '-' || rest[1] < '0' || rest[1] > '9')
                continue;
            *number = strtoull(rest + 1, &end, 10);
            rest = end;
        }
        if (*rest == 0)
            return true;
        if (strncmp(rest, ".part-", 6) == 0) { /* as out_open() names them */
            *file = WORK_FILE_COUNT;
            return true;
        }
    }
    return false;
}

/* Whether the checkpoint speaks of the file; NULL speaks of none. */
static bool spoken_of(const struct checkpoint *state, enum work_file file,
                      uint64_t number)
{
    switch (file) {
    case WORK_LOCK:
        return true;
    case WORK_SETTINGS:
    case WORK_CHECKPOINT:
        return state;
    case WORK_HITS_PART:
        return state && number >= state->run_parts && number < state->parts;
    case WORK_REJECTED_PART:
        return state && number > 0 && number < state->parts;
    case WORK_TOP_PART:
        return state && number > 0 && number == state->top;
    case WORK_RUN:
        return state && number < state->runs;
    case WORK_HITS:
    case WORK_CLERICAL:
    case WORK_REJECTED:
    case WORK_MERGE:
    case WORK_FILE_COUNT:
        return false;
    }
    return false;
}

/* Removes what is ours and the checkpoint does not speak of. */
static bool tidy(const struct work *work, const struct checkpoint *state,
                 struct err *err)
{
    DIR *folder = opendir(work->folder);

    if (!folder)
        return err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s; remove it",
                       work->folder, strerror(errno));
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        enum work_file file;
        uint64_t number;

        if (name_read(entry->d_name, &file, &number) && !spoken_of(state, file, number))
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    return true;
}

/* ---- the checkpoint as text --------------------------------------------------------------- */

#define AT(member) offsetof(struct checkpoint, member)

static const struct {
    const char *name;
    size_t at;
} counts[] = {
    {"blocks",             AT(blocks)            },
    {"mentions",           AT(mentions)          },
    {"mentions_set_aside", AT(mentions_set_aside)},
    {"values_set_aside",   AT(values_set_aside)  },
    {"hits",               AT(hits)              },
    {"concerned",          AT(concerned)         },
    {"parts",              AT(parts)             },
    {"runs",               AT(runs)              },
    {"run_parts",          AT(run_parts)         },
    {"buffered",           AT(buffered)          },
    {"rejected",           AT(rejected)          },
    {"top",                AT(top)               },
    {"work_mentions",      AT(work.mentions)     },
    {"work_probes",        AT(work.probes)       },
    {"work_entries",       AT(work.entries)      },
    {"work_candidates",    AT(work.candidates)   },
    {"work_scored",        AT(work.scored)       },
    {"work_hits",          AT(work.hits)         },
    {"work_scans",         AT(work.scans)        },
};
static_assert(COUNT(counts) * sizeof(uint64_t) == sizeof(struct checkpoint),
              "every count is written");

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return done;
}

bool work_save(struct work *work, const struct checkpoint *checkpoint, struct err *err)
{
    char path[PATH_SIZE];
    struct out *out;

    work_name(work->folder, WORK_CHECKPOINT, 0, path);
    /* The names of the parts must be on disk before the checkpoint speaks of them. */
    if (!sync_folder(work->folder))
        return err_set(err, ERR_ENVIRONMENT, "cannot write %s: %s; free space", path,
                       strerror(errno));
    if (!out_open(path, &out, err))
        return false;
    for (size_t i = 0; i < COUNT(counts); i++) {
        uint64_t value;

        memcpy(&value, (const char *)checkpoint + counts[i].at, sizeof(value));
        out_format(out, "%s %" PRIu64 "\n", counts[i].name, value);
    }
    return out_commit(out, err);
}

/* Whether there is a checkpoint; one that cannot be read is an error. */
static bool checkpoint_read(const char *path, struct checkpoint *checkpoint,
                            bool *found, struct err *err)
{
    FILE *file = fopen(path, "re");
    char line[64];
    size_t read = 0;

    *found = file != NULL;
    if (!file)
        return errno == ENOENT || err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s",
                                          path, strerror(errno));
    while (read < COUNT(counts) && fgets(line, sizeof(line), file)) {
        struct str rest = str_of(line), name;
        char *end = line;

        if (!str_cut(&rest, ' ', &name) || !str_same(name, str_of(counts[read].name)) ||
            rest.len == 0)
            break;

        uint64_t value = strtoull(rest.at, &end, 10);

        if (end == rest.at || *end != '\n')
            break;
        memcpy((char *)checkpoint + counts[read].at, &value, sizeof(value));
        read++;
    }
    fclose(file);
    return read == COUNT(counts) ||
           err_set(err, ERR_REFUSED, "%s is damaged; run without --resume", path);
}

/* ---- settings: the same run? ----------------------------------------------------------------- */

static bool settings_same(const char *path, const char *wanted, struct err *err)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    bool same = true;
    struct str rest = str_of(wanted), want;

    if (!file)
        return err_set(err, ERR_REFUSED, "cannot read %s; run without --resume", path);
    while (same && str_cut(&rest, '\n', &want) && want.len) {
        ssize_t len = getline(&line, &room, file);
        struct str had = {line, len > 0 ? (size_t)len - 1 : 0};

        same = len > 0 && str_same(had, want);
        if (!same) {
            struct str name = want, what;

            str_cut(&name, ':', &what);
            err_set(err, ERR_REFUSED,
                    "cannot resume: %.*s is not as it was in the stopped run; put it "
                    "back or run without --resume",
                    STR_ARG(what));
        }
    }
    if (same && getline(&line, &room, file) > 0)
        same = err_set(err, ERR_REFUSED,
                       "cannot resume: the stopped run had more input files; name "
                       "them again or run without --resume");
    free(line);
    fclose(file);
    return same;
}

/* ---- opening and closing ------------------------------------------------------------------------ */

static bool folder_make(struct work *work, const char *out_path, struct err *err)
{
    const char *temporary = getenv("TMPDIR");
    size_t room = sizeof(work->folder);

    if (strcmp(out_path, "-") == 0) {
        int size = snprintf(work->folder, room, "%s/candour-XXXXXX",
                            temporary && *temporary ? temporary : "/tmp");

        if (size > 0 && (size_t)size < room && mkdtemp(work->folder))
            return true;
        return err_set(err, ERR_ENVIRONMENT,
                       "cannot make a temporary folder: %s; set TMPDIR to one you may "
                       "write to",
                       strerror(errno));
    }
    int size = snprintf(work->folder, room, "%s.work", out_path);

    if (size < 0 || (size_t)size >= room)
        return err_set(err, ERR_USAGE, "the name of the output is too long");
    /* Names and roles lie in there: for the owner alone. */
    if (mkdir(work->folder, 0700) == 0 || errno == EEXIST)
        return true;
    return err_set(err, ERR_ENVIRONMENT,
                   "cannot write beside %s: %s; choose a folder you may write to",
                   out_path, strerror(errno));
}

static bool folder_lock(struct work *work, struct err *err)
{
    char path[PATH_SIZE];

    work_name(work->folder, WORK_LOCK, 0, path);
    work->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (work->lock < 0)
        return err_set(err, ERR_ENVIRONMENT,
                       "cannot write %s: %s; remove what is in the way", path,
                       strerror(errno));
    if (flock(work->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    return err_set(err, ERR_REFUSED,
                   "another run is at work in %s; wait for it or choose another --out",
                   work->folder);
}

/* Takes up what the stopped run left, if anything was. */
static bool take_up(struct work *work, const char *settings,
                    struct checkpoint *checkpoint, bool *found, struct err *err)
{
    char path[PATH_SIZE];

    work_name(work->folder, WORK_CHECKPOINT, 0, path);
    if (!checkpoint_read(path, checkpoint, found, err))
        return false;
    work_name(work->folder, WORK_SETTINGS, 0, path);
    return !*found ||
           (settings_same(path, settings, err) && tidy(work, checkpoint, err));
}

static bool start_over(struct work *work, const char *settings, struct err *err)
{
    char path[PATH_SIZE];
    struct out *out;

    /* First of all, or a crash here leaves a checkpoint with half of its files. */
    work_unlink(work->folder, WORK_CHECKPOINT, 0);
    if (!tidy(work, NULL, err))
        return false;
    work_name(work->folder, WORK_SETTINGS, 0, path);
    if (!out_open(path, &out, err))
        return false;
    out_text(out, settings);
    return out_commit(out, err);
}

/* Over a pipe or device a rename would put a file in its place. */
static bool replaceable(const char *path, struct err *err)
{
    struct stat about;

    if (stat(path, &about) != 0 || S_ISREG(about.st_mode))
        return true;
    return err_set(err, ERR_REFUSED,
                   "%s is there and is no regular file; choose another --out", path);
}

bool work_open(const char *out_path, const char *settings, bool resume,
               struct work **result, struct checkpoint *checkpoint, struct err *err)
{
    struct work *work = memory_new(1, sizeof(*work));
    bool found = false;

    work->lock = -1;
    *checkpoint = (struct checkpoint){0};
    if (replaceable(out_path, err) && folder_make(work, out_path, err) &&
        folder_lock(work, err) &&
        (!resume || take_up(work, settings, checkpoint, &found, err))) {
        if (found || start_over(work, settings, err)) {
            *result = work;
            return true;
        }
        work_remove(work);
        return false;
    }
    work_close(work);
    return false;
}

void work_close(struct work *work)
{
    if (!work)
        return;
    if (work->lock >= 0)
        close(work->lock);
    free(work);
}

void work_remove(struct work *work)
{
    struct err ignored;

    if (!work)
        return;
    work_unlink(work->folder, WORK_CHECKPOINT, 0);
    (void)tidy(work, NULL, &ignored);
    work_unlink(work->folder, WORK_LOCK, 0);
    rmdir(work->folder); /* stays if somebody else put a file there */
    work_close(work);
}

bool work_deliver(struct work *work, enum work_file file, const char *path,
                  struct err *err)
{
    char from[PATH_SIZE];

    work_name(work->folder, file, 0, from);
    if (!replaceable(path, err))
        return false;
    return rename(from, path) == 0 ||
           err_set(err, ERR_ENVIRONMENT,
                   "cannot write %s: %s; remove what is in the way and run again with "
                   "--resume",
                   path, strerror(errno));
}
