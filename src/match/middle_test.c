/* Names beside surname and forename: what agrees, and what contradicts on both sides. */
#include "match/inner.h"

#include "test/test.h"

#include <string.h>

/* The level of the middle names between two people, the first on the left. */
static unsigned level_between(const char *left, const char *right)
{
    struct index_settings settings = {.probability = 10000, .threads = 1};
    struct person people[2] = {0};
    struct model *model;
    struct index *index;
    struct err err;
    struct hit hit;

    people[0].field[FIELD_FULL_NAME] = str_of(left);
    people[1].field[FIELD_FULL_NAME] = str_of(right);
    assert_true(model_default(&model, &err));
    settings.model = model;
    assert_true(index_new(&settings, &index, &err));
    assert_true(index_add(index, &people[0], &err));
    assert_true(index_build(index, &err));

    struct matcher *matcher = matcher_new(index);

    matcher_score(matcher, 0, &people[1], &hit);
    matcher_free(matcher);
    index_free(index);
    model_free(model);
    return hit.evidence[COMPARE_MIDDLE_NAMES].level;
}

static const struct example {
    const char *left, *right;
    unsigned level;
} examples[] = {
  /* what one side leaves out says nothing */
    {"Anna Smith",                 "Anna Maria Smith",            MIDDLE_MISSING    },
    {"Omar Hasan Ali Karimi",      "Omar Karimi",                 MIDDLE_MISSING    },
 /* a known middle name in whatever form */
    {"Anna Maria Smith",           "Anna Maria Smith",            MIDDLE_AGREE      },
    {"Anna Maria Smith",           "Anna Marai Smith",            MIDDLE_ALIKE      },
    {"Anna Elizabeth Smith",       "Anna Liz Smith",              MIDDLE_ALIKE      },
    {"Anna Bernadette Smith",      "Anna Ber Smith",              MIDDLE_ALIKE      },
    {"Anna Maria Smith",           "Anna M Smith",                MIDDLE_INITIAL    },
    {"Anna M Smith",               "Anna M Smith",                MIDDLE_INITIAL    },
 /* nobody's on the other side, on both sides */
    {"Anna Maria Smith",           "Anna Judith Smith",           MIDDLE_DIFFER     },
    {"William G Frost",            "William W Frost",             MIDDLE_DIFFER     },
    {"Rustam Ibragimovich Aminov", "Rustam Magomedovich Aminov",  MIDDLE_DIFFER     },
    {"Omar Hasan Ali Karimi",      "Omar Yusuf Ali Karimi",       MIDDLE_SOME_DIFFER},
    {"Rosa Garcia-Lopez",          "Rosa Garcia-Perez",           MIDDLE_DIFFER     },
    {"Abdul Rahman Noori",         "Abdul Latif Noori",           MIDDLE_DIFFER     },
 /* a surname or forename that differs is not counted again */
    {"Anna Maria Smith",           "Anna Maria Whitlocke",        MIDDLE_AGREE      },
    {"Anna Maria Smith",           "Petra Maria Smith",           MIDDLE_AGREE      },
 /* another place or another cut is no contradiction */
    {"Anna Maria Smith",           "Maria Anna Smith",            MIDDLE_MISSING    },
    {"Maria Garcia-Lopez",         "Maria Garcia Lopez",          MIDDLE_MISSING    },
    {"Abdul Rahman Hasan Noori",   "Abdulrahman Hasan Ali Noori", MIDDLE_AGREE      },
};

TEST(names_that_neither_side_knows_of_the_other_contradict)
{
    for (size_t i = 0; i < COUNT(examples); i++) {
        const struct example *e = &examples[i];
        unsigned level = level_between(e->left, e->right);

        if (level != e->level)
            print_error("%s | %s\n", e->left, e->right);
        assert_int_equal(level, e->level);
    }
}

TEST(it_does_not_matter_who_is_on_the_left)
{
    for (size_t i = 0; i < COUNT(examples); i++)
        assert_int_equal(level_between(examples[i].right, examples[i].left),
                         examples[i].level);
}

TEST(an_alias_need_not_be_answered_for)
{
    assert_int_equal(level_between("Anna Maria Smith aka Judith Jones",
                                   "Anna Maria Smith aka Petra Brown"),
                     MIDDLE_AGREE);
}

TEST(models_made_before_there_were_all_levels_are_read)
{
    FILE *file = fopen(MODEL_FILE, "r");
    static char text[65536], old[65536];
    struct model *model;
    struct err err;

    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);

    char *to = old; /* the same without the lines of the new levels */

    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (!strstr(line, "\"middle name alike") && !strstr(line, "\"some_differ\""))
            to += sprintf(to, "%s\n", line);

    assert_true(model_parse(str_of(old), &model, &err));
    assert_int_equal(model_level_count(model, COMPARE_MIDDLE_NAMES), 6);
    assert_int_equal(model_level(model, COMPARE_MIDDLE_NAMES, MIDDLE_ALIKE)->bits,
                     model_level(model, COMPARE_MIDDLE_NAMES, MIDDLE_INITIAL)->bits);
    assert_int_equal(model_level(model, COMPARE_MIDDLE_NAMES, MIDDLE_SOME_DIFFER)->bits,
                     model_level(model, COMPARE_MIDDLE_NAMES, MIDDLE_DIFFER)->bits);
    model_free(model);
}

TESTS(IT(names_that_neither_side_knows_of_the_other_contradict),
      IT(it_does_not_matter_who_is_on_the_left), IT(an_alias_need_not_be_answered_for),
      IT(models_made_before_there_were_all_levels_are_read))
