"""The values that travel through Pointsman, and the three seams.

One value per arrow of the line a request travels (ARCHITECTURE.md draws it):

    Offer -> Context -> Lease -> Reply -> Patch | Question | Reject -> FileSet -> Report -> Outcome

Everything here is immutable and knows no editor, no HTTP and no process. Paths are strings relative to the
workspace root, with `/`. Places are offsets in a `Snapshot`, but for `Problem`, which speaks as tools and people do:
lines and columns count from one, columns in code points, ends are exclusive.
"""

from pointsman.terms.checks import CheckResult, Command, Report, Run, Runner, Verdict
from pointsman.terms.contexts import Context, Message
from pointsman.terms.editors import Applied, Declined, Editor, Stale
from pointsman.terms.events import (
    Asked,
    Checked,
    Checking,
    ConsentNeeded,
    Event,
    Explained,
    Failed,
    NoFix,
    Outcome,
    Planned,
    Progress,
    Receipt,
    Rejected,
    Routed,
    Started,
    Unverified,
    Verified,
    Wrote,
)
from pointsman.terms.filesets import FileChange, FileSet, Placed
from pointsman.terms.models import FREE, Delta, End, Files, Form, FormKind, Lease, Model, Price, Request, Secret, Usage
from pointsman.terms.offers import Offer, Slot
from pointsman.terms.patches import FilePatch, Hunk, Operation, Patch, Question, Reject
from pointsman.terms.problems import Place, Problem, Severity

__all__ = [
    "FREE",
    "Applied",
    "Asked",
    "CheckResult",
    "Checked",
    "Checking",
    "Command",
    "ConsentNeeded",
    "Context",
    "Declined",
    "Delta",
    "Editor",
    "End",
    "Event",
    "Explained",
    "Failed",
    "FileChange",
    "FilePatch",
    "FileSet",
    "Files",
    "Form",
    "FormKind",
    "Hunk",
    "Lease",
    "Message",
    "Model",
    "NoFix",
    "Offer",
    "Operation",
    "Outcome",
    "Patch",
    "Place",
    "Placed",
    "Planned",
    "Price",
    "Problem",
    "Progress",
    "Question",
    "Receipt",
    "Reject",
    "Rejected",
    "Report",
    "Request",
    "Routed",
    "Run",
    "Runner",
    "Secret",
    "Severity",
    "Slot",
    "Stale",
    "Started",
    "Unverified",
    "Usage",
    "Verdict",
    "Verified",
    "Wrote",
]
