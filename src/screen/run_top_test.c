#include "screen/run.h"

#include "test/test.h"

#include <unistd.h>

enum { HITS = 4000, LIMIT = 37, WELFARE_LIMIT = 5 };

static const size_t limits[ROLE_CLASS_COUNT] = {
    [ROLE_ADVERSE] = LIMIT, [ROLE_WELFARE] = WELFARE_LIMIT};

/* How often each comes, and how it scores, must not matter to the others. */
static const struct {
    const char *role;
    size_t limit;
    int32_t bonus;
} kinds[] = {
    {"suspect",         LIMIT,         0 },
    {"victim",          WELFARE_LIMIT, 50},
    {"officer in case", 0,             90},
};

static const char *path = "run_top_test.tmp";

/* Few different scores, so that ties have to be settled. */
static void put_hit(struct bytes *bytes, uint64_t *seed)
{
    char id[32];
    struct record head = {
        .rank = (uint32_t)(test_random(seed) % 500),
        .score = (int32_t)(test_random(seed) % 30),
    };
    struct str texts[FIELD_COUNT] = {0};
    size_t kind = test_random(seed) % 8 % COUNT(kinds);

    head.score += kinds[kind].bonus;
    texts[FIELD_ROLE] = str_of(kinds[kind].role);

    snprintf(id, sizeof(id), "M%d", (int)(test_random(seed) % 100000));
    texts[FIELD_ID] = str_of(id);
    record_put(bytes, &head, texts, FIELD_COUNT);
}

static int best_first(const void *a, const void *b)
{
    const struct record *x = *(const struct record *const *)a;
    const struct record *y = *(const struct record *const *)b;

    return x->score != y->score ? (x->score < y->score ? 1 : -1) : record_order(x, y);
}

/* The plain twin: sort them all, take the first of each role. */
static size_t plain_best(const struct bytes *all, const struct record **best)
{
    const struct record **list = memory_new(HITS, sizeof(struct record *));
    size_t count = 0, taken[COUNT(kinds)] = {0}, kept = 0;

    for (size_t at = 0; at < all->size; at += list[count++]->size)
        list[count] = (const void *)(all->at + at);
    qsort(list, count, sizeof(struct record *), best_first);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < COUNT(kinds); k++)
            if (str_same(record_text(list[i], FIELD_ROLE), str_of(kinds[k].role)) &&
                taken[k]++ < kinds[k].limit)
                best[kept++] = list[i];
    free(list);
    return kept;
}

static void assert_best(struct top *top, const struct bytes *all)
{
    const struct record *best[LIMIT + WELFARE_LIMIT];
    const struct record *const *list;

    assert_int_equal(plain_best(all, best), COUNT(best));
    assert_int_equal(top_list(top, &list), COUNT(best));
    for (size_t i = 0; i < COUNT(best); i++) {
        assert_int_equal(list[i]->size, best[i]->size);
        assert_memory_equal(list[i], best[i], best[i]->size);
    }
    assert_int_equal(top_bar(top, ROLE_ADVERSE), best[COUNT(best) - 1]->score);
    assert_int_equal(top_bar(top, ROLE_WELFARE), best[WELFARE_LIMIT - 1]->score);
    assert_int_equal(top_bar(top, ROLE_POLICE), INT32_MAX);
}

TEST(the_best_of_each_role_are_kept_in_whatever_portions_they_come)
{
    for (int portion = 1; portion <= 1000; portion *= 10) {
        struct top *top = top_new(limits);
        struct bytes all = {0};
        uint64_t seed = 1;

        for (int done = 0; done < HITS; done += portion) {
            struct bytes some = {0};

            for (int i = 0; i < portion; i++) {
                uint64_t again = seed;

                put_hit(&some, &seed);
                put_hit(&all, &again);
            }
            top_offer(top, &some);
            free(some.at);
        }

        assert_best(top, &all);
        free(all.at);
        top_free(top);
    }
}

TEST(a_list_that_was_saved_goes_on_as_if_it_never_was)
{
    struct top *top = top_new(limits);
    struct bytes all = {0}, one = {0};
    uint64_t seed = 2;
    struct err err;

    for (int i = 0; i < HITS; i++) {
        uint64_t again = seed;

        one.size = 0;
        put_hit(&one, &seed);
        put_hit(&all, &again);
        top_offer(top, &one);
        if (i % 500 != 250)
            continue;
        assert_true(top_changed(top));
        assert_true(top_save(top, path, &err));
        assert_false(top_changed(top));
        top_free(top);
        top = top_new(limits);
        assert_true(top_read(top, path, &err));
        assert_false(top_changed(top));
    }

    assert_best(top, &all);
    unlink(path);
    free(all.at);
    free(one.at);
    top_free(top);
}

TESTS(IT(the_best_of_each_role_are_kept_in_whatever_portions_they_come),
      IT(a_list_that_was_saved_goes_on_as_if_it_never_was))
