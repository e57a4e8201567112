"""The commands of Candour for a set: one unchanged line for each kind of work.

    link       two files             dedupe     one file: clusters, and scored pairs
    wash       a workforce           explain    a pair of names, at even odds beforehand

Variants: `default` as it comes; `trained` runs `candour train` on the set first, without
labels, and gives the model to the same commands; `one` and `trained-one` add --one-to-one
to link, for files in which a person is once.
"""
import csv
import os
import sys

from peer import Skip, bits, from_bits

LEAST = '0.001'  # probability down to which pairs are written, so that the best threshold shows


def sides(about, folder):
    """The files of a set, and the options that say what their columns mean."""
    if about['kind'] == 'dedupe':
        return [f'{folder}/left.csv'], ['--map', f'{folder}/map-left.json']
    if about['kind'] == 'wash':
        return [about['workforce'], *about['intelligence'][:1]], []
    return [f'{folder}/left.csv', f'{folder}/right.csv'], [
        '--map-left', f'{folder}/map-left.json', '--map-right', f'{folder}/map-right.json']


def work(program, about, folder, out, variant, threads):
    """The command of the kind, the model and --one-to-one apart."""
    files, maps = sides(about, folder)
    common = ['--quiet', '--threads', threads]
    if about['kind'] == 'pairs':
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ours_pairs.py')
        return [[sys.executable, script, program, folder, out]]
    if about['kind'] == 'wash':
        return [[program, 'wash', '--workforce', about['workforce'], '--intelligence',
                 *about['intelligence'], '--out', f'{out}/found.csv', *common]]
    if about['kind'] == 'dedupe':
        return [[program, 'dedupe', *files, *maps, '--out', f'{out}/clusters.csv', *common],
                [program, 'dedupe', *files, *maps, '--threshold', LEAST, '--pairs',
                 f'{out}/found.csv', '--out', f'{out}/clusters-least.csv', *common]]
    return [[program, 'link', *files, *maps, '--threshold', LEAST, '--out', f'{out}/found.csv',
             *(['--one-to-one'] if variant.endswith('one') else []), *common]]


def commands(program, about, folder, out, variant, threads):
    """[(what it is, command)], to be run one after the other."""
    steps, model = [], []
    if variant.startswith('trained'):
        if about['kind'] in ('pairs', 'strangers'):
            raise Skip('no pair of records to train on')
        if about['name'].startswith('sample full'):
            raise Skip('trained on the sample ci only')
        files, maps = sides(about, folder)
        steps.append(('training', [program, 'train', *files, *maps, '--out', f'{out}/model.json',
                                   '--quiet', '--threads', threads]))
        model = ['--model', f'{out}/model.json']
    return steps + [('work', [*command, *model])
                    for command in work(program, about, folder, out, variant, threads)]


def note(about):
    return {'wash': 'pairs from 0.01, its review threshold',
            'pairs': 'even odds beforehand'}.get(about['kind'], 'probability 0.5')


def threshold(about):
    """That of the command when none is given, as a score in bits."""
    return bits(0.01 if about['kind'] == 'wash' else 0.5)


def pairs_of(out):
    """From the columns of docs/file-formats.md to those of the other programs."""
    with open(f'{out}/found.csv', encoding='utf-8', newline='') as file, \
            open(f'{out}/pairs.csv', 'w', encoding='utf-8', newline='') as to:
        reader, writer = csv.reader(file), csv.writer(to, lineterminator='\n')
        head = next(reader)
        probability, score = head.index('probability'), head.index('score_bits')
        writer.writerow(('left_id', 'right_id', 'score', 'probability'))
        for row in reader:
            writer.writerow((row[0], row[1], row[score],
                             row[probability] or from_bits(float(row[score]))))
