/*
 * twin: what bench/wash measures beside the program, on one core and inside one process.
 *
 *   twin parse FILE...                            reads and converts, matches nothing
 *   twin find  WORKFORCE P SHARE COUNTED FILE...  the engine without its output
 *   twin plain WORKFORCE P SHARE COUNTED FILE N   all pairs compared, N mentions; equal?
 *
 * P and SHARE are in millionths. COUNTED is the file whose values are counted before the
 * index is built, as a wash counts the beginning of its stream. Prints one JSON object;
 * seconds are of the processor.
 */
#include "feed/feed.h"
#include "match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 4096, COUNTED_BLOCKS = 64 }; /* as a wash has them */

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int this_year(void)
{
    time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    return utc.tm_year + 1900;
}

static bool open_files(const char *const *paths, size_t count, enum feed_side side,
                       struct feed **feed, struct err *err)
{
    struct feed_settings settings = {
        .paths = paths, .path_count = count, .side = side, .pivot_year = this_year()};

    return feed_open(&settings, feed, err);
}

/* ---- every block of some files ------------------------------------------------------ */

struct walk {
    void *context;
    bool (*block)(void *context, const struct feed_block *block, struct err *err);
    uint64_t blocks_max; /* 0: all */
    double taking, parsing;
    uint64_t bytes, people;
};

static bool walk_files(struct walk *walk, const char *const *paths, size_t count,
                       enum feed_side side, struct err *err)
{
    struct feed *feed;
    struct feed_block *block;
    bool ok = true;

    if (!open_files(paths, count, side, &feed, err))
        return false;
    for (uint64_t n = 0; ok && (!walk->blocks_max || n < walk->blocks_max); n++) {
        double begun = seconds();

        ok = feed_take(feed, &block, err);
        walk->taking += seconds() - begun;
        if (!ok || !block)
            break;
        begun = seconds();
        feed_parse(feed, block);
        walk->parsing += seconds() - begun;
        walk->bytes += block->bytes;
        walk->people += block->person_count;
        ok = !walk->block || walk->block(walk->context, block, err);
        feed_done(feed, block);
    }
    feed_close(feed);
    return ok;
}

/* ---- parse: everything that is done to a mention before it is matched -------------------- */

struct convert {
    double seconds;
    uint64_t sum; /* of what was read, so that the reading is not left out */
};

static uint64_t read_postcode(struct str written)
{
    struct postcode postcode;

    return postcode_read(written, &postcode) ? postcode.unit + postcode.district : 0;
}

static uint64_t read_address(struct str written)
{
    struct address address;

    return address_read(written, &address) ? address.line + address.house : 0;
}

static uint64_t read_sex(struct str written)
{
    return sex_read(written);
}

static uint64_t convert_person(const struct person *person)
{
    static const struct {
        enum field field;
        uint64_t (*read)(struct str written);
    } kinds[] = {
        {FIELD_SEX,                   read_sex     },
        {FIELD_POSTCODE,              read_postcode},
        {FIELD_PREVIOUS_POSTCODES,    read_postcode},
        {FIELD_ADDRESS,               read_address },
        {FIELD_PHONES,                phone_read   },
        {FIELD_EMAILS,                email_read   },
        {FIELD_NATIONAL_INSURANCE_NO, nino_read    },
        {FIELD_STAFF_NUMBERS,         number_read  },
        {FIELD_VEHICLES,              vehicle_read },
    };
    struct names names;
    uint64_t sum;

    names_of(person, &names);
    sum = names.surname_count + names.forename_count;
    for (unsigned i = 0; i < names.surname_count; i++)
        sum += name_signature(names.surname[i].text, names.surname[i].len);
    for (unsigned i = 0; i < names.forename_count; i++)
        sum += name_signature(names.forename[i].text, names.forename[i].len);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct str rest = person->field[kinds[i].field], part;

        while (rest.len && str_cut(&rest, '|', &part))
            sum += kinds[i].read(part);
    }
    return sum;
}

static bool convert_block(void *context, const struct feed_block *block,
                          struct err *err)
{
    struct convert *convert = context;
    double begun = seconds();

    (void)err;
    for (size_t i = 0; i < block->person_count; i++)
        convert->sum += convert_person(&block->people[i]);
    convert->seconds += seconds() - begun;
    return true;
}

static bool mode_parse(const char *const *words, size_t count, struct err *err)
{
    struct convert convert = {0};
    struct walk walk = {.context = &convert, .block = convert_block};

    if (!walk_files(&walk, words, count, FEED_INTELLIGENCE, err))
        return false;
    printf("{\"mentions\": %llu, \"bytes\": %llu, \"take\": %.6f, \"parse\": %.6f, "
           "\"convert\": %.6f, \"sum\": %llu}\n",
           (unsigned long long)walk.people, (unsigned long long)walk.bytes, walk.taking,
           walk.parsing, convert.seconds, (unsigned long long)convert.sum);
    return true;
}

/* ---- the index, as a wash builds it --------------------------------------------------------- */

struct engine {
    struct model *model;
    struct index *index;
    struct matcher *matcher;
    double seconds; /* that it took */
};

static bool add_block(void *context, const struct feed_block *block, struct err *err)
{
    struct engine *engine = context;

    for (size_t i = 0; i < block->person_count; i++)
        if (!index_add(engine->index, &block->people[i], err))
            return false;
    return true;
}

static bool count_block(void *context, const struct feed_block *block, struct err *err)
{
    struct engine *engine = context;

    (void)err;
    for (size_t i = 0; i < block->person_count; i++)
        index_sample(engine->index, &block->people[i]);
    return true;
}

static void engine_free(struct engine *engine)
{
    matcher_free(engine->matcher);
    index_free(engine->index);
    model_free(engine->model);
}

/* words: WORKFORCE P SHARE COUNTED */
static bool engine_new(struct engine *engine, const char *const *words, struct err *err)
{
    struct index_settings settings = {
        .probability = (uint32_t)strtoul(words[1], NULL, 10),
        .share = (uint32_t)strtoul(words[2], NULL, 10),
        .threads = 1,
    };
    struct walk left = {.context = engine, .block = add_block};
    struct walk right = {
        .context = engine, .block = count_block, .blocks_max = COUNTED_BLOCKS};
    double begun = seconds();

    *engine = (struct engine){0};
    if (!model_default(&engine->model, err))
        return false;
    settings.model = engine->model;
    if (!index_new(&settings, &engine->index, err) ||
        !walk_files(&left, &words[0], 1, FEED_WORKFORCE, err) ||
        !walk_files(&right, &words[3], 1, FEED_INTELLIGENCE, err) ||
        !index_build(engine->index, err))
        return false;
    engine->matcher = matcher_new(engine->index);
    engine->seconds = seconds() - begun;
    return true;
}

static void engine_print(const struct engine *engine)
{
    printf("\"people\": %zu, \"index_bytes\": %zu, \"prior_bits\": %.4f, "
           "\"threshold_bits\": %.4f, \"index\": %.6f",
           index_people(engine->index), index_bytes(engine->index),
           (double)index_prior(engine->index) / BITS_ONE,
           (double)index_threshold(engine->index) / BITS_ONE, engine->seconds);
}

/* ---- find: the engine's own rate ---------------------------------------------------------------- */

struct found {
    const struct engine *engine;
    struct hits hits;
    double seconds;
};

static bool find_block(void *context, const struct feed_block *block, struct err *err)
{
    struct found *found = context;
    double begun = seconds();

    (void)err;
    for (size_t at = 0; at < block->person_count; at += BATCH) {
        size_t rest = block->person_count - at;

        found->hits.count = 0;
        matcher_find(found->engine->matcher, block->people + at,
                     rest < BATCH ? rest : BATCH, index_threshold(found->engine->index),
                     &found->hits);
    }
    found->seconds += seconds() - begun;
    return true;
}

static bool mode_find(const char *const *words, size_t count, struct err *err)
{
    struct engine engine;
    struct found found = {.engine = &engine};
    struct walk walk = {.context = &found, .block = find_block};
    bool ok = engine_new(&engine, words, err) &&
              walk_files(&walk, words + 4, count - 4, FEED_INTELLIGENCE, err);

    if (ok) {
        struct matcher_work work = matcher_work(engine.matcher);

        printf("{\"mentions\": %llu, \"hits\": %llu, ", (unsigned long long)walk.people,
               (unsigned long long)work.hits);
        engine_print(&engine);
        printf(
            ", \"parse\": %.6f, \"find\": %.6f, \"probes\": %llu, \"entries\": %llu, "
            "\"candidates\": %llu, \"scored\": %llu, \"scans\": %llu}\n",
            walk.taking + walk.parsing, found.seconds, (unsigned long long)work.probes,
            (unsigned long long)work.entries, (unsigned long long)work.candidates,
            (unsigned long long)work.scored, (unsigned long long)work.scans);
    }
    free(found.hits.list);
    engine_free(&engine);
    return ok;
}

/* ---- plain: every person beside every mention ------------------------------------------------------ */

struct plain {
    const struct engine *engine;
    size_t wanted, done;
    double fast, plain; /* seconds */
    uint64_t pairs;
    bool differ;
};

static bool same_hit(const struct hit *a, const struct hit *b)
{
    if (a->left != b->left || a->right != b->right || a->score != b->score)
        return false;
    for (size_t i = 0; i < COMPARISON_COUNT; i++)
        if (a->evidence[i].level != b->evidence[i].level ||
            a->evidence[i].bits != b->evidence[i].bits)
            return false;
    return true;
}

static bool plain_block(void *context, const struct feed_block *block, struct err *err)
{
    struct plain *plain = context;
    size_t rest = plain->wanted - plain->done;
    size_t count = rest < block->person_count ? rest : block->person_count;
    int32_t threshold = index_threshold(plain->engine->index);
    struct hits fast = {0}, all = {0};
    double begun = seconds();

    (void)err;
    matcher_find(plain->engine->matcher, block->people, count, threshold, &fast);
    plain->fast += seconds() - begun;
    begun = seconds();
    matcher_find_plain(plain->engine->matcher, block->people, count, threshold, &all);
    plain->plain += seconds() - begun;

    plain->differ = plain->differ || fast.count != all.count;
    for (size_t i = 0; i < all.count && !plain->differ; i++)
        plain->differ = !same_hit(&fast.list[i], &all.list[i]);
    plain->pairs += all.count;
    plain->done += count;
    free(fast.list);
    free(all.list);
    return true;
}

static bool mode_plain(const char *const *words, size_t count, struct err *err)
{
    struct engine engine;
    struct plain plain = {.engine = &engine, .wanted = strtoul(words[5], NULL, 10)};
    struct walk walk = {.context = &plain, .block = plain_block};
    bool ok = engine_new(&engine, words, err);

    (void)count;
    walk.blocks_max = 1 + plain.wanted / 500; /* some 4,000 mentions a block */
    ok = ok && walk_files(&walk, words + 4, 1, FEED_INTELLIGENCE, err);
    if (ok) {
        printf("{\"mentions\": %zu, ", plain.done);
        engine_print(&engine);
        printf(", \"find\": %.6f, \"plain\": %.6f, \"pairs\": %llu, \"equal\": %s}\n",
               plain.fast, plain.plain, (unsigned long long)plain.pairs,
               plain.differ ? "false" : "true");
    }
    engine_free(&engine);
    return ok;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        size_t least, most;
        bool (*run)(const char *const *words, size_t count, struct err *err);
    } modes[] = {
        {"parse", 1, SIZE_MAX, mode_parse},
        {"find",  5, SIZE_MAX, mode_find },
        {"plain", 6, 6,        mode_plain},
    };
    size_t count = argc > 2 ? (size_t)argc - 2 : 0;
    struct err err = {0};

    for (size_t i = 0; argc > 2 && i < COUNT(modes); i++) {
        if (strcmp(argv[1], modes[i].name) != 0 || count < modes[i].least ||
            count > modes[i].most)
            continue;
        if (modes[i].run((const char *const *)argv + 2, count, &err))
            return 0;
        fprintf(stderr, "twin: %s\n", err.text);
        return err_exit(err.code);
    }
    fprintf(stderr, "twin: see the head of bench/twin.c for how to use it\n");
    return 2;
}
