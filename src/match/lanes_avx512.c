#include "match/lanes_loop.h"

bool lanes_can_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vpopcntdq");
}

uint32_t lanes_filter_avx512(struct lanes *lanes, const struct ready *ready,
                             const struct bounds *bounds)
{
    return lanes_filter_loop(lanes, ready, bounds);
}
