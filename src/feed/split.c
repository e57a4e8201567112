#include "feed/split.h"

#include <stdlib.h>

enum state { START, PLAIN, QUOTED, AFTER };

void split_room(struct split_index *index, size_t more, size_t more_rows)
{
    if (index->room - index->count < more) {
        index->room = index->room * 2 + more + 1024;
        index->at = memory_grow(index->at, index->room, sizeof(*index->at));
    }
    if (index->row_room - index->rows < more_rows) {
        index->row_room = index->row_room * 2 + more_rows + 256;
        index->row = memory_grow(index->row, index->row_room, sizeof(*index->row));
    }
}

void split_free(struct split_index *index)
{
    free(index->at);
    free(index->row);
    *index = (struct split_index){0};
}

/* One step of the table in split.h; *ends says whether the byte ends a value. */
static enum state step(enum state state, char c, struct split_rule rule, bool *ends)
{
    *ends = false;
    if (c == '"' && rule.quotes) {
        static const enum state next[] = {
            [START] = QUOTED, [PLAIN] = PLAIN, [QUOTED] = AFTER, [AFTER] = QUOTED};

        return next[state];
    }
    if (state == QUOTED)
        return QUOTED;
    *ends = c == '\n' || c == rule.separator;
    return *ends ? START : PLAIN;
}

static bool blank_line(struct str text, size_t from, size_t end)
{
    return end == from || (end == from + 1 && text.at[from] == '\r');
}

void split_tally_plain(struct str text, struct split_rule rule,
                       struct split_tally *tally)
{
    enum state state = START;
    size_t fields = 0;
    bool ends;

    *tally = (struct split_tally){0};
    for (size_t i = 0; i < text.len; i++) {
        state = step(state, text.at[i], rule, &ends);
        if (!ends)
            continue;
        fields++;
        if (text.at[i] != '\n')
            continue;
        if (blank_line(text, tally->end, i)) {
            tally->blanks++;
            fields--;
        } else {
            tally->rows++;
        }
        tally->end = i + 1;
    }
    tally->fields = fields;
    tally->open = state == QUOTED;
}

void split_text_plain(struct str text, struct split_rule rule,
                      struct split_index *index)
{
    enum state state = START;
    bool ends;

    index->count = index->rows = 0;
    for (size_t i = 0; i < text.len; i++) {
        state = step(state, text.at[i], rule, &ends);
        if (!ends)
            continue;
        split_room(index, 1, 1);
        index->at[index->count++] = (uint32_t)i;
        if (text.at[i] == '\n')
            index->row[index->rows++] = (uint32_t)index->count;
    }
    index->open = state == QUOTED;
}

/* The readers in order of preference. */
static const struct reader {
    bool (*can)(void);
    bool (*tally)(struct str text, struct split_rule rule, struct split_tally *tally);
    bool (*text)(struct str text, struct split_rule rule, struct split_index *index);
} readers[] = {
#ifdef __x86_64__
    {split_can_avx512, split_tally_avx512, split_text_avx512},
    {split_can_avx2,   split_tally_avx2,   split_text_avx2  },
#endif
    {NULL,             NULL,               NULL             },
};

static const struct reader *reader(void)
{
    const struct reader *found = readers;

    while (found->can && !found->can())
        found++;
    return found;
}

void split_tally(struct str text, struct split_rule rule, struct split_tally *tally)
{
    const struct reader *found = reader();

    if (!found->can || !found->tally(text, rule, tally))
        split_tally_plain(text, rule, tally);
}

void split_text(struct str text, struct split_rule rule, struct split_index *index)
{
    const struct reader *found = reader();

    if (!found->can || !found->text(text, rule, index))
        split_text_plain(text, rule, index);
}
