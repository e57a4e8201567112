/*
 * The words of a name as written, upper case, each with what it is known for.
 * Inside the room.
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include "text/text.h"

enum word_flag {
    WORD_HYPHEN = 1,   /* joined to the word before by a hyphen */
    WORD_COMMA = 2,    /* a comma stands before it */
    WORD_ALIAS = 4,    /* in brackets or quotes, or after AKA */
    WORD_MAIDEN = 8,   /* after NEE or FORMERLY */
    WORD_CAPITALS = 16 /* two letters or more, none of them small */
};

/* What a word is known for; may be several. */
enum word_role {
    ROLE_LEAD = 1,        /* MR: dropped in front of a name */
    ROLE_TAIL = 2,        /* JUNIOR: dropped behind a name */
    ROLE_ALONE = 4,       /* UNKNOWN: no name if nothing else is written */
    ROLE_ANYWHERE = 8,    /* NFA: dropped wherever it stands */
    ROLE_LEAD_FULL = 16,  /* DI: a rank before a full name, else a particle */
    ROLE_ALIAS = 32,      /* AKA: another name follows */
    ROLE_MAIDEN = 64,     /* NEE: another surname follows */
    ROLE_PARTICLE = 128,  /* VAN: the surname is known with and without */
    ROLE_JOIN = 256,      /* MC: one word with the next */
    ROLE_JOIN_FULL = 512, /* the same inside a full name */
    ROLE_FORENAME = 1024, /* ABDUL: joined to the next word in forenames */
};

struct word {
    char text[NAME_MAX + 1]; /* zeros behind the letters */
    uint16_t role;           /* enum word_role, or-ed */
    uint8_t len;
    uint8_t flags; /* enum word_flag, or-ed */
};

enum { WORDS_MAX = 16 };

struct words {
    struct word word[WORDS_MAX];
    unsigned count;
    bool too_many; /* some were left out */
};

/* Splits an ASCII text. Words without a letter are left out. */
void words_of(struct str ascii, struct words *words);

/* The role of A-Z text padded with zeros to NAME_MAX + 1 bytes; 0 for ordinary words. */
unsigned word_role(const char *text, size_t len);

#endif
