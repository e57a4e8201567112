/* explain --pairs with a model over columns: the evidence of one pair as it was written. */
#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>

enum { FIXED = 3 }; /* left_id, right_id, score_bits */

struct told {
    const struct splink_model *model;
    struct arena *arena;
    struct sheet_column *columns;
    struct str *values;
    size_t comparisons;
    double prior, score;
};

static const char *joined(struct arena *arena, const char *name, const char *end)
{
    struct out *out = out_memory();
    char *text, *kept;

    out_format(out, "%s%s", name, end);
    text = out_take(out);
    kept = arena_copy(arena, str_of(text));
    free(text);
    return kept;
}

static bool number_of(struct str value, const char *column, double *number,
                      struct err *err)
{
    return str_number(value, number) ||
           err_set(err, ERR_INPUT, "%s: want a number of bits", column);
}

/* The prior is what the comparisons do not explain. */
static bool row_read(struct told *told, struct err *err)
{
    if (!number_of(told->values[2], "score_bits", &told->score, err))
        return false;
    told->prior = told->score;
    for (size_t c = 0; c < told->comparisons; c++) {
        size_t at = FIXED + told->comparisons + c;
        double bits;

        if (!number_of(told->values[at], told->columns[at].names, &bits, err))
            return false;
        told->prior -= bits;
    }
    return true;
}

static bool row_find(struct sheet *sheet, const struct arguments *arguments,
                     struct told *told, struct err *err)
{
    struct str left = str_of(argument_operand(arguments, 0));
    struct str right = str_of(argument_operand(arguments, 1));
    bool more;

    while (sheet_next(sheet, told->values, &more, err)) {
        if (!more)
            return err_set(err, ERR_NOT_FOUND,
                           "no such pair; it may be below the threshold of that run");
        if (str_same(told->values[0], left) && str_same(told->values[1], right))
            return row_read(told, err);
    }
    return false;
}

/* ---- what is shown --------------------------------------------------------------- */

static double probability_of(double bits)
{
    return weight_probability((int64_t)(bits * (double)WEIGHT_ONE));
}

static void put_text(const struct told *told, struct out *out)
{
    double sum = told->prior;

    out_format(out, "%10s %10s\n%10.4f %10.4f  prior\n", "bits", "sum", told->prior,
               sum);
    for (size_t c = 0; c < told->comparisons; c++) {
        struct str level = told->values[FIXED + c];
        double bits = 0;

        (void)str_number(told->values[FIXED + told->comparisons + c], &bits);
        sum += bits;
        out_format(out, "%+10.4f %10.4f  %s: %.*s\n", bits, sum,
                   splink_comparison_name(told->model, c), STR_ARG(level));
    }
    out_format(out, "%10s %10.4f  score, probability %.6f\n", "", told->score,
               probability_of(told->score));
}

static void put_json(const struct told *told, struct out *out)
{
    out_format(out,
               "{\"prior_bits\": %.6f, \"score_bits\": %.6f, \"probability\": %.9f, ",
               told->prior, told->score, probability_of(told->score));
    out_text(out, "\"evidence\": [");
    for (size_t c = 0; c < told->comparisons; c++) {
        double bits = 0;

        (void)str_number(told->values[FIXED + told->comparisons + c], &bits);
        out_text(out, c ? ", {\"comparison\": " : "{\"comparison\": ");
        out_json(out, str_of(splink_comparison_name(told->model, c)));
        out_text(out, ", \"level\": ");
        out_json(out, told->values[FIXED + c]);
        out_format(out, ", \"bits\": %.6f}", bits);
    }
    out_text(out, "]}\n");
}

static bool put(const struct arguments *arguments, const struct told *told,
                struct err *err)
{
    struct out *out;

    if (!out_open(argument_text(arguments, "out"), &out, err))
        return false;
    (argument_flag(arguments, "json") ? put_json : put_text)(told, out);
    return out_commit(out, err);
}

/* ---- the command ----------------------------------------------------------------- */

static void columns_fill(struct told *told)
{
    told->columns[0].names = "left_id";
    told->columns[1].names = "right_id";
    told->columns[2].names = "score_bits";
    for (size_t c = 0; c < told->comparisons; c++) {
        const char *name = splink_comparison_name(told->model, c);

        told->columns[FIXED + c].names = joined(told->arena, name, "_level");
        told->columns[FIXED + told->comparisons + c].names =
            joined(told->arena, name, "_bits");
    }
}

bool columns_explain(const struct arguments *arguments,
                     const struct splink_model *model, struct err *err)
{
    const char *path = argument_text(arguments, "pairs");
    size_t count = splink_comparison_count(model), columns = FIXED + 2 * count;
    struct told told = {.model = model, .comparisons = count};
    struct sheet *sheet = NULL;

    if (!path || argument_flag(arguments, "svg"))
        return err_set(err, ERR_USAGE,
                       "a model over columns weighs by frequencies in the files: want "
                       "--pairs FILE LEFT_ID RIGHT_ID, as text or --json");
    told.arena = arena_new();
    told.columns = arena_alloc(told.arena, columns * sizeof(*told.columns));
    told.values = arena_alloc(told.arena, columns * sizeof(*told.values));
    columns_fill(&told);

    bool ok = sheet_open(path, told.columns, columns, &sheet, err);

    if (ok && !row_find(sheet, arguments, &told, err))
        ok = err_in(err, "%s", path);
    ok = ok && put(arguments, &told, err);
    sheet_close(sheet);
    arena_free(told.arena);
    return ok;
}
