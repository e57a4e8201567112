/*
 * All pairs of a batch of mentions, in stages over many mentions at once, so that each
 * cache line is asked for before it is needed:
 *
 *   facts -> weigh, plan, probes -> table lines -> lists -> filter -> rows -> hits
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

/* Where a list begins, or an only row, as the table of keys has it. */
struct found {
    uint32_t payload, probe;
};

/* Rows of lists, for the filter. */
struct candidates {
    uint32_t *row;
    int32_t *date;  /* the most that its date earns, or DATE_UNSEEN */
    uint32_t *rank; /* of the key */
    size_t count, room;
};

enum { DATE_UNSEEN = INT32_MIN };

/* What the filter left, to be scored. */
struct kept {
    uint32_t row;
    int32_t names; /* the most that the names earn */
};

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
    struct bounds bounds[BATCH];
    bool scans[BATCH]; /* everybody goes through the filter */
    struct probe *probes;
    size_t probe_count, probe_room;
    struct found *found;
    size_t found_count, found_room;
    struct candidates candidates;
    size_t candidate_end[BATCH];
    struct kept *kept;
    size_t kept_count, kept_room;
    size_t kept_end[BATCH];
    const struct lanes_way *way;
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
    matcher->way = lanes_best();
    return matcher;
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    free(matcher->probes);
    free(matcher->found);
    free(matcher->candidates.row);
    free(matcher->candidates.date);
    free(matcher->candidates.rank);
    free(matcher->kept);
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
    ask_line(table_line(&matcher->index->keys, hash));
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
        int32_t names = c->as_surname.bits + c->as_forename.bits + swap;

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

static void probe_forced(struct matcher *matcher, unsigned mention,
                         const struct class *class, int32_t wanted)
{
    struct planned_key keys[FORCED_MAX];
    unsigned count = forced_keys(matcher->index, class, keys);

    for (unsigned k = 0; k < count; k++) {
        enum piece_rank rank = pieces_rank(keys[k].pieces);

        if (rank == RANK_NUMBER || rank == RANK_COMMON)
            probe_numbers(matcher, mention, &keys[k], wanted);
        else if (rank == RANK_CROSSED)
            probe_crossed(matcher, mention, &keys[k], wanted);
        else
            probe_key(matcher, mention, &keys[k], wanted);
    }
}

/* ---- lists ------------------------------------------------------------------------------ */

/* Room for so many more, and for a block read beyond the end. */
static void candidates_room(struct candidates *list, size_t count)
{
    if (list->room - list->count >= count + LANES)
        return;
    list->room = list->room * 2 + count + 16384;
    list->row = memory_grow(list->row, list->room, sizeof(*list->row));
    list->date = memory_grow(list->date, list->room, sizeof(*list->date));
    list->rank = memory_grow(list->rank, list->room, sizeof(*list->rank));
}

static void read_list(struct matcher *matcher, const struct probe *probe,
                      const struct entry *list, int32_t wanted)
{
    const struct index *index = matcher->index;
    const struct ready *ready = &matcher->ready[probe->mention];
    struct candidates *to = &matcher->candidates;
    uint32_t count = list++->row;
    int32_t needed = wanted - probe->undated;
    size_t at = to->count;

    candidates_room(to, count);
    uint32_t *rows = to->row, *ranks = to->rank;
    int32_t *dates = to->date;

    for (uint32_t i = 0; i < count; i++) {
        int32_t date = date_bound(index, ready, list[i].born);

        rows[at] = list[i].row;
        dates[at] = date;
        ranks[at] = probe->rank;
        if (date >= needed) {
            ask_line(&index->sketches[list[i].row]);
            at++;
        }
    }
    matcher->work.entries += count;
    to->count = at;
}

static void add_only(struct matcher *matcher, uint32_t row, const struct probe *probe)
{
    struct candidates *to = &matcher->candidates;

    candidates_room(to, 1);
    ask_line(&matcher->index->sketches[row]);
    to->row[to->count] = row;
    to->date[to->count] = DATE_UNSEEN;
    to->rank[to->count] = probe->rank;
    to->count++;
}

static void add_found(struct matcher *matcher, uint32_t payload, uint32_t probe)
{
    if (matcher->found_count == matcher->found_room) {
        matcher->found_room = matcher->found_room ? matcher->found_room * 2 : 4096;
        matcher->found =
            memory_grow(matcher->found, matcher->found_room, sizeof(*matcher->found));
    }
    if (!(payload & ONLY_ROW))
        ask_line(&matcher->index->entries[payload]);
    matcher->found[matcher->found_count++] = (struct found){payload, probe};
}

/* The rest of each list whose first line has arrived. */
static void ask_lists(const struct matcher *matcher)
{
    enum { LINE_ENTRIES = 64 / sizeof(struct entry), AHEAD = 32 * LINE_ENTRIES };

    for (size_t f = 0; f < matcher->found_count; f++) {
        uint32_t payload = matcher->found[f].payload;

        if (payload & ONLY_ROW)
            continue;
        const struct entry *list = &matcher->index->entries[payload];
        uint32_t count = list->row < AHEAD ? list->row : AHEAD;

        for (uint32_t i = LINE_ENTRIES; i < count + LINE_ENTRIES; i += LINE_ENTRIES)
            ask_line(list + (i < count ? i : count));
    }
}

/* What the keys lead to, in the order of the mentions. */
static void read_probes(struct matcher *matcher, unsigned count, int32_t wanted)
{
    const struct index *index = matcher->index;

    for (size_t p = 0; p < matcher->probe_count; p++) {
        uint64_t hash = matcher->probes[p].hash;
        struct lookup lookup = table_look(&index->keys, hash);
        uint32_t payload;

        while (table_next(&index->keys, &lookup, hash, &payload))
            add_found(matcher, payload, (uint32_t)p);
    }
    ask_lists(matcher);
    memset(matcher->candidate_end, 0, sizeof(matcher->candidate_end));
    for (size_t f = 0; f < matcher->found_count; f++) {
        const struct found *found = &matcher->found[f];
        const struct probe *probe = &matcher->probes[found->probe];

        if (found->payload & ONLY_ROW)
            add_only(matcher, found->payload & ~ONLY_ROW, probe);
        else
            read_list(matcher, probe, &index->entries[found->payload], wanted);
        matcher->candidate_end[probe->mention] = matcher->candidates.count;
    }
    for (unsigned i = 1; i < count; i++)
        if (matcher->candidate_end[i] == 0)
            matcher->candidate_end[i] = matcher->candidate_end[i - 1];
    matcher->work.candidates += matcher->candidates.count;
}

/* ---- the filter -------------------------------------------------------------------------- */

static void keep(struct matcher *matcher, uint32_t row, int32_t names)
{
    if (matcher->kept_count == matcher->kept_room) {
        matcher->kept_room = matcher->kept_room ? matcher->kept_room * 2 : 1024;
        matcher->kept =
            memory_grow(matcher->kept, matcher->kept_room, sizeof(*matcher->kept));
    }
    ask_line(&matcher->index->row_at[row]);
    matcher->kept[matcher->kept_count++] = (struct kept){row, names};
}

static int by_row(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    return x->row < y->row ? -1 : x->row > y->row;
}

static void sort_kept(struct kept *list, size_t count)
{
    if (count > 64) {
        qsort(list, count, sizeof(*list), by_row);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct kept kept = list[i];
        size_t at = i;

        for (; at > 0 && list[at - 1].row > kept.row; at--)
            list[at] = list[at - 1];
        list[at] = kept;
    }
}

/* A row found under several keys is scored once, with the most that any allows. */
static void merge_kept(struct matcher *matcher, size_t first)
{
    struct kept *list = matcher->kept;
    size_t to = first;

    sort_kept(list + first, matcher->kept_count - first);
    for (size_t i = first; i < matcher->kept_count; i++) {
        if (to > first && list[to - 1].row == list[i].row)
            list[to - 1].names = larger(list[to - 1].names, list[i].names);
        else
            list[to++] = list[i];
    }
    matcher->kept_count = to;
}

/* A block of candidates of one mention; what may reach is kept. */
static void filter_block(struct matcher *matcher, unsigned mention, struct lanes *lanes,
                         unsigned count)
{
    const struct index *index = matcher->index;
    const struct ready *ready = &matcher->ready[mention];
    int32_t names[LANES];

    for (unsigned k = 0; k < count; k++)
        if (lanes->date[k] == DATE_UNSEEN)
            lanes->date[k] =
                date_bound(index, ready, index->sketches[lanes->row[k]].born);
    for (unsigned k = count; k < LANES; k++) {
        lanes->row[k] = lanes->rank[k] = 0;
        lanes->date[k] = 0;
    }

    uint32_t may = matcher->way->filter(lanes, ready, &matcher->bounds[mention], names);

    for (may &= (1u << count) - 1; may; may &= may - 1) {
        unsigned k = (unsigned)__builtin_ctz(may);

        keep(matcher, lanes->row[k], names[k]);
    }
}

static void filter_list(struct matcher *matcher, unsigned mention, size_t first,
                        size_t end, int32_t wanted)
{
    const struct candidates *list = &matcher->candidates;
    struct lanes lanes = {.sketches = matcher->index->sketches, .wanted = wanted};

    for (; first < end; first += LANES) {
        memcpy(lanes.row, list->row + first, sizeof(lanes.row));
        memcpy(lanes.date, list->date + first, sizeof(lanes.date));
        memcpy(lanes.rank, list->rank + first, sizeof(lanes.rank));
        filter_block(matcher, mention, &lanes,
                     (unsigned)(end - first < LANES ? end - first : LANES));
    }
}

/* Everybody is put through the filter: the plan found no cheaper way. */
static void scan(struct matcher *matcher, unsigned mention, int32_t wanted)
{
    struct lanes lanes = {.sketches = matcher->index->sketches, .wanted = wanted};
    uint32_t people = matcher->index->people;

    for (uint32_t row = 0; row < people; row += LANES) {
        unsigned count = people - row < LANES ? people - row : LANES;

        for (unsigned k = 0; k < count; k++) {
            lanes.row[k] = row + k;
            lanes.date[k] = DATE_UNSEEN;
            lanes.rank[k] = RANK_PLAIN;
        }
        filter_block(matcher, mention, &lanes, count);
    }
    matcher->work.scans++;
}

static void filter(struct matcher *matcher, unsigned count, int32_t wanted)
{
    size_t first = 0;

    for (unsigned i = 0; i < count; i++) {
        size_t end = matcher->candidate_end[i], kept = matcher->kept_count;

        if (matcher->scans[i])
            scan(matcher, i, wanted);
        filter_list(matcher, i, first, end, wanted);
        first = end;
        merge_kept(matcher, kept);
        matcher->kept_end[i] = matcher->kept_count;
    }
}

/* ---- the batch --------------------------------------------------------------------------------- */

static int by_left(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    return x->left < y->left ? -1 : x->left > y->left;
}

static void score_row(struct matcher *matcher, const struct ready *ready, uint32_t row,
                      uint32_t right, struct hits *hits)
{
    struct hit hit;

    matcher->work.scored++;
    pair_score(matcher->index, ready, row, &hit);
    if (hit.score < matcher->threshold)
        return;
    hit.right = right;
    *add_hit(hits) = hit;
    matcher->work.hits++;
}

/* Drops what the row itself, but for its names, shows to stay below; asks for the names
 * of the others. */
static void check_kept(struct matcher *matcher, unsigned count)
{
    size_t at = 0, to = 0;

    for (unsigned i = 0; i < count; i++) {
        for (; at < matcher->kept_end[i]; at++) {
            struct kept kept = matcher->kept[at];

            if (pair_may_reach(matcher->index, &matcher->ready[i], kept.row, kept.names,
                               matcher->threshold)) {
                row_ask_names(matcher->index, kept.row);
                matcher->kept[to++] = kept;
            }
        }
        matcher->kept_end[i] = to;
    }
    matcher->kept_count = to;
}

static void score(struct matcher *matcher, unsigned count, uint32_t first,
                  struct hits *hits)
{
    size_t at = 0;

    for (size_t i = 0; i < matcher->kept_count; i++)
        row_ask(matcher->index, matcher->kept[i].row);
    check_kept(matcher, count);
    for (unsigned i = 0; i < count; i++)
        for (; at < matcher->kept_end[i]; at++)
            score_row(matcher, &matcher->ready[i], matcher->kept[at].row, first + i,
                      hits);
}

static void find_batch(struct matcher *matcher, const struct person *mentions,
                       unsigned count, uint32_t first, struct hits *hits)
{
    const struct index *index = matcher->index;
    int32_t wanted = matcher->threshold - index->prior;

    matcher->probe_count = matcher->found_count = 0;
    matcher->candidates.count = matcher->kept_count = 0;
    for (unsigned i = 0; i < count; i++) {
        facts_whole(index->model, &mentions[i], &matcher->ready[i].facts);
        ready_ask(index, &matcher->ready[i]);
    }
    for (unsigned i = 0; i < count; i++)
        ready_ask_words(index, &matcher->ready[i]);
    for (unsigned i = 0; i < count; i++) {
        struct ready *ready = &matcher->ready[i];
        struct class class;

        ready_weigh(index, ready);
        class_of(index, ready, &class);
        const struct plan *plan = plan_for(index, &class, &matcher->spare);

        bounds_of(index, ready, &class, &matcher->bounds[i]);

        matcher->options_made = 0;
        matcher->scans[i] = false;
        for (unsigned k = 0; k < plan->count; k++) {
            if (plan->key[k].pieces == 0)
                matcher->scans[i] = true;
            else
                probe_key(matcher, i, &plan->key[k], wanted);
        }
        probe_forced(matcher, i, &class, wanted);
    }
    matcher->work.mentions += count;
    matcher->work.probes += matcher->probe_count;
    read_probes(matcher, count, wanted);
    filter(matcher, count, wanted);
    score(matcher, count, first, hits);
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

        facts_whole(matcher->index->model, &mentions[i], &matcher->ready[0].facts);
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
    facts_whole(matcher->index->model, mention, &matcher->ready[0].facts);
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

    facts_whole(matcher->index->model, mention, &ready->facts);
    ready_ask(matcher->index, ready);
    ready_weigh(matcher->index, ready);
    class_of(matcher->index, ready, &class);

    const struct plan *plan = &matcher->spare;

    plan_whole(matcher->index, &class, &matcher->spare);
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
