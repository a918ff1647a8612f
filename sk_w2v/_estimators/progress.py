"""What a fit tells of its progress: to scikit-learn's callbacks, and to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

from .._compat import CallbackSupportMixin
from .._progress import Stage, listening
from ..cooccurrence import Cooccurrence
from ..corpus import NumberedDocuments
from .printing import Printer


class ProgressMixin(CallbackSupportMixin):
    """Callbacks and `verbose` of an estimator, whose `fit` is decorated by `with_callbacks`."""

    verbose: int = 0

    @contextmanager
    def _telling(self, X: Any, y: Any, *, n_stages: int) -> Iterator[CallbackTasks]:
        """Tell callbacks and the terminal of a fit and of its stages, of which about so many are expected."""
        tasks = CallbackTasks(self, X, y, n_stages)
        with self._printing(tasks):
            tasks.begin_fit()
            yield tasks
            tasks.end_fit()

    @contextmanager
    def _printing(self, *listeners: Any) -> Iterator[None]:
        """Tell listeners of stages, and the terminal if `verbose` says so."""
        with ExitStack() as stack:
            printers = [stack.enter_context(Printer(type(self).__name__))] if self.verbose else []
            stack.enter_context(listening(*listeners, *printers))
            yield


def n_reading_stages(X: Any) -> int:
    """Return in how many stages documents become ids of chosen words."""
    return 0 if isinstance(X, Cooccurrence) else 1 if isinstance(X, NumberedDocuments) else 2


class CallbackTasks:
    """A listener that makes stages subtasks of a fit, and their steps subtasks of these, for scikit-learn's callbacks.

    Attributes
    ----------
    as_if_stopped : callable or None
        Returns the fitted attributes that the estimator would have, had the fit stopped at the end of the stage that is
        running. It is for one stage.
    """

    def __init__(self, estimator: Any, X: Any, y: Any, n_stages: int) -> None:
        self.as_if_stopped: Callable[[], dict[str, Any]] | None = None
        self._arguments = {"estimator": estimator, "X": X, "y": y}
        self._fit = estimator._init_callback_context(max_subtasks=n_stages)
        self._n_begun = 0
        self._stage: Any = None  # the task of the stage that is running, if it has been begun
        self._n_steps = self._n_told = 0
        self._compilation: Any = None
        self._lock = Lock()

    def begin_fit(self) -> None:
        """Tell callbacks that the fit begins."""
        self._fit.call_on_fit_task_begin(**self._arguments)

    def end_fit(self) -> None:
        """Tell callbacks that the fit ends."""
        self._fit.call_on_fit_task_end(**self._arguments)

    @contextmanager
    def fitting(self, name: str, estimator: Any) -> Iterator[None]:
        """Make another estimator's fit a subtask of this one."""
        task = self._subtask(f"fit {name}")
        with task.propagate_callback_context(estimator):
            task.call_on_fit_task_begin(**self._arguments)
            yield
            task.call_on_fit_task_end(**self._arguments)

    def begin(self, stage: Stage) -> None:
        """Begin a subtask; one whose total is still to be told, once it is."""
        self._stage = None
        if not stage.expects:
            self._begin_stage(stage)

    def advance(self, stage: Stage) -> None:
        """Tell callbacks of the steps that have been made."""
        with self._lock:
            self._end_compilation()
            if self._stage is None:
                self._begin_stage(stage)
            n_made = int(stage.fraction * self._n_steps)
            for _ in range(self._n_told, n_made):
                self._whole_task(self._stage.subcontext(task_name=stage.note or "step"))
            self._n_told = max(self._n_told, n_made)

    def end(self, stage: Stage) -> None:
        """End the subtask; a callback can ask to stop then."""
        self._end_compilation()
        if self._stage is None:
            self._begin_stage(stage)
        state, self.as_if_stopped = self.as_if_stopped, None
        with listening():
            stop = self._stage.call_on_fit_task_end(**self._arguments, reconstruction_attributes=state)
        stage.stop = bool(stop) or stage.stop

    def compiling(self, kernel: str) -> None:
        """Begin a subtask, from whatever thread, unless callbacks are being called at the moment."""
        if self._compilation is None and self._lock.acquire(blocking=False):
            try:
                self._compilation = self._subtask("compile kernels for this processor, once", max_subtasks=None)
                self._compilation.call_on_fit_task_begin(**self._arguments)
            finally:
                self._lock.release()

    def _begin_stage(self, stage: Stage) -> None:
        """Begin the subtask of a stage."""
        self._n_steps, self._n_told = stage.n_steps, 0
        total = f": {stage.total:,.0f} {stage.unit}" if self._n_steps and not (stage.index or stage.is_estimate) else ""
        self._stage = self._subtask(stage.name + total, max_subtasks=self._n_steps)
        with listening():
            self._stage.call_on_fit_task_begin(**self._arguments)

    def _end_compilation(self) -> None:
        """End the subtask of compiling, if there is one."""
        if self._compilation is not None:
            with listening():
                self._compilation.call_on_fit_task_end(**self._arguments)
            self._compilation = None

    def _subtask(self, name: str, **how: Any) -> Any:
        """Return a subtask of the fit, with room for one that was not expected."""
        self._n_begun += 1
        if self._fit.max_subtasks is not None:
            self._fit.max_subtasks = max(self._fit.max_subtasks, self._n_begun)
        return self._fit.subcontext(task_name=name, **how)

    def _whole_task(self, task: Any) -> None:
        """Begin and end a task."""
        with listening():
            task.call_on_fit_task_begin(**self._arguments)
            task.call_on_fit_task_end(**self._arguments)
