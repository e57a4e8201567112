#include "ledger/inner.h"
#include "test/test.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct ledger_key *key_new(uint8_t number)
{
    const uint8_t seed[LEDGER_KEY_SIZE] = {number};
    struct ledger_key *key;
    struct err err;

    assert_true(ledger_key_of_seed(seed, &key, &err));
    return key;
}

static void begin(struct ledger_state *state, const struct ledger_key *key)
{
    struct ledger_added added;
    struct err err;

    assert_true(ledger_begin("a", 1, "u", key, state, &added, &err));
}

static const struct ledger_event plain = {1, "u-1", "read", "hit", "h:1", NULL};

/* ---- entries --------------------------------------------------------------------------- */

TEST(an_entry_is_written_to_the_byte_as_the_page_says)
{
    static const char begins[] =
        "{\"seq\":1,\"time\":\"2026-11-22T22:31:30.123456Z\",\"who\":\"u-1\","
        "\"action\":\"read\",\"kind\":\"hit\",\"id\":\"h:1\",\"facts\":\"\","
        "\"previous\":\"";
    struct ledger_key *key = key_new(1);
    struct ledger_event event = plain;
    struct ledger_state state;
    struct ledger_added added;
    char line[LEDGER_LINE_MAX], previous[65];
    struct err err;

    begin(&state, key);
    ledger_hash_text(&state.head, previous);
    event.time = INT64_C(1795386690123456);
    assert_true(ledger_append(&state, &event, &added, &err));
    size_t len = ledger_entry_line(&added.entry, line);

    assert_int_equal(len, sizeof(begins) - 1 + 64 + 2);
    assert_memory_equal(line, begins, sizeof(begins) - 1);
    assert_memory_equal(line + sizeof(begins) - 1, previous, 64);
    assert_memory_equal(line + len - 2, "\"}", 2);
    ledger_key_close(key);
}

static struct ledger_entry entry_random(uint64_t *random)
{
    static const char letters[] = "abcXYZ019._:-";
    struct ledger_entry entry = {.seq = test_random(random) % SIZE_LIMIT};
    char *words[] = {entry.who, entry.action, entry.kind, entry.id};

    for (size_t i = 0; i < COUNT(words); i++) {
        size_t len = 1 + test_random(random) % LEDGER_WORD_MAX;

        for (size_t k = 0; k < len; k++)
            words[i][k] = letters[test_random(random) % (k ? sizeof(letters) - 1 : 9)];
    }
    entry.time = (int64_t)(test_random(random) % (uint64_t)(TIME_MAX + 1));
    entry.has_facts = test_random(random) & 1;
    entry.has_key = test_random(random) & 1;
    for (size_t i = 0; i < 32; i++) {
        entry.facts.bytes[i] = entry.has_facts ? (uint8_t)test_random(random) : 0;
        entry.previous.bytes[i] = (uint8_t)test_random(random);
        entry.key[i] = entry.has_key ? (uint8_t)test_random(random) : 0;
        entry.signature[2 * i] = entry.has_key ? (uint8_t)test_random(random) : 0;
    }
    return entry;
}

TEST(what_is_read_of_an_entry_is_what_was_written)
{
    struct ledger_entry entry, read;
    char line[LEDGER_LINE_MAX], again[LEDGER_LINE_MAX];
    uint64_t random = 1;
    struct err err;

    for (unsigned i = 0; i < 2000; i++) {
        entry = entry_random(&random);
        size_t len = ledger_entry_line(&entry, line);

        if (!ledger_entry_read((struct str){line, len}, &read, &err))
            fail_msg("%s: %.*s", err.text, (int)len, line);
        assert_int_equal(read.seq, entry.seq);
        assert_int_equal(read.time, entry.time);
        assert_string_equal(read.who, entry.who);
        assert_string_equal(read.id, entry.id);
        assert_int_equal(ledger_entry_line(&read, again), len);
        assert_memory_equal(again, line, len);
        for (size_t cut = 0; cut < len; cut += 7)
            assert_false(ledger_entry_read((struct str){line, cut}, &read, &err));
    }
}

TEST(there_is_one_way_to_write_an_entry)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"\"seq\":1",        "\"seq\":01"                                       },
        {"\"seq\":1",        "\"seq\": 1"                                       },
        {"\"seq\":1",        "\"seq\":+1"                                       },
        {"\"seq\":1",        "\"seq\":"                                         },
        {"\"seq\":1",        "\"seq\":4611686018427387904"                      },
        {"\"seq\":1",        "\"seq\":99999999999999999999"                     },
        {"1970-01-01T",      "1969-01-01T"                                      },
        {"1970-01-01T",      "1970-02-29T"                                      },
        {"1970-01-01T",      "1900-02-28T"                                      },
        {"1970-01-01T",      "1970-04-31T"                                      },
        {"1970-01-01T",      "1970-00-01T"                                      },
        {"1970-01-01T",      "1970-01-00T"                                      },
        {"1970-01-01T",      "1970-13-01T"                                      },
        {"T00:00:00",        "T24:00:00"                                        },
        {"T00:00:00",        "T00:60:00"                                        },
        {"T00:00:00",        "T00:00:60"                                        },
        {"\"u-1\"",          "\"\""                                             },
        {"\"u-1\"",          "\"-1\""                                           },
        {"\"u-1\"",          "\"u/1\""                                          },
        {"\"u-1\"",          "\"u 1\""                                          },
        {"\"u-1\"",          "\"\\u0075-1\""                                    },
        {"\"u-1\"",          "\"\xc3\xbc\""                                     },
        {"\"h:1\"",          "\"h/1\""                                          },
        {"\"read\"",
         "\"01234567890123456789012345678901234567890123456789012345678901234\""},
        {"\"facts\":\"\"",   "\"facts\":null"                                   },
        {"\"facts\":\"\"",   "\"facts\":\"00\""                                 },
        {"\"previous\":\"0", "\"previous\":\"A"                                 },
        {"\"}",              "\" }"                                             },
        {"\"}",              "\"} "                                             },
        {"\"}",              "\",\"key\":\"\"}"                                 },
        {"{",                " {"                                               },
    };
    static const char whole[] =
        "{\"seq\":1,\"time\":\"1970-01-01T00:00:00.000001Z\",\"who\":\"u-1\","
        "\"action\":\"read\",\"kind\":\"hit\",\"id\":\"h:1\",\"facts\":\"\","
        "\"previous\":\""
        "0000000000000000000000000000000000000000000000000000000000000000\"}";
    struct ledger_entry entry;
    char line[LEDGER_LINE_MAX];
    struct err err;

    assert_true(ledger_entry_read(str_of(whole), &entry, &err));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *at = strstr(whole, cases[i].from);

        assert_non_null(at);
        snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - whole), whole, cases[i].to,
                 at + strlen(cases[i].from));
        if (ledger_entry_read(str_of(line), &entry, &err))
            fail_msg("taken: %s", line);
    }
}

TEST(times_are_those_of_the_system)
{
    uint64_t random = 7;
    char text[28], twin[64];

    for (unsigned i = 0; i < 20000; i++) {
        int64_t time = (int64_t)(test_random(&random) % (uint64_t)(TIME_MAX + 1)), read;
        time_t seconds = (time_t)(time / 1000000);
        struct tm tm;
        struct str rest = {text, TIME_SIZE};

        assert_non_null(gmtime_r(&seconds, &tm));
        strftime(twin, sizeof(twin), "%Y-%m-%dT%H:%M:%S", &tm);
        ledger_time_text(time, text);
        assert_memory_equal(text, twin, 19);
        assert_true(line_take_time(&rest, &read));
        assert_int_equal(read, time);
    }
    ledger_time_text(TIME_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

TEST(words_that_could_hold_a_name_are_refused)
{
    static const char *const wrong[] = {
        NULL,
        "",
        " ",
        "u 1",
        "Sarah Okafor",
        "a@b",
        "a/b",
        "-a",
        ".a",
        "a\n",
        "\xc3\xa9",
        "01234567890123456789012345678901234567890123456789012345678901234",
    };
    struct ledger_key *key = key_new(1);
    struct ledger_state state, before;
    struct ledger_added added;
    struct err err;

    begin(&state, key);
    before = state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        for (unsigned place = 0; place < 4; place++) {
            struct ledger_event event = plain;
            const char **words[] = {&event.who, &event.action, &event.kind, &event.id};

            *words[place] = wrong[i];
            assert_false(ledger_append(&state, &event, &added, &err));
            assert_int_equal(err.code, ERR_INPUT);
        }
        assert_memory_equal(&state, &before, sizeof(state));
    }
    struct ledger_event event = plain;

    event.action = "ledger.key";
    assert_false(ledger_append(&state, &event, &added, &err));
    event = plain;
    event.time = -1;
    assert_false(ledger_append(&state, &event, &added, &err));
    event.time = TIME_MAX + 1;
    assert_false(ledger_append(&state, &event, &added, &err));
    assert_memory_equal(&state, &before, sizeof(state));
    ledger_key_close(key);
}

/* ---- the state --------------------------------------------------------------------------- */

TEST(a_ledger_goes_on_from_its_saved_state_as_if_never_stopped)
{
    struct ledger_key *key = key_new(1);
    struct ledger_state state, other;
    struct ledger_added one, another;
    uint8_t bytes[LEDGER_STATE_MAX];
    char note[LEDGER_NOTE_MAX];
    struct err err;

    begin(&state, key);
    for (unsigned i = 0; i < 300; i++) {
        size_t size = ledger_state_save(&state, bytes);

        assert_true(ledger_state_load(bytes, size, &other, &err));
        assert_true(ledger_append(&state, &plain, &one, &err));
        assert_true(ledger_append(&other, &plain, &another, &err));
        assert_memory_equal(&one.hash, &another.hash, sizeof(one.hash));
        assert_int_equal(one.made_count, another.made_count);
        assert_memory_equal(one.made, another.made,
                            one.made_count * sizeof(one.made[0]));
        if (i % 50 == 0)
            assert_true(ledger_checkpoint(&state, 1, key, note, &err));
    }
    ledger_key_close(key);
}

TEST(a_damaged_state_is_noticed)
{
    struct ledger_key *key = key_new(1);
    struct ledger_state state, other;
    struct ledger_added added;
    uint8_t bytes[LEDGER_STATE_MAX];
    struct err err;

    begin(&state, key);
    for (unsigned i = 0; i < 6; i++)
        assert_true(ledger_append(&state, &plain, &added, &err));
    size_t size = ledger_state_save(&state, bytes);

    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 4;
        assert_false(ledger_state_load(bytes, size, &other, &err));
        bytes[i] ^= 4;
        assert_false(ledger_state_load(bytes, i, &other, &err));
    }
    assert_true(ledger_state_load(bytes, size, &other, &err));
    ledger_key_close(key);
}

TEST(only_the_key_in_force_signs)
{
    struct ledger_key *old = key_new(1), *next = key_new(2), *other = key_new(3);
    struct ledger_state state;
    struct ledger_added added;
    char note[LEDGER_NOTE_MAX];
    struct err err;

    begin(&state, old);
    assert_false(ledger_checkpoint(&state, 1, next, note, &err));
    assert_false(ledger_change_key(&state, 1, "u", next, ledger_key_public(other),
                                   &added, &err));
    assert_false(
        ledger_change_key(&state, 1, "u", old, ledger_key_public(old), &added, &err));
    assert_true(
        ledger_change_key(&state, 1, "u", old, ledger_key_public(next), &added, &err));

    assert_false(ledger_checkpoint(&state, 1, old, note, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_true(ledger_checkpoint(&state, 1, next, note, &err));
    assert_false(ledger_checkpoint(&state, 1, next, note, &err)); /* nothing new */
    assert_int_equal(err.code, ERR_NOT_FOUND);
    ledger_key_close(old);
    ledger_key_close(next);
    ledger_key_close(other);
}

/* ---- checkpoints ------------------------------------------------------------------------------ */

TEST(a_checkpoint_with_signatures_of_witnesses_is_the_same_one)
{
    static const char witness[] = "\xe2\x80\x94 witness.example AAAA\n";
    struct ledger_key *key = key_new(1);
    struct ledger_checkpoint one, other;
    struct ledger_state state;
    char note[LEDGER_NOTE_MAX], text[LEDGER_NOTE_MAX + 100];
    struct err err;

    begin(&state, key);
    assert_true(ledger_checkpoint(&state, 1, key, note, &err));
    assert_true(ledger_checkpoint_read(str_of(note), &one, &err));
    snprintf(text, sizeof(text), "%s%s%s", note, witness, witness);
    assert_true(ledger_checkpoint_read(str_of(text), &other, &err));
    assert_memory_equal(&one.hash, &other.hash, sizeof(one.hash));
    assert_memory_equal(&one.hash, &state.checkpoint, sizeof(one.hash));

    snprintf(text, sizeof(text), "%sanything\n", note);
    assert_false(ledger_checkpoint_read(str_of(text), &other, &err));
    snprintf(text, sizeof(text), "%s%.9s", note, witness);
    assert_false(ledger_checkpoint_read(str_of(text), &other, &err));
    ledger_key_close(key);
}

TEST(no_byte_of_a_checkpoint_may_be_another)
{
    struct ledger_key *key = key_new(1);
    struct ledger_checkpoint checkpoint;
    struct ledger_state state;
    char note[LEDGER_NOTE_MAX];
    struct err err;

    begin(&state, key);
    assert_true(ledger_checkpoint(&state, 1, key, note, &err));
    for (size_t i = 0; note[i]; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            note[i] ^= (char)(1 << bit);
            if (ledger_checkpoint_read((struct str){note, strlen(note)}, &checkpoint,
                                       &err))
                fail_msg("not found: bit %u of byte %zu", bit, i);
            note[i] ^= (char)(1 << bit);
        }
    assert_true(ledger_checkpoint_read(str_of(note), &checkpoint, &err));
    ledger_key_close(key);
}

/* ---- facts -------------------------------------------------------------------------------------- */

TEST(a_commitment_is_made_as_the_page_says)
{
    uint8_t subject[32], about[27] = "candour facts 1", opening[32], commitment[32];
    uint8_t all[33] = {2}, facts[32];
    struct ledger_hash one, whole, key;

    for (unsigned i = 0; i < sizeof(subject); i++)
        subject[i] = (uint8_t)i;
    about[20] = 1; /* entry 0x010203 */
    about[21] = 2;
    about[22] = 3;
    about[26] = 5; /* place 5 */
    crypto_auth_hmacsha256(opening, about, sizeof(about), subject);
    crypto_auth_hmacsha256(commitment, (const uint8_t *)"facts", 5, opening);
    memcpy(all + 1, commitment, 32);
    crypto_hash_sha256(facts, all, sizeof(all));

    ledger_commit(subject, 0x010203, 5, STR("facts"), &one);
    ledger_opening_key(subject, 0x010203, 5, &key);
    ledger_facts(&one, 1, &whole);

    assert_memory_equal(one.bytes, commitment, 32);
    assert_memory_equal(key.bytes, opening, 32);
    assert_memory_equal(whole.bytes, facts, 32);
}

TEST(a_commitment_opens_to_its_facts_and_to_nothing_else)
{
    static const uint8_t subjects[3][LEDGER_KEY_SIZE] = {{1}, {2}, {3}};
    static const char *const facts[] = {"surname=A", "surname=B", ""};
    struct ledger_hash commitments[3], opening, other;
    struct ledger_entry entry = {.seq = 7, .has_facts = true};

    for (uint32_t i = 0; i < 3; i++)
        ledger_commit(subjects[i], 7, i, str_of(facts[i]), &commitments[i]);
    ledger_facts(commitments, 3, &entry.facts);

    for (uint32_t i = 0; i < 3; i++) {
        ledger_opening_key(subjects[i], 7, i, &opening);
        assert_true(
            ledger_opens(&entry, commitments, 3, i, &opening, str_of(facts[i])));

        assert_false(
            ledger_opens(&entry, commitments, 3, i, &opening, STR("surname=C")));
        assert_false(ledger_opens(&entry, commitments, 3, (i + 1) % 3, &opening,
                                  str_of(facts[i])));
        assert_false(
            ledger_opens(&entry, commitments, 2, i, &opening, str_of(facts[i])));
        ledger_opening_key(subjects[i], 8, i, &other);
        assert_false(ledger_opens(&entry, commitments, 3, i, &other, str_of(facts[i])));
        ledger_opening_key(subjects[i], 7, i + 1, &other);
        assert_false(ledger_opens(&entry, commitments, 3, i, &other, str_of(facts[i])));
    }
}

TEST(equal_facts_of_one_subject_do_not_look_equal)
{
    static const uint8_t subject[LEDGER_KEY_SIZE] = {1};
    struct ledger_hash one, later, beside;

    ledger_commit(subject, 7, 0, STR("same"), &one);
    ledger_commit(subject, 8, 0, STR("same"), &later);
    ledger_commit(subject, 7, 1, STR("same"), &beside);

    assert_memory_not_equal(&one, &later, sizeof(one));
    assert_memory_not_equal(&one, &beside, sizeof(one));
}

/* Facts and key are gone: entry, hash, tree and checkpoint do not depend on them, and
 * trying all facts that there could be, with any key but the lost one, opens nothing. */
TEST(erasure_leaves_every_proof_valid_and_the_commitment_shut)
{
    struct ledger_key *key = key_new(1);
    uint8_t subject[LEDGER_KEY_SIZE];
    struct ledger_hash commitment, facts, opening;
    struct ledger_event event = plain;
    struct ledger_state state;
    struct ledger_added added;
    struct ledger_checkpoint checkpoint;
    char note[LEDGER_NOTE_MAX], line[LEDGER_LINE_MAX];
    struct err err;

    begin(&state, key);
    assert_true(ledger_random(subject, sizeof(subject), &err));
    ledger_commit(subject, state.tree.size, 0, STR("born=1984-03-12"), &commitment);
    ledger_facts(&commitment, 1, &facts);
    event.facts = &facts;
    assert_true(ledger_append(&state, &event, &added, &err));
    assert_true(ledger_checkpoint(&state, 1, key, note, &err));

    ledger_opening_key(subject, added.entry.seq, 0, &opening);
    assert_true(ledger_opens(&added.entry, &commitment, 1, 0, &opening,
                             STR("born=1984-03-12")));
    sodium_memzero(subject, sizeof(subject));
    sodium_memzero(&opening, sizeof(opening));

    struct str text = {line, ledger_entry_line(&added.entry, line)};
    struct ledger_proof proof = {LEDGER_INCLUSION, 1, 2, 1, {added.entry.previous}};
    struct ledger_hash leaf;

    ledger_entry_hash(text, &leaf);
    assert_true(ledger_checkpoint_read(str_of(note), &checkpoint, &err));
    assert_true(ledger_includes(&proof, &leaf, &checkpoint.root));

    ledger_opening_key(subject, added.entry.seq, 0, &opening);
    for (int day = 0; day < 31 * 12 * 100; day++) {
        char guess[32];
        int len = snprintf(guess, sizeof(guess), "born=%04d-%02d-%02d",
                           1930 + day / 372, day / 31 % 12 + 1, day % 31 + 1);

        assert_false(ledger_opens(&added.entry, &commitment, 1, 0, &opening,
                                  (struct str){guess, (size_t)len}));
    }
    ledger_key_close(key);
}

/* ---- key files -------------------------------------------------------------------------------------- */

static const char key_path[] = "ledger-state-test.key";

static void file_write(const char *text, mode_t mode)
{
    int fd = open(key_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

TEST(a_key_file_made_is_read_and_is_its_owners_alone)
{
    struct ledger_key *one, *other;
    struct stat about;
    struct err err;

    unlink(key_path);
    umask(0);
    assert_true(ledger_key_create(key_path, &err));
    assert_int_equal(stat(key_path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_true(ledger_key_open(key_path, &one, &err));
    assert_true(ledger_key_open(key_path, &other, &err));
    assert_memory_equal(ledger_key_public(one), ledger_key_public(other), 32);

    assert_false(ledger_key_create(key_path, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    ledger_key_close(one);
    ledger_key_close(other);
    unlink(key_path);
}

TEST(a_key_file_that_others_may_read_is_refused)
{
    static const mode_t wrong[] = {0604, 0602, 0601, 0644, 0666, 0620, 0610};
    struct ledger_key *key;
    struct err err;

    unlink(key_path);
    assert_true(ledger_key_create(key_path, &err));
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(chmod(key_path, wrong[i]), 0);
        assert_false(ledger_key_open(key_path, &key, &err));
        assert_int_equal(err.code, ERR_REFUSED);
    }
    assert_int_equal(chmod(key_path, 0400), 0);
    assert_true(ledger_key_open(key_path, &key, &err));
    ledger_key_close(key);
    unlink(key_path);
}

/* Owned by root and its group, with a group bit that stands for an access list. */
TEST(a_key_file_as_systemd_hands_it_to_a_service_is_taken)
{
    struct ledger_key *key;
    struct err err;

    unlink(key_path);
    assert_true(ledger_key_create(key_path, &err));
    assert_int_equal(chmod(key_path, 0440), 0);
    if (geteuid() != 0) {
        assert_false(ledger_key_open(key_path, &key, &err));
        unlink(key_path);
        print_message("shown in part: root is needed to make a file of root\n");
        return;
    }
    assert_int_equal(chown(key_path, 0, 0), 0);
    assert_true(ledger_key_open(key_path, &key, &err));
    ledger_key_close(key);
    assert_int_equal(chown(key_path, 0, 12345), 0); /* any other group may read it */
    assert_false(ledger_key_open(key_path, &key, &err));
    assert_int_equal(chown(key_path, 12345, 0), 0); /* any other owner may change it */
    assert_int_equal(chmod(key_path, 0400), 0);
    assert_false(ledger_key_open(key_path, &key, &err));
    unlink(key_path);
}

TEST(what_is_no_key_file_is_refused_without_a_word_of_it)
{
    static const char *const wrong[] = {
        "",
        "candour-ledger-key-1 ",
        "candour-ledger-key-2 "
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
        "candour-ledger-key-1 "
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF\n",
        "candour-ledger-key-1 "
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "candour-ledger-key-1 "
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n\n",
    };
    struct ledger_key *key;
    struct err err;

    for (size_t i = 0; i < COUNT(wrong); i++) {
        file_write(wrong[i], 0600);
        assert_false(ledger_key_open(key_path, &key, &err));
        assert_int_equal(err.code, ERR_INPUT);
        assert_null(strstr(err.text, "0123"));
    }
    unlink(key_path);
    assert_false(ledger_key_open(key_path, &key, &err));
    assert_false(ledger_key_open("/dev/null", &key, &err));
    assert_false(ledger_key_open("/", &key, &err));
}

TESTS(IT(an_entry_is_written_to_the_byte_as_the_page_says),
      IT(what_is_read_of_an_entry_is_what_was_written),
      IT(there_is_one_way_to_write_an_entry), IT(times_are_those_of_the_system),
      IT(words_that_could_hold_a_name_are_refused),
      IT(a_ledger_goes_on_from_its_saved_state_as_if_never_stopped),
      IT(a_damaged_state_is_noticed), IT(only_the_key_in_force_signs),
      IT(a_checkpoint_with_signatures_of_witnesses_is_the_same_one),
      IT(no_byte_of_a_checkpoint_may_be_another),
      IT(a_commitment_is_made_as_the_page_says),
      IT(a_commitment_opens_to_its_facts_and_to_nothing_else),
      IT(equal_facts_of_one_subject_do_not_look_equal),
      IT(erasure_leaves_every_proof_valid_and_the_commitment_shut),
      IT(a_key_file_made_is_read_and_is_its_owners_alone),
      IT(a_key_file_that_others_may_read_is_refused),
      IT(a_key_file_as_systemd_hands_it_to_a_service_is_taken),
      IT(what_is_no_key_file_is_refused_without_a_word_of_it))
