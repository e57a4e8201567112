#include "screen/checkpoint.h"

#include "test/test.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *out = "checkpoint_test.csv";
static const char *folder = "checkpoint_test.csv.work";
static const char *asked = "command: wash\nthreshold: 500000\nright file 1: a.csv\n";

static bool there(enum work_file file, uint64_t number)
{
    char path[PATH_SIZE];

    work_name(folder, file, number, path);
    return access(path, F_OK) == 0;
}

static void put(enum work_file file, uint64_t number)
{
    char path[PATH_SIZE];

    work_name(folder, file, number, path);

    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    fputs("x", stream);
    fclose(stream);
}

static struct work *open_as(const char *settings, bool resume, struct checkpoint *state)
{
    struct work *work = NULL;
    struct err err = {0};

    if (!work_open(out, settings, resume, &work, state, &err))
        fail_msg("%s", err.text);
    return work;
}

TEST(a_checkpoint_is_read_back_as_it_was_saved)
{
    struct checkpoint saved = {.blocks = 12, .parts = 3, .runs = 1, .run_parts = 2};
    struct checkpoint read;
    struct work *work = open_as(asked, false, &read);
    struct err err;

    saved.work.scans = 99;
    assert_true(work_save(work, &saved, &err));
    work_close(work);
    work = open_as(asked, true, &read);

    assert_memory_equal(&read, &saved, sizeof(saved));
    work_remove(work);
    assert_int_not_equal(access(folder, F_OK), 0);
}

TEST(what_the_checkpoint_does_not_speak_of_is_removed)
{
    struct checkpoint saved = {
        .parts = 5, .runs = 2, .run_parts = 3, .top = 4, .blocks = 1};
    struct checkpoint read;
    struct work *work = open_as(asked, false, &read);
    struct err err;

    for (uint64_t i = 0; i < 8; i++)
        for (int file = WORK_HITS; file < WORK_FILE_COUNT; file++)
            put((enum work_file)file, i);
    assert_true(work_save(work, &saved, &err));
    work_close(work);
    work = open_as(asked, true, &read);

    for (uint64_t i = 0; i < 8; i++) {
        assert_int_equal(there(WORK_HITS_PART, i), i == 3 || i == 4);
        assert_int_equal(there(WORK_REJECTED_PART, i), i >= 1 && i <= 4);
        assert_int_equal(there(WORK_RUN, i), i <= 1);
        assert_int_equal(there(WORK_TOP_PART, i), i == 4);
        assert_false(there(WORK_MERGE, i));
    }
    assert_false(there(WORK_HITS, 0));
    work_remove(work);
    assert_int_not_equal(access(folder, F_OK), 0);
}

TEST(without_resume_an_old_run_is_started_over)
{
    struct checkpoint saved = {.parts = 2, .blocks = 7}, read;
    struct work *work = open_as(asked, false, &read);
    struct err err;

    put(WORK_RUN, 0);
    assert_true(work_save(work, &saved, &err));
    work_close(work);
    work = open_as(asked, false, &read);

    assert_int_equal(read.blocks, 0);
    assert_false(there(WORK_RUN, 0));
    assert_false(there(WORK_CHECKPOINT, 0));
    work_remove(work);
}

TEST(a_run_of_other_settings_is_refused_and_the_difference_named)
{
    static const struct {
        const char *settings;
        const char *named;
    } cases[] = {
        {"command: wash\nthreshold: 900000\nright file 1: a.csv\n",                  "threshold" },
        {"command: link\nthreshold: 500000\nright file 1: a.csv\n",                  "command"   },
        {"command: wash\nthreshold: 500000\n",                                       "more input"},
        {"command: wash\nthreshold: 500000\nright file 1: a.csv\nright file 2: b\n",
         "right file 2"                                                                          },
    };
    struct checkpoint saved = {.parts = 2}, read;
    struct work *work = open_as(asked, false, &read);
    struct err err;

    assert_true(work_save(work, &saved, &err));
    work_close(work);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_false(work_open(out, cases[i].settings, true, &work, &read, &err));

        assert_int_equal(err.code, ERR_REFUSED);
        if (!strstr(err.text, cases[i].named))
            fail_msg("'%s' is not in: %s", cases[i].named, err.text);
        assert_true(there(WORK_CHECKPOINT, 0));
    }
    work_remove(open_as(asked, true, &read));
}

TEST(two_runs_at_once_are_kept_apart)
{
    struct checkpoint read;
    struct work *work = open_as(asked, false, &read), *other;
    struct err err;

    assert_false(work_open(out, asked, false, &other, &read, &err));

    assert_int_equal(err.code, ERR_REFUSED);
    work_remove(work);
}

TEST(a_spoilt_checkpoint_is_refused)
{
    struct checkpoint read;
    struct work *work = open_as(asked, false, &read);
    struct err err;

    put(WORK_CHECKPOINT, 0);
    work_close(work);

    assert_false(work_open(out, asked, true, &work, &read, &err));

    assert_int_equal(err.code, ERR_REFUSED);
    work_remove(open_as(asked, false, &read));
}

/* Through a link, so that a run that does replace it replaces the link. */
TEST(a_device_is_never_replaced)
{
    static const char *link = "checkpoint_test.null";
    struct checkpoint read;
    struct work *work;
    struct stat about;
    struct err err;

    assert_int_equal(symlink("/dev/null", link), 0);

    assert_false(work_open(link, asked, false, &work, &read, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    work = open_as(asked, false, &read);
    put(WORK_HITS, 0);
    assert_false(work_deliver(work, WORK_HITS, link, &err));

    assert_int_equal(err.code, ERR_REFUSED);
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    unlink(link);
    work_remove(work);
}

TEST(files_of_others_in_the_folder_are_left_alone)
{
    struct checkpoint read;
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/notes.txt", folder);
    mkdir(folder, 0700);
    fclose(fopen(path, "w"));

    work_remove(open_as(asked, false, &read));

    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
    rmdir(folder);
}

TESTS(IT(a_checkpoint_is_read_back_as_it_was_saved),
      IT(what_the_checkpoint_does_not_speak_of_is_removed),
      IT(without_resume_an_old_run_is_started_over),
      IT(a_run_of_other_settings_is_refused_and_the_difference_named),
      IT(two_runs_at_once_are_kept_apart), IT(a_spoilt_checkpoint_is_refused),
      IT(a_device_is_never_replaced), IT(files_of_others_in_the_folder_are_left_alone))
