#include "feed/feed.h"

#include "test/test.h"

#include <stdatomic.h>
#include <unistd.h>

static char folder[] = "/tmp/feed-test-XXXXXX";

static char *path_in_folder(const char *name, char path[static 128])
{
    snprintf(path, 128, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
    char path[128];
    FILE *file = fopen(path_in_folder(name, path), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* What a feed gives, as lines that a test can compare. */
struct seen {
    char text[8192]; /* the first lines only */
    uint64_t rows, people, set_aside, blocks, bytes;
    struct err err;
};

static void add(struct seen *seen, const char *format, ...) PRINTF_LIKE(2, 3);

static void add(struct seen *seen, const char *format, ...)
{
    size_t n = strlen(seen->text);
    va_list args;

    va_start(args, format);
    vsnprintf(seen->text + n, sizeof(seen->text) - n, format, args);
    va_end(args);
}

/* "1 id=7 surname=Smith born=19840312 unit=B;" */
static void add_person(struct seen *seen, const struct feed *feed,
                       const struct feed_block *block, size_t i)
{
    const struct person *person = &block->people[i];
    size_t carried = feed_carried_count(feed, block->file);

    add(seen, "%llu", (unsigned long long)person->row);
    for (enum field field = 0; field < FIELD_COUNT; field++)
        if (person->field[field].len)
            add(seen, " %s=%.*s", field_name(field), STR_ARG(person->field[field]));
    if (person->born)
        add(seen, " born=%u", person->born);
    const struct other *others;
    size_t other_count = feed_others(feed, &others);

    for (size_t k = 0; k < other_count; k++)
        add(seen, " %s~%.*s", others[k].name, STR_ARG(person->other[k]));
    if (other_count == 0)
        assert_null(person->other);
    for (size_t k = 0; k < carried; k++)
        if (block->carried[i * carried + k].len)
            add(seen, " %s:%.*s", feed_carried_name(feed, block->file, k),
                STR_ARG(block->carried[i * carried + k]));
    add(seen, ";");
}

static void see_block(struct seen *seen, const struct feed *feed,
                      const struct feed_block *block)
{
    assert_int_equal(block->number, seen->blocks);
    for (size_t i = 0; i < block->complaint_count; i++) {
        const struct complaint *complaint = &block->complaints[i];

        add(seen, "!%llu %s: %s;", (unsigned long long)complaint->row,
            complaint->column, complaint->problem);
        seen->set_aside += complaint->row_set_aside;
    }
    for (size_t i = 0; i < block->person_count; i++)
        add_person(seen, feed, block, i);
    seen->blocks++;
    seen->rows += block->row_count;
    seen->people += block->person_count;
    seen->bytes += block->bytes;
}

/* Reads all; false with seen->err if a file cannot be used. */
static bool read_paths(struct seen *seen, enum feed_side side, const char *map_path,
                       const char *const paths[], size_t count)
{
    const struct feed_settings settings = {paths, count, map_path, side, 2026};
    struct feed *feed;
    struct feed_block *block = NULL;

    *seen = (struct seen){0};
    if (!feed_open(&settings, &feed, &seen->err))
        return false;
    bool ok;

    while ((ok = feed_take(feed, &block, &seen->err)) && block) {
        feed_parse(feed, block);
        see_block(seen, feed, block);
        feed_done(feed, block);
    }
    if (ok)
        assert_int_equal(feed_consumed(feed), feed_size(feed));
    feed_close(feed);
    return ok;
}

static bool read_bytes(struct seen *seen, enum feed_side side, const char *bytes,
                       size_t size)
{
    char path[128];
    const char *const paths[] = {path_in_folder("people", path)};

    write_file("people", bytes, size);
    return read_paths(seen, side, NULL, paths, 1);
}

static bool read_text(struct seen *seen, enum feed_side side, const char *text)
{
    return read_bytes(seen, side, text, strlen(text));
}

TEST(values_are_read_as_rfc_4180_writes_them)
{
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"id,surname,unit\n1,Smith,B\n",               "1 id=1 surname=Smith unit:B;"    },
        {"id,surname,unit\n1,Smith,B",                 "1 id=1 surname=Smith unit:B;"    },
        {"id,surname,unit\r\n1,Smith,B\r\n\r\n",       "1 id=1 surname=Smith unit:B;"    },
        {"\xef\xbb\xbfid,surname\n1,Smith\n",          "1 id=1 surname=Smith;"           },
        {"\"id\",\"surname\"\n\"1\",\"Smith\"\n",      "1 id=1 surname=Smith;"           },
        {"surname,unit,id\n\"S, T\",\"B\nC\",1\n",     "1 id=1 surname=S, T unit:B\nC;"  },
        {"id,surname,unit\n1,\"O\"\"N\",\"\"\"\"\n",   "1 id=1 surname=O\"N unit:\";"    },
        {"id,surname,unit\n1,S,\"B\"\r\n2,T,\"\"\r\n",
         "1 id=1 surname=S unit:B;2 id=2 surname=T;"                                     },
        {"id,surname\n1, Smith \n\n\r\n2,Khan\n",
         "1 id=1 surname=Smith;2 id=2 surname=Khan;"                                     },
        {"id,surname\n1,6\" Smith\n2,Khan\n",
         "1 id=1 surname=6\" Smith;2 id=2 surname=Khan;"                                 },
        {"id;surname\n1;Smith, J\n",                   "1 id=1 surname=Smith, J;"        },
        {"id\tsurname\n1\tSmith\n",                    "1 id=1 surname=Smith;"           },
        {"\n\nid,surname,\n1,Smith,x\n",               "1 id=1 surname=Smith column_3:x;"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct seen seen;

        if (!read_text(&seen, FEED_PEOPLE, cases[i].text))
            fail_msg("%s", seen.err.text);
        assert_string_equal(seen.text, cases[i].seen);
    }
}

TEST(several_columns_give_one_field)
{
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"id,forename1,forename2,forename3\n1,Ann,,May\n2,,Bo,\n",
         "1 id=1 forenames=Ann May;2 id=2 forenames=Bo;"                                                             },
        {"id,name,town,address_line1\n1,X Y,Leeds,\"1 High St\"\n",
         "1 id=1 full_name=X Y address=1 High St, Leeds;"                                                            },
        {"id,surname,home_phone,mobile\n1,X,0113 496 0000,07700 900123\n",
         "1 id=1 surname=X phones=0113 496 0000|07700 900123;"                                                       },
        {"id,surname,previous_addresses\n1,X,\"12 Oak Rd, Leeds LS6 2AB|Flat 2, "
         "W1A1AA; "
         "m1 1ae, Ireland\"\n2,Y,none\n",                         "1 id=1 surname=X previous_postcodes=LS6 2AB|W1A1AA|m1 1ae;"
         "2 id=2 surname=Y previous_postcodes=none;"               },
        {"id,surname,previous_postcodes,previous_address\n1,X,LS6 2AB| 75001 |D02 "
         "AF30,\n"
         "2,Y,LS1 1AA,\"4 The Old Rectory, York\"\n",             "1 id=1 surname=X previous_postcodes=LS6 2AB|75001|D02 AF30;"
         "2 id=2 surname=Y previous_postcodes=LS1 1AA;"},
        {"id,surname,dob_day,dob_month,dob_year\n1,X,12,3,1984\n2,Y,,Mar,84\n3,Z,30,2,"
         "1984\n",                                                "1 id=1 surname=X date_of_birth=12/3/1984 born=19840312;"
         "2 id=2 surname=Y date_of_birth=Mar/84 born=19840300;"
         "3 id=3 surname=Z date_of_birth=30/2/1984 born=19840230;"                        },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct seen seen;

        if (!read_text(&seen, FEED_WORKFORCE, cases[i].text))
            fail_msg("%s", seen.err.text);
        assert_string_equal(seen.text, cases[i].seen);
    }
}

TEST(dates_that_cannot_be_are_kept_and_never_read_as_others)
{
    struct seen seen;

    assert_true(read_text(&seen, FEED_PEOPLE,
                          "id,surname,dob\n1,A,1984-03-12\n2,B,12/03/84\n3,C,1984-07\n"
                          "4,D,30/02/1984\n5,E,soon\n6,F,\n7,G,03/25/1984\n"));

    assert_string_equal(seen.text,
                        "!5 dob: not a date;"
                        "1 id=1 surname=A date_of_birth=1984-03-12 born=19840312;"
                        "2 id=2 surname=B date_of_birth=12/03/84 born=19840312;"
                        "3 id=3 surname=C date_of_birth=1984-07 born=19840700;"
                        "4 id=4 surname=D date_of_birth=30/02/1984 born=19840230;"
                        "5 id=5 surname=E;6 id=6 surname=F;"
                        "7 id=7 surname=G date_of_birth=03/25/1984 born=19842503;");
    assert_int_equal(seen.set_aside, 0);
}

TEST(a_bad_row_is_set_aside_and_the_others_are_read)
{
    static const struct {
        const char *row, *seen;
        size_t size; /* of row; 0: to its end */
    } cases[] = {
        {"2,Khan",            "!2 : too few values;",                     0 },
        {"2,Khan,1984,x",     "!2 : too many values;",                    0 },
        {",Khan,1984",        "!2 id: empty;",                            0 },
        {" ,Khan,1984",       "!2 id: empty;",                            0 },
        {"2,,",               "!2 : all are empty;",                      0 },
        {"2,\"Kh\"an,1984",   "!2 : text after a closing quote;",         0 },
        {"2,Kh\xe4n,1984",    "!2 : bytes that are not UTF-8;",           0 },
        {"2,Kh\xc3\xa4\xc3,", "!2 : bytes that are not UTF-8;",           0 },
        {"2,K\0an,1984",      "!2 : a zero byte;",                        12},
        {"2,\"Khan,1984",     "!2 : a quote is opened and never closed;", 0 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[200] = "id,surname,dob\n1,Smith,\n", want[300];
        size_t n = strlen(text);
        size_t size = cases[i].size ? cases[i].size : strlen(cases[i].row);
        struct seen seen;

        memcpy(text + n, cases[i].row, size);
        memcpy(text + n + size, "\n3,M\xc3\xbcller,\n", 12);
        assert_true(read_bytes(&seen, FEED_PEOPLE, text, n + size + 12));
        assert_int_equal(seen.rows, 3);
        assert_int_equal(seen.people, 2);
        assert_int_equal(seen.set_aside, 1);
        assert_non_null(strstr(seen.text, cases[i].seen));
        assert_non_null(strstr(seen.text, "1 id=1 surname=Smith;"));
        snprintf(want, sizeof(want), "3 id=3 surname=M\xc3\xbcller;");
        assert_non_null(strstr(seen.text, want));
    }
}

TEST(a_file_that_cannot_be_used_says_why_and_what_to_do)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"",                                  "is empty: check"                 },
        {"\xef\xbb\xbf",                      "is empty: check"                 },
        {" \n\r\n",                           "is empty: check"                 },
        {"id,surname\n",                      "a header and no rows"            },
        {"id,surname",                        "a header and no rows"            },
        {"id,surname\n\n\r\n",                "a header and no rows"            },
        {"id,surname,unit,unit\n1,X,,\n",     "heading \"unit\": rename one"    },
        {"ident,surname\n1,X\n",              "nearest heading is \"ident\""    },
        {"id,age\n1,33\n",                    "no column for a name"            },
        {"SMITH,JOHN\nKHAN,SARA\n",           "no heading of its first line"    },
        {"id,\"surname\n1,X\n",               "never closed: correct the header"},
        {"id,surname\r1,X\r2,Y\r",            "do not end in a newline"         },
        {"id,n\xe4me\n1,X\n",                 "header is not UTF-8"             },
        {"[{\"id\":1}]\n",                    "one JSON list"                   },
        {"{\"id\":\n1}\n",                    "none of its first lines"         },
        {"{\"ident\":1,\"surname\":\"X\"}\n", "nearest heading is \"ident\""    },
        {"PK\3\4 zipped",                     "save it as CSV"                  },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct seen seen;

        assert_false(read_text(&seen, FEED_PEOPLE, cases[i].text));
        assert_int_equal(seen.err.code, ERR_INPUT);
        if (!strstr(seen.err.text, cases[i].says))
            fail_msg("\"%s\" does not say %s", seen.err.text, cases[i].says);
        assert_null(strstr(seen.err.text, "SMITH"));
    }
}

TEST(a_second_bad_file_is_found_before_the_first_is_read)
{
    char good[128], bad[128];
    const char *const paths[] = {path_in_folder("good", good),
                                 path_in_folder("bad", bad)};
    const struct feed_settings settings = {paths, 2, NULL, FEED_PEOPLE, 2026};
    struct feed *feed = NULL;
    struct err err;

    write_file("good", "id,surname\n1,X\n", 15);
    write_file("bad", "id,surname\n", 11);

    assert_false(feed_open(&settings, &feed, &err));
    assert_non_null(strstr(err.text, bad));
}

/* ---- many blocks --------------------------------------------------------------------- */

enum { MANY = 120000 };

static char *many_rows(size_t *size)
{
    char *text = memory_new(MANY, 120);
    size_t n = (size_t)sprintf(text, "id,surname,notes\n");
    uint64_t state = 5;

    for (unsigned i = 1; i <= MANY; i++) {
        if (i % 1000 == 0) {
            n += (size_t)sprintf(text + n, "%u,too,many,values\n\n", i);
            continue;
        }
        n += (size_t)sprintf(text + n, "%u,N%u,\"", i, i * 7);
        for (uint64_t k = test_random(&state) % 60; k > 0; k--)
            text[n++] = "ab,\n "[test_random(&state) % 5];
        n += (size_t)sprintf(text + n, "\"\n");
    }
    *size = n;
    return text;
}

struct tally {
    struct feed *feed;
    uint64_t rows, people, set_aside, next_row, sum;
    uint64_t ids;
    const struct feed_block *met[64]; /* the different blocks that were in use */
    size_t met_count;
};

static bool take_block(void *context, void **item, struct err *err)
{
    struct tally *tally = context;
    struct feed_block *block;

    if (!feed_take(tally->feed, &block, err))
        return false;
    *item = block;
    return true;
}

static bool parse_block(void *context, void *item, unsigned worker, struct err *err)
{
    const struct tally *tally = context;

    (void)worker, (void)err;
    feed_parse(tally->feed, item);
    return true;
}

static void note_block(struct tally *tally, const struct feed_block *block)
{
    for (size_t i = 0; i < tally->met_count; i++)
        if (tally->met[i] == block)
            return;
    assert_true(tally->met_count < COUNT(tally->met));
    tally->met[tally->met_count++] = block;
}

static bool count_block(void *context, void *item, struct err *err)
{
    struct tally *tally = context;
    struct feed_block *block = item;

    (void)err;
    note_block(tally, block);
    assert_int_equal(block->first_row, tally->rows + 1);
    tally->rows += block->row_count;
    tally->people += block->person_count;
    for (size_t i = 0; i < block->complaint_count; i++) {
        assert_int_equal(block->complaints[i].row % 1000, 0);
        tally->set_aside += block->complaints[i].row_set_aside;
    }
    for (size_t i = 0; i < block->person_count; i++) {
        char id[32];
        struct person *person = &block->people[i];

        snprintf(id, sizeof(id), "%llu", (unsigned long long)person->row);
        tally->ids += str_same(person->field[FIELD_ID], str_of(id));
        tally->sum = hash_bytes(person->field[FIELD_SURNAME].at,
                                person->field[FIELD_SURNAME].len, tally->sum);
        tally->sum =
            hash_bytes(block->carried[i].at, block->carried[i].len, tally->sum);
    }
    feed_done(tally->feed, block);
    return true;
}

static void count_many(const char *path, unsigned threads, struct tally *tally)
{
    const char *const paths[] = {path};
    const struct feed_settings settings = {paths, 1, NULL, FEED_PEOPLE, 2026};
    const struct pipeline pipeline = {tally, take_block, parse_block, count_block,
                                      NULL};
    struct err err;

    *tally = (struct tally){0};
    if (!feed_open(&settings, &tally->feed, &err) ||
        !pipeline_run(&pipeline, threads, &err))
        fail_msg("%s", err.text);
    feed_close(tally->feed);
}

TEST(many_blocks_on_many_threads_give_every_row_once_and_in_order)
{
    char path[128];
    size_t size;
    char *text = many_rows(&size);
    struct tally one, four;

    write_file("many", text, size);
    count_many(path_in_folder("many", path), 1, &one);
    count_many(path, 4, &four);

    assert_true(size > 3 * FEED_BLOCK_BYTES);
    assert_int_equal(one.rows, MANY);
    assert_int_equal(one.people, MANY - MANY / 1000);
    assert_int_equal(one.set_aside, MANY / 1000);
    assert_int_equal(one.ids, one.people);
    assert_int_equal(one.people, four.people);
    assert_int_equal(one.sum, four.sum);
    assert_int_equal(one.met_count, 1); /* memory does not grow with the stream */
    assert_true(four.met_count <= 2 * 4);
    free(text);
}

TEST(a_quote_never_closed_costs_its_own_row_only)
{
    enum { ROWS = 200000 };
    char *text = memory_new(ROWS, 20);
    size_t n = (size_t)sprintf(text, "id,surname\n");
    struct seen seen;

    for (unsigned i = 1; i <= ROWS; i++)
        n += (size_t)sprintf(text + n, i == 777 ? "%u,\"X\n" : "%u,X\n", i);
    assert_true(read_bytes(&seen, FEED_PEOPLE, text, n));

    assert_true(n > FEED_BLOCK_BYTES);
    assert_int_equal(seen.rows, ROWS);
    assert_int_equal(seen.people, ROWS - 1);
    assert_int_equal(seen.set_aside, 1);
    free(text);
}

TEST(quotes_that_are_never_closed_in_many_rows_stop_the_run)
{
    char *text = memory_new(400, 20);
    size_t n = (size_t)sprintf(text, "id,surname\n1,X\n");
    struct seen seen;

    for (int i = 0; i < 400; i++)
        n += (size_t)sprintf(text + n, "x\",\"\n");
    assert_false(read_bytes(&seen, FEED_PEOPLE, text, n));

    assert_non_null(strstr(seen.err.text, "check how the file writes quotes"));
    free(text);
}

TEST(a_row_longer_than_a_block_is_read_and_one_without_end_is_an_error)
{
    size_t long_row = 3 * FEED_BLOCK_BYTES + 12345, endless = 17u << 20;
    char *text = memory_new(endless + 100, 1);
    size_t n = (size_t)sprintf(text, "id,surname,text\n1,X,");
    struct seen seen;

    memset(text + n, 'a', long_row);
    memcpy(text + n + long_row, "\n2,Y,b\n", 7);
    assert_true(read_bytes(&seen, FEED_PEOPLE, text, n + long_row + 7));
    assert_int_equal(seen.people, 2);

    memset(text + n, 'a', endless);
    assert_false(read_bytes(&seen, FEED_PEOPLE, text, n + endless));
    assert_int_equal(seen.err.code, ERR_INPUT);
    assert_non_null(strstr(seen.err.text, "row 1 is longer than 16 MiB"));
    free(text);
}

TEST(standard_input_is_read_when_the_name_is_a_dash)
{
    int ends[2], before = dup(STDIN_FILENO);
    const char *const paths[] = {"-"};
    struct seen seen;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "id,surname\n1,X\n", 15), 15);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    bool ok = read_paths(&seen, FEED_PEOPLE, NULL, paths, 1);

    dup2(before, STDIN_FILENO);
    close(before);
    assert_true(ok);
    assert_string_equal(seen.text, "1 id=1 surname=X;");
}

TEST(several_files_are_read_one_after_the_other_each_with_its_header)
{
    char a[128], b[128];
    const char *const paths[] = {path_in_folder("good", a), path_in_folder("bad", b)};
    struct seen seen;

    write_file("good", "id,surname\n1,X\n2,Y\n", 19);
    write_file("bad", "last_name,id\nZ,3\n", 17);
    assert_true(read_paths(&seen, FEED_PEOPLE, NULL, paths, 2));

    assert_string_equal(seen.text,
                        "1 id=1 surname=X;2 id=2 surname=Y;1 id=3 surname=Z;");
    assert_int_equal(seen.blocks, 2);
}

/* ---- JSON lines ---------------------------------------------------------------------- */

TEST(json_lines_are_read_with_the_same_names)
{
    struct seen seen;

    assert_true(read_text(
        &seen, FEED_PEOPLE,
        "{\"id\":7,\"surname\":\"M\\u00fcller\",\"forenames\":[\"Jo\",\"Ann\"],"
        "\"phones\":[\"1\",\"2\"],\"unit\":\"B\"}\n"
        "\n"
        "{\"dob\":\"1984\",\"id\":\"8\",\"first_name\":\"Al\",\"unit\":null}\r\n"
        "{\"id\":9,\"surname\":{\"x\":1}}\n"
        "{\"id\":10,\"surname\":\"A\",\"id\":11}\n"
        "not json\n"
        "{\"id\":12,\"surname\":\"B\",\"vehicles\":[\"AB12CDE\"]}"));

    assert_string_equal(
        seen.text,
        "!3 : an object within the object;!4 : a name twice;!5 : not a JSON object;"
        "1 id=7 forenames=Jo Ann surname=M\xc3\xbcller phones=1|2 unit:B;"
        "2 id=8 forenames=Al date_of_birth=1984 born=19840000;"
        "6 id=12 surname=B vehicles=AB12CDE;");
    assert_int_equal(seen.rows, 6);
}

TEST(a_json_name_that_comes_late_is_read_if_a_field_and_named_if_not)
{
    size_t n = 0, first = 30000;
    char *text = memory_new(first + 2, 60);
    struct seen seen;

    for (size_t i = 0; i < first; i++)
        n += (size_t)sprintf(text + n, "{\"id\":%zu,\"surname\":\"A234567890\"}\n", i);
    assert_true(n > FEED_BLOCK_BYTES);
    n += (size_t)sprintf(text + n, "{\"id\":1,\"emails\":\"e@x\",\"unit\":\"B\"}\n");
    assert_true(read_bytes(&seen, FEED_PEOPLE, text, n));

    assert_int_equal(seen.people, first + 1);
    assert_int_equal(seen.set_aside, 0);
    free(text);
}

TEST(one_person_is_read_from_an_object_with_the_names_of_the_fields)
{
    struct arena *arena = arena_new();
    struct person person;
    struct err err;

    assert_true(feed_person_json(STR("{\"surname\":\"Khan\",\"date_of_birth\":"
                                     "\"12/03/1984\",\"phones\":[\"1\",\"2\"]}"),
                                 arena, &person, &err));
    assert_true(str_same(person.field[FIELD_SURNAME], STR("Khan")));
    assert_true(str_same(person.field[FIELD_PHONES], STR("1|2")));
    assert_int_equal(person.born, 19840312);

    assert_false(feed_person_json(STR("{\"surnam\":\"Khan\"}"), arena, &person, &err));
    assert_non_null(strstr(err.text, "nearest is \"surname\""));
    assert_false(
        feed_person_json(STR("{\"date_of_birth\":\"soon\"}"), arena, &person, &err));
    assert_non_null(strstr(err.text, "write it as 1984-03-12"));
    assert_false(feed_person_json(STR("[1]"), arena, &person, &err));
    assert_int_equal(err.code, ERR_INPUT);
    arena_free(arena);
}

/* ---- the set-aside file, and public data ----------------------------------------------- */

TEST(complaints_are_written_as_csv)
{
    char people[128], rejected[128], text[300] = "";
    const char *const paths[] = {path_in_folder("a,b", people)};
    const struct feed_settings settings = {paths, 1, NULL, FEED_PEOPLE, 2026};
    struct feed *feed;
    struct out *out;
    struct err err;

    write_file("a,b", "id,surname\n1,X\n", 15);
    assert_true(feed_open(&settings, &feed, &err));
    assert_true(out_open(path_in_folder("bad", rejected), &out, &err));
    complaints_head(out);
    complaint_write(
        feed, &(struct complaint){0, 7, "dob", "a date, or none", "no", true}, out);
    assert_true(out_commit(out, &err));
    feed_close(feed);

    FILE *file = fopen(rejected, "rb");

    assert_non_null(file);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    fclose(file);
    char want[300];

    snprintf(want, sizeof(want),
             "file,row,column,wanted,problem\n\"%s\",7,dob,\"a date, or none\",no\n",
             people);
    assert_string_equal(text, want);
}

TEST(other_columns_come_with_the_person_from_either_form)
{
    static const char map[] =
        "{\"id\":\"id\",\"surname\":\"surname\",\"compare\":{\"town\":\"town\",\"job\":"
        "[\"grade\",\"job\"]}}";
    static const char *const texts[] = {
        "id,surname,town,grade,job,note\n1,Smith, Leeds "
        ",senior,clerk,x\n2,Jones,,,,y\n",
        "{\"id\":1,\"surname\":\"Smith\",\"town\":\"Leeds\",\"grade\":\"senior\","
        "\"job\":\"clerk\",\"note\":\"x\"}\n{\"id\":2,\"surname\":\"Jones\",\"note\":"
        "\"y\"}\n",
    };
    char path[128], map_path[128];
    const char *const paths[] = {path_in_folder("people", path)};
    struct seen seen;

    write_file("map", map, strlen(map));
    for (size_t i = 0; i < COUNT(texts); i++) {
        write_file("people", texts[i], strlen(texts[i]));
        if (!read_paths(&seen, FEED_PEOPLE, path_in_folder("map", map_path), paths, 1))
            fail_msg("%s", seen.err.text);
        assert_string_equal(seen.text,
                            "1 id=1 surname=Smith job~senior clerk town~Leeds note:x;"
                            "2 id=2 surname=Jones job~ town~ note:y;");
    }
}

/* A feed of one row whose map has these other columns. */
static struct feed *feed_comparing(const char *compare)
{
    char path[128], map_path[128], map[256];
    const char *const paths[] = {path_in_folder("people", path)};
    const struct feed_settings settings = {paths, 1, path_in_folder("map", map_path),
                                           FEED_PEOPLE, 2026};
    struct feed *feed;
    struct err err;

    static const char people[] = "id,surname,a,b\n1,Smith,A,B\n";

    write_file("people", people, strlen(people));
    snprintf(map, sizeof(map), "{\"id\":\"id\",\"surname\":\"surname\"%s}", compare);
    write_file("map", map, strlen(map));
    assert_true(feed_open(&settings, &feed, &err));
    return feed;
}

TEST(two_sides_must_compare_the_same_other_columns)
{
    static const struct {
        const char *left, *right, *says; /* NULL: they agree */
    } cases[] = {
        {"",                                       "",                                       NULL             },
        {",\"compare\":{\"x\":\"a\",\"y\":\"b\"}",
         ",\"compare\":{\"y\":\"a\",\"x\":\"b\"}",                                           NULL             },
        {",\"compare\":{\"x\":\"a\"}",             "",                                       "\"x\""          },
        {"",                                       ",\"compare\":{\"x\":\"a\"}",             "\"x\""          },
        {",\"compare\":{\"x\":\"a\"}",             ",\"compare\":{\"x\":\"a\",\"y\":\"b\"}",
         "\"y\""                                                                                              },
        {",\"compare\":{\"x\":\"a\"}",
         ",\"compare\":{\"x\":{\"column\":\"a\",\"kind\":\"word\"}}",                        "of another kind"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct feed *left = feed_comparing(cases[i].left);
        struct feed *right = feed_comparing(cases[i].right);
        struct err err = {0};
        bool agree = feed_others_agree(left, right, &err);

        assert_int_equal(agree, cases[i].says == NULL);
        if (cases[i].says)
            assert_non_null(strstr(err.text, cases[i].says));
        feed_close(left);
        feed_close(right);
    }
}

TEST(public_files_are_read_whole)
{
    static const char map[] =
        "{\"id\":\"CENSUS_ID\",\"forenames\":[\"PERNAME1\"],\"surname\":\"PERNAME2\","
        "\"date_of_birth\":{\"day\":\"DOB_DAY\",\"month\":\"DOB_MON\",\"year\":"
        "\"DOB_YEAR\"},\"postcode\":\"ENUMPC\",\"address\":[\"ENUMCAP\"]}";
    const char *data = getenv("CANDOUR_SHARED_DATA");
    char census[512], febrl[512], map_path[128];
    const char *const census_paths[] = {census}, *const febrl_paths[] = {febrl};
    struct seen seen;

    snprintf(census, sizeof(census), "%s/uk_census_cis/census.csv.gz",
             data ? data : "");
    snprintf(febrl, sizeof(febrl), "%s/febrl/dataset3.csv.gz", data ? data : "");
    if (!data || access(census, R_OK) != 0) {
        print_message("skipped: no public data in ../shared/data\n");
        skip();
    }
    write_file("map", map, strlen(map));
    if (!read_paths(&seen, FEED_PEOPLE, path_in_folder("map", map_path), census_paths,
                    1))
        fail_msg("%s", seen.err.text);
    assert_int_equal(seen.people, 12657);
    assert_int_equal(seen.set_aside, 0);
    assert_non_null(strstr(seen.text, " born=19611109 "));
    assert_true(read_paths(&seen, FEED_PEOPLE, NULL, febrl_paths, 1));
    assert_int_equal(seen.rows, 5000);
    assert_int_equal(seen.people, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(values_are_read_as_rfc_4180_writes_them),
        IT(several_columns_give_one_field),
        IT(dates_that_cannot_be_are_kept_and_never_read_as_others),
        IT(a_bad_row_is_set_aside_and_the_others_are_read),
        IT(a_file_that_cannot_be_used_says_why_and_what_to_do),
        IT(a_second_bad_file_is_found_before_the_first_is_read),
        IT(many_blocks_on_many_threads_give_every_row_once_and_in_order),
        IT(a_quote_never_closed_costs_its_own_row_only),
        IT(quotes_that_are_never_closed_in_many_rows_stop_the_run),
        IT(a_row_longer_than_a_block_is_read_and_one_without_end_is_an_error),
        IT(standard_input_is_read_when_the_name_is_a_dash),
        IT(several_files_are_read_one_after_the_other_each_with_its_header),
        IT(json_lines_are_read_with_the_same_names),
        IT(a_json_name_that_comes_late_is_read_if_a_field_and_named_if_not),
        IT(one_person_is_read_from_an_object_with_the_names_of_the_fields),
        IT(complaints_are_written_as_csv),
        IT(other_columns_come_with_the_person_from_either_form),
        IT(two_sides_must_compare_the_same_other_columns),
        IT(public_files_are_read_whole),
    };
    static const char *const left[] = {"people", "good", "bad", "many", "map", "a,b"};

    if (!mkdtemp(folder))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    for (size_t i = 0; i < COUNT(left); i++) {
        char path[128];

        unlink(path_in_folder(left[i], path));
    }
    rmdir(folder);
    return failed;
}
