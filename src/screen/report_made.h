/* A made-up report for tests: every role, every band, missing and hostile values. */
#ifndef SCREEN_REPORT_MADE_H
#define SCREEN_REPORT_MADE_H

#include "screen/screen.h"

enum page_kind {
    PAGE_USUAL,   /* as a wash of a small force would give */
    PAGE_HOSTILE, /* mark-up and script in every field */
    PAGE_EMPTY,   /* nothing found */
    PAGE_LARGE,   /* two thousand cards */
};

/* The hits' totals agree with the summary, bands and histogram. `path` is only named. */
struct report *page_new(enum page_kind kind, const char *path);
void page_free(struct report *report);

#define HOSTILE "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;"

#endif
