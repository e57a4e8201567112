#include "match/lanes_loop.h"

static bool works(void)
{
    return true;
}

static uint32_t filter(const struct lanes *lanes, const struct ready *ready,
                       const struct bounds *bounds, int32_t names[LANES])
{
    return lanes_filter_loop(lanes, ready, bounds, names);
}

static uint32_t far(const struct entry *entries, uint32_t born)
{
    return lanes_far_loop(entries, born);
}

const struct lanes_way lanes_plain = {works, filter, far};
