// Changes of shelters, one by one, each on the revision that its editor saw.
import { reasonOf, requestId, shelters, wasAborted, wordsFor } from './api';
import type { MetroRole, OpenState, Shelter } from './gen/siren/shelters/v1/shelter_pb';
import { store } from './picture';

export interface Change { state?: OpenState; metroRole?: MetroRole; capacity?: number; occupancy?: number; verified?: boolean }
export interface Outcome { shelter: Shelter; conflict: boolean; fault: string }
const atOnce = 4;

// The registry answers each request_id once; a call that got no answer is sent again under the same.
async function twice<T>(call: (id: string) => Promise<T>): Promise<T> {
  const id = requestId();
  try {
    return await call(id);
  } catch (bad) {
    if (reasonOf(bad)) throw bad;
    return call(id);
  }
}

export async function change(shelter: Shelter, wanted: Change): Promise<Outcome> {
  const { state, metroRole, capacity, occupancy, verified } = wanted, shelterId = shelter.shelterId;
  try {
    let now = shelter;
    if (state !== undefined || metroRole !== undefined || capacity !== undefined || verified) {
      const answer = await twice(requestId => shelters.updateShelter({ requestId, shelterId, expectedRevision: shelter.revision, state, metroRole, capacity, verified: verified ?? false }));
      now = answer.shelter ?? now;
      store.take(now);
    }
    if (occupancy !== undefined) {
      const answer = await twice(requestId => shelters.reportOccupancy({ requestId, shelterId, change: { case: 'total', value: occupancy } }));
      now = answer.shelter ?? now;
      store.take(now);
    }
    return { shelter: now, conflict: false, fault: '' };
  } catch (bad) {
    return { shelter, conflict: wasAborted(bad), fault: wordsFor(bad) };
  }
}

export async function changeAll(chosen: Shelter[], wanted: Change, progress: (done: number) => void): Promise<Outcome[]> {
  const waiting = [...chosen], outcomes: Outcome[] = [];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.push(await change(next, wanted));
      progress(outcomes.length);
    }
  }));
  return outcomes;
}
