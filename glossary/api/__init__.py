"""The JSON API: what programs ask for under /api/v1/.

Each module has a router of one subject, which `urls.py` mounts. A reading operation is marked with `reads`
(reading.py), which keeps its answers as pages are kept; what its answers hold is declared in shapes.py. Whatever goes
wrong is answered in the one shape of errors.py.
"""
