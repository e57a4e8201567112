"""dedupe, which learns from labels: it is given some, no other program here is.

Pages of https://docs.dedupe.io/en/latest/ : API-documentation.html (Dedupe, RecordLink,
training_data_dedupe and training_data_link, which make labels from a key that is known),
Variable-definition.html and the csv_example of the project for the kinds of variable. The
labels are the true pairs of a tenth of the persons and as many pairs of others; in
practice a person would give them. Pairs of these persons are measured like all others, which
flatters it a little.
"""
import random

import dedupe
from dedupe import variables as v

import peer

SEED = 1
LABELLED = 10  # one person in so many
MOST = 400  # labelled pairs of either kind
SMALL = 1000  # records

VARIABLES = {
    'febrl': ('given_name', 'surname', 'date_of_birth', 'address_1', 'suburb', 'postcode'),
    'numbered': ('given_name', 'surname', 'date_of_birth', 'address_1', 'suburb', 'postcode',
                 'soc_sec_id'),
    'generated': ('given_name', 'surname', 'date_of_birth', 'address_1', 'suburb', 'postcode',
                  'phone_number'),
    'census': ('PERNAME1', 'PERNAME2', 'born', 'ENUMCAP', 'ENUMPC'),
    'historical': ('first_name', 'surname', 'full_name', 'dob', 'postcode_fake', 'birth_place',
                   'occupation'),
    'fake_1000': ('first_name', 'surname', 'dob', 'city', 'email'),
    'foreigners': ('imie', 'nazwisko', 'data_ur', 'kraj'),
}
SHORT = ('postcode', 'ENUMPC', 'postcode_fake', 'date_of_birth', 'dob', 'born', 'data_ur')


def variables(family):
    return [(v.ShortString if name in SHORT else v.String)(name, has_missing=True)
            for name in VARIABLES[family]]


def records(folder, about, side):
    """{id: record}, lower case and None where empty, as csv_example does it."""
    result = {}
    for row in peer.rows(folder, side):
        if about['family'] == 'census':
            row['born'] = '-'.join(row[part] for part in ('DOB_YEAR', 'DOB_MON', 'DOB_DAY'))
        result[row['id']] = {name: row[name].strip().lower() or None
                             for name in VARIABLES[about['family']]}
    return result


def labels(folder, left, right):
    """True pairs of some persons, and pairs of those records that are none."""
    draw = random.Random(SEED)
    with open(f'{folder}/truth.csv', encoding='utf-8') as file:
        truth = [tuple(line.strip().split(',')) for line in list(file)[1:]]
    same = draw.sample(truth, min(MOST, max(len(truth) // LABELLED, 10)))
    known, lefts, rights = set(truth), [a for a, _ in same], [b for _, b in same]
    different = {(draw.choice(lefts), draw.choice(rights)) for _ in range(2 * len(same))}
    different = [(a, b) for a, b in sorted(different)
                 if a != b and (a, b) not in known and (b, a) not in known][:len(same)]
    return {'match': [(left[a], right[b]) for a, b in same],
            'distinct': [(left[a], right[b]) for a, b in different]}, len(same) + len(different)


def work(folder, about, out, _):
    if about['family'] not in VARIABLES:
        raise peer.Skip('needs labelled pairs of several fields' if about['kind'] == 'pairs'
                        else 'needs labelled pairs; compares too many pairs for this size'
                        if about['kind'] == 'wash' else 'needs labelled pairs, and there are none')
    if about['left'] > SMALL and peer.SECONDS < 300:
        raise peer.Skip(f'takes minutes for more than {SMALL:,} records; run it with --seconds 900')
    random.seed(SEED)
    left = records(folder, about, 'left')
    if about['kind'] == 'dedupe':
        sides, engine = [left], dedupe.Dedupe(variables(about['family']), num_cores=1, in_memory=True)
    else:
        sides = [left, records(folder, about, 'right')]
        engine = dedupe.RecordLink(variables(about['family']), num_cores=1, in_memory=True)
    known, count = labels(folder, left, sides[-1])
    engine.prepare_training(*sides, sample_size=1500)
    engine.mark_pairs(known)
    engine.train(recall=1.0)
    scores = engine.score(engine.pairs(*sides))
    peer.write_pairs(out, ((a, b, s, s) for (a, b), s in zip(scores['pairs'], scores['score'])
                           if s >= 0.001), ('left_id', 'right_id', 'score', 'probability'))
    return dedupe.__version__ if hasattr(dedupe, '__version__') else '', 0.5, f'given {count} labelled pairs'


peer.main(work)
