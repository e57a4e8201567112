#include "screen/run.h"

#include "test/test.h"

enum { PEOPLE = 30000 };

/* Ids of different lengths and beginnings, some below a zero byte's neighbours. */
static size_t make_id(uint64_t number, const char *start, char id[64])
{
    static const char *const ends[] = {"", "A", "\x01", "\xc3\xa9", "-0000000000001"};
    int size = snprintf(id, 64, "%s%llu%s", start, (unsigned long long)number,
                        ends[number % COUNT(ends)]);

    assert_true(size > 0);
    return (size_t)size;
}

static void fill(struct left *left, const char *start)
{
    char id[64];

    for (uint64_t i = 0; i < PEOPLE; i++) {
        size_t len = make_id(i * 7919 % PEOPLE, start, id);

        assert_true(left_add(left, (struct str){id, len}));
    }
}

TEST(an_id_is_taken_once)
{
    struct left left = {0};
    char id[64];

    fill(&left, "P");
    for (uint64_t i = 0; i < PEOPLE; i++) {
        size_t len = make_id(i, "P", id);

        assert_false(left_add(&left, (struct str){id, len}));
    }

    assert_int_equal(left.count, PEOPLE);
    left_free(&left);
}

TEST(ids_are_ranked_as_bytes)
{
    static const char *const starts[] = {"", "P", "a-long-common-beginning-"};

    for (size_t s = 0; s < COUNT(starts); s++) {
        struct left left = {0};

        fill(&left, starts[s]);
        left_sort(&left);

        for (uint32_t r = 0; r + 1 < left.count; r++) {
            struct str a = left_id(&left, left.order[r]);
            struct str b = left_id(&left, left.order[r + 1]);
            int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

            assert_true(order < 0 || (order == 0 && a.len < b.len));
            assert_int_equal(left.rank[left.order[r]], r);
        }
        left_free(&left);
    }
}

TESTS(IT(an_id_is_taken_once), IT(ids_are_ranked_as_bytes))
