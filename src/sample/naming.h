/* naming: names of one person, by the convention of the culture. Inside the room. */
#ifndef SAMPLE_NAMING_H
#define SAMPLE_NAMING_H

#include "sample/person.h"

struct part forename_draw(const struct world *world, const struct person *person,
                          struct draw *draw);
struct part surname_draw(const struct world *world, struct person *person,
                         struct draw *draw);
void forenames_make(const struct world *world, struct person *person,
                    struct draw *draw);
void known_as_make(struct person *person, struct draw *draw);

/* A woman marries: takes the name, joins it to hers, or keeps her own. */
void surname_marry(const struct world *world, struct person *person,
                   struct part husband, struct draw *draw);

/* Another's surname as this person bears it; copied when it was composed. */
struct part surname_for(struct person *person, const struct world *world,
                        struct part family);
struct part part_keep(struct person *person, struct part part);

#endif
