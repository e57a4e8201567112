#include "cli/cli.h"

#include <errno.h>
#include <string.h>

FILE *result_open(bool data_on_stdout)
{
    return data_on_stdout ? stderr : stdout;
}

bool result_close(FILE *result, struct err *err)
{
    if (fflush(result) == 0 && !ferror(result))
        return true;
    return err_set(err, ERR_ENVIRONMENT,
                   "the result cannot be written: %s; free space or write elsewhere",
                   strerror(errno));
}

void json_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            fprintf(to, "\\u%04x", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
}
