// Who sits here. The token stays in this tab's session storage and goes nowhere but to Siren; services judge it, the page
// only reads what it says.
export interface Person {
  name: string;
  roles: string[]; // "31/alarm_proposer"
  token: string; // empty: an exercise without sign-in takes the name as it is said
  expires: number; // milliseconds since 1970; Infinity without a token
}

const kept = 'siren-person';
let person: Person | null = null;
const listeners: (() => void)[] = [];

export function readToken(text: string): Person | null {
  const token = text.trim();
  try {
    const part = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), c => c.charCodeAt(0))));
    if (typeof claims.sub !== 'string') return null;
    const roles = Array.isArray(claims.roles) ? claims.roles.filter((r: unknown) => typeof r === 'string') : [];
    return { name: claims.sub, roles, token, expires: (claims.exp ?? 0) * 1000 };
  } catch {
    return null;
  }
}

export const whoAmI = () => person;
export const onPerson = (listener: () => void) => listeners.push(listener);
export function signIn(as: Person | null) {
  person = as;
  if (as) sessionStorage.setItem(kept, JSON.stringify(as));
  else sessionStorage.removeItem(kept);
  for (const each of listeners) each();
}

// A link may bring the token behind "#token=": browsers send that part to nobody. It leaves the address bar at once.
export function resume() {
  const link = new URLSearchParams(location.hash.slice(1)).get('token');
  if (link) history.replaceState(null, '', location.pathname);
  const fresh = link ? readToken(link) : null;
  if (fresh) return signIn(fresh);
  try {
    const old = JSON.parse(sessionStorage.getItem(kept) ?? 'null') as Person | null;
    if (old) signIn({ ...old, expires: old.token ? old.expires : Infinity });
  } catch {
    sessionStorage.removeItem(kept);
  }
}

export function hasRole(...any: string[]) {
  if (!person) return false;
  if (!person.token) return true;
  return person.roles.some(role => any.includes(role.split('/').at(-1)!));
}
