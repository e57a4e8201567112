#include "sample/workforce.h"

enum { TODAY = 20454 };

const char workforce_head[] =
    "row_id,force_code,employee_no,collar_or_warrant_no,staff_type,rank_or_grade,"
    "role_title,unit,bcu,title,forename1,forename2,forename3,surname,previous_surnames,"
    "known_as,sex,gender,date_of_birth,place_of_birth,nationality,ethnicity_16plus1,"
    "ni_number,address_line1,address_line2,address_line3,town,county,postcode,"
    "address_from,previous_addresses,home_phone,mobile,personal_email,work_email,"
    "vehicle_vrm,partner_name,partner_dob,start_date,leave_date,leave_reason,"
    "vetting_level,vetting_date,vetting_expiry\n";

/* How well one force keeps its personnel data: section 4 of the specification. */
struct keeping {
    bool capitals, mixed_dates, one_column;
    uint32_t blank_middle, known_as, previous, blank_dob, blank_postcode, blank_phone,
        trailing; /* of 1000 */
};

static struct keeping keeping_of(const struct world *world, unsigned force)
{
    struct draw draw = draw_from(world->seed, STREAM_FORCE, force | 1u << 20);
    struct draw one = draw_from(world->seed, STREAM_FORCE, (uint64_t)1 << 40);
    /* one force of the larger half writes dates as it likes, another writes names into
     * one column; the Met and the City never do, so that no preset loses a tenth */
    unsigned mixed = 3 + draw_below(&one, 20), column = 24 + draw_below(&one, 18);
    struct keeping keeping = {
        .capitals = draw_below(&draw, 3) == 0,
        .mixed_dates = force == mixed,
        .one_column = force == column,
        .blank_middle = 350 + draw_below(&draw, 301),
        .known_as = 50 + draw_below(&draw, 251),
        .previous = 20 + draw_below(&draw, 381),
        .blank_dob = draw_below(&draw, 21),
        .blank_postcode = draw_below(&draw, 81),
        .blank_phone = 50 + draw_below(&draw, 351),
        .trailing = draw_below(&draw, 11),
    };

    return keeping;
}

/* ---- the job ------------------------------------------------------------------------- */

enum staff {
    OFFICER,
    STAFF,
    PCSO,
    SPECIAL,
    VOLUNTEER,
    CONTRACTOR,
    LEAVER,
    STAFF_COUNT
};

static const uint16_t staff_shares[STAFF_COUNT] = {48, 27, 4, 3, 3, 7, 8}; /* of 100 */

static const struct {
    const char *type, *level;
    struct {
        const char *rank, *title;
        uint16_t weight; /* of 100 */
    } grades[5];
} jobs[STAFF_COUNT] = {
    [OFFICER] = {"officer",
                 "RV",               {{"Constable", "Response Officer", 50},
                  {"Constable", "Neighbourhood Officer", 20},
                  {"Constable", "Detective", 14},
                  {"Sergeant", "Team Sergeant", 12},
                  {"Inspector", "Duty Inspector", 4}}             },
    [STAFF] = {"staff",
                 "RV",               {{"Grade C", "Call Handler", 34},
                {"Grade D", "Case Administrator", 26},
                {"Grade E", "Intelligence Analyst", 18},
                {"Grade D", "Detention Officer", 12},
                {"Grade G", "Business Manager", 10}}              },
    [PCSO] = {"PCSO",       "RV", {{"PCSO", "Community Support Officer", 100}}       },
    [SPECIAL] = {"special",
                 "RV",               {{"Special Constable", "Special Constable", 88},
                  {"Special Sergeant", "Special Sergeant", 12}}   },
    [VOLUNTEER] = {"volunteer",
                 "RV",               {{"Volunteer", "Cadet Leader", 40},
                    {"Volunteer", "Police Support Volunteer", 60}}},
    [CONTRACTOR] = {"contractor",
                 "NPPV2",            {{"Agency", "Cleaner", 30},
                     {"Agency", "IT Engineer", 40},
                     {"Agency", "Vehicle Technician", 30}}     },
    [LEAVER] = {"leaver",
                 "RV",               {{"Constable", "Response Officer", 60},
                 {"Grade C", "Call Handler", 40}}                 },
};

static const char *const units[] = {"Response",
                                    "Neighbourhoods",
                                    "CID",
                                    "Public Protection",
                                    "Custody",
                                    "Control Room",
                                    "Roads",
                                    "Intelligence",
                                    "Professional Standards",
                                    "Corporate Services"};

static const char *const bcus[] = {"North", "South", "East", "West", "Central", "HQ"};

static const char *const leave_reasons[] = {"resigned", "retired", "transferred",
                                            "end of contract", "dismissed"};

struct post {
    enum staff staff;
    unsigned force, grade;
    int32_t start, leave; /* leave 0: still there */
    uint32_t number, collar;
    bool entered_twice; /* the same post again, keyed in once more */
};

static void post_make(const struct world *world, const struct person *person,
                      bool second, struct post *post)
{
    struct draw draw = draw_from(world->seed, STREAM_EMPLOYMENT, person->number);
    int32_t eighteen = person->born + 6575;
    int32_t span = TODAY - eighteen - 200 > 30 ? TODAY - eighteen - 200 : 30;

    post->staff = (enum staff)draw_weighted(&draw, staff_shares, STAFF_COUNT, 100);
    post->force = person->force;
    post->number = draw_below(&draw, 90000) + 10000;
    post->collar = member_collar(world, person->number);
    uint32_t a = draw_below(&draw, (uint32_t)span),
             b = draw_below(&draw, (uint32_t)span);
    int32_t since = (int32_t)(a < b ? a : b); /* most have not been there for long */

    post->start = TODAY - since;
    post->leave =
        post->staff == LEAVER ? TODAY - 1 - (int32_t)draw_below(&draw, 1095) : 0;
    if (post->leave && post->leave < post->start)
        post->start = post->leave - 300;
    bool twice = draw_below(&draw, 4) == 0;

    post->entered_twice = second && twice;
    if (second && !twice) { /* came from another force, or was a special before */
        bool special = draw_below(&draw, 3) == 0;

        post->staff = special ? SPECIAL : LEAVER;
        if (!special)
            post->force = force_draw(world->places.by_workforce, &draw);
        post->number = draw_below(&draw, 90000) + 10000;
        post->leave = post->start - 1;
        post->start -= 300 + (int32_t)draw_below(&draw, 2500);
    }
    uint32_t u = draw_below(&draw, 100);

    post->grade = 0;
    while (u >= jobs[post->staff].grades[post->grade].weight)
        u -= jobs[post->staff].grades[post->grade++].weight;
}

static void put_post(struct rows *rows, const struct world *world, uint64_t row,
                     const struct post *post, struct draw *draw)
{
    bool sworn =
        post->staff == OFFICER || post->staff == SPECIAL || post->staff == PCSO;

    put_row_id(rows, row);
    put_char(rows, ',');
    put_str(rows, world->places.forces[post->force].code);
    PUT(rows, ",E");
    put_str(rows, world->places.forces[post->force].code);
    put_number(rows, post->number * 10 + post->entered_twice, 6);
    put_char(rows, ',');
    if (sworn)
        put_number(rows, post->collar, 4);
    put_char(rows, ',');
    put_text(rows, jobs[post->staff].type);
    put_char(rows, ',');
    put_text(rows, jobs[post->staff].grades[post->grade].rank);
    put_char(rows, ',');
    put_text(rows, jobs[post->staff].grades[post->grade].title);
    put_char(rows, ',');
    put_text(rows, units[draw_below(draw, COUNT(units))]);
    put_char(rows, ',');
    put_text(rows, bcus[draw_below(draw, COUNT(bcus))]);
    put_char(rows, ',');
}

/* ---- the person ----------------------------------------------------------------------- */

static void put_name(struct rows *rows, struct part part, bool capitals)
{
    struct word word;

    word_set(&word, part);
    if (capitals)
        word_upper(&word);
    put_word(rows, &word);
}

static const char *title_draw(const struct person *person, struct draw *draw)
{
    uint32_t u = draw_below(draw, 100);

    if (u < 3)
        return "Dr";
    if (!person->female)
        return "Mr";
    return person->previous.len || u < 40 ? "Mrs" : u < 75 ? "Miss" : "Ms";
}

/* "SURNAME, Forename Middle" in the surname column and the others empty. */
static void put_one_column(struct rows *rows, const struct person *person)
{
    PUT(rows, ",,,\"");
    put_name(rows, person->surname, true);
    put_char(rows, ',');
    for (int i = 0; i < FORENAMES; i++)
        if (person->forename[i].len) {
            put_char(rows, ' ');
            put_name(rows, person->forename[i], false);
        }
    PUT(rows, "\",");
}

static void put_names(struct rows *rows, const struct keeping *keeping,
                      const struct person *person, const struct post *post,
                      struct draw *draw)
{
    bool middle = draw_below(draw, 1000) >= keeping->blank_middle;
    bool trailing = draw_below(draw, 1000) < keeping->trailing;

    put_text(rows, title_draw(person, draw));
    put_char(rows, ',');
    if (keeping->one_column) {
        put_one_column(rows, person);
    } else {
        put_name(rows, person->forename[0], keeping->capitals);
        put_char(rows, ',');
        put_name(rows, middle ? person->forename[1] : (struct part){0},
                 keeping->capitals);
        put_char(rows, ',');
        put_name(rows, middle ? person->forename[2] : (struct part){0},
                 keeping->capitals);
        put_char(rows, ',');
        put_name(rows, person->surname, keeping->capitals);
        if (trailing && post->staff == OFFICER) {
            PUT(rows, " PC");
            put_number(rows, post->collar, 4);
        }
        put_char(rows, ',');
    }
    if (draw_below(draw, 1000) < keeping->previous)
        put_name(rows, person->previous, keeping->capitals);
    put_char(rows, ',');
    if (draw_below(draw, 1000) < keeping->known_as)
        put_name(rows, person->known_as, keeping->capitals);
    put_char(rows, ',');
}

/* The manners of one force: 12/07/1984, 12 Jul 1984, 12.7.84, 1984-07-12. */
static void put_mixed_date(struct rows *rows, struct ymd date, struct draw *draw)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    switch (draw_below(draw, 4)) {
    case 0:
        put_date(rows, date);
        break;
    case 1:
        put_number(rows, (uint64_t)date.day, 2);
        put_char(rows, ' ');
        put_bytes(rows, months + 3 * (date.month - 1), 3);
        put_char(rows, ' ');
        put_number(rows, (uint64_t)date.year, 4);
        break;
    case 2:
        put_number(rows, (uint64_t)date.day, 1);
        put_char(rows, '.');
        put_number(rows, (uint64_t)date.month, 1);
        put_char(rows, '.');
        put_number(rows, (uint64_t)date.year % 100, 2);
        break;
    default:
        put_number(rows, (uint64_t)date.day, 2);
        put_char(rows, '/');
        put_number(rows, (uint64_t)date.month, 2);
        put_char(rows, '/');
        put_number(rows, (uint64_t)date.year, 4);
        break;
    }
}

static void put_origin(struct rows *rows, const struct world *world,
                       const struct keeping *keeping, const struct person *person,
                       struct draw *draw)
{
    const struct culture_rule *rule = &culture_rules[person->culture];
    struct address born_at;
    char text[16];

    put_char(rows, person->female ? 'F' : 'M');
    put_char(rows, ',');
    if (draw_below(draw, 100) < 70)
        put_text(rows, person->female ? "woman" : "man");
    put_char(rows, ',');
    if (draw_below(draw, 1000) >= keeping->blank_dob) {
        if (keeping->mixed_dates)
            put_mixed_date(rows, ymd_of(person->born), draw);
        else
            put_day(rows, person->born);
    }
    put_char(rows, ',');
    if (person->abroad) {
        put_text(rows, rule->country);
    } else {
        address_make(&world->places, person->force, person->key, &born_at);
        put_str(rows, born_at.town);
    }
    put_char(rows, ',');
    put_text(rows, person->abroad && draw_below(draw, 100) < 40 ? rule->nationality
                                                                : "British");
    put_char(rows, ',');
    put_text(rows,
             draw_below(draw, 100) < 6 ? "NS" : ethnic_groups[person->ethnic].code);
    put_char(rows, ',');
    person_nino(world, person, text);
    put_text(rows, text);
    put_char(rows, ',');
}

/* ---- where and how to reach them -------------------------------------------------------- */

static void put_address(struct rows *rows, const struct world *world,
                        const struct keeping *keeping, const struct person *person,
                        struct draw *draw)
{
    struct address address;
    int32_t moves[3];
    unsigned count = person_moves(world, person, moves, 3);

    person_address(world, person, 0, &address);
    put_char(rows, '"');
    put_text(rows, address.street);
    PUT(rows, "\",,,");
    put_str(rows, address.town);
    put_char(rows, ',');
    put_str(rows, address.county);
    put_char(rows, ',');
    if (draw_below(draw, 1000) >= keeping->blank_postcode)
        put_text(rows, address.postcode);
    put_char(rows, ',');
    if (count)
        put_day(rows, moves[0]);
    put_char(rows, ',');
    if (count > 1) { /* street, town, postcode, from, to; a bar between addresses */
        put_char(rows, '"');
        for (unsigned i = 1; i < count; i++) {
            if (i > 1)
                put_char(rows, '|');
            person_address(world, person, i, &address);
            put_text(rows, address.street);
            PUT(rows, "; ");
            put_str(rows, address.town);
            PUT(rows, "; ");
            put_text(rows, address.postcode);
            PUT(rows, "; ");
            put_day(rows, moves[i]);
            PUT(rows, "; ");
            put_day(rows, moves[i - 1]);
        }
        put_char(rows, '"');
    }
    put_char(rows, ',');
}

static void put_contacts(struct rows *rows, const struct world *world,
                         const struct keeping *keeping, const struct person *person,
                         const struct post *post, struct draw *draw)
{
    char text[64];

    if (draw_below(draw, 100) < 25) {
        person_landline(world, person, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
    if (draw_below(draw, 1000) >= keeping->blank_phone) {
        person_mobile(world, person, 0, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
    if (draw_below(draw, 100) < 60) {
        person_email(world, person, text);
        put_text(rows, text);
    }
    PUT(rows, ",e");
    put_number(rows, post->number, 5);
    put_char(rows, '.');
    put_str(rows, world->places.forces[post->force].code);
    PUT(rows, "@example.org,");
    if (draw_below(draw, 100) < 45) {
        person_vehicle(world, person, 0, text);
        put_text(rows, text);
    }
    put_char(rows, ',');
}

static void put_partner(struct rows *rows, const struct world *world,
                        const struct person *person, struct draw *draw)
{
    struct person partner;

    if (draw_below(draw, 100) < 75 && member_partner(world, person, &partner)) {
        put_part(rows, partner.forename[0]);
        put_char(rows, ' ');
        put_part(rows, partner.surname);
        put_char(rows, ',');
        if (draw_below(draw, 100) < 70)
            put_day(rows, partner.born);
        put_char(rows, ',');
    } else {
        PUT(rows, ",,");
    }
}

static void put_service(struct rows *rows, const struct post *post, struct draw *draw)
{
    uint32_t u = draw_below(draw, 100);
    int32_t vetted = TODAY - (int32_t)draw_below(draw, 3600);
    int years = 10;
    const char *level = jobs[post->staff].level;

    put_day(rows, post->start);
    put_char(rows, ',');
    if (post->leave)
        put_day(rows, post->leave);
    put_char(rows, ',');
    if (post->leave)
        put_text(rows, leave_reasons[draw_below(draw, COUNT(leave_reasons))]);
    put_char(rows, ',');
    if (post->staff == CONTRACTOR) {
        level = u < 30 ? "NPPV1" : u < 80 ? "NPPV2" : "NPPV3";
        years = 3;
    } else if (u < 18) {
        level = u < 12 ? "MV" : u < 16 ? "SC" : "DV";
        years = 7;
    }
    put_text(rows, level);
    put_char(rows, ',');
    if (vetted < post->start)
        vetted = post->start;
    put_day(rows, vetted);
    put_char(rows, ',');
    put_day(rows, vetted + years * 365 + years / 4);
    put_char(rows, '\n');
}

void workforce_write(const struct world *world, uint64_t row, struct rows *rows,
                     struct rows *groups)
{
    uint64_t post_number = permutation_at(&world->row_order, row);
    bool second = post_number >= world->members;
    uint64_t member =
        second ? (post_number - world->members) * world->stride : post_number;
    struct draw draw = draw_from(world->seed, STREAM_CAREER, post_number);
    struct person person;
    struct post post;

    person_make(world, member, &person);
    post_make(world, &person, second, &post);
    struct keeping keeping = keeping_of(world, post.force);

    rows_reserve(rows);
    put_post(rows, world, row, &post, &draw);
    put_names(rows, &keeping, &person, &post, &draw);
    put_origin(rows, world, &keeping, &person, &draw);
    put_address(rows, world, &keeping, &person, &draw);
    put_contacts(rows, world, &keeping, &person, &post, &draw);
    put_partner(rows, world, &person, &draw);
    put_service(rows, &post, &draw);
    group_write(world, row, &person, groups);
}
