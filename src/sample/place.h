/*
 * place: forces, postcodes, streets. An address is a function of one number.
 *
 * Postcodes have the shape of real ones (area, district, sector, unit); about fifteen
 * addresses share a unit, and a unit is one stretch of one street, so that neighbours
 * agree on street and postcode as they do in the world.
 */
#ifndef SAMPLE_PLACE_H
#define SAMPLE_PLACE_H

#include "sample/tables.h"

enum { FORCE_MAX = 64, AREA_MAX = 160, FORCE_AREAS = 28, FORCE_DRAWS = 4096 };

struct area {
    struct str code, towns[4], county;
    int first, last, town_count; /* districts */
};

struct force {
    struct str code, name;
    uint32_t workforce, population; /* weights */
    uint16_t areas[FORCE_AREAS], area_count;
};

struct places {
    struct force forces[FORCE_MAX];
    struct area areas[AREA_MAX];
    uint32_t force_count, area_count;
    /* forces in proportion to their weights: drawn by one look-up */
    uint8_t by_workforce[FORCE_DRAWS], by_population[FORCE_DRAWS];
    struct list streets, street_types;
};

void places_read(struct arena *arena, struct places *places);

static inline unsigned force_draw(const uint8_t by[FORCE_DRAWS], struct draw *draw)
{
    return by[draw_bits(draw) >> 52];
}

struct address {
    char street[96]; /* "Flat 3, 12 Mill Road" */
    char postcode[10], outward[6];
    struct str town, county;
};

/* The address with that number, within the area of a force. */
void address_make(const struct places *places, unsigned force, uint64_t home,
                  struct address *address);

#endif
