#include "text/text.h"

#include <assert.h>

static const char *const field_names[] = {
    [FIELD_ID] = "id",
    [FIELD_FORENAMES] = "forenames",
    [FIELD_SURNAME] = "surname",
    [FIELD_OTHER_NAMES] = "other_names",
    [FIELD_FULL_NAME] = "full_name",
    [FIELD_DATE_OF_BIRTH] = "date_of_birth",
    [FIELD_SEX] = "sex",
    [FIELD_POSTCODE] = "postcode",
    [FIELD_PREVIOUS_POSTCODES] = "previous_postcodes",
    [FIELD_ADDRESS] = "address",
    [FIELD_PHONES] = "phones",
    [FIELD_EMAILS] = "emails",
    [FIELD_NATIONAL_INSURANCE_NO] = "national_insurance_no",
    [FIELD_STAFF_NUMBERS] = "staff_numbers",
    [FIELD_VEHICLES] = "vehicles",
    [FIELD_RECORD_ID] = "record_id",
    [FIELD_ROLE] = "role",
    [FIELD_SOURCE_FORCE] = "source_force",
    [FIELD_RECORD_TYPE] = "record_type",
    [FIELD_EVENT_DATE] = "event_date",
    [FIELD_GRADING] = "grading",
    [FIELD_HANDLING] = "handling",
    [FIELD_TEXT] = "text",
};

static_assert(COUNT(field_names) == FIELD_COUNT, "every field has a name");

const char *field_name(enum field field)
{
    return field_names[field];
}

bool field_named(struct str name, enum field *field)
{
    for (unsigned i = 0; i < FIELD_COUNT; i++)
        if (str_same(name, str_of(field_names[i]))) {
            *field = (enum field)i;
            return true;
        }
    return false;
}
