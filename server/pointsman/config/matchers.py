"""Problem matchers of VS Code, as they stand in its tasks: pasted, and read as they are."""

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

NAMES = frozenset({
    "$tsc", "$tsc-watch", "$gcc", "$go", "$eslint-compact", "$eslint-stylish", "$jshint", "$jshint-stylish",
    "$msCompile", "$lessCompile", "$rustc", "$rustc-watch", "$python",
})  # fmt: skip
"""The matchers that can be named."""
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")


class _Pasted(BaseModel):
    """What VS Code knows beside these, such as `background`, has no meaning for a check that ends."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def expression(text: str) -> re.Pattern[str]:
    """A regular expression of JavaScript's in Python's words."""
    return re.compile(_NAMED_GROUP.sub("(?P<", text))


class MatcherPattern(_Pasted):
    """One line of what a tool writes. The numbers are those of the expression's groups."""

    regexp: str = Field(min_length=1, description="What the line looks like.")
    kind: Literal["file", "location"] = Field(default="location", description="`file`: a whole file is meant.")
    file: int | None = Field(default=None, ge=0, description="The group of the path.")
    location: int | None = Field(default=None, ge=0, description="Of `line`, `line,column` or all four numbers.")
    line: int | None = Field(default=None, ge=0, description="Of the line.")
    column: int | None = Field(default=None, ge=0, description="Of the column.")
    endLine: int | None = Field(default=None, ge=0, description="Of the last line.")  # noqa: N815
    endColumn: int | None = Field(default=None, ge=0, description="Of the column after the end.")  # noqa: N815
    severity: int | None = Field(default=None, ge=0, description="Of the severity.")
    code: int | None = Field(default=None, ge=0, description="Of the rule.")
    message: int | None = Field(default=None, ge=0, description="Of the message.")
    loop: bool = Field(default=False, description="The last pattern matches again and again.")

    @field_validator("regexp")
    @classmethod
    def _compiles(cls, text: str) -> str:
        try:
            expression(text)
        except re.error as error:
            raise ValueError(f"this is no regular expression: {error}") from None
        return text

    @model_validator(mode="after")
    def _has_groups(self) -> Self:
        groups = expression(self.regexp).groups
        told = [getattr(self, name) or 0 for name in self.places()]
        if any(number > groups for number in told):
            raise ValueError(f"the expression has {groups} groups, and number {max(told)} is asked for")
        return self

    def places(self) -> dict[str, int]:
        """The groups by field, in VS Code's words."""
        fields = ("file", "location", "line", "column", "endLine", "endColumn", "severity", "code", "message")
        return {name: number for name in fields if (number := getattr(self, name)) is not None}


class ProblemMatcher(_Pasted):
    """How findings are told in what a tool writes."""

    base: str = Field(default="", description="A named matcher that this one changes.")
    severity: Literal["error", "warning", "info", "hint"] = Field(default="error", description="Where none is told.")
    fileLocation: str | list[str | dict[str, str | list[str]]] = Field(  # noqa: N815
        default="relative",
        description="What paths are relative to: `absolute`, `relative`, `autoDetect` or `search`, and a folder.",
    )
    pattern: MatcherPattern | list[MatcherPattern] | str | None = Field(
        default=None, description="A pattern, or one for each of several lines in a row."
    )

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        known(self.base or (self.pattern if isinstance(self.pattern, str) else ""))
        if not self.base and not self.pattern:
            raise ValueError("a problem matcher has a `pattern` or a `base`")
        return self


Pasted = str | ProblemMatcher


def known(name: str) -> str:
    if name and name not in NAMES:
        raise ValueError(f"there is no problem matcher {name}: {', '.join(sorted(NAMES))}")
    return name
