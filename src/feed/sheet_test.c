#include "feed/feed.h"

#include "test/test.h"

#include <unistd.h>

static const char *path = "sheet_test.csv";

static const struct sheet_column columns[] = {
    {"left_id|person_id", false},
    {"probability",       false},
    {"note",              true },
};

static void file_write(const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct sheet *opened(const char *text, struct err *err)
{
    struct sheet *sheet = NULL;

    file_write(text);

    bool ok = sheet_open(path, columns, COUNT(columns), &sheet, err);

    unlink(path);
    return ok ? sheet : NULL;
}

static void assert_text(struct str value, const char *text)
{
    assert_true(str_same(value, str_of(text)));
}

TEST(columns_are_found_by_name_in_any_order)
{
    struct err err = {0};
    struct sheet *sheet = opened("\xef\xbb\xbfprobability,x,person_id\r\n0.5,1,a\r\n"
                                 "\r\n0.25,\"2,\n3\",\"b \"\"q\"\"\"",
                                 &err);
    struct str values[COUNT(columns)];
    bool more;

    assert_non_null(sheet);
    assert_true(sheet_has(sheet, 0));
    assert_false(sheet_has(sheet, 2));

    assert_true(sheet_next(sheet, values, &more, &err) && more);
    assert_text(values[0], "a");
    assert_text(values[1], "0.5");
    assert_text(values[2], "");

    assert_true(sheet_next(sheet, values, &more, &err) && more);
    assert_text(values[0], "b \"q\"");
    assert_int_equal(sheet_row(sheet), 2);

    assert_true(sheet_next(sheet, values, &more, &err));
    assert_false(more);
    sheet_close(sheet);
}

TEST(a_missing_column_names_itself_and_the_nearest_heading)
{
    struct err err = {0};

    assert_null(opened("left_id,probabilty\na,1\n", &err));

    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "no column probability"));
    assert_non_null(strstr(err.text, "\"probabilty\""));
}

TEST(a_header_alone_is_a_sheet_without_rows)
{
    struct err err = {0};
    struct sheet *sheet = opened("left_id,probability\n", &err);
    struct str values[COUNT(columns)];
    bool more = true;

    assert_non_null(sheet);
    assert_true(sheet_next(sheet, values, &more, &err));
    assert_false(more);
    sheet_close(sheet);
}

TEST(a_broken_row_says_where)
{
    static const char *const cases[][2] = {
        {"left_id,probability\na,1\nb\n",     "row 2 has 1 values, the header 2"    },
        {"left_id,probability\na,1,2\n",      "row 1 has 3 values, the header 2"    },
        {"left_id,probability\n\"a\"b,1\n",   "row 1 has text after a closing quote"},
        {"left_id,probability\na,1\n\"b,1\n", "row 2 does not end"                  },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        struct sheet *sheet = opened(cases[i][0], &err);
        struct str values[COUNT(columns)];
        bool more = true;

        while (sheet && more && sheet_next(sheet, values, &more, &err))
            continue;
        assert_int_equal(err.code, ERR_INPUT);
        assert_non_null(strstr(err.text, cases[i][1]));
        sheet_close(sheet);
    }
}

TEST(rows_are_the_same_wherever_a_piece_of_the_file_ends)
{
    enum { ROWS = 200000 };
    FILE *file = fopen(path, "wb");
    struct err err = {0};
    struct sheet *sheet;
    struct str values[COUNT(columns)];
    bool more;

    assert_non_null(file);
    fputs("left_id,note,probability\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%d,\"%.*s\n\",0.%d\n", i, i % 13, "quoted, text", i % 10);
    assert_int_equal(fclose(file), 0);
    assert_true(sheet_open(path, columns, COUNT(columns), &sheet, &err));

    for (int i = 0; i < ROWS; i++) {
        char id[16];

        snprintf(id, sizeof(id), "%d", i);
        assert_true(sheet_next(sheet, values, &more, &err) && more);
        assert_text(values[0], id);
        assert_int_equal(values[2].len, i % 13 + 1);
    }
    assert_true(sheet_next(sheet, values, &more, &err));
    assert_false(more);
    sheet_close(sheet);
    unlink(path);
}

TESTS(IT(columns_are_found_by_name_in_any_order),
      IT(a_missing_column_names_itself_and_the_nearest_heading),
      IT(a_header_alone_is_a_sheet_without_rows), IT(a_broken_row_says_where),
      IT(rows_are_the_same_wherever_a_piece_of_the_file_ends))
