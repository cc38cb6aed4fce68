"use strict";
// Runs the kernel of jsii, program.js beside this file, in this process, and keeps the code that V8 compiled, by the name in the
// first argument: Node has a switch for that from 22.1 on.
const crypto = require("crypto");
const fs = require("fs");
const Module = require("module");
const path = require("path");
const vm = require("vm");
const { kernelUtil } = require("./host.js");

// The kept code is a JSON list of names and lengths behind its own length, then the code of each script, all behind a hash:
// V8 dies of code that is damaged. It refuses by itself what another version or other flags compiled.
const keptFile = `${process.argv[2]}-${process.version}-${process.arch}.code`;
const kept = readKept();
const compiled = new Map();
let stale = kept.size === 0;

function readKept() {
  const code = new Map();
  try {
    const file = fs.readFileSync(keptFile);
    const content = file.subarray(32);
    if (!hash(content).equals(file.subarray(0, 32))) return code;
    let at = 4 + content.readUInt32LE(0);
    for (const [name, length] of JSON.parse(content.toString("utf8", 4, at))) {
      code.set(name, content.subarray(at, at + length));
      at += length;
    }
  } catch {
    // There is none yet.
  }
  return code;
}

function writeKept() {
  const list = [];
  const parts = [];
  for (const [name, script] of compiled) {
    const code = script.createCachedData();
    list.push([name, code.length]);
    parts.push(code);
  }
  const names = Buffer.from(JSON.stringify(list));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(names.length);
  const content = Buffer.concat([length, names, ...parts]);
  const aside = `${keptFile}.${process.pid}`;
  try {
    fs.writeFileSync(aside, Buffer.concat([hash(content), content]));
    fs.renameSync(aside, keptFile);
  } catch {
    fs.rmSync(aside, { force: true }); // the next run tries again
  }
}

function hash(content) {
  return crypto.createHash("sha256").update(content).digest();
}

const program = path.join(__dirname, "program.js");

// Module.prototype._compile is what Node calls for every CommonJS script; this does the same, but with code that is kept.
Module.prototype._compile = function (content, filename) {
  // Packages lie in a temporary folder, another one each time.
  const folder = filename.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  const name = folder < 0 ? path.basename(filename) : filename.slice(folder);
  const code = kept.get(name);
  const script = new vm.Script(Module.wrap(content), { filename, cachedData: code });
  if (code === undefined || script.cachedDataRejected) stale = true;
  compiled.set(name, script);
  const require = (id) => (id === "util" && filename === program ? kernelUtil : this.require(id));
  require.resolve = (request, options) => Module._resolveFilename(request, this, false, options);
  require.main = process.mainModule;
  require.cache = Module._cache;
  return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename));
};

process.on("exit", () => {
  if (stale) writeKept();
});

require(program);
