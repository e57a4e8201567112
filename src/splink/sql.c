/*
 * The conditions of comparison levels: a part of SQL, by precedence, strongest last.
 *
 *   or      and { OR and }
 *   and     not { AND not }
 *   not     NOT not | compared
 *   compared joined { (= <> < <= > >=) joined | IS [NOT] NULL
 *                     | [NOT] BETWEEN joined AND joined | [NOT] IN ( or, ... ) }
 *   joined  sum { || sum }
 *   sum     product { (+ -) product }
 *   product sign { (* /) sign }
 *   sign    - sign | cast
 *   cast    primary { :: type }
 *   primary number | 'text' | column | function ( or, ... ) | ( or ) | CASE ... END
 *           | CAST ( or AS type ) | NULL | TRUE | FALSE
 *
 * A column is a name that ends in _l or _r, for the record on that side. Depth and size
 * are limited: a model file comes from outside.
 */
#include "splink/inner.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 60, NODES_MAX = 2000, CHILDREN_MAX = 100, CONDITION_MAX = 100000 };

enum token {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_QUOTED,
    TOKEN_TEXT,
    TOKEN_NUMBER,
    TOKEN_SIGN
};

struct parser {
    struct str rest;
    enum token token;
    struct str at;      /* the token as written */
    struct str content; /* of quoted names and texts, quotes undone */
    struct columns *columns;
    struct arena *arena;
    unsigned depth, nodes;
    struct err *err;
};

/* ---- tokens ---------------------------------------------------------------------- */

static bool name_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Doubled quotes inside stand for one. */
static bool quoted(struct parser *parser, char quote)
{
    struct str *rest = &parser->rest;
    char *content = arena_alloc(parser->arena, rest->len);
    size_t len = 0, at = 1;

    for (; at < rest->len; at++) {
        if (rest->at[at] == quote) {
            if (at + 1 >= rest->len || rest->at[at + 1] != quote)
                break;
            at++;
        }
        content[len++] = rest->at[at];
    }
    if (at >= rest->len)
        return err_set(parser->err, ERR_INPUT, "a quote is opened and never closed");
    parser->at = (struct str){rest->at, at + 1};
    parser->content = (struct str){content, len};
    parser->token = quote == '\'' ? TOKEN_TEXT : TOKEN_QUOTED;
    return true;
}

static size_t number_size(struct str rest)
{
    size_t at = 0;

    while (at < rest.len && (digit(rest.at[at]) || rest.at[at] == '.'))
        at++;
    if (at + 1 < rest.len && (rest.at[at] | 0x20) == 'e') {
        size_t power = at + 1 + (rest.at[at + 1] == '-' || rest.at[at + 1] == '+');

        if (power < rest.len && digit(rest.at[power]))
            for (at = power; at < rest.len && digit(rest.at[at]);)
                at++;
    }
    return at;
}

static size_t sign_size(struct str rest)
{
    static const char *const signs[] = {"<=", ">=", "<>", "!=", "==", "||", "::"};

    for (size_t i = 0; i < COUNT(signs); i++)
        if (rest.len >= 2 && memcmp(rest.at, signs[i], 2) == 0)
            return 2;
    return strchr("()=<>+-*/,", *rest.at) ? 1 : 0;
}

static bool next(struct parser *parser)
{
    struct str *rest = &parser->rest;
    size_t size = 0;

    rest->at += parser->at.len, rest->len -= parser->at.len;
    while (rest->len && strchr(" \t\r\n", *rest->at) && *rest->at)
        rest->at++, rest->len--;
    parser->at = (struct str){rest->at, 0};
    if (rest->len == 0) {
        parser->token = TOKEN_END;
        return true;
    }
    if (*rest->at == '\'' || *rest->at == '"')
        return quoted(parser, *rest->at);
    if (digit(*rest->at) || (*rest->at == '.' && rest->len > 1 && digit(rest->at[1]))) {
        parser->token = TOKEN_NUMBER;
        size = number_size(*rest);
    } else if (name_letter(*rest->at)) {
        parser->token = TOKEN_NAME;
        while (size < rest->len && name_letter(rest->at[size]))
            size++;
    } else if (*rest->at) {
        parser->token = TOKEN_SIGN;
        size = sign_size(*rest);
    }
    if (size == 0)
        return err_set(parser->err, ERR_INPUT, "the sign %.1s is not understood",
                       *rest->at >= ' ' && *rest->at < 0x7f ? rest->at : "?");
    parser->at.len = size;
    return true;
}

static bool same_word(struct str a, const char *b)
{
    size_t len = strlen(b);

    for (size_t i = 0; i < len && i < a.len; i++)
        if ((a.at[i] >= 'A' && a.at[i] <= 'Z' ? a.at[i] | 0x20 : a.at[i]) != b[i])
            return false;
    return a.len == len;
}

static bool is_word(const struct parser *parser, const char *word)
{
    return parser->token == TOKEN_NAME && same_word(parser->at, word);
}

static bool is_sign(const struct parser *parser, const char *sign)
{
    return parser->token == TOKEN_SIGN && str_same(parser->at, str_of(sign));
}

static bool unexpected(struct parser *parser, const char *wanted)
{
    if (parser->token == TOKEN_END)
        return err_set(parser->err, ERR_INPUT, "it ends where %s should stand", wanted);
    return err_set(parser->err, ERR_INPUT, "%.40s stands where %s should",
                   arena_copy(parser->arena, parser->at), wanted);
}

static bool expect_sign(struct parser *parser, const char *sign)
{
    return is_sign(parser, sign) ? next(parser) : unexpected(parser, sign);
}

static bool expect_word(struct parser *parser, const char *word)
{
    return is_word(parser, word) ? next(parser) : unexpected(parser, word);
}

/* ---- nodes ----------------------------------------------------------------------- */

static bool node_new(struct parser *parser, enum op op, size_t count,
                     struct node **node)
{
    if (++parser->nodes > NODES_MAX) {
        err_set(parser->err, ERR_INPUT, "it is too long");
        return false;
    }
    *node = arena_alloc(parser->arena, sizeof(**node));
    (*node)->op = (uint8_t)op;
    (*node)->count = (uint16_t)count;
    (*node)->child = arena_alloc(parser->arena, (count + 1) * sizeof(struct node *));
    return true;
}

static bool node_of_two(struct parser *parser, enum op op, struct node *a,
                        struct node *b, struct node **node)
{
    if (!node_new(parser, op, 2, node))
        return false;
    (*node)->child[0] = a;
    (*node)->child[1] = b;
    return true;
}

static bool node_of_one(struct parser *parser, enum op op, struct node *a,
                        struct node **node)
{
    if (!node_new(parser, op, 1, node))
        return false;
    (*node)->child[0] = a;
    return true;
}

uint16_t columns_at(struct columns *columns, struct str name)
{
    for (size_t i = 0; i < columns->count; i++)
        if (str_same(str_of(columns->names[i]), name))
            return (uint16_t)i;
    if (columns->count == columns->room) {
        columns->room = columns->room ? columns->room * 2 : 16;
        columns->names =
            memory_grow(columns->names, columns->room, sizeof(*columns->names));
        columns->types = memory_grow(columns->types, columns->room, 1);
    }
    columns->names[columns->count] = arena_copy(columns->arena, name);
    columns->types[columns->count] = TYPE_UNKNOWN;
    return (uint16_t)columns->count++;
}

static bool column(struct parser *parser, struct str name, struct node **node)
{
    enum { COLUMNS_MAX = 60 };
    char side =
        name.len > 2 && name.at[name.len - 2] == '_' ? name.at[name.len - 1] : 0;

    side = (char)(side | 0x20);
    if (side != 'l' && side != 'r')
        return err_set(parser->err, ERR_INPUT,
                       "%.60s is no column of either side: want a name that ends in _l "
                       "or _r",
                       arena_copy(parser->arena, name));
    if (!node_new(parser, OP_COLUMN, 0, node))
        return false;
    (*node)->sides = side == 'l' ? LEFT_SIDE : RIGHT_SIDE;
    (*node)->at = columns_at(parser->columns, (struct str){name.at, name.len - 2});
    return parser->columns->count <= COLUMNS_MAX ||
           err_set(parser->err, ERR_INPUT, "more than %d columns", COLUMNS_MAX);
}

/* ---- the grammar ----------------------------------------------------------------- */

static bool either(struct parser *parser, struct node **node);

static bool list(struct parser *parser, struct node **children, size_t *count)
{
    *count = 0;
    if (is_sign(parser, ")"))
        return next(parser);
    for (;;) {
        if (*count == CHILDREN_MAX)
            return err_set(parser->err, ERR_INPUT, "too many values in a list");
        if (!either(parser, &children[(*count)++]))
            return false;
        if (!is_sign(parser, ","))
            return expect_sign(parser, ")");
        if (!next(parser))
            return false;
    }
}

static bool call(struct parser *parser, struct str name, struct node **node)
{
    struct node *children[CHILDREN_MAX] = {NULL};
    const struct function *function = function_named(name);
    size_t count;

    if (!function)
        return err_set(parser->err, ERR_INPUT,
                       "the function %.60s cannot be expressed here",
                       arena_copy(parser->arena, name));
    if (!next(parser) || !list(parser, children, &count))
        return false;
    if (count < function->least || count > function->most)
        return err_set(parser->err, ERR_INPUT, "%s does not take %zu arguments here",
                       function->name, count);
    if (!node_new(parser, OP_CALL, count, node))
        return false;
    (*node)->function = function;
    for (size_t i = 0; i < count; i++)
        (*node)->child[i] = children[i];
    return true;
}

static bool type_name(struct parser *parser, struct node *cast)
{
    static const struct {
        const char *name;
        uint8_t type, how;
    } types[] = {
        {"text",    TYPE_TEXT,   CAST_PLAIN},
        {"varchar", TYPE_TEXT,   CAST_PLAIN},
        {"string",  TYPE_TEXT,   CAST_PLAIN},
        {"double",  TYPE_NUMBER, CAST_PLAIN},
        {"float8",  TYPE_NUMBER, CAST_PLAIN},
        {"float",   TYPE_NUMBER, CAST_REAL },
        {"real",    TYPE_NUMBER, CAST_REAL },
        {"int",     TYPE_NUMBER, CAST_WHOLE},
        {"integer", TYPE_NUMBER, CAST_WHOLE},
        {"bigint",  TYPE_NUMBER, CAST_WHOLE},
        {"date",    TYPE_TIME,   CAST_PLAIN},
    };

    for (size_t i = 0; i < COUNT(types) && parser->token == TOKEN_NAME; i++) {
        if (!same_word(parser->at, types[i].name))
            continue;
        cast->type = types[i].type;
        cast->cast = types[i].how;
        return next(parser);
    }
    return unexpected(parser, "a type (text, double, float, int or date)");
}

static bool cast(struct parser *parser, struct node **node)
{
    struct node *value = NULL;

    return next(parser) && expect_sign(parser, "(") && either(parser, &value) &&
           expect_word(parser, "as") && node_of_one(parser, OP_CAST, value, node) &&
           type_name(parser, *node) && expect_sign(parser, ")");
}

static bool choice(struct parser *parser, struct node **node)
{
    struct node *children[CHILDREN_MAX] = {NULL};
    size_t count = 0;

    if (!next(parser))
        return false;
    if (!is_word(parser, "when"))
        return unexpected(parser, "WHEN");
    while (is_word(parser, "when")) {
        if (count + 3 > CHILDREN_MAX)
            return err_set(parser->err, ERR_INPUT, "too many WHENs in a CASE");
        if (!next(parser) || !either(parser, &children[count]) ||
            !expect_word(parser, "then") || !either(parser, &children[count + 1]))
            return false;
        count += 2;
    }
    if (is_word(parser, "else")) {
        if (!next(parser) || !either(parser, &children[count]))
            return false;
    } else if (!node_new(parser, OP_NULL, 0, &children[count])) {
        return false;
    }
    count++;
    if (!expect_word(parser, "end") || !node_new(parser, OP_CASE, count, node))
        return false;
    for (size_t i = 0; i < count; i++)
        (*node)->child[i] = children[i];
    return true;
}

static bool constant(struct parser *parser, enum type type, struct node **node)
{
    if (!node_new(parser, OP_CONSTANT, 0, node))
        return false;
    (*node)->type = (uint8_t)type;
    (*node)->text = parser->content;
    if (type == TYPE_NUMBER && !str_number(parser->at, &(*node)->number))
        return err_set(parser->err, ERR_INPUT, "%.40s is no number",
                       arena_copy(parser->arena, parser->at));
    if (type == TYPE_BOOL)
        (*node)->number = is_word(parser, "true");
    return next(parser);
}

static bool named(struct parser *parser, struct node **node)
{
    struct str name = parser->at;

    if (is_word(parser, "null"))
        return node_new(parser, OP_NULL, 0, node) && next(parser);
    if (is_word(parser, "true") || is_word(parser, "false"))
        return constant(parser, TYPE_BOOL, node);
    if (is_word(parser, "cast"))
        return cast(parser, node);
    if (is_word(parser, "case"))
        return choice(parser, node);
    if (!next(parser))
        return false;
    return is_sign(parser, "(") ? call(parser, name, node) : column(parser, name, node);
}

static bool primary(struct parser *parser, struct node **node)
{
    struct str name = parser->content;

    *node = NULL;
    switch (parser->token) {
    case TOKEN_NUMBER:
        return constant(parser, TYPE_NUMBER, node);
    case TOKEN_TEXT:
        return constant(parser, TYPE_TEXT, node);
    case TOKEN_QUOTED:
        return next(parser) && column(parser, name, node);
    case TOKEN_NAME:
        return named(parser, node);
    case TOKEN_SIGN:
        if (is_sign(parser, "("))
            return next(parser) && either(parser, node) && expect_sign(parser, ")");
        break;
    case TOKEN_END:
        break;
    }
    return unexpected(parser, "a value");
}

static bool casts(struct parser *parser, struct node **node)
{
    if (!primary(parser, node))
        return false;
    while (is_sign(parser, "::")) {
        struct node *value = *node;

        if (!next(parser) || !node_of_one(parser, OP_CAST, value, node) ||
            !type_name(parser, *node))
            return false;
    }
    return true;
}

static bool sign(struct parser *parser, struct node **node)
{
    struct node *value = NULL;
    bool ok;

    if (!is_sign(parser, "-"))
        return casts(parser, node);
    if (++parser->depth > DEPTH_MAX)
        return err_set(parser->err, ERR_INPUT, "it is nested too deep");
    ok = next(parser) && sign(parser, &value) &&
         node_of_one(parser, OP_NEG, value, node);
    parser->depth--;
    return ok;
}

struct operator
{
    const char *sign;
    enum op op;
};

typedef bool rule(struct parser *parser, struct node **node);

/* a { operator a }, from the left. */
static bool chain(struct parser *parser, const struct operator* operators, rule *inner,
                  struct node **node)
{
    if (!inner(parser, node))
        return false;
    for (const struct operator* found = operators; found->sign;) {
        struct node *a = *node, *b = NULL;

        if (!is_sign(parser, found->sign)) {
            found++;
            continue;
        }
        if (!next(parser) || !inner(parser, &b) ||
            !node_of_two(parser, found->op, a, b, node))
            return false;
        found = operators;
    }
    return true;
}

static bool product(struct parser *parser, struct node **node)
{
    static const struct operator operators[] = {
        {"*", OP_MUL },
        {"/", OP_DIV },
        {0,   OP_NULL}
    };

    return chain(parser, operators, sign, node);
}

static bool sum(struct parser *parser, struct node **node)
{
    static const struct operator operators[] = {
        {"+", OP_ADD },
        {"-", OP_SUB },
        {0,   OP_NULL}
    };

    return chain(parser, operators, product, node);
}

static bool joined(struct parser *parser, struct node **node)
{
    static const struct operator operators[] = {
        {"||", OP_JOIN},
        {0,    OP_NULL}
    };

    return chain(parser, operators, sum, node);
}

static bool between(struct parser *parser, struct node *value, struct node **node)
{
    if (!node_new(parser, OP_BETWEEN, 3, node))
        return false;
    (*node)->child[0] = value;
    return next(parser) && joined(parser, &(*node)->child[1]) &&
           expect_word(parser, "and") && joined(parser, &(*node)->child[2]);
}

static bool within(struct parser *parser, struct node *value, struct node **node)
{
    struct node *children[CHILDREN_MAX] = {NULL};
    size_t count;

    if (!next(parser) || !expect_sign(parser, "(") || !list(parser, children, &count))
        return false;
    if (count == 0)
        return unexpected(parser, "a value");
    if (!node_new(parser, OP_IN, count + 1, node))
        return false;
    (*node)->child[0] = value;
    for (size_t i = 0; i < count; i++)
        (*node)->child[i + 1] = children[i];
    return true;
}

static bool negated(struct parser *parser, bool negate, struct node **node)
{
    return !negate || node_of_one(parser, OP_NOT, *node, node);
}

static bool is_null(struct parser *parser, struct node *value, struct node **node)
{
    bool negate;

    if (!next(parser))
        return false;
    negate = is_word(parser, "not");
    if (negate && !next(parser))
        return false;
    return expect_word(parser, "null") &&
           node_of_one(parser, OP_IS_NULL, value, node) &&
           negated(parser, negate, node);
}

static bool compared(struct parser *parser, struct node **node)
{
    static const struct operator operators[] = {
        {"=",  OP_EQ  },
        {"==", OP_EQ  },
        {"<>", OP_NE  },
        {"!=", OP_NE  },
        {"<=", OP_LE  },
        {">=", OP_GE  },
        {"<",  OP_LT  },
        {">",  OP_GT  },
        {0,    OP_NULL}
    };

    if (!chain(parser, operators, joined, node))
        return false;
    for (;;) {
        bool negate = is_word(parser, "not");

        if (is_word(parser, "is")) {
            if (!is_null(parser, *node, node))
                return false;
            continue;
        }
        if (negate && !next(parser))
            return false;
        if (is_word(parser, "between")) {
            if (!between(parser, *node, node))
                return false;
        } else if (is_word(parser, "in")) {
            if (!within(parser, *node, node))
                return false;
        } else {
            return !negate || unexpected(parser, "BETWEEN or IN");
        }
        if (!negated(parser, negate, node))
            return false;
    }
}

static bool negation(struct parser *parser, struct node **node)
{
    struct node *value = NULL;
    bool ok;

    if (!is_word(parser, "not"))
        return compared(parser, node);
    if (++parser->depth > DEPTH_MAX)
        return err_set(parser->err, ERR_INPUT, "it is nested too deep");
    ok = next(parser) && negation(parser, &value) &&
         node_of_one(parser, OP_NOT, value, node);
    parser->depth--;
    return ok;
}

static bool words(struct parser *parser, const char *word, enum op op, rule *inner,
                  struct node **node)
{
    if (!inner(parser, node))
        return false;
    while (is_word(parser, word)) {
        struct node *a = *node, *b = NULL;

        if (!next(parser) || !inner(parser, &b) || !node_of_two(parser, op, a, b, node))
            return false;
    }
    return true;
}

static bool both(struct parser *parser, struct node **node)
{
    return words(parser, "and", OP_AND, negation, node);
}

static bool either(struct parser *parser, struct node **node)
{
    bool ok;

    *node = NULL;
    if (++parser->depth > DEPTH_MAX)
        return err_set(parser->err, ERR_INPUT, "it is nested too deep");
    ok = words(parser, "or", OP_OR, both, node);
    parser->depth--;
    return ok;
}

bool sql_parse(struct str text, struct columns *columns, struct arena *arena,
               struct node **node, struct err *err)
{
    struct parser parser = {
        .rest = text, .columns = columns, .arena = arena, .err = err};

    parser.at = (struct str){text.at, 0};
    if (text.len > CONDITION_MAX)
        return err_set(err, ERR_INPUT, "it is too long");
    if (!next(&parser) || !either(&parser, node))
        return false;
    return parser.token == TOKEN_END || unexpected(&parser, "AND, OR or the end");
}
