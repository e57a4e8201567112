/*
 * Whole runs on small files that the test writes. Each right file is at least one
 * block, so a handful of small files make a stream of several blocks.
 */
#include "screen/run.h"

#include "test/test.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEOPLE = 120, FILES = 5, ROWS = 150, BLOCKS = FILES + 1, RIVAL_EVERY = 7 };

static const char *const surnames[] = {"Okafor", "Smith", "Khan",   "Nowak",
                                       "Jones",  "Patel", "O'Hara", "Lindqvist"};
static const char *const forenames[] = {"Sarah", "John",  "Imran",
                                        "Anna",  "Peter", "Priya"};
static const char *const roles[] = {"suspect", "victim", "officer in case",
                                    "witness", "",       "astronaut"};

static const char *right_files[FILES] = {"r0.csv", "r1.csv", "r2.csv", "r3.csv",
                                         "r4.csv"};

/* ---- files ------------------------------------------------------------------------------ */

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    return file;
}

static void put_person(FILE *file, int person)
{
    fprintf(file, "%s,%s,%d-%02d-%02d,LS%d 2AB", forenames[person % 6],
            surnames[person % 8], 1960 + person % 40, 1 + person % 12, 1 + person % 28,
            1 + person % 30);
}

/* Ids not in the order of the file; the last row comes a second time. */
static void write_left(void)
{
    FILE *file = open_file("left.csv");

    fprintf(file, "id,forenames,surname,date_of_birth,postcode\n");
    for (int i = 0; i <= PEOPLE; i++) {
        int person = i < PEOPLE ? i : PEOPLE - 1;

        fprintf(file, "P%d,", (person * 37) % PEOPLE);
        put_person(file, person);
        fprintf(file, "\n");
    }
    fclose(file);
}

/* Mentions of the people, some with another birth date, a few rows spoilt. */
static void write_right(int number)
{
    FILE *file = open_file(right_files[number]);
    uint64_t seed = (uint64_t)number;
    bool long_file = number == 2; /* more than one block */

    fprintf(file, "id,record_id,role,forenames,surname,date_of_birth,postcode,text\n");
    for (int i = 0; i < ROWS; i++) {
        int person = (int)(test_random(&seed) % PEOPLE);

        fprintf(file, "M%d-%d,R%d,%s,", number, (i * 7) % ROWS, i / 3, roles[i % 6]);
        put_person(file, person);
        fprintf(file, ",\"said, \"\"no\"\"");
        for (int filler = 0; long_file && filler < 800; filler++)
            fprintf(file, "0123456789");
        fprintf(file, i % 50 == 49 ? "\",one too many\n" : "\"\n");
    }
    fclose(file);
}

/* Runs a line of shell; its exit status. */
static int shell(const char *line)
{
    const char *const arguments[] = {"sh", "-c", line, NULL};
    char *copies[COUNT(arguments)] = {NULL};
    pid_t child;
    int status;

    for (size_t i = 0; arguments[i]; i++)
        copies[i] = strdup(arguments[i]);
    assert_int_equal(posix_spawnp(&child, "sh", NULL, NULL, copies, environ), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    for (size_t i = 0; copies[i]; i++)
        free(copies[i]);
    return status;
}

/* Maps in which the postcode is an other column; the forename is one beside. */
static void write_maps(const char *kind)
{
    static const char *const more[] = {
        "", ",\"record_id\":\"record_id\",\"role\":\"role\""};

    for (int i = 0; i < 2; i++) {
        FILE *file = open_file(i ? "right.json" : "left.json");

        fprintf(
            file,
            "{\"id\":\"id\",\"forenames\":\"forenames\",\"surname\":\"surname\","
            "\"date_of_birth\":\"date_of_birth\"%s,\"compare\":{\"quarter\":"
            "{\"column\":\"postcode\",\"kind\":\"%s\"},\"called\":\"forenames\"}}\n",
            more[i], kind);
        fclose(file);
    }
}

static int write_files(void **state)
{
    (void)state;
    if ((mkdir("run_test.tmp", 0700) != 0 && access("run_test.tmp", X_OK) != 0) ||
        chdir("run_test.tmp") != 0)
        return -1;
    write_left();
    for (int i = 0; i < FILES; i++)
        write_right(i);
    write_maps("number");
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    return chdir("..") == 0 ? shell("rm -rf run_test.tmp") : -1;
}

static struct bytes contents(const char *path)
{
    struct bytes bytes = {memory_new(1, 1), 0, 0};
    int fd = open(path, O_RDONLY);
    struct stat about;

    if (fd < 0)
        return bytes;
    assert_int_equal(fstat(fd, &about), 0);
    bytes.at = memory_grow(bytes.at, (size_t)about.st_size + 1, 1);
    bytes.size = (size_t)about.st_size;
    assert_int_equal(read(fd, bytes.at, bytes.size), about.st_size);
    bytes.at[bytes.size] = 0;
    close(fd);
    return bytes;
}

static bool there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* ---- runs --------------------------------------------------------------------------------- */

static struct run_settings wash_to(const char *out)
{
    return (struct run_settings){
        .left_path = "left.csv",
        .right_paths = right_files,
        .right_count = FILES,
        .out_path = out,
        .wash = true,
        .probability = 10000,
        .threads = 2,
        .pivot_year = 2026,
        .started = "2026-01-01T00:00:00Z",
    };
}

static void must_run(const struct run_settings *settings,
                     const struct run_limits *limits, struct run_summary *summary)
{
    struct err err = {0};

    if (!run_screen_within(settings, limits, summary, &err))
        fail_msg("%s", err.text);
}

static const char *const endings[] = {"", ".rejected.csv", ".clerical.csv"};

static void assert_same_results(const char *a, const char *b)
{
    for (size_t i = 0; i < COUNT(endings); i++) {
        char path_a[64], path_b[64];

        snprintf(path_a, sizeof(path_a), "%s%s", a, endings[i]);
        snprintf(path_b, sizeof(path_b), "%s%s", b, endings[i]);
        assert_int_equal(there(path_a), there(path_b));

        struct bytes x = contents(path_a), y = contents(path_b);

        assert_int_equal(x.size, y.size);
        assert_memory_equal(x.at, y.at, x.size);
        free(x.at);
        free(y.at);
    }
}

static void assert_no_trace(const char *out)
{
    char path[64];

    for (size_t i = 0; i < COUNT(endings); i++) {
        snprintf(path, sizeof(path), "%s%s", out, endings[i]);
        assert_false(there(path));
    }
    snprintf(path, sizeof(path), "%s.work", out);
    assert_false(there(path));
}

static void remove_results(const char *out)
{
    char command[64];

    snprintf(command, sizeof(command), "rm -rf %s %s.*", out, out);
    assert_int_equal(shell(command), 0);
}

/* ---- what is written -------------------------------------------------------------------------- */

static bool next_line(struct str *rest, char line[4096])
{
    struct str cut;

    if (!str_cut(rest, '\n', &cut) || cut.len == 0)
        return false;
    snprintf(line, 4096, "%.*s", STR_ARG(cut));
    return true;
}

TEST(hits_are_sorted_by_person_then_score_then_record)
{
    struct run_settings settings = wash_to("sorted.csv");
    struct run_summary summary;
    char line[4096], last_person[32] = "", person[32], last_record[32] = "", record[32];
    double last_score = 0, score, probability;
    uint64_t hits = 0;

    must_run(&settings, &run_limits, &summary);

    struct bytes all = contents("sorted.csv");
    struct str rest = {all.at, all.size};

    assert_true(next_line(&rest, line));
    assert_memory_equal(line,
                        "person_id,record_id,probability,score_bits,surname_level", 56);
    assert_non_null(strstr(line,
                           "vehicle_bits,role,source_force,record_type,event_date,"
                           "grading,handling,record"));
    for (; next_line(&rest, line); hits++) {
        assert_int_equal(sscanf(line, "%31[^,],%31[^,],%lf,%lf", person, record,
                                &probability, &score),
                         4);
        int order = strcmp(last_person, person);

        assert_true(order <= 0);
        assert_true(order < 0 || last_score >= score);
        assert_true(order < 0 || last_score > score || strcmp(last_record, record) < 0);
        assert_near(probability, 1 / (1 + exp2(-score)), 1e-5);
        snprintf(last_person, sizeof(last_person), "%s", person);
        snprintf(last_record, sizeof(last_record), "%s", record);
        last_score = score;
    }
    assert_true(hits >= ROWS);
    assert_int_equal(hits, summary.hits);
    free(all.at);
    remove_results("sorted.csv");
}

static struct run_settings wash_with_other_columns(const char *out)
{
    struct run_settings settings = wash_to(out);

    settings.left_map = "left.json";
    settings.right_map = "right.json";
    return settings;
}

static void the_score_is_the_sum(struct run_settings settings, int comparisons)
{
    struct run_summary summary;
    char line[4096];

    must_run(&settings, &run_limits, &summary);

    struct bytes all = contents("sum.csv");
    struct str rest = {all.at, all.size};

    assert_true(next_line(&rest, line));
    while (next_line(&rest, line)) {
        struct str values = str_of(line), value;
        double sum = (double)summary.prior / BITS_ONE, score = 0;

        for (int i = 0; i < 4 + 2 * comparisons; i++) {
            assert_true(str_cut(&values, ',', &value));
            if (i == 3)
                score = strtod(value.at, NULL);
            if (i >= 4 && i % 2 == 1)
                sum += strtod(value.at, NULL);
        }
        assert_near(sum, score, 0.00005 * (2 + comparisons));
    }
    free(all.at);
    remove_results("sum.csv");
}

TEST(the_score_written_is_the_prior_and_the_evidence_written)
{
    the_score_is_the_sum(wash_to("sum.csv"), COMPARISON_COUNT);
    the_score_is_the_sum(wash_with_other_columns("sum.csv"), COMPARISON_COUNT + 2);
}

TEST(other_columns_stand_behind_the_comparisons_that_are_always_there)
{
    struct run_settings settings = wash_with_other_columns("others.csv");
    struct run_summary summary;
    char line[4096];

    settings.report_path = "others.html";
    must_run(&settings, &run_limits, &summary);

    struct bytes all = contents("others.csv"), page = contents("others.html");
    struct str rest = {all.at, all.size};
    uint64_t said = 0;

    assert_true(next_line(&rest, line));
    assert_non_null(strstr(line, ",vehicle_level,vehicle_bits,called_level,called_bits,"
                                 "quarter_level,quarter_bits,role,source_force,"));
    while (next_line(&rest, line))
        said += strstr(line, ",missing,0.0000,exact,") != NULL;
    assert_true(said > ROWS);
    assert_non_null(strstr(page.at, "<th scope=\"row\">quarter</th><td><bdi>LS"));
    assert_non_null(strstr(page.at, "same quarter"));
    free(all.at);
    free(page.at);
    unlink("others.html");
    remove_results("others.csv");
}

TEST(a_person_whose_id_comes_twice_is_set_aside_and_named_by_row)
{
    struct run_settings settings = wash_to("twice.csv");
    struct run_summary summary;
    char wanted[64];

    must_run(&settings, &run_limits, &summary);

    struct bytes rejected = contents("twice.csv.rejected.csv");

    assert_int_equal(summary.people, PEOPLE);
    assert_int_equal(summary.people_set_aside, 1);
    assert_string_equal(summary.rejected_path, "twice.csv.rejected.csv");
    assert_int_equal(summary.mentions, FILES * (ROWS - ROWS / 50));
    assert_int_equal(summary.mentions_set_aside, FILES * (ROWS / 50));
    assert_memory_equal(rejected.at, "file,row,column,wanted,problem\n", 31);
    snprintf(wanted, sizeof(wanted), "left.csv,%d,id,", PEOPLE + 1);
    assert_non_null(strstr(rejected.at, wanted));
    assert_non_null(strstr(rejected.at, "r4.csv,50,"));
    assert_null(strstr(rejected.at, "Okafor"));
    free(rejected.at);
    remove_results("twice.csv");
}

TEST(counts_by_role_add_up)
{
    struct run_settings settings = wash_to("roles.csv");
    struct run_summary summary;
    uint64_t sum = 0;

    must_run(&settings, &run_limits, &summary);

    for (size_t i = 0; i < ROLE_CLASS_COUNT; i++)
        sum += summary.hits_by_role[i];
    assert_int_equal(sum, summary.hits);
    assert_true(summary.hits_by_role[ROLE_ADVERSE] > 0);
    assert_true(summary.hits_by_role[ROLE_WELFARE] > 0);
    assert_true(summary.hits_by_role[ROLE_POLICE] > 0);
    assert_true(summary.hits_by_role[ROLE_UNKNOWN] > 0);
    assert_int_equal(summary.people_hit, PEOPLE);
    remove_results("roles.csv");
}

TEST(pairs_for_clerical_review_are_those_between_the_thresholds)
{
    struct run_settings settings = wash_to("band.csv");
    struct run_summary both, low;

    settings.wash = false;
    settings.probability = 990000;
    settings.clerical = 100;
    must_run(&settings, &run_limits, &both);

    settings.out_path = "low.csv";
    settings.probability = 100;
    settings.clerical = 0;
    must_run(&settings, &run_limits, &low);

    struct bytes hits = contents("band.csv"),
                 review = contents("band.csv.clerical.csv");
    struct bytes all = contents("low.csv");
    struct str rest = {all.at, all.size}, hit = {hits.at, hits.size};
    struct str doubt = {review.at, review.size};
    char line[4096], own[4096], head[4096];
    uint64_t in_doubt = 0;

    assert_true(next_line(&rest, head) && next_line(&hit, line) &&
                next_line(&doubt, own));
    assert_string_equal(head, line);
    assert_string_equal(head, own);
    assert_memory_equal(head, "left_id,right_id,probability,score_bits,", 40);
    assert_null(strstr(head, "role"));
    while (next_line(&rest, line)) { /* every pair is in one of them, in order */
        bool high = strtod(strchr(strchr(line, ',') + 1, ',') + 1, NULL) >= 0.99;

        assert_true(next_line(high ? &hit : &doubt, own));
        assert_string_equal(own, line);
        in_doubt += !high;
    }
    assert_true(in_doubt > 0);
    assert_int_equal(both.hits + in_doubt, low.hits);
    free(hits.at);
    free(review.at);
    free(all.at);
    remove_results("band.csv");
    remove_results("low.csv");
}

/* ---- the share ------------------------------------------------------------------------------- */

/* Rows of which every eighth concerns one of the people. */
static void write_strangers(const char *path, int rows)
{
    FILE *file = open_file(path);

    fprintf(file, "id,record_id,role,forenames,surname,date_of_birth,postcode\n");
    for (int i = 0; i < rows; i++) {
        fprintf(file, "S%d,R%d,suspect,", i, i);
        if (i % 8 == 0)
            put_person(file, i / 8 % PEOPLE);
        else
            fprintf(file, "Xx%c%c,Zz%c%c,1931-01-01,EX4 4QJ", 'a' + i % 26,
                    'a' + i / 26 % 26, 'a' + i / 7 % 26, 'a' + i / 31 % 26);
        fprintf(file, "\n");
    }
    fclose(file);
}

TEST(a_run_with_the_share_fitted_is_the_run_with_that_share_given)
{
    static const char *const strangers[] = {"strangers.csv"};
    struct run_settings settings = wash_to("fitted.csv");
    struct run_summary fitted, other, given;

    write_strangers("strangers.csv", 800);
    settings.right_paths = strangers;
    settings.right_count = 1;
    settings.wash = false;
    must_run(&settings, &run_limits, &fitted);
    assert_int_equal(fitted.share_from, SHARE_FITTED);
    assert_in_range(fitted.share, 110000, 130000); /* one in eight */
    assert_in_range(fitted.share_seen, 110000, 130000);

    settings.out_path = "other.csv";
    settings.probability = 700000; /* the threshold has no part in it */
    must_run(&settings, &run_limits, &other);
    assert_int_equal(other.share, fitted.share);
    assert_int_equal(other.prior, fitted.prior);

    settings.out_path = "given.csv";
    settings.probability = 10000;
    settings.share = fitted.share;
    must_run(&settings, &run_limits, &given);
    assert_int_equal(given.share_from, SHARE_GIVEN);
    assert_int_equal(given.prior, fitted.prior);
    assert_same_results("fitted.csv", "given.csv");
    remove_results("fitted.csv");
    remove_results("other.csv");
    remove_results("given.csv");
}

TEST(of_too_few_mentions_no_share_is_fitted)
{
    static const char *const strangers[] = {"strangers.csv"};
    struct run_settings settings = wash_to("few.csv");
    struct run_summary few, given;

    write_strangers("strangers.csv", 80); /* ten concern somebody */
    settings.right_paths = strangers;
    settings.right_count = 1;
    must_run(&settings, &run_limits, &few);
    assert_int_equal(few.share_from, SHARE_ASSUMED);
    assert_int_equal(few.share, 10000);

    settings.out_path = "given.csv";
    settings.share = 10000;
    must_run(&settings, &run_limits, &given);
    assert_same_results("few.csv", "given.csv");
    remove_results("few.csv");
    remove_results("given.csv");
}

/* ---- the same bytes, however ------------------------------------------------------------------- */

TEST(any_number_of_threads_gives_the_same_bytes)
{
    static const unsigned threads[] = {2, 7};
    struct run_settings settings = wash_to("one.csv");
    struct run_summary one, many;

    settings.threads = 1;
    must_run(&settings, &run_limits, &one);
    for (size_t i = 0; i < COUNT(threads); i++) {
        settings.out_path = "many.csv";
        settings.threads = threads[i];
        must_run(&settings, &run_limits, &many);

        assert_same_results("one.csv", "many.csv");
        assert_int_equal(one.hits, many.hits);
        assert_memory_equal(&one.work, &many.work, sizeof(one.work));
    }
    remove_results("one.csv");
    remove_results("many.csv");
}

TEST(a_buffer_that_overflows_gives_the_same_bytes)
{
    static const size_t sizes[] = {1, 4096, 30000};
    struct run_settings settings = wash_to("kept.csv");
    struct run_summary summary;

    must_run(&settings, &run_limits, &summary);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct run_limits limits = run_limits;

        limits.spill_bytes = sizes[i];
        limits.fan_in = 2;
        settings.out_path = "spilt.csv";
        must_run(&settings, &limits, &summary);

        assert_same_results("kept.csv", "spilt.csv");
        assert_false(there("spilt.csv.work"));
    }
    remove_results("kept.csv");
    remove_results("spilt.csv");
}

/* ---- stopped, killed, resumed --------------------------------------------------------------------- */

struct ending {
    uint64_t blocks; /* end after that many */
    int number;      /* by this signal */
};

static void end_there(void *context, const struct progress *progress)
{
    struct ending *ending = context;

    (void)progress;
    if (--ending->blocks == 0)
        raise(ending->number);
}

static const struct run_limits hasty = {
    .spill_bytes = 20000, .fan_in = 2, .top = {4, 3, 3, 0, 5},
            .sample_blocks = 3
};

/* Runs in another process that ends after so many blocks; gives its exit status. */
static int run_until(struct run_settings settings, struct ending ending)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        struct run_summary summary;
        struct err err = {0};

        stop_on_signals();
        settings.context = &ending;
        settings.progress = end_there;
        _exit(run_screen_within(&settings, &hasty, &summary, &err) ? 0 : (int)err.code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void resumes_after(struct run_settings settings, int number, int wanted_status,
                          const char *report)
{
    struct run_limits patient = run_limits;
    struct run_summary whole, resumed;

    settings.report_path = report;
    patient.sample_blocks = hasty.sample_blocks; /* frequencies are part of the score */
    memcpy(patient.top, hasty.top, sizeof(patient.top));
    must_run(&settings, &patient, &whole);
    assert_int_equal(whole.blocks, BLOCKS);
    settings.out_path = "broken.csv";
    for (uint64_t at = 1; at <= BLOCKS; at++) {
        settings.resume = false;
        settings.threads = 1 + (unsigned)(at % 3);
        assert_int_equal(run_until(settings, (struct ending){at, number}),
                         wanted_status);
        assert_false(there("broken.csv"));
        assert_false(there("broken.csv.rejected.csv"));
        assert_true(there("broken.csv.work"));
        settings.resume = true;
        if (at + 1 < BLOCKS) /* and once more */
            assert_int_equal(run_until(settings, (struct ending){1, number}),
                             wanted_status);
        must_run(&settings, &hasty, &resumed);

        assert_same_results("whole.csv", "broken.csv");
        assert_false(there("broken.csv.work"));
        assert_int_equal(there("page.html"), report != NULL);
        assert_int_equal(resumed.hits, whole.hits);
        assert_int_equal(resumed.mentions, whole.mentions);
        assert_int_equal(resumed.values_set_aside, whole.values_set_aside);
        assert_int_equal(resumed.blocks, whole.blocks);
        assert_memory_equal(&resumed.work, &whole.work, sizeof(whole.work));
        remove_results("broken.csv");
    }
    remove_results("whole.csv");
}

TEST(a_run_that_is_stopped_at_any_block_goes_on_with_the_same_bytes)
{
    resumes_after(wash_to("whole.csv"), SIGINT, ERR_STOPPED, NULL);
}

TEST(a_run_that_is_killed_at_any_block_goes_on_with_the_same_bytes)
{
    resumes_after(wash_to("whole.csv"), SIGKILL, -1, "page.html");
}

TEST(a_killed_run_with_other_columns_goes_on_with_the_same_bytes)
{
    resumes_after(wash_with_other_columns("whole.csv"), SIGKILL, -1, "page.html");
}

TEST(a_stopped_run_is_not_taken_up_with_another_map)
{
    struct run_settings settings = wash_with_other_columns("mapped.csv");
    struct run_summary summary;
    struct err err = {0};

    assert_int_equal(run_until(settings, (struct ending){2, SIGINT}), ERR_STOPPED);
    write_maps("word");
    settings.resume = true;
    assert_false(run_screen(&settings, &summary, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    write_maps("number");
    remove_results("mapped.csv");
}

TEST(a_stopped_run_whose_input_changed_is_refused)
{
    struct run_settings settings = wash_to("changed.csv");
    struct run_summary summary;
    struct err err = {0};

    assert_int_equal(run_until(settings, (struct ending){2, SIGINT}), ERR_STOPPED);
    settings.resume = true;
    settings.probability = 20000;
    assert_false(run_screen(&settings, &summary, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_non_null(strstr(err.text, "threshold"));

    settings.probability = 10000;
    write_right(3); /* the same bytes, later */
    assert_false(run_screen(&settings, &summary, &err));

    assert_int_equal(err.code, ERR_REFUSED);
    assert_non_null(strstr(err.text, "right file 4"));
    assert_true(there("changed.csv.work/checkpoint"));
    settings.resume = false;
    must_run(&settings, &run_limits, &summary);
    assert_int_equal(summary.resumed_blocks, 0);
    remove_results("changed.csv");
}

TEST(resume_without_a_stopped_run_starts_at_the_beginning)
{
    struct run_settings settings = wash_to("fresh.csv");
    struct run_summary summary;

    settings.resume = true;
    must_run(&settings, &run_limits, &summary);

    assert_int_equal(summary.resumed_blocks, 0);
    assert_int_equal(summary.blocks, BLOCKS);
    remove_results("fresh.csv");
}

/* ---- standard streams -------------------------------------------------------------------------------- */

/* The run of a child whose standard streams are files. */
static int run_with_streams(const struct run_settings *settings, const char *in,
                            const char *out)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        struct run_summary summary;
        struct err err = {0};
        int from = open(in, O_RDONLY), to = open(out, O_WRONLY | O_CREAT, 0600);

        dup2(from, STDIN_FILENO);
        dup2(to, STDOUT_FILENO);
        _exit(run_screen(settings, &summary, &err) ? 0 : (int)err.code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(standard_input_and_output_give_the_same_bytes_and_no_other_file)
{
    static const char *const standard[] = {"-"};
    struct run_settings settings = wash_to("file.csv");
    struct run_summary summary;

    settings.right_paths = &right_files[2];
    settings.right_count = 1;
    must_run(&settings, &run_limits, &summary);
    settings.right_paths = standard;
    settings.out_path = "-";
    assert_int_equal(run_with_streams(&settings, right_files[2], "piped.csv"), 0);

    struct bytes file = contents("file.csv"), piped = contents("piped.csv");

    assert_true(summary.blocks > 1);
    assert_int_equal(file.size, piped.size);
    assert_memory_equal(file.at, piped.at, file.size);
    assert_false(there("-.rejected.csv"));
    assert_false(there("-.work"));
    free(file.at);
    free(piped.at);
    remove_results("file.csv");
    remove_results("piped.csv");
}

TEST(what_cannot_be_done_is_refused_before_anything_is_written)
{
    static const char *const standard[] = {"-"};
    static const char *const input[] = {"left.csv"};
    struct run_settings stdin_resumed = wash_to("no.csv"), same = wash_to("left.csv");
    struct run_settings twice = wash_to("no.csv"), clerical = wash_to("no.csv");
    struct run_settings report = wash_to("no.csv"), nowhere = wash_to("none/no.csv");
    struct run_settings missing = wash_to("no.csv");

    stdin_resumed.right_paths = standard;
    stdin_resumed.right_count = 1;
    stdin_resumed.resume = true;
    same.right_paths = input;
    same.right_count = 1;
    twice.left_path = "-";
    twice.right_paths = standard;
    twice.right_count = 1;
    clerical.clerical = clerical.probability;
    report.left_path = "-";
    report.report_path = "no.html";
    missing.left_path = "there-is-no-such-file.csv";

    const struct {
        const struct run_settings *settings;
        enum err_code code;
    } cases[] = {
        {&stdin_resumed, ERR_REFUSED    },
        {&same,          ERR_USAGE      },
        {&twice,         ERR_USAGE      },
        {&clerical,      ERR_USAGE      },
        {&report,        ERR_REFUSED    },
        {&nowhere,       ERR_ENVIRONMENT},
        {&missing,       ERR_INPUT      },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct run_summary summary;
        struct err err = {0};

        assert_false(run_screen(cases[i].settings, &summary, &err));
        if (err.code != cases[i].code)
            fail_msg("case %zu: code %d: %s", i, (int)err.code, err.text);
        assert_no_trace("no.csv");
        assert_false(there("no.html"));
    }
    assert_true(there("left.csv"));
}

TEST(a_file_that_ends_too_soon_leaves_nothing_behind)
{
    static const char *const files[] = {"r0.csv", "cut.csv.gz"};
    struct run_settings settings = wash_to("cut-out.csv");
    struct run_summary summary;
    struct err err = {0};

    assert_int_equal(shell("gzip -c r2.csv > full.gz && "
                           "head -c $(($(wc -c < full.gz) / 2)) full.gz > cut.csv.gz"),
                     0);
    settings.right_paths = files;
    settings.right_count = 2;

    assert_false(run_screen_within(&settings, &hasty, &summary, &err));

    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "cut.csv.gz"));
    assert_no_trace("cut-out.csv");
}

TEST(results_of_an_earlier_run_stay_until_the_new_ones_are_whole)
{
    struct run_settings settings = wash_to("earlier.csv");
    struct run_summary summary;

    must_run(&settings, &run_limits, &summary);

    struct bytes before = contents("earlier.csv");

    assert_int_equal(run_until(settings, (struct ending){3, SIGKILL}), -1);

    struct bytes after = contents("earlier.csv");

    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.at, after.at, before.size);
    free(before.at);
    free(after.at);
    remove_results("earlier.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(hits_are_sorted_by_person_then_score_then_record),
        IT(the_score_written_is_the_prior_and_the_evidence_written),
        IT(other_columns_stand_behind_the_comparisons_that_are_always_there),
        IT(a_person_whose_id_comes_twice_is_set_aside_and_named_by_row),
        IT(counts_by_role_add_up),
        IT(pairs_for_clerical_review_are_those_between_the_thresholds),
        IT(a_run_with_the_share_fitted_is_the_run_with_that_share_given),
        IT(of_too_few_mentions_no_share_is_fitted),
        IT(any_number_of_threads_gives_the_same_bytes),
        IT(a_buffer_that_overflows_gives_the_same_bytes),
        IT(a_run_that_is_stopped_at_any_block_goes_on_with_the_same_bytes),
        IT(a_run_that_is_killed_at_any_block_goes_on_with_the_same_bytes),
        IT(a_killed_run_with_other_columns_goes_on_with_the_same_bytes),
        IT(a_stopped_run_is_not_taken_up_with_another_map),
        IT(a_stopped_run_whose_input_changed_is_refused),
        IT(resume_without_a_stopped_run_starts_at_the_beginning),
        IT(standard_input_and_output_give_the_same_bytes_and_no_other_file),
        IT(what_cannot_be_done_is_refused_before_anything_is_written),
        IT(a_file_that_ends_too_soon_leaves_nothing_behind),
        IT(results_of_an_earlier_run_stay_until_the_new_ones_are_whole),
    };

    return cmocka_run_group_tests(tests, write_files, remove_files);
}
