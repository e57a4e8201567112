#include "feed/rows.h"

#include "test/test.h"

/* Members as "name=value;" with the marks of a list. */
struct shown {
    char text[4096];
    size_t count;
};

static bool show(void *context, const struct json_member *member)
{
    struct shown *shown = context;
    size_t n = strlen(shown->text);
    char twice[512];

    snprintf(twice, sizeof(twice), ";%.*s=", STR_ARG(member->name));
    if (strstr(shown->text, twice) ||
        strncmp(shown->text, twice + 1, strlen(twice) - 1) == 0)
        return false;
    snprintf(shown->text + n, sizeof(shown->text) - n, "%.*s=%s%.*s;",
             STR_ARG(member->name), member->list ? "*" : "", STR_ARG(member->value));
    shown->count++;
    return true;
}

static const char *read_line(const char *line, size_t size, struct shown *shown)
{
    char *copy = memory_new(size + 1, 1);
    const struct json_visitor visitor = {shown, show};

    *shown = (struct shown){0};
    memcpy(copy, line, size);
    const char *problem = json_line_read(copy, size, &visitor);

    free(copy);
    return problem;
}

TEST(an_object_is_read_as_names_and_values)
{
    static const struct {
        const char *line, *shown;
    } cases[] = {
        {"{}",                                           ""                          },
        {" { \"a\" : \"b\" , \"c\" : 1 } \r",            "a=b;c=1;"                  },
        {"{\"a\":-0.5e+10,\"b\":true,\"c\":false}",      "a=-0.5e+10;b=true;c=false;"},
        {"{\"a\":null,\"b\":\"\"}",                      "a=;b=;"                    },
        {"{\"a\":[\"x\",\"y z\",3]}",                    "a=*x|y z|3;"               },
        {"{\"a\":[],\"b\":[ 1 ],\"c\":[1,2,3]}",         "a=*;b=*1;c=*1|2|3;"        },
        {"{\"a\":\"\\u00e9\\u20AC\\ud83d\\ude00\"}",
         "a=\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80;"                                   },
        {"{\"\\u0061\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a=\"\\/\b\f\n\r\t;"        },
    };
    struct shown shown;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_null(read_line(cases[i].line, strlen(cases[i].line), &shown));
        assert_string_equal(shown.text, cases[i].shown);
    }
}

TEST(what_is_no_flat_object_is_refused)
{
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "1",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":tru}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":{\"b\":1}}",
        "{\"a\":[[1]]}",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":[1",
        "{\"a\":\"b",
    };
    struct shown shown;

    for (size_t i = 0; i < COUNT(lines); i++)
        if (!read_line(lines[i], strlen(lines[i]), &shown))
            fail_msg("accepted: %s", lines[i]);
}

/* ---- the checked twin ---------------------------------------------------------------- */

static size_t put(char *to, const char *text)
{
    return (size_t)sprintf(to, "%s", text);
}

static size_t random_scalar(uint64_t *state, char *to)
{
    static const char *const scalars[] = {
        "\"\"",         "\"abc\"", "12",       "-0.5e3",      "true",
        "false",        "null",    "\"a\\n\"", "\"\\u00e9\"", "\"\\ud83d\\ude00 x\"",
        "\"\xc3\xa9\"", "0",       "\"\\\\\""};

    return put(to, scalars[test_random(state) % COUNT(scalars)]);
}

static size_t random_object(uint64_t *state, char *to)
{
    size_t n = put(to, "{"), count = test_random(state) % 5;

    for (size_t i = 0; i < count; i++) {
        n += (size_t)sprintf(to + n, "%s\"k%zu\"%s:", i ? ", " : "", i,
                             i % 2 ? " " : "");
        if (test_random(state) % 4) {
            n += random_scalar(state, to + n);
            continue;
        }
        n += put(to + n, "[");
        for (size_t k = test_random(state) % 4; k > 0; k--) {
            n += random_scalar(state, to + n);
            n += put(to + n, k > 1 ? "," : "");
        }
        n += put(to + n, "]");
    }
    return n + put(to + n, "}");
}

/* What jansson reads, shown in the same way; not flat if an object is within. */
struct twin {
    struct shown shown;
    bool flat;
};

static void show_twin_value(struct twin *twin, const struct json *value)
{
    char *end = twin->shown.text + strlen(twin->shown.text);
    size_t room = sizeof(twin->shown.text) - (size_t)(end - twin->shown.text);

    switch (json_kind(value)) {
    case IS_TEXT:
        snprintf(end, room, "%s", json_text(value));
        break;
    case IS_BOOL:
        snprintf(end, room, "%s", json_bool(value, false) ? "true" : "false");
        break;
    case IS_NUMBER:
        snprintf(end, room, "%g", json_number(value, 0));
        break;
    case IS_LIST:
    case IS_OBJECT:
        twin->flat = false;
        break;
    case IS_NULL:
        break;
    }
}

static void show_twin(void *context, const char *name, const struct json *value)
{
    struct twin *twin = context;

    strcat(strcat(twin->shown.text, name), "=");
    if (json_kind(value) == IS_LIST) {
        strcat(twin->shown.text, "*");
        for (size_t i = 0; i < json_count(value); i++) {
            strcat(twin->shown.text, i ? "|" : "");
            show_twin_value(twin, json_at(value, i));
        }
    } else {
        show_twin_value(twin, value);
    }
    strcat(twin->shown.text, ";");
}

TEST(objects_are_read_as_jansson_reads_them_and_refused_with_it)
{
    uint64_t state = 4;
    size_t accepted = 0, refused = 0;

    for (size_t round = 0; round < 60000; round++) {
        char line[2048];
        size_t size = random_object(&state, line);
        struct json *document = NULL;
        struct twin twin = {.flat = true};
        struct shown shown;
        struct err err;

        for (size_t k = round % 2 ? 1 + test_random(&state) % 3 : 0; k > 0; k--)
            line[test_random(&state) % size] =
                "{}[]\":,\\ud8e01 x"[test_random(&state) % 16];
        if (!text_utf8((struct str){line, size}))
            continue; /* a block's text is checked before its rows are read */
        const char *problem = read_line(line, size, &shown);
        bool well = json_parse((struct str){line, size}, &document, &err) &&
                    json_kind(document) == IS_OBJECT;

        if (well)
            json_each(document, &twin, show_twin);
        if ((well && twin.flat) != (problem == NULL))
            fail_msg("%s: %.*s", problem ? problem : "accepted", (int)size, line);
        if (!problem && !strchr(line, '.') && !strchr(line, 'e'))
            assert_string_equal(shown.text, twin.shown.text);
        accepted += problem == NULL;
        refused += problem != NULL;
        json_free(document);
    }
    assert_true(accepted > 30000);
    assert_true(refused > 10000);
}

TESTS(IT(an_object_is_read_as_names_and_values), IT(what_is_no_flat_object_is_refused),
      IT(objects_are_read_as_jansson_reads_them_and_refused_with_it))
