"""Decides how much of a library has to be described again."""

from pybridge.errors import SourceUnreadable
from pybridge.extract import Spare
from pybridge.pipeline.incremental.outcome import Outcome
from pybridge.pipeline.incremental.reading import begin_reading
from pybridge.pipeline.incremental.shelf import Missing
from pybridge.pipeline.incremental.state import Kept, recall_state
from pybridge.pipeline.incremental.task import Task
from pybridge.pipeline.incremental.whole import describe_whole


def describe_again(task: Task, begun: Spare | None = None) -> Outcome:
    """Describe what changed since the last run where that can be told apart, and the whole where it cannot.

    ``begun`` is what `begin_reading` has started, if that was done before; it is closed here.

    Raises:
        SourceUnreadable: a file changed while it was read.
    """
    spare = begun or begin_reading(task)
    try:
        state = recall_state(task.cache, task.key.key)
        before = Kept(task.cache, state) if state is not None else None
        edited = _edited(task, before, spare) if before is not None else None
        return edited if edited is not None else describe_whole(task, before, spare)
    except Missing as error:
        raise SourceUnreadable(task.tree.base, f"{error} changed while it was read") from error
    finally:
        spare.close()


def _edited(task: Task, before: Kept, spare: Spare) -> Outcome | None:
    from pybridge.pipeline.incremental.edited import describe_edited  # noqa: PLC0415 - a first run does without

    return describe_edited(task, before, spare)
