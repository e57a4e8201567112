#include "text/in_text.h"

#include "text/fold.h"
#include "text/words.h"

enum { WORDS_OF_A_NAME = 5, STOP_LEN = 15 };

/* ---- words that are no part of a name, or make what stands before them none -------------- */

enum stop {
    STOP_NONE,
    STOP_START, /* begins no name: The, With; within one it may be a name: An, Do */
    STOP_END,   /* is no part of a name anywhere */
    STOP_SPOIL, /* nor is what stands before it: Harbour STREET */
    STOP_CUE,   /* what follows is a name, also in a text all in capitals */
};

/* Each with a space on both sides. Words that many people bear (PARK, LANE, JUNE, SON) are
 * not among them. */
static const char *const stops[] = {
    [STOP_START] =
        " A AN THE THIS THAT HE SHE THEY HIS HER HIM THEIR IT WE I YOU AND OR "
        "BUT NOT NO OF AT ON IN BY TO FROM FOR WITH AS IS WAS WERE ARE BE BEEN "
        "HAS HAD HAVE WHO WHICH WHEN WHERE THEN ALSO ONLY AFTER BEFORE DURING "
        "NEAR OVER UNDER ABOUT SEEN SEE SAID SAYS STATES STATED ",
    [STOP_END] =
        " MALE FEMALE PERSON SUSPECT VICTIM WITNESS OFFENDER SUBJECT INFORMANT "
        "CALLER DRIVER OWNER TENANT RESIDENT PARTNER WIFE HUSBAND MOTHER "
        "DAUGHTER BROTHER UNKNOWN INTELLIGENCE INTEL REPORT CRIME INCIDENT "
        "ARRESTED CHARGED BORN DOB AGED VEHICLE ADDRESS TEXT CHECKS RECORD REF "
        "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY JANUARY "
        "FEBRUARY MARCH JULY SEPTEMBER OCTOBER NOVEMBER DECEMBER UK GB EU CCTV "
        "ANPR PNC PND NFA IC VRM ",
    [STOP_SPOIL] =
        " STREET ROAD AVENUE DRIVE CLOSE CRESCENT TERRACE SQUARE GARDENS WAY "
        "COURT HOUSE FLATS ESTATE STATION SCHOOL ACADEMY COLLEGE UNIVERSITY "
        "HOSPITAL PRISON MOSQUE HOTEL ARMS CLUB CAFE SHOP STORES CENTRE AIRPORT "
        "COUNCIL POLICE CONSTABULARY COUNTY CITY TOWN LTD LIMITED PLC LLP "
        "COMPANY SERVICES GANG TEAM DEPARTMENT ",
    [STOP_CUE] = " NAMED CALLED KNOWN AKA ALIAS IDENTIFIED NAME ",
};

static enum stop stop_of(const char *upper, size_t len)
{
    char wanted[STOP_LEN + 3] = " ";

    if (len > STOP_LEN)
        return STOP_NONE;
    memcpy(wanted + 1, upper, len);
    wanted[len + 1] = ' ';
    for (size_t stop = STOP_START; stop < COUNT(stops); stop++)
        if (strstr(stops[stop], wanted))
            return (enum stop)stop;
    return STOP_NONE;
}

/* ---- words as written ---------------------------------------------------------------------- */

enum shape { SHAPE_SMALL, SHAPE_TITLE, SHAPE_CAPITALS, SHAPE_INITIAL, SHAPE_NUMBER };

struct token {
    size_t from, to; /* in the text */
    char upper[NAME_MAX + 1];
    size_t len; /* of upper */
    enum shape shape;
    unsigned role;
    enum stop stop;
    char gap; /* before it: ' ' one or more spaces, ',' a comma and spaces, 0 else */
};

static bool in_word(struct str text, size_t i)
{
    unsigned char c = (unsigned char)text.at[i];

    if (is_letter(c) || is_digit(c))
        return true;
    return (c == '\'' || c == '-') && i + 1 < text.len &&
           is_letter((unsigned char)text.at[i + 1]);
}

static enum shape shape_of(struct str word)
{
    unsigned letters = 0, small = 0;
    bool first = word.len && word.at[0] >= 'A' && word.at[0] <= 'Z';

    for (size_t i = 0; i < word.len; i++) {
        if (is_digit((unsigned char)word.at[i]))
            return SHAPE_NUMBER;
        letters += is_letter((unsigned char)word.at[i]);
        small += word.at[i] >= 'a' && word.at[i] <= 'z';
    }
    if (!first)
        return SHAPE_SMALL;
    if (letters == 1)
        return SHAPE_INITIAL;
    return small ? SHAPE_TITLE : SHAPE_CAPITALS;
}

static char gap_of(struct str text, size_t from, size_t to)
{
    bool comma = false, space = false;

    for (size_t i = from; i < to; i++) {
        char c = text.at[i];

        if (c == ',' && !comma && !space)
            comma = true;
        else if (c == ' ' || c == '\t')
            space = true;
        else
            return 0;
    }
    return comma ? (space ? ',' : 0) : ' ';
}

/* The next word at or after `at`; false at the end. An initial may have a full stop. */
static bool next_token(struct str text, size_t at, struct token *token)
{
    size_t from = at;

    while (from < text.len && !is_letter((unsigned char)text.at[from]) &&
           !is_digit((unsigned char)text.at[from]))
        from++;
    if (from == text.len)
        return false;
    *token = (struct token){.from = from, .to = from};
    while (token->to < text.len && in_word(text, token->to)) {
        char c = text.at[token->to++];

        if (is_letter((unsigned char)c) && token->len < NAME_MAX)
            token->upper[token->len++] = (char)(c & 0xDF);
    }
    token->shape = shape_of((struct str){text.at + from, token->to - from});
    if (token->shape != SHAPE_NUMBER) {
        token->role = word_role(token->upper, token->len);
        token->stop = stop_of(token->upper, token->len);
    }
    token->gap = gap_of(text, at, from);

    bool dotted = token->to < text.len && text.at[token->to] == '.';

    if (token->shape == SHAPE_INITIAL)
        token->stop = dotted ? STOP_NONE : token->stop; /* A. is one, A may not be */
    if (dotted && (token->shape == SHAPE_INITIAL || (token->role & ROLE_LEAD)))
        token->to++;
    return true;
}

/* ---- what may be a name ------------------------------------------------------------------- */

struct run {
    size_t from, to;
    unsigned words, names; /* of them two letters or more, particles apart */
    bool comma, ranked;
};

static void run_end(struct run *run, struct str text, bool spoilt,
                    struct in_text *found)
{
    if (run->names >= 2 && run->words <= WORDS_OF_A_NAME && !run->ranked && !spoilt &&
        found->count < IN_TEXT_NAMES)
        found->name[found->count++] =
            (struct str){text.at + run->from, run->to - run->from};
    *run = (struct run){0};
}

static bool is_rank(const struct token *token)
{
    return (token->role & ROLE_LEAD) && !(token->role & ROLE_TAIL) &&
           (token->role & ROLE_ALONE);
}

/* Whether the word may stand in a name, behind the words the run has. `capitals`: all are. */
static bool may_stand(const struct run *run, const struct token *token, bool capitals)
{
    bool start = token->stop == STOP_START && (run->words == 0 || capitals);

    if (start || token->stop > STOP_START || token->shape == SHAPE_NUMBER)
        return false;
    if (token->shape == SHAPE_SMALL)
        return run->words > 0 && token->gap == ' ' && token->stop == STOP_NONE &&
               (token->role & ROLE_PARTICLE);
    return true;
}

static void run_add(struct run *run, const struct token *token)
{
    if (run->words == 0)
        run->from = token->from;
    if (token->shape != SHAPE_SMALL)
        run->to = token->to;
    run->ranked |= is_rank(token);
    run->comma |= run->words > 0 && token->gap == ',';
    run->words++;
    run->names += token->len >= 2 && token->shape != SHAPE_SMALL &&
                  !(token->role & (ROLE_LEAD | ROLE_TAIL));
}

/* `SURNAME, Forename`: once, behind one surname in capitals, before a word that is not. */
static bool comma_fits(const struct run *run, const struct token *before,
                       const struct token *token)
{
    return run->words <= 2 && !run->comma && before->shape == SHAPE_CAPITALS &&
           token->shape == SHAPE_TITLE;
}

/* Three in four letters or more are capitals. */
static bool all_capitals(struct str text)
{
    size_t capitals = 0, small = 0;

    for (size_t i = 0; i < text.len; i++) {
        capitals += text.at[i] >= 'A' && text.at[i] <= 'Z';
        small += text.at[i] >= 'a' && text.at[i] <= 'z';
    }
    return capitals >= 3 * small;
}

/* AS and IS may stand between a cue and its name. */
static bool keeps_cue(const struct token *token)
{
    return token->len == 2 && token->upper[1] == 'S' &&
           (token->upper[0] == 'A' || token->upper[0] == 'I');
}

static void read_names(struct str text, struct in_text *found)
{
    bool capitals = all_capitals(text), cued = false;
    struct run run = {0};
    struct token token, before = {0};

    for (size_t at = 0; next_token(text, at, &token); at = token.to, before = token) {
        bool beside =
            token.gap == ' ' || (token.gap == ',' && comma_fits(&run, &before, &token));

        if (run.words && (!beside || !may_stand(&run, &token, capitals))) {
            run_end(&run, text, token.gap == ' ' && token.stop == STOP_SPOIL, found);
            cued = false;
        }
        if (token.stop == STOP_CUE)
            cued = true;
        else if (may_stand(&run, &token, capitals) && (cued || !capitals))
            run_add(&run, &token);
        else if (!keeps_cue(&token))
            cued = false;
    }
    run_end(&run, text, false, found);
}

/* ---- the date of birth ------------------------------------------------------------------------ */

/* A full date with a year of four digits; no shorter one, whose century would be a guess. */
static uint32_t date_at(struct str text, size_t at)
{
    size_t from = at, to, digits = 0;
    uint32_t born;

    while (from < text.len && (text.at[from] == ' ' || text.at[from] == ':'))
        from++;
    for (to = from;
         to < text.len && (is_digit((unsigned char)text.at[to]) || text.at[to] == '-' ||
                           text.at[to] == '/' || text.at[to] == '.');)
        digits += is_digit((unsigned char)text.at[to++]);
    while (to > from && !is_digit((unsigned char)text.at[to - 1]))
        to--;
    if (digits < 6 || digits > 8 || to - from < 8)
        return 0;

    struct str date = {text.at + from, to - from};

    return (to - from > 8 || digits == 8) && date_read(date, 9999, &born) == DATE_FULL
               ? born
               : 0;
}

static uint32_t read_born(struct str text)
{
    struct token token;
    uint32_t born = 0;

    for (size_t at = 0; next_token(text, at, &token); at = token.to) {
        bool sign = (token.len == 4 && memcmp(token.upper, "BORN", 4) == 0) ||
                    (token.len == 3 && memcmp(token.upper, "DOB", 3) == 0);
        uint32_t date = sign ? date_at(text, token.to) : 0;

        if (date && born && date != born)
            return 0; /* two people's */
        born = date ? date : born;
    }
    return born;
}

void in_text_read(struct str text, struct in_text *found)
{
    found->count = 0;
    found->born = 0;
    if (text.len > IN_TEXT_BYTES) {
        text.len = IN_TEXT_BYTES;
        while (text.len && !is_letter((unsigned char)text.at[text.len - 1]))
            text.len--; /* not in the middle of a letter of several bytes */
    }
    text = fold_ascii(text, found->room, sizeof(found->room));
    read_names(text, found);
    if (found->count == 1)
        found->born = read_born(text);
}
