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

/* Appends the postcodes in an address; returns the end. */
static char *find_postcodes(struct str address, const char *start, char *to)
{
    for (size_t i = 0; i < address.len; i++) {
        bool word_starts =
            i == 0 || !(letter(address.at[i - 1]) || digit(address.at[i - 1]));
        size_t size = word_starts ? postcode_size(address.at + i, address.len - i) : 0;

        if (size == 0)
            continue;
        if (to != start)
            *to++ = '|';
        memcpy(to, address.at + i, size);
        to += size;
        i += size - 1;
    }
    return to;
}

struct str postcodes_pick(struct str written, char *memory)
{
    struct str rest = written, part;
    char *to = memory;

    while (str_cut(&rest, '|', &part)) {
        part = str_trim(part);
        if (part.len > POSTCODE_MAX) {
            to = find_postcodes(part, memory, to);
        } else if (part.len) {
            if (to != memory)
                *to++ = '|';
            memcpy(to, part.at, part.len);
            to += part.len;
        }
    }
    return (struct str){memory, (size_t)(to - memory)};
}

struct str feed_postcodes(struct str written, struct arena *arena)
{
    return written.len > POSTCODE_MAX
               ? postcodes_pick(written, arena_alloc(arena, written.len + 1))
               : written;
}
