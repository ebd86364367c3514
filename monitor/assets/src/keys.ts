// Single keys. What a key does is written in the page: data-key on what it presses, opens or goes to;
// on a row, data-g and data-m say where these lead. The dialog data-keys lists the keys there are.
const OFF = "harmwatch:keys";

export function isTyping(target: EventTarget | null): boolean {
  const typed = "input:not([type=radio], [type=checkbox]), select, textarea, dialog";
  return target instanceof Element && target.closest(typed) !== null;
}

// On an Arabic keyboard the letters stand where the Latin ones do.
export function keyOf(event: KeyboardEvent): string {
  if (event.key === "؟") return "?";
  const latin = /^Key([A-Z])$/.exec(event.code)?.[1];
  return (/^[a-z?]$/i.test(event.key) || !latin ? event.key : latin).toLowerCase();
}

export function areOff(): boolean {
  return localStorage.getItem(OFF) === "off";
}

// The words are the server's, in the reader's language.
export function text(name: string): string {
  return document.querySelector<HTMLElement>("[data-notices]")?.dataset[name] ?? name;
}

// Seen at the page's foot and read aloud, until the next key.
export function say(words: string): void {
  const place = document.querySelector<HTMLElement>("[data-said]");
  if (place) place.textContent = words;
}

function firstField(part: Element): HTMLElement | null {
  return part.querySelector<HTMLElement>("select, textarea");
}

// Press a button, follow a link, or begin to type in a part of the page.
export function use(aim: HTMLElement): void {
  if (aim instanceof HTMLAnchorElement || aim instanceof HTMLButtonElement) return aim.click();
  const field = firstField(aim);
  if (field) field.focus();
  else aim.scrollIntoView();
}

export function aimOf(key: string, row: HTMLElement | null): HTMLElement | null {
  const inRow = row?.querySelector<HTMLElement>(`[data-key="${key}"]`);
  if (inRow) return inRow;
  const all = [...document.querySelectorAll<HTMLElement>(`[data-key="${key}"]`)];
  return all.find((aim) => !aim.closest("[data-queue] tbody")) ?? null;
}

export function isListed(key: string): boolean {
  const listed = document.querySelectorAll("dialog[data-keys] kbd");
  return [...listed].some((one) => one.textContent === key);
}

export function help(): void {
  document.querySelector<HTMLDialogElement>("dialog[data-keys]")?.showModal();
}

// The button and the switch work only with scripts: without them neither is shown.
export function showHelp(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-keys-button]");
  const off = document.querySelector<HTMLInputElement>("[data-keys-off]");
  if (button) {
    button.hidden = false;
    button.onclick = help;
  }
  if (off) {
    off.checked = areOff();
    off.onchange = () => localStorage.setItem(OFF, off.checked ? "off" : "on");
  }
}
