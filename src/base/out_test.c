#include "base/base.h"

#include "test/test.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *path = "out_test.tmp";

static void read_back(char *text, size_t size)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = 0;
    fclose(file);
}

TEST(a_file_appears_only_when_committed)
{
    struct out *out;
    struct err err;
    char text[64];

    unlink(path);
    assert_true(out_open(path, &out, &err));
    out_csv(out, STR("say \"hi\", all"));

    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(out_commit(out, &err));
    read_back(text, sizeof(text));
    assert_string_equal(text, "\"say \"\"hi\"\", all\"");
    unlink(path);
}

TEST(an_abandoned_file_leaves_nothing)
{
    struct out *out;
    struct err err;

    assert_true(out_open(path, &out, &err));
    out_text(out, "half");
    out_abandon(out);

    assert_int_not_equal(access(path, F_OK), 0);
}

TEST(a_folder_that_is_not_there_is_named_before_anything_is_written)
{
    struct out *out;
    struct err err;

    assert_false(out_open("/nonexistent-folder/x", &out, &err));

    assert_int_equal(err.code, ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "/nonexistent-folder/x"));
}

/* Through a link, so that a fault would replace the link and not the device. */
TEST(a_device_is_written_to_and_never_replaced)
{
    static const char *full = "out_test.full";
    struct out *out;
    struct stat about;
    struct err err;

    assert_int_equal(symlink("/dev/full", full), 0);
    assert_true(out_open(full, &out, &err));
    out_text(out, "more than fits");

    assert_false(out_commit(out, &err));
    assert_int_equal(err.code, ERR_ENVIRONMENT);
    assert_int_equal(lstat(full, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    unlink(full);
}

/* More than the buffer holds, so that it is flushed on the way. */
TEST(what_is_written_to_memory_is_given_back_whole)
{
    struct out *out = out_memory();

    for (int i = 0; i < 100000; i++)
        out_format(out, "%06d", i);

    char *text = out_take(out);

    assert_int_equal(strlen(text), 600000);
    assert_memory_equal(text + 6 * 54321, "054321", 6);
    assert_string_equal(text + 6 * 99999, "099999");
    free(text);
    text = out_take(out_memory());
    assert_string_equal(text, "");
    free(text);
    out = out_memory();
    out_text(out, "thrown away");
    out_abandon(out);
}

TESTS(IT(a_file_appears_only_when_committed), IT(an_abandoned_file_leaves_nothing),
      IT(a_folder_that_is_not_there_is_named_before_anything_is_written),
      IT(a_device_is_written_to_and_never_replaced),
      IT(what_is_written_to_memory_is_given_back_whole))
