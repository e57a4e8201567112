/*
 * inner: what the files of the library share; stays inside the room.
 *
 *   fail.c    errors, structs that may grow, the version
 *   model.c   models and their levels
 *   people.c  values and tables to people, as rows of a file are read
 *   index.c   the left side and its order of calls
 *   find.c    the right side, over threads
 *   hits.c    pairs as columns; their evidence; explanations
 */
#ifndef LIBRARY_INNER_H
#define LIBRARY_INNER_H

#include "library/candour.h"

#include "match/match.h"

#define CANDOUR_API __attribute__((visibility("default")))

/* ---- errors -------------------------------------------------------------------------- */

/* Both return false. to may be NULL. */
bool fail(struct candour_error *to, const struct err *err);
bool fail_with(struct candour_error *to, enum err_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);

/*
 * Copies a struct that begins with its size to or from a caller that may have been built
 * with a smaller or larger one; what one side lacks is zero. `least` is the size that
 * the first version had.
 */
bool struct_take(void *ours, size_t our_size, const void *theirs, size_t least,
                 struct candour_error *error) MUST_CHECK;
bool struct_give(void *theirs, const void *ours, size_t our_size, size_t least,
                 struct candour_error *error) MUST_CHECK;

/* A chance in millionths; 0 stays 0 and asks for `otherwise`. */
bool chance_read(double chance, const char *name, uint32_t otherwise,
                 uint32_t *millionths, struct candour_error *error) MUST_CHECK;

/* ---- models --------------------------------------------------------------------------- */

struct candour_model {
    struct model *model;
};

/* ---- people ------------------------------------------------------------------------------ */

/* Where values put together are kept, and how dates are read. */
struct reading {
    struct arena *arena;
    int pivot_year;
    uint64_t unread_dates; /* so far */
};

bool values_read(const struct candour_value values[], size_t count,
                 struct reading *reading, struct person *person,
                 struct err *err) MUST_CHECK;

/* A table whose columns are known and whose values are texts. */
struct rows {
    struct candour_table table;
    enum field field[FIELD_COUNT]; /* of each column */
};

bool rows_open(const struct candour_table *table, struct rows *rows,
               struct err *err) MUST_CHECK;
void row_read(const struct rows *rows, size_t row, struct reading *reading,
              struct person *person);

/* ---- index ----------------------------------------------------------------------------------- */

enum stage { STAGE_ADDING, STAGE_COUNTING, STAGE_BUILT, STAGE_BROKEN };

struct candour_index {
    struct index *index;
    const struct model *model;
    enum stage stage;
    uint32_t probability; /* lowest threshold, millionths */
    size_t people;
    struct reading reading; /* its arena is emptied after each person */
    uint64_t unread_dates;  /* of people, not of mentions counted */
};

int year_now(void);

/* ---- hits --------------------------------------------------------------------------------------- */

struct candour_hits {
    const struct model *model;
    struct arena *arena; /* holds the columns */
    int32_t prior;
    uint64_t unread_dates;
    size_t count;
    uint32_t *left, *right, *probability;
    int32_t *score;
    uint8_t *level[COMPARISON_COUNT];
    int32_t *bits[COMPARISON_COUNT];
};

struct candour_hits *hits_new(const struct model *model, int32_t prior, size_t count);
void hits_put(struct candour_hits *hits, size_t number, const struct hit *hit);

#endif
