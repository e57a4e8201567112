/*
 * Files through a run by a model over columns, and what Splink itself found on the same
 * files (tests/splink/make.py): its pairs are all in ours, and ours are no more.
 */
#include "screen/screen.h"

#include "test/test.h"

#include <unistd.h>

enum { PATH_SIZE = 512, PAIRS_MAX = 2000 };

struct place {
    char folder[64], left[PATH_SIZE], right[PATH_SIZE], out[PATH_SIZE],
        pairs[PATH_SIZE];
};

static void place_open(struct place *place)
{
    strcpy(place->folder, "/tmp/candour-columns-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->left, PATH_SIZE, "%s/tests/splink/left.csv", SOURCE_ROOT);
    snprintf(place->right, PATH_SIZE, "%s/tests/splink/right.csv", SOURCE_ROOT);
    snprintf(place->out, PATH_SIZE, "%s/out.csv", place->folder);
    snprintf(place->pairs, PATH_SIZE, "%s/pairs.csv", place->folder);
}

static void place_close(const struct place *place)
{
    unlink(place->out);
    unlink(place->pairs);
    rmdir(place->folder);
}

static struct splink_model *model_named(const char *name)
{
    struct splink_model *model;
    char path[PATH_SIZE];
    struct err err;

    snprintf(path, sizeof(path), "%s/tests/splink/%s.json", SOURCE_ROOT, name);
    if (!splink_read(path, &model, &err))
        fail_msg("%s", err.text);
    return model;
}

struct pair {
    char left[16], right[16];
    double weight;
};

static size_t pairs_read(const char *path, const char *weight, struct pair *pairs)
{
    const struct sheet_column columns[] = {
        {"left_id",  false},
        {"right_id", false},
        {weight,     false}
    };
    struct str values[3];
    struct sheet *sheet;
    size_t count = 0;
    struct err err;
    bool more;

    assert_true(sheet_open(path, columns, COUNT(columns), &sheet, &err));
    while (sheet_next(sheet, values, &more, &err) && more && count < PAIRS_MAX) {
        struct pair *pair = &pairs[count++];

        snprintf(pair->left, sizeof(pair->left), "%.*s", STR_ARG(values[0]));
        snprintf(pair->right, sizeof(pair->right), "%.*s", STR_ARG(values[1]));
        assert_true(str_number(values[2], &pair->weight));
    }
    sheet_close(sheet);
    return count;
}

static int by_ids(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int order = strcmp(x->left, y->left);

    return order ? order : strcmp(x->right, y->right);
}

static void compare(const char *name, const char *ours_path)
{
    static struct pair ours[PAIRS_MAX], splinks[PAIRS_MAX];
    char path[PATH_SIZE];
    size_t count, theirs;

    snprintf(path, sizeof(path), "%s/tests/splink/%s.csv", SOURCE_ROOT, name);
    theirs = pairs_read(path, "weight", splinks);
    count = pairs_read(ours_path, "score_bits", ours);
    assert_true(theirs > 100);
    assert_int_equal(count, theirs);
    qsort(ours, count, sizeof(*ours), by_ids);
    qsort(splinks, count, sizeof(*splinks), by_ids);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(ours[i].left, splinks[i].left);
        assert_string_equal(ours[i].right, splinks[i].right);
        assert_near(ours[i].weight, splinks[i].weight,
                    6e-7); /* half of what is written */
    }
}

TEST(a_model_trained_by_splink_gives_its_pairs_and_weights)
{
    struct splink_model *model = model_named("trained");
    struct columns_summary summary;
    struct place place;
    struct err err;

    place_open(&place);

    struct columns_settings settings = {
        .left_path = place.left,
        .right_path = place.right,
        .model = model,
        .out_path = place.out,
        .probability = 10000,
        .threads = 2,
    };

    if (!columns_run(&settings, &summary, &err))
        fail_msg("%s", err.text);
    compare("trained", place.out);
    assert_true(summary.work.scored < summary.left * summary.right / 2);
    place_close(&place);
    splink_free(model);
}

TEST(every_kind_of_condition_of_its_libraries_gives_its_pairs_and_weights)
{
    struct splink_model *model = model_named("library");
    struct columns_summary summary;
    struct place place;
    struct err err;

    place_open(&place);

    struct columns_settings settings = {
        .left_path = place.left,
        .model = model,
        .out_path = place.out,
        .pairs_path = place.pairs,
        .probability = 10000,
        .threads = 2,
    };

    if (!columns_run(&settings, &summary, &err))
        fail_msg("%s", err.text);
    compare("library", place.pairs);
    assert_true(summary.clusters > 10 && summary.clustered >= 2 * summary.clusters);
    place_close(&place);
    splink_free(model);
}

TEST(inputs_are_not_written_over)
{
    struct splink_model *model = model_named("trained");
    struct columns_summary summary;
    struct place place;
    struct err err = {0};

    place_open(&place);

    struct columns_settings settings = {
        .left_path = place.left,
        .right_path = place.right,
        .model = model,
        .out_path = place.right,
        .probability = 500000,
        .threads = 1,
    };

    assert_false(columns_run(&settings, &summary, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.text, "one of the inputs"));
    place_close(&place);
    splink_free(model);
}

TESTS(IT(a_model_trained_by_splink_gives_its_pairs_and_weights),
      IT(every_kind_of_condition_of_its_libraries_gives_its_pairs_and_weights),
      IT(inputs_are_not_written_over))
