-- Who works here, since when, in which post, under which names.
--
-- BLOB columns named *_hash are keyed hashes for equality, the other BLOB columns are
-- sealed cells: 45 bytes of frame and what is sealed.

-- One row for each force in an extract. fields: those the extract had a column for.
CREATE TABLE imports (
    force_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    left_count INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    set_aside INTEGER NOT NULL,
    fields TEXT NOT NULL,
    CONSTRAINT imports_key PRIMARY KEY (force_id, import_id),
    CONSTRAINT imports_force FOREIGN KEY (force_id) REFERENCES forces (force_id),
    CONSTRAINT imports_kind CHECK (kind IN ('full', 'delta'))
) STRICT;

-- last_import is the one that last changed something about the person.
CREATE TABLE people (
    force_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    source_hash BLOB NOT NULL,
    source_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    version INTEGER NOT NULL,
    facts_hash BLOB NOT NULL,
    first_import TEXT NOT NULL,
    last_import TEXT NOT NULL,
    CONSTRAINT people_key PRIMARY KEY (force_id, person_id),
    CONSTRAINT people_source UNIQUE (source_hash, force_id),
    CONSTRAINT people_first_import FOREIGN KEY (force_id, first_import)
        REFERENCES imports (force_id, import_id),
    CONSTRAINT people_last_import FOREIGN KEY (force_id, last_import)
        REFERENCES imports (force_id, import_id),
    CONSTRAINT people_kind CHECK (kind IN
        ('officer', 'staff', 'special', 'volunteer', 'contractor', 'applicant', 'other')),
    CONSTRAINT people_standing CHECK (standing IN ('here', 'left')),
    CONSTRAINT people_version CHECK (version >= 1),
    CONSTRAINT people_source_id CHECK (length(source_id) > 45),
    CONSTRAINT people_hashes CHECK (length(source_hash) = 32 AND length(facts_hash) = 32)
) STRICT;

-- What was known at each change, whole: what a hit was found in stays to be seen.
CREATE TABLE person_versions (
    force_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    import_id TEXT NOT NULL,
    standing TEXT NOT NULL,
    facts BLOB NOT NULL,
    CONSTRAINT person_versions_key PRIMARY KEY (force_id, person_id, version),
    CONSTRAINT person_versions_person FOREIGN KEY (force_id, person_id)
        REFERENCES people (force_id, person_id),
    CONSTRAINT person_versions_import FOREIGN KEY (force_id, import_id)
        REFERENCES imports (force_id, import_id),
    CONSTRAINT person_versions_standing CHECK (standing IN ('here', 'left')),
    CONSTRAINT person_versions_facts CHECK (length(facts) > 45)
) STRICT;

-- Names and addresses, each with the days on which it was first seen and replaced.
CREATE TABLE person_names (
    force_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name_hash BLOB NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name BLOB NOT NULL,
    CONSTRAINT person_names_key PRIMARY KEY (force_id, person_id, name_hash, from_day),
    CONSTRAINT person_names_person FOREIGN KEY (force_id, person_id)
        REFERENCES people (force_id, person_id),
    CONSTRAINT person_names_kind CHECK (kind IN ('main', 'other')),
    CONSTRAINT person_names_name CHECK (length(name) > 45),
    CONSTRAINT person_names_hash CHECK (length(name_hash) = 32),
    CONSTRAINT person_names_days CHECK (to_day = 0 OR to_day >= from_day)
) STRICT;

CREATE TABLE person_addresses (
    force_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    address_hash BLOB NOT NULL,
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    address BLOB NOT NULL,
    CONSTRAINT person_addresses_key PRIMARY KEY (force_id, person_id, address_hash, from_day),
    CONSTRAINT person_addresses_person FOREIGN KEY (force_id, person_id)
        REFERENCES people (force_id, person_id),
    CONSTRAINT person_addresses_kind CHECK (kind IN ('home', 'previous')),
    CONSTRAINT person_addresses_address CHECK (length(address) > 45),
    CONSTRAINT person_addresses_hash CHECK (length(address_hash) = 32),
    CONSTRAINT person_addresses_days CHECK (to_day = 0 OR to_day >= from_day)
) STRICT;

CREATE TABLE units (
    force_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT units_key PRIMARY KEY (force_id, unit_id),
    CONSTRAINT units_force FOREIGN KEY (force_id) REFERENCES forces (force_id),
    CONSTRAINT units_name UNIQUE (name, force_id)
) STRICT;

CREATE TABLE posts (
    force_id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    title TEXT NOT NULL,
    CONSTRAINT posts_key PRIMARY KEY (force_id, post_id),
    CONSTRAINT posts_unit FOREIGN KEY (force_id, unit_id)
        REFERENCES units (force_id, unit_id),
    CONSTRAINT posts_title UNIQUE (unit_id, title, force_id)
) STRICT;

CREATE TABLE employments (
    force_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    post_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    to_day INTEGER NOT NULL,
    CONSTRAINT employments_key PRIMARY KEY (force_id, person_id, from_day, post_id, kind),
    CONSTRAINT employments_person FOREIGN KEY (force_id, person_id)
        REFERENCES people (force_id, person_id),
    CONSTRAINT employments_post FOREIGN KEY (force_id, post_id)
        REFERENCES posts (force_id, post_id),
    CONSTRAINT employments_days CHECK (to_day = 0 OR to_day >= from_day)
) STRICT;
