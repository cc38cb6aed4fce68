// bundle.go puts this at the end of cdktf's lib/tokens/private/resolve.js. cdktf resolves all that it synthesizes three times: to see which
// stacks need outputs of others, as parts, and put together. Each time it looks for tokens with a few regular expressions in every text, and
// makes contexts and paths for every value. Almost none has a token, and what has none is only copied, which this does; all else goes the
// way that it would have gone, with the same path.
{
  const all = exports.resolve;

  // What a text has in it that may hold a token, of any kind, or that cdktf refuses: fits at least whatever the expressions in encoding.js do.
  const special = /TfToken\[|[-|\d.+]e[-|\d.eE+]| Map Token Value$/;
  // What stands for a number, or for a map of numbers, is beyond these.
  const isPlainNumber = (x) => Number.isSafeInteger(x) && x >= 0;
  const isListToken = (x) => (typeof x === "string" ? x.includes("#{TfToken[") : typeof x === "number" && !isPlainNumber(x));

  exports.resolve = (value, options) => {
    if (options.prefix || options.previousContext) return all(value, options);
    const path = [];
    const slowly = (x) => all(x, { ...options, prefix: [...path] });
    const at = (key, x) => {
      path.push(key);
      const resolved = resolve(x);
      path.pop();
      return resolved;
    };
    const resolve = (x) => {
      if (path.length > 200) return slowly(x); // it refuses what is so deep
      if (x === undefined || x === null || typeof x === "boolean") return x;
      if (typeof x === "string") return special.test(x) ? slowly(x) : x;
      if (typeof x === "number") return isPlainNumber(x) ? x : slowly(x);
      if (Array.isArray(x)) {
        if (x.some(isListToken)) return slowly(x);
        return x.map((element, i) => at(`${i}`, element)).filter((element) => element !== undefined);
      }
      const isPlainObject = typeof x === "object" && !(x instanceof Date) && typeof x.resolve !== "function" && x._children === undefined;
      if (!isPlainObject) return slowly(x);
      const keys = Object.keys(x);
      if (keys.some((key) => special.test(key))) return slowly(x);
      const copy = {};
      for (const key of keys) {
        const resolved = at(key, x[key]);
        if (resolved !== undefined) copy[key] = resolved;
      }
      return copy;
    };
    return resolve(value);
  };
}
