# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models of ONNX on arrays, by ONNX Runtime's library.

Debian has no package of it for Python. The npm package has the library without
its header: what is called is found by its place in the table of functions, which
only ever grows.
"""

import ctypes
import os

import numpy as np

_GET_ERROR_MESSAGE, _CREATE_ENV, _CREATE_SESSION, _RUN, _CREATE_SESSION_OPTIONS = 2, 3, 7, 9, 10
_SET_OPTIMIZATION_LEVEL, _SET_INTRA_OP_THREADS = 23, 24
_CREATE_TENSOR_WITH_DATA, _CREATE_CPU_MEMORY_INFO = 49, 69
_API_VERSION = 13
# Of the enumerations of the C interface.
_ERROR, _ARENA, _DEFAULT_MEMORY, _FLOAT = 3, 1, 0, 1
_LEVELS = {"none": 0, "all": 99}


class Session:
    """A model with one input and one output of floats.

    `optimization` is "none", where each node is computed as ONNX defines it, or
    "all", where quantized nodes are fused to integer ones.
    """

    def __init__(self, library, path, optimization="none"):
        base = ctypes.CDLL(library).OrtGetApiBase
        base.restype = ctypes.POINTER(ctypes.c_void_p)
        get_api = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_uint32)(base()[0])
        self._table = ctypes.cast(get_api(_API_VERSION), ctypes.POINTER(ctypes.c_void_p))
        env, options, self._memory, self._session = (ctypes.c_void_p() for _ in range(4))
        self._call(_CREATE_ENV, ctypes.c_int(_ERROR), b"test", ctypes.byref(env))
        self._call(_CREATE_SESSION_OPTIONS, ctypes.byref(options))
        self._call(_SET_INTRA_OP_THREADS, options, ctypes.c_int(1))
        self._call(_SET_OPTIMIZATION_LEVEL, options, ctypes.c_int(_LEVELS[optimization]))
        self._call(_CREATE_SESSION, env, os.fsencode(path), options, ctypes.byref(self._session))
        self._call(_CREATE_CPU_MEMORY_INFO, ctypes.c_int(_ARENA), ctypes.c_int(_DEFAULT_MEMORY),
                   ctypes.byref(self._memory))

    def run(self, array, shape):
        """The output, which is of `shape`."""
        array = np.ascontiguousarray(array, np.float32)
        result = np.empty(shape, np.float32)
        values = [self._make_tensor(each) for each in (array, result)]
        names = [(ctypes.c_char_p * 1)(name) for name in (b"input", b"output")]
        self._call(_RUN, self._session, None, names[0], ctypes.byref(values[0]),
                   ctypes.c_size_t(1), names[1], ctypes.c_size_t(1), ctypes.byref(values[1]))
        return result

    def _make_tensor(self, array):
        value = ctypes.c_void_p()
        extents = (ctypes.c_int64 * array.ndim)(*array.shape)
        self._call(_CREATE_TENSOR_WITH_DATA, self._memory, array.ctypes.data_as(ctypes.c_void_p),
                   ctypes.c_size_t(array.nbytes), extents, ctypes.c_size_t(array.ndim),
                   ctypes.c_int(_FLOAT), ctypes.byref(value))
        return value

    def _call(self, place, *arguments):
        status = ctypes.CFUNCTYPE(ctypes.c_void_p)(self._table[place])(*arguments)
        if status:
            get_message = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)
            raise RuntimeError(get_message(self._table[_GET_ERROR_MESSAGE])(status).decode())
