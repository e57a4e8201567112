/*
 * split_loop: the vector readers, included once by the file of each instruction set,
 * which says how 64 bytes become masks (bit i for byte i):
 *
 *   struct masks masks_of(const char *at, char separator)
 *   uint64_t parity(uint64_t quotes)    each bit: the sum of the bits up to and with it
 *   void put_bits(uint32_t *to, uint64_t bits, uint32_t base)    may write 64 entries
 */
#include "feed/split.h"

#include <string.h>

struct masks {
    uint64_t quote, separator, newline, carriage_return;
};

static inline struct masks masks_of(const char *at, char separator);
static inline uint64_t parity(uint64_t quotes);
static inline void put_bits(uint32_t *to, uint64_t bits, uint32_t base);

/* What one step leaves for the next. */
struct carry {
    uint64_t inside;    /* all ones inside quotes */
    uint64_t may_open;  /* 1 if a quote may open at the first byte */
    uint64_t misplaced; /* not 0 once a quote opened where it may not */
};

static inline bool settle(struct masks *masks, bool quotes, struct carry *carry)
{
    uint64_t quote = quotes ? masks->quote : 0;
    uint64_t inside = parity(quote) ^ carry->inside;
    uint64_t before = quote | masks->separator | masks->newline;

    carry->inside = 0 - (inside >> 63);
    carry->misplaced |= quote & inside & ~(before << 1 | carry->may_open);
    carry->may_open = before >> 63;
    masks->separator &= ~inside;
    masks->newline &= ~inside;
    return carry->misplaced == 0;
}

/* 64 bytes at position i; the end of the text is completed with zeroes. */
static inline struct masks step_masks(struct str text, size_t i, char separator)
{
    char last[64] = {0};

    if (text.len - i >= 64)
        return masks_of(text.at + i, separator);
    memcpy(last, text.at + i, text.len - i);
    return masks_of(last, separator);
}

static inline bool tally_loop(struct str text, struct split_rule rule,
                              struct split_tally *tally)
{
    struct carry carry = {.may_open = 1};
    uint64_t newline_before = (uint64_t)1 << 63, return_before = 0;
    uint64_t last = 0, lines = 0, blanks = 0, fields = 0;
    size_t last_at = 0;

    for (size_t i = 0; i < text.len; i += 64) {
        struct masks m = step_masks(text, i, rule.separator);

        if (!settle(&m, rule.quotes, &carry))
            return false;
        uint64_t after_newline = m.newline << 1 | newline_before >> 63;
        uint64_t after_two = m.newline << 2 | newline_before >> 62;
        uint64_t after_return = m.carriage_return << 1 | return_before >> 63;

        blanks += (uint64_t)__builtin_popcountll(
            m.newline & (after_newline | (after_return & after_two)));
        lines += (uint64_t)__builtin_popcountll(m.newline);
        fields += (uint64_t)__builtin_popcountll(m.newline | m.separator);
        last = m.newline ? m.newline : last;
        last_at = m.newline ? i : last_at;
        newline_before = m.newline;
        return_before = m.carriage_return;
    }
    *tally = (struct split_tally){
        .rows = lines - blanks,
        .blanks = blanks,
        .fields = fields - blanks,
        .end = last ? last_at + 64 - (size_t)__builtin_clzll(last) : 0,
        .open = carry.inside != 0,
    };
    return true;
}

static inline bool text_loop(struct str text, struct split_rule rule,
                             struct split_index *index)
{
    struct carry carry = {.may_open = 1};

    index->count = index->rows = 0;
    for (size_t i = 0; i < text.len; i += 64) {
        struct masks m = step_masks(text, i, rule.separator);

        if (!settle(&m, rule.quotes, &carry))
            return false;
        uint64_t ends = m.newline | m.separator;

        split_room(index, 64, 64);
        put_bits(index->at + index->count, ends, (uint32_t)i);
        for (uint64_t rest = m.newline; rest; rest &= rest - 1) {
            uint64_t up_to = rest ^ (rest - 1);

            index->row[index->rows++] =
                (uint32_t)index->count + (uint32_t)__builtin_popcountll(ends & up_to);
        }
        index->count += (size_t)__builtin_popcountll(ends);
    }
    index->open = carry.inside != 0;
    return true;
}
