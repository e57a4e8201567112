#include "text/fold.h"

/* ---- the calendar ------------------------------------------------------------------ */

static bool leap_year(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
    static const uint8_t days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month > 12 ? 0 : days[month] + (uint32_t)(month == 2 && leap_year(year));
}

bool date_exists(uint32_t yyyymmdd)
{
    uint32_t year = yyyymmdd / 10000, month = yyyymmdd / 100 % 100,
             day = yyyymmdd % 100;

    return year >= 1000 && year <= 9999 && day >= 1 && day <= days_in(year, month);
}

/* Counts years from March, so that the leap day is the last of its year. */
int32_t date_days(uint32_t yyyymmdd)
{
    int32_t year = (int32_t)(yyyymmdd / 10000), month = (int32_t)(yyyymmdd / 100 % 100);
    int32_t day = (int32_t)(yyyymmdd % 100);

    year -= month <= 2;
    month += month <= 2 ? 9 : -3;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
           day - 1 - 719468;
}

/* ---- parts of a date as written ------------------------------------------------------ */

enum { YEAR_LEAST = 1000, YEAR_MOST = 2999 };

struct part {
    uint32_t value;
    uint8_t digits; /* 0: a month's name, value is the month */
};

struct date {
    struct part part[3];
    unsigned count;
};

static uint32_t month_named(const char *text, size_t len)
{
    static const char names[12][10] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};

    for (uint32_t i = 0; i < 12; i++) {
        size_t whole = strlen(names[i]);
        bool sept = i == 8 && len == 4;

        if ((len == 3 || len == whole || sept) && strncasecmp(names[i], text, len) == 0)
            return i + 1;
    }
    return 0;
}

static bool ordinal(const char *text, size_t len)
{
    static const char endings[4][3] = {"st", "nd", "rd", "th"};

    for (size_t i = 0; i < COUNT(endings) && len == 2; i++)
        if (strncasecmp(endings[i], text, 2) == 0)
            return true;
    return false;
}

static bool separator(char c)
{
    return c == '/' || c == '-' || c == '.' || c == ' ' || c == ',' || c == '\t';
}

/* T00:00:00, 00:00, 00:00:00.000Z, 12:00 AM: what may follow a whole date. */
static bool is_time(struct str text)
{
    size_t i = 0, colons = 0;

    if (text.len && (text.at[0] == 'T' || text.at[0] == 't'))
        i++;
    while (i < text.len && text.at[i] == ' ')
        i++;
    if (i == text.len || !is_digit((unsigned char)text.at[i]))
        return false;
    for (; i < text.len; i++) {
        colons += text.at[i] == ':';
        if (!is_digit((unsigned char)text.at[i]) &&
            !strchr(":.Zz+- AaPpMm", text.at[i]))
            return false;
    }
    return colons > 0;
}

/* Takes digits or a word off the front. */
static bool take_part(struct str *text, struct part *part)
{
    size_t n = 0;

    *part = (struct part){0, 0};
    while (n < text->len && is_digit((unsigned char)text->at[n]) && n < 9)
        part->value = part->value * 10 + (uint32_t)(text->at[n++] - '0');
    part->digits = (uint8_t)n;
    if (n == 0) {
        while (n < text->len && is_letter((unsigned char)text->at[n]))
            n++;
        part->value = month_named(text->at, n);
        if (part->value == 0)
            return false;
    }
    text->at += n;
    text->len -= n;
    return n < 9;
}

static void skip_ordinal(struct str *text)
{
    size_t n = 0;

    while (n < text->len && is_letter((unsigned char)text->at[n]))
        n++;
    if (ordinal(text->at, n)) {
        text->at += n;
        text->len -= n;
    }
}

static bool take_parts(struct str text, struct date *date)
{
    date->count = 0;
    while (text.len) {
        if (date->count == 3 || (date->count == 1 && date->part[0].digits == 8))
            return is_time(text);

        struct part *part = &date->part[date->count++];

        if (!take_part(&text, part))
            return false;
        if (part->digits && part->digits <= 2)
            skip_ordinal(&text);

        size_t gap = 0;

        while (gap < text.len && separator(text.at[gap]))
            gap++;
        if (gap == 0 && text.len && date->count < 3 && part->digits != 8 &&
            part->digits != 0 && !is_letter((unsigned char)text.at[0]))
            return false;
        if (gap && gap == text.len)
            return false; /* 12/03/ */
        text.at += gap;
        text.len -= gap;
    }
    return date->count > 0;
}

/* ---- what the parts say --------------------------------------------------------------- */

/* The latest year with these two digits not after the pivot. */
static uint32_t year_of(struct part part, int pivot_year)
{
    uint32_t pivot = (uint32_t)pivot_year, year;

    if (part.digits != 2)
        return part.value;
    year = pivot / 100 * 100 + part.value;
    return year > pivot ? year - 100 : year;
}

static enum date_kind decide(uint32_t year, uint32_t month, uint32_t day,
                             uint32_t *born)
{
    bool nobodys = (year == 0 || year == 1 || year == 9999) &&
                   (day == month || (month == 12 && day == 31));

    if (nobodys)
        return DATE_NONE; /* 00/00/0000, 01/01/0001, 99/99/9999, 31/12/9999 */
    *born = year * 10000 + month * 100 + day;
    if (year < YEAR_LEAST || year > YEAR_MOST || month > 12)
        return DATE_IMPOSSIBLE;
    if (month == 0 || day == 0) {
        if (month == 0 && day > 31)
            return DATE_IMPOSSIBLE;
        *born -= month == 0 ? day : 0; /* a day of no known month says nothing */
        return DATE_PARTIAL;
    }
    return day <= days_in(year, month) ? DATE_FULL : DATE_IMPOSSIBLE;
}

/* Which part is which, by the shape: y and Y a year of two or four digits, m and d. */
static bool is_year(struct part part)
{
    return part.digits == 4;
}

static bool is_short(struct part part)
{
    return part.digits == 1 || part.digits == 2;
}

static bool is_month(struct part part)
{
    return part.digits <= 2;
}

static enum date_kind read_three(const struct date *date, int pivot_year,
                                 uint32_t *born)
{
    struct part a = date->part[0], b = date->part[1], c = date->part[2];

    if (is_year(a) && is_month(b) && is_short(c))
        return decide(a.value, b.value, c.value, born);
    if (a.digits == 0 && is_short(b) &&
        (is_year(c) || c.digits == 2)) /* Mar 12, 1984 */
        return decide(year_of(c, pivot_year), a.value, b.value, born);
    if (is_short(a) && is_month(b) && (is_year(c) || c.digits == 2)) {
        if (c.digits == 2 && a.value + b.value + c.value == 0)
            return DATE_NONE;
        return decide(year_of(c, pivot_year), b.value, a.value, born);
    }
    return DATE_UNREADABLE;
}

static enum date_kind read_parts(const struct date *date, int pivot_year,
                                 uint32_t *born)
{
    struct part a = date->part[0], b = date->part[1];

    if (date->count == 3)
        return read_three(date, pivot_year, born);
    if (date->count == 2 && is_year(a) && is_month(b))
        return decide(a.value, b.value, 0, born);
    if (date->count == 2 && is_month(a) && is_year(b))
        return decide(b.value, a.value, 0, born);
    if (date->count == 1 && a.digits == 8)
        return decide(a.value / 10000, a.value / 100 % 100, a.value % 100, born);
    if (date->count == 1 && a.digits == 4)
        return decide(a.value, 0, 0, born);
    return DATE_UNREADABLE;
}

/* 1984-03-12 and 12/03/1984 by themselves: most of what is sent. */
static bool usual(struct str text, uint32_t *year, uint32_t *month, uint32_t *day)
{
    static const uint8_t iso[10] = {1, 1, 1, 1, 0, 1, 1, 0, 1, 1};
    static const uint8_t uk[10] = {1, 1, 0, 1, 1, 0, 1, 1, 1, 1};
    const char *at = text.at;

    if (text.len != 10)
        return false;

    const uint8_t *shape = at[4] == '-' ? iso : uk;
    bool fits = at[4] == '-' ? at[7] == '-' : at[2] == '/' && at[5] == '/';

    for (size_t i = 0; i < 10; i++)
        fits &= !shape[i] | is_digit((unsigned char)at[i]);
    if (!fits)
        return false;

#define TWO(i) (uint32_t)((at[i] - '0') * 10 + (at[(i) + 1] - '0'))
    *year = shape == iso ? TWO(0) * 100 + TWO(2) : TWO(6) * 100 + TWO(8);
    *month = shape == iso ? TWO(5) : TWO(3);
    *day = shape == iso ? TWO(8) : TWO(0);
#undef TWO
    return true;
}

static enum date_kind settle(enum date_kind kind, uint32_t *born)
{
    if (kind == DATE_NONE || kind == DATE_UNREADABLE)
        *born = 0;
    return kind;
}

enum date_kind date_read(struct str written, int pivot_year, uint32_t *born)
{
    char room[64];
    struct str text = str_trim(written);
    uint32_t year, month, day;
    struct date date;

    *born = 0;
    if (text.len == 0)
        return DATE_NONE;
    if (usual(text, &year, &month, &day))
        return settle(decide(year, month, day, born), born);
    text = str_trim(fold_ascii(text, room, sizeof(room)));
    if (fold_placeholder(text))
        return DATE_NONE;
    if (!take_parts(text, &date))
        return DATE_UNREADABLE;
    return settle(read_parts(&date, pivot_year, born), born);
}

/* One column of a split date: true if it can be read; no digits and 0 if empty. */
static bool column_read(struct str written, struct part *part, bool *empty)
{
    char room[32];
    struct str text = str_trim(fold_ascii(written, room, sizeof(room)));

    *part = (struct part){0, 1};
    *empty = text.len == 0 || fold_placeholder(text);
    if (*empty)
        return true;
    if (!take_part(&text, part))
        return false;
    skip_ordinal(&text);
    return text.len == 0;
}

enum date_kind date_read_split(struct str day, struct str month, struct str year,
                               int pivot_year, uint32_t *born)
{
    struct part d, m, y;
    bool no_day, no_month, no_year;

    *born = 0;
    if (!column_read(day, &d, &no_day) || !column_read(month, &m, &no_month) ||
        !column_read(year, &y, &no_year))
        return DATE_UNREADABLE;
    if (no_day && no_month && no_year)
        return DATE_NONE;
    if (y.value == 0 && m.value == 0 && d.value == 0)
        return DATE_NONE;
    if (no_year || !is_short(d) || !is_month(m) || !(is_year(y) || y.digits == 2))
        return DATE_UNREADABLE;
    return settle(decide(year_of(y, pivot_year), m.value, d.value, born), born);
}
