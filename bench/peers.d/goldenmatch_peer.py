"""GoldenMatch as its README has it: no settings at all.

"Try it" and the zero-configuration pages of https://docs.bensevern.dev/docs/goldenmatch/ :
gm.dedupe_df(table) for one file, gm.match_df(target, reference) for two. It chooses columns,
comparisons, blocking and threshold itself; only our row number is kept from it. It gives
the pairs above its own threshold and no others, so its best threshold cannot lie lower.
Its state (what it remembers of earlier runs) is kept in a folder that is emptied before.
"""
import os
import tempfile

os.environ['HOME'] = tempfile.mkdtemp(prefix='goldenmatch-')

import goldenmatch as gm  # noqa: E402  (it looks for its home at once)
import pyarrow as pa  # noqa: E402

import peer  # noqa: E402

LEFT_OUT = ['id']


def table(folder, side):
    return pa.Table.from_pylist([{name: value or None for name, value in row.items()}
                                 for row in peer.rows(folder, side)])


def dedupe(folder, out):
    records = table(folder, 'left')
    ids = records.column('id').to_pylist()
    result = gm.dedupe_df(records, exclude_columns=LEFT_OUT)
    peer.write_pairs(out, ((ids[a], ids[b], score) for a, b, score in result.scored_pairs))
    peer.write_clusters(out, ((ids[member], number) for number, cluster in result.clusters.items()
                              for member in cluster['members']))


def link(folder, out):
    matched = gm.match_df(table(folder, 'left'), table(folder, 'right'),
                          exclude_columns=LEFT_OUT).matched
    columns = [] if matched is None or not matched.num_rows else [
        matched.column(name).to_pylist() for name in ('target_id', 'ref_id', '__match_score__')]
    peer.write_pairs(out, zip(*columns) if columns else ())


def score_names(folder, out):
    """gm.score_strings with its comparator for words in any order."""
    peer.write_pairs(out, ((left, right, gm.score_strings(a.lower(), b.lower(), 'token_sort'))
                           for left, right, a, b in peer.asked_pairs(folder)))


def work(folder, about, out, _):
    if about['kind'] == 'pairs':
        score_names(folder, out)
        return gm.__version__, 0.85, 'comparator token_sort at 0.85, the threshold of its README'
    if about['kind'] == 'wash' and about['left'] > 100000:
        raise peer.Skip('did not end on the sample ci, which is a tenth of it')
    (dedupe if about['kind'] == 'dedupe' else link)(folder, out)
    return gm.__version__, 0.0, 'its own threshold; nothing below it is given'


peer.main(work)
