/* A bare command for trials of this room; not installed. */
#include "sample/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct sample_settings settings = {.preset = "unit", .seed = 1};
    struct sample_summary summary;
    struct err err;

    if (argc < 3) {
        fprintf(stderr, "use: sample_main PRESET DIR [SEED [THREADS [gz|zst|none]]]\n");
        return 2;
    }
    settings.preset = argv[1];
    settings.out = argv[2];
    if (argc > 3)
        settings.seed = strtoull(argv[3], NULL, 10);
    if (argc > 4)
        settings.threads = (unsigned)strtoul(argv[4], NULL, 10);
    if (argc > 5)
        settings.compress = strcmp(argv[5], "gz") == 0    ? SAMPLE_GZ
                            : strcmp(argv[5], "zst") == 0 ? SAMPLE_ZST
                                                          : SAMPLE_PLAIN;
    if (!sample_make(&settings, &summary, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return err_exit(err.code);
    }
    printf("%s: %llu rows, %llu mentions of %llu people, %llu true pairs, "
           "%llu lookalikes, %llu bytes\n",
           summary.already_there ? "already there" : "made",
           (unsigned long long)summary.workforce_rows,
           (unsigned long long)summary.mentions,
           (unsigned long long)summary.people_mentioned,
           (unsigned long long)summary.true_pairs,
           (unsigned long long)summary.lookalike_pairs,
           (unsigned long long)summary.bytes);
    return 0;
}
