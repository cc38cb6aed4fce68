"use strict";
// What Node makes a start-up snapshot of: a heap in which jsii's kernel and its packages are loaded, which goes on with the requests
// of a Go program when it is started. makesnapshot.js runs it.
//
// It is the kernel's own program.js, unchanged, that loads them: it is given the requests for that, and stopped where it would read the
// next one. This happens twice. In between, a recorded synthesis has V8 compile what one takes, and all that it made is forgotten.
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { setFlagsFromString, startupSnapshot } = require("v8");

const given = JSON.parse(fs.readFileSync(path.join(__dirname, "given.json"), "utf8"));

// The kernel and its packages see no other variables of the environment than those that the snapshot is kept under.
const { env } = process;
process.env = { TMPDIR: __dirname, JSII_RUNTIME_PACKAGE_CACHE: "disabled" };
for (const name of given.variables) if (name in env) process.env[name] = env[name];

// Node requires only its own modules here, so this is a loader for the others. https://nodejs.org/api/modules.html
const builtin = require;
const main = { filename: path.join(__dirname, "program.js") };
const scripts = new Map(); // by name, for both loads share what V8 compiled
let modules = new Map(); // by path
let packages; // the folder of packages

function load(file, instead = {}) {
  if (modules.has(file)) return modules.get(file).exports;
  const module = { exports: {}, id: file, filename: file };
  modules.set(file, module);
  const content = oneByte(fs.readFileSync(file, "utf8"));
  if (file.endsWith(".json")) return (module.exports = JSON.parse(content));
  const require = (id) => {
    if (id in instead) return instead[id];
    const found = id.startsWith(".") ? script(path.resolve(path.dirname(file), id)) : packages && script(path.join(packages, id));
    return found ? load(found) : builtin(id);
  };
  require.main = main;
  const name = packages ? path.relative(packages, file) : path.basename(file);
  if (!scripts.has(name)) {
    scripts.set(name, new vm.Script(`(function (exports, require, module, __filename, __dirname) { ${content}\n})`, { filename: name }));
  }
  scripts.get(name).runInThisContext().call(module.exports, module.exports, require, module, file, path.dirname(file));
  return module.exports;
}

// oneByte escapes the few characters for which V8 would keep twice the bytes of a whole script. They stand in strings and comments.
function oneByte(content) {
  return Buffer.from(content.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)).latin1Slice();
}

// script is the script that a path means: a file, without its ending, or the main one of a package.
function script(named) {
  let index = "index.js";
  try {
    index = JSON.parse(fs.readFileSync(path.join(named, "package.json"), "utf8")).main || index;
  } catch {
    // It is no package.
  }
  return [named, `${named}.js`, `${named}.json`, path.join(named, index), path.join(named, "index.js")].find((file) =>
    fs.statSync(file, { throwIfNoEntry: false })?.isFile(),
  );
}

const { wire, kernelUtil } = load(path.join(__dirname, "host.js"));

// V8 cannot keep handlers of signals. The kernel has them to remove the folder of packages, which is gone by then.
const { on, once } = process;
process.on = (event, ...rest) => (/^SIG/.test(event) ? process : on.call(process, event, ...rest));
process.once = (event, ...rest) => (event === "exit" ? process : once.call(process, event, ...rest));

// What the kernel must find of the packages when it is asked for them again.
const remembered = new Map();
const { existsSync, readFileSync } = fs;
let started = false;
fs.existsSync = (file) => {
  if (remembered.has(file)) return true;
  // What the kernel asks before it unpacks a package. It cannot any more: what unzips does not come to an end then.
  const name = started && path.relative(packages, file);
  if (name && /^(@[^/]+\/)?[^./@][^/]*$/.test(name)) {
    throw new Error(`slimaws: the snapshot has no ${name}; set SLIMAWS_SNAPSHOT=off where other jsii packages are used`);
  }
  return existsSync(file);
};
fs.readFileSync = (file, ...options) => remembered.get(file) ?? readFileSync(file, ...options);

// Of what describes the types of a package the kernel looks at no docs, a third of it: each object and text takes its time when the heap
// is read.
const { parse } = JSON;
const isAssembly = (value) => typeof value?.schema === "string" && value.schema.startsWith("jsii/");
JSON.parse = (text, ...rest) => {
  const value = parse(text, ...rest);
  return isAssembly(value) && value.types ? { ...value, types: undocumented(value.types) } : value;
};

function undocumented(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(undocumented);
  const kept = {};
  for (const key of Object.keys(value)) if (!/^(docs|locationInModule|symbolId)$/.test(key)) kept[key] = undocumented(value[key]);
  return kept;
}

// The kernel reads requests into a megabyte, all of which would be in the heap. No more than this comes out of a pipe at once.
const pipe = 64 << 10;
const { alloc } = Buffer;
Buffer.alloc = (size, ...rest) => alloc(size === 1 << 20 ? pipe : size, ...rest);

const talk = { ...wire };
const { setImmediate } = globalThis;
let requests, refused, hello, goOn;
wire.read = (buffer) => buffer.write(requests.shift());
wire.write = (buffer) => {
  const answer = JSON.parse(buffer);
  if (answer.hello) hello = Buffer.from(buffer);
  if (answer.error) refused.push(answer.error);
  return buffer.length;
};
globalThis.setImmediate = (run) => (goOn = run); // by which the kernel goes on to the next request

function runKernel(lines) {
  [requests, refused, modules, packages] = [lines, [], new Map(), undefined];
  const createRequire = (folder) => {
    packages = path.join(folder, "node_modules");
    return Object.assign((file) => load(file), { resolve: (name) => script(path.join(packages, name)) });
  };
  load(main.filename, { util: kernelUtil, module: { createRequire } });
  while (requests.length > 0) goOn();
}

const loading = given.packages.map(({ name, version, tarball }) => `${JSON.stringify({ api: "load", name, version, tarball })}\n`);
const globals = new Set(Reflect.ownKeys(globalThis));
const recorded = fs.readFileSync(path.join(__dirname, "recorded.ndjson"), "utf8").replaceAll("OUTDIR", path.join(__dirname, "made"));
runKernel([...loading, ...recorded.match(/.+\n/g)]);
if (refused.length > 0) process._rawDebug(`the recorded synthesis: ${refused.join("\n")}`);
for (const key of Reflect.ownKeys(globalThis)) if (!globals.has(key)) Reflect.deleteProperty(globalThis, key); // cdktf has its tokens there

runKernel(loading);
if (refused.length > 0) throw new Error(refused.join("\n"));
for (const { name } of given.packages) {
  const folder = path.join(packages, name);
  remembered.set(folder, "").set(path.join(folder, "package.json"), readFileSync(path.join(folder, "package.json"), "utf8"));
}

Object.assign(wire, talk);
Object.assign(globalThis, { setImmediate });
Object.assign(JSON, { parse });
Object.assign(Buffer, { alloc });
Object.assign(process, { env, on, once });
started = true;
scripts.clear();
modules.clear();
startupSnapshot.setDeserializeMainFunction(() => {
  // V8 optimizes functions on other threads, and only what runs for long earns what that takes, with Node 20 a fifth of a run with 200
  // stacks. Here it waits eight times as long as it would, and optimizes the few that are worth it.
  // https://nodejs.org/api/v8.html#v8setflagsfromstringflags
  const later = Number.parseInt(process.versions.v8) < 12 ? "--interrupt-budget=540672" : "--invocation-count-for-turbofan=24000";
  setFlagsFromString(later);
  // Descriptor 2 becomes what 3 is, and that is not needed any more: a file takes the lowest number that is free.
  fs.closeSync(2);
  fs.openSync("/dev/fd/3", fs.constants.O_WRONLY);
  fs.closeSync(3);
  wire.write(hello);
  goOn();
});
