"""The Python Record Linkage Toolkit; variants guide and ecm.

Pages of https://recordlinkage.readthedocs.io/en/latest/ :
  guides/data_deduplication.html   guide: block on the forename, six comparisons, a pair is
                                   found when more than three of them agree
  guides/link_two_dataframes.html  the same for two files
  ref-classifiers.html             ecm: ECMClassifier, unsupervised, on the same comparisons
                                   over three blocks (forename, surname, date of birth)

The guides' comparisons are those of FEBRL; other sets get the like for their columns. The
score of guide is the number of comparisons that agree, that of ecm its probability.
"""
import warnings

import numpy as np
import pandas as pd
import recordlinkage as rl

import peer

# what the pair is compared on: exactly, and by Jaro-Winkler or edit distance of 0.85
FIELDS = {
    'febrl': (('date_of_birth', 'suburb', 'state'), ('given_name', 'surname', 'address_1')),
    'numbered': (('date_of_birth', 'suburb', 'state', 'soc_sec_id'),
                 ('given_name', 'surname', 'address_1')),
    'generated': (('date_of_birth', 'suburb', 'state'), ('given_name', 'surname', 'address_1')),
    'census': (('born', 'ENUMPC', 'SEX'), ('PERNAME1', 'PERNAME2', 'ENUMCAP')),
    'historical': (('dob', 'postcode_fake', 'birth_place', 'occupation'), ('first_name', 'surname')),
    'fake_1000': (('dob', 'city', 'email'), ('first_name', 'surname')),
    'foreigners': (('data_ur', 'kraj'), ('imie', 'nazwisko', 'imie2')),
    'screening': (('born', 'gender'), ('given', 'surname')),
    'sample': (('dob', 'postcode', 'phone', 'email'), ('forename', 'surname')),
}
BLOCKS = {  # the guides' block, the forename, comes first
    'febrl': ('given_name', 'surname', 'date_of_birth'),
    'numbered': ('given_name', 'surname', 'date_of_birth'),
    'generated': ('given_name', 'surname', 'date_of_birth'),
    'census': ('PERNAME1', 'PERNAME2', 'born'),
    'historical': ('first_name', 'surname', 'dob'),
    'fake_1000': ('first_name', 'surname', 'dob'),
    'foreigners': ('imie', 'nazwisko', 'data_ur'),
    'screening': ('given', 'surname', 'born'),
    'sample': ('forename', 'surname', 'dob'),
}
AGREE = 4  # "more than three"


def frame(folder, about, side):
    table = pd.DataFrame(peer.rows(folder, side)).set_index('id').replace('', np.nan)
    if about['family'] == 'census':
        days = [table[column].fillna('?') for column in ('DOB_YEAR', 'DOB_MON', 'DOB_DAY')]
        table['born'] = days[0] + '-' + days[1] + '-' + days[2]
    if about['family'] == 'screening':
        table['born'] = pd.to_datetime(table['born'], errors='coerce',
                                       format='mixed').dt.strftime('%Y-%m-%d')
    return table


def work(folder, about, out, variant):
    if about['kind'] == 'pairs':
        raise peer.Skip('compares records of several fields, not two names')
    if about['kind'] == 'wash':
        raise peer.Skip('its blocks, single names, hold more pairs than its memory')
    warnings.simplefilter('ignore')
    np.seterr(all='ignore')
    frames = [frame(folder, about, side)
              for side in (('left',) if about['kind'] == 'dedupe' else ('left', 'right'))]
    index = rl.Index()
    for column in BLOCKS[about['family']][:1 if variant == 'guide' else None]:
        index.block(column)
    candidates = index.index(*frames)
    compare = rl.Compare(n_jobs=1)
    exact, alike = FIELDS[about['family']]
    for column in exact:
        compare.exact(column, column, label=column)
    for column in alike:
        method = 'levenshtein' if column in ('address_1', 'ENUMCAP') else 'jarowinkler'
        compare.string(column, column, method=method, threshold=0.85, label=column)
    features = compare.compute(candidates, *frames).fillna(0)
    if variant == 'guide':
        score, default = features.sum(axis=1), AGREE
        score = score[score >= 1]
        note = f'{AGREE} of {features.shape[1]} comparisons agree'
    else:
        classifier = rl.ECMClassifier()
        classifier.fit(features)
        score, default, note = classifier.prob(features), 0.5, 'probability 0.5'
        score = score[score >= 0.001]
    probabilities = [score.to_numpy()] if variant == 'ecm' else []
    peer.write_pairs(out, zip(score.index.get_level_values(0), score.index.get_level_values(1),
                              score.to_numpy(), *probabilities),
                     ('left_id', 'right_id', 'score', 'probability')[:3 + len(probabilities)])
    return rl.__version__, default, note


peer.main(work)
