#include "cli/cli.h"
#include "workforce/workforce.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct option options[] = {
    {"store",        "URL",  OPTION_TEXT, true,  NULL, NULL, "a file, or postgres://..."},
    {"key",          "FILE", OPTION_TEXT, false, NULL, NULL,
     "key of a sealed store; else the systemd credential candour-store-key"             },
    {"map",          "FILE", OPTION_TEXT, false, NULL, NULL, "column map (JSON)"        },
    {"force",        "ID",   OPTION_TEXT, false, NULL, NULL,
     "the force whose extract it is, if no column says so"                              },
    {"delta",        NULL,   OPTION_FLAG, false, NULL, NULL,
     "the file holds changes only: nobody leaves by not being in it"                    },
    {"confirm-drop", NULL,   OPTION_FLAG, false, NULL, NULL,
     "take a full extract that lacks 5 % or more of who was here"                       },
    {"rejected",     "FILE", OPTION_TEXT, false, NULL, NULL,
     "where set-aside rows are listed; FILE.rejected.csv if left out"                   },
};

static int32_t day_of_today(void)
{
    time_t now = time(NULL);
    struct tm day;

    if (!localtime_r(&now, &day))
        return 20000101;
    return (day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday;
}

/* ---- what it did ----------------------------------------------------------------------- */

static const struct count {
    const char *name;
    size_t at;
} counts[] = {
    {"rows",      offsetof(struct workforce_force, rows)     },
    {"before",    offsetof(struct workforce_force, before)   },
    {"joined",    offsetof(struct workforce_force, joined)   },
    {"changed",   offsetof(struct workforce_force, changed)  },
    {"left",      offsetof(struct workforce_force, left)     },
    {"unchanged", offsetof(struct workforce_force, unchanged)},
    {"after",     offsetof(struct workforce_force, after)    },
    {"missing",   offsetof(struct workforce_force, missing)  },
    {"kept",      offsetof(struct workforce_force, kept)     },
};

static uint64_t count_at(const struct workforce_force *force, const struct count *count)
{
    uint64_t number;

    memcpy(&number, (const char *)force + count->at, sizeof(number));
    return number;
}

static bool has_gap(const struct workforce_force *force)
{
    return force->absent || force->fields_gone[0] || force->kept;
}

static void force_json(const struct workforce_force *force)
{
    fputs("{\"force\": ", stdout);
    json_string(stdout, force->id);
    for (size_t i = 0; i < COUNT(counts); i++)
        printf(", \"%s\": %llu", counts[i].name,
               (unsigned long long)count_at(force, &counts[i]));
    printf(", \"absent\": %s, \"fields_gone\": ", force->absent ? "true" : "false");
    json_string(stdout, force->fields_gone);
    fputs("}", stdout);
}

static void report_json(const struct workforce_report *report, const char *rejected)
{
    printf("{\"command\": \"import workforce\", \"rows\": %llu, \"set_aside\": %llu, "
           "\"rejected\": ",
           (unsigned long long)report->rows, (unsigned long long)report->set_aside);
    if (report->complaints)
        json_string(stdout, rejected);
    else
        fputs("null", stdout);
    fputs(", \"forces\": [", stdout);
    for (size_t i = 0; i < report->force_count; i++) {
        fputs(i ? ", " : "", stdout);
        force_json(&report->forces[i]);
    }
    fputs("]}\n", stdout);
}

static void gaps_text(const struct workforce_force *force)
{
    char number[32];

    if (force->absent)
        printf("  gap: force %s has %s people and no row in this extract\n", force->id,
               number_text(force->before, number));
    if (force->fields_gone[0])
        printf("  gap: force %s: no column any more for %s\n", force->id,
               force->fields_gone);
    if (force->kept)
        printf(
            "  gap: force %s: %s people not named and kept, for rows were set aside\n",
            force->id, number_text(force->kept, number));
}

static void report_text(const struct workforce_report *report, const char *rejected)
{
    static const size_t shown = 7; /* missing and kept show as gaps */
    char number[32];

    for (size_t c = 0; c < shown; c++) {
        uint64_t sum = 0;

        for (size_t i = 0; i < report->force_count; i++)
            sum += count_at(&report->forces[i], &counts[c]);
        printf("  %-12s %14s\n", counts[c].name, number_text(sum, number));
    }
    printf("  %-12s %14s\n", "set aside", number_text(report->set_aside, number));
    for (size_t i = 0; i < report->force_count; i++)
        gaps_text(&report->forces[i]);
    if (report->complaints)
        printf("  %-12s %s\n", "set aside in", rejected);
}

/* ---- the command --------------------------------------------------------------------------- */

static bool import_into(const struct arguments *arguments,
                        const struct workforce_settings *settings,
                        struct workforce_report *report, struct err *err)
{
    struct store *store;

    if (!store_open(argument_text(arguments, "store"), STORE_USE, &store, err))
        return false;
    bool ok = store_unlock(store, argument_text(arguments, "key"), err) &&
              workforce_import(store, settings, report, err);

    store_close(store);
    return ok;
}

static bool import_workforce(const struct arguments *arguments, const char *rejected,
                             int *status, struct err *err)
{
    const struct workforce_settings settings = {
        .path = argument_operand(arguments, 1),
        .map_path = argument_text(arguments, "map"),
        .rejected_path = rejected,
        .force = argument_text(arguments, "force"),
        .delta = argument_flag(arguments, "delta"),
        .confirm_drop = argument_flag(arguments, "confirm-drop"),
        .today = day_of_today(),
    };
    struct workforce_report report = {0};
    bool ok = import_into(arguments, &settings, &report, err);

    *status = report.set_aside > 0;
    for (size_t i = 0; i < report.force_count; i++)
        *status |= has_gap(&report.forces[i]);
    if (ok && argument_flag(arguments, "json"))
        report_json(&report, rejected);
    else if (ok && !argument_flag(arguments, "quiet"))
        report_text(&report, rejected);
    workforce_report_free(&report);
    return ok && result_close(stdout, err);
}

static bool import_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *what = argument_operand(arguments, 0);
    const char *path = argument_operand(arguments, 1);
    const char *rejected = argument_text(arguments, "rejected");
    size_t size = strlen(path) + sizeof(".rejected.csv");
    char *beside = memory_new(1, size);

    snprintf(beside, size, "%s.rejected.csv", path);
    bool ok =
        strcmp(what, "workforce") == 0
            ? import_workforce(arguments, rejected ? rejected : beside, status, err)
            : err_set(err, ERR_USAGE, "cannot import %.40s: want workforce", what);

    free(beside);
    return ok;
}

const struct command command_import = {
    .name = "import",
    .summary = "Brings an extract of the personnel system into a store",
    .text =
        "candour import workforce FILE: CSV or JSON lines, as for wash. One "
        "transaction: all of it or nothing; the same file again changes nothing. A "
        "full "
        "extract says who is here: whoever it does not name has left, unless rows were "
        "set aside, for nobody can say whose they are. One that lacks 5 % or more of "
        "the "
        "people of a force who were here is refused (exit 4) unless --confirm-drop. "
        "Columns that are known besides those of a person: force, staff_type, unit, "
        "role_title, start_date, leave_date. Gaps against the last extract, such as a "
        "force or a column that is not there any more, are listed, and the exit status "
        "is then 1.",
    .example = "candour import workforce hr.csv --store candour.db --key candour.key "
               "--force 01",
    .operands = {{"WHAT", true, "workforce"}, {"FILE", true, "the extract"}},
    .options = options,
    .option_count = COUNT(options),
    .run = import_run,
};
