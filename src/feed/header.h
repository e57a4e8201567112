/*
 * header: what the first bytes of a file say: CSV or JSON lines, which separator,
 * which columns.
 */
#ifndef FEED_HEADER_H
#define FEED_HEADER_H

#include "feed/rows.h"

struct header {
    bool json;
    struct split_rule rule;
    size_t size;   /* bytes before the first data row */
    uint64_t hash; /* of the header row: a file read twice must not have changed */
};

/*
 * `text` is the beginning of the file without a byte order mark, or all of it
 * (`whole`), ended by a newline. Fills the names of the columns.
 */
bool header_read(struct str text, bool whole, const char *path, struct header *header,
                 struct layout *layout, struct arena *arena,
                 struct err *err) MUST_CHECK;

#endif
