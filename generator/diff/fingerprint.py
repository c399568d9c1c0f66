"""What a change is called for as long as it is the same."""

import hashlib
import json

from generator.rules.model import DiffRule


def fingerprint(rule: DiffRule, site: str, what: str, values: object) -> str:
    """Return 12 hexadecimal digits of what a change is, whatever stands around it."""
    text = json.dumps([rule.id, site, what, values], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
