/*
 * JSON documents by jansson, whose types stay in this file: a struct json is one of
 * its values under our name.
 */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* A map or model is small; a larger file was given by mistake. */
enum { DOCUMENT_MAX = 256 << 20 };

static const json_t *inner(const struct json *value)
{
    return (const json_t *)(const void *)value;
}

static const struct json *outer(const json_t *value)
{
    return (const struct json *)(const void *)value;
}

bool json_parse(struct str text, struct json **document, struct err *err)
{
    json_error_t problem;
    json_t *root = json_loadb(text.at ? text.at : "", text.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);

    if (!root)
        return err_set(err, ERR_INPUT,
                       "not JSON: line %d, column %d; check the commas, quotes and "
                       "brackets there",
                       problem.line, problem.column);
    *document = (struct json *)(void *)root;
    return true;
}

bool json_read(const char *path, struct json **document, struct err *err)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0, room = 0;

    if (!file)
        return err_set(err, ERR_INPUT, "%s: cannot be read: %s; check the name", path,
                       strerror(errno));
    for (size_t n = 1; n > 0 && size <= DOCUMENT_MAX; size += n) {
        if (room - size < 65536)
            text = memory_grow(text, room = room * 2 + 131072, 1);
        n = fread(text + size, 1, room - size, file);
    }
    bool failed = ferror(file) != 0;

    fclose(file);
    bool ok = false;

    if (failed)
        err_set(err, ERR_INPUT, "cannot be read; check that it is a file");
    else if (size > DOCUMENT_MAX)
        err_set(err, ERR_INPUT, "too large for a JSON document; check the name");
    else
        ok = json_parse((struct str){text, size}, document, err);
    free(text);
    return ok || err_in(err, "%s", path);
}

void json_free(struct json *document)
{
    if (document)
        json_decref((json_t *)(void *)document);
}

enum json_kind json_kind(const struct json *value)
{
    if (!value || json_is_null(inner(value)))
        return IS_NULL;
    if (json_is_boolean(inner(value)))
        return IS_BOOL;
    if (json_is_number(inner(value)))
        return IS_NUMBER;
    if (json_is_string(inner(value)))
        return IS_TEXT;
    return json_is_array(inner(value)) ? IS_LIST : IS_OBJECT;
}

const struct json *json_get(const struct json *object, const char *name)
{
    return outer(json_object_get(inner(object), name));
}

const struct json *json_at(const struct json *list, size_t index)
{
    return outer(json_array_get(inner(list), index));
}

size_t json_count(const struct json *value)
{
    return json_kind(value) == IS_LIST ? json_array_size(inner(value))
                                       : json_object_size(inner(value));
}

const char *json_text(const struct json *value)
{
    return json_string_value(inner(value));
}

double json_number(const struct json *value, double otherwise)
{
    return json_kind(value) == IS_NUMBER ? json_number_value(inner(value)) : otherwise;
}

bool json_bool(const struct json *value, bool otherwise)
{
    return json_kind(value) == IS_BOOL ? json_is_true(inner(value)) : otherwise;
}

void json_each(const struct json *object, void *context,
               void (*visit)(void *context, const char *name, const struct json *value))
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(void *)(uintptr_t)object, name, value)
        visit(context, name, outer(value));
}
