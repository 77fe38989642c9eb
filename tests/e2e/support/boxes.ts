// A font in which every character is the same grey box, so that pictures of a page are the same wherever they are taken: no text
// depends on the fonts of a machine, and what is compared is where things stand.
import { type Page } from "@playwright/test";

const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [(value >> 8) & 255, value & 255]));
const u32 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [24, 16, 8, 0].map((by) => (value >>> by) & 255)));
const EM = 1000;
const ADVANCE = 560;
const [LEFT, RIGHT, TOP] = [50, 510, 520];

/** A TrueType font of three glyphs: the one that stands for missing ones, nothing for what is blank, and the box. */
function boxes(): Buffer {
  // One contour of four points on the curve, clockwise: end, no instructions, flags, differences.
  const box = Buffer.concat([
    u16(1, LEFT, 0, RIGHT, TOP, 3, 0), Buffer.from([1, 1, 1, 1]),
    u16(LEFT, 0, RIGHT - LEFT, 0), u16(0, TOP, 0, -TOP), Buffer.alloc(2),
  ]);
  // Format 13: many characters, one glyph.
  const groups = [[0, 0x20, 1], [0x21, 0x9f, 2], [0xa0, 0xa0, 1], [0xa1, 0x1fff, 2], [0x2000, 0x200f, 1], [0x2010, 0x10ffff, 2]];
  const map = Buffer.concat([u16(13, 0), u32(16 + groups.length * 12, 0, groups.length), ...groups.map((group) => u32(...group))]);
  const tables: Record<string, Buffer> = {
    "OS/2": Buffer.concat([
      u16(4, ADVANCE, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0), Buffer.alloc(10), u32(1, 0, 0, 0), Buffer.from("TEST"),
      u16(0x40, 0x20, 0xffff, 800, -200, 0, 800, 200), u32(1, 0), u16(500, 700, 0, 32, 1),
    ]),
    cmap: Buffer.concat([u16(0, 1, 3, 10), u32(12), map]),
    glyf: Buffer.concat([box, box]),
    head: Buffer.concat([
      u32(0x10000, 0x10000, 0, 0x5f0f3cf5), u16(3, EM), Buffer.alloc(16), u16(LEFT, 0, RIGHT, TOP, 0, 8, 2, 1, 0),
    ]),
    hhea: Buffer.concat([u32(0x10000), u16(800, -200, 0, ADVANCE, LEFT, EM - RIGHT, RIGHT, 1, 0, 0, 0, 0, 0, 0, 0, 1)]),
    hmtx: u16(ADVANCE, LEFT, 0, LEFT),
    loca: u32(0, box.length, box.length, 2 * box.length),
    maxp: Buffer.concat([u32(0x10000), u16(3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)]),
    name: u16(0, 0, 6),
    post: Buffer.concat([u32(0x30000, 0), u16(-100, 50), u32(1, 0, 0, 0, 0)]),
  };
  const names = Object.keys(tables).sort();
  const padded = (table: Buffer) => Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
  const sum = (table: Buffer) => {
    const words = padded(table);
    let total = 0;
    for (let at = 0; at < words.length; at += 4) total = (total + words.readUInt32BE(at)) >>> 0;
    return total;
  };
  let offset = 12 + names.length * 16;
  const directory = names.map((name) => {
    const table = tables[name]!;
    const entry = Buffer.concat([Buffer.from(name), u32(sum(table), offset, table.length)]);
    offset += padded(table).length;
    return entry;
  });
  const font = Buffer.concat([u32(0x10000), u16(names.length, 128, 3, names.length * 16 - 128), ...directory, ...names.map((name) => padded(tables[name]!))]);
  const head = directory[names.indexOf("head")]!.readUInt32BE(8);
  font.writeUInt32BE((0xb1b0afba - sum(font)) >>> 0, head + 8);
  return font;
}

const base64 = boxes().toString("base64");

/** Writes everything on the page, shadow roots included, in boxes. */
export async function writeInBoxes(page: Page): Promise<void> {
  await page.evaluate(async (base64) => {
    const font = new FontFace("Boxes", Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)), { weight: "100 900" });
    document.fonts.add(await font.load());
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::placeholder { font-family: Boxes !important; font-variant: none !important; letter-spacing: 0 !important } header { position: static !important }");
    const dress = (root: Document | ShadowRoot) => {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) dress(shadowRoot);
    };
    dress(document);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, base64);
}
