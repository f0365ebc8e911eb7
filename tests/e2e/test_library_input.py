"""The real library that other tests work on is what they think it is."""

from support import library


def test_its_tests_pass_as_released_and_fail_when_broken(tmp_path):
    good = library.run_tests(library.unpack(tmp_path / "good", broken=False))
    assert good.returncode == 0, good.stdout
    bad = library.run_tests(library.unpack(tmp_path / "bad"))
    assert bad.returncode == 1
    assert library.FAILING in bad.stdout
