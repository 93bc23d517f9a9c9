/** The demo model's drawings: a shape for each word that it knows, and one by chance for others. */
import { decodePng, encodePng } from "./png.ts";

const size = { width: 512, height: 384 };

type Color = readonly [red: number, green: number, blue: number];
/** Whether a point is in a shape around 0, which reaches from -1 to 1. */
type Shape = (x: number, y: number) => boolean;

const circle: Shape = (x, y) => x * x + y * y <= 1;
const square: Shape = (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.8;
const triangle: Shape = (x, y) => y <= 0.8 && y >= -0.9 && Math.abs(x) <= (y + 0.9) * 0.55;
const moon: Shape = (x, y) => circle(x, y) && !circle(x - 0.45, y + 0.2);
const star: Shape = (x, y) => {
  const angle = Math.atan2(x, -y) / (Math.PI / 5);
  const spike = Math.abs((((angle % 2) + 3) % 2) - 1);
  return Math.hypot(x, y) <= 0.42 + 0.55 * spike ** 1.6;
};
const house: Shape = (x, y) =>
  (Math.abs(x) <= 0.6 && y >= -0.1 && y <= 0.8 && !(Math.abs(x) < 0.15 && y > 0.3)) ||
  (y < -0.1 && y >= -0.9 && Math.abs(x) <= (y + 0.9) * 1.1);
const tree: Shape = (x, y) =>
  circle(x * 1.4, (y + 0.35) * 1.6) || (Math.abs(x) < 0.12 && y > 0 && y < 0.9);
const waves: Shape = (x, y) =>
  y > 0.1 + 0.12 * Math.sin(x * 9) && y < 0.55 + 0.12 * Math.sin(x * 9);
const heart: Shape = (x, y) => (x * x + y * y - 0.55) ** 3 + x * x * y * y * y <= 0;

const known: Readonly<Record<string, { readonly shape: Shape; readonly color: Color }>> = {
  sun: { shape: circle, color: [247, 181, 56] },
  ball: { shape: circle, color: [214, 64, 69] },
  circle: { shape: circle, color: [58, 134, 200] },
  moon: { shape: moon, color: [236, 229, 190] },
  star: { shape: star, color: [250, 204, 70] },
  house: { shape: house, color: [178, 84, 60] },
  tree: { shape: tree, color: [62, 128, 82] },
  forest: { shape: tree, color: [40, 98, 66] },
  sea: { shape: waves, color: [40, 110, 160] },
  tide: { shape: waves, color: [40, 110, 160] },
  water: { shape: waves, color: [70, 140, 190] },
  mountain: { shape: triangle, color: [110, 118, 130] },
  triangle: { shape: triangle, color: [122, 84, 160] },
  square: { shape: square, color: [58, 134, 120] },
  heart: { shape: heart, color: [206, 52, 90] },
};

const colors: Readonly<Record<string, Color>> = {
  red: [214, 52, 56],
  orange: [240, 140, 40],
  yellow: [250, 208, 60],
  green: [62, 150, 82],
  blue: [44, 110, 190],
  purple: [122, 72, 170],
  pink: [236, 130, 170],
  brown: [130, 86, 56],
  black: [36, 38, 42],
  white: [250, 250, 246],
  grey: [140, 146, 152],
  gray: [140, 146, 152],
};

const shapes = [circle, square, triangle, star, moon, heart] as const;
/** Words that stand for nothing that could be drawn. */
const fillers =
  /^(?:an?|the|and|or|with|without|of|in|on|at|over|under|by|to|from|it|its|this|that|as|for|is|are|draw|redraw|make|add|please|picture|image|drawing|anew|different|way|version|variation)$/;
const shapesMax = 8;

interface Placed {
  readonly shape: Shape;
  readonly color: Color;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/**
 * Draws what a text names. The same text gives the same picture.
 *
 * @param before a picture of the demo model to draw on; any other is not used
 * @returns a PNG
 */
export async function drawDemoPicture(
  text: string,
  before: Uint8Array | null,
): Promise<Uint8Array> {
  const canvas = (before && (await decodePng(before, size))) ?? { ...size, rgb: emptyPaper(text) };
  // A quoted title names the picture that is there already.
  const wish = before ? text.replace(/“[^”]*”/g, "") : text;
  for (const placed of placedShapes(wish)) paint(canvas.rgb, placed);
  return encodePng(canvas);
}

/** The shapes of a text, from left to right. */
function placedShapes(text: string): Placed[] {
  const words = (text.toLowerCase().match(/\p{L}+/gu) ?? []).filter((word) => !fillers.test(word));
  const things = words.filter((word) => !Object.hasOwn(colors, word)).length;
  const places = Math.min(Math.max(things, 1), shapesMax);
  const placed: Placed[] = [];
  let color: Color | undefined;
  for (const word of words) {
    if (placed.length === shapesMax) break;
    if (Object.hasOwn(colors, word)) {
      color = colors[word];
      continue;
    }
    const chance = chanceOf(`${text} ${placed.length} ${word}`);
    const singular = word.replace(/s$/, "");
    const found = Object.hasOwn(known, singular) ? known[singular] : undefined;
    placed.push({
      shape: found?.shape ?? shapes[Math.floor(chance() * shapes.length)] ?? circle,
      color: color ?? found?.color ?? pastel(chance),
      x: (size.width * (placed.length + 0.35 + 0.3 * chance())) / places,
      y: size.height * (0.25 + 0.5 * chance()),
      radius: Math.min(size.height * 0.3, (size.width / places) * 0.55) * (0.7 + 0.3 * chance()),
    });
    color = undefined;
  }
  return placed;
}

function emptyPaper(text: string): Uint8Array {
  const paper = pastel(chanceOf(text)).map((one) => 225 + Math.round(one / 12));
  const rgb = new Uint8Array(size.width * size.height * 3);
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = paper[at % 3] ?? 0;
  return rgb;
}

function paint(rgb: Uint8Array, { shape, color, x, y, radius }: Placed): void {
  const [left, right] = [Math.max(0, Math.floor(x - radius)), Math.min(size.width, x + radius)];
  const [top, bottom] = [Math.max(0, Math.floor(y - radius)), Math.min(size.height, y + radius)];
  for (let py = top; py < bottom; py += 1) {
    for (let px = left; px < right; px += 1) {
      if (shape((px - x) / radius, (py - y) / radius)) rgb.set(color, (py * size.width + px) * 3);
    }
  }
}

function pastel(chance: () => number): Color {
  return [0, 1, 2].map(() => 70 + Math.floor(chance() * 150)) as unknown as Color;
}

/** Numbers from 0 to 1 that follow from a text (FNV-1a, then xorshift). */
function chanceOf(text: string): () => number {
  let state = 2_166_136_261;
  for (const char of text) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16_777_619);
  state ||= 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
