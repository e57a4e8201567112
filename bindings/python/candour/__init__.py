"""Could these two be the same person, and why? The engine of Candour for Python.

    import candour

    index = candour.Index(people, mentions=records)     # columns: {"surname": [...], ...}
    hits = index.find(records, probability=0.5)
    hits.to_dict()                                      # columns again
    hits.explain(0)                                     # a waterfall, in a notebook as a picture

A thin layer over libcandour (see candour.h): the same pairs, levels and bits as the program
`candour`. Columns are lists, or a pandas, Polars or Arrow table; none of these is needed.
"""
from candour._columns import Table, values_of
from candour._library import Error, check, ffi, lib, text_of

__all__ = ['Error', 'Model', 'Index', 'Hits', 'Hit', 'Evidence', 'Explanation', 'compare', 'link',
           'fields', 'comparisons', 'version']

BIT = 65536
PURPOSES = {'link': 0, 'wash': 1}
FORMATS = {'text': 0, 'json': 1, 'svg': 2}


def version():
    """The version of the library, such as '0.1.0'."""
    return text_of(lib.candour_version())


def fields():
    """Names of the fields that are compared."""
    return [text_of(lib.candour_field_name(i)) for i in range(lib.candour_field_count())
            if lib.candour_field_compared(i)]


def comparisons():
    """Names of the comparisons, in the order in which columns of hits have them."""
    return [text_of(lib.candour_comparison_name(i)) for i in range(lib.candour_comparison_count())]


class Model:
    """What each agreement is worth: the one built in, or one that `candour train` wrote."""

    def __init__(self, path=None, *, text=None):
        handle, error = ffi.new('struct candour_model **'), ffi.new('struct candour_error *')
        if text is not None:
            content = text.encode() if isinstance(text, str) else bytes(text)
            check(lib.candour_model_parse(content, len(content), handle, error), error)
        elif path is not None:
            check(lib.candour_model_read(str(path).encode(), handle, error), error)
        else:
            check(lib.candour_model_default(handle, error), error)
        self._handle = ffi.gc(handle[0], lib.candour_model_free)
        self._levels = [self._level_texts(c) for c in range(lib.candour_comparison_count())]

    def _level_texts(self, comparison):
        """(name, label) of each level of a comparison."""
        level, error = ffi.new('struct candour_level *'), ffi.new('struct candour_error *')
        level.size = ffi.sizeof('struct candour_level')
        texts = []
        for number in range(lib.candour_level_count(self._handle, comparison)):
            check(lib.candour_model_level(self._handle, comparison, number, level, error), error)
            texts.append((text_of(level.name), text_of(level.label)))
        return texts

    @property
    def name(self):
        return text_of(lib.candour_model_name(self._handle))

    def __repr__(self):
        return f'<candour.Model {self.name}>'


class Index:
    """People, ready for mentions to be found among them.

    people, mentions   columns: a dict of lists, or a pandas, Polars or Arrow table. Values of
                       the mentions are counted, so that what is common among them earns less;
                       give those that will be looked for, or a fair sample.
    fields             {column: field} for columns that are not named like a field
    strict             False leaves out columns that are no fields; otherwise they are errors
    purpose            'link' or 'wash': whose share and threshold the model gives
    share, probability, pivot_year, threads   as in candour.h; None takes the default

    Read-only once made; any number of threads may call find().
    """

    def __init__(self, people, mentions=None, *, model=None, purpose='link', share=None,
                 probability=None, pivot_year=None, threads=None, fields=None, strict=True):
        self.model = model or Model()
        self._shape = {'fields': fields, 'strict': strict}
        self._threads = threads or 0
        table = Table(people, **self._shape)
        counted = Table(mentions, **self._shape) if mentions is not None else None
        self._ids = table.ids
        settings = ffi.new('struct candour_index_settings *', {
            'size': ffi.sizeof('struct candour_index_settings'), 'model': self.model._handle,
            'share': share or 0, 'probability': probability or 0, 'purpose': _choice(PURPOSES, purpose),
            'threads': self._threads, 'pivot_year': pivot_year or 0})
        handle, error = ffi.new('struct candour_index **'), ffi.new('struct candour_error *')
        check(lib.candour_index_new(settings, handle, error), error)
        self._handle = ffi.gc(handle[0], lib.candour_index_free)
        check(lib.candour_index_add_table(self._handle, table.handle, error), error)
        if counted:
            check(lib.candour_index_count_table(self._handle, counted.handle, error), error)
        check(lib.candour_index_build(self._handle, error), error)

    def __len__(self):
        return lib.candour_index_people(self._handle)

    @property
    def prior_bits(self):
        """log2 prior odds of one pair."""
        return lib.candour_index_prior(self._handle)

    @property
    def unread_dates(self):
        """How many dates of birth were no dates, and counted as missing."""
        return lib.candour_index_unread_dates(self._handle)

    def _finder(self):
        handle, error = ffi.new('struct candour_finder **'), ffi.new('struct candour_error *')
        check(lib.candour_finder_new(self._handle, self._threads, handle, error), error)
        return ffi.gc(handle[0], lib.candour_finder_free)

    def find(self, mentions, probability=None):
        """Every pair of at least this probability, by row of the mentions, then position."""
        table = Table(mentions, **self._shape)
        handle, error = ffi.new('struct candour_hits **'), ffi.new('struct candour_error *')
        check(lib.candour_find_table(self._finder(), table.handle, probability or 0, handle, error), error)
        return Hits(handle[0], self.model, self._ids, table.ids)

    def score(self, position, mention):
        """One pair whatever its score: a position of the index, and a dict of one mention."""
        values, _kept = values_of(mention)
        handle, error = ffi.new('struct candour_hits **'), ffi.new('struct candour_error *')
        check(lib.candour_score(self._finder(), position, values, len(values), handle, error), error)
        return Hits(handle[0], self.model, self._ids, [0])


def link(left, right, **settings):
    """Everybody on the left who may be somebody on the right, as `candour link`."""
    return Index(left, right, **settings).find(right)


def compare(left, right, *, people=1, share=None, model=None):
    """Scores two people, each a dict of fields, as `candour explain --left --right`."""
    model = model or Model()
    ours, _kept = values_of(left)
    theirs, _kept_too = values_of(right)
    handle, error = ffi.new('struct candour_hits **'), ffi.new('struct candour_error *')
    check(lib.candour_compare(model._handle, share or 0, people, ours, len(ours), theirs, len(theirs),
                              handle, error), error)
    return Hits(handle[0], model, [0], [0])


# ---- hits ------------------------------------------------------------------------------------

class Evidence:
    """What one comparison found in a pair."""
    __slots__ = ('comparison', 'level', 'label', 'bits')

    def __init__(self, comparison, level, label, bits):
        self.comparison, self.level, self.label, self.bits = comparison, level, label, bits

    def __repr__(self):
        return f'<{self.comparison}: {self.label}, {self.bits:+.2f} bits>'


class Hit:
    """One pair: positions, ids, probability, score in bits, prior, and the evidence for it."""
    __slots__ = ('left', 'right', 'left_id', 'right_id', 'probability', 'score_bits', 'prior_bits', 'evidence')

    def __repr__(self):
        return f'<candour.Hit {self.left_id!r} {self.right_id!r} {self.probability:.6f}>'


class Explanation:
    """A score taken apart: text by str(), a picture in a notebook."""

    def __init__(self, explain):
        self._explain = explain

    def __str__(self):
        return self._explain('text')

    __repr__ = __str__

    @property
    def json(self):
        return self._explain('json')

    @property
    def svg(self):
        return self._explain('svg')

    def _repr_svg_(self):
        return self.svg


class Hits:
    """Pairs with their evidence: a sequence of Hit, or columns by to_dict()."""

    def __init__(self, handle, model, left_ids, right_ids):
        self._handle = ffi.gc(handle, lib.candour_hits_free)
        self.model = model  # kept: hits borrow it
        self._left_ids, self._right_ids = left_ids, right_ids

    def __len__(self):
        return lib.candour_hits_count(self._handle)

    @property
    def unread_dates(self):
        """How many dates of birth of mentions were no dates, and counted as missing."""
        return lib.candour_hits_unread_dates(self._handle)

    def __getitem__(self, number):
        if number < 0:
            number += len(self)
        if not 0 <= number < len(self):
            raise IndexError('no such hit')
        pair, error = ffi.new('struct candour_hit *'), ffi.new('struct candour_error *')
        pair.size = ffi.sizeof('struct candour_hit')
        check(lib.candour_hits_get(self._handle, number, pair, error), error)
        hit = Hit()
        hit.left, hit.right = pair.left, pair.right
        hit.left_id, hit.right_id = self._left_ids[pair.left], self._right_ids[pair.right]
        hit.probability, hit.score_bits, hit.prior_bits = pair.probability, pair.score, pair.prior
        hit.evidence = [self._evidence(number, c, name) for c, name in enumerate(comparisons())]
        return hit

    def _evidence(self, number, comparison, name):
        level = lib.candour_hits_levels(self._handle, comparison)[number]
        bits = lib.candour_hits_bits(self._handle, comparison)[number]
        return Evidence(name, *self.model._levels[comparison][level], bits / BIT)

    def _column(self, pointer):
        return ffi.unpack(pointer, len(self)) if len(self) else []

    def to_dict(self, evidence=True):
        """Columns as lists: left_id, right_id, probability, score_bits, then the level and bits
        of each comparison. Takes `pandas.DataFrame(...)`, `polars.DataFrame(...)` or
        `pyarrow.table(...)` to be one of theirs."""
        left, right = lib.candour_hits_left(self._handle), lib.candour_hits_right(self._handle)
        columns = {
            'left_id': [self._left_ids[i] for i in self._column(left)],
            'right_id': [self._right_ids[i] for i in self._column(right)],
            'probability': [p / 1e6 for p in self._column(lib.candour_hits_probability(self._handle))],
            'score_bits': [b / BIT for b in self._column(lib.candour_hits_score(self._handle))],
        }
        for number, name in enumerate(comparisons() if evidence else ()):
            names = [level for level, _ in self.model._levels[number]]
            levels = self._column(lib.candour_hits_levels(self._handle, number))
            bits = self._column(lib.candour_hits_bits(self._handle, number))
            columns[name + '_level'] = [names[level] for level in levels]
            columns[name + '_bits'] = [b / BIT for b in bits]
        return columns

    def explain(self, number):
        """The score of one pair taken apart."""
        if not 0 <= number < len(self):
            raise IndexError('no such hit')
        return Explanation(lambda kind: self._explain(number, kind))

    def _explain(self, number, kind):
        text, error = ffi.new('char **'), ffi.new('struct candour_error *')
        check(lib.candour_hits_explain(self._handle, number, _choice(FORMATS, kind), text, error), error)
        return text_of(ffi.gc(text[0], lib.candour_text_free))

    def __repr__(self):
        return f'<candour.Hits: {len(self)} pairs>'


def _choice(choices, word):
    if word not in choices:
        raise ValueError(f'want one of {", ".join(choices)}, not {word!r}')
    return choices[word]
