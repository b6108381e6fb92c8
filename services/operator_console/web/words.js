// What the page says, Ukrainian and English, and how stages look.
'use strict';

export const stages = {
  0: ['НЕВІДОМО', 'UNKNOWN'], 2: ['ПРИГОТУЙТЕСЯ', 'PREPARE'], 3: ['ІДІТЬ', 'GO'], 4: ['В УКРИТТЯ ЗАРАЗ', 'TAKE COVER'],
};
// Hues that colour-blind people tell apart (Okabe and Ito), each with its own hatch: colour is never the only sign.
export const looks = {
  0: { rgb: '150,160,172', text: '#c9d2dc', fill: .18, gap: 12, lean: 0 },
  2: { rgb: '86,180,233', text: '#b5e0fa', fill: .16, gap: 26, lean: 1 },
  3: { rgb: '240,228,66', text: '#faf3a0', fill: .16, gap: 14, lean: -1 },
  4: { rgb: '224,92,10', text: '#ffb98f', fill: .30, gap: 8, lean: 1 },
};
export const noAlarm = ['тривоги немає', 'no alarm'];
export const noData = ['ДАНИХ НЕМАЄ', 'NO DATA'];
export const pictures = {
  live: ['дані наживо', 'live'],
  degraded: ['частина джерел мовчить', 'some feeds silent'],
  lost: noData,
};
export const threats = {
  unknown: ['ціль', 'object'], drone: ['дрон', 'drone'], jet_drone: ['реактивний дрон', 'jet drone'],
  cruise_missile: ['крилата ракета', 'cruise missile'], supersonic_missile: ['надзвукова ракета', 'supersonic missile'],
  ballistic_missile: ['балістика', 'ballistic'], aeroballistic_missile: ['аеробалістика', 'aeroballistic'],
  hypersonic_missile: ['гіперзвук', 'hypersonic'], surface_to_air_missile: ['ЗРК по землі', 'SAM at ground'],
  guided_bomb: ['керована бомба', 'guided bomb'],
};
export const texts = {
  noAnswer: ['Сторінка не отримує свіжих даних від Siren.', 'The page gets no fresh data from Siren.'],
  engineSilent: ['Аналіз мовчить: зони без тривоги — невідомі.', 'The analysis is silent: zones without an alarm are unknown.'],
  lastKnown: ['Востаннє відомо', 'Last known'],
  never: ['ще нічого не відомо', 'nothing known yet'],
  unknownZones: ['решта зон: невідомо', 'all other zones: unknown'],
  partly: ['частково', 'partly'],
  unreadable: ['Запис про тривогу не читається.', 'The alert of this zone can’t be read.'],
  surfaceClosed: ['наземна, зачинена', 'surface, closed'],
  silent: ['МОВЧИТЬ', 'SILENT'],
  busSilent: ['шина мовчить', 'bus silent'],
  confirmed: ['підтверджено', 'confirmed'],
  noTracks: ['немає', 'none'],
};
export const legend = [
  ['open', ['укриття відкрите', 'shelter open']], ['full', ['майже повне', 'nearly full']], ['shut', ['зачинене', 'closed']],
  ['track', ['ціль: курс на 5 хв, коло 2σ', 'track: course for 5 min, circle 2σ']],
];
