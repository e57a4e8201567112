/*
 * stream: many machines.
 *
 * Changes travel through a NATS JetStream cluster: published to replicated streams,
 * pulled by workers, acknowledged after the worker's own commit. Delivery is at least
 * once: a message comes again when a worker died, was slow or its acknowledgement was
 * lost, so what is done with it must bear repetition. An acknowledgement of a
 * publication means that the message is replicated, not that it is on disk: the database
 * is the record, and what the bus lost is published again from there.
 *
 * A bus may be used by many threads; a pull belongs to one thread at a time. Every call
 * comes back before its deadline, with an error if the servers do not answer.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "base/base.h"

struct bus;

struct bus_settings {
    const char *servers;     /* nats://host:port, several with commas; tls:// for TLS */
    const char *name;        /* of this process, as the servers' monitor shows it */
    const char *ca;          /* TLS: who signs servers, NULL: the system's list */
    const char *cert, *key;  /* TLS: who we are, or NULL */
    const char *credentials; /* NATS credentials file, or NULL */
    uint32_t deadline_ms;    /* of every call below, connecting included; 0: 60,000 */
};

/* ERR_ENVIRONMENT if no server answers before the deadline. Afterwards connections are
 * made again as often as it takes. */
bool bus_open(const struct bus_settings *settings, struct bus **bus,
              struct err *err) MUST_CHECK;
void bus_close(struct bus *bus);

/* ---- streams ---------------------------------------------------------------------- */

struct bus_stream {
    const char *name;    /* letters, digits, - and _ */
    const char *subject; /* what it keeps: "intelligence.>" */
    uint32_t replicas;   /* 1, 3 or 5 */
    uint64_t keep_s;     /* seconds that a message is kept, read or not */
    uint64_t keep_bytes; /* and no more than that; 0: no limit */
    uint64_t same_s;     /* seconds in which a message id is not taken twice; 0: 600 */
};

/* Makes the stream, or brings limits of one that is there up to these. Waits for a leader. */
bool bus_stream(struct bus *bus, const struct bus_stream *stream,
                struct err *err) MUST_CHECK;

struct bus_state {
    uint64_t messages, bytes, first, last; /* sequence numbers */
    uint32_t replicas;
};
bool bus_stream_state(struct bus *bus, const char *stream, struct bus_state *state,
                      struct err *err) MUST_CHECK;

/* ---- publishing -------------------------------------------------------------------- */

/*
 * Returns true once the message is replicated; tries again with the same id until then
 * or the deadline, so that it is kept once. `id` names the message for good: a version of
 * a record, never a number that a restart would give anew. *again: it was there before.
 */
bool bus_publish(struct bus *bus, const char *subject, const char *id, struct str bytes,
                 bool *again, struct err *err) MUST_CHECK;

/* ---- pulling ------------------------------------------------------------------------ */

struct pull;

struct pull_settings {
    const char *stream;
    const char *worker;  /* name shared by all workers that share the work */
    const char *subject; /* of the stream's subjects these; NULL: all */
    uint32_t held_s; /* a message not acknowledged by then goes to somebody else; longer
                          * than a batch takes: see pull_more_time */
    uint32_t at_most; /* messages held by all workers of the name; 0: 1,000 */
};

bool pull_open(struct bus *bus, const struct pull_settings *settings,
               struct pull **pull, struct err *err) MUST_CHECK;
void pull_close(
    struct pull *pull); /* what was taken and not acknowledged comes again */

struct message {
    struct str subject, id, bytes;
    uint64_t sequence;
    uint32_t delivered; /* how often it has been, this time included */
};

/* Waits up to wait_ms for 1 to `most` messages; none is no error. They are yours until
 * pull_done or pull_give_back, and the next pull_take. */
bool pull_take(struct pull *pull, uint32_t most, uint32_t wait_ms,
               const struct message **messages, uint32_t *count,
               struct err *err) MUST_CHECK;

/* All that was taken is done: call it after your commit. If it fails they come again. */
bool pull_done(struct pull *pull, struct err *err) MUST_CHECK;

/* Nothing that was taken is done: it goes to somebody after wait_ms. */
void pull_give_back(struct pull *pull, uint32_t wait_ms);

/* The batch takes longer than thought: the time to hold it begins anew. */
void pull_more_time(struct pull *pull);

/* Messages of the worker's subject that nobody has taken yet, as of the last message. */
uint64_t pull_waiting(const struct pull *pull);

#endif
