/* Surname and forename exchanged: found when one is the same and the other nearly so. */
#include "match/inner.h"

#include "test/test.h"

struct written {
    const char *forenames, *surname;
};

static const struct written left[] = {
    {"AKSHITA",  "MISTRY"   },
    {"PRASANNA", "ESWARAN"  },
    {"ROBERT",   "TYRRELL"  },
    {"THOMAS",   "JAMES"    },
    {"JAMES",    "THOMAS"   },
    {"HELEN",    "ROBINSON" },
    {"BERNARD",  "WHITLOCKE"},
};

static struct person person_of(const struct written *written)
{
    struct person person = {0};

    person.field[FIELD_FORENAMES] = str_of(written->forenames);
    person.field[FIELD_SURNAME] = str_of(written->surname);
    return person;
}

/* The level of the name order between a person on the left and a mention. */
static void check(size_t who, struct written mention, bool swapped,
                  unsigned surname_level, unsigned forename_level)
{
    struct index_settings settings = {.probability = 10000, .threads = 1};
    struct model *model;
    struct index *index;
    struct err err;
    struct hit hit;

    assert_true(model_default(&model, &err));
    settings.model = model;
    assert_true(index_new(&settings, &index, &err));
    for (size_t i = 0; i < COUNT(left); i++) {
        struct person person = person_of(&left[i]);

        assert_true(index_add(index, &person, &err));
    }
    assert_true(index_build(index, &err));

    struct matcher *matcher = matcher_new(index);
    struct person person = person_of(&mention);

    matcher_score(matcher, (uint32_t)who, &person, &hit);
    assert_int_equal(hit.evidence[COMPARE_NAME_ORDER].level,
                     swapped ? ORDER_SWAPPED : ORDER_SAME);
    assert_int_equal(hit.evidence[COMPARE_SURNAME].level, surname_level);
    assert_int_equal(hit.evidence[COMPARE_FORENAME].level, forename_level);
    matcher_free(matcher);
    index_free(index);
    model_free(model);
}

TEST(names_exchanged_are_the_same_names)
{
    check(0, (struct written){"MISTRY", "AKSHITA"}, true, SURNAME_EXACT,
          FORENAME_EXACT);
}

TEST(one_of_the_names_exchanged_may_be_misspelt)
{
    check(0, (struct written){"MISTRY", "AKSHITHA"}, true, SURNAME_EXACT,
          FORENAME_NEAR_92);
    check(1, (struct written){"ESHWARAN", "PRASANNA"}, true, SURNAME_NEAR_92,
          FORENAME_EXACT);
}

TEST(one_of_the_names_exchanged_may_be_a_known_form)
{
    check(2, (struct written){"TYRRELL", "BOB"}, true, SURNAME_EXACT, FORENAME_VARIANT);
}

TEST(one_of_the_names_exchanged_may_be_an_initial)
{
    check(6, (struct written){"WHITLOCKE", "B"}, true, SURNAME_EXACT, FORENAME_INITIAL);
    check(6, (struct written){"WHITLOCKE", "R"}, false, SURNAME_DIFFERENT,
          FORENAME_DIFFERENT);
}

TEST(a_forename_may_be_cut_short)
{
    check(1, (struct written){"PRA", "ESWARAN"}, false, SURNAME_EXACT,
          FORENAME_NEAR_88);
    check(1, (struct written){"PRO", "ESWARAN"}, false, SURNAME_EXACT,
          FORENAME_DIFFERENT);
    check(1, (struct written){"PRASANNA", "ESW"}, false, SURNAME_DIFFERENT,
          FORENAME_EXACT);
    check(1, (struct written){"ESWARAN", "PRA"}, true, SURNAME_EXACT, FORENAME_NEAR_88);
}

/* Else every THOMAS JAMIESON would be a JAMES THOMAS written the other way round. */
TEST(a_surname_that_somebody_bears_is_not_a_misspelt_forename)
{
    check(5, (struct written){"ROBINSON", "HELEN"}, true, SURNAME_EXACT,
          FORENAME_EXACT);
    check(3, (struct written){"JAMES", "ESWARAN"}, false, SURNAME_DIFFERENT,
          FORENAME_DIFFERENT);
    check(4, (struct written){"JAMES", "THOMAS"}, false, SURNAME_EXACT, FORENAME_EXACT);
}

TESTS(IT(names_exchanged_are_the_same_names),
      IT(one_of_the_names_exchanged_may_be_misspelt),
      IT(one_of_the_names_exchanged_may_be_a_known_form),
      IT(one_of_the_names_exchanged_may_be_an_initial), IT(a_forename_may_be_cut_short),
      IT(a_surname_that_somebody_bears_is_not_a_misspelt_forename))
