// The map over the page's drawing: its extent drives the list below and the address. Without
// WebGL, or where anything fails, the drawing and the list stay as they are.
import * as maplibregl from "maplibre-gl";
import { colour, mapIn } from "./basemap";
import { asking } from "./polygon";

type Told = { id?: string; title?: string; weapon?: string; grade?: string; date?: string; number: number };
type Features = { incidents: GeoJSON.FeatureCollection; cells: GeoJSON.FeatureCollection; gathered: boolean };

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
    layersAdd(map);
    holder.querySelector("svg")?.remove();
    // A lost line leaves what is shown; the next move asks again.
    const refresh = (moved: boolean): void => void show(map, holder, moved).catch(() => undefined);
    refresh(false);
    map.on("moveend", () => refresh(true));
    pointing(map, holder);
    asking(map, colour("accent"));
    map.once("idle", () => holder.setAttribute("data-drawn", ""));
  });
}

function layersAdd(map: maplibregl.Map): void {
  const empty: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
  map.addSource("cells", { type: "geojson", data: empty });
  map.addSource("incidents", { type: "geojson", data: empty });
  map.addLayer({
    id: "cells",
    type: "fill",
    source: "cells",
    paint: {
      "fill-color": ["interpolate", ["linear"], ["get", "risk_class"], 1, colour("risk-low"), 10, colour("risk-high")],
      "fill-opacity": 0.65,
    },
  }, "borders");
  map.addLayer({
    id: "incidents",
    type: "circle",
    source: "incidents",
    paint: {
      "circle-color": [
        "match", ["coalesce", ["get", "grade_code"], "several"],
        "confirmed", colour("bad"), "fair", colour("warn"), "weak", colour("accent"), "several", colour("accent"),
        colour("line-strong"),
      ],
      "circle-radius": ["min", 26, ["+", 4.5, ["*", 2.2, ["log2", ["get", "number"]]]]],
      "circle-opacity": ["case", [">", ["get", "number"], 1], 0.7, 1],
      "circle-stroke-color": colour("surface"),
      "circle-stroke-width": 1,
    },
  });
}

let asked = 0;

// What belongs to the extent: the features, and after a move the list and the address.
async function show(map: maplibregl.Map, holder: HTMLElement, moved: boolean): Promise<void> {
  const number = ++asked;
  const query = new URLSearchParams(holder.dataset.query);
  query.set("bbox", extentOf(map));
  const answer = await fetch(`${holder.dataset.features}?${query}`);
  if (answer.redirected) return location.reload(); // the session has ended: to the login
  if (!answer.ok || number !== asked) return;
  const found = (await answer.json()) as Features;
  (map.getSource("cells") as maplibregl.GeoJSONSource).setData(found.cells);
  (map.getSource("incidents") as maplibregl.GeoJSONSource).setData(found.incidents);
  if (!moved) return;
  const address = `${holder.dataset.list}?${query.toString().replaceAll("%2C", ",")}`;
  const list = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!list.ok || number !== asked) return;
  document.querySelector("#list")!.innerHTML = await list.text();
  history.replaceState(null, "", address);
  const field = document.querySelector<HTMLInputElement>("#id_bbox");
  if (field) field.value = query.get("bbox")!;
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
function pointing(map: maplibregl.Map, holder: HTMLElement): void {
  const words = holder.dataset;
  const hover = document.createElement("p");
  hover.className = "hover";
  hover.hidden = true;
  holder.append(hover);
  map.on("mousemove", "cells", (event) => {
    const told = event.features![0].properties as Record<string, string>;
    hover.textContent = `${words.wordsClass} ${told.risk_class}: ${told.people} (${told.interval}) ${words.wordsPeople}`;
    hover.hidden = false;
  });
  map.on("mouseleave", "cells", () => (hover.hidden = true));
  map.on("click", "incidents", (event) => {
    if (holder.hasAttribute("data-drawing")) return;
    const point = event.features![0];
    const told = point.properties as Told;
    const place = (point.geometry as GeoJSON.Point).coordinates as [number, number];
    if (!told.id) {
      map.easeTo({ center: place, zoom: map.getZoom() + 2, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
      return;
    }
    const facts = [told.date, told.weapon, told.grade].filter(Boolean).join(" · ");
    const content = card(`/incidents/${encodeURIComponent(told.id)}/`, told.title || told.id, facts);
    new maplibregl.Popup().setLngLat(place).setDOMContent(content).addTo(map);
  });
  map.on("click", "cells", (event) => {
    const isOnIncident = map.queryRenderedFeatures(event.point, { layers: ["incidents"] }).length > 0;
    if (isOnIncident || holder.hasAttribute("data-drawing")) return;
    const told = event.features![0].properties as Record<string, string>;
    const facts = `${told.people} (${told.interval}) ${words.wordsPeople}`;
    const content = card(`/risk/${told.cell}/`, `${words.wordsClass} ${told.risk_class}`, facts);
    new maplibregl.Popup().setLngLat(event.lngLat).setDOMContent(content).addTo(map);
  });
  for (const layer of ["incidents", "cells"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.getCanvas().setAttribute("aria-label", words.wordsTitle!);
}

function card(address: string, title: string, facts: string): HTMLElement {
  const card = document.createElement("div");
  card.dir = "auto";
  const link = document.createElement("a");
  link.href = address;
  link.textContent = title;
  const told = document.createElement("p");
  told.textContent = facts;
  card.append(link, told);
  return card;
}
