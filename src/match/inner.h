/*
 * match, inside: what its files share. Other rooms include match.h only.
 *
 *   model.c       the numbers          facts.c   a person in comparable form
 *   vocabulary.c  distinct names       table.c   hash tables of keys and values
 *   index.c       the left side        plan.c    which keys suffice (the cover)
 *   score.c       one pair             find.c    all pairs of a batch
 *   circles.c     names that go together   crossing.c  names exchanged
 *   middle.c      the names beside surname and first forename
 *   filter.c      who may reach the threshold, from sketches
 *   prove.c       the cover is complete
 */
#ifndef MATCH_INNER_H
#define MATCH_INNER_H

#include "match/match.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/*
 * Asks for a cache line that is needed soon. The empty statement is an effect: gcc takes a
 * function that does nothing but prefetch for one that does nothing, and drops the call.
 */
static inline void ask_line(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("");
}

/* ---- levels, as the code knows them; the model gives their numbers ------------------ */

enum surname_level {
    SURNAME_MISSING,
    SURNAME_EXACT,
    SURNAME_OTHER,
    SURNAME_VARIANT,
    SURNAME_PART,
    SURNAME_NEAR_92,
    SURNAME_NEAR_88,
    SURNAME_SOUNDS,
    SURNAME_DIFFERENT
};

enum forename_level {
    FORENAME_MISSING,
    FORENAME_EXACT,
    FORENAME_OTHER,
    FORENAME_VARIANT,
    FORENAME_NEAR_92,
    FORENAME_NEAR_88,
    FORENAME_SOUNDS,
    FORENAME_INITIAL,
    FORENAME_DIFFERENT
};

enum middle_level { /* strongest first, as middle.c counts on */
                    MIDDLE_MISSING,
                    MIDDLE_AGREE,
                    MIDDLE_ALIKE,
                    MIDDLE_INITIAL,
                    MIDDLE_SOME_DIFFER,
                    MIDDLE_DIFFER
};

enum order_level { ORDER_SAME, ORDER_SWAPPED };

enum full_level { FULL_APART, FULL_TOGETHER };

enum date_level {
    BORN_MISSING,
    BORN_EXACT,
    BORN_SWAPPED,
    BORN_ONE_DIGIT,
    BORN_NEAR_YEAR,
    BORN_YEAR_MONTH,
    BORN_DEFAULT_DAY,
    BORN_PARTIAL_MONTH,
    BORN_PARTIAL_YEAR,
    BORN_WITHIN_5,
    BORN_DIFFERENT,
    BORN_LEVELS
};

enum sex_level { SEX_MISSING, SEX_SAME, SEX_DIFFERENT };

enum place_level {
    PLACE_MISSING,
    PLACE_ADDRESS,
    PLACE_UNIT,
    PLACE_LINE,
    PLACE_SECTOR,
    PLACE_DISTRICT,
    PLACE_DIFFERENT
};

enum number_level { NUMBER_MISSING, NUMBER_SAME, NUMBER_DIFFERENT };

/* Of other columns; those whose kind is a word are the same or different. */
enum other_level {
    OTHER_MISSING,
    OTHER_EXACT,
    OTHER_NEAR,
    OTHER_ALIKE,
    OTHER_DIFFERENT,
    OTHER_WORD_DIFFERENT = OTHER_NEAR
};

struct model {
    struct json *document; /* owns the texts */
    struct json *kinds;    /* numbers of kinds of other columns; NULL: none in use */
    struct arena *labels;  /* of other columns' levels */
    const char *name;
    uint64_t hash;
    uint32_t share[2];  /* millionths: wash, link */
    uint32_t review[2]; /* millionths: wash, link */
    double others; /* other records of the same person, of one file; 0: not known */
    struct other other[OTHERS_MAX];
    const char *other_label[OTHERS_MAX];
    unsigned other_count;
    size_t count[COMPARISONS_MAX];
    struct level level[COMPARISONS_MAX][LEVELS_MAX];
    int32_t log_m[COMPARISONS_MAX][LEVELS_MAX]; /* log2 m, bits */
    struct variants *variants;
};

static inline enum comparison other_comparison(unsigned number)
{
    return (enum comparison)(COMPARISON_COUNT + number);
}

/* Bits of an agreement on a value of this share: log2(m) - log_share, kept in bounds. */
static inline int32_t level_bits(const struct model *model, enum comparison comparison,
                                 unsigned level, int32_t log_share)
{
    const struct level *l = &model->level[comparison][level];
    int32_t bits = model->log_m[comparison][level] - log_share;

    return bits < l->least ? l->least : bits > l->most ? l->most : bits;
}

/* ---- vocabulary: the distinct names of one kind ---------------------------------------- */

#define NO_NAME UINT32_MAX

/* One cache line. */
struct word {
    char text[NAME_MAX + 1];
    uint64_t signature;
    uint32_t sound;         /* hash of the skeleton, 0 for none */
    uint32_t left;          /* people that have it */
    int32_t log_share;      /* log2 of its share among mentions */
    int32_t log_variants;   /* the same of its variants together */
    uint32_t variants_at;   /* into vocabulary.variants */
    uint16_t variant_count; /* words on the left that are variants of this one */
    uint8_t len;
    uint8_t mark; /* of its sound, for sketches */
};

/* A word on the left that is a variant of another; its numbers stand here again, so
 * that going through a list touches no other memory. */
struct word_variant {
    uint32_t word;
    int32_t log_variants;
    uint8_t mark;
};

/* Open addressing. The tag is half of the name's hash: names that are not there are
 * told from it, mostly, without a look at a word. */
struct word_slot {
    uint32_t tag, number; /* + 1; 0 for empty */
};

struct vocabulary {
    struct word *words;
    uint32_t count, room;
    uint32_t *right; /* sampled mentions that have each word; until weighed */
    struct word_slot *slots;
    uint32_t slot_mask;
    struct word_variant *variants;
    uint32_t variant_total;
    uint64_t left_total, right_total; /* people, mentions with any */
};

uint64_t name_hash(const char *text, size_t len);
uint32_t name_sound(const char *text, size_t len); /* hash of the skeleton, 0: none */
void vocabulary_new(struct vocabulary *vocabulary);
void vocabulary_free(struct vocabulary *vocabulary);
uint32_t vocabulary_add(struct vocabulary *vocabulary, const char *text, size_t len);

/* NO_NAME if it is not there. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, const char *text,
                         size_t len, uint64_t hash);
static inline const void *vocabulary_line(const struct vocabulary *vocabulary,
                                          uint64_t hash)
{
    return &vocabulary->slots[hash & vocabulary->slot_mask];
}

/* Links every word to the left words that the tables call its variants; words of the
 * tables that are nobody's on the left join the vocabulary, so that they are found. */
void vocabulary_link(struct vocabulary *vocabulary, const struct variants *variants,
                     enum variant_use use);

/* Asks for the word of a hash whose slot has arrived. */
void vocabulary_ask(const struct vocabulary *vocabulary, uint64_t hash);

/* log_share and log_variants of every word, from the counts; no word joins after it. */
void vocabulary_weigh(struct vocabulary *vocabulary, const struct level *exact,
                      const struct level *variant, double others);

/*
 * Within one file a value is counted at the person itself and, besides the one that is
 * asked about, at all other records of the same person that repeat it: of `others` on
 * average the share m. Negative `others`: two files, where neither is so.
 */
static inline double copies_of(double others, double m)
{
    return others < 0 ? 0 : 1 + others * m;
}

/*
 * log2 of a value's share among mentions: right counts of right_total, and at half
 * their weight the left's. One of each is left out: it may be the very pair that is
 * asked about. Steadied by KAPPA mentions, or by as many as a value of share `u`, the
 * model's, would have if that is fewer: in a small file a value met once is as rare as
 * its like, not as rare as the file is short. `copies` more are left out on either side.
 */
int32_t share_log(uint64_t right, uint64_t right_total, uint64_t left,
                  uint64_t left_total, double u, double copies);

/* ---- circles: names that go together more often than chance ----------------------------- */

enum { CIRCLES = 32 };

struct circles;

struct circles *circles_new(void);
void circles_free(struct circles *circles);
/* A full name of either side, as words of the two vocabularies, and the date of birth. */
void circles_count(struct circles *circles, uint32_t surname, uint32_t forename,
                   uint32_t born);
/* No full name is counted after it; of how many words the vocabularies are. */
void circles_settle(struct circles *circles, uint32_t surnames, uint32_t forenames);
/* log2 of how many times more often the two go together than by chance; at least 0. */
int32_t circles_log(const struct circles *circles, uint32_t surname, uint32_t forename);
/* log2 of how many times more often people of these names are born on 1 January than all
 * are; at least 0. */
int32_t circles_new_year(const struct circles *circles, uint32_t surname,
                         uint32_t forename);

/* ---- facts: a person in comparable form -------------------------------------------------- */

enum { PLACES_MAX = 6, NUMBERS_MAX = 12 };

struct place {
    uint64_t unit;
    uint64_t line; /* of the address; only the first place has one */
    uint32_t sector, district;
    uint32_t house;
    uint32_t unused;
};

/* A telephone, e-mail or other number: what kind in the upper four bits, its hash. */
enum { NUMBER_KIND_SHIFT = 60 };

static inline enum comparison number_comparison(uint64_t number)
{
    return (enum comparison)(number >> NUMBER_KIND_SHIFT);
}

struct other_value { /* folded, as text.h says; missing: no length */
    char text[NAME_MAX + 1];
    uint8_t len;
};

struct facts {
    struct names names;
    uint32_t born; /* decimal digits, one a nibble: 0x19840312 */
    uint8_t sex;
    uint8_t place_count, number_count;
    struct place place[PLACES_MAX];
    uint64_t number[NUMBERS_MAX]; /* kinds in the order of enum comparison */
    unsigned other_count;
    struct other_value other[OTHERS_MAX];
};

/* Without other columns; with those that the model compares. */
void facts_of(const struct person *person, struct facts *facts);
void facts_whole(const struct model *model, const struct person *person,
                 struct facts *facts);

/* The level of two values of an other column that are not the same. */
enum other_level other_level(enum other_kind kind, const struct other_value *value,
                             uint64_t signature, const struct word *word);

/* Nibble helpers of born. */
static inline bool born_full(uint32_t born)
{
    return (born >> 16) && (born & 0xff00) && (born & 0xff);
}

static inline bool born_new_year(uint32_t born)
{
    return born >> 16 && (born & 0xffff) == 0x0101;
}

static inline uint32_t born_swapped(uint32_t born)
{
    return (born & 0xffff0000u) | (born & 0xff) << 8 | (born >> 8 & 0xff);
}

/* Day and month may be exchanged: both at most 12 and different. */
static inline bool born_may_swap(uint32_t born)
{
    uint32_t month = born >> 8 & 0xff, day = born & 0xff;

    return born_full(born) && month <= 0x12 && day <= 0x12 && month != day;
}

unsigned born_year(uint32_t born);
enum date_level born_level(uint32_t a, uint32_t b);

/* ---- keys: pieces of evidence that are looked up together ----------------------------------- */

enum piece {
    PIECE_SURNAME,
    PIECE_FORENAME,
    PIECE_BORN,      /* the whole date */
    PIECE_SWAPPED,   /* looked up as BORN, with day and month exchanged */
    PIECE_CROSSED,   /* both names, surname as forename and forename as surname */
    PIECE_YEAR,      /* of full dates */
    PIECE_MONTH_DAY, /* of full dates */
    PIECE_PARTIAL,   /* year of people whose date is partial */
    PIECE_UNIT,
    PIECE_LINE,
    PIECE_SECTOR,
    PIECE_DISTRICT,
    PIECE_NUMBER, /* a telephone, e-mail, insurance, staff number or vehicle */
    PIECE_COMMON, /* such a number that many mentions share; stored as NUMBER */
    PIECE_COUNT
};

/*
 * Some agreements cannot be seen in a sketch. A pair that has any is left to the key of
 * the highest rank among them, and the filter of that key's candidates allows for all
 * of lower rank; candidates of other keys (rank 0) have none of them.
 */
enum piece_rank {
    RANK_PLAIN,
    RANK_COMMON,
    RANK_LINE,
    RANK_CROSSED,
    RANK_UNIT,
    RANK_NUMBER,
    RANK_COUNT
};

static inline enum piece_rank pieces_rank(uint16_t pieces)
{
    return pieces >> PIECE_NUMBER & 1    ? RANK_NUMBER
           : pieces >> PIECE_UNIT & 1    ? RANK_UNIT
           : pieces >> PIECE_CROSSED & 1 ? RANK_CROSSED
           : pieces >> PIECE_LINE & 1    ? RANK_LINE
           : pieces >> PIECE_COMMON & 1  ? RANK_COMMON
                                         : RANK_PLAIN;
}

#define HAS(pieces, piece) (((unsigned)(pieces) >> (piece)) & 1u)
#define PIECE(piece)       (1u << (piece))

/* The kinds of key the program knows: a set of pieces each. plan.c has the list. */
extern const uint16_t key_kinds[];
extern const size_t key_kind_count; /* at most 64 */

/* Kind under which a kind is stored: SWAPPED as BORN, CROSSED as both names. */
uint16_t key_stored(uint16_t pieces);

static inline uint64_t key_hash(uint16_t stored, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t h = (a + stored) * 0x9e3779b97f4a7c15u;

    h ^= h >> 29;
    h = (h + b) * 0xbf58476d1ce4e5b9u;
    h ^= h >> 32;
    h = (h + c) * 0x94d049bb133111ebu;
    return h ^ (h >> 29);
}

/* ---- tables ------------------------------------------------------------------------------------ */

/*
 * A cache line of ten keys: one line a look-up, mostly. Keys of a full line go on into
 * the next ones; `beyond` has a bit for each mark, by its low five bits, that did.
 */
enum { LINE_KEYS = 10 };

struct line {
    uint16_t mark[LINE_KEYS]; /* of the hash, never 0 in use; filled from the left */
    uint32_t beyond;
    uint32_t payload[LINE_KEYS];
};

struct table {
    struct line *lines; /* 64-byte aligned */
    uint64_t count;
    size_t bytes;
};

/* Zeroed; free() gives it back. NULL without memory. */
void *pages_new(size_t bytes);

bool table_new(struct table *table, size_t entries);
void table_free(struct table *table);
void table_put(struct table *table, uint64_t hash, uint32_t payload);

/* Any number of lines: the lower half of the hash is scaled to them. */
static inline uint64_t table_line_of(const struct table *table, uint64_t hash)
{
    return (hash & UINT32_MAX) * table->count >> 32;
}

static inline const struct line *table_line(const struct table *table, uint64_t hash)
{
    return &table->lines[table_line_of(table, hash)];
}

static inline uint16_t table_mark(uint64_t hash)
{
    uint16_t mark = (uint16_t)(hash >> 48);

    return mark ? mark : 1;
}

static inline bool is_beyond(uint32_t beyond, uint32_t mark)
{
    return beyond >> (mark & 31) & 1;
}

/* A bit for each key of the line that has this mark. */
static inline uint32_t line_find(const struct line *line, uint16_t mark)
{
    uint32_t found =
        (uint32_t)(line->mark[8] == mark) << 8 | (uint32_t)(line->mark[9] == mark) << 9;
#ifdef __SSE2__
    __m128i marks = _mm_loadu_si128((const void *)line->mark);
    __m128i equal = _mm_cmpeq_epi16(marks, _mm_set1_epi16((short)mark));

    found |= (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128()));
#else
    for (unsigned i = 0; i < 8; i++)
        found |= (uint32_t)(line->mark[i] == mark) << i;
#endif
    return found;
}

/* Where a look-up stands. */
struct lookup {
    uint64_t line;
    uint32_t found; /* of this line, not yet given */
    bool last;
};

static inline struct lookup table_look(const struct table *table, uint64_t hash)
{
    uint64_t at = table_line_of(table, hash);
    const struct line *line = &table->lines[at];
    uint16_t mark = table_mark(hash);

    return (struct lookup){at, line_find(line, mark), !is_beyond(line->beyond, mark)};
}

/*
 * Payloads under a hash, one a call; false when there are no more. Other keys may share
 * the mark, so what is found is a superset; scoring decides.
 */
static inline bool table_next(const struct table *table, struct lookup *lookup,
                              uint64_t hash, uint32_t *payload)
{
    while (!lookup->found) {
        if (lookup->last)
            return false;
        lookup->line = lookup->line + 1 < table->count ? lookup->line + 1 : 0;
        lookup->found = line_find(&table->lines[lookup->line], table_mark(hash));
        lookup->last = table->lines[lookup->line].mark[LINE_KEYS - 1] == 0;
    }
    *payload = table->lines[lookup->line].payload[__builtin_ctz(lookup->found)];
    lookup->found &= lookup->found - 1;
    return true;
}

/* Values counted: postcodes and their sectors and districts, addresses, dates, numbers. */
struct value {
    uint64_t hash;
    uint32_t left, right; /* people (dates, sectors, districts alone), mentions */
    uint32_t space;       /* a piece, or NUMBER_SPACE of a comparison */
};

struct values {
    struct value *list;
    uint32_t count, room;
    uint32_t *slots;
    uint32_t slot_mask;
};

void values_new(struct values *values);
void values_free(struct values *values);
/* The value's place in values->list. */
uint32_t values_add(struct values *values, unsigned space, uint64_t hash);
const struct value *values_find(const struct values *values, uint64_t hash);

/* What is left of them once they are counted: the log2 of each one's share. */
enum { SHARE_LINE = 5 };

struct share_line {
    uint64_t hash[SHARE_LINE]; /* 0: none */
    int32_t log_share[SHARE_LINE];
    uint32_t beyond; /* as in struct line, by the hash's upper bits */
};

struct shares {
    struct share_line *lines;
    uint64_t count;
};

bool shares_new(struct shares *shares, size_t entries);
void shares_free(struct shares *shares);
void shares_put(struct shares *shares, uint64_t hash, int32_t log_share);
/* NULL if it is not there. */
const int32_t *shares_find(const struct shares *shares, uint64_t hash);

static inline uint64_t shares_line_of(const struct shares *shares, uint64_t hash)
{
    return (hash & UINT32_MAX) * shares->count >> 32;
}

static inline const void *shares_line(const struct shares *shares, uint64_t hash)
{
    return &shares->lines[shares_line_of(shares, hash)];
}

/* ---- the index ----------------------------------------------------------------------------------- */

struct entry {
    uint32_t row;
    uint32_t born;
};

enum { ENTRIES_BEYOND = 16 }; /* room behind the last list: lists are read in blocks */

/*
 * What the filter sees of a row, 32 bytes. A name in 32 bits: 20 groups of letters
 * present, its length (15 for longer), eight bits of its sound ("mark"), which equal
 * names and names that sound alike share. A place: sixteen bits of its district, twelve
 * of its sector, and in the first place four flags. Zero where there is none.
 */
enum { SKETCH_SURNAMES = 2, SKETCH_FORENAMES = 3, SKETCH_PLACES = 2 };

enum sketch_flag {
    SKETCH_MORE_SURNAMES = 1, /* than there is room for: anything may agree */
    SKETCH_MORE_FORENAMES = 2,
    SKETCH_MORE_PLACES = 4,
    SKETCH_INITIAL = 8, /* the first forename is an initial */
};

struct sketch {
    uint32_t surname[SKETCH_SURNAMES];
    uint32_t forename[SKETCH_FORENAMES];
    uint32_t born;
    uint32_t place[SKETCH_PLACES];
};

enum { /* its words, for who takes it for eight of them */
       SKETCH_WORD_SURNAME,
       SKETCH_WORD_FORENAME = SKETCH_SURNAMES,
       SKETCH_WORD_BORN = SKETCH_WORD_FORENAME + SKETCH_FORENAMES,
       SKETCH_WORD_PLACE,
       SKETCH_WORDS = SKETCH_WORD_PLACE + SKETCH_PLACES
};
_Static_assert(sizeof(struct sketch) == SKETCH_WORDS * sizeof(uint32_t),
               "a sketch is words");

static inline uint32_t sketch_letters(uint32_t name)
{
    return name >> 12;
}

static inline unsigned sketch_len(uint32_t name)
{
    return name >> 8 & 15;
}

static inline uint8_t sketch_mark(uint32_t name)
{
    return (uint8_t)name;
}

/* Mark of a name: of its sound, or of the name itself where it is too short for one. */
static inline uint8_t sound_mark(uint32_t sound, uint64_t hash)
{
    return (uint8_t)((sound ? sound * 0x9e3779b1u : (uint32_t)hash * 0x85ebca6bu) >>
                     24);
}

uint32_t sketch_name(const char *text, size_t len, uint8_t mark);

/* False: neither alike nor a short form, as the filter has it (lanes_loop.h). */
static inline bool sketches_near(uint32_t a, uint32_t b)
{
    unsigned a_len = sketch_len(a) == 15 ? NAME_MAX : sketch_len(a);
    unsigned b_len = sketch_len(b) == 15 ? NAME_MAX : sketch_len(b);
    unsigned a_own =
        (unsigned)__builtin_popcount(sketch_letters(a) & ~sketch_letters(b));
    unsigned b_own =
        (unsigned)__builtin_popcount(sketch_letters(b) & ~sketch_letters(a));

    return 5 * (a_own * b_len + b_own * a_len) <= 3 * a_len * b_len;
}
uint32_t sketch_place(const struct place *place); /* flags left clear; 0: no district */

/* A row in the pool, 8-byte aligned: this head, then uint32_t word[surnames +
 * forenames] (kind << 28 | word number) padded to 8, places, numbers, and uint32_t
 * other[others] (word number or NO_NAME) padded to 8. */
struct row {
    uint32_t left; /* order of index_add() */
    uint32_t born;
    uint8_t surname_count, forename_count, place_count, number_count;
    uint8_t sex;
    uint8_t other_count; /* 0, or as many as the model compares */
    uint8_t unused[2];
};

enum { WORD_KIND_SHIFT = 28, WORD_MASK = 0x0fffffff };

static inline const uint32_t *row_words(const struct row *row)
{
    return (const uint32_t *)(const void *)(row + 1);
}

static inline const struct place *row_places(const struct row *row)
{
    unsigned words = row->surname_count + row->forename_count;

    return (const struct place *)(const void *)(row_words(row) + (words + 1) / 2 * 2);
}

static inline const uint64_t *row_numbers(const struct row *row)
{
    return (const uint64_t *)(const void *)(row_places(row) + row->place_count);
}

static inline const uint32_t *row_others(const struct row *row)
{
    return (const uint32_t *)(const void *)(row_numbers(row) + row->number_count);
}

static inline size_t row_size(const struct row *row)
{
    return (size_t)((const char *)(row_others(row) + (row->other_count + 1) / 2 * 2) -
                    (const char *)row);
}

struct plan;
struct plans;
struct beside;

struct index {
    struct index_settings settings;
    const struct model *model;
    struct vocabulary surnames, forenames;
    struct vocabulary other[OTHERS_MAX]; /* values of other columns; none: not made */
    struct values values;                /* counted; until built */
    struct circles *circles;
    struct beside *beside_surname, *beside_forename; /* names borne together */
    struct shares shares;
    bool sealed, built;

    uint32_t people;
    char *pool; /* rows: in order of index_add(), once built of date of birth */
    size_t pool_used, pool_room;
    uint32_t *row_at; /* offset / 8 in the pool; once built one more, the end */
    uint32_t row_room;
    uint32_t *row_of; /* row by order of index_add() */
    struct sketch *sketches;
    struct table keys;
    struct entry *entries; /* lists: the first entry holds the count in .row */
    size_t entry_total;
    uint64_t kinds;     /* which of key_kinds[] are stored */
    bool partial_dates; /* someone on the left has a partial date */
    bool initials;      /* someone on the left has an initial for first forename */
    uint64_t left_with[PIECE_COUNT + COMPARISON_COUNT];  /* people with any, by space */
    uint64_t right_with[PIECE_COUNT + COMPARISON_COUNT]; /* mentions counted with any */
    int32_t log_unseen[PIECE_COUNT + COMPARISON_COUNT];  /* of a value never counted */
    int32_t prior, threshold;
    int32_t date_bits[BORN_LEVELS]; /* of each level; EXACT follows the mention */
    int32_t date_least, date_far;   /* the least of them; the most of dates far apart */
    struct facts *samples;          /* of mentions, to choose kinds by; until built */
    uint32_t sample_count;
    uint64_t sample_seen;
    struct index_forecast forecast;
    struct plans *plans;
};

static inline const struct row *index_row(const struct index *index, uint32_t row)
{
    return (const struct row *)(const void *)(index->pool +
                                              (size_t)index->row_at[row] * 8);
}

/* Asks for a row whose place in the pool has arrived; for its words, once it has. */
static inline void row_ask(const struct index *index, uint32_t row)
{
    const char *from = (const void *)index_row(index, row);
    const char *end = index->pool + (size_t)index->row_at[row + 1] * 8;

    for (; from < end; from += 64)
        ask_line(from);
    ask_line(end - 1);
}

static inline void row_ask_names(const struct index *index, uint32_t number)
{
    const struct row *row = index_row(index, number);
    const uint32_t *words = row_words(row);

    for (unsigned i = 0; i < row->surname_count; i++)
        ask_line(&index->surnames.words[words[i] & WORD_MASK]);
    words += row->surname_count;
    for (unsigned i = 0; i < row->forename_count; i++)
        ask_line(&index->forenames.words[words[i] & WORD_MASK]);
}

/* Chooses which kinds of key are stored, by price, and stores them. */
bool keys_build(struct index *index, struct err *err);
/* Chooses again for another threshold; stores what is not stored yet. */
bool keys_move(struct index *index, struct err *err);

/* The error text of an index that does not fit. */
#define NO_MEMORY                                                                      \
    "out of memory for the index: use a machine with more memory or split the file"

/* Payload of the key table: an only row, or where its list begins. */
#define ONLY_ROW 0x80000000u

/* Hash of a value in the values table, apart for each piece or comparison. */
static inline uint64_t value_hash(unsigned space, uint64_t value)
{
    return key_hash((uint16_t)(0x8000u | space), value, 0, 0);
}

#define NUMBER_SPACE(comparison) ((unsigned)PIECE_COUNT + (unsigned)(comparison))

/* ---- a mention made ready ------------------------------------------------------------------------- */

/* A name on the left that this mention's names agree with, and how. */
struct agreement {
    uint32_t word;
    int32_t most; /* bits, whatever the slot on the left */
    uint8_t kind; /* enum name_kind on this side */
    bool variant;
    uint8_t mark;
};

enum { AGREEMENTS_MAX = 96 };

struct weighed_place {
    int32_t unit, address, line, sector, district; /* bits; 0: nothing to find */
};

struct crossing {
    uint32_t surname, forename; /* words on the left: our forename, our surname */
    struct evidence as_surname, as_forename;
};

/* A surname in front of an initial may be borne with hundreds of forenames. */
enum { CROSSINGS_MAX = 512 };

struct ready {
    struct facts facts;
    uint64_t surname_hash[NAMES_PER_PERSON], forename_hash[NAMES_PER_PERSON];
    uint32_t surname_word[NAMES_PER_PERSON], forename_word[NAMES_PER_PERSON];
    uint64_t surname_signature[NAMES_PER_PERSON], forename_signature[NAMES_PER_PERSON];
    uint32_t surname_sound[NAMES_PER_PERSON], forename_sound[NAMES_PER_PERSON];
    struct agreement surname[AGREEMENTS_MAX], forename[AGREEMENTS_MAX];
    struct crossing crossing[CROSSINGS_MAX];
    unsigned surname_count, forename_count; /* agreements, most bits first */
    unsigned crossing_count;
    int32_t born_exact; /* bits of the same date; 0: nobody has it */
    int32_t number_bits[NUMBERS_MAX];
    struct weighed_place place[PLACES_MAX];

    int32_t middle_most; /* the most that middle names can earn */

    uint64_t other_signature[OTHERS_MAX];
    uint32_t other_word[OTHERS_MAX]; /* on the left, or NO_NAME */
    int32_t other_exact[OTHERS_MAX]; /* bits of the same value */
    int32_t other_most[OTHERS_MAX];  /* the most that each can earn; at least 0 */
    int32_t others_most;             /* the most that other columns can earn */

    /* for the filter */
    uint32_t surname_sketch[NAMES_PER_PERSON], forename_sketch[NAMES_PER_PERSON];
    uint32_t surname_marks[8], forename_marks[8]; /* bitmaps of agreements' marks */
    uint32_t place_sketch[PLACES_MAX];
};

/* The level of equal words by their kinds on either side: best first. */
enum surname_level surname_equal(uint8_t a, uint8_t b);
enum forename_level forename_equal(uint8_t a, uint8_t b);

/* The level of equal words by their kinds on either side, and its bits. */
int32_t surname_bits(const struct index *index, const struct word *word, uint8_t a,
                     uint8_t b, enum surname_level *level);
int32_t forename_bits(const struct index *index, const struct word *word, uint8_t a,
                      uint8_t b, enum forename_level *level);

/* Fills in ready->crossing; the names are weighed already. crossing.c */
void crossings_weigh(const struct index *index, struct ready *ready);
void crossings_prepare(struct index *index); /* once the left is counted */
void crossings_free(struct index *index);

/* Whether one is the beginning of the other, three letters or more, and not too little of
 * it for the filter to know. */
bool short_form(const char *a, size_t a_len, const char *b, size_t b_len);

/* How a name of ours is like a word on the left that is not the same: the levels of its
 * comparison, or 0. */
struct near {
    unsigned near_92, near_88, sounds;
    bool short_forms; /* near_88, too: CHR of CHRISTOPHER */
};
unsigned near_level(const struct name *name, uint64_t signature, uint32_t sound,
                    const struct word *word, const struct near *near);

/* Of the names beside those two. middle.c */
struct evidence score_middle(const struct index *index, const struct ready *ready,
                             const struct row *row, const struct evidence *surname,
                             const struct evidence *forename);

/* Bits from which on a number is looked up by itself, whatever else agrees. */
enum { STRONG_NUMBER = 12 * BITS_ONE };

/* ready->facts is set. The first two ask for the cache lines that the next will read:
 * call each for many mentions before the next; ready_weigh fills in the rest. */
void ready_ask(const struct index *index, struct ready *ready);
void ready_ask_words(const struct index *index, const struct ready *ready);
void ready_weigh(const struct index *index, struct ready *ready);

/* The score of a row, in full; hit->left is set, hit->right is the caller's. */
void pair_score(const struct index *index, const struct ready *ready, uint32_t row,
                struct hit *hit);

/* Whether it may reach the threshold. `names`: the most that both names and their order
 * earn, middle names apart. Of the row, its names' words are not touched. */
bool pair_may_reach(const struct index *index, const struct ready *ready, uint32_t row,
                    int32_t names, int32_t threshold);

/* ---- the plan --------------------------------------------------------------------------------------- */

enum { PLAN_KEYS_MAX = 40 };

/*
 * A pair is looked for under a key if the names in it and `rest` reach the threshold,
 * and an entry of its list goes on if the names, its date's bits and `rest_undated` do.
 */
struct planned_key {
    uint16_t pieces;      /* 0: everybody is compared */
    int32_t rest;         /* bits: the most that all but the names in the key can add */
    int32_t rest_undated; /* the same without the date of birth */
    double entries;       /* expected, for people and prices */
};

struct plan {
    uint64_t packed[2]; /* class */
    unsigned count;
    double price; /* expected nanoseconds */
    struct planned_key key[PLAN_KEYS_MAX];
};

/* What a plan depends on: bounds of each kind of agreement, rounded up to a bit. */
struct class
{
    int32_t surname, forename;           /* enumerated agreements; 0: none */
    int32_t surname_rest, forename_rest; /* the most without one, sex included */
    int32_t exact, swapped, near_year, near_day, partial; /* of the date; 0: none */
    int32_t far; /* of dates that share no piece, where a model lets them speak */
    int32_t sector, district;
    int32_t residual; /* anything else, whatever the names */
    /* from here on not rounded, and no part of a plan: keys of their own */
    int32_t crossed; /* both names crosswise; 0: none */
    int32_t unit, line;
    int32_t number; /* strong telephones and other numbers together; 0: none */
    int32_t common; /* weak ones together */
};

void class_of(const struct index *index, const struct ready *ready,
              struct class *class);
void class_pack(const struct class *class, uint64_t packed[2]);

struct plans *plans_new(void);
void plans_free(struct plans *plans);
/* Kept for the index's life; `spare` is used when there are too many to keep. */
const struct plan *plan_for(const struct index *index, const struct class *class,
                            struct plan *spare);
void plan_make(const struct index *index, const struct class *class, uint64_t kinds,
               struct plan *plan);

/* Keys for what sketches do not show; of this very class, not rounded. How many. */
enum { FORCED_MAX = 5 };
unsigned forced_keys(const struct index *index, const struct class *class,
                     struct planned_key keys[FORCED_MAX]);

/* A plan with its forced keys behind, for people and proofs. */
void plan_whole(const struct index *index, const struct class *class,
                struct plan *plan);

/* Whether a plan's keys cover every combination of levels; prove.c, independent of
 * plan.c. Leaves key `without` out. Counts combinations; names the first one lost. */
bool plan_covers(const struct index *index, const struct class *class,
                 const struct plan *plan, size_t without, uint64_t *covered,
                 struct err *err);

#endif
