/*
 * candour ledger: what the ledger shows. Works on exports and proofs as files, so that
 * it can be run where the store is not.
 */
#include "ledger/ledger.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct option options[] = {
    {"key",        "HEX",  OPTION_TEXT,   false, NULL, NULL,
     "verify, prove: the first key of the ledger, as it was published; of a proof, the "
     "key "
     "that its last checkpoint should have"                                               },
    {"checkpoint", "FILE", OPTION_LIST,   false, NULL, NULL,
     "verify, prove: checkpoints that somebody else kept"                                 },
    {"entry",      "N",    OPTION_NUMBER, false, NULL, NULL,
     "prove: that entry N is covered by the last checkpoint"                              },
    {"since",      "SIZE", OPTION_NUMBER, false, NULL, NULL,
     "prove: that the last checkpoint covers all that the one of SIZE entries did"        },
    {"out",        "FILE", OPTION_TEXT,   false, "-",  NULL, "prove: where the proof goes"},
};

enum {
    NOTE_FILE_MAX = 1 << 16
}; /* a checkpoint with the signatures of its witnesses */

/* ---- what is trusted -------------------------------------------------------------------- */

struct trusted {
    struct ledger_trust trust;
    struct ledger_checkpoint *checkpoints;
    uint8_t key[LEDGER_KEY_SIZE];
};

static bool note_read(const char *path, struct ledger_checkpoint *checkpoint,
                      struct err *err)
{
    static const char wrong[] = "%s: want a checkpoint as the ledger signed it";
    FILE *file = fopen(path, "re");

    if (!file)
        return err_set(err, ERR_NOT_FOUND, "cannot read the checkpoint %s: %s", path,
                       strerror(errno));

    char *text = memory_new(NOTE_FILE_MAX, 1);
    size_t size = fread(text, 1, NOTE_FILE_MAX, file);
    bool ok = !ferror(file) && size < NOTE_FILE_MAX;

    fclose(file);
    if (!ok)
        err_set(err, ERR_INPUT, wrong, path);
    else if (!ledger_checkpoint_read((struct str){text, size}, checkpoint, err))
        ok = err_in(err, wrong, path);
    free(text);
    return ok;
}

static bool trusted_read(const struct arguments *arguments, struct trusted *trusted,
                         struct err *err)
{
    const char *key = argument_text(arguments, "key");
    size_t count;
    const char *const *paths = argument_list(arguments, "checkpoint", &count);

    *trusted = (struct trusted){0};
    if (key && !ledger_key_read(str_of(key), trusted->key))
        return err_set(err, ERR_USAGE, "--key: want a public key, 64 hex digits");
    trusted->trust.key = key ? trusted->key : NULL;
    if (count == 0)
        return true;
    trusted->checkpoints = memory_new(count, sizeof(*trusted->checkpoints));
    trusted->trust.checkpoints = trusted->checkpoints;
    trusted->trust.checkpoint_count = count;
    for (size_t i = 0; i < count; i++)
        if (!note_read(paths[i], &trusted->checkpoints[i], err))
            return false;
    return true;
}

/* ---- verify --------------------------------------------------------------------------------- */

/* What a checkpoint says, in the words of both forms of the result. */
struct said {
    char root[65], key[65], time[28];
};

static struct said said_by(const struct ledger_checkpoint *checkpoint)
{
    struct said said = {.root = ""};

    ledger_hash_text(&checkpoint->root, said.root);
    ledger_key_text(checkpoint->key, said.key);
    ledger_time_text(checkpoint->time, said.time);
    return said;
}

static void export_text(const struct ledger_verified *verified, size_t kept, FILE *to)
{
    struct said last = said_by(&verified->last);
    char key[65], number[32];

    ledger_key_text(verified->first_key, key);
    fprintf(to, "proven: %s, entries %llu to %llu (%s)\n", verified->name,
            (unsigned long long)verified->from, (unsigned long long)verified->size - 1,
            number_text(verified->size - verified->from, number));
    fprintf(to, "last checkpoint: %s, root %s\n", last.time, last.root);
    fprintf(to, "key at the beginning: %s\n", key);
    fprintf(to, "kept checkpoints met: %llu of %zu\n",
            (unsigned long long)verified->trusted, kept);
    if (verified->clock_back)
        fprintf(to, "the clock went back %llu times, first before entry %llu\n",
                (unsigned long long)verified->clock_back,
                (unsigned long long)verified->clock_back_first);
}

static void export_json(const struct ledger_verified *verified, size_t kept, FILE *to)
{
    struct said last = said_by(&verified->last);
    char key[65];

    ledger_key_text(verified->first_key, key);
    fprintf(to,
            "{\"proven\": true, \"ledger\": \"%s\", \"from\": %llu, \"size\": %llu, ",
            verified->name, (unsigned long long)verified->from,
            (unsigned long long)verified->size);
    fprintf(to, "\"checkpoints\": %llu, \"keys_named\": %llu, \"first_key\": \"%s\", ",
            (unsigned long long)verified->checkpoints,
            (unsigned long long)verified->keys, key);
    fprintf(to, "\"time\": \"%s\", \"root\": \"%s\", \"key\": \"%s\", ", last.time,
            last.root, last.key);
    fprintf(to, "\"kept\": %zu, \"kept_met\": %llu, \"clock_back\": %llu}\n", kept,
            (unsigned long long)verified->trusted,
            (unsigned long long)verified->clock_back);
}

static void proof_text(const struct ledger_proved *proved, FILE *to)
{
    const struct ledger_entry *entry = &proved->entry;
    struct said last = said_by(&proved->last);
    char time[28];

    if (proved->kind == LEDGER_INCLUSION) {
        ledger_time_text(entry->time, time);
        fprintf(to, "proven: entry %llu of %s: %s %s %s %s, %s\n",
                (unsigned long long)entry->seq, proved->last.name, entry->who,
                entry->action, entry->kind, entry->id, time);
    } else {
        fprintf(to,
                "proven: all %llu entries of the earlier checkpoint of %s stand "
                "unchanged in the later one\n",
                (unsigned long long)proved->old.size, proved->last.name);
    }
    fprintf(to, "checkpoint: %llu entries, %s, signed with %s\n",
            (unsigned long long)proved->last.size, last.time, last.key);
    fprintf(to, "kept checkpoints met: %llu\n", (unsigned long long)proved->trusted);
}

static void proof_json(const struct ledger_proved *proved, FILE *to)
{
    struct said last = said_by(&proved->last);
    bool inclusion = proved->kind == LEDGER_INCLUSION;

    fprintf(to,
            "{\"proven\": true, \"ledger\": \"%s\", \"proof\": \"%s\", \"%s\": %llu, ",
            proved->last.name, inclusion ? "inclusion" : "consistency",
            inclusion ? "entry" : "old",
            (unsigned long long)(inclusion ? proved->entry.seq : proved->old.size));
    fprintf(to, "\"size\": %llu, \"time\": \"%s\", \"root\": \"%s\", \"key\": \"%s\", ",
            (unsigned long long)proved->last.size, last.time, last.root, last.key);
    fprintf(to, "\"kept_met\": %llu}\n", (unsigned long long)proved->trusted);
}

/* That something was altered is a finding, not a failure: it is the result. */
static void not_proven(const struct err *err, bool json, FILE *to)
{
    if (!json) {
        fprintf(to, "NOT PROVEN: %s\n", err->text);
        return;
    }
    fprintf(to, "{\"proven\": false, \"problem\": ");
    json_string(to, err->text);
    fprintf(to, "}\n");
}

struct watching {
    struct shown shown;
    uint64_t done, all; /* bytes; all is 0 where nobody knows */
};

static bool entry_seen(void *context, const struct ledger_entry *entry, struct str line,
                       const struct ledger_hash *hash, struct err *err)
{
    struct watching *watching = context;

    (void)hash;
    (void)err;
    watching->done += line.len + 1;
    if (entry->seq % 4096 == 0)
        shown_share(&watching->shown, "bytes", watching->done, watching->all);
    return true;
}

static uint64_t file_size(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (uint64_t)about.st_size
                                                             : 0;
}

static bool export_verify(const struct arguments *arguments,
                          const struct ledger_lines *lines,
                          const struct trusted *trusted,
                          struct ledger_verified *verified, struct err *err)
{
    struct watching watching = {.all = file_size(argument_operand(arguments, 1))};
    const struct ledger_visit visit = {&watching, entry_seen, NULL};

    shown_open(&watching.shown, argument_flag(arguments, "quiet"));

    bool ok = ledger_verify(lines, &trusted->trust, &visit, verified, err);

    shown_close(&watching.shown);
    return ok;
}

static bool lines_verify(const struct arguments *arguments,
                         const struct ledger_lines *lines,
                         const struct trusted *trusted, FILE *to, struct err *err)
{
    bool json = argument_flag(arguments, "json");
    struct ledger_verified verified;
    struct ledger_proved proved;

    if (ledger_lines_are_proof(lines)) {
        if (!ledger_proof_check(lines, &trusted->trust, &proved, err))
            return false;
        json ? proof_json(&proved, to) : proof_text(&proved, to);
        return true;
    }
    if (!export_verify(arguments, lines, trusted, &verified, err))
        return false;
    (json ? export_json : export_text)(&verified, trusted->trust.checkpoint_count, to);
    if (!json && !trusted->trust.key && !trusted->trust.checkpoint_count)
        fprintf(to, "neither --key nor --checkpoint: it agrees with itself, no more\n");
    return true;
}

static bool verify_run(const struct arguments *arguments, const struct trusted *trusted,
                       int *status, struct err *err)
{
    FILE *to = result_open(false);
    struct ledger_lines lines;

    if (!ledger_lines_open(argument_operand(arguments, 1), &lines, err))
        return false;

    bool ok = lines_verify(arguments, &lines, trusted, to, err);

    ledger_lines_close(&lines);
    if (!ok && err->code == ERR_INPUT) {
        not_proven(err, argument_flag(arguments, "json"), to);
        *status = 1;
        ok = true;
    }
    return ok && result_close(to, err);
}

/* ---- prove ------------------------------------------------------------------------------------ */

static bool prove_run(const struct arguments *arguments, const struct trusted *trusted,
                      int *status, struct err *err)
{
    bool entry = argument_text(arguments, "entry") != NULL;
    bool since = argument_text(arguments, "since") != NULL;
    struct out *out;

    *status = 0;
    if (entry == since)
        return err_set(err, ERR_USAGE, "prove: want either --entry N or --since SIZE");
    if (!out_open(argument_text(arguments, "out"), &out, err))
        return false;
    if (ledger_prove_export(argument_operand(arguments, 1),
                            entry ? LEDGER_INCLUSION : LEDGER_CONSISTENCY,
                            argument_number(arguments, entry ? "entry" : "since"),
                            &trusted->trust, out, err))
        return out_commit(out, err);
    out_abandon(out);
    return false;
}

/* ---- key ---------------------------------------------------------------------------------------- */

static bool key_run(const struct arguments *arguments, const struct trusted *trusted,
                    int *status, struct err *err)
{
    const char *path = argument_operand(arguments, 1);
    FILE *to = result_open(false);
    struct ledger_key *key;
    char text[65];

    (void)trusted;
    *status = 0;
    if (!ledger_key_create(path, err) || !ledger_key_open(path, &key, err))
        return false;
    ledger_key_text(ledger_key_public(key), text);
    ledger_key_close(key);
    if (argument_flag(arguments, "json"))
        fprintf(to, "{\"key\": \"%s\"}\n", text);
    else
        fprintf(to, "%s\n", text);
    return result_close(to, err);
}

/* ---- the command --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*run)(const struct arguments *arguments, const struct trusted *trusted,
                int *status, struct err *err);
} ways[] = {
    {"verify", verify_run},
    {"prove",  prove_run },
    {"key",    key_run   },
};

static bool ledger_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *asked = argument_operand(arguments, 0);
    struct trusted trusted;

    *status = 0;
    for (size_t i = 0; i < COUNT(ways); i++) {
        if (strcmp(asked, ways[i].name) != 0)
            continue;

        bool ok = trusted_read(arguments, &trusted, err) &&
                  ways[i].run(arguments, &trusted, status, err);

        free(trusted.checkpoints);
        return ok;
    }
    return err_set(err, ERR_USAGE, "want verify, prove or key, not %.40s", asked);
}

const struct command command_ledger = {
    .name = "ledger",
    .summary = "Verifies who read and wrote what, from an export, without the store",
    .text =
        "verify reads an export of a ledger, or a proof, and says whether anything in "
        "it "
        "was changed, left out, moved or added since it was signed. That is the result "
        "and goes to standard output; the exit status is then 1. Without --key or "
        "--checkpoint from somebody other than who gave the file it can only show that "
        "the file agrees with itself.\n\n"
        "prove writes a proof that can be given to others without the rest of the "
        "ledger: that one entry is covered by the last checkpoint (--entry), or that "
        "an "
        "earlier checkpoint is (--since).\n\n"
        "key makes a key file that signs, for its owner alone, and prints the public "
        "key. "
        "Publish that one.\n\n"
        "The format is in docs/ledger-format.md. tools/verify-ledger (installed as "
        "candour-verify) checks the same and shares nothing with this program.",
    .example = "candour ledger verify ledger.jsonl --checkpoint kept-in-march.txt",
    .operands = {{"WHAT", true, "verify, prove or key"},
                 {"FILE", true, "the export or proof; for key, the file to make"}},
    .options = options,
    .option_count = COUNT(options),
    .run = ledger_run,
};
