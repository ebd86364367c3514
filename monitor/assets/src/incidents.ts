// The incidents, from tiles: each by itself, or gathered where there are too many of them. Both know
// their days, so that another span of time is a matter of the filter alone.
import type { CircleLayerSpecification, ExpressionSpecification, FilterSpecification, Map } from "maplibre-gl";

// Places in ``days``: from the step that begins at days[from] to the day before days[until].
export type Span = { from: number; until: number; days: number[] };
type Told = Record<string, string | number>;

export const LAYERS = ["gathered", "incidents"];
const DEEPEST_TILES = 12;

export function incidentsAdd(map: Map, tiles: string, span: Span, colour: (name: string) => string): void {
  map.addSource("incidents", { type: "vector", tiles: [tiles], maxzoom: DEEPEST_TILES });
  const ring = { "circle-stroke-color": colour("surface"), "circle-stroke-width": 1 };
  const layer = { type: "circle", source: "incidents" } as const;
  map.addLayer({
    ...layer, id: "gathered", "source-layer": "gathered", filter: isShown(span),
    paint: { ...ring, "circle-color": colour("accent"), "circle-opacity": 0.75, "circle-radius": radius(span) },
  });
  map.addLayer({
    ...layer, id: "incidents", "source-layer": "incidents", filter: isWithin(span),
    paint: {
      ...ring,
      "circle-color": [
        "match", ["get", "grade"],
        "confirmed", colour("bad"), "fair", colour("warn"), "weak", colour("accent"),
        colour("line-strong"),
      ],
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
  return ["min", 26, ["+", 4.5, ["*", 2.2, ["log2", ["max", 1, number(span)]]]]];
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
