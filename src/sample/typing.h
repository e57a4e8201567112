/* typing: what fingers, ears and scanners do to one word. Inside the room. */
#ifndef SAMPLE_TYPING_H
#define SAMPLE_TYPING_H

#include "sample/spoil.h"

void word_set(struct word *word, struct part part);
void word_append(struct word *word, const char *text);
bool word_shorten(struct word *word, unsigned letters); /* false if it is that short */

/* One edit in four words of five, two in most others (Damerau 1964): a known rewriting
 * by ear, or a slip of the fingers. The word is different afterwards. */
void word_mistype(struct word *word, struct draw *draw);

/* Another romanisation by rule; false if no rule fits. */
bool word_romanise(struct word *word, enum romanising romanising, struct draw *draw);

bool word_misread(struct word *word, struct draw *draw, uint32_t per_million);
bool word_plain(struct word *word);                        /* accents dropped */
bool word_unjoin(struct word *word, struct draw *draw);    /* hyphen, apostrophe, Mc */
bool word_drop_particle(struct word *word);                /* al-, de, van */
bool word_keep_part(struct word *word, struct draw *draw); /* of a double name */
void word_upper(struct word *word);

/* A different forename, or the second one in the place of the first. */
void forename_other(const struct world *world, const struct person *person,
                    struct draw *draw, struct word *word);

void date_digit_wrong(struct draw *draw, struct ymd *date);
void postcode_mistype(char *postcode, struct draw *draw);

#endif
