/*
 * Inside splink: expressions, values, models and the tables of a search.
 */
#ifndef SPLINK_INNER_H
#define SPLINK_INNER_H

#include "splink/splink.h"

/* ---- expressions ----------------------------------------------------------------- */

enum type { TYPE_UNKNOWN, TYPE_BOOL, TYPE_NUMBER, TYPE_TEXT, TYPE_TIME, TYPE_COUNT };

enum op {
    OP_COLUMN, /* of a record, by index; a side */
    OP_FACT,   /* what a record says, worked out once: see shape.c */
    OP_CONSTANT,
    OP_NULL,
    OP_OR,
    OP_AND,
    OP_NOT,
    OP_EQ, /* from here to OP_GE: comparisons */
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_BETWEEN, /* value, least, most */
    OP_IN,      /* value, one, another ... */
    OP_IS_NULL,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_NEG,
    OP_JOIN, /* || */
    OP_CASE, /* condition, value, condition, value ... value otherwise */
    OP_CAST, /* to node->type, `cast` says how */
    OP_CALL,
    OP_TEST, /* a call of two facts against a number: one bit of a mask, see level.c */
};

enum cast { CAST_PLAIN, CAST_REAL, CAST_WHOLE };

enum { LEFT_SIDE = 1, RIGHT_SIDE = 2, BOTH_SIDES = 3 };

struct pattern;
struct function;

struct node {
    uint8_t op, type, cast, sides;
    uint16_t count;  /* children */
    uint16_t at;     /* column, fact, or test of a call */
    uint16_t call;   /* OP_TEST */
    uint32_t serial; /* its place in a search's rates */
    const struct function *function;
    struct node **child;
    double number; /* constants; OP_CONSTANT of TYPE_TEXT has text */
    struct str text;
    const struct pattern *pattern; /* of regexp_extract, compiled */
};

struct columns { /* names met by the parser; grows */
    struct arena *arena;
    const char **names;
    uint8_t *types; /* enum type */
    size_t count, room;
};

/* Parses one condition. Errors name what is not understood. */
bool sql_parse(struct str text, struct columns *columns, struct arena *arena,
               struct node **node, struct err *err) MUST_CHECK;
uint16_t columns_at(struct columns *columns, struct str name);

/* ---- functions ------------------------------------------------------------------- */

struct value {
    bool null;
    double number; /* BOOL: 0 or 1; TIME: seconds since 1970 */
    struct str text;
};

enum likeness {
    LIKENESS_NONE,
    LIKENESS_JARO,
    LIKENESS_JARO_WINKLER,
    LIKENESS_JACCARD,
    LIKENESS_LEVENSHTEIN, /* from here on: distances */
    LIKENESS_DAMERAU,
};

struct function {
    const char *name;
    uint8_t result;       /* enum type; TYPE_UNKNOWN: that of the arguments */
    uint8_t arguments[3]; /* the last one stands for all that follow */
    uint8_t least, most;  /* how many */
    uint8_t likeness;     /* enum likeness: of two texts, worth keeping */
    bool takes_null;      /* works on nulls; others give null for any null */
    void (*work)(const struct node *call, const struct value *arguments, size_t count,
                 struct arena *arena, struct value *result);
};

const struct function *function_named(struct str name);
double function_likeness(const struct function *function, struct str a, struct str b);

/* The bound of it that profiles give: at most (similarity), at least (distance). */
double function_bound(const struct function *function, struct profile a,
                      struct profile b);

/* Regular expressions: letters, classes, repeats, groups, alternatives, ^ and $. */
bool pattern_compile(struct str text, struct arena *arena,
                     const struct pattern **pattern, struct err *err) MUST_CHECK;
unsigned pattern_groups(const struct pattern *pattern);
bool pattern_find(const struct pattern *pattern, struct str text, unsigned group,
                  struct str *found);

/* strptime's formats; true if the text is such a time. */
bool moment_format(struct str format, struct err *err) MUST_CHECK;
bool moment_read(struct str text, struct str format, double *seconds);
void moment_date(double seconds, char text[16]); /* 1984-03-12 */

/* ---- the model ------------------------------------------------------------------- */

struct rung { /* a level */
    const char *condition, *label;
    struct node *node; /* NULL: ELSE */
    bool missing, has_m, has_u, fix_m, fix_u, own_u, has_weight, has_fix;
    double m, u;                  /* as they count */
    const char *frequency_column; /* or NULL */
    double frequency_weight, frequency_least;
    bool by_frequency; /* it counts: the column is given, and the level is no ELSE */
    uint16_t frequency_fact;  /* the column, until the facts are known */
    int64_t weight;           /* log2(m / u); 0 if missing */
    int64_t exact_u, least_u; /* log2; least_u INT64_MIN: none */
};

struct contest { /* a comparison */
    const char *name, *about;
    struct rung *rungs;
    size_t count;
};

enum {
    FACTS_MAX = 256,
    TESTS_MAX = 15,
    CALLS_MAX = 256,
    CONTESTS_MAX = 60,
    RUNGS_MAX = 32
};

struct call { /* a likeness of a fact of the left and one of the right */
    const struct function *function;
    uint16_t left, right; /* facts */
    struct {
        uint8_t op;
        double number;
    } tests[TESTS_MAX];
    size_t tests_count;
    double bound; /* beyond it no test is passed; NAN: no such bound */
};

struct splink_model {
    struct arena *arena;
    struct columns columns; /* 0: the id */
    struct contest *contests;
    size_t contest_count;
    double prior;
    int64_t prior_weight;
    struct node *facts[FACTS_MAX]; /* over columns of one record */
    const char *fact_texts[FACTS_MAX];
    size_t fact_count;
    struct call calls[CALLS_MAX];
    size_t call_count;
    uint32_t node_count;
    struct json *document; /* what it was read from, for the rest of its settings */
    bool ours;             /* that document is of our kind */
};

/* Types the conditions, takes what belongs to one record out of them, finds the calls. */
bool shape_model(struct splink_model *model, struct err *err) MUST_CHECK;
uint16_t shape_fact_of_column(struct splink_model *model, uint16_t column);

/* ---- values and records ---------------------------------------------------------- */

struct word { /* a value met in the files; 0 is null */
    const char *text;
    uint32_t len;
    uint8_t type;
    double number;
    struct profile profile;
};

struct words {
    struct arena *arena;
    struct word *list;
    size_t count, room;
    uint32_t *slots;
    size_t mask;
};

void words_open(struct words *words);
void words_close(struct words *words);
uint32_t words_put(struct words *words, enum type type, const struct value *value);

struct splink_records {
    const struct splink_model *model;
    struct arena *arena, *work;
    const char *
        *cells; /* row * column_count, NULL for null: until the search takes them */
    size_t count, room;
};

/* What an expression is evaluated over. */
struct scene {
    const struct value *columns;  /* OP_COLUMN: of one record */
    const uint32_t *left, *right; /* OP_FACT: words */
    const struct word *words;
    const struct splink_model *model;
    struct arena *arena;
    struct masks *masks; /* likenesses kept, or NULL */
};

void evaluate(const struct node *node, const struct scene *scene, struct value *value);

enum truth { IS_FALSE, IS_TRUE, IS_UNKNOWN };
enum truth truth_of(const struct node *node, const struct scene *scene);

/* Which of false (1), true (2), null (4) it can be for any left, `right` given. */
unsigned truths_possible(const struct node *node, const struct scene *scene);

/* ---- the two sides --------------------------------------------------------------- */

struct posting {      /* of one fact of the left: records by value */
    uint32_t *place;  /* of a word, among the values of this fact; UINT32_MAX: none */
    uint32_t *values; /* words, null first if there is one */
    uint32_t *starts; /* values + 1 */
    uint32_t *records;
    size_t count;
};

struct side {
    uint32_t *facts; /* record * fact_count: words */
    const char **ids;
    size_t count;
};

struct splink_search {
    const struct splink_model *model;
    struct words words;
    struct arena *arena;
    struct side left, right; /* right is left for one file */
    bool one_file;
    struct posting *postings; /* of facts of the left */
    int64_t **frequency;      /* of facts: log2 of a word's share; NULL: not asked */
    double *rates; /* by node: share of pairs for which it is true, from a sample */
    size_t contest_order[CONTESTS_MAX]; /* cheap ones first */
};

/* The first level whose condition is true; rungs count if there is none. */
unsigned level_of(const struct contest *contest, const struct scene *scene);
int64_t level_weight(const struct splink_search *search, const struct rung *rung,
                     uint32_t left_word, uint32_t right_word, int64_t *by_frequency);

#define WEIGHT_NEVER (-((int64_t)1 << 52)) /* no sum with it reaches a threshold */
#define WEIGHT_SLACK ((int64_t)1100)       /* a billionth of a bit */

/* Likenesses of one right value with all left ones, kept by a worker. */
struct masks;
struct masks *masks_new(const struct splink_search *search);
void masks_free(struct masks *masks);
enum { MASK_KNOWN = 0x8000 };
const uint16_t *masks_all(struct masks *masks, unsigned call, uint32_t right_word);
unsigned masks_one(struct masks *masks, unsigned call, uint32_t left_word,
                   uint32_t right_word);
unsigned call_mask(const struct call *call, const struct word *a, const struct word *b,
                   bool bounded);

#endif
