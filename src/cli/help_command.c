#include "cli/cli.h"

static const struct option options[] = {
    {"man",        NULL,    OPTION_FLAG, false, NULL, NULL,   "print the man page (groff)"},
    {"markdown",   NULL,    OPTION_FLAG, false, NULL, NULL,
     "print all commands as Markdown"                                                     },
    {"completion", "SHELL", OPTION_TEXT, false, NULL, "bash",
     "print a completion for the shell"                                                   },
};

static bool help_run(const struct arguments *arguments, int *status, struct err *err)
{
    const char *name = argument_operand(arguments, 0);
    const struct command *command = name ? command_named(name) : NULL;

    *status = 0;
    if (name && !command)
        return err_set(err, ERR_USAGE,
                       "there is no command %.40s; candour help lists them", name);
    if (argument_flag(arguments, "man"))
        help_man(stdout);
    else if (argument_flag(arguments, "markdown"))
        help_markdown(stdout);
    else if (argument_text(arguments, "completion"))
        help_bash(stdout);
    else if (command)
        help_command(command, stdout);
    else
        help_program(stdout);
    return result_close(stdout, err);
}

const struct command command_help = {
    .name = "help",
    .summary = "Says what candour and its commands do",
    .text = "Without a command, lists the commands. The man page, the completion and "
            "docs/commands.md are printed from the same tables that read the command "
            "line, so they cannot disagree with it.",
    .example = "candour help --man > candour.1",
    .operands = {{"COMMAND", false, "the command to explain"}},
    .options = options,
    .option_count = COUNT(options),
    .run = help_run,
};
