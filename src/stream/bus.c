/*
 * The bus: a connection to a JetStream cluster, and publishing on it.
 *
 * nats.c's own time-outs are per call, and endless reconnects hide a dead server; so each
 * of ours has a deadline and goes round until it is done or the deadline has passed.
 */
#include "stream/inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEADLINE_MS = 60000, ROUND_MS = 5000, PAUSE_MS = 50, SAME_S = 600 };

#define NS_PER_S INT64_C(1000000000)

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t bus_deadline(const struct bus *bus)
{
    return clock_ms() + bus->deadline_ms;
}

bool bus_again(int64_t deadline)
{
    struct timespec pause = {0, PAUSE_MS * 1000000L};

    if (clock_ms() >= deadline || stop_asked())
        return false;
    nanosleep(&pause, NULL);
    return true;
}

int64_t bus_round(int64_t deadline)
{
    int64_t left = deadline - clock_ms();

    return left < 1 ? 1 : left < ROUND_MS ? left : ROUND_MS;
}

bool bus_fail(struct err *err, natsStatus status, jsErrCode code, const char *what)
{
    if (code)
        return err_set(err, ERR_ENVIRONMENT,
                       "%s: the NATS server says error %d (%s); see its log", what,
                       (int)code, natsStatus_GetText(status));
    return err_set(
        err, ERR_ENVIRONMENT,
        "%s: %s; see that the NATS servers run and that a majority of them can "
        "reach one another",
        what, natsStatus_GetText(status));
}

/* ---- connecting -------------------------------------------------------------------------- */

static bool set(natsStatus *status, natsStatus step)
{
    *status = *status == NATS_OK ? step : *status;
    return *status == NATS_OK;
}

/* Copies "a,b" into a list that nats.c takes. */
static natsStatus set_servers(natsOptions *options, const char *servers)
{
    enum { SERVERS_MAX = 16 };
    struct arena *arena = arena_new();
    struct str rest = str_of(servers), part;
    const char *list[SERVERS_MAX];
    int count = 0;

    while (count < SERVERS_MAX && str_cut(&rest, ',', &part))
        if (str_trim(part).len)
            list[count++] = arena_copy(arena, str_trim(part));
    natsStatus status =
        count ? natsOptions_SetServers(options, list, count) : NATS_INVALID_ARG;

    arena_free(arena);
    return status;
}

static natsStatus set_tls(natsOptions *options, const struct bus_settings *settings)
{
    natsStatus status = NATS_OK;

    if (settings->ca || settings->cert || strncmp(settings->servers, "tls:", 4) == 0)
        set(&status, natsOptions_SetSecure(options, true));
    if (settings->ca)
        set(&status, natsOptions_LoadCATrustedCertificates(options, settings->ca));
    if (settings->cert)
        set(&status,
            natsOptions_LoadCertificatesChain(options, settings->cert, settings->key));
    return status;
}

static natsStatus make_options(const struct bus_settings *settings,
                               natsOptions **options)
{
    natsStatus status = natsOptions_Create(options);

    if (status != NATS_OK)
        return status;
    set(&status, set_servers(*options, settings->servers));
    set(&status, natsOptions_SetName(*options, settings->name));
    set(&status, natsOptions_SetTimeout(*options, ROUND_MS));
    set(&status, natsOptions_SetMaxReconnect(*options, -1));
    set(&status, natsOptions_SetReconnectWait(*options, 200));
    set(&status, natsOptions_SetPingInterval(*options, 5000));
    set(&status, natsOptions_SetMaxPingsOut(*options, 2));
    set(&status, set_tls(*options, settings));
    if (settings->credentials)
        set(&status, natsOptions_SetUserCredentialsFromFiles(
                         *options, settings->credentials, NULL));
    return status;
}

bool bus_open(const struct bus_settings *settings, struct bus **result, struct err *err)
{
    struct bus *bus = memory_new(1, sizeof(*bus));
    natsStatus status = make_options(settings, &bus->options);

    bus->deadline_ms = settings->deadline_ms ? settings->deadline_ms : DEADLINE_MS;
    if (status != NATS_OK) {
        err_set(
            err, ERR_USAGE,
            "the NATS settings cannot be used (%s): servers are nats://host:port, and "
            "certificates and credentials files that can be read",
            natsStatus_GetText(status));
        bus_close(bus);
        return false;
    }
    int64_t deadline = bus_deadline(bus);

    do
        status = natsConnection_Connect(&bus->connection, bus->options);
    while (status != NATS_OK && bus_again(deadline));
    if (status == NATS_OK)
        status = natsConnection_JetStream(&bus->jetstream, bus->connection, NULL);
    if (status != NATS_OK) {
        bus_fail(err, status, 0, "cannot connect to NATS");
        bus_close(bus);
        return false;
    }
    *result = bus;
    return true;
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    jsCtx_Destroy(bus->jetstream);
    natsConnection_Destroy(bus->connection);
    natsOptions_Destroy(bus->options);
    free(bus);
}

/* ---- streams ------------------------------------------------------------------------------ */

/* Limits retention: with work-queue retention acknowledged messages were kept for ever
 * after servers had been killed. */
static void describe(const struct bus_stream *stream, const char **subject,
                     jsStreamConfig *config)
{
    jsStreamConfig_Init(config);
    *subject = stream->subject;
    config->Name = stream->name;
    config->Subjects = subject;
    config->SubjectsLen = 1;
    config->Retention = js_LimitsPolicy;
    config->Storage = js_FileStorage;
    config->Discard = js_DiscardOld;
    config->Replicas = stream->replicas;
    config->MaxAge = (int64_t)stream->keep_s * NS_PER_S;
    config->MaxBytes = stream->keep_bytes ? (int64_t)stream->keep_bytes : -1;
    config->Duplicates = (int64_t)(stream->same_s ? stream->same_s : SAME_S) * NS_PER_S;
}

bool bus_stream(struct bus *bus, const struct bus_stream *stream, struct err *err)
{
    int64_t deadline = bus_deadline(bus);
    jsStreamConfig config;
    const char *subject;
    natsStatus status;
    jsErrCode code;

    describe(stream, &subject, &config);
    do {
        jsOptions options;

        code = 0;
        jsOptions_Init(&options);
        options.Wait = bus_round(deadline);
        status = js_AddStream(NULL, bus->jetstream, &config, &options, &code);
        if (code == JSStreamNameExistErr)
            status = js_UpdateStream(NULL, bus->jetstream, &config, &options, &code);
    } while (status != NATS_OK && status != NATS_INVALID_ARG && bus_again(deadline));
    return status == NATS_OK || bus_fail(err, status, code, "cannot make the stream");
}

bool bus_stream_state(struct bus *bus, const char *stream, struct bus_state *state,
                      struct err *err)
{
    int64_t deadline = bus_deadline(bus);
    jsStreamInfo *info = NULL;
    natsStatus status;
    jsErrCode code;

    do {
        jsOptions options;

        code = 0;
        jsOptions_Init(&options);
        options.Wait = bus_round(deadline);
        status = js_GetStreamInfo(&info, bus->jetstream, stream, &options, &code);
    } while (status != NATS_OK && bus_again(deadline));
    if (status != NATS_OK)
        return bus_fail(err, status, code, "cannot look at the stream");
    *state =
        (struct bus_state){info->State.Msgs, info->State.Bytes, info->State.FirstSeq,
                           info->State.LastSeq, (uint32_t)info->Config->Replicas};
    jsStreamInfo_Destroy(info);
    return true;
}

/* ---- publishing ------------------------------------------------------------------------------ */

bool bus_publish(struct bus *bus, const char *subject, const char *id, struct str bytes,
                 bool *again, struct err *err)
{
    int64_t deadline = bus_deadline(bus);
    jsPubAck *ack = NULL;
    natsStatus status;
    jsErrCode code;

    if (bytes.len > INT32_MAX)
        return err_set(err, ERR_INPUT, "a message of %zu bytes is too long", bytes.len);
    do {
        jsPubOptions options;

        code = 0;
        jsPubOptions_Init(&options);
        options.MaxWait = bus_round(deadline);
        options.MsgId = id;
        status = js_Publish(&ack, bus->jetstream, subject, bytes.at, (int)bytes.len,
                            &options, &code);
    } while (status != NATS_OK && status != NATS_MAX_PAYLOAD && bus_again(deadline));
    if (status == NATS_MAX_PAYLOAD)
        return err_set(
            err, ERR_INPUT,
            "a message of %zu bytes is longer than the NATS servers take: make "
            "batches smaller or raise max_payload",
            bytes.len);
    if (status != NATS_OK)
        return bus_fail(err, status, code, "cannot publish");
    *again = ack->Duplicate;
    jsPubAck_Destroy(ack);
    return true;
}
