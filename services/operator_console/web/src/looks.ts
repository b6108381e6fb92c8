// How things look. Hues that colour-blind people tell apart (Okabe and Ito), and a shape or hatch of its own for each
// state: colour is never the only sign.
import { MetroRole } from './gen/siren/shelters/v1/shelter_pb';
import { ThreatClass } from './gen/siren/threats/v1/threat_pb';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import type { Look } from './picture';

export const stageColour: Record<number, string> = {
  [Stage.UNSPECIFIED]: '#aab4c0',
  [Stage.ALL_CLEAR]: '#5f6f80',
  [Stage.PREPARE]: '#56b4e9',
  [Stage.GO]: '#f0e442',
  [Stage.TAKE_COVER]: '#f0701a',
};
// Of words over a hatch.
export const stageText: Record<number, string> = {
  [Stage.UNSPECIFIED]: '#d5dde6', [Stage.ALL_CLEAR]: '#dbe3ec', [Stage.PREPARE]: '#b5e0fa', [Stage.GO]: '#faf3a0', [Stage.TAKE_COVER]: '#ffc9a6',
};
const hatches: Record<number, { rgb: string; fill: number; gap: number; lean: number; line: number }> = {
  [Stage.UNSPECIFIED]: { rgb: '150,160,172', fill: 0.16, gap: 16, lean: 0, line: 1.5 },
  [Stage.PREPARE]: { rgb: '86,180,233', fill: 0.13, gap: 32, lean: 1, line: 1.5 },
  [Stage.GO]: { rgb: '240,228,66', fill: 0.13, gap: 16, lean: -1, line: 1.5 },
  [Stage.TAKE_COVER]: { rgb: '240,112,26', fill: 0.22, gap: 8, lean: 1, line: 1.5 },
};
export const lookColour: Record<Look, string> = { open: '#35c994', filling: '#d9d36b', full: '#ff9d5c', closed: '#8b97a6', unknown: '#c9d2dc' };
export const metroColour: Record<string, string> = { M1: '#e8564a', M2: '#4f9bea', M3: '#53b867' };

type Pen = CanvasRenderingContext2D;

// One tile of a hatch that repeats without a seam.
export function paintHatch(pen: Pen, stage: Stage, size: number) {
  const hatch = hatches[stage];
  if (!hatch) return;
  pen.fillStyle = `rgba(${hatch.rgb},${hatch.fill})`;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = `rgba(${hatch.rgb},.5)`;
  pen.lineWidth = hatch.line;
  pen.beginPath();
  for (let at = -size; at <= 2 * size; at += hatch.gap) {
    if (hatch.lean === 0) {
      pen.moveTo(0, at + hatch.gap / 2);
      pen.lineTo(size, at + hatch.gap / 2);
    } else {
      pen.moveTo(at, hatch.lean > 0 ? size : 0);
      pen.lineTo(at + size, hatch.lean > 0 ? 0 : size);
    }
  }
  pen.stroke();
}

export function paintShelter(pen: Pen, x: number, y: number, r: number, look: Look) {
  const colour = lookColour[look];
  pen.lineWidth = Math.max(1, r / 4);
  pen.strokeStyle = colour;
  pen.fillStyle = 'rgba(10,14,19,.85)';
  pen.fillRect(x - r, y - r, 2 * r, 2 * r);
  pen.fillStyle = colour;
  const line = (...points: number[]) => {
    pen.beginPath();
    pen.moveTo(points[0]!, points[1]!);
    for (let i = 2; i < points.length; i += 2) pen.lineTo(points[i]!, points[i + 1]!);
    pen.stroke();
  };
  if (look === 'open') pen.fillRect(x - r, y - r, 2 * r, 2 * r);
  else pen.strokeRect(x - r, y - r, 2 * r, 2 * r);
  if (look === 'filling') pen.fillRect(x - r, y, 2 * r, r);
  if (look === 'full') {
    pen.fillRect(x - r, y - r, 2 * r, 2 * r);
    pen.strokeStyle = '#10141a';
    pen.lineWidth = Math.max(1.5, r / 2);
    line(x - r * 0.7, y, x + r * 0.7, y);
  }
  if (look === 'closed') {
    line(x - r * 0.9, y - r * 0.9, x + r * 0.9, y + r * 0.9);
    line(x + r * 0.9, y - r * 0.9, x - r * 0.9, y + r * 0.9);
  }
  if (look === 'unknown') {
    pen.beginPath();
    pen.arc(x, y, r / 3, 0, 7);
    pen.fill();
  }
}

// A disc with an M; what is drawn over it tells the role.
export function paintStation(pen: Pen, x: number, y: number, r: number, role: MetroRole, look: Look) {
  const off = look === 'closed' || role === MetroRole.CLOSED, full = look === 'full';
  pen.lineWidth = r / 5;
  pen.beginPath();
  pen.arc(x, y, r, 0, 7);
  pen.fillStyle = off ? '#10141a' : full ? lookColour.full : role === MetroRole.TRAIN ? '#f2f5f9' : lookColour.open;
  pen.fill();
  pen.strokeStyle = off ? lookColour.closed : '#10141a';
  pen.stroke();
  pen.fillStyle = off ? lookColour.closed : '#10141a';
  pen.font = `bold ${Math.round(r * 1.3)}px system-ui, "DejaVu Sans", sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText('M', x, y + r * 0.08);
  pen.strokeStyle = off ? lookColour.closed : '#10141a';
  pen.lineWidth = r / 4;
  pen.beginPath();
  if (off) { pen.moveTo(x - r * 0.75, y - r * 0.75); pen.lineTo(x + r * 0.75, y + r * 0.75); }
  if (full) { pen.moveTo(x - r * 0.8, y + r * 0.72); pen.lineTo(x + r * 0.8, y + r * 0.72); }
  pen.stroke();
  const note = role === MetroRole.NO_POWER ? '⚡' : role === MetroRole.NO_ESCALATOR ? '≡' : '';
  if (!note || off) return;
  pen.fillStyle = '#10141a';
  pen.beginPath();
  pen.arc(x + r * 0.8, y - r * 0.8, r * 0.55, 0, 7);
  pen.fill();
  pen.fillStyle = '#f0e442';
  pen.font = `bold ${Math.round(r * 0.8)}px system-ui, "DejaVu Sans", sans-serif`;
  pen.fillText(note, x + r * 0.8, y - r * 0.78);
}

// Along the x axis, ahead is right. One outline a family of threats.
export function traceThreat(pen: Pen, kind: ThreatClass, r: number) {
  pen.beginPath();
  switch (kind) {
    case ThreatClass.DRONE:
    case ThreatClass.JET_DRONE:
      pen.moveTo(r, 0); pen.lineTo(-r * 0.8, -r * 0.8); pen.lineTo(-r * 0.4, 0); pen.lineTo(-r * 0.8, r * 0.8);
      break;
    case ThreatClass.CRUISE_MISSILE:
    case ThreatClass.SUPERSONIC_MISSILE:
      pen.moveTo(r * 1.2, 0); pen.lineTo(r * 0.5, -r * 0.4); pen.lineTo(-r, -r * 0.4); pen.lineTo(-r, r * 0.4); pen.lineTo(r * 0.5, r * 0.4);
      break;
    case ThreatClass.BALLISTIC_MISSILE:
    case ThreatClass.AEROBALLISTIC_MISSILE:
    case ThreatClass.HYPERSONIC_MISSILE:
    case ThreatClass.SURFACE_TO_AIR_MISSILE:
      pen.moveTo(r * 1.2, 0); pen.lineTo(0, -r * 0.8); pen.lineTo(-r * 1.2, 0); pen.lineTo(0, r * 0.8);
      break;
    default:
      pen.arc(0, 0, r * 0.8, 0, 7);
  }
  pen.closePath();
}

export function swatch(width: number, height: number, paint: (pen: Pen) => void): HTMLCanvasElement {
  const canvas = document.createElement('canvas'), ratio = 2;
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  const pen = canvas.getContext('2d')!;
  pen.scale(ratio, ratio);
  paint(pen);
  return canvas;
}
