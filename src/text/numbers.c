#include "text/fold.h"

/* True if all digits are the same: nobody's number. */
static bool all_same(const char *text, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (text[i] != text[0])
            return false;
    return true;
}

/* A hash that is never the 0 of "no value". */
static uint64_t value_hash(const char *text, size_t len, uint64_t kind)
{
    uint64_t hash = hash_bytes(text, len, kind);

    return hash ? hash : 1;
}

enum { KIND_EMAIL = 1, KIND_NUMBER, KIND_VEHICLE };

/* ---- telephones ---------------------------------------------------------------------- */

enum { PHONE_MAX = 20 };

/* Digits up to an extension (x12, ext. 12, #12), a leading + as 00. */
static size_t phone_digits(struct str ascii, char digits[PHONE_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < ascii.len; i++) {
        unsigned char c = (unsigned char)ascii.at[i];

        if (is_digit(c)) {
            if (len == PHONE_MAX)
                return 0;
            digits[len++] = (char)c;
        } else if (c == '+' && len == 0) {
            digits[len++] = '0';
            digits[len++] = '0';
        } else if (len >= 7 && (is_letter(c) || c == '#')) {
            break;
        }
    }
    return len;
}

static uint64_t digits_value(const char *digits, size_t len)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    return value;
}

static bool starts(const char *digits, size_t len, const char *with)
{
    size_t n = strlen(with);

    return len >= n && memcmp(digits, with, n) == 0;
}

/* Behind the 0 or +44: ten digits, or nine of some old landlines. */
static uint64_t national_value(const char *digits, size_t len)
{
    static const uint64_t dummies[] = {1234567890, 7123456789, 7777777777, 7123123123};

    if (len && *digits == '0') { /* +44 (0)7700 ... */
        digits++;
        len--;
    }
    if (len < 9 || len > 10 || *digits == '0' || *digits == '4' || *digits == '6' ||
        all_same(digits + 1, len - 1))
        return 0;

    uint64_t value = digits_value(digits, len);

    for (size_t i = 0; i < COUNT(dummies); i++)
        if (value == dummies[i])
            return 0;
    return (len == 10 ? 440000000000u : 44000000000u) + value;
}

uint64_t phone_read(struct str written)
{
    char room[64], digits[PHONE_MAX + 2];
    struct str ascii = fold_ascii(written, room, sizeof(room));
    size_t len = phone_digits(ascii, digits);

    if (len < 9)
        return 0;
    if (starts(digits, len, "0044"))
        return national_value(digits + 4, len - 4);
    if (starts(digits, len, "00")) {
        bool whole = len >= 10 && len <= 17 && !all_same(digits + 2, len - 2);

        return whole && digits[2] != '0' ? digits_value(digits + 2, len - 2) : 0;
    }
    if (*digits == '0')
        return national_value(digits + 1, len - 1);
    if (starts(digits, len, "44") && len >= 11)
        return national_value(digits + 2, len - 2);
    return len == 10 ? national_value(digits, len) : 0; /* a spreadsheet ate the 0 */
}

/* ---- e-mail --------------------------------------------------------------------------- */

enum { EMAIL_MAX = 254 }; /* RFC 5321, errata 1690 */

static bool nobodys_mailbox(const char *local, size_t len)
{
    static const char *const names[] = {
        "noemail", "no-email",  "no.email",       "no_email",  "none",   "noreply",
        "nomail",  "no-reply",  "unknown",        "na",        "n/a",    "nk",
        "null",    "refused",   "donotreply",     "notknown",  "nobody", "xxx",
        "x",       "not.known", "noemailaddress", "anonymous", "test"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i][0] == local[0] && strlen(names[i]) == len &&
            memcmp(names[i], local, len) == 0)
            return true;
    return false;
}

struct email {
    char text[EMAIL_MAX + 1];
    size_t local_len, len;
};

/* Lower case, blanks and brackets around it off, +tag dropped. */
static bool email_split(struct str written, struct email *email)
{
    bool tag = false, at = false;

    email->len = email->local_len = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = written.at[i];

        if (c == '<' || c == '>' || c == ' ' || c == '\t')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (c == '@') {
            if (at)
                return false;
            at = true;
            tag = false;
            email->local_len = email->len;
        }
        if (c == '+' && !at && email->len)
            tag = true;
        if (tag)
            continue;
        if (email->len == EMAIL_MAX)
            return false;
        email->text[email->len++] = c;
    }
    return at;
}

static bool domain_is(const struct email *email, const char *domain)
{
    size_t len = email->len - email->local_len;

    return strlen(domain) == len &&
           memcmp(email->text + email->local_len, domain, len) == 0;
}

/* At Gmail dots in the name before the @ do not count, and googlemail.com is gmail.com. */
static uint64_t gmail_hash(const struct email *email)
{
    static const char domain[] = "@gmail.com";
    char text[EMAIL_MAX + sizeof(domain)];
    size_t len = 0;

    for (size_t i = 0; i < email->local_len; i++)
        if (email->text[i] != '.')
            text[len++] = email->text[i];
    memcpy(text + len, domain, sizeof(domain) - 1);
    return value_hash(text, len + sizeof(domain) - 1, KIND_EMAIL);
}

uint64_t email_read(struct str written)
{
    struct email email;

    written = str_trim(written);
    if (written.len > 7 && strncasecmp(written.at, "mailto:", 7) == 0) {
        written.at += 7;
        written.len -= 7;
    }
    if (!email_split(written, &email) || email.local_len == 0)
        return 0;

    const char *domain = email.text + email.local_len + 1;
    size_t domain_len = email.len - email.local_len - 1;
    const char *dot = domain_len ? memchr(domain, '.', domain_len) : NULL;

    if (!dot || dot == domain || domain[domain_len - 1] == '.' ||
        nobodys_mailbox(email.text, email.local_len))
        return 0;
    if (domain_is(&email, "@gmail.com") || domain_is(&email, "@googlemail.com"))
        return gmail_hash(&email);
    return value_hash(email.text, email.len, KIND_EMAIL);
}

/* ---- National Insurance numbers -------------------------------------------------------- */

/*
 * Prefixes that no person has: never issued, or administrative. Source: HMRC, National
 * Insurance Manual NIM39110. QQ is never issued either, and kept: made-up data has it.
 */
static const char not_a_person[][3] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "OO",
                                       "CR", "FY", "MW", "NC", "PP", "PY", "PZ"};

static bool nino_prefix(const char *prefix)
{
    if (memcmp(prefix, "QQ", 2) == 0)
        return true;
    if (strchr("DFIQUV", prefix[0]) || strchr("DFIQUVO", prefix[1]))
        return false;
    for (size_t i = 0; i < COUNT(not_a_person); i++)
        if (memcmp(not_a_person[i], prefix, 2) == 0)
            return false;
    return true;
}

uint64_t nino_read(struct str written)
{
    char room[32], text[9];
    size_t len =
        fold_squeeze(fold_ascii(written, room, sizeof(room)), text, sizeof(text));

    if (len < 8 || len > sizeof(text))
        return 0;
    for (size_t i = 0; i < 8; i++)
        if (is_digit((unsigned char)text[i]) != (i >= 2))
            return 0;
    if (len == 9 && (text[8] < 'A' || text[8] > 'D'))
        return 0;
    if (!nino_prefix(text) || all_same(text + 2, 6) ||
        memcmp(text + 2, "123456", 6) == 0)
        return 0;
    return ((uint64_t)(text[0] - 'A') * 26 + (uint64_t)(text[1] - 'A')) * 1000000 +
           digits_value(text + 2, 6) + 1;
}

/* ---- numbers of staff and of vehicles ---------------------------------------------------- */

uint64_t number_read(struct str written)
{
    char room[64], text[32];
    size_t len =
        fold_squeeze(fold_ascii(written, room, sizeof(room)), text, sizeof(text));
    size_t from = 0;
    bool digit = false;

    if (len > sizeof(text))
        return 0;
    while (from < len && text[from] == '0') /* a spreadsheet drops them */
        from++;
    for (size_t i = from; i < len; i++)
        digit |= is_digit((unsigned char)text[i]);
    return digit ? value_hash(text + from, len - from, KIND_NUMBER) : 0;
}

/* AB12 CDE: letters and digits as in the marks since 2001, O/0 and I/1 put right. */
static void mark_correct(char text[7])
{
    static const char wants_digit[7] = {0, 0, 1, 1, 0, 0, 0};
    char corrected[7];

    for (size_t i = 0; i < 7; i++) {
        char c = text[i];

        if (wants_digit[i])
            c = c == 'O' ? '0' : c == 'I' ? '1' : c;
        else
            c = c == '0' ? 'O' : c == '1' ? 'I' : c;
        if (is_digit((unsigned char)c) != (bool)wants_digit[i])
            return;
        corrected[i] = c;
    }
    memcpy(text, corrected, 7);
}

uint64_t vehicle_read(struct str written)
{
    char room[32], text[10];
    size_t len =
        fold_squeeze(fold_ascii(written, room, sizeof(room)), text, sizeof(text));
    bool digit = false, letter = false;

    if (len < 2 || len > sizeof(text))
        return 0;
    if (len == 7)
        mark_correct(text);
    for (size_t i = 0; i < len; i++) {
        digit |= is_digit((unsigned char)text[i]);
        letter |= is_letter((unsigned char)text[i]);
    }
    return digit && letter ? value_hash(text, len, KIND_VEHICLE) : 0;
}
