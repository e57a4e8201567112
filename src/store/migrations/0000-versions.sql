-- Which migrations this store has been through, and a fingerprint of their text.

CREATE TABLE schema_versions (
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    fingerprint INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT schema_versions_key PRIMARY KEY (version)
) STRICT;
