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
# It leaves whatever it stands in (a text, an attribute, a title, a script) and makes elements and
# an attribute that have the mark as their names; short enough for every field, and without a slash
# for addresses.
BREAKOUT = f"'\"--></title></textarea></script><{MARK} {MARK}=1><img src=x onerror={ALERT}>"
BREAKOUT_PART = f"'\"--><{MARK} {MARK}=1><img src=x onerror={ALERT}>"
# A link may have no blanks.
BREAKOUT_LINK = f"https://news.example/?'\"--></title></script><{MARK}/{MARK}=1>"
FILE_NAMES = (f"<img src=x onerror={ALERT}>.jpg", f'"><script>{ALERT}<.pdf')
HXL_HEADERS = tuple(f"#adm1+name{payload}" for payload in (BREAKOUT, *PAYLOADS[:3]))


def breakout_report(**changes: Any) -> dict[str, Any]:
    """Return a report each text of which breaks out of where it is put."""
    texts = dict.fromkeys(("title", "alleged_actor", "location__place_name"), BREAKOUT)
    return report_body(
        **{
            **texts,
            "description": f"{BREAKOUT}\n{BREAKOUT}",
            "sources": [
                {"ref": "h", "kind": "article", "name": BREAKOUT, "url": BREAKOUT_LINK}
                | {"description": BREAKOUT, "relays": ["w"]},
                {"ref": "w", "kind": "witness", "description": BREAKOUT, "identity": BREAKOUT},
            ],
            "claims": [
                {"source": "h", "outcome": "killed", "best": 5},
                {"source": "w", "outcome": "killed", "best": 5, "party": BREAKOUT},
            ],
            "reporter": {"name": BREAKOUT, "contact": BREAKOUT},
            **changes,
        }
    )


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
