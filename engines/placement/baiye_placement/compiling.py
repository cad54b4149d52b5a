"""How functions are compiled: cached on disk, and without the interpreter's lock, so that threads can share them."""

import numba as nb

compiled = nb.njit(cache=True, nogil=True)  # may be called from Python
# Called from compiled code alone: without the wrappers for Python it compiles in half the time.
inner = nb.njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
# Small and called most: a call would cost more than what it does. Their arrays are bound before the loop, because each
# look into the tables counts a reference.
small = nb.njit(inline="always")
