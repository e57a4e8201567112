-- Forces, and the keys under which the sealed columns of this store are kept.
--
-- Every table about people carries force_id first in its key, and every reference between
-- them carries it too: a row of one force cannot point at a row of another. No other index
-- begins with force_id: PostgreSQL, before it knows the sizes of new tables, may look up a
-- reference in it and read every row of the force each time.
-- Times are microseconds since 1970 UTC, days are yyyymmdd with 0 for not known.

CREATE TABLE forces (
    force_id TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    CONSTRAINT forces_key PRIMARY KEY (force_id),
    CONSTRAINT forces_id_short CHECK (length(force_id) BETWEEN 1 AND 64)
) STRICT;

-- None in a store made without a key. The data key is wrapped by the key of the key file,
-- which is never in here.
CREATE TABLE data_keys (
    key_id INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    wrapped_at INTEGER NOT NULL,
    CONSTRAINT data_keys_key PRIMARY KEY (key_id),
    CONSTRAINT data_keys_one CHECK (key_id = 1),
    CONSTRAINT data_keys_whole CHECK (length(wrapped) = 77)
) STRICT;
