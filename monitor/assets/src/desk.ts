// The list somebody works through, in this tab: so that a page opened from it leads to the next one,
// and back to where one was. Addresses only, no words.
const KEPT = "desk";

interface Desk {
  address: string;
  rows: string[];
  at: number;
}

function here(): string {
  return location.pathname + location.search;
}

export function deskKept(): Desk | null {
  const kept = sessionStorage.getItem(KEPT);
  return kept ? (JSON.parse(kept) as Desk) : null;
}

export function deskKeep(rows: string[], at: number): void {
  sessionStorage.setItem(KEPT, JSON.stringify({ address: here(), rows, at }));
}

// Where to go on in a list that is shown again: at the same one, or at what stands in its place.
export function placeAgain(rows: string[]): number {
  const desk = deskKept();
  if (!desk || desk.address !== here() || desk.at < 0) return -1;
  const same = rows.indexOf(desk.rows[desk.at]!);
  return same >= 0 ? same : Math.min(desk.at, rows.length - 1);
}

// The next or the one before in the list that this page was opened from; the list, past its ends.
export function neighbour(by: 1 | -1): string | null {
  const desk = deskKept();
  if (!desk) return null;
  const found = desk.rows.findIndex((row) => location.pathname.startsWith(row));
  const at = (found >= 0 ? found : desk.at) + by;
  const next = desk.rows[at];
  if (next) sessionStorage.setItem(KEPT, JSON.stringify({ ...desk, at }));
  return next ?? desk.address;
}
