#include "sample/truth.h"

#include <assert.h>

const char mention_head[] =
    "mention_id,record_id,owning_force,source_system,record_type,event_date,"
    "recorded_date,role,offence_or_incident_code,source_eval,intelligence_eval,"
    "handling,"
    "surname,forename1,forename2,name_type,sex,dob,dob_quality,age_at_event,"
    "ethnicity_officer_defined,ethnicity_self_defined,nationality,place_of_birth,"
    "address_text,postcode,phone,email,vrm,pnc_id,occupation_text,employer_text,"
    "markers,"
    "free_text,review_group,review_date\n";

/* ---- who is it, and in what part ---------------------------------------------------- */

/* Adverse parts by tier, weights of 100. */
static const uint16_t adverse_parts[TIER_COUNT][6] = {
    [TIER_A] = {0,  50, 30, 20, 0,  0 },
    [TIER_B] = {50, 10, 20, 20, 0,  0 },
    [TIER_C] = {20, 0,  0,  0,  65, 15},
    [TIER_D] = {25, 0,  0,  35, 40, 0 },
};

static const uint16_t public_parts[4] = {44, 30, 20, 6}; /* victim ... keeper, of 100 */

static enum role role_draw(const struct world *world, const struct mention *mention,
                           bool adverse, struct draw *draw)
{
    if (mention->at.number < world->members) {
        enum presence class = member_class(world, mention->at.number);

        if (class == T2)
            return ROLE_OFFICER;
        if (class == T3)
            return ROLE_ASSOCIATE;
    }
    if (adverse) // crowd_record() has set the tier
        // NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript)
        return (enum role)draw_weighted(draw, adverse_parts[mention->record.tier], 6,
                                        100);
    return ROLE_VICTIM + (enum role)draw_weighted(draw, public_parts, 4, 100);
}

/* ---- what it says of the person ------------------------------------------------------ */

static void say(const struct crowd *crowd, const struct person *person,
                struct mention *mention)
{
    const struct world *world = crowd->world;
    struct ancestry ancestry;
    struct record root_record;
    const struct record *record = &mention->record;

    crowd_ancestry(crowd, &mention->at, &ancestry);
    uint64_t root = ancestry.root.first + ancestry.root.nth;

    if (ancestry.root.nth != mention->at.nth) {
        crowd_record(crowd, &ancestry.root, person, &root_record);
        record = &root_record;
    }
    struct draw draw = draw_from(world->seed, STREAM_ERROR, root);

    spoil(world, person, record, &draw, &mention->said);
    for (uint32_t i = ancestry.change_count; i-- > 0;) { /* oldest first */
        draw = draw_from(world->seed, STREAM_CHANGE,
                         ancestry.root.first + ancestry.changed[i]);
        spoil_again(person, &draw, &mention->said);
    }
    if (ancestry.root.nth != mention->at.nth)
        SLIPPED(&mention->said, SLIP_COPIED);
}

static void no_name(struct mention *mention)
{
    mention->in_text = true;
    SLIPPED(&mention->said, SLIP_NAME_IN_TEXT);
}

static void alias_only(const struct world *world, const struct person *person,
                       struct mention *mention, struct draw *draw)
{
    struct particulars *said = &mention->said;

    if (draw_below(draw, 2) && nickname_draw(person, draw, &said->forename1)) {
        said->surname.len = 0;
        mention->name_type = "nickname";
    } else {
        const struct list *others = &world->cultures[0].surnames;
        const struct name *other = list_draw(others, draw);

        word_set(&said->surname, (struct part){other->at, other->len, other});
        mention->name_type = "alias";
    }
    said->forename2.len = 0;
    SLIPPED(said, SLIP_ALIAS);
}

/* Section 5: what is missing where people would rather not be found. */
static void hide(const struct world *world, const struct person *person,
                 struct mention *mention, struct draw *draw)
{
    uint32_t u = draw_below(draw, 100), v = draw_below(draw, 100);
    enum presence class = mention->at.number < world->members
                              ? member_class(world, mention->at.number)
                              : T0;
    bool adverse_member = class >= T4;

    if (u < (class >= T3 ? 20 : mention->role <= ROLE_ASSOCIATE ? 3 : 0))
        no_name(mention);
    else if (u < 28 && (adverse_member || (u < 22 && mention->role <= ROLE_SUBJECT)))
        alias_only(world, person, mention, draw);
    else if (u < 33 && adverse_member) {
        mention->said.surname.len = 0;
        mention->said.forename2.len = 0;
        SLIPPED(&mention->said, SLIP_NO_SURNAME);
    }
    if (adverse_member && v < 10 && mention->said.dob != DOB_MISSING) {
        mention->said.dob = DOB_MISSING;
        SLIPPED(&mention->said, SLIP_DOB_MISSING);
    }
}

/* An officer in the case is a name and a number, not a person with a date of birth. */
static void as_officer(struct mention *mention, struct draw *draw)
{
    mention->said.dob = DOB_MISSING;
    mention->said.sex = 0;
    mention->said.forename2.len = 0;
    if (draw_below(draw, 100) < 40)
        word_shorten(&mention->said.forename1, 1);
    mention->said.slips &= ~(uint32_t)(1u << SLIP_DOB_WRONG | 1u << SLIP_DOB_PART);
    SLIPPED(&mention->said, SLIP_DOB_MISSING);
}

void mention_make(const struct crowd *crowd, uint64_t position, struct mention *mention,
                  struct person *person)
{
    uint64_t index = permutation_at(&crowd->order, position);
    struct draw draw = draw_from(crowd->world->seed, STREAM_MENTION, index);

    mention->position = position;
    mention->at = crowd_find(crowd, index);
    mention->name_type = "primary";
    mention->in_text = false;
    person_make(crowd->world, mention->at.number, person);
    crowd_record(crowd, &mention->at, person, &mention->record);
    mention->role =
        role_draw(crowd->world, mention, crowd_adverse(crowd, &mention->at), &draw);
    say(crowd, person, mention); // sets the slips
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
    if (HAS_SLIP(mention->said.slips, SLIP_MAIDEN) && mention->record.tier == TIER_A)
        mention->name_type = "maiden";
    if (mention->role == ROLE_OFFICER)
        as_officer(mention, &draw);
    else
        hide(crowd->world, person, mention, &draw);
}

/* ---- the row ------------------------------------------------------------------------- */

static const struct offence {
    const char *code, *text;
} grave[] =
    {
        {"008/06", "assault ABH"         },
        {"005/01", "wounding with intent"},
        {"019/08", "rape"                },
        {"017/15", "sexual assault"      },
        {"092/40", "supply class A"      },
        {"008/58", "coercive control"    },
        {"195/12", "stalking"            },
        {"066/91", "misconduct in office"},
        {"053/03", "fraud"               },
        {"034/01", "robbery"             }
},
  slight[] = {{"105/01", "common assault"},  {"125/09", "public order"},
              {"046/00", "theft from shop"}, {"092/60", "possession cannabis"},
              {"058/01", "criminal damage"}, {"803/10", "speeding"},
              {"049/10", "theft"},           {"139/05", "drunk and disorderly"}},
  incident[] = {{"INC01", "domestic"},  {"INC02", "anti-social behaviour"},
                {"INC03", "collision"}, {"INC04", "concern for safety"},
                {"INC05", "burglary"},  {"INC06", "theft"},
                {"INC07", "noise"},     {"INC08", "lost property"}};

static const char *const occupations[] = {
    "student",  "unemployed",  "builder",   "nurse",    "driver",     "teacher",
    "retail",   "chef",        "carer",     "student",  "labourer",   "electrician",
    "cleaner",  "taxi driver", "office",    "retired",  "unemployed", "security",
    "engineer", "hairdresser", "warehouse", "mechanic", "plumber",    "none"};

static const char *const police_occupations[] = {
    "police officer", "works for police", "PC", "police staff", "detective", "PCSO",
    "ex police",      "police (told us)"};

static const char *const markers[] = {"VI", "DR", "WE", "ES", "AT", "MN"};

static void put_force(struct rows *rows, const struct world *world, unsigned force)
{
    put_str(rows, world->places.forces[force].code);
}

static void put_offence(struct rows *rows, const struct crowd *crowd,
                        const struct mention *mention, struct draw *draw)
{
    const struct world *world = crowd->world;
    const struct offence *list = incident;
    uint32_t count = COUNT(incident);

    if (mention->role <= ROLE_ASSOCIATE) {
        bool member = mention->at.number < world->members;
        enum presence class = member ? member_class(world, mention->at.number) : T0;
        bool is_grave = class == T5 || (class != T4 && draw_below(draw, 100) < 35);

        list = is_grave ? grave : slight;
        count = is_grave ? COUNT(grave) : COUNT(slight);
    }
    put_text(rows, list[draw_below(draw, count)].code);
}

static void put_grading(struct rows *rows, const struct mention *mention,
                        struct draw *draw)
{
    uint32_t u = draw_below(draw, 100), tier = mention->record.tier;

    put_char(rows, tier == TIER_A             ? '1'
                   : u < 60                   ? '2'
                   : tier >= TIER_C && u > 85 ? '3'
                                              : '1');
    put_char(rows, ',');
    put_char(rows, tier <= TIER_B ? 'A' : "BCDDE"[draw_below(draw, 5)]);
    put_char(rows, ',');
    put_char(rows, draw_below(draw, 100) < (tier == TIER_C ? 20u : 5u) ? 'C' : 'P');
}

/* Forces write names in their own manner: SURNAME in capitals, all of it, or neither. */
static void cased(const struct world *world, struct mention *mention)
{
    struct draw draw =
        draw_from(world->seed, STREAM_FORCE, mention->record.force | 1u << 16);
    uint32_t u = draw_below(&draw, 100);

    if (u < 65)
        word_upper(&mention->said.surname);
    if (u < 25) {
        word_upper(&mention->said.forename1);
        word_upper(&mention->said.forename2);
    }
}

static void put_dob(struct rows *rows, const struct mention *mention,
                    const struct person *person)
{
    int age = (mention->record.event - person->born) * 4 / 1461;

    switch (mention->said.dob) {
    case DOB_EXACT:
        put_date(rows, mention->said.born);
        PUT(rows, ",exact,");
        break;
    case DOB_YEAR:
        put_number(rows, (uint64_t)mention->said.born.year, 4);
        PUT(rows, ",estimated,");
        break;
    case DOB_AGE:
        PUT(rows, ",age only,");
        break;
    case DOB_MISSING:
        PUT(rows, ",,");
        return;
    }
    if (mention->said.dob == DOB_AGE || mention->record.tier <= TIER_B)
        put_number(rows, (uint64_t)(age > 0 ? age : 0), 1);
}

static void put_looks(struct rows *rows, const struct crowd *crowd,
                      const struct mention *mention, const struct person *person,
                      struct draw *draw)
{
    const struct culture_rule *rule = &culture_rules[person->culture];
    bool officer = mention->role == ROLE_OFFICER;
    uint32_t u = draw_below(draw, 100);

    if (!officer && u < 80) {
        PUT(rows, "IC");
        put_char(rows, (char)('0' + mention->said.identity));
    }
    put_char(rows, ',');
    if (!officer && draw_below(draw, 100) < 45)
        put_text(rows, ethnic_groups[person->ethnic].code);
    put_char(rows, ',');
    u = draw_below(draw, 100);
    if (!officer && u < 40)
        put_text(rows, person->abroad && u < 25 ? rule->nationality : "British");
    put_char(rows, ',');
    if (!officer &&
        draw_below(draw, 100) < (mention->record.tier == TIER_A ? 60u : 12u)) {
        struct address born_at;

        if (person->abroad) {
            put_text(rows, rule->country);
        } else {
            address_make(&crowd->world->places, person->force, person->key, &born_at);
            put_str(rows, born_at.town);
        }
    }
}

/* Address and postcode; which one it was is among the slips. */
static void put_home(struct rows *rows, const struct crowd *crowd,
                     struct mention *mention, const struct person *person,
                     struct draw *draw)
{
    static const uint8_t given[TIER_COUNT] = {92, 80, 45, 40}; /* of 100 */
    const struct record *record = &mention->record;
    struct address address;
    int32_t moves[1];
    unsigned ago = 0;

    if (mention->role == ROLE_OFFICER) {
        put_char(rows, ',');
        return;
    }
    if (spoil_address_old(record, draw) &&
        person_moves(crowd->world, person, moves, 1) > 0) {
        ago = 1 + draw_below(draw, 2);
        SLIPPED(&mention->said, SLIP_ADDRESS_OLD);
    }
    person_address(crowd->world, person, ago, &address);
    if (draw_below(draw, 100) < given[record->tier]) {
        put_char(rows, '"');
        put_text(rows, address.street);
        PUT(rows, ", ");
        put_str(rows, address.town);
        put_char(rows, '"');
    }
    put_char(rows, ',');
    spoil_postcode(record, draw, address.postcode, address.outward,
                   &mention->said.slips);
    put_text(rows, address.postcode);
}

/* Whose telephone and vehicle it is: a T3 member's nominal may use the member's. */
static void contact_owner(const struct crowd *crowd, const struct mention *mention,
                          const struct person *person, struct person *other,
                          const struct person **owner)
{
    struct tie tie;

    *owner = person;
    if (planted_tie(crowd->world, mention->at.number, &tie) &&
        tie.kind == PLANT_NOMINAL) {
        person_make(crowd->world, tie.member, other);
        *owner = other;
    }
}

static void put_contacts(struct rows *rows, const struct crowd *crowd,
                         const struct mention *mention, const struct person *person,
                         struct draw *draw)
{
    const struct world *world = crowd->world;
    bool nominal = mention->role <= ROLE_ASSOCIATE;
    bool officer = mention->role == ROLE_OFFICER;
    struct person other;
    const struct person *owner;
    char text[64];

    contact_owner(crowd, mention, person, &other, &owner);
    uint32_t likely = owner != person ? 60 : mention->role == ROLE_ASSOCIATE ? 45 : 22;

    if (!officer && draw_below(draw, 100) < likely) {
        if (draw_below(draw, 100) < 80)
            person_mobile(world, owner, draw_below(draw, 100) < 75 ? 0 : 1, text);
        else
            person_landline(world, owner, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
    if (!officer && draw_below(draw, 100) < 5) {
        person_email(world, person, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
    if (!officer &&
        draw_below(draw, 100) < (mention->role == ROLE_KEEPER ? 95 : likely / 3)) {
        person_vehicle(world, owner, draw_below(draw, 100) < 80 ? 0 : 1, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
    if (nominal &&
        draw_below(draw, 100) < (mention->record.tier == TIER_A ? 70u : 12u)) {
        person_pnc(world, person, text);
        put_text(rows, text);
    }
}

static void put_work(struct rows *rows, const struct crowd *crowd,
                     const struct mention *mention, struct draw *draw)
{
    const struct world *world = crowd->world;
    struct tie tie;
    bool planted = planted_tie(world, mention->at.number, &tie);
    bool member = mention->at.number < world->members;
    uint32_t police = member                                       ? 12
                      : planted && tie.kind == PLANT_POLICE        ? 80
                      : planted && tie.kind == PLANT_IMPERSONATION ? 30
                                                                   : 0;
    uint32_t u = draw_below(draw, 100);

    if (HAS_SLIP(mention->said.slips, SLIP_NO_SURNAME))
        police = 100;
    if (mention->role == ROLE_OFFICER) {
        PUT(rows, "PC ");
        put_number(rows, member_collar(world, mention->at.number), 4);
        put_char(rows, ',');
        return;
    }
    if (u < police) {
        put_text(rows, police_occupations[draw_below(draw, COUNT(police_occupations))]);
        put_char(rows, ',');
        if (draw_below(draw, 2)) {
            put_str(rows, world->places.forces[mention->record.force].name);
        }
        return;
    }
    if (u < 16)
        put_text(rows, occupations[draw_below(draw, COUNT(occupations))]);
    put_char(rows, ',');
}

static void put_notes(struct rows *rows, const struct mention *mention,
                      struct draw *draw)
{
    static const char *const notes[] = {
        "see linked record", "no further action",       "seen in company of others",
        "details from CCTV", "refused to give details", "awaiting statement"};
    uint32_t u = draw_below(draw, 100);

    if (mention->role <= ROLE_SUBJECT && u < 12)
        put_text(rows, markers[draw_below(draw, COUNT(markers))]);
    put_char(rows, ',');
    if (mention->in_text) {
        PUT(rows, "\"Named in text as ");
        put_word(rows, &mention->said.forename1);
        if (mention->said.forename1.len)
            put_char(rows, ' ');
        put_word(rows, &mention->said.surname);
        if (mention->said.dob == DOB_EXACT) {
            PUT(rows, " born ");
            put_date(rows, mention->said.born);
        }
        PUT(rows, ", checks made\"");
    } else if (draw_below(draw, 100) < 4) {
        put_text(rows, notes[draw_below(draw, COUNT(notes))]);
    }
}

static void put_names(struct rows *rows, const struct mention *mention)
{
    if (!mention->in_text)
        put_word(rows, &mention->said.surname);
    put_char(rows, ',');
    if (!mention->in_text)
        put_word(rows, &mention->said.forename1);
    put_char(rows, ',');
    if (!mention->in_text)
        put_word(rows, &mention->said.forename2);
    put_char(rows, ',');
    put_text(rows, mention->name_type);
}

static void put_record(struct rows *rows, const struct crowd *crowd,
                       const struct mention *mention)
{
    const struct record *record = &mention->record;

    put_char(rows, 'M');
    put_number(rows, mention->position + 1, 9);
    PUT(rows, ",R");
    put_number(rows, permutation_back(&crowd->order, record->entity) + 1, 9);
    put_char(rows, ',');
    put_force(rows, crowd->world, record->force);
    put_char(rows, ',');
    put_text(rows, record->system);
    put_char(rows, ',');
    put_text(rows, record->type);
    put_char(rows, ',');
    put_day(rows, record->event);
    put_char(rows, ',');
    put_day(rows, record->recorded);
    put_char(rows, ',');
    put_text(rows, role_names[mention->role]);
    put_char(rows, ',');
}

static void put_review(struct rows *rows, const struct mention *mention,
                       struct draw *draw)
{
    uint32_t u = draw_below(draw, 100);
    int group = mention->role > ROLE_ASSOCIATE ? 4 : u < 15 ? 1 : u < 50 ? 2 : 3;

    put_char(rows, (char)('0' + group));
    put_char(rows, ',');
    if (group < 4)
        put_day(rows, mention->record.recorded + (group == 1 ? 3652 : 2191));
    put_char(rows, '\n');
}

static void row_write(const struct crowd *crowd, struct mention *mention,
                      const struct person *person, struct rows *rows)
{
    struct draw draw = draw_from(crowd->world->seed, STREAM_MENTION,
                                 mention->position | (uint64_t)1 << 62);

    rows_reserve(rows);
    put_record(rows, crowd, mention);
    put_offence(rows, crowd, mention, &draw);
    put_char(rows, ',');
    put_grading(rows, mention, &draw);
    put_char(rows, ',');
    cased(crowd->world, mention);
    put_names(rows, mention);
    put_char(rows, ',');
    if (mention->said.sex)
        put_char(rows, mention->said.sex);
    put_char(rows, ',');
    if (mention->in_text)
        PUT(rows, ",,");
    else
        put_dob(rows, mention, person);
    put_char(rows, ',');
    put_looks(rows, crowd, mention, person, &draw);
    put_char(rows, ',');
    put_home(rows, crowd, mention, person, &draw);
    put_char(rows, ',');
    put_contacts(rows, crowd, mention, person, &draw);
    put_char(rows, ',');
    put_work(rows, crowd, mention, &draw);
    put_char(rows, ',');
    put_notes(rows, mention, &draw);
    put_char(rows, ',');
    put_review(rows, mention, &draw);
}

void mention_write(const struct crowd *crowd, const struct roll *roll,
                   uint64_t position, struct sample_text *text)
{
    struct mention mention;
    struct person person;

    mention_make(crowd, position, &mention, &person);
    struct particulars said = mention.said; /* before capitals */

    row_write(crowd, &mention, &person, &text->mentions);
    said.slips = mention.said.slips;
    mention.said = said;
    truth_write(crowd->world, roll, &mention, &person, text);
}
