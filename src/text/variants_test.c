#include "text/text.h"

#include "test/test.h"

#define HEAD "use: forename\nkind: nickname\nsource: us\nlicence: EUPL-1.2\n"

static const struct variant *find(const struct variants *variants, enum variant_use use,
                                  const char *a, const char *b)
{
    const struct variant *list;
    size_t count = variants_of(variants, use, a, strlen(a), &list);

    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].text, b) == 0) {
            assert_int_equal(list[i].len, strlen(b));
            return &list[i];
        }
    return NULL;
}

static struct variants *table(const char *text)
{
    struct variants *variants;
    struct err err;

    assert_true(variants_new(&variants, &err));
    if (!variants_add(variants, "table", str_of(text), &err))
        fail_msg("%s", err.text);
    return variants;
}

TEST(a_group_is_equivalent_each_to_each)
{
    struct variants *variants = table(HEAD "SEAN SHAUN SHAWN\n");

    assert_non_null(find(variants, VARIANT_FORENAME, "SEAN", "SHAUN"));
    assert_non_null(find(variants, VARIANT_FORENAME, "SHAWN", "SHAUN"));
    assert_non_null(find(variants, VARIANT_FORENAME, "SHAWN", "SEAN"));
    assert_null(find(variants, VARIANT_FORENAME, "SEAN", "SEAN"));
    assert_null(find(variants, VARIANT_SURNAME, "SEAN", "SHAUN"));
    variants_free(variants);
}

TEST(a_hub_is_equivalent_to_its_spokes_only)
{
    struct variants *variants = table(HEAD "ROBERT = BOB BERT\n");

    assert_non_null(find(variants, VARIANT_FORENAME, "ROBERT", "BOB"));
    assert_non_null(find(variants, VARIANT_FORENAME, "BERT", "ROBERT"));
    assert_null(find(variants, VARIANT_FORENAME, "BOB", "BERT"));
    variants_free(variants);
}

TEST(groups_do_not_chain_and_the_first_kind_counts)
{
    struct variants *variants = table(HEAD "WONG WANG\nkind: romanisation\nuse: both\n"
                                           "WANG VANG\nWONG WANG\n");

    assert_null(find(variants, VARIANT_FORENAME, "WONG", "VANG"));
    assert_int_equal(find(variants, VARIANT_FORENAME, "WONG", "WANG")->kind,
                     VARIANT_NICKNAME);
    assert_int_equal(find(variants, VARIANT_SURNAME, "WONG", "WANG")->kind,
                     VARIANT_ROMANISATION);
    assert_int_equal(find(variants, VARIANT_FORENAME, "VANG", "WANG")->kind,
                     VARIANT_ROMANISATION);
    variants_free(variants);
}

TEST(a_bad_table_is_refused_with_file_and_line_and_leaves_nothing)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"SEAN SHAUN\n",                                "t.txt:1: put a line `use:`"    },
        {"use: forename\nSEAN SHAUN\n",                 "t.txt:2: put a line `kind:`"   },
        {"use: forename\nkind: nickname\nSEAN SHAUN\n", "t.txt:3: put lines `source:`"  },
        {"use: alias\n",                                "t.txt:1: use is"               },
        {"kind: pet\n",                                 "t.txt:1: kind is"              },
        {"colour: red\n",                               "t.txt:1: write use:"           },
        {HEAD "SEAN\n",                                 "t.txt:5: a group has two"      },
        {HEAD "SEAN =\n",                               "t.txt:5: a group has two"      },
        {HEAD "\n# x\nSean SHAUN\n",                    "t.txt:7: names are written A-Z"},
        {HEAD "AB CD\nSEAN SHAUN SEAN\n",               "t.txt:6: a name stands twice"  },
        {HEAD "A = B = C\n",                            "t.txt:5: names are written"    },
        {HEAD "SEAN O'SHEA\n",                          "t.txt:5: names are written"    },
        {HEAD "AB ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF\n",  "t.txt:5: names are written"    },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct variants *variants;
        struct err err;

        assert_true(variants_new(&variants, &err));
        assert_false(variants_add(variants, "t.txt", str_of(cases[i].text), &err));
        if (strncmp(err.text, cases[i].wanted, strlen(cases[i].wanted)) != 0)
            fail_msg("case %zu: %s", i, err.text);
        assert_int_equal(err.code, ERR_INPUT);
        assert_null(find(variants, VARIANT_FORENAME, "AB", "CD"));
        variants_free(variants);
    }
}

TEST(tables_add_up_and_lists_hold_each_name_once)
{
    struct variants *variants = table(HEAD "SEAN SHAUN\n");
    struct err err;
    const struct variant *list;

    assert_true(variants_add(variants, "b", STR(HEAD "SEAN SHAUN JOHN\r\n"), &err));
    assert_int_equal(variants_of(variants, VARIANT_FORENAME, "SEAN", 4, &list), 2);
    assert_int_equal(variants_of(variants, VARIANT_FORENAME, "SEA", 3, &list), 0);
    assert_int_equal(variants_of(variants, VARIANT_FORENAME, "", 0, &list), 0);
    variants_free(variants);
}

static struct variants *shipped(void)
{
    struct variants *variants;
    struct err err;

    if (!variants_default(&variants, &err))
        fail_msg("%s", err.text);
    return variants;
}

TEST(the_shipped_tables_know_common_names_of_many_cultures)
{
    static const struct {
        enum variant_use use;
        const char *a, *b;
    } pairs[] = {
        {VARIANT_FORENAME, "ROBERT",    "BOB"     },
        {VARIANT_FORENAME, "ELIZABETH", "LIZ"     },
        {VARIANT_FORENAME, "MARGARET",  "PEGGY"   },
        {VARIANT_FORENAME, "SEAN",      "SHAUN"   },
        {VARIANT_FORENAME, "SIOBHAN",   "CHEVONNE"},
        {VARIANT_FORENAME, "MOHAMMED",  "MUHAMMAD"},
        {VARIANT_FORENAME, "MOHAMMED",  "MD"      },
        {VARIANT_SURNAME,  "HUSSEIN",   "HUSAYN"  },
        {VARIANT_FORENAME, "YUSUF",     "JOSEPH"  },
        {VARIANT_SURNAME,  "CHOWDHURY", "CHAUDHRY"},
        {VARIANT_FORENAME, "XASAN",     "HASSAN"  },
        {VARIANT_FORENAME, "CALI",      "ALI"     },
        {VARIANT_FORENAME, "ALEKSANDR", "SASHA"   },
        {VARIANT_SURNAME,  "WONG",      "WANG"    },
        {VARIANT_SURNAME,  "WONG",      "HUANG"   },
        {VARIANT_SURNAME,  "LEE",       "RHEE"    },
        {VARIANT_SURNAME,  "PARK",      "PAK"     },
        {VARIANT_FORENAME, "ADEBAYO",   "BAYO"    },
        {VARIANT_FORENAME, "OLUWASEUN", "SEUN"    },
        {VARIANT_FORENAME, "YITZHAK",   "ISAAC"   },
        {VARIANT_FORENAME, "FRANCISCO", "PACO"    },
        {VARIANT_FORENAME, "GIORGOS",   "GEORGE"  },
        {VARIANT_FORENAME, "MEHMET",    "MOHAMMED"},
    };
    struct variants *variants = shipped();

    for (size_t i = 0; i < COUNT(pairs); i++)
        if (!find(variants, pairs[i].use, pairs[i].a, pairs[i].b))
            fail_msg("%s %s", pairs[i].a, pairs[i].b);
    assert_null(find(variants, VARIANT_SURNAME, "WONG", "VANG"));
    variants_free(variants);
}

TEST(the_shipped_tables_are_symmetric)
{
    static const char *const names[] = {"ROBERT", "BOB",  "MARGARET", "SASHA", "WANG",
                                        "LEE",    "JOHN", "MOHAMMED", "ANA",   "LIZ"};
    struct variants *variants = shipped();

    for (size_t i = 0; i < COUNT(names); i++)
        for (unsigned use = 0; use < VARIANT_USE_COUNT; use++) {
            const struct variant *list;
            size_t count = variants_of(variants, (enum variant_use)use, names[i],
                                       strlen(names[i]), &list);

            for (size_t k = 0; k < count; k++)
                assert_non_null(
                    find(variants, (enum variant_use)use, list[k].text, names[i]));
        }
    variants_free(variants);
}

TESTS(IT(a_group_is_equivalent_each_to_each),
      IT(a_hub_is_equivalent_to_its_spokes_only),
      IT(groups_do_not_chain_and_the_first_kind_counts),
      IT(a_bad_table_is_refused_with_file_and_line_and_leaves_nothing),
      IT(tables_add_up_and_lists_hold_each_name_once),
      IT(the_shipped_tables_know_common_names_of_many_cultures),
      IT(the_shipped_tables_are_symmetric))
