"""Splink on DuckDB; variants tight and loose (splink_settings.py)."""
import json
import logging
import os
import time

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
    began, cpu = time.monotonic(), time.process_time()
    for step in steps:
        try:
            step()
        except Exception as error:  # a step that cannot be done leaves Splink's starting value
            notes.append(f'a training step failed: {type(error).__name__}')
    return '; '.join(dict.fromkeys(notes)), {'cpu': time.process_time() - cpu,
                                             'wall': time.monotonic() - began}


def model_of_part(folder):
    """The model of the first million, for the whole: training on a part, as for a large set."""
    path = os.path.join(f'{folder}-first-million', 'Splink-documented-rules',
                        'model.json')
    return path if os.path.exists(path) else None


def work(folder, about, out, variant):
    if about['kind'] == 'pairs':
        raise peer.Skip('compares records of several fields, not two names')
    if about['name'] == 'sample full' and variant == 'loose':
        raise peer.Skip('its pairs would take hours: see the first million')
    logging.getLogger('splink').setLevel(logging.ERROR)
    family = FAMILIES[about['family']]
    db = duckdb.connect()
    db.execute(f"SET threads = {os.environ.get('BENCH_THREADS', '1')}")
    db.execute(f"SET memory_limit = '{0.7 * float(os.environ.get('BENCH_GIBIBYTES', '8')):.1f}GiB'")
    db.execute(f"SET temp_directory = '{out.replace(chr(39), chr(39) * 2)}/spilled'")
    sides = ['left'] if about['kind'] == 'dedupe' else ['left', 'right']
    api = DuckDBAPI(connection=db)
    tables = [api.register(load(db, folder, side, family.get('columns', {})),
                           dataset_display_name=side) for side in sides]
    model = model_of_part(folder)
    settings = SettingsCreator(
        link_type='dedupe_only' if len(sides) == 1 else 'link_only', unique_id_column_name='id',
        comparisons=family['comparisons'](),
        blocking_rules_to_generate_predictions=rules(family, variant),
        retain_intermediate_calculation_columns=False, retain_matching_columns=False)
    if model:
        with open(model, encoding='utf-8') as file:
            settings = {**json.load(file),
                        'blocking_rules_to_generate_predictions': settings.create_settings_dict(
                            'duckdb')['blocking_rules_to_generate_predictions']}
    linker = Linker(tables if len(tables) > 1 else tables[0], settings)
    note, training = ('the model of the first million', None) if model else trained(linker, family)
    if about['kind'] == 'wash':
        linker.misc.save_model_to_json(os.path.join(out, 'model.json'), overwrite=True)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    path = os.path.join(out, 'pairs.csv').replace("'", "''")
    db.execute(f"""COPY (SELECT id_l AS left_id, id_r AS right_id, match_weight AS score,
        match_probability AS probability FROM {found.physical_name}) TO '{path}' (HEADER)""")
    return splink.__version__, peer.bits(family.get('probability', PROBABILITY)), note, training


if __name__ == '__main__':
    peer.main(work)
