/*
 * The share of mentions that concern anybody on the left, fitted to scores.
 *
 * A mention concerns one person at most. With share s and n people, the odds of "person i"
 * against "nobody" are s / (1 - s) x L(i) / n, L being 2^(bits of evidence): so of a mention
 * only R = sum of L(i) / n matters, and it concerns somebody with probability
 * s R / (1 - s + s R). The mean of these over all mentions is the next s, until it stays
 * (expectation maximisation with the weights held fixed; Dempster, Laird & Rubin 1977).
 * Mentions are counted by log2 R, to a sixteenth of a bit: the order in which they come,
 * and so the number of threads, does not matter. All arithmetic is whole numbers.
 */
#include "match/inner.h"

#include <stdlib.h>

enum {
    BINS_A_BIT = 16,
    BIN_BITS = BITS_ONE / BINS_A_BIT,
    BINS_BELOW = 64 * BINS_A_BIT, /* of log2 R below 0 */
    BINS = 2 * BINS_BELOW + 1,
    ROUNDS = 500,
    SHARE_WIDTH = 16, /* times the share assumed, either way */
    SHARE_MOST = 990000
};

struct share_fit {
    uint32_t assumed; /* millionths */
    int32_t log_assumed;
    uint64_t mentions; /* with pairs or without */
    uint64_t count[BINS];
};

struct share_fit *share_fit_new(uint32_t assumed)
{
    struct share_fit *fit = memory_new(1, sizeof(*fit));

    fit->assumed = assumed;
    fit->log_assumed = bits_log2(assumed, 1000000);
    return fit;
}

void share_fit_free(struct share_fit *fit)
{
    free(fit);
}

/* log2(2^a + 2^b) */
static int32_t add_logs(int32_t a, int32_t b)
{
    int32_t more = larger(a, b), less = a < b ? a : b;

    return more + bits_log2(1000000, bits_probability(more - less));
}

int32_t share_sum(const struct hit *hits, size_t count)
{
    int32_t sum = hits[0].score;

    for (size_t i = 1; i < count; i++)
        sum = add_logs(sum, hits[i].score);
    return sum;
}

/* A score's odds hold the share assumed: s L / n. */
void share_fit_add(struct share_fit *fit, int32_t sum)
{
    int32_t log_r = sum - fit->log_assumed;
    int32_t bin =
        (log_r + BINS_BELOW * BIN_BITS + BIN_BITS / 2) / BIN_BITS; /* to the nearest */

    fit->count[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1]++;
}

void share_fit_mentions(struct share_fit *fit, uint64_t count)
{
    fit->mentions += count;
}

uint32_t share_concerns(uint32_t share, int32_t sum)
{
    /* the sum holds s as odds of s to 1; odds of s to 1 - s are wanted */
    return bits_probability(sum + bits_log2(1000000, 1000000 - share));
}

/* Mentions expected to concern somebody, millionths of one. */
static uint64_t concerned(const struct share_fit *fit, uint32_t share)
{
    int32_t odds = bits_odds(share);
    uint64_t sum = 0;

    for (int32_t bin = 0; bin < BINS; bin++)
        if (fit->count[bin])
            sum += fit->count[bin] *
                   bits_probability((bin - BINS_BELOW) * BIN_BITS + odds);
    return sum;
}

/* Within sixteen times the share assumed, and on its side of the line between a stream of
 * strangers and two registers of much the same people, who are weighed differently. */
static uint32_t within(const struct share_fit *fit, uint64_t share)
{
    bool strangers = fit->assumed <= SHARE_OF_STRANGERS;
    uint64_t most = (uint64_t)fit->assumed * SHARE_WIDTH;
    uint64_t least = fit->assumed / SHARE_WIDTH;
    uint64_t line = strangers ? SHARE_OF_STRANGERS : SHARE_MOST;

    most = most < line ? most : line;
    least = strangers || least > SHARE_OF_STRANGERS ? least : SHARE_OF_STRANGERS + 1;
    least = least ? least : 1;
    share = share < most ? share : most;
    return (uint32_t)(share > least ? share : least);
}

/* Few are too few to go by, unless there should have been many: then the share assumed is
 * known to be too high, whatever the right one is. */
static bool many_expected(const struct share_fit *fit)
{
    return fit->mentions >=
           10 * SHARE_FIT_LEAST * UINT64_C(1000000) / (fit->assumed ? fit->assumed : 1);
}

bool share_fit_solve(const struct share_fit *fit, uint32_t *share)
{
    uint32_t now = fit->assumed;

    if (fit->mentions == 0)
        return false;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t next =
            within(fit, (concerned(fit, now) + fit->mentions / 2) / fit->mentions);

        if (next == now)
            break;
        now = next;
    }
    if (concerned(fit, now) < SHARE_FIT_LEAST * UINT64_C(1000000) &&
        !many_expected(fit))
        return false;
    *share = now;
    return true;
}
