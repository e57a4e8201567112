/* Fuzz bytes as the lines of an export or proof. */
#ifndef FUZZ_LEDGER_TEXT_H
#define FUZZ_LEDGER_TEXT_H

#include "ledger/ledger.h"

#include <string.h>

static bool fuzz_next(void *context, struct str *line, bool *more, struct err *err)
{
    struct str *rest = context;
    const char *newline = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

    *more = rest->len > 0;
    if (!*more)
        return true;
    if (!newline)
        return err_set(err, ERR_INPUT, "the last line breaks off");
    *line = (struct str){rest->at, (size_t)(newline - rest->at)};
    rest->at += line->len + 1;
    rest->len -= line->len + 1;
    return true;
}

static inline struct ledger_lines fuzz_lines(struct str *text)
{
    return (struct ledger_lines){text, fuzz_next};
}

#endif
