/* A JSON document: read, and every value of it looked at in every way there is. */
#include "base/base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct json *value, unsigned depth);

struct looking {
    unsigned depth;
    size_t members;
};

static void member(void *context, const char *name, const struct json *value)
{
    struct looking *looking = context;

    if (!name)
        abort();
    looking->members++;
    look(value, looking->depth + 1);
}

static void look(const struct json *value, unsigned depth)
{
    struct looking looking = {depth, 0};
    enum json_kind kind = json_kind(value);

    if ((kind == IS_TEXT) != (json_text(value) != NULL))
        abort();
    (void)json_number(value, 0);
    (void)json_bool(value, false);
    for (size_t i = 0; kind == IS_LIST && i < json_count(value); i++)
        look(json_at(value, i), depth + 1);
    json_each(value, &looking, member);
    if (kind == IS_OBJECT && looking.members != json_count(value))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json *document;
    struct err err;

    if (!json_parse((struct str){(const char *)data, size}, &document, &err))
        return 0;
    look(document, 0);
    json_free(document);
    return 0;
}
