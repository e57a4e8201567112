/*
 * The tables as a man page (groff), as Markdown for docs/commands.md and as a bash
 * completion. Each is one walk through the commands.
 */
#include "cli/cli.h"

#include <string.h>

#define EXITS                                                                          \
    "0 done; 1 done with set-aside rows or findings; 2 wrong use; 3 input unusable; "  \
    "4 refused; 5 environment (disk, memory, interrupted)"

/* ---- man page ------------------------------------------------------------------------ */

/* Escapes what groff takes for itself: backslash, dash, a dot or quote at the start. */
static void man_text(FILE *to, const char *text)
{
    bool start = true;

    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", to);
        start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", to);
        else if (*text == '-')
            fputs("\\-", to);
        else if (start && text[1] == '\n')
            fputs("\n.PP", to);
        else
            fputc(*text, to);
    }
}

static void man_option(FILE *to, const struct option *option)
{
    fputs(".TP\n\\fB\\-\\-", to);
    man_text(to, option->name);
    fputs("\\fR", to);
    if (option->argument)
        fprintf(to, " \\fI%s\\fR%s", option->argument,
                option->kind == OPTION_LIST ? " ..." : "");
    fputc('\n', to);
    man_text(to, option->help);
    if (option->choices)
        fprintf(to, ": %s", option->choices);
    if (option->required)
        fputs(" (required)", to);
    if (option->fallback) {
        fputs(" (default ", to);
        man_text(to, option->fallback);
        fputc(')', to);
    }
    fputc('\n', to);
}

static void man_command(FILE *to, const struct command *command)
{
    fprintf(to, ".SH CANDOUR %s\n", command->name);
    man_text(to, command->summary);
    fputs("\n.PP\n", to);
    man_text(to, command->text);
    fputc('\n', to);
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name; i++) {
        fprintf(to, ".TP\n\\fI%s\\fR\n", command->operands[i].name);
        man_text(to, command->operands[i].help);
        fputc('\n', to);
    }
    for (size_t i = 0; i < command->option_count; i++)
        man_option(to, &command->options[i]);
    fputs(".PP\nExample:\n.PP\n.nf\n", to);
    man_text(to, command->example);
    fputs("\n.fi\n", to);
}

void help_man(FILE *to)
{
    fputs(".TH CANDOUR 1 \"\" \"candour " CANDOUR_VERSION "\" \"User Commands\"\n"
          ".SH NAME\ncandour \\- screen a workforce against intelligence records\n"
          ".SH SYNOPSIS\n\\fBcandour\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
          ".SH DESCRIPTION\n"
          "Candour compares every person of a workforce with every person named in "
          "intelligence records, and lists each pair that could be the same person, "
          "with the evidence. Data goes to standard output or to \\fB\\-\\-out\\fR, "
          "progress and messages to standard error.\n",
          to);
    for (size_t i = 0; commands[i]; i++)
        man_command(to, commands[i]);
    fputs(".SH OPTIONS OF EVERY COMMAND\n", to);
    for (size_t i = 0; i < common_option_count; i++)
        man_option(to, &common_options[i]);
    fputs(
        ".SH ENVIRONMENT\nEvery option can be set as \\fBCANDOUR_\\fR and its name in "
        "capitals with _ for \\-, such as \\fBCANDOUR_MAP_WORKFORCE\\fR; values of a "
        "list are parted by colons. The command line comes first, then the "
        "environment, then the config file.\n.SH EXIT STATUS\n" EXITS ".\n",
        to);
}

/* ---- Markdown --------------------------------------------------------------------------- */

static void markdown_cell(FILE *to, const char *text)
{
    for (; *text; text++)
        fprintf(to, *text == '|' ? "\\%c" : "%c", *text);
}

static void markdown_option(FILE *to, const struct option *option)
{
    fprintf(to, "| `--%s%s%s%s` | ", option->name, option->argument ? " " : "",
            option->argument ? option->argument : "",
            option->kind == OPTION_LIST ? "..." : "");
    markdown_cell(to, option->help);
    if (option->choices) {
        fputs(": ", to);
        markdown_cell(to, option->choices);
    }
    fprintf(to, " | %s%s%s |\n", option->fallback ? "`" : "",
            option->fallback   ? option->fallback
            : option->required ? "required"
                               : "",
            option->fallback ? "`" : "");
}

static void markdown_options(FILE *to, const struct option *options, size_t count)
{
    fputs("| option | meaning | default |\n|---|---|---|\n", to);
    for (size_t i = 0; i < count; i++)
        markdown_option(to, &options[i]);
    fputc('\n', to);
}

static void markdown_command(FILE *to, const struct command *command)
{
    fprintf(to, "## candour %s\n\n%s\n\n%s\n\n", command->name, command->summary,
            command->text);
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name; i++)
        fprintf(to, "- `%s`: %s\n", command->operands[i].name,
                command->operands[i].help);
    if (command->operands[0].name)
        fputc('\n', to);
    if (command->option_count)
        markdown_options(to, command->options, command->option_count);
    fprintf(to, "```\n%s\n```\n\n", command->example);
}

void help_markdown(FILE *to)
{
    fputs("# Commands\n\n"
          "Written by `candour help --markdown` from the tables that the parser "
          "reads.\n\n",
          to);
    for (size_t i = 0; commands[i]; i++)
        markdown_command(to, commands[i]);
    fputs("## Options of every command\n\n", to);
    markdown_options(to, common_options, common_option_count);
    fputs("Exit status: " EXITS ".\n", to);
}

/* ---- bash completion ---------------------------------------------------------------------- */

static void bash_words(FILE *to, const struct command *command)
{
    const struct option *option;

    fprintf(to, "        %s) words=\"", command->name);
    for (size_t i = 0; (option = command_option(command, i)) != NULL; i++)
        fprintf(to, "%s--%s", i ? " " : "", option->name);
    fputs("\" ;;\n", to);
}

static void bash_choices(FILE *to, const struct command *command)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];

        if (!option->choices)
            continue;
        fprintf(to, "        %s:--%s) words=\"", command->name, option->name);
        for (const char *at = option->choices; *at; at++)
            fputc(*at == '|' ? ' ' : *at, to);
        fputs("\" ;;\n", to);
    }
}

void help_bash(FILE *to)
{
    fputs("# bash completion for candour: made by `candour help --completion bash`\n"
          "_candour()\n{\n"
          "    local word=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        words=\"--help --version",
          to);
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, " %s", commands[i]->name);
    fputs("\"\n        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "        return\n    fi\n"
          "    case \"${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD-1]}\" in\n",
          to);
    for (size_t i = 0; commands[i]; i++)
        bash_choices(to, commands[i]);
    fputs("    esac\n"
          "    if [ -z \"$words\" ] && [[ $word == -* ]]; then\n"
          "        case \"${COMP_WORDS[1]}\" in\n",
          to);
    for (size_t i = 0; commands[i]; i++)
        bash_words(to, commands[i]);
    fputs("        esac\n    fi\n"
          "    if [ -n \"$words\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
          "    else\n"
          "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
          "    fi\n}\n"
          "complete -o filenames -F _candour candour\n",
          to);
}
