import pytest
from django.core.management import CommandError, call_command

from incidents.models.boundaries import BoundaryRelease, BoundaryUnit
from tests.incidents.boundaries.conftest import square, unit

HERE, THERE = square(44, 33, 45, 34), square(46, 33, 47, 34)


@pytest.fixture
def run(db, capsys):
    def run(command, *arguments):
        call_command(command, *arguments)
        return capsys.readouterr().out

    return run


def test_it_says_what_it_did(run, boundary_file):
    bow_tie = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]
    path = boundary_file(unit("IQ01", HERE), unit("IQ02", bow_tie), unit("", HERE, name="Lake"))

    said = run("import_boundaries", path, "--release=iraq", "--level=1", "--country=iq")

    assert "iraq level 1: 2 units, 34," in said
    assert "mended: 1." in said
    assert "Left out: row 3 (Lake): no P-code." in said
    assert "Level 0 is not loaded; parents were not checked." in said
    assert "In force" not in said


def test_a_second_run_says_that_nothing_was_added(run, boundary_file):
    arguments = (boundary_file(unit("IQ", HERE)), "--release=iraq", "--level=0")
    run("import_boundaries", *arguments)

    assert "nothing was added" in run("import_boundaries", *arguments)
    assert BoundaryUnit.objects.count() == 1


def test_it_can_be_put_in_force_at_once(run, boundary_file):
    path = boundary_file(unit("IQ", HERE))

    said = run("import_boundaries", path, "--release=iraq", "--level=0", "--activate")

    assert "In force now." in said
    assert BoundaryRelease.objects.get().is_active


def test_it_can_be_put_in_force_later(run, boundary_file):
    run("import_boundaries", boundary_file(unit("IQ", HERE)), "--release=iraq", "--level=0")

    assert run("activate_boundaries", "iraq") == "iraq is in force for the world.\n"


def test_origin_and_fields_can_be_named(run, boundary_file):
    path = boundary_file(unit("x", HERE, code="IQ01", up="IQ", nav="Enbar", esm="الأنبار"))

    run(
        "import_boundaries",
        path,
        "--release=iraq",
        "--level=1",
        "--pcode-field=code",
        "--parent-field=up",
        "--name-field=ku=nav",
        "--name-field=ar=esm",
        "--source=OCHA",
        "--licence=CC BY-IGO",
        "--attribution=© OCHA",
    )

    stored = BoundaryUnit.objects.select_related("release").get()
    assert (stored.pcode, stored.parent_pcode) == ("IQ01", "IQ")
    assert stored.names == {"ku": "Enbar", "ar": "الأنبار"}
    assert (stored.release.licence, stored.release.attribution) == ("CC BY-IGO", "© OCHA")


def test_many_units_without_their_parent_are_listed_in_part(run, boundary_file):
    run("import_boundaries", boundary_file(unit("IQ", HERE)), "--release=iraq", "--level=0")
    path = boundary_file(*(unit(f"IQ{number:02}", HERE) for number in range(30)))

    said = run("import_boundaries", path, "--release=iraq", "--level=1")

    assert "Without their parent in the level above: IQ00; IQ01;" in said
    assert "IQ19 … (30)." in said
    assert "IQ20" not in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--level=7"], "between 0 and 5"),
        (["--level=0", "--country=ZZ"], "ZZ is no ISO 3166"),
        (["--level=0", "--pcode-field=CODE"], "no field CODE. Its fields are: PCODE, NAME_EN"),
        (["--level=0", "--name-field=NAME_EN"], "--name-field is LANG=FIELD"),
        (["--level=0", "--layer=other"], "There is no layer other; there are: units"),
    ],
)
def test_a_wrong_option_is_refused(run, boundary_file, arguments, message):
    with pytest.raises(CommandError) as refusal:
        run("import_boundaries", boundary_file(unit("IQ", HERE)), "--release=iraq", *arguments)

    assert message in str(refusal.value)
    assert not BoundaryRelease.objects.exists()


def test_other_content_for_what_was_in_force_is_refused(run, boundary_file):
    arguments = ("--release=iraq", "--level=0", "--activate")
    run("import_boundaries", boundary_file(unit("IQ", HERE)), *arguments)

    with pytest.raises(CommandError, match="import these under a new release name"):
        run("import_boundaries", boundary_file(unit("IQ", THERE)), *arguments)


def test_activating_an_unknown_release_is_refused(run):
    with pytest.raises(CommandError, match="There is no release iraq; there are: -"):
        run("activate_boundaries", "iraq")


def test_a_refusal_leaves_nothing_behind(run, boundary_file, monkeypatch):
    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr("incidents.services.boundaries.audit_record", fail)
    with pytest.raises(RuntimeError):
        run("import_boundaries", boundary_file(unit("IQ", HERE)), "--release=iraq", "--level=0")

    assert not BoundaryRelease.objects.exists()
    assert not BoundaryUnit.objects.exists()
