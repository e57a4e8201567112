"""Candour on pairs of names: `candour explain` for each, with even odds beforehand."""
import json
import subprocess
import sys

import peer


def explained(program, left, right):
    """Bits and probability of two full names."""
    sides = [json.dumps({'full_name': name}, ensure_ascii=False) for name in (left, right)]
    done = subprocess.run([program, 'explain', '--left', sides[0], '--right', sides[1], '--people',
                           '1', '--share', '0.5', '--json', '--quiet'], stdout=subprocess.PIPE,
                          check=True)
    out = json.loads(done.stdout)
    return out['score_bits'], out['probability']


program, folder, out = sys.argv[1:4]
peer.write_pairs(out, ((left, right, *explained(program, a, b))
                       for left, right, a, b in peer.asked_pairs(folder)),
                 ('left_id', 'right_id', 'score', 'probability'))
