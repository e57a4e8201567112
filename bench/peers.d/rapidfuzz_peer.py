"""RapidFuzz: comparators of two texts, no more; variants WRatio, token_sort and JaroWinkler.

https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html and .../distance/JaroWinkler.html, with
utils.default_process as both pages recommend for texts as written. They name no threshold;
0.85 is a usual one and is shown as default for want of another. Names are not written in
Latin letters first: that is not its task.
"""
import rapidfuzz
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

import peer

THRESHOLD = 0.85


def likeness(variant, a, b):
    if variant == 'JaroWinkler':
        return JaroWinkler.similarity(a, b, processor=utils.default_process)
    scorer = {'WRatio': fuzz.WRatio, 'token_sort': fuzz.token_sort_ratio}[variant]
    return scorer(a, b, processor=utils.default_process) / 100


def work(folder, about, out, variant):
    if about['kind'] != 'pairs':
        raise peer.Skip('compares texts, not records')
    peer.write_pairs(out, ((left, right, likeness(variant, a, b))
                           for left, right, a, b in peer.asked_pairs(folder)))
    return rapidfuzz.__version__, THRESHOLD, 'no threshold of its own; 0.85'


peer.main(work)
