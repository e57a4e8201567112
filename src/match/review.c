/*
 * Clerical review: how many pairs of which probability people should judge, and what
 * their judgement of these says of all.
 *
 * Source: Cochran (1977), Sampling Techniques, chapters 5 and 5A (stratified samples,
 * Neyman's allotment, ratio estimates).
 */
#include "match/match.h"

#include <math.h>
#include <string.h>

enum { MILLION = 1000000 };

/* Odds of 99, 9 and 2 to one either side of the threshold, as bits from it. */
static const double edges[REVIEW_STRATA - 1] = {-6.63, -3.17, -1, 0, 1, 3.17, 6.63};

unsigned review_stratum(uint32_t probability, uint32_t threshold)
{
    uint32_t inside = probability < 1 ? 1 : probability > 999999 ? 999999 : probability;
    int32_t from = bits_odds(inside) - bits_odds(threshold);
    unsigned stratum = 0;

    while (stratum < REVIEW_STRATA - 1 && from >= (int32_t)(edges[stratum] * BITS_ONE))
        stratum++;
    /* Bits are rounded; which side of the threshold a pair is on is not. */
    if (probability < threshold)
        return stratum < REVIEW_ACCEPTED ? stratum : REVIEW_ACCEPTED - 1;
    return stratum < REVIEW_ACCEPTED ? REVIEW_ACCEPTED : stratum;
}

/* ---- drawing -------------------------------------------------------------------------- */

/* Size times the standard deviation that the model expects of an answer. A model that
 * is sure can be wrong: it is taken to be so once in a hundred. */
static double need_of(const struct review_stratum *stratum)
{
    double p = (double)stratum->sum / ((double)stratum->pairs * MILLION);

    p = p < 0.01 ? 0.01 : p > 0.99 ? 0.99 : p;
    return (double)stratum->pairs * sqrt(p * (1 - p));
}

static uint64_t least_of(const struct review_stratum *stratum)
{
    return stratum->pairs < REVIEW_LEAST ? stratum->pairs : REVIEW_LEAST;
}

/* One more pair to the stratum that needs it most; false if all are drawn whole. */
static bool draw_one(struct review_stratum strata[REVIEW_STRATA])
{
    double most = -1;
    unsigned found = 0;

    for (unsigned i = 0; i < REVIEW_STRATA; i++) {
        if (strata[i].drawn >= strata[i].pairs)
            continue;

        double need = need_of(&strata[i]) / (double)(strata[i].drawn + 1);

        if (need <= most)
            continue;
        most = need;
        found = i;
    }
    if (most < 0)
        return false;
    strata[found].drawn++;
    return true;
}

void review_allot(struct review_stratum strata[REVIEW_STRATA], uint64_t sample)
{
    /* The doubtful strata first, so that a small sample covers them. */
    static const unsigned order[REVIEW_STRATA] = {4, 3, 5, 2, 6, 1, 7, 0};

    for (unsigned i = 0; i < REVIEW_STRATA; i++)
        strata[i].drawn = 0;
    for (unsigned i = 0; i < REVIEW_STRATA; i++) {
        struct review_stratum *stratum = &strata[order[i]];
        uint64_t least = least_of(stratum);

        stratum->drawn = least < sample ? least : sample;
        sample -= stratum->drawn;
    }
    while (sample && draw_one(strata))
        sample--;
}

/* ---- estimates -------------------------------------------------------------------------- */

struct total { /* of true pairs in some strata */
    bool possible;
    double pairs, right, variance;
};

static struct total total_of(const struct review_stratum strata[REVIEW_STRATA],
                             unsigned from, unsigned to)
{
    struct total total = {.possible = true};

    for (unsigned i = from; i < to; i++) {
        double all = (double)strata[i].pairs, n = (double)strata[i].reviewed;

        if (strata[i].pairs == 0)
            continue;
        if (strata[i].reviewed == 0) {
            total.possible = false;
            continue;
        }

        /* One answer more of either kind, so that answers all alike leave some doubt. */
        double p = ((double)strata[i].right + 1) / (n + 2);
        double unseen = n < all ? 1 - n / all : 0;

        total.pairs += all;
        total.right += all * (double)strata[i].right / n;
        total.variance += all * all * unseen * p * (1 - p) / n;
    }
    return total;
}

static uint32_t millionths(double share)
{
    return share <= 0 ? 0 : share >= 1 ? MILLION : (uint32_t)(share * MILLION + 0.5);
}

static struct review_estimate estimate(bool possible, double value, double variance)
{
    double half = 1.959963984540054 * sqrt(variance);

    if (!possible)
        return (struct review_estimate){0};
    return (struct review_estimate){
        true, millionths(value), {millionths(value - half), millionths(value + half)}
    };
}

struct review_estimate review_precision(
    const struct review_stratum strata[REVIEW_STRATA])
{
    struct total above = total_of(strata, REVIEW_ACCEPTED, REVIEW_STRATA);
    bool possible = above.possible && above.pairs > 0;

    return estimate(possible, above.right / above.pairs,
                    above.variance / (above.pairs * above.pairs));
}

/* A share of two estimates: recall = A / (A + B), by its derivatives in A and B. */
struct review_estimate review_recall(const struct review_stratum strata[REVIEW_STRATA])
{
    struct total above = total_of(strata, REVIEW_ACCEPTED, REVIEW_STRATA);
    struct total below = total_of(strata, 0, REVIEW_ACCEPTED);
    double all = above.right + below.right;
    double by_above = below.right / (all * all), by_below = above.right / (all * all);

    return estimate(above.possible && below.possible && all > 0, above.right / all,
                    by_above * by_above * above.variance +
                        by_below * by_below * below.variance);
}
