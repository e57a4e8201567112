/*
 * Expectation maximisation over patterns, u held fixed (Fellegi & Sunter 1969; Winkler
 * 1988 and 2000). Three kinds of pair: true, of one household, unrelated. A pair of a
 * household shares surname, place and telephone as often as it does, and in all else is
 * as unrelated people are; without this kind, families teach the model that a true pair
 * may differ in forename and date of birth.
 *
 * Between two files a mention concerns at most one person on the left, so its pairs
 * compete: with a = odds against no pair at all,
 *
 *     P(pair i is true) = a_i / (1 + sum of a)
 *
 * Pairs below the retrieval threshold are not in the sums; `share` is that of the pairs
 * that are, which is what 1 - share stands for in the odds, so nothing else is lost by
 * their absence than the levels of the few true pairs among them.
 *
 * All sums are made in one order, in one thread.
 */
#include "match/em.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MAX = 2000 };

#define CHANGE_ENOUGH 1e-6 /* bits of a true pair, and of the prior, in one iteration */
#define CHANCE_LEAST  1e-6
#define CHANCE_MOST   0.999999

struct work {
    struct em *em;
    double *odds;    /* of a pattern, true against unrelated, prior included */
    double *home;    /* the same, of one household */
    double *truth;   /* expected true pairs of each pattern */
    double *related; /* expected household pairs of each pattern */
};

static double held(double p)
{
    return p < CHANCE_LEAST ? CHANCE_LEAST : p > CHANCE_MOST ? CHANCE_MOST : p;
}

static size_t level_count(const struct em *em, unsigned c)
{
    return em->start->count[c];
}

/* log2 of the odds that the levels speak for, by table of m. */
static double pattern_bits(struct em *em, const struct pattern *pattern, level_table m,
                           bool home_only)
{
    double bits = pattern->rarity_home;

    if (!home_only)
        bits += pattern->rarity_rest;
    bits /= RARITY_ONE;
    for (unsigned c = 0; c < model_comparisons(em->start); c++) {
        unsigned level = pattern->level[c];

        if (!level || (home_only && !shared_at_home((enum comparison)c)))
            continue;
        bits += log2(m[c][level]);
        if (em->u[c][level] > 0)
            bits -= log2(em->u[c][level]);
    }
    return bits;
}

static double all_pairs(const struct em *em)
{
    double pairs = (double)em->left * (double)em->right;

    return em->one_file ? (pairs - (double)em->left) / 2 : pairs;
}

/* Within one file: the share of pairs that are neither true nor of a household. */
static double unrelated(const struct em *em)
{
    return 1 - em->share / (double)em->left - em->related;
}

/* Odds of each pattern, prior included. */
static void weigh_patterns(struct work *work)
{
    struct em *em = work->em;
    const struct patterns *patterns = em->patterns;
    double one = em->share / (double)em->left; /* share of all pairs that are true */
    double prior = log2(one / (em->one_file ? unrelated(em) : 1 - em->share));
    double related =
        log2(em->related / (em->one_file ? unrelated(em) : 1 - em->related));

    for (size_t i = 0; i < patterns->count; i++) {
        const struct pattern *pattern = &patterns->list[i];

        work->odds[i] = exp2(prior + pattern_bits(em, pattern, em->m, false));
        work->home[i] = exp2(related + pattern_bits(em, pattern, em->home, true));
        work->truth[i] = work->related[i] = 0;
    }
}

/* One mention's pairs, which compete; returns the log2 likelihood. */
static double expect_mention(struct work *work, const uint32_t *pairs, size_t count)
{
    double sum = 1, likelihood = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t p = pairs[i] & ~PAIR_LAST;

        sum += work->odds[p] / (1 + work->home[p]);
        likelihood += log2(1 + work->home[p]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t p = pairs[i] & ~PAIR_LAST;
        double truth = work->odds[p] / (1 + work->home[p]) / sum;

        work->truth[p] += truth;
        work->related[p] += (1 - truth) * work->home[p] / (1 + work->home[p]);
    }
    return likelihood + log2(sum);
}

static double expect_mentions(struct work *work)
{
    const struct patterns *patterns = work->em->patterns;
    const struct em *em = work->em;
    double likelihood = (double)em->right * log2(1 - em->share) + /* no pair at all */
                        all_pairs(em) * log2(1 - em->related);

    for (size_t from = 0, to = 0; to < patterns->pair_count; to++) {
        if (!(patterns->pairs[to] & PAIR_LAST))
            continue;
        likelihood += expect_mention(work, patterns->pairs + from, to + 1 - from);
        from = to + 1;
    }
    return likelihood;
}

/* Within one file nothing competes: a person may come any number of times. */
static double expect_patterns(struct work *work)
{
    const struct em *em = work->em;
    const struct patterns *patterns = em->patterns;
    double likelihood = all_pairs(em) * log2(unrelated(em));

    for (size_t i = 0; i < patterns->count; i++) {
        double count = (double)patterns->list[i].count;
        double sum = 1 + work->odds[i] + work->home[i];

        work->truth[i] = count * work->odds[i] / sum;
        work->related[i] = count * work->home[i] / sum;
        likelihood += count * log2(sum);
    }
    return likelihood;
}

/* The weight of the start: log2 of its density, but for a constant. */
static double penalty(struct em *em, level_table m)
{
    double bits = 0;

    for (unsigned c = 0; c < model_comparisons(em->start); c++)
        for (unsigned l = 1; l < level_count(em, c); l++)
            if (em->lean[c][l] > 0)
                bits += LEAN_PAIRS * em->lean[c][l] * log2(m[c][l]);
    return bits;
}

void em_share_out(const struct em *em, unsigned c, const double count[LEVELS_MAX],
                  double m[LEVELS_MAX])
{
    double total = 0;

    for (unsigned l = 1; l < level_count(em, c); l++)
        if (!em->frozen[c][l])
            total += count[l] + LEAN_PAIRS * em->lean[c][l];
    for (unsigned l = 1; l < level_count(em, c); l++)
        if (!em->frozen[c][l])
            m[l] = held((count[l] + LEAN_PAIRS * em->lean[c][l]) / total);
}

static void sum_levels(const struct em *em, const double weight[], level_table sum,
                       double *total)
{
    memset(sum, 0, sizeof(level_table));
    *total = 0;
    for (size_t i = 0; i < em->patterns->count; i++) {
        const struct pattern *pattern = &em->patterns->list[i];

        *total += weight[i];
        for (unsigned c = 0; c < model_comparisons(em->start); c++)
            if (!names_crossed(pattern->level, c))
                sum[c][pattern->level[c]] += weight[i];
    }
}

static void maximise(struct work *work)
{
    struct em *em = work->em;
    level_table related;
    double mentions = (double)em->right;

    sum_levels(em, work->truth, em->matches, &em->match_total);
    sum_levels(em, work->related, related, &em->related_total);
    for (unsigned c = 0; c < model_comparisons(em->start); c++) {
        em_share_out(em, c, em->matches[c], em->m[c]);
        if (shared_at_home((enum comparison)c))
            em_share_out(em, c, related[c], em->home[c]);
    }
    /* each pair of one file concerns two of its people */
    em->share = em->match_total * (em->one_file ? 2 : 1) / mentions;
    if (!em->one_file && em->share > CHANCE_MOST)
        em->share = CHANCE_MOST;
    if (em->share < 0.5 / mentions)
        em->share = 0.5 / mentions;
    /* half a pair more, so that it never is nothing, and moves without a step */
    em->related = (em->related_total + 0.5) / (all_pairs(em) + 1);
}

/* By how much the score of a true pair changed, on average, and the prior: levels that no
 * true pair has may still creep. */
static double moved(struct em *em, level_table before, double share)
{
    double sum = 0;

    for (unsigned c = 0; c < model_comparisons(em->start); c++)
        for (unsigned l = 1; l < level_count(em, c); l++)
            if (!em->frozen[c][l])
                sum += em->matches[c][l] * fabs(log2(em->m[c][l] / before[c][l]));
    return fmax(fabs(log2(em->share / share)), sum / fmax(em->match_total, 1));
}

static void iterate(struct work *work)
{
    struct em *em = work->em;
    double last = 0;

    for (em->iterations = 0; em->iterations < ITERATIONS_MAX && !em->converged;) {
        level_table before;
        double share = em->share;

        memcpy(before, em->m, sizeof(before));
        weigh_patterns(work);

        double likelihood =
            em->one_file ? expect_patterns(work) : expect_mentions(work);

        likelihood += penalty(em, em->m) + penalty(em, em->home) +
                      0.5 * (log2(em->related) + log2(1 - em->related));
        if (em->iterations == 0)
            em->likelihood_first = likelihood;
        else if (likelihood < last - 1e-6 * fabs(last) - 1e-6)
            em->fell = true;
        em->likelihood_last = last = likelihood;
        maximise(work);
        em->iterations++;
        em->converged = moved(em, before, share) < CHANGE_ENOUGH;
    }
}

void em_run(struct em *em)
{
    size_t count = em->patterns->count;
    double *room = memory_new(4 * count, sizeof(*room));
    struct work work = {em, room, room + count, room + 2 * count, room + 3 * count};

    em->converged = em->fell = false;
    iterate(&work);
    free(room);
}

/* ---- order -------------------------------------------------------------------------------- */

/* Levels of falling likeness; their weights must fall too. Ended by 0. */
static const struct chain {
    enum comparison comparison;
    uint8_t levels[5];
} chains[] = {
    {COMPARE_SURNAME,       {SURNAME_NEAR_92, SURNAME_NEAR_88, SURNAME_DIFFERENT}   },
    {COMPARE_FORENAME,      {FORENAME_NEAR_92, FORENAME_NEAR_88, FORENAME_DIFFERENT}},
    {COMPARE_FORENAME,      {FORENAME_INITIAL, FORENAME_DIFFERENT}                  },
    {COMPARE_MIDDLE_NAMES,  {MIDDLE_AGREE, MIDDLE_ALIKE, MIDDLE_SOME_DIFFER}        },
    {COMPARE_MIDDLE_NAMES,  {MIDDLE_INITIAL, MIDDLE_DIFFER}                         },
    {COMPARE_DATE_OF_BIRTH, {BORN_ONE_DIGIT, BORN_WITHIN_5, BORN_DIFFERENT}         },
    {COMPARE_SEX,           {SEX_SAME, SEX_DIFFERENT}                               },
};

/* Of other columns, but those that are the same or not. */
static const struct chain other_chain = {
    COMPARISON_COUNT, {OTHER_NEAR, OTHER_ALIKE, OTHER_DIFFERENT}
};

struct pool {
    double m, u;
    unsigned levels;
};

/* Pools neighbours until the ratios fall (pool adjacent violators). */
static void chain_order(const struct chain *chain, double m[], double u[])
{
    struct pool pools[COUNT(chain->levels)];
    unsigned count = 0, at = 0;

    for (const uint8_t *level = chain->levels; *level; level++) {
        pools[count++] = (struct pool){m[*level], u[*level], 1};
        while (count > 1 && pools[count - 1].m * pools[count - 2].u >
                                pools[count - 2].m * pools[count - 1].u) {
            count--;
            pools[count - 1].m += pools[count].m;
            pools[count - 1].u += pools[count].u;
            pools[count - 1].levels += pools[count].levels;
        }
    }
    for (unsigned p = 0; p < count; p++)
        for (unsigned i = 0; i < pools[p].levels; i++, at++)
            if (pools[p].levels > 1)
                m[chain->levels[at]] =
                    held(u[chain->levels[at]] * pools[p].m / pools[p].u);
}

void levels_order(const struct model *model, level_table m, level_table u)
{
    for (const struct chain *chain = chains; chain < chains + COUNT(chains); chain++)
        chain_order(chain, m[chain->comparison], u[chain->comparison]);
    for (unsigned i = 0; i < model->other_count; i++)
        if (model->other[i].kind != OTHER_WORD)
            chain_order(&other_chain, m[other_comparison(i)], u[other_comparison(i)]);
    /* what the model's reader asks of last levels: they never speak for a match */
    for (unsigned c = 0; c < model_comparisons(model); c++) {
        size_t last = model->count[c] - 1;

        if (m[c][last] > u[c][last])
            m[c][last] = u[c][last];
    }
}
