#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct chunk {
    struct chunk *next;
    size_t size, used; /* bytes of data */
    _Alignas(ALIGNMENT) char data[];
};

struct arena {
    struct chunk *first; /* in use */
    struct chunk *spare; /* emptied by arena_reset */
};

static void out_of_memory(size_t size)
{
    fprintf(stderr,
            "candour: out of memory (%zu bytes wanted): use a machine with more memory "
            "or fewer --threads\n",
            size);
    exit(err_exit(ERR_ENVIRONMENT));
}

void *memory_new(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory)
        out_of_memory(count * size);
    return memory;
}

void *memory_grow(void *old, size_t count, size_t size)
{
    void *memory = reallocarray(old, count ? count : 1, size ? size : 1);

    if (!memory)
        out_of_memory(count * size);
    return memory;
}

struct arena *arena_new(void)
{
    return memory_new(1, sizeof(struct arena));
}

static void chunks_free(struct chunk *chunk)
{
    while (chunk) {
        struct chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    chunks_free(arena->first);
    chunks_free(arena->spare);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    while (arena->first) {
        struct chunk *chunk = arena->first;

        arena->first = chunk->next;
        chunk->next = arena->spare;
        arena->spare = chunk;
    }
}

/* A chunk with room for size bytes: a spare one if the first spare is large enough. */
static struct chunk *chunk_for(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->spare;

    if (chunk && chunk->size >= size) {
        arena->spare = chunk->next;
    } else {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;

        chunk = malloc(sizeof(*chunk) + room);
        if (!chunk)
            out_of_memory(room);
        chunk->size = room;
    }
    chunk->used = 0;
    chunk->next = arena->first;
    arena->first = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->first;

    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!chunk || chunk->size - chunk->used < size)
        chunk = chunk_for(arena, size);

    void *memory = chunk->data + chunk->used;

    chunk->used += size;
    return memset(memory, 0, size);
}

char *arena_copy(struct arena *arena, struct str text)
{
    char *copy = arena_alloc(arena, text.len + 1);

    if (text.len)
        memcpy(copy, text.at, text.len);
    return copy;
}
