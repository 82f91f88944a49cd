"""The progress bar: tqdm's, or one that shows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import autograd_core as ag

# Room on a line of 80 columns for what was measured, not for tqdm's rates.
FORMAT = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"


class ProgressBar:
    """What `fit` tells about its progress; this one shows it to nobody.

    Examples
    --------
    >>> bar = ProgressBar()
    >>> bar.begin_epoch("epoch 1/1")
    >>> bar.step()
    >>> bar.show("loss 0.5")
    """

    def begin_epoch(self, text: str) -> None:
        """Put `text` in front of the bar."""

    def step(self) -> None:
        """Move on by one step."""

    def show(self, text: str) -> None:
        """Put `text` behind the bar."""


class TqdmBar(ProgressBar):
    """A bar at the terminal, drawn by tqdm."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def begin_epoch(self, text: str) -> None:
        """Put `text` in front of the bar."""
        self.bar.set_description(text, refresh=False)

    def step(self) -> None:
        """Move on by one step."""
        self.bar.update()

    def show(self, text: str) -> None:
        """Put `text` behind the bar."""
        self.bar.set_postfix_str(text, refresh=False)


@contextmanager
def progress_bar(steps: int | None, *, shown: bool) -> Iterator[ProgressBar]:
    """A bar for so many steps (None: nobody knows), closed at the end of the block.

    Examples
    --------
    >>> with progress_bar(10, shown=False) as bar:
    ...     bar.step()
    """
    if not shown:
        yield ProgressBar()
        return
    # Importing tqdm takes as long as all of nn, so only a bar that is shown does it. It is one of
    # the package's own requirements, which installing any extra brings too.
    tqdm = ag.require_extra("tqdm").tqdm
    with tqdm(total=steps, bar_format=FORMAT) as bar:
        yield TqdmBar(bar)
