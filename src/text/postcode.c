/*
 * British postcodes: outward A9, A99, AA9, AA99, A9A, AA9A and inward 9AA.
 * Letters by place: first not Q V X, second not I J Z, third of A9A one of
 * ABCDEFGHJKPSTUW, fourth of AA9A one of ABEHMNPRVWXY, inward not C I K M O V.
 * Source: Royal Mail, Programmer's Guide to the Postcode Address File.
 */
#include "text/fold.h"

/* The places that a character may stand in. */
enum place {
    D = 1,  /* a digit's */
    F = 2,  /* first letter */
    S = 4,  /* second letter */
    T = 8,  /* letter behind A9 */
    U = 16, /* letter behind AA9 */
    I = 32  /* letter of the inward code */
};

static const uint8_t places[256] = {
    ['0'] = D,
    ['1'] = D,
    ['2'] = D,
    ['3'] = D,
    ['4'] = D,
    ['5'] = D,
    ['6'] = D,
    ['7'] = D,
    ['8'] = D,
    ['9'] = D,
    ['A'] = F | S | T | U | I,
    ['B'] = F | S | T | U | I,
    ['C'] = F | S | T,
    ['D'] = F | S | T | I,
    ['E'] = F | S | T | U | I,
    ['F'] = F | S | T | I,
    ['G'] = F | S | T | I,
    ['H'] = F | S | T | U | I,
    ['I'] = F,
    ['J'] = F | T | I,
    ['K'] = F | S | T,
    ['L'] = F | S | I,
    ['M'] = F | S | U,
    ['N'] = F | S | U | I,
    ['O'] = F | S,
    ['P'] = F | S | T | U | I,
    ['Q'] = S | I,
    ['R'] = F | S | U | I,
    ['S'] = F | S | T | I,
    ['T'] = F | S | T | I,
    ['U'] = F | S | T | I,
    ['V'] = S | U,
    ['W'] = F | S | T | U | I,
    ['X'] = S | U | I,
    ['Y'] = F | S | U | I,
    ['Z'] = F | I,
};

/* Outward codes by length; the first that needs fewest corrections is taken. */
static const struct form {
    uint8_t len;
    uint8_t place[4];
} forms[] = {
    {2, {F, D}      },
    {3, {F, S, D}   },
    {3, {F, D, D}   },
    {3, {F, D, T}   },
    {4, {F, S, D, D}},
    {4, {F, S, D, U}},
};

/* What is often typed for what: corrected only where the place demands the other. */
static const char looks_like[256] = {
    ['O'] = '0', ['0'] = 'O', ['I'] = '1', ['1'] = 'I', ['S'] = '5', ['5'] = 'S'};

/* Puts text right for its places; false if it cannot be. Counts corrections. */
static bool fit(const char *text, const uint8_t *place, unsigned len, char *fitted,
                unsigned *corrections)
{
    for (unsigned i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (!(places[c] & place[i])) {
            c = (unsigned char)looks_like[c];
            if (!(places[c] & place[i]))
                return false;
            ++*corrections;
        }
        fitted[i] = (char)c;
    }
    return true;
}

/* The outward code as a number, 0 if it is none. */
static uint32_t outward_read(const char *text, unsigned len)
{
    char best[4] = {0};
    unsigned fewest = 5;

    for (const struct form *form = forms; form < forms + COUNT(forms); form++) {
        char fitted[4];
        unsigned corrections = 0;

        if (form->len != len || !fit(text, form->place, len, fitted, &corrections) ||
            corrections >= fewest)
            continue;
        memcpy(best, fitted, len);
        fewest = corrections;
        if (fewest == 0)
            break;
    }
    if (fewest == 5)
        return 0;

    uint32_t number = 0;

    for (unsigned i = 0; i < 4; i++) /* digits 1 to 10, letters 11 to 36, nothing 0 */
        number = number * 37 + (uint32_t)(!best[i]         ? 0
                                          : best[i] <= '9' ? best[i] - '0' + 1
                                                           : best[i] - 'A' + 11);
    return number;
}

static bool read_full(const char *text, unsigned len, struct postcode *postcode)
{
    static const uint8_t inward_places[3] = {D, I, I};
    char inward[3];
    unsigned corrections = 0;

    if (!fit(text + len - 3, inward_places, 3, inward, &corrections))
        return false;

    uint32_t district = outward_read(text, len - 3);

    if (!district)
        return false;
    postcode->district = district;
    postcode->sector = district * 10 + (uint32_t)(inward[0] - '0');
    postcode->unit = (uint64_t)postcode->sector * 676 +
                     (uint64_t)((inward[1] - 'A') * 26 + inward[2] - 'A');
    return true;
}

/* ZZ99 3VZ and its like stand for "no fixed abode" and "not known" in health records. */
static bool stands_for_nothing(const char *text, size_t len)
{
    return len >= 4 && memcmp(text, "ZZ99", 4) == 0;
}

bool postcode_read(struct str written, struct postcode *postcode)
{
    char room[64], text[12];
    struct str ascii = fold_ascii(written, room, sizeof(room));
    size_t len = 0, last_word = 0;
    bool gap = false, digit = false;

    *postcode = (struct postcode){0, 0, 0};
    for (size_t i = 0; i < ascii.len; i++) {
        char c = (char)fold_alnum[(unsigned char)ascii.at[i]];

        if (!c) {
            gap = true;
            continue;
        }
        if (len == sizeof(text))
            return false;
        if (gap)
            last_word = len;
        gap = false;
        digit |= c <= '9';
        text[len++] = c;
    }
    if (len < 2 || !digit || stands_for_nothing(text, len))
        return false;
    if (len >= 5 && len <= 7 && read_full(text, (unsigned)len, postcode))
        return true;
    if (last_word && len - last_word == 1 &&
        places[(unsigned char)text[len - 1]] == D && len <= 5 &&
        (postcode->district = outward_read(text, (unsigned)len - 1))) {
        postcode->sector = postcode->district * 10 + (uint32_t)(text[len - 1] - '0');
        return true;
    }
    if (len <= 4 && (postcode->district = outward_read(text, (unsigned)len)))
        return true;
    if (len < 4)
        return false;
    postcode->unit = hash_bytes(text, len, 0) | (uint64_t)1 << 63;
    return true;
}
