// The ground of every map: coasts and borders of our own, in the colours of the page.
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import "./basemap.css";
import { worldFetch } from "./world";

maplibregl.setWorkerUrl(workerUrl);

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// What MapLibre itself writes, in the reader's language.
function words(): Record<string, string> {
  const told = document.querySelector<HTMLElement>("#map-words")!.dataset;
  return {
    "NavigationControl.ZoomIn": told.zoomIn!,
    "NavigationControl.ZoomOut": told.zoomOut!,
    "Popup.Close": told.close!,
    "ScaleControl.Meters": told.metres!,
    "ScaleControl.Kilometers": told.kilometres!,
  };
}

export async function mapIn(container: HTMLElement, bounds: [number, number, number, number]): Promise<maplibregl.Map> {
  const { land, borders } = await worldFetch();
  const map = new maplibregl.Map({
    container,
    attributionControl: false,
    bounds,
    maxZoom: 14,
    locale: words(),
    dragRotate: false,
    fadeDuration: 0,
    style: {
      version: 8,
      transition: { duration: 0 },
      sources: {
        land: { type: "geojson", data: land },
        borders: { type: "geojson", data: borders },
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
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-right");
  map.on("error", (event) => console.error(event.error));
  return map;
}
