/*
 * test: how tests are written here.
 *
 *   TEST(a_missing_birth_date_is_no_evidence_either_way) { ... }
 *   TESTS(IT(a_missing_birth_date_is_no_evidence_either_way))
 *
 * A test is a sentence that is true if it passes. cmocka runs them.
 */
#ifndef TEST_TEST_H
#define TEST_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEST(sentence)                                                                 \
    static void sentence(void **cmocka_state_ __attribute__((unused)))
#define IT(sentence) cmocka_unit_test(sentence)

#define TESTS(...)                                                                     \
    int main(void)                                                                     \
    {                                                                                  \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                               \
        return cmocka_run_group_tests(tests, NULL, NULL);                              \
    }

#define assert_near(a, b, within)                                                      \
    do {                                                                               \
        double near_a_ = (a), near_b_ = (b);                                           \
        if (!(fabs(near_a_ - near_b_) <= (within)))                                    \
            fail_msg("%s is %.9g, %s is %.9g: more than %.3g apart", #a, near_a_, #b,  \
                     near_b_, (double)(within));                                       \
    } while (0)

/* A random number generator for property tests: the same numbers in every run. */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

#endif
