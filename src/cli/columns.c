/* link and dedupe with a model over columns (docs/file-formats.md, Model). */
#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>

bool columns_model(const struct arguments *arguments, struct splink_model **model,
                   struct err *err)
{
    const char *path = argument_text(arguments, "model");
    struct json *document;
    bool is;

    *model = NULL;
    if (!path)
        return true;
    if (!json_read(path, &document, err))
        return false;
    is = splink_is(document);
    json_free(document);
    return !is || splink_read(path, model, err);
}

/* ---- what such a model cannot serve ---------------------------------------------- */

static bool options_check(const struct run_settings *settings, struct err *err)
{
    const struct {
        bool given;
        const char *option, *why;
    } refused[] = {
        {settings->left_map || (!settings->dedupe && settings->right_map), "a map",
         "reads the columns by their own names"                                                                              },
        {settings->share,                                                  "--share",      "holds its prior"                 },
        {settings->report_path,                                            "--report",
         "compares other things than the page shows"                                                                         },
        {settings->resume,                                                 "--resume",     "is run in memory, from the start"},
        {settings->one_to_one,                                             "--one-to-one", "gives every pair, as Splink does"},
        {settings->dedupe && settings->dedupe->truth_path,                 "--truth",
         "gives clusters to compare with candour eval"                                                                       },
    };

    for (size_t i = 0; i < COUNT(refused); i++)
        if (refused[i].given)
            return err_set(err, ERR_USAGE, "leave %s away: a model over columns %s",
                           refused[i].option, refused[i].why);
    return true;
}

/* ---- the result ------------------------------------------------------------------ */

static void counted(FILE *to, const char *label, uint64_t count, const char *note)
{
    char number[32];

    fprintf(to, "  %-14s %14s%s%s\n", label, number_text(count, number),
            *note ? "   " : "", note);
}

static void show_text(const struct columns_settings *settings,
                      const struct columns_summary *summary, FILE *to)
{
    bool one = !settings->right_path;
    char note[80];

    snprintf(note, sizeof(note), "at %.4f bits or more, probability %u.%06u",
             weight_bits(summary->threshold), settings->probability / 1000000,
             settings->probability % 1000000);
    counted(to, one ? "records" : "left", summary->left, "");
    if (!one)
        counted(to, "right", summary->right, "");
    counted(to, "pairs", summary->pairs, note);
    if (settings->clerical_path)
        counted(to, "clerical", summary->clerical, "pairs to look at");
    if (one) {
        counted(to, "clusters", summary->clusters, "of two records or more");
        counted(to, "clustered", summary->clustered, "records in them");
        counted(
            to, "links cut", summary->cut,
            "pairs at the threshold, apart: the rest of their groups contradict them");
    }
    counted(to, "scored", summary->work.scored, "pairs looked at");
    fprintf(to, "  %-14s %12.1f s   read %.1f s, compare %.1f s, write %.1f s\n",
            "time",
            summary->seconds_read + summary->seconds_find + summary->seconds_write,
            summary->seconds_read, summary->seconds_find, summary->seconds_write);
    summary_file(to, one ? "clusters in" : "pairs in", settings->out_path);
    summary_file(to, "clerical in", settings->clerical_path);
    summary_file(to, "pairs in", settings->pairs_path);
    summary_file(to, "quality in", settings->quality_path);
}

static void json_count_of(FILE *to, const char *name, uint64_t count)
{
    fprintf(to, "\"%s\": %llu, ", name, (unsigned long long)count);
}

static void show_json(const struct columns_settings *settings,
                      const struct columns_summary *summary, FILE *to)
{
    bool one = !settings->right_path;

    fprintf(to, "{\"command\": \"%s\", \"model_kind\": \"columns\", ",
            one ? "dedupe" : "link");
    json_count_of(to, one ? "records" : "left", summary->left);
    if (!one)
        json_count_of(to, "right", summary->right);
    json_count_of(to, "pairs", summary->pairs);
    if (settings->clerical_path)
        json_count_of(to, "clerical", summary->clerical);
    if (one) {
        json_count_of(to, "clusters", summary->clusters);
        json_count_of(to, "clustered_records", summary->clustered);
        json_count_of(to, "links_cut", summary->cut);
    }
    json_count_of(to, "scored", summary->work.scored);
    json_count_of(to, "compared_with_all", summary->work.scanned);
    fprintf(
        to,
        "\"probability\": %u.%06u, \"threshold_bits\": %.6f, \"prior_bits\": %.6f, "
        "\"seconds_read\": %.3f, \"seconds_find\": %.3f, \"seconds_write\": %.3f}\n",
        settings->probability / 1000000, settings->probability % 1000000,
        weight_bits(summary->threshold), weight_bits(summary->prior),
        summary->seconds_read, summary->seconds_find, summary->seconds_write);
}

/* ---- the run --------------------------------------------------------------------- */

static void told(void *context, const char *what, uint64_t done, uint64_t all)
{
    shown_share(context, what, done, all);
}

static bool run_and_show(const struct arguments *arguments,
                         const struct columns_settings *asked, struct err *err)
{
    struct columns_settings with_bar = *asked, *settings = &with_bar;
    struct columns_summary summary;
    struct shown shown;
    FILE *to = result_open(strcmp(settings->out_path, "-") == 0);

    shown_open(&shown, argument_flag(arguments, "quiet"));
    settings->context = &shown;
    settings->told = told;

    bool ok = columns_run(settings, &summary, err);

    shown_close(&shown);
    if (!ok)
        return false;
    if (argument_flag(arguments, "json"))
        show_json(settings, &summary, to);
    else if (!shown.quiet)
        show_text(settings, &summary, to);
    return result_close(to, err);
}

static bool columns_command(const struct arguments *arguments,
                            const struct run_settings *settings,
                            const struct splink_model *model, int *status,
                            struct err *err)
{
    const struct dedupe_settings *dedupe = settings->dedupe;
    char *clerical = NULL;
    struct columns_settings columns = {
        .left_path = settings->left_path,
        .right_path = dedupe ? NULL : settings->right_paths[0],
        .model = model,
        .out_path = settings->out_path,
        .pairs_path = dedupe ? dedupe->pairs_path : NULL,
        .quality_path = dedupe ? dedupe->quality_path : NULL,
        .probability = settings->probability,
        .clerical = settings->clerical,
        .threads = settings->threads,
    };

    *status = 0;
    if (!options_check(settings, err))
        return false;
    if (settings->clerical && strcmp(settings->out_path, "-") == 0)
        return err_set(err, ERR_USAGE,
                       "--clerical needs --out FILE: it writes FILE.clerical.csv");
    if (settings->clerical) {
        struct out *name = out_memory();

        out_format(name, "%s.clerical.csv", settings->out_path);
        columns.clerical_path = clerical = out_take(name);
    }

    bool ok = run_and_show(arguments, &columns, err);

    free(clerical);
    return ok;
}

bool columns_or_people(const struct arguments *arguments, struct run_settings *settings,
                       int *status, struct err *err)
{
    struct splink_model *model;

    if (!columns_model(arguments, &model, err))
        return false;
    if (!model)
        return run_and_report(arguments, settings, status, err);

    bool ok = columns_command(arguments, settings, model, status, err);

    splink_free(model);
    return ok;
}
