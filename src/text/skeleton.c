/*
 * A key that most spellings of one name share. Letters are rewritten from left to right
 * by the first rule that fits; then doubled letters and all vowels but the first are
 * dropped. The first vowel is kept as open (A E I Y) or round (O U), which tells HASSAN
 * from HUSSEIN.
 */
#include "text/text.h"

#include <string.h>

enum where {
    ANYWHERE,
    AT_START,
    AT_END,
    BEFORE_FRONT, /* before E, I or Y */
    BEFORE_VOWEL,
    NOT_BEFORE_VOWEL
};

struct rule {
    char from[8];
    char to[3];
    uint8_t where;
};

#define RULES (const struct rule[])

static const struct rule *const rules[26] = {
    ['A' - 'A'] = RULES{{"A", "A", ANYWHERE},   {"", "", 0}                   },
    ['B' - 'A'] = RULES{                                 {"BH", "B", ANYWHERE},  {"B", "B", ANYWHERE},                    {"", "", 0}},
    ['C' - 'A'] = RULES{                                 {"CHR", "KR", ANYWHERE},
                        {"CH", "C", ANYWHERE},
                        {"CZ", "C", ANYWHERE},
                        {"CK", "K", ANYWHERE},
                        {"C", "S", BEFORE_FRONT},
                        {"C", "K", ANYWHERE},
                        {"", "", 0}},
    ['D' - 'A'] = RULES{                                                                    {"DZH", "J", ANYWHERE},
                        {"DJ", "J", ANYWHERE},
                        {"DH", "D", ANYWHERE},
                        {"D", "D", ANYWHERE},
                        {"", "", 0}},
    ['E' - 'A'] = RULES{                                                                            {"EFF", "EV", AT_END},  {"E", "E", ANYWHERE},                                  {"", "", 0}},
    ['F' - 'A'] = RULES{                                                                     {"FJ", "FY", ANYWHERE},                      {"F", "F", ANYWHERE},                                {"", "", 0}},
    ['G' - 'A'] = RULES{{"GH", "G", ANYWHERE},                      {"G", "G", ANYWHERE},                               {"", "", 0}},
    ['H' - 'A'] = RULES{{"H", "", NOT_BEFORE_VOWEL},                      {"H", "H", ANYWHERE},                                {"", "", 0}},
    ['I' - 'A'] = RULES{                                                        {"I", "I", ANYWHERE},                      {"", "", 0}                         },
    ['J' - 'A'] = RULES{                                                                {"J", "J", ANYWHERE},                      {"", "", 0}                                },
    ['K' - 'A'] = RULES{{"KH", "H", ANYWHERE},   {"K", "K", ANYWHERE}, {"", "", 0}},
    ['L' - 'A'] = RULES{{"LJ", "LY", ANYWHERE},{"L", "L", ANYWHERE},                   {"", "", 0}},
    ['M' - 'A'] = RULES{                                                   {"MJ", "MY", ANYWHERE},   {"M", "M", ANYWHERE},    {"", "", 0}},
    ['N' - 'A'] = RULES{                                    {"NJ", "NY", ANYWHERE},{"N", "N", ANYWHERE},                {"", "", 0}},
    ['O' - 'A'] = RULES{                                                {"OFF", "OV", AT_END},   {"O", "O", ANYWHERE},       {"", "", 0}},
    ['P' - 'A'] = RULES{                                       {"PH", "F", ANYWHERE},{"P", "P", ANYWHERE},             {"", "", 0}},
    ['Q' - 'A'] = RULES{                                             {"QU", "K", ANYWHERE},   {"Q", "K", ANYWHERE},          {"", "", 0}},
    ['R' - 'A'] = RULES{                                          {"RH", "R", ANYWHERE},{"R", "R", ANYWHERE},          {"", "", 0}},
    ['S' - 'A'] = RULES{                                          {"SHCH", "X", ANYWHERE},
                        {"SCH", "X", ANYWHERE},
                        {"SH", "X", ANYWHERE},
                        {"SZ", "X", ANYWHERE},
                        {"SJ", "SY", ANYWHERE},
                        {"S", "S", ANYWHERE},
                        {"", "", 0}},
    ['T' - 'A'] = RULES{                                             {"TSCH", "C", ANYWHERE},
                        {"TCH", "C", ANYWHERE},
                        {"TSH", "C", ANYWHERE},
                        {"TH", "T", ANYWHERE},
                        {"TZ", "S", ANYWHERE},
                        {"TS", "S", ANYWHERE},
                        {"TJ", "TY", ANYWHERE},
                        {"T", "T", ANYWHERE},
                        {"", "", 0}},
    ['U' - 'A'] = RULES{                                                                    {"U", "U", ANYWHERE},   {"", "", 0}                                           },
    ['V' - 'A'] = RULES{                                                                            {"VIC", "VC", AT_END},
                        {"VJ", "VY", ANYWHERE},
                        {"V", "V", ANYWHERE},
                        {"", "", 0}},
    ['W' - 'A'] = RULES{                                                                    {"WL", "VL", ANYWHERE},
                        {"WIC", "VC", AT_END},
                        {"W", "V", BEFORE_VOWEL},
                        {"W", "V", AT_END},
                        {"W", "U", ANYWHERE},
                        {"", "", 0}},
    ['X' - 'A'] = RULES{                                                                     {"X", "KS", ANYWHERE},                      {"", "", 0}                                },
    ['Y' - 'A'] = RULES{{"Y", "Y", ANYWHERE},  {"", "", 0}                                },
    ['Z' - 'A'] = RULES{                                                                     {"ZH", "J", ANYWHERE},                      {"Z", "S", ANYWHERE},                               {"", "", 0}},
};

static bool is_vowel(char c)
{
    return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U' || c == 'Y';
}

static bool stands(const struct rule *rule, const char *text, size_t len, size_t end)
{
    char next = end < len ? text[end] : 0;

    switch ((enum where)rule->where) {
    case AT_START:
        return end == strlen(rule->from);
    case AT_END:
        return end == len;
    case BEFORE_FRONT:
        return next == 'E' || next == 'I' || next == 'Y';
    case BEFORE_VOWEL:
        return is_vowel(next);
    case NOT_BEFORE_VOWEL:
        return !is_vowel(next);
    case ANYWHERE:
        break;
    }
    return true;
}

/* The rule for the letters at text[at]; every letter has one that always fits. */
static const struct rule *rule_at(const char *text, size_t len, size_t at)
{
    const struct rule *rule = rules[text[at] - 'A'];

    for (; rule->from[0]; rule++) {
        size_t n = strlen(rule->from);

        if (at + n <= len && memcmp(rule->from, text + at, n) == 0 &&
            stands(rule, text, len, at + n))
            return rule;
    }
    return NULL;
}

struct skeleton {
    char *key;
    size_t len;
    bool vowel_kept;
};

static void skeleton_add(struct skeleton *skeleton, char c)
{
    if (is_vowel(c)) {
        if (skeleton->vowel_kept)
            return;
        c = c == 'O' || c == 'U' ? 'O' : 'A';
        skeleton->vowel_kept = true;
    }
    if (skeleton->len && skeleton->key[skeleton->len - 1] == c)
        return;
    if (skeleton->len < NAME_MAX)
        skeleton->key[skeleton->len++] = c;
}

size_t name_skeleton(const char *text, size_t len, char key[NAME_MAX + 1])
{
    struct skeleton skeleton = {key, 0, false};

    memset(key, 0, NAME_MAX + 1);
    if (len < 4 || len > NAME_MAX)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return 0;
    for (size_t at = 0; at < len;) {
        const struct rule *rule = rule_at(text, len, at);

        for (const char *to = rule->to; *to; to++)
            skeleton_add(&skeleton, *to);
        at += strlen(rule->from);
    }
    if (skeleton.len < 3) {
        memset(key, 0, NAME_MAX + 1);
        return 0;
    }
    return skeleton.len;
}
