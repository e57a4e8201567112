/* Extracts into a store, on whichever back end CANDOUR_TEST_POSTGRES chooses. */
#include "test/place.h"
#include "workforce/workforce.h"

static struct place place;
static char file[256], rejected[256];

#define HEAD                                                                           \
    "id,force,surname,forenames,date_of_birth,postcode,staff_type,unit,role_title,"    \
    "start_date,leave_date\n"
#define ANN   "1,F,BAKER,ANN,1984-03-12,LS1 1AA,officer,Response,Constable,2010-01-01,\n"
#define BOB   "2,F,KHAN,BOB,12/04/1990,LS2 2AA,special,Response,Constable,2015-01-01,\n"
#define CIARA "3,F,MURPHY,CIARA,1975,LS3 3AA,Police Staff,HR,Clerk,,\n"
#define DEV   "1,G,PATEL,DEV,1988-08-08,M1 1AA,contractor,IT,Engineer,2024-01-01,\n"

static void file_write(const char *text)
{
    FILE *to;

    place_file("extract.csv", file);
    place_file("extract.csv.rejected.csv", rejected);
    unlink(rejected);
    to = fopen(file, "w");
    assert_non_null(to);
    fputs(text, to);
    fclose(to);
}

static struct workforce_settings settings(void)
{
    return (struct workforce_settings){
        .path = file, .rejected_path = rejected, .today = 20260601};
}

/* The report's sums; forces are given back. */
struct sums {
    uint64_t rows, before, after, joined, changed, left, unchanged, missing, kept;
    uint64_t set_aside, forces, absent;
};

static struct sums sums_of(struct workforce_report *report)
{
    struct sums s = {.set_aside = report->set_aside, .forces = report->force_count};

    for (size_t i = 0; i < report->force_count; i++) {
        const struct workforce_force *f = &report->forces[i];

        s.rows += f->rows;
        s.before += f->before;
        s.after += f->after;
        s.joined += f->joined;
        s.changed += f->changed;
        s.left += f->left;
        s.unchanged += f->unchanged;
        s.missing += f->missing;
        s.kept += f->kept;
        s.absent += f->absent;
        assert_int_equal(f->after, f->before + f->joined - f->left);
    }
    workforce_report_free(report);
    return s;
}

static struct sums take(struct store *store, const char *text,
                        const struct workforce_settings *how)
{
    struct workforce_report report;

    file_write(text);
    assert_works(workforce_import(store, how, &report, &err));
    return sums_of(&report);
}

static int64_t number(struct store *store, struct sql sql)
{
    int64_t result = -1;
    bool found;

    assert_works(store_number(store, sql, WITHOUT, &result, &found, &err));
    return result;
}

static int64_t here(struct store *store)
{
    return number(store, SQL("SELECT COUNT(*) FROM people WHERE standing = 'here'"));
}

static void no_fault(void *context, const char *fault)
{
    (void)context;
    fail_msg("%s", fault);
}

static void finish(struct store *store)
{
    assert_works(store_check(store, no_fault, NULL, &err));
    store_close(store);
}

/* ---- full extracts -------------------------------------------------------------------- */

TEST(the_same_extract_twice_changes_nothing)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct sums first = take(store, HEAD ANN BOB CIARA DEV, &how);

    assert_int_equal(first.joined, 4);
    assert_int_equal(first.forces, 2);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_versions")), 4);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM posts")), 3);
    struct sums again = take(store, HEAD DEV CIARA BOB ANN, &how);

    assert_int_equal(again.unchanged, 4);
    assert_int_equal(again.joined + again.changed + again.left, 0);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_versions")), 4);
    finish(store);
}

TEST(a_name_and_an_address_end_where_the_next_begin)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    take(store, HEAD ANN, &how);
    how.today = 20260701;
    struct sums sums = take(
        store,
        HEAD "1,F,SMITH,ANN,1984-03-12,LS9 9AA,officer,Response,Sergeant,2026-07-01,\n",
        &how);

    assert_int_equal(sums.changed, 1);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_names"
                                       " WHERE from_day = 0 AND to_day = 20260701")),
                     1);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_names"
                                       " WHERE from_day = 20260701 AND to_day = 0")),
                     1);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_addresses"
                                       " WHERE to_day = 20260701")),
                     1);
    assert_int_equal(number(store, SQL("SELECT to_day FROM employments"
                                       " WHERE from_day = 20100101")),
                     20260701);
    assert_int_equal(number(store, SQL("SELECT version FROM people")), 2);

    how.today = 20260801; /* and back to the first name: a period of its own */
    take(store, HEAD ANN, &how);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_names")), 3);
    assert_int_equal(
        number(store, SQL("SELECT COUNT(*) FROM person_names WHERE to_day = 0")), 1);
    finish(store);
}

TEST(whoever_a_full_extract_does_not_name_has_left)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    how.confirm_drop = true;
    take(store, HEAD ANN BOB CIARA DEV, &how);
    struct sums sums = take(store, HEAD ANN CIARA, &how);

    assert_int_equal(sums.left, 1);
    assert_int_equal(sums.missing, 1);
    assert_int_equal(sums.absent, 1); /* force G: a gap, and DEV stays */
    assert_int_equal(here(store), 3);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM employments"
                                       " WHERE to_day = 20260601")),
                     1);
    sums = take(store, HEAD ANN BOB CIARA DEV, &how);
    assert_int_equal(sums.joined, 1); /* here again */
    assert_int_equal(here(store), 4);
    assert_int_equal(
        number(store, SQL("SELECT COUNT(*) FROM employments WHERE to_day = 0")), 4);
    finish(store);
}

TEST(a_sudden_drop_is_refused_and_nothing_has_changed)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct workforce_report report;
    char text[8192] = HEAD;
    size_t head = strlen(text);

    for (int i = 0; i < 40; i++)
        snprintf(text + strlen(text), 200, "%d,F,NAME%d,X,1980-01-01,,officer,,,,\n", i,
                 i);
    take(store, text, &how);

    snprintf(text + head, 200, "%s", "");
    for (int i = 0; i < 38; i++) /* 2 of 40 are 5 % */
        snprintf(text + strlen(text), 200, "%d,F,OTHER%d,X,1980-01-01,,officer,,,,\n",
                 i, i);
    file_write(text);
    assert_fails(workforce_import(store, &how, &report, &err), ERR_REFUSED);
    assert_int_equal(report.forces[0].missing, 2);
    workforce_report_free(&report);
    assert_int_equal(here(store), 40);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM person_versions")), 40);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM imports")), 1);

    how.confirm_drop = true;
    assert_int_equal(take(store, text, &how).left, 2);
    how.confirm_drop = false; /* 1 of 38 is less */
    snprintf(strstr(text, "37,F"), 2, "%s", "");
    assert_int_equal(take(store, text, &how).left, 1);
    finish(store);
}

TEST(nobody_leaves_while_rows_are_set_aside)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    how.confirm_drop = true;
    take(store, HEAD ANN BOB CIARA, &how);
    struct sums sums = take(store, HEAD ANN "2,F,only three\n", &how);

    assert_int_equal(sums.set_aside, 1);
    assert_int_equal(sums.kept, 2);
    assert_int_equal(here(store), 3);
    assert_int_equal(access(rejected, F_OK), 0);
    sums = take(store, HEAD ANN BOB, &how);
    assert_int_equal(sums.left, 1);
    finish(store);
}

TEST(rows_of_no_force_and_ids_given_twice_are_set_aside)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct sums sums = take(
        store,
        HEAD ANN "1,F,BAKER,ANNE,1984,,officer,,,,\n9,,NOBODY,X,1984,,officer,,,,\n",
        &how);
    char text[1024] = "";
    FILE *from = fopen(rejected, "r");

    assert_int_equal(sums.joined, 1);
    assert_int_equal(sums.set_aside, 2);
    assert_non_null(from);
    assert_true(fread(text, 1, sizeof(text) - 1, from) > 0);
    fclose(from);
    assert_non_null(strstr(text, ",2,id,an id given once,it was given before"));
    assert_non_null(strstr(text, ",3,force,"));
    assert_null(strstr(text, "NOBODY"));
    finish(store);
}

TEST(a_leaving_date_is_honoured_the_day_after)
{
    static const char leaves[] =
        HEAD "1,F,BAKER,ANN,1984-03-12,LS1 "
             "1AA,officer,Response,Constable,2010-01-01,2026-06-01\n" BOB;
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    take(store, HEAD ANN BOB, &how);
    assert_int_equal(take(store, leaves, &how).left, 0); /* her last day */
    assert_int_equal(here(store), 2);
    how.today = 20260602;
    struct sums sums = take(store, leaves, &how);

    assert_int_equal(sums.left, 1);
    assert_int_equal(sums.missing, 0);
    assert_int_equal(take(store, leaves, &how).unchanged, 2);
    assert_int_equal(here(store), 1);
    finish(store);
}

/* ---- deltas, forces, columns ------------------------------------------------------------- */

TEST(nobody_leaves_by_not_being_in_a_delta)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    take(store, HEAD ANN BOB CIARA DEV, &how);
    how.delta = true;
    struct sums sums = take(
        store,
        HEAD
        "2,F,KHAN,ROBERT,12/04/1990,LS2 2AA,special,Response,Constable,2015-01-01,\n",
        &how);

    assert_int_equal(sums.changed, 1);
    assert_int_equal(sums.forces, 1);
    assert_int_equal(here(store), 4);
    finish(store);
}

TEST(an_import_for_one_force_leaves_the_others_alone)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();

    take(store, HEAD ANN BOB DEV, &how);
    how.force = "G";
    how.confirm_drop = true;
    struct sums sums = take(store, HEAD "7,G,NEW,HIRE,1999,,staff,,,,\n" BOB, &how);

    assert_int_equal(sums.set_aside, 1); /* BOB is of F */
    assert_int_equal(sums.forces, 1);
    assert_int_equal(sums.joined, 1);
    assert_int_equal(number(store, SQL("SELECT COUNT(*) FROM people"
                                       " WHERE force_id = 'F' AND standing = 'here'")),
                     2);
    finish(store);
}

TEST(an_extract_without_a_force_says_what_to_give)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct workforce_report report;

    file_write("id,surname\n1,BAKER\n");
    assert_fails(workforce_import(store, &how, &report, &err), ERR_USAGE);
    workforce_report_free(&report);
    how.force = "F";
    assert_works(workforce_import(store, &how, &report, &err));
    assert_int_equal(sums_of(&report).joined, 1);
    finish(store);
}

TEST(a_column_that_is_gone_is_a_gap)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct workforce_report report;

    take(store, HEAD ANN, &how);
    file_write("id,force,surname,forenames,postcode\n1,F,BAKER,ANN,LS1 1AA\n");
    assert_works(workforce_import(store, &how, &report, &err));

    assert_string_equal(report.forces[0].fields_gone, "date_of_birth");
    workforce_report_free(&report);
    finish(store);
}

TEST(a_day_that_does_not_exist_is_left_out_and_said)
{
    struct store *store = place_store(&place);
    struct workforce_settings how = settings();
    struct workforce_report report;

    file_write(HEAD "1,F,BAKER,ANN,1984,,officer,,,2010-02-30,2005-01-01\n");
    assert_works(workforce_import(store, &how, &report, &err));

    assert_int_equal(report.complaints, 1);
    assert_int_equal(report.set_aside, 0);
    workforce_report_free(&report);
    assert_int_equal(number(store, SQL("SELECT from_day FROM employments")), 0);
    finish(store);
}

/* ---- any sequence -------------------------------------------------------------------------- */

enum { CROWD = 60, STEPS = 40 };

struct member {
    bool here;
    unsigned name;
};

/* After any sequence of full and delta extracts the store has whom a plain list has. */
TEST(after_any_sequence_the_store_has_who_is_here)
{
    struct store *store = place_store(&place);
    struct member crowd[CROWD] = {0};
    uint64_t seed = 11;

    for (int step = 0; step < STEPS; step++) {
        struct workforce_settings how = settings();
        char text[CROWD * 64 + 300] = HEAD;
        int64_t count = 0;

        how.delta = test_random(&seed) % 3 == 0;
        how.confirm_drop = true;
        how.today += step % 28;
        snprintf(text + strlen(text), 64, "x,F,ALWAYS,HERE,1980,,staff,,,,\n");
        for (int m = 0; m < CROWD; m++) {
            bool named = test_random(&seed) % 4 != 0;

            if (named && test_random(&seed) % 5 == 0)
                crowd[m].name = (unsigned)(test_random(&seed) % 5);
            if (named)
                snprintf(text + strlen(text), 64, "%d,F,NAME%u,X,1980,,staff,,,,\n", m,
                         crowd[m].name);
            crowd[m].here = named || (how.delta && crowd[m].here);
            count += crowd[m].here;
        }
        take(store, text, &how);
        assert_int_equal(take(store, text, &how).changed, 0);
        assert_int_equal(here(store), count + 1);
    }
    assert_int_equal(
        number(store, SQL("SELECT COUNT(*) FROM (SELECT person_id"
                          " FROM person_names WHERE to_day = 0"
                          " GROUP BY person_id HAVING COUNT(*) > 1) AS x")),
        0);
    finish(store);
}

static int forget(void **state)
{
    (void)state;
    place_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(the_same_extract_twice_changes_nothing),
        IT(a_name_and_an_address_end_where_the_next_begin),
        IT(whoever_a_full_extract_does_not_name_has_left),
        IT(a_sudden_drop_is_refused_and_nothing_has_changed),
        IT(nobody_leaves_while_rows_are_set_aside),
        IT(rows_of_no_force_and_ids_given_twice_are_set_aside),
        IT(a_leaving_date_is_honoured_the_day_after),
        IT(nobody_leaves_by_not_being_in_a_delta),
        IT(an_import_for_one_force_leaves_the_others_alone),
        IT(an_extract_without_a_force_says_what_to_give),
        IT(a_column_that_is_gone_is_a_gap),
        IT(a_day_that_does_not_exist_is_left_out_and_said),
        IT(after_any_sequence_the_store_has_who_is_here),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
