/*
 * Where tests keep stores: new files in a folder, or new schemas in the server that
 * CANDOUR_TEST_POSTGRES names. Included by tests only.
 */
#ifndef TEST_PLACE_H
#define TEST_PLACE_H

#include "store/store.h"
#include "test/test.h"

#include <libpq-fe.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char url[256];
};

static inline const char *place_server(void)
{
    return getenv("CANDOUR_TEST_POSTGRES");
}

/* A folder that is there for the whole program, and a file in it. */
static inline void place_file(const char *name, char path[256])
{
    static char folder[64];

    if (!folder[0]) {
        snprintf(folder, sizeof(folder), "/tmp/candour-store-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    snprintf(path, 256, "%s/%s", folder, name);
}

static inline void place_forget(void)
{
    char path[256], command[300];

    place_file("", path);
    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
}

/* A place where nothing is yet; `server` says on which back end. */
static inline struct place place_on(bool server)
{
    static unsigned number;
    struct place place = {0};
    char name[64], text[128];

    snprintf(name, sizeof(name), "store_%ld_%u", (long)getpid(), ++number);
    if (!server) {
        place_file(name, place.url);
        return place;
    }
    snprintf(place.url, sizeof(place.url), "%spostgres", place_server());
    PGconn *connection = PQconnectdb(place.url);

    snprintf(text, sizeof(text), "CREATE SCHEMA %s", name);
    PGresult *result = PQexec(connection, text);

    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(connection);
    snprintf(place.url, sizeof(place.url), "%spostgres?options=-csearch_path%%3D%s",
             place_server(), name);
    return place;
}

static inline struct place place_new(void)
{
    return place_on(place_server() != NULL);
}

static inline struct store *place_open(const struct place *place, enum store_mode mode)
{
    struct store *store = NULL;
    struct err err = {0};

    if (!store_open(place->url, mode, &store, &err))
        fail_msg("%s", err.text);
    return store;
}

#define assert_works(call)                                                             \
    do {                                                                               \
        struct err err = {0};                                                          \
        if (!(call))                                                                   \
            fail_msg("%s: %s", #call, err.text);                                       \
    } while (0)

#define assert_fails(call, code_)                                                      \
    do {                                                                               \
        struct err err = {0};                                                          \
        if (call)                                                                      \
            fail_msg("%s worked", #call);                                              \
        if (err.code != (code_))                                                       \
            fail_msg("%s: code %d: %s", #call, (int)err.code, err.text);               \
    } while (0)

/* A store without a key, ready for use. */
static inline struct store *place_store(struct place *place)
{
    *place = place_new();
    struct store *store = place_open(place, STORE_NEW);

    assert_works(store_init(store, NULL, true, &err));
    return store;
}

#endif
