"""Addresses that went from one host group to another with the same flows.

A firewall lets them through already: there is nothing to open for them, and nothing to close.
"""

from dataclasses import replace

from generator.diff.addresses import Shift, beyond, initiator_shift, listener_shift
from generator.diff.model import FlowChange

Ends = tuple[Shift, Shift]
"""What came and went at the initiator's end, and at the listener's."""


def ends(change: FlowChange) -> Ends:
    """Return for which addresses a firewall is asked, at both ends.

    Of a flow that came or went these are empty where it is asked for all of them.
    """
    came, went = change.came, change.went
    if change.kind == "added":
        return Shift(came=came.initiators), Shift(came=came.listeners)
    if change.kind == "removed":
        return Shift(went=went.initiators), Shift(went=went.listeners)
    start, end = initiator_shift(change), listener_shift(change)
    return (
        _asked(start, came.initiators, went.initiators, change),
        _asked(end, came.listeners, went.listeners, change),
    )


def _asked(shift: Shift, came: tuple[str, ...], went: tuple[str, ...], change: FlowChange) -> Shift:
    return replace(
        shift,
        came=() if change.came.nothing else _among(shift.came, came),
        went=() if change.went.nothing else _among(shift.went, went),
    )


def _among(some: tuple[str, ...], left: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some that are left; all of them where nothing is excepted."""
    return beyond(some, beyond(some, left)) if left else some


def by_groups_alone(change: FlowChange) -> bool:
    """Tell whether nothing differs from machine to machine: only the groups are others."""
    if change.kind != "changed":
        return change.carried
    hosts = {field.name for field in change.fields} <= _OF_HOSTS
    shifted = any((initiator_shift(change), listener_shift(change)))
    return hosts and shifted and not any(ends(change))


_OF_HOSTS = frozenset({
    f"{end}.{name}" for end in ("from", "to") for name in ("hosts", "addresses", "count")
})  # fmt: skip
