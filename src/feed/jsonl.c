/*
 * One JSON object on a line (RFC 8259), read where it stands: unescaping never makes
 * text longer, so values are written over themselves. Objects within objects have no
 * place in a table of people and are refused.
 */
#include "feed/rows.h"

#include <string.h>

#define LITTLE_ENDIAN_WORDS (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

struct json_text {
    char *at, *end;
    const char *problem;
};

static bool refuse(struct json_text *json, const char *problem)
{
    json->problem = problem;
    return false;
}

static const char not_json[] = "not a JSON object";

static void skip_space(struct json_text *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\t' ||
                                    *json->at == '\r' || *json->at == '\n'))
        json->at++;
}

static bool next_is(struct json_text *json, char c)
{
    skip_space(json);
    if (json->at == json->end || *json->at != c)
        return false;
    json->at++;
    return true;
}

/* ---- strings ------------------------------------------------------------------------ */

static bool hex4(struct json_text *json, uint32_t *unit)
{
    *unit = 0;
    if (json->end - json->at < 4)
        return refuse(json, not_json);
    for (int i = 0; i < 4; i++) {
        char c = *json->at++;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;

        if (digit == 16)
            return refuse(json, not_json);
        *unit = *unit << 4 | digit;
    }
    return true;
}

static char *put_utf8(char *to, uint32_t c)
{
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (int i = size - 1; i > 0; i--, c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(first[size == 1 ? 0 : size] | c);
    return to + size;
}

/* After `\u`: one code point, of two units if the first is a high surrogate. */
static bool code_point(struct json_text *json, char **to)
{
    uint32_t unit, low;

    if (!hex4(json, &unit))
        return false;
    if (unit == 0)
        return refuse(json, "a zero byte");
    if (unit >= 0xdc00 && unit <= 0xdfff)
        return refuse(json, "half of a surrogate pair");
    if (unit >= 0xd800 && unit <= 0xdbff) {
        if (json->end - json->at < 6 || json->at[0] != '\\' || json->at[1] != 'u')
            return refuse(json, "half of a surrogate pair");
        json->at += 2;
        if (!hex4(json, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return refuse(json, "half of a surrogate pair");
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    *to = put_utf8(*to, unit);
    return true;
}

static bool escape(struct json_text *json, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";

    if (json->at == json->end)
        return refuse(json, not_json);
    char c = *json->at++;

    if (c == 'u')
        return code_point(json, to);
    const char *found = c ? strchr(from, c) : NULL;

    if (!found)
        return refuse(json, not_json);
    *(*to)++ = into[found - from];
    return true;
}

/* How many bytes from here need no care: no quote, backslash or control character. */
static size_t ordinary(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    const char *from = at;

    for (; LITTLE_ENDIAN_WORDS && end - at >= 8; at += 8) {
        uint64_t word, quote, backslash;

        memcpy(&word, at, 8);
        quote = word ^ ones * '"';
        backslash = word ^ ones * '\\';
        /* The lowest top bit that is set marks the first such byte. */
        uint64_t found =
            (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
             ((word - ones * 0x20) & ~word)) &
            tops;

        if (found)
            return (size_t)(at - from) + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return (size_t)(at - from);
}

/* After the opening quote. */
static bool string(struct json_text *json, struct str *value)
{
    char *start = json->at, *to = start;

    for (;;) {
        size_t plain = ordinary(json->at, json->end);

        if (to != json->at)
            memmove(to, json->at, plain);
        to += plain;
        json->at += plain;
        if (json->at == json->end)
            return refuse(json, not_json);
        char c = *json->at++;

        if (c == '"')
            break;
        if (c != '\\')
            return refuse(json, not_json);
        if (!escape(json, &to))
            return false;
    }
    *value = (struct str){start, (size_t)(to - start)};
    return true;
}

/* ---- values ------------------------------------------------------------------------- */

static bool digits(struct json_text *json)
{
    char *start = json->at;

    while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
        json->at++;
    return json->at > start || refuse(json, not_json);
}

static bool one_of(struct json_text *json, const char *set)
{
    if (json->at == json->end || *json->at == 0 || !strchr(set, *json->at))
        return false;
    json->at++;
    return true;
}

/* Kept as written: an id such as 00712 is no JSON, 1e3 stays 1e3. */
static bool number(struct json_text *json, struct str *value)
{
    char *start = json->at;

    one_of(json, "-");
    if (!one_of(json, "0") && !digits(json))
        return false;
    if (one_of(json, ".") && !digits(json))
        return false;
    if (one_of(json, "eE")) {
        one_of(json, "+-");
        if (!digits(json))
            return false;
    }
    *value = (struct str){start, (size_t)(json->at - start)};
    return true;
}

static bool word(struct json_text *json, struct str *value)
{
    static const struct {
        struct str written;
        bool shown;
    } words[] = {
        {{"true", 4},  true },
        {{"false", 5}, true },
        {{"null", 4},  false}
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        struct str want = words[i].written;

        if ((size_t)(json->end - json->at) < want.len ||
            memcmp(json->at, want.at, want.len) != 0)
            continue;
        *value = (struct str){json->at, words[i].shown ? want.len : 0};
        json->at += want.len;
        return true;
    }
    return refuse(json, not_json);
}

static bool scalar(struct json_text *json, struct str *value)
{
    skip_space(json);
    if (json->at == json->end)
        return refuse(json, not_json);
    char c = *json->at;

    if (c == '"') {
        json->at++;
        return string(json, value);
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return number(json, value);
    if (c == '{')
        return refuse(json, "an object within the object");
    if (c == '[')
        return refuse(json, "a list within a list");
    return word(json, value);
}

/* After `[`: the elements with `|` between, written from where the bracket stood. */
static bool list(struct json_text *json, struct str *value)
{
    char *start = json->at - 1, *to = start;

    while (!next_is(json, ']')) {
        struct str element;

        if (to != start && !next_is(json, ','))
            return refuse(json, not_json);
        if (!scalar(json, &element))
            return false;
        /* The bar after an element, the first one's too, keeps to == start for none. */
        memmove(to, element.at, element.len);
        to += element.len;
        *to++ = '|';
    }
    *value = (struct str){start, (size_t)(to - start)};
    value->len -= to != start;
    return true;
}

/* ---- the object --------------------------------------------------------------------- */

static bool member(struct json_text *json, const struct json_visitor *visitor)
{
    struct json_member member = {0};

    if (!next_is(json, '"'))
        return refuse(json, not_json);
    if (!string(json, &member.name))
        return false;
    if (!next_is(json, ':'))
        return refuse(json, not_json);
    member.list = next_is(json, '[');
    if (member.list ? !list(json, &member.value) : !scalar(json, &member.value))
        return false;
    return visitor->visit(visitor->context, &member) || refuse(json, "a name twice");
}

const char *json_line_read(char *text, size_t size, const struct json_visitor *visitor)
{
    struct json_text json = {text, text + size, NULL};

    if (!next_is(&json, '{'))
        return not_json;
    if (!next_is(&json, '}')) {
        do
            if (!member(&json, visitor))
                return json.problem;
        while (next_is(&json, ','));
        if (!next_is(&json, '}'))
            return not_json;
    }
    skip_space(&json);
    return json.at == json.end ? NULL : not_json;
}

/* ---- a row -------------------------------------------------------------------------- */

struct filling {
    struct rows *rows;
    uint64_t row;
    uint32_t stamp; /* of the row in `seen` */
    size_t next;    /* members mostly come in the order of the row before */
    bool unknown;
};

static bool named(const struct layout *layout, size_t column, struct str name)
{
    const char *want = layout->columns[column];

    return strncmp(want, name.at, name.len) == 0 && want[name.len] == 0;
}

/* A list of forenames is one value with spaces. The text is the block's own. */
static void bars_to_spaces(struct rows *rows, struct str value)
{
    char *at = rows->text + (value.at - rows->text);

    for (size_t i = 0; i < value.len; i++)
        if (at[i] == '|')
            at[i] = ' ';
}

static bool fill(void *context, const struct json_member *member)
{
    struct filling *filling = context;
    struct rows *rows = filling->rows;
    size_t count = rows->layout->column_count, column = filling->next;

    if (column >= count || !named(rows->layout, column, member->name))
        for (column = 0; column < count; column++)
            if (named(rows->layout, column, member->name))
                break;
    if (column == count) {
        filling->unknown = true;
        return true;
    }
    if (rows->seen[column] == filling->stamp)
        return false;
    rows->seen[column] = filling->stamp;
    rows->cells[column] = member->value;
    if (member->list && rows->layout->spaced[column])
        bars_to_spaces(rows, member->value);
    filling->next = column + 1;
    return true;
}

const char *json_row(struct rows *rows, char *text, size_t size, uint64_t row)
{
    struct filling filling = {
        .rows = rows, .row = row, .stamp = (uint32_t)rows->block.row_count};
    const struct json_visitor visitor = {&filling, fill};

    memset(rows->cells, 0, rows->layout->column_count * sizeof(*rows->cells));
    const char *problem = json_line_read(text, size, &visitor);

    if (!problem && filling.unknown)
        rows_complain(rows, row, "", "names that the first rows have",
                      "a name met for the first time: its value is not carried", false);
    return problem;
}
