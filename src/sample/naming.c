/*
 * Names of a person by the convention of their culture. One function a convention;
 * the table at the end says which.
 */
#include "sample/naming.h"

#include <assert.h>
#include <string.h>

static struct part part_of(const struct name *name)
{
    return (struct part){name->at, name->len, name};
}

static struct part part_text(const char *text)
{
    return (struct part){text, (uint8_t)strlen(text), NULL};
}

/* a + joint + b in the person's own room; just a when the room is used up. */
static struct part joined(struct person *person, struct part a, const char *joint,
                          struct part b)
{
    size_t joint_len = strlen(joint);
    size_t len = a.len + joint_len + b.len;
    char *to = person->room + person->used;

    if (person->used + len > sizeof(person->room) || len > 40)
        return a;
    memcpy(to, a.at, a.len);
    memcpy(to + a.len, joint, joint_len);
    memcpy(to + a.len + joint_len, b.at, b.len);
    person->used = (uint16_t)(person->used + len);
    return (struct part){to, (uint8_t)len, NULL};
}

static const struct culture *culture_of(const struct world *world,
                                        const struct person *person)
{
    return &world->cultures[person->culture];
}

static const struct name *forename_from(const struct culture *culture, bool female,
                                        int32_t born, struct draw *draw)
{
    const struct list *lists = female ? culture->female : culture->male;
    int decade = 0;

    if (culture->dated) {
        decade = (ymd_of(born).year - 1930) / 10;
        decade = decade < 0 ? 0 : decade >= DECADES ? DECADES - 1 : decade;
    }
    return list_draw(&lists[decade], draw);
}

struct part forename_draw(const struct world *world, const struct person *person,
                          struct draw *draw)
{
    return part_of(
        forename_from(culture_of(world, person), person->female, person->born, draw));
}

static struct part male_forename(const struct world *world, const struct person *person,
                                 struct draw *draw)
{
    return part_of(
        forename_from(culture_of(world, person), false, person->born - 10000, draw));
}

static struct part rare_surname(const struct culture *culture, struct person *person,
                                struct draw *draw)
{
    struct part first = part_of(list_draw(&culture->rare_first, draw));

    return joined(person, first, "", part_of(list_draw(&culture->rare_last, draw)));
}

/* Of 100: the list's thousand names are borne by some 70 %. So two people share a surname
 * as often as in the specification's tables (sum of squares 0.00116). */
enum { RARE_TAIL = 30 };

static struct part british_single(const struct culture *culture, struct person *person,
                                  struct draw *draw)
{
    if (draw_below(draw, 100) < RARE_TAIL)
        return rare_surname(culture, person, draw);
    return part_of(list_draw(&culture->surnames, draw));
}

static struct part british_surname(const struct culture *culture, struct person *person,
                                   struct draw *draw)
{
    struct part surname = british_single(culture, person, draw);

    if (draw_below(draw, 100) < 4)
        surname = joined(person, surname, "-", british_single(culture, person, draw));
    return surname;
}

/* Held in the person's own room, when the other person goes away. */
struct part part_keep(struct person *person, struct part part)
{
    if (part.name || !part.len)
        return part;
    return joined(person, part, "", (struct part){"", 0, NULL});
}

/* Masculine endings and what women bear instead. */
static const struct {
    const char *man, *woman;
} endings[] = {
    {"ski",  "ska"  },
    {"cki",  "cka"  },
    {"dzki", "dzka" },
    {"skyi", "ska"  },
    {"skiy", "skaya"},
    {"sky",  "ska"  },
    {"ov",   "ova"  },
    {"ev",   "eva"  },
    {"in",   "ina"  },
    {"yn",   "yna"  },
    {"as",   "iene" },
    {"is",   "yte"  },
    {"us",   "iene" },
    {"iy",   "aya"  },
};

/* A name of either form as this person bears it. */
static struct part gendered(struct person *person, struct part surname)
{
    for (size_t i = 0; i < COUNT(endings); i++) {
        const char *from = person->female ? endings[i].man : endings[i].woman;
        const char *to = person->female ? endings[i].woman : endings[i].man;
        size_t len = strlen(from);

        if (surname.len > len + 1 &&
            !memcmp(surname.at + surname.len - len, from, len)) {
            struct part stem = {surname.at, (uint8_t)(surname.len - len), NULL};

            return joined(person, stem, "", part_text(to));
        }
    }
    return part_keep(person, surname);
}

struct part surname_draw(const struct world *world, struct person *person,
                         struct draw *draw)
{
    const struct culture *culture = culture_of(world, person);

    switch (culture->rule->surname) {
    case SURNAME_BRITISH:
        return british_surname(culture, person, draw);
    case SURNAME_GENDERED:
        return gendered(person, part_of(list_draw(&culture->surnames, draw)));
    case SURNAME_IBERIAN:
        if (draw_below(draw, 2)) {
            struct part father = part_of(list_draw(&culture->surnames, draw));

            return joined(person, father, " ",
                          part_of(list_draw(&culture->surnames, draw)));
        }
        break;
    case SURNAME_CHAIN:
        return male_forename(world, person, draw);
    case SURNAME_SIKH:
        if (draw_below(draw, 100) < 50)
            return part_text(person->female ? "Kaur" : "Singh");
        break;
    case SURNAME_MUSLIM:
        if (person->female && culture->women.count && draw_below(draw, 100) < 60)
            return part_of(list_draw(&culture->women, draw));
        if (!person->female && draw_below(draw, 100) < 30)
            return male_forename(world, person, draw);
        break;
    case SURNAME_TAMIL:
        if (draw_below(draw, 100) < 60)
            return male_forename(world, person, draw);
        break;
    case SURNAME_INHERITED:
    case SURNAME_ARAB:
    case SURNAME_AFRICAN:
    case SURNAME_EASTERN:
        break;
    }
    return part_of(list_draw(&culture->surnames, draw));
}

/* The first forename of those who have a second one in use by convention. */
static bool is_mohammed(struct part part)
{
    return part.name && part.len >= 7 && part.at[0] == 'M' &&
           (!memcmp(part.at, "Mohamm", 6) || !memcmp(part.at, "Muhamm", 6) ||
            !memcmp(part.at, "Mohame", 6));
}

static struct part english_forename(const struct world *world,
                                    const struct person *person, struct draw *draw)
{
    return part_of(
        forename_from(&world->cultures[0], person->female, person->born, draw));
}

/* Of 100 people with the convention, how many have a second and a third forename. */
static const uint8_t second_forename[] = {
    [SURNAME_INHERITED] = 35, [SURNAME_BRITISH] = 85, [SURNAME_GENDERED] = 30,
    [SURNAME_IBERIAN] = 45,   [SURNAME_CHAIN] = 100,  [SURNAME_SIKH] = 30,
    [SURNAME_MUSLIM] = 40,    [SURNAME_ARAB] = 50,    [SURNAME_TAMIL] = 15,
    [SURNAME_AFRICAN] = 60,   [SURNAME_EASTERN] = 5,
};

static const uint8_t third_forename[] = {
    [SURNAME_INHERITED] = 4, [SURNAME_BRITISH] = 13, [SURNAME_GENDERED] = 1,
    [SURNAME_IBERIAN] = 5,   [SURNAME_CHAIN] = 10,   [SURNAME_SIKH] = 2,
    [SURNAME_MUSLIM] = 6,    [SURNAME_ARAB] = 15,    [SURNAME_TAMIL] = 2,
    [SURNAME_AFRICAN] = 15,  [SURNAME_EASTERN] = 0,
};

static struct part second_name(const struct world *world, struct person *person,
                               struct draw *draw)
{
    enum surname_rule rule = culture_of(world, person)->rule->surname;

    if (rule == SURNAME_CHAIN || (rule == SURNAME_ARAB && draw_below(draw, 2)))
        return male_forename(world, person, draw);
    return forename_draw(world, person, draw);
}

/* Sikhs who bear a family name have Singh or Kaur in the middle, most of them. */
static void sikh_middle(struct person *person, struct draw *draw)
{
    if (!person->surname.name || draw_below(draw, 100) >= 70)
        return;
    person->forename[2] = person->forename[1];
    person->forename[1] = part_text(person->female ? "Kaur" : "Singh");
}

void forenames_make(const struct world *world, struct person *person, struct draw *draw)
{
    const struct culture_rule *rule = culture_of(world, person)->rule;
    unsigned u = draw_below(draw, 100);
    bool calling = false;

    person->forename[0] = forename_draw(world, person, draw);
    if (rule->surname == SURNAME_MUSLIM || rule->surname == SURNAME_CHAIN)
        calling = is_mohammed(person->forename[0]);
    if (draw_below(draw, 1000) < rule->english) {
        person->forename[1] = person->forename[0];
        person->forename[0] = english_forename(world, person, draw);
        if (rule->surname == SURNAME_AFRICAN && draw_below(draw, 4) == 0) {
            struct part first = person->forename[0];

            person->forename[0] = person->forename[1];
            person->forename[1] = first;
        }
        return;
    }
    if (calling || u < second_forename[rule->surname])
        person->forename[1] = second_name(world, person, draw);
    if (person->forename[1].len && u < third_forename[rule->surname])
        person->forename[2] = second_name(world, person, draw);
    if (rule->surname == SURNAME_SIKH)
        sikh_middle(person, draw);
}

void surname_marry(const struct world *world, struct person *person,
                   struct part husband, struct draw *draw)
{
    const struct culture_rule *rule = culture_of(world, person)->rule;
    unsigned u = draw_below(draw, 1000);

    person->previous = (struct part){0};
    if (u < rule->maiden_rate) {
        person->previous = person->surname;
        person->surname = husband;
    } else if (u < rule->maiden_rate + 50u && rule->surname == SURNAME_BRITISH) {
        person->previous = person->surname;
        person->surname = joined(person, person->surname, "-", husband);
    }
}

/* The name of the man's side for a woman and the other way round. */
struct part surname_for(struct person *person, const struct world *world,
                        struct part family)
{
    if (culture_of(world, person)->rule->surname == SURNAME_GENDERED)
        return gendered(person, family);
    return part_keep(person, family);
}

void known_as_make(struct person *person, struct draw *draw)
{
    const struct name *name = person->forename[0].name;
    const struct group *group = name ? name->shorts : NULL;
    unsigned u = draw_below(draw, 100);

    if (u < 6 && person->forename[1].len)
        person->known_as = person->forename[1];
    else if (u < 40 && group && group->count > 1)
        person->known_as =
            part_of(&group->names[1 + draw_below(draw, group->count - 1)]);
}
