/*
 * One extract into the store, in one transaction.
 *
 *   everybody of the store, by the keyed hash of their id   (known.c)
 *   each row: unchanged, changed, joined, left              (here)
 *   a full extract: who was here and is not named
 *   the gap is too large: refused, and nothing has changed
 *
 * Where rows were set aside nobody can say whose they are. Then a person whom the extract
 * does not name stays: screening somebody too long harms less than not screening them.
 */
#include "workforce/inner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct importing {
    struct store *store;
    const struct workforce_settings *settings;
    struct workforce_report *report;
    char import_id[STORE_ID_SIZE];
    int64_t made_at;
    char fields[512]; /* that the extract has, with a space between */
    struct feed *feed;
    struct post_columns columns;
    struct known_table known;
    struct out *rejected;  /* NULL until there is something to say */
    struct complaint *own; /* of this block, in row order */
    size_t own_count, own_room;
};

/* ---- forces of the report ------------------------------------------------------------ */

static struct workforce_force *force_find(const struct workforce_report *report,
                                          struct str id, uint32_t *index)
{
    for (*index = 0; *index < report->force_count; ++*index)
        if (str_same(id, str_of(report->forces[*index].id)))
            return &report->forces[*index];
    return NULL;
}

static uint32_t force_add(struct workforce_report *report, struct str id)
{
    report->forces =
        memory_grow(report->forces, report->force_count + 1, sizeof(*report->forces));
    struct workforce_force *force = &report->forces[report->force_count];

    *force = (struct workforce_force){.absent = true};
    snprintf(force->id, sizeof(force->id), "%.*s", STR_ARG(id));
    return (uint32_t)report->force_count++;
}

static void known_see(void *context, struct str force_id, const struct known *seen)
{
    struct importing *i = context;
    uint32_t index;
    struct known *known = known_add(&i->known, seen->source);

    if (!force_find(i->report, force_id, &index))
        index = force_add(i->report, force_id);
    *known = *seen;
    known->force = index;
    i->report->forces[index].before += known->here;
    i->report->forces[index].after += known->here;
}

/* ---- complaints -------------------------------------------------------------------------- */

static void complain(struct importing *i, const struct feed_block *block, uint64_t row,
                     const char *column, const char *wanted, const char *problem,
                     bool set_aside)
{
    if (i->own_count == i->own_room) {
        i->own_room = i->own_room ? 2 * i->own_room : 64;
        i->own = memory_grow(i->own, i->own_room, sizeof(*i->own));
    }
    i->own[i->own_count++] = (struct complaint){.file = block->file,
                                                .row = row,
                                                .column = column,
                                                .wanted = wanted,
                                                .problem = problem,
                                                .row_set_aside = set_aside};
}

static bool complaint_put(struct importing *i, const struct complaint *complaint,
                          struct err *err)
{
    if (!i->rejected) {
        if (!out_open(i->settings->rejected_path, &i->rejected, err))
            return false;
        complaints_head(i->rejected);
    }
    complaint_write(i->feed, complaint, i->rejected);
    i->report->complaints++;
    i->report->set_aside += complaint->row_set_aside;
    return true;
}

/* Those of the reader and our own, in the order of the rows. */
static bool complaints_put(struct importing *i, const struct feed_block *block,
                           struct err *err)
{
    size_t theirs = 0, ours = 0;

    while (theirs < block->complaint_count || ours < i->own_count) {
        bool take_theirs =
            ours == i->own_count || (theirs < block->complaint_count &&
                                     block->complaints[theirs].row <= i->own[ours].row);

        if (!complaint_put(
                i, take_theirs ? &block->complaints[theirs++] : &i->own[ours++], err))
            return false;
    }
    i->own_count = 0;
    return true;
}

/* ---- one row ------------------------------------------------------------------------------- */

/* Whose row it is; false if it is set aside. */
static bool row_force(struct importing *i, const struct feed_block *block,
                      const struct person *person, const struct row *row,
                      struct str *force)
{
    const char *wanted = i->settings->force;

    *force = wanted ? str_of(wanted) : row->force;
    if (wanted && row->force.len && !str_same(row->force, *force))
        complain(i, block, person->row, post_column_name(COLUMN_FORCE),
                 "the force given with --force", "another force", true);
    else if (!force->len || force->len > WORKFORCE_FORCE_MAX)
        complain(i, block, person->row, post_column_name(COLUMN_FORCE),
                 "the id of a force, 1 to 64 bytes", "none, or too long", true);
    else
        return true;
    return false;
}

static bool source_of(struct importing *i, struct str force, struct str id,
                      struct arena *arena, uint8_t source[STORE_HASH_BYTES],
                      struct err *err)
{
    char *text = arena_alloc(arena, force.len + 1 + id.len + 1);

    memcpy(text, force.at, force.len);
    if (id.len)
        memcpy(text + force.len + 1, id.at, id.len);
    return store_hash(i->store, "people.source_id",
                      (struct str){text, force.len + 1 + id.len}, source, err);
}

static struct stored_import import_of(const struct importing *i, const char *force)
{
    return (struct stored_import){.force = force,
                                  .id = i->import_id,
                                  .kind = i->settings->delta ? "delta" : "full",
                                  .fields = i->fields,
                                  .made_at = i->made_at};
}

static bool word_in(struct str words, struct str word)
{
    struct str one;

    while (str_cut(&words, ' ', &one))
        if (str_same(one, word))
            return true;
    return false;
}

/* "postcode, sex": what the last extract had a column for and this one has not. */
static void fields_compare(struct str before, const char *now,
                           struct workforce_force *force)
{
    struct str field;
    size_t used = 0;

    while (str_cut(&before, ' ', &field)) {
        if (!field.len || word_in(str_of(now), field) ||
            used + field.len + 3 > sizeof(force->fields_gone))
            continue;
        used += (size_t)snprintf(force->fields_gone + used,
                                 sizeof(force->fields_gone) - used, "%s%.*s",
                                 used ? ", " : "", STR_ARG(field));
    }
}

/* The first row of a force begins its import. */
static bool force_begin(struct importing *i, struct str id, struct arena *arena,
                        uint32_t *index, struct err *err)
{
    struct workforce_force *force = force_find(i->report, id, index);
    struct str before;

    if (force && !force->absent)
        return true;
    if (!force)
        *index = force_add(i->report, id);
    force = &i->report->forces[*index];
    force->absent = false;

    struct stored_import import = import_of(i, force->id);

    if (!force_put(i->store, force->id, err) ||
        !import_last_fields(i->store, force->id, arena, &before, err))
        return false;
    fields_compare(before, i->fields, force);
    return import_begin(i->store, &import, err);
}

static void count_row(struct workforce_force *force, bool was_here, bool here,
                      bool same)
{
    force->rows++;
    force->after += (uint64_t)here - (uint64_t)was_here;
    if (same)
        force->unchanged++;
    else if (here && !was_here)
        force->joined++;
    else if (was_here && !here)
        force->left++;
    else
        force->changed++;
}

/* All that the store keeps of a person whose row says something new. */
static bool row_keep(struct importing *i, struct row *row, struct known *known,
                     bool fresh, struct str facts, struct arena *arena, struct err *err)
{
    const struct stored_person stored = {
        .force = i->report->forces[known->force].id,
        .import_id = i->import_id,
        .known = known,
        .kind = row->kind,
        .source_id = row->id,
        .facts = facts,
        .fresh = fresh,
    };
    int32_t today = i->settings->today;

    return person_put(i->store, &stored, arena, err) &&
           periods_put(i->store, PERIOD_NAMES, &stored, row->names, row->name_count,
                       today, arena, err) &&
           periods_put(i->store, PERIOD_ADDRESSES, &stored, row->addresses,
                       row->address_count, today, arena, err) &&
           employment_put(i->store, &stored, row, today, arena, err);
}

/* facts: the person as JSON; all: that, and what is said of the post. */
struct facts {
    struct str person, all;
};

static bool row_take(struct importing *i, const struct feed_block *block,
                     const struct person *person, struct row *row,
                     const struct facts *facts, struct err *err)
{
    uint8_t source[STORE_HASH_BYTES], hash[STORE_HASH_BYTES];
    struct str force;
    uint32_t index;

    if (row->problem)
        complain(i, block, person->row, post_column_name(row->problem_column),
                 "YYYY-MM-DD", row->problem, false);
    if (!row_force(i, block, person, row, &force))
        return true;
    if (!force_begin(i, force, block->arena, &index, err) ||
        !source_of(i, force, row->id, block->arena, source, err) ||
        !store_hash(i->store, "people.facts", facts->all, hash, err))
        return false;

    struct known *known = known_find(&i->known, source);
    bool fresh = !known;

    if (known && known->seen) {
        complain(i, block, person->row, "id", "an id given once", "it was given before",
                 true);
        return true;
    }
    if (fresh) {
        known = known_add(&i->known, source);
        known->force = index;
        store_id(known->person_id);
    }
    bool was_here = known->here;
    bool same = !fresh && memcmp(known->facts, hash, sizeof(hash)) == 0;

    known->seen = true;
    count_row(&i->report->forces[index], was_here, row->here, same);
    if (same)
        return true;
    known->here = row->here;
    known->version++;
    memcpy(known->facts, hash, sizeof(hash));
    return row_keep(i, row, known, fresh, facts->person, block->arena, err);
}

/* ---- a block -------------------------------------------------------------------------------- */

/* Facts of all rows first, in one text: what they are hashed and kept as. */
static bool block_take(struct importing *i, struct feed_block *block, struct err *err)
{
    size_t carried = feed_carried_count(i->feed, block->file);
    size_t count = block->person_count;
    struct row *row = arena_alloc(block->arena, sizeof(*row));
    struct out *out = out_memory();
    size_t(*ends)[3] = memory_new(count + 1, sizeof(*ends));
    bool ok = true;

    for (size_t k = 0; k < count; k++) {
        row_read(&block->people[k], block->carried + k * carried, &i->columns,
                 i->settings->today, block->arena, row);
        ends[k][0] = (size_t)out_size(out);
        row_facts(&block->people[k], out);
        ends[k][1] = (size_t)out_size(out);
        row_post_facts(row, out);
        ends[k][2] = (size_t)out_size(out);
    }
    char *text = out_take(out);

    for (size_t k = 0; ok && k < count; k++) {
        const struct facts facts = {
            {text + ends[k][0], ends[k][1] - ends[k][0]},
            {text + ends[k][0], ends[k][2] - ends[k][0]},
        };

        row_read(&block->people[k], block->carried + k * carried, &i->columns,
                 i->settings->today, block->arena, row);
        ok = row_take(i, block, &block->people[k], row, &facts, err);
    }
    free(text);
    free(ends);
    return ok && complaints_put(i, block, err);
}

static bool file_take(struct importing *i, struct err *err)
{
    struct feed_block *block;

    for (;;) {
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "stopped: nothing was imported");
        if (!feed_take(i->feed, &block, err))
            return false;
        if (!block)
            return true;
        feed_parse(i->feed, block);
        i->report->rows += block->row_count;
        bool ok = block_take(i, block, err);

        feed_done(i->feed, block);
        if (!ok)
            return false;
    }
}

/* ---- who is not named any more ----------------------------------------------------------------- */

static void missing_count(struct importing *i)
{
    for (size_t k = 0; k < i->known.room; k++) {
        const struct known *known = &i->known.slots[k];
        struct workforce_force *force = &i->report->forces[known->force];

        if (known->used && known->here && !known->seen && !force->absent)
            force->missing++;
    }
}

static bool drop_fits(const struct importing *i, struct err *err)
{
    for (size_t k = 0; k < i->report->force_count; k++) {
        const struct workforce_force *force = &i->report->forces[k];

        if (force->missing == 0 ||
            force->missing * 100 < force->before * WORKFORCE_DROP_PERCENT)
            continue;
        return err_set(err, ERR_REFUSED,
                       "the extract lacks %llu of %llu people who were here in force "
                       "%s: see that it is whole; --delta if it holds changes only, "
                       "--confirm-drop if they did leave",
                       (unsigned long long)force->missing,
                       (unsigned long long)force->before, force->id);
    }
    return true;
}

static bool missing_leave(struct importing *i, struct known *known, struct arena *arena,
                          struct err *err)
{
    struct workforce_force *force = &i->report->forces[known->force];
    struct stored_person stored = {
        .force = force->id, .import_id = i->import_id, .known = known};

    if (!person_last_facts(i->store, force->id, known, arena, &stored.facts, err))
        return false;
    known->here = false;
    known->version++;
    memset(known->facts, 0,
           sizeof(known->facts)); /* whatever a later row says is new */
    force->left++;
    force->after--;
    return person_leaves(i->store, &stored, i->settings->today, arena, err);
}

static bool missing_all(struct importing *i, struct err *err)
{
    struct arena *arena = arena_new();
    bool ok = true;

    for (size_t k = 0; ok && k < i->known.room; k++) {
        struct known *known = &i->known.slots[k];

        if (!known->used || !known->here || known->seen ||
            i->report->forces[known->force].absent)
            continue;
        if (i->report->set_aside)
            i->report->forces[known->force].kept++;
        else
            ok = missing_leave(i, known, arena, err);
        arena_reset(arena);
    }
    arena_free(arena);
    return ok;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static bool columns_find(struct importing *i, struct err *err)
{
    size_t used = 0;

    for (int c = 0; c < POST_COLUMNS; c++)
        i->columns.at[c] = -1;
    for (size_t k = 0; k < feed_carried_count(i->feed, 0); k++)
        post_column_note(&i->columns, feed_carried_name(i->feed, 0, k), (int)k);
    for (enum field field = 0; field < FIELD_RECORD_ID; field++)
        if (feed_has(i->feed, field))
            used += (size_t)snprintf(i->fields + used, sizeof(i->fields) - used, "%s%s",
                                     used ? " " : "", field_name(field));
    assert(used < sizeof(i->fields));
    if (i->columns.at[COLUMN_FORCE] >= 0 || i->settings->force)
        return true;
    return err_set(err, ERR_USAGE,
                   "%s has no column that says of which force a row is: give --force",
                   i->settings->path);
}

static bool imports_end(struct importing *i, struct err *err)
{
    for (size_t k = 0; k < i->report->force_count; k++) {
        const struct workforce_force *force = &i->report->forces[k];
        struct stored_import import = import_of(i, force->id);

        if (!force->absent &&
            !import_end(i->store, &import, force, i->report->set_aside, err))
            return false;
    }
    return true;
}

static bool extract_take(struct importing *i, struct err *err)
{
    if (!columns_find(i, err) ||
        !people_each(i->store, i->settings->force, known_see, i, err) ||
        !file_take(i, err))
        return false;
    if (!i->settings->delta) {
        missing_count(i);
        if (!i->settings->confirm_drop && !drop_fits(i, err))
            return false;
        if (!missing_all(i, err))
            return false;
    }
    return imports_end(i, err);
}

static int by_id(const void *a, const void *b)
{
    const struct workforce_force *x = a, *y = b;

    return strcmp(x->id, y->id);
}

/* Without a row in a delta, or without people, a force is no gap. */
static void report_finish(struct workforce_report *report, bool delta)
{
    size_t kept = 0;

    for (size_t k = 0; k < report->force_count; k++) {
        const struct workforce_force *force = &report->forces[k];

        if (!force->absent || (!delta && force->before))
            report->forces[kept++] = *force;
    }
    report->force_count = kept;
    if (kept)
        qsort(report->forces, kept, sizeof(*report->forces), by_id);
}

static bool import_body(struct store *store, void *context, struct err *err)
{
    struct importing *i = context;
    const struct workforce_settings *s = i->settings;
    const struct feed_settings feed = {.paths = &s->path,
                                       .path_count = 1,
                                       .map_path = s->map_path,
                                       .side = FEED_WORKFORCE,
                                       .pivot_year = s->today / 10000};

    workforce_report_free(i->report); /* of a try before */
    i->store = store;
    i->own_count = 0;
    i->made_at = store_now();
    store_id(i->import_id);
    if (!feed_open(&feed, &i->feed, err))
        return false;
    bool ok = extract_take(i, err);

    if (i->rejected && ok)
        ok = out_commit(i->rejected, err);
    else if (i->rejected)
        out_abandon(i->rejected);
    i->rejected = NULL;
    feed_close(i->feed);
    known_free(&i->known);
    report_finish(i->report, s->delta);
    return ok;
}

bool workforce_import(struct store *store, const struct workforce_settings *settings,
                      struct workforce_report *report, struct err *err)
{
    struct importing importing = {.settings = settings, .report = report};

    *report = (struct workforce_report){0};
    if (strcmp(settings->path, "-") == 0)
        return err_set(err, ERR_USAGE,
                       "standard input cannot be read twice: give a file");
    bool ok = store_write(store, import_body, &importing, err);

    free(importing.own);
    return ok;
}

void workforce_report_free(struct workforce_report *report)
{
    free(report->forces);
    *report = (struct workforce_report){0};
}
