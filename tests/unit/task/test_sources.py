"""Sources beneath an answer: each a link, and none that writes Markdown of its own."""

from pointsman.task.sources import NONE, listed


def test_they_are_numbered_beneath_the_answer():
    text = listed("It is so.\n", [("Docs", "https://a.example/x"), ("", "https://b.example/")])
    assert text == "It is so.\n\n## Sources\n\n1. [Docs](<https://a.example/x>)\n2. <https://b.example/>"


def test_a_title_or_address_cannot_break_out():
    text = listed("It.", [("a](http://evil) <b>\n# x", "https://a.example/x>)\n[y](z")])
    assert text.splitlines()[-1] == "1. [a\\](http://evil) \\<b\\> # x](<https://a.example/x%3E)%0A[y](z>)"


def test_an_answer_without_any_says_so():
    assert listed("I think so.", []).endswith(NONE)
    assert listed("See https://a.example.", []) == "See https://a.example."
