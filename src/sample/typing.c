#include "sample/typing.h"
#include "sample/naming.h"

#include <string.h>

enum { WORD_MAX = 80 };

void word_set(struct word *word, struct part part)
{
    memcpy(word->at, part.at ? part.at : "", part.len);
    word->len = part.len;
}

void word_append(struct word *word, const char *text)
{
    size_t len = strlen(text);

    if (word->len + len > WORD_MAX)
        return;
    memcpy(word->at + word->len, text, len);
    word->len = (uint8_t)(word->len + len);
}

static bool plain_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool word_shorten(struct word *word, unsigned letters)
{
    unsigned bytes = 0;

    for (unsigned n = 0; bytes < word->len && n < letters; n++) {
        bytes++;
        while (bytes < word->len && ((unsigned char)word->at[bytes] & 0xc0) == 0x80)
            bytes++;
    }
    if (bytes >= word->len)
        return false;
    word->len = (uint8_t)bytes;
    return true;
}

/* ---- rewriting by tables --------------------------------------------------------- */

struct rewriting {
    const char *from, *to;
};

/* What English ears make of names. */
static const struct rewriting by_ear[] = {
    {"ph",  "f"  },
    {"ck",  "k"  },
    {"ie",  "y"  },
    {"ee",  "ea" },
    {"ea",  "ee" },
    {"ll",  "l"  },
    {"tt",  "t"  },
    {"nn",  "n"  },
    {"ss",  "s"  },
    {"rr",  "r"  },
    {"mm",  "m"  },
    {"dd",  "d"  },
    {"ai",  "ay" },
    {"ay",  "ey" },
    {"ey",  "y"  },
    {"ei",  "ie" },
    {"gh",  "g"  },
    {"th",  "t"  },
    {"wh",  "w"  },
    {"kn",  "n"  },
    {"ou",  "u"  },
    {"oo",  "u"  },
    {"au",  "or" },
    {"er",  "ar" },
    {"ar",  "er" },
    {"or",  "er" },
    {"on",  "en" },
    {"en",  "an" },
    {"an",  "en" },
    {"in",  "en" },
    {"son", "sen"},
    {"c",   "k"  },
    {"k",   "c"  },
    {"s",   "z"  },
    {"z",   "s"  },
    {"v",   "w"  },
    {"w",   "v"  },
    {"y",   "i"  },
    {"i",   "y"  },
    {"l",   "ll" },
    {"t",   "tt" },
    {"n",   "nn" },
    {"e",   "i"  },
    {"a",   "e"  },
    {"o",   "u"  },
    {"u",   "o"  },
    {"f",   "ph" },
    {"g",   "j"  },
    {"j",   "g"  },
    {"r",   "rr" },
    {"m",   "mm" },
    {"s",   "ss" },
};

static const struct rewriting arabic[] = {
    {"ou", "u" },
    {"u",  "ou"},
    {"oo", "u" },
    {"u",  "oo"},
    {"ee", "i" },
    {"i",  "ee"},
    {"ei", "ai"},
    {"ai", "ei"},
    {"e",  "a" },
    {"a",  "e" },
    {"q",  "k" },
    {"k",  "q" },
    {"kh", "k" },
    {"gh", "g" },
    {"dh", "d" },
    {"th", "t" },
    {"z",  "s" },
    {"ss", "s" },
    {"s",  "ss"},
    {"mm", "m" },
    {"dd", "d" },
    {"ll", "l" },
    {"y",  "i" },
    {"i",  "y" },
    {"w",  "v" },
    {"sh", "ch"},
    {"ah", "a" },
    {"aa", "a" },
    {"j",  "g" },
    {"o",  "u" },
    {"u",  "o" },
    {"h",  ""  },
};

static const struct rewriting indic[] = {
    {"ee",  "i" },
    {"i",   "ee"},
    {"oo",  "u" },
    {"u",   "oo"},
    {"aa",  "a" },
    {"a",   "aa"},
    {"sh",  "s" },
    {"s",   "sh"},
    {"v",   "w" },
    {"w",   "v" },
    {"th",  "t" },
    {"t",   "th"},
    {"dh",  "d" },
    {"d",   "dh"},
    {"bh",  "b" },
    {"ksh", "x" },
    {"j",   "z" },
    {"y",   "i" },
    {"i",   "y" },
    {"e",   "a" },
    {"an",  "en"},
    {"nn",  "n" },
    {"kh",  "k" },
    {"gh",  "g" },
    {"h",   ""  },
};

static const struct rewriting slavic[] = {
    {"iy", "y"  },
    {"yy", "iy" },
    {"y",  "i"  },
    {"i",  "y"  },
    {"ks", "x"  },
    {"x",  "ks" },
    {"v",  "w"  },
    {"w",  "v"  },
    {"kh", "h"  },
    {"h",  "kh" },
    {"ch", "tch"},
    {"sh", "s"  },
    {"zh", "j"  },
    {"ya", "ia" },
    {"yu", "iu" },
    {"ye", "e"  },
    {"ts", "c"  },
    {"c",  "ts" },
    {"o",  "a"  },
    {"g",  "h"  },
    {"e",  "ye" },
    {"ou", "u"  },
    {"k",  "c"  },
};

static const struct rewriting eastern[] = {
    {"zh",  "ch" },
    {"x",   "hs" },
    {"q",   "ch" },
    {"ang", "ong"},
    {"ong", "ung"},
    {"ui",  "wei"},
    {"iu",  "ew" },
    {"en",  "un" },
    {"ian", "in" },
    {"uan", "un" },
    {"ao",  "ow" },
    {"ou",  "au" },
    {"ei",  "i"  },
    {"j",   "ch" },
    {"g",   "k"  },
    {"b",   "p"  },
    {"d",   "t"  },
    {"ie",  "it" },
    {"u",   "oo" },
    {"i",   "ee" },
    {"ee",  "i"  },
    {"y",   "j"  },
};

static const struct {
    const struct rewriting *rules;
    uint32_t count;
} romanisings[] = {
    [ROMAN_NONE] = {by_ear,  COUNT(by_ear) },
      [ROMAN_ARABIC] = {arabic,  COUNT(arabic) },
    [ROMAN_INDIC] = {indic,   COUNT(indic)  },
      [ROMAN_SLAVIC] = {slavic,  COUNT(slavic) },
    [ROMAN_EAST] = {eastern, COUNT(eastern)},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Where `from` stands in the word at or after `start`, or -1; the first letter's case
 * does not matter. */
static int found_at(const struct word *word, const char *from, int start)
{
    int len = (int)strlen(from);

    for (int i = start; i + len <= word->len; i++) {
        int k = 0;

        while (k < len && lower(word->at[i + k]) == from[k])
            k++;
        if (k == len)
            return i;
    }
    return -1;
}

static bool replace(struct word *word, int at, const struct rewriting *rule)
{
    int from = (int)strlen(rule->from), to = (int)strlen(rule->to);
    bool capital = word->at[at] >= 'A' && word->at[at] <= 'Z';

    if (word->len - from + to > WORD_MAX || word->len - from + to < 2 ||
        (at == 0 && to == 0))
        return false;
    memmove(word->at + at + to, word->at + at + from, (size_t)(word->len - at - from));
    memcpy(word->at + at, rule->to, (size_t)to);
    word->len = (uint8_t)(word->len - from + to);
    if (capital && to)
        word->at[at] = (char)(word->at[at] - 32);
    return true;
}

/* The first rule that fits, from a rule drawn at random on. */
static bool rewrite(struct word *word, const struct rewriting rules[], uint32_t count,
                    struct draw *draw)
{
    uint32_t from = draw_below(draw, count);

    for (uint32_t i = 0; i < count; i++) {
        const struct rewriting *rule = &rules[(from + i) % count];
        int at = found_at(word, rule->from, draw_below(draw, 4) ? 1 : 0);

        if (at >= 0 && replace(word, at, rule))
            return true;
    }
    return false;
}

bool word_romanise(struct word *word, enum romanising romanising, struct draw *draw)
{
    return rewrite(word, romanisings[romanising].rules, romanisings[romanising].count,
                   draw);
}

/* ---- slips of the fingers --------------------------------------------------------- */

/* Keys next to each letter on a British keyboard. */
static const char *const neighbours[26] = {
    "qwsz",   "vghn", "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "uojk",
    "huiknm", "jiol", "kop",  "njk",    "bhjm", "ipkl",   "ol",     "wa",     "etdf",
    "awedxz", "ryfg", "yihj", "cfgb",   "qeas", "zsdc",   "tugh",   "asx"};

/* Few slips at the first letter, more towards the end (Winkler 1994). */
static int place_draw(const struct word *word, struct draw *draw)
{
    static const uint16_t weights[] = {3, 7, 10, 11, 12, 13, 14, 15};
    uint32_t sum = 0, last = COUNT(weights) - 1;

    for (uint32_t i = 0; i < word->len; i++)
        sum += weights[i < last ? i : last];
    uint32_t u = draw_below(draw, sum);

    for (uint32_t i = 0; i < word->len; i++) {
        uint32_t weight = weights[i < last ? i : last];

        if (u < weight)
            return (int)i;
        u -= weight;
    }
    return word->len - 1;
}

static void cut_out(struct word *word, int at)
{
    memmove(word->at + at, word->at + at + 1, (size_t)(word->len - at - 1));
    word->len--;
}

static void put_in(struct word *word, int at, char c)
{
    memmove(word->at + at + 1, word->at + at, (size_t)(word->len - at));
    word->at[at] = c;
    word->len++;
}

static char other_letter(char c, struct draw *draw)
{
    char small = lower(c);
    const char *near = neighbours[small - 'a'];
    char other = near[draw_below(draw, (uint32_t)strlen(near))];

    if (draw_below(draw, 100) >= 70)
        other = (char)('a' + (small - 'a' + 1 + (int)draw_below(draw, 25)) % 26);
    return c == small ? other : (char)(other - 32);
}

/* Substitution 40, deletion 25, insertion 20, transposition 15 of 100. */
static void finger_slip(struct word *word, struct draw *draw)
{
    int at = place_draw(word, draw);
    uint32_t u = draw_below(draw, 100);

    for (int tries = 0; tries < word->len && !plain_letter(word->at[at]); tries++)
        at = (at + 1) % word->len;
    if (!plain_letter(word->at[at]))
        return;
    char c = word->at[at];

    if (u >= 85 && at + 1 < word->len && plain_letter(word->at[at + 1]) &&
        lower(c) != lower(word->at[at + 1])) {
        bool capital = c != lower(c);

        word->at[at] =
            capital ? (char)(lower(word->at[at + 1]) - 32) : word->at[at + 1];
        word->at[at + 1] = capital ? lower(c) : c;
    } else if (u >= 65 && word->len < WORD_MAX) {
        put_in(word, at + 1, lower(draw_below(draw, 2) ? c : other_letter(c, draw)));
    } else if (u >= 40 && word->len > 2) {
        cut_out(word, at);
        if (at == 0 && c != lower(c) && plain_letter(word->at[0]))
            word->at[0] = (char)(lower(word->at[0]) - 32);
    } else {
        word->at[at] = other_letter(c, draw);
    }
}

void word_mistype(struct word *word, struct draw *draw)
{
    uint32_t u = draw_below(draw, 100);
    int edits = u < 80 ? 1 : u < 95 ? 2 : 3;
    struct word before = *word;

    if (!word->len)
        return;
    for (int i = 0; i < edits; i++)
        if (draw_below(draw, 100) >= 40 || !rewrite(word, by_ear, COUNT(by_ear), draw))
            finger_slip(word, draw);
    if (word->len == before.len && !memcmp(word->at, before.at, word->len))
        finger_slip(word, draw);
}

/* What a scanner makes of print: one for one, or one for two. */
static const struct rewriting misreadings[] = {
    {"o", "0" },
    {"l", "1" },
    {"i", "l" },
    {"s", "5" },
    {"m", "rn"},
    {"b", "6" },
    {"e", "c" },
    {"g", "9" },
    {"z", "2" },
    {"u", "v" },
    {"h", "li"},
    {"d", "cl"},
    {"n", "ri"},
    {"t", "f" },
    {"a", "o" },
    {"c", "e" },
    {"r", "t" },
    {"w", "vv"},
    {"y", "v" },
    {"k", "lc"},
    {"v", "y" },
    {"f", "t" },
};

bool word_misread(struct word *word, struct draw *draw, uint32_t per_million)
{
    bool changed = false;

    for (int at = 0; at < word->len; at++) {
        if (!draw_chance(draw, per_million))
            continue;
        for (size_t i = 0; i < COUNT(misreadings); i++)
            if (lower(word->at[at]) == misreadings[i].from[0]) {
                struct rewriting rule = misreadings[i];
                char c = word->at[at];

                word->at[at] = lower(c); /* a digit has no case */
                changed |= replace(word, at, &rule);
                if (c != lower(c) && plain_letter(word->at[at]))
                    word->at[at] = (char)(lower(word->at[at]) - 32);
                break;
            }
    }
    return changed;
}

/* ---- marks, joints, particles ------------------------------------------------------ */

/* Letters of Latin-1 and Latin Extended-A (U+00C0 to U+017F) without their marks. */
static const char latin[] =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(sizeof(latin) - 1 == 64 + 128, "one letter for each of the two blocks");

bool word_plain(struct word *word)
{
    uint8_t to = 0;
    bool changed = false;

    for (uint8_t i = 0; i < word->len; i++) {
        unsigned char c = (unsigned char)word->at[i];
        unsigned char d = i + 1 < word->len ? (unsigned char)word->at[i + 1] : 0;
        unsigned code = (c & 0x1fu) << 6 | (d & 0x3fu);

        if (c < 0x80) {
            word->at[to++] = (char)c;
            continue;
        }
        changed = true;
        i++;
        if (c >= 0xc3 && c <= 0xc5)
            word->at[to++] = latin[code - 0xc0];
        else if (c == 0xc8) /* S and T with comma below */
            word->at[to++] = "SsTt"[(code - 0x218) & 3];
        else
            word->at[to++] = 'e'; /* the schwa of Azerbaijan and the like */
    }
    word->len = to;
    return changed;
}

bool word_unjoin(struct word *word, struct draw *draw)
{
    bool space = draw_below(draw, 2);

    for (int i = 1; i + 1 < word->len; i++)
        if (word->at[i] == '-' || word->at[i] == '\'') {
            if (space)
                word->at[i] = ' ';
            else
                cut_out(word, i);
            return true;
        }
    if (word->len > 4 && word->at[0] == 'M' && word->at[1] == 'c' &&
        draw_below(draw, 4) == 0) {
        put_in(word, 2, ' ');
        return true;
    }
    return false;
}

bool word_drop_particle(struct word *word)
{
    static const char *const particles[] = {"al-",  "el-",      "de la ", "de ",  "da ",
                                            "dos ", "van der ", "van ",   "von ", "di ",
                                            "bin ", "abu ",     "o'"};

    for (size_t i = 0; i < COUNT(particles); i++) {
        size_t len = strlen(particles[i]);

        if (word->len > len + 2 && found_at(word, particles[i], 0) == 0) {
            memmove(word->at, word->at + len, word->len - len);
            word->len = (uint8_t)(word->len - len);
            return true;
        }
    }
    return false;
}

bool word_keep_part(struct word *word, struct draw *draw)
{
    for (int i = 2; i + 2 < word->len; i++) {
        if (word->at[i] != '-' && word->at[i] != ' ')
            continue;
        if (draw_below(draw, 2)) {
            word->len = (uint8_t)i;
        } else {
            memmove(word->at, word->at + i + 1, (size_t)(word->len - i - 1));
            word->len = (uint8_t)(word->len - i - 1);
        }
        return true;
    }
    return false;
}

/* Upper case of ASCII, Latin-1 and Latin Extended-A. */
void word_upper(struct word *word)
{
    for (int i = 0; i < word->len; i++) {
        unsigned char c = (unsigned char)word->at[i];

        if (c >= 'a' && c <= 'z') {
            word->at[i] = (char)(c - 32);
        } else if (c >= 0xc3 && c <= 0xc8 && i + 1 < word->len) {
            unsigned code = (c & 0x1fu) << 6 | ((unsigned char)word->at[++i] & 0x3fu);
            bool odd_upper = (code >= 0x139 && code <= 0x148) || code >= 0x179;

            if (code >= 0xe0 && code <= 0xfe && code != 0xf7)
                code -= 32;
            else if (code >= 0x100 && code <= 0x17e && code != 0x131 && code != 0x138 &&
                     (code & 1) != odd_upper)
                code--;
            else if (code == 0x219 || code == 0x21b)
                code--;
            word->at[i - 1] = (char)(0xc0 | code >> 6);
            word->at[i] = (char)(0x80 | (code & 0x3f));
        }
    }
}

void forename_other(const struct world *world, const struct person *person,
                    struct draw *draw, struct word *word)
{
    if (person->forename[1].len && draw_below(draw, 2))
        word_set(word, person->forename[1]);
    else
        word_set(word, forename_draw(world, person, draw));
}

/* ---- dates and postcodes ------------------------------------------------------------ */

static int month_days(int month)
{
    return month == 2                                              ? 28
           : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                   : 31;
}

/* One digit of day, month or year is another; what comes out is a date again. */
void date_digit_wrong(struct draw *draw, struct ymd *date)
{
    for (int tries = 0; tries < 32; tries++) {
        struct ymd wrong = *date;
        int step = draw_range(draw, 1, 9);

        switch (draw_below(draw, 6)) {
        case 0:
            wrong.day = wrong.day / 10 * 10 + (wrong.day + step) % 10;
            break;
        case 1:
            wrong.day = (wrong.day + 10 * (1 + step % 3)) % 40;
            break;
        case 2:
            wrong.month = wrong.month / 10 * 10 + (wrong.month + step) % 10;
            break;
        case 3:
            wrong.month = (wrong.month + 10) % 20;
            break;
        case 4:
            wrong.year = wrong.year / 10 * 10 + (wrong.year + step) % 10;
            break;
        default:
            wrong.year += 10 * (step < 5 ? -step : step - 4);
            break;
        }
        if (wrong.day < 1 || wrong.month < 1 || wrong.month > 12 ||
            wrong.day > month_days(wrong.month) || wrong.year > 2015 ||
            wrong.year < 1915)
            continue;
        *date = wrong;
        return;
    }
    date->day = date->day % 28 + 1; /* a date that is out of range already */
}

/* One character of the last three is another of its kind. */
void postcode_mistype(char *postcode, struct draw *draw)
{
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    size_t len = strlen(postcode);
    uint32_t which = draw_below(draw, 3);
    char *at = postcode + len - 3 + which;

    if (which == 0) {
        *at = (char)('0' + (*at - '0' + draw_range(draw, 1, 9)) % 10);
        return;
    }
    const char *now = strchr(letters, *at);
    uint32_t n = sizeof(letters) - 1;

    *at = letters[((uint32_t)(now - letters) + 1 + draw_below(draw, n - 1)) % n];
}
