/* A backup: whatever the bytes, rows come with the kinds of their table or not at all. */
#include "store/backup.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    const struct table *table;
};

static bool version(void *context, uint32_t number, struct err *err)
{
    (void)context;
    return number > 0 || err_set(err, ERR_INPUT, "no such schema");
}

static bool table(void *context, const struct table *which, struct err *err)
{
    struct seen *seen = context;

    (void)err;
    seen->table = which;
    return true;
}

static bool row(void *context, const struct value *values, size_t count,
                struct err *err)
{
    static const char letters[] = {
        [VALUE_NUMBER] = 'n', [VALUE_TEXT] = 't', [VALUE_BYTES] = 'b'};
    const struct seen *seen = context;
    uint8_t sum = 0;

    if (count != strlen(seen->table->kinds))
        abort();
    for (size_t i = 0; i < count; i++) {
        char wanted = seen->table->kinds[i] == 's' ? 'b' : seen->table->kinds[i];

        if (values[i].kind != VALUE_NONE && letters[values[i].kind] != wanted)
            abort();
        for (size_t at = 0; at < values[i].bytes.len; at++)
            sum ^= (uint8_t)values[i].bytes.at[at];
    }
    return sum != 1 || err_set(err, ERR_INPUT, "a reader may stop anywhere");
}

static bool table_end(void *context, struct err *err)
{
    (void)context;
    (void)err;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = {0};
    const struct backup_visit visit = {&seen, version, table, row, table_end};
    struct err err = {0};
    char *copy = malloc(size + 1);
    FILE *file;

    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    file = fmemopen(copy, size + 1, "rb"); /* a length of 0 is refused */
    if (!file)
        abort();
    if (!backup_read(file, "backup", &visit, &err) && err.code == ERR_NONE)
        abort();
    fclose(file);
    free(copy);
    return 0;
}
