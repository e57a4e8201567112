#include "cli/run.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

/* ---- settings --------------------------------------------------------------------- */

/* The time of the run, as the report shows it and as two-digit years are read. */
static void run_time(struct run_settings *settings)
{
    static char started[32];
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &utc);
    settings->started = started;
    settings->pivot_year = utc.tm_year + 1900;
}

/* A run renames whole files into place: over a pipe or device it would replace it. */
static bool out_check(const char *path, struct err *err)
{
    struct stat about;

    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || S_ISREG(about.st_mode))
        return true;
    return err_set(
        err, ERR_USAGE,
        "--out %s is no regular file; leave --out away and redirect standard "
        "output to it",
        path);
}

bool run_settings_read(const struct arguments *arguments, struct run_settings *settings,
                       struct err *err)
{
    uint64_t threads = argument_number(arguments, "threads");

    if (threads > THREADS_MAX)
        return err_set(err, ERR_USAGE, "--threads: want at most %d", THREADS_MAX);
    settings->model_path = argument_text(arguments, "model");
    settings->out_path = argument_text(arguments, "out");
    settings->report_path =
        settings->dedupe ? NULL : argument_text(arguments, "report");
    settings->probability = argument_probability(arguments, "threshold");
    settings->share = argument_probability(arguments, "share");
    settings->resume = !settings->dedupe && argument_flag(arguments, "resume");
    settings->threads = threads ? (unsigned)threads : threads_available();
    run_time(settings);
    if (!out_check(settings->out_path, err))
        return false;
    if (settings->resume && strcmp(settings->out_path, "-") == 0)
        return err_set(err, ERR_USAGE,
                       "--resume needs --out FILE: standard output cannot be resumed");
    return true;
}

/* ---- the result as text ------------------------------------------------------------- */

static uint64_t peak_bytes(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

static double seconds_of(const struct run_summary *summary)
{
    return summary->seconds_index + summary->seconds_stream + summary->seconds_write;
}

static uint64_t rate_of(const struct run_summary *summary)
{
    double seconds = summary->seconds_stream;

    return seconds > 0 ? (uint64_t)((double)summary->mentions / seconds) : 0;
}

static void counted(FILE *to, const char *label, uint64_t count)
{
    char number[32];

    fprintf(to, "  %-14s %14s", label, number_text(count, number));
}

static void also(FILE *to, uint64_t count, const char *what)
{
    char number[32];

    if (count)
        fprintf(to, "   %s %s", number_text(count, number), what);
}

static void summary_hits(const struct run_settings *settings,
                         const struct run_summary *summary, FILE *to)
{
    counted(to, settings->wash ? "hits" : "pairs", summary->hits);
    also(to, summary->people_hit, settings->wash ? "people" : "of the left");
    fprintf(to, "   at probability %u.%06u or more\n", summary->probability / 1000000,
            summary->probability % 1000000);
    if (settings->one_to_one) {
        counted(to, "left out", summary->left_out);
        fputs("   with a better or an equal pair beside them\n", to);
    }
    for (int role = 0; role < ROLE_CLASS_COUNT && settings->wash; role++) {
        char label[32];

        snprintf(label, sizeof(label), "  %s", role_class_name((enum role_class)role));
        counted(to, label, summary->hits_by_role[role]);
        fputc('\n', to);
    }
}

static const char *source_text(enum share_source source)
{
    static const char *const texts[] = {
        [SHARE_GIVEN] = "as given",
        [SHARE_FITTED] = "fitted to the first mentions",
        [SHARE_ASSUMED] = "of the model; too few pairs to fit it to",
    };

    return texts[source];
}

static void summary_share(const struct run_settings *settings,
                          const struct run_summary *summary, FILE *to)
{
    fprintf(to, "  %-14s %14.6f   of the %s concern the %s, %s\n", "share",
            (double)summary->share / 1e6, settings->wash ? "mentions" : "right",
            settings->wash ? "workforce" : "left", source_text(summary->share_from));
}

void summary_cost(const struct run_summary *summary, FILE *to)
{
    char rate[32];

    fprintf(to,
            "  %-14s %12.1f s   %s mentions/s (index %.1f s, stream %.1f s, write %.1f "
            "s)\n",
            "time", seconds_of(summary), number_text(rate_of(summary), rate),
            summary->seconds_index, summary->seconds_stream, summary->seconds_write);
    fprintf(to, "  %-14s %11.0f MB   index %.0f MB\n", "memory",
            (double)peak_bytes() / 1e6, (double)summary->index_bytes / 1e6);
    if (summary->resumed_blocks) {
        counted(to, "resumed", summary->resumed_blocks);
        fputs("   blocks taken from the stopped run\n", to);
    }
}

void summary_file(FILE *to, const char *label, const char *path)
{
    if (path && *path && strcmp(path, "-") != 0)
        fprintf(to, "  %-14s %s\n", label, path);
}

void summary_text(const struct run_settings *settings,
                  const struct run_summary *summary, FILE *to)
{
    counted(to, settings->wash ? "people" : "left", summary->people);
    also(to, summary->people_set_aside, "rows set aside");
    fputc('\n', to);
    counted(to, settings->wash ? "mentions" : "right", summary->mentions);
    also(to, summary->mentions_set_aside, "rows set aside");
    also(to, summary->values_set_aside, "values not usable");
    fputc('\n', to);
    summary_hits(settings, summary, to);
    summary_share(settings, summary, to);
    summary_cost(summary, to);
    summary_file(to, "model", summary->model);
    summary_file(to, settings->wash ? "hits in" : "pairs in", settings->out_path);
    if (settings->clerical)
        fprintf(to, "  %-14s %s.clerical.csv\n", "clerical in", settings->out_path);
    summary_file(to, "report in", settings->report_path);
    summary_file(to, "set aside in", summary->rejected_path);
}

/* ---- the result as JSON ---------------------------------------------------------------- */

static void json_count_of(FILE *to, const char *name, uint64_t count)
{
    fprintf(to, "\"%s\": %llu, ", name, (unsigned long long)count);
}

static void json_path(FILE *to, const char *name, const char *path)
{
    fprintf(to, "\"%s\": ", name);
    if (path && *path)
        json_string(to, path);
    else
        fputs("null", to);
}

static void json_roles(const struct run_summary *summary, FILE *to)
{
    fputs("\"hits_by_role\": {", to);
    for (int role = 0; role < ROLE_CLASS_COUNT; role++)
        fprintf(to, "%s\"%s\": %llu", role ? ", " : "",
                role_class_name((enum role_class)role),
                (unsigned long long)summary->hits_by_role[role]);
    fputs("}, ", to);
}

static void json_work(const struct matcher_work *work, FILE *to)
{
    fprintf(to,
            "\"work\": {\"probes\": %llu, \"entries\": %llu, \"candidates\": %llu, "
            "\"scored\": %llu, \"scans\": %llu}, ",
            (unsigned long long)work->probes, (unsigned long long)work->entries,
            (unsigned long long)work->candidates, (unsigned long long)work->scored,
            (unsigned long long)work->scans);
}

void summary_cost_json(const struct run_settings *settings,
                       const struct run_summary *summary, FILE *to)
{
    json_work(&summary->work, to);
    json_count_of(to, "blocks", summary->blocks);
    json_count_of(to, "resumed_blocks", summary->resumed_blocks);
    fprintf(to,
            "\"seconds\": %.3f, \"seconds_index\": %.3f, \"seconds_stream\": %.3f, "
            "\"seconds_write\": %.3f, ",
            seconds_of(summary), summary->seconds_index, summary->seconds_stream,
            summary->seconds_write);
    json_count_of(to, "mentions_per_second", rate_of(summary));
    json_count_of(to, "peak_bytes", peak_bytes());
    json_count_of(to, "index_bytes", summary->index_bytes);
    json_path(to, "model", summary->model);
    fputs(", ", to);
    json_path(to, "out", settings->out_path);
    fputs(", ", to);
    json_path(to, "report", settings->report_path);
    fputs(", ", to);
    json_path(to, "set_aside", summary->rejected_path);
    fputs("}\n", to);
}

void summary_json(const struct run_settings *settings,
                  const struct run_summary *summary, FILE *to)
{
    fprintf(to, "{\"command\": \"%s\", ", settings->wash ? "wash" : "link");
    json_count_of(to, "people", summary->people);
    json_count_of(to, "people_set_aside", summary->people_set_aside);
    json_count_of(to, "mentions", summary->mentions);
    json_count_of(to, "mentions_set_aside", summary->mentions_set_aside);
    json_count_of(to, "values_set_aside", summary->values_set_aside);
    json_count_of(to, "hits", summary->hits);
    json_count_of(to, "people_hit", summary->people_hit);
    if (settings->one_to_one)
        json_count_of(to, "left_out", summary->left_out);
    if (settings->wash)
        json_roles(summary, to);
    fprintf(
        to,
        "\"probability\": %u.%06u, \"threshold_bits\": %.4f, \"prior_bits\": %.4f, ",
        summary->probability / 1000000, summary->probability % 1000000,
        (double)summary->threshold / BITS_ONE, (double)summary->prior / BITS_ONE);
    fprintf(to, "\"share\": %.6f, \"share_from\": \"%s\", \"share_seen\": %.6f, ",
            (double)summary->share / 1e6, share_source_name(summary->share_from),
            (double)summary->share_seen / 1e6);
    summary_cost_json(settings, summary, to);
}

/* ---- the run ------------------------------------------------------------------------------ */

/* A threshold that no lists can serve is served all the same, and its price is told. */
static void shown_forecast(void *context, const struct index_forecast *forecast)
{
    const struct shown *shown = context;

    if (shown->quiet || forecast->compared_with_all < 1000)
        return;
    fprintf(
        stderr,
        "candour: at this threshold %u.%u %% of the mentions have to be compared with "
        "everybody: about %llu s of one core for each million mentions. Nothing is "
        "left out; a higher --threshold costs less.\n",
        forecast->compared_with_all / 10000, forecast->compared_with_all / 1000 % 10,
        (unsigned long long)(forecast->ns_per_mention / 1000));
}

/*
 * The share is fitted to the start of the stream. Where its end is another sort of stream,
 * say so: scores are right for the share they were made with, and it can be given.
 */
static void warn_of_share(const struct run_settings *settings,
                          const struct run_summary *summary)
{
    uint64_t used = summary->share, seen = summary->share_seen;
    uint64_t concerned = seen * summary->mentions / 1000000;

    if (settings->share || settings->dedupe || concerned < SHARE_FIT_LEAST ||
        (2 * seen < 3 * used && 3 * seen > 2 * used))
        return;
    fprintf(
        stderr,
        "candour: scores suppose that %.6f of the mentions concern anybody (%s), but "
        "over the whole stream it looks like %.6f; --share %.6f would fit better.\n",
        (double)used / 1e6, source_text(summary->share_from), (double)seen / 1e6,
        (double)seen / 1e6);
}

bool run_and_report(const struct arguments *arguments, struct run_settings *settings,
                    int *status, struct err *err)
{
    struct run_summary summary = {0};
    struct shown shown;
    FILE *to = result_open(strcmp(settings->out_path, "-") == 0);

    shown_open(&shown, argument_flag(arguments, "quiet"));
    settings->context = &shown;
    settings->progress = shown_progress;
    settings->forecast = shown_forecast;

    bool ok = run_screen(settings, &summary, err);

    shown_close(&shown);
    if (!ok)
        return false;
    *status = summary.people_set_aside || summary.mentions_set_aside ? 1 : 0;
    bool dedupe = settings->dedupe != NULL;

    bool json = argument_flag(arguments, "json");

    if (!shown.quiet && !json)
        warn_of_share(settings, &summary);

    if (json)
        (dedupe ? dedupe_json : summary_json)(settings, &summary, to);
    else if (!shown.quiet)
        (dedupe ? dedupe_text : summary_text)(settings, &summary, to);
    return result_close(to, err);
}
