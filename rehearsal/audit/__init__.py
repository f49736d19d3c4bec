"""Can this scenario fail? What was heard in a healthy attempt is changed in one place at a time, and whoever does not notice lacks an assertion.

Pure: tapes and results are read as data, what is to be wrong is written as data. `cli.audit` lets the run record and replay (`fixtures.replay`).
"""
