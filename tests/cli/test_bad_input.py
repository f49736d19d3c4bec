"""Bad input is one clear message and exit code 2 or 3; the product is not touched, and nothing is made."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
import trustme

from tests.products.tiny.server import Handler, Tiny, serving
from tests.tree import Tree, scenario

KEPT = scenario("kept", "signup.sign_up(visitor)")


@pytest.fixture(autouse=True)
def product(tree: Tree, tiny: Tiny) -> Iterator[None]:
    """Write a scenario that would make an account; afterwards nobody may have asked for one."""
    tree.scenarios(KEPT)
    yield
    assert tiny.accounts == {}
    assert not any(each["path"] == "/accounts" for each in tiny.seen)


def changed(tree: Tree, before: str, after: str) -> None:
    """Change the file of targets."""
    file = tree.own / "targets.toml"
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))


@pytest.mark.parametrize(
    ("words", "before", "after", "said"),
    [
        (["--target", "tini"], "", "", "{file}: no target 'tini'; allowed is one of tiny; add a table [tini], or choose one"),
        ([], "[tiny]", "[tiny", "{file}: not valid TOML: Expected ']' at the end of a table declaration (at line 2, column 6)"),
        ([], "[tiny.bounds]", "colour = 'red'\n[tiny.bounds]", "{file}: tiny.colour: saw 'red'; allowed is only the keys"),
        (
            [],
            "[tiny.bounds]",
            "[tiny.secrets]\ntoken = {{ env = 'NOBODY_HAS_THIS' }}\n[tiny.bounds]",
            "{file}: tiny.secrets.token: saw no value; allowed is a secret in the environment variable NOBODY_HAS_THIS; set it and run again",
        ),
        ([], '"tiny"', '"huge"', "{file}: tiny.product: saw 'huge'; allowed is one of "),
        ([], "folder:mail", "pigeon:mail", "{file}: tiny.mailbox: saw 'pigeon:mail': 'pigeon' is no kind of mailbox; allowed is "),
    ],
)
def test_a_target_that_is_wrong_is_told_before_anything_is_made(tree: Tree, words: list[str], before: str, after: str, said: str) -> None:
    """Exit code 2, one line on stderr that names the file, the key, what was seen and what is allowed; no folder of a run."""
    changed(tree, before, after.format())

    done = tree.run("--surface", "api", *words)

    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("synthetics run: " + said.format(file=tree.own / "targets.toml"))
    assert not (tree.folder / "artifacts").exists()


def told(tree: Tree, *words: str) -> tuple[int, str]:
    """Run, and return the exit code and the last line without it; they stand in run.json too, nothing was tried, and no traceback is shown."""
    done = tree.run(*(words or ("--surface", "api")))
    record = tree.record()
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr == ""
    assert tree.outcomes() == []
    said = f"exit {done.returncode}: "
    assert done.stdout.splitlines()[-1 - record["exit_reason"].count("\n")].startswith(said)
    assert done.stdout.endswith(f"{said}{record['exit_reason']}\n")
    return record["exit"], record["exit_reason"]


def test_an_unreachable_target_is_not_told_as_the_products_fault(tree: Tree, tiny: Tiny) -> None:
    """Where nothing listens, the monitor cannot tell."""
    changed(tree, tiny.url, "http://127.0.0.1:9")

    assert told(tree) == (3, "target 'tiny' is unreachable: nothing answers at http://127.0.0.1:9/version: ConnectError: All connection attempts failed")


def test_a_certificate_of_another_authority_is_refused(tree: Tree, tiny: Tiny) -> None:
    """Nothing is sent to a product whose certificate the target's authority did not give."""
    ours, other = trustme.CA(), trustme.CA()
    ours.cert_pem.write_to_path(str(tree.own / "ca.pem"))
    with serving() as impostor:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        other.issue_cert("127.0.0.1").configure_cert(context)
        impostor.socket = context.wrap_socket(impostor.socket, server_side=True)
        url = impostor.url.replace("http:", "https:")
        changed(tree, f'"{tiny.url}"', f'"{url}"\nca = "ca.pem"')

        code, reason = told(tree)

    assert code == 3
    assert reason.startswith(f"target 'tiny' is unreachable: nothing answers at {url}/version: its certificate is not trusted: ")
    assert impostor.seen == []


class Stranger(Handler):
    """Another product, which says so."""

    def do_GET(self) -> None:  # noqa: N802 -- the name that the standard library calls
        """Answer any address."""
        self.answer(200, {"product": "Something else", "version": "1"})


def test_another_product_at_the_address_is_sent_nothing(tree: Tree, tiny: Tiny) -> None:
    """Who answers is asked for its name first, and a wrong one ends the run."""
    with serving() as stranger:
        stranger.RequestHandlerClass = Stranger
        changed(tree, tiny.url, stranger.url)

        assert told(tree) == (3, f"target 'tiny' does not say who it is: {stranger.url} is 'Something else', not Tiny")

    assert stranger.accounts == {}


def test_without_a_browser_the_monitor_cannot_tell(tree: Tree) -> None:
    """The message names the setting and what to do; by API nobody needs one."""
    tree.environment["SYNTHETICS_CHROMIUM"] = "/nowhere/chrome"

    assert told(tree, "--lanes", "1") == (
        3,
        "SYNTHETICS_CHROMIUM should be the path of a Chromium that can be run, and is /nowhere/chrome: correct it or unset it",
    )


def test_a_driver_that_lacks_what_it_offers_is_refused(tree: Tree) -> None:
    """Exit code 2; the message names the driver, the offer and the methods to write."""
    product = tree.own / "tiny" / "product.py"
    product.write_text(product.read_text().replace("def log_out", "def log_off"))

    assert told(tree) == (
        2,
        "product 'tiny', api driver tiny.product.ApiDriver: offers Sessions, but its 'accounts' has no log_out; write them, or take the offer out",
    )


def test_what_scenarios_declare_wrongly_is_told_all_at_once(tree: Tree) -> None:
    """Exit code 2, a line for each: which scenario, what was seen, what is allowed; the run is on record, with its page."""
    tree.scenarios(KEPT, scenario("a", "pass", owner="'nobody'"), scenario("b", "pass", risk="'no-such-risk'"), scenario("c", "pass", severity="'dreadful'"))

    code, reason = told(tree)

    assert code == 2
    assert [line.partition("; allowed")[0] for line in reason.splitlines()] == [
        "synthetics/signup/test_them.py: scenario 'signup.a': saw owner 'nobody'",
        "synthetics/signup/test_them.py: scenario 'signup.b': saw risk 'no-such-risk'",
        "synthetics/signup/test_them.py: scenario 'signup.c': saw severity 'dreadful'",
    ]
    assert tree.record()["ended"]
    assert (tree.latest / "report" / "index.html").exists()


def test_an_option_that_pytest_does_not_know_is_bad_usage(tree: Tree) -> None:
    """Exit code 2 with pytest's own words."""
    code, reason = told(tree, "--surface", "api", "--", "--nonsense")

    assert code == 2
    assert "unrecognized arguments: --nonsense" in reason


def test_a_scenario_that_cannot_be_read_keeps_the_run_from_being_green(tree: Tree) -> None:
    """A file that does not even import is the monitor's fault: nothing is tried, and the reason names the file and the error."""
    tree.scenarios("import no_such_module_at_all\n", file="test_unreadable.py")

    code, reason = told(tree)

    assert code == 3
    assert reason == "nothing was tried; the runner said: synthetics/signup/test_unreadable.py: ModuleNotFoundError: No module named 'no_such_module_at_all'"
