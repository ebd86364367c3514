"""Texts that would run as script, break a page or turn its words around, if a page let them.

``hostile_report`` has one in every text that a report may hold; whoever makes a page stores it and
looks at the page. ``MARK`` is in all of them: a page that shows one shows the mark as text.
"""

from typing import Any

from tests.factories import report_body

MARK = "xss7f3"
ALERT = f"window.{MARK}=1"
PAYLOADS = (
    f"<script>{ALERT}</script>",
    f"<img src=x onerror={ALERT}>",
    f'"><svg onload={ALERT}>',
    f"'><a href='javascript:{ALERT}'>{MARK}</a>",
    f"</title></textarea></script><script>{ALERT}</script>",
    f"{{{{ {MARK} }}}}{{% debug %}}",
    f"${{{ALERT}}}<template><b>{MARK}</b></template>",
    f"<form action=https://elsewhere.example><button>{MARK}",
    f'<iframe srcdoc="<script>parent.{MARK}=1</script>">',
    f"<div hx-get=/language/ar hx-trigger=load>{MARK}</div>",
    f"<base href=https://elsewhere.example/>{MARK}",
    f"<style>body{{display:none}}/*{MARK}*/</style>",
)
FILE_NAMES = (f"<img src=x onerror={ALERT}>.jpg", f'"><script>{ALERT}<.pdf')
HXL_HEADERS = tuple(f"#adm1+name{payload}" for payload in PAYLOADS[:3])


def hostile_report(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a report with a payload in each of its texts; another choice for each number."""

    def next_payload() -> str:
        nonlocal number
        number += 1
        return PAYLOADS[number % len(PAYLOADS)]

    return report_body(
        **{
            "title": next_payload(),
            "description": "\n".join(PAYLOADS),
            "location__place_name": next_payload(),
            "alleged_actor": next_payload(),
            "sources": [
                {
                    "ref": "h",
                    "kind": "article",
                    "name": next_payload(),
                    "url": f"https://news.example/?a=\"'><script>{ALERT}</script>",
                    "relays": ["w"],
                },
                {"ref": "w", "kind": "witness", "description": next_payload(), "identity": MARK},
            ],
            "claims": [
                {"source": "h", "outcome": "killed", "best": 5, "party": next_payload()},
                {"source": "w", "outcome": "killed", "best": 5},
            ],
            "reporter": {"name": next_payload(), "contact": next_payload()},
            **changes,
        }
    )
