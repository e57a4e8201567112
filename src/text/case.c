/* Upper and lower case of texts as written. */
#include "text/text.h"

#include <string.h>

#include <utf8proc.h>

static char ascii_case(char c, bool upper)
{
    if (upper)
        return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

size_t text_case(struct str written, bool upper, char *to)
{
    size_t len = 0;

    for (size_t at = 0; at < written.len;) {
        const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)written.at + at;
        utf8proc_int32_t letter = 0;
        utf8proc_ssize_t size =
            *from < 0x80
                ? 1
                : utf8proc_iterate(from, (utf8proc_ssize_t)(written.len - at), &letter);

        if (*from < 0x80 || size < 1) {
            to[len++] = ascii_case(written.at[at++], upper);
            continue;
        }
        letter = upper ? utf8proc_toupper(letter) : utf8proc_tolower(letter);
        len += (size_t)utf8proc_encode_char(letter, (utf8proc_uint8_t *)to + len);
        at += (size_t)size;
    }
    return len;
}
