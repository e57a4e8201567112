/* The files as others get them. Everything is written below one folder of the test. */
#include "sample/sample.h"

#include "test/test.h"

#include <regex.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
    "workforce.csv",         "groups.csv",   "truth.csv", "lookalikes.csv",
    "intelligence-0001.csv", "manifest.json"};

static void make(const char *folder, uint64_t seed, unsigned threads, bool force,
                 struct sample_summary *summary)
{
    struct sample_settings settings = {.preset = "unit",
                                       .seed = seed,
                                       .out = folder,
                                       .threads = threads,
                                       .force = force};
    struct err err = {0};

    if (!sample_make(&settings, summary, &err))
        fail_msg("%s", err.text);
}

static char *read_file(const char *folder, const char *name, size_t *size)
{
    char path[256];
    struct stat about;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    char *text = malloc((size_t)about.st_size + 1);

    assert_non_null(text);
    *size = fread(text, 1, (size_t)about.st_size, file);
    text[*size] = 0;
    fclose(file);
    return text;
}

static void sweep(const char *folder)
{
    char path[256];

    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

TEST(one_thread_and_sixteen_write_the_same_bytes)
{
    struct sample_summary a, b;

    make("sample_test_a", 5, 1, true, &a);
    make("sample_test_b", 5, 16, true, &b);

    for (size_t i = 0; i < COUNT(names); i++) {
        size_t size_a, size_b;
        char *text_a = read_file("sample_test_a", names[i], &size_a);
        char *text_b = read_file("sample_test_b", names[i], &size_b);

        assert_int_equal(size_a, size_b);
        assert_memory_equal(text_a, text_b, size_a);
        free(text_a);
        free(text_b);
    }
    assert_int_equal(a.workforce_rows, 2000);
    assert_int_equal(a.mentions, 20000);
    assert_int_equal(a.class_people[5], 3);
    sweep("sample_test_a");
    sweep("sample_test_b");
}

/* The next field of CSV, quotes taken off; *end is ',' or '\n'. */
static char *field(char **rest, char *end)
{
    char *start = *rest, *to = start, *at = start;
    bool quoted = *at == '"';

    for (at += quoted; *at; at++) {
        if (quoted && *at == '"' && at[1] == '"')
            at++;
        else if (quoted && *at == '"') {
            quoted = false;
            continue;
        } else if (!quoted && (*at == ',' || *at == '\n')) {
            break;
        }
        *to++ = *at;
    }
    *end = *at;
    *rest = *at ? at + 1 : at;
    *to = 0;
    return start;
}

enum { COLUMNS_MAX = 64 };

static size_t record(char **rest, char *fields[COLUMNS_MAX])
{
    size_t count = 0;
    char end = ',';

    while (**rest && end == ',' && count < COLUMNS_MAX)
        fields[count++] = field(rest, &end);
    return count;
}

TEST(another_seed_shares_no_row)
{
    struct sample_summary summary;

    make("sample_test_a", 5, 2, true, &summary);
    make("sample_test_b", 6, 2, true, &summary);
    for (size_t i = 0; i < 2; i++) {
        const char *name = i ? "intelligence-0001.csv" : "workforce.csv";
        size_t size;
        char *a = read_file("sample_test_a", name, &size);
        char *b = read_file("sample_test_b", name, &size);
        char *line_a = strchr(a, '\n') + 1, *line_b = strchr(b, '\n') + 1;

        while (*line_a &&
               *line_b) { /* ids are of the place: rows can meet there only */
            size_t len_a = strcspn(line_a, "\n"), len_b = strcspn(line_b, "\n");

            assert_false(len_a == len_b && memcmp(line_a, line_b, len_a) == 0);
            line_a += len_a + 1;
            line_b += len_b + 1;
        }
        free(a);
        free(b);
    }
    sweep("sample_test_a");
    sweep("sample_test_b");
}

/* What may stand in the columns of identifiers; empty is always allowed. */
static const struct {
    const char *file, *column, *pattern;
} reserved[] = {
    {"workforce.csv",         "ni_number",      "^QQ[0-9]{6}[A-D]$"                      },
    {"workforce.csv",         "mobile",         "^07700 900[0-9]{3}$"                    },
    {"workforce.csv",         "home_phone",     "^(020 7946|0113 496) 0[0-9]{3}$"        },
    {"workforce.csv",         "personal_email", "^[a-z.0-9]+@example\\.(com|org|net)$"   },
    {"workforce.csv",         "work_email",     "^[a-z.0-9]+@example\\.(com|org|net)$"   },
    {"workforce.csv",         "vehicle_vrm",    "^[IQZ][A-Z][0-9]{2} [A-Z]{3}$"          },
    {"intelligence-0001.csv", "phone",
     "^(07700 900[0-9]{3}|(020 7946|0113 496) 0[0-9]{3})$"                               },
    {"intelligence-0001.csv", "email",          "^[a-z.0-9]+@example\\.(com|org|net)$"   },
    {"intelligence-0001.csv", "vrm",            "^[IQZ][A-Z][0-9]{2} [A-Z]{3}$"          },
    {"intelligence-0001.csv", "pnc_id",         "^00/[0-9]{7}[A-Z]$"                     },
    {"intelligence-0001.csv", "dob",            "^[12][0-9]{3}(-[01][0-9]-[0-3][0-9])?$" },
    {"intelligence-0001.csv", "postcode",       "^[A-Z]{1,2}[0-9]{1,2}( [0-9][A-Z]{2})?$"},
};

static void column_check(const char *file, const char *column, const char *pattern)
{
    size_t size, count = 0, at = COLUMNS_MAX, columns, filled = 0;
    char *text = read_file("sample_test_a", file, &size), *rest = text;
    char *fields[COLUMNS_MAX];
    regex_t regex;

    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    columns = record(&rest, fields);
    for (size_t i = 0; i < columns; i++)
        if (strcmp(fields[i], column) == 0)
            at = i;
    assert_true(at < columns);
    while ((count = record(&rest, fields)) > 0) {
        assert_int_equal(count, columns);
        filled += fields[at][0] != 0;
        if (fields[at][0] && regexec(&regex, fields[at], 0, NULL, 0) != 0)
            fail_msg("%s of %s is out of the reserved range: %s", column, file,
                     fields[at]);
    }
    assert_true(filled > 20);
    regfree(&regex);
    free(text);
}

TEST(identifiers_are_of_ranges_that_nobody_has)
{
    struct sample_summary summary;

    make("sample_test_a", 9, 2, true, &summary);
    for (size_t i = 0; i < COUNT(reserved); i++)
        column_check(reserved[i].file, reserved[i].column, reserved[i].pattern);
    sweep("sample_test_a");
}

TEST(truth_joins_rows_of_both_files_and_each_pair_stands_once)
{
    struct sample_summary summary;
    size_t size;
    char *fields[COLUMNS_MAX];
    uint64_t pairs = 0, last = 0;

    make("sample_test_a", 9, 2, true, &summary);
    char *text = read_file("sample_test_a", "truth.csv", &size), *rest = text;

    assert_int_equal(record(&rest, fields), 9);
    assert_string_equal(fields[0], "left_id");
    assert_string_equal(fields[1], "right_id");
    for (uint64_t left_before = 0; record(&rest, fields) == 9; pairs++) {
        uint64_t left = strtoull(fields[0] + 1, NULL, 10);
        uint64_t right = strtoull(fields[1] + 1, NULL, 10);

        assert_true(fields[0][0] == 'P' && left >= 1 && left <= 2000);
        assert_true(fields[1][0] == 'M' && right >= last && right <= 20000);
        assert_true(right > last || left != left_before);
        last = right;
        left_before = left;
    }

    assert_int_equal(pairs, summary.true_pairs);
    assert_true(pairs > 2000);
    free(text);
    sweep("sample_test_a");
}

TEST(the_same_sample_is_not_made_twice_and_another_is_not_overwritten)
{
    struct sample_summary first, again;
    struct sample_settings other = {
        .preset = "unit", .seed = 4, .out = "sample_test_a", .threads = 1};
    struct err err = {0};

    make("sample_test_a", 3, 2, true, &first);
    make("sample_test_a", 3, 1, false, &again);

    assert_false(first.already_there);
    assert_true(again.already_there);
    assert_int_equal(again.true_pairs, first.true_pairs);
    assert_false(sample_make(&other, &again, &err));
    assert_int_equal(err.code, ERR_USAGE);
    sweep("sample_test_a");
}

TEST(an_unknown_preset_names_those_there_are)
{
    struct sample_settings settings = {.preset = "huge", .out = "sample_test_a"};
    struct sample_summary summary;
    struct err err = {0};

    assert_false(sample_make(&settings, &summary, &err));

    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.text, "stress"));
}

TESTS(IT(one_thread_and_sixteen_write_the_same_bytes), IT(another_seed_shares_no_row),
      IT(identifiers_are_of_ranges_that_nobody_has),
      IT(truth_joins_rows_of_both_files_and_each_pair_stands_once),
      IT(the_same_sample_is_not_made_twice_and_another_is_not_overwritten),
      IT(an_unknown_preset_names_those_there_are))
