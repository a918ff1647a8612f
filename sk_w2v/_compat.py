"""What differs between the versions of scikit-learn that the package works with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import sklearn

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # before 1.9: no callbacks, and nobody to call

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Estimators whose passes nobody follows."""

        def set_callbacks(self, *_: Any) -> NoReturn:
            """Say that there are none."""
            raise NotImplementedError(
                f"Callbacks need scikit-learn 1.9 or newer, and this is {sklearn.__version__}; install a newer one, or "
                "set verbose=1 to see each pass."
            )

        def _init_callback_context(self, **_: Any) -> NoCallbacks:
            return NoCallbacks()

    def with_callbacks(method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method."""
        return method


class NoCallbacks:
    """A context of a fit that nobody follows."""

    def subcontext(self, **_: Any) -> NoCallbacks:
        """Return the context of one pass."""
        return self

    def call_on_fit_task_begin(self, **_: Any) -> NoCallbacks:
        """Tell nobody."""
        return self

    def call_on_fit_task_end(self, **_: Any) -> bool:
        """Tell nobody; nobody asks to stop."""
        return False


__all__ = ["CallbackSupportMixin", "NoCallbacks", "with_callbacks"]
