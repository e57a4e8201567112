/* Values of other columns: what a map names beside the fields that are known. */
#include "text/fold.h"

static const char *const kind_names[] = {
    [OTHER_TEXT] = "text", [OTHER_NUMBER] = "number", [OTHER_WORD] = "word"};
_Static_assert(COUNT(kind_names) == OTHER_KIND_COUNT, "every kind has a name");

const char *other_kind_name(enum other_kind kind)
{
    return kind_names[kind];
}

bool other_kind_named(const char *name, enum other_kind *kind)
{
    for (unsigned i = 0; i < OTHER_KIND_COUNT; i++)
        if (strcmp(name, kind_names[i]) == 0) {
            *kind = (enum other_kind)i;
            return true;
        }
    return false;
}

bool other_name_good(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > OTHER_NAME_MAX || !(name[0] >= 'a' && name[0] <= 'z'))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') && !is_digit((unsigned char)name[i]) &&
            name[i] != '_')
            return false;
    return true;
}

/* A number of nothing but zeros says that there is none. */
static bool all_zeros(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != '0')
            return false;
    return true;
}

size_t other_fold(enum other_kind kind, struct str written, char folded[NAME_MAX + 1])
{
    char room[256], spaced[NAME_MAX * 2];
    struct str ascii = fold_ascii(written, room, sizeof(room));
    size_t len = 0, spaced_len;

    memset(folded, 0, NAME_MAX + 1);
    if (fold_placeholder(ascii))
        return 0;
    if (kind == OTHER_TEXT)
        return text_fold(ascii, folded, NAME_MAX);
    spaced_len = text_fold(ascii, spaced, sizeof(spaced));
    for (size_t i = 0; i < spaced_len && len < NAME_MAX; i++)
        if (spaced[i] != ' ')
            folded[len++] = spaced[i];
    if (kind == OTHER_NUMBER && all_zeros(folded, len)) {
        memset(folded, 0, NAME_MAX + 1);
        return 0;
    }
    return len;
}

/*
 * Edits between two texts: one letter changed, left out, put in, or two neighbours
 * exchanged (optimal string alignment: no part is edited twice). Three rows of the usual
 * table; at most NAME_MAX bytes each.
 */
unsigned edits_between(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][NAME_MAX + 1];
    unsigned *before = rows[0], *row = rows[1], *next = rows[2];

    for (size_t j = 0; j <= b_len; j++)
        row[j] = before[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        next[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned best = row[j - 1] + (a[i - 1] != b[j - 1]);

            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = next[j - 1] + 1 < best ? next[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            next[j] = best;
        }
        unsigned *spare = before;

        before = row;
        row = next;
        next = spare;
    }
    return row[b_len];
}

/* Of the cells of one row only those count that are as near to the diagonal as `most`. */
struct band {
    size_t from, to; /* of b, from 1 */
};

static struct band band_at(size_t row, size_t b_len, unsigned most)
{
    return (struct band){row > most ? row - most : 1,
                         row + most < b_len ? row + most : b_len};
}

/* A row of the table within its band, with a wall at either end; its least cell. */
static unsigned band_row(const char *a, size_t i, const char *b, struct band band,
                         const unsigned *before, const unsigned *row, unsigned *next,
                         unsigned wall)
{
    unsigned least = wall;

    next[band.from - 1] = band.from == 1 ? (unsigned)i : wall;
    for (size_t j = band.from; j <= band.to; j++) {
        unsigned best = row[j - 1] + (a[i - 1] != b[j - 1]);

        best = row[j] + 1 < best ? row[j] + 1 : best;
        best = next[j - 1] + 1 < best ? next[j - 1] + 1 : best;
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
            before[j - 2] + 1 < best)
            best = before[j - 2] + 1;
        next[j] = best;
        least = best < least ? best : least;
    }
    next[band.to + 1] = wall;
    return least;
}

unsigned edits_within(const char *a, size_t a_len, const char *b, size_t b_len,
                      unsigned most)
{
    unsigned rows[3][NAME_MAX + 2] = {{0}}, wall = most + 1, least_before = 0;
    unsigned *before = rows[0], *row = rows[1], *next = rows[2];

    if ((a_len > b_len ? a_len - b_len : b_len - a_len) > most)
        return wall;
    if (b_len == 0)
        return (unsigned)a_len;
    for (size_t j = 0; j <= b_len + 1; j++)
        row[j] = before[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned least =
            band_row(a, i, b, band_at(i, b_len, most), before, row, next, wall);
        unsigned *spare = before;

        if (least > most && least_before >= most) /* an exchange reaches two back */
            return wall;
        least_before = least;
        before = row;
        row = next;
        next = spare;
    }
    return row[b_len] < wall ? row[b_len] : wall;
}
