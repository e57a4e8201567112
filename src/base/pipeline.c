/*
 * An ordered pipeline: every thread takes an item (in turn), works on it (at once with
 * the others), then waits until all earlier items were given and gives its own.
 */
#include "base/base.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

struct run {
    const struct pipeline *pipeline;
    pthread_mutex_t take_lock;
    pthread_mutex_t give_lock;
    pthread_cond_t given_changed;
    uint64_t taken, given; /* items; under take_lock, give_lock */
    bool finished;         /* under take_lock */
    atomic_bool failed;
    struct err err; /* of the first failure, under give_lock */
};

struct thread {
    struct run *run;
    unsigned worker;
};

static void fail(struct run *run, const struct err *err)
{
    pthread_mutex_lock(&run->give_lock);
    if (!atomic_load(&run->failed)) {
        run->err = *err;
        atomic_store(&run->failed, true);
    }
    pthread_cond_broadcast(&run->given_changed);
    pthread_mutex_unlock(&run->give_lock);
}

/* The next item and its number; NULL at the end or after a failure. */
static void *take(struct run *run, uint64_t *number, struct err *err)
{
    void *item = NULL;

    pthread_mutex_lock(&run->take_lock);
    if (!run->finished && !atomic_load(&run->failed)) {
        bool ok = run->pipeline->take(run->pipeline->context, &item, err);

        if (!ok)
            item = NULL;
        if (item)
            *number = run->taken++;
        else
            run->finished = true;
        if (!ok)
            fail(run, err);
    }
    pthread_mutex_unlock(&run->take_lock);
    return item;
}

static bool give(struct run *run, uint64_t number, void *item, struct err *err)
{
    bool ok = false;

    pthread_mutex_lock(&run->give_lock);
    while (run->given != number && !atomic_load(&run->failed))
        pthread_cond_wait(&run->given_changed, &run->give_lock);
    if (!atomic_load(&run->failed)) {
        ok = run->pipeline->give(run->pipeline->context, item, err);
        run->given++;
        if (!ok) {
            run->err = *err;
            atomic_store(&run->failed, true);
        }
        pthread_cond_broadcast(&run->given_changed);
    } else if (run->pipeline->drop) {
        run->pipeline->drop(run->pipeline->context, item);
    }
    pthread_mutex_unlock(&run->give_lock);
    return ok;
}

static void *pipeline_thread(void *argument)
{
    const struct thread *thread = argument;
    struct run *run = thread->run;
    struct err err = {0};
    uint64_t number = 0;

    for (void *item; (item = take(run, &number, &err)) != NULL;) {
        if (!run->pipeline->work(run->pipeline->context, item, thread->worker, &err)) {
            fail(run, &err);
            if (run->pipeline->drop)
                run->pipeline->drop(run->pipeline->context, item);
            break;
        }
        if (!give(run, number, item, &err))
            break;
    }
    return NULL;
}

/* Starts `threads` threads on function, the caller's own included, and waits. */
static void threads_run(unsigned threads, void *(*function)(void *), void *items,
                        size_t item_size)
{
    pthread_t *started = memory_new(threads, sizeof(*started));
    bool *running = memory_new(threads, sizeof(*running));

    for (unsigned i = 1; i < threads; i++)
        running[i] = pthread_create(&started[i], NULL, function,
                                    (char *)items + i * item_size) == 0;
    function(items);
    for (unsigned i = 1; i < threads; i++)
        if (running[i])
            pthread_join(started[i], NULL);
    free(running);
    free(started);
}

bool pipeline_run(const struct pipeline *pipeline, unsigned threads, struct err *err)
{
    struct run run = {.pipeline = pipeline};

    if (threads == 0)
        threads = 1;
    pthread_mutex_init(&run.take_lock, NULL);
    pthread_mutex_init(&run.give_lock, NULL);
    pthread_cond_init(&run.given_changed, NULL);

    struct thread *list = memory_new(threads, sizeof(*list));

    for (unsigned i = 0; i < threads; i++)
        list[i] = (struct thread){&run, i};
    threads_run(threads, pipeline_thread, list, sizeof(*list));
    free(list);

    pthread_cond_destroy(&run.given_changed);
    pthread_mutex_destroy(&run.give_lock);
    pthread_mutex_destroy(&run.take_lock);
    if (atomic_load(&run.failed)) {
        *err = run.err;
        return false;
    }
    return true;
}

struct loop {
    void *context;
    void (*task)(void *context, size_t index, unsigned worker);
    size_t count;
    atomic_size_t next;
};

struct loop_thread {
    struct loop *loop;
    unsigned worker;
};

static void *loop_run(void *argument)
{
    const struct loop_thread *thread = argument;
    struct loop *loop = thread->loop;

    for (size_t i; (i = atomic_fetch_add(&loop->next, 1)) < loop->count;)
        loop->task(loop->context, i, thread->worker);
    return NULL;
}

void parallel_for(unsigned threads, size_t count, void *context,
                  void (*task)(void *context, size_t index, unsigned worker))
{
    struct loop loop = {.context = context, .task = task, .count = count};

    if (threads == 0)
        threads = 1;
    if (threads > count && count > 0)
        threads = (unsigned)count;

    struct loop_thread *list = memory_new(threads, sizeof(*list));

    for (unsigned i = 0; i < threads; i++)
        list[i] = (struct loop_thread){&loop, i};
    threads_run(threads, loop_run, list, sizeof(*list));
    free(list);
}

unsigned threads_available(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);

    return count > 0 ? (unsigned)count : 1;
}

/* Lock-free, so that a handler may write it; atomic, since any thread may read it. */
static atomic_int stop_signal;

static void on_signal(int number)
{
    atomic_store(&stop_signal, number);
}

void stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool stop_asked(void)
{
    return atomic_load_explicit(&stop_signal, memory_order_relaxed) != 0;
}
