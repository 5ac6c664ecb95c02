"""Every page in Thai and light, and in English and dark: nothing from outside, no errors, the right language, room on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.driving import PAGES, Server, open_page, settled

# Latin words that belong on a Thai page: abbreviations, file formats and names that Thai readers use as they are.
ALLOWED_LATIN = set(
    """
    TSQP SD PMT CSV XLSX XLS ODS TSV PNG PDF HTML URL UTF BOM ID SE CI MOU UNESCO UNICEF EEF DLA CCT TIS HMAC TSRS RIPED
    Reach Up English Windows Excel PowerPoint Parquet PostgreSQL DuckDB Thailand Zero Dropout PISA OECD Covid Sarabun OCHA COD AB geoBoundaries CC BY IGO GNLC AEA RCT Registry AEARCTR ICC NT NET
    """.split()  # noqa: SIM905
)
ALLOWED_THAI = {"ไทย", "กทม"}  # in the language switch, and the example of what may be typed into the search box
QUOTING = {"claims"}  # published sentences and their sources stand in the language they were published in
# Text that is code or a symbol, and text of Streamlit's own that cannot be translated.
SKIPPED = ", ".join(
    (
        "code",
        "pre",
        "[class*='st-key-language']",
        "a[href='#stMain']",  # "Skip to main content"
        "[class*='st-key-quoted']",  # sources, in the language they were published in
        "[lang=en] [lang=th]",  # names that there are in Thai alone, and said to be Thai
        "[data-testid='stFileUploaderDropzone']",  # "Upload", "200MB per file"
    )
)
IDENTIFIER = re.compile(r"\br?\d{8}-\d{6}\b|\b[a-z]+(?:_[a-z0-9]+)+\b")  # releases, tables
VISIBLE_WORDS = """(skip) => {
  const words = [];
  const walk = document.createTreeWalker(document.querySelector('[data-testid="stApp"]'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent || parent.closest('script, style, ' + skip) || !parent.checkVisibility()) continue;
    if (getComputedStyle(parent).fontFamily.includes('Material')) continue;  // icons are ligatures of words
    words.push(walk.currentNode.textContent.trim());
  }
  document.querySelectorAll('input[placeholder]').forEach(e => e.value || words.push(e.placeholder));
  return [document.title, ...words.filter(Boolean)];
}"""
SIDEWAYS = """() => {
  const over = [];
  for (const box of [document.documentElement, document.querySelector('[data-testid="stMain"]')])
    if (box.scrollWidth > box.clientWidth + 1) over.push(box.tagName + ' ' + box.scrollWidth + ' > ' + box.clientWidth);
  if (over.length)
    document.querySelectorAll('[data-testid="stMain"] *').forEach(e => {
      const r = e.getBoundingClientRect();
      if (r.right > innerWidth + 1 && r.width) over.push(e.tagName + '.' + e.className + ' ' + Math.round(r.right));
    });
  return over.slice(0, 12);
}"""
# axe rules that Streamlit itself breaks: rule -> where and why. Only nodes that match the selector are forgiven.
STREAMLIT_OWN: dict[str, str] = {}


def open_everything(page: Page) -> None:
    """Open every tab in turn and every expander, so that hidden words are drawn."""
    closed = page.locator('[data-testid="stExpander"] summary, .sb-details:not([open]) > summary')
    for summary in closed.all()[::-1]:
        summary.click()
    settled(page)


@pytest.mark.parametrize(("lang", "dark"), [("th", False), ("en", True)], ids=["thai-light", "english-dark"])
@pytest.mark.parametrize("name", PAGES)
def test_page(new_page: Callable[..., Page], server: Server, name: str, lang: str, dark: bool) -> None:
    page = new_page(dark=dark)
    open_page(page, server, name, lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    notice = "ข้อมูลสาธิต" if lang == "th" else "Demonstration data"
    assert notice in page.locator(".sb-pill").inner_text()
    background = page.evaluate("getComputedStyle(document.querySelector('[data-testid=\"stApp\"]')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 200) == dark
    open_everything(page)
    wrong = {
        "axe": axe_violations(page),
        "words of the other language": [] if name in QUOTING and lang == "en" else strangers(page, lang),
        "sideways": sideways(page),
    }
    complaints = [f"{kind}: {one}" for kind, many in wrong.items() for one in many]
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def strangers(page: Page, lang: str) -> list[str]:
    """Visible text in the other language, with the words that gave it away."""
    found = []
    for text in page.evaluate(VISIBLE_WORDS, SKIPPED):
        words_only = IDENTIFIER.sub("", text)
        if lang == "th":
            words = {w for w in re.findall(r"[A-Za-z]{2,}", words_only) if w not in ALLOWED_LATIN}
        else:
            words = {w for w in re.findall(r"[\u0e00-\u0e7f]+", words_only) if w not in ALLOWED_THAI}
        if words:
            found.append(f"{sorted(words)} in: {text[:140]}")
    return list(dict.fromkeys(found))


def sideways(page: Page) -> list[str]:
    """What sticks out on a phone of 390 px."""
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page, 500)
    return page.evaluate(SIDEWAYS)


def axe_violations(page: Page) -> list[str]:
    """Serious and critical violations, apart from those that are Streamlit's own."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] not in ("serious", "critical"):
            continue
        own = STREAMLIT_OWN.get(violation["id"])
        for node in violation["nodes"]:
            target = str(node["target"][0])
            if own and page.locator(target).first.evaluate("(e, s) => !!e.closest(s)", own):
                continue
            found.append(f"{violation['id']}: …{target[-90:]} {node['html'][:160]}")
    return found
