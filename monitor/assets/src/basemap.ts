// The ground of every map: coasts and borders of our own, in the colours of the page.
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import landUrl from "world-atlas/countries-50m.json?url";
import { feature, mesh } from "topojson-client";
import type { Topology } from "topojson-specification";

maplibregl.setWorkerUrl(workerUrl);

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export async function mapIn(container: HTMLElement, bounds: [number, number, number, number]): Promise<maplibregl.Map> {
  const world = (await (await fetch(landUrl)).json()) as Topology;
  const map = new maplibregl.Map({
    container,
    attributionControl: false,
    bounds,
    maxZoom: 14,
    dragRotate: false,
    fadeDuration: 0,
    style: {
      version: 8,
      transition: { duration: 0 },
      sources: {
        land: { type: "geojson", data: feature(world, world.objects.countries) as GeoJSON.FeatureCollection },
        borders: { type: "geojson", data: mesh(world, world.objects.countries as never) },
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": colour("sunken") } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("surface") } },
        { id: "borders", type: "line", source: "borders", paint: { "line-color": colour("line-strong"), "line-width": 0.8 } },
      ],
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.on("error", (event) => console.error(event.error));
  return map;
}
