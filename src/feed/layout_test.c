#include "feed/layout.h"

#include "test/test.h"

/* The layout of a header written with commas; false with err. */
static bool layout_of(const char *header, enum feed_side side, const char *map_text,
                      struct arena *arena, struct layout *layout, struct err *err)
{
    struct str rest = str_of(header), part;
    struct json *map = NULL;

    *layout = (struct layout){.columns = arena_alloc(arena, 100 * sizeof(char *))};
    while (str_cut(&rest, ',', &part))
        layout->columns[layout->column_count++] = arena_copy(arena, part);
    if (map_text && !json_parse(str_of(map_text), &map, err))
        return false;
    bool ok = map ? layout_from_map(layout, map, "map.json", "x.csv", arena, err)
                  : layout_from_headings(layout, side, "x.csv", arena, err);

    json_free(map);
    if (ok)
        layout_finish(layout, arena);
    return ok;
}

/* "a+b": the columns that give a field, in order; "" for none. */
static const char *gives(const struct layout *layout, enum field field,
                         struct arena *arena)
{
    const struct gather *gather = layout_gather(layout, field);
    char *text = arena_alloc(arena, 1000);

    for (size_t i = 0; gather && i < gather->count; i++) {
        uint32_t column = gather->columns[i];

        strcat(text, i ? "+" : "");
        strcat(text, column == NO_COLUMN ? "-" : layout->columns[column]);
    }
    return text;
}

static const char *carries(const struct layout *layout, struct arena *arena)
{
    char *text = arena_alloc(arena, 2000);

    for (size_t i = 0; i < layout->carried_count; i++) {
        strcat(text, i ? "," : "");
        strcat(text, layout->columns[layout->carried[i]]);
    }
    return text;
}

static const char hr[] =
    "row_id,force_code,employee_no,collar_or_warrant_no,staff_type,rank_or_grade,"
    "role_title,unit,bcu,title,forename1,forename2,forename3,surname,previous_surnames,"
    "known_as,sex,gender,date_of_birth,place_of_birth,nationality,ethnicity_16plus1,"
    "ni_number,address_line1,address_line2,address_line3,town,county,postcode,"
    "address_from,previous_addresses,home_phone,mobile,personal_email,work_email,"
    "vehicle_vrm,partner_name,partner_dob,start_date,leave_date";

static const char intelligence[] =
    "mention_id,record_id,owning_force,source_system,record_type,event_date,"
    "recorded_date,role,offence_or_incident_code,source_eval,intelligence_eval,"
    "handling,"
    "surname,forename1,forename2,name_type,sex,dob,dob_quality,age_at_event,"
    "ethnicity_officer_defined,ethnicity_self_defined,nationality,place_of_birth,"
    "address_text,postcode,phone,email,vrm,pnc_id,occupation_text,employer_text,"
    "markers,"
    "free_text,review_group,review_date";

TEST(the_columns_of_an_hr_extract_are_known_without_a_map)
{
    static const struct {
        enum field field;
        const char *columns;
    } wanted[] = {
        {FIELD_ID,                    "row_id"                                        },
        {FIELD_FORENAMES,             "forename1+forename2+forename3"                 },
        {FIELD_SURNAME,               "surname"                                       },
        {FIELD_OTHER_NAMES,           "previous_surnames+known_as"                    },
        {FIELD_DATE_OF_BIRTH,         "date_of_birth"                                 },
        {FIELD_SEX,                   "sex"                                           },
        {FIELD_POSTCODE,              "postcode"                                      },
        {FIELD_PREVIOUS_POSTCODES,    "previous_addresses"                            },
        {FIELD_ADDRESS,               "address_line1+address_line2+address_line3+town"},
        {FIELD_PHONES,                "home_phone+mobile"                             },
        {FIELD_EMAILS,                "personal_email+work_email"                     },
        {FIELD_NATIONAL_INSURANCE_NO, "ni_number"                                     },
        {FIELD_STAFF_NUMBERS,         "collar_or_warrant_no+employee_no"              },
        {FIELD_VEHICLES,              "vehicle_vrm"                                   },
    };
    struct arena *arena = arena_new();
    struct layout layout;
    struct err err;

    assert_true(layout_of(hr, FEED_WORKFORCE, NULL, arena, &layout, &err));

    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_string_equal(gives(&layout, wanted[i].field, arena), wanted[i].columns);
    assert_int_equal(layout.gather_count, COUNT(wanted));
    assert_string_equal(carries(&layout, arena),
                        "force_code,staff_type,rank_or_grade,role_title,unit,bcu,title,"
                        "gender,place_of_birth,nationality,ethnicity_16plus1,county,"
                        "address_from,partner_name,partner_dob,start_date,leave_date");
    arena_free(arena);
}

TEST(the_columns_of_an_intelligence_extract_are_known_without_a_map)
{
    static const struct {
        enum field field;
        const char *columns;
    } wanted[] = {
        {FIELD_ID,            "mention_id"                   },
        {FIELD_FORENAMES,     "forename1+forename2"          },
        {FIELD_SURNAME,       "surname"                      },
        {FIELD_DATE_OF_BIRTH, "dob"                          },
        {FIELD_SEX,           "sex"                          },
        {FIELD_POSTCODE,      "postcode"                     },
        {FIELD_ADDRESS,       "address_text"                 },
        {FIELD_PHONES,        "phone"                        },
        {FIELD_EMAILS,        "email"                        },
        {FIELD_VEHICLES,      "vrm"                          },
        {FIELD_RECORD_ID,     "record_id"                    },
        {FIELD_ROLE,          "role"                         },
        {FIELD_SOURCE_FORCE,  "owning_force"                 },
        {FIELD_RECORD_TYPE,   "record_type"                  },
        {FIELD_EVENT_DATE,    "event_date"                   },
        {FIELD_GRADING,       "source_eval+intelligence_eval"},
        {FIELD_HANDLING,      "handling"                     },
        {FIELD_TEXT,          "free_text"                    },
    };
    struct arena *arena = arena_new();
    struct layout layout;
    struct err err;

    assert_true(layout_of(intelligence, FEED_INTELLIGENCE, NULL, arena, &layout, &err));

    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_string_equal(gives(&layout, wanted[i].field, arena), wanted[i].columns);
    assert_int_equal(layout.gather_count, COUNT(wanted));
    assert_string_equal(
        carries(&layout, arena),
        "source_system,recorded_date,offence_or_incident_code,name_type,"
        "dob_quality,age_at_event,ethnicity_officer_defined,"
        "ethnicity_self_defined,nationality,place_of_birth,pnc_id,"
        "occupation_text,employer_text,markers,review_group,review_date");
    arena_free(arena);
}

TEST(every_field_is_known_by_its_own_name)
{
    struct arena *arena = arena_new();
    char *header = arena_alloc(arena, 1000);
    struct layout layout;
    struct err err;

    for (enum field field = 0; field < FIELD_COUNT; field++) {
        strcat(header, field ? "," : "");
        strcat(header, field_name(field));
    }
    assert_true(layout_of(header, FEED_INTELLIGENCE, NULL, arena, &layout, &err));

    for (enum field field = 0; field < FIELD_COUNT; field++)
        assert_string_equal(gives(&layout, field, arena), field_name(field));
    assert_int_equal(layout.carried_count, 0);
    arena_free(arena);
}

TEST(the_table_of_headings_is_sound)
{
    char key[64];

    for (size_t i = 0; i < heading_count; i++) {
        heading_key(headings[i].key, key, sizeof(key));
        assert_string_equal(headings[i].key, key);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(headings[i].key, headings[j].key);
    }
    for (size_t i = 0; i < id_heading_count; i++) {
        heading_key(id_headings[i], key, sizeof(key));
        assert_string_equal(id_headings[i], key);
    }
}

TEST(what_stands_in_a_column_follows_from_all_the_headings)
{
    static const struct {
        const char *header;
        enum field field;
        const char *columns;
    } cases[] = {
        {"Employee No,Surname",                 FIELD_ID,                 "Employee No"           },
        {"Employee No,Surname",                 FIELD_STAFF_NUMBERS,      "Employee No"           },
        {"unique_id,employee_no,surname",       FIELD_ID,                 "unique_id"             },
        {"unique_id,employee_no,surname",       FIELD_STAFF_NUMBERS,      "employee_no"           },
        {"record_id,last-name",                 FIELD_ID,                 "record_id"             },
        {"ID,MIDDLE NAME,First.Name",           FIELD_FORENAMES,          "First.Name+MIDDLE NAME"},
        {"id,last_name,surname",                FIELD_SURNAME,            "surname"               },
        {"id,last_name,surname",                FIELD_OTHER_NAMES,        "last_name"             },
        {"id,gender,surname",                   FIELD_SEX,                "gender"                },
        {"id,name,work,home_postcode,postcode", FIELD_PREVIOUS_POSTCODES,
         "home_postcode"                                                                          },
        {"id,name,DOB_MON,DOB_YEAR,DOB_DAY",    FIELD_DATE_OF_BIRTH,
         "DOB_DAY+DOB_MON+DOB_YEAR"                                                               },
        {"id,name,birth_year",                  FIELD_DATE_OF_BIRTH,      "-+-+birth_year"        },
        {"id,name,birth_year,dob",              FIELD_DATE_OF_BIRTH,      "dob"                   },
        {"id,name,role",                        FIELD_ROLE,               ""                      },
        {"id,name,ethnicity,nationality",       FIELD_SEX,                ""                      },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct layout layout;
        struct err err;

        assert_true(
            layout_of(cases[i].header, FEED_PEOPLE, NULL, arena, &layout, &err));
        assert_string_equal(gives(&layout, cases[i].field, arena), cases[i].columns);
    }
    arena_free(arena);
}

TEST(with_a_map_only_what_it_names_is_a_field)
{
    static const char header[] = "PERSON_ID,PERNAME1,PERNAME2,SEX,DOB_DAY,DOB_MON,"
                                 "DOB_YEAR,ENUMCAP,ENUMPC,CENSUS_ID,mobile";
    static const char map[] =
        "{\"id\":\"CENSUS_ID\",\"forenames\":[\"PERNAME1\"],\"surname\":\"PERNAME2\","
        "\"date_of_birth\":{\"day\":\"DOB_DAY\",\"month\":\"DOB_MON\",\"year\":"
        "\"DOB_YEAR\"},\"postcode\":\"ENUMPC\",\"address\":[\"ENUMCAP\"]}";
    struct arena *arena = arena_new();
    struct layout layout;
    struct err err;

    assert_true(layout_of(header, FEED_PEOPLE, map, arena, &layout, &err));

    assert_string_equal(gives(&layout, FIELD_ID, arena), "CENSUS_ID");
    assert_string_equal(gives(&layout, FIELD_DATE_OF_BIRTH, arena),
                        "DOB_DAY+DOB_MON+DOB_YEAR");
    assert_string_equal(gives(&layout, FIELD_PHONES, arena), "");
    assert_string_equal(carries(&layout, arena), "PERSON_ID,SEX,mobile");
    arena_free(arena);
}

/* "name:kind=a+b;" of each other column, in their order. */
static const char *compares(const struct layout *layout, struct arena *arena)
{
    char *text = arena_alloc(arena, 2000);

    for (size_t i = 0; i < layout->other_count; i++) {
        const struct gather *gather = &layout->other_gathers[i];

        strcat(strcat(text, layout->others[i].name), ":");
        strcat(strcat(text, other_kind_name(layout->others[i].kind)), "=");
        for (size_t k = 0; k < gather->count; k++)
            strcat(strcat(text, k ? "+" : ""), layout->columns[gather->columns[k]]);
        strcat(text, ";");
    }
    return text;
}

TEST(other_columns_of_a_map_stand_in_the_order_of_their_names)
{
    static const char header[] = "ID,NAME,TOWN,NO,JOB,GRADE,X";
    static const char map[] =
        "{\"id\":\"ID\",\"surname\":\"NAME\",\"compare\":{\"town\":\"TOWN\",\"code\":"
        "{\"kind\":\"word\",\"column\":\"X\"},\"job\":[\"GRADE\",\"JOB\"],\"number\":"
        "{\"column\":[\"NO\"],\"kind\":\"number\"}}}";
    struct arena *arena = arena_new();
    struct layout layout;
    struct err err;

    assert_true(layout_of(header, FEED_PEOPLE, map, arena, &layout, &err));
    assert_string_equal(compares(&layout, arena),
                        "code:word=X;job:text=GRADE+JOB;number:number=NO;"
                        "town:text=TOWN;");
    assert_string_equal(carries(&layout, arena), "");
    arena_free(arena);
}

TEST(other_columns_that_cannot_be_compared_are_named)
{
    static const struct {
        const char *compare, *says;
    } cases[] = {
        {"7",                                             "compare: want {"            },
        {"{\"a\":3}",                                     "compare: a: want"           },
        {"{\"a\":[]}",                                    "compare: a: want"           },
        {"{\"a\":{\"kind\":\"text\"}}",                   "compare: a: want"           },
        {"{\"a\":{\"column\":\"X\",\"kind\":\"date\"}}",  "compare: a: want"           },
        {"{\"a\":{\"column\":\"X\",\"kid\":\"text\"}}",   "compare: a: want"           },
        {"{\"a\":\"TWON\"}",                              "nearest heading is \"TOWN\""},
        {"{\"A\":\"TOWN\"}",                              "\"A\" is one too many"      },
        {"{\"a-b\":\"TOWN\"}",                            "\"a-b\" is one too many"    },
        {"{\"a\":\"X\",\"b\":\"X\",\"c\":\"X\",\"d\":\"X\",\"e\":\"X\",\"f\":\"X\","
         "\"g\":\"X\",\"h\":\"X\",\"i\":\"X\"}", "\"i\" is one too many"      },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *arena = arena_new();
        struct layout layout;
        struct err err;
        char map[512];

        snprintf(map, sizeof(map),
                 "{\"id\":\"ID\",\"surname\":\"NAME\",\"compare\":%s}",
                 cases[i].compare);
        assert_false(
            layout_of("ID,NAME,TOWN,X", FEED_PEOPLE, map, arena, &layout, &err));
        assert_int_equal(err.code, ERR_INPUT);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].compare, err.text);
        arena_free(arena);
    }
}

TEST(a_layout_that_cannot_be_used_names_the_nearest_heading)
{
    static const struct {
        const char *header, *map, *says;
    } cases[] = {
        {"ident,surname",  NULL,                                                    "nearest heading is \"ident\""  },
        {"id,sur_nam,dob", NULL,                                                    "nearest heading is \"sur_nam\""},
        {"SMITH,JOHN,33",  NULL,                                                    "no heading of its first line"  },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"surname\":\"SNAMES\"}",
         "nearest heading is \"SNAME\""                                                                             },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"surnam\":\"SNAME\"}",
         "the nearest is \"surname\""                                                                               },
        {"A_ID,SNAME",     "{\"surname\":\"SNAME\"}",                               "add {\"id\""                   },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\"}",                                     "surname, forenames or"         },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"surname\":7}",                       "want a column"                 },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"surname\":[]}",                      "want a column"                 },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"surname\":{\"day\":\"x\"}}",
         "want a column"                                                                                            },
        {"A_ID,SNAME",     "{\"id\":\"A_ID\",\"date_of_birth\":{\"d\":\"SNAME\"}}",
         "and no other names"                                                                                       },
        {"SMITH,JOHN",     "{\"id\":\"A_ID\",\"surname\":\"SNAME\"}",
         "none of the columns"                                                                                      },
        {"A_ID,SNAME",     "[1]",                                                   "want an object"                },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct layout layout;
        struct err err = {0};

        assert_false(layout_of(cases[i].header, FEED_PEOPLE, cases[i].map, arena,
                               &layout, &err));
        assert_int_equal(err.code, ERR_INPUT);
        if (!strstr(err.text, cases[i].says))
            fail_msg("\"%s\" does not say %s", err.text, cases[i].says);
        assert_null(strstr(err.text, "SMITH"));
    }
    arena_free(arena);
}

TESTS(IT(the_columns_of_an_hr_extract_are_known_without_a_map),
      IT(the_columns_of_an_intelligence_extract_are_known_without_a_map),
      IT(every_field_is_known_by_its_own_name), IT(the_table_of_headings_is_sound),
      IT(what_stands_in_a_column_follows_from_all_the_headings),
      IT(with_a_map_only_what_it_names_is_a_field),
      IT(other_columns_of_a_map_stand_in_the_order_of_their_names),
      IT(other_columns_that_cannot_be_compared_are_named),
      IT(a_layout_that_cannot_be_used_names_the_nearest_heading))
