#include "sample/manifest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    char name[64], sha256[65];
    uint64_t rows, size;
};

struct entries {
    struct entry *list;
    size_t count, room;
};

struct manifest {
    const struct sample_settings *settings;
    struct entries inputs, outputs;
};

struct manifest *manifest_new(const struct sample_settings *settings)
{
    struct manifest *manifest = memory_new(1, sizeof(*manifest));

    manifest->settings = settings;
    return manifest;
}

void manifest_free(struct manifest *manifest)
{
    if (!manifest)
        return;
    free(manifest->inputs.list);
    free(manifest->outputs.list);
    free(manifest);
}

static void add(struct entries *entries, const char *name, uint64_t rows, uint64_t size,
                const char *sha256)
{
    if (entries->count == entries->room) {
        entries->room = entries->room * 2 + 16;
        entries->list =
            memory_grow(entries->list, entries->room, sizeof(*entries->list));
    }
    struct entry *entry = &entries->list[entries->count++];

    entry->rows = rows;
    entry->size = size;
    snprintf(entry->name, sizeof(entry->name), "%s", name);
    snprintf(entry->sha256, sizeof(entry->sha256), "%s", sha256);
}

void manifest_input(struct manifest *manifest, const char *name, uint64_t size,
                    const char *sha256)
{
    add(&manifest->inputs, name, 0, size, sha256);
}

void manifest_output(struct manifest *manifest, const char *name, uint64_t rows,
                     uint64_t size, const char *sha256)
{
    add(&manifest->outputs, name, rows, size, sha256);
}

static const char *const compressions[] = {
    [SAMPLE_PLAIN] = "none", [SAMPLE_GZ] = "gz", [SAMPLE_ZST] = "zst"};

static void path_of(const struct sample_settings *settings, const char *name,
                    char path[4096])
{
    snprintf(path, 4096, "%s/%s", settings->out, name);
}

/* The settings as one object: what tells one sample from another. */
static void settings_write(const struct sample_settings *settings, struct out *out)
{
    out_format(out,
               "  \"spec\": \"%s\",\n  \"day\": \"%s\",\n  \"preset\": \"%s\",\n"
               "  \"seed\": \"%" PRIu64 "\",\n  \"workforce\": %" PRIu64 ",\n"
               "  \"mentions\": %" PRIu64 ",\n  \"compress\": \"%s\",\n",
               SAMPLE_SPEC, SAMPLE_DAY, settings->preset, settings->seed,
               settings->workforce, settings->mentions,
               compressions[settings->compress]);
}

static void entries_write(const char *title, const struct entries *entries, bool rows,
                          struct out *out)
{
    out_format(out, "  \"%s\": [", title);
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->list[i];

        out_format(out, "%s\n    {\"name\": ", i ? "," : "");
        out_json(out, str_of(entry->name));
        if (rows)
            out_format(out, ", \"rows\": %" PRIu64, entry->rows);
        out_format(out, ", \"bytes\": %" PRIu64 ", \"sha256\": \"%s\"}", entry->size,
                   entry->sha256);
    }
    out_text(out, "\n  ]");
}

/* Numbers of the summary by name: written, and read again when all is there. */
static const struct {
    const char *name;
    size_t at;
} numbers[] = {
    {"workforce_rows",   offsetof(struct sample_summary, workforce_rows)  },
    {"workforce_people", offsetof(struct sample_summary, workforce_people)},
    {"mentions",         offsetof(struct sample_summary, mentions)        },
    {"people_mentioned", offsetof(struct sample_summary, people_mentioned)},
    {"parts",            offsetof(struct sample_summary, parts)           },
    {"true_pairs",       offsetof(struct sample_summary, true_pairs)      },
    {"lookalike_pairs",  offsetof(struct sample_summary, lookalike_pairs) },
    {"T0",               offsetof(struct sample_summary, class_people[0]) },
    {"T1",               offsetof(struct sample_summary, class_people[1]) },
    {"T2",               offsetof(struct sample_summary, class_people[2]) },
    {"T3",               offsetof(struct sample_summary, class_people[3]) },
    {"T4",               offsetof(struct sample_summary, class_people[4]) },
    {"T5",               offsetof(struct sample_summary, class_people[5]) },
    {"bytes",            offsetof(struct sample_summary, bytes)           },
};

bool manifest_write(const struct manifest *manifest,
                    const struct sample_summary *summary, struct err *err)
{
    char path[4096];
    struct out *out;

    path_of(manifest->settings, "manifest.json", path);
    if (!out_open(path, &out, err))
        return false;
    out_text(out, "{\n");
    settings_write(manifest->settings, out);
    out_text(out, "  \"counts\": {");
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint64_t value;

        memcpy(&value, (const char *)summary + numbers[i].at, sizeof(value));
        out_format(out, "%s\"%s\": %" PRIu64, i ? ", " : "", numbers[i].name, value);
    }
    out_text(out, "},\n");
    entries_write("inputs", &manifest->inputs, false, out);
    out_text(out, ",\n");
    entries_write("outputs", &manifest->outputs, true, out);
    out_text(out, "\n}\n");
    return out_commit(out, err);
}

/* ---- what is there already -------------------------------------------------------------- */

static bool text_is(const struct json *document, const char *name, const char *wanted)
{
    const char *text = json_text(json_get(document, name));

    return text && strcmp(text, wanted) == 0;
}

static bool number_is(const struct json *document, const char *name, uint64_t wanted)
{
    return json_number(json_get(document, name), -1) == (double)wanted;
}

static bool same_settings(const struct json *document,
                          const struct sample_settings *settings)
{
    char seed[32];

    snprintf(seed, sizeof(seed), "%" PRIu64, settings->seed);
    return text_is(document, "spec", SAMPLE_SPEC) &&
           text_is(document, "preset", settings->preset) &&
           text_is(document, "seed", seed) &&
           text_is(document, "compress", compressions[settings->compress]) &&
           number_is(document, "workforce", settings->workforce) &&
           number_is(document, "mentions", settings->mentions);
}

static bool outputs_there(const struct json *document,
                          const struct sample_settings *settings)
{
    const struct json *outputs = json_get(document, "outputs");
    char path[4096];
    struct stat stat_buffer;

    for (size_t i = 0; i < json_count(outputs); i++) {
        const struct json *entry = json_at(outputs, i);
        const char *name = json_text(json_get(entry, "name"));

        if (!name)
            return false;
        path_of(settings, name, path);
        if (stat(path, &stat_buffer) != 0 ||
            !number_is(entry, "bytes", (uint64_t)stat_buffer.st_size))
            return false;
    }
    return json_count(outputs) > 0;
}

static void read_summary(const struct json *document, struct sample_summary *summary)
{
    const struct json *counts = json_get(document, "counts");

    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint64_t value = (uint64_t)json_number(json_get(counts, numbers[i].name), 0);

        memcpy((char *)summary + numbers[i].at, &value, sizeof(value));
    }
}

bool manifest_look(const struct sample_settings *settings, bool *same,
                   struct sample_summary *summary, struct err *err)
{
    struct json *document;
    char path[4096];

    *same = false;
    path_of(settings, "manifest.json", path);
    if (settings->force || access(path, F_OK) != 0)
        return true;
    if (!json_read(path, &document, err))
        return err_in(err, "the folder holds something else");
    bool settled = same_settings(document, settings);

    *same = settled && outputs_there(document, settings);
    if (*same)
        read_summary(document, summary);
    json_free(document);
    if (settled) /* the same sample with a file missing is simply made again */
        return true;
    return err_set(err, ERR_USAGE,
                   "%s holds another sample; choose another folder or use --force",
                   settings->out);
}

/* Only plain names of ours: a manifest is a file that anybody can have written. */
static bool our_name(const char *name)
{
    static const char *const names[] = {"workforce.csv", "groups.csv", "truth.csv",
                                        "lookalikes.csv"};

    if (strchr(name, '/'))
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return strncmp(name, "intelligence-", 13) == 0 && strstr(name, ".csv");
}

bool manifest_clear(const struct sample_settings *settings, struct err *err)
{
    struct json *document;
    struct err ignored;
    char path[4096], other[4096];

    path_of(settings, "manifest.json", path);
    if (access(path, F_OK) != 0)
        return true;
    if (json_read(path, &document, &ignored)) {
        const struct json *outputs = json_get(document, "outputs");

        for (size_t i = 0; i < json_count(outputs); i++) {
            const char *name = json_text(json_get(json_at(outputs, i), "name"));

            if (!name || !our_name(name))
                continue;
            path_of(settings, name, other);
            unlink(other);
        }
        json_free(document);
    }
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    return err_set(err, ERR_ENVIRONMENT, "cannot remove %s: %s", path, strerror(errno));
}
