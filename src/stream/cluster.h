/* Real NATS servers for tests: three nodes on loopback, with folders of their own. */
#ifndef STREAM_CLUSTER_H
#define STREAM_CLUSTER_H

#include "base/base.h"

#include <sys/types.h>

enum { NODES = 3 };

struct cluster {
    char folder[64];
    char servers[128]; /* as bus_open takes them */
    int port;          /* of the first node; each has ten of its own */
    pid_t node[NODES]; /* 0: not running */
};

bool cluster_possible(void); /* whether nats-server is installed */
/* Servers end with the thread that started them. */
void cluster_start(struct cluster *cluster);
void cluster_node_start(struct cluster *cluster, unsigned node);
void cluster_node_kill(struct cluster *cluster,
                       unsigned node);      /* as a power cut would */
void cluster_stop(struct cluster *cluster); /* and removes its folder */

#endif
