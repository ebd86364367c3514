// The time shown: two sliders, and a button that lets what is between them wander to the end.
import type { Span } from "./incidents";

const STEP_MS = 700;
const DAY_MS = 86_400_000;

export const dayOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

// ``shown`` draws a span at once; ``settled`` is told of one that is to stay.
export function timeline(shown: (span: Span) => void, settled: (span: Span) => void): Span {
  const part = document.querySelector<HTMLElement>("[data-timeline]");
  if (!part) return { from: 0, until: 0, days: [0] }; // nothing is on the map
  const days = part.dataset.timeline!.split(",").map(Number);
  const [from, until] = [...part.querySelectorAll("input")];
  const button = part.querySelector("button")!;
  const output = part.querySelector("output")!;
  const dates = document.createElement("bdi");
  const words = part.dataset;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const last = days.length - 1;
  const span: Span = { from: Number(from.value), until: Number(until.value), days };
  let playing = 0;

  const told = (): void => {
    const [first, final] = [dayOf(days[span.from]), dayOf(days[span.until] - 1)];
    from.value = String(span.from);
    until.value = String(span.until);
    from.setAttribute("aria-valuetext", first);
    until.setAttribute("aria-valuetext", final);
    const isAll = span.from === 0 && span.until === last;
    dates.textContent = `${first} – ${final}`;
    output.replaceChildren(dates, isAll ? ` (${words.wordsAlways})` : "");
  };
  const show = (): void => {
    told();
    shown(span);
  };
  const stop = (): void => {
    if (!playing) return;
    clearInterval(playing);
    playing = 0;
    button.textContent = words.wordsPlay!;
    output.ariaLive = "polite";
    settled(span);
  };
  const step = (): void => {
    span.from += 1;
    span.until += 1;
    show();
    if (span.until >= last) stop();
  };
  // From the end it begins anew, and with all the time shown, with an eighth of it.
  const rewind = (): void => {
    const width = span.until - span.from;
    span.until = width < last ? width : Math.max(1, Math.round(last / 8));
    span.from = 0;
    show();
  };
  button.addEventListener("click", () => {
    if (playing) return stop();
    const isOver = span.until >= last;
    if (isOver) rewind();
    if (isStill) {
      if (!isOver) step();
      return settled(span);
    }
    button.textContent = words.wordsPause!;
    output.ariaLive = "off";
    playing = window.setInterval(step, STEP_MS);
  });
  from.addEventListener("input", () => {
    stop();
    span.from = Number(from.value);
    span.until = Math.max(span.until, span.from + 1);
    show();
  });
  until.addEventListener("input", () => {
    stop();
    span.until = Number(until.value);
    span.from = Math.min(span.from, span.until - 1);
    show();
  });
  for (const slider of [from, until]) slider.addEventListener("change", () => settled(span));
  button.textContent = isStill ? words.wordsStep! : words.wordsPlay!;
  told();
  part.hidden = false;
  return span;
}
