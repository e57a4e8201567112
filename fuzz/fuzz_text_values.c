/* Every reader of one value on arbitrary bytes, with what each promises. */
#include "text/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_date(enum date_kind kind, uint32_t born)
{
    assert((born == 0) == (kind == DATE_NONE || kind == DATE_UNREADABLE));
    assert((kind == DATE_FULL) == date_exists(born) || kind == DATE_IMPOSSIBLE);
    assert(kind != DATE_IMPOSSIBLE || !date_exists(born) || born >= 30000000);
    if (kind == DATE_PARTIAL)
        assert(born % 100 == 0);
}

static void check_dates(struct str written)
{
    struct str rest = written, day, month;
    uint32_t born;

    check_date(date_read(written, 2026, &born), born);
    if (str_cut(&rest, '\n', &day) && str_cut(&rest, '\n', &month))
        check_date(date_read_split(day, month, rest, 2026, &born), born);
}

static void check_places(struct str written)
{
    struct postcode postcode;
    struct address address;
    bool any = postcode_read(written, &postcode);

    assert(any == (postcode.unit || postcode.sector || postcode.district));
    if (postcode.sector)
        assert(postcode.district && postcode.sector / 10 == postcode.district);
    if (postcode.unit && !(postcode.unit >> 63))
        assert(postcode.unit / 676 == postcode.sector);
    any = address_read(written, &address);
    assert(any == (address.line != 0) && any == (address.house != 0));
}

static void check_likeness(const char *text, size_t len)
{
    size_t a = len / 2 < NAME_MAX ? len / 2 : NAME_MAX;
    size_t b = len - len / 2 < NAME_MAX ? len - len / 2 : NAME_MAX;
    char key[NAME_MAX + 1];
    uint64_t num, den;

    jaro_winkler_fraction(text, a, text + len / 2, b, &num, &den);
    assert(num <= den);
    for (unsigned percent = 1; percent <= 100; percent += 3) {
        bool reaches = jaro_winkler_reaches(text, a, text + len / 2, b, percent);

        assert(reaches == (num * 100 >= percent * den));
        assert(!reaches ||
               signature_may_reach(name_signature(text, a), a,
                                   name_signature(text + len / 2, b), b, percent));
    }
    assert(name_skeleton(text, a, key) == strlen(key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str written = {(const char *)data, size};

    check_dates(written);
    check_places(written);
    phone_read(written);
    email_read(written);
    nino_read(written);
    number_read(written);
    vehicle_read(written);
    sex_read(written);
    if (size)
        check_likeness(written.at, size);
    return 0;
}
