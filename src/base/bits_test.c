#include "base/base.h"

#include "test/test.h"

TEST(log2_of_a_ratio_is_within_one_unit_of_libm)
{
    uint64_t state = 1;

    for (int i = 0; i < 100000; i++) {
        uint64_t a = (test_random(&state) >> (test_random(&state) % 60)) | 1;
        uint64_t b = (test_random(&state) >> (test_random(&state) % 60)) | 1;
        double want = (log2((double)a) - log2((double)b)) * BITS_ONE;

        assert_near((double)bits_log2(a, b), want, 1.5);
    }
}

TEST(probability_of_bits_is_the_logistic_function)
{
    for (int32_t bits = -50 * BITS_ONE; bits <= 50 * BITS_ONE; bits += 977) {
        double want = 1e6 / (1 + exp2(-(double)bits / BITS_ONE));

        assert_near((double)bits_probability(bits), want, 0.51);
    }
}

TEST(even_odds_are_zero_bits)
{
    assert_int_equal(bits_odds(500000), 0);
    assert_int_equal(bits_probability(0), 500000);
    assert_int_equal(bits_log2(8, 1), 3 * BITS_ONE);
}

TESTS(IT(log2_of_a_ratio_is_within_one_unit_of_libm),
      IT(probability_of_bits_is_the_logistic_function), IT(even_odds_are_zero_bits))
