/* Entries as lines. docs/ledger-format.md, section 1. */
#include "ledger/inner.h"

static const char signature_member[] = ",\"signature\":\"";

/* Everything but words and numbers: what a line has at most. */
static_assert(8 * LEDGER_WORD_MAX + 20 + TIME_SIZE + 6 * 64 + 256 < LEDGER_LINE_MAX,
              "an entry fits into a line");

static char *put_key_members(char *to, const struct ledger_entry *entry)
{
    to = put(to, ",\"key\":\"");
    to = put_bytes(to, entry->key, sizeof(entry->key));
    to = put(to, "\",\"signer\":\"");
    to = put_bytes(to, entry->signer, sizeof(entry->signer));
    to = put(to, "\"");
    to = put(to, signature_member);
    to = put_bytes(to, entry->signature, sizeof(entry->signature));
    return put(to, "\"");
}

size_t ledger_entry_line(const struct ledger_entry *entry, char line[LEDGER_LINE_MAX])
{
    char *to = put_number(put(line, "{\"seq\":"), entry->seq);
    const struct {
        const char *before, *word;
    } words[] = {
        {"\",\"who\":\"",    entry->who   },
        {"\",\"action\":\"", entry->action},
        {"\",\"kind\":\"",   entry->kind  },
        {"\",\"id\":\"",     entry->id    },
    };

    to = put_time(put(to, ",\"time\":\""), entry->time);
    for (size_t i = 0; i < COUNT(words); i++)
        to = put(put(to, words[i].before), words[i].word);
    to = put(to, "\",\"facts\":\"");
    if (entry->has_facts)
        to = put_hash(to, &entry->facts);
    to = put_hash(put(to, "\",\"previous\":\""), &entry->previous);
    to = put(to, "\"");
    if (entry->has_key)
        to = put_key_members(to, entry);
    return (size_t)(put(to, "}") - line);
}

static bool take_key_members(struct str *rest, struct ledger_entry *entry)
{
    entry->has_key = true;
    return take_bytes(rest, entry->key, sizeof(entry->key)) &&
           take(rest, "\",\"signer\":\"") &&
           take_bytes(rest, entry->signer, sizeof(entry->signer)) && take(rest, "\"") &&
           take(rest, signature_member) &&
           take_bytes(rest, entry->signature, sizeof(entry->signature)) &&
           take(rest, "\"}");
}

static bool take_entry(struct str *rest, struct ledger_entry *entry)
{
    if (!take(rest, "{\"seq\":") || !take_number(rest, &entry->seq) ||
        !take(rest, ",\"time\":\"") || !take_time(rest, &entry->time) ||
        !take(rest, "\",\"who\":\"") || !take_word(rest, entry->who) ||
        !take(rest, "\",\"action\":\"") || !take_word(rest, entry->action) ||
        !take(rest, "\",\"kind\":\"") || !take_word(rest, entry->kind) ||
        !take(rest, "\",\"id\":\"") ||
        !(strncmp(entry->action, "ledger.", 7) == 0 ? take_name(rest, entry->id)
                                                    : take_word(rest, entry->id)) ||
        !take(rest, "\",\"facts\":\""))
        return false;
    if (!take(rest, "\",\"previous\":\"")) {
        entry->has_facts = true;
        if (!take_hash(rest, &entry->facts) || !take(rest, "\",\"previous\":\""))
            return false;
    }
    if (!take_hash(rest, &entry->previous))
        return false;
    if (take(rest, "\"}"))
        return true;
    return take(rest, "\",\"key\":\"") && take_key_members(rest, entry);
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

size_t entry_signed_part(struct str line)
{
    size_t tail = sizeof(signature_member) - 1 + 2 * LEDGER_SIGNATURE_SIZE + 2;

    return line.len - tail;
}

const char *entry_fault(const struct ledger_entry *entry, struct str line,
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
    text.len = entry_signed_part(line);
    if (!key_verifies(entry->signer, entry->signature, text))
        return "the signature under a key is wrong";
    return NULL;
}
