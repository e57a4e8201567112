#include "screen/report.h"

#include "test/test.h"

#include <unistd.h>

static const char *const path = "waterfall_test.tmp";

/* Level of a comparison, by the double's order: 0 not known, then best to worst. */
static void judge(struct evidence *evidence, enum comparison c, unsigned level)
{
    evidence[c] = (struct evidence){(uint8_t)level, model_level(NULL, c, level)->bits};
}

struct pair {
    struct evidence evidence[COMPARISONS_MAX];
    struct waterfall waterfall;
};

/* SMITH and SMYTH of the same day, in another town. */
static void make_pair(struct pair *pair)
{
    memset(pair, 0, sizeof(*pair));
    judge(pair->evidence, COMPARE_SURNAME, 2);
    judge(pair->evidence, COMPARE_FORENAME, 1);
    judge(pair->evidence, COMPARE_DATE_OF_BIRTH, 1);
    judge(pair->evidence, COMPARE_PLACE, 3);
    pair->waterfall =
        (struct waterfall){NULL, bits_log2(1, 30000000), 0, pair->evidence};
    pair->waterfall.score = pair->waterfall.prior;
    for (unsigned c = 0; c < model_comparisons(NULL); c++)
        pair->waterfall.score += pair->evidence[c].bits;
}

static char *written(void (*write)(const struct waterfall *, struct out *),
                     const struct waterfall *waterfall)
{
    static char text[16384];
    struct out *out;
    struct err err;

    assert_true(out_open(path, &out, &err));
    write(waterfall, out);
    assert_true(out_commit(out, &err));

    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);
    unlink(path);
    return text;
}

TEST(what_is_shown_adds_up_to_the_score_for_any_bits)
{
    uint64_t random = 5;

    for (int round = 0; round < 2000; round++) {
        struct evidence evidence[COMPARISONS_MAX] = {
            {0, 0}
        };
        struct waterfall waterfall = {NULL, -(int32_t)(test_random(&random) % 2000000),
                                      0, evidence};
        struct step steps[COMPARISONS_MAX] = {0};

        waterfall.score = waterfall.prior;
        for (unsigned c = 0; c < model_comparisons(NULL); c++) {
            evidence[c].bits = (int32_t)(test_random(&random) % 2000000) - 1000000;
            waterfall.score += evidence[c].bits;
        }

        int32_t sum = waterfall_steps(&waterfall, steps);

        for (unsigned c = 0; c < model_comparisons(NULL); c++) {
            int32_t shown = steps[c].after - steps[c].before;

            assert_int_equal(steps[c].before, sum);
            assert_true(abs(shown - bits_hundredths(evidence[c].bits)) <= 1);
            sum += shown;
        }
        assert_int_equal(sum, bits_hundredths(waterfall.score));
    }
}

TEST(the_text_names_each_piece_of_evidence_with_its_bits_and_the_total)
{
    struct pair pair;

    make_pair(&pair);
    char *text = written(waterfall_text, &pair.waterfall);

    assert_non_null(
        strstr(text, "prior                      -24.84  -24.84  ---------"));
    assert_non_null(strstr(text, "surname nearly the same     +4.32  -20.52  ++++\n"));
    assert_non_null(strstr(text, "different place             -1.29   -1.44  -\n"));
    assert_non_null(strstr(text, "probability under the model: 26.9"));
    assert_non_null(strstr(text, "(Possibly the same person)"));
    assert_non_null(strstr(
        text, "no evidence either way: middle names, name order, full name, sex"));
}

TEST(the_json_gives_back_every_bit_exactly)
{
    struct pair pair;
    struct json *json;
    struct err err;

    make_pair(&pair);
    assert_true(
        json_parse(str_of(written(waterfall_json, &pair.waterfall)), &json, &err));

    const struct json *evidence = json_get(json, "evidence");
    double sum = json_number(json_get(json, "prior_bits"), (double)NAN);

    assert_int_equal(json_count(evidence), model_comparisons(NULL));
    for (unsigned c = 0; c < model_comparisons(NULL); c++) {
        const struct json *one = json_at(evidence, c);
        double bits = json_number(json_get(one, "bits"), (double)NAN);

        assert_int_equal(lround(bits * BITS_ONE), pair.evidence[c].bits);
        assert_string_equal(json_text(json_get(one, "comparison")),
                            model_comparison_name(NULL, (enum comparison)c));
        sum += bits;
    }
    assert_near(sum, json_number(json_get(json, "score_bits"), (double)NAN), 1e-5);
    assert_near(json_number(json_get(json, "probability"), (double)NAN),
                bits_probability(pair.waterfall.score) / 1e6, 1e-9);
    json_free(json);
}

TEST(the_picture_stands_alone_and_says_in_words_what_it_shows)
{
    struct pair pair;

    make_pair(&pair);
    char *svg = written(waterfall_svg, &pair.waterfall);

    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39), 0);
    assert_non_null(strstr(svg, "<title id=\"t\">"));
    assert_non_null(strstr(svg, "surname nearly the same +4.32"));
    assert_non_null(strstr(svg, "same date of birth"));
    assert_null(strstr(svg, "style"));
    assert_null(strstr(svg, "href"));
    assert_string_equal(svg + strlen(svg) - 7, "</svg>\n");
}

TESTS(IT(what_is_shown_adds_up_to_the_score_for_any_bits),
      IT(the_text_names_each_piece_of_evidence_with_its_bits_and_the_total),
      IT(the_json_gives_back_every_bit_exactly),
      IT(the_picture_stands_alone_and_says_in_words_what_it_shows))
