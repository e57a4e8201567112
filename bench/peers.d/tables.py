"""The tables of docs/evaluation.md that bench/peers makes, from its results."""
import os

from peer import from_bits

BEGIN = '<!-- peers: made by bench/peers -->'
END = '<!-- end -->'
BITS = ('Candour', 'Splink')  # their scores are bits, shown as probabilities


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |',
             '|' + '|'.join('---' if n == 0 else '---:' for n in range(len(head))) + '|']
    return '\n'.join(lines + ['| ' + ' | '.join(str(cell) for cell in row) + ' |' for row in rows])


def share(value):
    return '' if value is None else f'{value:.4f}'


def seconds(value):
    return f'{value:,.1f}' if value < 100 else f'{value:,.0f}'


def shown(program, threshold):
    """A threshold of the score as its users give it."""
    if program.startswith(BITS):
        return f'{from_bits(threshold):.3g}'
    return f'{threshold:.3g}'


def took(found):
    training = found.get('training')
    return [seconds(found['wall']), seconds(found['cpu']),
            seconds(training['cpu']) if training else '', f'{found["peak"] / 2 ** 20:,.0f}',
            f'{found["load"]:.1f}']


def said(name, found):
    """One line for the terminal, as each program ends."""
    if 'skipped' in found or 'failed' in found:
        return f'  {name}: {found.get("skipped") or found["failed"]}'
    best = found.get('best')
    return (f'  {name}: F1 {found["default"]["f1"]:.4f}'
            + (f', best {best["f1"]:.4f}' if best else f', {found["default"]["found"]} found')
            + f', {seconds(found["wall"])} s, {found["peak"] / 2 ** 20:,.0f} MiB')


# ---- one set --------------------------------------------------------------------------


HEAD = ('program', 'F1 at its default', 'best F1', 'at', 'recall at precision 0.95', 'at 0.99',
        'at 0.999', 'recall of all listed', 'calibration error, worst band', 'best F1, one to one',
        'F1 of groups', 'wall s', 'CPU s', 'of it training', 'MiB', 'load')
STRANGERS = ('program', 'false hits at its default', 'a 10,000 people', 'listed', 'wall s', 'CPU s',
             'of it training', 'MiB', 'load')


def quality_row(name, found, about):
    best, recall = found.get('best'), found.get('recall_at', {})
    off = found.get('calibration', {})
    return [name, share(found['default']['f1']), share(best['f1']) if best else '',
            shown(name, best['threshold']) if best else '', share(recall.get('0.95')),
            share(recall.get('0.99')),
            share(recall.get('0.999')), share(found.get('reach')),
            f'{off["error"]:.3f}, ' + (f'{off["worst"]:.2f}' if off['worst'] is not None else '-')
            if off.get('error') is not None else '',
            share(found['mutual']['f1']) if about['kind'] == 'link' and 'mutual' in found else '',
            share(found['groups']['f1']) if 'groups' in found else '', *took(found)]


def strangers_row(name, found, people):
    hits = found['default']['found']
    return [name, f'{hits:,}', f'{10000 * hits / people:.2f}', f'{found["listed"]:,}', *took(found)]


def set_section(name, entry, order):
    if 'skipped' in entry:
        return f'### {name}\n\nNot run: {entry["skipped"]}.'
    about, rows, notes = entry['about'], [], []
    strangers = about['kind'] == 'strangers'
    head = STRANGERS if strangers else HEAD
    for program in order:
        found = entry['programs'].get(program)
        if not found:
            continue
        why = found.get('skipped') or found.get('failed')
        if why:
            notes.append(f'{program}: {"not run" if "skipped" in found else "failed"}, {why}')
            continue
        rows.append(strangers_row(program, found, about['right']) if strangers
                    else quality_row(program, found, about))
        if found.get('note'):
            notes.append(f'{program}: {found["note"]}')
    size = f'{about["left"]:,} records' + (f' and {about["right"]:,}' if 'right' in about else '')
    size += ', nobody in both' if strangers else f', {about["truth"]:,} true pairs'
    keep = [n for n in range(len(head)) if n == 0 or any(row[n] != '' for row in rows)]
    text = f'### {name}\n\n{size}.\n\n' + table(
        [head[n] for n in keep], [[row[n] for n in keep] for row in rows])
    if notes:
        text += '\n\n' + '\n'.join(f'- {note}.' for note in notes)
    return text + errors(entry.get('errors', {}))


def errors(wrong):
    """What kinds of pairs are wrong, ours and those that only we get wrong."""
    if not wrong.get('missed'):
        return ''
    lines = [f'\n\nErrors at the best F1, {wrong["ours"]} beside {wrong["peer"]}:\n']
    for which, word in (('missed', 'true pairs missed'), ('false', 'false pairs')):
        part = wrong[which]
        if not part['ours']:
            lines.append(f'- {word}: none, {part["peer"]:,} by the peer.')
            continue
        lines.append(f'- {word}: {part["ours"]:,}, by the peer {part["peer"]:,}. The commonest '
                     f'kinds of ours: {kinds(part["kinds"])}. {part["alone"]:,} are ours alone'
                     + (f': {kinds(part["kinds_alone"])}.' if part['alone'] else '.'))
    return '\n'.join(lines)


def kinds(found):
    return '; '.join(f'{100 * part:.0f} % {kind}' for kind, part in found)


# ---- all sets --------------------------------------------------------------------------


def top(found):
    """The F1 that a program can be said to reach: its pairs at their best threshold, or the
    groups that it makes at its default."""
    return max(found['best']['f1'], found.get('groups', {}).get('f1', 0.0))


def at_least(precision):
    return lambda found: found['recall_at'].get(precision)


def leader(programs, names, value):
    able = [(value(programs[name]), name) for name in names
            if name in programs and 'best' in programs[name]
            and value(programs[name]) is not None]
    return max(able, default=(None, None))


def fewer(mine, theirs):
    """By what part our errors are fewer than theirs; negative: more."""
    if theirs >= 1:
        return 0.0 if mine >= 1 else float('-inf')
    return (mine - theirs) / (1 - theirs)


def standing(mine, theirs):
    """Ahead, level or behind, and by what part of the errors."""
    if theirs is None or mine is None:
        return ''
    if abs(mine - theirs) < 0.00005:
        return 'level'
    part = 100 * fewer(mine, theirs)
    if mine > theirs:
        return f'ahead, {part:.0f} % fewer'
    return f'**behind**, {-part:.0f} % more' if theirs < 1 else '**behind**'


def named(value, name):
    return f'{share(value)} {name or ""}'.strip()


def summary(results, order, names, own):
    rows, others = [], [name for name in names if name not in own]
    for name in order:
        programs = results['sets'].get(name, {}).get('programs', {})
        ours, which = leader(programs, own, top)
        theirs, peer = leader(programs, others, top)
        sure, _ = leader(programs, own, at_least('0.999'))
        sure_peer, sure_which = leader(programs, others, at_least('0.999'))
        if ours is None:
            continue
        rows.append([name, named(ours, which), named(theirs, peer), standing(ours, theirs),
                     share(sure), named(sure_peer, sure_which)])
    return table(('set', 'F1, Candour', 'best peer', 'errors (1 - F1)',
                  'recall at precision 0.999, Candour', 'best peer'), rows)


# ---- the goals ---------------------------------------------------------------------------


# set, what, value(found), goal
GOALS = [
    ('uk_census_cis', 'F1', top, 0.990),
    ('uk_census_cis', 'recall at precision 0.999', at_least('0.999'), 0.975),
    ('historical_figures_50k', 'F1', top, 0.86),
    ('historical_figures_50k', 'recall at precision 0.95', at_least('0.95'), 0.77),
    ('FEBRL 1', 'F1', top, 0.998), ('FEBRL 2', 'F1', top, 0.998), ('FEBRL 3', 'F1', top, 0.998),
    ('FEBRL 1, with number', 'F1', top, 0.998), ('FEBRL 2, with number', 'F1', top, 0.998),
    ('FEBRL 3, with number', 'F1', top, 0.998),
    ('name_pairs, persons', 'F1', top, 0.82),
    ('name_pairs, two scripts', 'F1', top, 0.90),
]


def reached(yes):
    return 'reached' if yes else '**not reached**'


def goal_of_set(results, names, own, goal):
    name, what, value, least = goal
    programs = results['sets'].get(name, {}).get('programs', {})
    ours, which = leader(programs, own, value)
    theirs, peer = leader(programs, [n for n in names if n not in own], value)
    if ours is None:
        return None
    return [f'{name}: {what}', f'at least {least}', named(ours, which), named(theirs, peer),
            reached(ours >= least)]


def goal_of_errors(results, order, names, own):
    """1 - F1 on every set: a fifth smaller than the best peer's, never larger."""
    parts = []
    for name in order:
        programs = results['sets'].get(name, {}).get('programs', {})
        ours, _ = leader(programs, own, top)
        theirs, _ = leader(programs, [n for n in names if n not in own], top)
        if ours is not None and theirs is not None:
            parts.append((1.0 if ours >= 1 else fewer(ours, theirs), name))
    if not parts:
        return []
    enough, larger = [n for p, n in parts if p >= 0.2], [n for p, n in parts if p < 0]
    return [['every set: 1 - F1 beside the best peer', '20 % smaller, never larger',
             f'20 % smaller on {len(enough)} of {len(parts)}',
             'larger on ' + (', '.join(larger) or 'none'),
             reached(len(enough) == len(parts) and not larger)]]


def calibrations(results, order, names):
    """[(set, error, worst, name)] of the program that is calibrated best on each set."""
    found = []
    for name in order:
        programs = results['sets'].get(name, {}).get('programs', {})
        able = [(programs[n]['calibration'], n) for n in names
                if programs.get(n, {}).get('calibration', {}).get('error') is not None]
        if able:
            best, which = min(able, key=lambda entry: entry[0]['error'])
            found.append((name, best['error'], best['worst'], which))
    return found


def goal_of_calibration(results, order, names, own):
    rows = []
    mine = calibrations(results, order, own)
    theirs = calibrations(results, order, [n for n in names if n not in own])
    for at, what, most in ((1, 'expected calibration error', 0.01), (2, 'worst tenth', 0.05)):
        ours = [entry for entry in mine if entry[at] is not None]
        peers = [entry for entry in theirs if entry[at] is not None]
        if not ours:
            continue
        well = sum(entry[at] <= most for entry in ours)
        worst = max(ours, key=lambda entry: entry[at])
        rows.append([f'every set: {what}', f'at most {most}',
                     f'on {well} of {len(ours)}; the most {worst[at]:.3f}, {worst[0]}',
                     f'on {sum(entry[at] <= most for entry in peers)} of {len(peers)}',
                     reached(well == len(ours))])
    return rows


def goal_of_strangers(results, names, own):
    entry = results['sets'].get('screening_people', {})
    rates = [(10000 * found['default']['found'] / entry['about']['right'], name in own, name)
             for name, found in entry.get('programs', {}).items() if 'default' in found]
    ours, theirs = [r for r in rates if r[1]], [r for r in rates if not r[1]]
    if not ours:
        return []
    least = min(theirs, default=None)
    return [['screening_people: hits at 0.5', 'at most 1 per 10,000', f'{min(ours)[0]:.2f}',
             f'{least[0]:.2f} {least[2]}' if least else '', reached(min(ours)[0] <= 1)]]


def goals(results, order, names, own):
    rows = [row for row in (goal_of_set(results, names, own, goal) for goal in GOALS) if row]
    rows += goal_of_errors(results, order, names, own)
    rows += goal_of_calibration(results, order, names, own)
    rows += goal_of_strangers(results, names, own)
    rows += [row for row in (goal_of_cost(results, cost) for cost in COSTS) if row]
    return table(('goal', 'wanted', 'Candour', 'best peer', ''), rows)


# ---- what it costs beside Splink -----------------------------------------------------------


TIGHT, LOOSE = 'Splink, documented rules', 'Splink, loose rules'


def working(found, clock):
    """Seconds without training: both sides then score with a model that they have."""
    return found[clock] - (found['training'][clock] if found.get('training') else 0.0)


def part_of_core(found):
    return working(found, 'cpu')


def wall(found):
    return working(found, 'wall')


def memory(found):
    return found['peak']


# what, set, rules of Splink, value, at least so many times ours: the column `target`
COSTS = [
    ('CPU time, loose rules', 'sample full, first million', LOOSE, part_of_core, 100),
    ('wall time, documented rules', 'sample full', TIGHT, wall, 5),
    ('memory, loose rules', 'sample full, first million', LOOSE, memory, 50),
    ('memory, documented rules', 'sample full', TIGHT, memory, 10),
]


def measured(results, name, program):
    found = results['sets'].get(name, {}).get('programs', {}).get(program, {})
    return found if 'wall' in found and 'best' in found else None


def goal_of_cost(results, cost):
    what, name, rules, value, times = cost
    ours, theirs = measured(results, name, 'Candour'), measured(results, name, rules)
    if not ours or not theirs:
        return None
    ratio = value(theirs) / value(ours)
    return [f'{name}: {what}, beside Splink', f'at least {times} times less', f'{ratio:,.0f} times',
            '', reached(ratio >= times)]


def costs(results, order):
    """Time, memory and recall side by side, on every set that both have."""
    rows = []
    for name in order:
        ours = measured(results, name, 'Candour')
        for rules in (TIGHT, LOOSE):
            theirs = measured(results, name, rules)
            if not ours or not theirs:
                continue
            lost = 100 * (ours['reach'] - theirs['reach'])
            rows.append([f'{name}: {rules[8:]}', share(ours['reach']), share(theirs['reach']),
                         f'{lost:+.1f}' + ('' if lost <= 1.5 or rules == TIGHT else ' (short)'),
                         *(f'{value(theirs) / max(value(ours), 1e-9):,.0f}'
                           for value in (part_of_core, wall, memory))])
    return table(('set and rules of Splink', 'recall listed, Candour', 'Splink', 'points less',
                  'times our CPU', 'times our wall', 'times our memory'), rows)


def trainings(results, order):
    rows = []
    for name in order:
        ours, theirs = (measured(results, name, program) for program in ('Candour, trained', TIGHT))
        if not ours or not theirs or not ours.get('training') or not theirs.get('training'):
            continue
        mine, other = ours['training'], theirs['training']
        rows.append([name, seconds(mine['cpu']), seconds(other['cpu']),
                     f'{other["cpu"] / max(mine["cpu"], 1e-9):,.1f}', seconds(mine['wall']),
                     seconds(other['wall'])])
    return table(('set', 'Candour CPU s', 'Splink CPU s', 'times', 'Candour wall s', 'Splink wall s'),
                 rows)


def page(results, order, names, own):
    head = (f'Measured on {results.get("machine", "?")}, Candour at {results.get("revision", "?")}; '
            'one processor for each program, on the samples all of them. *load* is the load '
            'average of the machine when the program began: above the number of programs at once '
            f'({results.get("jobs", 1)}) the times are not clean, and CPU time is the better of '
            'the two.')
    parts = [head, '### The goals, and what was reached',
             'Of several variants of a program, ours or a peer, the best counts. F1 is that of pairs '
             'at the best threshold or, where it is higher, of the groups that a program makes at '
             'its default.', goals(results, order, names, own),
             '### Set by set', summary(results, order, names, own),
             '### Time and memory beside Splink',
             'Ours is the default model on the same files and processors. Training is left out '
             'on both sides, everything else is counted, reading and writing too. *Recall '
             'listed* is that of all pairs that a program gives, and *short* marks loose rules that '
             'list more than 1.5 points less than ours.', costs(results, order),
             '### Training', 'Splink: its three training calls alone; Candour: the whole process '
             '`candour train`, reading counted.', trainings(results, order)]
    parts += [set_section(name, results['sets'][name], names) for name in order
              if name in results['sets']]
    return '\n\n'.join(parts)


def write(path, text):
    """Puts the tables between their two marks."""
    with open(path, encoding='utf-8') as file:
        page_text = file.read()
    before, mark, rest = page_text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise SystemExit(f'{path}: the two marks for the tables of bench/peers are not there')
    with open(path + '.part', 'w', encoding='utf-8') as file:
        file.write(f'{before}{mark}\n\n{text}\n\n{end}{after}')

    os.rename(path + '.part', path)
