#include "sample/place.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint32_t number(struct str text)
{
    uint32_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n = n * 10 + (uint32_t)(text.at[i] - '0');
    return n;
}

static void read_areas(struct places *places, struct str rest)
{
    struct str line, range, towns, low;

    while (table_line(&rest, &line)) {
        struct area *area = &places->areas[places->area_count++];

        assert(places->area_count <= AREA_MAX);
        str_cut(&line, '|', &area->code);
        str_cut(&line, '|', &range);
        str_cut(&line, '|', &towns);
        area->county = line;
        str_cut(&range, '-', &low);
        area->first = (int)number(low);
        area->last = (int)number(range);
        while (area->town_count < 4 &&
               str_cut(&towns, ';', &area->towns[area->town_count]))
            area->town_count++;
    }
}

static uint16_t area_number(const struct places *places, struct str code)
{
    for (uint16_t i = 0; i < places->area_count; i++)
        if (str_same(places->areas[i].code, code))
            return i;
    assert(false && "every area of a force is in the list of areas");
    return 0;
}

static void read_forces(struct places *places, struct str rest)
{
    struct str line, weight, code;

    while (table_line(&rest, &line)) {
        struct force *force = &places->forces[places->force_count++];

        assert(places->force_count <= FORCE_MAX);
        str_cut(&line, '|', &force->code);
        str_cut(&line, '|', &force->name);
        str_cut(&line, '|', &weight);
        force->workforce = number(weight);
        str_cut(&line, '|', &weight);
        force->population = number(weight);
        while (force->area_count < FORCE_AREAS && str_cut(&line, ' ', &code))
            force->areas[force->area_count++] = area_number(places, code);
    }
}

static void spread(const struct places *places, bool workforce, uint8_t by[FORCE_DRAWS])
{
    uint64_t sum = 0, so_far = 0;

    for (uint32_t f = 0; f < places->force_count; f++)
        sum += workforce ? places->forces[f].workforce : places->forces[f].population;
    assert(sum > 0); /* of the places built in */
    for (uint32_t f = 0, at = 0; f < places->force_count; f++) {
        so_far +=
            workforce ? places->forces[f].workforce : places->forces[f].population;
        while (at < so_far * FORCE_DRAWS / sum)
            by[at++] = (uint8_t)f;
    }
}

void places_read(struct arena *arena, struct places *places)
{
    struct str text = table_text("places");

    memset(places, 0, sizeof(*places));
    read_areas(places, table_section(text, "areas"));
    read_forces(places, table_section(text, "forces"));
    spread(places, true, places->by_workforce);
    spread(places, false, places->by_population);
    places->streets = list_read(arena, "places", "streets", NULL, NULL);
    places->street_types = list_read(arena, "places", "street-types", NULL, NULL);
}

static char *put(char *to, struct str text)
{
    memcpy(to, text.at, text.len);
    return to + text.len;
}

static char *put_small(char *to, unsigned n) /* 0 to 999 */
{
    if (n >= 100)
        *to++ = (char)('0' + n / 100);
    if (n >= 10)
        *to++ = (char)('0' + n / 10 % 10);
    *to++ = (char)('0' + n % 10);
    return to;
}

/* Half the people live in the lowest quarter of the districts: the town's middle. */
static unsigned district_draw(const struct area *area, struct draw *draw)
{
    uint64_t u = draw_bits(draw) >> 32;
    uint64_t squared = u * u >> 32;

    return (unsigned)area->first +
           (unsigned)((squared * (uint64_t)(area->last - area->first + 1)) >> 32);
}

static const struct area *area_draw(const struct places *places, unsigned force,
                                    struct draw *draw)
{
    const struct force *at = &places->forces[force];
    uint64_t u = draw_bits(draw) >> 32;
    uint64_t squared = u * u >> 32;

    return &places->areas[at->areas[(squared * at->area_count) >> 32]];
}

/* Units of postcodes do without C I K M O V. */
static const char unit_letters[] = "ABDEFGHJLNPQRSTUWXYZ";
enum { UNIT_LETTERS = sizeof(unit_letters) - 1, UNITS_IN_SECTOR = 60 };

static void street_write(const struct places *places, struct draw *unit, unsigned house,
                         unsigned flat, struct address *address)
{
    const struct name *street = list_draw(&places->streets, unit);
    const struct name *type = list_draw(&places->street_types, unit);
    char *to = address->street;

    house = 1 + draw_below(unit, 60) + house * 2;
    if (flat) {
        to = put(to, STR("Flat "));
        to = put_small(to, flat);
        to = put(to, STR(", "));
    }
    to = put_small(to, house);
    *to++ = ' ';
    to = put(to, (struct str){street->at, street->len});
    *to++ = ' ';
    to = put(to, (struct str){type->at, type->len});
    *to = 0;
}

void address_make(const struct places *places, unsigned force, uint64_t home,
                  struct address *address)
{
    struct draw draw = {home, 0};
    const struct area *area = area_draw(places, force, &draw);
    unsigned district = district_draw(area, &draw);
    unsigned sector = 1 + draw_below(&draw, 9);
    unsigned unit = draw_below(&draw, UNITS_IN_SECTOR);
    unsigned house = draw_below(&draw, 15);
    unsigned flat = draw_below(&draw, 100) < 9 ? 1 + draw_below(&draw, 24) : 0;
    uint64_t place =
        (uint64_t)(area - places->areas) << 32 | district << 16 | sector << 8 | unit;
    struct draw there = draw_from(0, STREAM_HOME, place);
    char *to = address->outward;

    to = put(to, area->code);
    to = put_small(to, district);
    *to = 0;
    to = put(address->postcode,
             (struct str){address->outward, strlen(address->outward)});
    *to++ = ' ';
    *to++ = (char)('0' + sector);
    unit = unit * 6 + draw_below(&there, 6); /* 60 of the 400 pairs, others by sector */
    *to++ = unit_letters[unit / UNIT_LETTERS];
    *to++ = unit_letters[unit % UNIT_LETTERS];
    *to = 0;
    address->town = area->towns[area->town_count > 1 && draw_below(&there, 100) >= 60
                                    ? draw_below(&there, (uint32_t)area->town_count)
                                    : 0];
    address->county = area->county;
    street_write(places, &there, house, flat, address);
}
