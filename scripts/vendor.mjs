// Puts the front-end files of the site where Django finds them, without a bundler:
//   npm run vendor   copies the allow-list below out of node_modules, builds the icon sprite and the stylesheet
//   npm run css      the stylesheet only (after an edit in baiye/core/static/core/css/*.css; pages/*.css need no step)
// Everything written lies in baiye/core/static/vendor/, which git ignores.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const STATIC = join(ROOT, "baiye/core/static");
const OUT = join(STATIC, "vendor");

const COPY = {
  "barlow-500.woff2": "@fontsource/barlow/files/barlow-latin-500-normal.woff2",
  "barlow-600.woff2": "@fontsource/barlow/files/barlow-latin-600-normal.woff2",
  "barlow-LICENSE.txt": "@fontsource/barlow/LICENSE",
  "jsQR.js": "jsqr/dist/jsQR.js",
  "jsQR-LICENSE.txt": "jsqr/LICENSE",
  "icons-LICENSE.txt": "@tabler/icons/LICENSE",
};

// The order is that of the layers; dark.css, large.css and pages/ are linked by themselves.
const STYLESHEET = [
  "layers", "fonts", "tokens", "base", "shells", "desk", "public", "layout", "icon", "brand", "hero", "btn", "tag", "tile",
  "sealmark", "card", "list", "ticket", "note", "field", "pick", "choose", "seg", "ring", "river", "bend", "tbl", "bulk", "stats",
  "chart", "map", "empty", "dialog", "utils", "print",
];

function iconNames() {
  const lines = readFileSync(join(ROOT, "scripts/icons.txt"), "utf8").split("\n");
  return lines.filter((line) => !line.startsWith("#")).flatMap((line) => line.split(/\s+/)).filter(Boolean);
}

/** One <symbol> of the sprite: the drawing alone; size, stroke and colour come from the class .i. */
function symbol(name) {
  const path = join(MODULES, "@tabler/icons/icons/outline", `${name}.svg`);
  if (!existsSync(path)) throw new Error(`scripts/icons.txt: Tabler has no icon "${name}"`);
  const body = readFileSync(path, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
  const drawing = body.replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s+/g, " ").replaceAll(" />", "/>").replaceAll("> <", "><");
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.trim()}</symbol>`;
}

function sprite() {
  const version = JSON.parse(readFileSync(join(MODULES, "@tabler/icons/package.json"), "utf8")).version;
  const symbols = iconNames().map(symbol);
  const head = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons ${version}, MIT, tabler.io/icons -->`;
  writeFileSync(join(OUT, "icons.svg"), `${[head, ...symbols].join("\n")}\n</svg>\n`);
  return symbols.length;
}

function stylesheet() {
  const parts = STYLESHEET.map((name) => readFileSync(join(STATIC, "core/css", `${name}.css`), "utf8"));
  writeFileSync(join(OUT, "baiye.css"), parts.join("\n").replaceAll("../../vendor/", ""));
  return parts.length;
}

const onlyCss = process.argv[2] === "css";
if (!onlyCss) rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const said = [`baiye.css of ${stylesheet()} files`];
if (!onlyCss) {
  for (const [to, from] of Object.entries(COPY)) copyFileSync(join(MODULES, from), join(OUT, to));
  said.push(`${sprite()} icons`, `${Object.keys(COPY).length} files copied`);
}
const bytes = statSync(join(OUT, "baiye.css")).size;
console.log(`vendor: ${said.join(", ")}; stylesheet ${(bytes / 1024).toFixed(0)} KB`);
