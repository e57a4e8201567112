"""The figures of bench/wash as text, and docs/performance.md with the goals beside them."""
import math
import os
import re

# Parts of the page that people write; they stay when the page is made anew.
KEPT = {
    'why': ('## Rows that fall short, and why', 'Not written yet.'),
    'tried': ('## What was tried', 'Not written yet.'),
}


def micro(seconds):
    return f'{seconds * 1e6:.2f} us'


def mega(count):
    return f'{count / 1e6:,.2f} M'


def mib(count):
    return f'{count / 2 ** 20:,.0f} MiB'


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    return lines + ['| ' + ' | '.join(str(cell) for cell in row) + ' |' for row in rows]


def exponent(small, large, size):
    """Of the total cost; `each` is the cost of one mention."""
    return 1 + math.log(large['each'] / small['each']) / math.log(large[size] / small[size])


# ---- one part each ---------------------------------------------------------------------------


def rates_lines(r, _):
    rows = []
    for bits in ('18', '24'):
        x = r[bits]
        rows.append([
            f'T = {bits}', f"{x['hits']:,}", micro(x['each']),
            f"{micro(x['spread'][0])} to {micro(x['spread'][1])}", mega(1 / x['each']),
            mega(r['mentions'] / x['cpu']), micro(x['engine']),
            f"{share_of_parse(r, bits):.1%}", mib(x['peak'])])
    work = [[f'T = {bits}'] + [f"{r[bits]['work'][k]:.3g}" for k in
                               ('probes', 'entries', 'candidates', 'scored', 'scans')]
            for bits in ('18', '24')]
    return [f"{r['mentions']:,} mentions:", ''] + table(
        ['threshold', 'hits', 'a mention, all in but the index', 'least to most',
         'mentions/s and core', 'the same with the index', 'of it the engine',
         'of parse-and-convert rate', 'peak memory'], rows) + [
        '', f"Parse-and-convert alone: {micro(r['parse'])} to read and split, "
        f"{micro(r['convert'])} to fold and convert: {mega(1 / (r['parse'] + r['convert']))} "
        f"mentions/s ({r['gigabytes_per_second']:.2f} GB/s of rows split into fields).", '',
        'A mention costs on average:', ''] + table(
            ['threshold', 'keys looked up', 'entries read', 'candidates', 'pairs scored',
             'full scans'], work)


def share_of_parse(r, bits):
    return (r['parse'] + r['convert']) / r[bits]['each']


def nested_lines(r, _):
    return [f"Hits at T = 18 cut at T = 24: {r['cut']:,}; hits of a run at T = 24: {r['run']:,}; "
            f"in one and not the other: {r['differ']:,}."]


def plain_lines(r, _):
    return table(['threshold', 'mentions', 'pairs compared', 'hits', 'same hits',
                  'ns a pair, all pairs', 'times the work of the engine'],
                 [[f'T = {bits}', f"{x['mentions']:,}", f"{x['mentions'] * x['people']:,}",
                   x['pairs'], 'yes' if x['equal'] else '**NO**',
                   f"{x['plain'] / x['mentions'] / x['people'] * 1e9:.0f}",
                   f"{x['plain'] / x['find']:,.0f}"] for bits, x in numbered(r)])


def numbered(r):
    return [(bits, r[bits]) for bits in ('18', '24')]


def duckdb_lines(r, _):
    rows = [['DuckDB, block and predict', f"{r['predict_cpu']:.2f} s", f"{r['predict_wall']:.2f} s",
             '', ''],
            ['DuckDB, with loading', f"{r['all_cpu']:.2f} s", f"{r['all_wall']:.2f} s",
             mib(r['peak']), '']]
    for bits, x in numbered(r):
        rows.append([f'this program, T = {bits}: parse and find', f"{x['stream_cpu']:.2f} s", '', '',
                     f"{r['predict_cpu'] / x['stream_cpu']:.1f}x CPU of block and predict"])
        rows.append([f'this program, T = {bits}: everything', f"{x['all_cpu']:.2f} s",
                     f"{x['all_wall']:.2f} s", mib(x['peak']),
                     f"{r['all_cpu'] / x['all_cpu']:.1f}x CPU, {r['all_wall'] / x['all_wall']:.1f}x "
                     f"wall, 1/{r['peak'] / x['peak']:.1f} of the memory"])
    lines = table(['', 'CPU', 'wall', 'peak memory', 'ratio'], rows)
    lines += ['', f"DuckDB {r['version']}, {r['mentions']:,} mentions, {r['pairs']:,} pairs blocked "
              f"({r['pairs'] / r['mentions']:.1f} a mention)."]
    lines += ['Its weights differ from ours where the join is the simpler (bench/README.md), so it also finds '
              'pairs that do not reach T here.', '']
    return lines + table(
        ['threshold', 'pairs found here', 'its rules reach', 'it scores as high',
         'it finds in all'],
        [[f'T = {bits}', f"{x['ours']:,}", f"{x['blocked'] / max(x['ours'], 1):.2%}",
          f"{x['found_of_ours'] / max(x['ours'], 1):.2%}", f"{x['found']:,}"]
         for bits, x in numbered(r['recall'])])


def long_lines(r, results):
    rows = []
    for kind in ('million', 'all'):
        x = r[f'{kind} 18']
        rows.append([f"{x['mentions']:,}", f"{x['wall']:.1f} s", f"{x['cpu']:.1f} s",
                     mega(x['mentions'] / x['wall']), f"{x['hits']:,}", mib(x['peak'])])
    return [f"{results['threads']} threads:", ''] + table(
        ['mentions', 'wall', 'CPU', 'mentions/s', 'hits', 'peak memory'], rows)


def mentions_rows(results):
    """One core, then all cores: (label, row) with the cost of a mention less the index."""
    rows = [('one core', x) for x in results['mentions']['rows']]
    if 'long' in results and 'rates' in results:
        for kind in ('million', 'all'):
            x = results['long'][f'{kind} 18']
            rows.append(('all cores', {
                'mentions': x['mentions'], 'peak': x['peak'],
                'each': (x['cpu'] - results['rates']['18']['index']) / x['mentions']}))
    return rows


def mentions_lines(_, results):
    rows, before = [], None
    for kind, x in mentions_rows(results):
        same = before and before[0] == kind
        rows.append([kind, f"{x['mentions']:,}", micro(x['each']), mib(x['peak']),
                     f"{exponent(before[1], x, 'mentions'):.3f}" if same else ''])
        before = kind, x
    return table(['', 'mentions', 'a mention, CPU', 'peak memory', 'exponent'], rows)


def people_lines(r, _):
    rows = []
    for i, x in enumerate(r['rows']):
        before = r['rows'][i - 1] if i else None
        cells = [f"{x['people']:,}"]
        for name in ('tied', 'fixed'):
            grown = '' if not before else (
                f"{growth(before, x, name):.2f}")
            cells += [f"{x[name]['evidence_bits']:.1f}", micro(x[name]['each']), grown]
        rows.append(cells + [f"{x['fixed']['index']:.2f} s", f"{x['fixed']['bytes']:.0f}"])
    return table(['people', 'T tied to the prior', 'a mention', 'exponent', 'T fixed', 'a mention',
                  'exponent', 'index, CPU', 'bytes a person'], rows)


def growth(small, large, name):
    """The exponent of a mention's cost in the number of people."""
    return (math.log(large[name]['each'] / small[name]['each'])
            / math.log(large['people'] / small['people']))


def skew_lines(r, _):
    return table(['mentions', 'how many', 'hits', 'each, parse and find'],
                 [[label, f"{r[kind]['mentions']:,}", f"{r[kind]['hits']:,}",
                   micro(r[kind]['each'])]
                  for kind, label in (('common', 'surname and forename both among the 50 commonest'),
                                      ('others', 'others'))])


def stress_lines(r, _):
    bits = r['threshold_bits'] - r['prior_bits']
    return [f"{r['people']:,} people x {r['mentions']:,} mentions, T = {bits:.1f}: "
            f"{r['seconds']:.0f} s (index {r['seconds_index']:.1f} s, stream "
            f"{r['seconds_stream']:.0f} s, write {r['seconds_write']:.1f} s), "
            f"{r['mentions_per_second'] / 1e6:.2f} M mentions/s, {r['hits']:,} hits, "
            f"peak memory {mib(r['peak_bytes'])}."]


PARTS = {
    'rates': ('One core', rates_lines),
    'nested': ('Nested thresholds', nested_lines),
    'plain': ('Beside the comparison of all pairs', plain_lines),
    'duckdb': ('Beside a blocked join in DuckDB', duckdb_lines),
    'long': ('The whole stream on all cores (T = 18)', long_lines),
    'mentions': ('Growth in mentions (T = 18)', mentions_lines),
    'people': ('Growth in people (one core, 200,000 mentions)', people_lines),
    'skew': ('Common names (T = 18, one core)', skew_lines),
    'stress': ('The national size', stress_lines),
}


def part_lines(name, results):
    return PARTS[name][1](results[name], results)


# ---- goals ------------------------------------------------------------------------------------


class Goal:
    """Wanted at floor, target and stretch; `more` if more is better."""

    def __init__(self, name, wanted, measured, show, more):
        self.name, self.wanted, self.measured = name, wanted, measured
        self.show, self.more = show, more

    def verdict(self):
        if self.measured is None:
            return 'not measured'
        if len(set(self.wanted)) == 1:
            return 'held' if self.measured == self.wanted[0] else '**broken**'
        reached = [self.measured >= w if self.more else self.measured <= w for w in self.wanted]
        for label, ok in zip(('stretch', 'target', 'floor'), reversed(reached)):
            if ok:
                return label if label != 'floor' else '**floor only**'
        return '**falls short**'

    def cells(self):
        wanted = [self.show(w) for w in self.wanted]
        measured = '-' if self.measured is None else self.show(self.measured)
        return [self.name, *wanted, measured, self.verdict()]


def times(value):
    return f'{value:.3g}x'


def plain_number(value):
    return f'{value:.2f}'


def mentions_exponent(results):
    """Over both pairs of sizes, each measured alike."""
    (_, a), (_, b), (_, c), (_, d) = mentions_rows(results)
    return 1 + (math.log(b['each'] / a['each'] * d['each'] / c['each'])
                / math.log(b['mentions'] / a['mentions'] * d['mentions'] / c['mentions']))


def stress_exponent(results):
    """From 10 to 100 million, by the wall time of the stream on the same threads."""
    long, stress = results['long']['all 18'], results['stress']
    return exponent({'mentions': long['mentions'], 'each': long['stream'] / long['mentions']},
                    {'mentions': stress['mentions'],
                     'each': stress['seconds_stream'] / stress['mentions']}, 'mentions')


def peak_growth(results):
    """Peak memory of the longest stream in relation to a million mentions."""
    long = results['long']
    small = long['million 18']['peak']
    return max(long['all 18']['peak'], results.get('stress', {}).get('peak_bytes', 0)) / small


def people_exponent(results, small, large):
    rows = {row['people']: row for row in results['people']['rows']}
    return growth(rows[small], rows[large], 'tied')


def pairs_lost(results):
    return (results['nested']['differ']
            + sum(not x['equal'] for _, x in numbered(results['plain'])))


def goals(results):
    def measured(function):
        try:
            return function(results)
        except (KeyError, ValueError):
            return None

    def rate(bits):
        return lambda r: 1 / r['rates'][bits]['each'] / 1e6
    million = lambda value: f'{value:.2f} M'
    percent = lambda value: f'{value * 100:.3g} %'
    rows = []
    for bits, wanted in (('18', (20, 40, 60)), ('24', (50, 100, 150))):
        rows.append((f'DuckDB block and predict, CPU against parse and find, T = {bits}', wanted,
                     lambda r, bits=bits: r['duckdb']['predict_cpu'] / r['duckdb'][bits]['stream_cpu'],
                     times, True))
    for bits, wanted in (('18', (0.5, 0.8, 1.6)), ('24', (1.0, 1.8, 3.5))):
        rows.append((f'mentions a second and core, T = {bits}, parsing counted', wanted, rate(bits),
                     million, True))
    rows.append(('300,000 x 100 million on 2 cores, compressed in, hits out, minutes', (5, 2, 1),
                 lambda r: r['stress']['seconds'] / 60, plain_number, False))
    for bits, wanted in (('18', (0.02, 0.035, 0.07)), ('24', (0.05, 0.08, 0.15))):
        rows.append((f'share of its own parse-and-convert rate, T = {bits}', wanted,
                     lambda r, bits=bits: share_of_parse(r['rates'], bits), percent, True))
    rows += [
        ('exponent in mentions, 100,000 to the whole stream', (1.05, 1.02, 1.00),
         mentions_exponent, plain_number, False),
        ('exponent in mentions, to 100 million', (1.05, 1.02, 1.00), stress_exponent,
         plain_number, False),
        ('exponent in people, T tied, 30,000 to 300,000', (0.4, 0.2, 0.1),
         lambda r: people_exponent(r, 30000, 300000), plain_number, False),
        ('exponent in people, T tied, 300,000 to 3 million', (0.9, 0.7, 0.5),
         lambda r: people_exponent(r, 300000, 3000000), plain_number, False),
        ('common-name mentions against the others', (2, 1.2, 1),
         lambda r: r['skew']['common']['each'] / r['skew']['others']['each'], times, False),
        ('bytes a person indexed', (600, 400, 250),
         lambda r: r['rates']['18']['index_bytes'] / r['workforce'], '{:.0f}'.format, False),
        ('peak memory of the longest stream against a million mentions', (1.2, 1.1, 1.05),
         peak_growth, times, False),
        ('pairs lost (sample against all pairs; nested thresholds)', (0, 0, 0), pairs_lost,
         '{:.0f}'.format, False),
    ]
    return [Goal(name, wanted, measured(function), show, more)
            for name, wanted, function, show, more in rows]


# ---- the page ---------------------------------------------------------------------------------


def method(results):
    parts = [results[name] for name in PARTS if name in results]
    fewest, most = (pick(x.get('repeat', 1) for x in parts) for pick in (min, max))
    runs = f'{fewest}' if fewest == most else f'{fewest} to {most}'
    busy = max(x.get('load', 0) for x in parts)
    return f'''What the wash costs, beside what it is measured against. Made by `bench/wash`; what its parts
measure is in `bench/README.md`.

Machine: {results['machine']}. Its load
was up to {busy:.1f} from other work as a part began, so wall times and rates are at the low end.
Processor time unless said otherwise; medians of {runs} interleaved runs, single runs for streams of
ten million and more and for 3 million people. Rates hold to some 20 %: trust the ratios.

**T** is the evidence in bits above no evidence at all (score less prior): T = 18 is a threshold for
review, T = 24 lies near even odds when one mention in a hundred concerns one of 300,000 people.
The people and mentions are those of `candour sample`, so errors, households and namesakes are in
them; every mention is read from CSV with 36 columns, and every hit is written with its evidence.'''


def page(results, quick):
    revisions = sorted({results[name]['revision'] for name in PARTS if name in results})
    lines = ['# Performance', '', method(results), '',
             f"Source measured: {', '.join(revisions)}. {results['workforce']:,} people.", '',
             '## Goals', '']
    lines += table(['goal', 'floor', 'target', 'stretch', 'measured', 'reached'],
                   [goal.cells() for goal in goals(results)])
    if quick:
        lines += ['', 'The goals are for 300,000 people; a quick run shows the direction only.']
    lines += ['', 'Not in this bench: training, and other linkage programs, which `bench/peers` runs.', '']
    for name, (title, make) in PARTS.items():
        if name in results:
            lines += [f'## {title}', ''] + make(results[name], results) + ['']
    for name, (title, text) in KEPT.items():
        lines += [title, '', f'<!-- kept: {name} -->', text, '<!-- end -->', '']
    return '\n'.join(lines)


def kept_text(old, name):
    match = re.search(rf'<!-- kept: {name} -->\n(.*?)\n<!-- end -->', old, re.S)
    return match.group(1) if match else None


def write(path, text):
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            old = file.read()
        for name, (_, default) in KEPT.items():
            text = text.replace(f'<!-- kept: {name} -->\n{default}\n',
                                f'<!-- kept: {name} -->\n{kept_text(old, name) or default}\n')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
