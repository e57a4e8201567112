#!/usr/bin/env python3
"""Makes what tests/splink compares with: make.py FOLDER (run by hand, with Splink)

Rows are made up here, from a fixed seed; Splink 5.0.0 on DuckDB 2.0.0 (the pins of
bench/peers.d/splink.txt) trains or is given the models, saves them, and predicts with all
pairs compared (one blocking rule that is always true). Splink's random sampling is seeded,
yet another version may train other numbers: files are replaced together.

  left.csv right.csv   records; an empty cell is null
  trained.json         link_only, trained on them: names, date, postcode, e-mail, town
  trained.csv          left_id,right_id,weight: every pair at probability 0.01 or more
  library.json .csv    dedupe_only over left.csv: every kind of condition that Splink's
                       libraries write, m and u made up, frequencies with weight and floor
"""
import csv
import logging
import os
import random
import sys
import tempfile

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

FORENAMES = ('SARAH JAMES AISHA OLUWASEUN PIOTR MEI HANNAH ROBERT PRIYA CONOR ZOË Ana-Maria '
             'JOSÉ jose Sara JON JOHN ROBERTA ANNE ANNA').split()
SURNAMES = ("OKAFOR SMITH KHAN KOWALSKI KOWALSKA PATEL JONES MURPHY CHEN SINGH BAKER SMYTHE "
            "O'BRIEN OBRIEN Müller MULLER JANES JOHNSON JONSON").split()
TOWNS = 'Leeds York Hull Bradford Otley Leed Selby'.split()


def spoiled(draw, text):
    if len(text) < 3:
        return text
    at = draw.randrange(len(text) - 1)
    return draw.choice([text[:at] + text[at + 1:], text[:at] + text[at + 1] + text[at] + text[at + 2:],
                        text[:at] + 'X' + text[at + 1:], text.lower(), text])


def person(draw):
    forename, surname = draw.choice(FORENAMES), draw.choice(SURNAMES)
    born = f'{draw.randint(1950, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}'
    postcode = f'LS{draw.randint(1, 29)} {draw.randint(1, 9)}{draw.choice("AB")}{draw.choice("DEF")}'
    email = f'{forename}.{surname}@example.{draw.choice(["org", "net"])}'.lower()
    return [forename, surname, born, postcode, email, draw.choice(TOWNS),
            f'{53.7 + draw.random() / 5:.4f}', f'{-1.7 + draw.random() / 5:.4f}',
            str(draw.randint(100, 160) * 5)]


def again(draw, row):
    row = [spoiled(draw, value) if draw.random() < 0.25 and at not in (2, 6, 7, 8) else value
           for at, value in enumerate(row)]
    if draw.random() < 0.1:
        row[0], row[1] = row[1], row[0]
    if draw.random() < 0.2:
        row[2] = draw.choice([row[2][:8] + '01', str(int(row[2][:4]) + 1) + row[2][4:], row[2][:7],
                              row[2][:5] + row[2][8:] + row[2][4:7], row[2].replace('-0', '-')])
    if draw.random() < 0.3:
        row[8] = str(int(row[8]) + draw.choice([1, 3, 40]))
    return ['' if draw.random() < 0.08 and at else value for at, value in enumerate(row)]


HEAD = ['unique_id', 'first_name', 'surname', 'dob', 'postcode', 'email', 'town', 'lat', 'lon',
        'height']


def rows_make(folder, seed, count):
    """count people: most on the left, a quarter of them twice, and most on the right."""
    draw = random.Random(seed)
    people = [person(draw) for _ in range(count)]
    left = people[:count * 7 // 10] + people[:count // 4]
    sides = {'left': [again(draw, row) for row in left],
             'right': [again(draw, row) for row in people[count // 5:]]}
    for side, rows in sides.items():
        with open(os.path.join(folder, f'{side}.csv'), 'w', encoding='utf-8', newline='') as file:
            writer = csv.writer(file, lineterminator='\n')
            writer.writerow(HEAD)
            writer.writerows([f'{side[0].upper()}{at:04}', *row] for at, row in enumerate(rows))


def load(db, folder, side):
    db.execute(f"""CREATE OR REPLACE TABLE {side}_table AS SELECT * REPLACE (CAST(lat AS DOUBLE) AS lat,
        CAST(lon AS DOUBLE) AS lon, CAST(height AS INTEGER) AS height)
        FROM read_csv('{folder}/{side}.csv', all_varchar = true, header = true, quote = '"',
        escape = '"', delim = ',', nullstr = '')""")
    return f'{side}_table'


def opened(folder):
    """The tables of a folder in a database of their own: Splink keeps frequencies by name, and
    would count those of other tables."""
    db = duckdb.connect()
    api = DuckDBAPI(connection=db)
    return db, [api.register(db.sql(f'SELECT * FROM {load(db, folder, side)}').to_arrow_table(),
                             dataset_display_name=f'{side}_rows') for side in ('left', 'right')]


def predict(folder, name, one_file):
    db, tables = opened(folder)
    linker = Linker(tables[0] if one_file else tables, os.path.join(folder, f'{name}.json'))
    found = linker.inference.predict(threshold_match_probability=0.01)
    db.execute(f"""COPY (SELECT unique_id_l AS left_id, unique_id_r AS right_id,
        round(match_weight, 9) AS weight FROM {found.physical_name} ORDER BY ALL)
        TO '{folder}/{name}.csv' (HEADER)""")


def trained(folder):
    """Trained on more rows of the same kind than are compared."""
    with tempfile.TemporaryDirectory() as more:
        rows_make(more, 6, 3000)
        _, many = opened(more)
    linker = Linker(many, SettingsCreator(
        link_type='link_only', comparisons=[
            cl.ForenameSurnameComparison('first_name', 'surname'),
            cl.DateOfBirthComparison('dob', input_is_string=True),
            cl.PostcodeComparison('postcode'), cl.EmailComparison('email'),
            cl.NameComparison('town').configure(term_frequency_adjustments=True)],
        blocking_rules_to_generate_predictions=['1=1']))
    linker.training.estimate_probability_two_random_records_match(
        [block_on('first_name', 'surname', 'dob')], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
    for rule in (block_on('dob'), block_on('surname')):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    linker.misc.save_model_to_json(os.path.join(folder, 'trained.json'), overwrite=True)
    predict(folder, 'trained', False)


def chances(levels):
    """m and u for each level, made up, strongest first."""
    count = sum(not level.get('is_null_level') for level in levels)
    number = 0
    for level in levels:
        if level.get('is_null_level'):
            continue
        level['m_probability'] = round(0.9 / (number + 1.3), 6)
        level['u_probability'] = round(0.9 * 0.25 ** (count - 1 - number), 6)
        number += 1
    return levels


def own(name, *levels):
    made = [level.create_level_dict('duckdb') if not isinstance(level, dict) else level
            for level in levels]
    return {'output_column_name': name, 'comparison_levels': chances(made)}


def custom(sql, **more):
    return {'sql_condition': sql, 'label_for_charts': sql[:40], **more}


def library(folder):
    more = {'tf_adjustment_column': 'surname', 'tf_adjustment_weight': 0.7, 'tf_minimum_u_value': 0.03}
    comparisons = [
        own('forename', cll.NullLevel('first_name'), cll.ExactMatchLevel('first_name', True),
            cll.JaroLevel('first_name', 0.9), cll.JaccardLevel('first_name', 0.8),
            cll.DamerauLevenshteinLevel('first_name', 1), cll.ElseLevel()),
        own('family name', custom('surname_l IS NULL OR surname_r IS NULL', is_null_level=True),
            custom('"surname_l" = "surname_r"', **more),
            custom('jaro_winkler_similarity(surname_l, surname_r) > 0.88', **more),
            custom('substr(lower(surname_l), 1, 3) = substr(lower(surname_r), 1, 3)',
                   tf_adjustment_column='surname', disable_tf_exact_match_detection=True),
            cll.ColumnsReversedLevel('first_name', 'surname', symmetrical=True), cll.ElseLevel()),
        own('born', cll.NullLevel('dob'), cll.ExactMatchLevel('dob'),
            custom("try_strptime(dob_l, '%Y-%m-%d') = try_strptime(dob_r, '%Y-%m-%d')"),
            cll.LevenshteinLevel('dob', 1),
            cll.AbsoluteDateDifferenceLevel('dob', input_is_string=True, threshold=1, metric='year'),
            cll.ElseLevel()),
        own('place', cll.And(cll.NullLevel('postcode'), cll.NullLevel('town')),
            cll.And(cll.ExactMatchLevel('postcode'), cll.Not(cll.NullLevel('town'))),
            cll.Or(cll.ExactMatchLevel('postcode'), cll.ExactMatchLevel('town')),
            cll.DistanceInKMLevel('lat', 'lon', 5, not_null=True),
            cll.LiteralMatchLevel('town', 'York', 'string', 'left'),
            custom("town_l IN ('Hull', 'Leed') AND NOT town_r BETWEEN 'H' AND 'L'"),
            custom("NULLIF(regexp_extract(postcode_l, '^LS([0-9]+) ', 1), '') = "
                   "NULLIF(regexp_extract(postcode_r, '^LS([0-9]+) ', 1), '')"), cll.ElseLevel()),
        own('size', cll.NullLevel('height'), cll.AbsoluteDifferenceLevel('height', 2),
            cll.PercentageDifferenceLevel('height', 0.06),
            custom('CASE WHEN height_l > height_r THEN height_l - height_r ELSE 0 END >= 100'),
            cll.ElseLevel()),
        own('mail', custom("coalesce(email_l, '') = '' OR email_r IS NULL", is_null_level=True),
            custom("upper(email_l) = upper(email_r)"),
            custom("email_l || town_l = email_r || town_r OR length(email_l) = 12"),
            custom("replace(left(email_l, 6), '.', '') = replace(left(email_r, 6), '.', '')"))]
    linker = Linker(opened(folder)[1][0], {'link_type': 'dedupe_only', 'sql_dialect': 'duckdb',
                            'probability_two_random_records_match': 0.02,
                            'comparisons': comparisons,
                            'blocking_rules_to_generate_predictions': ['1=1']})
    linker.misc.save_model_to_json(os.path.join(folder, 'library.json'), overwrite=True)
    predict(folder, 'library', True)


def main(folder):
    logging.getLogger('splink').setLevel(logging.ERROR)
    rows_make(folder, 5, 150)
    trained(folder)
    library(folder)


main(sys.argv[1])
