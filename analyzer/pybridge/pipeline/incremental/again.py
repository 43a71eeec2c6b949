"""Decides how much of a library has to be described again."""

from pybridge.errors import SourceUnreadable
from pybridge.extract import Spare
from pybridge.pipeline.incremental.edited import describe_edited
from pybridge.pipeline.incremental.outcome import Outcome
from pybridge.pipeline.incremental.shelf import Missing
from pybridge.pipeline.incremental.state import Kept, recall_state
from pybridge.pipeline.incremental.task import Task
from pybridge.pipeline.incremental.whole import describe_whole

_READER = "import sys; sys.path[:] = sys.argv[1:]; from pybridge.pipeline.reader import main; main()"
"""What the children that read files run: the last of them answers for the types, too."""


def describe_again(task: Task) -> Outcome:
    """Describe what changed since the last run where that can be told apart, and the whole where it cannot.

    Raises:
        SourceUnreadable: a file changed while it was read.
    """
    state = recall_state(task.cache, task.key.key)
    before = Kept(task.cache, state) if state is not None else None
    spare = Spare(_READER)
    try:
        edited = describe_edited(task, before, spare) if before is not None else None
        return edited if edited is not None else describe_whole(task, before, spare)
    except Missing as error:
        raise SourceUnreadable(task.tree.base, f"{error} changed while it was read") from error
    finally:
        spare.close()
