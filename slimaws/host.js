"use strict";
// What runtime.js and snapshot.js share: how jsii's kernel, program.js, talks to the Go program, and what it need not compute.
//
// jsii's own bin/jsii-runtime.js would start a second node for the kernel, only to tell what a library prints from the kernel's
// answers: it gives that node the requests on file descriptor 3, takes the answers from there, and wraps what comes on stdout and
// stderr in JSON. Here the requests come on 0, the answers go to 1, and what is printed is wrapped where it is printed.
const fs = require("fs");
const util = require("util");

const { readSync, writeSync } = fs;

// What the kernel takes for its file descriptor 3; snapshot.js puts another one here while it has no Go program to talk to.
const wire = {
  read: (...rest) => patiently(() => readSync(0, ...rest)),
  write: (...rest) => patiently(() => writeSync(1, ...rest)),
};
fs.readSync = (fd, ...rest) => (fd === 3 ? wire.read(...rest) : readSync(fd, ...rest));
fs.writeSync = (fd, ...rest) => (fd === 3 ? wire.write(...rest) : writeSync(fd, ...rest));

// patiently repeats what a pipe is not ready for: some versions of Node make these descriptors non-blocking.
function patiently(transfer) {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

for (const [fd, name] of [[1, "stdout"], [2, "stderr"]]) {
  let stream;
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => (stream = stream || wrapped(fd, name)) });
}

function wrapped(fd, name) {
  const { Writable } = require("stream");
  const stream = new Writable({
    write(chunk, _encoding, done) {
      let rest = Buffer.from(JSON.stringify({ [name]: chunk.toString("base64") }) + "\n");
      while (rest.length > 0) rest = rest.subarray(patiently(() => writeSync(2, rest)));
      done();
    },
  });
  return Object.assign(stream, { fd });
}

// For each token that it makes, cdktf takes a trace of where that was, for messages of which the Go program shows the first
// line alone. It asks for them below the function that asks, which nobody else does: the traces of annotations, which are
// written to the manifest, and those of errors are taken as ever.
const { captureStackTrace } = Error;
Error.captureStackTrace = (object, below) => {
  if (typeof below !== "function" || below.name !== "captureStackTrace") captureStackTrace(object, below || Error.captureStackTrace);
};

// The kernel's own util. For each value that passes it, it words the message of an assertion beforehand: "expected type
// information, got", and the type, which nobody sees, since the assertion holds for whatever is not null; and the name of the
// key or the number of the index that it is at.
const kernelUtil = Object.create(util, {
  inspect: {
    value(value, ...options) {
      if (options.length === 0) {
        if (typeof value === "object" && value !== null && "type" in value) return "a type";
        if (typeof value === "number" && !Object.is(value, -0)) return `${value}`;
        if (typeof value === "string" && /^[\w.:-]{0,99}$/.test(value)) return `'${value}'`;
      }
      return util.inspect(value, ...options);
    },
  },
});

module.exports = { wire, kernelUtil };
