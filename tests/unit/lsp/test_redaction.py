import io
import logging

import pytest

from pointsman.lsp.redaction import Redacted, redact

KEY, PASSWORD = "sk-live-0123456789", "hunter2hunter2"


@pytest.fixture
def written():
    """What the root logger writes through our formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacted("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield stream.getvalue
    logging.getLogger().removeHandler(handler)


def tell(key):
    redact([key, ""], ["", "not a [url", f"http://me:{PASSWORD}@proxy:1"])


def test_neither_a_message_nor_a_traceback_shows_a_secret(written):
    tell(KEY)
    log = logging.getLogger("anybody")
    log.error("sent %s by %s", f"Bearer {KEY}", PASSWORD)
    try:
        int(f"Bearer {KEY}")
    except ValueError:
        log.exception("trouble")
    assert written().count("***") == 3
    assert KEY not in written()
    assert PASSWORD not in written()


def test_what_is_too_short_to_be_a_secret_stays(written):
    tell("k")
    logging.getLogger("anybody").error("make up your mind, k?")
    assert "make up your mind, k?" in written()


def test_a_new_configuration_replaces_the_old_one(written):
    tell(KEY)
    tell("another-key-than-before")
    logging.getLogger("anybody").error("another-key-than-before")
    assert "another-key" not in written()
