#include "cli/cli.h"
#include "screen/screen.h"

#include "test/test.h"

TEST(numbers_have_their_thousands_apart)
{
    static const struct {
        uint64_t number;
        const char *text;
    } cases[] = {
        {0,          "0"                         },
        {999,        "999"                       },
        {1000,       "1,000"                     },
        {1234567,    "1,234,567"                 },
        {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    char text[32];

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(number_text(cases[i].number, text), cases[i].text);
}

TEST(a_log_line_says_rows_rate_hits_and_time_left)
{
    struct progress progress = {
        .rows = 500000, .hits = 12, .bytes_done = 1, .bytes_all = 4, .seconds = 25};
    char line[256];

    progress_line(&progress, 0, line, sizeof(line));

    assert_string_equal(line, " 25%  500,000 rows, 20,000/s, 12 hits, left 1 min 15 s");
}

TEST(a_terminal_has_a_bar_that_never_fills_the_last_column)
{
    struct progress progress = {
        .rows = 1, .bytes_done = 1, .bytes_all = 2, .seconds = 1};
    char line[256];

    progress_line(&progress, 100, line, sizeof(line));
    assert_non_null(strstr(line, "[############............]"));

    progress_line(&progress, 20, line, sizeof(line));
    assert_int_equal(strlen(line), 19);
}

TEST(input_of_unknown_size_has_no_share_and_no_time_left)
{
    struct progress progress = {.rows = 10, .seconds = 2};
    char line[256];

    progress_line(&progress, 100, line, sizeof(line));

    assert_string_equal(line, "10 rows, 5/s, 0 hits");
}

TESTS(IT(numbers_have_their_thousands_apart),
      IT(a_log_line_says_rows_rate_hits_and_time_left),
      IT(a_terminal_has_a_bar_that_never_fills_the_last_column),
      IT(input_of_unknown_size_has_no_share_and_no_time_left))
