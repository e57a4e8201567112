"""The sets of records with truth that all programs are given, as files of one shape.

A set is a folder below build/bench-data/peers:

    left.csv  right.csv     the records; right.csv where two files are linked
    truth.csv               left_id,right_id: every true pair
    map-left.json ...       which column means what, as docs/file-formats.md has it
    set.json                name, kind, family, counts

Kinds: dedupe (one file), link (two), wash (a workforce and records), pairs (only row n
with row n is asked), strangers (two files that have nobody in common). Settings are kept by
family: FEBRL 1 to 3 are one.

Ids are counted anew and columns that give the truth away are left out: record ids and
PERSON_ID hold the person's number. The made-up social security numbers of FEBRL are all but
unique, so these sets are there without them and, as "with number", with them for everybody.
"""
import collections
import csv
import gzip
import itertools
import json
import os



def word(column):
    return {'column': column, 'kind': 'word'}


def number(column):
    return {'column': column, 'kind': 'number'}


FEBRL_MAP = {'forenames': ['given_name'], 'surname': 'surname', 'date_of_birth': 'date_of_birth',
             'compare': {'street_no': word('street_number'), 'street': 'address_1',
                         'address_2': 'address_2', 'suburb': 'suburb',
                         'area': number('postcode'), 'state': word('state')}}
CENSUS_MAP = {'forenames': ['PERNAME1'], 'surname': 'PERNAME2', 'sex': 'SEX',
              'date_of_birth': {'day': 'DOB_DAY', 'month': 'DOB_MON', 'year': 'DOB_YEAR'},
              'postcode': 'ENUMPC', 'address': ['ENUMCAP']}
SMALLER = ('A_1000', 'A_2500', 'C_1000', 'C_2500')
LARGER = ('A_5000', 'C_5000', 'A_10000', 'C_10000')


class Absent(Exception):
    """The data are not at hand."""


def rows_of(path):
    """The rows of a CSV file, compressed or not, whichever is there."""
    for name, opened in ((path, open), (path + '.gz', gzip.open)):
        if os.path.exists(name):
            with opened(name, 'rt', encoding='utf-8', newline='') as file:
                return list(csv.DictReader(file))
    raise Absent(f'{os.path.basename(os.path.dirname(path))}/{os.path.basename(path)} is not there')


def write_rows(path, head, rows):
    with open(path + '.part', 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(head)
        writer.writerows(rows)
    os.rename(path + '.part', path)


def write_json(path, value):
    with open(path + '.part', 'w', encoding='utf-8') as file:
        json.dump(value, file, indent=1)
    os.rename(path + '.part', path)


def write_side(folder, side, rows, columns, prefix, names):
    write_rows(os.path.join(folder, f'{side}.csv'), ['id', *columns],
               ([f'{prefix}{n:07}', *(row[c] for c in columns)] for n, row in enumerate(rows)))
    write_json(os.path.join(folder, f'map-{side}.json'), {'id': 'id', **names})


def one_file(folder, rows, person, hidden, names):
    """A file to find duplicates in; person(row) says whose record it is."""
    columns = [name for name in rows[0] if name not in hidden]
    write_side(folder, 'left', rows, columns, 'r', names)
    by_person = collections.defaultdict(list)
    for n, row in enumerate(rows):
        by_person[person(row)].append(f'r{n:07}')
    truth = [pair for ids in by_person.values() for pair in itertools.combinations(ids, 2)]
    write_rows(os.path.join(folder, 'truth.csv'), ('left_id', 'right_id'), truth)
    return {'left': len(rows), 'truth': len(truth)}


def two_files(folder, sides, hidden, names, person):
    by_person = collections.defaultdict(list)
    for n, row in enumerate(sides[0]):
        by_person[person(row)].append(f'l{n:07}')
    truth = [(left, f'r{n:07}') for n, row in enumerate(sides[1]) for left in by_person[person(row)]]
    for side, rows in zip(('left', 'right'), sides):
        write_side(folder, side, rows, [c for c in rows[0] if c not in hidden], side[0], names)
    write_rows(os.path.join(folder, 'truth.csv'), ('left_id', 'right_id'), truth)
    return {'left': len(sides[0]), 'right': len(sides[1]), 'truth': len(truth)}


# ---- one maker a set -----------------------------------------------------------------


def febrl(data, folder, which, numbered=False):
    rows = rows_of(os.path.join(data, 'febrl', f'dataset{which}.csv'))
    compare = {**FEBRL_MAP['compare'], 'insured_no': number('soc_sec_id')}
    return one_file(folder, rows, lambda row: row['rec_id'].split('-')[1],
                    ('rec_id',) if numbered else ('rec_id', 'soc_sec_id'),
                    {**FEBRL_MAP, 'compare': compare} if numbered else FEBRL_MAP)


def generated(data, folder, which):
    rows = rows_of(os.path.join(data, 'febrl_dsgen', f'dataset_{which}.csv'))
    return one_file(folder, rows, lambda row: row['entity_id'],
                    ('rec_id', 'entity_id', 'soc_sec_id', 'blocking_number', 'age'),
                    {**FEBRL_MAP, 'compare': {**FEBRL_MAP['compare'],
                                              'phone_no': number('phone_number')}})


def census(data, folder):
    sides = [rows_of(os.path.join(data, 'uk_census_cis', name)) for name in ('census.csv', 'cis.csv')]
    hidden = ('PERSON_ID', 'CENSUS_ID', 'CIS_ID', 'hse_num', 'str_nam', 'cap_add')
    return two_files(folder, sides, hidden, CENSUS_MAP, lambda row: row['PERSON_ID'])


def historical(data, folder):
    rows = rows_of(os.path.join(data, 'historical_figures_50k', 'historical_half_a.csv'))
    return one_file(folder, rows, lambda row: row['cluster'], ('unique_id', 'cluster'),
                    {'forenames': ['first_name'], 'surname': 'surname', 'other_names': 'full_name',
                     'date_of_birth': 'dob', 'sex': 'gender', 'postcode': 'postcode_fake',
                     'compare': {'birth_place': 'birth_place', 'occupation': 'occupation'}})


def fake_1000(data, folder):
    rows = rows_of(os.path.join(data, 'splink_fake_1000', 'fake_1000.csv'))
    return one_file(folder, rows, lambda row: row['cluster'], ('unique_id', 'cluster'),
                    {'forenames': ['first_name'], 'surname': 'surname', 'date_of_birth': 'dob',
                     'emails': 'email',
                     'compare': {'city': 'city', 'mailbox': 'email'}})  # near misses of it too


def foreigners(data, folder):
    rows = rows_of(os.path.join(data, 'foreigners_pl', 'foreigners_10000.csv'))
    for row in rows:
        row['data_ur'] = row['data_ur'].replace('/', '-')
    return one_file(folder, rows, lambda row: row['true_id'], ('row', 'Unnamed: 0', 'true_id'),
                    {'forenames': ['imie', 'imie2'], 'surname': 'nazwisko',
                     'date_of_birth': 'data_ur', 'compare': {'country': word('kraj'), 'commune': 'gmina'}})


def screening(data, folder):
    """Listed persons and people of whom none is listed: every pair is a false one."""
    people = rows_of(os.path.join(data, 'screening_people', 'people_global.csv'))
    listed = rows_of(os.path.join(data, 'sanctions_aliases', 'ofac_individuals.csv'))
    aliases = collections.defaultdict(list)
    for row in rows_of(os.path.join(data, 'sanctions_aliases', 'ofac_aliases.csv')):
        aliases[row['ent_num']].append(row['alt_name'])
    for row in listed:
        surname, _, given = row['name'].partition(',')
        born = row['dob'].split('|')[0].replace('circa', '').strip()
        row.update(surname=surname.strip(), given=given.strip(), born=born,
                   aliases='|'.join(aliases[row['ent_num']]))
    for row in people:
        row.update(surname=row['last_name'], born=row['date_of_birth'], aliases='',
                   given=' '.join((row['first_name'], row['middle_name'])).strip())
    columns = ('given', 'surname', 'aliases', 'born', 'gender')
    names = {'forenames': ['given'], 'surname': 'surname', 'other_names': 'aliases',
             'date_of_birth': 'born', 'sex': 'gender'}
    write_side(folder, 'left', listed, columns, 'l', names)
    write_side(folder, 'right', people, columns, 'r', names)
    write_rows(os.path.join(folder, 'truth.csv'), ('left_id', 'right_id'), ())
    return {'left': len(listed), 'right': len(people), 'truth': 0}


def scripted(row):
    """Is one name written in Latin letters and the other not?"""
    def latin(name):
        return all(ord(c) < 0x250 for c in name if c.isalpha())
    return latin(row['name1']) != latin(row['name2'])


def name_pairs(data, folder, wanted):
    rows = [row for row in rows_of(os.path.join(data, 'name_pairs', 'name_pairs.csv'))
            if row['schema'] == 'Person' and wanted(row)]
    for side, column in (('left', 'name1'), ('right', 'name2')):
        write_rows(os.path.join(folder, f'{side}.csv'), ('id', 'full_name'),
                   ((f'{side[0]}{n:07}', row[column]) for n, row in enumerate(rows)))
        write_json(os.path.join(folder, f'map-{side}.json'), {'id': 'id', 'full_name': 'full_name'})
    truth = [(f'l{n:07}', f'r{n:07}') for n, row in enumerate(rows) if row['is_match'] == 'true']
    write_rows(os.path.join(folder, 'truth.csv'), ('left_id', 'right_id'), truth)
    return {'left': len(rows), 'right': len(rows), 'truth': len(truth)}


PEOPLE = {'forename': 'forename1', 'middle': 'forename2', 'surname': 'surname',
          'dob': 'date_of_birth', 'sex': 'sex', 'postcode': 'postcode', 'phone': 'mobile',
          'phone2': 'home_phone', 'email': 'personal_email', 'address': 'address_line1'}
RECORDS = {'forename': 'forename1', 'middle': 'forename2', 'surname': 'surname', 'dob': 'dob',
           'sex': 'sex', 'postcode': 'postcode', 'phone': 'phone', 'phone2': None,
           'email': 'email', 'address': 'address_text'}


def sample_files(sample, parts=None):
    names = sorted(name for name in os.listdir(sample) if name.startswith('intelligence-'))
    return [os.path.join(sample, name) for name in names][:parts]


def made_up(folder, sample, parts):
    """A sample of `candour sample`: its own files for the wash, a common part for the others."""
    def streamed(paths, own, columns):
        for path in paths:
            with open(path, encoding='utf-8', newline='') as file:
                for row in csv.DictReader(file):
                    yield [row[own], *(row[c] if c else '' for c in columns.values())]
    workforce, records = os.path.join(sample, 'workforce.csv'), sample_files(sample, parts)
    names = {'id': 'id', 'forenames': ['forename', 'middle'], 'surname': 'surname',
             'date_of_birth': 'dob', 'postcode': 'postcode', 'phones': 'phone', 'emails': 'email'}
    for side, paths, own, columns in (('left', [workforce], 'row_id', PEOPLE),
                                      ('right', records, 'mention_id', RECORDS)):
        write_rows(os.path.join(folder, f'{side}.csv'), ['id', *columns],
                   streamed(paths, own, columns))
        write_json(os.path.join(folder, f'map-{side}.json'), names)
    known = ids_of(folder, 'right') if parts else None
    truth = [(row['left_id'], row['right_id']) for row in rows_of(os.path.join(sample, 'truth.csv'))
             if known is None or row['right_id'] in known]
    write_rows(os.path.join(folder, 'truth.csv'), ('left_id', 'right_id'), truth)
    return {'left': counted(folder, 'left'), 'right': counted(folder, 'right'),
            'truth': len(truth), 'made': made_of(sample), 'workforce': workforce,
            'intelligence': records}


def made_of(sample):
    """What tells one made sample from another."""
    with open(os.path.join(sample, 'manifest.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    return [manifest.get('spec'), manifest.get('preset'), manifest.get('seed'),
            manifest['counts']['true_pairs'], manifest['counts']['bytes']]


def ids_of(folder, side):
    with open(os.path.join(folder, f'{side}.csv'), encoding='utf-8') as file:
        return {line.partition(',')[0] for line in file}


def counted(folder, side):
    with open(os.path.join(folder, f'{side}.csv'), 'rb') as file:
        return sum(1 for _ in file) - 1


FEBRLS = (1, 2, 3)


def generators(names):
    return [(f'FEBRL generator {which}', 'dedupe', 'generated',
             lambda data, folder, which=which: generated(data, folder, which)) for which in names]


# name, kind, family, maker(data, folder), or of a sample its preset and how many of its parts;
# in the order of the run: the small ones first, last the larger twins of smaller ones
SETS = [
    *((f'FEBRL {n}', 'dedupe', 'febrl', lambda data, folder, n=n: febrl(data, folder, n))
      for n in FEBRLS),
    *((f'FEBRL {n}, with number', 'dedupe', 'numbered',
       lambda data, folder, n=n: febrl(data, folder, n, True)) for n in FEBRLS),
    ('splink_fake_1000', 'dedupe', 'fake_1000', fake_1000),
    ('foreigners_pl', 'dedupe', 'foreigners', foreigners),
    ('name_pairs, persons', 'pairs', 'names',
     lambda data, folder: name_pairs(data, folder, lambda row: True)),
    ('name_pairs, two scripts', 'pairs', 'names',
     lambda data, folder: name_pairs(data, folder, scripted)),
    ('uk_census_cis', 'link', 'census', census),
    ('historical_figures_50k', 'dedupe', 'historical', historical),
    *generators(SMALLER),
    ('screening_people', 'strangers', 'screening', screening),
    ('sample ci', 'wash', 'sample', ('ci', None)),
    ('sample full, first million', 'wash', 'sample', ('full', 1)),
    ('sample full', 'wash', 'sample', ('full', None)),
    *generators(LARGER),
]
QUICK = ('FEBRL 1', 'FEBRL generator C_1000', 'splink_fake_1000', 'name_pairs, persons')
FULL = ('sample full, first million', 'sample full')

# Seconds that a program is given, so that a whole run ends within half an hour on two cores.
SECONDS = {'uk_census_cis': 120, 'historical_figures_50k': 120, 'screening_people': 120,
           'sample ci': 180, 'sample full, first million': 420, 'sample full': 420,
           'FEBRL generator A_10000': 240, 'FEBRL generator C_10000': 240}
MOST = 60


def folder_of(name, work):
    return os.path.join(work, name.replace(',', '').replace(' ', '-'))


def kept(folder, sample):
    """What was prepared of this very sample before, or None: it takes a minute and more."""
    try:
        with open(os.path.join(folder, 'set.json'), encoding='utf-8') as file:
            about = json.load(file)
    except OSError:
        return None
    return about if about.get('made') == made_of(sample) else None


def prepared(name, data, work, sample):
    """The folder of a set, made now; sample(preset) gives the folder of a sample."""
    _, kind, family, maker = next(entry for entry in SETS if entry[0] == name)
    folder = folder_of(name, work)
    os.makedirs(folder, exist_ok=True)
    if kind == 'wash':
        made = sample(maker[0])
        about = kept(folder, made)
        if about:
            return folder, about
        counts = made_up(folder, made, maker[1])
    else:
        counts = maker(data, folder)
    about = {'name': name, 'kind': kind, 'family': family, **counts}
    write_json(os.path.join(folder, 'set.json'), about)
    return folder, about
