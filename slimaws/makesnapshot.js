"use strict";
// Makes the start-up snapshot of snapshot.js in this folder, which has all that it needs and goes when this is done. It is kept only if
// it does the recorded synthesis as the kernel did that it was made of.
const { spawnSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");
const zlib = require("zlib");

const given = JSON.parse(fs.readFileSync("given.json", "utf8"));

function make() {
  fs.mkdirSync("made");
  // Node cannot be trusted to keep what unzips in a snapshot, so the kernel gets tarballs that are no gzip files.
  for (const { tarball } of given.packages) fs.writeFileSync(tarball, zlib.gunzipSync(fs.readFileSync(tarball)));
  const blob = path.resolve("blob");
  run(["--snapshot-blob", blob, "--build-snapshot", path.resolve("snapshot.js")]);
  const recorded = fs.readFileSync("recorded.ndjson", "utf8").replaceAll("OUTDIR", path.resolve("made"));
  const made = readAll("made");
  fs.rmSync("made", { recursive: true });
  fs.mkdirSync("made");
  run(["--snapshot-blob", blob], recorded);
  if (Object.keys(made).length === 0 || JSON.stringify(readAll("made")) !== JSON.stringify(made)) {
    throw new Error("the snapshot does something else");
  }
  seal(blob);
  fs.renameSync(blob, given.snapshot);
  fs.rmSync(given.attempt, { force: true });
}

function run(args, input = "") {
  const stdio = ["pipe", "ignore", "inherit", fs.openSync(os.devNull, "w")]; // the snapshot has a descriptor 3
  const { status, error } = spawnSync(process.execPath, args, { input, stdio, timeout: 60_000, killSignal: "SIGKILL" });
  if (error || status !== 0) throw error || new Error(`node ended with ${status}`);
}

// readAll is the content of every file below a folder, by its path.
function readAll(folder) {
  const files = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(files, readAll(name));
    else files[name] = fs.readFileSync(name, "utf8");
  }
  return files;
}

// seal appends what snapshot.go reads: the packages, the length of that, and the CRC-32 of all before.
function seal(file) {
  const packages = Buffer.from(JSON.stringify(given.packages.map(({ name, version }) => ({ Name: name, Version: version }))));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(packages.length);
  const content = Buffer.concat([fs.readFileSync(file), packages, length]);
  const sum = zlib.gzipSync(content, { level: 0 }).subarray(-8, -4); // a gzip file ends in it, and in a length
  fs.writeFileSync(file, Buffer.concat([content, sum]));
}

try {
  make();
} finally {
  process.chdir("..");
  fs.rmSync(__dirname, { recursive: true, force: true });
}
