// Who logs out leaves nothing of theirs on the device, and is told first of what was not sent.
import { forget, unsentOf } from "./waiting";

const LOGOUT = "/account/logout/";

async function leave(form: HTMLFormElement, person: string): Promise<void> {
  try {
    if (!("told" in form.dataset) && (await unsentOf(person))) {
      const words = document.querySelector<HTMLTemplateElement>("#leaving")!;
      form.before(words.content.cloneNode(true));
      form.dataset.told = "";
      return;
    }
    await forget(person);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
  sessionStorage.clear(); // drafts, and the list that was worked through
  form.submit();
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const person = document.body.dataset.person;
  if (!person || form.getAttribute("action") !== LOGOUT) return;
  event.preventDefault();
  void leave(form, person);
});
