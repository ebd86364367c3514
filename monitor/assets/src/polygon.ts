// A polygon drawn by hand on the map: its corners go into the form, whose answer is shown below it.
import type { GeoJSONSource, Map, MapMouseEvent } from "maplibre-gl";
import { colour } from "./basemap";

type Corner = [number, number];
const CLOSE_PIXELS = 12;

export function asking(map: Map): void {
  const part = document.querySelector<HTMLDetailsElement>("[data-people]")!;
  const form = part.querySelector("form")!;
  const button = part.querySelector<HTMLButtonElement>("[data-draw]")!;
  const field = form.querySelector<HTMLTextAreaElement>("#polygon")!;
  const holder = document.querySelector<HTMLElement>("[data-map]")!;
  const told = holder.querySelector<HTMLElement>("[data-drawing-help]")!;
  let corners: Corner[] = [];
  let drawing = false;
  layersAdd(map);
  button.hidden = false;

  const drawn = (closed: boolean): void => {
    const line = closed ? [...corners, corners[0]] : corners;
    (map.getSource("drawn") as GeoJSONSource).setData({
      type: "FeatureCollection",
      features: [
        { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line } },
        ...corners.map((at) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: at } })),
      ],
    });
  };
  const turn = (on: boolean): void => {
    drawing = on;
    button.setAttribute("aria-pressed", String(on));
    told.hidden = !on;
    holder.toggleAttribute("data-drawing", on);
    if (on) {
      corners = [];
      drawn(false);
      map.doubleClickZoom.disable();
      map.getCanvas().focus();
    } else map.doubleClickZoom.enable();
  };
  const end = (): void => {
    if (corners.length < 3) return;
    drawn(true);
    field.value = JSON.stringify([...corners, corners[0]]);
    turn(false);
    form.requestSubmit();
  };

  button.addEventListener("click", () => turn(!drawing));
  map.on("click", (event: MapMouseEvent) => {
    if (!drawing) return;
    const first = corners[0] && map.project(corners[0]);
    if (first && corners.length > 2 && first.dist(event.point) < CLOSE_PIXELS) return end();
    corners.push([Number(event.lngLat.lng.toFixed(5)), Number(event.lngLat.lat.toFixed(5))]);
    drawn(false);
  });
  document.addEventListener("keydown", (event) => {
    if (!drawing) return;
    if (event.key === "Enter" && document.activeElement === map.getCanvas()) end();
    if (event.key === "Escape") turn(true);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(form);
  });
}

function layersAdd(map: Map): void {
  map.addSource("drawn", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "drawn", type: "line", source: "drawn", paint: { "line-color": colour("good"), "line-width": 2.5 } });
  map.addLayer({
    id: "corners", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": colour("good"), "circle-radius": 4 },
  });
}

async function ask(form: HTMLFormElement): Promise<void> {
  const place = document.querySelector("#people")!;
  const headers = { "HX-Request": "true", Accept: "text/html" };
  let answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  for (;;) {
    if (answer.redirected && answer.url.includes("/login/")) return location.reload();
    place.innerHTML = await answer.text();
    const again = place.querySelector<HTMLElement>("[data-again]");
    if (!again) return;
    await new Promise((done) => setTimeout(done, 1000));
    answer = await fetch(again.dataset.again!, { headers });
  }
}
