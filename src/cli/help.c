/*
 * Help for people at a terminal: the list of commands, and one command's page.
 */
#include "cli/cli.h"

#include <string.h>

enum { LABEL_WIDTH = 28, LINE_WIDTH = 80 };

const struct option common_options[] = {
    {"config", "FILE", OPTION_TEXT, false, NULL, NULL,
     "take options from a JSON file: {\"wash\": {\"threads\": 2}}"                 },
    {"json",   NULL,   OPTION_FLAG, false, NULL, NULL, "result as JSON"            },
    {"quiet",  NULL,   OPTION_FLAG, false, NULL, NULL, "no progress and no summary"},
    {"help",   NULL,   OPTION_FLAG, false, NULL, NULL, "show this page"            },
};

const size_t common_option_count = COUNT(common_options);

const struct command *command_named(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* Writes words from column `at` on, and goes on at `indent` where the line is full. */
static void wrapped(FILE *to, const char *text, size_t at, size_t indent)
{
    bool first = true;

    for (size_t len; *text; text += len) {
        len = strcspn(text, " \n");
        if (!first && at + 1 + len > LINE_WIDTH) {
            fprintf(to, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        at += len + !first;
        fprintf(to, "%s%.*s", first ? "" : " ", (int)len, text);
        first = false;
        for (; text[len] == '\n' || text[len] == ' '; len++) {
            if (text[len] == ' ')
                continue;
            fputc('\n', to);
            at = 0;
            first = true;
        }
    }
    fputc('\n', to);
}

static void labelled(FILE *to, const char *label, const char *text)
{
    int used = fprintf(to, "  %s", label);

    if (used > LABEL_WIDTH - 2) {
        fputc('\n', to);
        used = 0;
    }
    fprintf(to, "%*s", LABEL_WIDTH - used, "");
    wrapped(to, text, LABEL_WIDTH, LABEL_WIDTH);
}

void help_program(FILE *to)
{
    fputs(
        "Candour screens a whole workforce against intelligence records, exactly, and "
        "\nsays why for every pair it finds.\n\nUsage: candour COMMAND [OPTIONS]\n\n"
        "Commands:\n",
        to);
    for (size_t i = 0; commands[i]; i++)
        labelled(to, commands[i]->name, commands[i]->summary);
    fputs("\nOptions of every command:\n", to);
    for (size_t i = 0; i < common_option_count; i++) {
        char label[64];

        snprintf(label, sizeof(label), "--%s%s%s", common_options[i].name,
                 common_options[i].argument ? " " : "",
                 common_options[i].argument ? common_options[i].argument : "");
        labelled(to, label, common_options[i].help);
    }
    fputs("\nStart with:\n"
          "  candour sample --preset unit --out sample\n"
          "  candour wash --workforce sample/workforce.csv \\\n"
          "      --intelligence sample/intelligence-0001.csv --out hits.csv \\\n"
          "      --report report.html\n\n"
          "candour COMMAND --help says more about one of them.\n",
          to);
}

/* " --threshold P" as in a usage line: required bare, others in brackets. */
static void usage_option(const struct option *option, FILE *to)
{
    fprintf(to, option->required ? " --%s" : " [--%s", option->name);
    if (option->argument)
        fprintf(to, " %s%s", option->argument,
                option->kind == OPTION_LIST ? "..." : "");
    if (!option->required)
        fputc(']', to);
}

static void usage_line(const struct command *command, FILE *to)
{
    fprintf(to, "candour %s", command->name);
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name; i++)
        fprintf(to, command->operands[i].required ? " %s" : " [%s]",
                command->operands[i].name);
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].required)
            usage_option(&command->options[i], to);
    fputs(" [OPTIONS]", to);
}

static void option_line(const struct option *option, FILE *to)
{
    char label[64], text[512];

    snprintf(label, sizeof(label), "--%s%s%s%s", option->name,
             option->argument ? " " : "", option->argument ? option->argument : "",
             option->kind == OPTION_LIST ? "..." : "");
    snprintf(text, sizeof(text), "%s%s%s%s%s%s", option->help,
             option->choices ? ": " : "", option->choices ? option->choices : "",
             option->fallback   ? " (default "
             : option->required ? " (required)"
                                : "",
             option->fallback ? option->fallback : "", option->fallback ? ")" : "");
    labelled(to, label, text);
}

void help_command(const struct command *command, FILE *to)
{
    const struct option *option;

    fputs("Usage: ", to);
    usage_line(command, to);
    fputs("\n\n", to);
    wrapped(to, command->summary, 0, 0);
    fputc('\n', to);
    wrapped(to, command->text, 0, 0);
    if (command->operands[0].name)
        fputc('\n', to);
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name; i++)
        labelled(to, command->operands[i].name, command->operands[i].help);
    fputs("\nOptions:\n", to);
    for (size_t i = 0; (option = command_option(command, i)) != NULL; i++)
        option_line(option, to);
    fprintf(to, "\nExample:\n  %s\n", command->example);
    fputs("\nExit: 0 done, 1 done with set-aside rows or findings, 2 wrong use,\n"
          "3 input unusable, 4 refused, 5 environment (disk, memory, interrupted).\n",
          to);
}
