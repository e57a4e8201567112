#include "text/fold.h"

#include <assert.h>
#include <stdlib.h>

struct embedded { /* as tools/embed writes them */
    const char *name;
    const char *bytes;
    size_t size;
};
extern const struct embedded rulebook_names_files[];

static const char *const kind_names[] = {
    [VARIANT_NICKNAME] = "nickname",     [VARIANT_ROMANISATION] = "romanisation",
    [VARIANT_SPELLING] = "spelling",     [VARIANT_GENDER_FORM] = "gender form",
    [VARIANT_SHORT_FORM] = "short form",
};
static_assert(COUNT(kind_names) == VARIANT_KIND_COUNT, "every kind has a name");

const char *variant_kind_name(enum variant_kind kind)
{
    return kind_names[kind];
}

/* ---- what a table holds ----------------------------------------------------------------- */

/* One half of an equivalence; the other half is an edge of its own. */
struct edge {
    uint32_t from, to; /* words, by number */
    uint8_t use, kind;
};

struct slot { /* of the words' hash table; empty if hash is 0 */
    uint32_t hash;
    uint32_t word;
};

struct entry { /* what is known of a word */
    char text[NAME_MAX + 1];
    uint8_t len;
    uint32_t first[VARIANT_USE_COUNT]; /* in list */
    uint32_t count[VARIANT_USE_COUNT];
};

struct variants {
    struct entry *words;
    size_t word_count, word_room;
    struct edge *edges;
    size_t edge_count, edge_room;
    struct slot *slots;
    size_t slot_count; /* a power of two */
    struct variant *list;
};

static uint32_t word_hash(const char *text, size_t len)
{
    return (uint32_t)hash_bytes(text, len, 0) | 1;
}

static struct slot *slot_of(const struct variants *variants, const char *text,
                            size_t len)
{
    uint32_t hash = word_hash(text, len);
    size_t mask = variants->slot_count - 1;

    for (size_t at = hash >> 1 & mask;; at = (at + 1) & mask) {
        struct slot *slot = &variants->slots[at];

        if (slot->hash == 0)
            return slot;
        if (slot->hash != hash)
            continue;

        const struct entry *word = &variants->words[slot->word];

        if (word->len == len && memcmp(word->text, text, len) == 0)
            return slot;
    }
}

static void slots_grow(struct variants *variants)
{
    size_t count = variants->slot_count ? variants->slot_count * 2 : 1024;

    free(variants->slots);
    variants->slots = memory_new(count, sizeof(*variants->slots));
    variants->slot_count = count;
    for (size_t i = 0; i < variants->word_count; i++) {
        struct entry *word = &variants->words[i];

        *slot_of(variants, word->text, word->len) =
            (struct slot){word_hash(word->text, word->len), (uint32_t)i};
    }
}

static uint32_t word_number(struct variants *variants, struct str text)
{
    if ((variants->word_count + 1) * 3 > variants->slot_count)
        slots_grow(variants);

    struct slot *slot = slot_of(variants, text.at, text.len);

    if (slot->hash)
        return slot->word;
    if (variants->word_count == variants->word_room) {
        variants->word_room = variants->word_room * 2 + 256;
        variants->words =
            memory_grow(variants->words, variants->word_room, sizeof(*variants->words));
    }

    struct entry *word = &variants->words[variants->word_count];

    memset(word, 0, sizeof(*word));
    memcpy(word->text, text.at, text.len);
    word->len = (uint8_t)text.len;
    *slot = (struct slot){word_hash(text.at, text.len), (uint32_t)variants->word_count};
    return (uint32_t)variants->word_count++;
}

static void edge_add(struct variants *variants, struct edge edge)
{
    if (variants->edge_count == variants->edge_room) {
        variants->edge_room = variants->edge_room * 2 + 1024;
        variants->edges =
            memory_grow(variants->edges, variants->edge_room, sizeof(*variants->edges));
    }
    variants->edges[variants->edge_count++] = edge;
}

static int edge_order(const void *a_, const void *b_)
{
    const struct edge *a = a_, *b = b_;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->use != b->use)
        return a->use - b->use;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return a->kind - b->kind;
}

/* Sorts the edges, drops doubles (the first kind stays) and lays out the lists. */
static void lists_make(struct variants *variants)
{
    size_t kept = 0;

    if (variants->edge_count) /* there is no table to sort before the first edge */
        qsort(variants->edges, variants->edge_count, sizeof(*variants->edges),
              edge_order);
    for (size_t i = 0; i < variants->edge_count; i++) {
        const struct edge *edge = &variants->edges[i],
                          *last = variants->edges + kept - 1;

        if (kept == 0 || last->from != edge->from || last->use != edge->use ||
            last->to != edge->to)
            variants->edges[kept++] = *edge;
    }
    variants->edge_count = kept;
    variants->list = memory_grow(variants->list, kept, sizeof(*variants->list));
    for (size_t i = 0; i < variants->word_count; i++)
        memset(variants->words[i].count, 0, sizeof(variants->words[i].count));
    for (size_t i = 0; i < kept; i++) {
        const struct edge *edge = &variants->edges[i];
        struct entry *from = &variants->words[edge->from];
        const struct entry *to = &variants->words[edge->to];

        if (from->count[edge->use]++ == 0)
            from->first[edge->use] = (uint32_t)i;
        variants->list[i] = (struct variant){to->text, to->len, edge->kind};
    }
}

size_t variants_of(const struct variants *variants, enum variant_use use,
                   const char *text, size_t len, const struct variant **list)
{
    *list = NULL;
    if (len == 0 || len > NAME_MAX || variants->slot_count == 0)
        return 0;

    const struct slot *slot = slot_of(variants, text, len);

    if (slot->hash == 0)
        return 0;

    const struct entry *word = &variants->words[slot->word];

    *list = variants->list + word->first[use];
    return word->count[use];
}

/* ---- reading tables ----------------------------------------------------------------------- */

enum { GROUP_MAX = 64 }; /* names on one line */

struct head {
    bool use[VARIANT_USE_COUNT];
    unsigned kind; /* VARIANT_KIND_COUNT until said */
    bool source, licence;
};

static bool read_use(struct str value, struct head *head)
{
    bool both = str_same(value, STR("both"));

    head->use[VARIANT_FORENAME] = both || str_same(value, STR("forename"));
    head->use[VARIANT_SURNAME] = both || str_same(value, STR("surname"));
    return head->use[VARIANT_FORENAME] || head->use[VARIANT_SURNAME];
}

static bool read_kind(struct str value, struct head *head)
{
    for (head->kind = 0; head->kind < VARIANT_KIND_COUNT; head->kind++)
        if (str_same(value, str_of(kind_names[head->kind])))
            return true;
    return false;
}

/* `use: forename`: what holds for the groups below. */
static bool read_head(struct str line, struct head *head, struct err *err)
{
    struct str name, value = line;

    str_cut(&value, ':', &name);
    value = str_trim(value);
    if (str_same(name, STR("use")))
        return read_use(value, head) ||
               err_set(err, ERR_INPUT, "use is forename, surname or both");
    if (str_same(name, STR("kind")))
        return read_kind(value, head) ||
               err_set(err, ERR_INPUT,
                       "kind is nickname, romanisation, spelling, gender form or "
                       "short form");
    if (str_same(name, STR("source")))
        return (head->source = value.len > 0) ||
               err_set(err, ERR_INPUT, "say where the table comes from");
    if (str_same(name, STR("licence")))
        return (head->licence = value.len > 0) ||
               err_set(err, ERR_INPUT, "say under which licence the table is");
    return err_set(err, ERR_INPUT,
                   "write use:, kind:, source:, licence:, or a group of names");
}

static bool head_complete(const struct head *head, struct err *err)
{
    if (!head->use[VARIANT_FORENAME] && !head->use[VARIANT_SURNAME])
        return err_set(err, ERR_INPUT, "put a line `use:` before the first group");
    if (head->kind == VARIANT_KIND_COUNT)
        return err_set(err, ERR_INPUT, "put a line `kind:` before the first group");
    if (!head->source || !head->licence)
        return err_set(err, ERR_INPUT,
                       "put lines `source:` and `licence:` before the first group");
    return true;
}

static bool is_name(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] < 'A' || word.at[i] > 'Z')
            return false;
    return word.len >= 1 && word.len <= NAME_MAX;
}

struct group {
    uint32_t word[GROUP_MAX];
    size_t count;
    bool hub; /* only the first is equivalent to each of the others */
};

static bool group_add(struct variants *variants, struct group *group, struct str word,
                      struct err *err)
{
    if (!is_name(word))
        return err_set(err, ERR_INPUT,
                       "names are written A-Z in capitals, at most %d letters",
                       NAME_MAX);
    if (group->count == GROUP_MAX)
        return err_set(err, ERR_INPUT, "at most %d names on a line: split the group",
                       GROUP_MAX);

    uint32_t number = word_number(variants, word);

    for (size_t i = 0; i < group->count; i++)
        if (group->word[i] == number)
            return err_set(err, ERR_INPUT, "a name stands twice on this line");
    group->word[group->count++] = number;
    return true;
}

static bool read_group(struct variants *variants, struct str line, struct group *group,
                       struct err *err)
{
    struct str word;

    group->count = 0;
    group->hub = false;
    while (str_cut(&line, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (str_same(word, STR("=")) && group->count == 1 && !group->hub)
            group->hub = true;
        else if (!group_add(variants, group, word, err))
            return false;
    }
    if (group->count < 2)
        return err_set(err, ERR_INPUT, "a group has two names or more");
    return true;
}

static void group_edges(struct variants *variants, const struct group *group,
                        const struct head *head)
{
    for (size_t i = 0; i < group->count; i++)
        for (size_t k = 0; k < group->count; k++) {
            if (i == k || (group->hub && i && k))
                continue;
            for (unsigned use = 0; use < VARIANT_USE_COUNT; use++)
                if (head->use[use])
                    edge_add(variants,
                             (struct edge){group->word[i], group->word[k], (uint8_t)use,
                                           (uint8_t)head->kind});
        }
}

static bool read_line(struct variants *variants, struct str line, struct head *head,
                      struct err *err)
{
    struct group group;

    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#')
        return true;
    if (memchr(line.at, ':', line.len))
        return read_head(line, head, err);
    if (!head_complete(head, err) || !read_group(variants, line, &group, err))
        return false;
    group_edges(variants, &group, head);
    return true;
}

static bool read_table(struct variants *variants, const char *file, struct str text,
                       struct err *err)
{
    struct head head = {
        {false, false},
        VARIANT_KIND_COUNT, false, false
    };
    struct str line;
    size_t number = 1, edges = variants->edge_count;

    for (; str_cut(&text, '\n', &line); number++)
        if (!read_line(variants, line, &head, err)) {
            variants->edge_count = edges; /* all of a table or nothing */
            return err_in(err, "%s:%zu", file, number);
        }
    return true;
}

bool variants_add(struct variants *variants, const char *file, struct str text,
                  struct err *err)
{
    bool good = read_table(variants, file, text, err);

    lists_make(variants); /* words may have moved, so also after a failure */
    return good;
}

bool variants_new(struct variants **variants, struct err *err)
{
    (void)err;
    *variants = memory_new(1, sizeof(**variants));
    return true;
}

bool variants_default(struct variants **variants, struct err *err)
{
    struct variants *made = memory_new(1, sizeof(*made));

    for (const struct embedded *file = rulebook_names_files; file->name; file++)
        if (!read_table(made, file->name, (struct str){file->bytes, file->size}, err)) {
            variants_free(made);
            return false;
        }
    lists_make(made);
    *variants = made;
    return true;
}

void variants_free(struct variants *variants)
{
    if (!variants)
        return;
    free(variants->words);
    free(variants->edges);
    free(variants->slots);
    free(variants->list);
    free(variants);
}
