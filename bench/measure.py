"""Runs programs and measures them; makes the samples that bench/wash runs on."""
import glob
import json
import math
import os
import signal
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, 'build')
DATA = os.path.join(BUILD, 'bench-data')
VENV = os.path.join(BUILD, 'bench-venv')
CANDOUR = os.path.join(BUILD, 'candour')
TWIN = os.path.join(BUILD, 'bench', 'twin')
MODEL = os.path.join(ROOT, 'rulebook', 'model', 'default.json')
DUCKDB = '2.0.0'

SHARE = 0.01  # of the mentions, as --share of a wash has it


def say(text):
    print(text, flush=True)


def measured(command, seconds=None, **more):
    """Runs a command: CPU and wall seconds, peak bytes, exit status, what it printed.

    With `seconds` it has a process group of its own, which is ended when they are over.
    """
    began = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                             start_new_session=seconds is not None, **more)
    over = threading.Event()

    def stop():
        over.set()
        os.killpg(child.pid, signal.SIGKILL)
    timer = threading.Timer(seconds, stop) if seconds is not None else None
    if timer:
        timer.start()
    with child.stdout:
        text = child.stdout.read()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # not yet reaped: its id is its own
    if timer:
        timer.cancel()
        timer.join()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return {
        'cpu': usage.ru_utime + usage.ru_stime,
        'wall': time.monotonic() - began,
        'peak': usage.ru_maxrss * 1024,
        'exit': child.returncode,
        'over': over.is_set(),
        'text': text,
    }


def run(*command, allowed=(0,)):
    """Runs a command. CPU and wall seconds, peak bytes, and the JSON that it prints."""
    result = measured(command)
    if result['exit'] not in allowed:
        sys.exit(f'{sys.argv[0]}: {" ".join(map(str, command))}: exit {result["exit"]}')
    text = result.pop('text')
    return {**result, 'out': json.loads(text) if text.strip() else None}


def interleaved(repeat, jobs):
    """Runs each of {name: function} in turn, `repeat` times over: {name: [result]}."""
    results = {name: [] for name in jobs}
    for _ in range(repeat):
        for name, job in jobs.items():
            results[name].append(job())
    return results


def middle(results, value):
    """The median over repeated runs of value(result)."""
    return statistics.median(value(result) for result in results)


# ---- thresholds ------------------------------------------------------------------------


def probability_at(bits, people):
    """The millionths of --threshold at which `bits` of evidence are a hit."""
    odds = 2.0 ** (bits + math.log2(SHARE / people))
    return min(max(round(odds / (1 + odds) * 1e6), 1), 999999)


# ---- what is measured --------------------------------------------------------------------


def wash(workforce, mentions, bits, people, threads, out='/dev/null'):
    return run(CANDOUR, 'wash', '--workforce', workforce, '--intelligence', *mentions,
               '--threshold', f'{probability_at(bits, people) / 1e6:.6f}', '--share', SHARE,
               '--threads', threads, '--json', '--quiet', *(('--out', out) if out else ()),
               allowed=(0, 1))


def find(workforce, counted, mentions, bits, people):
    return run(TWIN, 'find', workforce, probability_at(bits, people), round(SHARE * 1e6),
               counted, *mentions)


def plain(workforce, mentions, bits, people, count):
    return run(TWIN, 'plain', workforce, probability_at(bits, people), round(SHARE * 1e6),
               mentions, mentions, count)


def parse(mentions):
    return run(TWIN, 'parse', *mentions)


def duckdb(*words):
    return run(os.path.join(VENV, 'bin', 'python'),
               os.path.join(ROOT, 'bench', 'blocked_join.py'), *words)


# ---- made ready -----------------------------------------------------------------------------


def build():
    if not os.path.exists(os.path.join(BUILD, 'build.ninja')):
        subprocess.run(['meson', 'setup', BUILD, ROOT], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(['ninja', '-C', BUILD, 'candour', 'bench/twin'], check=True,
                   stdout=subprocess.DEVNULL)


def venv(folder, name, wanted):
    """A Python environment that has what pip was asked for; `name` marks it as done."""
    mark = os.path.join(folder, name)
    if os.path.exists(mark):
        return
    subprocess.run([os.path.join(ROOT, 'tools', 'packages'), 'bench'], check=True)
    say(f'installing {name} into {os.path.relpath(folder, ROOT)}')
    subprocess.run([sys.executable, '-m', 'venv', folder], check=True)
    subprocess.run([os.path.join(folder, 'bin', 'pip'), 'install', '--quiet',
                    '--disable-pip-version-check', *wanted], check=True)
    open(mark, 'w', encoding='utf-8').close()


def environment():
    """DuckDB at a version of its own, in a Python environment below build/."""
    venv(VENV, f'duckdb-{DUCKDB}', [f'duckdb=={DUCKDB}'])


def sample(folder, preset, *more):
    """The sample's folder; made once."""
    path = os.path.join(DATA, folder)
    if not os.path.exists(os.path.join(path, 'manifest.json')):
        say(f'making the sample {folder}')
        run(CANDOUR, 'sample', '--preset', preset, '--out', path, '--force', '--json',
            '--quiet', *more)
    return path


def intelligence(folder):
    return sorted(glob.glob(os.path.join(folder, 'intelligence-*')))


def csv_rows(file, out):
    """Copies lines; yields where a row ends, which is outside quotes."""
    quoted = False
    for line in file:
        out.write(line)
        quoted ^= line.count(b'"') % 2 == 1
        if not quoted:
            yield


def head(source, rows, target):
    """The header and the first rows of a CSV file."""
    path = os.path.join(DATA, target)
    if os.path.exists(path):
        return path
    with open(source, 'rb') as file, open(path + '.part', 'wb') as out:
        for done, _ in enumerate(csv_rows(file, out)):
            if done == rows:
                break
    os.rename(path + '.part', path)
    return path


def joined(first, more, rows, target):
    """One file of all rows of `first` and the first of `more`, `rows` in all."""
    path = os.path.join(DATA, target)
    if os.path.exists(path):
        return path
    with open(path + '.part', 'wb') as out:
        with open(first, 'rb') as file:
            done = sum(1 for _ in csv_rows(file, out)) - 1
        with open(more, 'rb') as file:
            file.readline()  # its header
            for _ in csv_rows(file, out):
                done += 1
                if done == rows:
                    break
    os.rename(path + '.part', path)
    return path


def machine():
    facts = {}
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        for line in file:
            name, _, value = line.partition(':')
            facts.setdefault(name.strip(), value.strip())
    with open('/proc/meminfo', encoding='utf-8') as file:
        kib = int(file.readline().split()[1])
    vector = 'AVX-512' if 'avx512bw' in facts.get('flags', '') else (
        'AVX2' if 'avx2' in facts.get('flags', '') else 'no AVX2')
    return (f"{facts.get('vendor_id', 'unknown processor')} family {facts.get('cpu family', '?')} "
            f"model {facts.get('model', '?')}, {len(os.sched_getaffinity(0))} cores, {vector}, "
            f"{kib / 2 ** 20:.0f} GiB of memory")


def revision():
    """Which source was measured: the commit of src/, marked when it was changed since."""
    def git(*words):
        return subprocess.run(['git', '-C', ROOT, *words], stdout=subprocess.PIPE, text=True,
                              check=False).stdout.strip()
    commit = git('log', '-1', '--format=%h', '--', 'src', 'rulebook') or 'unknown'
    return commit + ('+' if git('status', '--porcelain', '--', 'src', 'rulebook') else '')
