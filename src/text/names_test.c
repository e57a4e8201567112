#include "text/text.h"

#include "test/test.h"

static const char letters[] = {[NAME_WHOLE] = '=',
                               [NAME_PART] = '/',
                               [NAME_MIDDLE] = '+',
                               [NAME_INITIAL] = '.',
                               [NAME_OTHER] = '~'};

/* `=SMITHJONES /SMITH /JONES`: each name behind a sign for its kind. */
static void list_text(const struct name *name, unsigned count, char *text)
{
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(strlen(name[i].text), name[i].len);
        text +=
            sprintf(text, "%s%c%s", i ? " " : "", letters[name[i].kind], name[i].text);
    }
    *text = 0;
}

struct naming {
    const char *surname, *forenames, *other, *full; /* as written */
    const char *surnames_want, *forenames_want;
};

static void check(const struct naming *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct person person = {0};
        struct names names;
        char surnames[400], forenames[400];

        person.field[FIELD_SURNAME] = str_of(cases[i].surname ? cases[i].surname : "");
        person.field[FIELD_FORENAMES] =
            str_of(cases[i].forenames ? cases[i].forenames : "");
        person.field[FIELD_OTHER_NAMES] = str_of(cases[i].other ? cases[i].other : "");
        person.field[FIELD_FULL_NAME] = str_of(cases[i].full ? cases[i].full : "");
        memset(&names, 0xAA, sizeof(names));
        names_of(&person, &names);
        list_text(names.surname, names.surname_count, surnames);
        list_text(names.forename, names.forename_count, forenames);
        if (strcmp(surnames, cases[i].surnames_want) != 0 ||
            strcmp(forenames, cases[i].forenames_want) != 0)
            fail_msg("case %zu (%s | %s | %s): got \"%s\" \"%s\"", i,
                     person.field[FIELD_SURNAME].at, person.field[FIELD_FORENAMES].at,
                     person.field[FIELD_FULL_NAME].at, surnames, forenames);
    }
}

TEST(surnames_are_joined_and_their_parts_kept)
{
    static const struct naming cases[] = {
        {"Smith",                0, 0, 0, "=SMITH",                                    ""},
        {"Smith-Jones",          0, 0, 0, "=SMITHJONES /SMITH /JONES",                 ""},
        {"SMITH JONES",          0, 0, 0, "=SMITHJONES /SMITH /JONES",                 ""},
        {"O'Brien",              0, 0, 0, "=OBRIEN",                                   ""},
        {"O BRIEN",              0, 0, 0, "=OBRIEN",                                   ""},
        {"O\xe2\x80\x99"
         "Brien",       0, 0, 0, "=OBRIEN",                                   ""},
        {"MC HUGH",              0, 0, 0, "=MCHUGH",                                   ""},
        {"Mac Donald-Smith",     0, 0, 0, "=MACDONALDSMITH /MACDONALD /SMITH",         ""},
        {"van der Berg",         0, 0, 0, "=VANDERBERG /BERG",                         ""},
        {"van der Berg Smith",   0, 0, 0, "=VANDERBERGSMITH /VANDERBERG /BERG /SMITH",
         ""                                                                              },
        {"Al-Hassan",            0, 0, 0, "=ALHASSAN /HASSAN",                         ""},
        {"bin Laden",            0, 0, 0, "=BINLADEN /LADEN",                          ""},
        {"Garcia Lopez",         0, 0, 0, "=GARCIALOPEZ /GARCIA /LOPEZ",               ""},
        {"LE",                   0, 0, 0, "=LE",                                       ""},
        {"Van",                  0, 0, 0, "=VAN",                                      ""},
        {"St. John",             0, 0, 0, "=STJOHN /JOHN",                             ""},
        {"D'Souza",              0, 0, 0, "=DSOUZA",                                   ""},
        {"D Souza",              0, 0, 0, "=DSOUZA",                                   ""},
        {"Smith - Jones",        0, 0, 0, "=SMITHJONES /SMITH /JONES",                 ""},
        {"Smith/Jones",          0, 0, 0, "=SMITHJONES /SMITH /JONES",                 ""},
        {"Jones-Jones",          0, 0, 0, "=JONESJONES /JONES",                        ""},
        {"Di Maria",             0, 0, 0, "=DIMARIA /MARIA",                           ""},
        {"N\xc3\xad Dhomhnaill", 0, 0, 0, "=NIDHOMHNAILL /DHOMHNAILL",                 ""},
    };

    check(cases, COUNT(cases));
}

TEST(titles_ranks_suffixes_and_collar_numbers_are_dropped)
{
    static const struct naming cases[] = {
        {"Smith Jr",       "Mr John",   0, 0,                    "=SMITH",     "=JOHN"},
        {"SMITH 1234",     "PC JOHN",   0, 0,                    "=SMITH",     "=JOHN"},
        {"Smith (PC1234)", "John",      0, 0,                    "=SMITH",     "=JOHN"},
        {"Smith III",      "Dr. John",  0, 0,                    "=SMITH",     "=JOHN"},
        {"DR SMITH",       "JOHN SNR",  0, 0,                    "=SMITH",     "=JOHN"},
        {"Constable",      "Insp John", 0, 0,                    "=CONSTABLE", "=JOHN"},
        {"Major",          "Jane",      0, 0,                    "=MAJOR",     "=JANE"},
        {0,                0,           0, "DC John Smith",      "=SMITH",     "=JOHN"},
        {0,                0,           0, "DI Jane Smith QPM",  "=SMITH",     "=JANE"},
        {0,                0,           0, "Smith, Mr John",     "=SMITH",     "=JOHN"},
        {0,                0,           0, "Dr John Smith, PhD", "=SMITH",     "=JOHN"},
    };

    check(cases, COUNT(cases));
}

TEST(words_for_nobody_are_no_names)
{
    static const struct naming cases[] = {
        {"UNKNOWN",   "NK",      0, 0,            "",       ""     },
        {"N/K",       "N/A",     0, 0,            "",       ""     },
        {"NOT KNOWN", "X",       0, 0,            "",       ""     },
        {"-",         "?",       0, 0,            "",       ""     },
        {"A N OTHER", "XX",      0, 0,            "",       ""     },
        {0,           0,         0, "A.N. Other", "",       ""     },
        {"REFUSED",   "MALE",    0, 0,            "",       ""     },
        {"MR",        "MISS",    0, 0,            "",       ""     },
        {0,           0,         0, "UNKNOWN",    "",       ""     },
        {0,           0,         0, "Not Known",  "",       ""     },
        {"SMITH",     "BABY",    0, 0,            "=SMITH", ""     },
        {"SMITH",     "Unknown", 0, "John Smith", "=SMITH", "=JOHN"},
    };

    check(cases, COUNT(cases));
}

TEST(forenames_are_first_middle_and_initials)
{
    static const struct naming cases[] = {
        {0, "John",             0, 0, "", "=JOHN"                       },
        {0, "John Paul George", 0, 0, "", "=JOHN +PAUL +GEORGE"         },
        {0, "John P",           0, 0, "", "=JOHN .P"                    },
        {0, "J.R.",             0, 0, "", ".J .R"                       },
        {0, "Jean-Paul Marie",  0, 0, "", "=JEANPAUL /JEAN /PAUL +MARIE"},
        {0, "Abdul Rahman",     0, 0, "", "=ABDULRAHMAN /ABDUL /RAHMAN" },
        {0, "D'Andre",          0, 0, "", "=DANDRE"                     },
        {0, "Maria del Carmen", 0, 0, "", "=MARIA +DELCARMEN /CARMEN"   },
        {0, "John John",        0, 0, "", "=JOHN"                       },
        {0, "John, Paul",       0, 0, "", "=JOHN +PAUL"                 },
        {0, "JOS\xc3\x89",      0, 0, "", "=JOSE"                       },
        {0, "Jos\xe9",          0, 0, "", "=JOSE"                       },
        {0, "J.-C.",            0, 0, "", ".J .C"                       },
        {0, "JC",               0, 0, "", ".J .C"                       },
        {0, "MD",               0, 0, "", "=MD"                         },
        {0, "MaryAnn",          0, 0, "", "=MARYANN /MARY /ANN"         },
        {0, "DeShawn",          0, 0, "", "=DESHAWN"                    },
        {0, "Rajesh s/o Kumar", 0, 0, "", "=RAJESH +KUMAR"              },
    };

    check(cases, COUNT(cases));
}

TEST(full_names_are_split_by_comma_capitals_or_place)
{
    static const struct naming cases[] = {
        {0,             0, 0, "SMITH, John Paul",      "=SMITH",                    "=JOHN +PAUL"},
        {0,             0, 0, "John SMITH",            "=SMITH",                    "=JOHN"      },
        {0,             0, 0, "SMITH John",            "=SMITH",                    "=JOHN"      },
        {0,             0, 0, "John McDONALD",         "=MCDONALD",                 "=JOHN"      },
        {0,             0, 0, "John Smith",            "=SMITH",                    "=JOHN"      },
        {0,             0, 0, "JOHN SMITH",            "=SMITH",                    "=JOHN"      },
        {0,             0, 0, "John Paul Smith-Jones", "=SMITHJONES /SMITH /JONES", "=JOHN +PAUL"},
        {0,             0, 0, "Jan van der Berg",      "=VANDERBERG /BERG",         "=JAN"       },
        {0,             0, 0, "Jan VAN DER BERG",      "=VANDERBERG /BERG",         "=JAN"       },
        {0,             0, 0, "John O Brien",          "=OBRIEN",                   "=JOHN"      },
        {0,             0, 0, "John D Smith",          "=SMITH",                    "=JOHN .D"   },
        {0,             0, 0, "Madonna",               "=MADONNA",                  ""           },
        {0,             0, 0, "AnnaSmith",             "=SMITH",                    "=ANNA"      },
        {0,             0, 0, "Anna-Smith",            "=SMITH",                    "=ANNA"      },
        {0,             0, 0, "JC Mistry",             "=MISTRY",                   ".J .C"      },
        {0,             0, 0, "Anna MacDonald",        "=MACDONALD",                "=ANNA"      },
        {0,             0, 0, "Rosa DeLaCruz",         "=DELACRUZ",                 "=ROSA"      },
        {0,             0, 0, "Madame Anna Smith",     "=SMITH",                    "=ANNA"      },
        {0,             0, 0, "Osama bin Laden",       "=BINLADEN /LADEN",          "=OSAMA"     },
        {"SMITH, John", 0, 0, 0,                       "=SMITH",                    "=JOHN"      },
    };

    check(cases, COUNT(cases));
}

TEST(other_names_stand_beside_the_name)
{
    static const struct naming cases[] = {
        {"Smith",             "ROBERT (BOB)",   0,                     0,                             "=SMITH",                       "=ROBERT ~BOB" },
        {"Smith",             "Robert \"TAZ\"", 0,                     0,                             "=SMITH",                       "=ROBERT ~TAZ" },
        {"Smith nee Jones",   "Jane",           0,                     0,                             "=SMITH ~JONES",                "=JANE"        },
        {"Smith (nee Jones)", "Jane",           0,                     0,                             "=SMITH ~JONES",                "=JANE"        },
        {"Smith (Jones)",     "Jane",           0,                     0,                             "=SMITH ~JONES",                "=JANE"        },
        {0,                   0,                0,
         "Jane Smith (n\xc3\xa9"
         "e Jones)",                                                                                  "=SMITH ~JONES",                "=JANE"        },
        {0,                   0,                0,                     "Robert (Bob) Smith",          "=SMITH",                       "=ROBERT ~BOB" },
        {0,                   0,                0,                     "Robert Smith aka John Jones", "=SMITH ~JONES",                "=ROBERT ~JOHN"},
        {"Smith",             "Robert",         "JONES, Jane|Taz",     0,                             "=SMITH ~JONES ~TAZ",
         "=ROBERT ~JANE ~TAZ"                                                                                                                        },
        {"Smith",             "Robert",         "Jane Mary Jones-Lee", 0,                             "=SMITH ~JONESLEE /JONES /LEE",
         "=ROBERT ~JANE +MARY"                                                                                                                       },
        {"Smith",             "Robert",         "SMITH, Bob",          0,                             "=SMITH",                       "=ROBERT ~BOB" },
        {"Smith",             "Robert",         "|| |",                0,                             "=SMITH",                       "=ROBERT"      },
    };

    check(cases, COUNT(cases));
}

TEST(other_letters_and_scripts_are_folded)
{
    static const struct naming cases[] = {
        {"M\xc3\xbcller",                                                "Bj\xc3\xb8rn",                                             0, 0, "=MULLER",   "=BJORN"     },
        {"Stra\xc3\x9f"
         "er",                                                  "\xc5\x81ukasz",                                            0, 0, "=STRASSER", "=LUKASZ"    },
        {"Nguy\xe1\xbb\x85n",
         "\xc4\x90\xe1\xbb\xa9"
         "c",                                                                                                                        0, 0, "=NGUYEN",   "=DUC"       },
        {"\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xb2",
         "\xd0\xae\xd0\xbb\xd0\xb8\xd1\x8f",                                                                                         0, 0, "=IVANOV",   "=YULIYA"    },
        {"\xe7\x8e\x8b",                                                 "\xe5\xb0\x8f\xe6\x98\x8e",                                 0, 0, "=WANG",     "=XIAO +MING"},
        {"\xce\xa0\xce\xb1\xcf\x80\xce\xb1\xce\xb4\xcf\x8c\xcf\x80\xce\xbf\xcf\x85\xce"
         "\xbb"
         "\xce\xbf\xcf\x82",                                    "\xce\x93\xce\xb9\xce\xac\xce\xbd\xce\xbd\xce\xb7\xcf\x82", 0, 0,
         "=PAPADOPOULOS",                                                                                                                               "=GIANNIS"   },
        {"\xef\xbc\xb3\xef\xbc\xad\xef\xbc\xa9\xef\xbc\xb4\xef\xbc\xa8", 0,                                                          0, 0,
         "=SMITH",                                                                                                                                      ""           },
        {"Smi\xe2\x80\x8bth",
         "e\xcc\x81"
         "va",                                                                                                                       0, 0, "=SMITH",    "=EVA"       },
    };

    check(cases, COUNT(cases));
}

TEST(more_names_than_fit_are_counted_as_left_out)
{
    struct person person = {0};
    struct names names;

    person.field[FIELD_FORENAMES] = STR("A1B AB AC AD AE AF AG AH AI AJ AK");
    names_of(&person, &names);

    assert_int_equal(names.forename_count, NAMES_PER_PERSON);
    assert_true(names.too_many);
}

TEST(long_tokens_are_cut_and_padded_with_zeros)
{
    struct person person = {0};
    struct names names;

    memset(&names, 0xAA, sizeof(names));
    person.field[FIELD_SURNAME] = STR("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP-XYZ");
    names_of(&person, &names);

    assert_int_equal(names.surname[0].len, NAME_MAX);
    assert_string_equal(names.surname[0].text, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE");
    assert_string_equal(names.surname[1].text, "XYZ");
    for (size_t i = 3; i <= NAME_MAX; i++)
        assert_int_equal(names.surname[1].text[i], 0);
}

TESTS(IT(surnames_are_joined_and_their_parts_kept),
      IT(titles_ranks_suffixes_and_collar_numbers_are_dropped),
      IT(words_for_nobody_are_no_names), IT(forenames_are_first_middle_and_initials),
      IT(full_names_are_split_by_comma_capitals_or_place),
      IT(other_names_stand_beside_the_name), IT(other_letters_and_scripts_are_folded),
      IT(more_names_than_fit_are_counted_as_left_out),
      IT(long_tokens_are_cut_and_padded_with_zeros))
