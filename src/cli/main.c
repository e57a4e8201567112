/*
 * The program: picks the command, reads its words, runs it, turns an error into one
 * line and an exit status.
 */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

static const char *environment_of_process(const char *name)
{
    return getenv(name);
}

static int fail(const struct err *err, const char *command)
{
    fflush(stdout);
    if (command)
        fprintf(stderr, "candour %s: %s\n", command, err->text);
    else
        fprintf(stderr, "candour: %s\n", err->text);
    return err_exit(err->code);
}

static int unknown_command(const char *name)
{
    const char *names[32];
    size_t count = 0;
    struct err err;

    while (count < COUNT(names) && commands[count]) {
        names[count] = commands[count]->name;
        count++;
    }
    const char *nearest = nearest_name(name, names, count);

    if (nearest)
        err_set(&err, ERR_USAGE, "no command %.40s, did you mean %s?", name, nearest);
    else
        err_set(&err, ERR_USAGE, "no command %.40s; candour help lists them", name);
    return fail(&err, NULL);
}

static int result(const struct command *command, bool ok, int status,
                  const struct err *err)
{
    return ok ? status : fail(err, command ? command->name : NULL);
}

static int command_run(const struct command *command, int count,
                       const char *const *words)
{
    struct arguments *arguments;
    struct err err = {0};
    int status = 0;
    bool ok;

    if (!arguments_read(command, count, words, environment_of_process, &arguments,
                        &err))
        return fail(&err, NULL);
    if (argument_flag(arguments, "help")) {
        help_command(command, stdout);
        ok = result_close(stdout, &err);
    } else {
        stop_on_signals();
        ok = command->run(arguments, &status, &err);
    }
    arguments_free(arguments);
    return result(command, ok, status, &err);
}

static int program_help(FILE *to, int status)
{
    struct err err = {0};

    help_program(to);
    return result(NULL, result_close(to, &err), status, &err);
}

static int program_version(void)
{
    struct err err = {0};

    printf("candour %s\n", CANDOUR_VERSION);
    return result(NULL, result_close(stdout, &err), 0, &err);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    const struct command *command = name ? command_named(name) : NULL;

    if (!name)
        return program_help(stderr, err_exit(ERR_USAGE));
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return program_help(stdout, 0);
    if (strcmp(name, "--version") == 0)
        return program_version();
    if (!command)
        return unknown_command(name);
    return command_run(command, argc - 2, (const char *const *)argv + 2);
}
