/*
 * The value of an expression, with SQL's three truths: a comparison with null is unknown,
 * OR is true if a side is, AND is false if a side is, and a level is taken only if its
 * condition is true.
 */
#include "splink/inner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void truth_value(enum truth truth, struct value *value)
{
    value->null = truth == IS_UNKNOWN;
    value->number = truth == IS_TRUE;
}

/* ---- leaves ---------------------------------------------------------------------- */

static uint32_t word_of(const struct node *node, const struct scene *scene)
{
    return (node->sides == LEFT_SIDE ? scene->left : scene->right)[node->at];
}

static void fact_value(const struct node *node, const struct scene *scene,
                       struct value *value)
{
    uint32_t word = word_of(node, scene);

    value->null = word == 0;
    value->number = scene->words[word].number;
    value->text = (struct str){scene->words[word].text, scene->words[word].len};
}

/* ---- comparisons ----------------------------------------------------------------- */

static int order(const struct node *node, const struct value *a, const struct value *b)
{
    size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
    int by;

    if (node->type != TYPE_TEXT && (isnan(a->number) || isnan(b->number)))
        return (isnan(a->number) != 0) - (isnan(b->number) != 0); /* above all others */
    if (node->type != TYPE_TEXT)
        return (a->number > b->number) - (a->number < b->number);
    by = len ? memcmp(a->text.at, b->text.at, len) : 0;
    return by ? by : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

static bool holds(enum op op, int order)
{
    return op == OP_EQ   ? order == 0
           : op == OP_NE ? order != 0
           : op == OP_LT ? order < 0
           : op == OP_LE ? order <= 0
           : op == OP_GT ? order > 0
                         : order >= 0;
}

/* Facts are the same where their words are: numbers and texts are kept once. */
static enum truth same_facts(const struct node *node, const struct scene *scene)
{
    uint32_t a = word_of(node->child[0], scene), b = word_of(node->child[1], scene);

    if (!a || !b)
        return IS_UNKNOWN;
    return (a == b) == (node->op == OP_EQ) ? IS_TRUE : IS_FALSE;
}

static enum truth compare(const struct node *node, enum op op, const struct node *left,
                          const struct node *right, const struct scene *scene)
{
    struct value a, b;

    if (node->op <= OP_NE && left->op == OP_FACT && right->op == OP_FACT)
        return same_facts(node, scene);
    evaluate(left, scene, &a);
    evaluate(right, scene, &b);
    if (a.null || b.null)
        return IS_UNKNOWN;
    return holds(op, order(left, &a, &b)) ? IS_TRUE : IS_FALSE;
}

static enum truth both(enum truth a, enum truth b)
{
    return a == IS_FALSE || b == IS_FALSE       ? IS_FALSE
           : a == IS_UNKNOWN || b == IS_UNKNOWN ? IS_UNKNOWN
                                                : IS_TRUE;
}

static enum truth opposite(enum truth truth)
{
    return truth == IS_UNKNOWN ? truth : truth == IS_TRUE ? IS_FALSE : IS_TRUE;
}

static enum truth within(const struct node *node, const struct scene *scene)
{
    enum truth result = IS_FALSE;

    for (size_t i = 1; i < node->count && result != IS_TRUE; i++) {
        enum truth one = compare(node, OP_EQ, node->child[0], node->child[i], scene);

        result = opposite(both(opposite(result), opposite(one)));
    }
    return result;
}

static enum truth test(const struct node *node, const struct scene *scene)
{
    const struct call *call = &scene->model->calls[node->call];
    uint32_t a = scene->left[call->left], b = scene->right[call->right];
    unsigned mask;

    if (!a || !b)
        return IS_UNKNOWN;
    mask = scene->masks ? masks_one(scene->masks, node->call, a, b)
                        : call_mask(call, &scene->words[a], &scene->words[b], false);
    return mask >> node->at & 1 ? IS_TRUE : IS_FALSE;
}

static enum truth is_null(const struct node *node, const struct scene *scene)
{
    struct value value;

    if (node->child[0]->op == OP_FACT)
        return word_of(node->child[0], scene) ? IS_FALSE : IS_TRUE;
    evaluate(node->child[0], scene, &value);
    return value.null ? IS_TRUE : IS_FALSE;
}

enum truth truth_of(const struct node *node, const struct scene *scene)
{
    struct value value;
    enum truth first;

    switch ((enum op)node->op) {
    case OP_OR:
        first = truth_of(node->child[0], scene);
        return first == IS_TRUE
                   ? first
                   : opposite(both(opposite(first),
                                   opposite(truth_of(node->child[1], scene))));
    case OP_AND:
        first = truth_of(node->child[0], scene);
        return first == IS_FALSE ? first : both(first, truth_of(node->child[1], scene));
    case OP_NOT:
        return opposite(truth_of(node->child[0], scene));
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        return compare(node, (enum op)node->op, node->child[0], node->child[1], scene);
    case OP_BETWEEN:
        return both(compare(node, OP_GE, node->child[0], node->child[1], scene),
                    compare(node, OP_LE, node->child[0], node->child[2], scene));
    case OP_IN:
        return within(node, scene);
    case OP_IS_NULL:
        return is_null(node, scene);
    case OP_TEST:
        return test(node, scene);
    case OP_COLUMN:
    case OP_FACT:
    case OP_CONSTANT:
    case OP_NULL:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
    case OP_JOIN:
    case OP_CASE:
    case OP_CAST:
    case OP_CALL:
        break;
    }
    evaluate(node, scene, &value);
    return value.null ? IS_UNKNOWN : value.number != 0 ? IS_TRUE : IS_FALSE;
}

/* ---- other values ---------------------------------------------------------------- */

static void calculate(const struct node *node, const struct scene *scene,
                      struct value *value)
{
    struct value a, b = {0};
    double number;

    evaluate(node->child[0], scene, &a);
    if (node->count > 1)
        evaluate(node->child[1], scene, &b);
    value->null = a.null || b.null;
    number = node->op == OP_ADD   ? a.number + b.number
             : node->op == OP_SUB ? a.number - b.number
             : node->op == OP_MUL ? a.number * b.number
             : node->op == OP_DIV ? a.number / b.number
                                  : -a.number;
    value->number = number;
}

static void join(const struct node *node, const struct scene *scene,
                 struct value *value)
{
    struct value a, b;
    char *room;

    evaluate(node->child[0], scene, &a);
    evaluate(node->child[1], scene, &b);
    value->null = a.null || b.null;
    if (value->null)
        return;
    room = arena_alloc(scene->arena, a.text.len + b.text.len + 1);
    if (a.text.len)
        memcpy(room, a.text.at, a.text.len);
    if (b.text.len)
        memcpy(room + a.text.len, b.text.at, b.text.len);
    value->text = (struct str){room, a.text.len + b.text.len};
}

static void choose(const struct node *node, const struct scene *scene,
                   struct value *value)
{
    size_t i = 0;

    while (i + 1 < node->count && truth_of(node->child[i], scene) != IS_TRUE)
        i += 2;
    evaluate(node->child[i + 1 < node->count ? i + 1 : i], scene, value);
}

static void cast(const struct node *node, const struct scene *scene,
                 struct value *value)
{
    const struct node *from = node->child[0];

    evaluate(from, scene, value);
    if (value->null)
        return;
    if (node->type == TYPE_NUMBER && node->cast == CAST_REAL)
        value->number = (double)(float)value->number;
    if (node->type == TYPE_NUMBER && node->cast == CAST_WHOLE)
        value->number = nearbyint(value->number);
    if (node->type == TYPE_TIME && from->type == TYPE_TEXT)
        value->null = !moment_read(value->text, STR("%Y-%m-%d"), &value->number);
    if (node->type == TYPE_TEXT && from->type == TYPE_TIME) {
        char *text = arena_alloc(scene->arena, 16);

        moment_date(value->number, text);
        value->text = str_of(text);
    }
}

static void call(const struct node *node, const struct scene *scene,
                 struct value *value)
{
    struct value arguments[128] = {{0}}; /* more than the parser takes */
    bool null = false;

    for (size_t i = 0; i < node->count; i++) {
        evaluate(node->child[i], scene, &arguments[i]);
        null |= arguments[i].null;
    }
    value->null = null && !node->function->takes_null;
    if (!value->null)
        node->function->work(node, arguments, node->count, scene->arena, value);
}

void evaluate(const struct node *node, const struct scene *scene, struct value *value)
{
    *value = (struct value){
        .text = {"", 0}
    };
    switch ((enum op)node->op) {
    case OP_COLUMN:
        *value = scene->columns[node->at];
        return;
    case OP_FACT:
        fact_value(node, scene, value);
        return;
    case OP_CONSTANT:
        value->number = node->number;
        value->text = node->text;
        return;
    case OP_NULL:
        value->null = true;
        return;
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
        calculate(node, scene, value);
        return;
    case OP_JOIN:
        join(node, scene, value);
        return;
    case OP_CASE:
        choose(node, scene, value);
        return;
    case OP_CAST:
        cast(node, scene, value);
        return;
    case OP_CALL:
        call(node, scene, value);
        return;
    case OP_OR:
    case OP_AND:
    case OP_NOT:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_BETWEEN:
    case OP_IN:
    case OP_IS_NULL:
    case OP_TEST:
        truth_value(truth_of(node, scene), value);
        return;
    }
}

/* ---- what may come out, the left not known --------------------------------------- */

enum { MAY_FALSE = 1, MAY_TRUE = 2, MAY_NULL = 4, MAY_ALL = 7 };

static unsigned not_possible(unsigned may)
{
    return (may & MAY_FALSE ? MAY_TRUE : 0u) | (may & MAY_TRUE ? MAY_FALSE : 0u) |
           (may & MAY_NULL);
}

static unsigned and_possible(unsigned a, unsigned b)
{
    unsigned may = 0;

    if ((a | b) & MAY_FALSE)
        may |= MAY_FALSE;
    if (a & b & MAY_TRUE)
        may |= MAY_TRUE;
    if ((a & MAY_NULL && b & (MAY_TRUE | MAY_NULL)) ||
        (b & MAY_NULL && a & (MAY_TRUE | MAY_NULL)))
        may |= MAY_NULL;
    return may;
}

/* Whether a side of a comparison is null for every left. */
static bool null_for_sure(const struct node *node, const struct scene *scene)
{
    if (node->op == OP_NULL)
        return true;
    if (node->op == OP_FACT && node->sides == RIGHT_SIDE)
        return scene->right[node->at] == 0;
    if (node->op == OP_CALL && node->function->takes_null)
        return false;
    if (node->op == OP_CASE)
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (null_for_sure(node->child[i], scene))
            return node->op >= OP_ADD; /* sums, calls, casts */
    return false;
}

static unsigned comparison_possible(const struct node *node, const struct scene *scene)
{
    if (node->op == OP_TEST)
        return scene->right[scene->model->calls[node->call].right] ? MAY_ALL
                                                                   : (unsigned)MAY_NULL;
    for (size_t i = 0; i < node->count; i++)
        if (null_for_sure(node->child[i], scene) && node->op <= OP_GE)
            return MAY_NULL;
    return MAY_ALL;
}

unsigned truths_possible(const struct node *node, const struct scene *scene)
{
    if (node->sides == RIGHT_SIDE || node->sides == 0)
        return 1u << truth_of(node, scene);
    switch ((enum op)node->op) {
    case OP_OR:
        return not_possible(
            and_possible(not_possible(truths_possible(node->child[0], scene)),
                         not_possible(truths_possible(node->child[1], scene))));
    case OP_AND:
        return and_possible(truths_possible(node->child[0], scene),
                            truths_possible(node->child[1], scene));
    case OP_NOT:
        return not_possible(truths_possible(node->child[0], scene));
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_TEST:
        return comparison_possible(node, scene);
    case OP_IS_NULL:
        return MAY_FALSE | MAY_TRUE;
    case OP_BETWEEN:
    case OP_IN:
    case OP_COLUMN:
    case OP_FACT:
    case OP_CONSTANT:
    case OP_NULL:
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
    case OP_JOIN:
    case OP_CASE:
    case OP_CAST:
    case OP_CALL:
        break;
    }
    return MAY_ALL;
}
