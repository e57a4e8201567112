#include "cli/cli.h"

const struct command *const commands[] = {
    &command_wash,   &command_link,   &command_dedupe, &command_explain,
    &command_eval,   &command_train,  &command_sample, &command_store,
    &command_import, &command_ledger, &command_help,   NULL,
};
