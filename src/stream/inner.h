/* stream, inside: what its files share, and the only place that knows nats.c. */
#ifndef STREAM_INNER_H
#define STREAM_INNER_H

#include "stream/stream.h"

#include <nats/nats.h>

struct bus {
    natsOptions *options;
    natsConnection *connection;
    jsCtx *jetstream;
    uint32_t deadline_ms;
};

int64_t clock_ms(void); /* of a clock that never goes back */
int64_t bus_deadline(const struct bus *bus);
bool bus_again(int64_t deadline);    /* after a pause; false once it has passed */
int64_t bus_round(int64_t deadline); /* milliseconds that one try may take */
bool bus_fail(struct err *err, natsStatus status, jsErrCode code, const char *what);

#endif
