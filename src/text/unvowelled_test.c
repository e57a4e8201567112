/* Names in scripts that leave vowels out. */
#include "text/fold.h"

#include "test/test.h"

#include <stdio.h>

static void check_fold(const char *written, const char *folded)
{
    char room[128];
    size_t len = text_fold(str_of(written), room, sizeof(room) - 1);

    room[len] = 0;
    assert_string_equal(room, folded);
}

TEST(every_name_of_the_table_is_read_as_it_says)
{
    FILE *file = fopen(SOURCE_ROOT "/rulebook/names/scripts-without-vowels.txt", "r");
    char line[256], written[128], latin[64];
    unsigned names = 0;

    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        if (line[0] == '#' || sscanf(line, "%127s %63s", written, latin) != 2)
            continue;
        check_fold(written, latin);
        names++;
    }
    fclose(file);
    assert_true(names > 500);
}

TEST(letters_that_differ_in_form_only_are_one)
{
    check_fold("\u0623\u062d\u0645\u062f", "AHMED"); /* alif with hamza, and without */
    check_fold("\u0627\u062d\u0645\u062f", "AHMED");
    check_fold("\u0639\u0644\u06cc", "ALI"); /* Persian yeh */
    check_fold("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f",
               "MOHAMMED"); /* marks */
}

TEST(articles_are_set_apart)
{
    check_fold("\u0627\u0644\u0623\u0633\u062f", "AL ASSAD");
    check_fold("\u0639\u0628\u062f\u0627\u0644\u0643\u0631\u064a\u0645", "ABDUL KARIM");
    check_fold("\u0627\u0644", "AL");
}

TEST(names_that_are_not_listed_have_a_vowel_where_speech_has_one)
{
    check_fold("\u062a\u0633\u062a", "TAST");
    check_fold("\u0628\u0631\u0642\u0627\u0646", "BARQAN");
    check_fold("\u0623\u0648\u0628\u0627\u0645\u0627", "UBAMA"); /* O, said with U */
    check_fold("\u05d1\u05e8\u05e0\u05e9\u05d8\u05d9\u05d9\u05df", "BARNASHTAYIN");
}

TEST(a_geresh_makes_another_letter)
{
    check_fold("\u05d2'\u05d5\u05df", "JOHN");
    check_fold("\u05e6'\u05d5\u05e8\u05d8", "CHORT");
    check_fold("\u05d2\u05f3\u05e7", "JAK");
}

TEST(what_is_not_all_of_these_scripts_is_left_to_others)
{
    char latin[64];

    assert_int_equal(unvowelled_latin("\xd0\x98", 2, latin, sizeof(latin)), 0);
    assert_int_equal(unvowelled_latin("", 0, latin, sizeof(latin)), 0);
    assert_int_equal(unvowelled_latin("\xd9", 1, latin, sizeof(latin)), 0);
    assert_int_equal(unvowelled_latin("'", 1, latin, sizeof(latin)), 0);
}

TEST(no_more_is_written_than_there_is_room_for)
{
    char latin[16];

    for (size_t size = 0; size < sizeof(latin); size++) {
        memset(latin, '#', sizeof(latin));
        assert_true(unvowelled_latin("\u0639\u0628\u062f\u0627\u0644\u0643\u0631\u064a"
                                     "\u0645",
                                     16, latin, size) <= size);
        assert_int_equal(latin[size], '#');
    }
}

TESTS(IT(every_name_of_the_table_is_read_as_it_says),
      IT(letters_that_differ_in_form_only_are_one), IT(articles_are_set_apart),
      IT(names_that_are_not_listed_have_a_vowel_where_speech_has_one),
      IT(a_geresh_makes_another_letter),
      IT(what_is_not_all_of_these_scripts_is_left_to_others),
      IT(no_more_is_written_than_there_is_room_for))
