/* The lines of an export but for entries. docs/ledger-format.md, section 4. */
#include "ledger/inner.h"

/* ---- writing ----------------------------------------------------------------------- */

static void out_line(struct out *out, const char *line, const char *end)
{
    out_bytes(out, line, (size_t)(end - line));
    out_text(out, "\n");
}

static_assert(LEDGER_LEVELS * 67 + LEDGER_WORD_MAX + 128 < LEDGER_LINE_MAX,
              "a heading fits into a line");

void ledger_write_heading(struct out *out, const char *name,
                          const struct ledger_tree *from)
{
    struct ledger_hash nodes[LEDGER_LEVELS];
    char line[LEDGER_LINE_MAX];
    size_t count = 0;

    for (unsigned level = LEDGER_LEVELS; level-- > 0;)
        if (from->size >> level & 1)
            nodes[count++] = from->nodes[level];

    char *to = line_put(line_put(line, "{\"ledger\":\""), name);

    to = line_put_number(line_put(to, "\",\"format\":1,\"from\":"), from->size);
    to = line_put_hashes(line_put(to, ",\"nodes\":"), nodes, count);
    out_line(out, line, line_put(to, "}"));
}

void ledger_write_entry(struct out *out, const struct ledger_entry *entry)
{
    char line[LEDGER_LINE_MAX];

    out_line(out, line, line + ledger_entry_line(entry, line));
}

void ledger_write_checkpoint(struct out *out, const char *note)
{
    out_text(out, "{\"checkpoint\":\"");
    for (; *note; note++)
        if (*note == '\n')
            out_text(out, "\\n");
        else
            out_bytes(out, note, 1);
    out_text(out, "\"}\n");
}

/* ---- reading ---------------------------------------------------------------------------- */

bool ledger_heading_read(struct str line, char name[LEDGER_WORD_MAX + 1],
                         struct ledger_tree *from, struct err *err)
{
    struct ledger_hash nodes[LEDGER_LEVELS];
    size_t count = 0, used = 0;

    *from = (struct ledger_tree){0};
    if (!line_take(&line, "{\"ledger\":\"") || !line_take_name(&line, name) ||
        !line_take(&line, "\",\"format\":"))
        return err_set(err, ERR_INPUT, "this is no export of a ledger");
    if (!line_take(&line, "1,\"from\":"))
        return err_set(err, ERR_INPUT,
                       "an export in another format than 1; use the program that "
                       "wrote it, or a later one");
    if (!line_take_number(&line, &from->size) || !line_take(&line, ",\"nodes\":") ||
        !line_take_hashes(&line, nodes, COUNT(nodes), &count) ||
        !line_take(&line, "}") || line.len ||
        count != (size_t)__builtin_popcountll(from->size))
        return err_set(err, ERR_INPUT, "the heading is not written as one");
    for (unsigned level = LEDGER_LEVELS; level-- > 0;)
        if (from->size >> level & 1)
            from->nodes[level] = nodes[used++];
    return true;
}

/* The note of a checkpoint's line; false: it has other escapes than \n, or is too long. */
static bool note_of_line(struct str text, char note[LEDGER_NOTE_MAX], size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (c == '\\') {
            if (++i == text.len || text.at[i] != 'n')
                return false;
            c = '\n';
        } else if (c == '"' || (unsigned char)c < ' ') {
            return false;
        }
        if (*size == LEDGER_NOTE_MAX)
            return false;
        note[(*size)++] = c;
    }
    return true;
}

bool ledger_checkpoint_line_read(struct str line, struct ledger_checkpoint *checkpoint,
                                 struct err *err)
{
    char note[LEDGER_NOTE_MAX];
    size_t size;

    if (!line_take(&line, "{\"checkpoint\":\"") || line.len < 2 ||
        memcmp(line.at + line.len - 2, "\"}", 2) != 0)
        return err_set(err, ERR_INPUT, "not written as a checkpoint");
    line.len -= 2;
    if (!note_of_line(line, note, &size))
        return err_set(err, ERR_INPUT, "not written as a checkpoint");

    struct str rest = {note, size};

    if (!ledger_checkpoint_take(&rest, checkpoint, err))
        return false;
    return rest.len == 0 ||
           err_set(err, ERR_INPUT, "a checkpoint with more behind its signature");
}
