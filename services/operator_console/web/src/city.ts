// What does not move: the city as its bundle tells.
export interface Zone { id: string; kind: string; parent: string | null; uk: string; en: string; people: number; rings: [number, number][][] }
export interface Station { id: string; uk: string; en: string; at: [number, number]; surface: boolean }
export interface Line { id: string; uk: string; en: string; stops: { station: string; joined: boolean }[] }
export interface City {
  city: { uk: string; en: string; zone: string };
  generated: boolean;
  label: { uk: string; en: string };
  attribution: string[];
  centre: [number, number];
  zones: Zone[];
  stations: Station[];
  lines: Line[];
  water: GeoJSON.FeatureCollection | null;
}
export interface Instance { world: string; country: string; sign_in: boolean }

async function ask<T>(path: string): Promise<T> {
  for (;;) {
    try {
      const answer = await fetch(path, { signal: AbortSignal.timeout(5000) });
      if (answer.ok) return (await answer.json()) as T;
    } catch { /* asked again below */ }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}
export const askCity = () => ask<City>('/city/map.json');
export const askInstance = () => ask<Instance>('/city/instance.json');

// The centre of a ring's area, for its label.
export function middle(ring: [number, number][]): [number, number] {
  let area = 0, lon = 0, lat = 0;
  const [x0, y0] = ring[0]!;
  ring.forEach(([x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length]!, cross = (x - x0) * (v - y0) - (u - x0) * (y - y0);
    area += cross;
    lon += (x + u - 2 * x0) * cross;
    lat += (y + v - 2 * y0) * cross;
  });
  return area ? [x0 + lon / area / 3, y0 + lat / area / 3] : ring[0]!;
}
export const largest = (zone: Zone) => zone.rings.reduce((a, b) => (b.length > a.length ? b : a));

export function boundsOf(rings: [number, number][][]): [number, number, number, number] {
  const lons = rings.flat().map(v => v[0]), lats = rings.flat().map(v => v[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
export function inside([lon, lat]: [number, number], rings: [number, number][][]): boolean {
  let odd = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!, [xj, yj] = ring[j]!;
      if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) odd = !odd;
    }
  return odd;
}
