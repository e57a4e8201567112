#include "match/lanes_loop.h"

bool lanes_can_plain(void)
{
    return true;
}

uint32_t lanes_filter_plain(struct lanes *lanes, const struct ready *ready,
                            const struct bounds *bounds)
{
    return lanes_filter_loop(lanes, ready, bounds);
}
