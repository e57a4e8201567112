/*
 * Regular expressions of regexp_extract: the part that models use, matched as RE2 does,
 * the first alternative and the longest repeat first, from the leftmost place.
 *
 *   either   sequence { | sequence }
 *   sequence { item [ ? * + {n} {n,} {n,m} ] }
 *   item     letter | . | [ class ] | ( either ) | (?: either ) | ^ | $ | \ letter
 *
 * Letters are characters of UTF-8. Compiled to a small program (Thompson 1968; Pike) that
 * is run by walking back where a way fails; which instruction was tried at which byte is
 * kept, so that a text costs at most instructions times bytes.
 */
#include "splink/inner.h"

#include <stdlib.h>
#include <string.h>

enum { PROGRAM_MAX = 500, REPEAT_MAX = 100, DEPTH_MAX = 30, GROUPS_MAX = 10 };

enum code {
    CODE_LETTER, /* one character within ranges [from, to) */
    CODE_ANY,    /* one character, no newline */
    CODE_SPLIT,  /* go on at a, or else at b */
    CODE_GOTO,   /* a */
    CODE_SAVE,   /* the place as mark a */
    CODE_START,
    CODE_FINISH,
    CODE_DONE,
};

struct range {
    uint32_t low, high;
};

struct instruction {
    uint8_t code;
    bool other; /* CODE_LETTER: those outside the ranges */
    uint32_t a, b;
};

struct pattern {
    struct instruction *program;
    struct range *ranges;
    size_t size, range_count, room, range_room;
    unsigned groups;
};

struct compiler {
    struct str rest;
    struct pattern *pattern;
    struct arena *arena;
    unsigned depth;
    struct err *err;
};

/* ---- characters ------------------------------------------------------------------ */

/* Bytes that are no UTF-8 stand for themselves, past all characters. */
static uint32_t character(struct str text, size_t at, size_t *size)
{
    unsigned char first = (unsigned char)text.at[at];
    unsigned more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    uint32_t value = more ? first & (0x3fu >> more) : first;

    *size = 1;
    if (first < 0x80)
        return first;
    if (more == 0 || first > 0xf4 || at + more >= text.len)
        return 0x200000u + first;
    for (unsigned i = 1; i <= more; i++) {
        unsigned char byte = (unsigned char)text.at[at + i];

        if ((byte & 0xc0) != 0x80)
            return 0x200000u + first;
        value = value << 6 | (byte & 0x3f);
    }
    *size = more + 1;
    return value;
}

/* ---- compiling ------------------------------------------------------------------- */

static bool not_here(struct compiler *compiler, const char *what)
{
    return err_set(compiler->err, ERR_INPUT,
                   "the regular expression has %s, which cannot be expressed here",
                   what);
}

static bool emit(struct compiler *compiler, enum code code, uint32_t a, uint32_t b)
{
    struct pattern *pattern = compiler->pattern;

    if (pattern->size == PROGRAM_MAX)
        return not_here(compiler, "too many parts");
    pattern->program[pattern->size++] =
        (struct instruction){.code = (uint8_t)code, .a = a, .b = b};
    return true;
}

static bool add_range(struct compiler *compiler, uint32_t low, uint32_t high)
{
    struct pattern *pattern = compiler->pattern;

    if (pattern->range_count == PROGRAM_MAX)
        return not_here(compiler, "too many classes");
    if (low > high)
        return not_here(compiler, "a class whose ends are the wrong way round");
    pattern->ranges[pattern->range_count++] = (struct range){low, high};
    return true;
}

static uint32_t take(struct compiler *compiler)
{
    size_t size;
    uint32_t value = character(compiler->rest, 0, &size);

    compiler->rest.at += size, compiler->rest.len -= size;
    return value;
}

static bool at(const struct compiler *compiler, char c)
{
    return compiler->rest.len && *compiler->rest.at == c;
}

/* \d \w \s and signs; inside a class and outside. */
static bool escaped(struct compiler *compiler)
{
    uint32_t c;

    if (compiler->rest.len == 0)
        return not_here(compiler, "a \\ at its end");
    c = take(compiler);
    if (c == 'd')
        return add_range(compiler, '0', '9');
    if (c == 'w')
        return add_range(compiler, '0', '9') && add_range(compiler, 'A', 'Z') &&
               add_range(compiler, 'a', 'z') && add_range(compiler, '_', '_');
    if (c == 's')
        return add_range(compiler, '\t', '\n') && add_range(compiler, '\f', '\r') &&
               add_range(compiler, ' ', ' ');
    if (c >= 0x80 || (c | 0x20) - 'a' < 26u || c - '0' < 10u)
        return not_here(compiler, "a \\ before a letter other than d, w and s");
    return add_range(compiler, c, c);
}

static bool class_part(struct compiler *compiler)
{
    uint32_t low, high;

    if (at(compiler, '['))
        return not_here(compiler, "a [ within a class");
    if (at(compiler, '\\')) {
        take(compiler);
        return escaped(compiler);
    }
    low = high = take(compiler);
    if (at(compiler, '-') && compiler->rest.len > 1 && compiler->rest.at[1] != ']') {
        take(compiler);
        if (at(compiler, '\\') || at(compiler, '['))
            return not_here(compiler, "a range that ends in a sign");
        high = take(compiler);
    }
    return add_range(compiler, low, high);
}

static bool class(struct compiler *compiler)
{
    size_t from = compiler->pattern->range_count, start = compiler->pattern->size;
    bool other = at(compiler, '^');

    if (other)
        take(compiler);
    do {
        if (compiler->rest.len == 0)
            return not_here(compiler, "a class that never ends");
        if (!class_part(compiler))
            return false;
    } while (!at(compiler, ']'));
    take(compiler);
    if (!emit(compiler, CODE_LETTER, (uint32_t)from,
              (uint32_t)compiler->pattern->range_count))
        return false;
    compiler->pattern->program[start].other = other;
    return true;
}

static bool alternatives(struct compiler *compiler);

static bool group(struct compiler *compiler)
{
    bool kept = !at(compiler, '?');
    uint32_t mark = compiler->pattern->groups + 1;

    if (!kept) {
        take(compiler);
        if (!at(compiler, ':'))
            return not_here(compiler, "(? before something other than :");
        take(compiler);
    } else if (++compiler->pattern->groups >= GROUPS_MAX) {
        return not_here(compiler, "too many groups");
    }
    if (++compiler->depth > DEPTH_MAX)
        return not_here(compiler, "groups nested too deep");
    if ((kept && !emit(compiler, CODE_SAVE, mark * 2, 0)) || !alternatives(compiler))
        return false;
    if (!at(compiler, ')'))
        return not_here(compiler, "a ( without its )");
    take(compiler);
    compiler->depth--;
    return !kept || emit(compiler, CODE_SAVE, mark * 2 + 1, 0);
}

static bool item(struct compiler *compiler)
{
    size_t ranges = compiler->pattern->range_count;
    uint32_t c = take(compiler);

    switch (c) {
    case '^':
        return emit(compiler, CODE_START, 0, 0);
    case '$':
        return emit(compiler, CODE_FINISH, 0, 0);
    case '.':
        return emit(compiler, CODE_ANY, 0, 0);
    case '[':
        return class(compiler);
    case '(':
        return group(compiler);
    case '*':
    case '+':
    case '?':
    case '{':
        return not_here(compiler, "a repeat of nothing");
    default:
        if (!(c == '\\' ? escaped(compiler) : add_range(compiler, c, c)))
            return false;
        return emit(compiler, CODE_LETTER, (uint32_t)ranges,
                    (uint32_t)compiler->pattern->range_count);
    }
}

static bool count_of(struct compiler *compiler, unsigned *count)
{
    *count = 0;
    if (!compiler->rest.len || (unsigned)(*compiler->rest.at - '0') > 9)
        return not_here(compiler, "{ without a number");
    while (compiler->rest.len && (unsigned)(*compiler->rest.at - '0') < 10) {
        *count = *count * 10 + (take(compiler) - '0');
        if (*count > REPEAT_MAX)
            return not_here(compiler, "a repeat of more than 100");
    }
    return true;
}

enum { ENDLESS = 1 << 20 };

/* How often the item before is repeated; false for a form that is not known. */
static bool repeat(struct compiler *compiler, unsigned *least, unsigned *most)
{
    *least = *most = 1;
    if (at(compiler, '?') || at(compiler, '*') || at(compiler, '+')) {
        uint32_t c = take(compiler);

        *least = c == '+';
        *most = c == '?' ? 1 : ENDLESS;
    } else if (at(compiler, '{')) {
        take(compiler);
        if (!count_of(compiler, least))
            return false;
        *most = *least;
        if (at(compiler, ',')) {
            take(compiler);
            *most = ENDLESS;
            if (!at(compiler, '}') && !count_of(compiler, most))
                return false;
        }
        if (!at(compiler, '}') || *most < *least)
            return not_here(compiler, "a { without its }");
        take(compiler);
    } else {
        return true;
    }
    if (at(compiler, '?') || at(compiler, '+') || at(compiler, '*') ||
        at(compiler, '{'))
        return not_here(compiler, "a repeat that is lazy or repeated");
    return true;
}

/* A copy of the instructions [from, to) at the end, its jumps moved along. */
static bool again(struct compiler *compiler, size_t from, size_t to)
{
    struct pattern *pattern = compiler->pattern;
    uint32_t by = (uint32_t)(pattern->size - from);

    for (size_t i = from; i < to; i++) {
        struct instruction step = pattern->program[i];
        bool jumps = step.code == CODE_SPLIT || step.code == CODE_GOTO;

        if (!emit(compiler, step.code, step.a + (jumps ? by : 0),
                  step.b + (jumps ? by : 0)))
            return false;
        pattern->program[pattern->size - 1].other = step.other;
    }
    return true;
}

/* Makes room for one instruction before those from `from` on. */
static bool before(struct compiler *compiler, size_t from, struct instruction step)
{
    struct pattern *pattern = compiler->pattern;

    if (!emit(compiler, CODE_DONE, 0, 0))
        return false;
    memmove(&pattern->program[from + 1], &pattern->program[from],
            (pattern->size - 1 - from) * sizeof(step));
    for (size_t i = from + 1; i < pattern->size; i++) {
        struct instruction *moved = &pattern->program[i];

        if (moved->code == CODE_SPLIT || moved->code == CODE_GOTO) {
            moved->a += moved->a >= from;
            moved->b += moved->b >= from;
        }
    }
    pattern->program[from] = step;
    return true;
}

/* Turns [from, size) into a part that may be left out, or repeated as often as wanted. */
static bool optional(struct compiler *compiler, size_t from, bool endless)
{
    size_t to = compiler->pattern->size;

    if (endless && !emit(compiler, CODE_GOTO, (uint32_t)from, 0))
        return false;
    if (endless) /* the jump back goes to the split that is put before */
        to++;
    if (!before(compiler, from,
                (struct instruction){.code = CODE_SPLIT,
                                     .a = (uint32_t)from + 1,
                                     .b = (uint32_t)to + 1}))
        return false;
    if (endless)
        compiler->pattern->program[to].a = (uint32_t)from;
    return true;
}

static bool repeated(struct compiler *compiler, size_t from)
{
    struct pattern *pattern = compiler->pattern;
    size_t to = pattern->size, size = to - from, last;
    unsigned least, most;

    if (!repeat(compiler, &least, &most))
        return false;
    if (least == 1 && most == 1)
        return true;
    for (unsigned i = 1; i < least; i++)
        if (!again(compiler, from, to))
            return false;
    if (least == 0) {
        if (most == 0)
            return not_here(compiler, "a repeat of no times");
        if (most == ENDLESS)
            return optional(compiler, from, true);
    } else if (most == ENDLESS) {
        last = pattern->size;
        return again(compiler, from, to) && optional(compiler, last, true);
    }
    for (unsigned i = least ? least : 1; i < most; i++) {
        last = pattern->size;
        if (!again(compiler, from, from + size) || !optional(compiler, last, false))
            return false;
    }
    return least || optional(compiler, from, false);
}

static bool sequence(struct compiler *compiler)
{
    while (compiler->rest.len && !at(compiler, '|') && !at(compiler, ')')) {
        size_t from = compiler->pattern->size;

        if (!item(compiler) || !repeated(compiler, from))
            return false;
    }
    return true;
}

static bool alternatives(struct compiler *compiler)
{
    size_t from = compiler->pattern->size;

    if (!sequence(compiler))
        return false;
    if (!at(compiler, '|'))
        return true;
    take(compiler);

    size_t jump = compiler->pattern->size + 1;

    if (!emit(compiler, CODE_GOTO, 0, 0) ||
        !before(compiler, from,
                (struct instruction){.code = CODE_SPLIT,
                                     .a = (uint32_t)from + 1,
                                     .b = (uint32_t)jump + 1}))
        return false;
    compiler->pattern->program[from].b = (uint32_t)jump + 1;
    if (!alternatives(compiler))
        return false;
    compiler->pattern->program[jump].a = (uint32_t)compiler->pattern->size;
    return true;
}

bool pattern_compile(struct str text, struct arena *arena,
                     const struct pattern **result, struct err *err)
{
    struct pattern *pattern = arena_alloc(arena, sizeof(*pattern));
    struct compiler compiler = {text, pattern, arena, 0, err};

    pattern->program =
        arena_alloc(arena, (PROGRAM_MAX + 1) * sizeof(struct instruction));
    pattern->ranges = arena_alloc(arena, (PROGRAM_MAX + 1) * sizeof(struct range));
    if (!alternatives(&compiler))
        return false;
    if (compiler.rest.len)
        return not_here(&compiler, "a ) without its (");
    *result = pattern;
    return emit(&compiler, CODE_DONE, 0, 0);
}

unsigned pattern_groups(const struct pattern *pattern)
{
    return pattern->groups;
}

/* ---- matching -------------------------------------------------------------------- */

struct back;

struct run {
    const struct pattern *pattern;
    struct str text;
    size_t marks[2 * GROUPS_MAX + 2];
    uint64_t *tried; /* bit instruction * (len + 1) + place */
    struct back *stack;
    size_t depth, room;
};

static bool fits(const struct pattern *pattern, const struct instruction *step,
                 uint32_t c)
{
    for (uint32_t i = step->a; i < step->b; i++)
        if (c >= pattern->ranges[i].low && c <= pattern->ranges[i].high)
            return !step->other;
    return step->other;
}

static bool tried_before(struct run *run, size_t step, size_t place)
{
    size_t bit = step * (run->text.len + 1) + place;
    bool before = run->tried[bit / 64] >> (bit % 64) & 1;

    run->tried[bit / 64] |= (uint64_t)1 << (bit % 64);
    return before;
}

/* A way to take if this one fails, or a mark to put back on the way there. */
struct back {
    uint32_t step; /* MARK_BACK + mark: put it back to `place` */
    size_t place;
};

enum { MARK_BACK = 1 << 20 };

static void push(struct run *run, uint32_t step, size_t place)
{
    if (run->depth == run->room) {
        run->room = run->room ? run->room * 2 : 64;
        run->stack = memory_grow(run->stack, run->room, sizeof(*run->stack));
    }
    run->stack[run->depth++] = (struct back){step, place};
}

/* The next way that is left; false if there is none. */
static bool pop(struct run *run, uint32_t *step, size_t *place)
{
    while (run->depth) {
        struct back back = run->stack[--run->depth];

        if (back.step < MARK_BACK) {
            *step = back.step;
            *place = back.place;
            return true;
        }
        run->marks[back.step - MARK_BACK] = back.place;
    }
    return false;
}

/* One step at *at_step; false if it cannot be gone. */
static bool go(struct run *run, uint32_t *at_step, size_t *place)
{
    const struct instruction *step = &run->pattern->program[*at_step];
    bool more = *place < run->text.len;
    size_t size = 0;

    switch ((enum code)step->code) {
    case CODE_LETTER:
        if (!more || !fits(run->pattern, step, character(run->text, *place, &size)))
            return false;
        break;
    case CODE_ANY:
        if (!more || character(run->text, *place, &size) == '\n')
            return false;
        break;
    case CODE_SPLIT:
        push(run, step->b, *place);
        *at_step = step->a;
        return true;
    case CODE_GOTO:
        *at_step = step->a;
        return true;
    case CODE_SAVE:
        push(run, MARK_BACK + step->a, run->marks[step->a]);
        run->marks[step->a] = *place;
        break;
    case CODE_START:
        if (*place != 0)
            return false;
        break;
    case CODE_FINISH:
        if (more)
            return false;
        break;
    case CODE_DONE:
        return true;
    }
    *place += size;
    ++*at_step;
    return true;
}

static bool walk(struct run *run, size_t place)
{
    uint32_t step = 0;

    run->depth = 0;
    for (;;) {
        if (tried_before(run, step, place) || !go(run, &step, &place)) {
            if (!pop(run, &step, &place))
                return false;
        } else if (run->pattern->program[step].code == CODE_DONE) {
            run->marks[1] = place;
            return true;
        }
    }
}

bool pattern_find(const struct pattern *pattern, struct str text, unsigned group,
                  struct str *found)
{
    struct run run = {.pattern = pattern, .text = text};
    bool ok = false;

    run.tried =
        memory_new(pattern->size * (run.text.len + 1) / 64 + 1, sizeof(uint64_t));
    for (size_t start = 0; start <= run.text.len && !ok; start++) {
        for (size_t i = 0; i < COUNT(run.marks); i++)
            run.marks[i] = SIZE_MAX;
        run.marks[0] = start;
        ok = walk(&run, start);
    }
    free(run.tried);
    free(run.stack);
    if (!ok)
        return false;

    size_t from = run.marks[2 * group], to = run.marks[2 * group + 1];
    bool set = from != SIZE_MAX && to != SIZE_MAX;

    *found = set ? (struct str){text.at + from, to - from} : (struct str){"", 0};
    return true;
}
