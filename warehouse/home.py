"""The home of one installation and every path in it.

Here: where things are, and making the folders. Not here: what is written into them, and the lock that guards them.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "PROVSTAT_HOME"
DEFAULT_HOME = Path("var")
_RELEASE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class HomeError(RuntimeError):
    """The home cannot be used; the message says which path, why, and what to do."""


@dataclass(frozen=True)
class Home:
    """The folder that holds one installation's data.

    Attributes:
        root: the folder itself; every other path lies below it.
    """

    root: Path

    @classmethod
    def at(cls, path: Path | str | None = None) -> "Home":
        """Resolve the home: the given path, else ``$PROVSTAT_HOME``, else ``./var``.

        Args:
            path: what the user gave with ``--home``; None if nothing.

        Returns:
            The home with an absolute root. Nothing is created.
        """
        chosen = path or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME
        return cls(Path(chosen).expanduser().resolve())

    @property
    def lake(self) -> Path:
        """Parquet files between the readers and the models."""
        return self.root / "lake"

    @property
    def restricted(self) -> Path:
        """Returns of enterprises, kept wide; only this user may enter (mode 0700)."""
        return self.root / "restricted"

    @property
    def build(self) -> Path:
        """Private files that a night is building; never read by others."""
        return self.root / "build"

    @property
    def ledger(self) -> Path:
        """Findings and decisions, append-only."""
        return self.root / "ledger"

    @property
    def ledger_file(self) -> Path:
        """The ledger of findings and decisions."""
        return self.ledger / "findings.sqlite"

    @property
    def published(self) -> Path:
        """What readers may open."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The symlink that names the release being served."""
        return self.published / "current.duckdb"

    @property
    def releases(self) -> Path:
        """The published files, one for each release, never changed."""
        return self.published / "releases"

    @property
    def reports(self) -> Path:
        """One page a night for people, beside the releases; ``latest.html`` leads to the last."""
        return self.published / "reports"

    @property
    def exports(self) -> Path:
        """Workbooks, reports and open formats."""
        return self.root / "exports"

    @property
    def logs(self) -> Path:
        """Logs and summaries of the nights."""
        return self.root / "logs"

    @property
    def dagster(self) -> Path:
        """Run history and schedule of the orchestrator."""
        return self.root / "dagster"

    @property
    def lock_file(self) -> Path:
        """The file that the operating system locks for the length of a night."""
        return self.root / "night.lock"

    @property
    def holder_file(self) -> Path:
        """Who holds the lock, for the message to the one who finds it taken."""
        return self.root / "night.holder.json"

    def release_file(self, release_id: str) -> Path:
        """Path of one release's file, whether or not it exists.

        Args:
            release_id: letters, digits, ``.``, ``_`` and ``-``; it becomes the file name.

        Raises:
            HomeError: the id cannot be a file name.
        """
        if not _RELEASE_ID.fullmatch(release_id):
            raise HomeError(
                f"'{release_id}' cannot name a release: use 1 to 100 letters, digits, '.', '_' or '-', "
                "starting with a letter or digit."
            )
        return self.releases / f"{release_id}.duckdb"

    def ensure(self) -> "Home":
        """Create the folders that are missing and make sure that they can be written.

        Returns:
            The home itself, so that ``Home.at(path).ensure()`` reads well.

        Raises:
            HomeError: a folder cannot be created or written.
        """
        folders = (
            self.root,
            self.lake,
            self.restricted,
            self.build,
            self.ledger,
            self.published,
            self.releases,
            self.exports,
            self.logs,
            self.dagster,
        )
        for folder in folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                if folder == self.restricted and folder.stat().st_mode & 0o777 != 0o700:
                    folder.chmod(0o700)
                with tempfile.TemporaryFile(dir=folder):
                    pass
            except OSError as error:
                raise HomeError(
                    f"The home {self.root} cannot be used: {folder} cannot be created or written "
                    f"({error.strerror or error}). Give --home or ${HOME_VARIABLE} a folder that this user "
                    f"may write, or change the permissions of {folder}."
                ) from error
        return self
