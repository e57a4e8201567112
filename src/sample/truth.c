#include "sample/truth.h"

#include <stdatomic.h>

const char truth_head[] = "left_id,right_id,person_uid,relation,match_class,"
                          "applied_errors,culture,tier,role\n";
const char lookalike_head[] = "left_id,right_id,relation\n";
const char group_head[] = "row_id,culture,sex,age_band\n";

enum { TODAY = 20454 };

void put_row_id(struct rows *rows, uint64_t row)
{
    put_char(rows, 'P');
    put_number(rows, row + 1, 7);
}

static void put_pair(struct rows *rows, uint64_t row, const struct mention *mention)
{
    rows_reserve(rows);
    put_row_id(rows, row);
    PUT(rows, ",M");
    put_number(rows, mention->position + 1, 9);
    put_char(rows, ',');
}

static void put_slips(struct rows *rows, uint32_t slips)
{
    bool first = true;

    for (int i = 0; i < SLIP_COUNT; i++) {
        if (!HAS_SLIP(slips, i))
            continue;
        if (!first)
            put_char(rows, '|');
        put_text(rows, slip_names[i]);
        first = false;
    }
}

static void put_true_pair(const struct world *world, uint64_t row,
                          const struct mention *mention, const struct person *person,
                          struct rows *rows)
{
    put_pair(rows, row, mention);
    put_char(rows, 'U');
    put_number(rows, mention->at.number + 1, 8);
    PUT(rows, ",self,T");
    put_number(rows, (uint64_t)member_class(world, mention->at.number), 1);
    put_char(rows, ',');
    put_slips(rows, mention->said.slips);
    put_char(rows, ',');
    put_text(rows, culture_rules[person->culture].name);
    put_char(rows, ',');
    put_char(rows, "ABCD"[mention->record.tier]);
    put_char(rows, ',');
    put_text(rows, role_names[mention->role]);
    put_char(rows, '\n');
}

static void lookalike_lines(const struct world *world, const struct mention *mention,
                            uint64_t member, const char *relation,
                            struct sample_text *text)
{
    uint64_t rows[2];
    unsigned count = member_rows(world, member, rows);

    for (unsigned i = 0; i < count; i++) {
        put_pair(&text->lookalikes, rows[i], mention);
        put_text(&text->lookalikes, relation);
        put_char(&text->lookalikes, '\n');
    }
    text->lookalike_pairs += count;
}

void truth_write(const struct world *world, const struct roll *roll,
                 const struct mention *mention, const struct person *person,
                 struct sample_text *text)
{
    uint64_t rows[2], other = 0;
    struct tie tie = {.member = UINT64_MAX};

    if (mention->at.number < world->members) {
        unsigned count = member_rows(world, mention->at.number, rows);

        for (unsigned i = 0; i < count; i++)
            put_true_pair(world, rows[i], mention, person, &text->truth);
        text->true_pairs += count;
    } else if (planted_tie(world, mention->at.number, &tie)) {
        lookalike_lines(world, mention, tie.member, plant_relations[tie.kind], text);
    }
    for (; !mention->in_text && roll_find(roll, &mention->said, other, &other); other++)
        if (other != mention->at.number && other != tie.member)
            lookalike_lines(world, mention, other, "chance", text);
}

void group_write(const struct world *world, uint64_t row, const struct person *person,
                 struct rows *rows)
{
    static const char *const bands[] = {"under 25", "25-34", "35-44", "45-54",
                                        "55 and over"};
    int age = (TODAY - person->born) * 4 / 1461;
    int band = age < 25 ? 0 : age >= 55 ? 4 : (age - 15) / 10;

    (void)world;
    rows_reserve(rows);
    put_row_id(rows, row);
    put_char(rows, ',');
    put_text(rows, culture_rules[person->culture].name);
    put_char(rows, ',');
    put_char(rows, person->female ? 'F' : 'M');
    put_char(rows, ',');
    put_text(rows, bands[band]);
    put_char(rows, '\n');
}

/* ---- the roll: who of the workforce is so called and born ---------------------------- */

struct roll {
    const struct world *world;
    uint64_t mask;
    _Atomic uint32_t *next; /* chains of members by bucket, numbers from 1 */
    _Atomic uint32_t *heads;
    uint64_t *keys; /* by member */
};

/* Case does not count; nor does what is not a plain letter. */
static size_t put_letters(char *to, const char *from, size_t len)
{
    size_t used = 0;

    for (size_t i = 0; i < len; i++)
        to[used++] = (char)(from[i] | 0x20);
    to[used++] = '|';
    return used;
}

static uint64_t roll_key(const char *surname, size_t surname_len, const char *forename,
                         size_t forename_len, struct ymd born)
{
    char text[256];
    size_t used = put_letters(text, surname, surname_len);

    used += put_letters(text + used, forename, forename_len);
    return hash_bytes(text, used,
                      (uint64_t)born.year * 10000 + (uint64_t)born.month * 100 +
                          (uint64_t)born.day);
}

static void roll_add(void *context, size_t member, unsigned worker)
{
    struct roll *roll = context;
    struct person person;

    (void)worker;
    person_make(roll->world, member, &person);
    roll->keys[member] =
        roll_key(person.surname.at, person.surname.len, person.forename[0].at,
                 person.forename[0].len, ymd_of(person.born));
    _Atomic uint32_t *head = &roll->heads[roll->keys[member] & roll->mask];
    uint32_t old = atomic_exchange(head, (uint32_t)member + 1);

    atomic_store(&roll->next[member], old);
}

struct roll *roll_make(struct arena *arena, const struct world *world, unsigned threads)
{
    struct roll *roll = arena_alloc(arena, sizeof(*roll));
    uint64_t buckets = 1024;

    while (buckets < world->members * 2)
        buckets *= 2;
    roll->world = world;
    roll->mask = buckets - 1;
    roll->heads = arena_alloc(arena, buckets * sizeof(*roll->heads));
    roll->next = arena_alloc(arena, world->members * sizeof(*roll->next));
    roll->keys = arena_alloc(arena, world->members * sizeof(*roll->keys));
    parallel_for(threads, world->members, roll, roll_add);
    return roll;
}

/* The lowest number, so that it does not matter in which order threads added them. */
bool roll_find(const struct roll *roll, const struct particulars *said, uint64_t from,
               uint64_t *member)
{
    bool found = false;

    if (said->dob != DOB_EXACT || !said->surname.len || !said->forename1.len)
        return false;
    uint64_t key = roll_key(said->surname.at, said->surname.len, said->forename1.at,
                            said->forename1.len, said->born);
    uint32_t at =
        atomic_load_explicit(&roll->heads[key & roll->mask], memory_order_relaxed);

    for (; at; at = atomic_load_explicit(&roll->next[at - 1], memory_order_relaxed))
        if (roll->keys[at - 1] == key && at - 1 >= from &&
            (!found || at - 1 < *member)) {
            *member = at - 1;
            found = true;
        }
    return found;
}
