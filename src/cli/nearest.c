#include "cli/cli.h"

#include <string.h>

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to insert, drop, change or swap with their neighbour to make a from b. */
static size_t edits(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[WORD_MAX + 1][WORD_MAX + 1];

    for (size_t i = 0; i <= a_len; i++)
        row[i][0] = i;
    for (size_t j = 0; j <= b_len; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

            row[i][j] = least(change, least(row[i - 1][j], row[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
        }
    }
    return row[a_len][b_len];
}

const char *nearest_name(const char *wrong, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t wrong_len = strlen(wrong);
    size_t best = wrong_len / 3 + 2; /* further off is another word */

    if (wrong_len > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(names[i]);
        size_t distance =
            len > WORD_MAX ? SIZE_MAX : edits(wrong, wrong_len, names[i], len);

        /* `--work` means `--workforce`: a start of a name is one slip from it */
        if (wrong_len >= 3 && strncmp(names[i], wrong, wrong_len) == 0)
            distance = 1;
        if (distance < best) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
