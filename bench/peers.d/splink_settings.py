"""How Splink is set up for each family of sets, and from which page of its documentation.

Pages are those of https://moj-analytical-services.github.io/splink/ : 
  demos/examples/duckdb/febrl3.html                      FEBRL 3, by five single columns
  demos/examples/duckdb/deduplicate_50k_synthetic.html   the historical figures
  demos/tutorials/03_Blocking.html, 04_Estimating_model_parameters.html   fake_1000
  demos/examples/duckdb/accuracy_analysis_from_labels_column.html   fake_1000, wider rules
  demos/examples/duckdb/link_only.html                   two files of persons
  topic_guides/comparisons/choosing_comparators.html     which comparison for which field

`tight` are the rules of the page, or, where no page treats the set, rules of the same manner
(two fields must agree). `loose` are these and single fields and beginnings of fields, so
that recall comes near that of a comparison of all pairs. Model and training are the same.

The social security number of the FEBRL 4 page (demos/examples/duckdb/febrl4.html) is compared,
and blocked on, in the sets "with number" only.
"""
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import block_on

PROBABILITY = 0.5  # more likely than not; Splink itself has no default threshold


def names(first, last):
    return cl.ForenameSurnameComparison(first, last,
                                        forename_surname_concat_col_name='name_concat')


def place(postcode, address):
    """Address and postcode as one comparison: as two they count one move twice."""
    nearly = f'jaro_winkler_similarity({address}_l, {address}_r) >= 0.92'
    return cl.CustomComparison(output_column_name='place', comparison_levels=[
        cll.And(cll.NullLevel(postcode), cll.NullLevel(address)),
        cll.CustomLevel(f'{postcode}_l = {postcode}_r and {nearly}', 'postcode and address'),
        cll.ExactMatchLevel(postcode, term_frequency_adjustments=True),
        cll.CustomLevel(nearly, 'address nearly the same'),
        cll.LevenshteinLevel(postcode, 1),
        cll.ElseLevel()])


def swapped(first, last, born):
    return (f'l.{first} = r.{last} and l.{last} = r.{first} and l.{born} = r.{born}')


# febrl3.html
FEBRL = {
    'comparisons': lambda: [
        cl.NameComparison('given_name').configure(term_frequency_adjustments=True),
        cl.NameComparison('surname').configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison('date_of_birth', input_is_string=True,
                                 datetime_format='%Y%m%d'),
        cl.ExactMatch('street_number').configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds('postcode', [1, 2])
        .configure(term_frequency_adjustments=True)],
    'tight': [block_on('given_name'), block_on('surname'), block_on('date_of_birth'),
              block_on('postcode')],
    'loose': [block_on('address_1'), block_on('suburb'), block_on('substr(date_of_birth,1,6)'),
              block_on('substr(surname,1,2)', 'substr(given_name,1,1)')],
    'certain': [block_on('given_name', 'surname', 'date_of_birth'),
                swapped('given_name', 'surname', 'date_of_birth')],
    'recall': 0.9,
    'train': [block_on('substr(date_of_birth,1,3)'), block_on('substr(postcode,1,2)')],
}

FAMILIES = {
    'febrl': FEBRL,
    # As FEBRL, with the telephone number that these files have.
    'generated': {**FEBRL, 'comparisons': lambda: FEBRL['comparisons']() + [
        cl.DamerauLevenshteinAtThresholds('phone_number', [1, 2])]},
    # The social security number as febrl4.html has it.
    'numbered': {**FEBRL, 'comparisons': lambda: FEBRL['comparisons']() + [
        cl.DamerauLevenshteinAtThresholds('soc_sec_id', [1, 2])],
                 'tight': FEBRL['tight'] + [block_on('soc_sec_id')],
                 'certain': FEBRL['certain'] + [block_on('soc_sec_id')]},
    # deduplicate_50k_synthetic.html
    'historical': {
        'columns': {'name_concat': "nullif(concat_ws(' ', first_name, surname), '')"},
        'probability': 0.95,
        'comparisons': lambda: [
            names('first_name', 'surname'),
            cl.DateOfBirthComparison('dob', input_is_string=True),
            cl.PostcodeComparison('postcode_fake'),
            cl.ExactMatch('birth_place').configure(term_frequency_adjustments=True),
            cl.ExactMatch('occupation').configure(term_frequency_adjustments=True)],
        'tight': [block_on('substr(first_name,1,3)', 'substr(surname,1,4)'),
                  block_on('surname', 'dob'), block_on('first_name', 'dob'),
                  block_on('postcode_fake', 'first_name'), block_on('postcode_fake', 'surname'),
                  block_on('dob', 'birth_place'), block_on('substr(postcode_fake,1,3)', 'dob'),
                  block_on('substr(postcode_fake,1,3)', 'first_name'),
                  block_on('substr(postcode_fake,1,3)', 'surname'),
                  block_on('substr(first_name,1,2)', 'substr(surname,1,2)', 'substr(dob,1,4)')],
        'loose': [block_on('surname'), block_on('dob'), block_on('postcode_fake'),
                  block_on('first_name'), block_on('substr(postcode_fake,1,4)')],
        'certain': ['l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob',
                    'substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname '
                    'and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)',
                    'l.dob = r.dob and l.postcode_fake = r.postcode_fake'],
        'recall': 0.6,
        'train': [block_on('first_name', 'surname'), block_on('dob')],
    },
    # 03_Blocking.html, 04_Estimating_model_parameters.html; loose: accuracy_analysis_...
    'fake_1000': {
        'comparisons': lambda: [
            cl.NameComparison('first_name').configure(term_frequency_adjustments=True),
            cl.NameComparison('surname').configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds('dob', 1),
            cl.ExactMatch('city').configure(term_frequency_adjustments=True),
            cl.EmailComparison('email')],
        'tight': [block_on('first_name', 'city'), block_on('surname')],
        'loose': [block_on('first_name'), block_on('dob'), block_on('email'), block_on('city'),
                  block_on('substr(dob,1,4)')],
        'certain': ['l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1',
                    'l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1',
                    'l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2',
                    block_on('email')],
        'recall': 0.7,
        'train': [block_on('first_name', 'surname'), block_on('dob')],
    },
    # link_only.html, with the comparisons for persons of choosing_comparators.html
    'census': {
        'columns': {
            'born': "concat_ws('-', DOB_YEAR, lpad(DOB_MON, 2, '0'), lpad(DOB_DAY, 2, '0'))",
            'name_concat': "nullif(concat_ws(' ', PERNAME1, PERNAME2), '')"},
        'comparisons': lambda: [
            names('PERNAME1', 'PERNAME2'),
            cl.DateOfBirthComparison('born', input_is_string=True),
            place('ENUMPC', 'ENUMCAP'), cl.ExactMatch('SEX')],
        'tight': [block_on('PERNAME1', 'PERNAME2', 'DOB_YEAR'), block_on('PERNAME2', 'born'),
                  block_on('PERNAME1', 'born'), block_on('ENUMPC', 'PERNAME1'),
                  block_on('ENUMPC', 'PERNAME2'), block_on('ENUMPC', 'born')],
        'loose': [block_on('ENUMPC'), block_on('born'), block_on('PERNAME1', 'PERNAME2'),
                  block_on('ENUMCAP', 'DOB_YEAR')],
        'certain': [block_on('PERNAME1', 'PERNAME2', 'born'), block_on('PERNAME1', 'born', 'ENUMPC'),
                    block_on('PERNAME2', 'born', 'ENUMPC')],
        'recall': 0.8,
        'train': [block_on('PERNAME1', 'PERNAME2'), block_on('born')],
    },
    # no page; comparisons of choosing_comparators.html
    'foreigners': {
        'columns': {'name_concat': "nullif(concat_ws(' ', imie, nazwisko), '')"},
        'comparisons': lambda: [
            names('imie', 'nazwisko'), cl.DateOfBirthComparison('data_ur', input_is_string=True),
            cl.ExactMatch('kraj').configure(term_frequency_adjustments=True),
            cl.ExactMatch('gmina').configure(term_frequency_adjustments=True),
            cl.NameComparison('imie2')],
        'tight': [block_on('imie', 'nazwisko'), block_on('nazwisko', 'data_ur'),
                  block_on('imie', 'data_ur'), block_on('kraj', 'data_ur')],
        'loose': [block_on('data_ur'), block_on('nazwisko'), block_on('substr(data_ur,6,5)', 'imie'),
                  block_on('substr(imie,1,3)', 'substr(nazwisko,1,3)'),
                  block_on('kraj', 'substr(data_ur,1,4)'), block_on('kraj', 'substr(data_ur,6,5)'),
                  block_on('kraj', 'substr(nazwisko,1,2)')],
        'certain': [block_on('imie', 'nazwisko', 'data_ur')],
        'recall': 0.2,
        'train': [block_on('imie', 'nazwisko'), block_on('data_ur')],
    },
    # link_only.html. Nobody is in both files, so nothing can be trained on these pairs:
    # estimated as far as Splink can, its starting values where it cannot.
    'screening': {
        'columns': {'name_concat': "nullif(concat_ws(' ', given, surname), '')",
                    'given_folded': 'lower(strip_accents(given))',
                    'surname_folded': 'lower(strip_accents(surname))',
                    'date_of_birth': "strftime(coalesce(try_strptime(born, '%d %b %Y'), "
                                     "try_strptime(born, '%Y-%m-%d')), '%Y-%m-%d')"},
        'comparisons': lambda: [
            names('given_folded', 'surname_folded'),
            cl.DateOfBirthComparison('date_of_birth', input_is_string=True)],
        'tight': [block_on('given_folded', 'surname_folded'),
                  block_on('surname_folded', 'date_of_birth'),
                  block_on('given_folded', 'date_of_birth')],
        'loose': [block_on('surname_folded'), block_on('date_of_birth')],
        'certain': [],
        'recall': 0.5,
        'train': [],
    },
    # link_only.html, with the comparisons for persons of choosing_comparators.html
    'sample': {
        'columns': {'fore': 'upper(strip_accents(forename))', 'sur': 'upper(strip_accents(surname))',
                    'name_concat': "nullif(concat_ws(' ', upper(strip_accents(forename)), "
                                   "upper(strip_accents(surname))), '')",
                    'tel': "regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^44', '0')",
                    'pc': "upper(replace(postcode, ' ', ''))", 'mail': 'lower(email)'},
        'comparisons': lambda: [
            names('fore', 'sur'), cl.DateOfBirthComparison('dob', input_is_string=True),
            cl.PostcodeComparison('pc').configure(term_frequency_adjustments=True),
            cl.ExactMatch('tel'), cl.EmailComparison('mail')],
        'tight': [block_on('fore', 'sur', 'dob'), block_on('sur', 'dob'), block_on('fore', 'dob'),
                  block_on('pc', 'fore'), block_on('pc', 'sur'), block_on('tel', 'fore'),
                  block_on('tel', 'sur'), block_on('mail')],
        'loose': [block_on('fore', 'sur'), block_on('dob'), block_on('pc'),
                  block_on('sur', 'substr(fore,1,1)'), block_on('fore', 'substr(sur,1,3)'),
                  'l.fore = r.sur and l.sur = r.fore'],
        'certain': [block_on('fore', 'sur', 'dob'), block_on('fore', 'sur', 'pc'),
                    block_on('tel', 'sur')],
        'recall': 0.7,
        'train': [block_on('fore', 'sur'), block_on('dob')],
    },
}
