/*
 * workforce: who works here, since when, in which post, under which names?
 *
 * An extract of a personnel system becomes people with versions, names and addresses
 * with the days on which they came and went, units, posts and periods of employment.
 * The same extract twice changes nothing. A full extract says who is here: whoever it
 * does not name has left. A delta says what changed.
 *
 * Forces are apart: nothing in an import for one touches another.
 */
#ifndef WORKFORCE_WORKFORCE_H
#define WORKFORCE_WORKFORCE_H

#include "feed/feed.h"
#include "store/store.h"

#define WORKFORCE_FORCE_MAX 64 /* bytes of a force's id */

/* A full extract that lacks this many of a hundred people who were here is refused. */
#define WORKFORCE_DROP_PERCENT 5

struct workforce_settings {
    const char *path; /* a file: it may be read twice */
    const char *map_path;
    const char *rejected_path;
    const char *force; /* whose extract it is; NULL: a column says */
    bool delta;
    bool confirm_drop;
    int32_t today; /* yyyymmdd: on which leavers have left and names were replaced */
};

/* What an import did for one force. */
struct workforce_force {
    char id[WORKFORCE_FORCE_MAX + 1];
    uint64_t rows;    /* of the extract */
    uint64_t before;  /* people here before */
    uint64_t after;   /* and after */
    uint64_t joined;  /* new, or here again */
    uint64_t changed; /* something about them, or their employment */
    uint64_t left;    /* by a leaving date, or missing from a full extract */
    uint64_t unchanged;
    uint64_t missing;      /* were here, and the full extract does not name them */
    uint64_t kept;         /* of them, kept because rows were set aside */
    bool absent;           /* has people here, and the full extract has no row of it */
    char fields_gone[256]; /* "postcode, sex": in the last extract, not in this */
};

struct workforce_report {
    struct workforce_force *forces; /* by id */
    size_t force_count;
    uint64_t rows;
    uint64_t set_aside;  /* rows */
    uint64_t complaints; /* lines in the set-aside file */
};

/*
 * One transaction: all of the extract or nothing. ERR_REFUSED if a full extract lacks
 * too many; the report then says of which force. The set-aside file is written if there
 * is something to say. The report is the caller's in any case: workforce_report_free.
 * Needs store_unlock.
 */
bool workforce_import(struct store *store, const struct workforce_settings *settings,
                      struct workforce_report *report, struct err *err) MUST_CHECK;
void workforce_report_free(struct workforce_report *report);

#endif
