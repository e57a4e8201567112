#include "store/store.h"
#include "cli/cli.h"

#include <string.h>

static const struct option options[] = {
    {"key",      "FILE", OPTION_TEXT, false, NULL, NULL,
     "key of a sealed store; else the systemd credential candour-store-key"           },
    {"unsealed", NULL,   OPTION_FLAG, false, NULL, NULL,
     "init: keep names and addresses readable in the store"                           },
    {"to",       "FILE", OPTION_TEXT, false, NULL, NULL,
     "backup: the file to write; rotate-key: the new key"                             },
    {"from",     "FILE", OPTION_TEXT, false, NULL, NULL, "restore: the backup to read"},
    {"force",    "ID",   OPTION_TEXT, false, NULL, NULL,
     "restore: only what belongs to this force"                                       },
};

/* What one action was given and what there is to tell about it. */
struct call {
    const struct arguments *arguments;
    const char *url;
    struct store *store;
    bool json, quiet;
    bool faults;
};

static const char *wanted_option(const struct call *call, const char *option,
                                 struct err *err)
{
    const char *text = argument_text(call->arguments, option);

    if (!text)
        err_set(err, ERR_USAGE, "store: --%s FILE is missing", option);
    return text;
}

/* ---- the actions ------------------------------------------------------------------- */

static bool init(struct call *call, struct err *err)
{
    bool unsealed = argument_flag(call->arguments, "unsealed");

    if (!store_init(call->store, argument_text(call->arguments, "key"), unsealed, err))
        return false;
    if (call->json)
        printf("{\"command\": \"store init\", \"schema\": %u, \"sealed\": %s}\n",
               store_version_newest(), unsealed ? "false" : "true");
    else if (!call->quiet)
        printf("  store    %s\n  schema   %u\n  sealed   %s\n",
               store_backend(call->store), store_version_newest(),
               unsealed ? "no: keep it on an encrypted disk" : "yes");
    return true;
}

static bool migrate(struct call *call, struct err *err)
{
    uint32_t before, after;

    if (!store_migrate(call->store, &before, &after, err))
        return false;
    if (call->json)
        printf("{\"command\": \"store migrate\", \"before\": %u, \"after\": %u}\n",
               before, after);
    else if (!call->quiet)
        printf("  schema   %u%s\n", after,
               before == after ? ", as it was" : ", from an earlier one");
    return true;
}

static void fault_show(void *context, const char *fault)
{
    struct call *call = context;

    if (call->json) {
        fputs(call->faults ? ", " : "", stdout);
        json_string(stdout, fault);
    } else {
        printf("  %s\n", fault);
    }
    call->faults = true;
}

/* With a key, cells are opened; without one, their frames are looked at. */
static bool check(struct call *call, struct err *err)
{
    const char *key = argument_text(call->arguments, "key");
    uint32_t version;

    if (!store_version(call->store, &version, err) ||
        (key && !store_unlock(call->store, key, err)))
        return false;
    if (call->json)
        printf("{\"command\": \"store check\", \"schema\": %u, \"faults\": [", version);
    if (!store_check(call->store, fault_show, call, err))
        return false;
    if (call->json)
        fputs("]}\n", stdout);
    else if (!call->quiet && !call->faults)
        printf("  schema   %u\n  faults   none\n", version);
    return true;
}

static void count_show(const struct call *call, const char *action,
                       const struct store_count *count)
{
    char rows[32], bytes[32];

    if (call->json)
        printf("{\"command\": \"store %s\", \"tables\": %llu, \"rows\": %llu, "
               "\"bytes\": %llu}\n",
               action, (unsigned long long)count->tables,
               (unsigned long long)count->rows, (unsigned long long)count->bytes);
    else if (!call->quiet)
        printf("  rows     %14s\n  bytes    %14s\n", number_text(count->rows, rows),
               number_text(count->bytes, bytes));
}

static bool backup(struct call *call, struct err *err)
{
    const char *to = wanted_option(call, "to", err);
    struct store_count count;

    if (!to || !store_backup(call->store, to, &count, err))
        return false;
    count_show(call, "backup", &count);
    return true;
}

static bool restore(struct call *call, struct err *err)
{
    const char *from = wanted_option(call, "from", err);
    struct store_count count;

    if (!from || !store_restore(call->store, from,
                                argument_text(call->arguments, "force"), &count, err))
        return false;
    count_show(call, "restore", &count);
    return true;
}

static bool rotate(struct call *call, struct err *err)
{
    const char *to = wanted_option(call, "to", err);

    return to &&
           store_unlock(call->store, argument_text(call->arguments, "key"), err) &&
           store_rotate_key(call->store, to, err);
}

static const struct action {
    const char *name;
    enum store_mode mode;
    bool (*run)(struct call *call, struct err *err);
} actions[] = {
    {"init",       STORE_NEW,   init   },
    {"migrate",    STORE_OLDER, migrate},
    {"check",      STORE_OLDER, check  },
    {"backup",     STORE_OLDER, backup },
    {"restore",    STORE_NEW,   restore},
    {"rotate-key", STORE_USE,   rotate },
};

static bool action_run(const struct action *action, struct call *call, struct err *err)
{
    if (!store_open(call->url, action->mode, &call->store, err))
        return false;
    bool ok = action->run(call, err);

    store_close(call->store);
    return ok;
}

static bool store_command(const struct arguments *arguments, int *status,
                          struct err *err)
{
    const char *name = argument_operand(arguments, 0);
    struct call call = {
        .arguments = arguments,
        .url = argument_operand(arguments, 1),
        .json = argument_flag(arguments, "json"),
        .quiet = argument_flag(arguments, "quiet"),
    };
    bool ok;

    if (strcmp(name, "new-key") == 0) {
        ok = store_key_new(call.url, err);
    } else {
        const struct action *action = actions;

        while (action < actions + COUNT(actions) && strcmp(action->name, name) != 0)
            action++;
        if (action == actions + COUNT(actions))
            return err_set(err, ERR_USAGE,
                           "no action %.40s: want init, migrate, check, backup, "
                           "restore, new-key or rotate-key",
                           name);
        ok = action_run(action, &call, err);
    }
    *status = call.faults;
    return ok && result_close(stdout, err);
}

const struct command command_store = {
    .name = "store",
    .summary = "Makes, checks, backs up and restores the database",
    .text =
        "URL is a file (SQLite) or postgres://... (PostgreSQL 15 or later; an empty "
        "database for init and restore; keep its password in PGPASSFILE, not in the "
        "URL). Actions:\n"
        "  init        makes the schema in a new place\n"
        "  migrate     brings an earlier schema up; back up first\n"
        "  check       looks at every page, row and rule; exit 1 if there are faults, "
        "each "
        "a line; with --key every sealed cell is opened too\n"
        "  backup      writes one view of everything to --to; nobody waits for it\n"
        "  restore     fills a new place from --from, either kind from either kind\n"
        "  new-key     makes a key file; URL is its name\n"
        "  rotate-key  from --key to the key in --to; as quick for a large store",
    .example = "candour store init candour.db --key candour.key",
    .operands = {{"ACTION", true,
                  "init, migrate, check, backup, restore, new-key or rotate-key"},
                 {"URL", true, "the store"}},
    .options = options,
    .option_count = COUNT(options),
    .run = store_command,
};
