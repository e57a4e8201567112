#include "screen/report.h"

#include "test/test.h"

TEST(a_role_is_found_whatever_its_case_spaces_and_underscores)
{
    static const struct {
        const char *role;
        enum role_class class;
    } cases[] = {
        {"suspect",                    ROLE_ADVERSE    },
        {"SUSPECT",                    ROLE_ADVERSE    },
        {"  Subject of Intelligence ", ROLE_ADVERSE    },
        {"SUBJECT_OF_INTELLIGENCE",    ROLE_ADVERSE    },
        {"person-of-interest",         ROLE_ADVERSE    },
        {"charged",                    ROLE_ADVERSE    },
        {"associate",                  ROLE_ASSOCIATION},
        {"Registered Keeper",          ROLE_ASSOCIATION},
        {"linked address",             ROLE_ASSOCIATION},
        {"Victim",                     ROLE_WELFARE    },
        {"complainant (of crime)",     ROLE_WELFARE    },
        {"reporting_person",           ROLE_WELFARE    },
        {"child named",                ROLE_WELFARE    },
        {"MISPER",                     ROLE_WELFARE    },
        {"Officer in Case",            ROLE_POLICE     },
        {"O.I.C.",                     ROLE_POLICE     },
        {"author",                     ROLE_POLICE     },
        {"reporting officer",          ROLE_POLICE     },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        if (role_class_of(str_of(cases[i].role)) != cases[i].class)
            fail_msg("%s is not %s", cases[i].role, role_class_name(cases[i].class));
}

TEST(what_no_table_knows_is_unknown_and_never_a_suspect)
{
    static const char *const strange[] = {
        "",
        "   ",
        "unknown",
        "susp",
        "suspects_list",
        "not a suspect",
        "police",
        "officer",
        "???",
        "\xd8\xb4",
        "suspect\xd8\xb4",
        "a role longer than any that a table of roles could ever hold, suspect"};

    for (size_t i = 0; i < COUNT(strange); i++)
        if (role_class_of(str_of(strange[i])) != ROLE_UNKNOWN)
            fail_msg("\"%s\" has a class", strange[i]);
    assert_int_equal(role_class_of((struct str){NULL, 0}), ROLE_UNKNOWN);
}

TEST(several_roles_have_a_class_only_if_they_agree)
{
    assert_int_equal(role_class_of(STR("suspect|arrested; charged")), ROLE_ADVERSE);
    assert_int_equal(role_class_of(STR("victim/witness")), ROLE_WELFARE);
    assert_int_equal(role_class_of(STR("victim|")), ROLE_WELFARE);

    assert_int_equal(role_class_of(STR("victim|suspect")), ROLE_UNKNOWN);
    assert_int_equal(role_class_of(STR("suspect, officer in case")), ROLE_UNKNOWN);
    assert_int_equal(role_class_of(STR("victim|whatever")), ROLE_UNKNOWN);
}

/* A misspelt class or a row out of order would quietly read as unknown. */
TEST(every_row_of_the_table_is_sound_and_gives_its_class)
{
    struct str table = {roles_files[0].bytes, roles_files[0].size}, line, role, class;
    size_t rows = 0;

    assert_true(str_cut(&table, '\n', &line));
    assert_true(str_same(line, STR("role,class,source")));
    while (str_cut(&table, '\n', &line)) {
        if (line.len == 0)
            continue;
        assert_true(str_cut(&line, ',', &role) && str_cut(&line, ',', &class));
        assert_true(line.len > 0);
        if (!str_same(class, str_of(role_class_name(role_class_of(role)))))
            fail_msg("%.*s is not found as %.*s: a row out of order, or twice?",
                     STR_ARG(role), STR_ARG(class));
        rows++;
    }
    assert_true(rows > 200);
}

TESTS(IT(a_role_is_found_whatever_its_case_spaces_and_underscores),
      IT(what_no_table_knows_is_unknown_and_never_a_suspect),
      IT(several_roles_have_a_class_only_if_they_agree),
      IT(every_row_of_the_table_is_sound_and_gives_its_class))
