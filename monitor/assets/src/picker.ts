// A place picked on a map: it is written into the field as coordinates, with the circle that its
// closeness stands for. By pointer, or by keyboard with what is under the cross.
import type { GeoJSONSource, LngLat, Map } from "maplibre-gl";
import { colour, mapIn } from "./basemap";
import { townsAdd } from "./towns";

type Point = { longitude: number; latitude: number };

const METRES_PER_DEGREE = 111_195;
const BARE = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;
const CORNERS = 72;

export async function pick(part: HTMLDetailsElement): Promise<void> {
  const form = part.closest("form")!;
  const where = form.querySelector<HTMLInputElement>("[name=where]")!;
  const precision = form.querySelector<HTMLSelectElement>("[name=location_precision]")!;
  const metres = JSON.parse(precision.dataset.metres!) as Record<string, number>;
  const told = part.querySelector<HTMLElement>("[data-picked]")!;
  const container = part.querySelector<HTMLElement>("[data-canvas]")!;
  const radius = (): number => metres[precision.value] ?? 0;
  const typed = pointOf(where.value);
  const map = await mapIn(container, typed ? around(typed, Math.max(radius() * 2, 50_000)) : [-170, -58, 170, 75]);
  const draw = (): void => drawn(map, pointOf(where.value), radius());
  const take = (at: LngLat): void => {
    const digits = digitsAt(map.getZoom());
    const place = at.wrap();
    where.value = `${place.lat.toFixed(digits)}, ${place.lng.toFixed(digits)}`;
    where.dispatchEvent(new Event("input", { bubbles: true }));
    told.textContent = `${part.dataset.wordsTaken} ${where.value}`;
  };
  map.getCanvas().setAttribute("aria-label", part.dataset.wordsTitle!);
  map.on("load", async () => {
    await townsAdd(map, part.dataset.towns!);
    layersAdd(map);
    draw();
    where.addEventListener("input", draw);
    precision.addEventListener("change", draw);
    map.on("click", (event) => take(event.lngLat));
    map.once("idle", () => part.setAttribute("data-drawn", ""));
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // or it would send the form
    take(map.getCenter());
  });
}

// Other notations are read by the server alone.
function pointOf(text: string): Point | null {
  const found = BARE.exec(text);
  if (!found) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { longitude, latitude } : null;
}

// As many decimals as a pixel is worth: a place picked from afar is not known to the metre.
function digitsAt(zoom: number): number {
  const degreesPerPixel = 360 / (512 * 2 ** zoom);
  return Math.min(5, Math.max(1, Math.ceil(-Math.log10(degreesPerPixel))));
}

function offset(at: Point, metres: number, angle: number): [number, number] {
  const degrees = metres / METRES_PER_DEGREE;
  const narrowing = Math.max(Math.cos((at.latitude * Math.PI) / 180), 0.01);
  const latitude = at.latitude + degrees * Math.sin(angle);
  return [at.longitude + (degrees * Math.cos(angle)) / narrowing, Math.max(-89, Math.min(89, latitude))];
}

function around(at: Point, metres: number): [number, number, number, number] {
  const [[west], [, south], [east], [, north]] = [2, 3, 0, 1].map((turn) => offset(at, metres, (turn * Math.PI) / 2));
  return [west, south, east, north];
}

function drawn(map: Map, at: Point | null, metres: number): void {
  const features: GeoJSON.Feature[] = [];
  if (at) {
    features.push({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [at.longitude, at.latitude] } });
    const ring = Array.from({ length: CORNERS + 1 }, (_, turn) => offset(at, metres, (2 * Math.PI * turn) / CORNERS));
    if (metres) features.push({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } });
  }
  (map.getSource("picked") as GeoJSONSource).setData({ type: "FeatureCollection", features });
}

function layersAdd(map: Map): void {
  map.addSource("picked", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({
    id: "reach", type: "fill", source: "picked", filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour("accent"), "fill-opacity": 0.2, "fill-outline-color": colour("accent") },
  });
  map.addLayer({
    id: "picked", type: "circle", source: "picked", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": colour("bad"), "circle-radius": 6, "circle-stroke-color": colour("surface"), "circle-stroke-width": 2 },
  });
}
