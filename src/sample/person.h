/*
 * person: who somebody is, made from a number.
 *
 * The universe is numbered: first the members of the workforce, then people planted to
 * look like them, then everybody else in groups of four that may be households. A
 * person is made alone from (seed, number); kin are made from the head of their group.
 * Nothing here knows of errors: people stay the same when the error model changes.
 */
#ifndef SAMPLE_PERSON_H
#define SAMPLE_PERSON_H

#include "sample/culture.h"
#include "sample/place.h"

#include <assert.h>
#include <stddef.h>

enum presence { T0, T1, T2, T3, T4, T5, PRESENCE_COUNT };

/* Planted people, each tied to one member of the workforce. */
enum planted {
    PLANT_NAMESAKE,      /* same name and date of birth, other place */
    PLANT_TWIN,          /* twin at the same address */
    PLANT_SIBLING,       /* sibling at the same address */
    PLANT_PARENT_CHILD,  /* same name, a generation apart */
    PLANT_PARTNER,       /* partner or former partner at the member's address */
    PLANT_POLICE,        /* occupation says police, not in the workforce */
    PLANT_IMPERSONATION, /* gives a member's name and date of birth */
    PLANT_NOMINAL,       /* shares address, telephone or vehicle with a T3 member */
    PLANT_COUNT,
};

extern const char *const plant_relations[PLANT_COUNT]; /* as in lookalikes.csv */

/* Sizes and orders of one sample; never changes once made. */
struct world {
    uint64_t seed;
    struct places places;
    struct culture cultures[CULTURE_COUNT];
    struct ethnic_cultures ethnic;

    uint64_t rows, members, extras, stride; /* workforce rows = members + extras */
    uint64_t class_end[PRESENCE_COUNT];     /* ranks below it are of the class */
    uint64_t plant_end[PLANT_COUNT]; /* planted numbers below it are of the kind */
    uint64_t background;             /* number of the first background person */
    struct permutation ranks;        /* member -> rank, which gives the class */
    struct permutation row_order;
};

/* Fills world but for counts of mentions; sizes as in sample_preset. */
void world_make(struct arena *arena, uint64_t seed, uint64_t rows, struct world *world);

enum presence member_class(const struct world *world, uint64_t member);
uint64_t member_of_class(const struct world *world, enum presence class, uint64_t nth);

/* The rows of the workforce file (0 ...) that are this member's: 1 or 2. */
unsigned member_rows(const struct world *world, uint64_t member, uint64_t rows[2]);

/* Collar or warrant number: four digits, as an officer in a case gives it. */
unsigned member_collar(const struct world *world, uint64_t member);

struct part {
    const char *at;
    uint8_t len;
    const struct name *name; /* entry of the table, NULL if composed */
};

enum { FORENAMES = 3 };

struct person {
    uint64_t number, key; /* key: of the streams */
    uint8_t culture, ethnic, force;
    bool female;
    bool abroad; /* born there */
    int32_t born;
    struct part forename[FORENAMES]; /* unused ones empty */
    struct part surname, previous;   /* previous: maiden or married name, or empty */
    struct part known_as;
    uint64_t home; /* number of the present address */
    uint8_t home_force;
    /* names that are composed live here: do not copy a person */
    char room[256];
    uint16_t used;
};

/* What a member of the workforce is to a planted person, or the planted kind. */
struct tie {
    enum planted kind;
    uint64_t member;
};

/* Known to the police for what they are said to have done. */
bool person_nominal(const struct world *world, uint64_t number);

bool planted_tie(const struct world *world, uint64_t number, struct tie *tie);

void person_make(const struct world *world, uint64_t number, struct person *person);

/* The partner of a member, as HR knows them; false if there is none. */
bool member_partner(const struct world *world, const struct person *member,
                    struct person *partner);

/* The address on a day: the present one, or an earlier one of the history.
 * `current` tells which. */
void person_home(const struct world *world, const struct person *person, int32_t day,
                 struct address *address, bool *current);

/* Days on which the last moves took place, latest first; returns how many (<= max). */
unsigned person_moves(const struct world *world, const struct person *person,
                      int32_t moves[], unsigned max);

/* The address before that many moves (0: the present one). */
void person_address(const struct world *world, const struct person *person,
                    unsigned moves_ago, struct address *address);

/* Texts of at most 40 bytes, ended by zeros; which: 0, 1, ... of several. */
void person_mobile(const struct world *world, const struct person *person,
                   unsigned which, char text[16]);
void person_landline(const struct world *world, const struct person *person,
                     char text[16]);
void person_nino(const struct world *world, const struct person *person, char text[12]);
void person_vehicle(const struct world *world, const struct person *person,
                    unsigned which, char text[12]);
void person_email(const struct world *world, const struct person *person,
                  char text[64]);
void person_pnc(const struct world *world, const struct person *person, char text[16]);

struct str person_country(const struct world *world, const struct person *person);

#endif
