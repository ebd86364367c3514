// What tells where one is: names of towns, and where people live. The incidents' layers are there.
import type { Map } from "maplibre-gl";
import { colour } from "./basemap";

// How solid the cells are: people are seen through them.
export const CELLS = 0.65;
const CELLS_OVER_PEOPLE = 0.3;
const DEEPEST_TOWNS = 10;
// A pixel of zoom 12 is about an arc-second wide: no layer is finer.
const DEEPEST_POPULATION = 12;

export function tilesOf(address: string, query = ""): string {
  return location.origin + address.replace("0/0/0", "{z}/{x}/{y}") + (query && `?${query}`);
}

export function townsAdd(map: Map, address: string): void {
  map.addSource("towns", { type: "vector", tiles: [tilesOf(address)], maxzoom: DEEPEST_TOWNS });
  map.addLayer({
    id: "towns", type: "symbol", source: "towns", "source-layer": "towns",
    layout: {
      "text-field": ["get", "name"],
      "text-font": ["Noto Sans", "Noto Sans Arabic", "DejaVu Sans", "sans-serif"],
      "text-size": ["interpolate", ["linear"], ["zoom"], 3, 11, 10, 14],
      // Incidents are often told of a town's middle: its name stands beneath them.
      "text-anchor": "top",
      "text-offset": [0, 0.5],
      "text-max-width": 8,
      "text-padding": 6,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": colour("ink-soft"), "text-halo-color": colour("surface"), "text-halo-width": 1.5 },
  }, "incidents");
  document.querySelector<HTMLElement>("[data-towns-legend]")!.hidden = false;
}

// ``settled`` is told whether it is shown, once that has been changed.
export function populationAdd(map: Map, settled: (on: boolean) => void): void {
  const part = document.querySelector<HTMLElement>("[data-population]");
  if (!part) return; // no layer is active
  const box = part.querySelector("input")!;
  const legend = document.querySelector<HTMLElement>("[data-population-legend]")!;
  const far = legend.querySelector<HTMLElement>("[data-population-far]")!;
  const first = Number(part.dataset.firstZoom);
  const minzoom = Math.min(first, DEEPEST_POPULATION);
  map.addSource("population", {
    type: "raster", tiles: [tilesOf(part.dataset.population!)], tileSize: 512, minzoom,
    maxzoom: DEEPEST_POPULATION,
  });
  map.addLayer({
    id: "population", type: "raster", source: "population", minzoom,
    layout: { visibility: box.checked ? "visible" : "none" },
    paint: { "raster-fade-duration": 0, "raster-resampling": "nearest" },
  }, "cells");
  const told = (): void => {
    legend.hidden = !box.checked;
    map.setPaintProperty("cells", "fill-opacity", box.checked ? CELLS_OVER_PEOPLE : CELLS);
    far.hidden = map.getZoom() >= minzoom;
  };
  box.addEventListener("change", () => {
    map.setLayoutProperty("population", "visibility", box.checked ? "visible" : "none");
    told();
    settled(box.checked);
  });
  map.on("zoomend", told);
  told();
  part.hidden = false;
}
