/* A checkpoint: what is taken has a size, a time that can be written, and one hash. */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_checkpoint checkpoint;
    char *note = malloc(size + 1); /* exact: reading on is found */
    char time[28];
    struct err err;

    if (!note)
        abort();
    memcpy(note, data, size);
    if (ledger_checkpoint_read((struct str){note, size}, &checkpoint, &err)) {
        ledger_time_text(checkpoint.time, time);
        if (checkpoint.size == 0 || strlen(checkpoint.name) == 0 ||
            strncmp(note, checkpoint.name, strlen(checkpoint.name)) != 0)
            abort();
        note[0] = (char)(note[0] == 'a' ? 'b' : 'a');
        if (ledger_checkpoint_read((struct str){note, size}, &checkpoint, &err))
            abort();
    }
    free(note);
    return 0;
}
