/*
 * record: what the police wrote about, when, where and how well. Inside the room.
 *
 * Quality tiers: A custody and fingerprints, B crime and domestic abuse records,
 * C intelligence and partners' reports, D old records, scanned or free text.
 */
#ifndef SAMPLE_RECORD_H
#define SAMPLE_RECORD_H

#include "sample/person.h"

enum tier { TIER_A, TIER_B, TIER_C, TIER_D, TIER_COUNT };

enum role {
    ROLE_SUSPECT,
    ROLE_ARRESTED,
    ROLE_CHARGED,
    ROLE_OFFENDER,
    ROLE_SUBJECT,
    ROLE_ASSOCIATE,
    ROLE_VICTIM,
    ROLE_WITNESS,
    ROLE_REPORTING,
    ROLE_KEEPER,
    ROLE_OFFICER,
    ROLE_COUNT,
};

extern const char *const role_names[ROLE_COUNT];

struct record {
    uint64_t entity; /* of its streams: index of the mention that leads it */
    enum tier tier;
    const char *system, *type;
    uint8_t force;
    int32_t event, recorded; /* days */
    uint32_t factor;         /* error rates, in 1/1000 of the tier's */
};

/*
 * `root` is the entity of the mention that set force and tier (see mention.h).
 * `old` draws a date before 2012; `not_before` is when the person turned ten.
 */
void record_make(const struct world *world, uint64_t entity, uint64_t root,
                 unsigned home_force, bool adverse, bool old, int32_t not_before,
                 struct record *record);

#endif
