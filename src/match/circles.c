/*
 * Circles: names that go together more often than chance.
 *
 * Adding the bits of a surname to those of a forename supposes that one says nothing
 * about the other. It does: whoever is called NGUYEN is called THI far more often than
 * others are, so that two people of that full name are worth less than the sum. Full
 * names themselves are too rare to be counted. So names are put into circles, groups
 * within which surnames and forenames go together as if by chance, and
 *
 *     P(s, f) / (P(s) P(f)) = sum over circles z of P(z|s) P(z|f) / P(z)
 *
 * which is the latent class model of Hofmann (1999), "Probabilistic latent semantic
 * indexing", SIGIR 22, on counts of full names of both sides. It starts from the surname
 * whose forenames are the least like everybody's, then the least like those of the
 * circles so far. A circle has no name and no meaning, is made anew for every run, and is
 * never kept with a person: it can only take from a score what two names say twice.
 *
 * Circles differ in their dates of birth, too. Where a day was not known, 1 January was put
 * down, for some so often that it says next to nothing. So how common that day is goes by
 * the circles of a person's names.
 *
 * All arithmetic is of integers: the same counts give the same bits everywhere.
 */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 6, /* of the estimate; ten move no pair of the sample by half a bit */
    BEARERS_LEAST = 30,    /* of the surname a circle starts from */
    BEARERS_SHARE = 5000,  /* and one in so many of all full names */
    GAIN_LEAST = BITS_ONE, /* bits a bearer by which its forenames differ */
    STEADY = 16,           /* bearers of everybody's forenames, added to a start */
    WEIGHT = 4,            /* bearers of everybody's circles, added to each name */
    SHARE_BITS = 16,       /* P(z|name) is of 2^16 */
    YEARS_WEIGHT = 500,    /* dates of everybody's, added to each circle's */
    YEAR_BITS = 24,        /* P(1 January) is of 2^24 */
    RARE_BITS = 13,        /* a circle holds at least one full name in 2^13 */
    ONE_OVER_BITS = 12,    /* 1 / P(z) is of 2^12 */
};

struct full_name {
    uint32_t surname, forename, count;
    uint32_t dated, new_year; /* with a date of birth; with 1 January */
};

struct circles {
    struct full_name *list; /* of a hash table; count 0: free. Until settled. */
    uint32_t mask, used;
    bool settled;
    unsigned circle_count;
    uint64_t one_over[CIRCLES];    /* 1 / P(z) */
    uint16_t (*surname)[CIRCLES];  /* P(z|s) */
    uint16_t (*forename)[CIRCLES]; /* P(z|f) */
    uint64_t new_year[CIRCLES];    /* P(1 January|z), of 2^24 */
    uint64_t new_year_all;         /* P(1 January), of 2^24 */
};

struct circles *circles_new(void)
{
    struct circles *circles = memory_new(1, sizeof(*circles));

    circles->mask = 4095;
    circles->list = memory_new(circles->mask + 1, sizeof(*circles->list));
    return circles;
}

void circles_free(struct circles *circles)
{
    if (!circles)
        return;
    free(circles->list);
    free(circles->surname);
    free(circles->forename);
    free(circles);
}

/* ---- counting ------------------------------------------------------------------------ */

static struct full_name *place_of(const struct circles *circles, uint32_t surname,
                                  uint32_t forename)
{
    uint64_t at = key_hash(0, surname, forename, 0);

    for (;; at++) {
        struct full_name *name = &circles->list[at & circles->mask];

        if (!name->count || (name->surname == surname && name->forename == forename))
            return name;
    }
}

static void grow(struct circles *circles)
{
    struct full_name *old = circles->list;
    uint32_t size = circles->mask + 1;

    circles->mask = size * 2 - 1;
    circles->list = memory_new(circles->mask + 1, sizeof(*circles->list));
    for (uint32_t i = 0; i < size; i++)
        if (old[i].count)
            *place_of(circles, old[i].surname, old[i].forename) = old[i];
    free(old);
}

void circles_count(struct circles *circles, uint32_t surname, uint32_t forename,
                   uint32_t born)
{
    struct full_name *name = place_of(circles, surname, forename);
    bool known = name->count > 0;

    name->surname = surname;
    name->forename = forename;
    name->count++;
    name->dated += born_full(born);
    name->new_year += born_new_year(born);
    if (known)
        return;
    if (++circles->used > circles->mask / 4 * 3)
        grow(circles);
}

/* ---- the full names in order of surname ------------------------------------------------ */

struct names_counted {
    struct full_name *list;
    uint32_t count;
    uint32_t *from; /* of each surname in list; one more: the end */
    uint32_t surnames, forenames;
    uint64_t *surname_total, *forename_total, total;
};

static void counted_of(const struct circles *circles, uint32_t surnames,
                       uint32_t forenames, struct names_counted *counted)
{
    uint32_t *next = memory_new(surnames + 1, sizeof(*next));

    *counted = (struct names_counted){
        .list = memory_new(circles->used + 1, sizeof(*counted->list)),
        .count = circles->used,
        .from = memory_new(surnames + 1, sizeof(*counted->from)),
        .surnames = surnames,
        .forenames = forenames,
        .surname_total = memory_new(surnames + 1, sizeof(*counted->surname_total)),
        .forename_total = memory_new(forenames + 1, sizeof(*counted->forename_total)),
    };
    for (uint32_t i = 0; i <= circles->mask; i++)
        if (circles->list[i].count)
            counted->from[circles->list[i].surname + 1]++;
    for (uint32_t s = 0; s < surnames; s++)
        counted->from[s + 1] += counted->from[s];
    memcpy(next, counted->from, (surnames + 1) * sizeof(*next));
    for (uint32_t i = 0; i <= circles->mask; i++) {
        const struct full_name *name = &circles->list[i];

        if (!name->count)
            continue;
        counted->list[next[name->surname]++] = *name;
        counted->surname_total[name->surname] += name->count;
        counted->forename_total[name->forename] += name->count;
        counted->total += name->count;
    }
    free(next);
}

static void counted_free(struct names_counted *counted)
{
    free(counted->list);
    free(counted->from);
    free(counted->surname_total);
    free(counted->forename_total);
}

/* ---- where circles start --------------------------------------------------------------- */

struct seeds {
    int32_t *log_forename; /* log2 of its share: the first circle is everybody */
    int64_t *gain; /* of each surname: bits that a circle of its own would save */
    uint32_t seed[CIRCLES];
    unsigned count; /* circles, the first among them, which has no seed */
};

/* The bits a surname's forenames cost as those of a circle, above what they cost by
 * themselves. Each full name counts once less: met once it shows nothing. */
static int64_t gain_over(const struct names_counted *counted, uint32_t surname,
                         const int32_t *log_of)
{
    uint64_t bearers = counted->surname_total[surname];
    int64_t gain = 0;

    for (uint32_t i = counted->from[surname]; i < counted->from[surname + 1]; i++) {
        const struct full_name *name = &counted->list[i];

        if (name->count > 1)
            gain += (int64_t)(name->count - 1) *
                    (bits_log2(name->count, bearers) - log_of[name->forename]);
    }
    return gain;
}

/* Surnames too rare to start a circle have no gain. */
static bool may_seed(const struct names_counted *counted, uint32_t surname)
{
    uint64_t bearers = counted->surname_total[surname];

    return bearers >= BEARERS_LEAST && bearers >= counted->total / BEARERS_SHARE;
}

static void seeds_weigh(const struct names_counted *counted, const int32_t *log_of,
                        struct seeds *seeds)
{
    for (uint32_t s = 0; s < counted->surnames; s++) {
        if (!may_seed(counted, s))
            continue;
        int64_t gain = gain_over(counted, s, log_of);

        if (gain < seeds->gain[s])
            seeds->gain[s] = gain;
    }
}

/* log2 of each forename's share within the circle that starts from a surname. */
static void seed_logs(const struct names_counted *counted, const struct seeds *seeds,
                      uint32_t seed, int32_t *log_of)
{
    uint64_t bearers = counted->surname_total[seed];
    int32_t less = bits_log2(STEADY, bearers + STEADY);

    for (uint32_t f = 0; f < counted->forenames; f++)
        log_of[f] = seeds->log_forename[f] + less;
    for (uint32_t i = counted->from[seed]; i < counted->from[seed + 1]; i++) {
        const struct full_name *name = &counted->list[i];

        log_of[name->forename] =
            bits_log2(name->count * counted->total +
                          STEADY * counted->forename_total[name->forename],
                      (bearers + STEADY) * counted->total);
    }
}

static bool seeds_next(const struct names_counted *counted, struct seeds *seeds)
{
    int64_t best = 0;
    uint32_t seed = 0;

    for (uint32_t s = 0; s < counted->surnames; s++)
        if (may_seed(counted, s) && seeds->gain[s] > best &&
            seeds->gain[s] >= (int64_t)counted->surname_total[s] * GAIN_LEAST) {
            best = seeds->gain[s];
            seed = s;
        }
    if (!best)
        return false;
    seeds->seed[seeds->count++] = seed;
    return true;
}

static void seeds_find(const struct names_counted *counted, struct seeds *seeds)
{
    int32_t *log_of = memory_new(counted->forenames + 1, sizeof(*log_of));

    *seeds = (struct seeds){
        .log_forename = memory_new(counted->forenames + 1, sizeof(int32_t)),
        .gain = memory_new(counted->surnames + 1, sizeof(int64_t)),
        .count = 1,
    };
    for (uint32_t f = 0; f < counted->forenames; f++)
        if (counted->forename_total[f])
            seeds->log_forename[f] =
                bits_log2(counted->forename_total[f], counted->total);
    for (uint32_t s = 0; s < counted->surnames; s++)
        seeds->gain[s] = INT64_MAX;
    seeds_weigh(counted, seeds->log_forename, seeds);
    while (seeds->count < CIRCLES && seeds_next(counted, seeds)) {
        seed_logs(counted, seeds, seeds->seed[seeds->count - 1], log_of);
        seeds_weigh(counted, log_of, seeds);
    }
    free(log_of);
}

static void seeds_free(struct seeds *seeds)
{
    free(seeds->log_forename);
    free(seeds->gain);
}

/* ---- the estimate ------------------------------------------------------------------------ */

typedef uint64_t sums[CIRCLES]; /* of bearers in each circle, times 2^SHARE_BITS */

struct estimate {
    sums *surname, *forename, all;
};

/* P(z|name) from its sums, steadied by everybody's; P(z) of everybody is all[z] / total. */
static void shares_from(const struct estimate *estimate, uint64_t everybody,
                        const uint64_t sum[CIRCLES], uint64_t bearers,
                        uint16_t share[CIRCLES])
{
    for (unsigned z = 0; z < CIRCLES; z++) {
        uint64_t of_all = estimate->all[z] / (everybody ? everybody : 1);
        uint64_t s = (sum[z] + WEIGHT * of_all) / (bearers + WEIGHT);

        share[z] = (uint16_t)(s < UINT16_MAX ? s : UINT16_MAX);
    }
}

static void take_shares(struct circles *circles, const struct names_counted *counted,
                        const struct estimate *estimate)
{
    for (uint32_t s = 0; s < counted->surnames; s++)
        shares_from(estimate, counted->total, estimate->surname[s],
                    counted->surname_total[s], circles->surname[s]);
    for (uint32_t f = 0; f < counted->forenames; f++)
        shares_from(estimate, counted->total, estimate->forename[f],
                    counted->forename_total[f], circles->forename[f]);
    for (unsigned z = 0; z < CIRCLES; z++) {
        uint64_t of_all = estimate->all[z] >> (SHARE_BITS - RARE_BITS);

        /* all[z] / 2^16 names of total: fewer than one in 2^13 is no circle */
        circles->one_over[z] =
            of_all > counted->total
                ? (counted->total << (SHARE_BITS + ONE_OVER_BITS)) / estimate->all[z]
                : 0;
    }
}

/* Adds the bearers of a full name to the circles that explain it, each its part. */
static void add_parts(struct estimate *estimate, const struct full_name *name,
                      const uint64_t part[CIRCLES], uint64_t sum)
{
    for (unsigned z = 0; z < CIRCLES; z++) {
        if (part[z] <= sum >> SHARE_BITS)
            continue;
        uint64_t bearers = name->count * ((part[z] << SHARE_BITS) / sum);

        estimate->surname[name->surname][z] += bearers;
        estimate->forename[name->forename][z] += bearers;
        estimate->all[z] += bearers;
    }
}

static void estimate_clear(const struct names_counted *counted,
                           struct estimate *estimate)
{
    memset(estimate->surname, 0, counted->surnames * sizeof(*estimate->surname));
    memset(estimate->forename, 0, counted->forenames * sizeof(*estimate->forename));
    memset(estimate->all, 0, sizeof(estimate->all));
}

/* Each seed's forenames in its circle, everything else in the first. */
static void estimate_start(struct circles *circles, const struct names_counted *counted,
                           const struct seeds *seeds, struct estimate *estimate)
{
    sums *own = memory_new(counted->forenames + 1, sizeof(*own));

    for (unsigned z = 1; z < seeds->count; z++)
        for (uint32_t i = counted->from[seeds->seed[z]];
             i < counted->from[seeds->seed[z] + 1]; i++)
            own[counted->list[i].forename][z] = counted->list[i].count;
    estimate_clear(counted, estimate);
    for (uint32_t i = 0; i < counted->count; i++) {
        const struct full_name *name = &counted->list[i];
        const uint64_t *with = own[name->forename];
        uint64_t part[CIRCLES] = {0}, sum = 0,
                 rest = counted->forename_total[name->forename];

        /* seeds are few among a circle's bearers, so theirs count for more */
        for (unsigned z = 1; z < seeds->count; z++) {
            part[z] = with[z] * STEADY;
            sum += part[z];
            rest -= with[z] < rest ? with[z] : rest;
        }
        part[0] = rest;
        sum += rest;
        add_parts(estimate, name, part, sum ? sum : 1);
    }
    take_shares(circles, counted, estimate);
    free(own);
}

static void estimate_round(struct circles *circles, const struct names_counted *counted,
                           struct estimate *estimate)
{
    estimate_clear(counted, estimate);
    for (uint32_t i = 0; i < counted->count; i++) {
        const struct full_name *name = &counted->list[i];
        const uint16_t *s = circles->surname[name->surname],
                       *f = circles->forename[name->forename];
        uint64_t part[CIRCLES], sum = 0;

        for (unsigned z = 0; z < CIRCLES; z++) {
            part[z] = (s[z] * (f[z] * circles->one_over[z])) >> RARE_BITS;
            sum += part[z];
        }
        if (sum)
            add_parts(estimate, name, part, sum);
    }
    take_shares(circles, counted, estimate);
}

/* ---- 1 January ----------------------------------------------------------------------------- */

/* How far each circle explains a full name, of 2^SHARE_BITS; false if none does. */
static bool parts_of(const struct circles *circles, uint32_t surname, uint32_t forename,
                     uint64_t part[CIRCLES])
{
    const uint16_t *s = circles->surname[surname], *f = circles->forename[forename];
    uint64_t sum = 0;

    for (unsigned z = 0; z < CIRCLES; z++) {
        part[z] = (s[z] * (f[z] * circles->one_over[z])) >> RARE_BITS;
        sum += part[z];
    }
    for (unsigned z = 0; z < CIRCLES && sum; z++)
        part[z] = (part[z] << SHARE_BITS) / sum;
    return sum > 0;
}

static void new_years_count(struct circles *circles,
                            const struct names_counted *counted)
{
    uint64_t dated[CIRCLES] = {0}, new_year[CIRCLES] = {0}, all = 0, all_new_year = 0;

    for (uint32_t i = 0; i < counted->count; i++) {
        const struct full_name *name = &counted->list[i];
        uint64_t part[CIRCLES];

        all += name->dated;
        all_new_year += name->new_year;
        if (!name->dated || !parts_of(circles, name->surname, name->forename, part))
            continue;
        for (unsigned z = 0; z < CIRCLES; z++) {
            dated[z] += name->dated * part[z];
            new_year[z] += name->new_year * part[z];
        }
    }
    circles->new_year_all = all ? (all_new_year << YEAR_BITS) / all : 0;
    for (unsigned z = 0; z < CIRCLES; z++)
        circles->new_year[z] = ((new_year[z] >> SHARE_BITS << YEAR_BITS) +
                                YEARS_WEIGHT * circles->new_year_all) /
                               ((dated[z] >> SHARE_BITS) + YEARS_WEIGHT);
}

int32_t circles_new_year(const struct circles *circles, uint32_t surname,
                         uint32_t forename)
{
    uint64_t part[CIRCLES], sum = 0;

    if (!circles->surname || !circles->new_year_all ||
        !parts_of(circles, surname, forename, part))
        return 0;
    for (unsigned z = 0; z < CIRCLES; z++)
        sum += (part[z] * circles->new_year[z]) >> SHARE_BITS;
    return sum > circles->new_year_all ? bits_log2(sum, circles->new_year_all) : 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

void circles_settle(struct circles *circles, uint32_t surnames, uint32_t forenames)
{
    struct names_counted counted;
    struct seeds seeds;

    counted_of(circles, surnames, forenames, &counted);
    free(circles->list);
    circles->list = NULL;
    seeds_find(&counted, &seeds);
    circles->circle_count = seeds.count;
    if (seeds.count > 1) {
        struct estimate estimate = {
            .surname = memory_new(surnames + 1, sizeof(sums)),
            .forename = memory_new(forenames + 1, sizeof(sums)),
        };

        circles->surname = memory_new(surnames + 1, sizeof(*circles->surname));
        circles->forename = memory_new(forenames + 1, sizeof(*circles->forename));
        estimate_start(circles, &counted, &seeds, &estimate);
        for (int round = 0; round < ROUNDS; round++)
            estimate_round(circles, &counted, &estimate);
        new_years_count(circles, &counted);
        free(estimate.surname);
        free(estimate.forename);
    }
    seeds_free(&seeds);
    counted_free(&counted);
    circles->settled = true;
}

int32_t circles_log(const struct circles *circles, uint32_t surname, uint32_t forename)
{
    uint64_t sum = 0;

    if (!circles->surname)
        return 0;
    for (unsigned z = 0; z < CIRCLES; z++)
        sum += ((uint64_t)circles->surname[surname][z] *
                circles->forename[forename][z] * circles->one_over[z]) >>
               ONE_OVER_BITS;

    const uint64_t one = UINT64_C(1) << (2 * SHARE_BITS);

    return sum > one ? bits_log2(sum, one) : 0;
}
