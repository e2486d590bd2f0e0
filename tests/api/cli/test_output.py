import os
from pathlib import Path

import pytest

from api.cli.output import check_outputs, write_whole
from api.errors import FileUnusable, OutputsClash


def test_what_can_be_written_is_let_through(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("old")
    check_outputs([tmp_path / "new.json", tmp_path / "old.json"], [tmp_path / "in.jsonl"])
    assert (tmp_path / "old.json").read_text() == "old"
    assert not (tmp_path / "new.json").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match=f"there is no folder {tmp_path}/none: make it"):
        check_outputs([tmp_path / "none" / "new.json"])
    with pytest.raises(FileUnusable, match="there is no folder"):
        check_outputs([tmp_path / "in.json" / "new.json"])


def test_only_a_file_is_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(FileUnusable, match="not a file"):
            check_outputs([path])


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match="too long"):
        check_outputs([tmp_path / ("a" * 300)])


def test_no_file_is_written_twice_or_over_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(OutputsClash, match="link is named more than once"):
        check_outputs([tmp_path / "a", tmp_path / "link"])
    with pytest.raises(OutputsClash):
        check_outputs([tmp_path / "a"], [tmp_path / "b" / ".." / "a"])


def test_a_file_is_written_and_nothing_beside_it(tmp_path: Path) -> None:
    for content in (b"first", b"second \xff"):
        write_whole(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"text"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_was_there_stays_if_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises((FileUnusable, KeyboardInterrupt)):
        write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
