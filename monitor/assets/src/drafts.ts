// What somebody types is not lost: not with the line, not with the session, not with a reload.
//
// Fields of a form with data-draft are kept in this tab's sessionStorage until the server has taken
// them. Fields with data-unkept (sealed words), files and hidden ones without data-kept never are.
// Forms with data-form are sent by htmx, so that a line that is down leaves the page as it is.
import htmx from "htmx.org";
import { text } from "./keys";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const LOGIN = "/account/";
const PERSON = "drafts-of";

function fieldsOf(form: HTMLFormElement): Field[] {
  const fields = [...form.elements].filter(
    (one): one is Field =>
      one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement,
  );
  return fields.filter(
    (field) =>
      field.name !== "" &&
      (!["hidden", "file", "password"].includes(field.type) || "kept" in field.dataset) &&
      !("unkept" in field.dataset),
  );
}

function keyOf(form: HTMLFormElement): string | null {
  return form.dataset.draft ? `draft:${form.dataset.draft}` : null;
}

function isChoice(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

export function draftOf(form: HTMLFormElement): [string, string][] {
  const key = keyOf(form);
  return JSON.parse((key && sessionStorage.getItem(key)) || "[]") as [string, string][];
}

export function draftDrop(form: HTMLFormElement): void {
  const key = keyOf(form);
  if (key) sessionStorage.removeItem(key);
}

function keep(form: HTMLFormElement): void {
  const key = keyOf(form);
  if (!key) return;
  const fields = fieldsOf(form);
  const names = new Set(fields.map((field) => field.name));
  const kept = draftOf(form).filter(([name]) => !names.has(name)); // of rows that this page does not have
  for (const field of fields) {
    if (!isChoice(field) || field.checked) kept.push([field.name, field.value]);
  }
  sessionStorage.setItem(key, JSON.stringify(kept));
}

export function restore(form: HTMLFormElement): void {
  const kept = draftOf(form);
  if (!kept.length || form.querySelector("[aria-invalid], .errorlist")) return; // the server kept it
  for (const field of fieldsOf(form)) {
    const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (isChoice(field)) field.checked = values.includes(field.value);
    else if (values[0] !== undefined) field.value = values[0];
  }
  if (kept.some(([, value]) => value !== "")) {
    const around = form.closest("details");
    if (around) around.open = true;
  }
}

function tell(form: HTMLFormElement, name: "offline" | "session" | "refused"): void {
  form.querySelector(":scope > .notice")?.remove();
  const notice = document.createElement("div");
  notice.className = "message error notice";
  notice.setAttribute("role", "alert");
  notice.textContent = text(name) + " ";
  if (name === "session") {
    const link = document.createElement("a");
    link.href = `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = text("login");
    notice.append(link);
  }
  form.prepend(notice);
}

function prepare(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-form]")) {
    if (!form.hasAttribute("hx-boost")) {
      form.setAttribute("hx-boost", "true");
      form.setAttribute("hx-target", "#main");
      form.setAttribute("hx-select", "#main");
      form.setAttribute("hx-select-oob", "#masthead"); // it marks the room, and its language link the page
      form.setAttribute("hx-sync", "this:drop"); // pressed twice, it is sent once
      form.setAttribute("hx-swap", "outerHTML show:window:top");
      htmx.process(form);
    }
    restore(form);
  }
}

interface Sent {
  xhr: XMLHttpRequest;
  requestConfig: { elt: Element; triggeringEvent?: SubmitEvent };
  shouldSwap?: boolean;
  isError?: boolean;
}

function landedAt(xhr: XMLHttpRequest): string {
  return xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
}

// Another row was asked for: nothing is sent yet.
function isForRow(sent: Sent): boolean {
  const button = sent.requestConfig.triggeringEvent?.submitter;
  return button instanceof HTMLButtonElement && button.name.startsWith("add_");
}

function formOf(sent: Sent): HTMLFormElement | null {
  const sender = sent.requestConfig.elt;
  return sender instanceof HTMLFormElement && "form" in sender.dataset ? sender : null;
}

document.addEventListener("input", (event) => {
  const form = (event.target as Field).form;
  if (form) keep(form);
});
document.addEventListener("htmx:sendError", (event) => {
  const form = formOf((event as CustomEvent<Sent>).detail);
  if (form) tell(form, "offline");
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const sent = (event as CustomEvent<Sent>).detail;
  const form = formOf(sent);
  if (landedAt(sent.xhr).startsWith(LOGIN)) {
    sent.shouldSwap = false;
    if (form) tell(form, "session");
    return;
  }
  if (!form) return;
  const isPage = sent.xhr.responseText.includes('id="main"');
  if (sent.xhr.status >= 400 && isPage) {
    sent.shouldSwap = true; // the page says why, with what was typed
    sent.isError = false;
  } else if (sent.xhr.status >= 400) tell(form, "refused");
  else if (!isForRow(sent)) draftDrop(form);
});

// Where somebody goes on who sent a form: at what is to be mended, or at what was done.
function answerOf(page: Element): HTMLElement | null {
  for (const found of ["#conflict", "[aria-invalid=true]", ".message.error", ".message.success"]) {
    const answer = page.querySelector<HTMLElement>(found);
    if (answer) return answer;
  }
  return null;
}

document.addEventListener("htmx:afterSettle", (event) => {
  const page = event.target as Element;
  prepare(page);
  const answer = page.id === "main" ? answerOf(page) : null;
  if (!answer) return;
  if (answer.matches("section, div")) answer.tabIndex = -1;
  answer.focus();
});

// Somebody else may have logged in in the same tab. The form kept for no line knows nobody.
function othersDrop(): void {
  const { person } = document.body.dataset;
  if (!person) return;
  if ((sessionStorage.getItem(PERSON) ?? person) !== person) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
  }
  sessionStorage.setItem(PERSON, person);
}

othersDrop();
prepare(document);
