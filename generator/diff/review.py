"""What a difference means: rule, severity, who must act. Frozen values.

Presenters read this and the difference, and nothing else.
"""

from dataclasses import dataclass

from generator.diff.model import Diff, EntryChange, FlowChange
from generator.lint.model import Finding
from generator.policy import Severity
from generator.problems import Place
from generator.rules.model import Acts
from generator.topology import Waiver


@dataclass(frozen=True)
class Change:
    """A judged change: one line of a review.

    `site` is empty for a change of the catalogue. `what` names it, and is what a waiver refers to:
    a flow's id, or an entry as `hosts.emea`. `subject` is what changed, None for a whole site;
    `flows` are the ids of the flows that this line speaks for. `fingerprint` is of rule, site, what
    and the values that changed: it survives rebasing, reordering and moved files. `waiver` is the
    one that covers it. `anchor` is a line of after, where an annotation can stand: what made the
    change if it is there, else the file that it is about. `cause` is the line that made a flow's
    change, of before where it is gone.
    """

    rule: str
    severity: Severity
    acts: Acts
    site: str
    what: str
    message: str
    fingerprint: str
    subject: FlowChange | EntryChange | None
    flows: tuple[str, ...]
    before: tuple[Place, ...]
    after: tuple[Place, ...]
    anchor: Place
    waiver: Waiver | None = None
    cause: Place | None = None

    @property
    def place(self) -> Place:
        """Where it shows in the data: its cause, or after, if anything of it is left there."""
        return self.cause or (*self.after, *self.before)[0]

    @property
    def url(self) -> str:
        """Where the rule is explained, from the site's root."""
        return f"/rules/{self.rule}/"

    @property
    def finding(self) -> Finding:
        """The same as a finding, for the formats that lint and diff share."""
        return Finding(self.anchor, self.site, self.rule, self.severity, self.what, self.message)


@dataclass(frozen=True)
class Review:
    """A difference and what it means: the changes, the worst first, and those that are waived."""

    diff: Diff
    changes: tuple[Change, ...]
    waived: tuple[Change, ...]

    def of(self, site: str) -> tuple[Change, ...]:
        """Return the changes of a site; of the catalogue for an empty id."""
        return tuple(change for change in self.changes if change.site == site)

    @property
    def worst(self) -> Severity | None:
        """The worst severity of a change that is not waived."""
        return self.changes[0].severity if self.changes else None
