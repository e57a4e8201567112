#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;

    err->code = code;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return false;
}

bool err_in(struct err *err, const char *format, ...)
{
    char cause[sizeof(err->text)];
    va_list args;

    memcpy(cause, err->text, sizeof(cause));
    va_start(args, format);
    int used = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof(err->text))
        snprintf(err->text + used, sizeof(err->text) - (size_t)used, ": %s", cause);
    return false;
}

int err_exit(enum err_code code)
{
    static const int exits[] = {
        [ERR_NONE] = 0,      [ERR_USAGE] = 2,   [ERR_INPUT] = 3,
        [ERR_NOT_FOUND] = 3, [ERR_REFUSED] = 4, [ERR_ENVIRONMENT] = 5,
        [ERR_STOPPED] = 5,
    };

    return exits[code];
}
