/*
 * Names in Arabic and Hebrew script, which leave short vowels out: a transliteration gives
 * MHMD and BNYMYN, and nothing that compares letters would take those for MOHAMMED and
 * BENJAMIN. Common names are listed (rulebook/names/scripts-without-vowels.txt); in the
 * rest, long vowels are read as such and an A stands for what was left out, so that the
 * skeleton (skeleton.c) has a vowel where spoken names have one.
 *
 * Consonants follow BGN/PCGN for Arabic and Persian, and the simplified national system
 * for Hebrew, without their signs.
 */
#include "text/fold.h"

#include <stdlib.h>

struct unvowelled_name { /* as tools/unvowelled-names writes them */
    const char *written, *latin;
};
extern const struct unvowelled_name unvowelled_names[];
extern const size_t unvowelled_name_count;

enum sound {
    CONSONANT,
    ALIF,  /* a vowel; with the waw or ya behind it another one at the start */
    AYIN,  /* a vowel where none is written beside it */
    WAW,   /* W or V, or a long O or U */
    YA,    /* Y, or a long I */
    HE,    /* H; at the end A */
    BET,   /* B at the start and behind consonants, else V */
    PE,    /* P there, else F */
    HAMZA, /* nothing by itself */
};

static const struct letter {
    uint16_t code, form; /* form: the same letter however it is written */
    char latin[3];
    uint8_t sound; /* enum sound */
} letters[] = {
    {0x05D0, 0x05D0, "A",  ALIF     },
    {0x05D1, 0x05D1, "B",  BET      },
    {0x05D2, 0x05D2, "G",  CONSONANT},
    {0x05D3, 0x05D3, "D",  CONSONANT},
    {0x05D4, 0x05D4, "H",  HE       },
    {0x05D5, 0x05D5, "V",  WAW      },
    {0x05D6, 0x05D6, "Z",  CONSONANT},
    {0x05D7, 0x05D7, "H",  CONSONANT},
    {0x05D8, 0x05D8, "T",  CONSONANT},
    {0x05D9, 0x05D9, "Y",  YA       },
    {0x05DA, 0x05DB, "KH", CONSONANT},
    {0x05DB, 0x05DB, "K",  CONSONANT},
    {0x05DC, 0x05DC, "L",  CONSONANT},
    {0x05DD, 0x05DE, "M",  CONSONANT},
    {0x05DE, 0x05DE, "M",  CONSONANT},
    {0x05DF, 0x05E0, "N",  CONSONANT},
    {0x05E0, 0x05E0, "N",  CONSONANT},
    {0x05E1, 0x05E1, "S",  CONSONANT},
    {0x05E2, 0x05E2, "A",  AYIN     },
    {0x05E3, 0x05E4, "F",  CONSONANT},
    {0x05E4, 0x05E4, "P",  PE       },
    {0x05E5, 0x05E6, "TZ", CONSONANT},
    {0x05E6, 0x05E6, "TZ", CONSONANT},
    {0x05E7, 0x05E7, "K",  CONSONANT},
    {0x05E8, 0x05E8, "R",  CONSONANT},
    {0x05E9, 0x05E9, "SH", CONSONANT},
    {0x05EA, 0x05EA, "T",  CONSONANT},
    {0x0621, 0,      "",   HAMZA    },
    {0x0622, 0x0627, "A",  ALIF     },
    {0x0623, 0x0627, "A",  ALIF     },
    {0x0624, 0x0648, "",   WAW      },
    {0x0625, 0x0627, "I",  ALIF     },
    {0x0626, 0x064A, "",   YA       },
    {0x0627, 0x0627, "A",  ALIF     },
    {0x0628, 0x0628, "B",  CONSONANT},
    {0x0629, 0x0647, "",   HE       },
    {0x062A, 0x062A, "T",  CONSONANT},
    {0x062B, 0x062B, "TH", CONSONANT},
    {0x062C, 0x062C, "J",  CONSONANT},
    {0x062D, 0x062D, "H",  CONSONANT},
    {0x062E, 0x062E, "KH", CONSONANT},
    {0x062F, 0x062F, "D",  CONSONANT},
    {0x0630, 0x0630, "DH", CONSONANT},
    {0x0631, 0x0631, "R",  CONSONANT},
    {0x0632, 0x0632, "Z",  CONSONANT},
    {0x0633, 0x0633, "S",  CONSONANT},
    {0x0634, 0x0634, "SH", CONSONANT},
    {0x0635, 0x0635, "S",  CONSONANT},
    {0x0636, 0x0636, "D",  CONSONANT},
    {0x0637, 0x0637, "T",  CONSONANT},
    {0x0638, 0x0638, "Z",  CONSONANT},
    {0x0639, 0x0639, "A",  AYIN     },
    {0x063A, 0x063A, "GH", CONSONANT},
    {0x0641, 0x0641, "F",  CONSONANT},
    {0x0642, 0x0642, "Q",  CONSONANT},
    {0x0643, 0x0643, "K",  CONSONANT},
    {0x0644, 0x0644, "L",  CONSONANT},
    {0x0645, 0x0645, "M",  CONSONANT},
    {0x0646, 0x0646, "N",  CONSONANT},
    {0x0647, 0x0647, "H",  HE       },
    {0x0648, 0x0648, "W",  WAW      },
    {0x0649, 0x064A, "",   YA       },
    {0x064A, 0x064A, "Y",  YA       },
    {0x0671, 0x0627, "A",  ALIF     },
    {0x0679, 0x0679, "T",  CONSONANT},
    {0x067C, 0x067C, "T",  CONSONANT},
    {0x067E, 0x067E, "P",  CONSONANT},
    {0x0681, 0x0681, "Z",  CONSONANT},
    {0x0685, 0x0685, "TS", CONSONANT},
    {0x0686, 0x0686, "CH", CONSONANT},
    {0x0688, 0x0688, "D",  CONSONANT},
    {0x0689, 0x0689, "D",  CONSONANT},
    {0x0691, 0x0691, "R",  CONSONANT},
    {0x0693, 0x0693, "R",  CONSONANT},
    {0x0695, 0x0695, "R",  CONSONANT},
    {0x0696, 0x0696, "G",  CONSONANT},
    {0x0698, 0x0698, "ZH", CONSONANT},
    {0x069A, 0x069A, "SH", CONSONANT},
    {0x06A4, 0x06A4, "V",  CONSONANT},
    {0x06A8, 0x06A8, "G",  CONSONANT},
    {0x06A9, 0x0643, "K",  CONSONANT},
    {0x06AB, 0x06AB, "G",  CONSONANT},
    {0x06AD, 0x06AD, "NG", CONSONANT},
    {0x06AF, 0x06AF, "G",  CONSONANT},
    {0x06B5, 0x06B5, "L",  CONSONANT},
    {0x06BA, 0x06BA, "N",  CONSONANT},
    {0x06BC, 0x06BC, "N",  CONSONANT},
    {0x06BE, 0x0647, "H",  HE       },
    {0x06C0, 0x0647, "H",  HE       },
    {0x06C1, 0x0647, "H",  HE       },
    {0x06C3, 0x0647, "",   HE       },
    {0x06C6, 0x06C6, "W",  WAW      },
    {0x06CC, 0x064A, "Y",  YA       },
    {0x06CE, 0x06CE, "Y",  YA       },
    {0x06D0, 0x064A, "Y",  YA       },
    {0x06D2, 0x064A, "Y",  YA       },
    {0x06D3, 0x064A, "Y",  YA       },
    {0x06D5, 0x06D5, "H",  HE       },
};

/* With a geresh behind it, for sounds that Hebrew has not. */
static const struct letter with_geresh[] = {
    {0x05D2, 0x05D2, "J",  CONSONANT},
    {0x05D6, 0x05D6, "ZH", CONSONANT},
    {0x05E5, 0x05E6, "CH", CONSONANT},
    {0x05E6, 0x05E6, "CH", CONSONANT},
    {0x05EA, 0x05EA, "TH", CONSONANT},
};

static int by_code(const void *code_, const void *letter_)
{
    const uint16_t *code = code_;
    const struct letter *letter = letter_;

    return (int)*code - (int)letter->code;
}

/* NULL: a mark, or a letter of neither script. */
static const struct letter *letter_of(uint16_t code)
{
    return bsearch(&code, letters, COUNT(letters), sizeof(letters[0]), by_code);
}

enum { LETTERS_MAX = 40 };

struct run {
    const struct letter *letter[LETTERS_MAX];
    unsigned count;
};

static uint16_t code_at(struct str text, size_t at)
{
    return (uint16_t)(((unsigned char)text.at[at] & 0x1F) << 6 |
                      ((unsigned char)text.at[at + 1] & 0x3F));
}

/* Lead bytes of U+0590 to U+06FF: both scripts are two bytes a letter. */
static bool of_two_bytes(struct str text, size_t at)
{
    unsigned char lead = (unsigned char)text.at[at];

    return lead >= 0xD6 && lead <= 0xDB && at + 1 < text.len;
}

enum { GERESH = 0x5F3 };

static void put_geresh(struct run *run)
{
    if (!run->count)
        return;

    const struct letter **last = &run->letter[run->count - 1];

    for (size_t i = 0; i < COUNT(with_geresh); i++)
        if ((*last)->code == with_geresh[i].code) {
            *last = &with_geresh[i];
            return;
        }
}

/* False unless all is of the two scripts; marks and joiners are left out. */
static bool read_run(struct str text, struct run *run)
{
    run->count = 0;
    for (size_t at = 0; at < text.len;) {
        if (text.at[at] == '\'' ||
            (of_two_bytes(text, at) && code_at(text, at) == GERESH)) {
            put_geresh(run);
            at += text.at[at] == '\'' ? 1 : 2;
            continue;
        }
        if ((unsigned char)text.at[at] == 0xE2 && at + 2 < text.len) {
            at += 3; /* a joiner */
            continue;
        }
        if (!of_two_bytes(text, at) || run->count == LETTERS_MAX)
            return false;

        const struct letter *letter = letter_of(code_at(text, at));

        if (letter)
            run->letter[run->count++] = letter;
        at += 2;
    }
    return run->count > 0;
}

/* ---- listed names ------------------------------------------------------------------------ */

static int by_written(const void *key, const void *name_)
{
    const struct unvowelled_name *name = name_;

    return strcmp(key, name->written);
}

static const char *listed(const struct run *run, unsigned from)
{
    char key[2 * LETTERS_MAX + 1];
    size_t len = 0;

    for (unsigned i = from; i < run->count; i++) {
        uint16_t form = run->letter[i]->form;

        if (!form)
            continue;
        key[len++] = (char)(0xC0 | form >> 6);
        key[len++] = (char)(0x80 | (form & 0x3F));
    }
    key[len] = 0;

    const struct unvowelled_name *name =
        bsearch(key, unvowelled_names, unvowelled_name_count,
                sizeof(unvowelled_names[0]), by_written);

    return name ? name->latin : NULL;
}

/* ---- the rest, by rule ---------------------------------------------------------------------- */

struct reading {
    char *at;
    size_t len, size;
    unsigned consonants; /* since the last vowel, or since the start */
    bool begun, vowel;   /* vowel: the last sound was one */
};

static void say(struct reading *reading, const char *sound)
{
    for (; *sound && reading->len < reading->size; sound++)
        reading->at[reading->len++] = *sound;
    reading->begun = true;
}

static void say_vowel(struct reading *reading, const char *sound)
{
    if (!reading->vowel)
        say(reading, sound);
    reading->vowel = true;
    reading->consonants = 0;
}

/* An A behind the first consonant of a name, and behind every second one after a vowel. */
static void say_consonant(struct reading *reading, const char *sound)
{
    bool first = reading->begun && reading->consonants == reading->len;

    if (!reading->vowel && (first || reading->consonants >= 2))
        say_vowel(reading, "A");
    say(reading, sound);
    reading->vowel = false;
    reading->consonants++;
}

static bool is_sound(const struct run *run, unsigned at, enum sound sound)
{
    return at < run->count && run->letter[at]->sound == sound;
}

static bool makes_vowel(const struct run *run, unsigned at)
{
    return is_sound(run, at, ALIF) || is_sound(run, at, WAW) || is_sound(run, at, YA) ||
           (is_sound(run, at, HE) && at + 1 == run->count);
}

/* A long vowel, or a consonant at the start, behind a vowel and in front of one. */
static void say_glide(struct reading *reading, const struct run *run, unsigned at,
                      const char *vowel)
{
    const char *latin = run->letter[at]->latin;

    if (*latin && (!reading->begun || makes_vowel(run, at + 1)))
        say_consonant(reading, latin);
    else if (reading->vowel && *latin)
        say(reading, vowel); /* AI, AU */
    else
        say_vowel(reading, vowel);
}

static void say_letter(struct reading *reading, const struct run *run, unsigned at)
{
    const struct letter *letter = run->letter[at];
    bool hebrew = letter->code < 0x600;

    switch ((enum sound)letter->sound) {
    case ALIF:
        if (!reading->begun &&
            (is_sound(run, at + 1, WAW) || is_sound(run, at + 1, YA)) &&
            !makes_vowel(run, at + 2))
            reading->begun = true; /* O, I: what follows is the vowel */
        else
            say_vowel(reading, letter->latin);
        break;
    case AYIN:
        if (!makes_vowel(run, at + 1))
            say_vowel(reading, "A");
        reading->begun = true;
        break;
    case WAW:
        say_glide(reading, run, at, hebrew ? "O" : "U");
        break;
    case YA:
        say_glide(reading, run, at, "I");
        break;
    case HE:
        if (at + 1 == run->count && reading->begun)
            say_vowel(reading, "A");
        else
            say_consonant(reading, *letter->latin ? letter->latin : "T");
        break;
    case BET:
        say_consonant(reading, reading->vowel ? "V" : "B");
        break;
    case PE:
        say_consonant(reading, reading->vowel ? "F" : "P");
        break;
    case CONSONANT:
        say_consonant(reading, letter->latin);
        break;
    case HAMZA:
        break;
    }
}

/* How many letters at the start are these, as one form. */
static unsigned begins(const struct run *run, const uint16_t forms[], unsigned count)
{
    if (run->count < count + 2)
        return 0;
    for (unsigned i = 0; i < count; i++)
        if (run->letter[i]->form != forms[i])
            return 0;
    return count;
}

size_t unvowelled_latin(const char *utf8, size_t len, char *latin, size_t size)
{
    static const uint16_t abd_al[] = {0x639, 0x628, 0x62F, 0x627, 0x644};
    const uint16_t *al = abd_al + 3;
    struct reading reading = {.at = latin, .size = size};
    struct run run;
    unsigned from = 0;

    if (!read_run((struct str){utf8, len}, &run))
        return 0;

    const char *name = listed(&run, 0);

    if (!name && (from = begins(&run, abd_al, 5)) > 0)
        say(&reading, "ABDUL-");
    else if (!name && (from = begins(&run, al, 2)) > 0)
        say(&reading, "AL-");
    if (!name && from)
        name = listed(&run, from);
    if (name) {
        say(&reading, name);
        return reading.len;
    }

    struct reading rest = {.at = latin + reading.len, .size = size - reading.len};

    for (unsigned i = from; i < run.count; i++)
        say_letter(&rest, &run, i);
    return reading.len + rest.len;
}
