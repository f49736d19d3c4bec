"""``junit.xml``: the outcomes of a run in the form that every CI system reads. One test case for each scenario and surface, by its last attempt."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from verdicts.outcome import Outcome, Status, final, read

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets)."""

KIND = {
    Status.FAILED: "failure",
    Status.ERROR: "error",
    Status.INCOMPLETE: "error",
    Status.BLOCKED: "error",
    Status.NOT_APPLICABLE: "skipped",
    Status.QUARANTINED: "skipped",
}
"""What is neither green nor slow; an attempt that cannot tell is an error, never a pass."""


def write(folder: Path) -> Path:
    """Write a run's ``junit.xml`` from its outcomes."""
    outcomes = sorted(final(read(folder / "outcomes.jsonl")), key=lambda each: (each.journey, each.scenario, each.surface))
    counted = Counter(KIND.get(outcome.status) for outcome in outcomes)
    suite = ET.Element(
        "testsuite",
        name="synthetics",
        tests=str(len(outcomes)),
        failures=str(counted["failure"]),
        errors=str(counted["error"]),
        skipped=str(counted["skipped"]),
        time=f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    )
    suite.extend(case(outcome) for outcome in outcomes)
    root = ET.Element("testsuites")
    root.append(suite)
    path = folder / "junit.xml"
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def case(outcome: Outcome) -> ET.Element:
    """Return one outcome as a test case."""
    element = ET.Element("testcase", classname=f"synthetics.{outcome.journey}", name=f"{outcome.scenario}[{outcome.surface}]", time=f"{outcome.seconds:.3f}")
    properties = ET.SubElement(element, "properties")
    for name in ("owner", "severity", "failure", "risk", "runbook", "trace_id", "status"):
        ET.SubElement(properties, "property", name=name, value=legal(str(getattr(outcome, name))))
    if kind := KIND.get(outcome.status):
        told = ET.SubElement(element, kind, message=legal((outcome.error or outcome.status).splitlines()[0]), type=outcome.status)
        told.text = legal("\n".join(part for part in (outcome.title, outcome.error, outcome.where, " > ".join(outcome.states)) if part))
    return element


def legal(text: str) -> str:
    """Replace what XML cannot hold."""
    return ILLEGAL.sub("\ufffd", text)
