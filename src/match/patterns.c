/* Pairs as patterns: a pair is four bytes, however much was compared. */
#include "match/em.h"

#include <stdlib.h>
#include <string.h>

static int16_t rarity(int64_t bits)
{
    int64_t eighths = (bits * RARITY_ONE + BITS_ONE / 2) / BITS_ONE;

    return (int16_t)(eighths > INT16_MAX   ? INT16_MAX
                     : eighths < INT16_MIN ? INT16_MIN
                                           : eighths);
}

void pattern_of(const struct model *model, const struct hit *hit,
                struct pattern *pattern)
{
    int64_t home = 0, rest = 0;

    *pattern = (struct pattern){.count = 0};
    for (unsigned c = 0; c < model_comparisons(model); c++) {
        unsigned level = counted_level(hit->evidence, c);

        pattern->level[c] = (uint8_t)level;
        if (!level || !model->level[c][level].by_frequency)
            continue;
        /* bits = log2 m - log2 u, bounds included */
        int64_t rare = (int64_t)hit->evidence[c].bits - model->log_m[c][level];

        if (shared_at_home((enum comparison)c))
            home += rare;
        else
            rest += rare;
    }
    pattern->rarity_home = rarity(home);
    pattern->rarity_rest = rarity(rest);
}

static bool same_pattern(const struct pattern *a, const struct pattern *b)
{
    return a->rarity_home == b->rarity_home && a->rarity_rest == b->rarity_rest &&
           memcmp(a->level, b->level, sizeof(a->level)) == 0;
}

static uint64_t pattern_hash(const struct pattern *pattern)
{
    uint64_t seed = (uint64_t)(uint16_t)pattern->rarity_home << 16 |
                    (uint64_t)(uint16_t)pattern->rarity_rest;

    return hash_bytes(pattern->level, sizeof(pattern->level), seed);
}

/* Open addressing; slots hold number + 1. */
static size_t slot_of(const struct patterns *patterns, const struct pattern *pattern)
{
    size_t mask = patterns->slot_count - 1;
    size_t at = pattern_hash(pattern) & mask;

    while (patterns->slots[at] &&
           !same_pattern(&patterns->list[patterns->slots[at] - 1], pattern))
        at = (at + 1) & mask;
    return at;
}

static void slots_grow(struct patterns *patterns)
{
    if (patterns->count < patterns->slot_count / 2)
        return;
    free(patterns->slots);
    patterns->slot_count = patterns->slot_count ? patterns->slot_count * 2 : 4096;
    patterns->slots = memory_new(patterns->slot_count, sizeof(*patterns->slots));
    for (size_t i = 0; i < patterns->count; i++)
        patterns->slots[slot_of(patterns, &patterns->list[i])] = (uint32_t)i + 1;
}

static uint32_t pattern_number(struct patterns *patterns, const struct pattern *pattern)
{
    slots_grow(patterns);

    size_t at = slot_of(patterns, pattern);

    if (patterns->slots[at])
        return patterns->slots[at] - 1;
    if (patterns->count == patterns->room) {
        patterns->room = patterns->room ? patterns->room * 2 : 1024;
        patterns->list =
            memory_grow(patterns->list, patterns->room, sizeof(*patterns->list));
    }
    patterns->list[patterns->count] = *pattern;
    patterns->slots[at] = (uint32_t)patterns->count + 1;
    return (uint32_t)patterns->count++;
}

void patterns_add(struct patterns *patterns, const struct pattern *pattern, bool last)
{
    uint32_t number = pattern_number(patterns, pattern);

    patterns->list[number].count++;
    if (patterns->pair_count == patterns->pair_room) {
        patterns->pair_room = patterns->pair_room ? patterns->pair_room * 2 : 4096;
        patterns->pairs =
            memory_grow(patterns->pairs, patterns->pair_room, sizeof(uint32_t));
    }
    patterns->pairs[patterns->pair_count++] = number | (last ? PAIR_LAST : 0);
    patterns->groups += last;
}

void patterns_free(struct patterns *patterns)
{
    free(patterns->list);
    free(patterns->slots);
    free(patterns->pairs);
    *patterns = (struct patterns){0};
}
