/*
 * Clusters as files: `id,cluster`, where a cluster is called by the first of its ids in
 * order of bytes; beside it, if asked for, the pairs and how each cluster holds together.
 */
#include "screen/run.h"

#include <stdlib.h>

static struct str id_of(const struct run *run, uint32_t rank)
{
    return left_id(&run->left, run->left.order[rank]);
}

/* ---- id,cluster ---------------------------------------------------------------------------- */

/* The records of a cluster stand together, clusters in the order of their first. */
static void put_clusters(const struct run *run, struct out *out)
{
    const uint32_t *cluster = run->dedupe->cluster;
    uint32_t records = run->left.count;
    uint32_t *next = memory_new(records, sizeof(*next));
    uint32_t *last = memory_new(records, sizeof(*last));

    for (uint32_t i = 0; i < records; i++) {
        if (cluster[i] != i)
            next[last[cluster[i]]] = i;
        next[i] = i; /* nobody yet */
        last[cluster[i]] = i;
    }
    free(last);
    out_text(out, "id,cluster\n");
    for (uint32_t first = 0; first < records; first++) {
        if (cluster[first] != first)
            continue;
        for (uint32_t i = first;; i = next[i]) {
            out_csv(out, id_of(run, i));
            out_text(out, ",");
            out_csv(out, id_of(run, first));
            out_text(out, "\n");
            if (next[i] == i)
                break;
        }
    }
    free(next);
}

/* ---- pairs -------------------------------------------------------------------------------------- */

static void put_pairs(const struct run *run, struct out *out)
{
    const struct dedupe *dedupe = run->dedupe;

    out_text(out, "left_id,right_id,probability,score_bits,one_cluster\n");
    for (size_t i = 0; i < dedupe->count; i++) {
        const struct record_link *link = &dedupe->links[i];

        if (link->score < run->threshold)
            continue;
        out_csv(out, id_of(run, link->a));
        out_text(out, ",");
        out_csv(out, id_of(run, link->b));
        out_text(out, ",");
        put_probability(out, link->score);
        out_text(out, ",");
        put_bits(out, link->score);
        out_text(out, dedupe->cluster[link->a] == dedupe->cluster[link->b] ? ",yes\n"
                                                                           : ",no\n");
    }
}

/* ---- how each cluster holds together ---------------------------------------------------------------- */

static void put_quality(const struct run *run, struct out *out)
{
    const struct dedupe *dedupe = run->dedupe;

    out_text(out, "cluster,records,links,density,bridges,weakest_bits,cut,look\n");
    for (size_t i = 0; i < dedupe->clusters; i++) {
        const struct cluster_quality *quality = &dedupe->quality[i];
        uint32_t density = cluster_density(quality);

        out_csv(out, id_of(run, quality->first));
        out_format(out, ",%u,%llu,%u.%06u,%u,", quality->records,
                   (unsigned long long)quality->links, density / 1000000,
                   density % 1000000, quality->bridges);
        put_bits(out, quality->weakest);
        out_format(out, ",%llu,%s\n", (unsigned long long)quality->cut,
                   cluster_flagged(quality) ? "yes" : "no");
    }
}

/* ---- files ---------------------------------------------------------------------------------------------- */

static bool file_put(const struct run *run, const char *path,
                     void (*put)(const struct run *run, struct out *out),
                     struct err *err)
{
    struct out *out;

    if (!path)
        return true;
    if (!out_open(path, &out, err))
        return false;
    put(run, out);
    return out_commit(out, err);
}

bool dedupe_write(struct run *run, struct out *clusters, struct err *err)
{
    const struct dedupe_settings *settings = run->settings->dedupe;

    put_clusters(run, clusters);
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped");
    return file_put(run, settings->pairs_path, put_pairs, err) &&
           file_put(run, settings->quality_path, put_quality, err);
}
