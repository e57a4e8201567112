/* A column map for a file with a few headings. */
#include "feed/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json *map;
    struct err err;

    if (!json_parse((struct str){(const char *)data, size}, &map, &err))
        return 0;
    struct arena *arena = arena_new();
    struct layout layout = {.columns = arena_alloc(arena, 3 * sizeof(char *)),
                            .column_count = 3};

    layout.columns[0] = arena_copy(arena, STR("a"));
    layout.columns[1] = arena_copy(arena, STR("b"));
    layout.columns[2] = arena_copy(arena, STR("c"));
    if (layout_from_map(&layout, map, "map.json", "people.csv", arena, &err))
        layout_finish(&layout, arena);
    arena_free(arena);
    json_free(map);
    return 0;
}
