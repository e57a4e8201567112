/*
 * Training: rounds of exact retrieval under the model so far, counting of u and
 * estimation of m and the prior, until the model finds what it was estimated from.
 */
#include "match/em.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 512,         /* mentions looked up at once */
    WAVE = 64,           /* batches under way at once */
    OTHERS_LEAST = 10,   /* pairs at a level below which its u is not known */
    SPOKEN_LEAST = 1000, /* pairs with both values below which a comparison is not */
};

#define STEADY_BITS  0.02   /* change of a true pair's score at which rounds end */
#define START_WEIGHT 1000.0 /* pairs that the start's u is worth */

struct run {
    const struct train_settings *settings;
    const struct train_people *people;
    const struct model *model; /* of this round */
    struct index *index;
    struct matcher **matchers; /* one a worker */
    unsigned threads;
    struct hits batch[WAVE];
    size_t wave_from; /* mention */
    struct patterns patterns;
    struct chances *chances;
    struct chance chance; /* under the model of this round */
    struct training *training;
    struct train_level before[COMPARISONS_MAX][LEVELS_MAX]; /* of the round before */
    double share_before;
};

static void tell(const struct run *run, const char *step, uint64_t done, uint64_t all)
{
    if (run->settings->told)
        run->settings->told(run->settings->context, step, done, all);
}

/* ---- the index of a round -------------------------------------------------------------- */

static bool index_people_of(struct run *run, struct err *err)
{
    struct index_settings settings = {
        .model = run->model,
        .share = model_share(run->model, false),
        .probability = run->settings->probability,
        .threads = run->threads,
        .one_file = run->settings->one_file,
        .others = run->training->others,
    };

    if (!index_new(&settings, &run->index, err))
        return false;
    for (size_t i = 0; i < run->people->left_count; i++)
        if (!index_add(run->index, &run->people->left[i], err))
            return false;
    for (size_t i = 0; i < run->people->right_count; i++)
        index_sample(run->index, &run->people->right[i]);
    if (!index_build(run->index, err))
        return false;
    for (unsigned i = 0; i < run->threads; i++)
        run->matchers[i] = matcher_new(run->index);
    return true;
}

static void index_drop(struct run *run)
{
    for (unsigned i = 0; i < run->threads; i++) {
        matcher_free(run->matchers[i]);
        run->matchers[i] = NULL;
    }
    index_free(run->index);
    run->index = NULL;
}

/* ---- pairs ------------------------------------------------------------------------------- */

static void find_batch(void *context, size_t number, unsigned worker)
{
    struct run *run = context;
    size_t from = run->wave_from + number * BATCH;
    size_t rest = run->people->right_count - from;

    run->batch[number].count = 0;
    matcher_find(run->matchers[worker], run->people->right + from,
                 rest < BATCH ? rest : BATCH, INT32_MIN, &run->batch[number]);
}

/* Within one file each pair is found from both ends and counts from one. */
static bool counts(const struct run *run, const struct hit *hit, size_t from)
{
    return !run->settings->one_file || hit->left < from + hit->right;
}

static void take_batch(struct run *run, size_t number)
{
    const struct hits *hits = &run->batch[number];
    size_t from = run->wave_from + number * BATCH;

    for (size_t i = 0; i < hits->count; i++) {
        const struct hit *hit = &hits->list[i];
        struct pattern pattern;
        bool last = i + 1 == hits->count || hits->list[i + 1].right != hit->right;

        if (!counts(run, hit, from))
            continue;
        pattern_of(run->model, hit, &pattern);
        patterns_add(&run->patterns, &pattern, last);
    }
}

static bool find_pairs(struct run *run, struct err *err)
{
    size_t all = run->people->right_count;

    for (run->wave_from = 0; run->wave_from < all; run->wave_from += WAVE * BATCH) {
        size_t rest = all - run->wave_from;
        size_t batches = (rest + BATCH - 1) / BATCH;

        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped; nothing was written");
        tell(run, "finding pairs", run->wave_from, all);
        batches = batches < WAVE ? batches : WAVE;
        parallel_for(run->threads, batches, run, find_batch);
        for (size_t i = 0; i < batches; i++)
            take_batch(run, i);
    }
    return true;
}

/* ---- what the estimation starts from ------------------------------------------------------- */

static double level_start_u(const struct model *model, unsigned c, unsigned l)
{
    double sum = 0;

    for (unsigned i = 1; i < model->count[c]; i++)
        sum += model->level[c][i].u;
    return model->level[c][l].u / sum;
}

/* Pairs of different people at a level: the expected true ones among all are left out. */
static double level_others(const struct run *run, const struct em *em, unsigned c,
                           unsigned l)
{
    double sides = em->one_file ? 2 : 1;
    double others = (double)run->chance.pairs[c][l] - sides * em->matches[c][l];

    return others > 0 ? others : 0;
}

static double others_spoken(const struct run *run, const struct em *em, unsigned c)
{
    double sum = 0;

    for (unsigned l = 1; l < em->start->count[c]; l++)
        sum += level_others(run, em, c, l);
    return sum;
}

/*
 * u of a level, and whence; that of frozen levels stays the start's. Of equal values never
 * less than half a pair; of others a little of the start's, so that none is nothing.
 */
static void level_u(struct run *run, struct em *em, unsigned c, unsigned l)
{
    const struct model *start = run->settings->start;
    struct train_level *level = &run->training->level[c][l];
    double spoken = others_spoken(run, em, c);
    bool by_frequency = start->level[c][l].by_frequency;

    level->others = level_others(run, em, c, l);
    level->u = start->level[c][l].u;
    level->u_from = TRAIN_KEPT;
    em->frozen[c][l] = c == COMPARE_NAME_ORDER || spoken < SPOKEN_LEAST ||
                       (!by_frequency && level->others < OTHERS_LEAST);
    if (by_frequency && !run->chance.pairs[c][l]) /* a value that nobody has */
        return;
    if (!em->frozen[c][l]) {
        double known = by_frequency
                           ? fmax(level->others, 0.5)
                           : level->others + START_WEIGHT * level_start_u(start, c, l);

        level->u = fmax(known / (spoken + (by_frequency ? 0 : START_WEIGHT)), 1e-9);
        level->u_from = TRAIN_VALUES;
    }
    em->u[c][l] = by_frequency ? 0 : level->u;
}

/* The start's weights over the data's u, as shares: what thin evidence leans on. */
static void comparison_lean(struct run *run, struct em *em, unsigned c)
{
    const struct model *start = run->settings->start;
    double sum = 0;

    for (unsigned l = 1; l < start->count[c]; l++) {
        const struct level *level = &start->level[c][l];
        double weight = exp2((double)level->bits / BITS_ONE);

        em->lean[c][l] = em->frozen[c][l]      ? 0
                         : level->by_frequency ? level->m
                                               : em->u[c][l] * weight;
        sum += em->lean[c][l];
    }
    for (unsigned l = 1; l < start->count[c] && sum > 0; l++)
        em->lean[c][l] /= sum;
}

/* Up to two bits either way, the same for a seed everywhere. */
static double nudge(uint32_t seed, unsigned c, unsigned l)
{
    uint64_t key[] = {seed, c, l};

    return seed ? exp2((double)(hash_bytes(key, sizeof(key), 7) >> 32) / 1073741824.0 -
                       2)
                : 1;
}

static void comparison_start(struct run *run, struct em *em, unsigned c)
{
    const struct model *start = run->settings->start;
    double sum = 0;

    for (unsigned l = 1; l < start->count[c]; l++) {
        em->m[c][l] = em->frozen[c][l]
                          ? start->level[c][l].m
                          : em->lean[c][l] * nudge(run->settings->seed, c, l);
        sum += em->frozen[c][l] ? 0 : em->m[c][l];
    }
    for (unsigned l = 1; l < start->count[c]; l++) {
        if (!em->frozen[c][l])
            em->m[c][l] /= sum;
        em->home[c][l] = em->m[c][l];
    }
}

static void em_prepare(struct run *run, struct em *em)
{
    const struct model *start = run->settings->start;

    *em = (struct em){
        .start = start,
        .patterns = &run->patterns,
        .left = run->people->left_count,
        .right = run->people->right_count,
        .one_file = run->settings->one_file,
        .share = 0.5 * nudge(run->settings->seed, COMPARISON_COUNT, 0),
    };
    em->share = em->share < 0.9 ? em->share : 0.9;
    em->related = 1 / (double)em->left;
    em->related = em->related < 0.1 ? em->related : 0.1;
    for (unsigned c = 0; c < model_comparisons(start); c++)
        for (unsigned l = 1; l < start->count[c]; l++)
            em->matches[c][l] = run->training->level[c][l].matches;
    for (unsigned c = 0; c < model_comparisons(start); c++) {
        for (unsigned l = 1; l < start->count[c]; l++)
            level_u(run, em, c, l);
        comparison_lean(run, em, c);
        comparison_start(run, em, c);
    }
}

/* Once more with the true pairs taken out of u, as far as they are known by now. */
static void em_again(struct run *run, struct em *em)
{
    for (unsigned c = 0; c < model_comparisons(em->start); c++) {
        for (unsigned l = 1; l < em->start->count[c]; l++)
            level_u(run, em, c, l);
        comparison_lean(run, em, c);
    }
    em_run(em);
}

/* ---- from labels ------------------------------------------------------------------------------ */

static void em_from_truth(struct run *run, struct em *em)
{
    const struct train_people *people = run->people;

    memset(em->matches, 0, sizeof(em->matches));
    for (size_t i = 0; i < people->truth_count; i++) {
        const struct true_pair *pair = &people->truth[i];
        uint8_t level[COMPARISONS_MAX] = {0};
        struct hit hit;

        matcher_score(run->matchers[0], pair->left, &people->right[pair->right], &hit);
        for (unsigned c = 0; c < model_comparisons(em->start); c++)
            level[c] = (uint8_t)counted_level(hit.evidence, c);
        for (unsigned c = 0; c < model_comparisons(em->start); c++)
            if (!names_crossed(level, c))
                em->matches[c][level[c]]++;
    }
    for (unsigned c = 0; c < model_comparisons(em->start); c++)
        em_share_out(em, c, em->matches[c], em->m[c]);
    em->match_total = (double)people->truth_count;
    em->share = em->match_total * (em->one_file ? 2 : 1) / (double)em->right;
    em->converged = true;
}

/* ---- from the estimation to a model ------------------------------------------------------------ */

/* Which level a pair is best at depends a little on the weights, so rounds may swing
 * about where they should end: from the third on, each goes half the way. */
static bool damped(const struct run *run)
{
    return run->training->rounds >= 2;
}

static void levels_damp(const struct run *run, level_table m, level_table u)
{
    const struct model *start = run->settings->start;

    for (unsigned c = 0; c < model_comparisons(start) && damped(run); c++)
        for (unsigned l = 1; l < start->count[c]; l++) {
            m[c][l] = sqrt(m[c][l] * run->before[c][l].m);
            u[c][l] = sqrt(u[c][l] * run->before[c][l].u);
        }
}

static enum train_source m_source(const struct em *em, unsigned c, unsigned l)
{
    if (em->frozen[c][l])
        return TRAIN_KEPT;
    return em->matches[c][l] < LEAN_PAIRS * em->lean[c][l] ? TRAIN_LEANT
                                                           : TRAIN_COUNTED;
}

static int32_t table_bits(const struct level *start, double m, double u)
{
    double bits = log2(m / u) * BITS_ONE;

    if (start->by_frequency)
        bits = fmin(fmax(bits, start->least), start->most);
    return (int32_t)lround(bits);
}

static void levels_take(struct run *run, struct em *em)
{
    const struct model *start = run->settings->start;
    struct training *training = run->training;
    level_table m = {{0}}, u = {{0}};

    for (unsigned c = 0; c < model_comparisons(start); c++)
        for (unsigned l = 1; l < start->count[c]; l++) {
            level_u(run, em, c, l);
            m[c][l] = em->m[c][l];
            u[c][l] = training->level[c][l].u;
        }
    levels_damp(run, m, u);
    levels_order(start, m, u);
    for (unsigned c = 0; c < model_comparisons(start); c++) {
        double sum = 0;

        for (unsigned l = 1; l < start->count[c]; l++) {
            struct train_level *level = &training->level[c][l];

            level->m = m[c][l];
            level->u = u[c][l];
            level->matches = em->matches[c][l];
            level->m_from = m_source(em, c, l);
            level->bits = table_bits(&start->level[c][l], level->m, level->u);
            sum += level->matches * level->bits / BITS_ONE;
        }
        training->contribution[c] = em->match_total > 0 ? sum / em->match_total : 0;
    }
}

/*
 * The share of true pairs below the threshold of retrieval, from the levels as they
 * are estimated: the distribution of their sum, eighths of a bit at a time.
 */
enum { SPAN = 200 * RARITY_ONE };

static double reckon_unseen(const struct run *run, const struct em *em)
{
    double *now = memory_new(2 * SPAN + 1, sizeof(*now));
    double *next = memory_new(2 * SPAN + 1, sizeof(*next));
    double below = 0;
    int prior = (int)((int64_t)index_prior(run->index) * RARITY_ONE / BITS_ONE);
    int threshold = (int)((int64_t)index_threshold(run->index) * RARITY_ONE / BITS_ONE);

    now[SPAN + prior] = 1;
    for (unsigned c = 0; c < model_comparisons(em->start) && em->match_total > 0; c++) {
        double total = 0;

        for (unsigned l = 0; l < em->start->count[c]; l++)
            total += em->matches[c][l];
        if (c == COMPARE_NAME_ORDER || total <= 0)
            continue;
        memset(next, 0, (2 * SPAN + 1) * sizeof(*next));
        for (unsigned l = 0; l < em->start->count[c]; l++) {
            double p = em->matches[c][l] / total;
            int64_t bits = l ? run->training->level[c][l].bits : 0;
            int by = (int)(bits * RARITY_ONE / BITS_ONE);

            for (int i = 0; i <= 2 * SPAN && p > 0; i++)
                if (i + by >= 0 && i + by <= 2 * SPAN)
                    next[i + by] += p * now[i];
        }
        double *swap = now;

        now = next;
        next = swap;
    }
    for (int i = 0; i < SPAN + threshold; i++)
        below += now[i];
    free(now);
    free(next);
    return below < 0.5 ? below : 0.5;
}

static void prior_take(struct run *run, const struct em *em)
{
    struct training *training = run->training;
    double unseen = run->people->truth ? 0 : reckon_unseen(run, em);
    double share = em->share / (1 - unseen);

    if (damped(run))
        share = sqrt(share * run->share_before);
    run->share_before = share;

    training->unseen = unseen;
    training->matches = em->match_total;
    training->related = em->related_total;
    training->share = fmin(fmax(share, 1e-6), 0.999);
    training->others = run->settings->one_file ? digits(fmin(share, 1000)) : 0;
}

static bool model_make(struct run *run, struct model **model, struct err *err)
{
    struct training *training = run->training;

    free(training->text);
    training->text = model_text(run->settings->start, run->settings, training,
                                run->people->truth != NULL, &training->text_size);
    if (!training->text)
        return err_set(err, ERR_ENVIRONMENT, "out of memory");
    return model_parse((struct str){training->text, training->text_size}, model, err) &&
           model_compare(*model, run->settings->start->other,
                         run->settings->start->other_count, err);
}

/* ---- rounds ----------------------------------------------------------------------------------------- */

/* By how much the score of a true pair changes from one model to the next, on average:
 * levels that no pair has may swing without anybody noticing. */
static double models_apart(const struct training *training, const struct model *a,
                           const struct model *b)
{
    double sum = 0;

    assert(a && b);
    for (unsigned c = 0; c < model_comparisons(a); c++)
        for (unsigned l = 1; l < a->count[c]; l++) {
            bool follows = a->level[c][l].by_frequency;
            int32_t x = follows ? a->log_m[c][l] : a->level[c][l].bits;
            int32_t y = follows ? b->log_m[c][l] : b->level[c][l].bits;

            sum += training->level[c][l].matches * fabs((double)x - y) / BITS_ONE;
        }
    return training->matches > 0 ? sum / training->matches : 0;
}

static bool check_em(const struct run *run, const struct em *em, struct err *err)
{
    if (run->people->truth)
        return true;
    if (run->patterns.pair_count == 0 || em->match_total < LEAN_PAIRS)
        return err_set(err, ERR_INPUT,
                       "fewer than %.0f pairs look like one person: too few to learn "
                       "from; use more data, the built-in model, or --truth",
                       LEAN_PAIRS);
    return true;
}

static bool estimate(struct run *run, struct em *em, struct err *err)
{
    const struct train_people *people = run->people;

    tell(run, "counting pairs of different people", 0, 0);
    chances_count(run->chances, run->index, &run->chance);
    run->training->all_pairs = run->chance.all;
    if (!people->truth && !find_pairs(run, err))
        return false;
    tell(run, "estimating", 0, 0);
    em_prepare(run, em);
    if (people->truth)
        em_from_truth(run, em);
    else if (run->patterns.pair_count) {
        em_run(em);
        if (run->training->rounds == 0)
            em_again(run, em);
    }
    return check_em(run, em, err);
}

static bool one_round(struct run *run, struct model **model, struct err *err)
{
    struct training *training = run->training;
    struct train_round *round = &training->round[training->rounds];
    struct em em;

    memcpy(run->before, training->level, sizeof(run->before));

    bool ok = index_people_of(run, err) && estimate(run, &em, err);

    if (ok) {
        levels_take(run, &em);
        prior_take(run, &em);
        *round = (struct train_round){
            .pairs = run->patterns.pair_count,
            .patterns = run->patterns.count,
            .iterations = em.iterations,
            .likelihood_first = em.likelihood_first,
            .likelihood_last = em.likelihood_last,
            .share = training->share,
        };
        training->rounds++;
        ok = model_make(run, model, err);
    }
    if (ok) {
        round->moved = models_apart(training, run->model, *model);
        training->converged = em.converged && round->moved < STEADY_BITS;
    }
    patterns_free(&run->patterns);
    index_drop(run);
    return ok;
}

static bool rounds(struct run *run, struct err *err)
{
    struct training *training = run->training;

    while (training->rounds < TRAIN_ROUNDS_MAX && !training->converged) {
        struct model *model = NULL;

        if (!one_round(run, &model, err))
            return false;
        model_free(training->model);
        run->model = training->model = model;
    }
    /* once more as text: now it can say whether it converged */
    struct model *model = NULL;

    if (!model_make(run, &model, err))
        return false;
    model_free(training->model);
    run->model = training->model = model;
    return true;
}

/* ---- who cannot be found -------------------------------------------------------------------------------- */

static bool count_unlinkable(struct run *run, struct err *err)
{
    static const uint32_t wanted[] = {500000, 900000, 990000};
    struct hit hit;
    bool ok = index_people_of(run, err);

    for (size_t i = 0; i < run->people->left_count && ok; i++) {
        matcher_score(run->matchers[0], (uint32_t)i, &run->people->left[i], &hit);
        for (size_t k = 0; k < COUNT(wanted); k++)
            run->training->unlinkable[k] += hit.score < bits_odds(wanted[k]);
    }
    index_drop(run);
    return ok;
}

bool train(const struct train_settings *settings, const struct train_people *people,
           struct training **result, struct err *err)
{
    struct run *run = memory_new(1, sizeof(*run));
    struct training *training = memory_new(1, sizeof(*training));

    run->settings = settings;
    run->people = people;
    run->model = settings->start;
    run->training = training;
    run->threads = settings->threads ? settings->threads : threads_available();
    run->matchers = memory_new(run->threads, sizeof(struct matcher *));
    training->left = people->left_count;
    training->right = people->right_count;
    tell(run, "counting values", 0, 0);
    run->chances =
        chances_new(settings->start, people, settings->one_file, run->threads);

    bool ok = rounds(run, err) && count_unlinkable(run, err);

    for (size_t i = 0; i < WAVE; i++)
        free(run->batch[i].list);
    chances_free(run->chances);
    free(run->matchers);
    free(run);
    if (ok)
        *result = training;
    else
        training_free(training);
    return ok;
}

void training_free(struct training *training)
{
    if (!training)
        return;
    model_free(training->model);
    free(training->text);
    free(training);
}
