#include "text/text.h"

#include "test/test.h"

typedef uint64_t reader(struct str written);

/* Values on one line mean the same number; lines mean different ones. */
struct same {
    const char *written[6];
};

static void check_same(reader *read, const struct same *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = read(str_of(lines[i].written[0]));

        if (value == 0)
            fail_msg("%s is nothing", lines[i].written[0]);
        for (size_t k = 1; k < COUNT(lines[i].written) && lines[i].written[k]; k++)
            if (read(str_of(lines[i].written[k])) != value)
                fail_msg("%s is not %s", lines[i].written[k], lines[i].written[0]);
        for (size_t k = 0; k < i; k++)
            if (read(str_of(lines[k].written[0])) == value)
                fail_msg("%s is %s", lines[k].written[0], lines[i].written[0]);
    }
}

static void check_nothing(reader *read, const char *const *written, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (read(str_of(written[i])) != 0)
            fail_msg("\"%s\" is something", written[i]);
}

TEST(ways_to_write_one_telephone_number_are_one_value)
{
    static const struct same lines[] = {
        {{"07700900123", "+447700900123", "0044 7700 900123", "+44 (0)7700 900-123",
          "447700900123", "7700900123"}},
        {{"07700900124"}},
        {{"0113 496 0001", "+44 113 4960001", "0113-496-0001 ext 12", "01134960001x12",
          "0113 4960001 #3"}},
        {{"020 7946 0000", "(020) 7946 0000"}},
        {{"+33 1 23 45 67 80", "0033123456780"}},
        {{"016977 2345"}},
    };

    check_same(phone_read, lines, COUNT(lines));
    assert_true(phone_read(STR("07700900123")) == 447700900123u);
}

TEST(what_is_nobodys_telephone_is_nothing)
{
    static const char *const none[] = {"",
                                       "NONE",
                                       "N/A",
                                       "UNKNOWN",
                                       "00000000000",
                                       "11111111111",
                                       "07777777777",
                                       "07000000000",
                                       "01234567890",
                                       "07123456789",
                                       "12345",
                                       "999",
                                       "0113 496",
                                       "0",
                                       "+",
                                       "123456789012345678901234",
                                       "00000000000000",
                                       "04700900123",
                                       "\xff\xff",
                                       "x",
                                       "0044"};

    check_nothing(phone_read, none, COUNT(none));
}

TEST(ways_to_write_one_email_address_are_one_value)
{
    static const struct same lines[] = {
        {{"jo.bloggs@example.com", "Jo.Bloggs@Example.COM", " jo.bloggs@example.com ",
          "jo.bloggs+police@example.com", "<jo.bloggs@example.com>",
          "mailto:jo.bloggs@example.com"}},
        {{"jobloggs@example.com"}},
        {{"jobloggs@gmail.com", "jo.bloggs@gmail.com", "j.o.bloggs+x@googlemail.com"}},
        {{"jo.bloggs@example.org"}},
    };

    check_same(email_read, lines, COUNT(lines));
}

TEST(what_is_nobodys_email_is_nothing)
{
    static const char *const none[] = {
        "",          "NONE",      "noemail@example.com", "NoEmail@x.org", "n/a@n.com",
        "@",         "jo@",       "@example.com",        "jo@example",    "jo@@a.b",
        "a@b@c.com", "jo.bloggs", "unknown@example.com", "jo@.com",       "jo@example.",
        "+tag@"};

    check_nothing(email_read, none, COUNT(none));
}

TEST(an_overlong_email_is_nothing)
{
    char text[400];

    memset(text, 'a', sizeof(text));
    memcpy(text + sizeof(text) - 6, "@b.com", 6);
    assert_true(email_read((struct str){text, sizeof(text)}) == 0);
}

TEST(national_insurance_numbers_are_read_without_their_suffix)
{
    static const struct same lines[] = {
        {{"QQ123457C", "qq 12 34 57 c", "QQ123457", "QQ-12-34-57-D", "QQ123457A "}},
        {{"QQ123458C"}},
        {{"AB123457C"}},
        {{"AB234561"}},
    };

    check_same(nino_read, lines, COUNT(lines));
}

TEST(numbers_never_given_to_a_person_are_nothing)
{
    static const char *const none[] = {
        "",          "NONE",      "UNKNOWN",   "BG123457A", "GB123457A", "KN123457A",
        "NK123457A", "NT123457A", "TN010180M", "ZZ123457A", "OO123457A", "CR123457A",
        "FY123457A", "MW123457A", "NC123457A", "PP123457A", "PY123457A", "PZ123457A",
        "DA123457A", "AD123457A", "AO123457A", "AB123457E", "AB12345",   "AB1234577A",
        "AB111111A", "AB123456C", "123457AB",  "A1234578B"};

    check_nothing(nino_read, none, COUNT(none));
}

TEST(staff_numbers_are_letters_and_digits)
{
    static const struct same lines[] = {
        {{"1234", "01234", "0001234", " 1234 ", "12-34"}},
        {{"PC1234", "pc 1234", "PC/1234"}},
        {{"A1"}},
    };
    static const char *const none[] = {
        "",  "NONE", "N/A", "UNKNOWN",
        "0", "000",  "-",   "1234567890123456789012345678901234567890"};

    check_same(number_read, lines, COUNT(lines));
    check_nothing(number_read, none, COUNT(none));
}

TEST(vehicle_marks_are_put_right_by_place)
{
    static const struct same lines[] = {
        {{"QA12 ZZZ", "qa12zzz", "QAI2 ZZZ"}},
        {{"QO10 OOO", "Q010 000", "QOIO OOO"}},
        {{"A1"}},
        {{"Q123 ABC"}},
    };
    static const char *const none[] = {"",    "NONE", "UNKNOWN", "1234567",
                                       "N/A", "X",    "TBC",     "ABCDEFGHIJK1"};

    check_same(vehicle_read, lines, COUNT(lines));
    check_nothing(vehicle_read, none, COUNT(none));
}

TESTS(IT(ways_to_write_one_telephone_number_are_one_value),
      IT(what_is_nobodys_telephone_is_nothing),
      IT(ways_to_write_one_email_address_are_one_value),
      IT(what_is_nobodys_email_is_nothing), IT(an_overlong_email_is_nothing),
      IT(national_insurance_numbers_are_read_without_their_suffix),
      IT(numbers_never_given_to_a_person_are_nothing),
      IT(staff_numbers_are_letters_and_digits),
      IT(vehicle_marks_are_put_right_by_place))
