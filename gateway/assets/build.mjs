// Builds what the pages are made of, into gateway/static/: every styles/NAME.scss and scripts/NAME.js that does not begin
// with "_", the typeface and the images. Each file's name holds a hash of its content, so browsers may keep it for ever;
// manifest.json says which file to serve for which name: {"main.css": "main.3F2A.css"}.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileAsync } from "sass";

const assets = dirname(fileURLToPath(import.meta.url));
const top = join(assets, "..", "..");
const modules = join(top, "node_modules");
const output = join(top, "gateway", "static");
const fresh = `${output}.new`;
const work = join(top, "build", "assets");
const typeface = join(modules, "@fontsource-variable", "atkinson-hyperlegible-next", "files");
const alphabets = ["latin", "latin-ext"].map((name) => `atkinson-hyperlegible-next-${name}-wght-normal.woff2`);
const images = [".svg", ".png", ".ico", ".webp"];

async function list(folder, ending) {
  const names = await readdir(join(assets, folder)).catch(() => []);
  return names.filter((name) => !name.startsWith("_") && name.endsWith(ending)).map((name) => join(assets, folder, name));
}

async function stylesheet(source) {
  const { css } = await compileAsync(source, { loadPaths: [modules], quietDeps: true, style: "expanded" });
  const target = join(work, `${basename(source, ".scss")}.css`);
  await writeFile(target, css);
  return target;
}

function named(metafile, entries) {
  const manifest = {};
  for (const [file, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const name = relative(fresh, join(top, file));
    const source = entryPoint ?? Object.keys(inputs)[0];
    if (entryPoint) manifest[basename(source)] = name;
    else if (source) manifest[join(dirname(name), basename(source))] = name;
  }
  for (const entry of entries) if (!manifest[basename(entry)]) throw new Error(`${entry} was not built`);
  return manifest;
}

await Promise.all([rm(work, { recursive: true, force: true }), rm(fresh, { recursive: true, force: true })]);
await mkdir(join(work, "fonts"), { recursive: true });
await mkdir(fresh, { recursive: true });
for (const name of alphabets) await cp(join(typeface, name), join(work, "fonts", name));
const pictures = (await Promise.all(images.map((ending) => list("images", ending)))).flat();
const entries = [
  ...(await Promise.all((await list("styles", ".scss")).map(stylesheet))),
  ...(await list("scripts", ".js")),
  ...pictures,
];
const { metafile } = await build({
  absWorkingDir: top,
  entryPoints: entries.map((path) => ({ in: path, out: pictures.includes(path) ? `images/${basename(path, extname(path))}` : basename(path, extname(path)) })),
  outdir: fresh,
  nodePaths: [modules],
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  entryNames: "[dir]/[name].[hash]",
  assetNames: "fonts/[name].[hash]",
  loader: { ".woff2": "file", ...Object.fromEntries(images.map((ending) => [ending, "copy"])) },
  logLevel: "warning",
});
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(named(metafile, entries), null, 2)}\n`);
await rm(output, { recursive: true, force: true });
await rename(fresh, output);
