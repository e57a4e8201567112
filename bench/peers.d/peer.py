"""What the programs of bench/peers share: they read a prepared set and write scored pairs.

Each is run as  PROGRAM_peer.py SET_FOLDER OUT_FOLDER VARIANT  in a Python environment of its
own, writes OUT_FOLDER/pairs.csv (left_id,right_id,score and, if it gives one, probability),
perhaps clusters.csv (id,cluster), and ends with one line of JSON: the version, the
threshold of the score that is its default, and a note for the table.
"""
import csv
import json
import math
import os
import sys


SECONDS = float(os.environ.get('BENCH_SECONDS', '60'))  # that this program is given


class Skip(Exception):
    """This program does not do this kind of work; the reason goes into the table."""


def bits(probability):
    return math.log2(probability / (1 - probability))


def from_bits(score):
    return 1 / (1 + 2.0 ** -score) if score > -1000 else 0.0


def rows(folder, side):
    with open(os.path.join(folder, f'{side}.csv'), encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def asked_pairs(folder):
    """For name_pairs: [(left id, right id, name, name)], row by row."""
    return [(left['id'], right['id'], left['full_name'], right['full_name'])
            for left, right in zip(rows(folder, 'left'), rows(folder, 'right'))]


def write_pairs(folder, pairs, head=('left_id', 'right_id', 'score')):
    with open(os.path.join(folder, 'pairs.csv'), 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(head)
        writer.writerows(pairs)


def write_clusters(folder, clusters):
    with open(os.path.join(folder, 'clusters.csv'), 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(('id', 'cluster'))
        writer.writerows(clusters)


def main(work):
    """work(folder, about, out, variant) returns version, default threshold, note and, if it
    learns apart from its work, what that took: {'cpu': seconds, 'wall': seconds}."""
    folder, out, variant = sys.argv[1:4]
    with open(os.path.join(folder, 'set.json'), encoding='utf-8') as file:
        about = json.load(file)
    try:
        version, default, note, *training = work(folder, about, out, variant)
        print(json.dumps({'version': version, 'default': default, 'note': note,
                          'training': training[0] if training else None}))
    except Skip as reason:
        print(json.dumps({'skipped': str(reason)}))
