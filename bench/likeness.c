/*
 * likeness: how alike the comparators hold pairs of names to be, for bench/spellings.
 *
 *   likeness < PAIRS      each line: group, use (forename, surname or full), name, name; tabs
 *
 * Names are folded as those of people are. Of full names a surname and a forename must be
 * alike, as they stand or exchanged, and the lesser likeness counts; a name of one word must
 * be alike to a name of the other. Prints a JSON object: of each group, how many
 * pairs have each of the levels below, the first that applies.
 */
#include "text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum likeness {
    SAME,
    VARIANT,
    NEAR_92,
    NEAR_88,
    SOUNDS,
    NOT_ALIKE,
    NO_NAME,
    LIKENESSES
};

static const char *const likeness_names[LIKENESSES] = {
    [SAME] = "same",       [VARIANT] = "variant", [NEAR_92] = "near_92",
    [NEAR_88] = "near_88", [SOUNDS] = "sounds",   [NOT_ALIKE] = "not_alike",
    [NO_NAME] = "no_name",
};

enum { GROUPS_MAX = 128, GROUP_NAME = 96 };

struct group {
    char name[GROUP_NAME];
    uint64_t count[LIKENESSES];
    uint64_t by_distance; /* pairs that Jaro-Winkler 0.88 alone would find */
};

static bool fold_one(struct str written, bool surname, struct name *name)
{
    struct person person = {0};
    struct names names;

    person.field[surname ? FIELD_SURNAME : FIELD_FORENAMES] = written;
    names_of(&person, &names);
    if (!(surname ? names.surname_count : names.forename_count))
        return false;
    *name = surname ? names.surname[0] : names.forename[0];
    return true;
}

static bool is_variant(const struct variants *variants, bool surname,
                       const struct name *a, const struct name *b)
{
    const struct variant *list;
    size_t count = variants_of(variants, surname ? VARIANT_SURNAME : VARIANT_FORENAME,
                               a->text, a->len, &list);

    for (size_t i = 0; i < count; i++)
        if (list[i].len == b->len && memcmp(list[i].text, b->text, b->len) == 0)
            return true;
    return false;
}

static bool sounds_alike(const struct name *a, const struct name *b)
{
    char one[NAME_MAX + 1], other[NAME_MAX + 1];
    size_t len = name_skeleton(a->text, a->len, one);

    return len && name_skeleton(b->text, b->len, other) == len &&
           memcmp(one, other, len) == 0;
}

static enum likeness likeness_of(const struct variants *variants, bool surname,
                                 const struct name *a, const struct name *b)
{
    if (a->len == b->len && memcmp(a->text, b->text, a->len) == 0)
        return SAME;
    if (is_variant(variants, surname, a, b))
        return VARIANT;
    if (jaro_winkler_reaches(a->text, a->len, b->text, b->len, 92))
        return NEAR_92;
    if (jaro_winkler_reaches(a->text, a->len, b->text, b->len, 88))
        return NEAR_88;
    return sounds_alike(a, b) ? SOUNDS : NOT_ALIKE;
}

/* ---- full names -------------------------------------------------------------------------- */

struct list {
    const struct name *names;
    unsigned count;
    bool surname;
};

/* The best of two lists of names, and whether Jaro-Winkler alone finds any alike. */
static enum likeness lists_likeness(const struct variants *variants, struct list a,
                                    struct list b, bool *by_distance)
{
    enum likeness best = NOT_ALIKE;

    *by_distance = false;
    for (unsigned i = 0; i < a.count; i++)
        for (unsigned k = 0; k < b.count; k++) {
            const struct name *x = &a.names[i], *y = &b.names[k];
            enum likeness likeness = likeness_of(variants, a.surname, x, y);

            if (likeness < best)
                best = likeness;
            *by_distance |= jaro_winkler_reaches(x->text, x->len, y->text, y->len, 88);
        }
    return best;
}

static enum likeness lesser(enum likeness a, enum likeness b)
{
    return a > b ? a : b;
}

static struct list list_of(const struct names *names, bool surname)
{
    return surname ? (struct list){names->surname, names->surname_count, true}
                   : (struct list){names->forename, names->forename_count, false};
}

/* Names of one word are held against both lists of the other side. */
static enum likeness one_word(const struct variants *variants, const struct names *one,
                              const struct names *other, bool *by_distance)
{
    bool as_forename;
    enum likeness best =
        lists_likeness(variants, list_of(one, true), list_of(other, true), by_distance);
    enum likeness crossed = lists_likeness(variants, list_of(one, true),
                                           list_of(other, false), &as_forename);

    *by_distance |= as_forename;
    return best < crossed ? best : crossed;
}

static enum likeness full_likeness(const struct variants *variants,
                                   const struct names *a, const struct names *b,
                                   bool *by_distance)
{
    enum likeness way[2];
    bool found[2], other;

    if (!a->surname_count || !b->surname_count)
        return NO_NAME;
    if (!a->forename_count)
        return one_word(variants, a, b, by_distance);
    if (!b->forename_count)
        return one_word(variants, b, a, by_distance);
    for (unsigned crossed = 0; crossed < 2; crossed++) {
        enum likeness surnames = lists_likeness(variants, list_of(a, true),
                                                list_of(b, !crossed), &found[crossed]);
        enum likeness forenames =
            lists_likeness(variants, list_of(a, false), list_of(b, crossed), &other);

        way[crossed] = lesser(surnames, forenames);
        found[crossed] &= other;
    }
    *by_distance = found[0] || found[1];
    return way[0] < way[1] ? way[0] : way[1];
}

static void full_names(struct str written, struct names *names)
{
    struct person person = {0};

    person.field[FIELD_FULL_NAME] = written;
    names_of(&person, names);
}

static void take_full(const struct variants *variants, struct str a, struct str b,
                      struct group *group)
{
    struct names one, other;
    bool by_distance = false;

    full_names(a, &one);
    full_names(b, &other);
    group->count[full_likeness(variants, &one, &other, &by_distance)]++;
    group->by_distance += by_distance;
}

static struct group *group_of(struct group groups[], size_t *count, struct str name)
{
    for (size_t i = 0; i < *count; i++)
        if (str_same(name, str_of(groups[i].name)))
            return &groups[i];
    if (*count == GROUPS_MAX || name.len >= GROUP_NAME)
        return NULL;

    struct group *group = &groups[(*count)++];

    memcpy(group->name, name.at, name.len);
    return group;
}

/* False: not four fields, or too many groups. */
static bool take_line(struct str line, const struct variants *variants,
                      struct group groups[], size_t *count)
{
    struct str field[4];
    unsigned n = 0;

    while (n < 4 && str_cut(&line, '\t', &field[n]))
        n++;
    struct group *group = n == 4 ? group_of(groups, count, field[0]) : NULL;

    if (!group)
        return false;

    bool surname = str_same(field[1], STR("surname"));
    struct name a, b;

    if (str_same(field[1], STR("full"))) {
        take_full(variants, field[2], field[3], group);
        return true;
    }

    if (!fold_one(field[2], surname, &a) || !fold_one(field[3], surname, &b)) {
        group->count[NO_NAME]++;
        return true;
    }
    group->count[likeness_of(variants, surname, &a, &b)]++;
    group->by_distance += jaro_winkler_reaches(a.text, a.len, b.text, b.len, 88);
    return true;
}

static void print(const struct group groups[], size_t count)
{
    printf("{");
    for (size_t i = 0; i < count; i++) {
        printf("%s\"%s\": {", i ? ", " : "", groups[i].name);
        for (int k = 0; k < LIKENESSES; k++)
            printf("\"%s\": %llu, ", likeness_names[k],
                   (unsigned long long)groups[i].count[k]);
        printf("\"by_distance\": %llu}", (unsigned long long)groups[i].by_distance);
    }
    printf("}\n");
}

int main(void)
{
    static struct group groups[GROUPS_MAX];
    struct variants *variants;
    struct err err;
    size_t count = 0, room = 0;
    char *text = NULL;
    ssize_t len;

    if (!variants_default(&variants, &err)) {
        fprintf(stderr, "likeness: %s\n", err.text);
        return 3;
    }
    while ((len = getline(&text, &room, stdin)) > 0) {
        struct str line = {text, (size_t)len - (text[len - 1] == '\n')};

        if (!take_line(line, variants, groups, &count)) {
            fprintf(stderr, "likeness: want group, use, name, name, between tabs\n");
            return 3;
        }
    }
    print(groups, count);
    free(text);
    variants_free(variants);
    return 0;
}
