#include "library/made.h"

/* A table of people, indexed, with mentions counted. */
struct fixture {
    struct candour_model *model;
    struct candour_index *index;
    struct made *people, *mentions;
};

static struct fixture fixture_make(void)
{
    struct fixture f = {.model = made_model()};

    f.index = made_index(f.model);
    f.people = made_table(1, 3000);
    f.mentions = made_table(2, MADE_ROWS);
    assert_true(candour_index_add_table(f.index, &f.people->table, NULL));
    assert_true(candour_index_count_table(f.index, &f.mentions->table, NULL));
    assert_true(candour_index_build(f.index, NULL));
    return f;
}

static void fixture_free(struct fixture *f)
{
    candour_index_free(f->index);
    candour_model_free(f->model);
    free(f->people);
    free(f->mentions);
}

static struct candour_hits *find(const struct fixture *f, uint32_t threads,
                                 double probability)
{
    struct candour_finder *finder;
    struct candour_hits *hits;

    assert_true(candour_finder_new(f->index, threads, &finder, NULL));
    assert_true(
        candour_find_table(finder, &f->mentions->table, probability, &hits, NULL));
    candour_finder_free(finder);
    return hits;
}

static void assert_same_hits(const struct candour_hits *a, const struct candour_hits *b)
{
    size_t count = candour_hits_count(a);

    assert_int_equal(count, candour_hits_count(b));
    assert_memory_equal(candour_hits_left(a), candour_hits_left(b), count * 4);
    assert_memory_equal(candour_hits_right(a), candour_hits_right(b), count * 4);
    assert_memory_equal(candour_hits_score(a), candour_hits_score(b), count * 4);
    for (uint32_t c = 0; c < candour_comparison_count(); c++) {
        assert_memory_equal(candour_hits_levels(a, c), candour_hits_levels(b, c),
                            count);
        assert_memory_equal(candour_hits_bits(a, c), candour_hits_bits(b, c),
                            count * 4);
    }
}

TEST(hits_are_the_same_for_any_number_of_threads)
{
    struct fixture f = fixture_make();
    struct candour_hits *one = find(&f, 1, 0), *five = find(&f, 5, 0);

    assert_true(candour_hits_count(one) > 100);
    assert_same_hits(one, five);
    candour_hits_free(one);
    candour_hits_free(five);
    fixture_free(&f);
}

TEST(evidence_adds_up_to_the_score_and_hits_are_in_order)
{
    struct fixture f = fixture_make();
    struct candour_hits *hits = find(&f, 2, 0);
    struct candour_hit last = {.size = sizeof(last)}, hit = {.size = sizeof(hit)};

    for (size_t i = 0; i < candour_hits_count(hits); i++) {
        double sum;

        assert_true(candour_hits_get(hits, i, &hit, NULL));
        sum = hit.prior;
        for (uint32_t c = 0; c < candour_comparison_count(); c++) {
            struct candour_evidence evidence = {.size = sizeof(evidence)};

            assert_true(candour_hits_evidence(hits, i, c, &evidence, NULL));
            assert_string_equal(evidence.comparison, candour_comparison_name(c));
            sum += evidence.bits;
        }
        assert_true(sum == hit.score);
        assert_near(hit.probability, 1 / (1 + exp2(-hit.score)), 1e-6);
        assert_true(hit.probability >= 0.01);
        assert_true(i == 0 || hit.right > last.right ||
                    (hit.right == last.right && hit.left > last.left));
        last = hit;
    }
    candour_hits_free(hits);
    fixture_free(&f);
}

TEST(one_by_one_finds_what_a_table_finds)
{
    struct fixture f = fixture_make();
    struct candour_hits *all = find(&f, 1, 0.05);
    struct candour_finder *finder;
    size_t at = 0;

    assert_true(candour_finder_new(f.index, 1, &finder, NULL));
    for (size_t row = 0; row < 500; row++) {
        struct candour_value values[MADE_COLUMNS];
        struct candour_hits *hits;

        for (unsigned c = 0; c < MADE_COLUMNS; c++) {
            const int64_t *offsets = f.mentions->offsets[c];

            values[c] = (struct candour_value){
                f.mentions->columns[c].field, f.mentions->bytes[c] + offsets[row],
                (size_t)(offsets[row + 1] - offsets[row])};
        }
        assert_true(candour_find(finder, values, MADE_COLUMNS, 0.05, &hits, NULL));
        for (size_t i = 0; i < candour_hits_count(hits); i++, at++) {
            struct candour_hits *scored;

            assert_int_equal(candour_hits_right(all)[at], row);
            assert_int_equal(candour_hits_left(all)[at], candour_hits_left(hits)[i]);
            assert_int_equal(candour_hits_score(all)[at], candour_hits_score(hits)[i]);
            assert_true(candour_score(finder, candour_hits_left(hits)[i], values,
                                      MADE_COLUMNS, &scored, NULL));
            assert_int_equal(candour_hits_score(scored)[0],
                             candour_hits_score(hits)[i]);
            candour_hits_free(scored);
        }
        candour_hits_free(hits);
    }
    assert_true(at > 10);
    assert_true(at == candour_hits_count(all) || candour_hits_right(all)[at] >= 500);
    candour_finder_free(finder);
    candour_hits_free(all);
    fixture_free(&f);
}

TEST(the_order_of_calls_is_kept)
{
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    struct candour_finder *finder;
    struct candour_error error;

    assert_false(candour_finder_new(index, 1, &finder, &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    assert_true(candour_index_add(index, okafor, LENGTH(okafor), &error));
    assert_true(candour_index_count(index, okafor, LENGTH(okafor), &error));
    assert_false(candour_index_add(index, okafor, LENGTH(okafor), &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    assert_int_equal(candour_index_people(index), 1);
    assert_true(candour_index_build(index, &error));
    assert_false(candour_index_build(index, &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    assert_false(candour_index_count(index, okafor, LENGTH(okafor), NULL));
    candour_index_free(index);
    candour_model_free(model);
}

TEST(what_is_out_of_range_is_refused)
{
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    struct candour_index_settings settings = {.size = sizeof(settings), .model = model};
    struct candour_index *other;
    struct candour_finder *finder;
    struct candour_hits *hits;
    struct candour_error error;

    assert_true(candour_index_add(index, okafor, LENGTH(okafor), NULL));
    assert_true(candour_index_build(index, NULL));
    assert_true(candour_finder_new(index, 1, &finder, NULL));
    for (size_t i = 0; i < 3; i++) {
        static const double outside[] = {0.001, 1.5, -1};

        assert_false(
            candour_find(finder, okafor, LENGTH(okafor), outside[i], &hits, &error));
        assert_int_equal(error.code, CANDOUR_USAGE);
    }
    assert_false(candour_score(finder, 1, okafor, LENGTH(okafor), &hits, &error));
    assert_int_equal(error.code, CANDOUR_NOT_FOUND);
    settings.share = (double)NAN;
    assert_false(candour_index_new(&settings, &other, &error));
    settings.share = 0;
    settings.purpose = 9;
    assert_false(candour_index_new(&settings, &other, &error));
    settings.size = 3;
    assert_false(candour_index_new(&settings, &other, &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    candour_finder_free(finder);
    candour_index_free(index);
    candour_model_free(model);
}

TEST(an_empty_index_and_an_empty_table_give_no_hits)
{
    struct candour_model *model = made_model();
    struct candour_index *index = made_index(model);
    struct candour_table none = {NULL, 0, 0};
    struct candour_finder *finder;
    struct candour_hits *hits;

    assert_true(candour_index_add_table(index, &none, NULL));
    assert_true(candour_index_build(index, NULL));
    assert_true(candour_finder_new(index, 0, &finder, NULL));
    assert_true(candour_find_table(finder, &none, 0, &hits, NULL));
    assert_int_equal(candour_hits_count(hits), 0);
    candour_hits_free(hits);
    assert_true(candour_find(finder, okafor, LENGTH(okafor), 0, &hits, NULL));
    assert_int_equal(candour_hits_count(hits), 0);
    candour_hits_free(hits);
    candour_finder_free(finder);
    candour_index_free(index);
    candour_model_free(model);
}

TEST(an_explanation_names_levels_and_outlives_the_index)
{
    struct candour_model *model = made_model();
    struct candour_hits *hits;
    struct candour_error error;
    char *text;

    assert_true(candour_compare(model, 0, 1000, okafor, LENGTH(okafor), okafor,
                                LENGTH(okafor), &hits, &error));
    assert_true(candour_hits_explain(hits, 0, CANDOUR_TEXT, &text, &error));
    assert_non_null(strstr(text, "same surname"));
    assert_null(strstr(text, "Okafor"));
    candour_text_free(text);
    assert_true(candour_hits_explain(hits, 0, CANDOUR_JSON, &text, &error));
    assert_int_equal(text[0], '{');
    candour_text_free(text);
    assert_true(candour_hits_explain(hits, 0, CANDOUR_SVG, &text, &error));
    assert_non_null(strstr(text, "<svg"));
    candour_text_free(text);
    assert_false(candour_hits_explain(hits, 1, CANDOUR_TEXT, &text, &error));
    assert_int_equal(error.code, CANDOUR_NOT_FOUND);
    assert_false(candour_compare(model, 0, 0, okafor, 1, okafor, 1, &hits, &error));
    assert_int_equal(error.code, CANDOUR_USAGE);
    candour_hits_free(hits);
    candour_model_free(model);
}

TESTS(IT(hits_are_the_same_for_any_number_of_threads),
      IT(evidence_adds_up_to_the_score_and_hits_are_in_order),
      IT(one_by_one_finds_what_a_table_finds), IT(the_order_of_calls_is_kept),
      IT(what_is_out_of_range_is_refused),
      IT(an_empty_index_and_an_empty_table_give_no_hits),
      IT(an_explanation_names_levels_and_outlives_the_index))
