/* Entries as lines. docs/ledger-format.md, section 1. */
#include "ledger/inner.h"

static const char signature_member[] = ",\"signature\":\"";

/* Everything but words and numbers: what a line has at most. */
static_assert(8 * LEDGER_WORD_MAX + 20 + TIME_SIZE + 6 * 64 + 256 < LEDGER_LINE_MAX,
              "an entry fits into a line");

static char *put_key_members(char *to, const struct ledger_entry *entry)
{
    to = line_put(to, ",\"key\":\"");
    to = line_put_bytes(to, entry->key, sizeof(entry->key));
    to = line_put(to, "\",\"signer\":\"");
    to = line_put_bytes(to, entry->signer, sizeof(entry->signer));
    to = line_put(to, "\"");
    to = line_put(to, signature_member);
    to = line_put_bytes(to, entry->signature, sizeof(entry->signature));
    return line_put(to, "\"");
}

size_t ledger_entry_line(const struct ledger_entry *entry, char line[LEDGER_LINE_MAX])
{
    char *to = line_put_number(line_put(line, "{\"seq\":"), entry->seq);
    const struct {
        const char *before, *word;
    } words[] = {
        {"\",\"who\":\"",    entry->who   },
        {"\",\"action\":\"", entry->action},
        {"\",\"kind\":\"",   entry->kind  },
        {"\",\"id\":\"",     entry->id    },
    };

    to = line_put_time(line_put(to, ",\"time\":\""), entry->time);
    for (size_t i = 0; i < COUNT(words); i++)
        to = line_put(line_put(to, words[i].before), words[i].word);
    to = line_put(to, "\",\"facts\":\"");
    if (entry->has_facts)
        to = line_put_hash(to, &entry->facts);
    to = line_put_hash(line_put(to, "\",\"previous\":\""), &entry->previous);
    to = line_put(to, "\"");
    if (entry->has_key)
        to = put_key_members(to, entry);
    return (size_t)(line_put(to, "}") - line);
}

static bool take_key_members(struct str *rest, struct ledger_entry *entry)
{
    entry->has_key = true;
    return line_take_bytes(rest, entry->key, sizeof(entry->key)) &&
           line_take(rest, "\",\"signer\":\"") &&
           line_take_bytes(rest, entry->signer, sizeof(entry->signer)) &&
           line_take(rest, "\"") && line_take(rest, signature_member) &&
           line_take_bytes(rest, entry->signature, sizeof(entry->signature)) &&
           line_take(rest, "\"}");
}

static bool take_entry(struct str *rest, struct ledger_entry *entry)
{
    if (!line_take(rest, "{\"seq\":") || !line_take_number(rest, &entry->seq) ||
        !line_take(rest, ",\"time\":\"") || !line_take_time(rest, &entry->time) ||
        !line_take(rest, "\",\"who\":\"") || !line_take_word(rest, entry->who) ||
        !line_take(rest, "\",\"action\":\"") || !line_take_word(rest, entry->action) ||
        !line_take(rest, "\",\"kind\":\"") || !line_take_word(rest, entry->kind) ||
        !line_take(rest, "\",\"id\":\"") ||
        !(strncmp(entry->action, "ledger.", 7) == 0
              ? line_take_name(rest, entry->id)
              : line_take_word(rest, entry->id)) ||
        !line_take(rest, "\",\"facts\":\""))
        return false;
    if (!line_take(rest, "\",\"previous\":\"")) {
        entry->has_facts = true;
        if (!line_take_hash(rest, &entry->facts) ||
            !line_take(rest, "\",\"previous\":\""))
            return false;
    }
    if (!line_take_hash(rest, &entry->previous))
        return false;
    if (line_take(rest, "\"}"))
        return true;
    return line_take(rest, "\",\"key\":\"") && take_key_members(rest, entry);
}

bool ledger_entry_read(struct str line, struct ledger_entry *entry, struct err *err)
{
    struct ledger_entry found = {0};
    struct str rest = line;

    if (!take_entry(&rest, &found))
        return err_set(err, ERR_INPUT,
                       "not written as an entry: the line breaks off or differs at "
                       "byte %zu or after",
                       line.len - rest.len + 1);
    if (rest.len)
        return err_set(err, ERR_INPUT, "%zu bytes too many behind the entry", rest.len);
    *entry = found;
    return true;
}

size_t ledger_entry_signed_part(struct str line)
{
    size_t tail = sizeof(signature_member) - 1 + 2 * LEDGER_SIGNATURE_SIZE + 2;

    return line.len - tail;
}

const char *ledger_entry_fault(const struct ledger_entry *entry, struct str line,
                               const char *name, const uint8_t key[LEDGER_KEY_SIZE])
{
    bool first = entry->seq == 0;
    bool of_ledger = strncmp(entry->action, "ledger.", 7) == 0;
    struct str text = {line.at, line.len};

    if (!entry->has_key && !of_ledger)
        return first ? "the first entry names no key" : NULL;
    if (!entry->has_key)
        return "an action of the ledger itself without a key";
    if (strcmp(entry->action, first ? ACTION_BEGIN : ACTION_KEY) != 0)
        return "a key with the wrong action";
    if (strcmp(entry->kind, "ledger") != 0 || strcmp(entry->id, name) != 0)
        return "a key for another ledger";
    if (entry->has_facts)
        return "a key with facts";
    if (memcmp(entry->signer, first ? entry->key : key, LEDGER_KEY_SIZE) != 0)
        return "a key that is not signed by the one in force";
    text.len = ledger_entry_signed_part(line);
    if (!ledger_key_verifies(entry->signer, entry->signature, text))
        return "the signature under a key is wrong";
    return NULL;
}
