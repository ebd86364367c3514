// The world's countries and their outlines. What crosses the antimeridian goes on beyond 180°, where
// the map repeats itself: else it would be drawn all the way back.
import landUrl from "world-atlas/countries-50m.json?url";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

type Line = GeoJSON.Position[];
type World = { land: GeoJSON.FeatureCollection; borders: GeoJSON.MultiLineString };

const SOUTH_POLE = -90;

export async function worldFetch(): Promise<World> {
  const world = (await (await fetch(landUrl)).json()) as Topology;
  const countries = world.objects.countries as GeometryCollection;
  const land = feature(world, countries);
  for (const { geometry } of land.features) {
    if (geometry.type === "Polygon") geometry.coordinates = geometry.coordinates.map(ringUnrolled);
    if (geometry.type === "MultiPolygon") geometry.coordinates = geometry.coordinates.map((rings) => rings.map(ringUnrolled));
  }
  const borders = mesh(world, countries as never);
  borders.coordinates = borders.coordinates.map(unrolled);
  return { land, borders };
}

function unrolled(line: Line): Line {
  let turned = 0;
  return line.map(([longitude, latitude], at) => {
    const step = at ? longitude - line[at - 1][0] : 0;
    if (Math.abs(step) > 180) turned -= Math.sign(step) * 360;
    return [longitude + turned, latitude];
  });
}

// A ring around the Earth, Antarctica's, is closed at the pole.
function ringUnrolled(ring: Line): Line {
  const line = unrolled(ring);
  const [first, last] = [line[0], line[line.length - 1]];
  if (Math.abs(last[0] - first[0]) < 180) return line;
  return [...line, [last[0], SOUTH_POLE], [first[0], SOUTH_POLE], first];
}
