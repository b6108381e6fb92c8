// What the page says, Ukrainian and English.
import { OpenState, MetroRole, ShelterType } from './gen/siren/shelters/v1/shelter_pb';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { ThreatClass } from './gen/siren/threats/v1/threat_pb';

export type Pair = readonly [uk: string, en: string];

let ukrainian = (localStorage.getItem('language') ?? 'uk') === 'uk';
export const isUkrainian = () => ukrainian;
export const say = (pair: Pair) => pair[ukrainian ? 0 : 1];
export const named = (of: { nameUk: string; nameEn: string }) => (ukrainian ? of.nameUk : of.nameEn) || of.nameUk || of.nameEn;
export function speak(uk: boolean) {
  ukrainian = uk;
  localStorage.setItem('language', uk ? 'uk' : 'en');
  document.documentElement.lang = uk ? 'uk' : 'en';
}
export const number = (n: number | bigint) => n.toLocaleString(ukrainian ? 'uk' : 'en');

export const stages: Record<number, Pair> = {
  [Stage.UNSPECIFIED]: ['НЕВІДОМО', 'UNKNOWN'],
  [Stage.ALL_CLEAR]: ['тривоги немає', 'no alarm'],
  [Stage.PREPARE]: ['ПРИГОТУЙТЕСЯ', 'PREPARE'],
  [Stage.GO]: ['ІДІТЬ', 'GO'],
  [Stage.TAKE_COVER]: ['В УКРИТТЯ ЗАРАЗ', 'TAKE COVER'],
};
export const threats: Record<number, Pair> = {
  [ThreatClass.UNSPECIFIED]: ['ціль', 'object'],
  [ThreatClass.DRONE]: ['дрон', 'drone'],
  [ThreatClass.JET_DRONE]: ['реактивний дрон', 'jet drone'],
  [ThreatClass.CRUISE_MISSILE]: ['крилата ракета', 'cruise missile'],
  [ThreatClass.SUPERSONIC_MISSILE]: ['надзвукова ракета', 'supersonic missile'],
  [ThreatClass.BALLISTIC_MISSILE]: ['балістика', 'ballistic'],
  [ThreatClass.AEROBALLISTIC_MISSILE]: ['аеробалістика', 'aeroballistic'],
  [ThreatClass.HYPERSONIC_MISSILE]: ['гіперзвук', 'hypersonic'],
  [ThreatClass.SURFACE_TO_AIR_MISSILE]: ['ЗРК по землі', 'SAM at ground'],
  [ThreatClass.GUIDED_BOMB]: ['керована бомба', 'guided bomb'],
};
export const openStates: Record<number, Pair> = {
  [OpenState.UNSPECIFIED]: ['невідомо', 'unknown'],
  [OpenState.OPEN]: ['відкрите', 'open'],
  [OpenState.CLOSED]: ['зачинене', 'closed'],
  [OpenState.FULL]: ['повне', 'full'],
};
export const shelterTypes: Record<number, Pair> = {
  [ShelterType.UNSPECIFIED]: ['укриття', 'shelter'],
  [ShelterType.STORAGE]: ['сховище', 'storage shelter'],
  [ShelterType.RADIATION]: ['ПРУ', 'radiation shelter'],
  [ShelterType.DUAL_PURPOSE]: ['подвійного призначення', 'dual purpose'],
  [ShelterType.METRO_STATION]: ['станція метро', 'metro station'],
  [ShelterType.BASIC]: ['найпростіше', 'basic'],
  [ShelterType.MOBILE]: ['мобільне', 'mobile'],
};
export const metroRoles: Record<number, Pair> = {
  [MetroRole.UNSPECIFIED]: ['без ролі', 'no role'],
  [MetroRole.TRAIN]: ['поїзди й укриття', 'trains and shelter'],
  [MetroRole.SHELTER_ONLY]: ['лише укриття', 'shelter only'],
  [MetroRole.CLOSED]: ['зачинена', 'closed'],
  [MetroRole.FULL]: ['заповнена', 'full'],
  [MetroRole.NO_ESCALATOR]: ['без ескалаторів', 'no escalators'],
  [MetroRole.NO_POWER]: ['без струму', 'no power'],
};
export const noData: Pair = ['ДАНИХ НЕМАЄ', 'NO DATA'];
export const pictures: Record<string, Pair> = {
  live: ['дані наживо', 'live'],
  degraded: ['частина джерел мовчить', 'some feeds silent'],
  lost: noData,
};
// Why a call was refused: of the reason table, in words for operators.
export const reasons: Record<string, Pair> = {
  STALE_REVISION: ['Хтось змінив це раніше за вас. Показано нове.', 'Somebody changed it before you. The new state is shown.'],
  SIGN_IN_MISSING: ['Спершу увійдіть.', 'Sign in first.'],
  TOKEN_REFUSED: ['Ключ доступу не прийнято.', 'The access token is not accepted.'],
  TOKEN_EXPIRED: ['Ключ доступу застарів: увійдіть знову.', 'The access token has expired: sign in again.'],
  ANOTHER_PERSON: ['Ключ доступу належить іншій людині.', 'The access token is somebody else’s.'],
  ROLE_MISSING: ['Ваша роль цього не дозволяє.', 'Your role does not allow this.'],
  SECOND_PERSON_NEEDED: ['Потрібна друга людина: схвалити власну пропозицію не можна.', 'A second person is needed: nobody approves his own proposal.'],
  PROPOSAL_EXPIRED: ['Час на схвалення вийшов.', 'The time to approve is over.'],
  PROPOSAL_DIFFERS: ['Пропозиція вже інша, ніж перед вашими очима.', 'The proposal is not the one before your eyes.'],
  PROPOSAL_WITHDRAWN: ['Пропозицію відкликано.', 'The proposal was withdrawn.'],
  UNKNOWN_PROPOSAL: ['Такої пропозиції вже немає.', 'There is no such proposal any more.'],
  TOO_MANY_REQUESTS: ['Забагато запитів: зачекайте хвилину.', 'Too many requests: wait a minute.'],
  OCCUPANCY_OVER_CAPACITY: ['Людей більше, ніж місць.', 'More people than places.'],
  OCCUPANCY_BELOW_ZERO: ['Людей не може бути менше нуля.', 'There can’t be fewer than no people.'],
  CAPACITY_OUT_OF_RANGE: ['Стільки місць не буває.', 'No shelter has so many places.'],
};
