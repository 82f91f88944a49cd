"""`write_atomically`: whole files, links that stay links, and what is no file."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

import autograd_core as ag


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_made_with_its_folders_and_then_replaced(tmp_path):
    target = tmp_path / "new" / "a.txt"
    ag.write_atomically(target, b"first")
    ag.write_atomically(str(target), b"second")
    assert target.read_bytes() == b"second"
    assert names(target.parent) == ["a.txt"]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    target, link = tmp_path / "data" / "target.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to(Path("data", "target.txt"))
    ag.write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["data", "link.txt"]
    assert names(tmp_path / "data") == ["target.txt"]


def test_a_link_to_nothing_yet_makes_its_target(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("later.txt")
    ag.write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "later.txt").read_bytes() == b"new"


def test_a_link_to_itself_is_refused_and_left(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("link.txt")
    with pytest.raises(OSError, match=r"link\.txt") as refused:
        ag.write_atomically(link, b"new")
    assert refused.value.errno == errno.ELOOP
    assert link.is_symlink()
    assert names(tmp_path) == ["link.txt"]


def test_the_reader_of_a_named_pipe_gets_what_is_written(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    ag.write_atomically(pipe, b"through the pipe")
    reader.join(timeout=10)
    assert got == [b"through the pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_to_a_device_leaves_both(tmp_path):
    link = tmp_path / "nowhere"
    link.symlink_to(os.devnull)
    before = Path(os.devnull).stat()
    assert stat.S_ISCHR(before.st_mode)
    ag.write_atomically(link, b"gone")
    after = Path(os.devnull).stat()
    assert link.is_symlink()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError):
        ag.write_atomically(tmp_path, b"new")


def test_a_failure_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        ag.write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]
