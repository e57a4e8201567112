#include "text/text.h"

#include "test/test.h"

static struct postcode read(const char *written)
{
    struct postcode postcode;

    postcode_read(str_of(written), &postcode);
    return postcode;
}

static void assert_same(const char *a, const char *b)
{
    struct postcode x = read(a), y = read(b);

    if (x.unit != y.unit || x.sector != y.sector || x.district != y.district)
        fail_msg("%s and %s are not the same", a, b);
}

TEST(every_british_form_has_unit_sector_and_district)
{
    static const char *const forms[] = {
        "M1 1AE",  "B33 8TH", "CR2 6XH",    "DN55 1PT", "W1A 0AX",  "EC1A 1BB",
        "ls6 2ab", "LS62AB",  " LS6  2AB ", "LS6-2AB",  "SW1A 2AA", "N1C 4AG"};

    for (size_t i = 0; i < COUNT(forms); i++) {
        struct postcode postcode;

        assert_true(postcode_read(str_of(forms[i]), &postcode));
        if (!postcode.unit || !postcode.sector || !postcode.district ||
            postcode.unit >> 63)
            fail_msg("%s", forms[i]);
    }
    assert_same("LS6 2AB", "ls62ab");
    assert_same("LS6 2AB", "LS6\xc2\xa0"
                           "2AB");
}

TEST(letters_and_digits_that_look_alike_are_put_right_by_place)
{
    assert_same("SW1A 2AA", "5W1A 2AA");
    assert_same("SW1A 2AA", "SWIA 2AA");
    assert_same("M10 0AB", "M1O OAB");
    assert_same("OX1 1AA", "0X1 IAA");
    assert_int_not_equal(read("L56 2AB").unit, read("LS6 2AB").unit); /* both exist */
}

TEST(an_outward_code_has_a_district_only)
{
    struct postcode outward = read("LS6"), sector = read("LS6 2"),
                    unit = read("LS6 2AB");

    assert_int_equal(outward.district, unit.district);
    assert_int_equal(outward.sector, 0);
    assert_int_equal(outward.unit, 0);
    assert_int_equal(sector.sector, unit.sector);
    assert_int_equal(sector.district, unit.district);
    assert_int_equal(sector.unit, 0);
}

TEST(foreign_codes_have_a_unit_only)
{
    struct postcode postcode;

    assert_true(postcode_read(STR("75008"), &postcode));
    assert_true(postcode.unit >> 63);
    assert_int_equal(postcode.sector, 0);
    assert_int_equal(postcode.district, 0);
    assert_same("00-950", "00 950");
}

TEST(what_is_no_postcode_is_nothing)
{
    static const char *const none[] = {
        "",    "UNKNOWN", "LEEDS", "N/K",      "-",       "ZZ99 3VZ",
        "NFA", "X",       "1",     "\xff\xfe", "ZZ993WZ", "12 HIGH STREET, LEEDS"};

    for (size_t i = 0; i < COUNT(none); i++) {
        struct postcode postcode;

        if (postcode_read(str_of(none[i]), &postcode) || postcode.unit ||
            postcode.sector || postcode.district)
            fail_msg("%s", none[i]);
    }
}

/* A made-up code: a digit for each 9 of the form, and one of two inward codes. */
static void code_random(const char *form, uint64_t *state, char *code)
{
    for (; *form; form++)
        *code++ = *form == '9' ? (char)('0' + test_random(state) % 10) : *form;
    strcpy(code, test_random(state) % 2 ? "1AB" : "2AB");
}

TEST(equal_units_are_in_equal_sectors_and_districts)
{
    static const char *const forms[] = {"A9",  "L99",  "LS9", "LS99",
                                        "E9A", "EC9A", "SW9"};
    uint64_t state = 5;

    for (int i = 0; i < 100000; i++) {
        char a[16], b[16];
        const char *form = forms[test_random(&state) % COUNT(forms)];

        code_random(form, &state, a);
        code_random(forms[test_random(&state) % COUNT(forms)], &state, b);

        struct postcode x = read(a), y = read(b);

        assert_true(x.unit && y.unit);
        if (x.unit == y.unit)
            assert_int_equal(x.sector, y.sector);
        if (x.sector == y.sector)
            assert_int_equal(x.district, y.district);
        assert_int_equal(strcmp(a, b) == 0, x.unit == y.unit);
    }
}

TESTS(IT(every_british_form_has_unit_sector_and_district),
      IT(letters_and_digits_that_look_alike_are_put_right_by_place),
      IT(an_outward_code_has_a_district_only), IT(foreign_codes_have_a_unit_only),
      IT(what_is_no_postcode_is_nothing),
      IT(equal_units_are_in_equal_sectors_and_districts))
