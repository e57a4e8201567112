#include "text/text.h"

#include "test/test.h"

struct reading {
    const char *written;
    enum date_kind kind;
    uint32_t born;
};

static void check(const struct reading *cases, size_t count, int pivot)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t born = 1;
        enum date_kind kind = date_read(str_of(cases[i].written), pivot, &born);

        if (kind != cases[i].kind || born != cases[i].born)
            fail_msg("\"%s\": kind %d, %u", cases[i].written, (int)kind, born);
    }
}

TEST(every_form_of_a_full_date_is_read)
{
    static const struct reading cases[] = {
        {"1984-03-12",                       DATE_FULL, 19840312},
        {"19840312",                         DATE_FULL, 19840312},
        {"1984-03-12T00:00:00",              DATE_FULL, 19840312},
        {"1984-03-12T00:00:00Z",             DATE_FULL, 19840312},
        {"1984-03-12 00:00:00.000",          DATE_FULL, 19840312},
        {"1984-03-12T00:00:00+01:00",        DATE_FULL, 19840312},
        {"12/03/1984",                       DATE_FULL, 19840312},
        {"12/3/1984",                        DATE_FULL, 19840312},
        {"12/03/1984 00:00",                 DATE_FULL, 19840312},
        {"12/03/1984 12:00:00 AM",           DATE_FULL, 19840312},
        {"12.3.84",                          DATE_FULL, 19840312},
        {"12.03.1984",                       DATE_FULL, 19840312},
        {"12-03-1984",                       DATE_FULL, 19840312},
        {"12 03 1984",                       DATE_FULL, 19840312},
        {"12 Mar 1984",                      DATE_FULL, 19840312},
        {"12-MAR-84",                        DATE_FULL, 19840312},
        {"12 March 1984",                    DATE_FULL, 19840312},
        {"12th March 1984",                  DATE_FULL, 19840312},
        {"1st Sept 1984",                    DATE_FULL, 19840901},
        {"March 12, 1984",                   DATE_FULL, 19840312},
        {"12Mar1984",                        DATE_FULL, 19840312},
        {"1984/03/12",                       DATE_FULL, 19840312},
        {"1984/3/2",                         DATE_FULL, 19840302},
        {"  12/03/1984  ",                   DATE_FULL, 19840312},
        {"29/02/2000",                       DATE_FULL, 20000229},
        {"29/02/1984",                       DATE_FULL, 19840229},
        {"01/01/1900",                       DATE_FULL, 19000101},
        {"\xef\xbc\x91\xef\xbc\x92/03/1984", DATE_FULL, 19840312},
        {"1984\xe2\x80\x93"
         "03\xe2\x80\x93"
         "12",                      DATE_FULL, 19840312},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(two_digit_years_are_the_latest_not_after_the_pivot)
{
    static const struct reading cases[] = {
        {"12/03/26", DATE_FULL, 20260312},
        {"12/03/27", DATE_FULL, 19270312},
        {"12/03/00", DATE_FULL, 20000312},
        {"12/03/99", DATE_FULL, 19990312},
        {"1/1/01",   DATE_FULL, 20010101},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(partial_dates_keep_what_is_known)
{
    static const struct reading cases[] = {
        {"1984",       DATE_PARTIAL, 19840000},
        {"1984-07",    DATE_PARTIAL, 19840700},
        {"07/1984",    DATE_PARTIAL, 19840700},
        {"7/1984",     DATE_PARTIAL, 19840700},
        {"Jul 1984",   DATE_PARTIAL, 19840700},
        {"July 1984",  DATE_PARTIAL, 19840700},
        {"1984-07-00", DATE_PARTIAL, 19840700},
        {"1984-00-00", DATE_PARTIAL, 19840000},
        {"00/00/1984", DATE_PARTIAL, 19840000},
        {"00/07/1984", DATE_PARTIAL, 19840700},
        {"12/00/1984", DATE_PARTIAL, 19840000},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(impossible_dates_keep_their_digits)
{
    static const struct reading cases[] = {
        {"31/02/1984",   DATE_IMPOSSIBLE, 19840231},
        {"30 Feb 1984",  DATE_IMPOSSIBLE, 19840230},
        {"03/25/1984",   DATE_IMPOSSIBLE, 19842503},
        {"1984-13-40",   DATE_IMPOSSIBLE, 19841340},
        {"19841340",     DATE_IMPOSSIBLE, 19841340},
        {"29/02/1900",   DATE_IMPOSSIBLE, 19000229},
        {"31/04/1984",   DATE_IMPOSSIBLE, 19840431},
        {"32/01/1984",   DATE_IMPOSSIBLE, 19840132},
        {"12/03/0984",   DATE_IMPOSSIBLE, 9840312 },
        {"12/03/3984",   DATE_IMPOSSIBLE, 39840312},
        {"1984-13",      DATE_IMPOSSIBLE, 19841300},
        {"99/00/1984",   DATE_IMPOSSIBLE, 19840099},
        {"Feb 30, 1984", DATE_IMPOSSIBLE, 19840230},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(empty_values_and_placeholders_are_no_date)
{
    static const struct reading cases[] = {
        {"",           DATE_NONE, 0},
        {"   ",        DATE_NONE, 0},
        {"00/00/0000", DATE_NONE, 0},
        {"0000-00-00", DATE_NONE, 0},
        {"UNKNOWN",    DATE_NONE, 0},
        {"unknown",    DATE_NONE, 0},
        {"N/K",        DATE_NONE, 0},
        {"NK",         DATE_NONE, 0},
        {"n/a",        DATE_NONE, 0},
        {"Not known",  DATE_NONE, 0},
        {"-",          DATE_NONE, 0},
        {"?",          DATE_NONE, 0},
        {"NULL",       DATE_NONE, 0},
        {"0001-01-01", DATE_NONE, 0},
        {"99/99/9999", DATE_NONE, 0},
        {"31/12/9999", DATE_NONE, 0},
        {"00/00/00",   DATE_NONE, 0},
        {"00000000",   DATE_NONE, 0},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(what_is_no_known_form_is_unreadable)
{
    static const struct reading cases[] = {
        {"30753",          DATE_UNREADABLE, 0},
        {"30753.0",        DATE_UNREADABLE, 0},
        {"7",              DATE_UNREADABLE, 0},
        {"120384",         DATE_UNREADABLE, 0},
        {"3/84",           DATE_UNREADABLE, 0},
        {"12/03/984",      DATE_UNREADABLE, 0},
        {"twelfth March",  DATE_UNREADABLE, 0},
        {"12 Foo 1984",    DATE_UNREADABLE, 0},
        {"12/03/1984 and", DATE_UNREADABLE, 0},
        {"12/03/1984/5",   DATE_UNREADABLE, 0},
        {"12/03/",         DATE_UNREADABLE, 0},
        {"aged 34",        DATE_UNREADABLE, 0},
        {"12:30:00",       DATE_UNREADABLE, 0},
        {"1984-03-12T",    DATE_UNREADABLE, 0},
        {"123/03/1984",    DATE_UNREADABLE, 0},
        {"1234567890123",  DATE_UNREADABLE, 0},
        {"12+03+1984",     DATE_UNREADABLE, 0},
        {"-446083200",     DATE_UNREADABLE, 0},
        {"\xff\xfe",       DATE_UNREADABLE, 0},
    };

    check(cases, COUNT(cases), 2026);
}

TEST(split_dates_are_read_like_whole_ones)
{
    static const struct {
        const char *day, *month, *year;
        enum date_kind kind;
        uint32_t born;
    } cases[] = {
        {"12",  "3",     "1984", DATE_FULL,       19840312},
        {"12",  "March", "84",   DATE_FULL,       19840312},
        {"",    "07",    "1984", DATE_PARTIAL,    19840700},
        {"",    "",      "1984", DATE_PARTIAL,    19840000},
        {"12",  "",      "1984", DATE_PARTIAL,    19840000},
        {"31",  "2",     "1984", DATE_IMPOSSIBLE, 19840231},
        {"",    "",      "",     DATE_NONE,       0       },
        {"0",   "0",     "0",    DATE_NONE,       0       },
        {"NK",  "NK",    "NK",   DATE_NONE,       0       },
        {"12",  "3",     "",     DATE_UNREADABLE, 0       },
        {"12",  "x3",    "1984", DATE_UNREADABLE, 0       },
        {"112", "3",     "1984", DATE_UNREADABLE, 0       },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t born = 1;
        enum date_kind kind =
            date_read_split(str_of(cases[i].day), str_of(cases[i].month),
                            str_of(cases[i].year), 2026, &born);

        if (kind != cases[i].kind || born != cases[i].born)
            fail_msg("case %zu: kind %d, %u", i, (int)kind, born);
    }
}

TEST(days_are_counted_one_by_one_over_six_centuries)
{
    int32_t days = date_days(16000101);
    unsigned seen = 0;

    assert_int_equal(date_days(19700101), 0);
    assert_int_equal(date_days(20000301), 11017);
    for (uint32_t year = 1600; year < 2200; year++)
        for (uint32_t rest = 0; rest < 10000; rest++) {
            if (!date_exists(year * 10000 + rest))
                continue;
            assert_int_equal(date_days(year * 10000 + rest), days);
            days++;
            seen++;
        }
    assert_int_equal(seen, 219146);
}

TEST(a_written_full_date_is_read_back)
{
    for (uint32_t date = 19000101; date < 20270101; date++) {
        char iso[16], uk[16];
        uint32_t born;
        unsigned y = date / 10000, m = date / 100 % 100, d = date % 100;

        if (!date_exists(date))
            continue;
        snprintf(iso, sizeof(iso), "%04u-%02u-%02u", y, m, d);
        snprintf(uk, sizeof(uk), "%u.%u.%02u", d, m, y);
        assert_int_equal(date_read(str_of(iso), 2026, &born), DATE_FULL);
        assert_int_equal(born, date);
        assert_int_equal(date_read(str_of(uk), 2026, &born), DATE_FULL);
        assert_int_equal(born, date);
    }
}

TESTS(IT(every_form_of_a_full_date_is_read),
      IT(two_digit_years_are_the_latest_not_after_the_pivot),
      IT(partial_dates_keep_what_is_known), IT(impossible_dates_keep_their_digits),
      IT(empty_values_and_placeholders_are_no_date),
      IT(what_is_no_known_form_is_unreadable), IT(split_dates_are_read_like_whole_ones),
      IT(days_are_counted_one_by_one_over_six_centuries),
      IT(a_written_full_date_is_read_back))
