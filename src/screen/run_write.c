/*
 * From sorted records to the files and the counts of the summary and the report. All
 * results are written inside the work folder and moved into place at the very end.
 */
#include "screen/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct writing {
    struct run *run;
    struct out *hits, *clerical; /* clerical: NULL if not asked for */
    struct report report;
    uint64_t visited;
    uint32_t last_rank;
    /* one to one: the best of the person on the left, until the next has another score */
    struct bytes waiting;
    uint32_t best_rank;
    int32_t best_score;
    bool any_best;
};

/* ---- numbers, exactly ------------------------------------------------------------------------ */

/* `value` in units of 10^-places, with that many decimals. */
static void put_decimal(struct out *out, int64_t value, unsigned places)
{
    char text[32];
    size_t at = sizeof(text);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    for (unsigned i = 0; rest || i <= places; i++) {
        if (i == places && places)
            text[--at] = '.';
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (value < 0)
        text[--at] = '-';
    out_bytes(out, text + at, sizeof(text) - at);
}

/* Bits to four decimals, halves away from zero. */
void put_bits(struct out *out, int32_t bits)
{
    int64_t size = bits < 0 ? -(int64_t)bits : bits;
    int64_t value = (size * 10000 + BITS_ONE / 2) / BITS_ONE;

    put_decimal(out, bits < 0 ? -value : value, 4);
}

void put_probability(struct out *out, int32_t score)
{
    put_decimal(out, bits_probability(score), 6);
}

/* ---- the hits file ----------------------------------------------------------------------------- */

static void write_head(const struct run *run, struct out *out)
{
    out_text(out, run->settings->wash ? "person_id,record_id" : "left_id,right_id");
    out_text(out, ",probability,score_bits");
    for (unsigned c = 0; c < model_comparisons(run->model); c++) {
        const char *name = model_comparison_name(run->model, (enum comparison)c);

        out_format(out, ",%s_level,%s_bits", name, name);
    }
    for (size_t i = 1; i < RUN_FIELD_COUNT && run->settings->wash; i++)
        out_format(out, ",%s",
                   run_fields[i] == FIELD_RECORD_ID ? "record"
                                                    : field_name(run_fields[i]));
    out_text(out, "\n");
}

static void write_record(const struct run *run, const struct record *record,
                         struct out *out)
{
    out_csv(out, left_id(&run->left, run->left.order[record->rank]));
    out_text(out, ",");
    out_csv(out, record_text(record, 0));
    out_text(out, ",");
    put_probability(out, record->score);
    out_text(out, ",");
    put_bits(out, record->score);
    for (unsigned c = 0; c < model_comparisons(run->model); c++) {
        const struct evidence evidence = run_evidence(record, c);

        out_text(out, ",");
        out_text(out,
                 model_level(run->model, (enum comparison)c, evidence.level)->name);
        out_text(out, ",");
        put_bits(out, evidence.bits);
    }
    for (size_t i = 1; i < RUN_FIELD_COUNT && run->settings->wash; i++) {
        out_text(out, ",");
        out_csv(out, record_text(record, i));
    }
    out_text(out, "\n");
}

/* ---- counts --------------------------------------------------------------------------------------- */

static size_t band_of(int32_t score)
{
    static const uint32_t bands[REPORT_BANDS] = {990000, 900000, 500000, 100000, 10000};
    uint32_t probability = bits_probability(score);
    size_t band = 0;

    while (probability < bands[band])
        band++;
    return band;
}

static void count(struct writing *writing, const struct record *record)
{
    struct run_summary *summary = &writing->run->summary;
    struct report *report = &writing->report;
    struct str role = record_text(record, 1);
    enum role_class class = role_class_of(role);
    int64_t bar = ((int64_t)record->score - writing->run->threshold) / BITS_ONE;

    if (summary->hits++ == 0 || record->rank != writing->last_rank)
        summary->people_hit++;
    writing->last_rank = record->rank;
    summary->hits_by_role[class]++;
    report->bands[band_of(record->score)][class]++;
    report->histogram[bar < (int64_t)COUNT(report->histogram)
                          ? (size_t)bar
                          : COUNT(report->histogram) - 1]++;
    report->role_other += class == ROLE_UNKNOWN && role.len;
}

/* Whether the record can be of this run. */
static bool fits(const struct run *run, const struct record *record)
{
    unsigned count = model_comparisons(run->model), others = count - COMPARISON_COUNT;
    bool fits = record->rank < run->left.count &&
                record->text_count == RUN_FIELD_COUNT + (others > 0) &&
                record->score >= run->lowest &&
                (others == 0 || record_text(record, RUN_FIELD_COUNT).len ==
                                    others * sizeof(struct evidence));

    for (unsigned c = 0; c < count && fits; c++)
        fits = run_evidence(record, c).level <
               model_level_count(run->model, (enum comparison)c);
    return fits;
}

static void put_record(struct writing *writing, const struct record *record)
{
    const struct run *run = writing->run;

    if (record->score < run->threshold) {
        write_record(run, record, writing->clerical);
        return;
    }
    write_record(run, record, writing->hits);
    count(writing, record);
}

/* ---- one to one -------------------------------------------------------------------------------------- */

/* No other of the person scored as much: the one that waits stands. */
static void put_waiting(struct writing *writing)
{
    if (writing->waiting.size)
        put_record(writing, (const struct record *)(const void *)writing->waiting.at);
    writing->waiting.size = 0;
}

static void leave_out(struct writing *writing, const struct record *record)
{
    writing->run->summary.left_out += record->score >= writing->run->threshold;
}

static void wait_with(struct writing *writing, const struct record *record)
{
    struct bytes *waiting = &writing->waiting;

    if (waiting->room < record->size) {
        waiting->room = record->size;
        waiting->at = memory_grow(waiting->at, waiting->room, 1);
    }
    memcpy(waiting->at, record, record->size);
    waiting->size = record->size;
}

/* Records come by person, the highest score first: the first is the person's best unless
 * the second is as good, and stands if nobody else fits its mention as well. */
static void offer_record(struct writing *writing, const struct record *record)
{
    bool same = writing->any_best && record->rank == writing->best_rank;

    if (same && record->score == writing->best_score && writing->waiting.size) {
        leave_out(writing, (const struct record *)(const void *)writing->waiting.at);
        writing->waiting.size = 0;
    }
    if (same) {
        leave_out(writing, record);
        return;
    }
    put_waiting(writing);
    writing->any_best = true;
    writing->best_rank = record->rank;
    writing->best_score = record->score;
    if (record->rivals == 0)
        wait_with(writing, record);
    else
        leave_out(writing, record);
}

static bool visit(void *context, const struct record *record, struct err *err)
{
    struct writing *writing = context;
    const struct run *run = writing->run;

    if (++writing->visited % 1024 == 0 && stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    if (!fits(run, record))
        return err_set(err, ERR_REFUSED, "%s is damaged; run without --resume",
                       work_folder(run->work));
    if (run->settings->one_to_one)
        offer_record(writing, record);
    else
        put_record(writing, record);
    return true;
}

/* ---- files --------------------------------------------------------------------------------------------- */

static bool to_standard_output(const struct run *run)
{
    return strcmp(run->settings->out_path, "-") == 0;
}

static bool open_result(const struct run *run, enum work_file file, struct out **out,
                        struct err *err)
{
    char path[PATH_SIZE];

    work_name(work_folder(run->work), file, 0, path);
    return out_open(path, out, err);
}

static bool open_hits(const struct run *run, struct out **out, struct err *err)
{
    return to_standard_output(run) ? out_open("-", out, err)
                                   : open_result(run, WORK_HITS, out, err);
}

static bool write_clusters(struct run *run, struct err *err)
{
    struct out *out;

    if (!open_hits(run, &out, err))
        return false;
    if (dedupe_write(run, out, err))
        return out_commit(out, err);
    out_abandon(out);
    return false;
}

static bool write_hits(struct writing *writing, struct err *err)
{
    struct run *run = writing->run;
    bool clerical = run->lowest < run->threshold;
    bool ok = open_hits(run, &writing->hits, err);

    if (!ok)
        return false;
    write_head(run, writing->hits);
    if (clerical) {
        ok = open_result(run, WORK_CLERICAL, &writing->clerical, err);
        if (ok)
            write_head(run, writing->clerical);
    }
    ok = ok && spill_merge(run->spill, run->state.runs, writing, visit, err);
    if (ok)
        put_waiting(writing);
    free(writing->waiting.at);
    writing->waiting = (struct bytes){0};
    if (!ok) {
        out_abandon(writing->hits);
        out_abandon(writing->clerical);
        return false;
    }
    if (!out_commit(writing->hits, err)) {
        out_abandon(writing->clerical);
        return false;
    }
    return !clerical || out_commit(writing->clerical, err);
}

/* Appends a part to the set-aside file; one that is not there has nothing to add. */
static bool append_part(const struct run *run, uint64_t part, struct out *out,
                        struct err *err)
{
    enum { PIECE = 1 << 16 };
    char path[PATH_SIZE];

    work_name(work_folder(run->work), WORK_REJECTED_PART, part, path);

    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT || err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s",
                                          path, strerror(errno));
    char *piece = memory_new(PIECE, 1);
    ssize_t n;

    while ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            out_bytes(out, piece, (size_t)n);
    if (n < 0)
        err_set(err, ERR_ENVIRONMENT, "cannot read %s: %s; run again", path,
                strerror(errno));
    free(piece);
    close(fd);
    return n == 0;
}

static bool write_rejected(struct run *run, struct err *err)
{
    struct out *out;

    if (run->rejected_left + run->state.rejected == 0)
        return true;
    if (!open_result(run, WORK_REJECTED, &out, err))
        return false;
    complaints_head(out);

    uint64_t head = out_size(out);
    bool ok = true;

    for (uint64_t i = 0; i < run->state.parts && ok; i++)
        ok = append_part(run, i, out, err);
    if (ok && out_size(out) - head != run->rejected_left + run->state.rejected)
        ok = err_set(err, ERR_REFUSED, "%s is not whole; run without --resume",
                     work_folder(run->work));
    if (!ok) {
        out_abandon(out);
        return false;
    }
    return out_commit(out, err);
}

/* ---- the report ------------------------------------------------------------------------------------------- */

static void report_hit(const struct run *run, const struct record *record,
                       const struct person *person, struct report_hit *hit)
{
    *hit = (struct report_hit){.score = record->score, .rivals = record->rivals};
    for (unsigned c = 0; c < model_comparisons(run->model); c++)
        hit->evidence[c] = run_evidence(record, c);
    for (unsigned i = 0; i < model_comparisons(run->model) - COMPARISON_COUNT; i++) {
        if (person->other)
            hit->left_other[i] = person->other[i];
        hit->right_other[i] = record_text(record, FIELD_COUNT + i);
    }
    memcpy(hit->left, person->field, sizeof(hit->left));
    for (size_t i = 0; i < FIELD_COUNT; i++)
        hit->right[i] = record_text(record, i);
    hit->role = role_class_of(hit->right[FIELD_ROLE]);
}

static bool write_report(struct writing *writing, struct err *err)
{
    struct run *run = writing->run;
    struct report *report = &writing->report;
    const struct record *const *list;
    size_t count_of_hits = top_list(run->top, &list);
    struct arena *arena = arena_new();
    struct person *people = arena_alloc(arena, count_of_hits * sizeof(*people));
    struct report_hit *hits = arena_alloc(arena, count_of_hits * sizeof(*hits));
    bool ok = run_left_again(run, list, count_of_hits, arena, people, err);

    for (size_t i = 0; i < count_of_hits && ok; i++)
        report_hit(run, list[i], &people[i], &hits[i]);
    report->settings = run->settings;
    report->summary = &run->summary;
    report->model = run->model;
    report->hits = hits;
    report->hit_count = count_of_hits;
    ok = ok && report_write(run->settings->report_path, report, err);
    arena_free(arena);
    return ok;
}

/* ---- everything, then into place ----------------------------------------------------------------------------- */

/* A file of an earlier run must not pass for one of this run. */
static bool remove_old(const char *path, struct err *err)
{
    return unlink(path) == 0 || errno == ENOENT ||
           err_set(err, ERR_ENVIRONMENT, "cannot remove the old %s: %s; remove it",
                   path, strerror(errno));
}

static bool is_link(const struct run *run)
{
    return !run->settings->wash && !run->settings->dedupe;
}

/* The hits come last: where they are, the rest is. */
static bool deliver(const struct run *run, struct err *err)
{
    const char *out = run->settings->out_path;
    const char *rejected = run->summary.rejected_path;
    char path[PATH_SIZE];

    if (to_standard_output(run))
        return true;
    snprintf(path, sizeof(path), "%s.rejected.csv", out);
    if (*rejected ? !work_deliver(run->work, WORK_REJECTED, rejected, err)
                  : !remove_old(path, err))
        return false;
    snprintf(path, sizeof(path), "%s.clerical.csv", out);
    if (!run->dedupe && run->lowest < run->threshold
            ? !work_deliver(run->work, WORK_CLERICAL, path, err)
            : is_link(run) && !remove_old(path, err))
        return false;
    return work_deliver(run->work, WORK_HITS, out, err);
}

static void summarise(struct run *run)
{
    struct run_summary *summary = &run->summary;
    const struct checkpoint *state = &run->state;

    summary->mentions = state->mentions;
    summary->mentions_set_aside = state->mentions_set_aside;
    summary->values_set_aside += state->values_set_aside;
    summary->blocks = state->blocks;
    if (state->mentions)
        summary->share_seen = (uint32_t)(state->concerned / state->mentions);
    summary->work = state->work;
    if (!to_standard_output(run) && run->rejected_left + state->rejected > 0)
        snprintf(summary->rejected_path, sizeof(summary->rejected_path),
                 "%s.rejected.csv", run->settings->out_path);
}

bool run_write(struct run *run, struct err *err)
{
    struct writing writing = {.run = run};
    double begun = run_seconds();

    summarise(run);
    if (!(run->dedupe ? write_clusters(run, err) : write_hits(&writing, err)) ||
        !write_rejected(run, err))
        return false;
    run->summary.seconds_write = run_seconds() - begun;
    return (!run->top || write_report(&writing, err)) && deliver(run, err);
}
