// The form that is kept on a device has more rows than most need: empty ones wait behind a button.
function isEmpty(row: HTMLFieldSetElement): boolean {
  const first = row.querySelector("select")!;
  const texts = [...row.querySelectorAll<HTMLInputElement>("input[type=text]")];
  return !first.value && texts.every((text) => !text.value);
}

function rowsOf(form: HTMLFormElement, table: string): HTMLFieldSetElement[] {
  return [...form.querySelectorAll<HTMLFieldSetElement>(`fieldset[id^="${table}-"]`)];
}

// Only sources that are seen are offered: as who says a figure, and as who is passed on.
function offer(form: HTMLFormElement): void {
  const refs = rowsOf(form, "sources").flatMap((row, place) => (row.hidden ? [] : [`s${place + 1}`]));
  for (const option of form.querySelectorAll<HTMLOptionElement>('select[name$="-source"] option')) {
    option.hidden = !refs.includes(option.value);
  }
  for (const ticks of form.querySelectorAll<HTMLElement>('[id^="sources-"] .ticks')) {
    const boxes = [...ticks.querySelectorAll<HTMLInputElement>("input")];
    for (const box of boxes) box.closest("label")!.hidden = !refs.includes(box.value);
    ticks.hidden = !boxes.some((box) => refs.includes(box.value));
  }
}

export function rowsFold(form: HTMLFormElement): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-more]")) {
    const rows = rowsOf(form, button.dataset.more!);
    for (const row of rows.slice(1)) row.hidden = isEmpty(row);
    const next = (): HTMLFieldSetElement | undefined => rows.find((row) => row.hidden);
    button.hidden = !next();
    button.onclick = () => {
      const row = next()!;
      row.hidden = false;
      offer(form);
      row.querySelector("select")!.focus();
      button.hidden = !next();
    };
  }
  offer(form);
}
