/*
 * Dates that stand for "not known": 1 January, 1 July, the first of a month. Nobody lists
 * them: they are met often, and weigh by how often.
 */
#include "match/inner.h"

#include "test/test.h"

enum { MENTIONS = 20000 };

static const struct person *born(struct person *person, uint32_t yyyymmdd)
{
    *person = (struct person){.born = yyyymmdd};
    person->field[FIELD_SURNAME] = STR("Whitlocke");
    person->field[FIELD_FORENAMES] = STR("Bernard");
    return person;
}

/* Every 25th mention is of 1 January, every 50th of 1 July of one of ten years. */
static uint32_t spread(uint64_t *random, unsigned i)
{
    uint32_t year = (1975 + (uint32_t)(test_random(random) % 10)) * 10000;

    if (i % 25 == 0)
        return year + 101;
    if (i % 50 == 1)
        return year + 701;
    return year + (uint32_t)(1 + test_random(random) % 12) * 100 +
           (uint32_t)(2 + test_random(random) % 27);
}

/* Of a person with this date of birth and a mention with that one. */
static struct evidence date_evidence(uint32_t ours, uint32_t theirs)
{
    struct index_settings settings = {.probability = 10000, .threads = 1};
    struct person person;
    struct model *model;
    struct index *index;
    struct err err;
    struct hit hit;
    uint64_t random = 7;

    assert_true(model_default(&model, &err));
    settings.model = model;
    assert_true(index_new(&settings, &index, &err));
    assert_true(index_add(index, born(&person, ours), &err));
    for (unsigned i = 0; i < MENTIONS; i++)
        index_sample(index, born(&person, spread(&random, i)));
    assert_true(index_build(index, &err));

    struct matcher *matcher = matcher_new(index);

    matcher_score(matcher, 0, born(&person, theirs), &hit);
    matcher_free(matcher);
    index_free(index);
    model_free(model);
    return hit.evidence[COMPARE_DATE_OF_BIRTH];
}

TEST(a_default_day_weighs_as_little_as_it_is_common)
{
    struct evidence usual = date_evidence(19790423, 19790423);
    struct evidence january = date_evidence(19790101, 19790101);
    struct evidence july = date_evidence(19790701, 19790701);

    assert_int_equal(usual.level, BORN_EXACT);
    assert_int_equal(january.level, BORN_EXACT);
    assert_int_equal(july.level, BORN_EXACT);
    /* 1 January of a year: 1 in 250 mentions, 7.8 bits; a usual day: 1 in 3,500, 11.6 */
    assert_in_range(january.bits, 7 * BITS_ONE, 8 * BITS_ONE + BITS_ONE / 2);
    assert_in_range(july.bits, january.bits + BITS_ONE / 2,
                    january.bits + 2 * BITS_ONE);
    assert_in_range(usual.bits, january.bits + 3 * BITS_ONE,
                    january.bits + 5 * BITS_ONE);
}

TEST(a_day_of_the_year_beside_its_default_is_no_contradiction)
{
    static const uint32_t defaults[] = {19790101, 19790701, 19791101};

    for (size_t i = 0; i < COUNT(defaults); i++) {
        struct evidence one = date_evidence(19790423, defaults[i]);
        struct evidence other = date_evidence(defaults[i], 19790423);

        assert_int_equal(one.level, BORN_DEFAULT_DAY);
        assert_int_equal(other.level, BORN_DEFAULT_DAY);
        assert_true(one.bits > 0 && other.bits == one.bits);
    }
    assert_int_equal(date_evidence(19790423, 19820101).level, BORN_WITHIN_5);
}

TESTS(IT(a_default_day_weighs_as_little_as_it_is_common),
      IT(a_day_of_the_year_beside_its_default_is_no_contradiction))
