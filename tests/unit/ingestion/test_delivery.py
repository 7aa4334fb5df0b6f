"""Deliveries: what lies in a landing folder, and whose word counts about it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingestion.delivery import Delivery, FileLostError, LandingError, inventory, single_delivery


@pytest.fixture
def land(tmp_path: Path) -> Callable[..., Path]:
    """A landing folder with files: path → text or bytes."""

    def write(**files: str | bytes) -> Path:
        root = tmp_path / "landing"
        for name, content in files.items():
            path = root / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


def _by_name(root: Path) -> dict[str, Delivery]:
    return {delivery.file_name: delivery for delivery in inventory([root])}


def test_files_are_found_below_folders_and_named_with_forward_slashes(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a", plans__deep__b_dot_md="b", returns__c_dot_csv="c")

    assert list(_by_name(root)) == ["a.txt", "plans/deep/b.md", "returns/c.csv"]


def test_what_is_no_delivery_is_left_out(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a", sources_dot_yml="[]", README_dot_md="r")
    for name in (".hidden", "~$open.xlsx", ".git/config"):
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")

    assert list(_by_name(root)) == ["a.txt"]


def test_a_delivery_is_its_content(land: Callable[..., Path]) -> None:
    delivery = _by_name(land(a_dot_txt="content"))["a.txt"]

    assert delivery.sha256 == hashlib.sha256(b"content").hexdigest()
    assert delivery.source_id == f"src_{delivery.sha256[:20]}"
    assert delivery.content == b"content"


def test_the_same_content_twice_is_one_delivery(land: Callable[..., Path], tmp_path: Path) -> None:
    root = land(a_dot_txt="same", z_dot_txt="same", other_dot_txt="other")
    second = tmp_path / "second"
    second.mkdir()
    (second / "again.txt").write_text("same")

    assert [delivery.file_name for delivery in inventory([root, second])] == ["a.txt", "other.txt"]


def test_the_nearest_statement_wins(land: Callable[..., Path]) -> None:
    root = land(
        sources_dot_yml="- {file: plans/a.txt, title: far}\n- {file: plans/b.txt, title: only far}\n",
        plans__sources_dot_yml="- {file: a.txt, title: near}\n",
        plans__a_dot_txt="a",
        plans__b_dot_txt="b",
        plans__c_dot_txt="c",
    )
    found = _by_name(root)

    assert found["plans/a.txt"].entry["title"] == "near"
    assert found["plans/b.txt"].entry["title"] == "only far"
    assert found["plans/c.txt"].source().title == "c"


def test_nothing_above_the_landing_folder_is_asked(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a")
    (root.parent / "sources.yml").write_text("- {file: a.txt, title: from above}\n", encoding="utf-8")

    assert "title" not in _by_name(root)["a.txt"].entry


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {file: a.txt, colour: red}", r"entry 0: .*'colour'"),
        ("- {title: no file}", "entry 0: 'file' is a required property"),
        ("- {file: a.txt}\n- {file: b.txt, published_at: 04.08.2021}", "entry 1/published_at"),
        ("- {file: a.txt, published_at: 2021-02-30}", "cannot be understood"),
        ("- {file: a.txt, published_year: 21}", "entry 0/published_year"),
        ("- {file: a.txt, kind: letter}", "entry 0/kind"),
        ("file: a.txt", "entry top level"),
        ("- [", "cannot be understood"),
        ("- {file: a.txt, region_code: 520100}", "entry 0/region_code"),
    ],
)
def test_a_wrong_statement_names_file_and_entry(land: Callable[..., Path], text: str, told: str) -> None:
    root = land(plans__a_dot_txt="a", plans__sources_dot_yml=text)

    with pytest.raises(LandingError, match=rf"plans/sources\.yml: .*{told}") as raised:
        inventory([root])
    assert "correct it and run again" in str(raised.value)


def test_statements_in_another_encoding_are_named(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a", sources_dot_yml="- {file: a.txt, title: 规划}".encode("gb18030"))

    with pytest.raises(LandingError, match=r"sources\.yml: cannot be understood"):
        inventory([root])


def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"nowhere: no such landing folder; create it or name another"):
        inventory([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("name", "stated", "kind"),
    [
        ("a.txt", None, "plan"),
        ("a.docx", None, "plan"),
        ("a.XLSX", None, "return"),
        ("a.csv", None, "return"),
        ("a.csv", "plan", "plan"),
        ("a.html", "return", "return"),
    ],
)
def test_the_kind_is_as_stated_else_by_suffix(tmp_path: Path, name: str, stated: str | None, kind: str) -> None:
    assert Delivery(tmp_path / name, name, "0" * 64, {"file": name, "kind": stated}).kind == kind


@pytest.mark.parametrize(
    ("stated", "inferred", "expected"),
    [
        ({"published_at": "2021-08-04"}, date(2020, 1, 1), (date(2021, 8, 4), "day")),
        ({"published_year": 2021}, date(2020, 1, 1), (date(2021, 12, 31), "year")),
        ({}, date(2020, 1, 1), (date(2020, 1, 1), "inferred")),
        ({}, None, (None, "unknown")),
    ],
)
def test_publication_says_how_well_it_is_known(
    tmp_path: Path, stated: dict[str, object], inferred: date | None, expected: tuple[date | None, str]
) -> None:
    source = Delivery(tmp_path / "a.txt", "a.txt", "0" * 64, stated).source(published_at=inferred)

    assert (source.published_at, source.published_precision) == expected
    assert ("published_at" in source.inferred.split(",")) == (expected[1] == "inferred")


def test_what_is_stated_beats_what_the_reader_found(tmp_path: Path) -> None:
    stated = Delivery(tmp_path / "a.txt", "a.txt", "0" * 64, {"title": "stated", "region_code": "520100"})
    source = stated.source(title="found", region_code="520200", document_number="found〔2021〕1号")

    assert (source.title, source.region_code, source.document_number) == ("stated", "520100", "found〔2021〕1号")
    assert source.inferred == "document_number"


def test_a_document_is_known_by_id_else_number_else_title(tmp_path: Path) -> None:
    def document(sha256: str, **entry: str) -> str:
        return Delivery(tmp_path / "a.txt", "a.txt", sha256 * 64, entry).source(region_code="520100").document_id

    assert document("0", id="doc_own", title="x") == "doc_own"
    assert document("0", title="某 规划") == document("1", title="某规划") != document("0", title="另一规划")
    assert document("0", title="x", document_number="1号") == document("1", title="y", document_number="1号")
    assert document("0", title="x", region_code="520100") != document("0", title="x", region_code="520200")


def test_the_entry_digest_follows_what_is_stated(tmp_path: Path) -> None:
    def digest(name: str = "a.txt", **entry: object) -> str:
        return Delivery(tmp_path / name, name, "0" * 64, entry).entry_digest

    assert digest(title="x") == digest(title="x", note=None)
    assert len({digest(), digest(title="x"), digest(title="y"), digest("b.txt", title="x")}) == 4


def test_one_file_is_read_with_what_is_stated_beside_it(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a", sources_dot_yml="- {file: a.txt, title: stated}")

    assert single_delivery(root / "a.txt").source().title == "stated"
    with pytest.raises(LandingError, match=r"none\.txt: no such file"):
        single_delivery(root / "none.txt")


def test_a_file_that_is_still_being_copied_is_left_alone(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a")
    for name in ("b.xlsx.part", "c.tmp", "d.csv.crdownload", "e.PARTIAL"):
        (root / name).write_text("half")

    assert list(_by_name(root)) == ["a.txt"]


def test_a_file_that_vanishes_during_the_inventory_is_told_and_the_rest_is_found(
    land: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = land(a_dot_txt="a", b_dot_txt="b", c_dot_txt="c")
    read = Path.read_bytes

    def vanishing(path: Path) -> bytes:
        if path.name == "a.txt":  # while the first is read, another sender takes the second back
            (root / "b.txt").unlink(missing_ok=True)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", vanishing)
    lost: list[FileLostError] = []

    assert [delivery.file_name for delivery in inventory([root], lost.append)] == ["a.txt", "c.txt"]
    assert [(error.file_name, error.refusal.reason_code) for error in lost] == [("b.txt", "vanished")]


def test_content_that_is_no_longer_what_was_seen_is_not_read(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="first", b_dot_txt="second")
    found = _by_name(root)
    (root / "a.txt").write_text("first and more")
    (root / "b.txt").unlink()

    for name, code in (("a.txt", "changed_while_reading"), ("b.txt", "vanished")):
        with pytest.raises(FileLostError) as raised:
            _ = found[name].content
        assert raised.value.refusal.reason_code == code
        assert raised.value.refusal.raw_text == name


def test_what_no_night_can_read_does_not_stop_it(land: Callable[..., Path]) -> None:
    root = land(a_dot_txt="a")
    os.mkfifo(root / "pipe.csv")  # reading it would never return
    (root / "gone.csv").symlink_to(root / "nowhere.csv")
    lost: list[FileLostError] = []

    assert [delivery.file_name for delivery in inventory([root], lost.append)] == ["a.txt"]
    assert [(error.file_name, error.refusal.reason_code) for error in lost] == [("gone.csv", "vanished")]
