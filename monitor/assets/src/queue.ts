// The queue by keyboard: j and k move, o and Enter open, t triages, g grades, m compares, ? helps.
import "./drafts";

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("[data-queue] tbody tr")];
}

function current(): HTMLTableRowElement | null {
  return document.querySelector<HTMLTableRowElement>("[data-queue] tr[aria-current]");
}

function linkOf(row: HTMLTableRowElement): HTMLAnchorElement {
  return row.querySelector<HTMLAnchorElement>("th[scope='row'] a")!;
}

function goTo(row: HTMLTableRowElement | undefined): void {
  if (!row) return;
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  linkOf(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

function step(by: 1 | -1): void {
  const all = rows();
  const now = current();
  goTo(now ? all[all.indexOf(now) + by] : all[0]);
}

function help(): void {
  document.querySelector<HTMLDialogElement>("dialog[data-keys]")?.showModal();
}

const DEEDS: Record<string, (row: HTMLTableRowElement) => void> = {
  o: (row) => linkOf(row).click(),
  g: (row) => location.assign(`${linkOf(row).href}#grade`),
  m: (row) => row.dataset.matches && location.assign(row.dataset.matches),
  t: (row) => row.querySelector<HTMLButtonElement>("[data-triage] button")?.click(),
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, dialog") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const row = current();
  const deed = DEEDS[event.key];
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") help();
  else if (deed && row) deed(row);
  else return;
  event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  const row = (event.target as Element).closest<HTMLTableRowElement>("[data-queue] tbody tr");
  if (row && row !== current()) {
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }
});

// After a triage the rows are new: go on at the same place.
let place = -1;
document.addEventListener("htmx:beforeRequest", () => {
  const row = current();
  place = row ? rows().indexOf(row) : -1;
});
document.addEventListener("htmx:afterSettle", () => {
  if (place >= 0) goTo(rows()[place] ?? rows().at(-1));
  showButton();
});

function showButton(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-keys-button]");
  if (!button) return;
  button.hidden = false;
  button.onclick = help;
}

showButton();
