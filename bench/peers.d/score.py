"""Scored pairs against the truth: the same measures for every program.

Nothing here knows which program the pairs are from. A pair that is not listed scores below
every pair that is. Pairs with one score are taken together: a threshold cannot part them.
"""
import collections
import csv
import itertools
import re
import unicodedata

PRECISIONS = (0.95, 0.99, 0.999)
BINS = 10
LEAST_IN_BIN = 50  # pairs; fewer say nothing about the share of true ones


def either_way(left, right):
    return (left, right) if left <= right else (right, left)


def read_pairs(path, dedupe):
    """{pair: score}, {pair: probability}, the latter empty where a program gives none.

    In one file a pair has no direction, and nobody is a pair with himself.
    """
    pairs, given = {}, {}
    with open(path, encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            left, right, score = row['left_id'], row['right_id'], float(row['score'])
            if dedupe:
                if left == right:
                    continue
                left, right = either_way(left, right)
            if score > pairs.get((left, right), float('-inf')):
                pairs[left, right] = score
                if row.get('probability'):
                    given[left, right] = float(row['probability'])
    return pairs, given


def read_truth(path, dedupe):
    with open(path, encoding='utf-8', newline='') as file:
        return {either_way(row['left_id'], row['right_id']) if dedupe
                else (row['left_id'], row['right_id']) for row in csv.DictReader(file)}


def read_groups(path):
    """{id: group} as a program made them."""
    with open(path, encoding='utf-8', newline='') as file:
        return {row['id']: row['cluster'] for row in csv.DictReader(file)}


def quality(right, found, true):
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    both = precision + recall
    return {'precision': precision, 'recall': recall,
            'f1': 2 * precision * recall / both if both else 0.0, 'found': found, 'right': right}


def curve(pairs, truth):
    """[(score, right, found)] for every threshold, from the highest."""
    points, right, found = [], 0, 0
    ranked = sorted(((score, pair in truth) for pair, score in pairs.items()), reverse=True)
    for score, group in itertools.groupby(ranked, key=lambda entry: entry[0]):
        for _, is_right in group:
            found += 1
            right += is_right
        points.append((score, right, found))
    return points


def recall_at(points, precision, true):
    """The most recall at no less than this precision; 0 if no threshold reaches it."""
    return max((right / true for _, right, found in points if right >= precision * found),
               default=0.0) if true else None


def calibration(given, truth):
    """Do probabilities mean what they say? Over pairs given at least 0.01."""
    bins = [[0, 0.0, 0] for _ in range(BINS)]
    for pair, probability in given.items():
        if probability >= 0.01:
            cell = bins[min(int(probability * BINS), BINS - 1)]
            cell[0] += 1
            cell[1] += probability
            cell[2] += pair in truth
    total = sum(count for count, _, _ in bins)
    off = [(count, abs(given - right) / count) for count, given, right in bins if count]
    return {'error': sum(count * by for count, by in off) / total if total else None,
            'worst': max((by for count, by in off if count >= LEAST_IN_BIN), default=None)}


def connected(pairs):
    """Groups of ids held together by pairs: {id: group}."""
    parent = {}

    def top(one):
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one
    for left, right in pairs:
        parent[top(left)] = top(right)
    return {one: top(one) for one in list(parent)}


def groups_quality(group_of, truth):
    """Pairs within groups against the truth, without listing those of a giant group."""
    sizes = collections.Counter(group_of.values())
    right = sum(left in group_of and group_of[left] == group_of.get(right)
                for left, right in truth)
    return quality(right, sum(n * (n - 1) // 2 for n in sizes.values()), len(truth))


def mutual(pairs):
    """Only pairs that are the best of both their records; of equals, all."""
    left, right = {}, {}
    for (a, b), score in pairs.items():
        left[a] = max(score, left.get(a, score))
        right[b] = max(score, right.get(b, score))
    return {(a, b): score for (a, b), score in pairs.items() if score == left[a] == right[b]}


def best_quality(points, true):
    """Quality at the threshold of the greatest F1, or None if nothing is listed."""
    ranked = [(quality(right, found, true)['f1'], score, right, found)
              for score, right, found in points]
    if not ranked:
        return None
    _, score, right, found = max(ranked)
    return {'threshold': score, **quality(right, found, true)}


def at_threshold(pairs, threshold):
    return {pair: score for pair, score in pairs.items() if score >= threshold}


def measure(pairs, given, truth, default, dedupe, groups=None):
    """All measures of one program on one set; `default` is its own threshold of the score."""
    points = curve(pairs, truth)
    kept = at_threshold(pairs, default)
    result = {'default': {'threshold': default,
                          **quality(sum(pair in truth for pair in kept), len(kept), len(truth))},
              'listed': len(pairs), 'truth': len(truth)}
    if truth:
        result['reach'] = sum(pair in pairs for pair in truth) / len(truth)
        if points:
            result['best'] = best_quality(points, len(truth))
        result['recall_at'] = {str(p): recall_at(points, p, len(truth)) for p in PRECISIONS}
    if given and truth:
        result['calibration'] = calibration(given, truth)
    if truth and points and not dedupe:
        result['mutual'] = best_quality(curve(mutual(pairs), truth), len(truth))
    if dedupe:
        result['groups'] = groups_quality(groups or connected(kept), truth)
    return result


# ---- where it goes wrong -------------------------------------------------------------


def folded(field, text):
    """Capitals, accents, points and the spelling of numbers are no difference here."""
    text = unicodedata.normalize('NFKD', text.lower())
    if field == 'phones':
        return re.sub('^44', '0', re.sub('[^0-9]', '', text))
    if field == 'postcode':
        return text.replace(' ', '')
    return ' '.join(re.sub(r"[^\w@ -]", '', text).split())


def read_fields(path, names):
    """{id: {field: folded text}} by a map of columns, those to be compared beside the fields too."""
    more = {name: column['column'] if isinstance(column, dict) else column
            for name, column in names.get('compare', {}).items()}
    names = {**{name: column for name, column in names.items() if name != 'compare'}, **more}

    def text(row, column):
        if isinstance(column, dict):
            return '-'.join(row[column[part]] for part in ('year', 'month', 'day') if row[column[part]])
        columns = column if isinstance(column, list) else [column]
        return ' '.join(row[c] for c in columns if row[c])
    with open(path, encoding='utf-8', newline='') as file:
        return {row[names['id']]: {field: folded(field, text(row, column))
                                   for field, column in names.items() if field != 'id'}
                for row in csv.DictReader(file)}


def differences(left, right):
    """What of two records is not the same, in words that hold no value."""
    first, last = ('forenames', 'surname')
    swapped = (left.get(first) and left.get(first) == right.get(last)
               and left.get(last) == right.get(first) and left.get(first) != left.get(last))
    said = {'swapped': ['names'] if swapped else [], 'other': [], 'missing': []}
    for field, ours in left.items():
        if field == 'other_names' or (swapped and field in (first, last)):
            continue
        theirs = right.get(field, '')
        if not ours or not theirs:
            said['missing'].append(field.replace('_', ' '))
        elif ours != theirs:
            said['other'].append(field.replace('_', ' '))
    return ', '.join(f'{word} {" + ".join(fields)}' for word, fields in said.items()
                     if fields) or 'all the same'


def kinds(pairs, left, right, most=3):
    """The commonest kinds of difference among some pairs: [[kind, share]]."""
    tally = collections.Counter(differences(left[a], right[b]) for a, b in pairs)
    return [[kind, count / len(pairs)] for kind, count in tally.most_common(most)]


def missed_and_false(pairs, truth, threshold, most=None):
    """(true pairs below the threshold, false ones above)"""
    kept = at_threshold(pairs, threshold)
    return sorted(pair for pair in truth if pair not in kept)[:most], \
        sorted(pair for pair in kept if pair not in truth)[:most]
