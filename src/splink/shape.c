/*
 * From parsed conditions to what a search works with.
 *
 * 1. Types: a column is text, a number or a time by how it is used; one that is only ever
 *    compared for equality is text. Two uses that contradict each other are refused.
 * 2. Facts: a part of a condition that hangs on one record alone, such as
 *    substr(lower(surname_l), 1, 3), is a fact of that record, worked out once a record and
 *    not once a pair; the same part over _r is the same fact of the other side. A bare
 *    column is one too. What is left over facts hangs on both sides.
 * 3. Tests: a likeness of two facts compared with a number. All tests of one likeness
 *    share one computation, kept by pair of values (level.c).
 */
#include "splink/inner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {
    [TYPE_UNKNOWN] = "unknown", [TYPE_BOOL] = "true or false",
    [TYPE_NUMBER] = "a number", [TYPE_TEXT] = "a text",
    [TYPE_TIME] = "a date",
};

static_assert(COUNT(type_names) == TYPE_COUNT, "every type has a name");

/* ---- types ----------------------------------------------------------------------- */

struct typing {
    struct columns *columns;
    struct arena *arena;
    bool changed; /* a column's type was found out */
    bool last;    /* columns without a type are texts */
    struct err *err;
};

static bool settle(struct typing *typing, struct node *node, enum type wanted);

static bool clash(struct typing *typing, const char *what, enum type is,
                  enum type wanted)
{
    return err_set(typing->err, ERR_INPUT, "%.60s is %s where %s is wanted", what,
                   type_names[is], type_names[wanted]);
}

static bool settle_column(struct typing *typing, struct node *node, enum type wanted)
{
    uint8_t *type = &typing->columns->types[node->at];

    if (wanted == TYPE_BOOL)
        return clash(typing, typing->columns->names[node->at], TYPE_TEXT, wanted);
    if (*type == TYPE_UNKNOWN && (wanted || typing->last)) {
        *type = (uint8_t)(wanted ? wanted : TYPE_TEXT);
        typing->changed = true;
    }
    node->type = *type;
    return true;
}

/* All of one type, whichever of them shows it; *found may stay unknown. Only what was
 * unknown is looked at again, so that nesting does not multiply. */
static bool settle_alike(struct typing *typing, struct node **nodes, size_t count,
                         enum type wanted, enum type *found)
{
    *found = wanted;
    for (size_t i = 0; i < count; i++) {
        if (!settle(typing, nodes[i], *found))
            return false;
        if (!*found)
            *found = (enum type)nodes[i]->type;
    }
    for (size_t i = 0; i < count && *found; i++)
        if (!nodes[i]->type && !settle(typing, nodes[i], *found))
            return false;
    return true;
}

static bool settle_all(struct typing *typing, struct node *node, enum type wanted)
{
    for (size_t i = 0; i < node->count; i++)
        if (!settle(typing, node->child[i], wanted))
            return false;
    return true;
}

static bool constant_text(const struct node *node)
{
    return node->op == OP_CONSTANT && node->type == TYPE_TEXT;
}

/* Arguments that must be written out, since they are read when the model is. */
static bool prepare_call(struct typing *typing, struct node *node)
{
    const char *name = node->function->name;
    bool expression = strncmp(name, "regexp", 6) == 0;
    const struct node *group = expression && node->count > 2 ? node->child[2] : NULL;

    if (!expression && strcmp(name, "try_strptime") != 0)
        return true;
    if (!constant_text(node->child[1]))
        return err_set(typing->err, ERR_INPUT,
                       "%s wants a text in quotes as its second argument", name);
    if (!expression)
        return moment_format(node->child[1]->text, typing->err);
    if (!node->pattern && !pattern_compile(node->child[1]->text, typing->arena,
                                           &node->pattern, typing->err))
        return false;
    if (group && (group->op != OP_CONSTANT || !(group->number >= 0) ||
                  group->number > pattern_groups(node->pattern) ||
                  group->number != floor(group->number)))
        return err_set(typing->err, ERR_INPUT,
                       "%s wants the number of one of its groups", name);
    return true;
}

static bool settle_call(struct typing *typing, struct node *node, enum type wanted)
{
    const struct function *function = node->function;
    enum type found;

    node->type = function->result;
    if (function->result == TYPE_UNKNOWN) {
        if (!settle_alike(typing, node->child, node->count, wanted, &found))
            return false;
        node->type = (uint8_t)found;
        return true;
    }
    for (size_t i = 0; i < node->count; i++) {
        size_t at = i < COUNT(function->arguments) ? i : COUNT(function->arguments) - 1;

        if (!settle(typing, node->child[i], (enum type)function->arguments[at]))
            return false;
    }
    return prepare_call(typing, node);
}

static bool settle_case(struct typing *typing, struct node *node, enum type wanted)
{
    struct node *values[128]; /* more than the parser takes */
    size_t count = 0;
    enum type found;

    for (size_t i = 0; i + 1 < node->count; i += 2) {
        if (!settle(typing, node->child[i], TYPE_BOOL))
            return false;
        values[count++] = node->child[i + 1];
    }
    values[count++] = node->child[node->count - 1];
    if (!settle_alike(typing, values, count, wanted, &found))
        return false;
    node->type = (uint8_t)found;
    return true;
}

static bool settle_cast(struct typing *typing, struct node *node)
{
    struct node *from = node->child[0];
    enum type wanted = from->op == OP_CONSTANT ? (enum type)from->type : TYPE_UNKNOWN;

    if (node->type == TYPE_NUMBER)
        return settle(typing, from, TYPE_NUMBER);
    if (!settle(typing, from, wanted))
        return false;
    if (node->type == TYPE_TIME && (from->type == TYPE_TIME || constant_text(from)))
        return true;
    if (node->type == TYPE_TEXT && (from->type == TYPE_TEXT || from->type == TYPE_TIME))
        return true;
    return !from->type ||
           err_set(typing->err, ERR_INPUT, "CAST of %s to %s cannot be expressed here",
                   type_names[from->type], type_names[node->type]);
}

static bool settle_kind(struct typing *typing, struct node *node, enum type wanted)
{
    enum type found;

    switch ((enum op)node->op) {
    case OP_COLUMN:
        return settle_column(typing, node, wanted);
    case OP_NULL:
        node->type = (uint8_t)wanted;
        return true;
    case OP_OR:
    case OP_AND:
    case OP_NOT:
        node->type = TYPE_BOOL;
        return settle_all(typing, node, TYPE_BOOL);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_BETWEEN:
    case OP_IN:
    case OP_IS_NULL:
        node->type = TYPE_BOOL;
        return settle_alike(typing, node->child, node->count, TYPE_UNKNOWN, &found);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
        node->type = TYPE_NUMBER;
        return settle_all(typing, node, TYPE_NUMBER);
    case OP_JOIN:
        node->type = TYPE_TEXT;
        return settle_all(typing, node, TYPE_TEXT);
    case OP_CASE:
        return settle_case(typing, node, wanted);
    case OP_CAST:
        return settle_cast(typing, node);
    case OP_CALL:
        return settle_call(typing, node, wanted);
    case OP_CONSTANT:
    case OP_FACT:
    case OP_TEST:
        break;
    }
    return true;
}

static bool settle(struct typing *typing, struct node *node, enum type wanted)
{
    if (!settle_kind(typing, node, wanted))
        return false;
    if (wanted == TYPE_UNKNOWN || node->type == TYPE_UNKNOWN || node->type == wanted)
        return true;
    return clash(typing,
                 node->op == OP_COLUMN ? typing->columns->names[node->at]
                 : node->function      ? node->function->name
                                       : "a part of it",
                 (enum type)node->type, wanted);
}

/* ---- facts ----------------------------------------------------------------------- */

static uint8_t sides_of(struct node *node)
{
    for (size_t i = 0; i < node->count; i++)
        node->sides |= sides_of(node->child[i]);
    return node->sides;
}

/* A text by which equal parts are known, whichever side they are of. */
static void describe(const struct columns *columns, const struct node *node,
                     struct out *out)
{
    out_format(out, "(%d.%d", node->op, node->cast);
    if (node->op == OP_COLUMN)
        out_format(out, " %d", node->at);
    if (node->op == OP_CAST)
        out_format(out, " %d", node->type);
    if (node->function)
        out_format(out, " %s", node->function->name);
    if (node->op == OP_CONSTANT && node->type == TYPE_TEXT) {
        out_format(out, " %zu'", node->text.len);
        out_str(out, node->text);
    } else if (node->op == OP_CONSTANT) {
        out_format(out, " %.17g", node->number);
    }
    for (size_t i = 0; i < node->count; i++)
        describe(columns, node->child[i], out);
    out_text(out, ")");
}

static bool fact_of(struct splink_model *model, struct node *node, uint16_t *fact,
                    struct err *err)
{
    struct out *out = out_memory();
    char *text;

    describe(&model->columns, node, out);
    text = out_take(out);
    for (size_t i = 0; i < model->fact_count; i++) {
        if (strcmp(model->fact_texts[i], text) != 0)
            continue;
        *fact = (uint16_t)i;
        free(text);
        return true;
    }
    if (model->fact_count == FACTS_MAX) {
        free(text);
        return err_set(err, ERR_INPUT, "the model has more than %d parts of one record",
                       FACTS_MAX);
    }
    *fact = (uint16_t)model->fact_count++;
    model->facts[*fact] = arena_alloc(model->arena, sizeof(*node));
    *model->facts[*fact] = *node;
    model->fact_texts[*fact] = arena_copy(model->arena, str_of(text));
    free(text);
    return true;
}

uint16_t shape_fact_of_column(struct splink_model *model, uint16_t column)
{
    struct node node = {.op = OP_COLUMN,
                        .at = column,
                        .type = model->columns.types[column],
                        .sides = LEFT_SIDE};
    struct err err;
    uint16_t fact = 0;

    /* A column always fits: facts are at most as many as all parts, and it is one. */
    return fact_of(model, &node, &fact, &err) ? fact : 0;
}

/* The null test of a fact stays in the open: records without a value are found by it. */
static bool hoist(struct splink_model *model, struct node *node, struct err *err)
{
    bool one_side = node->sides == LEFT_SIDE || node->sides == RIGHT_SIDE;
    bool open = node->op == OP_IS_NULL || node->op == OP_OR || node->op == OP_AND ||
                node->op == OP_NOT;

    if (node->op == OP_FACT)
        return true;
    if (one_side && !open) {
        uint16_t fact;

        if (!fact_of(model, node, &fact, err))
            return false;
        node->op = OP_FACT;
        node->at = fact;
        node->count = 0;
        node->function = NULL;
        return true;
    }
    for (size_t i = 0; i < node->count; i++)
        if (!hoist(model, node->child[i], err))
            return false;
    return true;
}

/* ---- tests ----------------------------------------------------------------------- */

static enum op turned(enum op op)
{
    static const uint8_t other[] = {[OP_EQ] = OP_EQ, [OP_NE] = OP_NE, [OP_LT] = OP_GT,
                                    [OP_LE] = OP_GE, [OP_GT] = OP_LT, [OP_GE] = OP_LE};

    return (enum op)other[op];
}

static struct call *call_find(struct splink_model *model, const struct node *node)
{
    bool straight = node->child[0]->sides == LEFT_SIDE;
    uint16_t left = node->child[straight ? 0 : 1]->at;
    uint16_t right = node->child[straight ? 1 : 0]->at;
    struct call *call = model->calls;

    for (; call < model->calls + model->call_count; call++)
        if (call->function == node->function && call->left == left &&
            call->right == right)
            return call;
    if (model->call_count == CALLS_MAX)
        return NULL;
    model->call_count++;
    *call = (struct call){.function = node->function, .left = left, .right = right};
    return call;
}

static bool likeness_of_facts(const struct node *node)
{
    return node->op == OP_CALL && node->function->likeness &&
           node->child[0]->op == OP_FACT && node->child[1]->op == OP_FACT &&
           (node->child[0]->sides | node->child[1]->sides) == BOTH_SIDES;
}

/* Where there is no room for one more test it stays a plain comparison. */
static void test_take(struct splink_model *model, struct node *node)
{
    bool straight = likeness_of_facts(node->child[0]);
    const struct node *against = node->child[straight ? 1 : 0];
    enum op op = straight ? (enum op)node->op : turned((enum op)node->op);
    struct call *call;
    size_t i = 0;

    if (against->op != OP_CONSTANT)
        return;
    call = call_find(model, node->child[straight ? 0 : 1]);
    if (!call)
        return;
    while (i < call->tests_count &&
           (call->tests[i].op != op || call->tests[i].number != against->number))
        i++;
    if (i == TESTS_MAX)
        return;
    call->tests[i].op = (uint8_t)op;
    call->tests[i].number = against->number;
    call->tests_count += i == call->tests_count;
    node->op = OP_TEST;
    node->at = (uint16_t)i;
    node->call = (uint16_t)(call - model->calls);
}

static void tests_find(struct splink_model *model, struct node *node)
{
    node->serial = model->node_count++;
    for (size_t i = 0; i < node->count; i++)
        tests_find(model, node->child[i]);
    if (node->op >= OP_EQ && node->op <= OP_GE &&
        (likeness_of_facts(node->child[0]) || likeness_of_facts(node->child[1])))
        test_take(model, node);
}

/* The least that a similarity must be, or the most that a distance may be, to pass any
 * test; NAN if a test is of the other kind. */
static void call_bound(struct call *call)
{
    bool distance = call->function->likeness >= LIKENESS_LEVENSHTEIN;

    call->bound = call->tests[0].number;
    for (size_t i = 0; i < call->tests_count; i++) {
        double number = call->tests[i].number;
        bool upward = call->tests[i].op == OP_GE || call->tests[i].op == OP_GT;
        bool downward = call->tests[i].op == OP_LE || call->tests[i].op == OP_LT;

        if (distance ? !downward : !upward) {
            call->bound = (double)NAN;
            return;
        }
        if (distance ? number > call->bound : number < call->bound)
            call->bound = number;
    }
}

/* ---- all of it ------------------------------------------------------------------- */

static bool rung_in(struct err *err, const struct contest *contest,
                    const struct rung *rung)
{
    return err_in(err, "comparison %.60s, level %.80s", contest->name, rung->label);
}

static bool types_find(struct splink_model *model, struct typing *typing)
{
    typing->changed = false;
    for (size_t c = 0; c < model->contest_count; c++) {
        struct contest *contest = &model->contests[c];

        for (size_t i = 0; i < contest->count; i++) {
            struct rung *rung = &contest->rungs[i];

            if (rung->node && !settle(typing, rung->node, TYPE_BOOL))
                return rung_in(typing->err, contest, rung);
        }
    }
    return true;
}

bool shape_model(struct splink_model *model, struct err *err)
{
    struct typing typing = {
        .columns = &model->columns, .arena = model->arena, .err = err};

    do {
        if (!types_find(model, &typing))
            return false;
    } while (typing.changed);
    typing.last = true;
    for (size_t i = 0; i < model->columns.count; i++)
        if (!model->columns.types[i])
            model->columns.types[i] = TYPE_TEXT;
    if (!types_find(model, &typing))
        return false;
    for (size_t c = 0; c < model->contest_count; c++) {
        struct contest *contest = &model->contests[c];

        for (struct rung *rung = contest->rungs; rung < contest->rungs + contest->count;
             rung++) {
            if (!rung->node)
                continue;
            sides_of(rung->node);
            if (!hoist(model, rung->node, err))
                return rung_in(err, contest, rung);
            tests_find(model, rung->node);
        }
    }
    for (size_t i = 0; i < model->call_count; i++)
        call_bound(&model->calls[i]);
    return true;
}
