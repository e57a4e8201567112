/*
 * All pairs of a batch of mentions, in stages over many mentions at once, so that each
 * cache line is asked for before it is needed:
 *
 *   facts -> weigh, plan, probes -> table lines -> lists -> sketches -> rows -> hits
 */
#include "match/filter.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 32 };

struct probe {
    uint64_t hash;
    int32_t undated; /* bits that the date must add to: names in the key and rest */
    uint16_t mention;
    uint8_t rank; /* of the key */
};

/* Packed, so that candidates sort as numbers: mention, row, rank of the key. */
typedef uint64_t candidate;

enum { CANDIDATE_ROW_SHIFT = 3, CANDIDATE_MENTION_SHIFT = 40 };

static candidate candidate_pack(uint32_t row, unsigned mention, unsigned rank)
{
    return (uint64_t)mention << CANDIDATE_MENTION_SHIFT |
           (uint64_t)row << CANDIDATE_ROW_SHIFT | rank;
}

static uint32_t candidate_row(candidate c)
{
    return (uint32_t)(c >> CANDIDATE_ROW_SHIFT);
}

static unsigned candidate_mention(candidate c)
{
    return (unsigned)(c >> CANDIDATE_MENTION_SHIFT);
}

static enum piece_rank candidate_rank(candidate c)
{
    return (enum piece_rank)(c & 7);
}

/* A value that a key's piece may take, and the bits of names it brings. */
struct option {
    uint64_t value;
    int32_t bits;
};

struct options {
    unsigned count;
    struct option list[AGREEMENTS_MAX];
};

struct matcher {
    const struct index *index;
    struct ready ready[BATCH];
    struct plan spare;
    struct probe *probes;
    size_t probe_count, probe_room;
    candidate *candidates;
    size_t candidate_count, candidate_room;
    struct matcher_work work;
    int32_t threshold;     /* of this call */
    uint32_t options_made; /* pieces, for the mention in hand */
    struct options options[PIECE_COUNT];
};

struct matcher *matcher_new(const struct index *index)
{
    struct matcher *matcher = aligned_alloc(64, (sizeof(*matcher) + 63) / 64 * 64);

    if (!matcher)
        matcher = memory_new(1, sizeof(*matcher));
    memset(matcher, 0, sizeof(*matcher));
    matcher->index = index;
    return matcher;
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    free(matcher->probes);
    free(matcher->candidates);
    free(matcher);
}

struct matcher_work matcher_work(const struct matcher *matcher)
{
    return matcher->work;
}

static struct hit *add_hit(struct hits *hits)
{
    if (hits->count == hits->room) {
        hits->room = hits->room ? hits->room * 2 : 256;
        hits->list = memory_grow(hits->list, hits->room, sizeof(*hits->list));
    }
    return &hits->list[hits->count++];
}

/* ---- probes -------------------------------------------------------------------------- */

static void add_probe(struct matcher *matcher, unsigned mention, uint64_t hash,
                      int32_t undated, enum piece_rank rank)
{
    if (matcher->probe_count == matcher->probe_room) {
        matcher->probe_room = matcher->probe_room ? matcher->probe_room * 2 : 4096;
        matcher->probes =
            memory_grow(matcher->probes, matcher->probe_room, sizeof(*matcher->probes));
    }
    __builtin_prefetch(table_line(&matcher->index->keys, hash));
    matcher->probes[matcher->probe_count++] =
        (struct probe){hash, undated, (uint16_t)mention, (uint8_t)rank};
}

/* The values that a piece may take for a mention, made when first asked for. */
static void add_option(struct options *options, uint64_t value, int32_t bits)
{
    for (unsigned i = 0; i < options->count; i++)
        if (options->list[i].value == value)
            return;
    options->list[options->count++] = (struct option){value, bits};
}

static uint64_t place_value(const struct place *place, enum piece piece)
{
    if (piece == PIECE_UNIT)
        return place->unit;
    if (piece == PIECE_LINE)
        return place->line;
    return piece == PIECE_SECTOR ? place->sector : place->district;
}

static void place_options(const struct ready *ready, enum piece piece,
                          struct options *options)
{
    for (unsigned i = 0; i < ready->facts.place_count; i++) {
        uint64_t value = place_value(&ready->facts.place[i], piece);

        if (value)
            add_option(options, value, 0);
    }
}

static void make_options(const struct ready *ready, enum piece piece,
                         struct options *options)
{
    uint32_t born = ready->facts.born;

    options->count = 0;
    switch (piece) {
    case PIECE_SURNAME:
        for (unsigned i = 0; i < ready->surname_count; i++)
            add_option(options, ready->surname[i].word, ready->surname[i].most);
        break;
    case PIECE_FORENAME:
        for (unsigned i = 0; i < ready->forename_count; i++)
            add_option(options, ready->forename[i].word, ready->forename[i].most);
        break;
    case PIECE_BORN:
        add_option(options, born, 0);
        break;
    case PIECE_SWAPPED:
        add_option(options, born_swapped(born), 0);
        break;
    case PIECE_MONTH_DAY:
        add_option(options, born & 0xffff, 0);
        break;
    case PIECE_YEAR:
    case PIECE_PARTIAL:
        add_option(options, born >> 16, 0);
        break;
    case PIECE_UNIT:
    case PIECE_LINE:
    case PIECE_SECTOR:
    case PIECE_DISTRICT:
        place_options(ready, piece, options);
        break;
    case PIECE_CROSSED:
    case PIECE_NUMBER:
    case PIECE_COMMON:
    case PIECE_COUNT:
        break;
    }
}

static const struct options *options_of(struct matcher *matcher, unsigned mention,
                                        enum piece piece)
{
    struct options *options = &matcher->options[piece];

    if (!(matcher->options_made >> piece & 1)) {
        matcher->options_made |= 1u << piece;
        make_options(&matcher->ready[mention], piece, options);
    }
    return options;
}

static void probe_numbers(struct matcher *matcher, unsigned mention,
                          const struct planned_key *key, int32_t wanted)
{
    const struct ready *ready = &matcher->ready[mention];
    bool strong = key->pieces == PIECE(PIECE_NUMBER);

    if (key->rest < wanted)
        return;
    for (unsigned i = 0; i < ready->facts.number_count; i++)
        if (ready->number_bits[i] > 0 &&
            (ready->number_bits[i] >= STRONG_NUMBER) == strong)
            add_probe(matcher, mention,
                      key_hash(PIECE(PIECE_NUMBER), ready->facts.number[i], 0, 0),
                      key->rest_undated, pieces_rank(key->pieces));
}

static void probe_crossed(struct matcher *matcher, unsigned mention,
                          const struct planned_key *key, int32_t wanted)
{
    const struct ready *ready = &matcher->ready[mention];
    int32_t swap = matcher->index->model->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits;

    for (unsigned i = 0; i < ready->crossing_count; i++) {
        const struct crossing *c = &ready->crossing[i];
        int32_t names = c->surname_bits + c->forename_bits + swap;

        if (names + key->rest >= wanted)
            add_probe(
                matcher, mention,
                key_hash(key_stored(PIECE(PIECE_CROSSED)), c->surname, c->forename, 0),
                names + key->rest_undated, RANK_CROSSED);
    }
}

static void probe_key(struct matcher *matcher, unsigned mention,
                      const struct planned_key *key, int32_t wanted)
{
    static const struct options nothing = {.count = 1};
    const struct options *options[3] = {&nothing, &nothing, &nothing};
    unsigned n = 0;
    uint16_t stored = key_stored(key->pieces);

    for (unsigned pieces = key->pieces; pieces; pieces &= pieces - 1)
        options[n++] = options_of(matcher, mention, (enum piece)__builtin_ctz(pieces));
    if (!options[0]->count || !options[1]->count || !options[2]->count)
        return;
    /* names come first and best first: the first that falls short ends the loop */
    for (unsigned a = 0; a < options[0]->count; a++) {
        const struct option *first = &options[0]->list[a];

        if (first->bits + options[1]->list[0].bits + key->rest < wanted)
            break;
        for (unsigned b = 0; b < options[1]->count; b++) {
            const struct option *second = &options[1]->list[b];
            int32_t names = first->bits + second->bits;

            if (names + key->rest < wanted)
                break;
            for (unsigned c = 0; c < options[2]->count; c++)
                add_probe(matcher, mention,
                          key_hash(stored, first->value, second->value,
                                   options[2]->list[c].value),
                          names + key->rest_undated, pieces_rank(key->pieces));
        }
    }
}

/* ---- lists ------------------------------------------------------------------------------ */

static void add_candidate(struct matcher *matcher, uint32_t row,
                          const struct probe *probe)
{
    if (matcher->candidate_count == matcher->candidate_room) {
        matcher->candidate_room =
            matcher->candidate_room ? matcher->candidate_room * 2 : 16384;
        matcher->candidates = memory_grow(matcher->candidates, matcher->candidate_room,
                                          sizeof(*matcher->candidates));
    }
    __builtin_prefetch(&matcher->index->sketches[row]);
    matcher->candidates[matcher->candidate_count++] =
        candidate_pack(row, probe->mention, probe->rank);
}

static void read_list(struct matcher *matcher, const struct probe *probe,
                      const struct entry *list, int32_t wanted)
{
    const struct ready *ready = &matcher->ready[probe->mention];
    uint32_t count = list->row;
    int32_t needed = wanted - probe->undated;
    bool any = needed <= matcher->index->date_least;

    matcher->work.entries += count;
    for (uint32_t i = 1; i <= count; i++)
        if (any || date_bound(matcher->index, ready, list[i].born) >= needed)
            add_candidate(matcher, list[i].row, probe);
}

static void read_probes(struct matcher *matcher, int32_t wanted)
{
    const struct index *index = matcher->index;
    struct {
        uint32_t payload, probe;
    } found[64];
    unsigned found_count = 0;

    for (size_t p = 0; p <= matcher->probe_count; p++) {
        size_t at = 0;
        uint32_t payload;

        /* lists are read some probes later, when their first line has arrived */
        if (p == matcher->probe_count || found_count > 48) {
            for (unsigned i = 0; i < found_count; i++)
                read_list(matcher, &matcher->probes[found[i].probe],
                          &index->entries[found[i].payload], wanted);
            found_count = 0;
        }
        if (p == matcher->probe_count)
            break;

        const struct probe *probe = &matcher->probes[p];

        while (table_next(&index->keys, probe->hash, &at, &payload)) {
            if (payload & ONLY_ROW) {
                add_candidate(matcher, payload & ~ONLY_ROW, probe);
                continue;
            }
            if (found_count == COUNT(found)) {
                read_list(matcher, probe, &index->entries[payload], wanted);
                continue;
            }
            __builtin_prefetch(&index->entries[payload]);
            found[found_count].payload = payload;
            found[found_count++].probe = (uint32_t)p;
        }
    }
}

/* ---- the batch --------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Few at a time, and nearly in order: mentions were asked for one after the other. */
static void sort_candidates(candidate *list, size_t count)
{
    if (count > 512) {
        qsort(list, count, sizeof(*list), by_value);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        candidate c = list[i];
        size_t at = i;

        while (at > 0 && list[at - 1] > c) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = c;
    }
}

static int by_left(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    return x->left < y->left ? -1 : x->left > y->left;
}

static void score_row(struct matcher *matcher, struct ready *ready, uint32_t row,
                      uint32_t right, struct hits *hits)
{
    struct hit hit;

    pair_score(matcher->index, ready, row, &hit);
    matcher->work.scored++;
    if (hit.score < matcher->threshold)
        return;
    hit.right = right;
    *add_hit(hits) = hit;
    matcher->work.hits++;
}

/* Everybody is put through the filter: the plan found no cheaper way. */
static void scan(struct matcher *matcher, unsigned mention, const struct bounds *bounds,
                 int32_t wanted)
{
    const struct index *index = matcher->index;
    const struct ready *ready = &matcher->ready[mention];
    struct probe probe = {.mention = (uint16_t)mention, .rank = RANK_PLAIN};

    for (uint32_t row = 0; row < index->people; row++)
        if (may_reach(index, ready, bounds, &index->sketches[row], RANK_PLAIN, wanted))
            add_candidate(matcher, row, &probe);
    matcher->work.scans++;
}

/* Drops the candidates that cannot reach what is wanted. */
static size_t filter(struct matcher *matcher, const struct bounds bounds[BATCH],
                     int32_t wanted)
{
    const struct index *index = matcher->index;
    size_t kept = 0;

    matcher->work.candidates += matcher->candidate_count;
    for (size_t i = 0; i < matcher->candidate_count; i++) {
        candidate c = matcher->candidates[i];
        uint32_t row = candidate_row(c);
        unsigned mention = candidate_mention(c);

        if (!may_reach(index, &matcher->ready[mention], &bounds[mention],
                       &index->sketches[row], candidate_rank(c), wanted))
            continue;
        matcher->candidates[kept++] = c;
        __builtin_prefetch(&index->row_at[row]);
    }
    return kept;
}

/* Filters the candidates, drops repeats, scores the rest. */
static void settle(struct matcher *matcher, const struct bounds bounds[BATCH],
                   int32_t wanted, uint32_t first, struct hits *hits)
{
    const struct index *index = matcher->index;
    size_t kept = filter(matcher, bounds, wanted);

    for (size_t i = 0; i < kept; i++)
        __builtin_prefetch(index_row(index, candidate_row(matcher->candidates[i])));
    sort_candidates(matcher->candidates, kept);
    for (size_t i = 0; i < kept; i++) {
        candidate c = matcher->candidates[i];
        unsigned mention = candidate_mention(c);

        if (i > 0 && c >> CANDIDATE_ROW_SHIFT ==
                         matcher->candidates[i - 1] >> CANDIDATE_ROW_SHIFT)
            continue;
        score_row(matcher, &matcher->ready[mention], candidate_row(c), first + mention,
                  hits);
    }
}

static void find_batch(struct matcher *matcher, const struct person *mentions,
                       unsigned count, uint32_t first, struct hits *hits)
{
    const struct index *index = matcher->index;
    int32_t wanted = matcher->threshold - index->prior;
    struct bounds bounds[BATCH];

    matcher->probe_count = matcher->candidate_count = 0;
    for (unsigned i = 0; i < count; i++) {
        facts_of(&mentions[i], &matcher->ready[i].facts);
        ready_ask(index, &matcher->ready[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        struct ready *ready = &matcher->ready[i];
        struct class class;

        ready_weigh(index, ready);
        class_of(index, ready, &class);
        const struct plan *plan = plan_for(index, &class, &matcher->spare);

        bounds_of(index, ready, &class, &bounds[i]);

        matcher->options_made = 0;
        for (unsigned k = 0; k < plan->count; k++) {
            const struct planned_key *key = &plan->key[k];

            if (key->pieces == 0)
                scan(matcher, i, &bounds[i], wanted);
            else if (key->pieces == PIECE(PIECE_NUMBER) ||
                     key->pieces == PIECE(PIECE_COMMON))
                probe_numbers(matcher, i, key, wanted);
            else if (key->pieces == PIECE(PIECE_CROSSED))
                probe_crossed(matcher, i, key, wanted);
            else
                probe_key(matcher, i, key, wanted);
        }
    }
    matcher->work.mentions += count;
    matcher->work.probes += matcher->probe_count;
    read_probes(matcher, wanted);
    settle(matcher, bounds, wanted, first, hits);
}

static int by_right(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    if (x->right != y->right)
        return x->right < y->right ? -1 : 1;
    return by_left(a, b);
}

void matcher_find(struct matcher *matcher, const struct person *mentions, size_t count,
                  int32_t threshold, struct hits *hits)
{
    matcher->threshold =
        threshold > matcher->index->threshold ? threshold : matcher->index->threshold;
    for (size_t first = 0; first < count; first += BATCH) {
        size_t n = count - first < BATCH ? count - first : BATCH;
        size_t before = hits->count;

        find_batch(matcher, mentions + first, (unsigned)n, (uint32_t)first, hits);
        if (hits->count - before > 1)
            qsort(hits->list + before, hits->count - before, sizeof(*hits->list),
                  by_right);
    }
}

/* ---- the plain twin and single pairs ------------------------------------------------------------- */

void matcher_find_plain(struct matcher *matcher, const struct person *mentions,
                        size_t count, int32_t threshold, struct hits *hits)
{
    matcher->threshold = threshold;
    for (size_t i = 0; i < count; i++) {
        size_t before = hits->count;

        facts_of(&mentions[i], &matcher->ready[0].facts);
        ready_ask(matcher->index, &matcher->ready[0]);
        ready_weigh(matcher->index, &matcher->ready[0]);
        for (uint32_t row = 0; row < matcher->index->people; row++)
            score_row(matcher, &matcher->ready[0], row, (uint32_t)i, hits);
        if (hits->count - before > 1)
            qsort(hits->list + before, hits->count - before, sizeof(*hits->list),
                  by_left);
    }
}

void matcher_score(struct matcher *matcher, uint32_t left, const struct person *mention,
                   struct hit *hit)
{
    facts_of(mention, &matcher->ready[0].facts);
    ready_ask(matcher->index, &matcher->ready[0]);
    ready_weigh(matcher->index, &matcher->ready[0]);
    pair_score(matcher->index, &matcher->ready[0], matcher->index->row_of[left], hit);
    hit->right = 0;
}

void plan_describe(struct matcher *matcher, const struct person *mention,
                   struct out *out)
{
    static const char *names[PIECE_COUNT] = {
        [PIECE_SURNAME] = "surname",
        [PIECE_FORENAME] = "forename",
        [PIECE_BORN] = "date of birth",
        [PIECE_SWAPPED] = "date, day and month swapped",
        [PIECE_CROSSED] = "names swapped",
        [PIECE_YEAR] = "year of birth",
        [PIECE_MONTH_DAY] = "day and month",
        [PIECE_PARTIAL] = "partial date",
        [PIECE_UNIT] = "postcode",
        [PIECE_LINE] = "house and street",
        [PIECE_SECTOR] = "sector",
        [PIECE_DISTRICT] = "district",
        [PIECE_NUMBER] = "a number",
        [PIECE_COMMON] = "a common number",
    };
    struct ready *ready = &matcher->ready[0];
    struct class class;

    facts_of(mention, &ready->facts);
    ready_ask(matcher->index, ready);
    ready_weigh(matcher->index, ready);
    class_of(matcher->index, ready, &class);

    const struct plan *plan = plan_for(matcher->index, &class, &matcher->spare);

    for (unsigned k = 0; k < plan->count; k++) {
        const char *join = "";

        for (unsigned piece = 0; piece < PIECE_COUNT; piece++)
            if (HAS(plan->key[k].pieces, piece)) {
                out_format(out, "%s%s", join, names[piece]);
                join = " + ";
            }
        out_format(out, "%s: about %.1f entries\n",
                   plan->key[k].pieces ? "" : "everybody", plan->key[k].entries);
    }
}
