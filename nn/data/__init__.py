"""Bringing data: mini-batches, honest splits, scaling, and tables from CSV files.

===============  =================================================================
``loader``       Loader: mini-batches (``prefetch``: made ahead by a thread)
``iterable``     IterableDataset: rows that come one after the other
``splits``       split, k_fold and stratified_k_fold
``scaling``      Standardizer, MinMaxScaler, one_hot
``table``        Table (``written_numbers``, ``decimal_marks``, ``stray_text``: its numbers)
``table_file``   read_table (``csv_file``: rows, delimiters)
``encoding``     TableEncoder: a table as arrays (``column_codes``, ``target_code``)
===============  =================================================================

Examples
--------
>>> import numpy as np, nn
>>> x, y = np.arange(8.0).reshape(4, 2), np.arange(4)
>>> train, test = nn.split(x, y, fractions=(0.5, 0.5), rng=np.random.default_rng(0))
>>> standardize = nn.Standardizer.fit(train[0])
>>> loader = nn.Loader(standardize(train[0]), train[1], batch_size=2)
"""

from .encoding import TableEncoder as TableEncoder
from .iterable import IterableDataset as IterableDataset
from .loader import Loader as Loader
from .scaling import MinMaxScaler as MinMaxScaler
from .scaling import Standardizer as Standardizer
from .scaling import one_hot as one_hot
from .splits import k_fold as k_fold
from .splits import split as split
from .splits import stratified_k_fold as stratified_k_fold
from .table import Table as Table
from .table_file import read_table as read_table
