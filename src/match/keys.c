/*
 * The keys of the index: for each stored kind, every combination of its pieces that a
 * row has leads to that row; alone, or through a list in order of date of birth.
 */
#include "match/inner.h"

#include <stdlib.h>
#include <string.h>

/* ---- the values that a row has for each piece ---------------------------------------- */

enum { VALUES_MAX = 16 };

struct pieces {
    uint64_t value[PIECE_COUNT][VALUES_MAX];
    unsigned count[PIECE_COUNT];
};

static void add_piece(struct pieces *pieces, enum piece piece, uint64_t value)
{
    unsigned *count = &pieces->count[piece];

    for (unsigned i = 0; i < *count; i++)
        if (pieces->value[piece][i] == value)
            return;
    pieces->value[piece][(*count)++] = value;
}

static void pieces_of(const struct row *row, struct pieces *pieces)
{
    const uint32_t *words = row_words(row);
    const struct place *places = row_places(row);

    memset(pieces->count, 0, sizeof(pieces->count));
    for (unsigned i = 0; i < row->surname_count; i++)
        add_piece(pieces, PIECE_SURNAME, words[i] & WORD_MASK);
    for (unsigned i = 0; i < row->forename_count; i++)
        if (words[row->surname_count + i] >> WORD_KIND_SHIFT != NAME_INITIAL)
            add_piece(pieces, PIECE_FORENAME,
                      words[row->surname_count + i] & WORD_MASK);
    if (born_full(row->born)) {
        add_piece(pieces, PIECE_BORN, row->born);
        add_piece(pieces, PIECE_YEAR, row->born >> 16);
        add_piece(pieces, PIECE_MONTH_DAY, row->born & 0xffff);
    } else if (row->born >> 16) {
        add_piece(pieces, PIECE_PARTIAL, row->born >> 16);
    }
    for (unsigned i = 0; i < row->place_count; i++) {
        if (places[i].unit)
            add_piece(pieces, PIECE_UNIT, places[i].unit);
        if (places[i].line)
            add_piece(pieces, PIECE_LINE, places[i].line);
        if (places[i].sector)
            add_piece(pieces, PIECE_SECTOR, places[i].sector);
        if (places[i].district)
            add_piece(pieces, PIECE_DISTRICT, places[i].district);
    }
    for (unsigned i = 0; i < row->number_count; i++)
        add_piece(pieces, PIECE_NUMBER, row_numbers(row)[i]);
}

/* ---- collecting and sorting (hash, row) ------------------------------------------------ */

struct pair {
    uint64_t hash;
    uint32_t row;
};

struct pairs {
    struct pair *list;
    size_t count, room;
};

static void add_pair(struct pairs *pairs, uint64_t hash, uint32_t row)
{
    if (pairs->count == pairs->room) {
        pairs->room = pairs->room ? pairs->room * 2 : 1 << 16;
        pairs->list = memory_grow(pairs->list, pairs->room, sizeof(*pairs->list));
    }
    pairs->list[pairs->count++] = (struct pair){hash, row};
}

static void collect(const struct pieces *pieces, uint16_t kind, uint32_t row,
                    struct pairs *pairs)
{
    unsigned piece[3] = {0}, n = 0;
    static const uint64_t none[1] = {0};
    const uint64_t *values[3] = {none, none, none};
    unsigned counts[3] = {1, 1, 1};

    for (unsigned p = 0; p < PIECE_COUNT; p++)
        if (HAS(kind, p))
            piece[n++] = p;
    for (unsigned i = 0; i < n; i++) {
        values[i] = pieces->value[piece[i]];
        counts[i] = pieces->count[piece[i]];
    }
    for (unsigned a = 0; a < counts[0]; a++)
        for (unsigned b = 0; b < counts[1]; b++)
            for (unsigned c = 0; c < counts[2]; c++)
                add_pair(pairs,
                         key_hash(kind, values[0][a], values[1][b], values[2][c]), row);
}

/*
 * By hash, then in the order collected (by row, so by date of birth). Radix sort on 33
 * bits: two keys that agree in those may be interleaved, which makes two lists of one;
 * look-ups visit both.
 */
static void sort_pairs(struct pairs *pairs, struct pairs *spare)
{
    enum { DIGIT = 11, BUCKETS = 1 << DIGIT };

    if (spare->room < pairs->count) {
        spare->room = pairs->count;
        spare->list = memory_grow(spare->list, spare->room, sizeof(*spare->list));
    }
    for (unsigned shift = 31; shift < 64; shift += DIGIT) {
        size_t at[BUCKETS] = {0}, sum = 0;

        for (size_t i = 0; i < pairs->count; i++)
            at[pairs->list[i].hash >> shift & (BUCKETS - 1)]++;
        for (size_t b = 0; b < BUCKETS; b++) {
            size_t n = at[b];

            at[b] = sum;
            sum += n;
        }
        for (size_t i = 0; i < pairs->count; i++)
            spare->list[at[pairs->list[i].hash >> shift & (BUCKETS - 1)]++] =
                pairs->list[i];

        struct pair *list = pairs->list;
        size_t room = pairs->room;

        pairs->list = spare->list;
        pairs->room = spare->room;
        spare->list = list;
        spare->room = room;
    }
}

/* ---- groups of equal hashes become table entries ------------------------------------------ */

struct group {
    uint64_t hash;
    uint32_t payload;
};

struct groups {
    struct group *list;
    size_t count, room;
    size_t entry_room;
};

static uint32_t add_list(struct index *index, struct groups *groups,
                         const struct pair *pairs, size_t count)
{
    size_t at = index->entry_total;

    if (groups->entry_room - at < count + 1) {
        groups->entry_room =
            groups->entry_room + groups->entry_room / 2 + count + 65536;
        index->entries =
            memory_grow(index->entries, groups->entry_room, sizeof(*index->entries));
    }
    index->entries[at] = (struct entry){(uint32_t)count, 0};
    for (size_t i = 0; i < count; i++)
        index->entries[at + 1 + i] =
            (struct entry){pairs[i].row, index_row(index, pairs[i].row)->born};
    index->entry_total += count + 1;
    return (uint32_t)at;
}

static bool group_pairs(struct index *index, const struct pairs *pairs,
                        struct groups *groups, struct err *err)
{
    for (size_t i = 0, end; i < pairs->count; i = end) {
        for (end = i + 1;
             end < pairs->count && pairs->list[end].hash == pairs->list[i].hash;)
            end++;
        if (groups->count == groups->room) {
            groups->room = groups->room ? groups->room * 2 : 1 << 16;
            groups->list =
                memory_grow(groups->list, groups->room, sizeof(*groups->list));
        }
        if (index->entry_total + (end - i) >= ONLY_ROW)
            return err_set(err, ERR_ENVIRONMENT,
                           "too many people for one index: split the workforce file");
        uint32_t payload = end - i == 1
                               ? ONLY_ROW | pairs->list[i].row
                               : add_list(index, groups, pairs->list + i, end - i);

        groups->list[groups->count++] = (struct group){pairs->list[i].hash, payload};
    }
    return true;
}

/* ---- which kinds to store -------------------------------------------------------------------- */

/* Kinds 0 to KINDS_ALWAYS - 1 are always there: any plan can be made of them. */
enum { KINDS_ALWAYS = 12 };

struct sampled {
    struct class class;
    unsigned count;
};

static unsigned sample_classes(const struct index *index, struct sampled *classes)
{
    struct ready *ready = memory_new(1, sizeof(*ready));
    unsigned n = 0;

    for (uint32_t i = 0; i < index->sample_count; i++) {
        struct class class;
        unsigned k = 0;

        ready->facts = index->samples[i];
        ready_ask(index, ready);
        ready_weigh(index, ready);
        class_of(index, ready, &class);
        while (k < n && memcmp(&classes[k].class, &class, sizeof(class)) != 0)
            k++;
        if (k == n)
            classes[n++] = (struct sampled){class, 0};
        classes[k].count++;
    }
    free(ready);
    return n;
}

static double mean_price(const struct index *index, const struct sampled *classes,
                         unsigned count, uint64_t kinds)
{
    double sum = 0, mentions = 0;

    for (unsigned i = 0; i < count; i++) {
        struct plan plan;

        plan_make(index, &classes[i].class, kinds, &plan);
        sum += plan.price * classes[i].count;
        mentions += classes[i].count;
    }
    return mentions > 0 ? sum / mentions : 0;
}

/* Beside the plan's price a mention costs its reading and weighing; and each row that it is
 * compared with more than the filter's part, where other columns speak (measured 2026). */
enum { READING_NS = 1300, OTHERS_NS = 8 };

static struct index_forecast forecast(const struct index *index,
                                      const struct sampled *classes, unsigned count,
                                      uint64_t kinds)
{
    uint64_t mentions = 0, scanned = 0;

    for (unsigned i = 0; i < count; i++) {
        struct plan plan;
        bool scan = false;

        plan_make(index, &classes[i].class, kinds, &plan);
        for (unsigned k = 0; k < plan.count; k++)
            scan |= plan.key[k].pieces == 0;
        mentions += classes[i].count;
        scanned += scan ? classes[i].count : 0;
    }
    uint64_t others = index->model->other_count && mentions
                          ? scanned * index->people * OTHERS_NS / mentions
                          : 0;

    return (struct index_forecast){
        .ns_per_mention =
            (uint64_t)mean_price(index, classes, count, kinds) + READING_NS + others,
        .compared_with_all = (uint32_t)(mentions ? scanned * 1000000 / mentions : 0),
    };
}

/* A new model brings new plans: those met most often are proved before they are used. */
static bool prove_plans(const struct index *index, const struct sampled *classes,
                        unsigned count, struct err *err)
{
    uint64_t covered = 0;

    for (unsigned i = 0; i < count; i++) {
        struct plan plan;

        plan_whole(index, &classes[i].class, &plan);
        if (!plan_covers(index, &classes[i].class, &plan, SIZE_MAX, &covered, err))
            return false;
    }
    return true;
}

static int by_count(const void *a, const void *b)
{
    const struct sampled *x = a, *y = b;

    return x->count > y->count ? -1 : x->count < y->count;
}

/*
 * A kind costs memory for everybody on the left and time to build; a plan that lacks it
 * makes do with others at a price. So each optional kind in turn, the least useful
 * first, is left out if the classes of mentions met most often get dearer by less than
 * a fiftieth.
 */
static bool choose_kinds(struct index *index, struct err *err)
{
    enum { CLASSES = 96 };
    uint64_t always = (UINT64_C(1) << KINDS_ALWAYS) - 1;
    uint64_t kinds =
        key_kind_count == 64 ? UINT64_MAX : (UINT64_C(1) << key_kind_count) - 1;
    double loss[64];

    if (index->sample_count == 0) {
        index->kinds = always | ((UINT64_C(1) << 18) - 1);
        return true;
    }

    struct sampled *classes = memory_new(index->sample_count, sizeof(*classes));
    unsigned count = sample_classes(index, classes);

    qsort(classes, count, sizeof(*classes), by_count);

    /* values of other columns are rare, and so are the classes that they make dear */
    unsigned all = count;

    count = count < CLASSES ? count : CLASSES;

    double price = mean_price(index, classes, count, kinds);

    for (size_t k = KINDS_ALWAYS; k < key_kind_count; k++)
        loss[k] =
            mean_price(index, classes, count, kinds & ~(UINT64_C(1) << k)) - price;
    for (size_t n = KINDS_ALWAYS; n < key_kind_count; n++) {
        size_t least = 0;

        for (size_t k = KINDS_ALWAYS; k < key_kind_count; k++)
            if (loss[k] >= 0 && (least == 0 || loss[k] < loss[least]))
                least = k;
        if (least == 0)
            break;
        double without =
            mean_price(index, classes, count, kinds & ~(UINT64_C(1) << least));

        if (without < price * 1.02) {
            kinds &= ~(UINT64_C(1) << least);
            price = without > price ? without : price;
        }
        loss[least] = -1;
    }
    kinds |= always;
    index->kinds = kinds;
    index->forecast =
        forecast(index, classes, index->model->other_count ? all : count, kinds);

    bool ok = prove_plans(index, classes, count, err);

    free(classes);
    return ok;
}

/* Stores the keys of the chosen kinds. */
static bool store_kinds(struct index *index, struct err *err)
{
    struct pairs pairs = {0}, spare = {0};
    struct groups groups = {0};
    struct pieces *pieces = memory_new(1, sizeof(*pieces));
    bool ok = true;

    for (size_t k = 0; k < key_kind_count && ok; k++) {
        if (!(index->kinds >> k & 1))
            continue;
        pairs.count = 0;
        for (uint32_t row = 0; row < index->people; row++) {
            pieces_of(index_row(index, row), pieces);
            collect(pieces, key_kinds[k], row, &pairs);
        }
        sort_pairs(&pairs, &spare);
        ok = group_pairs(index, &pairs, &groups, err);
    }
    free(pieces);
    free(pairs.list);
    free(spare.list);
    if (ok && !table_new(&index->keys, groups.count))
        ok = err_set(err, ERR_ENVIRONMENT,
                     "out of memory for the index: use a machine with more memory");
    if (ok) {
        for (size_t i = 0; i < groups.count; i++)
            table_put(&index->keys, groups.list[i].hash, groups.list[i].payload);
        struct entry *entries =
            pages_new((index->entry_total + ENTRIES_BEYOND) * sizeof(*index->entries));

        if (entries) {
            if (index->entry_total) /* none: no kind of key was worth it */
                memcpy(entries, index->entries, index->entry_total * sizeof(*entries));
            free(index->entries);
            index->entries = entries;
        }
    }
    free(groups.list);
    return ok;
}

bool keys_build(struct index *index, struct err *err)
{
    return choose_kinds(index, err) && store_kinds(index, err);
}

bool keys_move(struct index *index, struct err *err)
{
    uint64_t stored = index->kinds;

    if (!choose_kinds(index, err))
        return false;
    if ((index->kinds & ~stored) == 0)
        return true;
    table_free(&index->keys);
    free(index->entries);
    index->keys = (struct table){0};
    index->entries = NULL;
    index->entry_total = 0;
    return store_kinds(index, err);
}
