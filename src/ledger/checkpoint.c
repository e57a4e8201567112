/* Checkpoints: signed notes. docs/ledger-format.md, section 3. */
#include "ledger/inner.h"

#include <sodium.h>

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a space begin a signature */

enum { KEY_ID_SIZE = 4, SIGNED_SIZE = KEY_ID_SIZE + LEDGER_SIGNATURE_SIZE };

/* Two names, six values and their words. */
static_assert(2 * LEDGER_WORD_MAX + 20 + 44 + 3 * 64 + TIME_SIZE + 92 + 64 <
                  LEDGER_NOTE_MAX,
              "a checkpoint fits");

/* Tells signatures of several keys apart; the 1 stands for Ed25519. */
static void key_id_of(const char *name, const uint8_t key[LEDGER_KEY_SIZE],
                      uint8_t id[KEY_ID_SIZE])
{
    char text[LEDGER_WORD_MAX + 2 + LEDGER_KEY_SIZE];
    char *to = line_put(line_put(text, name), "\n\x01");
    struct ledger_hash hash;

    memcpy(to, key, LEDGER_KEY_SIZE);
    ledger_sha256(text, (size_t)(to - text) + LEDGER_KEY_SIZE, &hash);
    memcpy(id, hash.bytes, KEY_ID_SIZE);
}

/* ---- writing ------------------------------------------------------------------------ */

size_t ledger_checkpoint_signed_text(const struct ledger_checkpoint *checkpoint,
                                     char text[LEDGER_NOTE_MAX])
{
    char *to = line_put(line_put(text, checkpoint->name), "\n");

    to = line_put(line_put_number(to, checkpoint->size), "\n");
    to = line_put_base64(to, checkpoint->root.bytes, sizeof(checkpoint->root.bytes));
    to = line_put_hash(line_put(to, "\nhead "), &checkpoint->head);
    to = line_put_time(line_put(to, "\ntime "), checkpoint->time);
    to = line_put_bytes(line_put(to, "\nkey "), checkpoint->key,
                        sizeof(checkpoint->key));
    to = line_put_hash(line_put(to, "\nbefore "), &checkpoint->before);
    return (size_t)(line_put(to, "\n") - text);
}

size_t ledger_checkpoint_write(const struct ledger_checkpoint *checkpoint,
                               const struct ledger_key *key, char note[LEDGER_NOTE_MAX])
{
    size_t size = ledger_checkpoint_signed_text(checkpoint, note);
    uint8_t mark[SIGNED_SIZE];

    key_id_of(checkpoint->name, checkpoint->key, mark);
    ledger_key_sign(key, (struct str){note, size}, mark + KEY_ID_SIZE);

    char *to = line_put(
        line_put(line_put(line_put(note + size, "\n"), dash), checkpoint->name), " ");

    to = line_put(line_put_base64(to, mark, sizeof(mark)), "\n");
    *to = 0;
    return (size_t)(to - note);
}

/* ---- reading ---------------------------------------------------------------------------- */

static bool take_signed_text(struct str *rest, struct ledger_checkpoint *checkpoint)
{
    return line_take_name(rest, checkpoint->name) && line_take(rest, "\n") &&
           line_take_number(rest, &checkpoint->size) && checkpoint->size > 0 &&
           line_take(rest, "\n") &&
           line_take_base64(rest, checkpoint->root.bytes,
                            sizeof(checkpoint->root.bytes)) &&
           line_take(rest, "\nhead ") && line_take_hash(rest, &checkpoint->head) &&
           line_take(rest, "\ntime ") && line_take_time(rest, &checkpoint->time) &&
           line_take(rest, "\nkey ") &&
           line_take_bytes(rest, checkpoint->key, sizeof(checkpoint->key)) &&
           line_take(rest, "\nbefore ") && line_take_hash(rest, &checkpoint->before) &&
           line_take(rest, "\n");
}

bool ledger_checkpoint_take(struct str *rest, struct ledger_checkpoint *checkpoint,
                            struct err *err)
{
    struct str note = *rest;
    uint8_t mark[SIGNED_SIZE], id[KEY_ID_SIZE];
    char name[LEDGER_WORD_MAX + 1];

    if (!take_signed_text(rest, checkpoint))
        return err_set(err, ERR_INPUT, "not written as a checkpoint");

    struct str text = {note.at, note.len - rest->len};

    if (!line_take(rest, "\n") || !line_take(rest, dash) ||
        !line_take_name(rest, name) || !line_take(rest, " ") ||
        !line_take_base64(rest, mark, sizeof(mark)) || !line_take(rest, "\n"))
        return err_set(err, ERR_INPUT, "a checkpoint without a proper signature line");
    key_id_of(checkpoint->name, checkpoint->key, id);
    if (strcmp(name, checkpoint->name) != 0 || memcmp(id, mark, sizeof(id)) != 0 ||
        !ledger_key_verifies(checkpoint->key, mark + KEY_ID_SIZE, text))
        return err_set(err, ERR_INPUT, "the signature of a checkpoint is wrong");
    ledger_sha256(text.at, text.len, &checkpoint->hash);
    return true;
}

bool ledger_checkpoint_read(struct str note, struct ledger_checkpoint *checkpoint,
                            struct err *err)
{
    struct ledger_checkpoint found;
    struct str rest = note, line;

    if (!ledger_checkpoint_take(&rest, &found, err))
        return false;
    if (rest.len && rest.at[rest.len - 1] != '\n')
        return err_set(err, ERR_INPUT, "the last line of a checkpoint breaks off");
    while (rest.len && str_cut(&rest, '\n', &line))
        if (!line_take(&line, dash))
            return err_set(err, ERR_INPUT,
                           "a line behind the signature of a checkpoint that is no "
                           "signature");
    *checkpoint = found;
    return true;
}
