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
    return [seconds(found['wall']), seconds(found['cpu']), f'{found["peak"] / 2 ** 20:,.0f}',
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


HEAD = ('program', 'F1 at its default', 'best F1', 'at', 'recall at precision 0.99', 'at 0.999',
        'recall of all listed', 'calibration error, worst band', 'best F1, one to one', 'F1 of groups',
        'wall s', 'CPU s', 'MiB', 'load')
STRANGERS = ('program', 'false hits at its default', 'a 10,000 people', 'listed', 'wall s', 'CPU s',
             'MiB', 'load')


def quality_row(name, found, about):
    best, recall = found.get('best'), found.get('recall_at', {})
    off = found.get('calibration', {})
    return [name, share(found['default']['f1']), share(best['f1']) if best else '',
            shown(name, best['threshold']) if best else '', share(recall.get('0.99')),
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


def leader(programs, names, value):
    able = [(value(programs[name]), name) for name in names
            if name in programs and 'best' in programs[name]
            and value(programs[name]) is not None]
    return max(able, default=(None, None))


def standing(mine, theirs):
    """Ahead, level or behind, and by what part of the errors."""
    if theirs is None or mine is None:
        return ''
    if abs(mine - theirs) < 0.00005:
        return 'level'
    if mine > theirs:
        return f'ahead, {100 * (mine - theirs) / (1 - theirs):.0f} % fewer' if theirs < 1 else 'ahead'
    return f'**behind**, {100 * (theirs - mine) / (1 - theirs):.0f} % more' if theirs < 1 \
        else '**behind**'


def summary(results, order, names, own):
    rows, others = [], [name for name in names if name not in own]
    for name in order:
        programs = results['sets'].get(name, {}).get('programs', {})
        ours, _ = leader(programs, own, lambda found: found['best']['f1'])
        theirs, peer = leader(programs, others, lambda found: found['best']['f1'])
        sure, _ = leader(programs, own, lambda found: found['recall_at']['0.999'])
        sure_peer, which = leader(programs, others, lambda found: found['recall_at']['0.999'])
        if ours is None:
            continue
        rows.append([name, share(ours), f'{share(theirs)} {peer or ""}', standing(ours, theirs),
                     share(sure), f'{share(sure_peer)} {which or ""}'])
    return table(('set', 'best F1, Candour', 'best peer', 'errors (1 - F1)',
                  'recall at precision 0.999, Candour', 'best peer'), rows)


def page(results, order, names, own):
    head = (f'Measured on {results.get("machine", "?")}; {results.get("threads", 1)} processor and '
            f'{results.get("gibibytes", 8):.0f} GiB at most for each program. *load* is the load '
            'average of the machine when the program began: above 0.5 or so the times are not '
            'clean, and CPU time is the better of the two.')
    parts = [head, summary(results, order, names, own)]
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
