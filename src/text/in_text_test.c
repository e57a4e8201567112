#include "text/in_text.h"

#include "test/test.h"

/* The names read, each behind a stroke, and the date of birth. */
static void check(const char *text, const char *want, uint32_t born)
{
    struct in_text found;
    char got[400] = "";

    in_text_read(str_of(text), &found);
    for (unsigned i = 0; i < found.count; i++)
        sprintf(got + strlen(got), "|%.*s", STR_ARG(found.name[i]));
    assert_string_equal(got, want);
    assert_int_equal(found.born, born);
}

TEST(words_written_as_names_are_read)
{
    check("Seen with John Smith outside.", "|John Smith", 0);
    check("checks on IMOGEN WATERHOUSE, no trace", "|IMOGEN WATERHOUSE", 0);
    check("A car driven by SMITH, John was stopped", "|SMITH, John", 0);
    check("owner is Mr. Jan van der Berg of Leeds", "|Mr. Jan van der Berg", 0);
    check("called Mary-Anne O'Brien by all", "|Mary-Anne O'Brien", 0);
    check("Named as Ng\xc5\xa9 Th\xc3\xa1i S\xc6\xa1n, no more", "|Ngu Thai Son", 0);
    check("male named Jisoo Park", "|Jisoo Park", 0);
    check("sold by J. R. Hartley", "", 0); /* one word and two initials */
    check("sold by John R. Hartley", "|John R. Hartley", 0);
}

TEST(other_words_with_capitals_are_not)
{
    check("Seen outside. No trace.", "", 0);
    check("lives in Harbour Street, near Victoria Park Road", "", 0);
    check("passed to North Wales Police on Friday", "", 0);
    check("works at Marks Brothers Ltd, Leeds", "", 0);
    check("details from CCTV, VRM AB12 CDE", "", 0);
    check("One Two Three Four Five Six", "", 0);
    check("", "", 0);
}

TEST(an_officer_named_by_rank_is_not_the_person)
{
    check("seen by PC Jane Smith and Insp. Tom Jones", "", 0);
    check("PC Jane Smith spoke to Peter Okafor", "|Peter Okafor", 0);
}

TEST(of_a_text_all_in_capitals_only_what_is_called_a_name_is_read)
{
    check("MALE SEEN NEAR SHOP WITH RED BAG", "", 0);
    check("MALE KNOWN AS JOHN SMITH SEEN NEAR SHOP", "|JOHN SMITH", 0);
    check("VEHICLE STOPPED. DRIVER ALIAS JOHN SMITH, NO TRACE", "|JOHN SMITH", 0);
}

TEST(at_most_three_people_are_read)
{
    check("with Ann Archer, Bob Baker; Cat Cole. Dan Drake left",
          "|Ann Archer|Bob Baker|Cat Cole", 0);
}

TEST(the_date_beside_the_only_name_is_read)
{
    check("it was John Smith born 1984-03-12, checked", "|John Smith", 19840312);
    check("it was John Smith DOB: 12/03/1984.", "|John Smith", 19840312);
    check("it was John Smith DOB 12/03/84", "|John Smith", 0); /* of which century? */
    check("it was John Smith on 12/03/1984", "|John Smith", 0);
    check("John Smith born 31/02/1984", "|John Smith", 0);
    check("John Smith born 1984-03-12 and Tom Jones", "|John Smith|Tom Jones", 0);
    check("John Smith born 1984-03-12 or born 1985-03-12", "|John Smith", 0);
}

TEST(a_long_text_is_read_at_its_beginning)
{
    char *text = memory_new(20000, 1);

    memset(text, 'x', 19000);
    memcpy(text + 100, " John Smith ", 12);
    memcpy(text + 18000, " Peter Okafor ", 14);
    check(text, "|John Smith", 0);
    free(text);
}

TEST(only_who_has_no_other_name_is_read_from_the_text)
{
    struct person person = {.field[FIELD_TEXT] =
                                str_of("it was John SMITH born 1984-03-12")};
    struct names names;

    names_of(&person, &names);
    assert_int_equal(names.surname_count, 1);
    assert_string_equal(names.surname[0].text, "SMITH");
    assert_int_equal(names.surname[0].kind, NAME_OTHER);
    assert_string_equal(names.forename[0].text, "JOHN");
    assert_int_equal(names.forename[0].kind, NAME_OTHER);
    assert_int_equal(names.born, 19840312);

    person.field[FIELD_FORENAMES] = str_of("Peter");
    names_of(&person, &names);
    assert_int_equal(names.surname_count, 0);
    assert_string_equal(names.forename[0].text, "PETER");
    assert_int_equal(names.born, 0);
}

TESTS(IT(words_written_as_names_are_read), IT(other_words_with_capitals_are_not),
      IT(an_officer_named_by_rank_is_not_the_person),
      IT(of_a_text_all_in_capitals_only_what_is_called_a_name_is_read),
      IT(at_most_three_people_are_read), IT(the_date_beside_the_only_name_is_read),
      IT(a_long_text_is_read_at_its_beginning),
      IT(only_who_has_no_other_name_is_read_from_the_text))
