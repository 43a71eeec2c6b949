"""Dates and times as [kind, text]: ISO 8601, with the zone's name in brackets after it (RFC 9557)."""

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Moment = dt.date | dt.time | dt.timedelta
KINDS = (dt.datetime, dt.date, dt.time, dt.timedelta)
_ZONED = re.compile(r"(?P<iso>[^\[]+)(\[(?P<zone>[^\]]+)\])?")


def write(value: Moment) -> list[object]:
    """Say a moment of exactly one of the four `KINDS`."""
    match value:
        case dt.datetime(tzinfo=zone):
            return ["datetime", value.isoformat() + (f"[{zone.key}]" if type(zone) is ZoneInfo and zone.key else "")]
        case dt.timedelta():
            return ["timedelta", [value.days, value.seconds, value.microseconds]]
        case dt.date():
            return ["date", value.isoformat()]
        case dt.time():
            return ["time", value.isoformat()]


def read(payload: object) -> Moment:
    """Read what `write` wrote.

    Raises:
        ValueError: it is not such a payload, or no such moment or zone exists.
    """
    match payload:
        case ["datetime", str(text)]:
            return _read_datetime(text)
        case ["date", str(text)]:
            return dt.date.fromisoformat(text)
        case ["time", str(text)]:
            return dt.time.fromisoformat(_plain_utc(text))
        case ["timedelta", [int(days), int(seconds), int(microseconds)]]:
            try:
                return dt.timedelta(days, seconds, microseconds)
            except OverflowError as error:
                raise ValueError(str(error)) from error
        case _:
            raise ValueError('a time is ["datetime"|"date"|"time", ISO text] or ["timedelta", [days, seconds, us]]')


def _read_datetime(text: str) -> dt.datetime:
    found = _ZONED.fullmatch(text)
    if found is None:
        raise ValueError(f"not a date and time: {text[:80]!r}")
    moment = dt.datetime.fromisoformat(_plain_utc(found["iso"]))
    if found["zone"] is None:
        return moment
    try:
        zone = ZoneInfo(found["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is named {found['zone'][:80]!r}") from error
    local = moment.replace(tzinfo=zone)
    # The written offset tells the two readings of a repeated hour apart.
    later = local.replace(fold=1)
    return later if later.utcoffset() == moment.utcoffset() != local.utcoffset() else local


def _plain_utc(text: str) -> str:
    return f"{text[:-1]}+00:00" if text.endswith(("Z", "z")) else text  # Python 3.10 knows no Z
