#include "base/base.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct str str_of(const char *text)
{
    return (struct str){text, strlen(text)};
}

bool str_same(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str str_trim(struct str text)
{
    while (text.len && blank(text.at[0])) {
        text.at++;
        text.len--;
    }
    while (text.len && blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

bool str_cut(struct str *rest, char separator, struct str *part)
{
    if (!rest->at)
        return false;

    const char *found = rest->len ? memchr(rest->at, separator, rest->len) : NULL;

    *part = *rest;
    if (!found) {
        *rest = (struct str){NULL, 0};
        return true;
    }
    part->len = (size_t)(found - rest->at);
    rest->at = found + 1;
    rest->len -= part->len + 1;
    return true;
}

bool str_number(struct str text, double *number)
{
    char copy[40], *end;

    text = str_trim(text);
    if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.at, 0, text.len))
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = 0;

    double value = strtod(copy, &end);

    if (*end || !isfinite(value))
        return false;
    *number = value;
    return true;
}
