#include "stream/cluster.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PORTS_A_NODE = 10, CLIENT = 0, ROUTE = 1 };

static const char *const places[] = {"/usr/sbin/nats-server", "/usr/bin/nats-server",
                                     "/usr/local/bin/nats-server"};

static const char *server_path(void)
{
    for (size_t i = 0; i < COUNT(places); i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return NULL;
}

bool cluster_possible(void)
{
    return server_path() != NULL;
}

static bool port_free(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    bool is_free =
        fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

    if (fd >= 0)
        close(fd);
    return is_free;
}

/* A range that nothing listens on; below the ports that the system gives out itself. */
static int ports_free(void)
{
    for (int from = 20000 + (int)(getpid() % 1000) * 10; from < 32000; from += 40) {
        bool all = true;

        for (int i = 0; i < NODES * PORTS_A_NODE && all; i++)
            all = port_free(from + i);
        if (all)
            return from;
    }
    abort(); /* no free ports: another test would meet the same */
}

static int node_port(const struct cluster *cluster, unsigned node, int what)
{
    return cluster->port + (int)node * PORTS_A_NODE + what;
}

void cluster_node_start(struct cluster *cluster, unsigned node)
{
    char name[16], port[16], store[96], route[48], routes[160] = "", log[96];

    snprintf(name, sizeof(name), "n%u", node + 1);
    snprintf(port, sizeof(port), "%d", node_port(cluster, node, CLIENT));
    snprintf(store, sizeof(store), "%s/js%u", cluster->folder, node + 1);
    snprintf(log, sizeof(log), "%s/log%u", cluster->folder, node + 1);
    snprintf(route, sizeof(route), "nats://127.0.0.1:%d",
             node_port(cluster, node, ROUTE));
    for (unsigned i = 0; i < NODES; i++) {
        size_t used = strlen(routes);

        snprintf(routes + used, sizeof(routes) - used, "%snats://127.0.0.1:%d",
                 i ? "," : "", node_port(cluster, i, ROUTE));
    }
    pid_t child = fork();

    assert(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);

        prctl(PR_SET_PDEATHSIG, SIGKILL); /* no server outlives its test */
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execl(server_path(), "nats-server", "-n", name, "-a", "127.0.0.1", "-p", port,
              "-js", "-sd", store, "--cluster_name", "candour", "--cluster", route,
              "--routes", routes, "-l", log, (char *)NULL);
        _exit(127);
    }
    cluster->node[node] = child;
}

void cluster_start(struct cluster *cluster)
{
    memset(cluster, 0, sizeof(*cluster));
    snprintf(cluster->folder, sizeof(cluster->folder), "/tmp/candour-nats-XXXXXX");
    char *made = mkdtemp(cluster->folder);

    assert(made);
    cluster->port = ports_free();
    for (unsigned i = 0; i < NODES; i++) {
        size_t used = strlen(cluster->servers);

        snprintf(cluster->servers + used, sizeof(cluster->servers) - used,
                 "%snats://127.0.0.1:%d", i ? "," : "", node_port(cluster, i, CLIENT));
        cluster_node_start(cluster, i);
    }
}

void cluster_node_kill(struct cluster *cluster, unsigned node)
{
    if (!cluster->node[node])
        return;
    kill(cluster->node[node], SIGKILL);
    waitpid(cluster->node[node], NULL, 0);
    cluster->node[node] = 0;
}

static int remove_one(const char *path, const struct stat *about, int kind,
                      struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void cluster_stop(struct cluster *cluster)
{
    for (unsigned i = 0; i < NODES; i++)
        cluster_node_kill(cluster, i);
    nftw(cluster->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
