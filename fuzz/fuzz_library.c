/*
 * People as a program would give them, name and value: `field=value` lines, an empty line
 * between people. Whatever stands there, the index takes or refuses them, each taken person
 * is looked for, and what is found adds up.
 */
#include "library/candour.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES = 16, PEOPLE = 8, NAME_SIZE = 32 };

struct one {
    struct candour_value values[VALUES];
    char names[VALUES][NAME_SIZE];
    size_t count;
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Takes a line off the rest; false at an empty line or the end. */
static bool line_read(const char **at, const char *end, struct one *one)
{
    const char *from = *at;
    size_t rest = (size_t)(end - from);
    const char *stop = rest ? memchr(from, '\n', rest) : NULL;
    size_t length = stop ? (size_t)(stop - from) : rest;
    const char *equals = length ? memchr(from, '=', length) : NULL;
    size_t name = equals ? (size_t)(equals - from) : 0;

    *at = stop ? stop + 1 : end;
    if (length == 0)
        return false;
    if (!equals || name >= NAME_SIZE || one->count == VALUES)
        return true;
    memcpy(one->names[one->count], from, name);
    one->names[one->count][name] = 0;
    one->values[one->count] =
        (struct candour_value){one->names[one->count], equals + 1, length - name - 1};
    one->count++;
    return true;
}

static void look_for(struct candour_finder *finder, const struct one *one)
{
    struct candour_hits *hits;

    must(candour_find(finder, one->values, one->count, 0, &hits, NULL));
    for (size_t i = 0; i < candour_hits_count(hits); i++) {
        struct candour_hit hit = {.size = sizeof(hit)};
        struct candour_hits *scored;

        must(candour_hits_get(hits, i, &hit, NULL));
        must(candour_score(finder, hit.left, one->values, one->count, &scored, NULL));
        must(candour_hits_score(scored)[0] == candour_hits_score(hits)[i]);
        for (uint32_t c = 0; c < candour_comparison_count(); c++)
            hit.score -= candour_hits_bits(hits, c)[i] / 65536.0;
        must(hit.score == hit.prior);
        candour_hits_free(scored);
    }
    candour_hits_free(hits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct candour_model *model; /* made once: only read from then on */
    const char *at = (const char *)data, *end = at + size;
    struct candour_index *index;
    struct candour_finder *finder;
    struct candour_error error;
    struct one *people = calloc(PEOPLE, sizeof(*people));
    size_t taken = 0;

    must(people != NULL);
    must(model || candour_model_default(&model, &error));
    struct candour_index_settings settings = {
        .size = sizeof(settings), .model = model, .probability = 0.001, .threads = 1};

    must(candour_index_new(&settings, &index, &error));
    while (at < end && taken < PEOPLE) {
        struct one *one = &people[taken];

        one->count = 0;
        while (line_read(&at, end, one))
            ;
        if (candour_index_add(index, one->values, one->count, &error))
            taken++;
        else
            must(error.code == CANDOUR_INPUT);
    }
    must(candour_index_people(index) == taken);
    must(candour_index_build(index, &error));
    must(candour_finder_new(index, 1, &finder, &error));
    for (size_t i = 0; i < taken; i++)
        look_for(finder, &people[i]);
    candour_finder_free(finder);
    candour_index_free(index);
    free(people);
    return 0;
}
