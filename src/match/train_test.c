/* Training: what it must find where the truth is known, and that it finds it again. */
#include "match/em.h"
#include "match/people.h"

#include <math.h>

enum { PEOPLE = 700, MENTIONS = 900 };

struct world {
    struct model *start;
    struct made *left, *right;
    struct person *people, *mentions;
    struct true_pair *truth;
    size_t truth_count;
};

static int open_world(void **state)
{
    struct world *world = memory_new(1, sizeof(*world));
    uint64_t random = 20260303;
    struct err err;

    assert_true(model_default(&world->start, &err));
    world->left = memory_new(PEOPLE, sizeof(*world->left));
    world->right = memory_new(MENTIONS, sizeof(*world->right));
    world->people = memory_new(PEOPLE, sizeof(*world->people));
    world->mentions = memory_new(MENTIONS, sizeof(*world->mentions));
    world->truth = memory_new(MENTIONS, sizeof(*world->truth));
    for (int i = 0; i < PEOPLE; i++) {
        made_person(&random, &world->left[i]);
        world->people[i] = made_as_person(&world->left[i]);
    }
    for (int i = 0; i < MENTIONS; i++) {
        uint32_t who = (uint32_t)(test_random(&random) % PEOPLE);
        struct made stranger;

        made_person(&random, &stranger);
        made_mention(&random, i % 3 ? &world->left[who] : &stranger, &world->right[i]);
        world->mentions[i] = made_as_person(&world->right[i]);
        if (i % 3)
            world->truth[world->truth_count++] = (struct true_pair){who, (uint32_t)i};
    }
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;

    model_free(world->start);
    free(world->left);
    free(world->right);
    free(world->people);
    free(world->mentions);
    free(world->truth);
    free(world);
    return 0;
}

static struct training *trained(const struct world *world, struct train_settings more,
                                bool labelled)
{
    struct train_people people = {
        .left = world->people,
        .left_count = PEOPLE,
        .right = more.one_file ? world->people : world->mentions,
        .right_count = more.one_file ? PEOPLE : MENTIONS,
        .truth = labelled ? world->truth : NULL,
        .truth_count = labelled ? world->truth_count : 0,
    };
    struct training *training = NULL;
    struct err err = {0};

    more.start = more.start ? more.start : world->start;
    more.probability = 1000;
    if (!train(&more, &people, &training, &err))
        fail_msg("%s", err.text);
    return training;
}

/* ---- what it finds ----------------------------------------------------------------------- */

static void expects_as_many_true_pairs_as_there_are(void **state)
{
    const struct world *world = *state;
    struct training *training =
        trained(world, (struct train_settings){.threads = 2}, false);

    printf("true pairs: %zu, expected %.1f; unseen %.4f\n", world->truth_count,
           training->matches, training->unseen);
    for (unsigned i = 0; i < training->rounds; i++)
        printf("round %u: %llu pairs, %u iterations, moved %.4f bits\n", i + 1,
               (unsigned long long)training->round[i].pairs,
               training->round[i].iterations, training->round[i].moved);
    assert_true(training->converged);
    assert_near(training->matches / (double)world->truth_count, 1, 0.03);
    assert_near(training->share, (double)world->truth_count / MENTIONS, 0.03);
    training_free(training);
}

/* The m of the levels that most true pairs have, beside those counted from the truth. */
static void comes_near_what_labels_teach(void **state)
{
    const struct world *world = *state;
    struct training *blind =
        trained(world, (struct train_settings){.threads = 2}, false);
    struct training *told = trained(world, (struct train_settings){.threads = 2}, true);
    unsigned compared = 0;

    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned l = 1; l < world->start->count[c]; l++) {
            const struct train_level *a = &blind->level[c][l], *b = &told->level[c][l];

            if (b->matches < 60)
                continue;
            assert_near(log2(a->m / b->m), 0, 0.5);
            compared++;
        }
    assert_true(compared > 8);
    training_free(blind);
    training_free(told);
}

static void is_the_same_for_any_number_of_threads(void **state)
{
    struct training *one =
        trained(*state, (struct train_settings){.threads = 1}, false);
    struct training *three =
        trained(*state, (struct train_settings){.threads = 3}, false);

    assert_int_equal(one->text_size, three->text_size);
    assert_memory_equal(one->text, three->text, one->text_size);
    training_free(one);
    training_free(three);
}

static void ends_in_the_same_place_from_other_starts(void **state)
{
    struct training *plain =
        trained(*state, (struct train_settings){.threads = 2}, false);

    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct training *moved =
            trained(*state, (struct train_settings){.threads = 2, .seed = seed}, false);

        assert_true(moved->converged);
        assert_near(moved->share, plain->share, 0.001);
        for (unsigned c = 0; c < COMPARISON_COUNT; c++)
            for (unsigned l = 1; l < plain->model->count[c]; l++)
                if (plain->level[c][l].m_from == TRAIN_COUNTED)
                    assert_near(log2(moved->level[c][l].m / plain->level[c][l].m), 0,
                                0.05);
        training_free(moved);
    }
    training_free(plain);
}

/* Another model to start from changes what is looked at first, not where it ends. */
static void ends_near_from_a_trained_start(void **state)
{
    struct training *first =
        trained(*state, (struct train_settings){.threads = 2}, false);
    struct training *again = trained(
        *state, (struct train_settings){.threads = 2, .start = first->model}, false);

    assert_near(again->share, first->share, 0.03);
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned l = 1; l < first->model->count[c]; l++)
            if (first->level[c][l].matches >= 100)
                assert_near(log2(again->level[c][l].m / first->level[c][l].m), 0, 0.2);
    training_free(again);
    training_free(first);
}

static void refuses_to_learn_from_strangers(void **state)
{
    const struct world *world = *state;
    struct train_settings settings = {
        .start = world->start, .probability = 1000, .threads = 2};
    struct train_people people = {world->people, world->people + 20, 20, 20, NULL, 0};
    struct training *training = NULL;
    struct err err = {0};

    assert_false(train(&settings, &people, &training, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_non_null(strstr(err.text, "too few to learn from"));
}

static void trains_within_one_file(void **state)
{
    struct world *world = *state;
    struct person kept[PEOPLE / 4];

    /* a quarter of the people are there twice, as mentions with their errors */
    memcpy(kept, world->people, sizeof(kept));
    for (size_t i = 0; i < COUNT(kept); i++)
        world->people[i] = world->mentions[world->truth[i].right];
    struct training *training =
        trained(world, (struct train_settings){.threads = 2, .one_file = true}, false);
    struct training *same =
        trained(world, (struct train_settings){.threads = 1, .one_file = true}, false);
    double pairs = 0;

    for (size_t i = 0; i < COUNT(kept); i++) {
        pairs += world->truth[i].left >= COUNT(kept); /* its person is still there */
        for (size_t k = 0; k < i; k++)
            pairs += world->truth[i].left == world->truth[k].left;
    }
    printf("one file: %.0f true pairs, expected %.1f\n", pairs, training->matches);
    assert_near(training->matches / pairs, 1, 0.2);
    assert_string_equal(training->text, same->text);
    memcpy(world->people, kept, sizeof(kept));
    training_free(training);
    training_free(same);
}

/* ---- the model as text ------------------------------------------------------------------------ */

static void the_text_is_the_model(void **state)
{
    struct training *training =
        trained(*state, (struct train_settings){.threads = 2}, false);
    struct model *read = NULL;
    struct err err;

    assert_true(
        model_parse((struct str){training->text, training->text_size}, &read, &err));
    assert_true(model_hash(read) == model_hash(training->model));
    assert_non_null(strstr(training->text, "\"labelled\": false"));
    assert_non_null(strstr(training->text, "expected true pairs here"));
    model_free(read);
    training_free(training);
}

static void the_text_holds_nobody(void **state)
{
    struct training *training =
        trained(*state, (struct train_settings){.threads = 2}, true);

    for (size_t i = 0; i < COUNT(made_surnames); i++)
        assert_null(strstr(training->text, made_surnames[i]));
    training_free(training);
}

/* ---- parts ---------------------------------------------------------------------------------------- */

/* Pairs drawn from a model that is known: the estimation gets it back. */
static void the_estimation_recovers_a_known_model(void **state)
{
    const struct world *world = *state;
    static const double m[] = {0, 0.7, 0, 0.3}, u[] = {0, 0.002, 0, 0.998};
    static const unsigned used[] = {COMPARE_PHONE, COMPARE_EMAIL, COMPARE_VEHICLE};
    enum { LEFT = 1000, RIGHT = 1000 };
    struct patterns patterns = {0};
    struct em em = {.start = world->start,
                    .patterns = &patterns,
                    .left = LEFT,
                    .right = RIGHT,
                    .one_file = true,
                    .share = 0.1,
                    .related = 1e-9};

    /* every pattern of three comparisons, as often as the model says it comes */
    for (unsigned bits = 0; bits < 8; bits++) {
        struct pattern pattern = {.count = 0};
        double same = 400, other = (double)LEFT * (RIGHT - 1) / 2 - 400;

        for (unsigned k = 0; k < COUNT(used); k++) {
            unsigned level = bits >> k & 1 ? NUMBER_SAME : NUMBER_DIFFERENT;

            pattern.level[used[k]] = (uint8_t)level;
            same *= m[level == NUMBER_SAME ? 1 : 3];
            other *= u[level == NUMBER_SAME ? 1 : 3];
        }
        patterns_add(&patterns, &pattern, true);
        patterns.list[patterns.count - 1].count = (uint64_t)(same + other + 0.5);
    }
    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned l = 1; l < world->start->count[c]; l++) {
            bool number =
                c == COMPARE_EMAIL || c == COMPARE_VEHICLE || c == COMPARE_PHONE;

            em.frozen[c][l] = !number;
            em.u[c][l] = l == NUMBER_SAME ? u[1] : u[3];
            em.m[c][l] = em.home[c][l] = 0.5;
            em.lean[c][l] = number ? 0.5 : 0;
        }
    em_run(&em);
    assert_true(em.converged);
    assert_false(em.fell);
    assert_near(em.match_total, 400, 20);
    for (unsigned k = 0; k < COUNT(used); k++)
        assert_near(em.m[used[k]][NUMBER_SAME], 0.7, 0.03);
    patterns_free(&patterns);
}

static void weights_out_of_order_are_pooled(void **state)
{
    const struct world *world = *state;
    level_table m = {{0}}, u = {{0}};

    for (unsigned c = 0; c < COMPARISON_COUNT; c++)
        for (unsigned l = 1; l < world->start->count[c]; l++)
            m[c][l] = u[c][l] = 0.1;
    m[COMPARE_SURNAME][SURNAME_NEAR_92] =
        0.01; /* likelier to be alike than nearly equal */
    m[COMPARE_SURNAME][SURNAME_NEAR_88] = 0.03;
    m[COMPARE_SURNAME][SURNAME_DIFFERENT] = 0.001;
    u[COMPARE_SURNAME][SURNAME_NEAR_92] = 0.001;
    u[COMPARE_SURNAME][SURNAME_NEAR_88] = 0.001;
    m[COMPARE_SEX][SEX_DIFFERENT] = 0.4; /* last levels never speak for a match */
    levels_order(world->start, m, u);
    assert_near(m[COMPARE_SURNAME][SURNAME_NEAR_92], 0.02, 1e-9);
    assert_near(m[COMPARE_SURNAME][SURNAME_NEAR_88], 0.02, 1e-9);
    assert_near(m[COMPARE_SURNAME][SURNAME_DIFFERENT], 0.001, 1e-9);
    assert_true(m[COMPARE_SEX][SEX_DIFFERENT] <= u[COMPARE_SEX][SEX_DIFFERENT]);
}

/* In a short file a value met once is as rare as the model says its like are. */
static void the_share_of_a_rare_value_does_not_hang_on_the_length_of_the_file(
    void **state)
{
    double u = 1.0 / 19000;
    int32_t typical = bits_log2(1, 19000);

    (void)state;
    assert_near(share_log(1, 500, 1, 500, u, 0), typical, BITS_ONE / 4);
    assert_near(share_log(1, 20000, 1, 500, u, 0), typical, BITS_ONE / 4);
    /* common values are what they are */
    assert_near(share_log(101, 1000, 51, 500, u, 0), bits_log2(1, 10), BITS_ONE / 8);
    /* many mentions outweigh what the model thinks */
    assert_true(share_log(1, 10000000, 1, 500, u, 0) < typical - 4 * BITS_ONE);
}

/* Within one file the value is also counted at the person itself and its other records. */
static void records_of_the_same_person_do_not_make_a_value_common(void **state)
{
    double u = 1.0 / 19000;

    (void)state;
    /* three records of one person and nobody else, two others each, nine in ten repeat it */
    assert_int_equal(share_log(3, 5000, 3, 5000, u, copies_of(2, 0.9)),
                     share_log(0, 5000, 0, 5000, u, 0));
    assert_true(share_log(3, 5000, 3, 5000, u, 0) >
                share_log(0, 5000, 0, 5000, u, 0) + 2 * BITS_ONE);
    /* of a common value they are few */
    assert_near(share_log(500, 5000, 500, 5000, u, copies_of(2, 0.9)),
                share_log(500, 5000, 500, 5000, u, 0), BITS_ONE / 32);
    assert_true(copies_of(-1, 0.9) == 0); /* two files */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(expects_as_many_true_pairs_as_there_are),
        IT(comes_near_what_labels_teach),
        IT(is_the_same_for_any_number_of_threads),
        IT(ends_in_the_same_place_from_other_starts),
        IT(ends_near_from_a_trained_start),
        IT(refuses_to_learn_from_strangers),
        IT(trains_within_one_file),
        IT(the_text_is_the_model),
        IT(the_text_holds_nobody),
        IT(the_estimation_recovers_a_known_model),
        IT(weights_out_of_order_are_pooled),
        IT(the_share_of_a_rare_value_does_not_hang_on_the_length_of_the_file),
        IT(records_of_the_same_person_do_not_make_a_value_common),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
