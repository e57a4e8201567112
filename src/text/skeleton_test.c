#include "text/text.h"

#include "test/test.h"

static const char *key_of(const char *text, char key[NAME_MAX + 1])
{
    size_t len = name_skeleton(text, strlen(text), key);

    assert_int_equal(strlen(key), len);
    return key;
}

TEST(spellings_of_one_name_have_one_key)
{
    static const char *const same[][5] = {
        {"MOHAMMED",    "MUHAMMAD",         "MOHAMED",                    "MUHAMMED", "MOHAMAD"},
        {"HUSSEIN",    "HUSAYN",                      "HUSSAIN",                                          "HOSSEIN", "HOSSAIN"},
        {"KOWALSKI",    "KOWALSKA"},
        {"CATHERINE",    "KATHRYN",         "KATHERINE","CATHRYN"},
        {"IVANOV", "IVANOVA","IVANOFF"                                             },
        {"TCHAIKOVSKY",      "CHAIKOVSKIY",               "CHAIKOVSKAYA"                                                 },
        {"PHILLIPS", "PHILIPS", "FILIPS"                                  },
        {"ABDURRAHMAN",    "ABDURAHMAN"            },
        {"YOUSSEF", "YUSUF",    "YOUSEF", "YUSSUF"},
        {"SULEIMAN",      "SULAYMAN",             "SOLEIMAN"                                },
    };

    for (size_t i = 0; i < COUNT(same); i++)
        for (size_t k = 1; k < COUNT(same[i]) && same[i][k]; k++) {
            char a[NAME_MAX + 1], b[NAME_MAX + 1];

            assert_string_equal(key_of(same[i][0], a), key_of(same[i][k], b));
            assert_true(a[0]);
        }
}

TEST(different_names_have_different_keys)
{
    static const char *const different[][2] = {
        {"HASSAN",  "HUSSEIN"},
        {"SMITH",   "SINGH"  },
        {"AHMED",   "HAMID"  },
        {"MARTIN",  "MORTON" },
        {"JACKSON", "JOHNSON"},
        {"PATEL",   "PATRICK"},
        {"KHALID",  "WALID"  },
        {"DAVID",   "DAVIS"  },
    };

    for (size_t i = 0; i < COUNT(different); i++) {
        char a[NAME_MAX + 1], b[NAME_MAX + 1];

        assert_string_not_equal(key_of(different[i][0], a), key_of(different[i][1], b));
    }
}

TEST(short_or_odd_tokens_have_no_key)
{
    static const char *const none[] = {"",     "A",    "LEE", "ALI",
                                       "AAAA", "ab12", "OOO", "AB1CD"};

    for (size_t i = 0; i < COUNT(none); i++) {
        char key[NAME_MAX + 1];

        assert_int_equal(name_skeleton(none[i], strlen(none[i]), key), 0);
        assert_string_equal(key, "");
    }
}

/* ---- measured on public lists, where they are ------------------------------------------- */

enum { NAMES_MOST = 60000 };

static struct token {
    char text[NAME_MAX + 1];
    size_t len;
} tokens[NAMES_MOST];

static bool token_of(struct str written, struct token *token)
{
    char folded[64];
    size_t len = text_fold(written, folded, sizeof(folded));

    if (len == 0 || len > NAME_MAX || memchr(folded, ' ', len))
        return false;
    memset(token, 0, sizeof(*token));
    memcpy(token->text, folded, len);
    token->len = len;
    return true;
}

static bool same_key(const struct token *a, const struct token *b)
{
    char x[NAME_MAX + 1], y[NAME_MAX + 1];

    return name_skeleton(a->text, a->len, x) && name_skeleton(b->text, b->len, y) &&
           strcmp(x, y) == 0;
}

/* Lines of a public list, unpacked; false where it is not there. */
static FILE *list_open(const char *path)
{
    char command[300], full[256];

    snprintf(full, sizeof(full), "%s/../shared/data/%s", SOURCE_ROOT, path);

    FILE *file = fopen(full, "rb");

    if (!file) {
        print_message("no list %s\n", path);
        return NULL;
    }
    fclose(file);
    snprintf(command, sizeof(command), "gzip -dcf '%s'", full);
    return popen(command, "r");
}

struct tally {
    unsigned pairs, by_distance, by_both, by_tables;
};

static void tally(struct tally *tally, const struct variants *variants,
                  enum variant_use use, const struct token *a, const struct token *b)
{
    bool near = jaro_winkler_reaches(a->text, a->len, b->text, b->len, 88);
    bool key = same_key(a, b), table = false;
    const struct variant *list;
    size_t count = variants_of(variants, use, a->text, a->len, &list);

    for (size_t i = 0; i < count; i++)
        table |= strcmp(list[i].text, b->text) == 0;
    tally->pairs++;
    tally->by_distance += near;
    tally->by_both += near || key;
    tally->by_tables += near || key || table;
}

static void tally_print(const char *what, const struct tally *tally)
{
    double all = tally->pairs;

    print_message("%-24s %6u pairs: distance %.3f, with keys %.3f, with tables %.3f\n",
                  what, tally->pairs, tally->by_distance / all, tally->by_both / all,
                  tally->by_tables / all);
}

struct row {
    char native[96];
    struct token latin;
};

static int row_order(const void *a_, const void *b_)
{
    const struct row *a = a_, *b = b_;
    int order = strcmp(a->native, b->native);

    return order ? order : strcmp(a->latin.text, b->latin.text);
}

/* Latin spellings that share one native spelling are spellings of one name. */
static bool measure_romanisation(const char *path, bool native_first, unsigned least,
                                 const struct variants *variants, struct tally *sum)
{
    FILE *file = list_open(path);
    char line[512];
    size_t count = 0;

    if (!file)
        return false;

    struct row *rows = memory_new(NAMES_MOST * 2, sizeof(*rows));

    while (fgets(line, sizeof(line), file) && count < NAMES_MOST * 2) {
        struct str rest = {line, strcspn(line, "\r\n")}, first, second, seen;

        if (!str_cut(&rest, ',', &first) || !str_cut(&rest, ',', &second))
            continue;
        if (str_cut(&rest, ',', &seen) && (unsigned)atoi(seen.at) < least)
            continue;

        struct str native = native_first ? first : second;
        struct str latin = native_first ? second : first;

        if (native.len >= sizeof(rows->native) ||
            !token_of(latin, &rows[count].latin) || rows[count].latin.len < 3)
            continue;
        memcpy(rows[count].native, native.at, native.len);
        rows[count].native[native.len] = 0;
        count++;
    }
    pclose(file);
    qsort(rows, count, sizeof(*rows), row_order);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && strcmp(rows[i].native, rows[k].native) == 0;
             k++)
            if (strcmp(rows[i].latin.text, rows[k].latin.text) != 0)
                tally(sum, variants, VARIANT_FORENAME, &rows[i].latin, &rows[k].latin);
    free(rows);
    return true;
}

static bool measure_variants(const char *path, enum variant_use use,
                             const struct variants *variants, struct tally *sum)
{
    FILE *file = list_open(path);
    char line[512];

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file)) {
        struct str rest = {line, strcspn(line, "\r\n")}, id, a, b;
        struct token x, y;

        if (str_cut(&rest, ',', &id) && str_cut(&rest, ',', &a) &&
            str_cut(&rest, ',', &b) && token_of(a, &x) && token_of(b, &y) &&
            strcmp(x.text, y.text) != 0)
            tally(sum, variants, use, &x, &y);
    }
    pclose(file);
    return true;
}

static size_t read_names(const char *path, bool second_column)
{
    FILE *file = list_open(path);
    char line[512];
    size_t count = 0;

    while (file && count < NAMES_MOST && fgets(line, sizeof(line), file)) {
        struct str rest = {line, strcspn(line, "\r\n")}, first, second;

        if (!str_cut(&rest, ',', &first))
            continue;
        if (second_column && str_cut(&rest, ',', &second))
            first = second;
        count += token_of(first, &tokens[count]);
    }
    if (file)
        pclose(file);
    return count;
}

TEST(keys_and_tables_accept_more_spellings_than_distance_alone)
{
    static const struct {
        const char *path;
        bool native_first;
    } lists[] = {
        {"transliteration/ar2en_train.csv",       true },
        {"transliteration/wd_arabic_64.csv.gz",   false},
        {"transliteration/wd_hebrew_64.csv.gz",   false},
        {"transliteration/wd_russian_64.csv.gz",  false},
        {"transliteration/wd_korean_64.csv.gz",   false},
        {"transliteration/wd_chinese_64.csv.gz",  false},
        {"transliteration/wd_japanese_64.csv.gz", false},
    };
    struct variants *variants;
    struct err err;
    struct tally given = {0}, family = {0};
    unsigned pairs = 0;

    assert_true(variants_default(&variants, &err));
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct tally sum = {0};

        if (!measure_romanisation(lists[i].path, lists[i].native_first, 3, variants,
                                  &sum))
            continue;
        tally_print(strchr(lists[i].path, '/') + 1, &sum);
        assert_true(sum.pairs > 0 && sum.by_both > sum.by_distance);
        pairs += sum.pairs;
    }
    if (measure_variants("name_variants_wikidata/given_name_variants.csv.gz",
                         VARIANT_FORENAME, variants, &given)) {
        tally_print("given names", &given);
        assert_true(given.by_tables > given.by_both &&
                    given.by_both > given.by_distance);
    }
    if (measure_variants("name_variants_wikidata/family_name_variants.csv.gz",
                         VARIANT_SURNAME, variants, &family)) {
        tally_print("family names", &family);
        assert_true(family.by_both > family.by_distance);
    }
    variants_free(variants);
    if (pairs + given.pairs + family.pairs == 0)
        skip(); /* none of the public lists is here */
}

TEST(keys_of_unrelated_names_seldom_agree)
{
    static const struct {
        const char *path;
        bool second;
    } lists[] = {
        {"uk_names/lastname_uk.csv",                           false},
        {"name_variants_wikidata/family_name_variants.csv.gz", true },
        {"transliteration/wd_arabic_64.csv.gz",                false}
    };

    size_t names = 0;

    for (size_t i = 0; i < COUNT(lists); i++) {
        size_t count = read_names(lists[i].path, lists[i].second);
        uint64_t state = 6;
        unsigned agree = 0, pairs = 3000000;

        names += count;
        if (count == 0)
            continue;
        for (unsigned k = 0; k < pairs; k++) {
            const struct token *a = &tokens[test_random(&state) % count];
            const struct token *b = &tokens[test_random(&state) % count];

            if (strcmp(a->text, b->text) != 0)
                agree += same_key(a, b);
        }
        print_message("%s: 1 of %u random pairs\n", lists[i].path,
                      agree ? pairs / agree : pairs);
        assert_true(agree * 1500 < pairs);
    }
    if (names == 0)
        skip(); /* none of the public lists is here */
}

TESTS(IT(spellings_of_one_name_have_one_key), IT(different_names_have_different_keys),
      IT(short_or_odd_tokens_have_no_key),
      IT(keys_and_tables_accept_more_spellings_than_distance_alone),
      IT(keys_of_unrelated_names_seldom_agree))
