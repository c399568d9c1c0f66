"""How the catalogue's words read to people, the same on every page."""

from generator.catalogue import (
    Catalogue,
    Cipher,
    Confidence,
    Encryption,
    Initiator,
    Kind,
    Port,
    Reach,
    Requirement,
)
from generator.views import Connection, choice_of

CIPHERS: dict[Cipher, str] = {
    "tls": "TLS",
    "ssh": "SSH",
    "none": "clear text",
    "unknown": "encryption unknown",
}
REACHES: dict[Reach, str] = {
    "zone": "hosts of one zone",
    "gateway": "the two ends of a gateway, each way",
    "to-gateway": "to the gateway of its zone",
    "from-gateway": "from the gateway of its zone",
    "site": "any two hosts",
    "host": "the same host, over loopback",
}
KINDS: dict[Kind, str] = {
    "person": "person or tool",
    "product": "part of the product",
    "external": "service outside the product",
}
CONFIDENCES: dict[Confidence, str] = {
    "confirmed": "confirmed",
    "community": "community",
    "article-only": "article only",
    "unconfirmed": "unconfirmed",
    "inferred": "inferred",
}
CHANGES: dict[str, str] = {
    "installer-flag": "installer flag",
    "setting": "setting",
    "file": "file",
    "command": "command",
}
ABOUT: dict[str, str] = {"since": "since when", "until": "until when", "change": "how to change it"}


REQUIREMENTS: dict[Requirement, str] = {
    "always": "always",
    "when-used": "when used",
    "optional": "optional",
}


def encryption(value: Encryption) -> str:
    """Say how traffic is protected, and whether that can be changed, under such a heading."""
    protected = "unknown" if value.default == "unknown" else CIPHERS[value.default]
    return protected + (", configurable" if value.configurable else "")


def releases(port: Port) -> str:
    """Say in which product releases a port exists."""
    since = f"since {port.since}{_doubt(port, 'since')}" if port.since else ""
    until = f"before {port.until}{_doubt(port, 'until')}" if port.until else ""
    return ", ".join(part for part in (since, until) if part) or "all"


def _doubt(port: Port, about: str) -> str:
    """Say what stands behind a release if it is less than an official source."""
    found = [item.confidence for item in port.evidence if item.about == about]
    return f" ({CONFIDENCES[found[0]]})" if found and found[0] != "confirmed" else ""


def exists(catalogue: Catalogue, port: Port) -> str:
    """Say under which feature, condition, option and release a port exists at all."""
    parts = []
    if port.feature:
        parts.append(f"with {catalogue.features[port.feature].title.lower()}")
    if port.condition:
        parts.append(f"when {catalogue.conditions[port.condition].title.lower()}")
    chosen = choice_of(catalogue, port.id)
    if chosen:
        parts.append(f"{chosen[0].title.lower()}: {chosen[1].title}")
    if port.since or port.until:
        parts.append(releases(port))
    return "; ".join(parts)


def own(catalogue: Catalogue, initiator: Initiator) -> str:
    """Say what an initiator has of its own: a requirement, a condition, both or nothing."""
    requirement = REQUIREMENTS[initiator.requirement] if initiator.requirement else ""
    return " ".join(part for part in (requirement, _condition(catalogue, initiator)) if part)


def when(catalogue: Catalogue, connection: Connection) -> str:
    """Say under what a connection exists, its initiator's own condition included."""
    extra = _condition(catalogue, connection.initiator)
    return "; ".join(part for part in (extra, exists(catalogue, connection.port)) if part)


def _condition(catalogue: Catalogue, initiator: Initiator) -> str:
    name = initiator.condition
    return f"when {catalogue.conditions[name].title.lower()}" if name else ""


def confidence(port: Port) -> Confidence:
    """Return how sure the port's numbers are: the first fact about them."""
    return next(item.confidence for item in port.evidence if item.about == "numbers")
