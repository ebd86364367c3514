// The form of a report where the line may be down: kept on the device, sent when it is back.
import { draftDrop, draftOf, restore } from "./drafts";
import { rowsFold } from "./rows";
import { listHere, sendAll, show } from "./sending";
import { waitingDelete, waitingHeard, waitingOf, waitingPut, writerKeep, writerKnown } from "./waiting";

const WORKER = "/submit/sw.js";
const RECEIPTS = "/receipts/";
const EVERY_MS = 60_000;
// What a row says by itself; the rest of it stands at something from the beginning.
const SAID = /^(sources|claims)-(\d+)-(kind|name|description|url|published_on|outcome|minimum|best|maximum)$/;

function words(id: string): DocumentFragment {
  return document.querySelector<HTMLTemplateElement>(`#${id}`)!.content.cloneNode(true) as DocumentFragment;
}

function typedIn(form: HTMLFormElement): Map<string, string[]> {
  const typed = new Map<string, string[]>();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") typed.set(name, [...(typed.get(name) ?? []), value]);
  }
  return typed;
}

// Two forms of one key (a tab that was doubled) are two reports; one that is mended takes its place.
async function keyOf(sender: string, key: string): Promise<string> {
  const before = (await waitingOf(sender)).find((one) => one.key === key);
  return before && !before.mending ? crypto.randomUUID() : key;
}

async function keep(form: HTMLFormElement): Promise<void> {
  const typed = typedIn(form);
  const sender = listHere()!.dataset.sender!;
  const kept = new Date().toISOString();
  try {
    const key = await keyOf(sender, typed.get("key")![0]);
    typed.set("key", [key]);
    const fields = [...typed].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
    await waitingPut({ key, sender, title: typed.get("title")![0], fields, kept, refused: [], mending: false });
  } catch {
    form.querySelector(":scope > .notice")?.remove();
    form.prepend(words("unkept"));
    return;
  }
  void navigator.storage?.persist?.(); // or a browser short of room may clear it
  draftDrop(form);
  form.replaceWith(words("kept"));
  await show();
  document.querySelector<HTMLElement>("#h-waiting")!.focus();
  await sendAll();
}

// The form that this device keeps: it learns here who writes.
function open(form: HTMLFormElement): void {
  const writer = writerKnown();
  document.querySelector<HTMLElement>("[data-nobody]")!.hidden = writer !== null;
  if (!writer) return;
  document.querySelector<HTMLElement>("[data-writing]")!.hidden = false;
  document.querySelector<HTMLElement>("[data-writer]")!.textContent = writer.label;
  tellOfLine();
  listHere()!.dataset.sender = writer.sender;
  form.dataset.draft = `report:${writer.sender}`;
  form.querySelector<HTMLInputElement>("[name=key]")!.value = crypto.randomUUID();
  restore(form);
  demand(form);
  rowsFold(form);
  tellOfDraft(form);
  form.hidden = false;
}

function tellOfLine(): void {
  const tag = document.querySelector<HTMLElement>("[data-down]");
  if (tag) tag.hidden = navigator.onLine;
}

// What the server would surely refuse is better said while its words are at hand.
function demand(form: HTMLFormElement): void {
  const field = (name: string): HTMLInputElement => form.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
  for (const name of form.dataset.required!.split(" ")) field(name).required = true;
  const kind = field("kind");
  const ask = (): void => void (field("weapon").required = kind.value === "strike");
  kind.addEventListener("change", ask);
  ask();
}

// What was typed here before is in the form again: said, and offered to be thrown away. Rows that it
// had and this page has not are asked of the server.
function tellOfDraft(form: HTMLFormElement): void {
  const kept = draftOf(form);
  if (!kept.length || form.querySelector("[aria-invalid]")) return;
  const wanted = new Map<string, number>();
  for (const [name, value] of kept) {
    const [, table, row] = (value && SAID.exec(name)) || [];
    if (table) wanted.set(table, Math.max(wanted.get(table) ?? 1, Number(row) + 1));
  }
  const isLacking = [...wanted].some(([table, rows]) => !form.querySelector(`#${table}-${rows - 1}`));
  if (isLacking && !("offline" in form.dataset) && !location.search) {
    const asked = [...wanted].map(([table, rows]) => [table, String(rows)]);
    location.replace(`${location.pathname}?${new URLSearchParams(asked)}`);
    return;
  }
  form.prepend(words("drafted"));
  form.querySelector<HTMLButtonElement>("[data-afresh]")!.onclick = () => {
    draftDrop(form);
    location.assign(location.pathname);
  };
}

// The map comes when it is asked for; the field takes coordinates without it.
function offerMap(): void {
  const part = document.querySelector<HTMLDetailsElement>("[data-picker]");
  if (!part?.hidden) return;
  part.hidden = false;
  const failed = (): void => void (part.querySelector("[data-picked]")!.textContent = part.dataset.wordsFailed!);
  const open = (): void => void import("./picker").then(({ pick }) => pick(part)).catch(failed);
  part.addEventListener("toggle", open, { once: true });
}

function begin(): void {
  const list = listHere();
  if (!list) return;
  const { sender, label } = list.dataset;
  if (sender && label) writerKeep({ sender, label });
  const form = document.querySelector<HTMLFormElement>("form[data-offline]");
  if (form?.hidden) open(form);
  void show().then(sendAll);
}

async function install(): Promise<void> {
  await navigator.serviceWorker.register(WORKER);
  await navigator.serviceWorker.ready;
  const told = document.querySelector<HTMLElement>("[data-installed]");
  if (told) told.hidden = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-offline]")) return;
  event.preventDefault();
  void keep(form);
});
// It was taken: what lay here of it, to be mended, is done with.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = (event as CustomEvent<{ xhr: XMLHttpRequest; requestConfig: { elt: Element } }>).detail;
  const key = requestConfig.elt.querySelector<HTMLInputElement>("[name=key]")?.value;
  if (key && requestConfig.elt.matches("form[data-report]") && xhr.responseURL.includes(RECEIPTS)) void waitingDelete(key);
});
// The line is down under a form from the server: it can be kept, too.
document.addEventListener("htmx:sendError", (event) => {
  const form = (event as CustomEvent<{ requestConfig: { elt: Element } }>).detail.requestConfig.elt;
  if (!(form instanceof HTMLFormElement) || !form.matches("form[data-report]") || !isSecureContext) return;
  const notice = form.querySelector(":scope > .notice")!;
  notice.append(words("keeping"));
  notice.querySelector<HTMLButtonElement>("[data-keep]")!.onclick = () => void keep(form);
});

const typed = document.querySelector<HTMLFormElement>("form[data-report]:not([data-offline])");
if (typed) tellOfDraft(typed);
offerMap();
document.addEventListener("htmx:afterSettle", offerMap);
// Without https a browser has no service worker, nor what else this needs.
if (isSecureContext) {
  document.addEventListener("htmx:afterSettle", begin);
  waitingHeard(() => void show());
  window.addEventListener("online", () => void sendAll());
  window.addEventListener("online", tellOfLine);
  window.addEventListener("offline", tellOfLine);
  document.addEventListener("visibilitychange", () => document.hidden || void sendAll());
  setInterval(() => void sendAll(), EVERY_MS);
  begin();
  void install().catch(() => undefined);
}
