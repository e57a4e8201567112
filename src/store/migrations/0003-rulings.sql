-- Hits, rulings and effects. Nothing follows from a score: an effect stands on a ruling,
-- a ruling on a named person with reasons, and the database refuses anything else.

CREATE TABLE hits (
    force_id TEXT NOT NULL,
    hit_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_version INTEGER NOT NULL,
    record_hash BLOB NOT NULL,
    record_version INTEGER NOT NULL,
    model TEXT NOT NULL,
    score INTEGER NOT NULL,
    state TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    evidence BLOB NOT NULL,
    CONSTRAINT hits_key PRIMARY KEY (force_id, hit_id),
    CONSTRAINT hits_once UNIQUE
        (person_id, record_hash, person_version, record_version, model, force_id),
    CONSTRAINT hits_person FOREIGN KEY (force_id, person_id, person_version)
        REFERENCES person_versions (force_id, person_id, version),
    CONSTRAINT hits_state CHECK (state IN
        ('new', 'open', 'ruled', 're-opened', 'withdrawn')),
    CONSTRAINT hits_hash CHECK (length(record_hash) = 32),
    CONSTRAINT hits_cells CHECK (length(record_id) > 45 AND length(evidence) > 45)
) STRICT;

CREATE TABLE rulings (
    force_id TEXT NOT NULL,
    ruling_id TEXT NOT NULL,
    hit_id TEXT NOT NULL,
    word TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at INTEGER NOT NULL,
    reasons BLOB NOT NULL,
    opened BLOB NOT NULL,
    CONSTRAINT rulings_key PRIMARY KEY (force_id, ruling_id),
    CONSTRAINT rulings_hit FOREIGN KEY (force_id, hit_id)
        REFERENCES hits (force_id, hit_id),
    CONSTRAINT rulings_word CHECK (word IN ('same person', 'different', 'cannot tell')),
    CONSTRAINT rulings_named CHECK (length(trim(ruled_by)) > 0),
    CONSTRAINT rulings_reasons CHECK (length(reasons) > 45),
    CONSTRAINT rulings_opened CHECK (length(opened) > 45)
) STRICT;

CREATE TABLE effects (
    force_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    ruling_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    detail BLOB NOT NULL,
    CONSTRAINT effects_key PRIMARY KEY (force_id, effect_id),
    CONSTRAINT effects_ruling FOREIGN KEY (force_id, ruling_id)
        REFERENCES rulings (force_id, ruling_id),
    CONSTRAINT effects_kind CHECK (kind IN
        ('vetting review', 'conduct case', 'welfare', 'no action')),
    CONSTRAINT effects_named CHECK (length(trim(made_by)) > 0),
    CONSTRAINT effects_detail CHECK (length(detail) > 45)
) STRICT;
