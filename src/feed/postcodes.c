#include "feed/rows.h"

#include <string.h>

static bool letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * The size of a British postcode at the front of text, 0 if there is none:
 * one or two letters, a digit, a digit or letter or nothing; then spaces or none; then
 * a digit and two letters, and no letter or digit after them.
 * Source: BS 7666-2 as in the Royal Mail's Programmer's Guide to the PAF.
 */
static size_t postcode_size(const char *at, size_t len)
{
    size_t n = 0;

    while (n < len && n < 2 && letter(at[n]))
        n++;
    if (n == 0 || n == len || !digit(at[n++]))
        return 0;
    for (int longer = 1; longer >= 0; longer--) {
        size_t k = n;

        if (longer && (k == len || !(digit(at[k]) || letter(at[k]))))
            continue;
        k += (size_t)longer;
        while (k < len && at[k] == ' ')
            k++;
        if (k + 3 <= len && digit(at[k]) && letter(at[k + 1]) && letter(at[k + 2]) &&
            (k + 3 == len || !(letter(at[k + 3]) || digit(at[k + 3]))))
            return k + 3;
    }
    return 0;
}

struct str postcodes_within(struct rows *rows, struct str addresses)
{
    char *memory = NULL, *to = NULL;

    for (size_t i = 0; i < addresses.len; i++) {
        bool word_starts =
            i == 0 || !(letter(addresses.at[i - 1]) || digit(addresses.at[i - 1]));
        size_t size =
            word_starts ? postcode_size(addresses.at + i, addresses.len - i) : 0;

        if (size == 0)
            continue;
        if (!memory)
            to = memory = rows_spare(rows, addresses.len + 1);
        if (to != memory)
            *to++ = '|';
        memcpy(to, addresses.at + i, size);
        to += size;
        i += size - 1;
    }
    return (struct str){memory, (size_t)(to - memory)};
}
