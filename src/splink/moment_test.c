#include "splink/inner.h"

#include "test/test.h"

/* What DuckDB 2.0.0's try_strptime said; days since 1970-01-01, or none. */
TEST(dates_are_read_as_duckdb_reads_them)
{
    enum { NONE = 1 << 30 };
    static const struct {
        const char *text, *format;
        int days;
    } cases[] = {
        {"1984-03-02",    "%Y-%m-%d",   5174   },
        {"1984-3-2",      "%Y-%m-%d",   5174   },
        {"1984-03-02 ",   "%Y-%m-%d",   5174   },
        {" 1984-03-02",   "%Y-%m-%d",   5174   },
        {"1984-03-02x",   "%Y-%m-%d",   NONE   },
        {"84-03-02",      "%Y-%m-%d",   -688786},
        {"1984-02-30",    "%Y-%m-%d",   NONE   },
        {"2000-02-29",    "%Y-%m-%d",   11016  },
        {"1900-02-29",    "%Y-%m-%d",   NONE   },
        {"19840302",      "%Y-%m-%d",   NONE   },
        {"19840302",      "%Y%m%d",     5174   },
        {"1984032",       "%Y%m%d",     5174   },
        {"00000101",      "%Y%m%d",     -719528},
        {"1/2/1984",      "%d/%m/%Y",   5144   },
        {"01/02/84",      "%d/%m/%y",   5144   },
        {"12 Mar 1984",   "%d %b %Y",   5184   },
        {"12 MAR 1984",   "%d %b %Y",   5184   },
        {"12 March 1984", "%d %b %Y",   NONE   },
        {"12 March 1984", "%d %B %Y",   5184   },
        {"19841-03-02",   "%Y-%m-%d",   NONE   },
        {"-1984-03-02",   "%Y-%m-%d",   NONE   },
        {"",              "%Y-%m-%d",   NONE   },
        {"1984-03",       "%Y-%m-%d",   NONE   },
        {"1984-03-",      "%Y-%m-%d",   NONE   },
        {"1984-003-02",   "%Y-%m-%d",   NONE   },
        {"1984-0-02",     "%Y-%m-%d",   NONE   },
        {"1984- 3-02",    "%Y-%m-%d",   NONE   },
        {"0001-01-01",    "%Y-%m-%d",   -719162},
        {"1984-03-02",    "%Y-%-m-%-d", 5174   },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        double seconds = 86400.0 * NONE;

        if (!moment_read(str_of(cases[i].text), str_of(cases[i].format), &seconds))
            seconds = 86400.0 * NONE;
        if (seconds != 86400.0 * cases[i].days)
            fail_msg("%s by %s: %.0f", cases[i].text, cases[i].format, seconds / 86400);
    }
}

TEST(dates_are_written_back)
{
    for (int days = -700000; days < 100000; days += 331) {
        double seconds;
        char text[16];

        moment_date(days * 86400.0, text);
        assert_true(moment_read(str_of(text), STR("%Y-%m-%d"), &seconds));
        assert_true(seconds == days * 86400.0);
    }
}

TEST(times_have_a_day_and_seconds)
{
    double seconds;

    assert_true(
        moment_read(STR("1970-01-02T01:02:03Z"), STR("%Y-%m-%dT%H:%M:%SZ"), &seconds));
    assert_true(seconds == 86400 + 3723);
    assert_false(
        moment_read(STR("1970-01-02 24:00:00"), STR("%Y-%m-%d %H:%M:%S"), &seconds));
}

TESTS(IT(dates_are_read_as_duckdb_reads_them), IT(dates_are_written_back),
      IT(times_have_a_day_and_seconds))
