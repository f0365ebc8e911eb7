"""Where a program is put together: configuration, models, index, checks and journal, for editor and shell alike.

Nothing here knows LSP. The table from wire to model is filled here and handed down; `task` does not know who is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from pointsman.checks.fixers import Fixers, eligible
from pointsman.checks.verify import Checks
from pointsman.config.load import Loaded, load
from pointsman.config.model import EDITOR
from pointsman.index.cache import default_folder as cache_folder
from pointsman.index.store import Index
from pointsman.journal import Journal, Shelf
from pointsman.journal.shelf import default_folder
from pointsman.journal.spending import Spending
from pointsman.journal.unfinished import Unfinished
from pointsman.lsp.editor_model import NOBODY
from pointsman.models import Repairs, wires
from pointsman.models.circuits import Circuits
from pointsman.profiles.tokens import Tokens
from pointsman.task import Tools
from pointsman.task.ahead import Ahead
from pointsman.terms import Lease, Model, Problem


@dataclass(slots=True, eq=False)
class Project:
    """One workspace root, as the client spells it."""

    root: str
    index: Index
    checks: Checks
    ahead: Ahead


@dataclass(slots=True)
class Kit:
    """What one process works with. `roots` are the workspace folders whose files may choose among the user's models."""

    loaded: Loaded
    file: Path | None
    roots: Sequence[str]
    models: Mapping[str, Model]
    circuits: Circuits
    journal: Journal = field(default_factory=Journal)
    spending: Spending = field(default_factory=Spending)
    tokens: Tokens = field(default_factory=Tokens)
    unfinished: Unfinished = field(default_factory=Unfinished)
    projects: list[Project] = field(default_factory=list)

    @classmethod
    def load(
        cls,
        file: Path | None,
        roots: Sequence[str],
        options: Sequence[Mapping[str, Any]] = (),
        editor_model: Model = NOBODY,
    ) -> "Kit":
        """Read the configuration and fill the table. Blocking."""
        circuits, state = Circuits(), platformdirs.user_state_path("pointsman")
        makers = wires(circuits, Repairs(state / "repairs.json"))
        table: dict[str, Model] = {name: make() for name, make in makers.items()} | {EDITOR: editor_model}
        journal, spending = Journal.open(Shelf(default_folder())), Spending(state / "spending")
        tokens = Tokens(state / "tokens.json")
        unfinished = Unfinished(state / "unfinished")
        loaded = load(file, roots, options)
        return cls(loaded, file, tuple(roots), table, circuits, journal, spending, tokens, unfinished)

    def reload(self, options: Sequence[Mapping[str, Any]]) -> None:
        self.loaded = load(self.file, self.roots, options)
        self.circuits.reset()
        for project in self.projects:
            settings = self.loaded.at(project.root).config.checks
            project.checks.settings = settings
            project.checks.spread(settings.hosts)

    @property
    def config_files(self) -> Sequence[Path]:
        return self.loaded.files

    def project(self, root: str, *, opened: bool = True) -> Project:
        """The index and the checks of a folder; one that nobody opened as a workspace has no checks."""
        settings = self.loaded.at(root).config.checks
        index = Index(root, cache_folder())
        checks = Checks(settings, opened=opened, index=index)
        project = Project(root, index, checks, Ahead(index))
        project.checks.spread(settings.hosts)
        self.projects.append(project)
        return project

    def tools(self, project: Project) -> Tools:
        models = {**self.models, "builtin": Fixers(project.checks.settings)}
        settings = self.loaded.at(project.root)
        return Tools(
            settings,
            models,
            project.index,
            project.checks,
            self.journal,
            spending=self.spending,
            tokens=self.tokens,
            outage=self._outage,
            ahead=project.ahead,
        )

    def _outage(self, lease: Lease) -> str:
        """Why a model would not answer just now; empty if it would."""
        circuit = self.circuits.opened(lease)
        return circuit.why if circuit else ""

    def fixers_offered(self, problem: Problem, *, ours: bool) -> bool:
        """Whether the project's own fixers are offered for a problem, instead of a model."""
        setting = self.loaded.config.builtinFixers
        wanted = setting == "always" or (setting == "auto" and (ours or not self.loaded.config.Providers))
        return wanted and eligible(problem)

    async def close(self) -> None:
        """Close connections, and end what the checks keep."""
        for model in self.models.values():
            if close := getattr(model, "aclose", None):
                await close()
