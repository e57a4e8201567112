"""Columns of others in the layout that the library reads: bytes and offsets.

Lists are the base case. A table of pandas, Polars or Arrow is asked for its lists by its own
methods, so that none of them has to be installed.
"""
from array import array
from collections.abc import Mapping
from datetime import date, datetime
from itertools import accumulate

from candour._library import Error, ffi, lib, text_of

FIELDS = {text_of(lib.candour_field_name(i)) for i in range(lib.candour_field_count())}
USAGE, INPUT = 1, 2


def columns_of(data):
    """{name: sequence} of whatever holds columns."""
    if isinstance(data, Mapping):
        return data
    if hasattr(data, 'to_pydict'):  # pyarrow Table, RecordBatch
        return data.to_pydict()
    if hasattr(data, 'to_dict'):
        try:
            return data.to_dict(as_series=False)  # Polars
        except TypeError:
            return data.to_dict('list')  # pandas
    if hasattr(data, '__arrow_c_stream__'):
        import pyarrow
        return pyarrow.table(data).to_pydict()
    raise TypeError('want columns: a dict of lists, or a pandas, Polars or Arrow table')


def missing(value):
    """None, NaN, NaT and NA, whoever made them."""
    return value is None or type(value).__name__ in ('NAType', 'NaTType') or \
        isinstance(value, float) and value != value


def text(value):
    """A value as it would stand in a file; several with `|` between."""
    if isinstance(value, str):
        return value
    if missing(value):
        return ''
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():  # whole numbers beside missing ones
        return str(int(value))
    if isinstance(value, (list, tuple)) or hasattr(value, 'tolist') and getattr(value, 'ndim', 0):
        return '|'.join(filter(None, map(text, value)))
    return str(value)


def encoded(value, column, row):
    try:
        return text(value).encode()
    except UnicodeEncodeError:
        pass  # its message would show the value
    raise Error(INPUT, f'row {row}: {column} is not Unicode text; half of a surrogate pair stands in it')


def packed(values, column):
    """(bytes one after the other, offsets) of a column."""
    texts = [value if type(value) is str else text(value) for value in values]
    together = ''.join(texts)
    if together.isascii():  # most columns: as many bytes as characters
        return together.encode(), array('q', accumulate(map(len, texts), initial=0))
    pieces = [encoded(value, column, row) for row, value in enumerate(texts)]
    return b''.join(pieces), array('q', accumulate(map(len, pieces), initial=0))


def field_of(name, fields):
    return (fields or {}).get(name, name)


class Table:
    """A struct candour_table over columns; keeps what it points into."""

    def __init__(self, data, fields=None, strict=True):
        columns = {field_of(name, fields): list(values) for name, values in columns_of(data).items()
                   if not strict or self._known(name, field_of(name, fields))}
        self.columns = {name: values for name, values in columns.items() if name in FIELDS}
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise Error(USAGE, 'columns are not of one length')
        self.count = lengths.pop() if lengths else 0
        self.ids = columns.get('id') or columns.get('record_id') or range(self.count)
        self._kept = []
        self._columns = ffi.new('struct candour_column[]', max(1, len(self.columns)))
        for number, (name, values) in enumerate(self.columns.items()):
            self._fill(self._columns[number], name, values)
        self.handle = ffi.new('struct candour_table *',
                              {'columns': self._columns, 'column_count': len(self.columns),
                               'row_count': self.count})

    @staticmethod
    def _known(name, field):
        if field in FIELDS:
            return True
        raise Error(USAGE, f'no field is called {field!r}; name one by fields={{{name!r}: ...}}, or leave '
                           'out what is no field by strict=False')

    def _fill(self, column, name, values):
        content, offsets = packed(values, name)
        field = ffi.new('char[]', name.encode())
        column.field = field
        column.bytes = kept = ffi.from_buffer('char[]', content)
        column.offsets = places = ffi.from_buffer('int64_t[]', offsets)
        self._kept += [field, kept, places]


def values_of(person):
    """(struct candour_value array, what it points into) of a dict of one person."""
    values, kept = ffi.new('struct candour_value[]', len(person)), []
    for number, (name, value) in enumerate(person.items()):
        content = encoded(value, name, 0)
        field, place = ffi.new('char[]', name.encode()), ffi.from_buffer('char[]', content)
        values[number].field, values[number].text, values[number].length = field, place, len(content)
        kept += [field, place]
    return values, kept
