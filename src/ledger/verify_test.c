#include "ledger/inner.h"
#include "ledger/made.h"
#include "test/test.h"

static const struct made_settings usual = {
    .entries = 3000,
    .checkpoint = 400,
    .change = 1234,
    .seed = 1,
};

static bool verify(const char *text, size_t size, const struct ledger_trust *trust,
                   struct ledger_verified *verified, struct err *err)
{
    struct made_lines memory;
    struct ledger_lines lines = made_lines(&memory, (struct str){text, size});

    return ledger_verify(&lines, trust, NULL, verified, err);
}

static struct ledger_checkpoint note_read(const struct made *made, size_t index)
{
    struct ledger_checkpoint checkpoint;
    struct err err;

    assert_true(ledger_checkpoint_read(str_of(made->notes[index]), &checkpoint, &err));
    return checkpoint;
}

static void assert_refused(const char *text, size_t size,
                           const struct ledger_trust *trust, const char *because)
{
    struct ledger_verified verified;
    struct err err = {0};

    if (verify(text, size, trust, &verified, &err))
        fail_msg("taken for whole: want %s", because);
    assert_int_equal(err.code, ERR_INPUT);
    if (!strstr(err.text, because))
        fail_msg("\"%s\" does not say \"%s\"", err.text, because);
}

/* Begin and length (with newline) of the line with this number, from 0. */
static struct str line_at(const struct made *made, unsigned number)
{
    const char *at = made->text;

    while (number--)
        at = strchr(at, '\n') + 1;
    return (struct str){at, (size_t)(strchr(at, '\n') + 1 - at)};
}

static unsigned line_count(const struct made *made)
{
    unsigned count = 0;

    for (size_t i = 0; i < made->size; i++)
        count += made->text[i] == '\n';
    return count;
}

/* ---- as it was written ----------------------------------------------------------------- */

TEST(an_export_is_verified_as_it_was_written)
{
    struct made *made = made_new(&usual);
    struct ledger_verified verified;
    struct err err;

    assert_true(verify(made->text, made->size, NULL, &verified, &err));

    assert_string_equal(verified.name, "example/force");
    assert_int_equal(verified.from, 0);
    assert_int_equal(verified.size, 3000);
    assert_int_equal(verified.checkpoints, made->note_count);
    assert_int_equal(verified.keys, 2);
    assert_int_equal(verified.clock_back, 0);
    assert_memory_equal(verified.first_key, made->first_key, LEDGER_KEY_SIZE);
    assert_memory_equal(verified.last.hash.bytes, made->state.checkpoint.bytes, 32);
    made_free(made);
}

TEST(an_export_is_verified_against_what_others_kept)
{
    struct made *made = made_new(&usual);
    struct ledger_checkpoint kept[] = {note_read(made, 1), note_read(made, 5)};
    const struct ledger_trust trust = {made->first_key, kept, COUNT(kept)};
    struct ledger_verified verified;
    struct err err;

    assert_true(verify(made->text, made->size, &trust, &verified, &err));

    assert_int_equal(verified.trusted, 2);
    made_free(made);
}

/* The part of an export after its checkpoint `index`. */
static char *later_part(const struct made *made, size_t index, size_t *size)
{
    struct out *out = out_memory(), *one = out_memory();

    ledger_write_checkpoint(one, made->notes[index]);

    char *mark = out_take(one);
    const char *rest = strstr(made->text, mark) + strlen(mark);

    free(mark);
    ledger_write_heading(out, made->state.name, &made->trees[index]);
    out_text(out, rest);
    *size = (size_t)out_size(out);
    return out_take(out);
}

TEST(the_part_after_a_checkpoint_is_verified_by_itself)
{
    struct made *made = made_new(&usual);
    struct ledger_verified verified;
    struct err err;

    for (size_t i = 0; i + 1 < made->note_count; i++) {
        struct ledger_checkpoint kept = note_read(made, i);
        const struct ledger_trust trust = {NULL, &kept, 1};
        size_t size;
        char *text = later_part(made, i, &size);

        assert_true(verify(text, size, &trust, &verified, &err));
        assert_int_equal(verified.from, kept.size);
        assert_int_equal(verified.size, 3000);
        assert_int_equal(verified.trusted, 1);
        assert_refused(text, size, NULL, "give the checkpoint of that size");
        text[strcspn(text, "[") + 5] ^= 1;
        assert_refused(text, size, &trust, "");
        free(text);
    }
    made_free(made);
}

TEST(a_clock_that_went_back_is_told_and_is_no_fault)
{
    static const struct ledger_tree nothing;
    struct ledger_key *key = made_key(1, 0);
    struct out *out = out_memory();
    struct ledger_state state;
    struct ledger_added added;
    struct ledger_verified verified;
    char note[LEDGER_NOTE_MAX];
    struct err err;

    assert_true(ledger_begin("clock", 5000, "u", key, &state, &added, &err));
    ledger_write_heading(out, "clock", &nothing);
    ledger_write_entry(out, &added.entry);
    for (int i = 0; i < 4; i++) {
        struct ledger_event event = {
            9000 - i / 2 * 1000, "u", "read", "hit", "1", NULL};

        assert_true(ledger_append(&state, &event, &added, &err));
        ledger_write_entry(out, &added.entry);
    }
    assert_true(ledger_checkpoint(&state, 9000, key, note, &err));
    ledger_write_checkpoint(out, note);

    size_t size = (size_t)out_size(out);
    char *text = out_take(out);

    assert_true(verify(text, size, NULL, &verified, &err));
    assert_int_equal(verified.clock_back, 1);
    assert_int_equal(verified.clock_back_first, 3);
    free(text);
    ledger_key_close(key);
}

/* ---- altered -------------------------------------------------------------------------------- */

/* 1,000 single bytes changed, 1,000 left out, 1,000 put in, anywhere in the file. */
TEST(any_byte_changed_left_out_or_added_is_found)
{
    static const struct made_settings several = {2000, 500, 777, 2};
    struct made *made = made_new(&several);
    char *copy = memory_new(made->size + 2, 1);
    struct ledger_verified verified;
    uint64_t state = 1;
    struct err err;

    for (unsigned i = 0; i < 3000; i++) {
        size_t at = (size_t)(test_random(&state) % made->size);
        char byte = (char)test_random(&state);
        size_t size = made->size;

        memcpy(copy, made->text, size);
        if (i % 3 == 0) {
            copy[at] = byte == copy[at] ? (char)(byte ^ 1) : byte;
        } else if (i % 3 == 1) {
            memmove(copy + at, copy + at + 1, --size - at);
        } else {
            memmove(copy + at + 1, copy + at, size++ - at);
            copy[at] = byte;
        }
        if (verify(copy, size, NULL, &verified, &err))
            fail_msg("not found: way %u at byte %zu", i % 3, at);
    }
    free(copy);
    made_free(made);
}

TEST(a_line_left_out_doubled_or_moved_is_found)
{
    static const struct made_settings several = {500, 60, 77, 3};
    struct made *made = made_new(&several);
    unsigned lines = line_count(made);
    char *copy = memory_new(2 * made->size, 1);
    struct ledger_verified verified;
    struct err err;

    for (unsigned i = 0; i < lines; i++) {
        struct str line = line_at(made, i);
        size_t before = (size_t)(line.at - made->text);
        size_t after = made->size - before - line.len;

        memcpy(copy, made->text, before);
        memcpy(copy + before, line.at + line.len, after);
        assert_false(verify(copy, before + after, NULL, &verified, &err));

        memcpy(copy, made->text, before + line.len);
        memcpy(copy + before + line.len, line.at, line.len + after);
        assert_false(verify(copy, made->size + line.len, NULL, &verified, &err));

        if (i + 1 == lines)
            break;
        struct str next = line_at(made, i + 1);

        memcpy(copy, made->text, made->size);
        memcpy(copy + before, next.at, next.len);
        memcpy(copy + before + next.len, line.at, line.len);
        assert_false(verify(copy, made->size, NULL, &verified, &err));
    }
    free(copy);
    made_free(made);
}

TEST(an_end_cut_off_is_found)
{
    static const struct made_settings several = {500, 60, 77, 3};
    struct made *made = made_new(&several);
    size_t last = made->note_count - 1;
    struct ledger_checkpoint kept = note_read(made, last);
    const struct ledger_trust trust = {NULL, &kept, 1};
    unsigned whole = 0, lines = line_count(made);
    struct ledger_verified verified;
    struct err err;

    for (unsigned i = 0; i < lines; i++) {
        size_t size = (size_t)(line_at(made, i).at - made->text);

        whole += verify(made->text, size, NULL, &verified, &err);
        assert_false(verify(made->text, size, &trust, &verified, &err));
    }

    /* Cut behind an earlier checkpoint it is an earlier export: only who kept a later
     * checkpoint can tell. */
    assert_int_equal(whole, last);
    made_free(made);
}

/* Somebody with the key and the store makes the ledger anew, with another past. */
TEST(a_ledger_made_anew_with_its_own_key_differs_from_what_was_kept)
{
    struct made *made = made_new(&usual);
    struct ledger_checkpoint kept = note_read(made, 2);
    const struct ledger_trust trust = {made->first_key, &kept, 1};
    struct made_settings other = usual;
    struct ledger_verified verified;
    struct err err;

    other.change = 1235;
    struct made *anew = made_new(&other);

    assert_true(verify(anew->text, anew->size, NULL, &verified, &err));
    assert_true(verify(anew->text, anew->size, &trust, &verified, &err));

    kept = note_read(made, 3);
    assert_refused(anew->text, anew->size, &trust, "not the one that was kept");
    made_free(anew);
    made_free(made);
}

/* Shown to two people, each with its own checkpoint; they meet and compare. */
TEST(two_versions_with_one_key_cannot_both_meet_what_two_people_kept)
{
    struct made_settings other = usual;
    struct made *made = made_new(&usual);
    struct ledger_verified verified;
    struct err err;

    other.change = 1235;
    struct made *anew = made_new(&other);
    struct ledger_checkpoint kept[] = {note_read(made, 3), note_read(anew, 3)};
    const struct ledger_trust one = {made->first_key, &kept[0], 1};
    const struct ledger_trust two = {made->first_key, &kept[1], 1};
    const struct ledger_trust both = {made->first_key, kept, 2};

    assert_int_equal(kept[0].size, kept[1].size);
    assert_memory_equal(kept[0].before.bytes, kept[1].before.bytes, 32);
    assert_true(verify(made->text, made->size, &one, &verified, &err));
    assert_true(verify(anew->text, anew->size, &two, &verified, &err));
    assert_refused(made->text, made->size, &both, "not the one that was kept");
    assert_refused(anew->text, anew->size, &both, "not the one that was kept");
    made_free(anew);
    made_free(made);
}

TEST(a_ledger_of_another_key_is_not_the_one_published)
{
    struct made_settings other = usual;
    struct made *made = made_new(&usual);
    const struct ledger_trust trust = {.key = made->first_key};

    other.seed = 9;
    struct made *anew = made_new(&other);

    assert_refused(anew->text, anew->size, &trust, "another key than the one given");
    made_free(anew);
    made_free(made);
}

/* ---- written wrong, with the right key -------------------------------------------------------- */

struct forged {
    struct ledger_state state;
    struct ledger_key *key;
    struct out *out;
};

static void forged_add(struct forged *forged, struct ledger_entry *entry)
{
    char line[LEDGER_LINE_MAX];
    struct ledger_hash hash;

    entry->previous = forged->state.head;
    if (entry->has_key) {
        struct str text = {line, ledger_entry_line(entry, line)};

        text.len = ledger_entry_signed_part(text);
        ledger_key_sign(forged->key, text, entry->signature);
    }
    ledger_entry_hash((struct str){line, ledger_entry_line(entry, line)}, &hash);
    ledger_tree_add(&forged->state.tree, &hash, NULL);
    forged->state.head = hash;
    ledger_write_entry(forged->out, entry);
}

static struct forged forged_begin(void)
{
    static const struct ledger_tree nothing;
    struct forged forged = {.key = made_key(1, 0), .out = out_memory()};
    struct ledger_added added;
    struct err err;

    assert_true(
        ledger_begin("forged", 1, "u", forged.key, &forged.state, &added, &err));
    ledger_write_heading(forged.out, "forged", &nothing);
    ledger_write_entry(forged.out, &added.entry);
    return forged;
}

static void forged_refused(struct forged *forged, const char *because)
{
    char note[LEDGER_NOTE_MAX];
    struct err err;

    memcpy(forged->state.key, ledger_key_public(forged->key), LEDGER_KEY_SIZE);
    assert_true(ledger_checkpoint(&forged->state, 2, forged->key, note, &err));
    ledger_write_checkpoint(forged->out, note);

    size_t size = (size_t)out_size(forged->out);
    char *text = out_take(forged->out);

    assert_refused(text, size, NULL, because);
    free(text);
    ledger_key_close(forged->key);
}

TEST(entries_that_break_the_rules_are_refused_even_with_the_right_key)
{
    const struct {
        uint64_t seq;
        const char *action, *kind, *id;
        bool has_facts, has_key;
        const char *because;
    } cases[] = {
        {2, "read",         "hit",    "1",      true,  false, "where entry 1 should be"},
        {0, "read",         "hit",    "1",      true,  false, "where entry 1 should be"},
        {1, "ledger.key",   "ledger", "forged", false, false, "without a key"          },
        {1, "ledger.other", "ledger", "forged", false, false, "without a key"          },
        {1, "ledger.other", "ledger", "forged", false, true,  "with the wrong action"  },
        {1, "ledger.begin", "ledger", "forged", false, true,  "with the wrong action"  },
        {1, "read",         "ledger", "forged", false, true,  "with the wrong action"  },
        {1, "ledger.key",   "ledger", "other",  false, true,  "for another ledger"     },
        {1, "ledger.key",   "hit",    "forged", false, true,  "for another ledger"     },
        {1, "ledger.key",   "ledger", "forged", true,  true,  "with facts"             },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct forged forged = forged_begin();
        struct ledger_entry entry = {
            .seq = cases[i].seq,
            .time = 2,
            .who = "u",
            .has_facts = cases[i].has_facts,
            .has_key = cases[i].has_key,
            .key = {9},
        };

        snprintf(entry.action, sizeof(entry.action), "%s", cases[i].action);
        snprintf(entry.kind, sizeof(entry.kind), "%s", cases[i].kind);
        snprintf(entry.id, sizeof(entry.id), "%s", cases[i].id);
        memcpy(entry.signer, ledger_key_public(forged.key), LEDGER_KEY_SIZE);
        forged_add(&forged, &entry);
        forged_refused(&forged, cases[i].because);
    }
}

TEST(a_key_that_the_one_in_force_did_not_sign_is_refused)
{
    struct forged forged = forged_begin();
    struct ledger_key *thief = made_key(7, 0), *owner = forged.key;
    struct ledger_entry entry = {
        .seq = 1,
        .time = 2,
        .who = "u",
        .action = "ledger.key",
        .kind = "ledger",
        .id = "forged",
        .has_key = true,
    };

    memcpy(entry.key, ledger_key_public(thief), LEDGER_KEY_SIZE);
    memcpy(entry.signer, ledger_key_public(owner), LEDGER_KEY_SIZE);
    forged.key = thief;
    forged_add(&forged, &entry);
    ledger_key_close(owner);
    forged_refused(&forged, "the signature under a key is wrong");
}

TEST(an_old_key_signs_no_more_checkpoints)
{
    static const struct ledger_tree nothing;
    struct ledger_key *old = made_key(1, 0), *next = made_key(1, 1);
    struct out *out = out_memory();
    struct ledger_state state;
    struct ledger_added added;
    char note[LEDGER_NOTE_MAX];
    struct err err;

    assert_true(ledger_begin("old", 1, "u", old, &state, &added, &err));
    ledger_write_heading(out, "old", &nothing);
    ledger_write_entry(out, &added.entry);
    assert_true(
        ledger_change_key(&state, 2, "u", old, ledger_key_public(next), &added, &err));
    ledger_write_entry(out, &added.entry);

    assert_false(ledger_checkpoint(&state, 3, old, note, &err));
    assert_int_equal(err.code, ERR_REFUSED);

    memcpy(state.key, ledger_key_public(old), LEDGER_KEY_SIZE);
    assert_true(ledger_checkpoint(&state, 3, old, note, &err));
    ledger_write_checkpoint(out, note);

    size_t size = (size_t)out_size(out);
    char *text = out_take(out);

    assert_refused(text, size, NULL, "not signed with the key in force");
    free(text);
    ledger_key_close(old);
    ledger_key_close(next);
}

/* ---- proofs ----------------------------------------------------------------------------------- */

static const char export_path[] = "ledger-verify-test.jsonl";

static void export_write(const struct made *made)
{
    FILE *file = fopen(export_path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(made->text, 1, made->size, file), made->size);
    assert_int_equal(fclose(file), 0);
}

static char *proof_make(enum ledger_proof_kind kind, uint64_t at, size_t *size)
{
    struct out *out = out_memory();
    struct err err;

    if (!ledger_prove_export(export_path, kind, at, NULL, out, &err))
        fail_msg("%s", err.text);
    *size = (size_t)out_size(out);
    return out_take(out);
}

static bool proof_check(const char *text, size_t size, const struct ledger_trust *trust,
                        struct ledger_proved *proved, struct err *err)
{
    struct made_lines memory;
    struct ledger_lines lines = made_lines(&memory, (struct str){text, size});

    return ledger_proof_check(&lines, trust, proved, err);
}

/* Of the proof file, no byte may be another. */
static void every_byte_counts(char *text, size_t size)
{
    struct ledger_proved proved;
    struct err err;

    for (size_t at = 0; at < size; at++) {
        text[at] ^= 1;
        if (proof_check(text, size, NULL, &proved, &err))
            fail_msg("not found at byte %zu", at);
        text[at] ^= 1;
    }
}

TEST(proofs_of_inclusion_made_from_an_export_hold)
{
    static const struct made_settings few = {300, 70, 77, 3};
    struct made *made = made_new(&few);
    struct ledger_proved proved;
    struct err err;

    export_write(made);
    for (uint64_t at = 0; at < 300; at += 23) {
        size_t size;
        char *text = proof_make(LEDGER_INCLUSION, at, &size);

        assert_true(proof_check(text, size, NULL, &proved, &err));
        assert_int_equal(proved.kind, LEDGER_INCLUSION);
        assert_int_equal(proved.entry.seq, at);
        assert_int_equal(proved.last.size, 300);
        if (at == 23 * 5)
            every_byte_counts(text, size);
        free(text);
    }
    remove(export_path);
    made_free(made);
}

TEST(proofs_of_consistency_made_from_an_export_hold)
{
    static const struct made_settings few = {300, 70, 77, 3};
    struct made *made = made_new(&few);
    struct ledger_proved proved;
    struct err err;

    export_write(made);
    for (uint64_t at = 70; at < 300; at += 70) {
        size_t size;
        char *text = proof_make(LEDGER_CONSISTENCY, at, &size);

        assert_true(proof_check(text, size, NULL, &proved, &err));
        assert_int_equal(proved.kind, LEDGER_CONSISTENCY);
        assert_int_equal(proved.old.size, at);
        assert_int_equal(proved.last.size, 300);
        every_byte_counts(text, size);
        free(text);
    }
    remove(export_path);
    made_free(made);
}

TEST(no_proof_is_made_of_what_the_export_does_not_have)
{
    static const struct {
        enum ledger_proof_kind kind;
        uint64_t at;
        const char *because;
    } cases[] = {
        {LEDGER_INCLUSION,   300, "no entry 300: the last one covered is 299"},
        {LEDGER_CONSISTENCY, 71,  "no checkpoint of 71 entries"              },
        {LEDGER_CONSISTENCY, 300, "is the last checkpoint"                   },
        {LEDGER_CONSISTENCY, 0,   "no earlier size 0"                        },
    };
    static const struct made_settings few = {300, 70, 77, 3};
    struct made *made = made_new(&few);
    struct err err;

    export_write(made);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct out *out = out_memory();

        assert_false(ledger_prove_export(export_path, cases[i].kind, cases[i].at, NULL,
                                         out, &err));
        assert_int_equal(err.code, ERR_NOT_FOUND);
        assert_non_null(strstr(err.text, cases[i].because));
        out_abandon(out);
    }
    remove(export_path);
    made_free(made);
}

TEST(a_proof_is_held_against_what_others_kept)
{
    static const struct made_settings few = {300, 70, 77, 3};
    struct made *made = made_new(&few);
    struct ledger_checkpoint last = note_read(made, made->note_count - 1);
    struct ledger_checkpoint first = note_read(made, 0);
    const struct ledger_trust kept = {NULL, &last, 1}, other = {NULL, &first, 1};
    const struct ledger_trust other_key = {.key = first.root.bytes};
    struct ledger_proved proved;
    struct err err;
    size_t size;

    export_write(made);
    char *text = proof_make(LEDGER_INCLUSION, 17, &size);

    assert_true(proof_check(text, size, &kept, &proved, &err));
    assert_int_equal(proved.trusted, 1);
    assert_false(proof_check(text, size, &other, &proved, &err));
    assert_false(proof_check(text, size, &other_key, &proved, &err));
    free(text);
    remove(export_path);
    made_free(made);
}

TESTS(IT(an_export_is_verified_as_it_was_written),
      IT(an_export_is_verified_against_what_others_kept),
      IT(the_part_after_a_checkpoint_is_verified_by_itself),
      IT(a_clock_that_went_back_is_told_and_is_no_fault),
      IT(any_byte_changed_left_out_or_added_is_found),
      IT(a_line_left_out_doubled_or_moved_is_found), IT(an_end_cut_off_is_found),
      IT(a_ledger_made_anew_with_its_own_key_differs_from_what_was_kept),
      IT(two_versions_with_one_key_cannot_both_meet_what_two_people_kept),
      IT(a_ledger_of_another_key_is_not_the_one_published),
      IT(entries_that_break_the_rules_are_refused_even_with_the_right_key),
      IT(a_key_that_the_one_in_force_did_not_sign_is_refused),
      IT(an_old_key_signs_no_more_checkpoints),
      IT(proofs_of_inclusion_made_from_an_export_hold),
      IT(proofs_of_consistency_made_from_an_export_hold),
      IT(no_proof_is_made_of_what_the_export_does_not_have),
      IT(a_proof_is_held_against_what_others_kept))
