"""Differences between the supported versions of scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NoReturn

import sklearn

FIT_WRAPPERS = 2  # around an estimator's `fit`, which the level of a warning has to pass

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # before 1.9: no callbacks
    FIT_WRAPPERS = 1

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Estimators without callbacks."""

        def set_callbacks(self, *_: Any) -> NoReturn:
            """Raise an error: callbacks are not supported."""
            raise NotImplementedError(
                f"Callbacks need scikit-learn 1.9 or newer, but this is {sklearn.__version__}; install a newer one, or "
                "set verbose=1 to see each pass."
            )

        def _init_callback_context(self, **_: Any) -> NoCallbacks:
            return NoCallbacks()

    def with_callbacks(method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method."""
        return method


class NoCallbacks:
    """The context of a fit without callbacks."""

    max_subtasks = None

    def subcontext(self, **_: Any) -> NoCallbacks:
        """Return the context of one pass."""
        return self

    def call_on_fit_task_begin(self, **_: Any) -> NoCallbacks:
        """Do nothing."""
        return self

    def call_on_fit_task_end(self, **_: Any) -> bool:
        """Return False: no callback asks to stop."""
        return False

    def propagate_callback_context(self, estimator: Any) -> nullcontext[None]:
        """Return a context manager that does nothing."""
        return nullcontext()


__all__ = ["FIT_WRAPPERS", "CallbackSupportMixin", "NoCallbacks", "with_callbacks"]
