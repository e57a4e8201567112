/*
 * The plan: which keys suffice for a mention, derived from the model and priced.
 *
 * A pair that reaches the threshold does so through some combination of agreements:
 * one of each dimension (names, date of birth, place, numbers), or none. Each
 * combination is a bound in bits and a set of pieces that such a pair is sure to share.
 * Combinations whose bound stays below the threshold need not be looked for. The plan
 * is a set of keys such that every other combination contains one of them: the cheapest
 * found by taking, again and again, the key with the least price for what it newly
 * covers, and then dropping the dearest that the rest makes needless.
 *
 * prove.c checks the result from the model's levels, without this file's tables.
 */
#include "match/inner.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define S PIECE(PIECE_SURNAME)
#define F PIECE(PIECE_FORENAME)
#define X PIECE(PIECE_CROSSED)
#define B PIECE(PIECE_BORN)
#define W PIECE(PIECE_SWAPPED)
#define Y PIECE(PIECE_YEAR)
#define M PIECE(PIECE_MONTH_DAY)
#define P PIECE(PIECE_PARTIAL)
#define U PIECE(PIECE_UNIT)
#define L PIECE(PIECE_LINE)
#define C PIECE(PIECE_SECTOR)
#define D PIECE(PIECE_DISTRICT)
#define N PIECE(PIECE_NUMBER)
#define O PIECE(PIECE_COMMON)

/* Cheap and always stored: what a plan can fall back on. Then what price decides. */
const uint16_t key_kinds[] = {
    N,         U,         L,         S | F,     B,         S,         F,
    C,         D,         Y,         M,         P,         S | D,     F | D,
    S | C,     F | C,     C | Y,     C | M,     D | Y,     D | M,     S | Y,
    S | M,     F | Y,     F | M,     S | B,     F | B,     D | B,     C | B,
    S | P,     F | P,     D | P,     S | D | Y, S | D | M, F | D | Y, F | D | M,
    S | F | D, S | F | Y, S | F | M, F | C | Y, F | C | M, S | C | Y, S | C | M,
};
const size_t key_kind_count = COUNT(key_kinds);
_Static_assert(COUNT(key_kinds) <= 64, "kinds are bits of a word");

uint16_t key_stored(uint16_t pieces)
{
    if (pieces == X)
        return S | F;
    if (pieces == O)
        return N;
    return HAS(pieces, PIECE_SWAPPED) ? (uint16_t)((pieces & ~W) | B) : pieces;
}

/* ---- classes of mentions -------------------------------------------------------------- */

static int32_t round_up(int32_t bits, int32_t step)
{
    return bits <= 0
               ? 0
               : (bits + step * BITS_ONE - 1) / (step * BITS_ONE) * step * BITS_ONE;
}

static int32_t bits_at(const struct index *index, enum comparison comparison,
                       unsigned level)
{
    return index->model->level[comparison][level].bits;
}

static void class_names(const struct index *index, const struct ready *ready,
                        struct class *class)
{
    const struct names *names = &ready->facts.names;
    int32_t sex =
        ready->facts.sex ? larger(0, bits_at(index, COMPARE_SEX, SEX_SAME)) : 0;
    int32_t initial =
        larger(0, bits_at(index, COMPARE_FORENAME, FORENAME_INITIAL)) + sex;
    int32_t near = sex, crossed = 0;
    bool full = false;

    if (ready->surname_count)
        class->surname = round_up(ready->surname[0].most, 2);
    if (ready->forename_count)
        class->forename = round_up(ready->forename[0].most, 2);
    for (unsigned i = 0; i < ready->crossing_count; i++)
        crossed = larger(crossed, ready->crossing[i].as_surname.bits +
                                      ready->crossing[i].as_forename.bits);
    if (crossed)
        class->crossed = crossed + bits_at(index, COMPARE_NAME_ORDER, ORDER_SWAPPED);

    if (names->surname_count)
        for (unsigned level = SURNAME_NEAR_92; level <= SURNAME_SOUNDS; level++)
            class->surname_rest =
                larger(class->surname_rest, bits_at(index, COMPARE_SURNAME, level));
    for (unsigned level = FORENAME_NEAR_92; level <= FORENAME_SOUNDS; level++)
        near = larger(near, bits_at(index, COMPARE_FORENAME, level));
    for (unsigned i = 0; i < names->forename_count; i++)
        full |= names->forename[i].kind != NAME_INITIAL;
    if (index->initials ||
        (names->forename_count && names->forename[0].kind == NAME_INITIAL))
        near = larger(near, initial);
    class->forename_rest = names->forename_count == 0 ? sex : full ? near : initial;
    class->residual = ready->middle_most + round_up(ready->others_most, 2);
}

static void class_born(const struct index *index, const struct ready *ready,
                       struct class *class)
{
    uint32_t born = ready->facts.born;
    int32_t one = larger(0, bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_ONE_DIGIT));
    int32_t month = bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_MONTH);
    int32_t year = larger(0, bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_PARTIAL_YEAR));

    if (!(born >> 16))
        return;
    if (index->partial_dates)
        class->partial = larger(year, born & 0xff00 ? month : 0);
    if (!born_full(born)) {
        class->near_year = larger(year, born & 0xff00 ? month : 0);
        return;
    }
    class->exact = round_up(ready->born_exact, 2);
    if (born_may_swap(born))
        class->swapped = larger(0, bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_SWAPPED));
    class->near_year =
        larger(larger(one, bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_YEAR_MONTH)),
               bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_DEFAULT_DAY));
    class->near_day =
        larger(one, bits_at(index, COMPARE_DATE_OF_BIRTH, BORN_NEAR_YEAR));
}

void class_of(const struct index *index, const struct ready *ready, struct class *class)
{
    int32_t strong[COMPARISON_COUNT] = {0}, weak[COMPARISON_COUNT] = {0};

    memset(class, 0, sizeof(*class));
    class_names(index, ready, class);
    class_born(index, ready, class);
    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        const struct weighed_place *place = &ready->place[i];

        class->unit = larger(class->unit, larger(place->unit, place->address));
        class->line = larger(class->line, place->line);
        class->sector = larger(class->sector, round_up(place->sector, 2));
        class->district = larger(class->district, round_up(place->district, 2));
    }
    for (unsigned i = 0; i < ready->facts.number_count; i++) {
        enum comparison comparison = number_comparison(ready->facts.number[i]);

        int32_t bits = ready->number_bits[i];
        int32_t *most = bits >= STRONG_NUMBER ? strong : weak;

        most[comparison] = larger(most[comparison], bits);
    }
    for (unsigned c = 0; c < COMPARISON_COUNT; c++) {
        class->number += strong[c];
        class->common += weak[c];
    }
}

/* Only what plans depend on; the rest stands behind. */
void class_pack(const struct class *class, uint64_t packed[2])
{
    packed[0] = hash_bytes(class, offsetof(struct class, crossed), 1);
    packed[1] = hash_bytes(class, offsetof(struct class, crossed), 2);
}

/* ---- combinations ------------------------------------------------------------------------ */

struct atom {
    int32_t bits;
    uint16_t pieces;
};

struct combination {
    int32_t bound, date;
    int32_t names[2]; /* bits of SURNAME, FORENAME within the bound */
    uint16_t pieces;
};

enum { COMBINATIONS_MAX = 4 * 6 * 3, WORDS = (COMBINATIONS_MAX + 63) / 64 };

struct cover {
    const struct index *index;
    const struct class *class;
    struct combination list[COMBINATIONS_MAX];
    unsigned count, words; /* of 64 combinations, in use */
    double share[PIECE_COUNT];
};

static unsigned name_atoms(const struct class *class, struct combination atoms[4])
{
    unsigned n = 0;
    int32_t s = class->surname, f = class->forename;
    int32_t sr = class->surname_rest, fr = class->forename_rest;

    atoms[n++] = (struct combination){.bound = sr + fr};
    if (s)
        atoms[n++] = (struct combination){
            .bound = s + fr, .names = {s, 0},
                   .pieces = S
        };
    if (f)
        atoms[n++] = (struct combination){
            .bound = sr + f, .names = {0, f},
                   .pieces = F
        };
    if (s && f)
        atoms[n++] = (struct combination){
            .bound = s + f, .names = {s, f},
                   .pieces = S | F
        };
    return n;
}

static unsigned atoms_of(struct atom *to, const struct atom *from, unsigned count)
{
    unsigned n = 0;

    to[n++] = (struct atom){0, 0};
    for (unsigned i = 0; i < count; i++)
        if (from[i].bits > 0)
            to[n++] = from[i];
    return n;
}

/* Every combination that reaches the threshold. */
static void combine(struct cover *cover, int32_t wanted)
{
    const struct class *c = cover->class;
    const struct atom date_atoms[] = {
        {c->exact,     B | Y | M},
        {c->swapped,   W | Y    },
        {c->near_year, Y        },
        {c->near_day,  M        },
        {c->partial,   P        }
    };
    const struct atom place_atoms[] = {
        {c->sector,   C | D},
        {c->district, D    }
    };
    struct combination names[4];
    struct atom dates[6], places[3];
    unsigned name_count = name_atoms(c, names);
    unsigned date_count = atoms_of(dates, date_atoms, COUNT(date_atoms));
    unsigned place_count = atoms_of(places, place_atoms, COUNT(place_atoms));

    cover->count = 0;
    for (unsigned i = 0; i < name_count; i++)
        for (unsigned d = 0; d < date_count; d++)
            for (unsigned p = 0; p < place_count; p++) {
                struct combination *to = &cover->list[cover->count];

                *to = names[i];
                to->date = dates[d].bits;
                to->bound += dates[d].bits + places[p].bits + c->residual;
                to->pieces |= dates[d].pieces | places[p].pieces;
                cover->count += to->bound >= wanted;
            }
}

/* ---- prices ------------------------------------------------------------------------------- */

/*
 * Nanoseconds, measured on Zen 5 with bench/wash (2026): a probe is a key made and a
 * cache line far away; an entry is 8 bytes of a list in order; a visit is a sketch in the
 * filter and, sometimes, a row. Only the choice among plans hangs on them, never what is
 * found.
 */
static const double price_probe = 40, price_entry = 5, price_visit = 15, price_scan = 5;

/* Share of the left that has an agreement of so many bits: m / 2^bits. */
static double share_of(const struct index *index, enum comparison comparison,
                       unsigned level, int32_t bits)
{
    return index->model->level[comparison][level].m * exp2(-(double)bits / BITS_ONE);
}

static double piece_share(const struct index *index, const struct class *class,
                          enum piece piece)
{
    /* dates: 1 in 18,000 days, 55 years, 365 days, one in fifty partial */
    switch (piece) {
    case PIECE_SURNAME:
        return share_of(index, COMPARE_SURNAME, SURNAME_EXACT, class->surname);
    case PIECE_FORENAME:
        return share_of(index, COMPARE_FORENAME, FORENAME_EXACT, class->forename);
    case PIECE_BORN:
    case PIECE_SWAPPED:
        return 1.0 / 18000;
    case PIECE_YEAR:
        return 1.0 / 50;
    case PIECE_MONTH_DAY:
        return 1.0 / 365;
    case PIECE_PARTIAL:
        return 1.0 / 50 / 50;
    case PIECE_SECTOR:
        return share_of(index, COMPARE_PLACE, PLACE_SECTOR, class->sector);
    case PIECE_DISTRICT:
        return share_of(index, COMPARE_PLACE, PLACE_DISTRICT, class->district);
    case PIECE_CROSSED:
    case PIECE_UNIT:
    case PIECE_LINE:
    case PIECE_NUMBER:
    case PIECE_COMMON:
    case PIECE_COUNT:
        break;
    }
    return 1e-6;
}

static double key_entries(const struct cover *cover, uint16_t pieces)
{
    double entries = cover->index->people;

    for (unsigned piece = 0; piece < PIECE_COUNT; piece++)
        if (HAS(pieces, piece))
            entries *= cover->share[piece];
    return entries;
}

/* `visited`: the share of entries that go on; where much is needed of the date, few do. */
static double key_price(double entries, double visited)
{
    return price_probe + entries * (price_entry + visited * price_visit);
}

/* ---- the cheapest cover -------------------------------------------------------------------- */

struct choice {
    uint16_t pieces;
    double entries, price;
    uint64_t covers[WORDS];
};

enum { CHOICES_MAX = 2 * 64 + 2 };

struct choices {
    struct choice list[CHOICES_MAX];
    unsigned count;
    unsigned taken[CHOICES_MAX], taken_count;
};

static bool covers(uint16_t key, const struct combination *combination)
{
    return (key & ~combination->pieces) == 0;
}

static void offer(struct cover *cover, struct choices *choices, uint16_t pieces,
                  int32_t wanted)
{
    struct choice *choice = &choices->list[choices->count];
    bool any = false;
    int32_t least_date = INT32_MAX;

    memset(choice, 0, sizeof(*choice));
    choice->pieces = pieces;
    for (unsigned i = 0; i < cover->count; i++) {
        const struct combination *c = &cover->list[i];

        if (!covers(pieces, c))
            continue;
        any = true;
        choice->covers[i / 64] |= UINT64_C(1) << (i % 64);
        int32_t needed = wanted - (c->bound - c->date);

        least_date = needed < least_date ? needed : least_date;
    }
    if (!any)
        return;
    choice->entries = pieces ? key_entries(cover, pieces) : cover->index->people;
    choice->price = pieces ? key_price(choice->entries, least_date > 0 ? 0.03 : 1)
                           : price_scan * cover->index->people;
    choices->count++;
}

/* The keys of each stored kind, SWAPPED ones beside those of dates. */
static void offer_all(struct cover *cover, struct choices *choices, uint64_t kinds,
                      int32_t wanted)
{
    choices->count = choices->taken_count = 0;
    for (size_t k = 0; k < key_kind_count; k++) {
        if (!(kinds >> k & 1))
            continue;
        offer(cover, choices, key_kinds[k], wanted);
        if (HAS(key_kinds[k], PIECE_BORN))
            offer(cover, choices, (uint16_t)((key_kinds[k] & ~B) | W), wanted);
    }
    offer(cover, choices, 0, wanted);
}

static unsigned newly(const struct choice *choice, const uint64_t left[WORDS],
                      unsigned words)
{
    unsigned n = 0;

    for (unsigned w = 0; w < words; w++)
        n += (unsigned)__builtin_popcountll(choice->covers[w] & left[w]);
    return n;
}

static void take(struct choices *choices, unsigned number, uint64_t left[WORDS])
{
    choices->taken[choices->taken_count++] = number;
    for (unsigned w = 0; w < WORDS; w++)
        left[w] &= ~choices->list[number].covers[w];
}

static void take_cheapest(struct choices *choices, uint64_t left[WORDS], unsigned words)
{
    for (;;) {
        double best = 0;
        unsigned best_number = CHOICES_MAX;

        for (unsigned i = 0; i < choices->count; i++) {
            unsigned n = newly(&choices->list[i], left, words);
            double value = choices->list[i].price / (n ? n : 1);

            if (n && (best_number == CHOICES_MAX || value < best)) {
                best = value;
                best_number = i;
            }
        }
        if (best_number == CHOICES_MAX)
            return;
        take(choices, best_number, left);
    }
}

static bool needless(const struct choices *choices, unsigned without, unsigned words)
{
    for (unsigned w = 0; w < words; w++) {
        uint64_t others = 0;

        for (unsigned k = 0; k < choices->taken_count; k++)
            if (k != without)
                others |= choices->list[choices->taken[k]].covers[w];
        if (choices->list[choices->taken[without]].covers[w] & ~others)
            return false;
    }
    return true;
}

/* Drops the dearest key that the others make needless, until there is none. */
static void drop_needless(struct choices *choices, unsigned words)
{
    for (;;) {
        unsigned worst = CHOICES_MAX;

        for (unsigned k = 0; k < choices->taken_count; k++)
            if (needless(choices, k, words) &&
                (worst == CHOICES_MAX ||
                 choices->list[choices->taken[k]].price >
                     choices->list[choices->taken[worst]].price))
                worst = k;
        if (worst == CHOICES_MAX)
            return;
        choices->taken[worst] = choices->taken[--choices->taken_count];
    }
}

static int32_t names_in(uint16_t pieces, const struct combination *combination)
{
    return (HAS(pieces, PIECE_SURNAME) ? combination->names[0] : 0) +
           (HAS(pieces, PIECE_FORENAME) ? combination->names[1] : 0);
}

/* Leaves each combination to the cheapest key that covers it: the others need not be
 * looked up, nor their entries let through, on its account. */
static void assign(const struct cover *cover, const struct choices *choices,
                   struct plan *plan)
{
    for (unsigned i = 0; i < cover->count; i++) {
        const struct combination *c = &cover->list[i];
        unsigned best = CHOICES_MAX;

        for (unsigned k = 0; k < choices->taken_count; k++) {
            const struct choice *choice = &choices->list[choices->taken[k]];

            if ((choice->covers[i / 64] >> (i % 64) & 1) &&
                (best == CHOICES_MAX ||
                 choice->price < choices->list[choices->taken[best]].price))
                best = k;
        }
        /* take_cheapest() left none without a key. */
        // cppcheck-suppress arrayIndexOutOfBounds
        struct planned_key *key = &plan->key[best];
        int32_t rest = c->bound - names_in(key->pieces, c);

        key->rest = larger(key->rest, rest);
        key->rest_undated = larger(key->rest_undated, rest - c->date);
    }
}

void plan_make(const struct index *index, const struct class *class, uint64_t kinds,
               struct plan *plan)
{
    struct cover cover = {.index = index, .class = class};
    struct choices *choices = memory_new(1, sizeof(*choices));
    uint64_t left[WORDS] = {0};
    int32_t wanted = index->threshold - index->prior;

    combine(&cover, wanted);
    cover.words = (cover.count + 63) / 64;
    for (unsigned piece = 0; piece < PIECE_COUNT; piece++)
        cover.share[piece] = piece_share(index, class, (enum piece)piece);
    offer_all(&cover, choices, kinds, wanted);
    for (unsigned i = 0; i < cover.count; i++)
        left[i / 64] |= UINT64_C(1) << (i % 64);
    take_cheapest(choices, left, cover.words);
    drop_needless(choices, cover.words);

    memset(plan, 0, sizeof(*plan));
    class_pack(class, plan->packed);
    assert(choices->taken_count <= PLAN_KEYS_MAX);
    plan->count = choices->taken_count;
    for (unsigned k = 0; k < plan->count; k++) {
        const struct choice *choice = &choices->list[choices->taken[k]];

        plan->key[k] =
            (struct planned_key){choice->pieces, INT32_MIN, INT32_MIN, choice->entries};
        plan->price += choice->price;
    }
    assign(&cover, choices, plan);
    free(choices);
}

/* ---- keys of agreements that no sketch shows ------------------------------------------- */

/*
 * They need no choosing: each has its own key, looked up whenever it and all of lower
 * rank can reach what is wanted, with bounds that are not rounded.
 */
unsigned forced_keys(const struct index *index, const struct class *class,
                     struct planned_key keys[FORCED_MAX])
{
    int32_t wanted = index->threshold - index->prior;
    int32_t names = larger(class->surname, class->surname_rest) +
                    larger(class->forename, class->forename_rest);
    int32_t date = larger(larger(larger(class->exact, class->swapped), class->partial),
                          larger(class->near_year, class->near_day));
    int32_t place = larger(class->sector, class->district);
    int32_t line = larger(place, class->line);
    int32_t all_names = larger(names, class->crossed);
    int32_t rest = date + class->residual + class->common;
    const struct {
        int32_t bits;
        uint16_t pieces;
        int32_t rest, names; /* names: bits within the key, beside rest */
    } forced[FORCED_MAX] = {
        {class->number, N, rest + all_names + larger(line, class->unit) + class->number,
         0},
        {class->unit,             U,    rest + all_names + class->unit,                     0               },
        {class->crossed,             X, rest + line,                  class->crossed                   },
        {class->line,             L,    rest + names + class->line,                     0},
        {class->common,             O,  rest + names + place,                   0                         },
    };
    unsigned n = 0;

    for (unsigned i = 0; i < FORCED_MAX; i++)
        if (forced[i].bits > 0 && forced[i].rest + forced[i].names >= wanted)
            keys[n++] = (struct planned_key){forced[i].pieces, forced[i].rest,
                                             forced[i].rest - date, 1};
    return n;
}

void plan_whole(const struct index *index, const struct class *class, struct plan *plan)
{
    plan_make(index, class, index->kinds, plan);
    assert(plan->count + FORCED_MAX <= PLAN_KEYS_MAX);
    plan->count += forced_keys(index, class, plan->key + plan->count);
}

/* ---- plans once made are kept ---------------------------------------------------------------- */

/* A quarter is left as room for what threads add at the same moment. */
enum { PLAN_SLOTS = 1 << 16, PLANS_MAX = PLAN_SLOTS / 4 * 3 };

struct plans {
    pthread_mutex_t lock; /* of writers */
    atomic_uint count;
    _Atomic(struct plan *) slot[PLAN_SLOTS];
};

struct plans *plans_new(void)
{
    struct plans *plans = memory_new(1, sizeof(*plans));

    pthread_mutex_init(&plans->lock, NULL);
    return plans;
}

void plans_free(struct plans *plans)
{
    if (!plans)
        return;
    for (size_t i = 0; i < PLAN_SLOTS; i++)
        free(atomic_load(&plans->slot[i]));
    pthread_mutex_destroy(&plans->lock);
    free(plans);
}

static bool same_class(const struct plan *plan, const uint64_t packed[2])
{
    return plan->packed[0] == packed[0] && plan->packed[1] == packed[1];
}

/* The slot of a class: its plan's, or the empty one where it belongs. */
static size_t plan_slot(struct plans *plans, const uint64_t packed[2],
                        struct plan **plan)
{
    size_t at = packed[0] & (PLAN_SLOTS - 1);

    while ((*plan = atomic_load_explicit(&plans->slot[at], memory_order_acquire)) !=
               NULL &&
           !same_class(*plan, packed))
        at = (at + 1) & (PLAN_SLOTS - 1);
    return at;
}

const struct plan *plan_for(const struct index *index, const struct class *class,
                            struct plan *spare)
{
    struct plans *plans = index->plans;
    struct plan *plan, *known;
    uint64_t packed[2];

    class_pack(class, packed);
    plan_slot(plans, packed, &plan);
    if (plan)
        return plan;
    if (atomic_load(&plans->count) >= PLANS_MAX) {
        plan_make(index, class, index->kinds, spare);
        return spare;
    }

    plan = memory_new(1, sizeof(*plan));
    plan_make(index, class, index->kinds, plan);
    pthread_mutex_lock(&plans->lock);
    size_t at = plan_slot(plans, packed, &known);

    if (known) {
        free(plan);
        plan = known;
    } else {
        atomic_fetch_add(&plans->count, 1);
        atomic_store_explicit(&plans->slot[at], plan, memory_order_release);
    }
    pthread_mutex_unlock(&plans->lock);
    return plan;
}
