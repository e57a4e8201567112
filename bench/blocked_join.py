#!/usr/bin/env python3
"""What bench/wash asks of DuckDB; run with the Python of build/bench-venv.

  join MODEL THREADS WORKFORCE INTELLIGENCE OURS...   the equivalent blocked join
  nested LOW HIGH SCORE    hits of LOW cut at SCORE against the hits of HIGH
  skew WORKFORCE INTELLIGENCE COMMON OTHERS           mentions with common names, and not

OURS is NAME=T=HITS: hits of this program at T bits of evidence. Prints one JSON object.

The join is what a blocked linkage in SQL does: six blocking rules, each without the
pairs of those before it; then a CASE of comparison levels for each pair, with this
program's default weights. It is let off lightly: one telephone number and one e-mail
address a person, no variants of names, no swapped names, no previous postcodes, weights
by frequency for names only, no sorting and no evidence written.
"""
import json
import math
import resource
import sys
import time

import duckdb


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, time.monotonic()


class Clock:
    """Processor and wall seconds of each phase."""

    def __init__(self):
        self.last = used()
        self.phases = {}

    def phase(self, name):
        now = used()
        self.phases[name] = {'cpu': now[0] - self.last[0], 'wall': now[1] - self.last[1]}
        self.last = used()


def name_sql(column):
    return f"nullif(regexp_replace(upper(strip_accents({column})), '[^A-Z]', '', 'g'), '')"


def digits_sql(column):
    return f"regexp_replace(regexp_replace({column}, '[^0-9]', '', 'g'), '^44', '0')"


def columns_sql(dob, forename, surname, postcode, phone, email):
    return f'''{name_sql(surname)} AS surname, {name_sql(forename)} AS forename,
        CASE WHEN length({dob}) = 10 THEN {dob} END AS dob, left({dob}, 4) AS born_year,
        nullif(upper(replace({postcode}, ' ', '')), '') AS postcode,
        nullif({digits_sql(phone)}, '') AS phone, nullif(lower({email}), '') AS email'''


def load(db, workforce, intelligence):
    read = "read_csv('{}', all_varchar = true, header = true, quote = '\"', ignore_errors = true)"
    left = columns_sql('date_of_birth', 'forename1', 'surname', 'postcode',
                       'coalesce(mobile, home_phone)', 'personal_email')
    right = columns_sql('dob', 'forename1', 'surname', 'postcode', 'phone', 'email')
    db.execute(f'CREATE TABLE l0 AS SELECT row_id AS id, {left} FROM {read.format(workforce)}')
    db.execute(f'CREATE TABLE r0 AS SELECT mention_id AS id, {right} FROM {read.format(intelligence)}')
    for side in 'lr':
        db.execute(f'''CREATE TABLE {side} AS SELECT rowid AS n, *,
            CASE WHEN length(postcode) >= 5 THEN postcode END AS unit,
            CASE WHEN length(postcode) >= 5 THEN left(postcode, length(postcode) - 2) END AS sector,
            CASE WHEN length(postcode) >= 5 THEN left(postcode, length(postcode) - 3)
                 ELSE postcode END AS district FROM {side}0''')
    for column in ('surname', 'forename'):
        db.execute(f'''CREATE TABLE tf_{column} AS SELECT {column},
            count(*) / (SELECT count({column}) FROM r) AS share
            FROM r WHERE {column} IS NOT NULL GROUP BY 1''')


RULES = (
    'l.dob = r.dob',
    'l.surname = r.surname AND l.forename = r.forename',
    'l.surname = r.surname AND l.district = r.district',
    'l.unit = r.unit',
    'l.phone = r.phone',
    'l.email = r.email',
)


def block(db):
    parts = []
    for number, rule in enumerate(RULES):
        before = ''.join(f' AND NOT coalesce({other}, false)' for other in RULES[:number])
        parts.append(f'SELECT l.n AS ln, r.n AS rn FROM l JOIN r ON {rule} WHERE true{before}')
    db.execute('CREATE TABLE ids AS ' + ' UNION ALL '.join(parts))


class Weights:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self.comparisons = json.load(file)['comparisons']

    def level(self, comparison, name):
        return next(x for x in self.comparisons[comparison] if x['name'] == name)

    def bits(self, comparison, name):
        level = self.level(comparison, name)
        bits = math.log2(level['m'] / level['u'])
        bounds = level.get('by_frequency')
        return min(max(bits, bounds['least']), bounds['most']) if bounds else bits

    def by_share(self, comparison, name, share):
        level = self.level(comparison, name)
        bounds = level['by_frequency']
        return (f"least(greatest(log2({level['m']} / {share}), {bounds['least']}), "
                f"{bounds['most']})")


def score_sql(weights):
    w = weights.bits
    digits = ' + '.join(f'(substr(l.dob, {i}, 1) <> substr(r.dob, {i}, 1))::int'
                        for i in (1, 2, 3, 4, 6, 7, 9, 10))
    swapped = "left(l.dob, 5) || substr(l.dob, 9, 2) || '-' || substr(l.dob, 6, 2) = r.dob"

    def name(column, more=''):
        likeness = f'jaro_winkler_similarity(l.{column}, r.{column})'
        return f'''CASE WHEN l.{column} IS NULL OR r.{column} IS NULL THEN 0
            WHEN l.{column} = r.{column} THEN {weights.by_share(column, 'exact', f'tf_{column}.share')}
            {more}
            WHEN {likeness} >= 0.92 THEN {w(column, 'near_92')}
            WHEN {likeness} >= 0.88 THEN {w(column, 'near_88')}
            ELSE {w(column, 'different')} END'''

    def number(column):
        return f'''CASE WHEN l.{column} IS NULL OR r.{column} IS NULL THEN 0
            WHEN l.{column} = r.{column} THEN {w(column, 'same')} ELSE {w(column, 'different')} END'''

    initial = f'''WHEN (length(l.forename) = 1 OR length(r.forename) = 1)
            AND left(l.forename, 1) = left(r.forename, 1) THEN {w('forename', 'initial')}'''
    born = f'''CASE WHEN l.dob = r.dob THEN {w('date_of_birth', 'exact')}
        WHEN l.born_year IS NULL OR r.born_year IS NULL THEN 0
        WHEN l.dob IS NULL OR r.dob IS NULL THEN CASE WHEN l.born_year = r.born_year
            THEN {w('date_of_birth', 'partial_year')} ELSE {w('date_of_birth', 'different')} END
        WHEN {swapped} THEN {w('date_of_birth', 'swapped')}
        WHEN {digits} = 1 THEN {w('date_of_birth', 'one_digit')}
        WHEN left(l.dob, 7) = left(r.dob, 7) THEN {w('date_of_birth', 'year_month')}
        WHEN abs(try_cast(l.born_year AS int) - try_cast(r.born_year AS int)) <= 5
            THEN {w('date_of_birth', 'within_5_years')}
        ELSE {w('date_of_birth', 'different')} END'''
    place = f'''CASE WHEN l.postcode IS NULL OR r.postcode IS NULL THEN 0
        WHEN l.unit = r.unit THEN {w('place', 'unit')} WHEN l.sector = r.sector THEN {w('place', 'sector')}
        WHEN l.district = r.district THEN {w('place', 'district')} ELSE {w('place', 'different')} END'''
    return '\n+ '.join([name('surname'), name('forename', initial), born, place, number('phone'),
                        number('email')])


def predict(db, weights, least):
    db.execute(f'''CREATE TABLE found AS SELECT ln, rn, score FROM (
        SELECT ln, rn, {score_sql(weights)} AS score FROM ids
        JOIN l ON l.n = ln JOIN r ON r.n = rn
        LEFT JOIN tf_surname ON tf_surname.surname = l.surname
        LEFT JOIN tf_forename ON tf_forename.forename = l.forename) WHERE score >= {least}''')


def recall(db, name, least, hits):
    """How many of our pairs its rules reach, and how many it scores at least as high."""
    db.execute(f'''CREATE OR REPLACE TABLE ours AS SELECT l.n AS ln, r.n AS rn
        FROM read_csv('{hits}', all_varchar = true, header = true) h
        JOIN l ON l.id = h.person_id JOIN r ON r.id = h.record_id''')
    one = lambda sql: db.execute(sql).fetchone()[0]
    return {
        't': least,
        'ours': one('SELECT count(*) FROM ours'),
        'blocked': one('SELECT count(*) FROM ours SEMI JOIN ids USING (ln, rn)'),
        'found_of_ours': one(f'''SELECT count(*) FROM ours SEMI JOIN
            (SELECT * FROM found WHERE score >= {least}) USING (ln, rn)'''),
        'found': one(f'SELECT count(*) FROM found WHERE score >= {least}'),
    }


def mode_join(model, threads, workforce, intelligence, *ours):
    ours = [entry.split('=', 2) for entry in ours]
    clock = Clock()
    db = duckdb.connect(':memory:', config={'threads': int(threads)})
    clock.phase('start')
    load(db, workforce, intelligence)
    clock.phase('load')
    block(db)
    clock.phase('block')
    predict(db, Weights(model), min(float(t) for _, t, _ in ours))
    clock.phase('predict')
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        'version': duckdb.__version__,
        'phases': clock.phases,
        'peak_bytes': peak,
        'people': db.execute('SELECT count(*) FROM l').fetchone()[0],
        'mentions': db.execute('SELECT count(*) FROM r').fetchone()[0],
        'pairs': db.execute('SELECT count(*) FROM ids').fetchone()[0],
        'recall': {name: recall(db, name, float(t), hits) for name, t, hits in ours},
    }


def mode_nested(low, high, score):
    db = duckdb.connect(':memory:')
    read = "SELECT person_id, record_id, score_bits FROM read_csv('{}', all_varchar = true, header = true)"
    db.execute(f'CREATE TABLE a AS {read.format(low)} WHERE score_bits::double >= {float(score)}')
    db.execute(f'CREATE TABLE b AS {read.format(high)}')
    one = lambda sql: db.execute(sql).fetchone()[0]
    return {'cut': one('SELECT count(*) FROM a'), 'run': one('SELECT count(*) FROM b'),
            'differ': one('SELECT count(*) FROM ((FROM a EXCEPT ALL FROM b) UNION ALL '
                          '(FROM b EXCEPT ALL FROM a))')}


def mode_skew(workforce, intelligence, common, others):
    db = duckdb.connect(':memory:')
    read = "read_csv('{}', all_varchar = true, header = true, quote = '\"')"
    db.execute(f'CREATE TABLE l AS SELECT surname, forename1 FROM {read.format(workforce)}')
    for column in ('surname', 'forename1'):
        db.execute(f'''CREATE TABLE top_{column} AS SELECT {name_sql(column)} AS name FROM l
            WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 50''')
    db.execute(f'''CREATE TABLE r AS SELECT * FROM {read.format(intelligence)}''')
    both = (f'{name_sql("surname")} IN (FROM top_surname) AND '
            f'{name_sql("forename1")} IN (FROM top_forename1)')
    for path, test in ((common, both), (others, f'NOT coalesce({both}, false)')):
        db.execute(f"COPY (SELECT * FROM r WHERE {test}) TO '{path}' (HEADER)")
    one = lambda sql: db.execute(sql).fetchone()[0]
    return {'common': one(f'SELECT count(*) FROM r WHERE {both}'), 'all': one('SELECT count(*) FROM r')}


MODES = {'join': mode_join, 'nested': mode_nested, 'skew': mode_skew}

if __name__ == '__main__':
    if len(sys.argv) < 2 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    print(json.dumps(MODES[sys.argv[1]](*sys.argv[2:])))
