/* u: what is counted over lists is what comparing all pairs counts, to the last one. */
#include "match/em.h"
#include "match/people.h"

enum { PEOPLE = 400, MENTIONS = 500 };

struct world {
    struct model *ordered, *usual;
    struct made *left, *right;
    struct person *people, *mentions;
};

/*
 * Bits of levels fall in their order and follow no value, so the best level of a pair is
 * its first; names exchanged never pay. The scorer then says which level each pair has.
 */
static void order_levels(struct model *model)
{
    for (unsigned c = 0; c < model_comparisons(model); c++)
        for (unsigned l = 1; l < model->count[c]; l++) {
            struct level *level = &model->level[c][l];

            if (c == COMPARE_FULL_NAME)
                continue;
            level->by_frequency = false;
            level->bits = l + 1 < model->count[c] ? (int32_t)(LEVELS_MAX - l) * BITS_ONE
                                                  : -BITS_ONE;
            level->least = level->most = level->bits;
        }
    model->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits = -64 * BITS_ONE;
}

static int open_world(void **state)
{
    struct world *world = memory_new(1, sizeof(*world));
    uint64_t random = 20260707;
    struct err err;

    assert_true(model_default(&world->ordered, &err));
    assert_true(model_default(&world->usual, &err));
    assert_true(model_compare(world->ordered, made_other, COUNT(made_other), &err));
    assert_true(model_compare(world->usual, made_other, COUNT(made_other), &err));
    order_levels(world->ordered);
    world->usual->level[COMPARE_NAME_ORDER][ORDER_SWAPPED].bits = -64 * BITS_ONE;
    /* weights that were pooled in training: ties */
    world->usual->level[COMPARE_SURNAME][SURNAME_NEAR_92].bits =
        world->usual->level[COMPARE_SURNAME][SURNAME_NEAR_88].bits;
    world->left = memory_new(PEOPLE, sizeof(*world->left));
    world->right = memory_new(MENTIONS, sizeof(*world->right));
    world->people = memory_new(PEOPLE, sizeof(*world->people));
    world->mentions = memory_new(MENTIONS, sizeof(*world->mentions));
    for (int i = 0; i < PEOPLE; i++) {
        made_person(&random, &world->left[i]);
        made_others(&random, &world->left[i]);
        if (i % 9 == 0) /* initials on the left, too */
            world->left[i].forenames[1] = 0;
        if (i % 11 == 0)
            snprintf(world->left[i].forenames + 1, 40, " %c", "ABCJ"[i % 4]);
        world->people[i] = made_as_person(&world->left[i]);
        made_with_others(&world->left[i], &world->people[i]);
    }
    for (int i = 0; i < MENTIONS; i++) {
        made_mention(&random, &world->left[test_random(&random) % PEOPLE],
                     &world->right[i]);
        made_others_again(&random, &world->right[i]);
        world->mentions[i] = made_as_person(&world->right[i]);
        made_with_others(&world->right[i], &world->mentions[i]);
    }
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;

    model_free(world->ordered);
    model_free(world->usual);
    free(world->left);
    free(world->right);
    free(world->people);
    free(world->mentions);
    free(world);
    return 0;
}

static struct index *indexed(const struct model *model,
                             const struct train_people *people)
{
    struct index_settings settings = {
        .model = model, .probability = 500000, .threads = 1};
    struct index *index;
    struct err err;

    assert_true(index_new(&settings, &index, &err));
    for (size_t i = 0; i < people->left_count; i++)
        assert_true(index_add(index, &people->left[i], &err));
    for (size_t i = 0; i < people->right_count; i++)
        index_sample(index, &people->right[i]);
    if (!index_build(index, &err))
        fail_msg("%s", err.text);
    return index;
}

static void count_plainly(const struct index *index, const struct train_people *people,
                          bool one_file, struct chance *chance)
{
    struct matcher *matcher = matcher_new(index);

    *chance = (struct chance){.all = 0};
    for (size_t i = 0; i < people->left_count; i++)
        for (size_t k = 0; k < people->right_count; k++) {
            struct hit hit;

            if (one_file && i == k)
                continue;
            matcher_score(matcher, (uint32_t)i, &people->right[k], &hit);
            chance->all++;
            for (unsigned c = 0; c < model_comparisons(index->model); c++)
                chance->pairs[c][counted_level(hit.evidence, c)]++;
        }
    matcher_free(matcher);
}

static void assert_counts(const struct model *model, const struct train_people *people,
                          bool one_file)
{
    struct index *index = indexed(model, people);
    struct chances *chances = chances_new(model, people, one_file, 2);
    struct chance *plain = memory_new(1, sizeof(*plain));
    struct chance *counted = memory_new(1, sizeof(*counted));
    unsigned levels = 0;

    count_plainly(index, people, one_file, plain);
    chances_count(chances, index, counted);

    assert_int_equal(counted->all, plain->all);
    for (unsigned c = 0; c < model_comparisons(model); c++)
        for (unsigned l = 1; l < model->count[c]; l++) {
            if (c == COMPARE_NAME_ORDER || c == COMPARE_FULL_NAME ||
                c == COMPARE_MIDDLE_NAMES)
                continue;
            /* the closest place is counted, not the one that earns most */
            if (c == COMPARE_PLACE && model->level[c][PLACE_UNIT].by_frequency)
                continue;
            if (counted->pairs[c][l] != plain->pairs[c][l])
                fail_msg("%s, %s: %llu counted, %llu there are",
                         model_comparison_name(model, (enum comparison)c),
                         model->level[c][l].name,
                         (unsigned long long)counted->pairs[c][l],
                         (unsigned long long)plain->pairs[c][l]);
            levels += plain->pairs[c][l] > 0;
        }
    printf("%llu pairs, %u levels that any has\n", (unsigned long long)plain->all,
           levels);
    assert_true(levels >= 42);
    free(plain);
    free(counted);
    chances_free(chances);
    index_free(index);
}

static struct train_people two_files(const struct world *world)
{
    return (struct train_people){
        .left = world->people,
        .right = world->mentions,
        .left_count = PEOPLE,
        .right_count = MENTIONS,
    };
}

static void counts_of_two_files_are_those_of_all_pairs(void **state)
{
    struct world *world = *state;
    struct train_people people = two_files(world);

    assert_counts(world->ordered, &people, false);
    assert_counts(world->usual, &people, false);
}

static void counts_within_one_file_are_those_of_all_pairs_of_two_rows(void **state)
{
    struct world *world = *state;
    struct train_people people = two_files(world);

    people.left = people.right;
    people.left_count = people.right_count;
    assert_counts(world->ordered, &people, true);
    assert_counts(world->usual, &people, true);
}

static void counts_do_not_hang_on_threads(void **state)
{
    struct world *world = *state;
    struct train_people people = two_files(world);
    struct index *index = indexed(world->usual, &people);
    struct chance *counted[2];

    for (unsigned i = 0; i < 2; i++) {
        struct chances *chances = chances_new(world->usual, &people, false, 1 + 2 * i);

        counted[i] = memory_new(1, sizeof(**counted));
        chances_count(chances, index, counted[i]);
        chances_free(chances);
    }

    assert_memory_equal(counted[0], counted[1], sizeof(**counted));
    free(counted[0]);
    free(counted[1]);
    index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(counts_of_two_files_are_those_of_all_pairs),
        IT(counts_within_one_file_are_those_of_all_pairs_of_two_rows),
        IT(counts_do_not_hang_on_threads),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
