"""The two things a task may ask the user: consent to run checks, and the answer to the model's one question.

Both are asked by a message with buttons where the client has such, and by code actions in any case; whichever is
answered first counts. Nothing is decided for the user by a clock.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from pointsman.lsp.desk import ANSWERS, Desk
from pointsman.lsp.editor import LspEditor
from pointsman.terms import Asked, ConsentNeeded

T = TypeVar("T")

ALLOW, DENY, STOP = "Allow checks here", "Not now", "Stop"


def consent(desk: Desk, need: ConsentNeeded, root: str) -> None:
    """Two tasks of one project share the question and its answer."""
    pending = desk.waiting.consent.get(root)
    if pending is not None:
        pending.add_done_callback(lambda done: settle(need.answer, not done.cancelled() and done.result()))
        return
    desk.waiting.consent[root] = need.answer
    need.answer.add_done_callback(lambda _: desk.waiting.consent.pop(root, None))
    commands = "\n".join(need.commands)
    text = f"To verify edits, Pointsman runs this project's checks, and so its code, in a shadow copy:\n{commands}"
    if not desk.client.show_message_request:
        desk.tell(f"{text}\nThe code action “{ALLOW}” goes on.")
        return

    async def ask() -> None:
        if answer := await LspEditor(desk.server, root).ask(text, [ALLOW, DENY]):
            settle(need.answer, answer == ALLOW)

    beside(ask(), need.answer)


def question(desk: Desk, asked: Asked, task: str) -> None:
    desk.waiting.questions[task] = (asked.question.text, asked.answer)
    asked.answer.add_done_callback(lambda _: desk.waiting.questions.pop(task, None))
    text = f"The model asks: {asked.question.text}"
    if desk.client.input:
        return  # it was sent the event, and asks by itself
    if not desk.client.show_message_request:
        desk.tell(f"{text} Answer by a code action here, or in words by `pointsman.answer`.")
        return

    async def ask() -> None:
        if answer := await LspEditor(desk.server, "").ask(text, [*ANSWERS, STOP]):
            settle(asked.answer, None if answer == STOP else answer)

    beside(ask(), asked.answer)


def settle(answer: "asyncio.Future[T]", value: T) -> None:
    """Set an answer unless it was given another way meanwhile."""
    if not answer.done():
        answer.set_result(value)


def beside(work: Coroutine[Any, Any, None], answer: "asyncio.Future[Any]") -> None:
    """Ask while others may answer; stop asking when they did."""
    asking = asyncio.create_task(work)
    answer.add_done_callback(lambda _: asking.cancel())
