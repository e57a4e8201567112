/*
 * mention: one row of the intelligence extract, and what is true of it.
 * A pure function of the position in the files. Inside the room.
 */
#ifndef SAMPLE_MENTION_H
#define SAMPLE_MENTION_H

#include "sample/crowd.h"
#include "sample/text_rows.h"

/* Names and dates of birth of the workforce: tells when a mention agrees on all of
 * forename, surname and date of birth with a member that it is not about. */
struct roll;

struct roll *roll_make(struct arena *arena, const struct world *world,
                       unsigned threads);

/* The lowest numbered member from `from` on so called and born; false if none. */
bool roll_find(const struct roll *roll, const struct particulars *particulars,
               uint64_t from, uint64_t *member);

struct sample_text {
    struct rows mentions, truth, lookalikes;
    uint64_t true_pairs, lookalike_pairs;
};

extern const char mention_head[];

/* Adds the mention at that position, and its lines of truth and of lookalikes. */
void mention_write(const struct crowd *crowd, const struct roll *roll,
                   uint64_t position, struct sample_text *text);

/* What mention_write writes from; for tests of rates without reading CSV. */
struct mention {
    uint64_t position;
    struct place_in at;
    struct record record;
    enum role role;
    struct particulars said;
    const char *name_type;
    bool in_text; /* the name is only in the free text */
};
void mention_make(const struct crowd *crowd, uint64_t position, struct mention *mention,
                  struct person *person);

#endif
