"""The shared library: libcandour.so.1 of the system, or the file CANDOUR_LIBRARY names."""
import os

import cffi

from candour._declarations import DECLARATIONS

ffi = cffi.FFI()
ffi.cdef(DECLARATIONS)

NAME = os.environ.get('CANDOUR_LIBRARY', 'libcandour.so.1')
try:
    lib = ffi.dlopen(NAME)
except OSError as error:
    raise ImportError(f'{NAME} cannot be loaded: install libcandour, or name its file in '
                      'CANDOUR_LIBRARY') from error


class Error(Exception):
    """What the library could not do: one line that says what to do next, and its code."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def text_of(pointer):
    return ffi.string(pointer).decode()


def check(done, error):
    if not done:
        raise Error(error.code, ffi.string(error.text).decode(errors='replace'))
