#include "text/fold.h"

/*
 * `Flat 3, 12 High St, Leeds`: the number is "FLAT 3 12", the street "HIGH STREET". The
 * street ends behind a word for one (STREET, ROAD), at a comma, or after STREET_WORDS.
 */
enum { ADDRESS_MAX = 200, ADDRESS_WORDS = 24, STREET_WORDS = 5 };

struct part {
    const char *text;
    uint8_t len;
    bool comma; /* a comma or line end stands before it */
    bool number;
};

enum meaning { ORDINARY, STREET_TYPE, FLAT, DIRECTION };

/* Short forms and what they are written out as; other words stand for themselves. */
static const struct street_word {
    char text[11];
    char written_out[11];
    uint8_t meaning;
} street_words[] = {
    {"APARTMENT",  "FLAT",      FLAT       },
    {"APT",        "FLAT",      FLAT       },
    {"AV",         "AVENUE",    STREET_TYPE},
    {"AVE",        "AVENUE",    STREET_TYPE},
    {"AVENUE",     "AVENUE",    STREET_TYPE},
    {"BANK",       "BANK",      STREET_TYPE},
    {"BLVD",       "BOULEVARD", STREET_TYPE},
    {"BOULEVARD",  "BOULEVARD", STREET_TYPE},
    {"BROADWAY",   "BROADWAY",  STREET_TYPE},
    {"BROW",       "BROW",      STREET_TYPE},
    {"CHASE",      "CHASE",     STREET_TYPE},
    {"CIRCLE",     "CIRCLE",    STREET_TYPE},
    {"CIRCUS",     "CIRCUS",    STREET_TYPE},
    {"CL",         "CLOSE",     STREET_TYPE},
    {"CLO",        "CLOSE",     STREET_TYPE},
    {"CLOSE",      "CLOSE",     STREET_TYPE},
    {"COURT",      "COURT",     STREET_TYPE},
    {"CR",         "CRESCENT",  STREET_TYPE},
    {"CRES",       "CRESCENT",  STREET_TYPE},
    {"CRESC",      "CRESCENT",  STREET_TYPE},
    {"CRESCENT",   "CRESCENT",  STREET_TYPE},
    {"CRT",        "COURT",     STREET_TYPE},
    {"CT",         "COURT",     STREET_TYPE},
    {"DR",         "DRIVE",     STREET_TYPE},
    {"DRIVE",      "DRIVE",     STREET_TYPE},
    {"DRV",        "DRIVE",     STREET_TYPE},
    {"EAST",       "EAST",      DIRECTION  },
    {"EST",        "ESTATE",    STREET_TYPE},
    {"ESTATE",     "ESTATE",    STREET_TYPE},
    {"FLAT",       "FLAT",      FLAT       },
    {"FLT",        "FLAT",      FLAT       },
    {"GARDENS",    "GARDENS",   STREET_TYPE},
    {"GDN",        "GARDENS",   STREET_TYPE},
    {"GDNS",       "GARDENS",   STREET_TYPE},
    {"GR",         "GROVE",     STREET_TYPE},
    {"GREEN",      "GREEN",     STREET_TYPE},
    {"GRN",        "GREEN",     STREET_TYPE},
    {"GROVE",      "GROVE",     STREET_TYPE},
    {"GRV",        "GROVE",     STREET_TYPE},
    {"HILL",       "HILL",      STREET_TYPE},
    {"HOUSE",      "HOUSE",     STREET_TYPE},
    {"HSE",        "HOUSE",     STREET_TYPE},
    {"LANE",       "LANE",      STREET_TYPE},
    {"LN",         "LANE",      STREET_TYPE},
    {"MAISONETTE", "FLAT",      FLAT       },
    {"MEWS",       "MEWS",      STREET_TYPE},
    {"MOUNT",      "MOUNT",     STREET_TYPE},
    {"NORTH",      "NORTH",     DIRECTION  },
    {"PARADE",     "PARADE",    STREET_TYPE},
    {"PARK",       "PARK",      STREET_TYPE},
    {"PDE",        "PARADE",    STREET_TYPE},
    {"PK",         "PARK",      STREET_TYPE},
    {"PL",         "PLACE",     STREET_TYPE},
    {"PLACE",      "PLACE",     STREET_TYPE},
    {"PLC",        "PLACE",     STREET_TYPE},
    {"QUAY",       "QUAY",      STREET_TYPE},
    {"RD",         "ROAD",      STREET_TYPE},
    {"RISE",       "RISE",      STREET_TYPE},
    {"ROAD",       "ROAD",      STREET_TYPE},
    {"ROOM",       "ROOM",      FLAT       },
    {"ROW",        "ROW",       STREET_TYPE},
    {"SOUTH",      "SOUTH",     DIRECTION  },
    {"SQ",         "SQUARE",    STREET_TYPE},
    {"SQR",        "SQUARE",    STREET_TYPE},
    {"SQUARE",     "SQUARE",    STREET_TYPE},
    {"ST",         "STREET",    STREET_TYPE},
    {"STR",        "STREET",    STREET_TYPE},
    {"STREET",     "STREET",    STREET_TYPE},
    {"TCE",        "TERRACE",   STREET_TYPE},
    {"TER",        "TERRACE",   STREET_TYPE},
    {"TERR",       "TERRACE",   STREET_TYPE},
    {"TERRACE",    "TERRACE",   STREET_TYPE},
    {"UNIT",       "FLAT",      FLAT       },
    {"VIEW",       "VIEW",      STREET_TYPE},
    {"VW",         "VIEW",      STREET_TYPE},
    {"WALK",       "WALK",      STREET_TYPE},
    {"WAY",        "WAY",       STREET_TYPE},
    {"WEST",       "WEST",      DIRECTION  },
    {"WHARF",      "WHARF",     STREET_TYPE},
    {"WK",         "WALK",      STREET_TYPE},
    {"WY",         "WAY",       STREET_TYPE},
    {"YARD",       "YARD",      STREET_TYPE},
};

static const struct street_word *street_word(const struct part *part)
{
    size_t low = 0, high = COUNT(street_words);

    while (low < high) {
        size_t middle = (low + high) / 2;
        const char *text = street_words[middle].text;
        int order = strncmp(text, part->text, part->len);

        if (order == 0 && text[part->len] == 0)
            return &street_words[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static unsigned meaning_of(const struct part *part)
{
    const struct street_word *word = street_word(part);

    return word ? word->meaning : ORDINARY;
}

struct address_words {
    struct part part[ADDRESS_WORDS];
    unsigned count;
    char text[ADDRESS_MAX];
};

/* 12A, 12-14 and 12/14 are one word; apostrophes leave no gap. */
static bool holds_together(struct str ascii, size_t i, const struct part *part)
{
    char c = ascii.at[i];

    return c == '\'' || ((c == '-' || c == '/') && part && part->number &&
                         i + 1 < ascii.len && is_digit((unsigned char)ascii.at[i + 1]));
}

static void split_address(struct str ascii, struct address_words *words)
{
    struct part *part = NULL; /* being filled */
    size_t used = 0;
    bool comma = false;

    words->count = 0;
    for (size_t i = 0; i < ascii.len && used < ADDRESS_MAX; i++) {
        unsigned char c = (unsigned char)ascii.at[i];
        char folded = (char)fold_alnum[c];

        if (!folded && holds_together(ascii, i, part)) {
            if (c != '\'')
                words->text[used++] = '-', part->len++;
            continue;
        }
        if (!folded) {
            part = NULL;
            comma |= c == ',' || c == '\n' || c == ';' || c == '|';
            continue;
        }
        if (!part) {
            if (words->count == ADDRESS_WORDS)
                return;
            part = &words->part[words->count++];
            *part = (struct part){words->text + used, 0, comma, is_digit(c)};
            comma = false;
        }
        words->text[used++] = folded;
        part->len++;
    }
}

struct line {
    char text[ADDRESS_MAX * 2];
    size_t len;
};

static void line_add(struct line *line, const char *text, size_t len)
{
    if (line->len + len + 1 > sizeof(line->text))
        return;
    if (line->len)
        line->text[line->len++] = ' ';
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

/* The number at words[at], with a letter written apart: 12 A is 12A. */
static unsigned take_number(const struct address_words *words, unsigned at,
                            struct line *line)
{
    const struct part *part = &words->part[at], *next = part + 1;
    bool letter = at + 1 < words->count && next->len == 1 && !next->number &&
                  !next->comma && at + 2 < words->count &&
                  is_digit((unsigned char)part->text[part->len - 1]);

    line_add(line, part->text, part->len);
    if (letter)
        line->text[line->len++] = *next->text;
    return at + 1 + letter;
}

/* FLAT 3 and 12; `at` moves behind them. */
static void take_house(const struct address_words *words, unsigned *at,
                       struct line *house)
{
    unsigned i = *at;

    if (i + 1 < words->count && meaning_of(&words->part[i]) == FLAT &&
        (words->part[i + 1].number || words->part[i + 1].len == 1)) {
        const struct street_word *flat = street_word(&words->part[i]);

        line_add(house, flat->written_out, strlen(flat->written_out));
        line_add(house, words->part[i + 1].text, words->part[i + 1].len);
        *at = i += 2;
    }
    while (i < words->count && !words->part[i].number)
        i++; /* a house's name before the number */
    if (i < words->count && (i + 1 < words->count || house->len == 0) &&
        (house->len || i == *at || words->part[i].comma))
        *at = take_number(words, i, house);
}

static size_t take_street(const struct address_words *words, unsigned at,
                          struct line *street)
{
    unsigned first = at;

    for (; at < words->count && at < first + STREET_WORDS; at++) {
        const struct part *part = &words->part[at];
        const struct street_word *word = street_word(part);
        bool saint = at == first && part->len == 2 && memcmp(part->text, "ST", 2) == 0;

        if (at > first && part->comma)
            break;
        if (saint || !word)
            line_add(street, saint ? "SAINT" : part->text, saint ? 5 : part->len);
        else
            line_add(street, word->written_out, strlen(word->written_out));
        if (word && word->meaning == STREET_TYPE && at > first) {
            const struct part *next = part + 1;

            if (at + 1 < words->count && !next->comma && meaning_of(next) == DIRECTION)
                line_add(street, next->text, next->len);
            break;
        }
    }
    return street->len;
}

bool address_read(struct str written, struct address *address)
{
    char room[ADDRESS_MAX];
    struct address_words words;
    struct line line = {.len = 0};
    unsigned at = 0;

    *address = (struct address){0, 0};
    if (written.len > ADDRESS_MAX)
        written.len = ADDRESS_MAX;
    split_address(fold_ascii(written, room, sizeof(room)), &words);
    take_house(&words, &at, &line);
    if (line.len == 0)
        return false;

    uint32_t house = (uint32_t)hash_bytes(line.text, line.len, 0);
    size_t house_len = line.len;

    take_street(&words, at, &line);
    if (line.len == house_len)
        return false;
    address->house = house ? house : 1;
    address->line = hash_bytes(line.text, line.len, 0);
    address->line += address->line == 0;
    return true;
}
