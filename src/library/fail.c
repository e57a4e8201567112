/* Errors as they leave the library, and structs that may grow. */
#include "library/inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)CANDOUR_USAGE == (int)ERR_USAGE &&
                   (int)CANDOUR_INPUT == (int)ERR_INPUT &&
                   (int)CANDOUR_NOT_FOUND == (int)ERR_NOT_FOUND &&
                   (int)CANDOUR_REFUSED == (int)ERR_REFUSED &&
                   (int)CANDOUR_ENVIRONMENT == (int)ERR_ENVIRONMENT,
               "codes of the library are those of the house");

CANDOUR_API const char *candour_version(void)
{
    return CANDOUR_VERSION;
}

bool fail(struct candour_error *to, const struct err *err)
{
    if (to) {
        to->code = (int32_t)err->code;
        snprintf(to->text, sizeof(to->text), "%.*s", (int)sizeof(to->text) - 1,
                 err->text);
    }
    return false;
}

bool fail_with(struct candour_error *to, enum err_code code, const char *format, ...)
{
    va_list args;

    if (to) {
        to->code = (int32_t)code;
        va_start(args, format);
        vsnprintf(to->text, sizeof(to->text), format, args);
        va_end(args);
    }
    return false;
}

static size_t size_of(const void *sized)
{
    size_t size;

    memcpy(&size, sized, sizeof(size));
    return size;
}

bool struct_take(void *ours, size_t our_size, const void *theirs, size_t least,
                 struct candour_error *error)
{
    size_t size = size_of(theirs);

    if (size < least)
        return fail_with(error, ERR_USAGE,
                         "the size of a struct is not set; begin with .size = "
                         "sizeof(it)");
    memset(ours, 0, our_size);
    memcpy(ours, theirs, size < our_size ? size : our_size);
    return true;
}

bool struct_give(void *theirs, const void *ours, size_t our_size, size_t least,
                 struct candour_error *error)
{
    size_t size = size_of(theirs);
    size_t common = size < our_size ? size : our_size;

    if (size < least)
        return fail_with(error, ERR_USAGE,
                         "the size of a struct is not set; begin with .size = "
                         "sizeof(it)");
    memcpy((char *)theirs + sizeof(size), (const char *)ours + sizeof(size),
           common - sizeof(size));
    memset((char *)theirs + common, 0, size - common);
    return true;
}

bool chance_read(double chance, const char *name, uint32_t otherwise,
                 uint32_t *millionths, struct candour_error *error)
{
    if (chance == 0) {
        *millionths = otherwise;
        return true;
    }
    if (!(chance >= 0.000001 && chance <= 0.999999))
        return fail_with(error, ERR_USAGE,
                         "%s: want a number from 0.000001 to 0.999999, or 0 for the "
                         "default",
                         name);
    *millionths = (uint32_t)(chance * 1e6 + 0.5);
    return true;
}
