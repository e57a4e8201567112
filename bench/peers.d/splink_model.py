"""Trains Splink on a prepared set, saves its model, and writes the pairs it finds.

  splink_model.py SET_FOLDER OUT_FOLDER PROBABILITY

Writes OUT_FOLDER/left.csv (and right.csv): the records with the columns that Splink's page
works out from them, which both programs then read; model.json, as
linker.misc.save_model_to_json writes it; splink.csv: left_id,right_id,weight,probability of
every pair of Splink at or above PROBABILITY, by its documented and the looser rules together.
"""
import json
import logging
import os
import sys

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from splink_peer import load, rules, trained
from splink_settings import FAMILIES


def written(db, table, path):
    db.execute(f"COPY {table} TO '{path}' (HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')")


def work(folder, out, probability):
    logging.getLogger('splink').setLevel(logging.ERROR)
    with open(os.path.join(folder, 'set.json'), encoding='utf-8') as file:
        about = json.load(file)
    family = FAMILIES[about['family']]
    db = duckdb.connect()
    db.execute(f"SET threads = {os.environ.get('BENCH_THREADS', '1')}")
    sides = ['left'] if about['kind'] == 'dedupe' else ['left', 'right']
    names = [load(db, folder, side, family.get('columns', {})) for side in sides]
    for side, name in zip(sides, names):
        written(db, name, os.path.join(out, f'{side}.csv'))
    api = DuckDBAPI(connection=db)
    tables = [api.register(name, dataset_display_name=side) for side, name in zip(sides, names)]
    linker = Linker(tables if len(tables) > 1 else tables[0], SettingsCreator(
        link_type='dedupe_only' if len(sides) == 1 else 'link_only', unique_id_column_name='id',
        comparisons=family['comparisons'](),
        blocking_rules_to_generate_predictions=rules(family, 'loose')))
    note = trained(linker, family)
    model = os.path.join(out, 'model.json')
    linker.misc.save_model_to_json(model, overwrite=True)
    # From the file: a level that training never met is left out of it, and counts otherwise
    # in the linker that trained.
    linker = Linker(tables if len(tables) > 1 else tables[0], model)
    found = linker.inference.predict(threshold_match_probability=probability)
    written(db, f'(SELECT id_l AS left_id, id_r AS right_id, match_weight AS weight, '
                f'match_probability AS probability FROM {found.physical_name})',
            os.path.join(out, 'splink.csv'))
    print(json.dumps({'note': note}))


work(sys.argv[1], sys.argv[2], float(sys.argv[3]))
