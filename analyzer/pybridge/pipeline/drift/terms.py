"""`Terms`: how to judge a comparison."""

from datetime import date

import msgspec

from pybridge.model.finding import Audience
from pybridge.pipeline.drift.accepted import Acceptance
from pybridge.pipeline.drift.settings import DriftSettings


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How to judge a comparison."""

    settings: DriftSettings
    profile: tuple[Audience, ...]
    acceptances: tuple[Acceptance, ...] = ()
    today: date
