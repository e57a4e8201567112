/*
 * candour dedupe: one file to clusters of records that are the same person.
 */
#include "cli/columns.h"

static const struct option options[] = {
    {"map",       "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "which column of FILE means what (JSON)"                                    },
    {"threshold", "P",    OPTION_PROBABILITY, false, "0.5", NULL,
     "least probability, on average, of the pairs between groups that are joined"},
    {"pairs",     "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "also write every pair at the threshold, and whether it is in one cluster"  },
    {"quality",   "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "also write how each cluster of two or more holds together"                 },
    {"truth",     "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "compare with who is whom: id, cluster, or left_id, right_id"               },
    {"out",       "FILE", OPTION_TEXT,        false, "-",   NULL,
     "where the clusters go; - for standard output"                              },
    {"model",     "FILE", OPTION_TEXT,        false, NULL,  NULL,
     "model to score with (JSON); the built-in one if left out"                  },
    {"share",     "P",    OPTION_PROBABILITY, false, NULL,  NULL,
     "how many other records of the same person a record has on average; fitted to "
     "the file if left out"                                                      },
    {"threads",   "N",    OPTION_NUMBER,      false, NULL,  NULL,
     "threads to use; all processors if left out"                                },
};

/* ---- the result as text --------------------------------------------------------------------- */

static const char *const size_names[CLUSTER_SIZES] = {"1", "2",      "3",
                                                      "4", "5 to 9", "10 or more"};

static void counted(FILE *to, const char *label, uint64_t count, const char *note)
{
    char number[32];

    fprintf(to, "  %-14s %14s   %s\n", label, number_text(count, number), note);
}

static void text_sizes(const struct cluster_summary *clusters, FILE *to)
{
    char label[32], number[32];

    for (unsigned i = 0; i < CLUSTER_SIZES; i++) {
        if (clusters->sizes[i] == 0)
            continue;
        snprintf(label, sizeof(label), "  of %s", size_names[i]);
        fprintf(to, "  %-14s %14s\n", label, number_text(clusters->sizes[i], number));
    }
}

static void text_quality(const struct cluster_summary *clusters, FILE *to)
{
    counted(to, "links within", clusters->links, "pairs at the threshold");
    counted(to, "links cut", clusters->cut,
            "pairs at the threshold, apart: the rest of "
            "their groups contradict them");
    if (clusters->clusters == 0)
        return;
    fprintf(to, "  %-14s %14.4f   of the pairs within are links; the least %.4f\n",
            "density", (double)clusters->density / 1e6,
            (double)clusters->least_density / 1e6);
    fprintf(to, "  %-14s %14.2f   bits: the weakest link that a cluster needs\n",
            "weakest", (double)clusters->weakest / BITS_ONE);
    counted(to, "to look at", clusters->flagged,
            "clusters that one wrong link would take apart");
}

static double share(uint32_t millionths)
{
    return (double)millionths / 1e6;
}

static void text_truth(const struct cluster_summary *clusters, FILE *to)
{
    const struct cluster_agreement *truth = &clusters->truth;

    fprintf(to, "\n  against truth     precision  recall      F1\n");
    fprintf(to, "  %-16s     %.4f  %.4f  %.4f\n", "pairs",
            share(quality_precision(&truth->pairs)),
            share(quality_recall(&truth->pairs)), share(quality_f1(&truth->pairs)));
    fprintf(to, "  %-16s     %.4f  %.4f  %.4f\n", "records (B3)",
            share(truth->cubed_precision), share(truth->cubed_recall),
            share(truth->cubed_f1));
    fprintf(to, "  %u of %u people with two records or more are found exactly\n",
            truth->persons_whole, truth->persons);
    if (clusters->truth_unknown)
        fprintf(to, "  %llu rows of the truth name ids that no record used here has\n",
                (unsigned long long)clusters->truth_unknown);
}

void dedupe_text(const struct run_settings *settings, const struct run_summary *summary,
                 FILE *to)
{
    const struct cluster_summary *clusters = &summary->clusters;
    char note[80] = "", number[32];

    if (summary->people_set_aside)
        snprintf(note, sizeof(note), "%s rows set aside",
                 number_text(summary->people_set_aside, number));
    counted(to, "records", summary->people, note);
    snprintf(note, sizeof(note), "of two records or more, at probability %u.%06u",
             summary->probability / 1000000, summary->probability % 1000000);
    counted(to, "clusters", clusters->clusters, note);
    text_sizes(clusters, to);
    text_quality(clusters, to);
    fprintf(to, "  %-14s %14.4f   others of the same person a record has, %s\n",
            "share", (double)clusters->share / 1e6,
            settings->share ? "as given" : "fitted to the file");
    summary_cost(summary, to);
    summary_file(to, "model", summary->model);
    summary_file(to, "clusters in", settings->out_path);
    summary_file(to, "pairs in", settings->dedupe->pairs_path);
    summary_file(to, "quality in", settings->dedupe->quality_path);
    summary_file(to, "set aside in", summary->rejected_path);
    if (clusters->compared)
        text_truth(clusters, to);
}

/* ---- the result as JSON ------------------------------------------------------------------------ */

static void json_share(FILE *to, const char *name, uint32_t millionths)
{
    fprintf(to, "\"%s\": %u.%06u, ", name, millionths / 1000000, millionths % 1000000);
}

static void json_number_of(FILE *to, const char *name, uint64_t count)
{
    fprintf(to, "\"%s\": %llu, ", name, (unsigned long long)count);
}

static void json_truth(const struct cluster_summary *clusters, FILE *to)
{
    const struct cluster_agreement *truth = &clusters->truth;

    fputs("\"truth\": {", to);
    json_share(to, "precision", quality_precision(&truth->pairs));
    json_share(to, "recall", quality_recall(&truth->pairs));
    json_share(to, "f1", quality_f1(&truth->pairs));
    json_number_of(to, "pairs_found", truth->pairs.found);
    json_number_of(to, "pairs_right", truth->pairs.right_found);
    json_number_of(to, "pairs_true", truth->pairs.truth);
    json_share(to, "b_cubed_precision", truth->cubed_precision);
    json_share(to, "b_cubed_recall", truth->cubed_recall);
    json_share(to, "b_cubed_f1", truth->cubed_f1);
    json_number_of(to, "people", truth->persons);
    json_number_of(to, "people_exact", truth->persons_whole);
    fprintf(to, "\"unknown_rows\": %llu}, ",
            (unsigned long long)clusters->truth_unknown);
}

void dedupe_json(const struct run_settings *settings, const struct run_summary *summary,
                 FILE *to)
{
    const struct cluster_summary *clusters = &summary->clusters;

    fputs("{\"command\": \"dedupe\", ", to);
    json_number_of(to, "records", summary->people);
    json_number_of(to, "records_set_aside", summary->people_set_aside);
    json_number_of(to, "values_set_aside", summary->values_set_aside);
    json_share(to, "probability", summary->probability);
    fprintf(to, "\"threshold_bits\": %.4f, \"prior_bits\": %.4f, ",
            (double)summary->threshold / BITS_ONE, (double)summary->prior / BITS_ONE);
    json_share(to, "share", clusters->share);
    fprintf(to, "\"share_fitted\": %s, ", settings->share ? "false" : "true");
    json_number_of(to, "clusters", clusters->clusters);
    json_number_of(to, "clustered_records", clusters->records);
    json_number_of(to, "largest", clusters->largest);
    fputs("\"sizes\": {", to);
    for (unsigned i = 0; i < CLUSTER_SIZES; i++)
        fprintf(to, "%s\"%s\": %llu", i ? ", " : "", size_names[i],
                (unsigned long long)clusters->sizes[i]);
    fputs("}, ", to);
    json_number_of(to, "links_within", clusters->links);
    json_number_of(to, "links_cut", clusters->cut);
    if (clusters->clusters) {
        json_share(to, "density", clusters->density);
        json_share(to, "least_density", clusters->least_density);
        fprintf(to, "\"weakest_bits\": %.4f, ", (double)clusters->weakest / BITS_ONE);
    }
    json_number_of(to, "bridges", clusters->bridges);
    json_number_of(to, "to_look_at", clusters->flagged);
    if (clusters->compared)
        json_truth(clusters, to);
    summary_cost_json(settings, summary, to);
}

/* ---- the command ----------------------------------------------------------------------------------- */

static bool dedupe_run(const struct arguments *arguments, int *status, struct err *err)
{
    const struct dedupe_settings dedupe = {
        .pairs_path = argument_text(arguments, "pairs"),
        .quality_path = argument_text(arguments, "quality"),
        .truth_path = argument_text(arguments, "truth"),
    };
    const char *file = argument_operand(arguments, 0);
    const char *map = argument_text(arguments, "map");
    struct run_settings settings = {
        .left_path = file,
        .left_map = map,
        .right_paths = &file,
        .right_count = 1,
        .right_map = map,
        .dedupe = &dedupe,
    };

    return run_settings_read(arguments, &settings, err) &&
           columns_or_people(arguments, &settings, status, err);
}

const struct command command_dedupe = {
    .name = "dedupe",
    .summary = "Finds the records of one file that are the same person",
    .text =
        "Compares every record of FILE with every other, with the engine of the wash, "
        "and gathers those that are the same person into clusters: a line a record, "
        "id and cluster, where a cluster is called by one of its ids. The order of "
        "the rows and the number of threads make no difference.\n\n"
        "Groups are joined while the score of the pairs between them reaches the "
        "threshold on average, and pairs that were not found count against. So two "
        "families that one doubtful pair connects stay apart, and that pair is "
        "counted as cut. Clusters that one wrong link would take apart are counted "
        "as to look at, and --quality names them.",
    .example = "candour dedupe staff.csv --out clusters.csv --quality quality.csv",
    .operands = {{"FILE", true, "a file of people; it is read twice"}},
    .options = options,
    .option_count = COUNT(options),
    .run = dedupe_run,
};
