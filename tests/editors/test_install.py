"""What is read from a machine's apt before anything is fetched."""

import debian
import pytest


@pytest.mark.parametrize(
    "source",
    [
        "deb http://mirror.example/debian trixie main\n",
        "deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian trixie main\n",
        "# URIs: http://old.example/debian\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: trixie\n",
        "deb http://mirror.example/debian-security x-security main\ndeb http://mirror.example/debian x main\n",
        "URIs: https://packages.example/node_20.x\nURIs: http://mirror.example/debian\n",
    ],
    ids=["one-line", "options", "deb822", "security", "others"],
)
def test_the_mirror_is_the_one_that_apt_uses(source):
    assert debian.mirror(source.splitlines()) == "http://mirror.example/debian"


def test_a_trailing_slash_is_as_good_and_a_chosen_mirror_is_better():
    assert debian.mirror(["URIs: http://mirror.example/debian/"]) == "http://mirror.example/debian/"
    assert debian.mirror([], chosen="http://other.example/d") == "http://other.example/d"


def test_a_machine_without_a_debian_mirror_is_told_what_to_set():
    with pytest.raises(debian.CannotInstallError, match=debian.MIRROR_VARIABLE):
        debian.mirror(["deb http://archive.example/ubuntu noble main", "#deb http://mirror.example/debian sid main"])


def test_only_the_way_to_a_mirror_is_taken_from_the_machines_settings():
    proxy = 'Acquire::http::Proxy "http://proxy.example:3128";'
    assert debian.connection(f'{proxy}\nAPT::Update::Post-Invoke:: "rm -f /x";\nAcquire::cdrom "";\n') == [proxy]


def test_a_failing_program_is_quoted():
    with pytest.raises(debian.CannotInstallError, match="no-such-file"):
        debian.run(["tar", "-tf", "no-such-file"])
