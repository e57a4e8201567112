/*
 * The functions that conditions may call, as a table. What is not in it is refused by
 * name when a model is read.
 */
#include "splink/inner.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define WORK(name)                                                                     \
    static void name(const struct node *call, const struct value *arguments,           \
                     size_t count, struct arena *arena, struct value *result)
#define UNUSED (void)call, (void)arguments, (void)count, (void)arena

/* ---- texts ----------------------------------------------------------------------- */

static struct str cased(struct str text, bool upper, struct arena *arena)
{
    char *to = arena_alloc(arena, 2 * text.len + 4);

    return (struct str){to, text_case(text, upper, to)};
}

WORK(lower)
{
    UNUSED;
    result->text = cased(arguments[0].text, false, arena);
}

WORK(upper)
{
    UNUSED;
    result->text = cased(arguments[0].text, true, arena);
}

/* Where character `number` of the text starts; its end if there are fewer. */
static size_t character_at(struct str text, int64_t number)
{
    size_t at = 0;

    for (int64_t i = 0; at < text.len; at++) {
        if (((unsigned char)text.at[at] & 0xc0) != 0x80 && i++ == number)
            break;
    }
    return at;
}

static int64_t character_count(struct str text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return count;
}

/* Characters [from, to), from 0. */
static struct str characters(struct str text, int64_t from, int64_t to)
{
    size_t start, end;

    from = from < 0 ? 0 : from;
    if (to <= from)
        return (struct str){"", 0};
    start = character_at(text, from);
    end = character_at(text, to);
    return (struct str){text.at + start, end - start};
}

static int64_t whole(double number)
{
    return number > 1e9 ? 1000000000 : number < -1e9 ? -1000000000 : (int64_t)number;
}

/* From 1; from the end if negative; 0 is the place before the first. */
WORK(substring)
{
    struct str text = arguments[0].text;
    int64_t from = whole(arguments[1].number), count_of = character_count(text), to;

    UNUSED;
    from = from > 0 ? from - 1 : from < 0 ? count_of + from : -1;
    if (count < 3) {
        result->text = characters(text, from, count_of);
        return;
    }
    to = from + whole(arguments[2].number);
    if (to < from) /* a negative length goes to the left */
        result->text = characters(text, to, from);
    else
        result->text = characters(text, from, to);
}

WORK(left)
{
    int64_t want = whole(arguments[1].number), all = character_count(arguments[0].text);

    UNUSED;
    result->text = characters(arguments[0].text, 0, want < 0 ? all + want : want);
}

WORK(right)
{
    int64_t want = whole(arguments[1].number), all = character_count(arguments[0].text);

    UNUSED;
    result->text = characters(arguments[0].text, want < 0 ? -want : all - want, all);
}

WORK(trim)
{
    struct str text = arguments[0].text;

    UNUSED;
    while (text.len && *text.at == ' ')
        text.at++, text.len--;
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    result->text = text;
}

WORK(length)
{
    UNUSED;
    result->number = (double)character_count(arguments[0].text);
}

static const char *found_in(struct str text, struct str part)
{
    return part.len ? memmem(text.at, text.len, part.at, part.len) : text.at;
}

WORK(replace)
{
    struct str text = arguments[0].text, from = arguments[1].text,
               to = arguments[2].text;
    char *room, *at;

    UNUSED;
    result->text = text;
    if (from.len == 0 || !found_in(text, from))
        return;
    room = at = arena_alloc(arena, text.len + text.len / from.len * to.len + 1);
    for (const char *found; (found = found_in(text, from));) {
        size_t before = (size_t)(found - text.at);

        memcpy(at, text.at, before);
        memcpy(at + before, to.at, to.len);
        at += before + to.len;
        text.at += before + from.len, text.len -= before + from.len;
    }
    memcpy(at, text.at, text.len);
    result->text = (struct str){room, (size_t)(at - room) + text.len};
}

WORK(contains)
{
    UNUSED;
    result->number = found_in(arguments[0].text, arguments[1].text) != NULL;
}

WORK(starts_with)
{
    struct str text = arguments[0].text, start = arguments[1].text;

    UNUSED;
    result->number = text.len >= start.len && memcmp(text.at, start.at, start.len) == 0;
}

WORK(concat)
{
    size_t len = 0;
    char *room;

    UNUSED;
    for (size_t i = 0; i < count; i++)
        len += arguments[i].null ? 0 : arguments[i].text.len;
    room = arena_alloc(arena, len + 1);
    result->text = (struct str){room, len};
    for (size_t i = 0; i < count; i++) {
        if (arguments[i].null)
            continue;
        memcpy(room, arguments[i].text.at, arguments[i].text.len);
        room += arguments[i].text.len;
    }
}

WORK(regexp_extract)
{
    unsigned group = count > 2 ? (unsigned)call->child[2]->number : 0;

    UNUSED;
    if (!pattern_find(call->pattern, arguments[0].text, group, &result->text))
        result->text = (struct str){"", 0};
}

WORK(regexp_matches)
{
    struct str found;

    UNUSED;
    result->number = pattern_find(call->pattern, arguments[0].text, 0, &found);
}

/* ---- any type -------------------------------------------------------------------- */

static bool same_value(const struct node *a, const struct value *x,
                       const struct value *y)
{
    return a->type == TYPE_TEXT ? str_same(x->text, y->text) : x->number == y->number;
}

WORK(nullif)
{
    UNUSED;
    *result = arguments[0];
    if (!arguments[0].null && !arguments[1].null &&
        same_value(call->child[0], &arguments[0], &arguments[1]))
        result->null = true;
}

WORK(coalesce)
{
    size_t i = 0;

    UNUSED;
    while (i + 1 < count && arguments[i].null)
        i++;
    *result = arguments[i];
}

/* ---- numbers and times ----------------------------------------------------------- */

static void pick(const struct value *arguments, size_t count, double way,
                 struct value *result)
{
    result->null = true;
    for (size_t i = 0; i < count; i++)
        if (!arguments[i].null &&
            (result->null || way * arguments[i].number > way * result->number))
            *result = arguments[i];
}

WORK(greatest)
{
    UNUSED;
    pick(arguments, count, 1, result);
}

WORK(least)
{
    UNUSED;
    pick(arguments, count, -1, result);
}

WORK(absolute)
{
    UNUSED;
    result->number = fabs(arguments[0].number);
}

/* Over the edge of what a function is for, DuckDB stops with an error; here it is null. */
static void number_or_null(double number, struct value *result)
{
    result->number = number;
    result->null = !isfinite(number);
}

WORK(sine)
{
    UNUSED;
    number_or_null(sin(arguments[0].number), result);
}

WORK(cosine)
{
    UNUSED;
    number_or_null(cos(arguments[0].number), result);
}

WORK(arc_cosine)
{
    UNUSED;
    number_or_null(acos(arguments[0].number), result);
}

WORK(square_root)
{
    UNUSED;
    number_or_null(sqrt(arguments[0].number), result);
}

WORK(radians)
{
    UNUSED;
    result->number = arguments[0].number * (3.14159265358979323846 / 180.0);
}

WORK(strptime_work)
{
    UNUSED;
    result->null = !moment_read(arguments[0].text, arguments[1].text, &result->number);
}

WORK(epoch)
{
    UNUSED;
    result->number = arguments[0].number;
}

/* ---- likeness -------------------------------------------------------------------- */

double function_likeness(const struct function *function, struct str a, struct str b)
{
    switch ((enum likeness)function->likeness) {
    case LIKENESS_JARO:
        return jaro_similarity(a, b);
    case LIKENESS_JARO_WINKLER:
        return jaro_winkler_similarity(a, b);
    case LIKENESS_JACCARD:
        return jaccard_similarity(a, b);
    case LIKENESS_LEVENSHTEIN:
        return (double)levenshtein(a, b);
    case LIKENESS_DAMERAU:
        return (double)damerau_levenshtein(a, b);
    case LIKENESS_NONE:
        break;
    }
    return 0;
}

double function_bound(const struct function *function, struct profile a,
                      struct profile b)
{
    if (function->likeness >= LIKENESS_LEVENSHTEIN)
        return (double)edits_at_least(a, b);
    return function->likeness == LIKENESS_JACCARD ? 1 : jaro_winkler_at_most(a, b);
}

WORK(likeness)
{
    UNUSED;
    result->number =
        function_likeness(call->function, arguments[0].text, arguments[1].text);
}

/* ---- the table ------------------------------------------------------------------- */

#define T   TYPE_TEXT
#define N   TYPE_NUMBER
#define B   TYPE_BOOL
#define Q   TYPE_TIME
#define ANY TYPE_UNKNOWN

static const struct function functions[] = {
    {"jaro_winkler_similarity",
     N,                              {T, T},
     2,                                            2,
     LIKENESS_JARO_WINKLER,                                                  false,
     likeness                                                                                     },
    {"jaro_similarity",         N,   {T, T},    2, 2,  LIKENESS_JARO,        false, likeness      },
    {"jaccard",                 N,   {T, T},    2, 2,  LIKENESS_JACCARD,     false, likeness      },
    {"levenshtein",             N,   {T, T},    2, 2,  LIKENESS_LEVENSHTEIN, false, likeness      },
    {"damerau_levenshtein",     N,   {T, T},    2, 2,  LIKENESS_DAMERAU,     false, likeness      },
    {"lower",                   T,   {T},       1, 1,  LIKENESS_NONE,        false, lower         },
    {"lcase",                   T,   {T},       1, 1,  LIKENESS_NONE,        false, lower         },
    {"upper",                   T,   {T},       1, 1,  LIKENESS_NONE,        false, upper         },
    {"ucase",                   T,   {T},       1, 1,  LIKENESS_NONE,        false, upper         },
    {"substr",                  T,   {T, N, N}, 2, 3,  LIKENESS_NONE,        false, substring     },
    {"substring",               T,   {T, N, N}, 2, 3,  LIKENESS_NONE,        false, substring     },
    {"left",                    T,   {T, N},    2, 2,  LIKENESS_NONE,        false, left          },
    {"right",                   T,   {T, N},    2, 2,  LIKENESS_NONE,        false, right         },
    {"trim",                    T,   {T},       1, 1,  LIKENESS_NONE,        false, trim          },
    {"length",                  N,   {T},       1, 1,  LIKENESS_NONE,        false, length        },
    {"len",                     N,   {T},       1, 1,  LIKENESS_NONE,        false, length        },
    {"replace",                 T,   {T, T, T}, 3, 3,  LIKENESS_NONE,        false, replace       },
    {"contains",                B,   {T, T},    2, 2,  LIKENESS_NONE,        false, contains      },
    {"starts_with",             B,   {T, T},    2, 2,  LIKENESS_NONE,        false, starts_with   },
    {"concat",                  T,   {T, T, T}, 1, 20, LIKENESS_NONE,        true,  concat        },
    {"regexp_extract",          T,   {T, T, N}, 2, 3,  LIKENESS_NONE,        false, regexp_extract},
    {"regexp_matches",          B,   {T, T},    2, 2,  LIKENESS_NONE,        false, regexp_matches},
    {"nullif",                  ANY, {ANY},     2, 2,  LIKENESS_NONE,        true,  nullif        },
    {"coalesce",                ANY, {ANY},     1, 20, LIKENESS_NONE,        true,  coalesce      },
    {"ifnull",                  ANY, {ANY},     2, 2,  LIKENESS_NONE,        true,  coalesce      },
    {"greatest",                N,   {N, N, N}, 1, 20, LIKENESS_NONE,        true,  greatest      },
    {"least",                   N,   {N, N, N}, 1, 20, LIKENESS_NONE,        true,  least         },
    {"abs",                     N,   {N},       1, 1,  LIKENESS_NONE,        false, absolute      },
    {"sin",                     N,   {N},       1, 1,  LIKENESS_NONE,        false, sine          },
    {"cos",                     N,   {N},       1, 1,  LIKENESS_NONE,        false, cosine        },
    {"acos",                    N,   {N},       1, 1,  LIKENESS_NONE,        false, arc_cosine    },
    {"sqrt",                    N,   {N},       1, 1,  LIKENESS_NONE,        false, square_root   },
    {"radians",                 N,   {N},       1, 1,  LIKENESS_NONE,        false, radians       },
    {"try_strptime",            Q,   {T, T},    2, 2,  LIKENESS_NONE,        false, strptime_work },
    {"epoch",                   N,   {Q},       1, 1,  LIKENESS_NONE,        false, epoch         },
};

const struct function *function_named(struct str name)
{
    for (size_t i = 0; i < COUNT(functions); i++)
        if (strlen(functions[i].name) == name.len &&
            strncasecmp(functions[i].name, name.at, name.len) == 0)
            return &functions[i];
    return NULL;
}
