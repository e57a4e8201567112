#include "sample/sample.h"
#include "cli/cli.h"

#include <string.h>

static const struct option options[] = {
    {"preset",    "NAME", OPTION_TEXT,   false, "unit", "unit|ci|full|stress", "how much"                       },
    {"seed",      "N",    OPTION_NUMBER, false, "1",    NULL,                  "another seed makes other people"},
    {"out",       "DIR",  OPTION_TEXT,   true,  NULL,   NULL,
     "folder for the files; made if it is not there"                                                            },
    {"workforce", "N",    OPTION_NUMBER, false, NULL,   NULL,
     "rows of the workforce instead of the preset's"                                                            },
    {"mentions",  "N",    OPTION_NUMBER, false, NULL,   NULL,
     "rows of intelligence instead of the preset's"                                                             },
    {"compress",  "HOW",  OPTION_TEXT,   false, "none", "none|gz|zst",
     "compression of the intelligence files"                                                                    },
    {"threads",   "N",    OPTION_NUMBER, false, NULL,   NULL,
     "threads to use; all processors if left out; the files do not depend on it"                                },
    {"force",     NULL,   OPTION_FLAG,   false, NULL,   NULL,
     "replace another sample in the same folder"                                                                },
};

static enum sample_compress compress_named(const char *name)
{
    static const char *const names[] = {
        [SAMPLE_PLAIN] = "none", [SAMPLE_GZ] = "gz", [SAMPLE_ZST] = "zst"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return (enum sample_compress)i;
    return SAMPLE_PLAIN;
}

static void result_json(const struct sample_summary *summary, const char *out,
                        uint64_t seed, const char *preset, FILE *to)
{
    fputs("{\"command\": \"sample\", \"out\": ", to);
    json_string(to, out);
    fprintf(to,
            ", \"preset\": \"%s\", \"seed\": %llu, \"already_there\": %s, "
            "\"workforce_rows\": %llu, \"workforce_people\": %llu, \"mentions\": %llu, "
            "\"people_mentioned\": %llu, \"parts\": %llu, \"true_pairs\": %llu, "
            "\"lookalike_pairs\": %llu, \"bytes\": %llu}\n",
            preset, (unsigned long long)seed, summary->already_there ? "true" : "false",
            (unsigned long long)summary->workforce_rows,
            (unsigned long long)summary->workforce_people,
            (unsigned long long)summary->mentions,
            (unsigned long long)summary->people_mentioned,
            (unsigned long long)summary->parts, (unsigned long long)summary->true_pairs,
            (unsigned long long)summary->lookalike_pairs,
            (unsigned long long)summary->bytes);
}

static void result_text(const struct sample_summary *summary, const char *out, FILE *to)
{
    const struct {
        const char *label;
        uint64_t count;
    } rows[] = {
        {"workforce rows", summary->workforce_rows  },
        {"people",         summary->workforce_people},
        {"mentions",       summary->mentions        },
        {"true pairs",     summary->true_pairs      },
        {"lookalikes",     summary->lookalike_pairs },
    };
    char number[32];

    if (summary->already_there)
        fputs("  the same sample was there already: nothing written\n", to);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!summary->already_there || rows[i].count)
            fprintf(to, "  %-14s %14s\n", rows[i].label,
                    number_text(rows[i].count, number));
    fprintf(to, "  %-14s %s\n", "files in", out);
}

static void sample_progress(void *context, uint64_t done, uint64_t all)
{
    shown_share(context, "rows", done, all);
}

static bool sample_run(const struct arguments *arguments, int *status, struct err *err)
{
    bool quiet = argument_flag(arguments, "quiet");
    uint64_t threads = argument_number(arguments, "threads");
    struct shown shown;
    struct sample_settings settings = {
        .preset = argument_text(arguments, "preset"),
        .seed = argument_number(arguments, "seed"),
        .out = argument_text(arguments, "out"),
        .threads = threads < THREADS_MAX ? (unsigned)threads : THREADS_MAX,
        .compress = compress_named(argument_text(arguments, "compress")),
        .force = argument_flag(arguments, "force"),
        .workforce = argument_number(arguments, "workforce"),
        .mentions = argument_number(arguments, "mentions"),
        .progress = sample_progress,
        .progress_context = &shown,
    };
    struct sample_summary summary = {0};

    *status = 0;
    shown_open(&shown, quiet);

    bool ok = sample_make(&settings, &summary, err);

    shown_close(&shown);
    if (!ok)
        return false;
    if (argument_flag(arguments, "json"))
        result_json(&summary, settings.out, settings.seed, settings.preset, stdout);
    else if (!quiet)
        result_text(&summary, settings.out, stdout);
    return result_close(stdout, err);
}

const struct command command_sample = {
    .name = "sample",
    .summary = "Makes a made-up workforce and made-up intelligence, with the truth",
    .text = "For trying out, tests and benchmarks. Writes workforce.csv, "
            "intelligence-0001.csv and on, truth.csv, lookalikes.csv, groups.csv and "
            "manifest.json. Nobody in it exists: numbers, addresses and marks are of "
            "kinds never issued. The same preset and seed give the same bytes on any "
            "machine. Presets: unit 2,000 people and 20,000 mentions, ci 30,000 and 1 "
            "million, full 300,000 and 10 million, stress 300,000 and 100 million.",
    .example = "candour sample --preset ci --seed 1 --out sample",
    .options = options,
    .option_count = COUNT(options),
    .run = sample_run,
};
