/*
 * Whole dedupe runs on a small file that the test writes: people with one to four
 * records each, some with errors, in one order of rows or the other.
 */
#include "screen/run.h"

#include "test/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEOPLE = 150, RECORDS_MAX = 4 };

static const char *const surnames[] = {"Okafor", "Smith",     "Khan",     "Nowak",
                                       "Jones",  "Lindqvist", "Abernathy"};
static const char *const forenames[] = {"Sarah", "John", "Imran", "Anna", "Priya"};
static const char *const files[] = {
    "forward.csv", "backward.csv",  "truth.csv",          "pairs-truth.csv",
    "a.csv",       "a.csv.pairs",   "a.csv.quality",      "b.csv",
    "b.csv.pairs", "b.csv.quality", "a.csv.rejected.csv", "b.csv.rejected.csv"};

/* ---- files ------------------------------------------------------------------------------ */

static unsigned records_of(int person)
{
    return 1 + (unsigned)(person * 7) % RECORDS_MAX;
}

static void put_record(FILE *file, int person, unsigned record)
{
    fprintf(file, "r%03d-%u,%s,%s%s,%d-%02d-%02d,LS%d %dAB\n", person, record,
            forenames[person % 5], surnames[person % 7], record == 2 ? "e" : "",
            1960 + person % 40, 1 + person % 12, 1 + person % 28, 1 + person % 30,
            record == 1 ? 9 : person % 8);
}

static void write_people(const char *path, bool backward)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "id,forenames,surname,date_of_birth,postcode\n");
    for (int i = 0; i < PEOPLE; i++) {
        int person = backward ? PEOPLE - 1 - i : i;
        unsigned records = records_of(person);

        for (unsigned k = 0; k < records; k++)
            put_record(file, person, backward ? records - 1 - k : k);
    }
    fclose(file);
}

static void write_truth(void)
{
    FILE *clusters = fopen("truth.csv", "w"), *pairs = fopen("pairs-truth.csv", "w");

    assert_true(clusters && pairs);
    fprintf(clusters, "id,cluster\n");
    fprintf(pairs, "left_id,right_id\n");
    for (int person = 0; person < PEOPLE; person++)
        for (unsigned k = 0; k < records_of(person); k++) {
            fprintf(clusters, "r%03d-%u,%d\n", person, k, person);
            if (k)
                fprintf(pairs, "r%03d-%u,r%03d-%u\n", person, k, person, k - 1);
        }
    fclose(clusters);
    fclose(pairs);
}

static int write_files(void **state)
{
    (void)state;
    if ((mkdir("dedupe_test.tmp", 0700) != 0 && access("dedupe_test.tmp", X_OK) != 0) ||
        chdir("dedupe_test.tmp") != 0)
        return -1;
    write_people("forward.csv", false);
    write_people("backward.csv", true);
    write_truth();
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++)
        unlink(files[i]);
    return chdir("..") == 0 ? rmdir("dedupe_test.tmp") : -1;
}

static char *contents(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;

    if (!file)
        return NULL;
    if (getdelim(&text, &size, 0, file) < 0) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

static void assert_same_files(const char *a, const char *b)
{
    char *x = contents(a), *y = contents(b);

    assert_non_null(x);
    assert_non_null(y);
    assert_string_equal(x, y);
    free(x);
    free(y);
}

/* ---- runs --------------------------------------------------------------------------------- */

static bool dedupe(const char *path, const char *out, unsigned threads,
                   const char *truth, const struct run_limits *limits,
                   struct run_summary *summary, struct err *err)
{
    char pairs[32], quality[32];
    const struct dedupe_settings beside = {pairs, quality, truth};
    const struct run_settings settings = {
        .left_path = path,
        .right_paths = &path,
        .right_count = 1,
        .out_path = out,
        .dedupe = &beside,
        .probability = 500000,
        .threads = threads,
        .pivot_year = 2026,
    };

    snprintf(pairs, sizeof(pairs), "%s.pairs", out);
    snprintf(quality, sizeof(quality), "%s.quality", out);
    return run_screen_within(&settings, limits, summary, err);
}

static void must_dedupe(const char *path, const char *out, unsigned threads,
                        const char *truth, struct run_summary *summary)
{
    struct err err = {0};

    if (!dedupe(path, out, threads, truth, &run_limits, summary, &err))
        fail_msg("%s", err.text);
}

TEST(threads_and_the_order_of_rows_make_no_difference)
{
    struct run_summary summary;

    must_dedupe("forward.csv", "a.csv", 1, NULL, &summary);
    must_dedupe("forward.csv", "b.csv", 4, NULL, &summary);
    assert_same_files("a.csv", "b.csv");
    assert_same_files("a.csv.pairs", "b.csv.pairs");
    assert_same_files("a.csv.quality", "b.csv.quality");
    must_dedupe("backward.csv", "b.csv", 2, NULL, &summary);
    assert_same_files("a.csv", "b.csv");
    assert_same_files("a.csv.pairs", "b.csv.pairs");
    assert_same_files("a.csv.quality", "b.csv.quality");
}

TEST(every_record_has_one_line_and_every_pair_one_and_none_is_of_itself)
{
    struct run_summary summary;
    char left[16], right[16], last_left[16] = "", last_right[16] = "";
    uint64_t lines = 0, pairs = 0, wanted = 0;

    must_dedupe("forward.csv", "a.csv", 2, NULL, &summary);
    for (int person = 0; person < PEOPLE; person++)
        wanted += records_of(person);

    FILE *file = fopen("a.csv", "r");

    assert_non_null(file);
    assert_int_equal(fscanf(file, "id,cluster\n"), 0);
    while (fscanf(file, "%15[^,],%15[^\n]\n", left, right) == 2)
        lines++;
    fclose(file);
    assert_int_equal(lines, wanted);
    assert_int_equal(summary.people, wanted);
    file = fopen("a.csv.pairs", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*[^\n]\n"), 0);
    while (fscanf(file, "%15[^,],%15[^,],%*[^\n]\n", left, right) == 2) {
        int order = strcmp(last_left, left);

        assert_true(strcmp(left, right) < 0);
        assert_true(order < 0 || (order == 0 && strcmp(last_right, right) < 0));
        memcpy(last_left, left, sizeof(left));
        memcpy(last_right, right, sizeof(right));
        pairs++;
    }
    fclose(file);
    assert_true(pairs > 100);
    assert_int_equal(pairs, summary.clusters.links + summary.clusters.cut);
}

TEST(truth_as_clusters_and_as_pairs_is_the_same_truth)
{
    struct run_summary a, b;

    must_dedupe("forward.csv", "a.csv", 2, "truth.csv", &a);
    must_dedupe("forward.csv", "b.csv", 2, "pairs-truth.csv", &b);
    assert_true(a.clusters.compared && b.clusters.compared);
    assert_int_equal(a.clusters.truth.pairs.truth, b.clusters.truth.pairs.truth);
    assert_int_equal(a.clusters.truth.cubed_f1, b.clusters.truth.cubed_f1);
    assert_int_equal(a.clusters.truth_unknown, 0);
    assert_true(quality_precision(&a.clusters.truth.pairs) > 950000);
    assert_true(quality_recall(&a.clusters.truth.pairs) > 980000);
}

TEST(the_share_is_fitted_to_the_file)
{
    struct run_summary summary;
    uint64_t others = 0, records = 0;

    must_dedupe("forward.csv", "a.csv", 2, NULL, &summary);
    for (int person = 0; person < PEOPLE; person++) {
        records += records_of(person);
        others += records_of(person) * (records_of(person) - 1);
    }
    assert_near(summary.clusters.share / 1e6, (double)others / (double)records, 0.15);
}

TEST(too_many_pairs_are_refused_before_memory_runs_out_and_nothing_is_left)
{
    struct run_limits limits = run_limits;
    struct run_summary summary;
    struct err err = {0};

    unlink("b.csv");
    unlink("b.csv.pairs");
    unlink("b.csv.quality");
    limits.links = 64;
    assert_false(dedupe("forward.csv", "b.csv", 2, NULL, &limits, &summary, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "--threshold"));
    assert_int_not_equal(access("b.csv", F_OK), 0);
    assert_int_not_equal(access("b.csv.pairs", F_OK), 0);
    assert_int_not_equal(access("b.csv.work", F_OK), 0);
}

TEST(rows_without_an_id_of_their_own_are_set_aside_once)
{
    struct run_summary whole, summary;
    FILE *file = fopen("forward.csv", "a");

    must_dedupe("backward.csv", "a.csv", 2, NULL, &whole);
    assert_non_null(file);
    put_record(file, 3, 0); /* again */
    fprintf(file, ",Sarah,Okafor,1960-01-01,LS1 0AB\n");
    fclose(file);
    must_dedupe("forward.csv", "b.csv", 2, NULL, &summary);
    write_people("forward.csv", false);
    assert_int_equal(summary.people_set_aside, 2);
    assert_int_equal(summary.people, whole.people);

    char *rejected = contents("b.csv.rejected.csv");
    size_t lines = 0;

    assert_non_null(rejected);
    for (const char *at = rejected; *at; at++)
        lines += *at == '\n';
    free(rejected);
    assert_int_equal(lines, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(threads_and_the_order_of_rows_make_no_difference),
        IT(every_record_has_one_line_and_every_pair_one_and_none_is_of_itself),
        IT(truth_as_clusters_and_as_pairs_is_the_same_truth),
        IT(the_share_is_fitted_to_the_file),
        IT(too_many_pairs_are_refused_before_memory_runs_out_and_nothing_is_left),
        IT(rows_without_an_id_of_their_own_are_set_aside_once),
    };

    return cmocka_run_group_tests(tests, write_files, remove_files);
}
