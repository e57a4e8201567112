#include "stream/cluster.h"
#include "stream/stream.h"

#include "test/test.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* One cluster of three for all tests; each test has a stream of its own. */
static struct cluster cluster;

#define NEEDS_SERVERS()                                                                \
    do {                                                                               \
        if (!cluster_possible()) {                                                     \
            print_message("skipped: nats-server is not installed\n");                  \
            skip();                                                                    \
        }                                                                              \
        if (!cluster.port)                                                             \
            cluster_start(&cluster);                                                   \
    } while (0)

static struct bus *connected(void)
{
    struct bus_settings settings = {.servers = cluster.servers, .name = "test"};
    struct bus *bus = NULL;
    struct err err = {0};

    if (!bus_open(&settings, &bus, &err))
        fail_msg("%s", err.text);
    return bus;
}

static void stream_made(struct bus *bus, const char *name, const char *subject)
{
    struct bus_stream stream = {
        .name = name, .subject = subject, .replicas = 3, .keep_s = 3600};
    struct err err = {0};

    if (!bus_stream(bus, &stream, &err))
        fail_msg("%s", err.text);
}

static bool published(struct bus *bus, const char *subject, uint64_t number)
{
    struct err err = {0};
    char id[32], text[64];
    bool again = false;

    snprintf(id, sizeof(id), "id-%" PRIu64, number);
    snprintf(text, sizeof(text), "message %" PRIu64, number);
    if (!bus_publish(bus, subject, id, str_of(text), &again, &err))
        fail_msg("%s", err.text);
    return again;
}

static struct pull *pulling(struct bus *bus, const char *stream, const char *worker,
                            uint32_t held_s)
{
    struct pull_settings settings = {
        .stream = stream, .worker = worker, .held_s = held_s};
    struct pull *pull = NULL;
    struct err err = {0};

    if (!pull_open(bus, &settings, &pull, &err))
        fail_msg("%s", err.text);
    return pull;
}

static uint32_t taken(struct pull *pull, uint32_t most, uint32_t wait_ms,
                      const struct message **messages)
{
    struct err err = {0};
    uint32_t count = 0;

    if (!pull_take(pull, most, wait_ms, messages, &count, &err))
        fail_msg("%s", err.text);
    return count;
}

static void done(struct pull *pull)
{
    struct err err = {0};

    if (!pull_done(pull, &err))
        fail_msg("%s", err.text);
}

static uint64_t number_of(const struct message *message)
{
    uint64_t number = 0;
    char text[64], id[32];

    snprintf(text, sizeof(text), "%.*s", STR_ARG(message->bytes));
    assert_int_equal(sscanf(text, "message %" SCNu64, &number), 1);
    snprintf(id, sizeof(id), "id-%" PRIu64, number);
    assert_true(str_same(message->id, str_of(id)));
    return number;
}

/* ---- tests -------------------------------------------------------------------------- */

TEST(what_is_published_is_pulled_in_order_and_not_again_once_done)
{
    const struct message *messages;

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "order", "order.>");
    for (uint64_t i = 0; i < 50; i++)
        assert_false(published(bus, "order.a", i));
    struct pull *pull = pulling(bus, "order", "worker", 60);
    uint64_t next = 0;

    while (next < 50) {
        uint32_t count = taken(pull, 20, 5000, &messages);

        assert_true(count > 0);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(number_of(&messages[i]), next++);
            assert_int_equal(messages[i].delivered, 1);
            assert_true(str_same(messages[i].subject, STR("order.a")));
        }
        done(pull);
    }
    assert_int_equal(taken(pull, 20, 500, &messages), 0);
    assert_int_equal(pull_waiting(pull), 0);
    pull_close(pull);
    bus_close(bus);
}

TEST(a_message_published_twice_is_kept_once)
{
    struct bus_state state;
    struct err err = {0};

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "twice", "twice.>");
    assert_false(published(bus, "twice.a", 1));
    assert_true(published(bus, "twice.a", 1));
    assert_false(published(bus, "twice.a", 2));
    assert_true(bus_stream_state(bus, "twice", &state, &err));
    assert_int_equal(state.messages, 2);
    assert_int_equal(state.replicas, 3);
    bus_close(bus);
}

TEST(what_was_not_done_comes_again_and_says_how_often)
{
    const struct message *messages;

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "again", "again.>");
    published(bus, "again.a", 7);
    struct pull *pull = pulling(bus, "again", "worker", 2);

    assert_int_equal(taken(pull, 1, 5000, &messages), 1);
    pull_give_back(pull, 0);
    assert_int_equal(taken(pull, 1, 5000, &messages), 1);
    assert_int_equal(messages[0].delivered, 2);
    pull_close(pull); /* as a worker that dies */
    pull = pulling(bus, "again", "worker", 2);
    assert_int_equal(taken(pull, 1, 8000, &messages), 1);
    assert_int_equal(messages[0].delivered, 3);
    assert_int_equal(number_of(&messages[0]), 7);
    done(pull);
    pull_close(pull);
    bus_close(bus);
}

TEST(a_message_held_longer_than_thought_is_kept_by_asking_for_time)
{
    const struct message *messages, *others;

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "time", "time.>");
    published(bus, "time.a", 1);
    struct pull *pull = pulling(bus, "time", "worker", 2),
                *other = pulling(bus, "time", "worker", 2);

    assert_int_equal(taken(pull, 1, 5000, &messages), 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(taken(other, 1, 1000, &others), 0);
        pull_more_time(pull);
    }
    done(pull);
    assert_int_equal(taken(other, 1, 3000, &others), 0);
    pull_close(pull);
    pull_close(other);
    bus_close(bus);
}

TEST(workers_of_one_name_share_the_work)
{
    enum { MESSAGES = 200 };
    unsigned times[MESSAGES] = {0}, by[2] = {0}, all = 0;
    const struct message *messages;

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "share", "share.>");
    for (uint64_t i = 0; i < MESSAGES; i++)
        published(bus, "share.a", i);
    struct pull *pulls[2] = {pulling(bus, "share", "worker", 60),
                             pulling(bus, "share", "worker", 60)};

    for (int round = 0; all < MESSAGES && round < 100; round++) {
        uint32_t count = taken(pulls[round % 2], 10, 2000, &messages);

        for (uint32_t i = 0; i < count; i++)
            times[number_of(&messages[i])]++;
        by[round % 2] += count;
        all += count;
        if (count)
            done(pulls[round % 2]);
    }
    for (unsigned i = 0; i < MESSAGES; i++)
        assert_int_equal(times[i], 1);
    assert_true(by[0] > 0 && by[1] > 0);
    pull_close(pulls[0]);
    pull_close(pulls[1]);
    bus_close(bus);
}

/* ---- servers that die ------------------------------------------------------------------ */

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

enum { MESSAGES = 3000 };

struct publisher {
    struct bus *bus;
    atomic_bool stop;
    uint64_t count; /* acknowledged */
    bool good;
    struct err err;
};

static void *publish(void *context)
{
    struct publisher *publisher = context;
    bool again;

    publisher->good = true;
    while (publisher->good && !publisher->stop && publisher->count < MESSAGES) {
        char id[32], text[64];

        snprintf(id, sizeof(id), "id-%" PRIu64, publisher->count);
        snprintf(text, sizeof(text), "message %" PRIu64, publisher->count);
        publisher->good = bus_publish(publisher->bus, "kill.a", id, str_of(text),
                                      &again, &publisher->err);
        publisher->count += publisher->good;
        pause_ms(5);
    }
    return NULL;
}

/* One node after the other, each started again before the next: two are always there. */
static void kill_each_node(void)
{
    for (unsigned node = 0; node < NODES; node++) {
        cluster_node_kill(&cluster, node);
        pause_ms(1500);
        cluster_node_start(&cluster, node);
        pause_ms(6000);
    }
}

TEST(nothing_acknowledged_is_lost_when_servers_are_killed)
{
    static unsigned times[MESSAGES];
    const struct message *messages;
    struct publisher publisher = {0};
    struct bus_state state;
    struct err err = {0};
    pthread_t thread;

    NEEDS_SERVERS();
    struct bus *bus = connected();

    stream_made(bus, "kill", "kill.>");
    publisher.bus = bus;
    assert_int_equal(pthread_create(&thread, NULL, publish, &publisher), 0);
    kill_each_node();
    publisher.stop = true;
    pthread_join(thread, NULL);
    uint64_t count = publisher.count;

    print_message("%" PRIu64 " messages, %d servers killed\n", count, NODES);
    if (!publisher.good)
        fail_msg("%s", publisher.err.text);
    assert_true(count > 100);

    struct pull *pull = pulling(bus, "kill", "worker", 60);
    uint64_t seen = 0;

    for (int empty = 0; seen < count && empty < 10;) {
        uint32_t n = taken(pull, 200, 3000, &messages);

        for (uint32_t i = 0; i < n; i++)
            seen += times[number_of(&messages[i])]++ == 0;
        empty = n ? 0 : empty + 1;
        if (n && !pull_done(pull, &err))
            print_message("acknowledged later: %s\n", err.text);
    }
    for (uint64_t i = 0; i < count; i++)
        if (!times[i])
            fail_msg("message %" PRIu64 " of %" PRIu64 " is lost", i, count);
    assert_true(bus_stream_state(bus, "kill", &state, &err));
    assert_int_equal(state.messages, count);
    pull_close(pull);
    bus_close(bus);
}

TEST(without_servers_opening_fails_before_the_deadline)
{
    struct bus_settings settings = {
        .servers = "nats://127.0.0.1:1", .name = "test", .deadline_ms = 1000};
    struct bus *bus = NULL;
    struct err err = {0};
    time_t begin = time(NULL);

    assert_false(bus_open(&settings, &bus, &err));
    assert_int_equal(err.code, ERR_ENVIRONMENT);
    assert_non_null(strstr(err.text, "NATS servers run"));
    assert_true(time(NULL) - begin < 10);
}

static int stop_all(void **state)
{
    (void)state;
    if (cluster.port)
        cluster_stop(&cluster);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IT(what_is_published_is_pulled_in_order_and_not_again_once_done),
        IT(a_message_published_twice_is_kept_once),
        IT(what_was_not_done_comes_again_and_says_how_often),
        IT(a_message_held_longer_than_thought_is_kept_by_asking_for_time),
        IT(workers_of_one_name_share_the_work),
        IT(nothing_acknowledged_is_lost_when_servers_are_killed),
        IT(without_servers_opening_fails_before_the_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, stop_all);
}
