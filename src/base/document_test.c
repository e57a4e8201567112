#include "base/base.h"

#include "test/test.h"

TEST(a_document_is_read_by_name_and_position)
{
    struct json *document;
    struct err err;

    assert_true(json_parse(STR("{\"a\": [1, \"two\"], \"b\": true}"), &document, &err));

    const struct json *list = json_get(document, "a");

    assert_int_equal(json_count(list), 2);
    assert_near(json_number(json_at(list, 0), 0), 1, 0);
    assert_string_equal(json_text(json_at(list, 1)), "two");
    assert_true(json_bool(json_get(document, "b"), false));
    assert_null(json_get(document, "c"));
    json_free(document);
}

TEST(a_broken_document_names_the_line)
{
    struct json *document;
    struct err err;

    assert_false(json_parse(STR("{\n\"a\": ,\n}"), &document, &err));

    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "line 2"));
}

TESTS(IT(a_document_is_read_by_name_and_position), IT(a_broken_document_names_the_line))
