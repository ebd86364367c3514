// The list of what was written on this device: shown, sent when there is a line, mended, deleted.
import { waitingDelete, waitingOf, waitingPut, type Waiting } from "./waiting";

type Trouble = "down" | "session" | "other" | "failed";
type Session = { sender: string; token: string };
type Told = { type?: string; title?: string; receipt?: string; errors?: { message: string }[] };

const LOCK = "harmwatch:sending";
const PATIENCE_MS = 60_000;
// Sent since this page was opened, to be told with their receipts; they are on the device no longer.
const sent: { title: string; receipt: string }[] = [];

export function listHere(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#waiting");
}

// What stands in the form just now is neither shown nor sent beside it.
function keyInForm(): string {
  return document.querySelector<HTMLInputElement>("form[data-report] input[name=key]")?.value ?? "";
}

async function unsent(list: HTMLElement): Promise<Waiting[]> {
  if (!list.dataset.sender) return [];
  const key = keyInForm();
  return (await waitingOf(list.dataset.sender)).filter((one) => one.key !== key);
}

function isToBeSent(one: Waiting): boolean {
  return one.mending || !one.refused.length;
}

async function ask(list: HTMLElement): Promise<Session | Trouble> {
  try {
    const answer = await fetch(list.dataset.door!, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.redirected) return "session";
    if (!answer.ok) return "failed";
    const session = (await answer.json()) as Session;
    return session.sender === list.dataset.sender ? session : "other";
  } catch {
    return "down";
  }
}

async function send(list: HTMLElement, one: Waiting, token: string): Promise<Trouble | null> {
  const body = new URLSearchParams(one.fields);
  body.set("sender", one.sender);
  let answer: Response;
  let told: Told;
  try {
    const headers = { "X-CSRFToken": token };
    answer = await fetch(list.dataset.door!, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.redirected) return "session";
    told = (await answer.json()) as Told;
  } catch {
    return "down"; // taken or not: under its key it can be sent again
  }
  return await note(list, one, answer.status, told);
}

async function note(list: HTMLElement, one: Waiting, status: number, told: Told): Promise<Trouble | null> {
  const words = list.dataset;
  if (status === 200) {
    await waitingDelete(one.key);
    sent.push({ title: one.title, receipt: told.receipt! });
  } else if (told.type?.endsWith(":another-sender")) return "other";
  else if (told.type?.endsWith(":idempotency-conflict")) {
    // Mended in the form it went with other words: it is sent.
    if (one.mending) await waitingDelete(one.key);
    else await waitingPut({ ...one, refused: [words.wordsChanged!] });
  } else if (status === 400 || status === 413) {
    const messages = told.errors?.map((error) => error.message) ?? [];
    await waitingPut({ ...one, mending: false, refused: messages.length ? messages : [told.title ?? ""] });
  } else return "failed";
  return null;
}

async function sendThese(list: HTMLElement, these: Waiting[]): Promise<Trouble | null> {
  tell(list, "sending");
  const session = await ask(list);
  if (typeof session === "string") return session;
  for (const one of these) {
    const trouble = await send(list, one, session.token);
    if (trouble) return trouble;
  }
  return null;
}

// One page of the browser at a time: several are open at once.
export async function sendAll(): Promise<void> {
  const list = listHere();
  if (!list) return;
  const trouble = await navigator.locks.request(LOCK, async () => {
    const these = (await unsent(list)).filter(isToBeSent);
    return these.length ? await sendThese(list, these) : null;
  });
  await show();
  tell(list, trouble);
}

function tell(list: HTMLElement, name: Trouble | "sending" | null): void {
  const words = name ? list.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`]! : "";
  const place = list.querySelector<HTMLElement>("[data-state]")!;
  if (place.textContent !== words) place.textContent = words;
  list.querySelector<HTMLElement>("[data-login]")!.hidden = name !== "session";
}

export async function show(): Promise<void> {
  const list = listHere();
  if (!list) return;
  const these = await unsent(list);
  const entries = [...sent.map((one) => sentEntry(list, one)), ...these.map((one) => unsentEntry(list, one))];
  list.querySelector("ul")!.replaceChildren(...entries);
  list.querySelector<HTMLElement>("[data-unsent]")!.hidden = !these.length;
  const sending = list.querySelector<HTMLElement>("[data-send]")!;
  sending.hidden = !these.some(isToBeSent);
  sending.onclick = () => void sendAll();
  list.querySelector<HTMLElement>("[data-delete-all]")!.onclick = () => void drop(list, these, list.dataset.wordsSureAll!);
  list.hidden = !entries.length;
}

function entry(list: HTMLElement, title: string, tag: string, look: string): HTMLElement {
  const template = list.querySelector<HTMLTemplateElement>("[data-entry]")!;
  const made = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  made.querySelector("[data-title]")!.textContent = title || list.dataset.wordsUntitled!;
  const mark = made.querySelector("[data-tag]")!;
  mark.textContent = tag;
  mark.classList.add(look);
  return made;
}

function sentEntry(list: HTMLElement, one: { title: string; receipt: string }): HTMLElement {
  const made = entry(list, one.title, list.dataset.wordsSent!, "good");
  const link = made.querySelector<HTMLAnchorElement>("[data-receipt]")!;
  link.href = one.receipt;
  link.hidden = false;
  made.querySelector("[data-delete]")!.remove();
  return made;
}

function unsentEntry(list: HTMLElement, one: Waiting): HTMLElement {
  const isRefused = one.refused.length > 0;
  const words = list.dataset;
  const made = entry(list, one.title, isRefused ? words.wordsRefused! : words.wordsWaiting!, isRefused ? "bad" : "accent");
  const errors = one.refused.map((message) => {
    const line = document.createElement("li");
    line.textContent = message;
    return line;
  });
  made.querySelector("[data-errors]")!.append(...errors);
  const mending = made.querySelector<HTMLButtonElement>("[data-mend]")!;
  mending.hidden = !isRefused;
  mending.onclick = () => void mend(list, one);
  made.querySelector<HTMLButtonElement>("[data-delete]")!.onclick = () => void drop(list, [one], words.wordsSure!);
  return made;
}

async function drop(list: HTMLElement, these: Waiting[], question: string): Promise<void> {
  if (!confirm(question)) return;
  for (const one of these) await waitingDelete(one.key);
  await show();
  tell(list, null);
}

// The words go to the form, where what is wrong stands beside each field.
async function mend(list: HTMLElement, one: Waiting): Promise<void> {
  const session = await ask(list);
  if (typeof session === "string") return tell(list, session);
  await waitingPut({ ...one, mending: true });
  const form = document.createElement("form");
  form.method = "post";
  form.action = list.dataset.form!;
  for (const [name, value] of [...one.fields, ["csrfmiddlewaretoken", session.token]]) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
