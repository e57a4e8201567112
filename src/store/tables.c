#include "store/tables.h"

/* clang-format off */
#define TABLE(name_, columns_, marks, kinds_, order, keys, force_, since_)             \
    {.name = (name_), .columns = (columns_), .kinds = (kinds_), .key_count = (keys),   \
     .force = (force_), .since = (since_),                                             \
     .all = {"SELECT " columns_ " FROM " name_ " ORDER BY " order},                    \
     .insert = {"INSERT INTO " name_ " (" columns_ ") VALUES (" marks ")"},            \
     .copy = {"COPY " name_ " (" columns_ ") FROM STDIN (FORMAT binary)"}}

const struct table store_tables[] = {
    TABLE("forces", "force_id, name, made_at",
          "?, ?, ?", "ttn", "force_id", 1, 0, 1),
    TABLE("data_keys", "key_id, wrapped, made_at, wrapped_at",
          "?, ?, ?, ?", "nbnn", "key_id", 1, OF_THE_STORE, 1),
    TABLE("imports", "force_id, import_id, kind, made_at, row_count, joined, changed, "
          "left_count, unchanged, set_aside, fields",
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", "tttnnnnnnnt", "force_id, import_id", 2, 0, 2),
    TABLE("people", "force_id, person_id, source_hash, source_id, kind, standing, version, "
          "facts_hash, first_import, last_import",
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?", "ttbsttnbtt", "force_id, person_id", 2, 0, 2),
    TABLE("person_versions", "force_id, person_id, version, import_id, standing, facts",
          "?, ?, ?, ?, ?, ?", "ttntts", "force_id, person_id, version", 3, 0, 2),
    TABLE("person_names", "force_id, person_id, name_hash, from_day, to_day, kind, name",
          "?, ?, ?, ?, ?, ?, ?", "ttbnnts",
          "force_id, person_id, name_hash, from_day", 4, 0, 2),
    TABLE("person_addresses", "force_id, person_id, address_hash, from_day, to_day, kind, "
          "address",
          "?, ?, ?, ?, ?, ?, ?", "ttbnnts",
          "force_id, person_id, address_hash, from_day", 4, 0, 2),
    TABLE("units", "force_id, unit_id, name",
          "?, ?, ?", "ttt", "force_id, unit_id", 2, 0, 2),
    TABLE("posts", "force_id, post_id, unit_id, title",
          "?, ?, ?, ?", "tttt", "force_id, post_id", 2, 0, 2),
    TABLE("employments", "force_id, person_id, from_day, post_id, kind, to_day",
          "?, ?, ?, ?, ?, ?", "ttnttn",
          "force_id, person_id, from_day, post_id, kind", 5, 0, 2),
    TABLE("hits", "force_id, hit_id, person_id, person_version, record_hash, "
          "record_version, model, score, state, first_seen, record_id, evidence",
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", "tttnbntntnss",
          "force_id, hit_id", 2, 0, 3),
    TABLE("rulings", "force_id, ruling_id, hit_id, word, ruled_by, ruled_at, reasons, opened",
          "?, ?, ?, ?, ?, ?, ?, ?", "tttttnss", "force_id, ruling_id", 2, 0, 3),
    TABLE("effects", "force_id, effect_id, ruling_id, kind, made_by, made_at, detail",
          "?, ?, ?, ?, ?, ?, ?", "tttttns", "force_id, effect_id", 2, 0, 3),
    TABLE("ledger_entries", "seq, time, who, action, kind, id, facts, previous, hash, "
          "key, signer, signature",
          "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", "nnttttbbbbbb", "seq", 1,
          OF_THE_LEDGER, 4),
    TABLE("ledger_nodes", "level, at, hash",
          "?, ?, ?", "nnb", "level, at", 2, OF_THE_LEDGER, 4),
    TABLE("ledger_commitments", "seq, place, subject, commitment",
          "?, ?, ?, ?", "nntb", "seq, place", 2, OF_THE_LEDGER, 4),
    TABLE("ledger_checkpoints", "size, note",
          "?, ?", "nt", "size", 1, OF_THE_LEDGER, 4),
    TABLE("ledger_state", "ledger, state",
          "?, ?", "nb", "ledger", 1, OF_THE_LEDGER, 4),
    TABLE("subject_keys", "force_id, subject, subject_key",
          "?, ?, ?", "tts", "force_id, subject", 2, 0, 4),
};
/* clang-format on */

const size_t store_table_count = COUNT(store_tables);
