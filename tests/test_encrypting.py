"""A password locks the PDF for everybody who has not got it, and is found nowhere else."""

from __future__ import annotations

import errno
import getpass
import io
import os
import shutil
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pikepdf
import pypdf
import pypdfium2
import pytest
from conftest import WHEN, Outcome, Run
from hypothesis import given
from hypothesis import strategies as st

from planmaker import console, encrypting, roster
from planmaker.workshop import Order

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "Kestrel-\u00fcber-4471"
LOCKED = "with a password only the PDF is written; ics and json cannot be encrypted (name them in --format if wanted)"
SHORT = ("make", "--profile", "stretch-only", "--weeks", "1", "--id", "A1", *WHEN)
UNSAFE = "expected letters, digits and signs that every reader takes alike, none invisible and no pictures"


@pytest.fixture(scope="module")
def plain() -> bytes:
    """Return a small PDF that claims PDF/A and PDF/UA, as the sheet does."""
    stream = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page(page_size=(100, 100))
        with file.open_metadata() as metadata:
            metadata["pdfaid:part"] = "2"
            metadata["pdfaid:conformance"] = "A"
            metadata["pdfuaid:part"] = "1"
        file.save(stream)
    return stream.getvalue()


def absent(reason: str) -> NoReturn:
    """Skip loudly, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def key(folder: Path, text: str | bytes = CANARY + "\n") -> Path:
    """Write a file with a password."""
    path = folder / "key.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def said(outcome: Outcome) -> str:
    return outcome.out + "\n".join(outcome.err)


def leaks(folder: Path, outcome: Outcome) -> list[str]:
    """Return where the canary is found, in any spelling that a file may hold."""
    spellings = {CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")} | {b"Kestrel"}
    found = [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and (any(item in path.read_bytes() for item in spellings) or "Kestrel" in path.name)
    ]
    return [*found, *(["messages"] if "Kestrel" in said(outcome) else [])]


def names(folder: Path) -> set[str]:
    """Return what a folder holds."""
    return {path.name for path in folder.iterdir() if path.name != ".planmaker"}


def opens(data: bytes, password: str) -> bool:
    try:
        pikepdf.open(io.BytesIO(data), password=password).close()
    except pikepdf.PasswordError:
        return False
    return True


def test_aes_256(plain: bytes) -> None:
    """The file is encrypted by AES-256, revision 6, all of it, and the reader may print, fill in and listen."""
    data = encrypting.encrypted(plain, CANARY)

    with pikepdf.open(io.BytesIO(data), password=CANARY) as file:
        used, allowed = file.encryption, file.allow
        metadata = file.trailer.Encrypt.get("/EncryptMetadata", True)
    assert (used.R, used.V, used.bits) == (6, 5, 256)
    aes = pikepdf.models.EncryptionMethod.aesv3
    assert (used.stream_method, used.string_method, used.file_method) == (aes, aes, aes)
    assert (allowed.accessibility, allowed.modify_form, allowed.print_highres, allowed.print_lowres) == (True,) * 4
    assert (allowed.extract, allowed.modify_other, allowed.modify_assembly, allowed.modify_annotation) == (False,) * 4
    assert metadata
    assert b"pdfuaid" not in data


def test_no_longer_pdf_a(plain: bytes) -> None:
    """PDF/A allows no encryption, so the encrypted file does not claim to be one; PDF/UA does."""
    with pikepdf.open(io.BytesIO(encrypting.encrypted(plain, CANARY)), password=CANARY) as file:
        metadata = file.open_metadata()
        assert "pdfaid:part" not in metadata
        assert "pdfaid:conformance" not in metadata
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "password", [CANARY, "123456", "x" * 127, "\u00fc" * 63, "two words", "\u05e9\u05dc\u05d5\u05dd\u05e9\u05dc"]
)
def test_strangers_open_it(password: str, plain: bytes) -> None:
    """Three other programs open the file with the password, and none without."""
    data = encrypting.encrypted(plain, encrypting.checked(password))

    longer = [password + "x"] if len(password.encode()) < 127 else []  # more than 127 bytes count for nothing
    for wrong in ("", password[:-1], *longer):
        assert not opens(data, wrong)
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(data, password=wrong)
    assert opens(data, password)
    assert len(pypdfium2.PdfDocument(data, password=password)) == 1
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert not reader.decrypt("wrong!")
    assert reader.decrypt(password)
    assert len(reader.pages) == 1


def test_qpdf(plain: bytes, tmp_path: Path) -> None:
    """The qpdf program finds the encrypted file sound with the password, and does not open it without."""
    qpdf = shutil.which("qpdf") or absent("needs qpdf: apt-get install qpdf")
    (tmp_path / "locked.pdf").write_bytes(encrypting.encrypted(plain, CANARY))
    (tmp_path / "key.txt").write_text(CANARY, encoding="utf-8")

    good, bad = (
        subprocess.run([qpdf, *option, "--check", "locked.pdf"], cwd=tmp_path, capture_output=True, check=False)
        for option in (["--password-file=key.txt"], [])
    )

    assert good.returncode == 0
    assert b"R = 6" in good.stdout
    assert bad.returncode == 2
    assert b"invalid password" in bad.stderr


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "expected 6 to 127 characters"),
        ("12345", "expected 6 to 127 characters"),
        ("x" * 128, "expected 6 to 127 characters"),
        (" 123456", "expected no space at its start or end"),
        ("123456 ", "expected no space at its start or end"),
        ("\u00fc" * 64, "expected at most 127 bytes in UTF-8; letters beyond A to Z take two or more"),
        *(
            (f"abc{sign}def", UNSAFE)
            for sign in "\t\x00\u00a0\u00ad\u200b\u202e\ufeff\ufb01\uff21\U0001f511\ue000\U000e0041"
        ),
        ("\u05d0bcdef", UNSAFE),
        ("\u05d0\u05d0\u05d0\u05d0\u05d01", UNSAFE),
    ],
)
def test_rules(text: str, what: str) -> None:
    """A password that readers could take differently is refused, and the message does not repeat it."""
    with pytest.raises(ValueError, match=what) as caught:
        encrypting.checked(text)

    assert str(caught.value) == what


def test_composed() -> None:
    """A letter with its accent apart is the same password as the letter with it."""
    assert encrypting.checked("u\u0308berall") == encrypting.checked("\u00fcberall") == "\u00fcberall"


@given(st.text(max_size=130))
def test_whatever_is_typed(text: str) -> None:
    """A password is either refused or is one that stays as it is, and fits the key."""
    try:
        found = encrypting.checked(text)
    except ValueError:
        return

    assert encrypting.checked(found) == found
    assert 6 <= len(found.encode()) <= 127


def test_file(run: Run, tmp_path: Path) -> None:
    """With a password only the PDF is written, unless --format says otherwise; the password is nowhere."""
    outcome = run(*SHORT, "--name", "Ana", "--password-file", key(tmp_path, CANARY + "\r\nsecond line\n"))

    assert outcome.code == 0
    assert outcome.err[0] == LOCKED
    assert names(tmp_path / "out") == {"A1.pdf"}
    assert opens((tmp_path / "out" / "A1.pdf").read_bytes(), CANARY)
    assert not opens((tmp_path / "out" / "A1.pdf").read_bytes(), "")
    assert leaks(tmp_path / "out", outcome) == []


def test_formats_named(run: Run, tmp_path: Path) -> None:
    """Who names formats gets them, and is told which of them can be read without the password."""
    outcome = run(*SHORT, "--format", "pdf,ics,json", "--password-file", key(tmp_path))
    alone = run(*SHORT, "--format", "pdf", "--out", "alone", "--password-file", key(tmp_path))

    assert outcome.err[0] == "the password is for the PDF; ics and json can be read without it"
    assert names(tmp_path / "out") == {"A1.pdf", "A1.ics", "A1.json"}
    assert leaks(tmp_path / "out", outcome) == []
    assert len(alone.err) == 1
    assert alone.err[0].startswith("A1: ")


def test_same_before_encryption(run: Run, tmp_path: Path) -> None:
    """The id, the plan and what is drawn do not depend on the password."""
    request = ("make", "--profile", "stretch-only", "--format", "pdf,json", *WHEN)
    run(*request, "--out", "open")
    run(*request, "--out", "shut", "--password-file", key(tmp_path))

    (before,), (after,) = (list((tmp_path / folder).glob("*.json")) for folder in ("open", "shut"))
    assert before.name == after.name
    assert before.read_bytes() == after.read_bytes()
    with (
        pikepdf.open(before.with_suffix(".pdf")) as plain,
        pikepdf.open(after.with_suffix(".pdf"), password=CANARY) as locked,
    ):
        drawn, drawn_too = (list(map(content, file.pages)) for file in (plain, locked))
        assert drawn == drawn_too


def content(page: pikepdf.Page) -> list[bytes]:
    """Return the content streams of a page."""
    return [part.read_bytes() for part in cast("Any", page).Contents]


@pytest.mark.parametrize("verb", [["make", "--profile", "full"], ["batch", "roster.csv"]])
def test_pdf_not_wanted(verb: list[str], run: Run, tmp_path: Path) -> None:
    """A password where no PDF is made would protect nothing, so it is refused."""
    (tmp_path / "roster.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")

    outcome = run(*verb, "--format", "json", "--password-file", key(tmp_path), *WHEN)

    assert outcome.code == 2
    assert outcome.err == ["--format: a password encrypts the PDF only; name pdf too, or leave the password out"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "key.txt: is empty; write the password on its first line"),
        (b"\nKestrel\n", "key.txt: is empty; write the password on its first line"),
        (b"Kest\n", "key.txt:1: expected 6 to 127 characters"),
        (b"Kestrel \n", "key.txt:1: expected no space at its start or end"),
        (b"Kestrel\xfc\n", "key.txt:1: expected text in UTF-8; save the file as UTF-8"),
        (b"Kestrel" * 1000, "key.txt:1: expected 6 to 127 characters"),
    ],
)
@pytest.mark.parametrize("verb", [["make", "--profile", "full"], ["batch", "roster.csv"]])
def test_bad_file(text: bytes, message: str, verb: list[str], run: Run, tmp_path: Path) -> None:
    """A file without a password that can be used is named, and what it holds is not repeated."""
    outcome = run(*verb, "--password-file", key(tmp_path, text), *WHEN)

    assert (outcome.code, outcome.err) == (4, [message])


def test_no_file(run: Run) -> None:
    """A file that cannot be read is named with the reason."""
    outcome = run(*SHORT, "--password-file", "none.txt")

    assert (outcome.code, outcome.err) == (4, [f"none.txt: cannot be read: {os.strerror(errno.ENOENT)}"])


def test_first_line_may_start_with_a_mark(run: Run, tmp_path: Path) -> None:
    """The mark that some editors put before UTF-8 is no part of the password."""
    run(*SHORT, "--password-file", key(tmp_path, b"\xef\xbb\xbf" + CANARY.encode()))

    assert opens((tmp_path / "out" / "A1.pdf").read_bytes(), CANARY)


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let somebody type passwords at a terminal; return the list of prompts that they will see."""
    prompts: list[str] = []
    waiting = iter(answers)

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return next(waiting)

    monkeypatch.setattr(console, "answers", lambda: True)
    monkeypatch.setattr(getpass, "getpass", answer)
    return prompts


def test_asked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is asked for twice, and again if it cannot be taken or the two differ."""
    prompts = typed(monkeypatch, "Kest", CANARY, "Kestrol", CANARY, CANARY)

    outcome = run(*SHORT, "--password")

    assert prompts == ["Password: ", "Password: ", "Password again: ", "Password: ", "Password again: "]
    assert outcome.err[:3] == [
        "--password: expected 6 to 127 characters",
        "--password: the two are not the same; type it again",
        LOCKED,
    ]
    assert opens((tmp_path / "out" / "A1.pdf").read_bytes(), CANARY)
    assert leaks(tmp_path, outcome) == []


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (EOFError(), 130)])
def test_broken_off(error: BaseException, code: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives up at the prompt leaves with nothing written."""

    def fails(_: str) -> str:
        raise error

    monkeypatch.setattr(console, "answers", lambda: True)
    monkeypatch.setattr(getpass, "getpass", fails)

    assert run(*SHORT, "--password").code == code
    assert names(tmp_path) == set()


def test_terminal_that_would_show_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where typing cannot be hidden the program does not ask."""

    def shows(_: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)
        return CANARY

    monkeypatch.setattr(console, "answers", lambda: True)
    monkeypatch.setattr(getpass, "getpass", shows)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = run(*SHORT, "--password")

    assert outcome.code == 2
    assert outcome.err == ["--password: this terminal cannot hide what is typed; use --password-file"]


def test_no_terminal(run: Run) -> None:
    """Without a terminal there is nobody to ask."""
    outcome = run(*SHORT, "--password")

    assert (outcome.code, outcome.err) == (2, ["--password: there is no terminal to ask at; use --password-file"])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals")
def test_never_echoed(tmp_path: Path) -> None:
    """At a real terminal what is typed is not shown."""
    import pty  # noqa: PLC0415 - not on Windows

    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "planmaker", *SHORT, "--password"]
    program = subprocess.Popen(
        command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for prompt in (b"Password: ", b"Password again: "):
        while prompt not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, CANARY.encode() + b"\n")
    while chunk := _read(terminal):
        shown += chunk
    os.close(terminal)

    assert program.wait() == 0, shown
    assert b"Kestrel" not in shown
    assert opens((tmp_path / "out" / "A1.pdf").read_bytes(), CANARY)


def _read(terminal: int) -> bytes:
    """Read what a terminal shows, nothing when its program has ended."""
    try:
        return os.read(terminal, 1000)
    except OSError:
        return b""


@pytest.mark.parametrize("words", [["--password", CANARY], [f"--password={CANARY}"]])
@pytest.mark.parametrize(
    "verb", [["make"], ["render", "x.json"], ["adjust", "x.json", "--week", "2"], ["batch", "x.csv"]]
)
def test_typed_on_the_command_line(verb: list[str], words: list[str], run: Run) -> None:
    """A password after the option is refused without being repeated."""
    outcome = run(*verb, *words)

    assert outcome.code == 2
    assert "Kestrel" not in said(outcome)


def test_two_sources(run: Run, tmp_path: Path) -> None:
    """A password is asked for or read, not both."""
    outcome = run(*SHORT, "--password", "--password-file", key(tmp_path))

    assert (outcome.code, outcome.err) == (2, ["--password: --password-file is given too; type one of the two"])


@pytest.mark.parametrize("verb", [["render"], ["adjust", "--week", "2", "--step", "stay"]])
def test_drawn_again(verb: list[str], run: Run, tmp_path: Path) -> None:
    """A plan that is drawn again can have a password too: its PDF is written, and the .json only of a changed one."""
    run("make", "--profile", "stretch-only", "--weeks", "2", "--id", "A1", "--format", "json", *WHEN)

    outcome = run(*verb, "out/A1.json", "--out", "again", "--password-file", key(tmp_path))

    assert outcome.code == 0
    assert outcome.err[0] == LOCKED
    assert names(tmp_path / "again") == {"A1.pdf", *(["A1.json"] if verb[0] == "adjust" else [])}
    assert opens((tmp_path / "again" / "A1.pdf").read_bytes(), CANARY)


@pytest.mark.parametrize(
    "verb",
    [
        ["render", "out/A1.json"],
        ["adjust", "out/A1.json", "--week", "2", "--step", "stay"],
        ["stop", "out/A1.json", "--on", "2027-01-20"],
        ["make", "--profile", "stretch-only", "--weeks", "2", "--id", "A1"],
    ],
)
def test_never_opened(verb: list[str], run: Run, tmp_path: Path) -> None:
    """A PDF with a password is never written over by one that anybody can open."""
    made = ("make", "--profile", "stretch-only", "--weeks", "2", "--id", "A1", "--format", "pdf,json", *WHEN)
    run(*made, "--password-file", key(tmp_path))
    before = (tmp_path / "out" / "A1.pdf").read_bytes()

    outcome = run(*verb, *(WHEN if verb[0] == "make" else ()))

    path = tmp_path / "out" / "A1.pdf"
    assert outcome.code == 2
    assert outcome.err == [
        f"{path.relative_to(tmp_path)}: has a password; give one with --password-file or --password, or delete the file"
    ]
    assert path.read_bytes() == before


@pytest.mark.parametrize("how", ["a cell", "the column", "the file's, elsewhere"])
def test_batch_never_opens(how: str, run: Run, tmp_path: Path) -> None:
    """A roster that lost a password, or its column, writes no open PDF over a locked one, nor into another folder."""
    roster = tmp_path / "roster.csv"
    rows = ("A1,stretch-only,1,a long secret", "A2,stretch-only,1,another secret")
    roster.write_text("\n".join(["id,profile,weeks,password", *rows]), encoding="utf-8")
    command = ("batch", "roster.csv", "--jobs", "1", *WHEN)
    run(*command)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.pdf")}
    gone = "id,profile,weeks\nA1,stretch-only,1\nA2,stretch-only,1\n"
    roster.write_text(roster.read_text().replace("a long secret", "") if how == "a cell" else gone, encoding="utf-8")

    outcome = run(*command, *(("--subfolders",) if "elsewhere" in how else ()))

    assert outcome.code == 3
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.pdf")} == before
    assert "roster.csv:2: password: A1.pdf has one; type one for this row, or delete that file to have one without" in (
        outcome.err
    )


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.long)])
def test_batch(jobs: str, run: Run, tmp_path: Path) -> None:
    """Each row has its own password, or the file's; the passwords are in no other file and no message."""
    rows = [f"A{number},stretch-only,1,{CANARY}{number}" for number in range(15)]
    table = "\n".join(["id,profile,weeks,Pass word", *rows, "B1,stretch-only,1,"])
    (tmp_path / "roster.csv").write_text(table, encoding="utf-8")
    command = ("batch", "roster.csv", "--jobs", jobs, *WHEN)

    own = run(*command, "--show-values")
    both = run(*command, "--out", "both", "--password-file", key(tmp_path, "one for all\n"))

    assert own.err[:2] == [LOCKED, "roster.csv: rows without a password: 1; their files are not encrypted"]
    assert both.err[:1] == [LOCKED]
    assert (own.code, both.code, len(both.err)) == (0, 0, 2)
    pdfs = {f"A{number}.pdf" for number in range(15)} | {"B1.pdf", "report.csv", "report.jsonl", "send-list.csv"}
    assert names(tmp_path / "out") == pdfs | {"B1.ics", "B1.json"}
    assert names(tmp_path / "both") == pdfs
    for folder in ("out", "both"):
        for number in range(15):
            assert opens((tmp_path / folder / f"A{number}.pdf").read_bytes(), f"{CANARY}{number}")
    assert opens((tmp_path / "out" / "B1.pdf").read_bytes(), "")
    assert opens((tmp_path / "both" / "B1.pdf").read_bytes(), "one for all")
    assert leaks(tmp_path / "out", own) == leaks(tmp_path / "both", both) == []


BAD_ROWS = f"""id,profile,password,weeks
A1,full,Kest,6
A2,full,{CANARY},27
A3,full,{CANARY},too,many
A4,full,Kestrel1,6
A4,full,Kestrel2,6
A5,full,"Kestrel,6
"""


@pytest.mark.parametrize("verb", [["batch", "--dry-run"], ["batch"], ["check"]])
@pytest.mark.parametrize("option", [[], ["--show-values"]])
def test_bad_rows(verb: list[str], option: list[str], run: Run, tmp_path: Path) -> None:
    """Whatever is wrong with a row, no message and no report repeats its password, whoever asks for values."""
    (tmp_path / "roster.csv").write_text(BAD_ROWS, encoding="utf-8")
    when = WHEN if verb[0] == "batch" else WHEN[:2]

    outcome = run(*verb, "roster.csv", *option, *when)

    assert outcome.code == 3
    told = [line for line in outcome.err if line.startswith("roster.csv:")]
    assert "roster.csv:2: password: expected 6 to 127 characters" in told
    assert {line.split(":")[1] for line in told} - {" rows without a password", " rows without a time zone"} == {
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
    }
    assert not [line for line in outcome.err if "Kest" in line]
    report = tmp_path / "out" / "report.csv"
    assert not report.exists() or b"Kest" not in report.read_bytes()


def test_apart_from_the_texts(tmp_path: Path) -> None:
    """A row keeps its password where nothing that handles or shows its texts has it."""
    (tmp_path / "roster.csv").write_text(f"id,profile,password\nA1,full, {CANARY} \n", encoding="utf-8")

    with roster.opened(tmp_path / "roster.csv") as book:
        (row,) = book.rows()

    assert row.password == CANARY
    assert row.texts == {"id": "A1", "profile": "full"}
    assert "Kestrel" not in repr(row)
    assert "Kestrel" not in repr(Order(issued=datetime.now(UTC), password=CANARY))


def test_misspelt_column(run: Run, tmp_path: Path) -> None:
    """A column that looks like the password's is never passed over, or sheets would be open by a slip."""
    (tmp_path / "roster.csv").write_text(f"id,profile,passwort\nA1,full,{CANARY}\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", *WHEN)

    assert outcome.code == 4
    assert "did you mean password?" in outcome.err[0]
    assert "Kestrel" not in said(outcome)


def test_named_format_without_pdf_in_a_batch(run: Run, tmp_path: Path) -> None:
    """A roster with passwords is refused where no PDF is wanted."""
    (tmp_path / "roster.csv").write_text(f"id,profile,password\nA1,full,{CANARY}\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "json", *WHEN)

    assert outcome.code == 2
    assert outcome.err == ["--format: a password encrypts the PDF only; name pdf too, or leave the password out"]


def test_pikepdf_is_missing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pikepdf is not installed the message says how to install it, before anybody types a password."""
    (tmp_path / "roster.csv").write_text(f"id,profile,password\nA1,full,{CANARY}\n", encoding="utf-8")
    prompts = typed(monkeypatch)
    monkeypatch.setitem(sys.modules, "pikepdf", None)

    outcomes = [
        run(*SHORT, "--password"),
        run(*SHORT, "--password-file", key(tmp_path)),
        run("batch", "roster.csv", *WHEN),
        run("batch", "roster.csv", "--dry-run", *WHEN),
    ]

    assert {outcome.code for outcome in outcomes} == {7}
    assert {line for outcome in outcomes for line in outcome.err} == {"a password needs pikepdf: pip install pikepdf"}
    assert prompts == []
    assert not (tmp_path / "out").exists()
