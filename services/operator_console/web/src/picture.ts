// The newest picture and how much of it may be believed. Whatever is not known to be current is unknown, never calm.
import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { console_, isRefusal } from './api';
import type { City } from './city';
import { PictureState } from './gen/siren/alerts/v1/alert_service_pb';
import type { Alert } from './gen/siren/alerts/v1/alert_pb';
import type { Picture } from './gen/siren/console/v1/console_service_pb';
import { OpenState, MetroRole, ShelterType, type Shelter } from './gen/siren/shelters/v1/shelter_pb';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { onPerson, whoAmI } from './session';

const staleMs = 3000; // six messages that did not come
const shortestWait = 300, longestWait = 2000;

export type Known = 'live' | 'degraded' | 'lost';
export const millis = (at: Timestamp | undefined) => (at ? timestampMs(at) : NaN);

class Store {
  picture: Picture | null = null;
  shelters = new Map<string, Shelter>();
  refused: unknown = null; // why this person may not look
  private heardAt = -Infinity;
  private rate = 1; // world milliseconds a real one
  private anchor = { real: 0, world: 0 };
  private listeners: ((changed: Set<string> | 'all') => void)[] = [];
  private stop = new AbortController();

  onNews(listener: (changedShelters: Set<string> | 'all') => void) { this.listeners.push(listener); }
  get fresh() { return performance.now() - this.heardAt < staleMs; }
  get known(): Known {
    if (!this.fresh || !this.picture) return 'lost';
    if (this.picture.state === PictureState.LIVE) return 'live';
    return this.picture.state === PictureState.DEGRADED ? 'degraded' : 'lost';
  }
  // The world's time now, carried on between messages; an exercise may run fast.
  worldNow() {
    const ahead = (performance.now() - this.anchor.real) * this.rate;
    return this.anchor.world + Math.min(ahead, staleMs * this.rate);
  }

  // One change of our own is shown before the stream tells it.
  take(shelter: Shelter) {
    const known = this.shelters.get(shelter.shelterId);
    if (known && known.revision > shelter.revision) return;
    this.shelters.set(shelter.shelterId, shelter);
    this.tell(new Set([shelter.shelterId]));
  }

  private wake: () => void = () => {};

  begin() {
    onPerson(() => {
      this.stop.abort();
      this.wake();
    });
    void this.watchForEver();
  }
  private async watchForEver() {
    let wait = shortestWait;
    for (;;) {
      this.stop = new AbortController();
      try {
        if (whoAmI()) for await (const next of console_.watchPicture({}, { signal: this.stop.signal, timeoutMs: 0 })) {
          wait = shortestWait;
          this.refused = null;
          this.hear(next.picture, next.shelters, next.allShelters);
        }
      } catch (bad) {
        if (isRefusal(bad)) this.refuse(bad);
      }
      if (!whoAmI()) this.refuse(null);
      await new Promise<void>(resolve => {
        this.wake = resolve;
        setTimeout(resolve, wait);
      });
      wait = Math.min(longestWait, wait * 2);
    }
  }
  private refuse(why: unknown) {
    this.refused = why;
    this.heardAt = -Infinity;
    this.picture = null;
    this.shelters.clear();
    this.tell('all');
  }
  private hear(picture: Picture | undefined, shelters: Shelter[], all: boolean) {
    const now = performance.now(), world = millis(picture?.nowTime);
    const passed = now - this.anchor.real;
    if (this.picture && passed > 100) this.rate += 0.3 * (Math.max(0, world - this.anchor.world) / passed - this.rate);
    this.anchor = { real: now, world };
    this.picture = picture ?? null;
    this.heardAt = now;
    if (all) this.shelters.clear();
    for (const each of shelters) this.shelters.set(each.shelterId, each);
    this.tell(all ? 'all' : new Set(shelters.map(s => s.shelterId)));
  }
  private tell(changed: Set<string> | 'all') { for (const each of this.listeners) each(changed); }
}
export const store = new Store();

// Stage of every zone: its own or that of the zone it lies in, whichever is more urgent. ALL_CLEAR only where that is known.
export function stagesOf(city: City, picture: Picture | null, known: Known): Map<string, Stage> {
  const own = new Map<string, Stage>(), result = new Map<string, Stage>();
  for (const alert of picture?.alerts ?? []) if (!alert.partly) own.set(alert.zoneId, alert.stage);
  const believed = known !== 'lost' && picture !== null && !picture.alertsTrouble;
  for (const zone of city.zones) {
    const around = zone.parent === null ? -1 : result.get(zone.parent) ?? -1;
    const most = Math.max(own.get(zone.id) ?? -1, around === Stage.ALL_CLEAR ? -1 : around);
    result.set(zone.id, most > 0 ? most : most === 0 || !believed ? Stage.UNSPECIFIED : Stage.ALL_CLEAR);
  }
  return result;
}

// Minutes until the first and the last plausible arrival in a zone; null: not told.
export function arrivalOf(alert: Alert, worldNow: number): [number, number] | null {
  let first = Infinity, last = -Infinity;
  for (const threat of alert.threats) {
    if (!threat.arrival) continue;
    first = Math.min(first, millis(threat.arrival.earliestTime));
    last = Math.max(last, millis(threat.arrival.latestTime));
  }
  if (!Number.isFinite(first)) return null;
  return [Math.max(0, (first - worldNow) / 60000), Math.max(0, (last - worldNow) / 60000)];
}

export type Look = 'open' | 'filling' | 'full' | 'closed' | 'unknown';
export const isMetro = (s: Shelter) => s.type === ShelterType.METRO_STATION;
// As guidance takes it: who isn't known to be open is not open.
export function lookOf(s: Shelter): Look {
  if (s.state === OpenState.CLOSED || (isMetro(s) && (s.surface || s.metroRole === MetroRole.CLOSED))) return 'closed';
  if (s.state === OpenState.FULL || s.metroRole === MetroRole.FULL || (s.capacity > 0 && s.occupancy >= s.capacity)) return 'full';
  if (s.state === OpenState.UNSPECIFIED) return 'unknown';
  return s.capacity > 0 && s.occupancy / s.capacity >= 0.8 ? 'filling' : 'open';
}
