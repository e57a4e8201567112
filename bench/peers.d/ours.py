"""The commands of Candour for a set: one unchanged line for each kind of work.

    link       two files             dedupe     one file: clusters, and scored pairs
    wash       a workforce           explain    a pair of names, at even odds beforehand

Variant `trained` runs `candour train` on the set first, without labels, and gives the model
to the same commands. Until `candour help` lists dedupe, a file is linked with itself, which
says the same about pairs; until it lists train, that variant is skipped.
"""
import csv
import os
import subprocess
import sys

from peer import Skip, bits, from_bits

LEAST = '0.001'  # probability down to which pairs are written, so that the best threshold shows


def known(program):
    """The commands that this build has."""
    text = subprocess.run([program, 'help'], stdout=subprocess.PIPE, text=True, check=True).stdout
    listed = text.partition('Commands:')[2].partition('Options')[0]
    return {line.split()[0] for line in listed.splitlines() if line.startswith('  ') and
            line[2:3].strip()}


def sides(about, folder):
    """The files of a set, and the options that say what their columns mean."""
    if about['kind'] == 'dedupe':
        return [f'{folder}/left.csv'], ['--map', f'{folder}/map-left.json']
    if about['kind'] == 'wash':
        return [about['workforce'], *about['intelligence'][:1]], []
    return [f'{folder}/left.csv', f'{folder}/right.csv'], [
        '--map-left', f'{folder}/map-left.json', '--map-right', f'{folder}/map-right.json']


def commands(program, about, folder, out, variant, threads):
    """What is run, one after the other."""
    has, files_maps = known(program), sides(about, folder)
    files, maps = files_maps
    common = ['--quiet', '--threads', threads]
    steps, model = [], []
    if variant == 'trained':
        if 'train' not in has:
            raise Skip('this build has no `candour train`')
        if about['kind'] in ('pairs', 'strangers'):
            raise Skip('no pair of records to train on')
        steps.append([program, 'train', *files, *maps, '--out', f'{out}/model.json', *common])
        model = ['--model', f'{out}/model.json']
    if about['kind'] == 'pairs':
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ours_pairs.py')
        steps.append([sys.executable, script, program, folder, out])
    elif about['kind'] == 'wash':
        steps.append([program, 'wash', '--workforce', about['workforce'], '--intelligence',
                      *about['intelligence'], '--out', f'{out}/found.csv', *model, *common])
    elif about['kind'] != 'dedupe':
        steps.append([program, 'link', *files, *maps, '--threshold', LEAST, '--out',
                      f'{out}/found.csv', *model, *common])
    elif 'dedupe' in has:
        steps.append([program, 'dedupe', *files, *maps, '--out', f'{out}/clusters.csv', *model,
                      *common])
        steps.append([program, 'dedupe', *files, *maps, '--threshold', LEAST, '--pairs',
                      f'{out}/found.csv', '--out', f'{out}/clusters-least.csv', *model, *common])
    else:
        steps.append([program, 'link', files[0], files[0], '--map-left', maps[1], '--map-right',
                      maps[1], '--threshold', LEAST, '--out', f'{out}/found.csv', *model, *common])
    return steps


def note(program, about):
    if about['kind'] == 'dedupe' and 'dedupe' not in known(program):
        return 'the file linked with itself: this build has no `candour dedupe`'
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
