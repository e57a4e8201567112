#include "sample/crowd.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK = 8, HEAVY_STEPS = 150 };

/* more[k]: chance of more than k + 1 mentions when the mean is 1 + extra / 1000. */
static void geometric(uint32_t extra, uint32_t more[], size_t steps)
{
    uint64_t q = ((uint64_t)extra << 32) / (1000 + extra), power = q;

    for (size_t k = 0; k < steps; k++) {
        more[k] = (uint32_t)power;
        power = power * q >> 32;
    }
    more[steps - 1] = 0;
}

static uint32_t count_draw(struct draw *draw, const uint32_t more[])
{
    uint32_t u = (uint32_t)(draw_bits(draw) >> 32), count = 1;

    while (u < more[count - 1])
        count++;
    return count;
}

/* Means of the specification: 2.9 for most, 7 with a tail to 150 for the adverse. */
static uint32_t count_of(const struct crowd *crowd, uint64_t number)
{
    const struct world *world = crowd->world;
    struct draw draw = draw_from(world->seed, STREAM_COUNT, number);
    struct tie tie;

    if (number >= world->background)
        return count_draw(&draw, crowd->background);
    if (number >= world->members) {
        if (!planted_tie(world, number, &tie))
            return 0;
        return tie.kind == PLANT_IMPERSONATION ? 1 : count_draw(&draw, crowd->common);
    }
    enum presence class = member_class(world, number);

    if (class == T0)
        return 0;
    if (class < T4)
        return count_draw(&draw, crowd->common);
    return count_draw(&draw,
                      draw_below(&draw, 100) < 10 ? crowd->heavy : crowd->active);
}

static void blocks_fill(struct crowd *crowd)
{
    uint64_t room = 0, sum = 0, number = 0;

    while (sum < crowd->mentions) {
        if (crowd->blocks + 2 > room) {
            room = room * 2 + 1024;
            crowd->before = memory_grow(crowd->before, room, sizeof(*crowd->before));
        }
        crowd->before[crowd->blocks++] = sum;
        for (int i = 0; i < BLOCK && sum < crowd->mentions; i++, number++) {
            uint64_t count = count_of(crowd, number);

            if (sum + count > crowd->mentions)
                count = crowd->mentions - sum;
            crowd->people += count > 0;
            crowd->last_count = count;
            sum += count;
        }
    }
    crowd->end = number;
    crowd->before[crowd->blocks] = sum;
}

void crowd_make(const struct world *world, uint64_t mentions, uint64_t people,
                struct crowd *crowd)
{
    uint64_t known = 0, heads = 0;

    *crowd = (struct crowd){.world = world, .mentions = mentions};
    geometric(1900, crowd->common, COUNT_STEPS);
    geometric(3400, crowd->active, COUNT_STEPS);
    geometric(29000, crowd->heavy, HEAVY_STEPS);
    for (uint64_t i = 0; i < world->background; i++) {
        uint32_t count = count_of(crowd, i);

        known += count;
        heads += count > 0;
    }
    /* the rest is shared among the other people, at least one each */
    uint64_t rest = mentions > known ? mentions - known : 1;
    uint64_t others = people > heads + 1 ? people - heads : 1;

    geometric(rest > others ? (uint32_t)((rest - others) * 1000 / others) : 1,
              crowd->background, COUNT_STEPS);
    crowd->order = permutation_of(mentions, world->seed, STREAM_ORDER_MENTIONS);
    blocks_fill(crowd);
}

void crowd_free(struct crowd *crowd)
{
    free(crowd->before);
    crowd->before = NULL;
}

static uint32_t count_at(const struct crowd *crowd, uint64_t number)
{
    if (number + 1 >= crowd->end)
        return number + 1 == crowd->end ? (uint32_t)crowd->last_count : 0;
    return count_of(crowd, number);
}

struct place_in crowd_find(const struct crowd *crowd, uint64_t mention)
{
    uint64_t low = 0, high = crowd->blocks;

    assert(mention < crowd->mentions);
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;

        if (crowd->before[middle] <= mention)
            low = middle;
        else
            high = middle;
    }
    struct place_in at = {.number = low * BLOCK, .first = crowd->before[low]};

    while (at.count = count_at(crowd, at.number), mention >= at.first + at.count) {
        at.first += at.count;
        at.number++;
    }
    at.nth = (uint32_t)(mention - at.first);
    return at;
}

struct place_in crowd_person(const struct crowd *crowd, uint64_t number)
{
    struct place_in at = {.number = number / BLOCK * BLOCK};

    if (number >= crowd->end)
        return (struct place_in){.number = number, .first = crowd->mentions};
    at.first = crowd->before[number / BLOCK];
    while (at.count = count_at(crowd, at.number), at.number < number) {
        at.first += at.count;
        at.number++;
    }
    return at;
}

struct place_in crowd_leader(const struct crowd *crowd, const struct place_in *at)
{
    const struct world *world = crowd->world;
    struct tie tie;

    if (at->number >= world->background) {
        uint64_t group = at->number - (at->number - world->background) % 4;
        struct draw draw = draw_from(world->seed, STREAM_CHAIN, group << 12 | at->nth);

        if (group == at->number || draw_below(&draw, 100) >= 25)
            return *at;
        for (uint64_t number = group; number < at->number; number++)
            if (count_at(crowd, number) > at->nth) {
                struct place_in leader = crowd_person(crowd, number);

                leader.nth = at->nth;
                return leader;
            }
        return *at;
    }
    if (at->number >= world->members && planted_tie(world, at->number, &tie) &&
        tie.kind == PLANT_NOMINAL && count_at(crowd, tie.member) > at->nth) {
        struct place_in leader = crowd_person(crowd, tie.member);

        leader.nth = at->nth;
        return leader;
    }
    return *at;
}

/* Of later mentions: 25 % go to another system or force and start afresh; of the others
 * 60 % copy, 25 % copy and change one thing, 15 % are fresh. */
enum step { FRESH, COPY, COPY_AND_CHANGE };

static enum step step_of(const struct crowd *crowd, const struct place_in *at)
{
    struct draw draw = draw_from(crowd->world->seed, STREAM_CHAIN,
                                 (at->first + at->nth) | (uint64_t)1 << 62);
    uint32_t u = draw_below(&draw, 10000);

    if (at->nth == 0 || u < 3625)
        return FRESH;
    return u < 3625 + 4500 ? COPY : COPY_AND_CHANGE;
}

void crowd_ancestry(const struct crowd *crowd, const struct place_in *at,
                    struct ancestry *ancestry)
{
    ancestry->root = *at;
    ancestry->change_count = 0;
    for (;;) {
        enum step step = step_of(crowd, &ancestry->root);

        if (step == FRESH || crowd_leader(crowd, &ancestry->root).number != at->number)
            return;
        if (step == COPY_AND_CHANGE &&
            ancestry->change_count < COUNT(ancestry->changed))
            ancestry->changed[ancestry->change_count++] = ancestry->root.nth;
        ancestry->root.nth--;
    }
}

/* The mention that set force and tier: the root, or its leader's root. */
static uint64_t stable_root(const struct crowd *crowd, const struct place_in *at)
{
    struct ancestry ancestry;
    struct place_in leader = crowd_leader(crowd, at);

    for (;;) {
        crowd_ancestry(crowd, &leader, &ancestry);
        struct place_in next = crowd_leader(crowd, &ancestry.root);

        if (next.number == ancestry.root.number)
            return next.first + next.nth;
        leader = next;
    }
}

/* Adverse: what somebody is said to have done, not what was done to them. */
bool crowd_adverse(const struct crowd *crowd, const struct place_in *at)
{
    const struct world *world = crowd->world;
    struct draw draw =
        draw_from(world->seed, STREAM_CHAIN, (at->first + at->nth) | (uint64_t)1 << 61);

    if (!person_nominal(world, at->number))
        return false;
    if (at->nth == 0 && at->number < world->background)
        return true;
    return draw_below(&draw, 100) < 75;
}

static void lead_record(const struct crowd *crowd, const struct place_in *at,
                        const struct person *person, struct record *record)
{
    const struct world *world = crowd->world;
    bool adverse = crowd_adverse(crowd, at);
    bool old =
        adverse && at->number < world->members && member_class(world, at->number) == T4;

    record_make(world, at->first + at->nth, stable_root(crowd, at), person->force,
                adverse, old, person->born + 3653, record);
}

void crowd_record(const struct crowd *crowd, const struct place_in *at,
                  const struct person *person, struct record *record)
{
    struct place_in leader = crowd_leader(crowd, at);
    struct person other;

    if (leader.number == at->number) {
        lead_record(crowd, at, person, record);
        return;
    }
    person_make(crowd->world, leader.number, &other);
    lead_record(crowd, &leader, &other, record);
    if (record->event <
        person->born + 3653) /* too young for it: a record of their own */
        lead_record(crowd, at, person, record);
}
