#include "feed/rows.h"

#include <string.h>
#include <time.h>

struct filling {
    struct person *person;
    char unknown[64]; /* a name that is no field's */
};

static bool fill(void *context, const struct json_member *member)
{
    struct filling *filling = context;
    enum field field;

    if (!field_named(member->name, &field)) {
        size_t n = member->name.len < sizeof(filling->unknown) - 1
                       ? member->name.len
                       : sizeof(filling->unknown) - 1;

        memcpy(filling->unknown, member->name.at, n);
        filling->unknown[n] = 0;
        return true;
    }
    if (filling->person->field[field].at)
        return false;
    filling->person->field[field] = str_trim(member->value);
    return true;
}

static int year_now(void)
{
    time_t now = time(NULL);
    struct tm parts;

    return localtime_r(&now, &parts) ? parts.tm_year + 1900 : 2000;
}

bool feed_person_json(struct str object, struct arena *arena, struct person *person,
                      struct err *err)
{
    struct filling filling = {.person = person};
    const struct json_visitor visitor = {&filling, fill};
    const char *names[FIELD_COUNT];

    *person = (struct person){.row = 1};
    if (!text_utf8(object))
        return err_set(err, ERR_INPUT, "the person is not UTF-8: write it in UTF-8");
    const char *problem =
        json_line_read(arena_copy(arena, object), object.len, &visitor);

    if (problem)
        return err_set(
            err, ERR_INPUT,
            "the person cannot be read: %s; write it as {\"surname\": \"...\", "
            "\"date_of_birth\": \"1984-03-12\"}",
            problem);
    for (enum field field = 0; field < FIELD_COUNT; field++)
        names[field] = field_name(field);
    if (filling.unknown[0])
        return err_set(err, ERR_INPUT,
                       "no field is called \"%s\"; the nearest is \"%s\"",
                       filling.unknown, nearest(filling.unknown, names, COUNT(names)));
    if (date_read(person->field[FIELD_DATE_OF_BIRTH], year_now(), &person->born) ==
        DATE_UNREADABLE)
        return err_set(err, ERR_INPUT,
                       "date_of_birth is not a date: write it as 1984-03-12");
    return true;
}
