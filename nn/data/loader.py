"""`Loader`: mini-batches, in order or shuffled, that can go on in the middle of a pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..errors import StateDictError, check_generator, check_state, check_whole
from ..random_state import generator_state, set_generator_state
from .iterable import IterableDataset, stack_rows
from .prefetch import ahead
from .rows import Array, as_rows, cast, count_rows, refuse_objects


class Loader:
    """Mini-batches of arrays that belong together row by row.

    Parameters
    ----------
    *arrays : array_like, or one IterableDataset
        Usually inputs and labels; the first axis of each counts the rows.
    batch_size : int, default 32
        Rows in a batch; the last may be shorter.
    shuffle : bool, default False
        A new order for every pass. Without it the batches are views, not copies.
    rng : numpy.random.Generator, optional
        Where the order comes from. Without it the order differs from run to run.
    drop_last : bool, default False
        Leave out a last batch that is shorter.
    dtype : data-type, default float32
        Floating arrays are cast to it, once, here; integers and booleans stay as they are.
    collate : function, optional
        Makes the batch from the rows' arrays (of an IterableDataset: from the list of rows);
        pads sequences, for example. What it returns is what the loop gets.
    prefetch : int, default 0
        So many batches are made ahead by a thread. Helps where making one takes long and leaves
        Python (reading files, NumPy on large arrays); the batches are the same.

    Raises
    ------
    ShapeError
        There are no arrays or no rows, or the arrays have different numbers of rows.
    DTypeError
        An array holds Python objects, and no `collate` makes numbers of them.
    ValueError
        A number is out of range, or an IterableDataset is to be shuffled.

    Examples
    --------
    >>> import numpy as np, nn
    >>> loader = nn.Loader(np.arange(5.0), np.arange(5), batch_size=2)
    >>> len(loader)
    3
    >>> for x, y in loader:
    ...     print(x, y)
    [0. 1.] [0 1]
    [2. 3.] [2 3]
    [4.] [4]
    """

    def __init__(
        self,
        *arrays: ArrayLike | IterableDataset,
        batch_size: int = 32,
        shuffle: bool = False,
        rng: np.random.Generator | None = None,
        drop_last: bool = False,
        dtype: DTypeLike = np.float32,
        collate: Callable[..., Any] | None = None,
        prefetch: int = 0,
    ) -> None:
        self.dataset = arrays[0] if arrays and isinstance(arrays[0], IterableDataset) else None
        self.arrays: tuple[Array, ...] = ()
        self.rows: int | None
        if self.dataset is None:
            self.arrays = tuple(
                cast(as_rows("Loader", position, array), dtype)
                for position, array in enumerate(arrays)
            )
            self.rows = count_rows("Loader", self.arrays)
            if collate is None:
                refuse_objects("Loader", self.arrays)
        elif len(arrays) > 1 or shuffle:
            what = "shuffled; shuffle where its rows come from" if shuffle else "one of several"
            raise ValueError(f"Loader: an IterableDataset cannot be {what}")
        else:
            self.rows = self.dataset.rows
        check_whole("Loader", "batch_size", batch_size)
        check_whole("Loader", "prefetch", prefetch, least=0)
        check_generator("Loader", rng)
        if collate is not None and not callable(collate):
            raise TypeError(
                "Loader: collate is a function that makes a batch of rows; got "
                f"{type(collate).__name__}"
            )
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.rng = np.random.default_rng() if rng is None and shuffle else rng
        self.drop_last = drop_last
        self.dtype = dtype
        self.collate = collate
        self.prefetch = prefetch
        if self.batches == 0:
            raise ValueError(
                f"Loader: {self.rows} rows make no batch of {batch_size} with drop_last=True"
            )
        self._order: Array | None = None
        self._position = 0
        # Set by load_state_dict: the next pass goes on with this one.
        self._interrupted = False

    @property
    def batches(self) -> int | None:
        """Number of batches in a pass; None where nobody knows."""
        if self.rows is None:
            return None
        whole, rest = divmod(self.rows, self.batch_size)
        return whole + (1 if rest and not self.drop_last else 0)

    def __len__(self) -> int:
        """Number of batches in a pass."""
        if self.batches is None:
            raise TypeError("Loader: nobody knows how many rows come; give IterableDataset rows=")
        return self.batches

    def __iter__(self) -> Iterator[Any]:
        if not self._interrupted:
            self._position = 0
            self._order = None
            if self.shuffle and self.rng is not None and self.rows is not None:
                self._order = self.rng.permutation(self.rows)
        self._interrupted = False
        batches = self._made() if self.dataset is None else self._read(self.dataset)
        if self.prefetch:
            batches = ahead(batches, self.prefetch)
        for batch in batches:
            self._position += 1
            yield batch
        self._order, self._position = None, 0

    def _made(self) -> Iterator[Any]:
        """The rest of a pass over the arrays."""
        order, collate = self._order, self.collate
        for start in range(
            self._position * self.batch_size, len(self) * self.batch_size, self.batch_size
        ):
            batch = slice(start, start + self.batch_size)
            rows = batch if order is None else order[batch]
            arrays = tuple(array[rows] for array in self.arrays)
            yield arrays if collate is None else collate(*arrays)

    def _read(self, dataset: IterableDataset) -> Iterator[Any]:
        """The rest of a pass over the rows that come."""
        for rows in dataset.batches(self.batch_size, skip=self._position, drop_last=self.drop_last):
            yield stack_rows(rows, self.dtype) if self.collate is None else self.collate(rows)

    def state_dict(self) -> dict[str, Any]:
        """Where the loader is: the batches handed out in this pass, its order, the generator.

        Examples
        --------
        >>> import numpy as np, nn
        >>> loader = nn.Loader(np.arange(6), batch_size=2)
        >>> batches = iter(loader)
        >>> next(batches)
        (array([0, 1]),)
        >>> state = loader.state_dict()
        >>> again = nn.Loader(np.arange(6), batch_size=2)
        >>> again.load_state_dict(state)
        >>> list(again)
        [(array([2, 3]),), (array([4, 5]),)]
        """
        return {
            "rows": self.rows,
            "batch_size": self.batch_size,
            "position": self._position,
            "order": None if self._order is None else self._order.copy(),
            "rng": None if self.rng is None else generator_state(self.rng),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave: the next pass over the loader is the rest of that one.

        An IterableDataset is read again from its start up to that place.

        Raises
        ------
        StateDictError
            The state is of a loader of other rows or batches; nothing is changed then.
        """
        check_state("Loader", state, ("rows", "batch_size", "rng", "position", "order"))
        for name, mine in (("rows", self.rows), ("batch_size", self.batch_size)):
            if state[name] != mine:
                raise StateDictError(
                    f"Loader.load_state_dict: the state is of {name} {state[name]}, this loader "
                    f"has {name} {mine}"
                )
        if (state["rng"] is None) != (self.rng is None):
            raise StateDictError(
                "Loader.load_state_dict: the state is of a loader that "
                f"{'does not shuffle' if state['rng'] is None else 'shuffles'}"
            )
        if self.rng is not None:
            set_generator_state(self.rng, state["rng"])
        self._position = int(state["position"])
        self._order = None if state["order"] is None else np.asarray(state["order"])
        # Between passes there is nothing to go on with.
        self._interrupted = self._position > 0
