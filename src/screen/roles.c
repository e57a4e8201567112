/*
 * The person's part in a record, by rulebook/roles/roles.csv: `role,class,source`.
 *
 * Roles are compared without case, spaces and punctuation, so that "Officer in Case",
 * OFFICER_IN_CASE and officer-in-case are one. A value that lists several roles
 * ("victim|suspect") has a class only if all its roles agree: who was both is for a
 * person to sort out, and is neither hidden as a victim nor shown as a suspect.
 */
#include "screen/report.h"

#include <assert.h>
#include <string.h>

enum { ROLE_MAX = 63 };

static const struct {
    const char *name;  /* as in roles.csv */
    const char *title; /* as in headings */
} classes[] = {
    [ROLE_ADVERSE] = {"adverse",     "Adverse role"   },
    [ROLE_ASSOCIATION] = {"association", "Association"    },
    [ROLE_WELFARE] = {"welfare",     "Welfare"        },
    [ROLE_POLICE] = {"police",      "Police role"    },
    [ROLE_UNKNOWN] = {"unknown",     "Role not stated"},
};
static_assert(COUNT(classes) == ROLE_CLASS_COUNT, "every class has a name");

const char *role_class_name(enum role_class role)
{
    return classes[role].name;
}

const char *role_class_title(enum role_class role)
{
    return classes[role].title;
}

/* Lower-case letters and digits only; empty if it is longer than any known role. */
static struct str squeeze(struct str role, char squeezed[ROLE_MAX + 1])
{
    size_t len = 0;

    for (size_t i = 0; i < role.len; i++) {
        unsigned char c = (unsigned char)role.at[i];

        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c < 0x80)
            continue;
        if (len == ROLE_MAX)
            return (struct str){squeezed, 0};
        squeezed[len++] = (char)c;
    }
    return (struct str){squeezed, len};
}

static enum role_class class_named(struct str name)
{
    for (unsigned i = 0; i < ROLE_CLASS_COUNT; i++)
        if (str_same(name, str_of(classes[i].name)))
            return (enum role_class)i;
    return ROLE_UNKNOWN;
}

static int order(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int difference = shorter ? memcmp(a.at, b.at, shorter) : 0;

    return difference ? difference : (a.len > b.len) - (a.len < b.len);
}

/* The line that holds the byte at `middle`, and not before `low`. */
static struct str line_around(struct str table, size_t low, size_t middle)
{
    size_t end = middle;

    while (middle > low && table.at[middle - 1] != '\n')
        middle--;
    while (end < table.len && table.at[end] != '\n')
        end++;
    return (struct str){table.at + middle, end - middle};
}

static enum role_class look_up(struct str role)
{
    char wanted_text[ROLE_MAX + 1], known_text[ROLE_MAX + 1];
    struct str wanted = squeeze(role, wanted_text), known, name;
    struct str table = {roles_files[0].bytes, roles_files[0].size};
    size_t low = line_around(table, 0, 0).len + 1, high = table.len;

    while (wanted.len && low < high) {
        struct str line = line_around(table, low, low + (high - low) / 2);
        struct str rest = line;

        if (!str_cut(&rest, ',', &known) || !str_cut(&rest, ',', &name))
            return ROLE_UNKNOWN;

        int way = order(wanted, squeeze(known, known_text));

        if (way == 0)
            return class_named(name);
        if (way < 0)
            high = (size_t)(line.at - table.at);
        else
            low = (size_t)(line.at - table.at) + line.len + 1;
    }
    return ROLE_UNKNOWN;
}

static bool separates(char c)
{
    return c == '|' || c == ';' || c == ',' || c == '/';
}

enum role_class role_class_of(struct str role)
{
    enum role_class all = ROLE_UNKNOWN;
    bool first = true;

    for (size_t from = 0; from < role.len;) {
        size_t to = from;

        while (to < role.len && !separates(role.at[to]))
            to++;

        struct str part = str_trim((struct str){role.at + from, to - from});
        enum role_class one = look_up(part);

        from = to + 1;
        if (part.len == 0)
            continue;
        if (!first && one != all)
            return ROLE_UNKNOWN;
        all = one;
        first = false;
    }
    return all;
}
