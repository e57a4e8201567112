/*
 * in_text: people whom only the free text of a record names. Inside the room.
 *
 * A name is two to five words beside one another that are written as names are: capitals
 * first, or in capitals, with particles and initials between them; `SURNAME, Forename` too.
 * Streets, forces, firms, days and the like are no names, nor is an officer by rank. Of a
 * text all in capitals only what follows NAMED AS, KNOWN AS, ALIAS and the like is read.
 */
#ifndef TEXT_IN_TEXT_H
#define TEXT_IN_TEXT_H

#include "text/text.h"

enum { IN_TEXT_NAMES = 3, IN_TEXT_BYTES = 4000 /* of the beginning */ };

struct in_text {
    char room[IN_TEXT_BYTES];       /* the text in ASCII, if it was not */
    struct str name[IN_TEXT_NAMES]; /* as written, in order; the first of more */
    unsigned count;
    uint32_t born; /* full date behind BORN or DOB, if one person is named; else 0 */
};

void in_text_read(struct str text, struct in_text *found);

#endif
