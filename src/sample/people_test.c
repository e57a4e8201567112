/* People, names, mentions: the room's insides, without files. */
#include "sample/truth.h"

#include "test/test.h"

static struct arena *arena;
static struct world *world;
static struct crowd crowd;

static void set_up(uint64_t rows, uint64_t mentions, uint64_t people)
{
    arena = arena_new();
    world = arena_alloc(arena, sizeof(*world));
    world_make(arena, 11, rows, world);
    crowd_make(world, mentions, people, &crowd);
}

static void tear_down(void)
{
    crowd_free(&crowd);
    arena_free(arena);
}

TEST(names_come_as_often_as_their_tables_say)
{
    set_up(2000, 20000, 8000);
    for (size_t c = 0; c < CULTURE_COUNT; c++) {
        const struct list *list = &world->cultures[c].surnames;
        enum { DRAWS = 1000000 };
        uint32_t *counts = memory_new(list->count + 1, sizeof(*counts));
        struct draw draw = draw_from(3, STREAM_PERSON, c);

        for (uint32_t i = 0; list->count && i < DRAWS; i++)
            counts[list_draw(list, &draw) - list->names]++;
        for (uint32_t i = 0; i < list->count && i < 200; i++) {
            double expected =
                (double)list->weights[i] * DRAWS / (double)list->weight_sum;

            /* 5 %, or the noise of that many draws */
            assert_near(counts[i], expected, 0.05 * expected + 4 * sqrt(expected));
        }
        free(counts);
    }
    tear_down();
}

TEST(classes_have_their_shares_and_referrals_are_exact)
{
    static const struct {
        uint64_t rows, referrals;
    } cases[] = {
        {2000,   3  },
        {30000,  45 },
        {300000, 450}
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t counts[PRESENCE_COUNT] = {0};

        set_up(cases[i].rows, 4000000, 1500000);
        for (uint64_t m = 0; m < world->members; m++)
            counts[member_class(world, m)]++;
        double members = (double)world->members;

        assert_int_equal(counts[T5], cases[i].referrals);
        assert_near((double)counts[T0] / members, 0.5455, 0.001);
        assert_near((double)counts[T1] / members, 0.38, 0.001);
        assert_near((double)counts[T2] / members, 0.05, 0.001);
        assert_near((double)counts[T3] / members, 0.015, 0.001);
        assert_near((double)counts[T4] / members, 0.008, 0.001);
        assert_int_equal(member_class(world, member_of_class(world, T5, 0)), T5);
        tear_down();
    }
}

TEST(a_mention_is_found_by_its_number_as_by_counting)
{
    uint64_t mention = 0, people = 0;

    set_up(2000, 20000, 8000);
    for (uint64_t number = 0; number < crowd.end; number++) {
        struct place_in person = crowd_person(&crowd, number);

        assert_int_equal(person.first, mention);
        for (uint32_t k = 0; k < person.count; k++, mention++) {
            struct place_in at = crowd_find(&crowd, mention);

            assert_int_equal(at.number, number);
            assert_int_equal(at.nth, k);
        }
        people += person.count > 0;
    }

    assert_int_equal(mention, 20000);
    assert_int_equal(people, crowd.people);
    assert_near((double)people, 8000, 400);
    tear_down();
}

/* Expected rates of the table for people of British names, fresh mentions, by tier. */
static const struct {
    enum slip slip;
    double rates[TIER_COUNT];
} expected[] = {
    {SLIP_NICKNAME,         {.03, .06, .12, .10}  },
    {SLIP_INITIAL,          {.005, .02, .04, .06} },
    {SLIP_FORENAME_TYPED,   {.02, .04, .06, .14}  },
    {SLIP_FORENAME_MISSING, {.002, .01, .02, .04} },
    {SLIP_SURNAME_TYPED,    {.027, .05, .08, .21} },
    {SLIP_SWAPPED,          {.003, .01, .03, .04} },
    {SLIP_DOB_MISSING,      {.01, .06, .20, .25}  },
    {SLIP_DOB_WRONG,        {.007, .015, .04, .07}},
    {SLIP_SEX,              {.005, .015, .04, .06}},
    {SLIP_ETHNICITY,        {.10, .12, .15, .15}  },
};

TEST(errors_come_as_often_as_the_table_of_tiers_says)
{
    uint64_t all[TIER_COUNT] = {0}, counts[COUNT(expected)][TIER_COUNT] = {{0}};
    struct mention mention;
    struct person person;

    set_up(2000, 600000, 300000);
    for (uint64_t i = 0; i < 600000; i++) {
        mention_make(&crowd, i, &mention, &person);
        if (person.culture != 0 || mention.at.number < world->background ||
            HAS_SLIP(mention.said.slips, SLIP_COPIED))
            continue;
        all[mention.record.tier]++;
        for (size_t e = 0; e < COUNT(expected); e++)
            counts[e][mention.record.tier] +=
                HAS_SLIP(mention.said.slips, expected[e].slip);
    }

    for (size_t e = 0; e < COUNT(expected); e++)
        for (int t = 0; t < TIER_COUNT; t++) {
            double rate = (double)counts[e][t] / (double)all[t];
            double want = expected[e].rates[t];

            if (fabs(rate - want) > 0.12 * want + 0.004)
                fail_msg("%s in tier %c: %.4f, want %.4f", slip_names[expected[e].slip],
                         "ABCD"[t], rate, want);
        }
    tear_down();
}

TEST(whoever_is_named_and_born_as_a_member_by_chance_is_on_the_roll)
{
    struct mention mention;
    struct person person, member;

    set_up(2000, 20000, 8000);
    struct roll *roll = roll_make(arena, world, 2);

    for (uint64_t m = 0; m < 300; m++) { /* against the plain way, both ways round */
        struct particulars said = {.dob = DOB_EXACT};
        uint64_t found = 0;

        person_make(world, m, &member);
        word_set(&said.surname, member.surname);
        word_set(&said.forename1, member.forename[0]);
        said.born = ymd_of(member.born);
        assert_true(roll_find(roll, &said, m, &found));
        assert_int_equal(found, m);
        said.born.year -= 100;
        assert_false(roll_find(roll, &said, 0, &found));
    }
    for (uint64_t i = 0; i < 2000; i++) {
        uint64_t found;

        mention_make(&crowd, i, &mention, &person);
        if (!roll_find(roll, &mention.said, 0, &found))
            continue;
        person_make(world, found, &member);
        assert_int_equal(day_of(mention.said.born.year, mention.said.born.month,
                                mention.said.born.day),
                         member.born);
    }
    tear_down();
}

/* Chance agreement of surname: the specification's sum of squares, within 15 %. */
TEST(two_people_share_a_surname_as_often_as_they_should)
{
    enum { BUCKETS = 1 << 22, PEOPLE = 28000 };
    uint32_t *members = memory_new(BUCKETS, sizeof(*members));
    double pairs = 0;
    struct person person;

    set_up(30000, 200000, 80000);
    for (uint64_t m = 0; m < PEOPLE; m++) {
        person_make(world, m, &person);
        members[hash_bytes(person.surname.at, person.surname.len, 0) % BUCKETS]++;
    }
    for (uint64_t i = 0; i < PEOPLE; i++) {
        person_make(world, world->background + 4 * i, &person);
        pairs +=
            members[hash_bytes(person.surname.at, person.surname.len, 0) % BUCKETS];
    }

    assert_near(pairs / PEOPLE / PEOPLE, 0.00116, 0.15 * 0.00116);
    free(members);
    tear_down();
}

TEST(a_planted_namesake_has_the_name_and_birth_of_its_member_and_lives_elsewhere)
{
    struct person person, member;
    struct tie tie;
    int kinds[PLANT_COUNT] = {0};

    set_up(30000, 200000, 80000);
    for (uint64_t n = world->members; n < world->background; n++) {
        if (!planted_tie(world, n, &tie))
            continue;
        kinds[tie.kind]++;
        person_make(world, n, &person);
        person_make(world, tie.member, &member);
        if (tie.kind == PLANT_TWIN) {
            assert_int_equal(person.born, member.born);
            assert_true(person.home == member.home);
        }
        if (tie.kind != PLANT_NAMESAKE)
            continue;
        assert_int_equal(person.born, member.born);
        assert_int_equal(person.surname.len, member.surname.len);
        assert_memory_equal(person.surname.at, member.surname.at, member.surname.len);
        assert_int_not_equal(person.force, member.force);
    }

    assert_int_equal(kinds[PLANT_NAMESAKE], 200);
    assert_int_equal(kinds[PLANT_TWIN] + kinds[PLANT_SIBLING], 300);
    assert_int_equal(kinds[PLANT_PARTNER], 500);
    assert_int_equal(kinds[PLANT_IMPERSONATION], 100);
    tear_down();
}

TESTS(IT(names_come_as_often_as_their_tables_say),
      IT(classes_have_their_shares_and_referrals_are_exact),
      IT(a_mention_is_found_by_its_number_as_by_counting),
      IT(errors_come_as_often_as_the_table_of_tiers_says),
      IT(whoever_is_named_and_born_as_a_member_by_chance_is_on_the_roll),
      IT(two_people_share_a_surname_as_often_as_they_should),
      IT(a_planted_namesake_has_the_name_and_birth_of_its_member_and_lives_elsewhere))
