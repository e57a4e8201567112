/*
 * What text's own files share: ASCII forms of any text, and bytes by class.
 * Inside the room; other rooms include text/text.h.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "text/text.h"

#include <string.h>

/*
 * The text in ASCII, case and punctuation kept: é gives e, ß gives ss, – gives -,
 * Иван gives Ivan. ASCII comes back as it is, without a copy; else `room` is filled, at
 * most `size` bytes. Bytes that are not UTF-8 are read as Latin-1.
 */
struct str fold_ascii(struct str written, char *room, size_t size);

/* Non-Latin letters (valid UTF-8) in Latin letters, as UTF-8; 0 where not known. */
size_t script_latin(const char *utf8, size_t len, char *latin, size_t size);

/* The same of letters that are all Arabic or Hebrew, vowels filled in; else 0. */
size_t unvowelled_latin(const char *utf8, size_t len, char *latin, size_t size);

/* Upper-case letter for A-Z and a-z, the digit for 0-9, 0 for every other byte. */
extern const unsigned char fold_alnum[256];

/* Letters and digits of an ASCII text, upper case, nothing between; size + 1 if more. */
size_t fold_squeeze(struct str ascii, char *squeezed, size_t size);

/* UNKNOWN, N/K, NONE, -, ? ... : a value that says there is none. ASCII. */
bool fold_placeholder(struct str ascii);

static inline bool is_letter(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool is_digit(unsigned char c)
{
    return (unsigned char)(c - '0') < 10;
}

static inline bool is_ascii(struct str text)
{
    uint64_t seen = 0, word;
    size_t i = 0;

    for (; i + 8 <= text.len; i += 8) {
        memcpy(&word, text.at + i, 8);
        seen |= word;
    }
    for (; i < text.len; i++)
        seen |= (unsigned char)text.at[i];
    return !(seen & 0x8080808080808080u);
}

#endif
