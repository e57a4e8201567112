#include "screen/checkpoint.h"
#include "screen/spill.h"

#include "test/test.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS = 500 };

static const char *folder = "spill_test.work";

/* Few persons, scores and ids, so that every part of the order decides somewhere. */
static void random_record(uint64_t *seed, struct bytes *bytes)
{
    char id[32];
    struct str texts[2];
    uint64_t row = test_random(seed);
    struct record head = {
        .rank = (uint32_t)(test_random(seed) % 20),
        .score = (int32_t)(test_random(seed) % 5) - 2,
        .file = (uint32_t)(row % 2),
        .row = row >> 8,
    };

    snprintf(id, sizeof(id), "M%d", (int)(test_random(seed) % 12));
    texts[0] = str_of(id);
    texts[1] = (struct str){"suspect and more", (size_t)(test_random(seed) % 17)};
    record_put(bytes, &head, texts, 2);
}

struct seen {
    struct bytes all;
    size_t count, stop_at;
};

static bool see(void *context, const struct record *record, struct err *err)
{
    struct seen *seen = context;
    struct bytes *all = &seen->all;

    if (++seen->count == seen->stop_at)
        return err_set(err, ERR_STOPPED, "enough");
    all->at = memory_grow(all->at, all->size + record->size, 1);
    memcpy(all->at + all->size, record, record->size);
    all->size += record->size;
    return true;
}

/* All records through a spill of that limit; the number of runs it took. */
static uint64_t through(size_t limit, unsigned fan_in, struct seen *seen)
{
    struct spill *spill = spill_new(folder, limit, fan_in);
    uint64_t seed = 7, runs = 0;
    struct bytes one = {0};
    struct err err;

    for (int i = 0; i < RECORDS; i++) {
        one.size = 0;
        random_record(&seed, &one);
        if (spill_is_full(spill, one.size))
            assert_true(spill_run(spill, runs++, &err));
        spill_add(spill, &one);
    }
    assert_true(spill_merge(spill, runs, seen, see, &err));
    for (uint64_t i = 0; i < runs; i++)
        work_unlink(folder, WORK_RUN, i);
    free(one.at);
    spill_free(spill);
    return runs;
}

static int make_folder(void **state)
{
    (void)state;
    mkdir(folder, 0700);
    return 0;
}

static int remove_file(const char *path, const struct stat *about, int kind,
                       struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_file, 8, FTW_DEPTH | FTW_PHYS);
}

TEST(records_come_out_in_order_and_none_is_lost)
{
    struct seen seen = {0};

    assert_int_equal(through((size_t)1 << 30, 2, &seen), 0);

    assert_int_equal(seen.count, RECORDS);
    assert_true(records_whole(seen.all.at, seen.all.size));
    for (size_t at = 0, next; at < seen.all.size; at = next) {
        const struct record *record = (const void *)(seen.all.at + at);

        next = at + record->size;
        if (next < seen.all.size)
            assert_true(record_order(record, (const void *)(seen.all.at + next)) < 0);
    }
    free(seen.all.at);
}

TEST(a_tiny_buffer_and_many_runs_give_the_same_bytes_as_none)
{
    static const struct {
        size_t limit;
        unsigned fan_in;
        uint64_t least_runs;
    } cases[] = {
        {20000, 128, 2          },
        {10000, 3,   5          },
        {4000,  2,   16         },
        {1,     7,   RECORDS - 1}
    };
    struct seen plain = {0};

    through((size_t)1 << 30, 2, &plain);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct seen seen = {0};

        assert_true(through(cases[i].limit, cases[i].fan_in, &seen) >=
                    cases[i].least_runs);
        assert_int_equal(seen.all.size, plain.all.size);
        assert_memory_equal(seen.all.at, plain.all.at, plain.all.size);
        free(seen.all.at);
    }
    free(plain.all.at);
}

TEST(a_merge_that_is_stopped_can_be_done_again)
{
    struct spill *spill = spill_new(folder, 1000, 2);
    struct seen first = {.stop_at = 30}, second = {0};
    uint64_t seed = 3, runs = 0;
    struct bytes one = {0};
    struct err err;

    for (int i = 0; i < 60; i++) {
        one.size = 0;
        random_record(&seed, &one);
        if (spill_is_full(spill, one.size))
            assert_true(spill_run(spill, runs++, &err));
        spill_add(spill, &one);
    }

    assert_false(spill_merge(spill, runs, &first, see, &err));
    assert_int_equal(err.code, ERR_STOPPED);
    assert_true(spill_merge(spill, runs, &second, see, &err));

    assert_int_equal(second.count, 60);
    assert_memory_equal(first.all.at, second.all.at, first.all.size);
    free(first.all.at);
    free(second.all.at);
    free(one.at);
    spill_free(spill);
}

TEST(parts_hold_what_came_since_the_part_before)
{
    struct spill *spill = spill_new(folder, 1 << 20, 2);
    struct spill *again = spill_new(folder, 1 << 20, 2);
    struct seen one = {0}, two = {0};
    struct bytes bytes = {0};
    uint64_t seed = 5;
    struct err err;

    for (uint64_t part = 1; part <= 4; part++) {
        bytes.size = 0;
        if (part != 3) /* nothing came: no file */
            random_record(&seed, &bytes);
        spill_add(spill, &bytes);
        assert_true(spill_part(spill, part, &err));
    }
    for (uint64_t part = 1; part <= 4; part++)
        assert_true(spill_part_read(again, part, &err));

    assert_int_equal(spill_buffered(again), spill_buffered(spill));
    assert_true(spill_merge(spill, 0, &one, see, &err));
    assert_true(spill_merge(again, 0, &two, see, &err));
    assert_int_equal(two.count, 3);
    assert_memory_equal(one.all.at, two.all.at, one.all.size);
    free(one.all.at);
    free(two.all.at);
    free(bytes.at);
    spill_free(spill);
    spill_free(again);
}

TEST(a_run_cut_short_is_refused)
{
    struct spill *spill = spill_new(folder, 1 << 20, 2);
    struct bytes bytes = {0};
    struct seen seen = {0};
    char path[PATH_SIZE];
    uint64_t seed = 9;
    struct err err;

    random_record(&seed, &bytes);
    random_record(&seed, &bytes);
    spill_add(spill, &bytes);
    assert_true(spill_run(spill, 0, &err));
    work_name(folder, WORK_RUN, 0, path);
    assert_int_equal(truncate(path, (off_t)bytes.size - 8), 0);

    assert_false(spill_merge(spill, 1, &seen, see, &err));

    assert_int_equal(err.code, ERR_REFUSED);
    free(seen.all.at);
    free(bytes.at);
    spill_free(spill);
}

TEST(bytes_that_are_no_records_are_told_apart)
{
    struct bytes bytes = {0};
    uint64_t seed = 11;

    random_record(&seed, &bytes);

    for (size_t size = 1; size < bytes.size; size++)
        assert_false(records_whole(bytes.at, size));
    for (size_t at = 0; at < sizeof(struct record); at++) {
        struct bytes spoilt = {memory_new(bytes.size, 1), bytes.size, 0};

        memcpy(spoilt.at, bytes.at, bytes.size);
        spoilt.at[at] = (char)0xff;
        (void)records_whole(spoilt.at, spoilt.size); /* must not read beyond */
        free(spoilt.at);
    }
    free(bytes.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(records_come_out_in_order_and_none_is_lost),
        IT(a_tiny_buffer_and_many_runs_give_the_same_bytes_as_none),
        IT(a_merge_that_is_stopped_can_be_done_again),
        IT(parts_hold_what_came_since_the_part_before),
        IT(a_run_cut_short_is_refused),
        IT(bytes_that_are_no_records_are_told_apart),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
