"""Splink on DuckDB; variants tight and loose (splink_settings.py)."""
import logging
import os

import duckdb
import splink
from splink import DuckDBAPI, Linker, SettingsCreator

import peer
from splink_settings import FAMILIES, PROBABILITY

LEAST = 0.001  # probability down to which pairs are written, so that the best threshold shows


def load(db, folder, side, more):
    """A table of the file: empty cells are null, and columns worked out from the others."""
    path = os.path.join(folder, f'{side}.csv').replace("'", "''")
    db.execute(f"""CREATE TABLE raw_{side} AS SELECT * FROM read_csv('{path}', all_varchar = true,
        header = true, quote = '"', escape = '"', delim = ',', nullstr = '')""")
    columns = ''.join(f', {sql} AS {name}' for name, sql in more.items())
    db.execute(f'CREATE TABLE {side}_records AS SELECT *{columns} FROM raw_{side}')
    return f'{side}_records'


def rules(family, variant):
    return family['tight'] + (family['loose'] if variant == 'loose' else [])


def trained(linker, family):
    """The three calls of 04_Estimating_model_parameters.html, in its order."""
    notes = []
    steps = [lambda: linker.training.estimate_probability_two_random_records_match(
        family['certain'], recall=family['recall'])] if family['certain'] else []
    steps += [lambda: linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)]
    steps += [lambda rule=rule: linker.training.estimate_parameters_using_expectation_maximisation(
        rule) for rule in family['train']]
    for step in steps:
        try:
            step()
        except Exception as error:  # a step that cannot be done leaves Splink's starting value
            notes.append(f'a training step failed: {type(error).__name__}')
    return '; '.join(dict.fromkeys(notes))


def work(folder, about, out, variant):
    if about['kind'] == 'pairs':
        raise peer.Skip('compares records of several fields, not two names')
    logging.getLogger('splink').setLevel(logging.ERROR)
    family = FAMILIES[about['family']]
    db = duckdb.connect()
    db.execute(f"SET threads = {os.environ.get('BENCH_THREADS', '1')}")
    sides = ['left'] if about['kind'] == 'dedupe' else ['left', 'right']
    api = DuckDBAPI(connection=db)
    tables = [api.register(load(db, folder, side, family.get('columns', {})),
                           dataset_display_name=side) for side in sides]
    linker = Linker(tables if len(tables) > 1 else tables[0], SettingsCreator(
        link_type='dedupe_only' if len(sides) == 1 else 'link_only', unique_id_column_name='id',
        comparisons=family['comparisons'](),
        blocking_rules_to_generate_predictions=rules(family, variant),
        retain_intermediate_calculation_columns=False, retain_matching_columns=False))
    note = trained(linker, family)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    path = os.path.join(out, 'pairs.csv').replace("'", "''")
    db.execute(f"""COPY (SELECT id_l AS left_id, id_r AS right_id, match_weight AS score,
        match_probability AS probability FROM {found.physical_name}) TO '{path}' (HEADER)""")
    return splink.__version__, peer.bits(family.get('probability', PROBABILITY)), note


if __name__ == '__main__':
    peer.main(work)
