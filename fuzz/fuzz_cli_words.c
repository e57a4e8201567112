/* A command line, a word a line: first the command, then what it is given. */
#include "cli/cli.h"

#include <string.h>

enum { WORDS_MAX = 64 };

static const char *nothing(const char *name)
{
    (void)name;
    return NULL;
}

/* A config file would be a file of this machine: fuzz_cli_config has one of its own. */
static bool names_config(const char *word)
{
    return strncmp(word, "--c", 3) == 0;
}

static void read_words(const struct command *command, int count,
                       const char *const *words)
{
    struct arguments *arguments;
    struct err err;

    if (!arguments_read(command, count, words, nothing, &arguments, &err))
        return;
    for (size_t i = 0; i < OPERANDS_MAX; i++)
        (void)argument_operand(arguments, i);
    for (size_t i = 0; command_option(command, i); i++)
        (void)argument_text(arguments, command_option(command, i)->name);
    arguments_free(arguments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct str rest = {(const char *)data, size}, line;
    const char *words[WORDS_MAX];
    int count = 0;
    bool config = false;

    while (count < WORDS_MAX && str_cut(&rest, '\n', &line)) {
        words[count] = arena_copy(arena, line);
        config |= names_config(words[count++]);
    }
    const struct command *command = count ? command_named(words[0]) : NULL;

    if (command && !config)
        read_words(command, count - 1, words + 1);
    arena_free(arena);
    return 0;
}
