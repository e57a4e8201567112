/*
 * One text of SQL for both back ends: what has to change for PostgreSQL.
 */
#include "store/backend.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies what is quoted, 'text', as it stands; returns its length, 0 if nothing is. */
static size_t quoted(const char *at)
{
    if (*at != '\'')
        return 0;
    const char *end = strchr(at + 1, '\'');

    return end ? (size_t)(end - at) + 1 : strlen(at);
}

char *sql_numbered(const char *text)
{
    struct out *out = out_memory();
    unsigned number = 0;

    while (*text) {
        size_t size = quoted(text);

        if (size == 0 && *text == '?')
            out_format(out, "$%u", ++number);
        else
            out_bytes(out, text, size ? size : 1);
        text += size ? size : 1;
    }
    return out_take(out);
}

/* Words of a column's type, and the mark that SQLite checks it. Texts sort by their
 * bytes, as in SQLite, whatever the server's language. */
static const struct word {
    const char *ours;
    const char *theirs;
} words[] = {
    {"INTEGER", "BIGINT"            },
    {"TEXT",    "TEXT COLLATE \"C\""},
    {"BLOB",    "BYTEA"             },
    {"STRICT",  ""                  },
};

static bool word_put(struct out *out, struct str word)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_same(word, str_of(words[i].ours))) {
            out_text(out, words[i].theirs);
            return true;
        }
    return false;
}

static size_t comment(const char *at)
{
    return strncmp(at, "--", 2) == 0 ? strcspn(at, "\n") : 0;
}

char *sql_postgres_schema(const char *text)
{
    struct out *out = out_memory();

    while (*text) {
        size_t size = quoted(text);

        if (size == 0)
            size = comment(text);
        if (size == 0) {
            while (isalnum((unsigned char)text[size]) || text[size] == '_')
                size++;
            if (size && word_put(out, (struct str){text, size})) {
                text += size;
                continue;
            }
        }
        size = size ? size : 1;
        out_bytes(out, text, size);
        text += size;
    }
    return out_take(out);
}
