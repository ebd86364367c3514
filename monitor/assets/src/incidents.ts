// The incidents, from tiles: each by itself, or gathered where there are too many of them. Both know
// their days, so that another span of time is a matter of the filter alone.
import type { CircleLayerSpecification, ExpressionSpecification, FilterSpecification, Map } from "maplibre-gl";
import { colour } from "./basemap";

// Places in ``days``: from the step that begins at days[from] to the day before days[until].
export type Span = { from: number; until: number; days: number[] };
type Told = Record<string, string | number>;

export const LAYERS = ["gathered", "incidents"];
const DEEPEST_TILES = 12;

export function incidentsAdd(map: Map, tiles: string, span: Span): void {
  map.addSource("incidents", { type: "vector", tiles: [tiles], maxzoom: DEEPEST_TILES });
  const grade: ExpressionSpecification = ["get", "grade"];
  const layer = { type: "circle", source: "incidents" } as const;
  map.addLayer({
    ...layer, id: "gathered", "source-layer": "gathered", filter: isShown(span),
    paint: {
      "circle-color": colour("accent"), "circle-opacity": 0.65, "circle-radius": radius(span),
      "circle-stroke-color": colour("surface"), "circle-stroke-width": 1,
    },
  });
  map.addLayer({
    ...layer, id: "incidents", "source-layer": "incidents", filter: isWithin(span),
    paint: {
      // The fuller, the better the evidence: as in overview.css.
      "circle-color": [
        "match", grade,
        "confirmed", colour("ink"), "fair", colour("accent"), "weak", colour("accent-soft"),
        colour("surface"),
      ],
      "circle-stroke-color": [
        "match", grade, ["confirmed", "fair"], colour("surface"), "weak", colour("accent"),
        colour("line-strong"),
      ],
      "circle-stroke-width": ["match", grade, ["confirmed", "fair"], 1, 1.5],
      "circle-radius": 4.5,
    },
  });
}

export function incidentsShow(map: Map, span: Span): void {
  map.setFilter("incidents", isWithin(span));
  map.setFilter("gathered", isShown(span));
  map.setPaintProperty("gathered", "circle-radius", radius(span));
}

// How many of those gathered at a spot are within a span.
export function numberOf(told: Told, { from, until, days }: Span): number {
  const begun = until < days.length - 1 ? told[`s${until}`] ?? 0 : told.number;
  const over = from > 0 ? told[`e${from}`] ?? told[`s${from}`] ?? 0 : 0;
  return Number(begun) - Number(over);
}

function number({ from, until, days }: Span): ExpressionSpecification {
  const begun: ExpressionSpecification = until < days.length - 1 ? ["coalesce", ["get", `s${until}`], 0] : ["get", "number"];
  return from > 0 ? ["-", begun, ["coalesce", ["get", `e${from}`], ["get", `s${from}`], 0]] : begun;
}

function radius(span: Span): NonNullable<CircleLayerSpecification["paint"]>["circle-radius"] {
  return ["min", 18, ["+", 3.5, ["*", 1.5, ["log2", ["max", 1, number(span)]]]]];
}

function isShown(span: Span): FilterSpecification {
  return [">", number(span), 0];
}

function isWithin({ from, until, days }: Span): FilterSpecification {
  const conditions: ExpressionSpecification[] = [];
  if (from > 0) conditions.push([">=", ["get", "last"], days[from]]);
  if (until < days.length - 1) conditions.push(["<", ["get", "first"], days[until]]);
  return ["all", ...conditions];
}
