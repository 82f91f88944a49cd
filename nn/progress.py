"""The progress bar: tqdm's, or one that shows nothing."""

from types import TracebackType
from typing import Any, Protocol, Self

import autograd_core as ag


class Bar(Protocol):
    """The little of tqdm that `fit` uses."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any: ...

    def update(self) -> Any:
        """One step is done."""

    def set_description(self, text: str) -> Any:
        """Show in front of the bar."""

    def set_postfix_str(self, text: str) -> Any:
        """Show behind the bar."""


class SilentBar:
    """A bar that shows nothing.

    Examples
    --------
    >>> with SilentBar() as bar:
    ...     bar.update()
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self) -> None:
        """Show nothing."""

    def set_description(self, text: str) -> None:
        """Show nothing."""

    def set_postfix_str(self, text: str) -> None:
        """Show nothing."""


def progress_bar(steps: int, *, shown: bool) -> Bar:
    """A bar for so many steps.

    Examples
    --------
    >>> type(progress_bar(10, shown=False)).__name__
    'SilentBar'
    """
    if not shown:
        return SilentBar()
    # Importing tqdm takes as long as all of nn, so only a bar that shows does it. It is one of the
    # package's own requirements, which installing any extra brings too.
    bar: Bar = ag.require_extra("tqdm", extra="plot").tqdm(total=steps, unit="step")
    return bar
