"""From findings to a verdict (结论): one rule for every type.

Lateness is a remark that no correction can mend: it decides the verdict only when the office set it to an error
(rules.late, docs/decisions/010).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Finding, Severity, Verdict

_REMARKS = frozenset({"late"})


def verdict_of(findings: Iterable[Finding], doubts: bool) -> Verdict:
    """Any error or open question → returned; only doubts → review; else accepted. Hints do not matter."""
    if any(_returns(finding) for finding in findings):
        return Verdict.RETURNED
    return Verdict.REVIEW if doubts else Verdict.ACCEPTED


def _returns(finding: Finding) -> bool:
    if finding.severity is Severity.EXPLAIN:
        return finding.code not in _REMARKS
    return finding.severity is Severity.ERROR
