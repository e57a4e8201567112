#include "match/lanes_loop.h"

bool lanes_can_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

uint32_t lanes_filter_avx2(struct lanes *lanes, const struct ready *ready,
                           const struct bounds *bounds)
{
    return lanes_filter_loop(lanes, ready, bounds);
}
