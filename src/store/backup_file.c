/* The format of a backup, out and in. */
#include "store/backup.h"

#include <assert.h>
#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "candour store backup 1\n"

enum { SUM_BYTES = 32 };

/* ---- out ------------------------------------------------------------------------------ */

struct backup_out {
    struct out *out;
    crypto_generichash_state sum;
};

static void put(struct backup_out *backup, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    out_bytes(backup->out, bytes, size);
    crypto_generichash_update(&backup->sum, bytes, size);
}

static void put_u32(struct backup_out *backup, uint32_t number)
{
    number = htole32(number);
    put(backup, &number, sizeof(number));
}

static void put_u64(struct backup_out *backup, uint64_t number)
{
    number = htole64(number);
    put(backup, &number, sizeof(number));
}

static void put_text(struct backup_out *backup, struct str text)
{
    put_u32(backup, (uint32_t)text.len);
    put(backup, text.at, text.len);
}

bool backup_out_open(const char *path, uint32_t version, struct backup_out **result,
                     struct err *err)
{
    struct out *out;

    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT, "libsodium cannot be used on this system");
    if (!out_open(path, &out, err))
        return false;
    struct backup_out *backup = memory_new(1, sizeof(*backup));

    backup->out = out;
    crypto_generichash_init(&backup->sum, NULL, 0, SUM_BYTES);
    put(backup, FIRST_LINE, sizeof(FIRST_LINE) - 1);
    put(backup, "V", 1);
    put_u32(backup, version);
    *result = backup;
    return true;
}

void backup_table(struct backup_out *backup, const struct table *table)
{
    put(backup, "T", 1);
    put_text(backup, str_of(table->name));
    put_text(backup, str_of(table->columns));
    put_text(backup, str_of(table->kinds));
}

void backup_row(struct backup_out *backup, const struct value *values, size_t count)
{
    static const char letters[] = {[VALUE_NONE] = 'z',
                                   [VALUE_NUMBER] = 'n',
                                   [VALUE_TEXT] = 't',
                                   [VALUE_BYTES] = 'b'};

    put(backup, "R", 1);
    for (size_t i = 0; i < count; i++) {
        put(backup, &letters[values[i].kind], 1);
        if (values[i].kind == VALUE_NUMBER)
            put_u64(backup, (uint64_t)values[i].number);
        else if (values[i].kind != VALUE_NONE)
            put_text(backup, values[i].bytes);
    }
}

void backup_table_end(struct backup_out *backup, uint64_t rows)
{
    put(backup, "E", 1);
    put_u64(backup, rows);
}

uint64_t backup_size(const struct backup_out *backup)
{
    return out_size(backup->out);
}

bool backup_out_commit(struct backup_out *backup, struct err *err)
{
    uint8_t sum[SUM_BYTES];

    put(backup, "Z", 1);
    crypto_generichash_final(&backup->sum, sum, sizeof(sum));
    out_bytes(backup->out, sum, sizeof(sum));
    bool ok = out_commit(backup->out, err);

    free(backup);
    return ok;
}

void backup_out_abandon(struct backup_out *backup)
{
    out_abandon(backup->out);
    free(backup);
}

/* ---- in ------------------------------------------------------------------------------- */

struct reader {
    FILE *from;
    const char *name;
    const struct backup_visit *visit;
    struct arena *arena; /* of one row */
    crypto_generichash_state sum;
    uint64_t at; /* bytes read */
    uint32_t version;
};

static bool damaged(const struct reader *reader, const char *what, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "%s: byte %llu: %s: the backup is damaged or cut off, use another",
                   reader->name, (unsigned long long)reader->at, what);
}

static bool get(struct reader *reader, void *bytes, size_t size, struct err *err)
{
    if (size && fread(bytes, size, 1, reader->from) != 1)
        return damaged(reader, "no more bytes", err);
    if (size)
        crypto_generichash_update(&reader->sum, bytes, size);
    reader->at += size;
    return true;
}

static bool get_u32(struct reader *reader, uint32_t *number, struct err *err)
{
    if (!get(reader, number, sizeof(*number), err))
        return false;
    *number = le32toh(*number);
    return true;
}

static bool get_u64(struct reader *reader, uint64_t *number, struct err *err)
{
    if (!get(reader, number, sizeof(*number), err))
        return false;
    *number = le64toh(*number);
    return true;
}

/* In pieces: a length that is a lie takes no memory before the bytes are there. */
static bool get_text(struct reader *reader, uint32_t most, struct str *text,
                     struct err *err)
{
    uint32_t size;
    char *bytes = NULL;
    size_t room = 0;

    if (!get_u32(reader, &size, err))
        return false;
    if (size > most)
        return damaged(reader, "a length over the limit", err);
    for (size_t used = 0; used < size;) {
        size_t part = size - used < 65536 ? size - used : 65536;

        if (used + part > room) {
            size_t more = 2 * room > size ? size : 2 * room;
            char *longer;

            room = more > used + part ? more : used + part;
            longer = arena_alloc(reader->arena, room);
            if (used)
                memcpy(longer, bytes, used);
            bytes = longer;
        }
        if (!get(reader, bytes + used, part, err))
            return false;
        used += part;
    }
    *text = (struct str){bytes ? bytes : "", size};
    return true;
}

static bool get_value(struct reader *reader, char wanted, struct value *value,
                      struct err *err)
{
    char letter;
    uint64_t number;

    if (!get(reader, &letter, 1, err))
        return false;
    *value = AS_NONE;
    if (letter == 'z')
        return true;
    if (letter != (wanted == 's' ? 'b' : wanted))
        return damaged(reader, "a value of another kind than its column", err);
    if (letter == 'n') {
        if (!get_u64(reader, &number, err))
            return false;
        *value = AS_NUMBER((int64_t)number);
        return true;
    }
    value->kind = letter == 't' ? VALUE_TEXT : VALUE_BYTES;
    return get_text(reader, BACKUP_VALUE_MAX, &value->bytes, err);
}

static bool get_row(struct reader *reader, const struct table *table, struct err *err)
{
    struct value values[COLUMNS_MAX];
    size_t count = strlen(table->kinds);

    assert(count <= COLUMNS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!get_value(reader, table->kinds[i], &values[i], err))
            return false;
    bool ok = reader->visit->row(reader->visit->context, values, count, err);

    arena_reset(reader->arena);
    return ok;
}

static const struct table *table_named(struct str name, struct str columns,
                                       struct str kinds)
{
    for (size_t i = 0; i < store_table_count; i++) {
        const struct table *table = &store_tables[i];

        if (str_same(name, str_of(table->name)) &&
            str_same(columns, str_of(table->columns)) &&
            str_same(kinds, str_of(table->kinds)))
            return table;
    }
    return NULL;
}

/* From the name of a table on. */
static bool get_table(struct reader *reader, struct err *err)
{
    struct str name = {0}, columns = {0}, kinds = {0};
    uint64_t rows = 0, said;
    char tag;

    if (!get_text(reader, BACKUP_NAME_MAX, &name, err) ||
        !get_text(reader, BACKUP_NAME_MAX, &columns, err) ||
        !get_text(reader, BACKUP_NAME_MAX, &kinds, err))
        return false;
    const struct table *table = table_named(name, columns, kinds);

    arena_reset(reader->arena);
    if (!table || table->since > reader->version)
        return damaged(reader, "a table that its schema does not have", err);
    if (!reader->visit->table(reader->visit->context, table, err))
        return false;
    for (;; rows++) {
        if (!get(reader, &tag, 1, err))
            return false;
        if (tag != 'R')
            break;
        if (!get_row(reader, table, err))
            return false;
    }
    if (tag != 'E' || !get_u64(reader, &said, err) || said != rows)
        return damaged(reader, "rows are missing", err);
    return reader->visit->table_end(reader->visit->context, err);
}

static bool get_head(struct reader *reader, struct err *err)
{
    char line[sizeof(FIRST_LINE) - 1], tag;

    if (!get(reader, line, sizeof(line), err) ||
        memcmp(line, FIRST_LINE, sizeof(line)) != 0)
        return err_set(err, ERR_INPUT, "%s is no backup of a store of this format",
                       reader->name);
    if (!get(reader, &tag, 1, err) || !get_u32(reader, &reader->version, err))
        return false;
    if (tag != 'V')
        return damaged(reader, "no schema", err);
    return reader->visit->version(reader->visit->context, reader->version, err);
}

static bool sum_fits(struct reader *reader, struct err *err)
{
    uint8_t sum[SUM_BYTES], said[SUM_BYTES];

    crypto_generichash_final(&reader->sum, sum, sizeof(sum));
    if (fread(said, sizeof(said), 1, reader->from) != 1 ||
        memcmp(sum, said, sizeof(sum)) != 0)
        return damaged(reader, "the sum is another", err);
    return getc(reader->from) == EOF || damaged(reader, "more behind the end", err);
}

static bool get_all(struct reader *reader, struct err *err)
{
    char tag;

    if (!get_head(reader, err))
        return false;
    for (;;) {
        if (!get(reader, &tag, 1, err))
            return false;
        if (tag == 'Z')
            return sum_fits(reader, err);
        if (tag != 'T')
            return damaged(reader, "neither a table nor the end", err);
        if (!get_table(reader, err))
            return false;
    }
}

bool backup_read(FILE *from, const char *name, const struct backup_visit *visit,
                 struct err *err)
{
    struct reader reader = {.from = from, .name = name, .visit = visit};

    if (sodium_init() < 0)
        return err_set(err, ERR_ENVIRONMENT, "libsodium cannot be used on this system");
    crypto_generichash_init(&reader.sum, NULL, 0, SUM_BYTES);
    reader.arena = arena_new();
    bool ok = get_all(&reader, err);

    arena_free(reader.arena);
    return ok;
}
