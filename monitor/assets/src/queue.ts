// The queue by keyboard, and the pages opened from it: j and k go on, the others do what the page says.
import "./drafts";
import { deskKeep, deskKept, neighbour, placeAgain } from "./desk";
import { aimOf, areOff, help, isListed, isTyping, keyOf, say, showHelp, text, use } from "./keys";

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>("[data-queue] tbody tr")];
}

function current(): HTMLTableRowElement | null {
  return document.querySelector<HTMLTableRowElement>("[data-queue] tr[aria-current]");
}

function linkOf(row: HTMLTableRowElement): HTMLAnchorElement {
  return row.querySelector<HTMLAnchorElement>("th[scope='row'] a")!;
}

function addresses(): string[] {
  return rows().map((row) => linkOf(row).pathname);
}

function isWorkedThrough(): boolean {
  return document.querySelector("[data-queue='desk']") !== null;
}

function mark(row: HTMLTableRowElement): void {
  current()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  if (isWorkedThrough()) deskKeep(addresses(), rows().indexOf(row));
}

function goTo(row: HTMLTableRowElement | undefined): void {
  if (!row) return;
  mark(row);
  linkOf(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

function step(by: 1 | -1): boolean {
  const all = rows();
  if (all.length === 0) return follow(neighbour(by));
  const now = current();
  goTo(now ? all[all.indexOf(now) + by] : all[0]);
  return true;
}

function follow(address: string | null | undefined): boolean {
  if (address) location.assign(address);
  return Boolean(address);
}

function press(key: string): boolean {
  const row = current();
  const back = key === "u" ? deskKept()?.address : null;
  if (back) return follow(back);
  const aim = aimOf(key, row);
  if (aim) use(aim);
  return aim !== null || follow(row?.dataset[key]);
}

function act(key: string): void {
  say("");
  if (key === "?") help();
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (!press(key)) say(text(rows().length > 0 && !current() ? "choose" : "nothing"));
}

// Who types faster than the server answers is not lost a key, and sends nothing twice.
let isSending = false;
let waiting: string[] = [];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = keyOf(event);
  if (!isListed(key) || (areOff() && key !== "?")) return;
  event.preventDefault();
  if (isSending) waiting.push(key);
  else act(key);
});
// From within a field: leave it, so that letters are keys again; from within a text: send its form.
document.addEventListener("keydown", (event) => {
  const field = event.target as HTMLElement;
  if (event.key === "Escape" && isTyping(field) && !field.closest("dialog")) field.blur();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = field instanceof HTMLTextAreaElement ? field.form : null;
  const button = form?.querySelector<HTMLButtonElement>("button:not([type=button])");
  if (form && button) form.requestSubmit(button);
});
document.addEventListener("focusin", (event) => {
  const row = (event.target as Element).closest<HTMLTableRowElement>("[data-queue] tbody tr");
  if (row && row !== current()) mark(row);
});

// After a triage the rows are new: go on at the next one, and say what was done.
let next: string | null = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  isSending = true;
  const row = event.target.closest<HTMLTableRowElement>("[data-queue] tbody tr");
  const all = rows();
  const after = row && (all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1]);
  next = after ? linkOf(after).pathname : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if ((event.target as Element).id !== "main") return;
  showHelp();
  if (isWorkedThrough()) goOn();
  answered();
});
function notAnswered(): void {
  isSending = false;
  waiting = [];
}

document.addEventListener("htmx:sendError", notAnswered);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!(event as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap) notAnswered();
});

function goOn(): void {
  say(document.querySelector(".message.success")?.textContent ?? "");
  const place = next ? addresses().indexOf(next) : placeAgain(addresses());
  goTo(rows()[place]);
}

function answered(): void {
  isSending = false;
  const keys = waiting;
  waiting = [];
  for (const key of keys) {
    if (isSending) waiting.push(key);
    else act(key);
  }
}

showHelp();
goTo(rows()[placeAgain(addresses())]);
// Who comes by a row's key goes on with it: to a part by its name the browser goes itself, and takes the focus.
const asked = /^#key-([a-z])$/.exec(location.hash)?.[1];
if (asked) {
  history.replaceState(history.state, "", location.pathname);
  act(asked);
}
