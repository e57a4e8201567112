#include "text/text.h"

#include "test/test.h"

static struct address read(const char *written)
{
    struct address address;

    if (!address_read(str_of(written), &address))
        assert_true(address.line == 0 && address.house == 0);
    return address;
}

TEST(ways_to_write_one_address_are_one_line)
{
    static const char *const same[][5] = {
        {"12 High Street, Leeds",          "12 HIGH ST LEEDS LS6 2AB",      "12, High St., Leeds",
         "12 high str\nLeeds"},
        {"12A Acacia Avenue",             "12a Acacia Ave, Leeds",                                            "12 A Acacia Av"},
        {"Flat 3, 12 Acacia Avenue","FLAT 3 12 ACACIA AVE",
         "Apt 3, 12 Acacia Ave, Leeds", "Apartment 3, 12 Acacia Avenue"},
        {"12-14 Mill Lane",       "12/14 Mill Ln"                   },
        {"5 St John's Road", "5 ST JOHNS RD",                                "5 Saint Johns Road, York"},
        {"7 Park Road North, Leeds",           "7 PARK RD NORTH"                      },
        {"Rose Cottage, 9 The Green",                 "9 The Green, Otley"},
        {"1 Queensway, Hull",       "1 Queensway"          },
        {"Flat 3, Rose Court, Leeds",      "FLAT 3 ROSE CT LEEDS"},
    };

    for (size_t i = 0; i < COUNT(same); i++) {
        struct address first = read(same[i][0]);

        if (!first.line || !first.house)
            fail_msg("%s is nothing", same[i][0]);
        for (size_t k = 1; k < COUNT(same[i]) && same[i][k]; k++) {
            struct address other = read(same[i][k]);

            if (other.line != first.line || other.house != first.house)
                fail_msg("%s is not %s", same[i][k], same[i][0]);
        }
        for (size_t k = 0; k < i; k++)
            assert_true(read(same[k][0]).line != first.line);
    }
}

TEST(another_flat_or_house_is_another_address)
{
    assert_true(read("Flat 3, 12 High St").line != read("Flat 4, 12 High St").line);
    assert_true(read("Flat 3, 12 High St").house != read("12 High St").house);
    assert_true(read("12 High St").line != read("21 High St").line);
    assert_int_equal(read("12 High St").house, read("12 Low Road").house);
}

TEST(without_a_number_or_a_street_there_is_no_address)
{
    static const char *const none[] = {"",    "UNKNOWN", "High Street, Leeds",
                                       "NFA", "12",      "Rose Cottage",
                                       ",,,", "\xff",    "Flat 3"};

    for (size_t i = 0; i < COUNT(none); i++)
        if (read(none[i]).line != 0)
            fail_msg("%s", none[i]);
}

TESTS(IT(ways_to_write_one_address_are_one_line),
      IT(another_flat_or_house_is_another_address),
      IT(without_a_number_or_a_street_there_is_no_address))
