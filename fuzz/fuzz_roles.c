/*
 * Roles as records write them: any bytes have one of the classes, and a role is never
 * made adverse, nor a victim hidden, by another part of the same value.
 */
#include "screen/screen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char victim[] = "|victim";
    char *text = malloc(size + sizeof(victim)); /* exact: reading on is found */
    struct str role = {text, size};

    assert(text);
    if (size)
        memcpy(text, data, size);

    enum role_class alone = role_class_of(role);

    assert(alone < ROLE_CLASS_COUNT && role_class_name(alone));
    memcpy(text + size, victim, sizeof(victim) - 1);
    role.len = size + sizeof(victim) - 1;

    enum role_class both = role_class_of(role);

    assert(both == ROLE_WELFARE || both == ROLE_UNKNOWN);
    assert(both == ROLE_WELFARE || alone != ROLE_WELFARE);
    free(text);
    return 0;
}
