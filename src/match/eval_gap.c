/*
 * How far groups are apart, and how far chance alone would put them.
 *
 * The records of one person are found or lost together, so the error of a group's recall
 * is that of a ratio of sums over people (Cochran 1977, Sampling Techniques, 6.4):
 *
 *     recall = sum of found / sum of true      error^2 = sum (found - recall x true)^2 / (sum of true)^2
 */
#include "match/match.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static int by_group_then_left(const void *a, const void *b)
{
    const struct judged *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->left < y->left ? -1 : x->left > y->left;
}

/* Squares of what each person is off by, of one group's pairs. */
static struct group_recall recall_of(const struct judged *list, size_t count)
{
    struct group_recall result = {.pairs = count};
    uint64_t found = 0;
    double squares = 0;

    for (size_t i = 0; i < count; i++)
        found += list[i].found;
    result.recall = (double)found / (double)count;
    for (size_t i = 0, end; i < count; i = end) {
        uint64_t own = 0;

        for (end = i; end < count && list[end].left == list[i].left; end++)
            own += list[end].found;

        double off = (double)own - result.recall * (double)(end - i);

        squares += off * off;
        result.people++;
    }
    result.error = sqrt(squares) / (double)count;
    if (found == 0 ||
        found == count) { /* as if one more had been found, and one lost */
        double share = ((double)found + 1) / ((double)count + 2);

        result.error = sqrt(share * (1 - share) / (double)(result.people + 2));
    }
    return result;
}

void group_recalls(struct judged *list, size_t count, struct group_recall recall[],
                   size_t groups)
{
    for (size_t i = 0; i < groups; i++)
        recall[i] = (struct group_recall){0};
    if (count)
        qsort(list, count, sizeof(*list), by_group_then_left);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && list[end].group == list[i].group;)
            end++;
        assert(list[i].group < groups);
        recall[list[i].group] = recall_of(list + i, end - i);
    }
}

/* ---- the gap -------------------------------------------------------------------------- */

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/*
 * The mean of largest less smallest of independent normal values around one mean, each with
 * its own error: the integral over x of 1 - product F(x) - product (1 - F(x)).
 */
static double range_by_chance(const struct group_recall *groups, size_t count)
{
    enum { STEPS = 4000, WIDE = 8 /* of the largest error */ };
    double largest = 0, sum = 0;

    for (size_t i = 0; i < count; i++)
        largest = groups[i].error > largest ? groups[i].error : largest;

    double step = 2 * WIDE * largest / STEPS;

    for (int k = 0; k < STEPS && largest > 0; k++) {
        double x = (k + 0.5) * step - WIDE * largest, below = 1, above = 1;

        for (size_t i = 0; i < count; i++) {
            double f = normal_below(x / groups[i].error);

            below *= f;
            above *= 1 - f;
        }
        sum += (1 - below - above) * step;
    }
    return sum;
}

/* Standard deviation between the groups beyond their errors. */
static double unexplained(const struct group_recall *groups, size_t count)
{
    double weights = 0, mean = 0, excess = 0;

    for (size_t i = 0; i < count; i++) {
        double weight = 1 / (groups[i].error * groups[i].error + 1e-6);

        weights += weight;
        mean += weight * groups[i].recall;
    }
    mean /= weights;
    for (size_t i = 0; i < count; i++) {
        double off = groups[i].recall - mean;

        excess += off * off - groups[i].error * groups[i].error;
    }
    return excess > 0 ? sqrt(excess / (double)count) : 0;
}

struct recall_gap recall_gap(const struct group_recall *groups, size_t count)
{
    struct recall_gap gap = {0};

    if (count < 2)
        return gap;

    double least = (double)INFINITY, most = -least;

    for (size_t i = 0; i < count; i++) {
        least = groups[i].recall < least ? groups[i].recall : least;
        most = groups[i].recall > most ? groups[i].recall : most;
    }
    gap.points = most - least;
    gap.by_chance = range_by_chance(groups, count);
    gap.unexplained = unexplained(groups, count);
    return gap;
}

/* ---- rates of false hits ----------------------------------------------------------------- */

struct rate rate_interval(uint64_t events, uint64_t members)
{
    const double z = 1.959964, n = (double)events, of = (double)members;
    struct rate rate = {0};

    if (members == 0)
        return rate;

    double low = n > 0 ? 1 - 1 / (9 * n) - z / (3 * sqrt(n)) : 0;
    double high = 1 - 1 / (9 * (n + 1)) + z / (3 * sqrt(n + 1));

    rate.per_1000 = n * 1000 / of;
    rate.low = low > 0 ? n * low * low * low * 1000 / of : 0;
    rate.high = (n + 1) * high * high * high * 1000 / of;
    return rate;
}
