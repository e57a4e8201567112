#include "cli/cli.h"

#include "test/test.h"

#include <unistd.h>

static const struct option options[] = {
    {"out",       "FILE", OPTION_TEXT,        false, "-",  NULL,      "where it goes"},
    {"input",     "FILE", OPTION_LIST,        true,  NULL, NULL,      "what to read" },
    {"threads",   "N",    OPTION_NUMBER,      false, NULL, NULL,      "how many"     },
    {"threshold", "P",    OPTION_PROBABILITY, false, NULL, NULL,      "least"        },
    {"size",      "NAME", OPTION_TEXT,        false, NULL, "unit|ci", "how much"     },
    {"resume",    NULL,   OPTION_FLAG,        false, NULL, NULL,      "go on"        },
};

static bool run(const struct arguments *arguments, int *status, struct err *err)
{
    (void)arguments;
    *status = 0;
    return err_set(err, ERR_USAGE, "never run");
}

static const struct command work = {
    .name = "work",
    .summary = "Works",
    .text = "First paragraph about it, long enough that it has to go over the end of "
            "one line of the terminal.\n\nSecond one.",
    .example = "candour work --input a",
    .operands = {{"LEFT", false, "one"}, {"RIGHT", false, "two"}},
    .options = options,
    .option_count = COUNT(options),
    .run = run,
};

const struct command *const commands[] = {&work, NULL};

static const char *no_environment(const char *name)
{
    (void)name;
    return NULL;
}

static const char *some_environment(const char *name)
{
    static const char *const table[][2] = {
        {"CANDOUR_THREADS",   "3"   },
        {"CANDOUR_INPUT",     "x:y" },
        {"CANDOUR_RESUME",    "yes" },
        {"CANDOUR_THRESHOLD", "0.25"},
    };

    for (size_t i = 0; i < COUNT(table); i++)
        if (strcmp(table[i][0], name) == 0)
            return table[i][1];
    return NULL;
}

#define READ(...) read_words((const char *const[]){__VA_ARGS__, NULL}, no_environment)

static struct err err;

static struct arguments *read_words(const char *const *words,
                                    environment_lookup *lookup)
{
    struct arguments *arguments = NULL;
    int count = 0;

    while (words[count])
        count++;
    err = (struct err){0};
    return arguments_read(&work, count, words, lookup, &arguments, &err) ? arguments
                                                                         : NULL;
}

TEST(options_take_their_value_after_a_space_or_an_equals_sign)
{
    struct arguments *arguments =
        READ("--out", "a.csv", "--input=b.csv", "--threads=2", "--threshold", "0.95");
    size_t count;

    assert_non_null(arguments);
    assert_string_equal(argument_text(arguments, "out"), "a.csv");
    assert_string_equal(argument_list(arguments, "input", &count)[0], "b.csv");
    assert_int_equal(argument_number(arguments, "threads"), 2);
    assert_int_equal(argument_probability(arguments, "threshold"), 950000);
    assert_false(argument_flag(arguments, "resume"));
    arguments_free(arguments);
}

TEST(a_list_takes_every_word_up_to_the_next_option_and_may_be_repeated)
{
    struct arguments *arguments =
        READ("--input", "a", "-", "c", "--resume", "--input=d", "--", "left");
    size_t count;
    const char *const *list = argument_list(arguments, "input", &count);

    assert_int_equal(count, 4);
    assert_string_equal(list[1], "-");
    assert_string_equal(list[3], "d");
    assert_string_equal(argument_operand(arguments, 0), "left");
    assert_null(argument_operand(arguments, 1));
    arguments_free(arguments);
}

TEST(what_nothing_sets_has_the_value_of_the_table)
{
    struct arguments *arguments = READ("--input", "a");

    assert_string_equal(argument_text(arguments, "out"), "-");
    assert_null(argument_text(arguments, "size"));
    assert_int_equal(argument_number(arguments, "threads"), 0);
    arguments_free(arguments);
}

TEST(a_wrong_word_is_one_line_that_says_what_to_do)
{
    static const struct {
        const char *words[6];
        const char *line;
    } cases[] = {
        {{"--thread", "2"},                                  "work: unknown option --thread, did you mean --threads?"      },
        {{"--inptu", "2"},                                   "work: unknown option --inptu, did you mean --input?"         },
        {{"--zebra"},                                        "work: unknown option --zebra; candour work --help lists them"},
        {{"--input"},                                        "--input: want FILE after it"                                 },
        {{"--input", "--resume"},                            "--input: want FILE after it"                                 },
        {{"--out", "--resume"},                              "--out: want FILE after it"                                   },
        {{"--input=a", "--out=a", "--out=b"},                "--out is given twice; leave one out"                         },
        {{"--resume=yes", "--input=a"},                      "--resume takes no value"                                     },
        {{"--input=a", "--threads", "two"},                  "--threads: want a whole number such as 2"                    },
        {{"--input=a", "--threads", "99999999999999999999"},
         "--threads: want a whole number such as 2"                                                                        },
        {{"--input=a", "--size=big"},                        "--size: want one of unit|ci"                                 },
        {{"--input="},                                       "--input: want a value, not nothing"                          },
        {{"--out", "x"},                                     "work: --input FILE is missing; see candour work --help"      },
        {{"--input=a", "-x"},
         "work: -x: options have two dashes; candour work --help lists them"                                               },
        {{"a", "b", "c", "--input=a"},
         "work: one word too many after the options and files it takes; see candour "
         "work --help"                                                                                                     },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_null(read_words(cases[i].words, no_environment));
        assert_string_equal(err.text, cases[i].line);
        assert_int_equal(err.code, ERR_USAGE);
    }
}

TEST(probabilities_lie_between_nothing_and_one)
{
    static const struct {
        const char *text;
        uint32_t millionths; /* 0: refused */
    } cases[] = {
        {"0.5",        500000},
        {".5",         500000},
        {"00.000001",  1     },
        {"0.999999",   999999},
        {"0.50000000", 500000},
        {"0",          0     },
        {"0.0",        0     },
        {"1",          0     },
        {"1.0",        0     },
        {"0.0000001",  0     },
        {"0.",         0     },
        {".",          0     },
        {"",           0     },
        {"0.5x",       0     },
        {"-0.5",       0     },
        {"50%",        0     },
        {"0,5",        0     },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t millionths = 0;

        assert_int_equal(probability_read(cases[i].text, &millionths),
                         cases[i].millionths != 0);
        assert_int_equal(millionths, cases[i].millionths);
    }
}

TEST(the_command_line_comes_before_the_environment)
{
    const char *const words[] = {"--threads", "7", NULL};
    struct arguments *arguments = read_words(words, some_environment);
    size_t count;

    assert_non_null(arguments);
    assert_int_equal(argument_number(arguments, "threads"), 7);
    assert_int_equal(argument_probability(arguments, "threshold"), 250000);
    assert_true(argument_flag(arguments, "resume"));
    assert_string_equal(argument_list(arguments, "input", &count)[1], "y");
    assert_int_equal(count, 2);
    arguments_free(arguments);
}

static const char *config_path = "arguments_test.json";

static void config_write(const char *text)
{
    FILE *file = fopen(config_path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static struct arguments *read_with_config(const char *text, environment_lookup *lookup)
{
    const char *const words[] = {"--config", config_path, NULL};

    config_write(text);

    struct arguments *arguments = read_words(words, lookup);

    unlink(config_path);
    return arguments;
}

TEST(the_environment_comes_before_the_config_file)
{
    struct arguments *arguments = read_with_config(
        "{\"work\": {\"threads\": 9, \"out\": \"o.csv\", \"input\": [\"p\", \"q\"]}, "
        "\"all\": {\"quiet\": true, \"out\": \"all.csv\", \"elsewhere\": 1}}",
        some_environment);
    size_t count;

    assert_non_null(arguments);
    assert_int_equal(argument_number(arguments, "threads"), 3);
    assert_string_equal(argument_text(arguments, "out"), "o.csv");
    assert_true(argument_flag(arguments, "quiet"));
    assert_string_equal(argument_list(arguments, "input", &count)[0], "x");
    arguments_free(arguments);
}

TEST(numbers_and_lists_of_the_config_file_are_read_as_such)
{
    struct arguments *arguments = read_with_config(
        "{\"work\": {\"threads\": 9, \"threshold\": 0.00001, \"resume\": false, "
        "\"input\": [\"p:q\", \"r\"]}}",
        no_environment);
    size_t count;

    assert_non_null(arguments);
    assert_int_equal(argument_number(arguments, "threads"), 9);
    assert_int_equal(argument_probability(arguments, "threshold"), 10);
    assert_false(argument_flag(arguments, "resume"));
    assert_string_equal(argument_list(arguments, "input", &count)[0], "p:q");
    assert_int_equal(count, 2);
    arguments_free(arguments);
}

TEST(a_wrong_config_file_names_the_place_to_mend)
{
    static const char *const cases[][2] = {
        {"[1]",                                "want a JSON object"                  },
        {"{\"wrok\": {}}",                     "\"wrok\" is no command"              },
        {"{\"work\": 1}",                      "want an object of option names"      },
        {"{\"work\": {\"thread\": 1}}",
         "unknown option --thread, did you mean --threads?"                          },
        {"{\"work\": {\"threads\": \"two\"}}", "work: threads: want a whole number"  },
        {"{\"work\": {\"threads\": 1.5}}",     "work: threads: want a whole number"  },
        {"{\"work\": {\"threads\": [1]}}",     "want one value, not a list"          },
        {"{\"work\": {\"resume\": 3}}",        "work: resume: want yes or no"        },
        {"{\"work\": {\"out\": null}}",        "work: out: want a value, not nothing"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_null(read_with_config(cases[i][0], no_environment));
        assert_non_null(strstr(err.text, cases[i][1]));
        assert_non_null(strstr(err.text, config_path));
        assert_int_equal(err.code, ERR_USAGE);
    }
}

TEST(help_is_given_whatever_else_is_wrong)
{
    struct arguments *arguments = READ("--zebra", "--help");

    assert_non_null(arguments);
    assert_true(argument_flag(arguments, "help"));
    arguments_free(arguments);
}

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    assert_non_null(to);
    print(to);
    fclose(to);
    return text;
}

static void help_work(FILE *to)
{
    help_command(&work, to);
}

TEST(every_printed_form_names_every_option)
{
    void (*const forms[])(FILE *) = {help_work, help_man, help_markdown, help_bash};
    static const char *const dashes[] = {"--", "\\-\\-", "--", "--"};
    const struct option *option;

    for (size_t form = 0; form < COUNT(forms); form++) {
        char *text = printed(forms[form]);

        for (size_t i = 0; (option = command_option(&work, i)) != NULL; i++) {
            char name[64];

            snprintf(name, sizeof(name), "%s%s", dashes[form], option->name);
            assert_non_null(strstr(text, name));
        }
        free(text);
    }
}

TEST(help_fits_a_terminal_of_eighty_columns)
{
    char *text = printed(help_work);
    struct str rest = str_of(text), line;

    while (str_cut(&rest, '\n', &line))
        assert_true(line.len <= 80);
    free(text);
}

TESTS(IT(options_take_their_value_after_a_space_or_an_equals_sign),
      IT(a_list_takes_every_word_up_to_the_next_option_and_may_be_repeated),
      IT(what_nothing_sets_has_the_value_of_the_table),
      IT(a_wrong_word_is_one_line_that_says_what_to_do),
      IT(probabilities_lie_between_nothing_and_one),
      IT(the_command_line_comes_before_the_environment),
      IT(the_environment_comes_before_the_config_file),
      IT(numbers_and_lists_of_the_config_file_are_read_as_such),
      IT(a_wrong_config_file_names_the_place_to_mend),
      IT(help_is_given_whatever_else_is_wrong),
      IT(every_printed_form_names_every_option),
      IT(help_fits_a_terminal_of_eighty_columns))
