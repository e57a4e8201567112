/*
 * Screens three records against four people and says why two are thought to be one.
 *
 *     cc screen.c $(pkg-config --cflags --libs libcandour) -o screen && ./screen
 *
 * All people here are made up.
 */
#include <candour.h>

#include <stdio.h>
#include <stdlib.h>

enum { FIELDS = 5 };

static const char *const names[FIELDS] = {"forenames", "surname", "date_of_birth",
                                          "postcode", "phones"};

static const char *const people[][FIELDS] = {
    {"Sarah Ngozi", "Okafor",      "1984-03-12", "LS6 2AB",  "07700 900123"},
    {"James",       "Smith",       "1990-07-01", "LS11 5QT", ""            },
    {"Piotr",       "Kowalski",    "1979-11-30", "BD1 1HX",  ""            },
    {"Aisha",       "Khan-Mahmud", "1995-02-14", "HX1 4LN",  ""            },
};
static const char *const records[][FIELDS] = {
    {"Sara",  "OKAFOR", "12/03/1984", "LS6 2QT", "+44 7700 900123"},
    {"Jim",   "Smyth",  "1990",       "",        ""               },
    {"Aisha", "Mahmud", "1995-02-14", "",        ""               },
};

static void stop(const struct candour_error *error)
{
    fprintf(stderr, "screen: %s\n", error->text);
    exit(1);
}

/* One row as name and value; the library borrows them for the call only. */
static void row_values(const char *const row[FIELDS],
                       struct candour_value values[FIELDS])
{
    for (int i = 0; i < FIELDS; i++)
        values[i] = (struct candour_value){names[i], row[i], CANDOUR_ZERO_ENDED};
}

static struct candour_index *index_people(const struct candour_model *model)
{
    struct candour_index_settings settings = {.size = sizeof(settings),
                                              .model = model,
                                              .purpose = CANDOUR_WASH,
                                              .probability = 0.01};
    struct candour_value values[FIELDS];
    struct candour_index *index;
    struct candour_error error;

    if (!candour_index_new(&settings, &index, &error))
        stop(&error);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        row_values(people[i], values);
        if (!candour_index_add(index, values, FIELDS, &error))
            stop(&error);
    }
    /* Three records say nothing of how common a name is. With thousands, call
     * candour_index_count() for each here. */
    if (!candour_index_build(index, &error))
        stop(&error);
    return index;
}

static void show(const struct candour_hits *hits, size_t number, size_t record)
{
    struct candour_hit hit = {.size = sizeof(hit)};
    struct candour_error error;
    char *text = NULL;

    if (!candour_hits_get(hits, number, &hit, &error) ||
        !candour_hits_explain(hits, number, CANDOUR_TEXT, &text, &error))
        stop(&error);
    printf("record %zu may be person %u, probability %.6f, %.2f bits\n%s\n", record,
           hit.left, hit.probability, hit.score, text);
    candour_text_free(text);
}

int main(void)
{
    struct candour_model *model;
    struct candour_finder *finder;
    struct candour_error error;

    if (!candour_model_default(&model, &error))
        stop(&error);

    struct candour_index *index = index_people(model);

    if (!candour_finder_new(index, 1, &finder, &error))
        stop(&error);
    printf("libcandour %s, %s\n\n", candour_version(), candour_model_name(model));
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        struct candour_value values[FIELDS];
        struct candour_hits *hits;

        row_values(records[i], values);
        if (!candour_find(finder, values, FIELDS, 0, &hits, &error))
            stop(&error);
        for (size_t k = 0; k < candour_hits_count(hits); k++)
            show(hits, k, i);
        candour_hits_free(hits);
    }
    candour_finder_free(finder);
    candour_index_free(index);
    candour_model_free(model);
    return 0;
}
