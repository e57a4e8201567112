/* train --import-splink and --export-splink: models from Splink and to it. */
#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>

/* ---- to Splink ------------------------------------------------------------------- */

static bool settings_write(const char *path, const char *text, struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    out_text(out, text);
    return out_commit(out, err);
}

bool columns_export_people(const char *path, const struct people_export *export,
                           bool quiet, struct err *err)
{
    struct out *settings = out_memory(), *lost = out_memory();
    char *text, *lines;

    splink_export_people(export->model, export->people, export->one_file, settings,
                         lost);
    text = out_take(settings);
    lines = out_take(lost);

    bool ok = settings_write(path, text, err);

    if (ok && !quiet) {
        struct str rest = str_of(lines), line;

        fputs("candour: Splink's conditions cannot say:\n", stderr);
        while (str_cut(&rest, '\n', &line) && line.len)
            fprintf(stderr, "  %.*s\n", STR_ARG(line));
    }
    free(text);
    free(lines);
    return ok;
}

static bool export_people(const struct arguments *arguments, const char *path,
                          struct err *err)
{
    const char *from = argument_text(arguments, "model");
    struct people_export export = {NULL, argument_number(arguments, "people"), false};
    struct model *model;

    if (export.people == 0)
        return err_set(err, ERR_USAGE, "--people: want at least 1");
    if (!(from ? model_read(from, &model, err) : model_default(&model, err)))
        return false;
    export.model = model;

    bool ok =
        columns_export_people(path, &export, argument_flag(arguments, "quiet"), err);

    model_free(model);
    return ok;
}

static bool model_write(const char *path, const struct splink_model *model, bool ours,
                        struct err *err)
{
    struct out *out;

    if (!out_open(path, &out, err))
        return false;
    (ours ? splink_write : splink_export)(model, out);
    return out_commit(out, err);
}

/* ---- what was done --------------------------------------------------------------- */

static void show_text(const struct splink_model *model, FILE *to)
{
    size_t levels = 0;

    for (size_t c = 0; c < splink_comparison_count(model); c++)
        levels += splink_level_count(model, c);
    fprintf(to, "  %-14s %14zu   of %zu levels\n", "comparisons",
            splink_comparison_count(model), levels);
    fprintf(to, "  %-14s %14s   %s", "columns", "", splink_column_name(model, 0));
    for (size_t i = 1; i < splink_column_count(model); i++)
        fprintf(to, ", %s", splink_column_name(model, i));
    fputc('\n', to);
}

static void show_json(const struct splink_model *model, const char *what, FILE *to)
{
    fprintf(to, "{\"command\": \"train\", \"%s\": true, \"comparisons\": [", what);
    for (size_t c = 0; c < splink_comparison_count(model); c++) {
        fputs(c ? ", " : "", to);
        json_string(to, splink_comparison_name(model, c));
    }
    fputs("], \"columns\": [", to);
    for (size_t i = 0; i < splink_column_count(model); i++) {
        fputs(i ? ", " : "", to);
        json_string(to, splink_column_name(model, i));
    }
    fputs("]}\n", to);
}

static bool show(const struct arguments *arguments, const struct splink_model *model,
                 const char *what, const char *path, struct err *err)
{
    FILE *to = result_open(strcmp(path, "-") == 0);

    if (argument_flag(arguments, "json"))
        show_json(model, what, to);
    else if (!argument_flag(arguments, "quiet"))
        show_text(model, to);
    return result_close(to, err);
}

/* ---- the command ----------------------------------------------------------------- */

static bool columns_out(const struct arguments *arguments, const char *from,
                        bool import, struct err *err)
{
    const char *path = argument_text(arguments, import ? "out" : "export-splink");
    struct splink_model *model;

    if (!splink_read(from, &model, err))
        return false;

    bool ok = model_write(path, model, import, err) &&
              show(arguments, model, import ? "imported" : "exported", path, err);

    splink_free(model);
    return ok;
}

bool columns_exchange(const struct arguments *arguments, int *status, struct err *err)
{
    const char *import = argument_text(arguments, "import-splink");
    const char *export = argument_text(arguments, "export-splink");
    struct splink_model *model;

    *status = 0;
    if (!import && !export)
        return err_set(err, ERR_USAGE,
                       "LEFT is missing: want a file of people to learn from, or "
                       "--import-splink, or --export-splink");
    if (import && export)
        return err_set(err, ERR_USAGE,
                       "--import-splink and --export-splink: one at a time");
    if (import)
        return columns_out(arguments, import, true, err);
    if (!columns_model(arguments, &model, err))
        return false;
    splink_free(model);
    return model ? columns_out(arguments, argument_text(arguments, "model"), false, err)
                 : export_people(arguments, export, err);
}
