/*
 * Dates and times as DuckDB's strptime reads them: %Y (up to four digits), %m, %d, %H, %M,
 * %S (up to two digits each, leading zeros not needed, also as %-m), %y (up to 68 this
 * century), %b and %B (English month names, any case); other letters stand for themselves.
 * Spaces before and after are passed over. Nothing else may follow.
 */
#include "splink/inner.h"

#include <stdio.h>
#include <string.h>

static const char *const months[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};

enum part {
    PART_YEAR,
    PART_MONTH,
    PART_DAY,
    PART_HOUR,
    PART_MINUTE,
    PART_SECOND,
    PARTS
};

static const struct form {
    char letter;
    uint8_t part, digits;
    int low, high;
} forms[] = {
    {'Y', PART_YEAR,   4, 0, 9999},
    {'y', PART_YEAR,   2, 0, 99  },
    {'m', PART_MONTH,  2, 1, 12  },
    {'d', PART_DAY,    2, 1, 31  },
    {'H', PART_HOUR,   2, 0, 23  },
    {'M', PART_MINUTE, 2, 0, 59  },
    {'S', PART_SECOND, 2, 0, 59  },
};

static const struct form *form_of(char letter)
{
    for (size_t i = 0; i < COUNT(forms); i++)
        if (forms[i].letter == letter)
            return &forms[i];
    return NULL;
}

/* Cuts a %-form off the format; its letter, or 0 for a character to be matched. */
static char form_take(struct str *format, char *plain)
{
    char letter = 0;

    *plain = *format->at;
    if (*format->at == '%' && format->len > 1) {
        size_t at = format->len > 2 && format->at[1] == '-' ? 2 : 1;

        letter = format->at[at];
        *plain = '%';
        format->at += at, format->len -= at;
        letter = letter == '%' ? 0 : letter;
    }
    format->at++, format->len--;
    return letter;
}

bool moment_format(struct str format, struct err *err)
{
    while (format.len) {
        char plain, letter = form_take(&format, &plain);

        if (letter && letter != 'b' && letter != 'B' && !form_of(letter))
            return err_set(err, ERR_INPUT,
                           "the date format %%%c cannot be expressed here", letter);
    }
    return true;
}

static bool number_take(struct str *text, const struct form *form, int *value)
{
    unsigned digits = 0;

    *value = 0;
    while (text->len && digits < form->digits && (unsigned)(*text->at - '0') < 10) {
        *value = *value * 10 + (*text->at - '0');
        text->at++, text->len--, digits++;
    }
    return digits && *value >= form->low && *value <= form->high;
}

static bool month_take(struct str *text, bool whole, int *value)
{
    for (int i = 0; i < 12; i++) {
        size_t len = whole ? strlen(months[i]) : 3, at = 0;

        while (at < len && at < text->len && (text->at[at] | 0x20) == months[i][at])
            at++;
        if (at < len)
            continue;
        text->at += len, text->len -= len;
        *value = i + 1;
        return true;
    }
    return false;
}

static bool form_read(char letter, struct str *text, int parts[PARTS])
{
    const struct form *form = form_of(letter);
    int value;

    if (letter == 'b' || letter == 'B')
        return month_take(text, letter == 'B', &parts[PART_MONTH]);
    if (!form || !number_take(text, form, &value))
        return false;
    if (letter == 'y')
        value += value <= 68 ? 2000 : 1900;
    parts[form->part] = value;
    return true;
}

/* Days since 1970-01-01 of the Gregorian calendar carried back to the year 0. */
static bool days_of(int year, int month, int day, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t y = year - (month <= 2), era, of_era, of_year;

    if (day > lengths[month - 1] + (month == 2 && leap))
        return false;
    era = (y >= 0 ? y : y - 399) / 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    of_era =
        (y - era * 400) * 365 + (y - era * 400) / 4 - (y - era * 400) / 100 + of_year;
    *days = era * 146097 + of_era - 719468;
    return true;
}

bool moment_read(struct str text, struct str format, double *seconds)
{
    int parts[PARTS] = {1900, 1, 1, 0, 0, 0};
    int64_t days;

    while (text.len && strchr(" \t\n\r\v\f", *text.at) && *text.at)
        text.at++, text.len--;
    while (format.len) {
        char plain, letter = form_take(&format, &plain);

        if (letter) {
            if (!form_read(letter, &text, parts))
                return false;
            continue;
        }
        if (text.len == 0 || *text.at != plain)
            return false;
        text.at++, text.len--;
    }
    while (text.len && strchr(" \t\n\r\v\f", *text.at) && *text.at)
        text.at++, text.len--;
    if (text.len ||
        !days_of(parts[PART_YEAR], parts[PART_MONTH], parts[PART_DAY], &days))
        return false;
    *seconds = (double)(days * 86400 + parts[PART_HOUR] * 3600 +
                        parts[PART_MINUTE] * 60 + parts[PART_SECOND]);
    return true;
}

void moment_date(double seconds, char text[16])
{
    int64_t whole = (int64_t)seconds, days = whole / 86400 - (whole % 86400 < 0);
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t mp = (5 * of_year + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    int day = (int)(of_year - (153 * mp + 2) / 5 + 1);

    year += era * 400 + (month <= 2);
    snprintf(text, 16, "%04d-%02d-%02d", (int)year % 10000, month, day);
}
