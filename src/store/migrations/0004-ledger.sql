-- The ledger, as docs/ledger-format.md section 7 lays it out: entries, the complete nodes
-- of their tree, commitments, checkpoints, the state that the next entry goes on from.
-- Subject keys stand apart: deleting one is erasure, and leaves every proof valid.

CREATE TABLE ledger_entries (
    seq INTEGER NOT NULL,
    time INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    facts BLOB,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    key BLOB,
    signer BLOB,
    signature BLOB,
    CONSTRAINT ledger_entries_key PRIMARY KEY (seq),
    CONSTRAINT ledger_entries_seq CHECK (seq >= 0),
    CONSTRAINT ledger_entries_hashes CHECK (length(previous) = 32 AND length(hash) = 32
        AND (facts IS NULL OR length(facts) = 32)),
    CONSTRAINT ledger_entries_signed CHECK (
        (key IS NULL AND signer IS NULL AND signature IS NULL)
        OR (length(key) = 32 AND length(signer) = 32 AND length(signature) = 64))
) STRICT;
CREATE INDEX ledger_entries_object ON ledger_entries (kind, id, seq);

CREATE TABLE ledger_nodes (
    level INTEGER NOT NULL,
    at INTEGER NOT NULL,
    hash BLOB NOT NULL,
    CONSTRAINT ledger_nodes_key PRIMARY KEY (level, at),
    CONSTRAINT ledger_nodes_hash CHECK (level >= 1 AND at >= 0 AND length(hash) = 32)
) STRICT;

CREATE TABLE ledger_commitments (
    seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    subject TEXT NOT NULL,
    commitment BLOB NOT NULL,
    CONSTRAINT ledger_commitments_key PRIMARY KEY (seq, place),
    CONSTRAINT ledger_commitments_entry FOREIGN KEY (seq) REFERENCES ledger_entries (seq),
    CONSTRAINT ledger_commitments_hash CHECK (place >= 0 AND length(commitment) = 32)
) STRICT;
CREATE INDEX ledger_commitments_subject ON ledger_commitments (subject, seq);

CREATE TABLE ledger_checkpoints (
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT ledger_checkpoints_key PRIMARY KEY (size),
    CONSTRAINT ledger_checkpoints_size CHECK (size >= 1)
) STRICT;

CREATE TABLE ledger_state (
    ledger INTEGER NOT NULL,
    state BLOB NOT NULL,
    CONSTRAINT ledger_state_key PRIMARY KEY (ledger),
    CONSTRAINT ledger_state_one CHECK (ledger = 1)
) STRICT;

-- A force's own, for its subjects go with it; the key is a sealed cell of 32 bytes.
CREATE TABLE subject_keys (
    force_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_key BLOB NOT NULL,
    CONSTRAINT subject_keys_key PRIMARY KEY (force_id, subject),
    CONSTRAINT subject_keys_force FOREIGN KEY (force_id) REFERENCES forces (force_id),
    CONSTRAINT subject_keys_whole CHECK (length(subject_key) = 77)
) STRICT;
