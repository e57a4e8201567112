/*
 * Link and dedupe by a model over columns: both files are read whole, every pair at the
 * threshold is found, and the pairs, or the clusters they make, are written.
 */
#include "screen/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct columns {
    const struct columns_settings *settings;
    struct columns_summary *summary;
    struct splink_records *left, *right;
    struct splink_search *search;
    struct splink_pairs pairs;
    struct splink_evidence *evidence;
    uint32_t *cluster;
};

/* ---- reading --------------------------------------------------------------------- */

static bool rows_read(struct sheet *sheet, const struct splink_model *model,
                      struct splink_records *records, struct err *err)
{
    struct str *values = memory_new(splink_column_count(model), sizeof(*values));
    bool more = true, ok = true;

    while (ok && more) {
        ok = sheet_next(sheet, values, &more, err);
        if (ok && stop_asked())
            ok = err_set(err, ERR_STOPPED, "stopped; nothing was written");
        if (ok && more && !splink_records_add(records, values, err))
            ok = err_in(err, "row %llu", (unsigned long long)sheet_row(sheet));
    }
    free(values);
    return ok;
}

static bool file_read(const char *path, const struct splink_model *model,
                      struct splink_records **result, struct err *err)
{
    size_t count = splink_column_count(model);
    struct sheet_column *columns = memory_new(count, sizeof(*columns));
    struct splink_records *records = splink_records_new(model);
    struct sheet *sheet = NULL;
    bool ok;

    for (size_t i = 0; i < count; i++)
        columns[i].names = splink_column_name(model, i);
    ok = sheet_open(path, columns, count, &sheet, err);
    if (ok && !rows_read(sheet, model, records, err))
        ok = err_in(err, "%s", path);
    if (ok && splink_records_count(records) == 0)
        ok = err_set(err, ERR_INPUT, "%s: no rows under its header", path);
    sheet_close(sheet);
    free(columns);
    *result = records;
    return ok;
}

static bool files_read(struct columns *run, struct err *err)
{
    const struct columns_settings *settings = run->settings;
    double started = run_seconds();

    if (!file_read(settings->left_path, settings->model, &run->left, err) ||
        (settings->right_path &&
         !file_read(settings->right_path, settings->model, &run->right, err)))
        return false;
    run->summary->left = splink_records_count(run->left);
    run->summary->right =
        run->right ? splink_records_count(run->right) : run->summary->left;
    if (!splink_search_new(settings->model, run->left, run->right, &run->search, err))
        return false;
    splink_records_free(run->left);
    splink_records_free(run->right);
    run->left = run->right = NULL;
    run->summary->seconds_read = run_seconds() - started;
    return true;
}

/* ---- finding --------------------------------------------------------------------- */

static void told(void *context, uint64_t done, uint64_t all)
{
    const struct columns_settings *settings = context;

    if (settings->told)
        settings->told(settings->context, "comparing", done, all);
}

/* Bits as the clusters count them. */
static int32_t fixed_bits(int64_t weight)
{
    int64_t bits = (weight + (WEIGHT_ONE / BITS_ONE) / 2) >> 24;

    return (int32_t)(bits > INT32_MAX / 4   ? INT32_MAX / 4
                     : bits < INT32_MIN / 4 ? INT32_MIN / 4
                                            : bits);
}

static_assert(WEIGHT_ONE >> 24 == BITS_ONE, "bits are shifted by 24");

static bool pairs_find(struct columns *run, struct err *err)
{
    const struct columns_settings *settings = run->settings;
    int64_t lowest = weight_threshold(settings->probability);
    double started = run_seconds();

    run->summary->threshold = lowest;
    run->summary->prior = splink_prior(run->search);
    if (settings->clerical)
        lowest = weight_threshold(settings->clerical);
    if (!splink_find(run->search, lowest, settings->threads,
                     (void *)(uintptr_t)settings, told, &run->pairs, err))
        return false;
    run->summary->work = run->pairs.work;
    run->summary->seconds_find = run_seconds() - started;
    return true;
}

/* A billionth of a bit below is at it, as in splink_find. */
static bool reaches(const struct columns *run, const struct splink_pair *pair)
{
    return pair->score >= run->summary->threshold - WEIGHT_ONE / 1000000000;
}

/* ---- pairs ----------------------------------------------------------------------- */

static void put_head(const struct columns *run, const char *more, struct out *out)
{
    const struct splink_model *model = run->settings->model;

    out_format(out, "left_id,right_id,probability,score_bits%s", more);
    for (size_t c = 0; c < splink_comparison_count(model); c++) {
        for (int bits = 0; bits < 2; bits++) {
            struct out *name = out_memory();
            char *text;

            out_format(name, "%s%s", splink_comparison_name(model, c),
                       bits ? "_bits" : "_level");
            text = out_take(name);
            out_text(out, ",");
            out_csv(out, str_of(text));
            free(text);
        }
    }
    out_text(out, "\n");
}

static void put_pair(struct columns *run, const struct splink_pair *pair,
                     const char *more, struct out *out)
{
    const struct splink_model *model = run->settings->model;

    splink_explain(run->search, pair->left, pair->right, run->evidence);
    out_csv(out, splink_id(run->search, false, pair->left));
    out_text(out, ",");
    out_csv(out, splink_id(run->search, true, pair->right));
    out_format(out, ",%.9f,%.6f%s", weight_probability(pair->score),
               weight_bits(pair->score), more);
    for (size_t c = 0; c < splink_comparison_count(model); c++) {
        out_text(out, ",");
        out_csv(out, str_of(splink_level_label(model, c, run->evidence[c].level)));
        out_format(out, ",%.6f", weight_bits(run->evidence[c].weight));
    }
    out_text(out, "\n");
}

/* Those at the threshold, or those below it that are to be looked at. */
static void put_pairs(struct columns *run, bool clerical, struct out *out)
{
    put_head(run, "", out);
    for (size_t i = 0; i < run->pairs.count; i++) {
        if (reaches(run, &run->pairs.list[i]) == clerical)
            continue;
        put_pair(run, &run->pairs.list[i], "", out);
        ++*(clerical ? &run->summary->clerical : &run->summary->pairs);
    }
}

static bool clerical_write(struct columns *run, struct err *err)
{
    struct out *out;

    if (!run->settings->clerical_path)
        return true;
    if (!out_open(run->settings->clerical_path, &out, err))
        return false;
    put_pairs(run, true, out);
    return out_commit(out, err);
}

/* ---- clusters -------------------------------------------------------------------- */

static void put_clusters(const struct columns *run, struct out *out)
{
    uint32_t records = (uint32_t)run->summary->left;
    uint32_t *next = memory_new(records, sizeof(*next));
    uint32_t *last = memory_new(records, sizeof(*last));

    for (uint32_t i = 0; i < records; i++) {
        uint32_t first = run->cluster[i];

        if (i != first)
            next[last[first]] = i;
        next[i] = i; /* nobody yet */
        last[first] = i;
    }
    free(last);
    out_text(out, "id,cluster\n");
    for (uint32_t first = 0; first < records; first++) {
        for (uint32_t i = first; run->cluster[first] == first; i = next[i]) {
            out_csv(out, splink_id(run->search, false, i));
            out_text(out, ",");
            out_csv(out, splink_id(run->search, false, first));
            out_text(out, "\n");
            if (next[i] == i)
                break;
        }
    }
    free(next);
}

static void put_linked(struct columns *run, struct out *out)
{
    put_head(run, ",one_cluster", out);
    for (size_t i = 0; i < run->pairs.count; i++) {
        const struct splink_pair *pair = &run->pairs.list[i];
        bool one = run->cluster[pair->left] == run->cluster[pair->right];

        if (reaches(run, pair))
            put_pair(run, pair, one ? ",yes" : ",no", out);
    }
}

static void put_quality(const struct columns *run, const struct cluster_quality *list,
                        size_t count, struct out *out)
{
    out_text(out, "cluster,records,links,density,bridges,weakest_bits,cut,look\n");
    for (size_t i = 0; i < count; i++) {
        uint32_t density = cluster_density(&list[i]);

        out_csv(out, splink_id(run->search, false, list[i].first));
        out_format(out, ",%u,%llu,%u.%06u,%u,", list[i].records,
                   (unsigned long long)list[i].links, density / 1000000,
                   density % 1000000, list[i].bridges);
        put_bits(out, list[i].weakest);
        out_format(out, ",%llu,%s\n", (unsigned long long)list[i].cut,
                   cluster_flagged(&list[i]) ? "yes" : "no");
    }
}

static bool beside_write(struct columns *run, const struct cluster_quality *list,
                         size_t count, struct err *err)
{
    const struct columns_settings *settings = run->settings;
    struct out *out;

    if (settings->pairs_path) {
        if (!out_open(settings->pairs_path, &out, err))
            return false;
        put_linked(run, out);
        if (!out_commit(out, err))
            return false;
    }
    if (!settings->quality_path)
        return true;
    if (!out_open(settings->quality_path, &out, err))
        return false;
    put_quality(run, list, count, out);
    return out_commit(out, err);
}

static bool clusters_write(struct columns *run, struct out *out, struct err *err)
{
    struct columns_summary *summary = run->summary;
    struct cluster_rule rule = {.records = (uint32_t)summary->left,
                                .threshold = fixed_bits(summary->threshold),
                                .patience = CLUSTER_PATIENCE,
                                .most = CLUSTER_MOST};
    struct record_link *links = memory_new(run->pairs.count + 1, sizeof(*links));
    struct cluster_quality *quality;
    size_t count;

    for (size_t i = 0; i < run->pairs.count; i++) {
        links[i] =
            (struct record_link){run->pairs.list[i].left, run->pairs.list[i].right,
                                 fixed_bits(run->pairs.list[i].score)};
        summary->pairs += reaches(run, &run->pairs.list[i]);
    }
    count = links_settle(links, run->pairs.count);
    run->cluster = memory_new(rule.records, sizeof(*run->cluster));
    clusters_find(&rule, links, count, run->cluster);
    summary->clusters = clusters_measure(&rule, links, count, run->cluster, &quality);
    for (size_t i = 0; i < summary->clusters; i++)
        summary->clustered += quality[i].records;
    for (size_t i = 0; i < count; i++)
        summary->cut += links[i].score >= rule.threshold &&
                        run->cluster[links[i].a] != run->cluster[links[i].b];
    put_clusters(run, out);

    bool ok = beside_write(run, quality, summary->clusters, err);

    free(quality);
    free(links);
    return ok;
}

/* ---- before anything costs time -------------------------------------------------- */

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;

    return strcmp(a, b) == 0 || (stat(a, &x) == 0 && stat(b, &y) == 0 &&
                                 x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool files_check(const struct columns_settings *settings, struct err *err)
{
    const char *const inputs[] = {settings->left_path, settings->right_path};
    const char *const outputs[] = {settings->out_path, settings->clerical_path,
                                   settings->pairs_path, settings->quality_path};

    if (inputs[1] && is_standard(inputs[0]) && is_standard(inputs[1]))
        return err_set(err, ERR_USAGE, "standard input (-) can be one file only");
    for (size_t i = 0; i < COUNT(outputs); i++) {
        if (!outputs[i])
            continue;
        if (i && is_standard(outputs[i]))
            return err_set(err, ERR_USAGE,
                           "pairs and qualities need a file; only --out can be -");
        for (size_t k = 0; k < COUNT(inputs) && !is_standard(outputs[i]); k++)
            if (inputs[k] && same_file(outputs[i], inputs[k]))
                return err_set(err, ERR_USAGE,
                               "%s is one of the inputs; write to another file",
                               outputs[i]);
        for (size_t k = 0; k < i; k++)
            if (outputs[k] && same_file(outputs[i], outputs[k]))
                return err_set(
                    err, ERR_USAGE,
                    "%s is asked for twice; every output needs a file of its "
                    "own",
                    outputs[i]);
    }
    return true;
}

/* ---- the run --------------------------------------------------------------------- */

static bool results_write(struct columns *run, struct out *out, struct err *err)
{
    if (!run->settings->right_path)
        return clusters_write(run, out, err);
    put_pairs(run, false, out);
    return clerical_write(run, err);
}

bool columns_run(const struct columns_settings *settings,
                 struct columns_summary *summary, struct err *err)
{
    struct columns run = {.settings = settings, .summary = summary};
    struct out *out;
    double started;

    *summary = (struct columns_summary){0};
    if (!files_check(settings, err) || !out_open(settings->out_path, &out, err))
        return false;
    run.evidence =
        memory_new(splink_comparison_count(settings->model), sizeof(*run.evidence));

    bool ok = files_read(&run, err) && pairs_find(&run, err);

    started = run_seconds();
    ok = ok && results_write(&run, out, err);
    summary->seconds_write = run_seconds() - started;
    if (ok)
        ok = out_commit(out, err);
    else
        out_abandon(out);
    splink_records_free(run.left);
    splink_records_free(run.right);
    splink_search_free(run.search);
    free(run.pairs.list);
    free(run.evidence);
    free(run.cluster);
    return ok;
}
