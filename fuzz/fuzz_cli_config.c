/* A config file, read by every command. */
#include "cli/cli.h"
#include "file.h"

static const char *nothing(const char *name)
{
    (void)name;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const words[] = {"--config", fuzz_file(data, size)};

    for (size_t i = 0; commands[i]; i++) {
        struct arguments *arguments;
        struct err err;

        if (arguments_read(commands[i], COUNT(words), words, nothing, &arguments, &err))
            arguments_free(arguments);
    }
    return 0;
}
