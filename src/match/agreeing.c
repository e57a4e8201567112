/* u of equal values, exactly: each value's people times its mentions. */
#include "match/em.h"

#include <stdlib.h>

struct hashes {
    uint64_t *list;
    size_t count;
};

/* One hash a person for each kind of value, 0 where there is none. */
static const struct value_kind {
    enum comparison comparison;
    unsigned level;
} kinds[] = {
    {COMPARE_SURNAME,               SURNAME_EXACT },
    {COMPARE_FORENAME,              FORENAME_EXACT},
    {COMPARE_DATE_OF_BIRTH,         BORN_EXACT    },
    {COMPARE_PLACE,                 PLACE_ADDRESS },
    {COMPARE_PLACE,                 PLACE_UNIT    },
    {COMPARE_PHONE,                 NUMBER_SAME   },
    {COMPARE_EMAIL,                 NUMBER_SAME   },
    {COMPARE_NATIONAL_INSURANCE_NO, NUMBER_SAME   },
    {COMPARE_STAFF_NUMBER,          NUMBER_SAME   },
    {COMPARE_VEHICLE,               NUMBER_SAME   },
};

static uint64_t first_name(const struct name *names, unsigned count)
{
    return count && names[0].kind == NAME_WHOLE ? name_hash(names[0].text, names[0].len)
                                                : 0;
}

static uint64_t first_number(const struct facts *facts, enum comparison comparison)
{
    for (unsigned i = 0; i < facts->number_count; i++)
        if (number_comparison(facts->number[i]) == comparison)
            return facts->number[i];
    return 0;
}

static uint64_t value_of(const struct facts *facts, const struct value_kind *kind)
{
    const struct place *place = facts->place_count ? &facts->place[0] : NULL;

    switch ((int)kind->comparison) {
    case COMPARE_SURNAME:
        return first_name(facts->names.surname, facts->names.surname_count);
    case COMPARE_FORENAME:
        return first_name(facts->names.forename, facts->names.forename_count);
    case COMPARE_DATE_OF_BIRTH:
        return born_full(facts->born) ? facts->born : 0;
    case COMPARE_PLACE:
        if (!place || !place->unit)
            return 0;
        if (kind->level == PLACE_UNIT)
            return place->unit;
        return place->house ? hash_mix(place->unit, place->house) : 0;
    default:
        return first_number(facts, kind->comparison);
    }
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void hashes_take(const struct person *people, size_t count,
                        struct hashes hashes[COUNT(kinds)])
{
    struct facts facts;

    for (size_t k = 0; k < COUNT(kinds); k++)
        hashes[k] = (struct hashes){memory_new(count, sizeof(uint64_t)), 0};
    for (size_t i = 0; i < count; i++) {
        facts_of(&people[i], &facts);
        for (size_t k = 0; k < COUNT(kinds); k++) {
            uint64_t value = value_of(&facts, &kinds[k]);

            if (value)
                hashes[k].list[hashes[k].count++] = value;
        }
    }
    for (size_t k = 0; k < COUNT(kinds); k++)
        if (hashes[k].count)
            qsort(hashes[k].list, hashes[k].count, sizeof(uint64_t), by_value);
}

static size_t run_of(const struct hashes *hashes, size_t from)
{
    size_t to = from;

    while (to < hashes->count && hashes->list[to] == hashes->list[from])
        to++;
    return to - from;
}

static uint64_t equal_pairs(const struct hashes *a, const struct hashes *b)
{
    uint64_t equal = 0;

    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->list[i] != b->list[k]) {
            a->list[i] < b->list[k] ? i++ : k++;
            continue;
        }
        size_t left = run_of(a, i), right = run_of(b, k);

        equal += (uint64_t)left * right;
        i += left;
        k += right;
    }
    return equal;
}

void values_agreeing(const struct train_people *people, bool one_file,
                     struct agreeing agreeing[COMPARISON_COUNT][LEVELS_MAX])
{
    struct hashes left[COUNT(kinds)], right[COUNT(kinds)];

    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned l = 0; l < LEVELS_MAX; l++)
            agreeing[c][l] = (struct agreeing){0, 0};
    hashes_take(people->left, people->left_count, left);
    hashes_take(people->right, people->right_count, right);
    for (size_t k = 0; k < COUNT(kinds); k++) {
        struct agreeing *to = &agreeing[kinds[k].comparison][kinds[k].level];
        uint64_t self = one_file ? left[k].count : 0; /* each with itself */

        to->equal = equal_pairs(&left[k], &right[k]) - self;
        to->pairs = (uint64_t)left[k].count * right[k].count - self;
        free(left[k].list);
        free(right[k].list);
    }
    /* a shared address is not counted as a shared postcode as well */
    agreeing[COMPARE_PLACE][PLACE_UNIT].equal -=
        agreeing[COMPARE_PLACE][PLACE_ADDRESS].equal;
}
