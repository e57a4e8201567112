"""nomenklatura, the matching behind yente; variants logic-v2, logic-v1 and regression-v1.

https://www.opensanctions.org/docs/api/scoring/ and https://www.opensanctions.org/matcher/ :
logic-v2 is the recommended algorithm for screening, the score of a match is at least 0.7.
Two entities of the schema Person with a name each; settings as they come.
"""
from importlib.metadata import version

from followthemoney import ValueEntity
from nomenklatura.matching import get_algorithm

import peer

THRESHOLD = 0.7


def person(own_id, name):
    return ValueEntity.from_dict({'id': own_id, 'schema': 'Person', 'properties': {'name': [name]}})


def work(folder, about, out, variant):
    if about['kind'] != 'pairs':
        raise peer.Skip('scores pairs; finding them is left to yente, which needs a search server')
    algorithm = get_algorithm(variant)
    config = algorithm.default_config()
    peer.write_pairs(out, ((left, right, algorithm.compare(person(left, a), person(right, b),
                                                          config).score)
                           for left, right, a, b in peer.asked_pairs(folder)))
    return version('nomenklatura'), THRESHOLD, ''


peer.main(work)
