/* One JSON line: whatever the bytes, the reader stays within them. */
#include "feed/rows.h"

#include <stdlib.h>
#include <string.h>

static bool within(void *context, const struct json_member *member)
{
    const struct str *line = context;

    if (member->value.len &&
        (member->value.at < line->at ||
         member->value.at + member->value.len > line->at + line->len))
        abort();
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size ? size : 1); /* exact, so that a byte beyond is seen */

    if (!text)
        return 0;
    memcpy(text, data, size);
    struct str line = {text, size};
    const struct json_visitor visitor = {&line, within};

    (void)!json_line_read(text, size, &visitor);
    free(text);

    struct arena *arena = arena_new();
    struct person person;
    struct err err;

    (void)!feed_person_json((struct str){(const char *)data, size}, arena, &person,
                            &err);
    arena_free(arena);
    return 0;
}
