#include "archive/archive.h"

#include "test/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a folder of its own for each test ------------------------------------------------ */

static char folder[64];

static void folder_new(void)
{
    snprintf(folder, sizeof(folder), "/tmp/candour-archive-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void folder_drop(void)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    assert_int_equal(rmdir(folder), 0);
}

static const struct archive_settings small = {
    .folder = folder, .segment_bytes = 4096, .block_bytes = 512};

static struct archive *opened(const struct archive_seal *seal, uint64_t end)
{
    struct archive_settings settings = small;
    struct archive *archive = NULL;
    struct err err = {0};

    settings.seal = seal;
    settings.end = end;
    if (!archive_open(&settings, &archive, &err))
        fail_msg("%s", err.text);
    return archive;
}

/* The record of a number: what it says and how long it is follow from the number. */
static struct str record_of(uint64_t number, char text[512])
{
    uint64_t state = number;
    size_t len = test_random(&state) % 300;
    int n = snprintf(text, 512, "record %" PRIu64 " ", number);

    for (size_t i = (size_t)n; i < (size_t)n + len; i++)
        text[i] = (char)('a' + test_random(&state) % 20);
    return (struct str){text, (size_t)n + len};
}

static void added(struct archive *archive, uint64_t count)
{
    struct err err = {0};
    char text[512];

    for (uint64_t i = 0; i < count; i++) {
        uint64_t number, expected = archive_size(archive).end;

        if (!archive_add(archive, record_of(expected, text), &number, &err))
            fail_msg("%s", err.text);
        assert_int_equal(number, expected);
    }
}

static uint64_t flushed(struct archive *archive)
{
    struct err err = {0};
    uint64_t end = 0;

    if (!archive_flush(archive, &end, &err))
        fail_msg("%s", err.text);
    return end;
}

/* ---- what a scan sees -------------------------------------------------------------------- */

enum { SEEN = 2000 };

struct seen {
    bool number[SEEN];
    uint64_t count, last, damages, lost;
    struct archive_damage damage;
};

static bool see(void *context, uint64_t number, struct str record, struct err *err)
{
    struct seen *seen = context;
    char text[512];

    (void)err;
    assert_true(number > seen->last && number < SEEN);
    assert_true(str_same(record, record_of(number, text)));
    seen->number[number] = true;
    seen->last = number;
    seen->count++;
    return true;
}

static void see_damage(void *context, const struct archive_damage *damage)
{
    struct seen *seen = context;

    seen->damage = *damage;
    seen->damages++;
    seen->lost += damage->last + 1 - damage->first;
}

static struct seen scanned(const struct archive *archive, uint64_t from, uint64_t to)
{
    struct seen seen = {.last = 0};
    struct archive_visit visit = {&seen, see, see_damage};
    struct err err = {0};

    if (!archive_scan(archive, from, to, &visit, &err))
        fail_msg("%s", err.text);
    return seen;
}

/* ---- tests ---------------------------------------------------------------------------------- */

TEST(what_was_flushed_is_there_after_opening_again)
{
    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 500);
    uint64_t end = flushed(archive);

    assert_int_equal(end, 501);
    archive_close(archive);
    archive = opened(NULL, end);
    assert_true(archive_size(archive).segments > 5);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 500);
    added(archive, 10);
    assert_int_equal(flushed(archive), 511);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 510);
    assert_int_equal(scanned(archive, 100, 120).count, 20);
    assert_true(scanned(archive, 100, 120).number[119]);
    archive_close(archive);
    folder_drop();
}

TEST(an_empty_archive_has_no_records_and_can_be_opened_again)
{
    folder_new();
    for (int i = 0; i < 2; i++) {
        struct archive *archive = opened(NULL, 1);

        assert_int_equal(flushed(archive), 1);
        assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 0);
        archive_close(archive);
    }
    folder_drop();
}

TEST(what_no_store_committed_is_dropped_and_its_numbers_are_given_anew)
{
    static const uint64_t ends[] = {1, 51, 151, 251, 301};

    for (size_t i = 0; i < COUNT(ends); i++) {
        folder_new();
        struct archive *archive = opened(NULL, 1);

        for (size_t k = 1; k < COUNT(ends); k++) {
            added(archive, ends[k] - ends[k - 1]);
            assert_int_equal(flushed(archive), ends[k]);
        }
        added(archive, 30); /* never flushed */
        archive_close(archive);

        archive = opened(NULL, ends[i]);
        assert_int_equal(archive_size(archive).end, ends[i]);
        assert_int_equal(scanned(archive, 1, UINT64_MAX).count, ends[i] - 1);
        added(archive, 40);
        uint64_t end = flushed(archive);

        archive_close(archive);
        archive = opened(NULL, end);
        assert_int_equal(scanned(archive, 1, UINT64_MAX).count, ends[i] + 39);
        archive_close(archive);
        folder_drop();
    }
}

TEST(an_archive_that_lost_what_its_store_knows_does_not_open)
{
    struct archive_settings settings = small;
    struct archive *archive = NULL;
    struct err err = {0};

    folder_new();
    archive = opened(NULL, 1);
    added(archive, 100);
    flushed(archive);
    archive_close(archive);
    settings.end = 102;

    assert_false(archive_open(&settings, &archive, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "restore"));
    folder_drop();
}

TEST(two_processes_do_not_hold_one_archive)
{
    struct archive_settings settings = small;
    struct archive *other = NULL;
    struct err err = {0};

    folder_new();
    struct archive *archive = opened(NULL, 1);

    assert_false(archive_open(&settings, &other, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    archive_close(archive);
    folder_drop();
}

static bool holds_text(const char *text)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    bool found = false;

    while ((entry = readdir(dir))) {
        static char bytes[1 << 20];
        int fd = openat(dirfd(dir), entry->d_name, O_RDONLY);
        ssize_t size = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes));

        found |= size > 0 && memmem(bytes, (size_t)size, text, strlen(text));
        close(fd);
    }
    closedir(dir);
    return found;
}

TEST(an_erased_record_is_in_no_file_and_the_others_are)
{
    uint64_t numbers[] = {1, 7, 8, 200, 201, 399, 400, 900}, erased = 0;
    struct err err = {0};

    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 400);
    uint64_t end = flushed(archive);

    assert_true(archive_erase(archive, numbers, COUNT(numbers), &erased, &err));
    assert_int_equal(erased, 7);
    struct seen seen = scanned(archive, 1, UINT64_MAX);

    assert_int_equal(seen.count, 393);
    for (size_t i = 0; i < 7; i++)
        assert_false(seen.number[numbers[i]]);
    added(archive, 5);
    end = flushed(archive);
    assert_int_equal(end, 406);
    archive_close(archive);
    archive = opened(NULL, end);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 398);
    assert_true(archive_erase(archive, numbers, COUNT(numbers), &erased, &err));
    assert_int_equal(erased, 0);
    archive_close(archive);
    folder_drop();
}

TEST(erasing_everything_leaves_numbers_that_are_not_given_again)
{
    uint64_t numbers[60], erased = 0;
    struct err err = {0};

    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 60);
    uint64_t end = flushed(archive);

    for (uint64_t i = 0; i < 60; i++)
        numbers[i] = i + 1;
    assert_true(archive_erase(archive, numbers, 60, &erased, &err));
    assert_int_equal(erased, 60);
    archive_close(archive);
    archive = opened(NULL, end);
    assert_int_equal(archive_size(archive).end, 61);
    added(archive, 1);
    assert_int_equal(flushed(archive), 62);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 1);
    archive_close(archive);
    folder_drop();
}

TEST(tidying_joins_what_many_flushes_left)
{
    struct err err = {0};
    uint32_t tidied = 0;

    folder_new();
    struct archive *archive = opened(NULL, 1);

    for (int i = 0; i < 200; i++) {
        added(archive, 1);
        flushed(archive);
    }
    uint64_t before = archive_size(archive).bytes;

    assert_true(archive_tidy(archive, 201, &tidied, &err));
    assert_true(tidied > 1);
    assert_true(archive_size(archive).bytes < before);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 200);
    assert_true(archive_tidy(archive, 201, &tidied, &err));
    assert_int_equal(tidied, 0);
    archive_close(archive);
    folder_drop();
}

/* ---- damage ------------------------------------------------------------------------------------- */

struct files {
    char name[32][64];
    size_t size[32], count;
};

static struct files files_of(void)
{
    struct files files = {.count = 0};
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while ((entry = readdir(dir))) {
        struct stat about;

        if (!strstr(entry->d_name, ".archive"))
            continue;
        fstatat(dirfd(dir), entry->d_name, &about, 0);
        snprintf(files.name[files.count], 64, "%.63s", entry->d_name);
        files.size[files.count++] = (size_t)about.st_size;
        assert_true(files.count < COUNT(files.name));
    }
    closedir(dir);
    return files;
}

static void flip(const char *name, size_t at, uint8_t with)
{
    char path[160];
    uint8_t byte;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, O_RDWR);

    assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
    byte ^= with;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
    close(fd);
}

/* Every record is either read as it was written (see() checks) or told as damaged; a
 * change of the segment that is still open may also keep the archive from opening. */
TEST(each_altered_byte_is_found_and_named)
{
    uint64_t random = 7, refused = 0;

    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 400);
    uint64_t end = flushed(archive);

    archive_close(archive);
    struct files files = files_of();

    for (int i = 0; i < 1000; i++) {
        size_t file = test_random(&random) % files.count;
        size_t at = test_random(&random) % files.size[file];
        uint8_t with = (uint8_t)(1 + test_random(&random) % 255);
        struct archive_settings settings = small;
        struct err err = {0};

        flip(files.name[file], at, with);
        settings.end = end;
        if (archive_open(&settings, &archive, &err)) {
            struct seen seen = scanned(archive, 1, end);

            if (!seen.damages)
                fail_msg("byte %zu of %s", at, files.name[file]);
            assert_true(seen.count + seen.lost >= 400);
            assert_string_equal(seen.damage.file, files.name[file]);
            archive_close(archive);
        } else {
            assert_int_equal(err.code, ERR_INPUT);
            refused++;
        }
        flip(files.name[file], at, with);
    }
    assert_true(refused < 300);
    archive = opened(NULL, end);
    assert_int_equal(scanned(archive, 1, end).damages, 0);
    archive_close(archive);
    folder_drop();
}

TEST(damage_stops_a_scan_that_does_not_ask_to_be_told)
{
    struct archive_visit visit = {NULL, NULL, NULL};
    struct err err = {0};

    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 100);
    flushed(archive);
    flip("0000000001-1.archive", 64 + 48 + 10, 1);
    assert_false(archive_scan(archive, 1, 101, &visit, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "0000000001-1.archive"));
    archive_close(archive);
    folder_drop();
}

/* ---- sealing: any two functions will do; the archive's part is to call them ------------------ */

static bool seal(void *context, const struct archive_place *place, struct str plain,
                 uint8_t *sealed, struct err *err)
{
    (void)err;
    memcpy(sealed, place, sizeof(*place));
    for (size_t i = 0; i < plain.len; i++)
        sealed[sizeof(*place) + i] = (uint8_t)(plain.at[i] ^ *(char *)context);
    return true;
}

static bool unseal(void *context, const struct archive_place *place, struct str sealed,
                   uint8_t *plain, struct err *err)
{
    if (memcmp(sealed.at, place, sizeof(*place)) != 0)
        return err_set(err, ERR_INPUT, "a block does not open with this key");
    for (size_t i = 0; i < sealed.len - sizeof(*place); i++)
        plain[i] = (uint8_t)(sealed.at[sizeof(*place) + i] ^ *(char *)context);
    return true;
}

TEST(a_sealed_archive_is_read_with_its_key_only)
{
    char key = 'k';
    struct archive_seal sealing = {&key, sizeof(struct archive_place), seal, unseal};
    struct archive_visit visit = {NULL, NULL, NULL};
    uint64_t number = 5, erased;
    struct err err = {0};

    folder_new();
    struct archive *archive = opened(&sealing, 1);

    added(archive, 100);
    uint64_t end = flushed(archive);

    assert_true(archive_erase(archive, &number, 1, &erased, &err));
    assert_int_equal(scanned(archive, 1, end).count, 99);
    assert_false(holds_text("record"));
    archive_close(archive);
    archive = opened(NULL, end);
    assert_false(archive_scan(archive, 1, end, &visit, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    archive_close(archive);
    folder_drop();
}

/* ---- crashes ---------------------------------------------------------------------------------------- */

/* What a process does until it is killed: adds, flushes, notes the end as committed. */
static void work_until_killed(uint64_t end, int committed)
{
    struct archive *archive = opened(NULL, end);
    uint64_t random = end;

    for (;;) {
        uint64_t erased, number, numbers[2];
        struct err err = {0};
        uint32_t tidied;

        added(archive, 1 + test_random(&random) % 20);
        end = flushed(archive);
        if (pwrite(committed, &end, sizeof(end), 0) != sizeof(end))
            _exit(1);
        number = 1 + test_random(&random) % (end - 1);
        numbers[0] = number - number % 50 + 1; /* only these are ever erased */
        if (numbers[0] < end && !archive_erase(archive, numbers, 1, &erased, &err))
            _exit(1);
        if (!archive_tidy(archive, end, &tidied, &err))
            _exit(1);
        if (end > SEEN - 100)
            _exit(0);
    }
}

TEST(a_process_killed_at_any_instant_loses_nothing_that_was_committed)
{
    uint64_t random = 3, end = 1;
    char path[96];
    int status = 0, killed = 0;

    folder_new();
    snprintf(path, sizeof(path), "%s/committed", folder);
    int committed = open(path, O_RDWR | O_CREAT, 0600);

    assert_int_equal(pwrite(committed, &end, sizeof(end), 0), sizeof(end));
    for (int i = 0; i < 40 && end < SEEN - 100; i++) {
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0)
            work_until_killed(end, committed);
        usleep((useconds_t)(test_random(&random) % 30000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        killed += WIFSIGNALED(status);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        assert_int_equal(pread(committed, &end, sizeof(end), 0), sizeof(end));
        struct archive *archive = opened(NULL, end);
        struct seen seen = scanned(archive, 1, UINT64_MAX);

        assert_int_equal(seen.damages, 0);
        for (uint64_t n = 1; n < end; n++)
            assert_true(seen.number[n] || n % 50 == 1);
        assert_true(seen.last < end);
        archive_close(archive);
    }
    assert_true(killed > 3);
    close(committed);
    folder_drop();
}

TEST(a_full_disk_is_an_error_and_nothing_committed_is_lost)
{
    struct rlimit before, limit;
    struct err err = {0};
    uint64_t number, end = 0;
    char text[512];

    folder_new();
    struct archive *archive = opened(NULL, 1);

    added(archive, 20);
    end = flushed(archive);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 1500;
    setrlimit(RLIMIT_FSIZE, &limit);
    bool good = true;

    for (uint64_t i = 0; i < 100 && good; i++)
        good = archive_add(archive, record_of(archive_size(archive).end, text), &number,
                           &err);
    assert_false(good);
    assert_int_equal(err.code, ERR_ENVIRONMENT);
    assert_false(archive_flush(archive, &number, &err));
    setrlimit(RLIMIT_FSIZE, &before);
    archive_close(archive);

    archive = opened(NULL, end);
    assert_int_equal(scanned(archive, 1, UINT64_MAX).count, 20);
    added(archive, 100);
    assert_int_equal(flushed(archive), end + 100);
    archive_close(archive);
    folder_drop();
}

TESTS(IT(what_was_flushed_is_there_after_opening_again),
      IT(an_empty_archive_has_no_records_and_can_be_opened_again),
      IT(what_no_store_committed_is_dropped_and_its_numbers_are_given_anew),
      IT(an_archive_that_lost_what_its_store_knows_does_not_open),
      IT(two_processes_do_not_hold_one_archive),
      IT(an_erased_record_is_in_no_file_and_the_others_are),
      IT(erasing_everything_leaves_numbers_that_are_not_given_again),
      IT(tidying_joins_what_many_flushes_left),
      IT(each_altered_byte_is_found_and_named),
      IT(damage_stops_a_scan_that_does_not_ask_to_be_told),
      IT(a_sealed_archive_is_read_with_its_key_only),
      IT(a_process_killed_at_any_instant_loses_nothing_that_was_committed),
      IT(a_full_disk_is_an_error_and_nothing_committed_is_lost))
