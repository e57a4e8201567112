"""The measures that bench/peers takes, on cases small enough to reckon by hand."""
import os
import tempfile
import unittest

import score

TRUTH = {('a', 'b'), ('c', 'd'), ('e', 'f'), ('g', 'h')}
PAIRS = {('a', 'b'): 9.0, ('c', 'd'): 7.0, ('a', 'x'): 7.0, ('e', 'f'): 2.0, ('y', 'z'): 1.0}


class Measures(unittest.TestCase):
    def test_the_default_threshold_counts_what_lies_at_it(self):
        at = score.measure(PAIRS, {}, TRUTH, 7.0, False)['default']

        self.assertEqual((at['found'], at['right']), (3, 2))
        self.assertAlmostEqual(at['precision'], 2 / 3)
        self.assertAlmostEqual(at['recall'], 2 / 4)
        self.assertAlmostEqual(at['f1'], 2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))

    def test_the_best_threshold_is_the_one_of_the_greatest_f1(self):
        best = score.measure(PAIRS, {}, TRUTH, 7.0, False)['best']

        self.assertEqual(best['threshold'], 2.0)
        self.assertAlmostEqual(best['f1'], 3 / 4)

    def test_pairs_of_one_score_cannot_be_parted(self):
        points = score.curve(PAIRS, TRUTH)

        self.assertEqual(points, [(9.0, 1, 1), (7.0, 2, 3), (2.0, 3, 4), (1.0, 3, 5)])
        self.assertEqual(score.recall_at(points, 0.99, 4), 1 / 4)
        self.assertEqual(score.recall_at(points, 0.75, 4), 3 / 4)

    def test_a_precision_that_is_never_reached_has_no_recall(self):
        points = score.curve({('a', 'x'): 2.0, ('a', 'b'): 1.0}, TRUTH)

        self.assertEqual(score.recall_at(points, 0.99, 4), 0.0)

    def test_a_true_pair_that_is_not_listed_is_missed(self):
        self.assertEqual(score.measure(PAIRS, {}, TRUTH, 7.0, False)['reach'], 3 / 4)

        found = score.measure({}, {}, TRUTH, 0.5, False)

        self.assertEqual(found['default']['recall'], 0.0)
        self.assertEqual(found['recall_at']['0.99'], 0.0)

    def test_one_to_one_keeps_pairs_that_are_the_best_of_both(self):
        pairs = {('a', 'b'): 3.0, ('a', 'x'): 2.0, ('c', 'b'): 1.0, ('c', 'x'): 4.0, ('d', 'x'): 4.0}

        self.assertEqual(score.mutual(pairs),
                         {('a', 'b'): 3.0, ('c', 'x'): 4.0, ('d', 'x'): 4.0})

    def test_calibration_is_the_mean_distance_and_the_worst_full_band(self):
        given = {('t', str(n)): 0.95 for n in range(60)} | {('u', str(n)): 0.55 for n in range(40)}
        truth = {('t', str(n)) for n in range(45)} | {('u', str(n)) for n in range(40)}

        off = score.calibration(given, truth)

        self.assertAlmostEqual(off['error'], (60 * (0.95 - 0.75) + 40 * (1 - 0.55)) / 100)
        self.assertAlmostEqual(off['worst'], 0.20)

    def test_groups_are_held_together_by_chains(self):
        group_of = score.connected([('a', 'b'), ('b', 'c'), ('d', 'e')])
        found = score.groups_quality(group_of, {('a', 'c'), ('d', 'e'), ('f', 'g')})

        self.assertEqual((found['found'], found['right']), (4, 2))

    def test_differences_hold_no_value(self):
        ours = {'forenames': 'ann', 'surname': 'lee', 'date_of_birth': '', 'postcode': 'a11aa'}

        self.assertEqual(score.differences(ours, {**ours, 'forenames': 'lee', 'surname': 'ann'}),
                         'swapped names, missing date of birth')
        self.assertEqual(score.differences(ours, {**ours, 'surname': 'low', 'date_of_birth': '1'}),
                         'other surname, missing date of birth')

    def test_spelling_of_numbers_and_accents_is_no_difference(self):
        self.assertEqual(score.folded('phones', '+44 7700 900641'), score.folded('phones', '07700-900641'))
        self.assertEqual(score.folded('surname', "O\u2019Br\u00edan"), score.folded('surname', "O'BRIAN"))


class Files(unittest.TestCase):
    def read(self, dedupe):
        text = ('left_id,right_id,score,probability\n'
                'b,a,1.5,0.7\na,b,2.5,0.8\na,a,9,0.99\nc,d,1,\n')
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'pairs.csv')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            return score.read_pairs(path, dedupe)

    def test_in_one_file_a_pair_has_no_direction_and_nobody_is_his_own(self):
        pairs, given = self.read(True)

        self.assertEqual(pairs, {('a', 'b'): 2.5, ('c', 'd'): 1.0})
        self.assertEqual(given, {('a', 'b'): 0.8})

    def test_between_two_files_ids_of_either_side_are_apart(self):
        pairs, _ = self.read(False)

        self.assertEqual(len(pairs), 4)


if __name__ == '__main__':
    unittest.main()
