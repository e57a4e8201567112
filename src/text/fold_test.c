#include "text/fold.h"

#include "test/test.h"

#include <pthread.h>

TEST(any_text_folds_to_letters_digits_and_single_spaces)
{
    static const struct {
        const char *written, *folded;
    } cases[] = {
        {"",                                                 ""           },
        {"abc",                                              "ABC"        },
        {"  a  b--c ",                                       "A B C"      },
        {"O'Brien & Sons",                                   "OBRIEN SONS"},
        {"12a High St.",                                     "12A HIGH ST"},
        {"Stra\xc3\x9f"
         "e",                                       "STRASSE"    },
        {"\xc3\x86rø",                                      "AERO"       },
        {"\xef\xac\x81"
         "n",                                       "FIN"        },
        {"\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0", "MOSKVA"     },
        {"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf",                 "MOHAMMED"   },
        {"a\xe2\x80\x8b\xc2\xad"
         "b",                                       "AB"         },
        {"a\xc2\xa0"
         "b",                                       "A B"        },
        {"\xf0\x9f\x98\x80",                                 ""           },
        {"Jos\xe9",                                          "JOSE"       },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char folded[64];
        size_t len = text_fold(str_of(cases[i].written), folded, sizeof(folded) - 1);

        folded[len] = 0;
        assert_string_equal(folded, cases[i].folded);
    }
}

TEST(folding_never_writes_more_than_there_is_room_for)
{
    const char *written = "Anna Mar\xc3\xad"
                          "a \xe7\x8e\x8b 12";

    for (size_t size = 0; size < 20; size++) {
        char folded[21];

        memset(folded, '#', sizeof(folded));
        assert_true(text_fold(str_of(written), folded, size) <= size);
        for (size_t i = size; i < sizeof(folded); i++)
            assert_int_equal(folded[i], '#');
    }
}

TEST(only_well_formed_utf8_is_utf8)
{
    static const char *const good[] = {"",
                                       "abcdefghi",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc1\xbf",
                                      "\xc3",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "abcdefgh\xe2\x82",
                                      "\xc3("};

    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(text_utf8(str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(text_utf8(str_of(bad[i])));
}

static void *fold_on_a_thread(void *result)
{
    for (int i = 0; i < 1000; i++) {
        size_t len = text_fold(STR("\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0"),
                               result, 15);

        ((char *)result)[len] = 0;
    }
    return NULL;
}

TEST(threads_fold_other_scripts_at_the_same_time)
{
    pthread_t thread[3];
    char result[3][16];

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, fold_on_a_thread, result[i]),
                         0);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(thread[i], NULL);
        assert_string_equal(result[i], "MOSKVA");
    }
}

TEST(fields_are_found_by_the_name_they_have)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        enum field field;

        assert_true(field_named(str_of(field_name((enum field)i)), &field));
        assert_int_equal(field, i);
    }
    enum field field;

    assert_false(field_named(STR("Surname"), &field));
    assert_false(field_named(STR(""), &field));
}

TEST(words_for_a_sex_are_read)
{
    static const struct {
        const char *written;
        enum sex sex;
    } cases[] = {
        {"F",                               SEX_FEMALE },
        {"female",                          SEX_FEMALE },
        {"Woman",                           SEX_FEMALE },
        {"2",                               SEX_FEMALE },
        {"m",                               SEX_MALE   },
        {"MALE",                            SEX_MALE   },
        {"1",                               SEX_MALE   },
        {"man",                             SEX_MALE   },
        {"Non-binary",                      SEX_OTHER  },
        {"X",                               SEX_OTHER  },
        {"",                                SEX_UNKNOWN},
        {"U",                               SEX_UNKNOWN},
        {"0",                               SEX_UNKNOWN},
        {"9",                               SEX_UNKNOWN},
        {"not known",                       SEX_UNKNOWN},
        {" F ",                             SEX_FEMALE },
        {"\xff",                            SEX_UNKNOWN},
        {"a very long text that is no sex", SEX_UNKNOWN},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        if (sex_read(str_of(cases[i].written)) != cases[i].sex)
            fail_msg("%s", cases[i].written);
}

TESTS(IT(any_text_folds_to_letters_digits_and_single_spaces),
      IT(folding_never_writes_more_than_there_is_room_for),
      IT(only_well_formed_utf8_is_utf8),
      IT(threads_fold_other_scripts_at_the_same_time),
      IT(fields_are_found_by_the_name_they_have), IT(words_for_a_sex_are_read))
