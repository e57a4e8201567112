/*
 * tables: the name and place tables of rulebook/sample, read once and drawn from.
 *
 * Text format, the same for all files:
 *
 *   # comment
 *   [section]
 *   Smith=120, Jones=95, Taylor      names in order of commonness, with weights
 *   tail faker-pl                    append the same section of another file
 *
 * A name without a weight continues the curve of the last one that has a weight:
 * weight x (its rank + 8) / (own rank + 8), the law of Zipf and Mandelbrot. Sections
 * [variants] (other spellings, all on a par) and [short] (formal name first) hold one
 * group a line.
 */
#ifndef SAMPLE_TABLES_H
#define SAMPLE_TABLES_H

#include "sample/draw.h"

struct name {
    const char *at;                        /* UTF-8, not ended by a zero */
    const struct group *variants, *shorts; /* NULL: none */
    uint8_t len;
};

/* Weighted names, drawn in constant time by the alias method (Walker 1977). */
struct list {
    const struct name *names;
    const struct alias {
        uint32_t cut, other;
    } * aliases;
    const uint32_t *weights;
    uint32_t count;
    uint64_t weight_sum;
};

struct group {
    const struct name *names;
    uint32_t count;
};

struct groups {
    const struct group *groups;
    uint32_t count;
};

/* One file of rulebook/sample as it is embedded in the program. */
struct embedded {
    const char *name;
    const char *bytes;
    size_t size;
};
extern const struct embedded sample_table_files[];

struct str table_text(const char *file); /* empty if there is none of that name */

/* The lines of one section, NULL-safe: an absent section is empty. */
struct str table_section(struct str text, const char *section);

/* The next line that is neither empty nor a comment, trimmed. */
bool table_line(struct str *rest, struct str *line);

/* An absent section gives an empty list. `variants` and `shorts` may be NULL. */
struct list list_read(struct arena *arena, const char *file, const char *section,
                      const struct groups *variants, const struct groups *shorts);
struct groups name_groups_read(struct arena *arena, const char *file,
                               const char *section);

static inline const struct name *list_draw(const struct list *list, struct draw *draw)
{
    uint64_t bits = draw_bits(draw);
    uint32_t at = (uint32_t)(((bits >> 32) * list->count) >> 32);
    const struct alias *alias = &list->aliases[at];

    return &list->names[(uint32_t)bits < alias->cut ? at : alias->other];
}

#endif
