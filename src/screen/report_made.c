#include "screen/report_made.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL = 60, LARGE = 2000 };

struct made {
    struct report report;
    struct run_settings settings;
    struct run_summary summary;
    struct report_hit *hits;
    size_t count;
    struct arena *arena;
};

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return z ^ (z >> 31);
}

static struct str pick(uint64_t *state, const char *const *list, size_t count)
{
    return str_of(list[next(state) % count]);
}

#define PICK(list) pick(state, list, COUNT(list))

static const char *const surnames[] = {"OKAFOR",   "Smith", "HUSSAIN",     "O'Brien",
                                       "Kowalska", "PATEL", "Lewis-Grant", "MacLeod"};
static const char *const near[] = {"Okafor",   "SMYTHE", "Hussein", "OBRIEN",
                                   "Kowalski", "Patel",  "Lewis",   "McLeod"};
static const char *const forenames[] = {
    "Sarah Jane",     "Robert", "Aisha", "Ciar\xc3\xa1n",
    "Magdalena Anna", "Priya",  "Tom",   "Ewan"};
static const char *const short_names[] = {"SARAH", "Bob",   "Aisha",  "Ciaran",
                                          "Magda", "PRIYA", "Thomas", "E"};
static const char *const forces[] = {"West Yorkshire", "Kent", "Dyfed-Powys",
                                     "Greater Manchester", "British Transport Police"};
static const char *const types[] = {"Crime", "Custody", "Intelligence",
                                    "Domestic abuse", "Child protection"};
static const char *const grades[] = {"1A", "2B", "1BP", "3DC", "B41", "2C"};

static const struct {
    const char *role;
    enum role_class class;
} roles[] = {
    {"suspect",                 ROLE_ADVERSE    },
    {"victim",                  ROLE_WELFARE    },
    {"arrested",                ROLE_ADVERSE    },
    {"witness",                 ROLE_WELFARE    },
    {"keeper",                  ROLE_ASSOCIATION},
    {"",                        ROLE_UNKNOWN    },
    {"subject of intelligence", ROLE_ADVERSE    },
    {"reporting person",        ROLE_WELFARE    },
    {"linked party (other)",    ROLE_UNKNOWN    },
    {"officer in case",         ROLE_POLICE     }
};

static struct str text(struct made *made, const char *format, ...) PRINTF_LIKE(2, 3);

static struct str text(struct made *made, const char *format, ...)
{
    char line[96];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    return str_of(arena_copy(made->arena, str_of(line)));
}

static void judge(struct made *made, struct report_hit *hit, enum comparison c,
                  unsigned level)
{
    hit->evidence[c] = (struct evidence){
        (uint8_t)level, model_level(made->report.model, c, level)->bits};
}

static void names(struct made *made, struct report_hit *hit, uint64_t *state)
{
    size_t who = next(state) % COUNT(surnames);
    bool exact = next(state) % 3;

    hit->left[FIELD_SURNAME] = str_of(surnames[who]);
    hit->left[FIELD_FORENAMES] = str_of(forenames[who]);
    hit->right[FIELD_SURNAME] = str_of(exact ? surnames[who] : near[who]);
    hit->right[FIELD_FORENAMES] = str_of(short_names[who]);
    judge(made, hit, COMPARE_SURNAME, exact || who == 0 || who == 5 ? 1 : 2);
    judge(made, hit, COMPARE_FORENAME,
          who == 1 || who == 4 || who == 6 ? 2
          : who == 7                       ? 3
                                           : 1);
    if (who == 4)
        hit->left[FIELD_OTHER_NAMES] = STR("Nowak, Magdalena|Kowalska, Magda");
}

static void born(struct made *made, struct report_hit *hit, uint64_t *state)
{
    size_t year = 1962 + next(state) % 40, day = 1 + next(state) % 12;
    unsigned kind = next(state) % 8;

    hit->left[FIELD_DATE_OF_BIRTH] = text(made, "%zu-03-%02zu", year, day);
    if (kind == 0)
        return;
    hit->right[FIELD_DATE_OF_BIRTH] = kind == 1 ? text(made, "%zu-%02zu-03", year, day)
                                      : kind == 2
                                          ? text(made, "%zu-03-%02zu", year + 1, day)
                                          : text(made, "%02zu/03/%zu", day, year);
    judge(made, hit, COMPARE_DATE_OF_BIRTH, kind == 1 ? 2 : kind == 2 ? 3 : 1);
}

static void place(struct made *made, struct report_hit *hit, uint64_t *state)
{
    unsigned kind = next(state) % 4;
    size_t unit = 1 + next(state) % 8;

    hit->left[FIELD_POSTCODE] = text(made, "LS6 %zuAB", unit);
    hit->left[FIELD_ADDRESS] = text(made, "%zu Chapel Lane, Leeds", unit * 3);
    hit->left[FIELD_PREVIOUS_POSTCODES] = STR("BD1 4QA|ME14 1XQ");
    if (kind == 0)
        return;
    hit->right[FIELD_POSTCODE] = kind == 1   ? STR("CF10 3AT")
                                 : kind == 2 ? text(made, "LS6 %zuZZ", unit)
                                             : hit->left[FIELD_POSTCODE];
    judge(made, hit, COMPARE_PLACE, kind == 1 ? 3 : kind == 2 ? 2 : 1);
    if (kind != 3)
        return;
    hit->left[FIELD_PHONES] = STR("07700 900123|020 7946 0001");
    hit->right[FIELD_PHONES] = next(state) % 2 ? STR("+44 7700 900123") : STR("");
    judge(made, hit, COMPARE_PHONE, hit->right[FIELD_PHONES].len ? 1 : 0);
}

static void source(struct made *made, struct report_hit *hit, size_t i, uint64_t *state)
{
    hit->left[FIELD_ID] = text(made, "P%06zu", 1000 + next(state) % 40);
    hit->right[FIELD_ID] = text(made, "M-%07zu", i * 7919 % 1000000);
    hit->right[FIELD_RECORD_ID] = text(made, "INT-2023-%05zu", i * 331 % 100000);
    hit->right[FIELD_ROLE] = str_of(roles[i % COUNT(roles)].role);
    hit->role = roles[i % COUNT(roles)].class;
    hit->right[FIELD_SOURCE_FORCE] = PICK(forces);
    hit->right[FIELD_RECORD_TYPE] = PICK(types);
    hit->right[FIELD_EVENT_DATE] =
        text(made, "20%02zu-11-%02zu", 8 + next(state) % 16, 1 + next(state) % 28);
    hit->right[FIELD_GRADING] = PICK(grades);
    hit->right[FIELD_HANDLING] = next(state) % 5 ? STR("P") : STR("C");
    hit->rivals = next(state) % 6 ? 0 : 1 + (uint32_t)(next(state) % 3);
}

static void hostile(struct report_hit *hit)
{
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        hit->left[f] = hit->right[f] = STR(HOSTILE);
    hit->left_other[0] = hit->right_other[0] = STR(HOSTILE);
}

static void make_hit(struct made *made, size_t i, enum page_kind kind, uint64_t *state)
{
    struct report_hit *hit = &made->hits[i];

    names(made, hit, state);
    born(made, hit, state);
    place(made, hit, state);
    hit->left[FIELD_SEX] = STR("F");
    hit->right[FIELD_SEX] = STR("F");
    hit->evidence[COMPARE_SEX] = (struct evidence){1, 0}; /* the forename says it */
    hit->left_other[0] = STR("Chapel Allerton");
    hit->right_other[0] = next(state) % 2 ? STR("Chapel allerton") : STR("");
    judge(made, hit, (enum comparison)COMPARISON_COUNT,
          hit->right_other[0].len ? 1 : 0);
    hit->left[FIELD_NATIONAL_INSURANCE_NO] = STR("QQ123456C");
    source(made, hit, i, state);
    if (kind == PAGE_HOSTILE)
        hostile(hit);
    hit->score = made->summary.prior;
    for (unsigned c = 0; c < COUNT(hit->evidence); c++)
        hit->score += hit->evidence[c].bits;
}

static int by_score(const void *a, const void *b)
{
    int32_t x = ((const struct report_hit *)a)->score;
    int32_t y = ((const struct report_hit *)b)->score;

    return (x < y) - (x > y);
}

static unsigned band_number(uint32_t p)
{
    return p >= 990000   ? 0
           : p >= 900000 ? 1
           : p >= 500000 ? 2
           : p >= 100000 ? 3
           : p >= 10000  ? 4
                         : 5;
}

/* Counts a hit as run.c would; one below the threshold never reaches a page. */
static void count(struct made *made, const struct report_hit *hit)
{
    struct report *report = &made->report;
    int bin = (hit->score - made->summary.threshold) / BITS_ONE;

    made->summary.hits++;
    made->summary.hits_by_role[hit->role]++;
    report->bands[band_number(bits_probability(hit->score))][hit->role]++;
    report->histogram[bin > 63 ? 63 : bin]++;
    report->role_other += hit->right[FIELD_ROLE].len && hit->role == ROLE_UNKNOWN;
}

static void make_hits(struct made *made, size_t count_made, enum page_kind kind)
{
    uint64_t state = 11;
    size_t kept = 0;

    made->hits = calloc(count_made + 1, sizeof(*made->hits));
    assert(made->hits);
    for (size_t i = 0; i < count_made; i++)
        make_hit(made, i, kind, &state);
    qsort(made->hits, count_made, sizeof(*made->hits), by_score);
    for (size_t i = 0; i < count_made; i++) {
        if (made->hits[i].score < made->summary.threshold)
            break;
        count(made, &made->hits[i]);
        if (made->hits[i].role != ROLE_POLICE)
            made->hits[kept++] = made->hits[i];
    }
    made->report.hits = made->hits;
    made->report.hit_count = kept;
}

static const char *const files[] = {"intelligence-0001.csv",
                                    "intelligence-0002.csv.gz"};
static const char *const hostile_files[] = {HOSTILE};

static void settle(struct made *made, enum page_kind kind, const char *path)
{
    bool bad = kind == PAGE_HOSTILE;

    made->settings = (struct run_settings){
        .left_path = bad ? HOSTILE : "workforce.csv",
        .right_paths = bad ? hostile_files : files,
        .right_count = bad ? 1 : 2,
        .out_path = bad ? HOSTILE : "hits.csv",
        .report_path = bad ? HOSTILE : path,
        .wash = true,
        .started = bad ? HOSTILE : "2026-02-03T09:14:07Z",
    };
    made->summary = (struct run_summary){
        .people = 29874,
        .people_set_aside = 12,
        .mentions = 1000000,
        .mentions_set_aside = 341,
        .values_set_aside = 5620,
        .people_hit = kind == PAGE_EMPTY ? 0 : 40,
        .blocks = 130,
        .prior = -1415578, /* -21.6 bits */
        .threshold = bits_odds(1000),
        .probability = 1000,
        .seconds_index = 0.4,
        .seconds_stream = 1.9,
        .seconds_write = 0.1,
    };
    snprintf(made->summary.model, sizeof(made->summary.model), "%s",
             bad ? "<b>m" : "test double 1");
    snprintf(made->summary.rejected_path, sizeof(made->summary.rejected_path), "%s",
             bad ? "javascript:alert(1)" HOSTILE : "hits.csv.rejected.csv");
}

/* Hits that were found but are not on the page. */
static void more_than_shown(struct made *made)
{
    made->summary.hits += 3;
    made->summary.hits_by_role[ROLE_ADVERSE] += 3;
    made->report.bands[REPORT_BANDS - 1][ROLE_ADVERSE] += 3;
    made->report.histogram[0] += 3;
}

struct report *page_new(enum page_kind kind, const char *path)
{
    struct made *made = calloc(1, sizeof(*made));

    assert(made);
    made->arena = arena_new();
    settle(made, kind, path);
    made->report.settings = &made->settings;
    made->report.summary = &made->summary;
    made->report.model = NULL; /* the double needs none */
    make_hits(made, kind == PAGE_EMPTY ? 0 : kind == PAGE_LARGE ? LARGE : USUAL, kind);
    if (kind == PAGE_USUAL)
        more_than_shown(made);
    return &made->report;
}

void page_free(struct report *report)
{
    struct made *made = (struct made *)report; /* the report is its first member */

    arena_free(made->arena);
    free(made->hits);
    free(made);
}
