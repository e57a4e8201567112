/*
 * Clerical review. Pairs are drawn by the hash of their ids and the seed: the same file
 * and seed give the same sample, in whatever order the rows come. Who judges sees neither
 * the score nor, from the order of the rows, on which side of the threshold a pair is.
 */
#include "cli/review.h"
#include "feed/feed.h"
#include "match/match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MILLION = 1000000, SAMPLE_MAX = 100000 };

bool share_read(struct str written, uint32_t *millionths)
{
    double value;

    if (!str_number(written, &value) || !(value >= 0 && value <= 1))
        return false;
    *millionths = (uint32_t)(value * MILLION + 0.5);
    return true;
}

/* ---- drawing ------------------------------------------------------------------------- */

struct drawn {
    uint64_t hash;
    char *left, *right; /* one allocation, the left's */
    unsigned stratum;
};

struct kept { /* the lowest hashes of a stratum: up to twice the sample, then cut */
    struct drawn *list;
    size_t count;
};

struct drawing {
    uint32_t threshold;
    uint64_t seed;
    size_t sample;
    struct review_stratum strata[REVIEW_STRATA];
    struct kept kept[REVIEW_STRATA];
};

static int by_hash(const void *a, const void *b)
{
    const struct drawn *x = a, *y = b;
    int order = (x->hash > y->hash) - (x->hash < y->hash);

    if (order == 0)
        order = strcmp(x->left, y->left);
    return order ? order : strcmp(x->right, y->right);
}

static void kept_cut(struct kept *kept, size_t most)
{
    if (kept->count)
        qsort(kept->list, kept->count, sizeof(*kept->list), by_hash);
    while (kept->count > most)
        free(kept->list[--kept->count].left);
}

static void drawing_take(struct drawing *drawing, struct str left, struct str right,
                         uint32_t probability)
{
    unsigned stratum = review_stratum(probability, drawing->threshold);
    struct kept *kept = &drawing->kept[stratum];
    char *text = memory_new(left.len + right.len + 2, 1);

    drawing->strata[stratum].pairs++;
    drawing->strata[stratum].sum += probability;
    if (!kept->list)
        kept->list = memory_new(2 * drawing->sample, sizeof(*kept->list));
    memcpy(text, left.at, left.len);
    memcpy(text + left.len + 1, right.at, right.len);
    kept->list[kept->count++] =
        (struct drawn){hash_mix(hash_bytes(left.at, left.len, drawing->seed),
                                hash_bytes(right.at, right.len, drawing->seed)),
                       text, text + left.len + 1, stratum};
    if (kept->count == 2 * drawing->sample)
        kept_cut(kept, drawing->sample);
}

static bool drawing_read(struct drawing *drawing, struct sheet *sheet, struct err *err)
{
    struct str values[3];
    uint32_t probability;
    bool more;

    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return true;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped");
        if (!share_read(values[2], &probability))
            return err_set(err, ERR_INPUT,
                           "row %llu: probability: want a number from 0 to 1",
                           (unsigned long long)sheet_row(sheet));
        drawing_take(drawing, str_trim(values[0]), str_trim(values[1]), probability);
    }
    return false;
}

static void drawn_write(const struct drawing *drawing, const struct drawn *list,
                        size_t count, struct out *out)
{
    out_text(out, "left_id,right_id,stratum,pairs,same\n");
    for (size_t i = 0; i < count; i++) {
        out_csv(out, str_of(list[i].left));
        out_text(out, ",");
        out_csv(out, str_of(list[i].right));
        out_format(out, ",%u,%llu,\n", list[i].stratum + 1,
                   (unsigned long long)drawing->strata[list[i].stratum].pairs);
    }
}

/* All that is drawn in the order of the hashes: strata are mixed. */
static bool drawing_write(struct drawing *drawing, const char *path, struct err *err)
{
    struct drawn *all = memory_new(drawing->sample + 1, sizeof(*all));
    size_t count = 0;
    struct out *out;

    review_allot(drawing->strata, drawing->sample);
    for (unsigned i = 0; i < REVIEW_STRATA; i++) {
        kept_cut(&drawing->kept[i], drawing->strata[i].drawn);
        for (size_t k = 0; k < drawing->kept[i].count; k++)
            all[count++] = drawing->kept[i].list[k];
    }
    if (count)
        qsort(all, count, sizeof(*all), by_hash);

    bool ok = count ? out_open(path, &out, err)
                    : err_set(err, ERR_INPUT, "there are no pairs to draw from");

    if (ok) {
        drawn_write(drawing, all, count, out);
        ok = out_commit(out, err);
    }
    free(all);
    return ok;
}

bool review_draw(const struct arguments *arguments, const char *pairs, struct err *err)
{
    const struct sheet_column columns[] = {
        {"left_id|person_id",  false},
        {"right_id|record_id", false},
        {"probability",        false},
    };
    struct drawing drawing = {
        .threshold = argument_probability(arguments, "threshold"),
        .seed = argument_number(arguments, "seed"),
        .sample = argument_number(arguments, "sample-review"),
    };
    struct sheet *sheet;

    if (drawing.sample == 0 || drawing.sample > SAMPLE_MAX)
        return err_set(err, ERR_USAGE, "--sample-review: want 1 to %d pairs",
                       SAMPLE_MAX);
    if (!sheet_open(pairs, columns, COUNT(columns), &sheet, err))
        return false;

    bool ok = drawing_read(&drawing, sheet, err);

    sheet_close(sheet);
    ok = ok ? drawing_write(&drawing, argument_text(arguments, "out"), err)
            : err_in(err, "%s", pairs);
    for (unsigned i = 0; i < REVIEW_STRATA; i++) {
        kept_cut(&drawing.kept[i], 0);
        free(drawing.kept[i].list);
    }
    return ok;
}

/* ---- reading back ----------------------------------------------------------------------- */

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

static bool answer_read(struct str written, enum answer *answer)
{
    static const struct {
        const char *word;
        enum answer answer;
    } words[] = {
        {"",            ANSWER_NONE},
        {"?",           ANSWER_NONE},
        {"cannot tell", ANSWER_NONE},
        {"yes",         ANSWER_YES },
        {"y",           ANSWER_YES },
        {"1",           ANSWER_YES },
        {"true",        ANSWER_YES },
        {"same",        ANSWER_YES },
        {"no",          ANSWER_NO  },
        {"n",           ANSWER_NO  },
        {"0",           ANSWER_NO  },
        {"false",       ANSWER_NO  },
        {"different",   ANSWER_NO  },
    };

    written = str_trim(written);
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strlen(words[i].word) != written.len ||
            strncasecmp(words[i].word, written.at, written.len) != 0)
            continue;
        *answer = words[i].answer;
        return true;
    }
    return false;
}

static bool whole_number(struct str written, uint64_t least, uint64_t most,
                         uint64_t *number)
{
    double value;

    if (!str_number(written, &value) || value < (double)least || value > (double)most)
        return false;
    *number = (uint64_t)value;
    return (double)*number == value;
}

enum { STRATUM, PAIRS, SAME, REVIEW_COLUMNS };

static bool review_row(struct review_stratum strata[REVIEW_STRATA],
                       const struct str values[], struct err *err)
{
    uint64_t number, pairs;
    enum answer answer;

    if (!whole_number(values[STRATUM], 1, REVIEW_STRATA, &number))
        return err_set(err, ERR_INPUT, "stratum: want 1 to %d, as it was drawn",
                       REVIEW_STRATA);
    if (!whole_number(values[PAIRS], 1, (uint64_t)1 << 50, &pairs))
        return err_set(err, ERR_INPUT, "pairs: want the number that was drawn with it");
    if (!answer_read(values[SAME], &answer))
        return err_set(err, ERR_INPUT, "same: want yes, no, or nothing");

    struct review_stratum *stratum = &strata[number - 1];

    if (stratum->pairs && stratum->pairs != pairs)
        return err_set(
            err, ERR_INPUT,
            "pairs differs within stratum %llu; review one drawing at a time",
            (unsigned long long)number);
    stratum->pairs = pairs;
    stratum->drawn++;
    stratum->reviewed += answer != ANSWER_NONE;
    stratum->right += answer == ANSWER_YES;
    if (stratum->drawn > pairs)
        return err_set(err, ERR_INPUT, "stratum %llu has more rows than pairs",
                       (unsigned long long)number);
    return true;
}

static bool rows_read(struct sheet *sheet, struct review_stratum strata[REVIEW_STRATA],
                      struct err *err)
{
    struct str values[REVIEW_COLUMNS];
    bool more;

    while (sheet_next(sheet, values, &more, err)) {
        if (!more)
            return true;
        if (!review_row(strata, values, err))
            return err_in(err, "row %llu", (unsigned long long)sheet_row(sheet));
    }
    return false;
}

/* ---- what they show ------------------------------------------------------------------------ */

static const char *const stratum_names[REVIEW_STRATA] = {
    "far below",  "well below", "below",      "just below",
    "just above", "above",      "well above", "far above",
};

static void text_estimate(const char *name, struct review_estimate estimate, FILE *to)
{
    if (estimate.possible)
        fprintf(to, "  %-26s %.4f   95 %% interval %.4f to %.4f\n", name,
                estimate.value / 1e6, estimate.interval.low / 1e6,
                estimate.interval.high / 1e6);
    else
        fprintf(to, "  %-26s not known: a stratum has no answer yet\n", name);
}

static void review_text(const struct review_stratum strata[REVIEW_STRATA], FILE *to)
{
    char number[32];

    fputs("  threshold             pairs   drawn  judged    same   share   95 % "
          "interval\n",
          to);
    for (unsigned i = REVIEW_STRATA; i-- > 0;) {
        const struct review_stratum *stratum = &strata[i];
        struct interval interval = share_interval(stratum->right, stratum->reviewed);

        if (stratum->pairs == 0)
            continue;
        fprintf(to, "  %-12s %14s %7llu %7llu %7llu", stratum_names[i],
                number_text(stratum->pairs, number), (unsigned long long)stratum->drawn,
                (unsigned long long)stratum->reviewed,
                (unsigned long long)stratum->right);
        if (stratum->reviewed)
            fprintf(to, "  %.4f   %.4f to %.4f",
                    (double)stratum->right / (double)stratum->reviewed,
                    interval.low / 1e6, interval.high / 1e6);
        fputc('\n', to);
    }
    fputc('\n', to);
    text_estimate("precision at the threshold", review_precision(strata), to);
    text_estimate("of the true pairs, above", review_recall(strata), to);
    fputs("  The second leaves out true pairs that the file does not hold.\n", to);
}

static void json_estimate(const char *name, struct review_estimate estimate, FILE *to)
{
    if (estimate.possible)
        fprintf(to, "\"%s\": {\"value\": %.6f, \"low\": %.6f, \"high\": %.6f}", name,
                estimate.value / 1e6, estimate.interval.low / 1e6,
                estimate.interval.high / 1e6);
    else
        fprintf(to, "\"%s\": null", name);
}

static void review_json(const struct review_stratum strata[REVIEW_STRATA], FILE *to)
{
    fputs("{\"command\": \"eval\", \"strata\": [", to);
    for (unsigned i = 0; i < REVIEW_STRATA; i++)
        fprintf(
            to,
            "%s{\"stratum\": %u, \"name\": \"%s\", \"pairs\": %llu, \"drawn\": "
            "%llu, \"reviewed\": %llu, \"same\": %llu}",
            i ? ", " : "", i + 1, stratum_names[i], (unsigned long long)strata[i].pairs,
            (unsigned long long)strata[i].drawn, (unsigned long long)strata[i].reviewed,
            (unsigned long long)strata[i].right);
    fputs("], ", to);
    json_estimate("precision", review_precision(strata), to);
    fputs(", ", to);
    json_estimate("above_of_true", review_recall(strata), to);
    fputs("}\n", to);
}

bool review_read(const struct arguments *arguments, const char *path, struct err *err)
{
    const struct sheet_column columns[REVIEW_COLUMNS] = {
        [STRATUM] = {"stratum", false},
        [PAIRS] = {"pairs",   false},
        [SAME] = {"same",    false},
    };
    struct review_stratum strata[REVIEW_STRATA] = {0};
    struct sheet *sheet;

    if (!sheet_open(path, columns, REVIEW_COLUMNS, &sheet, err))
        return false;

    bool ok = rows_read(sheet, strata, err);

    sheet_close(sheet);
    if (!ok)
        return err_in(err, "%s", path);
    if (argument_flag(arguments, "json"))
        review_json(strata, stdout);
    else
        review_text(strata, stdout);
    return result_close(stdout, err);
}
