// Reports that wait on this device for a line: in IndexedDB, unencrypted, each under who wrote it.
// A sender is "person.organisation"; what one wrote, no other is shown, and no other sends.
const DATABASE = "harmwatch";
const STORE = "reports";
const WRITER = "harmwatch:writer";

export interface Waiting {
  key: string; // made once: under it the server takes the report once
  sender: string;
  title: string;
  fields: [string, string][];
  kept: string; // when, ISO 8601
  refused: string[]; // what the server said is to be mended
  mending: boolean; // its words were taken back to the form
}

export interface Writer {
  sender: string;
  label: string;
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// What is done is on the disk when this is over.
async function within<T>(mode: IDBTransactionMode, deed: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const asked = deed(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

async function waiting(): Promise<Waiting[]> {
  const all = await within<Waiting[]>("readonly", (store) => store.getAll());
  return all.sort((one, other) => one.kept.localeCompare(other.kept));
}

export async function waitingOf(sender: string): Promise<Waiting[]> {
  return (await waiting()).filter((one) => one.sender === sender);
}

// Other pages of the browser list the same reports.
const changes = new BroadcastChannel("harmwatch:waiting");

export function waitingHeard(deed: () => void): void {
  changes.onmessage = deed;
}

export async function waitingPut(one: Waiting): Promise<void> {
  await within("readwrite", (store) => store.put(one));
  changes.postMessage(null);
}

export async function waitingDelete(key: string): Promise<void> {
  await within("readwrite", (store) => store.delete(key));
  changes.postMessage(null);
}

function isOf(person: string, sender: string): boolean {
  return sender.startsWith(`${person}.`);
}

// How many reports of a person, for whichever organisation, are not sent.
export async function unsentOf(person: string): Promise<number> {
  return (await waiting()).filter((one) => isOf(person, one.sender)).length;
}

export async function forget(person: string): Promise<void> {
  const writer = writerKnown();
  if (writer && isOf(person, writer.sender)) localStorage.removeItem(WRITER);
  for (const one of await waiting()) {
    if (isOf(person, one.sender)) await waitingDelete(one.key);
  }
}

// Who was logged in when this device last saw the form from the server.
export function writerKnown(): Writer | null {
  const known = localStorage.getItem(WRITER);
  return known ? (JSON.parse(known) as Writer) : null;
}

export function writerKeep(writer: Writer): void {
  localStorage.setItem(WRITER, JSON.stringify(writer));
}
