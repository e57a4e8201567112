#include "sample/record.h"

enum { TODAY = 20454 };

const char *const role_names[ROLE_COUNT] = {
    [ROLE_SUSPECT] = "suspect",
    [ROLE_ARRESTED] = "arrested",
    [ROLE_CHARGED] = "charged",
    [ROLE_OFFENDER] = "offender",
    [ROLE_SUBJECT] = "subject of intelligence",
    [ROLE_ASSOCIATE] = "associate",
    [ROLE_VICTIM] = "victim",
    [ROLE_WITNESS] = "witness",
    [ROLE_REPORTING] = "reporting person",
    [ROLE_KEEPER] = "keeper",
    [ROLE_OFFICER] = "officer in case",
};

static const uint16_t tier_weights[TIER_COUNT] = {15, 45, 30, 10}; /* of 100 */

/* Where a mention of each tier comes from: system and kind of record, weights of 100. */
static const struct source {
    const char *system, *type;
    uint16_t weight;
} sources[TIER_COUNT][4] = {
    [TIER_A] = {{"custody", "custody record", 80},
                {"custody", "fingerprint confirmation", 20}  },
    [TIER_B] = {{"crime", "crime report", 62},
                {"domestic abuse", "DA incident", 24},
                {"child protection", "referral", 14}},
    [TIER_C] = {{"intelligence", "intelligence report", 58},
                {"stop search", "stop and search", 24},
                {"missing", "missing person", 10},
                {"child protection", "partner report", 8}},
    [TIER_D] = {{"intelligence", "legacy card", 60}, {"crime", "scanned report", 40}    },
};

static const struct source statement = {"crime", "verified statement", 100};

/* exp(0.5 z) at 16 even quantiles of the normal curve, cut at 2.2 and with mean 1: how
 * carefully a clerk writes, in 1/1000. */
static const uint16_t clerk_factors[16] = {350,  454,  537,  613,  688,  765,
                                           846,  933,  991,  1043, 1098, 1206,
                                           1336, 1502, 1705, 1933};

/* How far the factor departs from 1 in each tier, of 100: the worst tier errs so often
 * already that it cannot err twice as often. */
static const uint16_t tier_spread[TIER_COUNT] = {100, 100, 70, 35};

/* 1995 x 1.6, 2005 x 1.2, 2015 x 1.0, 2025 x 0.9 */
static uint32_t year_factor(int year)
{
    if (year < 2005)
        return (uint32_t)(1600 - 40 * (year < 1995 ? 0 : year - 1995));
    return (uint32_t)(year < 2015 ? 1200 - 20 * (year - 2005)
                                  : 1000 - 10 * (year - 2015));
}

/* What year_factor comes to on average, for tiers A to C and D. */
enum { MEAN_RECENT = 1029, MEAN_LEGACY = 1310, MEAN_FORCE = 1150 };

static uint32_t factor_draw(const struct world *world, const struct record *record,
                            struct draw *draw)
{
    struct draw force = draw_from(world->seed, STREAM_FORCE, record->force);
    uint64_t factor = clerk_factors[draw_below(draw, 16)];

    factor = factor * year_factor(ymd_of(record->event).year) /
             (record->tier == TIER_D ? MEAN_LEGACY : MEAN_RECENT);
    factor = factor * (700 + draw_below(&force, 901)) / MEAN_FORCE;
    int64_t spread = ((int64_t)factor - 1000) * tier_spread[record->tier] / 100;

    return (uint32_t)(1000 + (spread > 1200 ? 1200 : spread));
}

/* Recent years are fuller: weight of a year grows linearly from 1996. */
static int32_t event_draw(enum tier tier, bool old, struct draw *draw)
{
    if (tier == TIER_D)
        return day_of(1995, 1, 1) + (int32_t)draw_below(draw, 15 * 365);
    if (old)
        return day_of(1996, 1, 1) + (int32_t)draw_below(draw, 15 * 365);
    uint32_t a = draw_below(draw, 30 * 365), b = draw_below(draw, 30 * 365);

    return day_of(1996, 1, 1) + (int32_t)(a > b ? a : b);
}

void record_make(const struct world *world, uint64_t entity, uint64_t root,
                 unsigned home_force, bool adverse, bool old, int32_t not_before,
                 struct record *record)
{
    struct draw stable =
        draw_from(world->seed, STREAM_RECORD, root | (uint64_t)1 << 62);
    struct draw draw = draw_from(world->seed, STREAM_RECORD, entity);

    record->entity = entity;
    record->tier = (enum tier)draw_weighted(&stable, tier_weights, TIER_COUNT, 100);
    record->force = (uint8_t)home_force;
    if (draw_below(&stable, 100) < 15)
        record->force = (uint8_t)force_draw(world->places.by_population, &stable);
    const struct source *source = sources[record->tier];
    uint32_t u = draw_below(&draw, 100);

    while (u >= source->weight)
        u -= (source++)->weight;
    if (!adverse &&
        record->tier == TIER_A) /* a statement taken with proof of identity */
        source = &statement;
    record->system = source->system;
    record->type = source->type;
    record->event = event_draw(record->tier, old, &draw);
    if (record->event < not_before)
        record->event = not_before + (int32_t)draw_below(&draw, 700);
    if (record->event > TODAY - 2)
        record->event = TODAY - 2 - (int32_t)draw_below(&draw, 60);
    record->recorded = record->event + (int32_t)draw_wait(&draw, 4);
    if (record->recorded >= TODAY)
        record->recorded = TODAY - 1;
    record->factor = factor_draw(world, record, &draw);
}
