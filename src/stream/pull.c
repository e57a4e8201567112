/* Pulling: a durable consumer shared by workers, in batches, acknowledged when done. */
#include "stream/inner.h"

#include <stdlib.h>
#include <string.h>

enum { AT_MOST = 1000 };

#define NS_PER_S INT64_C(1000000000)

struct pull {
    struct bus *bus;
    natsSubscription *subscription;
    natsMsgList taken;
    struct message *messages;
    uint32_t room;
    uint64_t waiting;
};

/* Made by name if it is not there: all workers of a name share one, whoever came first. */
static natsStatus make_consumer(struct bus *bus, const struct pull_settings *settings,
                                int64_t deadline, jsErrCode *code)
{
    jsConsumerConfig config;
    jsOptions options;

    jsConsumerConfig_Init(&config);
    config.Durable = settings->worker;
    config.DeliverPolicy = js_DeliverAll;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = (int64_t)settings->held_s * NS_PER_S;
    config.MaxAckPending = settings->at_most ? settings->at_most : AT_MOST;
    config.MaxDeliver = -1;
    config.FilterSubject = settings->subject;
    jsOptions_Init(&options);
    options.Wait = bus_round(deadline);
    return js_AddConsumer(NULL, bus->jetstream, settings->stream, &config, &options,
                          code);
}

static natsStatus subscribe(struct bus *bus, const struct pull_settings *settings,
                            natsSubscription **subscription, jsErrCode *code)
{
    jsSubOptions options;

    jsSubOptions_Init(&options);
    options.Stream = settings->stream;
    options.Consumer = settings->worker;
    options.ManualAck = true;
    return js_PullSubscribe(subscription, bus->jetstream, settings->subject,
                            settings->worker, NULL, &options, code);
}

bool pull_open(struct bus *bus, const struct pull_settings *settings,
               struct pull **result, struct err *err)
{
    struct pull *pull = memory_new(1, sizeof(*pull));
    int64_t deadline = bus_deadline(bus);
    natsStatus status;
    jsErrCode code;

    pull->bus = bus;
    do {
        code = 0;
        status = make_consumer(bus, settings, deadline, &code);
        if (status == NATS_OK)
            status = subscribe(bus, settings, &pull->subscription, &code);
    } while (status != NATS_OK && bus_again(deadline));
    if (status != NATS_OK) {
        bus_fail(err, status, code, "cannot pull from the stream");
        free(pull);
        return false;
    }
    *result = pull;
    return true;
}

static void drop_taken(struct pull *pull)
{
    natsMsgList_Destroy(&pull->taken);
    pull->taken = (natsMsgList){0};
}

void pull_close(struct pull *pull)
{
    if (!pull)
        return;
    drop_taken(pull);
    natsSubscription_Destroy(pull->subscription);
    free(pull->messages);
    free(pull);
}

/* ---- taking ---------------------------------------------------------------------------------- */

static struct message message_of(struct pull *pull, natsMsg *msg)
{
    struct message message = {
        .subject = str_of(natsMsg_GetSubject(msg)),
        .bytes = {natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg)},
    };
    const char *id = NULL;
    jsMsgMetaData *meta = NULL;

    if (natsMsgHeader_Get(msg, "Nats-Msg-Id", &id) == NATS_OK && id)
        message.id = str_of(id);
    if (natsMsg_GetMetaData(&meta, msg) == NATS_OK) {
        message.sequence = meta->Sequence.Stream;
        message.delivered = (uint32_t)meta->NumDelivered;
        pull->waiting = meta->NumPending;
        jsMsgMetaData_Destroy(meta);
    }
    return message;
}

/* A server that is away looks like one that has nothing: what is there comes later. */
static bool nothing_yet(natsStatus status)
{
    return status == NATS_TIMEOUT || status == NATS_NO_RESPONDERS ||
           status == NATS_NOT_FOUND || status == NATS_CONNECTION_DISCONNECTED;
}

bool pull_take(struct pull *pull, uint32_t most, uint32_t wait_ms,
               const struct message **messages, uint32_t *count, struct err *err)
{
    int64_t until = clock_ms() + wait_ms;
    natsStatus status;
    jsErrCode code;

    drop_taken(pull);
    do {
        code = 0;
        status = natsSubscription_Fetch(&pull->taken, pull->subscription, (int)most,
                                        bus_round(until), &code);
    } while (nothing_yet(status) && pull->taken.Count == 0 && bus_again(until));
    if (status != NATS_OK && !nothing_yet(status) && pull->taken.Count == 0)
        return bus_fail(err, status, code, "cannot take messages");
    *count = (uint32_t)pull->taken.Count;
    if (*count > pull->room) {
        pull->room = *count;
        pull->messages =
            memory_grow(pull->messages, pull->room, sizeof(*pull->messages));
    }
    for (uint32_t i = 0; i < *count; i++)
        pull->messages[i] = message_of(pull, pull->taken.Msgs[i]);
    *messages = pull->messages;
    return true;
}

/* ---- done, or not ------------------------------------------------------------------------------ */

/* Waits for the server's word only on the last: what is lost before it comes again. */
bool pull_done(struct pull *pull, struct err *err)
{
    natsStatus status = NATS_OK;
    jsErrCode code = 0;

    for (int i = 0; i < pull->taken.Count && status == NATS_OK; i++) {
        jsOptions options;

        jsOptions_Init(&options);
        options.Wait = bus_round(bus_deadline(pull->bus));
        status = i + 1 < pull->taken.Count
                     ? natsMsg_Ack(pull->taken.Msgs[i], NULL)
                     : natsMsg_AckSync(pull->taken.Msgs[i], &options, &code);
    }
    drop_taken(pull);
    return status == NATS_OK || bus_fail(err, status, code, "cannot acknowledge");
}

void pull_give_back(struct pull *pull, uint32_t wait_ms)
{
    for (int i = 0; i < pull->taken.Count; i++)
        natsMsg_NakWithDelay(pull->taken.Msgs[i], (int64_t)wait_ms * 1000000, NULL);
    drop_taken(pull);
}

void pull_more_time(struct pull *pull)
{
    for (int i = 0; i < pull->taken.Count; i++)
        natsMsg_InProgress(pull->taken.Msgs[i], NULL);
}

uint64_t pull_waiting(const struct pull *pull)
{
    return pull->waiting;
}
