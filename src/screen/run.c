/*
 * A run from end to end. Whatever can be wrong with the question or the inputs is found
 * before anything is written; whatever fails later leaves either nothing or, if it can
 * be taken up again, the work folder.
 */
#include "screen/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *share_source_name(enum share_source source)
{
    static const char *const names[] = {"given", "fitted", "assumed"};

    return names[source];
}

const struct run_limits run_limits = {
    .spill_bytes = (size_t)64 << 20,
    .fan_in = 128,
 /* What a reviewer can read: a page of a few megabytes, two cards to a printed sheet
     * (1,400 cards took a browser two minutes to print). Welfare hits go to another
     * reader; police roles are counted, not raised. */
    .top = {[ROLE_ADVERSE] = 500,
            [ROLE_UNKNOWN] = 500,
            [ROLE_ASSOCIATION] = 100,
            [ROLE_WELFARE] = 100},
    .sample_blocks = 64,
    .links = (size_t)1 << 26,
    .checkpoint_seconds = 5,
    .progress_seconds = 0.1,
};

double run_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- the set-aside file, part by part ------------------------------------------------------- */

bool run_set_aside(struct run *run, const struct feed *feed,
                   const struct complaint *complaint, struct err *err)
{
    char path[PATH_SIZE];

    work_name(work_folder(run->work), WORK_REJECTED_PART, run->state.parts, path);
    if (!run->rejected && !out_open(path, &run->rejected, err))
        return false;
    complaint_write(feed, complaint, run->rejected);
    return true;
}

bool run_rejected_end(struct run *run, uint64_t *bytes, struct err *err)
{
    struct out *out = run->rejected;

    *bytes = out ? out_size(out) : 0;
    run->rejected = NULL;
    return !out || out_commit(out, err);
}

/* ---- the question --------------------------------------------------------------------------- */

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}

bool run_reads_once(const char *path)
{
    struct stat about;

    return is_standard(path) || (stat(path, &about) == 0 && !S_ISREG(about.st_mode));
}

static bool check_streams(struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;
    size_t standard = is_standard(settings->left_path);
    bool once = run_reads_once(settings->left_path);

    if (settings->report_path && once)
        return err_set(err, ERR_REFUSED,
                       "the report reads the workforce twice, which standard input and "
                       "pipes do not allow; use a file");
    if (settings->dedupe && once)
        return err_set(err, ERR_REFUSED,
                       "dedupe reads the file twice, which standard input and pipes do "
                       "not allow; use a file");
    for (size_t i = 0; i < settings->right_count; i++) {
        standard += is_standard(settings->right_paths[i]);
        once = once || run_reads_once(settings->right_paths[i]);
    }
    if (standard > 1)
        return err_set(err, ERR_USAGE, "standard input (-) can be one file only");
    run->resumable = !once && !is_standard(settings->out_path) && !settings->dedupe;
    if (settings->resume && !run->resumable)
        return err_set(err, ERR_REFUSED,
                       "standard input, standard output and pipes cannot be resumed; "
                       "use files or run without --resume");
    return true;
}

static bool check_thresholds(struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;

    if (run->probability == 0 || run->probability >= 1000000)
        return err_set(err, ERR_USAGE,
                       "the threshold lies between 0 and 1, both apart");
    if (settings->clerical >= run->probability)
        return err_set(err, ERR_USAGE,
                       "the clerical threshold must be lower than the threshold");
    if (settings->clerical && is_standard(settings->out_path))
        return err_set(err, ERR_USAGE,
                       "pairs for clerical review need a file beside the output; name "
                       "one with --out");
    return true;
}

/* Outputs must not replace an input, nor each other. */
static bool check_output(const struct run *run, const char *path, struct err *err)
{
    const struct run_settings *settings = run->settings;
    bool input = same_file(path, settings->left_path);
    struct stat about;

    for (size_t i = 0; i < settings->right_count; i++)
        input = input || same_file(path, settings->right_paths[i]);
    if (input)
        return err_set(err, ERR_USAGE, "%s is one of the inputs; write to another file",
                       path);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return err_set(err, ERR_USAGE, "%s is a folder; name a file", path);
    return true;
}

/* What dedupe writes beside its clusters. */
static bool check_beside(const struct run *run, const struct dedupe_settings *settings,
                         struct err *err)
{
    const char *paths[] = {run->settings->out_path, settings->pairs_path,
                           settings->quality_path};

    for (size_t i = 1; i < COUNT(paths); i++) {
        if (!paths[i])
            continue;
        if (is_standard(paths[i]))
            return err_set(err, ERR_USAGE,
                           "pairs and qualities need a file; only --out can be -");
        for (size_t j = 0; j < i; j++)
            if (paths[j] && strcmp(paths[i], paths[j]) == 0)
                return err_set(err, ERR_USAGE,
                               "%s is asked for twice; every output needs a file of "
                               "its own",
                               paths[i]);
        if (!check_output(run, paths[i], err))
            return false;
    }
    return true;
}

static bool check_outputs(const struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;
    struct out *out;

    if (!is_standard(settings->out_path) && !check_output(run, settings->out_path, err))
        return false;
    if (settings->dedupe && !check_beside(run, settings->dedupe, err))
        return false;
    if (!settings->report_path)
        return true;
    if (strcmp(settings->report_path, settings->out_path) == 0)
        return err_set(err, ERR_USAGE, "the report and the hits need a file each");
    if (!check_output(run, settings->report_path, err) ||
        !out_open(settings->report_path, &out, err))
        return false;
    out_abandon(out); /* it can be written: that was the question */
    return true;
}

/* ---- opening ---------------------------------------------------------------------------------- */

static bool open_feeds(struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;
    struct feed_settings left = {
        .paths = &settings->left_path,
        .path_count = 1,
        .map_path = settings->left_map,
        .side = settings->wash ? FEED_WORKFORCE : FEED_PEOPLE,
        .pivot_year = settings->pivot_year,
    };
    struct feed_settings right = {
        .paths = settings->right_paths,
        .path_count = settings->right_count,
        .map_path = settings->right_map,
        .side = settings->wash ? FEED_INTELLIGENCE : FEED_PEOPLE,
        .pivot_year = settings->pivot_year,
    };

    return feed_open(&left, &run->left_feed, err) &&
           feed_open(&right, &run->right_feed, err);
}

static bool open_model(struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;

    if (!(settings->model_path ? model_read(settings->model_path, &run->model, err)
                               : model_default(&run->model, err)))
        return false;
    const struct other *others;
    size_t count = feed_others(run->left_feed, &others);

    if (!feed_others_agree(run->left_feed, run->right_feed, err) ||
        !model_compare(run->model, others, count, err))
        return false;
    run->probability = settings->probability
                           ? settings->probability
                           : model_review_probability(run->model, settings->wash);
    snprintf(run->summary.model, sizeof(run->summary.model), "%s",
             model_name(run->model));
    return check_thresholds(run, err);
}

static bool open_work(struct run *run, struct err *err)
{
    char *digest;

    if (!run_digest(run, &digest, err))
        return false;

    bool ok = work_open(run->settings->out_path, digest, run->settings->resume,
                        &run->work, &run->stopped, err);

    free(digest);
    if (!ok)
        return false;
    run->saved = run->stopped.parts > 0;
    run->spill = spill_new(work_folder(run->work), run->limits->spill_bytes,
                           run->limits->fan_in);
    if (run->settings->report_path)
        run->top = top_new(run->limits->top);
    return true;
}

/* ---- the index ------------------------------------------------------------------------------------ */

static uint32_t lowest_of(const struct run *run)
{
    if (run->settings->dedupe)
        return dedupe_lowest(run->probability, run->settings->share != 0);
    return run->settings->clerical ? run->settings->clerical : run->probability;
}

static bool build_index(struct run *run, struct err *err)
{
    const struct run_settings *settings = run->settings;
    struct run_summary *summary = &run->summary;
    uint32_t lowest = lowest_of(run);
    double begun = run_seconds();

    summary->share =
        settings->share ? settings->share : model_share(run->model, settings->wash);
    summary->share_from = settings->share ? SHARE_GIVEN : SHARE_ASSUMED;

    struct index_settings index = {
        .model = run->model,
        .share = summary->share,
        .probability = share_lowest(run, lowest),
        .threads = run->threads,
        .movable = share_wants(run),
    };

    if (!index_new(&index, &run->index, err) || !run_read_left(run, err) ||
        (settings->dedupe && !dedupe_begin(run, err)) || !run_sample(run, err) ||
        !index_build(run->index, err) ||
        (share_wants(run) && !run_fit_share(run, lowest, err)) || !run_again(run, err))
        return false;
    run->lowest = index_threshold(run->index);
    run->threshold =
        lowest < run->probability ? bits_odds(run->probability) : run->lowest;
    summary->prior = index_prior(run->index);
    summary->threshold = run->threshold;
    summary->probability = run->probability;
    summary->index_bytes = index_bytes(run->index);
    summary->seconds_index = run_seconds() - begun;
    if (settings->forecast) {
        struct index_forecast forecast = index_forecast(run->index);

        settings->forecast(settings->context, &forecast);
    }
    return true;
}

/* ---- the end ---------------------------------------------------------------------------------------- */

/* Says what is left of a failed run, and leaves no more than can be taken up again. */
static void leave(struct run *run, struct err *err)
{
    bool keep = run->saved && run->resumable &&
                (err->code == ERR_STOPPED || err->code == ERR_ENVIRONMENT ||
                 err->code == ERR_REFUSED);

    out_abandon(run->rejected);
    run->rejected = NULL;
    if (keep)
        work_close(run->work);
    else
        work_remove(run->work);
    run->work = NULL;
    if (err->code == ERR_STOPPED && keep)
        err_set(err, ERR_STOPPED,
                "stopped; the same command with --resume goes on from here");
    else if (err->code == ERR_STOPPED)
        err_set(err, ERR_STOPPED, "stopped; nothing was left behind");
    else if (err->code == ERR_ENVIRONMENT && keep)
        err_in(err, "the work so far is kept, --resume goes on from it");
}

static void run_free(struct run *run)
{
    share_blocks_done(run);
    while (run->kept_at < run->kept_count)
        feed_done(run->right_feed, run->kept[run->kept_at++]);
    free(run->kept);
    dedupe_free(run->dedupe);
    top_free(run->top);
    spill_free(run->spill);
    left_free(&run->left);
    index_free(run->index);
    model_free(run->model);
    feed_close(run->right_feed);
    feed_close(run->left_feed);
}

static bool stream(struct run *run, struct err *err)
{
    double begun = run_seconds();
    bool ok = run->settings->dedupe ? run_dedupe(run, err) : run_stream(run, err);

    run->summary.seconds_stream = run_seconds() - begun;
    return ok;
}

bool run_screen_within(const struct run_settings *settings,
                       const struct run_limits *limits, struct run_summary *summary,
                       struct err *err)
{
    struct run run = {
        .settings = settings,
        .limits = limits,
        .threads = settings->threads ? settings->threads : threads_available(),
        .started = run_seconds(),
    };
    bool ok = check_streams(&run, err) && open_feeds(&run, err) &&
              open_model(&run, err) && check_outputs(&run, err) &&
              open_work(&run, err) && build_index(&run, err) && stream(&run, err) &&
              run_write(&run, err);

    if (ok) {
        *summary = run.summary;
        work_remove(run.work);
    } else {
        leave(&run, err);
    }
    run_free(&run);
    return ok;
}

bool run_screen(const struct run_settings *settings, struct run_summary *summary,
                struct err *err)
{
    return run_screen_within(settings, &run_limits, summary, err);
}
