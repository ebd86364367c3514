// Towns on a map, the larger the sooner: written with the fonts of the device, no others are fetched.
import type { Map } from "maplibre-gl";
import { colour } from "./basemap";

type Town = [name: string, longitude: number, latitude: number, arabic?: string]; // the most populous first

// From which zoom a town of this rank is written, where there is room.
function zoomOf(rank: number): number {
  if (rank < 100) return 0;
  if (rank < 700) return 3.5;
  return rank < 5_000 ? 5 : 6.5;
}

export async function townsAdd(map: Map, address: string): Promise<void> {
  const towns = (await (await fetch(address)).json()) as Town[];
  const isArabic = document.documentElement.lang === "ar";
  const features = towns.map(([name, longitude, latitude, arabic], rank): GeoJSON.Feature => ({
    type: "Feature",
    properties: { name: (isArabic && arabic) || name, rank, zoom: zoomOf(rank) },
    geometry: { type: "Point", coordinates: [longitude, latitude] },
  }));
  map.addSource("towns", { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({
    id: "towns",
    type: "symbol",
    source: "towns",
    filter: [">=", ["zoom"], ["get", "zoom"]],
    layout: {
      "text-field": ["concat", "• ", ["get", "name"]],
      "text-font": ["sans-serif"],
      "text-size": 13,
      "text-anchor": "left",
      "text-offset": [-0.3, 0],
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": colour("ink"), "text-halo-color": colour("surface"), "text-halo-width": 1.5 },
  });
}
