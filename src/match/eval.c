/*
 * Precision, recall and F1 in whole numbers, so that two people who evaluate the same
 * files publish the same figures.
 */
#include "match/match.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

__extension__ typedef unsigned __int128 wide;

/* ---- figures of one threshold ------------------------------------------------------ */

static uint32_t ratio(uint64_t part, uint64_t whole)
{
    return whole ? (uint32_t)(((wide)part * MILLION + whole / 2) / whole) : 0;
}

uint32_t quality_precision(const struct quality *quality)
{
    return ratio(quality->right_found, quality->found);
}

uint32_t quality_recall(const struct quality *quality)
{
    return ratio(quality->right_found, quality->truth);
}

uint32_t quality_f1(const struct quality *quality)
{
    return ratio(2 * quality->right_found, quality->found + quality->truth);
}

/* ---- figures of every threshold ------------------------------------------------------ */

static void take(struct quality *quality, const struct scored *scored)
{
    quality->probability = scored->probability;
    quality->found += scored->right + scored->wrong;
    quality->right_found += scored->right;
}

struct quality quality_at(const struct scored *scored, size_t count, uint64_t truth,
                          uint32_t probability)
{
    struct quality quality = {.truth = truth};

    for (size_t i = 0; i < count && scored[i].probability >= probability; i++)
        take(&quality, &scored[i]);
    quality.probability = probability;
    return quality;
}

/* F1 = 2 right / (found + truth): compared as fractions, without rounding. */
static bool better(const struct quality *a, const struct quality *b)
{
    return (wide)a->right_found * (b->found + b->truth) >
           (wide)b->right_found * (a->found + a->truth);
}

struct quality quality_best(const struct scored *scored, size_t count, uint64_t truth)
{
    struct quality quality = {.probability = MILLION, .truth = truth};
    struct quality best = quality;

    for (size_t i = 0; i < count; i++) {
        take(&quality, &scored[i]);
        if (better(&quality, &best))
            best = quality;
    }
    return best;
}

struct quality quality_at_precision(const struct scored *scored, size_t count,
                                    uint64_t truth, uint32_t precision)
{
    struct quality quality = {.probability = MILLION, .truth = truth};
    struct quality most = quality;

    for (size_t i = 0; i < count; i++) {
        take(&quality, &scored[i]);
        if ((wide)quality.right_found * MILLION >= (wide)precision * quality.found)
            most = quality; /* found only grows, so the last is the most */
    }
    return most;
}

void calibrate(const struct scored *scored, size_t count,
               struct calibration bins[CALIBRATION_BINS])
{
    memset(bins, 0, CALIBRATION_BINS * sizeof(*bins));
    for (size_t i = 0; i < count; i++) {
        uint32_t at = scored[i].probability / (MILLION / CALIBRATION_BINS);
        struct calibration *bin =
            &bins[at < CALIBRATION_BINS ? at : CALIBRATION_BINS - 1];
        uint64_t pairs = scored[i].right + scored[i].wrong;

        bin->pairs += pairs;
        bin->right += scored[i].right;
        bin->sum += pairs * scored[i].probability;
    }
}

struct reliability reliability_of(const struct scored *scored, size_t count)
{
    struct calibration bins[CALIBRATION_BINS];
    struct reliability reliability = {0};
    wide squares = 0;
    uint64_t off = 0;

    calibrate(scored, count, bins);
    for (size_t i = 0; i < count; i++) {
        uint64_t p = scored[i].probability, q = MILLION - p;

        squares += (wide)(q * q) * scored[i].right + (wide)(p * p) * scored[i].wrong;
    }
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        uint64_t given = bins[i].sum, observed = bins[i].right * MILLION;
        uint64_t apart = given > observed ? given - observed : observed - given;
        uint32_t each = ratio(apart, bins[i].pairs * MILLION);

        reliability.pairs += bins[i].pairs;
        off += apart;
        if (bins[i].pairs < RELIABLE || each <= reliability.worst)
            continue;
        reliability.worst = each;
        reliability.worst_bin = i;
    }
    if (reliability.pairs == 0)
        return reliability;
    reliability.brier = (uint32_t)(squares / MILLION / reliability.pairs);
    reliability.error = ratio(off, reliability.pairs * MILLION);
    return reliability;
}

struct interval share_interval(uint64_t part, uint64_t whole)
{
    const double z = 1.959963984540054; /* of the normal distribution, 97.5 % */

    if (whole == 0)
        return (struct interval){0, MILLION};

    double n = (double)whole, p = (double)part / n, scale = 1 + z * z / n;
    double middle = (p + z * z / (2 * n)) / scale;
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale;
    double low = part ? middle - half : 0, high = part < whole ? middle + half : 1;

    return (struct interval){(uint32_t)(low * MILLION + 0.5),
                             (uint32_t)(high * MILLION + 0.5)};
}

/* ---- counting pairs -------------------------------------------------------------------- */

/*
 * Open addressing over hashes of pairs; a hash of 0 marks a free place. The value:
 *
 *     bits 0-19   probability in millionths, NOT_FOUND for a true pair not yet found
 *     bit  20     the pair is true
 *     bits 21-31  group
 */
enum {
    PROBABILITY_MASK = (1 << 20) - 1,
    NOT_FOUND = PROBABILITY_MASK,
    TRUE_BIT = 1 << 20,
    GROUP_SHIFT = 21,
    PLACES_FIRST = 1 << 12,
};

struct tally {
    uint64_t *keys;
    uint32_t *values;
    size_t places; /* a power of two */
    size_t used;
    uint64_t truth, found;
    struct truth_of *list; /* of true pairs, if wanted */
    size_t room;
    bool judged;
};

struct truth_of {
    uint64_t pair, left; /* hashes */
};

struct tally *tally_new(void)
{
    struct tally *tally = memory_new(1, sizeof(*tally));

    tally->places = PLACES_FIRST;
    tally->keys = memory_new(tally->places, sizeof(*tally->keys));
    tally->values = memory_new(tally->places, sizeof(*tally->values));
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    free(tally->keys);
    free(tally->values);
    free(tally->list);
    free(tally);
}

static size_t place_of(const struct tally *tally, uint64_t key)
{
    size_t at = key & (tally->places - 1);

    while (tally->keys[at] && tally->keys[at] != key)
        at = (at + 1) & (tally->places - 1);
    return at;
}

static void tally_grow(struct tally *tally)
{
    struct tally old = *tally;

    tally->places *= 2;
    tally->keys = memory_new(tally->places, sizeof(*tally->keys));
    tally->values = memory_new(tally->places, sizeof(*tally->values));
    for (size_t i = 0; i < old.places; i++) {
        if (!old.keys[i])
            continue;
        size_t at = place_of(tally, old.keys[i]);

        tally->keys[at] = old.keys[i];
        tally->values[at] = old.values[i];
    }
    free(old.keys);
    free(old.values);
}

/* The place of a pair, new or not; *fresh tells which. */
static size_t tally_place(struct tally *tally, struct str left, struct str right,
                          bool *fresh)
{
    uint64_t key =
        hash_mix(hash_bytes(left.at, left.len, 1), hash_bytes(right.at, right.len, 2));

    if (tally->used * 10 >= tally->places * 7)
        tally_grow(tally);
    key += key == 0;

    size_t at = place_of(tally, key);

    *fresh = tally->keys[at] == 0;
    tally->keys[at] = key;
    tally->used += *fresh;
    return at;
}

void tally_judged(struct tally *tally)
{
    assert(tally->truth == 0);
    tally->judged = true;
}

static void truth_keep(struct tally *tally, uint64_t pair, struct str left)
{
    if (tally->truth == tally->room) {
        tally->room = tally->room ? tally->room * 2 : PLACES_FIRST;
        tally->list = memory_grow(tally->list, tally->room, sizeof(*tally->list));
    }
    tally->list[tally->truth] =
        (struct truth_of){pair, hash_bytes(left.at, left.len, 1)};
}

void tally_truth(struct tally *tally, struct str left, struct str right, unsigned group)
{
    bool fresh;
    size_t at = tally_place(tally, left, right, &fresh);

    assert(group < TALLY_GROUPS);
    if (!fresh)
        return;
    tally->values[at] = NOT_FOUND | TRUE_BIT | (uint32_t)group << GROUP_SHIFT;
    if (tally->judged)
        truth_keep(tally, tally->keys[at], left);
    tally->truth++;
}

void tally_pair(struct tally *tally, struct str left, struct str right, unsigned group,
                uint32_t probability)
{
    bool fresh;
    size_t at = tally_place(tally, left, right, &fresh);
    uint32_t value = tally->values[at];
    uint32_t before = value & PROBABILITY_MASK;

    assert(group < TALLY_GROUPS && probability <= MILLION);
    if (fresh) {
        value = (uint32_t)group << GROUP_SHIFT;
        before = NOT_FOUND;
    }
    tally->found += before == NOT_FOUND;
    if (before == NOT_FOUND || before < probability)
        before = probability;
    tally->values[at] = (value & ~(uint32_t)PROBABILITY_MASK) | before;
}

uint64_t tally_true_pairs(const struct tally *tally)
{
    return tally->truth;
}

uint64_t tally_found_pairs(const struct tally *tally)
{
    return tally->found;
}

size_t tally_scored(const struct tally *tally, struct scored **result)
{
    struct scored *scored = memory_new(MILLION + 1, sizeof(*scored));
    size_t count = 0;

    for (size_t i = 0; i < tally->places; i++) {
        uint32_t probability = tally->values[i] & PROBABILITY_MASK;

        if (!tally->keys[i] || probability == NOT_FOUND)
            continue;
        if (tally->values[i] & TRUE_BIT)
            scored[MILLION - probability].right++;
        else
            scored[MILLION - probability].wrong++;
    }
    for (uint32_t i = 0; i <= MILLION; i++) {
        if (scored[i].right + scored[i].wrong == 0)
            continue;
        scored[count] = scored[i];
        scored[count++].probability = MILLION - i;
    }
    *result = memory_grow(scored, count, sizeof(*scored));
    return count;
}

void tally_groups(const struct tally *tally, uint32_t probability,
                  struct quality quality[], size_t groups)
{
    for (size_t i = 0; i < groups; i++)
        quality[i] = (struct quality){.probability = probability};
    for (size_t i = 0; i < tally->places; i++) {
        uint32_t value = tally->values[i], given = value & PROBABILITY_MASK;
        size_t group = value >> GROUP_SHIFT;
        bool found = given != NOT_FOUND && given >= probability;

        if (!tally->keys[i] || group >= groups)
            continue;
        quality[group].truth += (value & TRUE_BIT) != 0;
        quality[group].found += found;
        quality[group].right_found += found && (value & TRUE_BIT);
    }
}

size_t tally_judge(const struct tally *tally, uint32_t probability,
                   struct judged **list)
{
    assert(tally->judged);
    *list = memory_new(tally->truth + 1, sizeof(**list));
    for (uint64_t i = 0; i < tally->truth; i++) {
        uint32_t value = tally->values[place_of(tally, tally->list[i].pair)];
        uint32_t given = value & PROBABILITY_MASK;

        (*list)[i] = (struct judged){
            .left = tally->list[i].left,
            .group = value >> GROUP_SHIFT,
            .found = given != NOT_FOUND && given >= probability,
        };
    }
    return tally->truth;
}
