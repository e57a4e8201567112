/* Writes the made-up report for the browser: page KIND FILE. */
#include "screen/report_made.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {
    [PAGE_USUAL] = "usual",
    [PAGE_HOSTILE] = "hostile",
    [PAGE_EMPTY] = "empty",
    [PAGE_LARGE] = "large",
};

int main(int argc, char **argv)
{
    struct err err;

    for (unsigned kind = 0; argc == 3 && kind < COUNT(kinds); kind++) {
        if (strcmp(argv[1], kinds[kind]) != 0)
            continue;
        struct report *report = page_new((enum page_kind)kind, argv[2]);
        bool done = report_write(argv[2], report, &err);

        page_free(report);
        if (!done)
            fprintf(stderr, "%s\n", err.text);
        return done ? 0 : 1;
    }
    fprintf(stderr, "use: page usual|hostile|empty|large FILE\n");
    return 2;
}
