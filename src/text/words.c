#include "text/words.h"

#include "text/fold.h"

enum sign {
    SIGN_NOTHING, /* apostrophes: O'BRIEN is one word */
    SIGN_SPACE,
    SIGN_HYPHEN,
    SIGN_COMMA,
    SIGN_OPEN,
    SIGN_CLOSE,
    SIGN_QUOTE,
    SIGN_SLASH,
    SIGN_DIGIT
};

static enum sign sign_of(unsigned char c)
{
    switch (c) {
    case '\'':
    case '`':
        return SIGN_NOTHING;
    case '-':
        return SIGN_HYPHEN;
    case ',':
        return SIGN_COMMA;
    case '(':
    case '[':
    case '{':
        return SIGN_OPEN;
    case ')':
    case ']':
    case '}':
        return SIGN_CLOSE;
    case '"':
        return SIGN_QUOTE;
    case '/':
        return SIGN_SLASH;
    default:
        return is_digit(c) ? SIGN_DIGIT : SIGN_SPACE;
    }
}

/*
 * Words that are no names, or not by themselves, by their first letter. Only A-Z.
 * Ranks: England and Wales. MAJOR, KING or CONSTABLE alone are surnames, so titles are
 * dropped only beside a name, except those that nobody bears (ROLE_ALONE).
 */
#define TITLE   (ROLE_LEAD | ROLE_TAIL | ROLE_ALONE)
#define RANK    (ROLE_LEAD | ROLE_ALONE)
#define HONOUR  ROLE_LEAD /* may be a surname, too */
#define SUFFIX  (ROLE_TAIL | ROLE_ALONE)
#define NOBODY  (ROLE_ANYWHERE | ROLE_ALONE)
#define ONLY    ROLE_ALONE
#define ABDUL   ROLE_FORENAME
#define OF      ROLE_PARTICLE
#define OF_BOTH (ROLE_PARTICLE | ROLE_FORENAME)

struct known {
    char text[16];
    uint16_t role;
};

#define KNOWN (const struct known[])

static const struct known *const known_words[26] = {
    ['A' - 'A'] = KNOWN{{"AL", OF},              {"ABU", OF_BOTH},         {"ABDUL", ABDUL},
                        {"ABD", ABDUL},                                                                                                                                                                    {"ABDEL", ABDUL},                                                                                                                                                    {"ABDAL", ABDUL},
                        {"ABDOL", ABDUL}, {"AKA", ROLE_ALIAS}, {"ALIAS", ROLE_ALIAS},
                        {"AP", OF},       {"AB", OF},          {"AIT", OF},
                        {"AS", OF},       {"ASH", OF},         {"AR", OF},
                        {"AT", OF},       {"AN", OF},          {"ANOTHER", ONLY},
                        {"ANON", ONLY},   {"ANONYMOUS", ONLY}, {"ABOU", OF_BOTH},
                        {"", 0}},
    ['B' - 'A'] = KNOWN{{"BIN", OF_BOTH},
                        {"BEN", OF},
                        {"BINT", OF_BOTH},
                        {"BINTI", OF_BOTH},
                        {"BABY", ONLY},
                        {"BSC", SUFFIX},
                        {"BORN", ROLE_MAIDEN},
                        {"BA", SUFFIX},
                        {"", 0}},
    ['C' - 'A'] = KNOWN{{"CAPT", RANK},
                        {"CAPTAIN", HONOUR},
                        {"CC", RANK},
                        {"CI", RANK},
                        {"CH", RANK},
                        {"CHIEF", HONOUR},
                        {"CONST", RANK},
                        {"CPL", RANK},
                        {"CONSTABLE", HONOUR},
                        {"COL", RANK},
                        {"CSUPT", RANK},
                        {"CINSP", RANK},
                        {"CANON", HONOUR},
                        {"COUNCILLOR", RANK},
                        {"CLLR", RANK},
                        {"CBE", SUFFIX},
                        {"COLONEL", RANK},
                        {"", 0}},
    ['D' - 'A'] = KNOWN{{"DR", TITLE},
                        {"DE", OF_BOTH},
                        {"DER", OF},
                        {"DEN", OF},
                        {"DEL", OF_BOTH},
                        {"DELLA", OF},
                        {"DI", OF | ROLE_LEAD_FULL},
                        {"DA", OF_BOTH},
                        {"DOS", OF_BOTH},
                        {"DAS", OF_BOTH},
                        {"DU", OF},
                        {"DC", RANK},
                        {"DS", RANK},
                        {"DCI", RANK},
                        {"DSU", RANK},
                        {"DCS", RANK},
                        {"DCC", RANK},
                        {"DAC", RANK},
                        {"DO", OF},
                        {"DET", RANK},
                        {"DETECTIVE", RANK},
                        {"D", ROLE_JOIN},
                        {"DAME", HONOUR},
                        {"DOCTOR", HONOUR},
                        {"DSUPT", RANK},
                        {"DINSP", RANK},
                        {"DOE", ONLY},
                        {"DONTKNOW", ONLY},
                        {"DECEASED", NOBODY},
                        {"", 0}},
    ['E' - 'A'] =
        KNOWN{{"EL", OF},             {"ESQ", SUFFIX},                                 {"ESQUIRE", SUFFIX},                                                                            {"ED", OF},                                                                                                                                                                    {"", 0}                                                                                                                                                                                                                                                                                                                                       },
    ['F' - 'A'] = KNOWN{{"FITZ", ROLE_JOIN | ROLE_JOIN_FULL},
                        {"FEMALE", ONLY},
                        {"FORMERLY", ROLE_MAIDEN},
                        {"FR", RANK},
                        {"FATHER", RANK},
                        {"FRAU", RANK},
                        {"FRAULEIN", RANK},
                        {"", 0}},
    ['G' - 'A'] = KNOWN{{"GEN", RANK},            {"GENERAL", HONOUR},                                      {"", 0}                                                                            },
    ['H' - 'A'] = KNOWN{{"HON", RANK},           {"HERR", RANK},                                   {"", 0}                                                                              },
    ['I' - 'A'] = KNOWN{{"IBN", OF_BOTH},
                        {"INSP", RANK},
                        {"INSPECTOR", RANK},
                        {"II", SUFFIX},
                        {"III", SUFFIX},
                        {"IV", SUFFIX},
                        {"", 0}},
    ['J' - 'A'] = KNOWN{{"JR", SUFFIX},
                        {"JNR", SUFFIX},
                        {"JUNIOR", ROLE_TAIL},
                        {"JP", SUFFIX},
                        {"", 0}                                                                                                                                                                                                                                                                                                                                  },
    ['K' - 'A'] = KNOWN{{"KNOWNAS", ROLE_ALIAS},        {"KC", SUFFIX},                                  {"", 0}                                                                                   },
    ['L' - 'A'] = KNOWN{{"LA", OF},
                        {"LE", OF},
                        {"LT", RANK},
                        {"LIEUTENANT", RANK},
                        {"LORD", HONOUR},
                        {"LADY", HONOUR},
                        {"LAS", OF},
                        {"LOS", OF},
                        {"LO", OF},
                        {"LTD", SUFFIX},
                        {"LLC", SUFFIX},
                        {"", 0}},
    ['M' - 'A'] = KNOWN{{"MR", TITLE},
                        {"MRS", TITLE},
                        {"MS", TITLE},
                        {"MISS", TITLE},
                        {"MX", TITLE},
                        {"MC", ROLE_JOIN | ROLE_JOIN_FULL},
                        {"MAC", ROLE_JOIN | ROLE_JOIN_FULL},
                        {"MASTER", HONOUR},
                        {"MAJ", RANK},
                        {"MAJOR", HONOUR},
                        {"MALE", ONLY},
                        {"MBE", SUFFIX},
                        {"MADAM", RANK},
                        {"MSC", SUFFIX},
                        {"MISSING", ONLY},
                        {"MSTR", RANK},
                        {"MONSIEUR", RANK},
                        {"MADAME", RANK},
                        {"MME", RANK},
                        {"MLLE", RANK},
                        {"MULLAH", RANK},
                        {"MAULANA", RANK},
                        {"MAULVI", RANK},
                        {"", 0}},
    ['N' - 'A'] = KNOWN{{"NEE", ROLE_MAIDEN},
                        {"NI", OF},
                        {"NIC", OF},
                        {"NK", NOBODY},
                        {"NFA", NOBODY},
                        {"NONE", ONLY},
                        {"NULL", ONLY},
                        {"NOTKNOWN", ONLY},
                        {"NOTSTATED", ONLY},
                        {"NOTGIVEN", ONLY},
                        {"NOTRECORDED", ONLY},
                        {"NONAME", ONLY},
                        {"NAMEUNKNOWN", ONLY},
                        {"NOTAPPLICABLE", ONLY},
                        {"NOTSUPPLIED", ONLY},
                        {"NIL", ONLY},
                        {"NOSURNAME", ONLY},
                        {"NOFORENAME", ONLY},
                        {"NAN", ONLY},
                        {"NOTAVAILABLE", ONLY},
                        {"", 0}},
    ['O' - 'A'] = KNOWN{{"O", ROLE_JOIN | ROLE_JOIN_FULL},
                        {"OULD", OF},
                        {"OF", OF},
                        {"OBE", SUFFIX},
                        {"OFFICER", ONLY},
                        {"", 0}},
    ['P' - 'A'] = KNOWN{{"PC", RANK},
                        {"PS", RANK},
                        {"PI", RANK},
                        {"PCSO", RANK},
                        {"PROF", RANK},
                        {"PROFESSOR", RANK},
                        {"PASTOR", HONOUR},
                        {"PHD", SUFFIX},
                        {"PTE", RANK},
                        {"POLICE", RANK},
                        {"PERSON", ONLY},
                        {"PLC", SUFFIX},
                        {"PRESIDENT", HONOUR},
                        {"PRASIDENT", HONOUR},
                        {"", 0}},
    ['Q' - 'A'] = KNOWN{{"QC", SUFFIX},                 {"QPM", SUFFIX},                                         {"QARI", HONOUR},                                                                       {"", 0}                                                                                                                                                                          },
    ['R' - 'A'] = KNOWN{{"REV", RANK},
                        {"REVD", RANK},
                        {"REVEREND", RANK},
                        {"RABBI", HONOUR},
                        {"REFUSED", NOBODY},
                        {"REDACTED", NOBODY},
                        {"RT", RANK},
                        {"", 0}},
    ['S' - 'A'] = KNOWN{{"SIR", RANK},
                        {"SGT", RANK},
                        {"SERGEANT", HONOUR},
                        {"SUPT", RANK},
                        {"SUPERINTENDENT", RANK},
                        {"SNR", SUFFIX},
                        {"SENIOR", ROLE_TAIL},
                        {"SR", TITLE},
                        {"SISTER", HONOUR},
                        {"SPC", RANK},
                        {"SSGT", RANK},
                        {"SC", RANK},
                        {"ST", OF},
                        {"SAN", OF},
                        {"SANTA", OF},
                        {"SS", RANK},
                        {"SENOR", RANK},
                        {"SENORA", RANK},
                        {"SENHOR", RANK},
                        {"SENHORA", RANK},
                        {"SIGNOR", RANK},
                        {"SIGNORA", RANK},
                        {"SHRI", RANK},
                        {"SMT", RANK},
                        {"", 0}},
    ['T' - 'A'] = KNOWN{{"TEST", ONLY},
                        {"TER", OF},
                        {"TEN", OF},
                        {"TBC", NOBODY},
                        {"TBA", NOBODY},
                        {"", 0}},
    ['U' - 'A'] = KNOWN{{"UNKNOWN", NOBODY},
                        {"UNK", NOBODY},
                        {"UMM", OF_BOTH},
                        {"UL", ABDUL},
                        {"UR", ABDUL},
                        {"UD", ABDUL},
                        {"UI", OF},
                        {"UNIDENTIFIED", NOBODY},
                        {"UNNAMED", NOBODY},
                        {"", 0}},
    ['V' - 'A'] = KNOWN{{"VAN", OF},
                        {"VON", OF},
                        {"VANDER", OF},
                        {"VANDEN", OF},
                        {"VER", OF},
                        {"", 0}},
    ['W' - 'A'] =
        KNOWN{
                        {"WPC", RANK},              {"WDC", RANK},                                   {"WPS", RANK},                                                                               {"WITHHELD", NOBODY},                                                                                                                                                                    {"", 0}                                                                                                                                                                                                                                                                                                                                               },
    ['X' - 'A'] =
        KNOWN{{"X", ONLY},          {"XX", NOBODY},                                     {"XXX", NOBODY},                                                                               {"XXXX", NOBODY},     {"", 0}                                                                                                                                                                                                                                                                                                                                               },
    ['Y' - 'A'] = KNOWN{{"", 0}     },
    ['Z' - 'A'] =
        KNOWN{{"ZU", OF},         {"ZUM", OF},                                     {"ZZ", NOBODY},                                                                             {"ZZZ", NOBODY},                                                                                                                                                                  {"", 0}                                                                                                                                                              },
};

unsigned word_role(const char *text, size_t len)
{
    uint64_t first, second;

    if (len == 0 || len > 15)
        return 0;
    memcpy(&first, text, 8);
    memcpy(&second, text + 8, 8);
    for (const struct known *known = known_words[text[0] - 'A']; known->role; known++) {
        uint64_t known_first, known_second;

        memcpy(&known_first, known->text, 8);
        memcpy(&known_second, known->text + 8, 8);
        if (known_first == first && known_second == second)
            return known->role;
    }
    return 0;
}

struct splitter {
    struct words *words;
    struct word *word; /* being filled */
    unsigned part;     /* where its last capital stands */
    unsigned small;    /* small letters in it */
    unsigned digits;   /* digits in it; they are not kept */
    uint8_t next;      /* flags the next word begins with */
    uint8_t within;    /* flags of every word in this bracket or quote */
};

static void word_begin(struct splitter *split)
{
    struct word *word = &split->words->word[split->words->count];

    memset(word, 0, sizeof(*word));
    word->flags = split->next | split->within;
    split->word = word;
    split->small = split->digits = split->part = 0;
}

/* McDONALD is written in capitals; MacDonald is not. */
static bool written_in_capitals(const struct splitter *split)
{
    const char *text = split->word->text;

    if (split->word->len < 2)
        return false;
    if (split->small == 0)
        return true;
    return (split->small == 1 && text[0] == 'M' && text[1] == 'C') ||
           (split->small == 2 && memcmp(text, "MAC", 3) == 0 && split->word->len > 4);
}

static void word_end(struct splitter *split)
{
    struct word *word = split->word;
    bool collar_number = split->digits >= 2 && word->len <= 4; /* PC1234 */

    if (word->len && !collar_number) {
        if (written_in_capitals(split))
            word->flags |= WORD_CAPITALS;
        word->role = (uint16_t)word_role(word->text, word->len);
        if (split->words->count + 1 < WORDS_MAX)
            split->words->count++;
        else
            split->words->too_many = true;
        split->next = 0;
    }
    word_begin(split);
}

static void take_sign(struct splitter *split, enum sign sign)
{
    if (sign == SIGN_NOTHING)
        return;
    if (sign == SIGN_DIGIT) {
        split->digits++;
        return;
    }
    word_end(split);
    if (sign == SIGN_HYPHEN && split->words->count)
        split->next |= WORD_HYPHEN;
    else
        split->next &= (uint8_t)~WORD_HYPHEN; /* "SMITH - JONES" is two words */
    if (sign == SIGN_COMMA)
        split->next |= WORD_COMMA;
    if (sign == SIGN_OPEN)
        split->within = WORD_ALIAS;
    if (sign == SIGN_CLOSE)
        split->within = 0;
    if (sign == SIGN_QUOTE)
        split->within ^= WORD_ALIAS;
    split->word->flags = split->next | split->within;
}

/* N/K, S/O, D/O: two letters around a slash are an abbreviation, not a name. */
static bool abbreviation_at(const struct splitter *split, struct str text, size_t slash)
{
    return split->word->len == 1 && slash + 1 < text.len &&
           is_letter((unsigned char)text.at[slash + 1]) &&
           (slash + 2 == text.len || !is_letter((unsigned char)text.at[slash + 2]));
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/*
 * AnnaKowalska, MaryAnn: words run together, told by a capital between small letters. Not
 * McDonald, DeLaCruz, VanDyke: short parts and particles are one word with what follows.
 */
static bool run_together(const struct splitter *split, struct str text, size_t at)
{
    const unsigned joins = ROLE_JOIN | ROLE_PARTICLE | ROLE_LEAD | ROLE_TAIL;
    struct word before = *split->word;

    return !(text.at[at] & 0x20) && before.len >= split->part + 3u &&
           is_small(text.at[at - 1]) && at + 2 < text.len &&
           is_small(text.at[at + 1]) && is_small(text.at[at + 2]) &&
           !(word_role(before.text, before.len) & joins);
}

static void take_letter(struct splitter *split, struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.at[at];

    if (run_together(split, text, at)) {
        word_end(split);
        split->next |= WORD_HYPHEN;
        split->word->flags = split->next | split->within;
    }
    if (!(c & 0x20))
        split->part = split->word->len;
    if (split->word->len < NAME_MAX)
        split->word->text[split->word->len++] = (char)(c & 0xDF);
    split->small += (c & 0x20) != 0;
}

void words_of(struct str ascii, struct words *words)
{
    struct splitter split = {.words = words};

    words->count = 0;
    words->too_many = false;
    word_begin(&split);
    for (size_t i = 0; i < ascii.len; i++) {
        unsigned char c = (unsigned char)ascii.at[i];

        if (is_letter(c)) {
            take_letter(&split, ascii, i);
            continue;
        }

        enum sign sign = sign_of(c);

        if (sign == SIGN_SLASH && abbreviation_at(&split, ascii, i)) {
            word_begin(&split);
            i++;
            continue;
        }
        take_sign(&split, sign);
    }
    word_end(&split);
}
