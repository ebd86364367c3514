// The map over the page's drawing: its extent drives the list below and the address. Without
// WebGL, or where anything fails, the drawing and the list stay as they are.
import * as maplibregl from "maplibre-gl";
import { CELLS, populationAdd, tilesOf, townsAdd } from "./backdrop";
import { colour, mapIn } from "./basemap";
import { LAYERS, type Span, incidentsAdd, incidentsShow, numberOf } from "./incidents";
import { asking } from "./polygon";
import { dayOf, timeline } from "./timeline";

const OLD_MS = 300_000;

const holder = document.querySelector<HTMLElement>("[data-map]");
if (holder) void start(holder);

async function start(holder: HTMLElement): Promise<void> {
  const [west, south, east, north] = holder.dataset.bbox!.split(",").map(Number);
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  holder.append(canvas);
  holder.classList.add("live");
  const map = await mapIn(canvas, [west, south, east < west ? east + 360 : east, north]);
  map.on("load", () => {
    holder.querySelector("svg")?.remove();
    const query = new URLSearchParams(holder.dataset.query);
    const changing = (): void => holder.removeAttribute("data-drawn");
    const listed = (): void => void listShow(holder, query).catch(() => undefined);
    const span = timeline((span) => {
      changing();
      incidentsShow(map, span);
    }, (span) => {
      periodSet(query, span);
      listed();
    });
    cellsAdd(map);
    incidentsAdd(map, tilesOf(holder.dataset.tiles!, tilesQuery(query, span)), span);
    townsAdd(map, holder.dataset.towns!);
    populationAdd(map, (on) => {
      changing();
      fieldSet(query, "people", on ? "1" : "");
      listed();
    });
    let cellsAwaited = 0;
    const cellsAgain = async (): Promise<void> => {
      cellsAwaited += 1;
      // A lost line leaves what is shown; the next move asks again.
      await cellsShow(map, holder, query).catch(() => undefined);
      cellsAwaited -= 1;
      map.triggerRepaint(); // nothing may have changed: the map is idle once more
    };
    void cellsAgain();
    map.on("moveend", () => {
      fieldSet(query, "bbox", extentOf(map));
      void cellsAgain();
      listed();
    });
    comingBack(() => {
      changing();
      map.refreshTiles("incidents");
      void cellsAgain();
      listed();
    });
    pointing(map, holder, span);
    asking(map);
    map.on("movestart", changing);
    map.on("idle", () => holder.toggleAttribute("data-drawn", cellsAwaited === 0 && map.areTilesLoaded()));
  });
}

// Of a page that was left for longer, what is shown is asked for anew.
function comingBack(again: () => void): void {
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - asked < OLD_MS) return;
    asked = Date.now();
    again();
  });
}

function cellsAdd(map: maplibregl.Map): void {
  map.addSource("cells", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({
    id: "cells",
    type: "fill",
    source: "cells",
    paint: {
      "fill-color": ["interpolate", ["linear"], ["get", "risk_class"], 1, colour("risk-low"), 10, colour("risk-high")],
      "fill-opacity": CELLS,
    },
  }, "borders");
}

// The tiles hold what fits the filters at any time.
function tilesQuery(query: URLSearchParams, span: Span): string {
  const asked = new URLSearchParams(query);
  for (const name of ["bbox", "time_from", "time_until", "people"]) asked.delete(name);
  asked.set("days", span.days.join(","));
  return asked.toString();
}

// A span that reaches an end of the record is open there: what arrives later belongs to it.
function periodSet(query: URLSearchParams, { from, until, days }: Span): void {
  fieldSet(query, "time_from", from > 0 ? dayOf(days[from]) : "");
  fieldSet(query, "time_until", until < days.length - 1 ? dayOf(days[until] - 1) : "");
}

function fieldSet(query: URLSearchParams, name: string, value: string): void {
  if (value) query.set(name, value);
  else query.delete(name);
  const field = document.querySelector<HTMLInputElement>(`#id_${name}`);
  if (field) field.value = value;
}

let cellsAsked = 0;
let listAsked = 0;

async function cellsShow(map: maplibregl.Map, holder: HTMLElement, query: URLSearchParams): Promise<void> {
  const number = ++cellsAsked;
  const asked = new URLSearchParams(query);
  asked.set("bbox", extentOf(map));
  const answer = await fetch(`${holder.dataset.cells}?${asked}`);
  if (answer.redirected) return location.reload(); // the session has ended: to the login
  if (!answer.ok || number !== cellsAsked) return;
  (map.getSource("cells") as maplibregl.GeoJSONSource).setData(await answer.json());
}

// The list below and the address, after what is shown has been changed.
async function listShow(holder: HTMLElement, query: URLSearchParams): Promise<void> {
  const number = ++listAsked;
  const address = `${holder.dataset.list}?${query.toString().replaceAll("%2C", ",")}`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (answer.redirected) return location.reload();
  if (!answer.ok || number !== listAsked) return;
  document.querySelector("#list")!.innerHTML = await answer.text();
  history.replaceState(null, "", address);
}

function extentOf(map: maplibregl.Map): string {
  const bounds = map.getBounds();
  const within = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;
  const whole = bounds.getEast() - bounds.getWest() >= 360;
  const west = whole ? -180 : within(bounds.getWest());
  const east = whole ? 180 : within(bounds.getEast());
  const numbers = [west, Math.max(bounds.getSouth(), -90), east, Math.min(bounds.getNorth(), 90)];
  return numbers.map((number) => number.toFixed(4)).join(",");
}

// A cell's class and interval are told while the pointer is on it; a click opens what is there.
function pointing(map: maplibregl.Map, holder: HTMLElement, span: Span): void {
  const words = holder.dataset;
  const labels = JSON.parse(words.labels!) as Record<string, string>;
  const hover = document.createElement("p");
  hover.className = "told hover";
  hover.hidden = true;
  holder.append(hover);
  map.on("mousemove", "cells", (event) => {
    const told = event.features![0].properties as Record<string, string>;
    hover.textContent = `${words.wordsClass} ${told.risk_class}: ${told.people} (${told.interval}) ${words.wordsPeople}`;
    hover.hidden = false;
  });
  map.on("mousemove", "gathered", (event) => {
    hover.textContent = `${numberOf(event.features![0].properties, span).toLocaleString("en")} ${words.wordsIncidents}`;
    hover.hidden = false;
  });
  for (const layer of ["cells", "gathered"]) map.on("mouseleave", layer, () => (hover.hidden = true));
  map.on("click", "gathered", (event) => {
    if (holder.hasAttribute("data-drawing")) return;
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.easeTo({ center: placeOf(event.features![0]), zoom: map.getZoom() + 2, animate });
  });
  map.on("click", "incidents", (event) => {
    if (holder.hasAttribute("data-drawing")) return;
    const told = event.features![0].properties as Record<string, string>;
    const facts = [dayOf(Number(told.first)), labels[told.weapon], labels[told.grade]].filter(Boolean).join(" · ");
    const content = card(`/incidents/${encodeURIComponent(told.id)}/`, told.title || told.id, facts);
    new maplibregl.Popup().setLngLat(placeOf(event.features![0])).setDOMContent(content).addTo(map);
  });
  map.on("click", "cells", (event) => {
    const isOnIncident = map.queryRenderedFeatures(event.point, { layers: LAYERS }).length > 0;
    if (isOnIncident || holder.hasAttribute("data-drawing")) return;
    const told = event.features![0].properties as Record<string, string>;
    const facts = `${told.people} (${told.interval}) ${words.wordsPeople}`;
    const content = card(`/risk/${told.cell}/`, `${words.wordsClass} ${told.risk_class}`, facts);
    new maplibregl.Popup().setLngLat(event.lngLat).setDOMContent(content).addTo(map);
  });
  for (const layer of [...LAYERS, "cells"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.getCanvas().setAttribute("aria-label", words.wordsTitle!);
}

function placeOf(point: GeoJSON.Feature): [number, number] {
  return (point.geometry as GeoJSON.Point).coordinates as [number, number];
}

function card(address: string, title: string, facts: string): HTMLElement {
  const card = document.createElement("div");
  card.dir = document.documentElement.dir;
  const link = document.createElement("a");
  link.href = address;
  link.dir = "auto";
  link.textContent = title;
  const told = document.createElement("p");
  told.textContent = facts;
  card.append(link, told);
  return card;
}
