/*
 * From values and tables to people, in the way that rows of a file are read: trimmed,
 * dates read, postcodes taken out of former addresses.
 */
#include "library/inner.h"

#include "feed/feed.h"

#include <string.h>

CANDOUR_API uint32_t candour_field_count(void)
{
    return FIELD_COUNT;
}

CANDOUR_API const char *candour_field_name(uint32_t field)
{
    return field < FIELD_COUNT ? field_name((enum field)field) : NULL;
}

CANDOUR_API bool candour_field_compared(uint32_t field)
{
    return field > FIELD_ID && field < FIELD_RECORD_ID;
}

static bool field_find(const char *name, uint32_t *seen, enum field *field,
                       struct err *err)
{
    if (!name || !field_named(str_of(name), field))
        return err_set(err, ERR_INPUT,
                       "no field is called \"%.40s\"; candour_field_name() lists them",
                       name ? name : "");
    if (*seen & 1u << *field)
        return err_set(err, ERR_INPUT,
                       "the field %s is given twice; write its values with | between",
                       field_name(*field));
    *seen |= 1u << *field;
    return true;
}
_Static_assert(FIELD_COUNT <= 32, "fields seen are bits of a word");

/* What is wrong with a value; NULL if nothing. */
static const char *text_fault(struct str value)
{
    if (value.len == 0)
        return NULL;
    if (!value.at)
        return "has a length and no text";
    if (memchr(value.at, 0, value.len))
        return "holds a zero byte; take it out";
    return text_utf8(value) ? NULL : "is not UTF-8; write it in UTF-8";
}

/* Once all values stand in their fields. */
static void person_settle(struct person *person, struct reading *reading)
{
    struct str *previous = &person->field[FIELD_PREVIOUS_POSTCODES];
    struct str *born = &person->field[FIELD_DATE_OF_BIRTH];

    *previous = feed_postcodes(*previous, reading->arena);
    if (date_read(*born, reading->pivot_year, &person->born) != DATE_UNREADABLE)
        return;
    *born = (struct str){NULL, 0};
    person->born = 0;
    reading->unread_dates++;
}

bool values_read(const struct candour_value values[], size_t count,
                 struct reading *reading, struct person *person, struct err *err)
{
    uint32_t seen = 0;

    *person = (struct person){.row = 1};
    for (size_t i = 0; i < count; i++) {
        const struct candour_value *value = &values[i];
        struct str text = {value->text, value->length};
        enum field field = FIELD_ID;

        if (!field_find(value->field, &seen, &field, err))
            return false;
        if (value->length == CANDOUR_ZERO_ENDED)
            text.len = value->text ? strlen(value->text) : 0;

        const char *fault = text_fault(text);

        if (fault)
            return err_set(err, ERR_INPUT, "%s %s", field_name(field), fault);
        person->field[field] = str_trim(text);
    }
    person_settle(person, reading);
    return true;
}

/* ---- tables ---------------------------------------------------------------------------- */

static struct str value_at(const struct candour_column *column, size_t row)
{
    int64_t from = column->offsets[row], to = column->offsets[row + 1];

    return (struct str){column->bytes ? column->bytes + from : NULL,
                        (size_t)(to - from)};
}

static bool column_check(const struct candour_column *column, size_t row_count,
                         struct err *err)
{
    if (!column->offsets)
        return err_set(err, ERR_INPUT, "column %s has no offsets", column->field);
    if (column->offsets[0] < 0)
        return err_set(err, ERR_INPUT, "column %s: the first offset is below 0",
                       column->field);
    for (size_t row = 0; row < row_count; row++) {
        if (column->offsets[row + 1] < column->offsets[row])
            return err_set(err, ERR_INPUT, "column %s: offsets fall after row %zu",
                           column->field, row);
        const char *fault = text_fault(value_at(column, row));

        if (fault)
            return err_set(err, ERR_INPUT, "row %zu: %s %s", row, column->field, fault);
    }
    return true;
}

bool rows_open(const struct candour_table *table, struct rows *rows, struct err *err)
{
    uint32_t seen = 0;

    if (table->row_count > UINT32_MAX)
        return err_set(err, ERR_INPUT,
                       "more than 4,294,967,295 rows in a table: give it in parts");
    *rows = (struct rows){.table = *table};
    for (size_t i = 0; i < table->column_count; i++) {
        enum field field = FIELD_ID;

        /* each field once, so that there are never more columns than fields */
        if (!field_find(table->columns[i].field, &seen, &field, err) ||
            !column_check(&table->columns[i], table->row_count, err))
            return false;
        rows->field[i] = field;
    }
    return true;
}

void row_read(const struct rows *rows, size_t row, struct reading *reading,
              struct person *person)
{
    *person = (struct person){.row = row + 1};
    for (size_t i = 0; i < rows->table.column_count; i++)
        person->field[rows->field[i]] =
            str_trim(value_at(&rows->table.columns[i], row));
    person_settle(person, reading);
}
