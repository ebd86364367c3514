"""The seed situation, proved far from the server: nothing but one file of Python and the bundle."""

import json
import shutil
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import Role
from core.canonical import sha256_hex
from incidents.services.evidence import evidence_receive
from incidents.vocab import Grade
from ledger import sealing
from tests.clients.conftest import PROGRAM
from tests.clients.stories import assess, send, split
from tests.factories import make_actor, merge_incidents
from tests.incidents.judging import fresh, relayed_incident, url

CLIP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)


@pytest.fixture
def story(db):
    """Ten outlets relaying one soldier, a hospital, a video; graded, contested, split, merged."""
    bob, beth, alice = make_actor(Role.MONITOR), make_actor(Role.MONITOR), make_actor()
    strike, *repeats = [relayed_incident(number) for number in range(1, 11)]
    merge_incidents(strike, *repeats, actor=bob)
    hospital = {"ref": "h", "kind": "hospital", "name": "A hospital"}
    killed = {"source": "h", "outcome": "killed", "best": 5}
    _, of_hospital = send(alice, sources=[hospital], claims=[killed])
    _, of_video = send(alice, sources=[{"ref": "v", "kind": "video", "name": "Clip"}], claims=[])
    evidence_receive(actor=alice, report_id=of_video.id, name="clip.mp4", content=ContentFile(CLIP))
    sealing.seal()
    merge_incidents(strike, of_hospital.incident, of_video.incident, actor=bob)
    assess(bob, strike, Grade.FAIR)
    assess(beth, strike, Grade.CONTESTED)
    sealing.seal()
    apart = split(bob, strike, of_video)
    merge_incidents(strike, apart, actor=beth)
    return strike


@pytest.fixture
def folder(story, bob, tmp_path):
    """A folder with what a court was handed, and nothing else."""
    heads = Client().get("/.well-known/harmwatch-ledger.json")
    sealing.seal()
    folder = tmp_path / "court"
    folder.mkdir()
    (folder / "heads.json").write_bytes(heads.content)
    (folder / "bundle.json").write_bytes(bob.get(url(story, "proof/")).content)
    (folder / "keys.json").write_bytes(Client().get("/.well-known/harmwatch-keys.json").content)
    (folder / "clip.mp4").write_bytes(CLIP)
    shutil.copy(PROGRAM, folder / "verify.py")
    return folder


def verify(folder, *options):
    """Run the program alone, as Python without our packages' folder, settings or environment."""
    command = [sys.executable, "-I", "verify.py", "bundle", "bundle.json", "--keys", "keys.json"]
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_bundle_tells_the_situation_and_proves_it_offline(story, folder):
    code, said = verify(folder, "--evidence", "clip.mp4", "--head", "heads.json")
    assert code == 0, said
    assert f"It says: incident {story.id} in version {fresh(story).version}" in said
    assert "The casualty figures follow from the claims in the receipts (11), and the" in said
    assert "independent sources (3) from who relays whom there." in said
    assert "The grade 'contested' is what the newest assessment left standing." in said
    assert "Each report (12) was received for this incident or moved into it." in said
    assert "clip.mp4 is, byte for byte, 'clip.mp4' of report" in said
    assert "2 of its 3 heads are ones that were witnessed." in said
    assert "That others were shown the heads 3 too." in said

    bundle = json.loads((folder / "bundle.json").read_bytes())
    about = [
        one["entry"] for one in bundle["entries"] if one["entry"]["object_id"] == str(story.id)
    ]
    assert [entry["action"] for entry in about] == [
        "incident.merged",
        "incident.merged",
        "incident.assessed",
        "incident.assessed",
        "incident.split",
        "incident.merged",
    ]
    (evidence,) = [file for report in bundle["reports"] for file in report["evidence"]]
    assert evidence["sha256"] == sha256_hex(CLIP)


def test_one_byte_anywhere_undoes_it(folder):
    bundle = (folder / "bundle.json").read_bytes()
    for place in (0, len(bundle) // 3, len(bundle) // 2, len(bundle) - 1):
        changed = bundle[:place] + bytes([bundle[place] ^ 1]) + bundle[place + 1 :]
        (folder / "bundle.json").write_bytes(changed)
        code, said = verify(folder)
        assert code == 1
        assert "FAILED" in said
    (folder / "bundle.json").write_bytes(bundle)
    assert verify(folder)[0] == 0
    (folder / "clip.mp4").write_bytes(CLIP[:-1] + b"\x01")
    code, said = verify(folder, "--evidence", "clip.mp4")
    assert (code, "clip.mp4 is not among the evidence." in said) == (1, True)
