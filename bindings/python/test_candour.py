"""The binding, against the library named by CANDOUR_LIBRARY: test_candour.py [CANDOUR]

With the program at hand, its own output is what is compared with. Prints TAP.
"""
import csv
import datetime
import importlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest

try:
    import cffi  # noqa: F401
except ImportError:
    print('1..0 # SKIP python3-cffi is not installed (packaging/packages, check)')
    sys.exit(0)

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import candour  # noqa: E402
from candour._columns import columns_of, text  # noqa: E402

PROGRAM = None

PEOPLE = {
    'id': ['P1', 'P2', 'P3'],
    'forenames': ['Sarah Ngozi', 'James', 'Piotr'],
    'surname': ['Okafor', 'Smith', 'Kowalski'],
    'date_of_birth': ['1984-03-12', datetime.date(1990, 7, 1), None],
    'phones': [['07700 900123', '07700 900456'], None, ''],
}
RECORDS = {
    'record_id': ['R1', 'R2'],
    'forenames': ['Sara', 'Sarah'],
    'surname': ['OKAFOR', 'Nobody'],
    'date_of_birth': ['12/03/1984', '1960-01-31'],
    'phones': ['+44 7700 900456', None],
    'role': ['suspect', 'witness'],
}


class Columns(unittest.TestCase):
    def test_values_are_written_as_in_files(self):
        stamp = datetime.datetime(1984, 3, 12, 0, 0)
        for value, written in [('x', 'x'), (None, ''), (float('nan'), ''), (1984.0, '1984'), (7, '7'),
                               (stamp, '1984-03-12'), (datetime.date(1984, 3, 12), '1984-03-12'),
                               (['a', None, 'b'], 'a|b'), (('a',), 'a')]:
            self.assertEqual(text(value), written)

    def test_tables_of_others_are_asked_by_their_own_methods(self):
        class Arrow:
            def to_pydict(self):
                return {'surname': ['arrow']}

        class Polars:
            def to_dict(self, *, as_series=True):
                return {'surname': ['polars']} if not as_series else None

        class Pandas:
            def to_dict(self, orient='dict'):
                return {'surname': ['pandas']} if orient == 'list' else None

        for table, name in [(Arrow(), 'arrow'), (Polars(), 'polars'), (Pandas(), 'pandas')]:
            self.assertEqual(columns_of(table), {'surname': [name]})
        with self.assertRaises(TypeError):
            columns_of([1, 2])

    def test_a_column_that_is_no_field_is_an_error_unless_left_out(self):
        odd = {**PEOPLE, 'surnam': ['a', 'b', 'c']}
        with self.assertRaisesRegex(candour.Error, "'surnam'"):
            candour.Index(odd)
        self.assertEqual(len(candour.Index(odd, strict=False)), 3)
        renamed = {'NAME': ['Okafor'], 'DOB': ['1984-03-12']}
        index = candour.Index(renamed, fields={'NAME': 'surname', 'DOB': 'date_of_birth'})
        self.assertEqual(len(index.find(renamed, probability=0.5)), 1)

    def test_text_beyond_ascii_is_cut_at_the_right_bytes(self):
        people = {'surname': ['Żółkiewska', 'Öztürk', 'Иванов', 'Smith'], 'forenames': ['Łucja', 'Çağla', 'Пётр', 'Jo'],
                  'date_of_birth': ['1984-03-12', '1985-04-13', '1986-05-14', '1987-06-15']}
        columns = candour.Index(people).find(people, probability=0.5).to_dict()
        self.assertEqual(columns['left_id'], [0, 1, 2, 3])
        self.assertEqual(columns['right_id'], [0, 1, 2, 3])
        self.assertEqual(set(columns['surname_level']), {'exact'})

    def test_columns_of_two_lengths_are_refused(self):
        with self.assertRaisesRegex(candour.Error, 'one length'):
            candour.Index({'surname': ['a', 'b'], 'forenames': ['c']})

    def test_half_a_surrogate_is_refused_without_showing_the_name(self):
        with self.assertRaises(candour.Error) as caught:
            candour.Index({'surname': ['Oka\ud800for']})
        self.assertIn('row 0: surname', str(caught.exception))
        self.assertNotIn('Oka', str(caught.exception))


class TablesOfOthers(unittest.TestCase):
    """None is required: each test is skipped where its library is not installed."""

    def holds(self, module, frame):
        try:
            library = importlib.import_module(module)
        except ImportError:
            self.skipTest(f'{module} is not installed')
        flat = {**PEOPLE, 'phones': ['07700 900123|07700 900456', None, None],
                'date_of_birth': [datetime.date(1984, 3, 12), None, None]}
        hits = candour.Index(frame(library, flat)).find(frame(library, RECORDS), probability=0.5)
        back = frame(library, hits.to_dict())
        self.assertEqual(columns_of(back)['left_id'], ['P1'])
        self.assertEqual(hits[0].right_id, 'R1')
        self.assertEqual({e.comparison: e.level for e in hits[0].evidence}['date_of_birth'], 'exact')

    def test_pandas_frames_go_in_and_come_out(self):
        self.holds('pandas', lambda pandas, columns: pandas.DataFrame(columns))

    def test_polars_frames_go_in_and_come_out(self):
        self.holds('polars', lambda polars, columns: polars.DataFrame(columns))

    def test_arrow_tables_go_in_and_come_out(self):
        self.holds('pyarrow', lambda pyarrow, columns: pyarrow.table(columns))


class Finding(unittest.TestCase):
    def test_a_person_is_found_with_evidence_that_adds_up(self):
        hits = candour.Index(PEOPLE).find(RECORDS, probability=0.5)
        self.assertEqual(len(hits), 1)
        hit = hits[0]
        self.assertEqual((hit.left_id, hit.right_id), ('P1', 'R1'))
        self.assertEqual(hit.prior_bits + sum(e.bits for e in hit.evidence), hit.score_bits)
        found = {e.comparison: e.level for e in hit.evidence}
        self.assertEqual((found['surname'], found['date_of_birth'], found['phone']), ('exact', 'exact', 'same'))
        with self.assertRaises(IndexError):
            hits[1]
        self.assertEqual(hits[-1].left_id, 'P1')

    def test_columns_come_back_and_all_have_one_length(self):
        columns = candour.Index(PEOPLE).find(RECORDS, probability=0.5).to_dict()
        self.assertEqual(columns['left_id'], ['P1'])
        self.assertEqual(columns['surname_level'], ['exact'])
        self.assertEqual({len(values) for values in columns.values()}, {1})
        self.assertEqual(len(columns), 4 + 2 * len(candour.comparisons()))

    def test_nobody_found_is_columns_without_rows(self):
        columns = candour.Index(PEOPLE).find({'surname': ['Nobody']}).to_dict()
        self.assertEqual(columns['left_id'], [])
        self.assertEqual(candour.Index({}).find({}).to_dict()['right_id'], [])

    def test_threads_of_python_share_an_index(self):
        index, results = candour.Index(PEOPLE), []
        threads = [threading.Thread(target=lambda: results.append(index.find(RECORDS).to_dict()))
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [results[0]] * 8)

    def test_hits_outlive_what_they_were_found_by(self):
        hits = candour.link(PEOPLE, RECORDS, probability=0.01)
        self.assertGreaterEqual(len(hits), 1)
        self.assertIn('same date of birth', str(hits.explain(0)))
        self.assertIn('<svg', hits.explain(0)._repr_svg_())
        self.assertEqual(json.loads(hits.explain(0).json)['score_bits'], round(hits[0].score_bits, 6))

    def test_errors_carry_a_code_and_a_line(self):
        with self.assertRaises(candour.Error) as caught:
            candour.Index(PEOPLE, probability=2)
        self.assertEqual(caught.exception.code, 1)
        with self.assertRaisesRegex(candour.Error, 'nowhere'):
            candour.Model('/nowhere/model.json')
        with self.assertRaises(candour.Error):
            candour.Model(text='{}')
        with self.assertRaises(ValueError):
            candour.Index(PEOPLE, purpose='wish')

    def test_unread_dates_are_counted(self):
        self.assertEqual(candour.Index({'date_of_birth': ['soon', '1984']}).unread_dates, 1)

    def test_a_position_is_scored_whatever_its_score(self):
        hits = candour.Index(PEOPLE).score(1, {'surname': 'Okafor'})
        self.assertEqual(len(hits), 1)
        self.assertLess(hits[0].score_bits, 0)

    def test_the_readme_is_true(self):
        with open(HERE + '/README.md', encoding='utf-8') as file:
            code = file.read().split('```python\n')[1].split('```')[0]
        names = {}
        exec(compile(code, 'README.md', 'exec'), names)
        self.assertEqual(names['hits'][0].left_id, 'P1')

    def test_the_declarations_are_those_of_the_header(self):
        root = os.path.join(HERE, '..', '..')
        made = subprocess.run([root + '/tools/header', root + '/src/library/candour.h', '--cffi'],
                              check=True, capture_output=True, text=True).stdout
        with open(HERE + '/candour/_declarations.py', encoding='utf-8') as file:
            self.assertEqual(file.read(), made, 'tools/header src/library/candour.h --cffi > '
                                                'bindings/python/candour/_declarations.py')


class BesideTheProgram(unittest.TestCase):
    def setUp(self):
        if not PROGRAM:
            self.skipTest('the program was not named')

    def run_program(self, *words):
        done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=300)
        self.assertLess(done.returncode, 2, done.stderr)  # 1: done, with rows set aside
        return done.stdout

    def test_compare_is_candour_explain(self):
        left = {'surname': 'Okafor', 'forenames': 'Sarah', 'date_of_birth': '1984-03-12', 'postcode': 'LS6 2AB'}
        right = {'surname': 'OKAFOR', 'forenames': 'Sara', 'date_of_birth': '12/03/1984'}
        said = self.run_program('explain', '--left', json.dumps(left), '--right', json.dumps(right),
                                '--people', '5000', '--json')
        self.assertEqual(candour.compare(left, right, people=5000).explain(0).json, said)

    def test_a_sample_gives_the_pairs_of_candour_wash(self):
        with tempfile.TemporaryDirectory() as folder:
            self.run_program('sample', '--preset', 'unit', '--seed', '2', '--out', folder)
            left = columns_read(folder + '/workforce.csv', PEOPLE_COLUMNS)
            right = columns_read(folder + '/intelligence-0001.csv', MENTION_COLUMNS)
            columns_write(folder + '/left.csv', left)
            columns_write(folder + '/right.csv', right)
            self.run_program('wash', '--workforce', folder + '/left.csv', '--intelligence',
                             folder + '/right.csv', '--out', folder + '/hits.csv', '--quiet',
                             '--share', '0.01')  # the library fits none: it takes the model's
            program = {(row['person_id'], row['record_id'], row['probability'], row['surname_level'])
                       for row in rows_read(folder + '/hits.csv')}
        columns = candour.Index(left, right, purpose='wash').find(right).to_dict()
        library = set(zip(columns['left_id'], columns['right_id'],
                          (f'{p:.6f}' for p in columns['probability']), columns['surname_level']))
        self.assertGreater(len(program), 1000)
        self.assertEqual(len(library ^ program), 0)


# The sample's columns under the names of fields; several are joined.
PEOPLE_COLUMNS = {
    'id': ['row_id'], 'forenames': ['forename1', 'forename2', 'forename3'], 'surname': ['surname'],
    'other_names': ['previous_surnames'], 'date_of_birth': ['date_of_birth'], 'sex': ['sex'],
    'postcode': ['postcode'], 'phones': ['home_phone', 'mobile'], 'emails': ['personal_email'],
    'national_insurance_no': ['ni_number'], 'vehicles': ['vehicle_vrm'],
}
MENTION_COLUMNS = {
    'id': ['mention_id'], 'forenames': ['forename1', 'forename2'], 'surname': ['surname'], 'date_of_birth': ['dob'],
    'postcode': ['postcode'], 'phones': ['phone'], 'emails': ['email'], 'sex': ['sex'],
    'record_id': ['record_id'], 'role': ['role'],
}


def rows_read(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def columns_read(path, columns):
    rows = rows_read(path)
    return {field: [joint(field).join(filter(None, (row[name] for name in names))) for row in rows]
            for field, names in columns.items()}


def joint(field):
    return ' ' if field == 'forenames' else '|'


def columns_write(path, columns):
    with open(path, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))


class Tap(unittest.TestResult):
    """A line a test."""

    def startTest(self, test):
        super().startTest(test)
        self.number = getattr(self, 'number', 0) + 1

    def line(self, word, test, more=''):
        print(f'{word} {self.number} - {test.id().split(".")[-1][5:].replace("_", " ")}{more}')

    def addSuccess(self, test):
        self.line('ok', test)

    def addSkip(self, test, reason):
        self.line('ok', test, f' # SKIP {reason}')

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.line('not ok', test)
        print('\n'.join('# ' + line for line in self.failures[-1][1].split('\n')))

    def addError(self, test, error):
        super().addError(test, error)
        self.line('not ok', test)
        print('\n'.join('# ' + line for line in self.errors[-1][1].split('\n')))


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else None
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print(f'1..{suite.countTestCases()}')
    result = Tap()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main())
