"""The paper's tables and figures: rows as data, run by doit, one report.

``rows.py`` has what is trained, ``scales.py`` for how long and on which
pictures, ``experiments/`` a module for each table or figure;
``tools/reproduce.py`` is the command line.
"""
