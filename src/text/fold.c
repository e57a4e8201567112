#include "text/fold.h"

#include <utf8proc.h>

#define LETTER(upper, lower) [upper] = (upper), [lower] = (upper)

const unsigned char fold_alnum[256] = {
    LETTER('A', 'a'), LETTER('B', 'b'), LETTER('C', 'c'), LETTER('D', 'd'),
    LETTER('E', 'e'), LETTER('F', 'f'), LETTER('G', 'g'), LETTER('H', 'h'),
    LETTER('I', 'i'), LETTER('J', 'j'), LETTER('K', 'k'), LETTER('L', 'l'),
    LETTER('M', 'm'), LETTER('N', 'n'), LETTER('O', 'o'), LETTER('P', 'p'),
    LETTER('Q', 'q'), LETTER('R', 'r'), LETTER('S', 's'), LETTER('T', 't'),
    LETTER('U', 'u'), LETTER('V', 'v'), LETTER('W', 'w'), LETTER('X', 'x'),
    LETTER('Y', 'y'), LETTER('Z', 'z'), ['0'] = '0',      ['1'] = '1',
    ['2'] = '2',      ['3'] = '3',      ['4'] = '4',      ['5'] = '5',
    ['6'] = '6',      ['7'] = '7',      ['8'] = '8',      ['9'] = '9',
};

/*
 * Characters whose ASCII form Unicode's decomposition does not give. The letters with a
 * second usual spelling (ø as OE, ü as UE) keep the short one: the other is equal by
 * name_skeleton or a variant table.
 */
static const struct special {
    uint16_t character;
    char ascii[4];
} specials[] = {
    {0x00AB, "\""},
    {0x00B4, "'" },
    {0x00B7, "-" },
    {0x00BB, "\""},
    {0x00C6, "AE"},
    {0x00D0, "D" },
    {0x00D8, "O" },
    {0x00DE, "TH"},
    {0x00DF, "ss"},
    {0x00E6, "ae"},
    {0x00F0, "d" },
    {0x00F8, "o" },
    {0x00FE, "th"},
    {0x0110, "D" },
    {0x0111, "d" },
    {0x0126, "H" },
    {0x0127, "h" },
    {0x0131, "i" },
    {0x0138, "k" },
    {0x0141, "L" },
    {0x0142, "l" },
    {0x014A, "N" },
    {0x014B, "n" },
    {0x0152, "OE"},
    {0x0153, "oe"},
    {0x0166, "T" },
    {0x0167, "t" },
    {0x0180, "b" },
    {0x0181, "B" },
    {0x0186, "O" },
    {0x0187, "C" },
    {0x0188, "c" },
    {0x0189, "D" },
    {0x018A, "D" },
    {0x018E, "A" },
    {0x018F, "A" },
    {0x0190, "E" },
    {0x0191, "F" },
    {0x0192, "f" },
    {0x0193, "G" },
    {0x0194, "G" },
    {0x0197, "I" },
    {0x0198, "K" },
    {0x0199, "k" },
    {0x019A, "l" },
    {0x01B3, "Y" },
    {0x01B4, "y" },
    {0x01B5, "Z" },
    {0x01B6, "z" },
    {0x01DD, "a" },
    {0x0253, "b" },
    {0x0254, "o" },
    {0x0256, "d" },
    {0x0257, "d" },
    {0x0259, "a" },
    {0x025B, "e" },
    {0x0260, "g" },
    {0x0263, "g" },
    {0x0268, "i" },
    {0x0272, "ny"},
    {0x02B9, "'" },
    {0x02BA, "'" },
    {0x02BB, "'" },
    {0x02BC, "'" },
    {0x02BD, "'" },
    {0x02BE, "'" },
    {0x02BF, "'" },
    {0x02C8, "'" },
    {0x1E9E, "SS"},
    {0x2010, "-" },
    {0x2011, "-" },
    {0x2012, "-" },
    {0x2013, "-" },
    {0x2014, "-" },
    {0x2015, "-" },
    {0x2018, "'" },
    {0x2019, "'" },
    {0x201A, "'" },
    {0x201B, "'" },
    {0x201C, "\""},
    {0x201D, "\""},
    {0x201E, "\""},
    {0x201F, "\""},
    {0x2032, "'" },
    {0x2212, "-" },
    {0x3001, "," },
    {0x300C, "\""},
    {0x300D, "\""},
    {0x30FB, "-" },
    {0xA78B, "'" },
    {0xA78C, "'" },
    {0xFF65, "-" },
};

static const char *special_of(utf8proc_int32_t character)
{
    size_t low = 0, high = COUNT(specials);

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (specials[middle].character < character)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < COUNT(specials) && specials[low].character == character)
        return specials[low].ascii;
    return NULL;
}

/* One character at `text`, at least a byte long; not UTF-8 is read as Latin-1. */
static size_t character_at(struct str text, utf8proc_int32_t *character)
{
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.at,
                                             (utf8proc_ssize_t)text.len, character);

    if (size > 0)
        return (size_t)size;
    *character = (unsigned char)text.at[0];
    return 1;
}

static bool is_mark(utf8proc_category_t category)
{
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

static bool is_other_letter(utf8proc_category_t category)
{
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
           category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LM ||
           category == UTF8PROC_CATEGORY_LO;
}

/* Marks, controls and joiners leave no trace; spaces and all else separate words. */
static char sign_of(utf8proc_category_t category)
{
    bool silent = is_mark(category) || category == UTF8PROC_CATEGORY_CF ||
                  category == UTF8PROC_CATEGORY_CC;

    return silent ? 0 : ' ';
}

struct writer {
    char *at;
    size_t len, size;
};

static void put(struct writer *out, const char *text)
{
    for (; *text && out->len < out->size; text++)
        out->at[out->len++] = *text;
}

/*
 * Writes the ASCII form of one character; false if it is a letter of another script.
 */
static bool put_latin(struct writer *out, utf8proc_int32_t character)
{
    utf8proc_int32_t parts[32];
    int bound = 0;
    const char *special = special_of(character);

    if (special) {
        put(out, special);
        return true;
    }
    utf8proc_ssize_t count = utf8proc_decompose_char(
        character, parts, COUNT(parts), UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &bound);

    for (utf8proc_ssize_t i = 0; i < count && i < (utf8proc_ssize_t)COUNT(parts); i++) {
        utf8proc_category_t category = utf8proc_category(parts[i]);
        char ascii[2] = {(char)parts[i], 0};

        if (parts[i] >= 0x80) {
            special = special_of(parts[i]);
            if (!special && is_other_letter(category))
                return false;
            ascii[0] = sign_of(category);
        } else {
            special = NULL;
        }
        put(out, special ? special : ascii);
    }
    return true;
}

/* A geresh typed as an apostrophe: between Hebrew letters, or behind the last of them. */
static bool geresh_at(struct str text, size_t at)
{
    return at >= 2 && text.at[at] == '\'' &&
           ((unsigned char)text.at[at - 2] == 0xD6 ||
            (unsigned char)text.at[at - 2] == 0xD7);
}

/* How many bytes from the start of `text` are letters and marks beyond ASCII. */
static size_t letters_length(struct str text)
{
    size_t at = 0;

    while (at < text.len &&
           ((unsigned char)text.at[at] >= 0x80 || geresh_at(text, at))) {
        utf8proc_int32_t character;

        if (text.at[at] == '\'') {
            at++;
            continue;
        }
        struct str rest = {text.at + at, text.len - at};
        utf8proc_ssize_t size = utf8proc_iterate(
            (const utf8proc_uint8_t *)rest.at, (utf8proc_ssize_t)rest.len, &character);

        if (size <= 0)
            break;

        utf8proc_category_t category = utf8proc_category(character);

        if (!is_other_letter(category) && !is_mark(category) &&
            category != UTF8PROC_CATEGORY_CF && character != 0x5F3 /* geresh */)
            break;
        at += (size_t)size;
    }
    return at;
}

/* Letters of another script: through Latin letters, and those to ASCII. */
static void put_script(struct writer *out, struct str letters)
{
    char latin[512];
    struct str rest = {latin,
                       unvowelled_latin(letters.at, letters.len, latin, sizeof(latin))};

    if (!rest.len)
        rest.len = script_latin(letters.at, letters.len, latin, sizeof(latin));

    while (rest.len) {
        utf8proc_int32_t character;
        size_t size = character_at(rest, &character);

        put_latin(out, character); /* what is still not Latin is left out */
        rest.at += size;
        rest.len -= size;
    }
}

static struct str fold_beyond_ascii(struct str written, char *room, size_t size)
{
    struct writer out = {room, 0, size};

    while (written.len && out.len < out.size) {
        utf8proc_int32_t character = (unsigned char)written.at[0];
        size_t taken = 1;

        if (character < 0x80) {
            out.at[out.len++] = (char)character;
        } else {
            taken = character_at(written, &character);
            if (!put_latin(&out, character)) {
                size_t letters = letters_length(written);

                if (letters > taken)
                    taken = letters;
                put_script(&out, (struct str){written.at, taken});
            }
        }
        written.at += taken;
        written.len -= taken;
    }
    return (struct str){room, out.len};
}

struct str fold_ascii(struct str written, char *room, size_t size)
{
    return is_ascii(written) ? written : fold_beyond_ascii(written, room, size);
}

size_t text_fold(struct str written, char *folded, size_t size)
{
    char room[1024];
    struct str ascii = fold_ascii(written, room, sizeof(room));
    size_t len = 0;
    bool gap = false;

    for (size_t i = 0; i < ascii.len && len < size; i++) {
        char c = (char)fold_alnum[(unsigned char)ascii.at[i]];

        if (!c) {
            gap |= ascii.at[i] != '\''; /* O'BRIEN is one word */
            continue;
        }
        if (gap && len) {
            if (len + 2 > size)
                break;
            folded[len++] = ' ';
        }
        folded[len++] = c;
        gap = false;
    }
    return len;
}

size_t fold_squeeze(struct str ascii, char *squeezed, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < ascii.len; i++) {
        char c = (char)fold_alnum[(unsigned char)ascii.at[i]];

        if (!c)
            continue;
        if (len == size)
            return size + 1;
        squeezed[len++] = c;
    }
    return len;
}

bool fold_placeholder(struct str ascii)
{
    static const char *const words[] = {"NK",          "NA",           "NONE",
                                        "NULL",        "NIL",          "UNKNOWN",
                                        "NOTKNOWN",    "UNK",          "NOTSTATED",
                                        "NOTGIVEN",    "REFUSED",      "NFA",
                                        "TBC",         "TBA",          "NOTRECORDED",
                                        "MISSING",     "NAN",          "NOTSUPPLIED",
                                        "WITHHELD",    "REDACTED",     "NOTAPPLICABLE",
                                        "ANON",        "NOTHELD",      "NOTPROVIDED",
                                        "UNDISCLOSED", "BLANK",        "UNDEFINED",
                                        "X",           "XX",           "XXX",
                                        "NOPHONE",     "NOFIXEDABODE", "NOTAVAILABLE"};
    char squeezed[16];
    size_t len = fold_squeeze(ascii, squeezed, sizeof(squeezed));

    if (len == 0)
        return true;
    if (len > sizeof(squeezed))
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (words[i][0] == squeezed[0] && strlen(words[i]) == len &&
            memcmp(words[i], squeezed, len) == 0)
            return true;
    return false;
}

/* How many bytes follow a lead byte, and the least second byte; 0 for no lead. */
static size_t follow(unsigned char lead, unsigned char *least, unsigned char *most)
{
    *least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 3;
    return 0;
}

/* Unicode 15, table 3-7: no overlong forms, no surrogates, nothing over U+10FFFF. */
bool text_utf8(struct str bytes)
{
    size_t i = 0;

    if (is_ascii(bytes))
        return true;
    while (i < bytes.len) {
        unsigned char lead = (unsigned char)bytes.at[i++], least, most;
        size_t more = lead < 0x80 ? 0 : follow(lead, &least, &most);

        if (lead < 0x80)
            continue;
        if (more == 0 || bytes.len - i < more)
            return false;
        for (size_t k = 0; k < more; k++, i++) {
            unsigned char c = (unsigned char)bytes.at[i];

            if (c < (k ? 0x80 : least) || c > (k ? 0xBF : most))
                return false;
        }
    }
    return true;
}
