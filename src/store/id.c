#include "store/backend.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

int64_t store_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* 48 bits of milliseconds, then 80 random ones, five to a letter (Crockford's base 32,
 * which has no I, L, O or U to be misread). */
void store_id(char id[STORE_ID_SIZE])
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint64_t ms = (uint64_t)(store_now() / 1000);
    uint8_t draw[16];

    randombytes_buf(draw, sizeof(draw));
    for (int i = 9; i >= 0; i--, ms >>= 5)
        id[i] = letters[ms & 31];
    for (int i = 0; i < 16; i++)
        id[10 + i] = letters[draw[i] & 31];
    id[STORE_ID_SIZE - 1] = 0;
}
