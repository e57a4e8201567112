/*
 * Proof (c) of promise P1: every combination of levels whose bound reaches the threshold
 * holds a key that the plan looks up, and would pass that key's test on the date.
 *
 * It walks through the model's levels themselves, not through plan.c's combinations:
 * what each level implies is written down here a second time, on purpose, as a table.
 */
#include "match/inner.h"

#include <stdio.h>
#include <string.h>

/* A level of one comparison, or one case of it: the most it can add, what is shared. */
struct case_of {
    enum comparison comparison;
    unsigned level;
    size_t bound; /* offset in struct class of a bound; NO_BOUND: the model's bits */
    uint16_t pieces;
};

#define BOUND(member) offsetof(struct class, member)
#define NO_BOUND      SIZE_MAX

static const struct case_of surname_cases[] = {
    {COMPARE_SURNAME, SURNAME_MISSING,   NO_BOUND,            0                   },
    {COMPARE_SURNAME, SURNAME_EXACT,     BOUND(surname),      PIECE(PIECE_SURNAME)},
    {COMPARE_SURNAME, SURNAME_OTHER,     BOUND(surname),      PIECE(PIECE_SURNAME)},
    {COMPARE_SURNAME, SURNAME_VARIANT,   BOUND(surname),      PIECE(PIECE_SURNAME)},
    {COMPARE_SURNAME, SURNAME_PART,      BOUND(surname),      PIECE(PIECE_SURNAME)},
    {COMPARE_SURNAME, SURNAME_NEAR_92,   BOUND(surname_rest), 0                   },
    {COMPARE_SURNAME, SURNAME_NEAR_88,   BOUND(surname_rest), 0                   },
    {COMPARE_SURNAME, SURNAME_SOUNDS,    BOUND(surname_rest), 0                   },
    {COMPARE_SURNAME, SURNAME_DIFFERENT, NO_BOUND,            0                   },
};

/* The sex is counted in forename_rest. */
static const struct case_of forename_cases[] = {
    {COMPARE_FORENAME, FORENAME_MISSING,   BOUND(forename_rest), 0                    },
    {COMPARE_FORENAME, FORENAME_EXACT,     BOUND(forename),      PIECE(PIECE_FORENAME)},
    {COMPARE_FORENAME, FORENAME_OTHER,     BOUND(forename),      PIECE(PIECE_FORENAME)},
    {COMPARE_FORENAME, FORENAME_VARIANT,   BOUND(forename),      PIECE(PIECE_FORENAME)},
    {COMPARE_FORENAME, FORENAME_NEAR_92,   BOUND(forename_rest), 0                    },
    {COMPARE_FORENAME, FORENAME_NEAR_88,   BOUND(forename_rest), 0                    },
    {COMPARE_FORENAME, FORENAME_SOUNDS,    BOUND(forename_rest), 0                    },
    {COMPARE_FORENAME, FORENAME_INITIAL,   BOUND(forename_rest), 0                    },
    {COMPARE_FORENAME, FORENAME_DIFFERENT, BOUND(forename_rest), 0                    },
};

/* One digit wrong leaves the year or the day and month as they are: two cases. */
static const struct case_of born_cases[] = {
    {COMPARE_DATE_OF_BIRTH, BORN_MISSING,       NO_BOUND,         0                     },
    {COMPARE_DATE_OF_BIRTH, BORN_EXACT,         BOUND(exact),
     PIECE(PIECE_BORN) | PIECE(PIECE_YEAR) | PIECE(PIECE_MONTH_DAY)                     },
    {COMPARE_DATE_OF_BIRTH, BORN_SWAPPED,       BOUND(swapped),
     PIECE(PIECE_SWAPPED) | PIECE(PIECE_YEAR)                                           },
    {COMPARE_DATE_OF_BIRTH, BORN_ONE_DIGIT,     BOUND(near_year), PIECE(PIECE_YEAR)     },
    {COMPARE_DATE_OF_BIRTH, BORN_ONE_DIGIT,     BOUND(near_day),  PIECE(PIECE_MONTH_DAY)},
    {COMPARE_DATE_OF_BIRTH, BORN_NEAR_YEAR,     BOUND(near_day),  PIECE(PIECE_MONTH_DAY)},
    {COMPARE_DATE_OF_BIRTH, BORN_YEAR_MONTH,    BOUND(near_year), PIECE(PIECE_YEAR)     },
    {COMPARE_DATE_OF_BIRTH, BORN_DEFAULT_DAY,   BOUND(near_year), PIECE(PIECE_YEAR)     },
    {COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_MONTH, BOUND(near_year), PIECE(PIECE_YEAR)     },
    {COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_YEAR,  BOUND(near_year), PIECE(PIECE_YEAR)     },
    {COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_MONTH, BOUND(partial),   PIECE(PIECE_PARTIAL)  },
    {COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_YEAR,  BOUND(partial),   PIECE(PIECE_PARTIAL)  },
    {COMPARE_DATE_OF_BIRTH, BORN_WITHIN_5,      NO_BOUND,         0                     },
    {COMPARE_DATE_OF_BIRTH, BORN_DIFFERENT,     NO_BOUND,         0                     },
};

static const struct case_of place_cases[] = {
    {COMPARE_PLACE, PLACE_MISSING,   NO_BOUND,        0                    },
    {COMPARE_PLACE, PLACE_ADDRESS,   BOUND(unit),     PIECE(PIECE_UNIT)    },
    {COMPARE_PLACE, PLACE_UNIT,      BOUND(unit),     PIECE(PIECE_UNIT)    },
    {COMPARE_PLACE, PLACE_LINE,      BOUND(line),     PIECE(PIECE_LINE)    },
    {COMPARE_PLACE, PLACE_SECTOR,    BOUND(sector),
     PIECE(PIECE_SECTOR) | PIECE(PIECE_DISTRICT)                           },
    {COMPARE_PLACE, PLACE_DISTRICT,  BOUND(district), PIECE(PIECE_DISTRICT)},
    {COMPARE_PLACE, PLACE_DIFFERENT, NO_BOUND,        0                    },
};

static const struct case_of number_cases[] = {
    {COMPARE_PHONE, NUMBER_MISSING, NO_BOUND,      0                  },
    {COMPARE_PHONE, NUMBER_SAME,    BOUND(number), PIECE(PIECE_NUMBER)},
};

static const struct case_of common_cases[] = {
    {COMPARE_PHONE, NUMBER_MISSING, NO_BOUND,      0                  },
    {COMPARE_PHONE, NUMBER_SAME,    BOUND(common), PIECE(PIECE_COMMON)},
};

static int32_t case_bits(const struct model *model, const struct class *class,
                         const struct case_of *c)
{
    int32_t bits;

    if (c->bound == NO_BOUND)
        return c->level ? model->level[c->comparison][c->level].bits : 0;
    memcpy(&bits, (const char *)class + c->bound, sizeof(bits));
    return bits;
}

/* Whether this class can have the case: a bound of nothing with pieces cannot happen. */
static bool possible(const struct class *class, const struct case_of *c)
{
    int32_t bits;

    if (c->pieces == 0)
        return true;
    memcpy(&bits, (const char *)class + c->bound, sizeof(bits));
    return bits > 0;
}

struct walk {
    const struct index *index;
    const struct class *class;
    const struct plan *plan;
    size_t without;
    int32_t wanted;
    uint64_t covered;
};

struct sums { /* of one combination */
    int32_t surname, forename, crossed, date, place, number;
    uint16_t pieces;
};

static bool key_finds(const struct walk *walk, const struct planned_key *key,
                      const struct sums *sums)
{
    int32_t bound = sums->surname + sums->forename + sums->crossed + sums->date +
                    sums->place + sums->number + walk->class->residual;
    int32_t names = (HAS(key->pieces, PIECE_SURNAME) ? sums->surname : 0) +
                    (HAS(key->pieces, PIECE_FORENAME) ? sums->forename : 0) +
                    (HAS(key->pieces, PIECE_CROSSED) ? sums->crossed : 0);

    if (key->pieces & ~sums->pieces)
        return false;
    /* the filter of a key's candidates knows nothing of agreements of higher rank, and
     * those of lower rank have their own key */
    if (pieces_rank(key->pieces) != pieces_rank(sums->pieces))
        return false;
    return key->rest >= bound - names &&
           key->rest_undated >= bound - names - sums->date;
}

static bool found(const struct walk *walk, const struct sums *sums)
{
    for (size_t k = 0; k < walk->plan->count; k++)
        if (k != walk->without && key_finds(walk, &walk->plan->key[k], sums))
            return true;
    return false;
}

/* Dates, places and numbers under given names. */
static bool walk_rest(struct walk *walk, const struct sums *names, const char *what,
                      struct err *err)
{
    const struct model *model = walk->index->model;

    for (size_t d = 0; d < COUNT(born_cases); d++)
        for (size_t p = 0; p < COUNT(place_cases); p++)
            for (size_t n = 0; n < COUNT(number_cases) * COUNT(common_cases); n++) {
                const struct case_of *number = &number_cases[n % 2];
                const struct case_of *common = &common_cases[n / 2];
                struct sums sums = *names;

                if (!possible(walk->class, &born_cases[d]) ||
                    !possible(walk->class, &place_cases[p]) ||
                    !possible(walk->class, number) || !possible(walk->class, common))
                    continue;
                sums.date = case_bits(model, walk->class, &born_cases[d]);
                sums.place = case_bits(model, walk->class, &place_cases[p]);
                sums.number = case_bits(model, walk->class, number) +
                              case_bits(model, walk->class, common);
                sums.pieces |= born_cases[d].pieces | place_cases[p].pieces |
                               number->pieces | common->pieces;
                if (sums.surname + sums.forename + sums.crossed + sums.date +
                        sums.place + sums.number + walk->class->residual <
                    walk->wanted)
                    continue;
                if (!found(walk, &sums))
                    return err_set(
                        err, ERR_INPUT,
                        "the plan loses %s, date of birth \"%s\", place \"%s\"%s: "
                        "please "
                        "report this with the model",
                        what,
                        model->level[COMPARE_DATE_OF_BIRTH][born_cases[d].level].name,
                        model->level[COMPARE_PLACE][place_cases[p].level].name,
                        n ? ", a number" : "");
                walk->covered++;
            }
    return true;
}

bool plan_covers(const struct index *index, const struct class *class,
                 const struct plan *plan, size_t without, uint64_t *covered,
                 struct err *err)
{
    const struct model *model = index->model;
    struct walk walk = {index, class, plan, without, index->threshold - index->prior,
                        0};
    bool ok = true;

    for (size_t s = 0; s < COUNT(surname_cases) && ok; s++)
        for (size_t f = 0; f < COUNT(forename_cases) && ok; f++) {
            char what[128];
            struct sums sums = {
                .surname = case_bits(model, class, &surname_cases[s]),
                .forename = case_bits(model, class, &forename_cases[f]),
                .pieces = surname_cases[s].pieces | forename_cases[f].pieces,
            };

            if (!possible(class, &surname_cases[s]) ||
                !possible(class, &forename_cases[f]))
                continue;
            snprintf(what, sizeof(what), "surname \"%s\", forename \"%s\"",
                     model->level[COMPARE_SURNAME][s].name,
                     model->level[COMPARE_FORENAME][f].name);
            ok = walk_rest(&walk, &sums, what, err);
        }
    if (ok && class->crossed) {
        struct sums sums = {.crossed = class->crossed, .pieces = PIECE(PIECE_CROSSED)};

        ok = walk_rest(&walk, &sums, "names swapped", err);
    }
    *covered += walk.covered;
    return ok;
}

/* ---- every class that a mention can have, on a grid of bounds ---------------------------- */

static int32_t whole_bits(int bits)
{
    return bits * BITS_ONE;
}

/* Which dates, places and numbers a mention may have; names are the outer loops. */
static void grid_rest(const struct index *index, unsigned number, struct class *class)
{
    const struct model *model = index->model;
    const struct level *born = model->level[COMPARE_DATE_OF_BIRTH];
    static const int exact[] = {0, 14, 15, 9, 0}, unit[] = {0, 16, 20},
                     near[] = {0, 6, 9};
    unsigned date = number % 5, place = number / 5 % 3, tail = number / 15 % 4;

    class->exact = class->swapped = class->near_year = class->near_day = 0;
    class->partial = date && index->partial_dates ? born[BORN_PARTIAL_MONTH].bits : 0;
    if (date == 4) { /* year and month only */
        class->near_year = born[BORN_PARTIAL_MONTH].bits;
    } else if (date) {
        class->exact = whole_bits(exact[date]);
        class->swapped = date == 2 ? born[BORN_SWAPPED].bits : 0;
        class->near_year = class->near_day = born[BORN_ONE_DIGIT].bits;
        if (born[BORN_NEAR_YEAR].bits > class->near_day)
            class->near_day = born[BORN_NEAR_YEAR].bits;
    }
    class->unit = whole_bits(unit[place]);
    class->line = place == 2 ? whole_bits(12) : 0;
    class->sector = whole_bits(near[place]);
    class->district = place ? whole_bits(3 + (int)place) : 0;
    class->number = tail & 1 ? whole_bits(24) : 0;
    class->common = tail & 2 ? whole_bits(10) : 0;
    class->residual =
        place == 1 ? model->level[COMPARE_MIDDLE_NAMES][MIDDLE_AGREE].bits : 0;
    if (class->residual < 0)
        class->residual = 0;
    if (index->model->other_count) /* other columns are found by no key */
        class->residual += whole_bits(8 * (int)(tail + place));
}

static void grid_names(const struct index *index, unsigned surname, unsigned forename,
                       struct class *class)
{
    const struct model *model = index->model;

    class->surname = whole_bits((int)surname);
    class->forename = whole_bits((int)forename);
    class->surname_rest = model->level[COMPARE_SURNAME][SURNAME_NEAR_92].bits;
    class->forename_rest = model->level[COMPARE_FORENAME][FORENAME_INITIAL].bits +
                           model->level[COMPARE_SEX][SEX_SAME].bits;
    class->crossed =
        surname % 4 == 2 && forename ? whole_bits((int)(surname + forename)) : 0;
}

bool plan_prove(const struct index *index, size_t without, uint64_t *covered,
                struct err *err)
{
    *covered = 0;
    for (unsigned surname = 0; surname <= 14; surname += 2)
        for (unsigned forename = 0; forename <= 12; forename += 3)
            for (unsigned rest = 0; rest < 60; rest++) {
                struct class class;
                struct plan plan;

                memset(&class, 0, sizeof(class));
                grid_names(index, surname, forename, &class);
                grid_rest(index, rest, &class);
                plan_whole(index, &class, &plan);
                if (without != SIZE_MAX && without >= plan.count)
                    continue;
                if (!plan_covers(index, &class, &plan, without, covered, err))
                    return false;
            }
    return true;
}
