#include "sample/person.h"
#include "sample/naming.h"

#include <assert.h>
#include <string.h>

enum { TODAY = 20454 }; /* SAMPLE_DAY; a test holds the two together */

const char *const plant_relations[PLANT_COUNT] = {
    [PLANT_NAMESAKE] = "lookalike",
    [PLANT_TWIN] = "twin",
    [PLANT_SIBLING] = "sibling",
    [PLANT_PARENT_CHILD] = "parent or child",
    [PLANT_PARTNER] = "partner",
    [PLANT_POLICE] = "police elsewhere",
    [PLANT_IMPERSONATION] = "false details",
    [PLANT_NOMINAL] = "associate",
};

/* Of 300,000 workforce rows, from the section on hard negatives of the specification. */
static const uint32_t plants[PLANT_COUNT] = {
    [PLANT_NAMESAKE] = 2000,      [PLANT_TWIN] = 1000,    [PLANT_SIBLING] = 2000,
    [PLANT_PARENT_CHILD] = 2000,  [PLANT_PARTNER] = 5000, [PLANT_POLICE] = 3000,
    [PLANT_IMPERSONATION] = 1000,
};

/* Of 100,000 members; T0 takes the rest. T5 is counted on rows, exactly. */
static const uint32_t class_shares[PRESENCE_COUNT] = {
    [T1] = 38000, [T2] = 5000, [T3] = 1500, [T4] = 800};

static void sizes_make(struct world *world, uint64_t rows)
{
    uint64_t sizes[PRESENCE_COUNT], rest = 0, planted = 0;

    world->rows = rows;
    world->extras = rows / 26; /* 3 % with two posts, 1 % entered twice */
    world->members = rows - world->extras;
    world->stride = world->extras ? world->members / world->extras : 0;
    sizes[T5] = (rows * 15 + 5000) / 10000;
    for (int c = T1; c <= T4; c++)
        sizes[c] = (world->members * class_shares[c] + 50000) / 100000;
    for (int c = T1; c <= T5; c++)
        rest += sizes[c];
    sizes[T0] = world->members - rest;
    rest = 0;
    for (int c = PRESENCE_COUNT - 1; c >= 0; c--) { /* rank 0 is the first T5 */
        rest += sizes[c];
        world->class_end[c] = rest;
    }
    for (int k = 0; k < PLANT_COUNT; k++) {
        planted +=
            k == PLANT_NOMINAL ? sizes[T3] : (rows * plants[k] + 150000) / 300000;
        world->plant_end[k] = planted;
    }
    /* on a whole block of people, so that the groups of four never cross one */
    world->background = (world->members + planted + 31) / 32 * 32;
}

void world_make(struct arena *arena, uint64_t seed, uint64_t rows, struct world *world)
{
    memset(world, 0, sizeof(*world));
    world->seed = seed;
    places_read(arena, &world->places);
    cultures_read(arena, world->cultures);
    ethnic_cultures_make(&world->ethnic);
    sizes_make(world, rows);
    world->ranks = permutation_of(world->members, seed, STREAM_CLASS);
    world->row_order = permutation_of(world->rows, seed, STREAM_ORDER_ROWS);
}

enum presence member_class(const struct world *world, uint64_t member)
{
    uint64_t rank = permutation_at(&world->ranks, member);
    int class = T5;

    while (rank >= world->class_end[class])
        class --;
    return (enum presence) class;
}

uint64_t member_of_class(const struct world *world, enum presence class, uint64_t nth)
{
    uint64_t before = class == T5 ? 0 : world->class_end[class + 1];

    assert(before + nth < world->class_end[class]);
    return permutation_back(&world->ranks, before + nth);
}

unsigned member_rows(const struct world *world, uint64_t member, uint64_t rows[2])
{
    rows[0] = permutation_back(&world->row_order, member);
    if (!world->stride || member % world->stride ||
        member / world->stride >= world->extras)
        return 1;
    rows[1] =
        permutation_back(&world->row_order, world->members + member / world->stride);
    return 2;
}

bool planted_tie(const struct world *world, uint64_t number, struct tie *tie)
{
    int kind = 0;

    if (number < world->members || number >= world->background)
        return false;
    number -= world->members;
    while (kind < PLANT_COUNT && number >= world->plant_end[kind])
        kind++;
    if (kind == PLANT_COUNT)
        return false;
    tie->kind = (enum planted)kind;
    uint64_t nth = number - (kind ? world->plant_end[kind - 1] : 0);

    if (kind == PLANT_NOMINAL) {
        tie->member = member_of_class(world, T3, nth);
        return true;
    }
    struct draw draw = draw_from(world->seed, STREAM_KIN, number);

    tie->member = draw_below(&draw, (uint32_t)world->members);
    return true;
}

bool person_nominal(const struct world *world, uint64_t number)
{
    struct draw draw = draw_from(world->seed, STREAM_LIFE, number | (uint64_t)1 << 60);
    struct tie tie;

    if (number < world->members)
        return member_class(world, number) >= T4;
    if (planted_tie(world, number, &tie) && tie.kind == PLANT_POLICE)
        return false;
    return draw_below(&draw, 100) < 45 ||
           (number < world->background && tie.kind >= PLANT_IMPERSONATION);
}

/* ---- one person ----------------------------------------------------------------- */

static void start(const struct world *world, uint64_t number, struct person *person)
{
    /* the room is the bulk of a person and need not be cleared */
    memset(person, 0, offsetof(struct person, room));
    person->used = 0;
    person->number = number;
    person->key = draw_from(world->seed, STREAM_PERSON, number).key;
    person->home = draw_from(world->seed, STREAM_HOME, number).key;
}

static bool in_london(const struct world *world, unsigned force)
{
    struct str code = world->places.forces[force].code;

    return str_same(code, STR("01")) || str_same(code, STR("48"));
}

/* Members: 8.4 % from minority groups, 17 % in the Met; others as in the census. */
static uint8_t ethnic_draw(bool london, bool member, struct draw *draw)
{
    uint16_t weights[ETHNIC_COUNT];
    bool minority = draw_below(draw, 1000) < (london ? 170 : 84);
    uint32_t sum = 0;

    for (size_t i = 0; i < ETHNIC_COUNT; i++) {
        weights[i] = london ? ethnic_groups[i].london : ethnic_groups[i].england;
        if (member && ethnic_groups[i].white == minority)
            weights[i] = 0;
        sum += weights[i];
    }
    return (uint8_t)draw_weighted(draw, weights, ETHNIC_COUNT, sum);
}

static int32_t born_draw(bool member, struct draw *draw)
{
    int age;

    if (member) {
        age = 19 + (int)draw_below(draw, 25) + (int)draw_below(draw, 24);
    } else {
        int a = (int)draw_below(draw, 66), b = (int)draw_below(draw, 66);

        age = 14 + (a < b ? a : b);
    }
    return TODAY - age * 365 - age / 4 - (int32_t)draw_below(draw, 365);
}

/* In some countries births are not registered and 1 January is what was written. */
static void abroad_make(const struct world *world, struct person *person,
                        struct draw *draw)
{
    const struct culture_rule *rule = world->cultures[person->culture].rule;

    person->abroad = draw_below(draw, 1000) < rule->abroad;
    if (person->abroad && draw_below(draw, 1000) < rule->new_year)
        person->born = day_of(ymd_of(person->born).year, 1, 1);
}

static void origin_make(const struct world *world, struct person *person, bool member,
                        struct draw *draw)
{
    const struct places *places = &world->places;
    uint32_t e;

    if (person->number >= world->background && person->number < (uint64_t)1 << 60) {
        /* the four of a group live in one force's area and share records */
        struct draw group =
            draw_from(world->seed, STREAM_GROUP,
                      (person->number - world->background) / 4 | (uint64_t)1 << 60);

        person->force = (uint8_t)force_draw(places->by_population, &group);
    } else {
        person->force = (uint8_t)force_draw(
            member ? places->by_workforce : places->by_population, draw);
    }
    person->home_force = person->force;
    e = ethnic_draw(in_london(world, person->force), member, draw);
    person->ethnic = (uint8_t)e;
    person->culture = (uint8_t)draw_weighted(draw, world->ethnic.weights[e],
                                             CULTURE_COUNT, world->ethnic.sums[e]);
    person->female = draw_below(draw, 1000) < (member ? 400 : 480);
    person->born = born_draw(member, draw);
}

static void names_make(const struct world *world, struct person *person,
                       struct draw *draw)
{
    person->surname = surname_draw(world, person, draw);
    forenames_make(world, person, draw);
    known_as_make(person, draw);
}

/* Women who were married once, and what became of the name. */
static void past_marriage(const struct world *world, struct person *person,
                          struct draw *draw)
{
    if (!person->female || person->born > TODAY - 24 * 365 ||
        draw_below(draw, 100) >= 45)
        return;
    surname_marry(world, person, surname_draw(world, person, draw), draw);
    if (person->previous.len && draw_below(draw, 100) < 15) { /* took hers back */
        struct part married = person->surname;

        person->surname = person->previous;
        person->previous = married;
    }
}

static void stranger(const struct world *world, struct person *person, bool member)
{
    struct draw draw = {person->key, 0};

    origin_make(world, person, member, &draw);
    abroad_make(world, person, &draw);
    names_make(world, person, &draw);
    past_marriage(world, person, &draw);
}

/* ---- kin ------------------------------------------------------------------------ */

static void like_head(const struct person *head, struct person *person)
{
    person->force = head->force;
    person->home_force = head->home_force;
    person->ethnic = head->ethnic;
    person->culture = head->culture;
    person->home = head->home;
}

/* What remains of a man's own family's name is what his sister was born with. */
static struct part family_name(const struct person *head)
{
    return head->female && head->previous.len ? head->previous : head->surname;
}

static void partner_of(const struct world *world, const struct person *head,
                       struct person *person)
{
    struct draw draw = {person->key, 0};

    origin_make(world, person, false, &draw);
    uint8_t ethnic = person->ethnic, culture = person->culture;

    like_head(head, person);
    if (draw_below(&draw, 100) < 12) { /* of another group */
        person->ethnic = ethnic;
        person->culture = culture;
    }
    person->female = draw_below(&draw, 100) < 4 ? head->female : !head->female;
    person->born =
        head->born + draw_range(&draw, -1800, 1800) + draw_range(&draw, -1200, 1200);
    if (person->born > TODAY - 18 * 365)
        person->born = TODAY - 18 * 365 - (int32_t)draw_below(&draw, 300);
    abroad_make(world, person, &draw);
    names_make(world, person, &draw);
    if (person->female)
        surname_marry(world, person, surname_for(person, world, head->surname), &draw);
    else if (head->female && head->previous.len) /* she bears his */
        person->surname = surname_for(person, world, head->surname);
}

/* `years`: how much younger than the head (a sibling's may be below 0). */
static void relative_of(const struct world *world, const struct person *head, int days,
                        struct person *person)
{
    enum surname_rule rule = world->cultures[head->culture].rule->surname;
    struct draw draw = {person->key, 0};
    bool own_name = rule == SURNAME_MUSLIM || rule == SURNAME_SIKH;

    like_head(head, person);
    person->female = draw_below(&draw, 2);
    person->born = head->born + days;
    abroad_make(world, person, &draw);
    names_make(world, person, &draw);
    if (!own_name || person->female == head->female)
        person->surname = surname_for(person, world, family_name(head));
}

static void child_of(const struct world *world, const struct person *head,
                     struct person *person)
{
    struct draw draw = draw_from(world->seed, STREAM_KIN, person->number);
    int days = draw_range(&draw, 18 * 365, 36 * 365);

    if (head->born + days > TODAY - 10 * 365) /* too young: a brother or sister */
        days = draw_range(&draw, -7 * 365, 7 * 365);
    relative_of(world, head, days, person);
    if (world->cultures[head->culture].rule->surname == SURNAME_CHAIN) {
        person->surname = part_keep(person, head->forename[1]);
        if (!head->female)
            person->forename[1] = head->forename[0];
    }
}

static bool same_part(struct part a, struct part b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static void sibling_of(const struct world *world, const struct person *head, bool twin,
                       struct person *person)
{
    struct draw draw = draw_from(world->seed, STREAM_KIN, person->number);
    int days = draw_range(&draw, 330, 4000);

    relative_of(world, head, twin ? 0 : draw_below(&draw, 2) ? days : -days, person);
    person->born = twin ? head->born : person->born;
    for (int tries = 0; tries < 8 && same_part(person->forename[0], head->forename[0]);
         tries++)
        person->forename[0] = forename_draw(world, person, &draw);
    if (world->cultures[head->culture].rule->surname == SURNAME_CHAIN)
        person->forename[1] = part_keep(person, head->forename[1]);
}

/* A father and son, mother and daughter of one name. */
static void same_name_as(const struct world *world, const struct person *head,
                         bool same_home, struct person *person)
{
    struct draw draw = draw_from(world->seed, STREAM_KIN, person->number);
    int days = draw_range(&draw, 19 * 365, 34 * 365);
    bool child = head->born + days < TODAY - 12 * 365;
    uint64_t own_home = person->home;

    relative_of(world, head, child ? days : -days, person);
    person->female = head->female;
    for (int i = 0; i < FORENAMES; i++)
        person->forename[i] = part_keep(person, head->forename[i]);
    person->known_as = (struct part){0};
    person->surname = part_keep(person, head->surname);
    if (!same_home)
        person->home = own_home;
}

/* Same forename, surname, sex and date of birth; nothing else. */
static void namesake_of(const struct world *world, const struct person *member,
                        struct person *person)
{
    struct draw draw = {person->key, 0};

    origin_make(world, person, false, &draw);
    if (person->force == member->force) /* another place */
        person->force = person->home_force =
            (uint8_t)((person->force + 1) % world->places.force_count);
    person->ethnic = member->ethnic;
    person->culture = member->culture;
    person->female = member->female;
    person->born = member->born;
    names_make(world, person, &draw);
    person->forename[0] = part_keep(person, member->forename[0]);
    person->known_as = (struct part){0};
    person->surname = part_keep(person, member->surname);
}

static bool has_partner(const struct world *world, const struct person *member,
                        struct draw *draw)
{
    *draw = draw_from(world->seed, STREAM_KIN, member->number | (uint64_t)1 << 60);
    return draw_below(draw, 100) < 55;
}

static void member_partner_make(const struct world *world, const struct person *member,
                                struct person *partner, uint64_t number)
{
    start(world, number, partner);
    partner->key =
        draw_from(world->seed, STREAM_KIN, member->number | (uint64_t)1 << 61).key;
    partner_of(world, member, partner);
}

bool member_partner(const struct world *world, const struct person *member,
                    struct person *partner)
{
    struct draw draw;

    if (!has_partner(world, member, &draw))
        return false;
    member_partner_make(world, member, partner, member->number | (uint64_t)1 << 62);
    return true;
}

static void planted_make(const struct world *world, const struct tie *tie,
                         struct person *person)
{
    struct person member;

    person_make(world, tie->member, &member);
    switch (tie->kind) {
    case PLANT_NAMESAKE:
        namesake_of(world, &member, person);
        break;
    case PLANT_IMPERSONATION:
        namesake_of(world, &member, person);
        for (int i = 1; i < FORENAMES; i++)
            person->forename[i] = part_keep(person, member.forename[i]);
        break;
    case PLANT_TWIN:
    case PLANT_SIBLING:
        sibling_of(world, &member, tie->kind == PLANT_TWIN, person);
        break;
    case PLANT_PARENT_CHILD:
        same_name_as(world, &member, person->number % 2 == 0, person);
        break;
    case PLANT_PARTNER:
        member_partner_make(world, &member, person, person->number);
        break;
    case PLANT_POLICE:
        stranger(world, person, true);
        break;
    case PLANT_NOMINAL:
        stranger(world, person, false);
        person->home = member.home;
        person->home_force = member.home_force;
        person->force = member.force;
        break;
    case PLANT_COUNT:
        break;
    }
}

/* ---- the rest of the world: groups of four ---------------------------------------- */

enum slot { ALONE, HEAD, PARTNER, CHILD, SIBLING, SAME_NAME };

static const enum slot group_kinds[][4] = {
    {HEAD,  PARTNER,   CHILD, CHILD},
    {HEAD,  PARTNER,   ALONE, ALONE},
    {HEAD,  SIBLING,   ALONE, ALONE},
    {HEAD,  SAME_NAME, ALONE, ALONE},
    {ALONE, ALONE,     ALONE, ALONE},
};
static const uint16_t group_weights[] = {22, 28, 8, 1, 41}; /* of 100 */
static_assert(COUNT(group_weights) == COUNT(group_kinds), "every kind has a weight");

static void background_make(const struct world *world, struct person *person)
{
    uint64_t group = (person->number - world->background) / 4;
    unsigned place = (unsigned)((person->number - world->background) % 4);
    struct draw draw = draw_from(world->seed, STREAM_GROUP, group);
    size_t kind = draw_weighted(&draw, group_weights, COUNT(group_weights), 100);
    bool twin = draw_below(&draw, 1000) < 60;
    enum slot slot = group_kinds[kind][place];
    struct person head;

    if (slot == ALONE || slot == HEAD) {
        stranger(world, person, false);
        return;
    }
    start(world, person->number - place, &head);
    stranger(world, &head, false);
    if (slot == PARTNER)
        partner_of(world, &head, person);
    else if (slot == CHILD)
        child_of(world, &head, person);
    else if (slot == SIBLING)
        sibling_of(world, &head, twin, person);
    else
        same_name_as(world, &head, true, person);
}

void person_make(const struct world *world, uint64_t number, struct person *person)
{
    struct tie tie;

    start(world, number, person);
    if (number < world->members) {
        stranger(world, person, true);
        return;
    }
    if (number >= world->background)
        background_make(world, person);
    else if (planted_tie(world, number, &tie))
        planted_make(world, &tie, person);
}
