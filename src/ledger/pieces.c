#include "ledger/inner.h"

#include <assert.h>
#include <sodium.h>
#include <time.h>

enum { BASE64_MAX = 128 };

/* ---- taking ------------------------------------------------------------------------ */

static void skip(struct str *rest, size_t count)
{
    rest->at += count;
    rest->len -= count;
}

bool line_take(struct str *rest, const char *literal)
{
    size_t len = strlen(literal);

    if (rest->len < len || memcmp(rest->at, literal, len) != 0)
        return false;
    skip(rest, len);
    return true;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : -1;
}

static int hex_digit_of(char c)
{
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : digit_of(c);
}

bool line_take_bytes(struct str *rest, uint8_t *bytes, size_t size)
{
    if (rest->len < 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit_of(rest->at[2 * i]);
        int low = hex_digit_of(rest->at[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    skip(rest, 2 * size);
    return true;
}

bool line_take_hash(struct str *rest, struct ledger_hash *hash)
{
    return line_take_bytes(rest, hash->bytes, sizeof(hash->bytes));
}

bool line_take_number(struct str *rest, uint64_t *number)
{
    uint64_t value = 0;
    size_t used = 0;

    for (; used < rest->len && digit_of(rest->at[used]) >= 0; used++) {
        if (used == 19 || (used == 1 && value == 0))
            return false; /* too large by far; a leading zero */
        value = value * 10 + (uint64_t)digit_of(rest->at[used]);
    }
    if (used == 0 || value >= SIZE_LIMIT)
        return false;
    skip(rest, used);
    *number = value;
    return true;
}

static bool is_alphanumeric(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || digit_of(c) >= 0;
}

static size_t word_length(struct str text, const char *others)
{
    size_t len = 0;

    if (text.len == 0 || !is_alphanumeric(text.at[0]))
        return 0;
    while (len < text.len && text.at[len] &&
           (is_alphanumeric(text.at[len]) || strchr(others, text.at[len])))
        len++;
    return len;
}

static bool take_of(struct str *rest, const char *others,
                    char word[LEDGER_WORD_MAX + 1])
{
    size_t len = word_length(*rest, others);

    if (len == 0 || len > LEDGER_WORD_MAX)
        return false;
    memcpy(word, rest->at, len);
    word[len] = 0;
    skip(rest, len);
    return true;
}

static const char in_words[] = "._:-", in_names[] = "._:-/";

bool line_take_word(struct str *rest, char word[LEDGER_WORD_MAX + 1])
{
    return take_of(rest, in_words, word);
}

bool line_take_name(struct str *rest, char name[LEDGER_WORD_MAX + 1])
{
    return take_of(rest, in_names, name);
}

static bool is_of(const char *text, const char *others)
{
    size_t len = text ? strlen(text) : 0;

    return len > 0 && len <= LEDGER_WORD_MAX &&
           word_length((struct str){text, len}, others) == len;
}

bool line_is_word(const char *text)
{
    return is_of(text, in_words);
}

bool line_is_name(const char *text)
{
    return is_of(text, in_names);
}

/* libsodium's decoder takes some bytes above 127 for others (1.0.18), so what it found
 * is written again and compared. */
bool line_take_base64(struct str *rest, uint8_t *bytes, size_t size)
{
    size_t len = (size + 2) / 3 * 4, found;
    char again[BASE64_MAX];

    assert(len < sizeof(again));
    if (rest->len < len ||
        sodium_base642bin(bytes, size, rest->at, len, NULL, &found, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        found != size)
        return false;
    line_put_base64(again, bytes, size);
    if (memcmp(again, rest->at, len) != 0)
        return false;
    skip(rest, len);
    return true;
}

bool line_take_hashes(struct str *rest, struct ledger_hash hashes[], size_t room,
                      size_t *count)
{
    *count = 0;
    if (line_take(rest, "[]"))
        return true;
    if (!line_take(rest, "[\""))
        return false;
    do {
        if (*count == room || !line_take_hash(rest, &hashes[(*count)++]))
            return false;
    } while (line_take(rest, "\",\""));
    return line_take(rest, "\"]");
}

/* ---- time ------------------------------------------------------------------------------ */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

static int64_t leap_days_before(int64_t year)
{
    return (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
}

/* Since 1 January 1970. */
static int64_t days_of(int year, int month, int day)
{
    int64_t days =
        (year - 1970) * INT64_C(365) + leap_days_before(year) - leap_days_before(1970);

    for (int i = 1; i < month; i++)
        days += days_in(year, i);
    return days + day - 1;
}

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MICRO, PARTS };

bool line_take_time(struct str *rest, int64_t *time)
{
    static const struct {
        int digits;
        char after;
        int least, most;
    } parts[PARTS] = {
        [YEAR] = {4, '-', 1970, 9999  },
          [MONTH] = {2, '-', 1,    12    },
        [DAY] = {2, 'T', 1,    31    },
          [HOUR] = {2, ':', 0,    23    },
        [MINUTE] = {2, ':', 0,    59    },
          [SECOND] = {2, '.', 0,    59    },
        [MICRO] = {6, 'Z', 0,    999999},
    };
    const char *at = rest->at;
    int value[PARTS] = {0};

    if (rest->len < TIME_SIZE)
        return false;
    for (int i = 0; i < PARTS; i++) {
        for (int k = 0; k < parts[i].digits; k++, at++) {
            if (digit_of(*at) < 0)
                return false;
            value[i] = value[i] * 10 + digit_of(*at);
        }
        if (*at++ != parts[i].after || value[i] < parts[i].least ||
            value[i] > parts[i].most)
            return false;
    }
    if (value[DAY] > days_in(value[YEAR], value[MONTH]))
        return false;
    skip(rest, TIME_SIZE);

    int64_t seconds = days_of(value[YEAR], value[MONTH], value[DAY]) * 86400 +
                      value[HOUR] * 3600 + value[MINUTE] * 60 + value[SECOND];

    *time = seconds * 1000000 + value[MICRO];
    return true;
}

/* ---- putting ------------------------------------------------------------------------------- */

char *line_put(char *to, const char *text)
{
    size_t len = strlen(text);

    memcpy(to, text, len);
    return to + len;
}

char *line_put_bytes(char *to, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return to;
}

char *line_put_hash(char *to, const struct ledger_hash *hash)
{
    return line_put_bytes(to, hash->bytes, sizeof(hash->bytes));
}

/* At least `width` digits. */
static char *put_digits(char *to, uint64_t number, int width)
{
    char digits[20];
    int count = 0;

    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0 || count < width);
    while (count)
        *to++ = digits[--count];
    return to;
}

char *line_put_number(char *to, uint64_t number)
{
    return put_digits(to, number, 1);
}

char *line_put_time(char *to, int64_t time)
{
    time_t seconds = (time_t)(time / 1000000);
    struct tm tm;

    assert(time >= 0 && time <= TIME_MAX && gmtime_r(&seconds, &tm));

    const struct {
        int value, width;
        char after;
    } parts[] = {
        {tm.tm_year + 1900,     4, '-'},
        {tm.tm_mon + 1,         2, '-'},
        {tm.tm_mday,            2, 'T'},
        {tm.tm_hour,            2, ':'},
        {tm.tm_min,             2, ':'},
        {tm.tm_sec,             2, '.'},
        {(int)(time % 1000000), 6, 'Z'},
    };

    for (size_t i = 0; i < COUNT(parts); i++) {
        to = put_digits(to, (uint64_t)parts[i].value, parts[i].width);
        *to++ = parts[i].after;
    }
    return to;
}

char *line_put_base64(char *to, const uint8_t *bytes, size_t size)
{
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);

    sodium_bin2base64(to, room, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    return to + room - 1;
}

char *line_put_hashes(char *to, const struct ledger_hash hashes[], size_t count)
{
    to = line_put(to, "[");
    for (size_t i = 0; i < count; i++) {
        to = line_put(to, i ? ",\"" : "\"");
        to = line_put_hash(to, &hashes[i]);
        to = line_put(to, "\"");
    }
    return line_put(to, "]");
}
