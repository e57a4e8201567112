/*
 * Where people live and how they are reached. All numbers are of ranges that are kept
 * for drama or were never issued, so that nobody's real ones can appear:
 *   telephones  07700 900000-900999, 020 7946 0000-0999, 0113 496 0000-0999 (Ofcom)
 *   NI numbers  prefix QQ, never allocated (HMRC)
 *   e-mail      example.com, .org, .net (RFC 2606)
 *   vehicles    first letter I, Q or Z, not a DVLA memory tag of the current pattern
 *   PNC ids     year 00 and a check letter that is wrong
 */
#include "sample/person.h"

#include <string.h>

enum { TODAY = 20454, MOVES_MAX = 12 };

unsigned person_moves(const struct world *world, const struct person *person,
                      int32_t moves[], unsigned max)
{
    struct draw draw = draw_from(world->seed, STREAM_LIFE, person->number);
    int32_t day = TODAY;
    unsigned count = 0;

    while (count < max && count < MOVES_MAX) {
        bool young = day - person->born < 30 * 365;

        day -= 20 + (int32_t)draw_wait(&draw, young ? 1826 : 3652);
        if (day < person->born + 17 * 365)
            break;
        moves[count++] = day;
    }
    return count;
}

void person_address(const struct world *world, const struct person *person,
                    unsigned moves_ago, struct address *address)
{
    struct draw draw = draw_from(world->seed, STREAM_LIFE,
                                 person->number ^ (uint64_t)(moves_ago + 1) << 52);
    uint64_t home = draw_bits(&draw);
    unsigned force = person->home_force;

    if (moves_ago == 0)
        home = person->home;
    else if (draw_below(&draw, 100) < 20)
        force = force_draw(world->places.by_population, &draw);
    address_make(&world->places, force, home, address);
}

void person_home(const struct world *world, const struct person *person, int32_t day,
                 struct address *address, bool *current)
{
    int32_t moves[MOVES_MAX];
    unsigned count = person_moves(world, person, moves, MOVES_MAX), ago = 0;

    while (ago < count && moves[ago] > day)
        ago++;
    *current = ago == 0;
    person_address(world, person, ago, address);
}

unsigned member_collar(const struct world *world, uint64_t member)
{
    struct draw draw =
        draw_from(world->seed, STREAM_CAREER, member | (uint64_t)1 << 60);

    return 1000 + draw_below(&draw, 9000);
}

static void digits(char *to, uint64_t n, int count)
{
    while (count--) {
        to[count] = (char)('0' + n % 10);
        n /= 10;
    }
}

static uint64_t contact_bits(const struct world *world, const struct person *person,
                             unsigned which)
{
    struct draw draw = draw_from(world->seed, STREAM_CONTACT, person->number);

    draw.next = which;
    return draw_bits(&draw);
}

void person_mobile(const struct world *world, const struct person *person,
                   unsigned which, char text[16])
{
    memcpy(text, "07700 900000", 13);
    digits(text + 9, (contact_bits(world, person, which) >> 32) % 1000, 3);
}

void person_landline(const struct world *world, const struct person *person,
                     char text[16])
{
    uint64_t bits = contact_bits(world, person, 100) >> 16;

    memcpy(text, bits & 1 ? "020 7946 0000" : "0113 496 0000", 14);
    digits(text + 10, (bits >> 8) % 1000, 3);
}

void person_nino(const struct world *world, const struct person *person, char text[12])
{
    uint64_t bits = contact_bits(world, person, 101) >> 8;

    memcpy(text, "QQ000000A", 10);
    digits(text + 2, bits % 1000000, 6);
    text[8] = "ABCD"[(bits >> 40) % 4];
}

void person_vehicle(const struct world *world, const struct person *person,
                    unsigned which, char text[12])
{
    static const char letters[] = "ABCDEFGHJKLMNOPRSTUVWXY";
    enum { LETTERS = sizeof(letters) - 1 };
    uint64_t bits = contact_bits(world, person, 102 + which);

    text[0] = "IQZ"[bits % 3];
    text[1] = letters[(bits >> 8) % LETTERS];
    digits(text + 2, 2 + (bits >> 16) % 23 + ((bits >> 24) % 2) * 50, 2);
    text[4] = ' ';
    for (int i = 0; i < 3; i++)
        text[5 + i] = letters[(bits >> (32 + 8 * i)) % LETTERS];
    text[8] = 0;
}

static char *put_lower(char *to, struct part part)
{
    for (size_t i = 0; i < part.len && i < 16; i++) {
        char c = part.at[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c >= 'a' && c <= 'z')
            *to++ = c;
    }
    return to;
}

void person_email(const struct world *world, const struct person *person, char text[64])
{
    static const char *const hosts[] = {"@example.com", "@example.org", "@example.net"};
    uint64_t bits = contact_bits(world, person, 104);
    const char *host = hosts[(bits >> 56) % 3];
    char *to = put_lower(text, person->forename[0]);

    *to++ = '.';
    to = put_lower(to, person->surname);
    digits(to, (bits >> 8) % 1000, 3);
    memcpy(to + 3, host, strlen(host) + 1);
}

void person_pnc(const struct world *world, const struct person *person, char text[16])
{
    static const char letters[] = "ZABCDEFGHJKLMNPQRTUVWXY";
    uint64_t serial = (contact_bits(world, person, 105) >> 8) % 10000000;

    memcpy(text, "00/0000000Z", 12);
    digits(text + 3, serial, 7);
    text[10] = letters[(serial + 7) % 23]; /* right would be serial % 23 */
}

struct str person_country(const struct world *world, const struct person *person)
{
    const char *country = world->cultures[person->culture].rule->country;

    return person->abroad ? str_of(country) : STR("");
}
