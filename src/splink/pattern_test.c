#include "splink/inner.h"

#include "test/test.h"

static const char *const texts[] = {
    "LS6 2AB", "m.jones@example.org",
    "abcd",    "aab",
    "abab",    "ababc",
    "xyyz",    "",
    "1984-03", "José é",
    "c",       "aabbc",
    "a.b",     "a-b",
    " x",      "Smith, John",
    "]a]",     "yé",
    "bac",
};

/* What regexp_extract of DuckDB 2.0.0 gave for each of the texts. */
static const struct {
    const char *pattern;
    unsigned group;
    const char *found[COUNT(texts)];
} cases[] = {
    {"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]",
     0, {"LS6 2", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""}     },
    {"^[^@]+",
     0, {"LS6 2AB", "m.jones", "abcd", "aab", "abab", "ababc", "xyyz", "", "1984-03",
      "José é", "c", "aabbc", "a.b", "a-b", " x", "Smith, John", "]a]", "yé", "bac"}},
    {"a|ab",
     0, {"", "a", "a", "a", "a", "a", "", "", "", "", "", "a", "a", "a", "", "", "a", "",
      "a"}                                                                             },
    {"(a|ab)(c|bcd)",
     2, {"", "", "bcd", "", "", "c", "", "", "", "", "", "", "", "", "", "", "", "", "c"}     },
    {"(a*)(a|b)",
     1, {"", "", "a", "aa", "a", "a", "", "", "", "", "", "aa", "", "", "", "", "", "",
      ""}                                                                              },
    {"x?y+z*",
     0, {"", "", "", "", "", "", "xyyz", "", "", "", "", "", "", "", "", "", "", "y", ""}     },
    {"(ab){2,}",
     0, {"", "", "", "", "abab", "abab", "", "", "", "", "", "", "", "", "", "", "", "",
      ""}                                                                              },
    {"(ab){1,2}c",
     1, {"", "", "ab", "", "", "ab", "", "", "", "", "", "", "", "", "", "", "", "", ""}      },
    {"[^a-c]",
     0, {"L", "m", "d", "", "", "", "x", "", "1", "J", "", "", ".", "-", " ", "S", "]",
      "y", ""}                                                                         },
    {".$",
     0, {"B", "g", "d", "b", "b", "c", "z", "", "3", "é", "c", "c", "b", "b", "x", "n",
      "]", "é", "c"}                                                                  },
    {"^$",
     0, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""}          },
    {"(a|b|)+c",
     0, {"", "", "abc", "", "", "ababc", "", "", "", "", "c", "aabbc", "", "", "", "", "",
      "", "bac"}                                                                       },
    {"\\d{2,4}",
     0, {"", "", "", "", "", "", "", "", "1984", "", "", "", "", "", "", "", "", "", ""}      },
    {"\\w+@\\w+",
     0, {"", "jones@example", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
      "", ""}                                                                          },
    {"a\\.b",
     0, {"", "", "", "", "", "", "", "", "", "", "", "", "a.b", "", "", "", "", "", ""}       },
    {"[\\d-]+",
     0, {"6", "", "", "", "", "", "", "", "1984-03", "", "", "", "", "-", "", "", "", "",
      ""}                                                                              },
    {"[a-]+",
     0, {"", "a", "a", "aa", "a", "a", "", "", "-", "", "", "aa", "a", "a-", "", "", "a",
      "", "a"}                                                                         },
    {"()a",
     1, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""}          },
    {"((a)|(b))+",
     3, {"", "", "b", "b", "b", "b", "", "", "", "", "", "b", "", "", "", "", "", "",
      "b"}                                                                             },
    {"(?:x|é)+",
     0, {"", "x", "", "", "", "", "x", "", "", "é", "", "", "", "", "x", "", "", "é", ""}   },
    {"..",
     0, {"LS", "m.", "ab", "aa", "ab", "ab", "xy", "", "19", "Jo", "", "aa", "a.", "a-",
      " x", "Sm", "]a", "yé", "ba"}                                                   },
    {"(a?){3}b",
     0, {"", "", "ab", "aab", "ab", "ab", "", "", "", "", "", "aab", "b", "b", "", "", "",
      "", "b"}                                                                         },
    {"^(.*),(.*)$",
     2, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", " John", "", "", ""}     },
    {"[é-ü]",
     0, {"", "", "", "", "", "", "", "", "", "é", "", "", "", "", "", "", "", "é", ""}      },
    {"a{0,2}b",
     0, {"", "", "ab", "aab", "ab", "ab", "", "", "", "", "", "aab", "b", "b", "", "", "",
      "", "b"}                                                                         },
    {"a{2}",
     0, {"", "", "", "aa", "", "", "", "", "", "", "", "aa", "", "", "", "", "", "", ""}      },
    {"(a|b){0,1}c",
     1, {"", "", "b", "", "", "b", "", "", "", "", "", "b", "", "", "", "", "", "", "a"}      },
    {"b*",
     0, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "b"}         },
    {"\\s+x",
     0, {"", "", "", "", "", "", "", "", "", "", "", "", "", "", " x", "", "", "", ""}        },
    {"[]a]+",
     0, {"", "a", "a", "aa", "a", "a", "", "", "", "", "", "aa", "a", "a", "", "", "]a]",
      "", "a"}                                                                         },
    {"a|b|^c",
     0, {"", "a", "a", "a", "a", "a", "", "", "", "", "c", "a", "a", "a", "", "", "a", "",
      "b"}                                                                             },
    {"(a+)(b+)?",
     2, {"", "", "b", "b", "b", "b", "", "", "", "", "", "bb", "", "", "", "", "", "",
      ""}                                                                              },
};

TEST(expressions_match_as_in_duckdb)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct pattern *pattern;
        struct err err = {0};

        if (!pattern_compile(str_of(cases[i].pattern), arena, &pattern, &err))
            fail_msg("%s: %s", cases[i].pattern, err.text);
        for (size_t t = 0; t < COUNT(texts); t++) {
            struct str found = {"", 0};

            (void)pattern_find(pattern, str_of(texts[t]), cases[i].group, &found);
            if (!str_same(found, str_of(cases[i].found[t])))
                fail_msg("%s in %s: %.*s, want %s", cases[i].pattern, texts[t],
                         STR_ARG(found), cases[i].found[t]);
        }
    }
    arena_free(arena);
}

TEST(what_is_not_known_is_refused)
{
    static const char *const patterns[] = {
        "(a",    "a)",          "[a",     "a**",
        "*a",    "a{2",         "a{3,2}", "a{101}",
        "a+?",   "(?i)a",       "\\b",    "\\1",
        "[b-a]", "[[:alpha:]]", "a\\",    "(((((((((((a)))))))))))",
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT(patterns); i++) {
        const struct pattern *pattern;
        struct err err = {0};

        if (pattern_compile(str_of(patterns[i]), arena, &pattern, &err))
            fail_msg("%s was taken", patterns[i]);
        assert_non_null(strstr(err.text, "regular expression"));
    }
    arena_free(arena);
}

/* Such a text costs a walk without memory 2^40 steps. */
TEST(hard_expressions_end_soon)
{
    struct arena *arena = arena_new();
    const struct pattern *pattern;
    char text[4001];
    struct str found;
    struct err err;

    memset(text, 'a', 4000);
    text[4000] = 0;
    assert_true(pattern_compile(STR("(a|aa)*(a*)*(a|b)*c"), arena, &pattern, &err));
    assert_false(pattern_find(pattern, (struct str){text, 40}, 0, &found));
    assert_true(pattern_compile(STR("^(a*)*$"), arena, &pattern, &err));
    assert_true(pattern_find(pattern, str_of(text), 0, &found));
    assert_int_equal(found.len, 4000);
    arena_free(arena);
}

TESTS(IT(expressions_match_as_in_duckdb), IT(what_is_not_known_is_refused),
      IT(hard_expressions_end_soon))
