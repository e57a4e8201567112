#include "splink/splink.h"

#include "test/test.h"

TEST(logarithms_are_those_of_the_library_to_a_billionth)
{
    uint64_t state = 1;

    for (int i = 0; i < 100000; i++) {
        double value = (double)(test_random(&state) >> 11) / 9007199254740992.0 + 1e-17;

        if (i % 3 == 0)
            value = 1 / value;
        assert_near(weight_bits(weight_log2(value)), log2(value), 1e-11);
    }
    assert_true(weight_log2(8) == 3 * WEIGHT_ONE);
    assert_true(weight_log2(1) == 0);
    assert_true(weight_log2(0.25) == -2 * WEIGHT_ONE);
    assert_near(weight_bits(weight_log2(1e-300)), log2(1e-300), 1e-9);
}

TEST(probabilities_come_back_from_their_bits)
{
    for (uint32_t millionths = 1; millionths < 1000000; millionths += 997)
        assert_near(weight_probability(weight_threshold(millionths)) * 1e6, millionths,
                    1e-5);
    assert_true(weight_probability(0) == 0.5);
    assert_true(weight_probability(5000 * WEIGHT_ONE) == 1);
    assert_true(weight_probability(-5000 * WEIGHT_ONE) == 0);
    assert_near(weight_probability(-20 * WEIGHT_ONE), 1 / 1048577.0, 1e-15);
}

TESTS(IT(logarithms_are_those_of_the_library_to_a_billionth),
      IT(probabilities_come_back_from_their_bits))
