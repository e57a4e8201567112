#include "screen/report.h"
#include "screen/report_made.h"

#include "test/test.h"

#include <unistd.h>

static const char *const path = "report_test.tmp";

static char *read_page(void)
{
    FILE *file = fopen(path, "rb");
    long size;
    char *page;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    page = calloc((size_t)size + 1, 1);
    assert_int_equal(fread(page, 1, (size_t)size, file), size);
    fclose(file);
    unlink(path);
    return page;
}

static char *page_of(const struct report *report)
{
    struct err err;

    assert_true(report_write(path, report, &err));
    return read_page();
}

static size_t occurrences(const char *text, const char *of)
{
    size_t count = 0;

    while ((text = strstr(text, of))) {
        text += strlen(of);
        count++;
    }
    return count;
}

/* The part of a page from one text to another; both must be there. */
static char *between(const char *page, const char *from, const char *to)
{
    const char *start = strstr(page, from), *end;

    if (!start)
        fail_msg("no %s", from);
    end = strstr(start + strlen(from), to);
    if (!end)
        fail_msg("no %s after %s", to, from);
    return strndup(start, (size_t)(end - start));
}

static char *section_of(const char *page, enum role_class role)
{
    char from[64];

    snprintf(from, sizeof(from), "<section class=\"class %s\"", role_class_name(role));
    return between(page, from, "</section>");
}

TEST(every_value_is_escaped_wherever_it_stands)
{
    struct report *report = page_new(PAGE_HOSTILE, path);
    char *page = page_of(report);

    assert_null(strstr(page, "<script>alert"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "\"'>"));
    assert_null(strstr(page, "<b>m"));
    assert_null(strstr(page, "href=\"javascript"));
    assert_int_equal(occurrences(page, "<script"), 1);
    assert_int_equal(occurrences(page, "</script"), 1);
    assert_non_null(strstr(page, "&quot;&#39;&gt;&lt;script&gt;alert(1)"));
    assert_non_null(strstr(page, "&lt;b&gt;m"));
    free(page);
    page_free(report);
}

TEST(controls_and_cut_values_leave_the_page_well_formed)
{
    struct report *report = page_new(PAGE_USUAL, path);
    struct report_hit hit = report->hits[0];
    char longest[1000];

    for (size_t i = 0; i + 1 < sizeof(longest); i += 2)
        memcpy(longest + i, "\xc3\xa9", 2);
    hit.left[FIELD_SURNAME] = (struct str){longest, 999};
    hit.right[FIELD_SURNAME] = (struct str){"A\0\x1b"
                                            "B",
                                            4};
    report->hits = &hit;
    report->hit_count = 1;
    char *page = page_of(report);

    assert_non_null(strstr(page, "<bdi>A  B</bdi>"));
    assert_non_null(strstr(page, "\xc3\xa9\xe2\x80\xa6 (cut short)</bdi>"));
    assert_null(strstr(page, "\x1b"));
    free(page);
    page_free(report);
}

TEST(other_columns_have_their_rows_and_their_weights)
{
    struct report *report = page_new(PAGE_USUAL, path);
    char *page = page_of(report);

    assert_non_null(strstr(page, "<th scope=\"row\">suburb</th><td><bdi>Chapel "
                                 "Allerton</bdi></td><td><bdi>Chapel allerton"));
    assert_non_null(strstr(page, "Only the workforce file says: "));
    assert_non_null(strstr(page, "suburb <bdi>Chapel Allerton</bdi>"));
    assert_non_null(strstr(page, "<caption>suburb</caption>"));
    assert_non_null(strstr(page, "suburb: different suburb</th>"));
    free(page);
    page_free(report);
}

TEST(victims_and_witnesses_are_in_the_welfare_section_only)
{
    struct report *report = page_new(PAGE_USUAL, path);
    char *page = page_of(report);
    static const enum role_class apart[] = {ROLE_ADVERSE, ROLE_ASSOCIATION,
                                            ROLE_UNKNOWN};
    static const char *const words[] = {">victim<", ">witness<", ">reporting person<"};

    for (size_t i = 0; i < COUNT(apart); i++) {
        char *section = section_of(page, apart[i]);

        for (size_t w = 0; w < COUNT(words); w++)
            assert_null(strstr(section, words[w]));
        assert_null(strstr(section, "class=\"hit welfare\""));
        free(section);
    }
    char *welfare = section_of(page, ROLE_WELFARE);

    for (size_t w = 0; w < COUNT(words); w++)
        assert_non_null(strstr(welfare, words[w]));
    assert_null(strstr(welfare, "class=\"hit adverse\""));
    assert_non_null(strstr(welfare, "Route to the welfare lead"));
    free(welfare);
    free(page);
    page_free(report);
}

TEST(officers_in_the_case_are_counted_and_have_no_card_even_if_handed_over)
{
    struct report *report = page_new(PAGE_USUAL, path);
    struct report_hit hits[2] = {report->hits[0], report->hits[0]};

    hits[0].role = ROLE_POLICE;
    hits[0].right[FIELD_ROLE] = STR("officer in case");
    hits[0].right[FIELD_RECORD_ID] = STR("OWN-CASE-1");
    hits[1].role = ROLE_ADVERSE;
    report->hits = hits;
    report->hit_count = 2;
    char *page = page_of(report);

    assert_null(strstr(page, "OWN-CASE-1"));
    assert_null(strstr(page, ">officer in case<"));
    assert_int_equal(occurrences(page, "<article"), 1);
    assert_non_null(strstr(page, "A further <strong>6</strong> hits in a police role"));
    free(page);
    page_free(report);
}

TEST(counts_on_the_page_are_those_of_the_run)
{
    struct report *report = page_new(PAGE_USUAL, path);
    const struct run_summary *summary = report->summary;
    char *page = page_of(report), text[128];

    assert_int_equal(occurrences(page, "<article"), report->hit_count);
    snprintf(text, sizeof(text), "Hits for a reviewer</dt><dd><b>%d</b>",
             (int)(summary->hits_by_role[ROLE_ADVERSE] +
                   summary->hits_by_role[ROLE_ASSOCIATION] +
                   summary->hits_by_role[ROLE_UNKNOWN]));
    assert_non_null(strstr(page, text));
    snprintf(text, sizeof(text), "Welfare hits</dt><dd><b>%d</b>",
             (int)summary->hits_by_role[ROLE_WELFARE]);
    assert_non_null(strstr(page, text));
    assert_non_null(strstr(page, "Mentions read</dt><dd><b>1,000,000</b>"));
    snprintf(text, sizeof(text), "%d pairs reached the threshold", (int)summary->hits);
    assert_non_null(strstr(page, text));
    snprintf(text, sizeof(text),
             "The %zu highest of %d are shown; all are in <a class=\"file\" "
             "href=\"./hits.csv\">",
             report_shown(report, ROLE_ADVERSE),
             (int)summary->hits_by_role[ROLE_ADVERSE]);
    assert_non_null(strstr(page, text));
    assert_int_equal(occurrences(page, " are shown; all are in "), 1);
    free(page);
    page_free(report);
}

TEST(where_the_share_comes_from_is_said)
{
    static const char *const want[] = {
        [SHARE_GIVEN] = "somebody in the workforce (set for this run).",
        [SHARE_FITTED] = "somebody in the workforce (fitted to the first mentions).",
        [SHARE_ASSUMED] =
            "somebody in the workforce (the model\xe2\x80\x99s own; too few",
    };
    struct report *report = page_new(PAGE_USUAL, path);
    const struct run_summary *own = report->summary;
    struct run_summary summary = *own;

    report->summary = &summary;
    for (size_t i = 0; i < COUNT(want); i++) {
        summary.share_from = (enum share_source)i;

        char *page = page_of(report);

        assert_non_null(strstr(page, want[i]));
        free(page);
    }
    report->summary = own;
    page_free(report);
}

TEST(the_role_and_the_handling_conditions_stand_before_the_evidence)
{
    struct report *report = page_new(PAGE_USUAL, path);
    struct report_hit hit = report->hits[0];

    hit.role = ROLE_ADVERSE;
    hit.right[FIELD_ROLE] = STR("arrested");
    hit.right[FIELD_HANDLING] = STR("C");
    hit.rivals = 2;
    report->hits = &hit;
    report->hit_count = 1;
    char *page = page_of(report), *card = between(page, "<article", "</article>");
    const char *role = strstr(card, "<b>arrested</b>");
    const char *conditions = strstr(card, "Handling conditions apply");
    const char *rivals =
        strstr(card, "2 other people</strong> in the workforce fit this");
    const char *table = strstr(card, "<table");

    assert_non_null(role);
    assert_non_null(conditions);
    assert_non_null(rivals);
    assert_true(role < conditions && conditions < table && rivals < table);
    free(card);
    free(page);
    page_free(report);
}

TEST(an_old_grade_is_shown_as_written_and_not_explained_as_a_new_one)
{
    static const struct {
        const char *grade, *meaning; /* NULL: none */
    } cases[] = {
        {"2B",      "untested source, known indirectly but corroborated"},
        {"1AP",     "reliable source, known directly"                   },
        {"1/A",     "reliable source, known directly"                   },
        {"2/C/P",   "untested source, known indirectly"                 },
        {"1/A/P/C", NULL                                                },
        {"/1A",     NULL                                                },
        {"B41",     NULL                                                },
        {"E5",      NULL                                                },
        {"4A",      NULL                                                },
        {"1F",      NULL                                                }
    };
    struct report *report = page_new(PAGE_USUAL, path);
    struct report_hit hit = report->hits[0];

    hit.role = ROLE_ADVERSE;
    report->hits = &hit;
    report->hit_count = 1;
    for (size_t i = 0; i < COUNT(cases); i++) {
        hit.right[FIELD_GRADING] = str_of(cases[i].grade);
        char *page = page_of(report);

        assert_int_equal(occurrences(page, "Grading means"), cases[i].meaning != NULL);
        if (cases[i].meaning)
            assert_non_null(strstr(page, cases[i].meaning));
        free(page);
    }
    page_free(report);
}

TEST(a_run_without_hits_says_so_in_every_section)
{
    struct report *report = page_new(PAGE_EMPTY, path);
    char *page = page_of(report);

    assert_int_equal(occurrences(page, "<article"), 0);
    assert_int_equal(occurrences(page, "There are none."), 4);
    assert_non_null(strstr(page, "0 pairs reached the threshold"));
    free(page);
    page_free(report);
}

TEST(what_lies_below_the_threshold_is_not_shown_as_none)
{
    struct report *report = page_new(PAGE_EMPTY, path);
    struct run_summary summary = *report->summary;

    report->summary = &summary;
    summary.probability = 99999;
    char *page = page_of(report);
    assert_int_equal(occurrences(page, "not looked for"), 4);
    free(page);

    summary.probability = 100000;
    page = page_of(report);
    assert_int_equal(occurrences(page, "not looked for"), 8);
    free(page);
    page_free(report);
}

TEST(the_page_asks_nobody_for_anything)
{
    struct report *report = page_new(PAGE_USUAL, path);
    char *page = page_of(report);

    assert_null(strstr(page, "http:"));
    assert_null(strstr(page, "https:"));
    assert_null(strstr(page, "src="));
    assert_null(strstr(page, "<link"));
    assert_null(strstr(page, "url("));
    assert_null(strstr(page, "@import"));
    assert_null(strstr(page, " style="));
    assert_null(strstr(page, " onclick="));
    assert_non_null(strstr(page, "default-src 'none'; style-src 'sha256-"));
    free(page);
    page_free(report);
}

TEST(a_link_is_made_only_to_a_file_beside_the_page)
{
    struct report *report = page_new(PAGE_USUAL, path);
    struct run_summary summary = *report->summary;
    char *page;

    report->summary = &summary;
    snprintf(summary.rejected_path, sizeof(summary.rejected_path), "a b%%:1.csv");
    page = page_of(report);
    assert_non_null(strstr(page, "href=\"./a%20b%25%3A1.csv\">a b%:1.csv</a>"));
    free(page);

    snprintf(summary.rejected_path, sizeof(summary.rejected_path), "/elsewhere/r.csv");
    page = page_of(report);
    assert_non_null(strstr(page, "<bdi class=\"file\">/elsewhere/r.csv</bdi>"));
    assert_null(strstr(page, "r.csv\">"));
    free(page);
    page_free(report);
}

TEST(a_card_stays_under_six_kilobytes)
{
    struct report *report = page_new(PAGE_LARGE, path);
    struct report none = *report;

    none.hit_count = 0;
    char *with = page_of(report), *without = page_of(&none);

    assert_true(report->hit_count > 1000);
    assert_true((strlen(with) - strlen(without)) / report->hit_count < 6 * 1024);
    free(with);
    free(without);
    page_free(report);
}

TEST(numbers_read_as_people_write_them)
{
    static const struct {
        uint32_t millionths;
        const char *text;
    } cases[] = {
        {0,       "under 0.01%"},
        {2500,    "0.25%"      },
        {10000,   "1.0%"       },
        {500000,  "50.0%"      },
        {989999,  "98.9%"      },
        {999899,  "99.98%"     },
        {1000000, "over 99.99%"}
    };
    struct out *out;
    struct err err;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(out_open(path, &out, &err));
        html_percent(out, cases[i].millionths);
        out_text(out, " ");
        html_count(out, 12345678);
        out_text(out, " ");
        html_hundredths(out, bits_hundredths(-BITS_ONE / 2), true);
        assert_true(out_commit(out, &err));

        char *text = read_page(), wanted[64];

        snprintf(wanted, sizeof(wanted),
                 "%s 12,345,678 \xe2\x88\x92"
                 "0.50",
                 cases[i].text);
        assert_string_equal(text, wanted);
        free(text);
    }
}

TEST(a_folder_that_is_not_there_is_an_error_and_leaves_nothing)
{
    struct report *report = page_new(PAGE_EMPTY, path);
    struct err err;

    assert_false(report_write("/nonexistent-folder/report.html", report, &err));

    assert_int_equal(err.code, ERR_ENVIRONMENT);
    page_free(report);
}

TESTS(IT(every_value_is_escaped_wherever_it_stands),
      IT(other_columns_have_their_rows_and_their_weights),
      IT(controls_and_cut_values_leave_the_page_well_formed),
      IT(victims_and_witnesses_are_in_the_welfare_section_only),
      IT(officers_in_the_case_are_counted_and_have_no_card_even_if_handed_over),
      IT(counts_on_the_page_are_those_of_the_run),
      IT(where_the_share_comes_from_is_said),
      IT(the_role_and_the_handling_conditions_stand_before_the_evidence),
      IT(an_old_grade_is_shown_as_written_and_not_explained_as_a_new_one),
      IT(a_run_without_hits_says_so_in_every_section),
      IT(what_lies_below_the_threshold_is_not_shown_as_none),
      IT(the_page_asks_nobody_for_anything),
      IT(a_link_is_made_only_to_a_file_beside_the_page),
      IT(a_card_stays_under_six_kilobytes), IT(numbers_read_as_people_write_them),
      IT(a_folder_that_is_not_there_is_an_error_and_leaves_nothing))
