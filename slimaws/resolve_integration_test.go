//go:build integration

package slimaws

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// It takes four seconds of a processor.
//
// What resolve.js copies, and what it leaves to cdktf, is what cdktf alone makes of it: the same value, or the same complaint. Each script
// is run with one cdktf that has it and with one that does not.
func TestResolve(t *testing.T) {
	folder := t.TempDir()
	constructs, err := describe(constructsTarball)
	if err != nil {
		t.Fatal(err)
	}
	if err := unpack(constructs.Tarball, filepath.Join(folder, "node_modules", "constructs")); err != nil {
		t.Fatal(err)
	}
	hooked, err := bundleCDKTF(cdktfTarball)
	if err != nil {
		t.Fatal(err)
	}
	before := hooks
	hooks = nil
	plain, err := bundleCDKTF(cdktfTarball)
	hooks = before
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "test.js"), []byte(resolveTest), 0o644); err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(folder, "cdktf") // of one and the other, for complaints name it
	made := func(cdktf assembly) (values []string) {
		if err := unpack(cdktf.Tarball, place); err != nil {
			t.Fatal(err)
		}
		output, err := exec.Command("node", filepath.Join(folder, "test.js"), place).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		if err := json.Unmarshal(output, &values); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		return values
	}
	want := made(plain)
	if len(want) < 50 {
		t.Fatalf("%d values are tried", len(want))
	}
	if diff := cmp.Diff(want, made(hooked)); diff != "" {
		t.Errorf("resolved (-cdktf alone +with resolve.js):\n%s", diff)
	}
}

// unpack writes what a package has into a folder.
func unpack(tarball []byte, folder string) error {
	return eachFile(tarball, func(name string, content io.Reader) error {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		read, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		return os.WriteFile(path, read, 0o644)
	})
}

// resolveTest prints what is made of each value: in itself, and within others; with what happened on the way.
const resolveTest = `
const { App, TerraformStack, TerraformLocal, Token, Lazy, Tokenization, DefaultTokenResolver, StringConcat } = require(process.argv[2]);
const util = require("util");
const scope = new TerraformStack(new App({ outdir: process.argv[2] + "/out" }), "stack");
const local = new TerraformLocal(scope, "local", 1);
const seen = [];
const lazy = (value) => Lazy.anyValue({ produce: (context) => (seen.push(context.preparing), value) });
const cyclic = {};
cyclic.cyclic = cyclic;
const deep = (n) => (n === 0 ? "end" : n % 2 ? [deep(n - 1)] : { deep: deep(n - 1) });
const text = local.asString, number = local.asNumber, list = local.asList;
const stringMap = Token.asStringMap({ resolve: () => "map" }), anyMap = Token.asAnyMap({ resolve: () => "map" });
const values = [
  undefined, null, true, false, 0, -0, 1, -1, 1.5, -123456789, NaN, Infinity, 2 ** 60, 1n, Symbol("s"), () => 1,
  "", "text", "arn:aws:es:us-east-1:1:domain/a", "1e5", "-e-", "a-e1", "x|e|y", "${local.x}", "${local.x} " + text, "$${x}" + text, "${x", "}",
  "TfToken[", "${TfToken[TOKEN.99999]}", "#{TfToken[TOKEN.99999]}", "&{TfToken[TOKEN.99999]}", "String Map Token Value", "Any Map Token Value",
  text, "a" + text + "b" + text, number, "a" + number, "" + number, list, list[0], ["a", list[0]], [number], [1, number, 2.5], [undefined, 1, undefined],
  Token.asNumberList({ resolve: () => [1, 2] }), [...Token.asNumberList({ resolve: () => [1, 2] }), 3],
  stringMap, anyMap, { ...stringMap, more: 1 }, { ["a" + text]: 1, b: undefined, c: null }, { [text]: text }, { [number]: 1 }, { "1": 1, b: 2, a: 3, "0": 4 },
  { [Token.asString({ resolve: () => ({}) })]: 1 }, new Date(0), [new Date(0)], new Map([[1, 2]]), [, 1],
  Object.create({ inherited: 1 }), { toJSON: 1 },
  { resolve: () => [text, { a: undefined }] }, { resolve: 1 }, { resolve: null }, lazy({ a: text, b: [undefined, lazy(list)] }),
  [lazy(undefined), lazy(null)],
  { a: lazy(undefined), b: [{ c: lazy(() => 1) }] }, scope, { a: scope }, { _children: 1 },
  { _children: 1, _metadata: 1 }, { a: { b: [() => 1] } },
  deep(150), deep(199), deep(200), deep(201), deep(202), cyclic, { a: [{ b: { resolve() { throw new Error("a fault") } } }] }, { __proto__: null, a: text },
  JSON.parse('{"__proto__": {"a": 1}}'),
];
const resolver = new DefaultTokenResolver(new StringConcat());
console.warn = (...said) => seen.push(said);
const tried = [];
for (const value of values) {
  for (const within of [value, { a: [value] }, [{ b: value, c: value }, value]]) {
    for (const preparing of [true, false]) {
      let made;
      try {
        made = Tokenization.resolve(within, { scope, resolver, preparing });
      } catch (fault) {
        made = String(fault);
      }
      tried.push(util.inspect([made, made === within, seen.splice(0)], { depth: 250, showHidden: true }));
    }
  }
}
console.log(JSON.stringify(tried));
`
