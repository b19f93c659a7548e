// Checks a sealed package where it lies: reads the archive by slices, hashes every file as it streams, and compares
// the hashes with the manifests, the manifest with the seal, the seal's signature with the given keys, and the seal with its
// entry in the audit log and the signed head of that. Faults have the codes that the command has. Nothing leaves the browser.
// Messages: in {file, keys, witnesses, receipt, mark} (texts, and the files of a receipt and its signature or null), out {progress}
// and at last {report}; {unread} alone where a line of the keys is none: its field, number and text. In {file, whole}, out
// {sha256}: that of the file itself.

const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

// SHA-256 (FIPS 180-4), piece by piece; WebCrypto takes a message only as a whole.
class Sha256 {
  constructor() {
    this.h = new Uint32Array([
      0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ]);
    this.w = new Uint32Array(64);
    this.rest = new Uint8Array(64);
    this.held = 0;
    this.length = 0;
  }

  block(bytes, at) {
    const { w, h } = this;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (k + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    h[0] += a;
    h[1] += b;
    h[2] += c;
    h[3] += d;
    h[4] += e;
    h[5] += f;
    h[6] += g;
    h[7] += k;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.held) {
      at = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < 64) return this;
      this.block(this.rest, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  digest() {
    const end = new Uint8Array(this.held < 56 ? 64 : 128);
    end.set(this.rest.subarray(0, this.held));
    end[this.held] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(this.length) * 8n);
    for (let at = 0; at < end.length; at += 64) this.block(end, at);
    const out = new DataView(new ArrayBuffer(32));
    this.h.forEach((word, i) => out.setUint32(4 * i, word));
    return new Uint8Array(out.buffer);
  }
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => (String(text).match(/../g) ?? []).map((two) => parseInt(two, 16));
const sha256 = (bytes) => new Sha256().update(bytes).digest();
const utf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const text_of = (bytes) => {
  try {
    return utf8(bytes);
  } catch {
    return null;
  }
};
const ascii = (text) => new TextEncoder().encode(text);
const base64_of = (text) => {
  try {
    return base64(text);
  } catch {
    return new Uint8Array();
  }
};
const base64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

const SLICE = 4 << 20;
const DIRECTORY = 16 << 20;
const SMALL = 32 << 20;
const TAGS = [
  "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "public-key.txt", "seal.json", "seal.sig", "audit-proof.json",
];
const KEYS = "keys.json";
const APPROVAL = "approval.json";
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const PAPERS = ["lead.json", "letter.pdf", "dossier.pdf", "evidence-list.csv", "case.jsonld"].map((name) => `data/${name}`);

// What makes the whole file unreadable; everything else is a fault by name.
class Unreadable extends Error {}

async function read(file, from, to) {
  if (from < 0 || to > file.size || from > to) throw new Unreadable("bounds");
  return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function long(data, at) {
  const n = data.getBigUint64(at, true);
  if (n > BigInt(Number.MAX_SAFE_INTEGER)) throw new Unreadable("bounds");
  return Number(n);
}

// Where the directory lies. A package's archive has no comment, so its end record stands at the very end.
async function directory(file) {
  const end = view(await read(file, file.size - 22, file.size));
  if (end.getUint32(0, true) !== 0x06054b50) throw new Unreadable("end");
  let count = end.getUint16(10, true);
  let size = end.getUint32(12, true);
  let from = end.getUint32(16, true);
  if (count === 0xffff || size === 0xffffffff || from === 0xffffffff) {
    const locator = view(await read(file, file.size - 42, file.size - 22));
    if (locator.getUint32(0, true) !== 0x07064b50) throw new Unreadable("end");
    const at = long(locator, 8);
    const end64 = view(await read(file, at, at + 56));
    if (end64.getUint32(0, true) !== 0x06064b50) throw new Unreadable("end");
    [count, size, from] = [long(end64, 32), long(end64, 40), long(end64, 48)];
  }
  if (size > DIRECTORY) throw new Unreadable("directory");
  return { count, bytes: await read(file, from, from + size), from };
}

// The long numbers of an entry, from its ZIP64 field.
function sizes(data, extra, end, entry) {
  for (let at = extra; at + 4 <= end; ) {
    const length = data.getUint16(at + 2, true);
    if (data.getUint16(at, true) === 1) {
      let place = at + 4;
      for (const name of ["size", "packed", "header"]) {
        if (entry[name] === 0xffffffff) {
          entry[name] = long(data, place);
          place += 8;
        }
      }
    }
    at += 4 + length;
  }
}

// The entries in the order of their contents; each is stored as it is and none reaches into the next.
async function entries(file) {
  const { count, bytes, from } = await directory(file);
  const data = view(bytes);
  const all = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== 0x02014b50) throw new Unreadable("directory");
    const [name, extra, comment] = [28, 30, 32].map((place) => data.getUint16(at + place, true));
    const entry = {
      name: utf8(bytes.subarray(at + 46, at + 46 + name)),
      plain: data.getUint16(at + 10, true) === 0 && (data.getUint16(at + 8, true) & 1) === 0,
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      header: data.getUint32(at + 42, true),
    };
    sizes(data, at + 46 + name, at + 46 + name + extra, entry);
    if (!entry.plain || entry.packed !== entry.size) throw new Unreadable("packed");
    all.push(entry);
    at += 46 + name + extra + comment;
  }
  all.sort((a, b) => a.header - b.header);
  let free = 0;
  for (const entry of all) {
    const head = await read(file, entry.header, entry.header + 30);
    const local = view(head);
    const length = local.getUint16(26, true);
    entry.from = entry.header + 30 + length + local.getUint16(28, true);
    const name = await read(file, entry.header + 30, entry.header + 30 + length);
    const fits = entry.header >= free && entry.from + entry.size <= from;
    if (local.getUint32(0, true) !== 0x04034b50 || !fits || utf8(name) !== entry.name) throw new Unreadable("entry");
    free = entry.from + entry.size;
  }
  return all;
}

// A manifest as a map from path to hash; a line that is none is a fault of the manifest.
function manifest(name, text, faults) {
  const listed = new Map();
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const found = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (!found || listed.has(found[2])) faults.push({ code: "form", file: name });
    else listed.set(found[2], found[1]);
  }
  return listed;
}

function compare(listed, paths, hashes, faults) {
  for (const path of paths) {
    const expected = listed.get(path);
    const found = hashes.get(path);
    if (expected === undefined) faults.push({ code: "manifest-missing", file: path });
    else if (found !== expected) faults.push({ code: "hash", file: path, expected, found });
  }
  for (const path of listed.keys()) if (!paths.includes(path)) faults.push({ code: "manifest-extra", file: path });
}

// A C2SP verifier key, `name+id+base64`, of its kind: 1 signs, 4 cosigns as a witness; null when it is none.
function key(line, kind = 1) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim());
  if (!parts) return null;
  try {
    const typed = base64(parts[3]);
    const named = new Uint8Array([...ascii(`${parts[1]}\n`), ...typed]);
    const id = hex(sha256(named).subarray(0, 4));
    return typed.length === 33 && typed[0] === kind && id === parts[2] ? { name: parts[1], id, raw: typed.subarray(1) } : null;
  } catch {
    return null;
  }
}

// Whether a key signed a message; null: this browser can't say.
async function holds(raw, message, bytes) {
  try {
    const usable = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, usable, bytes, message);
  } catch {
    return null;
  }
}

// Whether one of the keys signed the seal: "good", "other" (none of them did), "false", or "cannot" (no Ed25519 here).
async function signature(seal, note, keys) {
  const lines = note.split("\n").filter((line) => line !== "");
  let state = "other";
  let by;
  for (const line of lines) {
    const found = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (!found) return { state: "false" };
    let bytes;
    try {
      bytes = base64(found[2]);
    } catch {
      return { state: "false" };
    }
    const known = keys.find((one) => one.name === found[1] && one.id === hex(bytes.subarray(0, 4)));
    if (!known) continue;
    const good = await holds(known.raw, seal, bytes.subarray(4));
    if (!good) return { state: good === null ? "cannot" : "false" };
    state = "good";
    by ??= known;
  }
  return { state, by };
}

const key_of = (name, raw) => {
  const id = hex(sha256(new Uint8Array([...ascii(`${name}\n`), 1, ...raw])).subarray(0, 4));
  return { name, id, raw };
};

// SHA-256 of the key's DER form in groups of four, as it is read out over the telephone.
const DER = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const grouped = (digits) => (digits.match(/.{1,4}/g) ?? []).join(" ");
const fingerprint = (one) => grouped(hex(sha256(new Uint8Array([...DER, ...one.raw]))));

// A key in PEM, which has no name; null when it is none.
function pem(text) {
  const found = /^-----BEGIN PUBLIC KEY-----([\w+/=\s]+)-----END PUBLIC KEY-----$/.exec(text);
  const der = base64_of(found?.[1].replace(/\s/g, "") ?? "");
  return der.length === 44 && DER.every((byte, n) => der[n] === byte) ? { name: "", id: "", raw: der.subarray(12) } : null;
}

// The given keys; one without a name also under each name that the package's own keys have.
const under_names = (given, own) => [
  ...given, ...given.filter((one) => !one.name).flatMap((one) => own.map((other) => key_of(other.name, one.raw))),
];

const same = (one, other) => one.name === other.name && hex(one.raw) === hex(other.raw);

// The steps from one signing key to the next, each signed by both; the number of the one that does not hold is a fault.
// Null where nothing can be said of them.
async function succession(bytes, faults) {
  const fault = (step) => {
    faults.push({ code: "key-step", file: KEYS, found: String(step) });
    return null;
  };
  let said;
  try {
    said = JSON.parse(utf8(bytes));
  } catch {
    faults.push({ code: "json", file: KEYS, found: "JSON" });
    return null;
  }
  const first = key(String(said?.first?.key));
  if (!first || fingerprint(first) !== said.first.fingerprint || !Array.isArray(said.steps)) return fault(0);
  const known = [first];
  const steps = [];
  for (const step of said.steps.slice(0, 1000)) {
    const statement = String(step?.statement);
    const end = statement.indexOf("\n\n");
    const [title, was, now, time, ...more] = statement.slice(0, Math.max(end, 0)).split("\n");
    const [before, next] = [was, now].map((line) => key(String(line).slice(4)));
    const old = before && known.find((one) => same(one, before));
    const text = `lead-handoff/key-succession/v1\n${was}\n${now}\nat ${step?.at}`;
    const fits = title && time && !more.length && statement.slice(0, end) === text && now === `new ${step.key}`;
    if (!old || !next || !fits || step.fingerprint !== fingerprint(next)) return fault(steps.length + 1);
    for (const by of [old, next]) {
      const { state } = await signature(ascii(`${text}\n`), statement.slice(end + 2), [by]);
      if (state === "cannot") return null;
      if (state !== "good") return fault(steps.length + 1);
    }
    known.push(next);
    steps.push({ old, next, statement, at: step.at });
  }
  return { first, known, steps };
}

// Whether they lead to the key of the seal by the statements that were sealed; the steps from a given key to it.
function followed(chain, keys, by, named, sealed, faults) {
  let [at, text, path] = [by, "", []];
  for (const step of [...chain.steps].reverse()) {
    if (!same(step.next, at)) continue;
    [at, text, path] = [step.old, step.statement + text, [step, ...path]];
  }
  const leads = same(at, chain.first) && hex(sha256(ascii(text))) === sealed?.succession_sha256;
  const strange = named.find((one) => !chain.known.some((other) => same(one, other)));
  if (!leads || strange || fingerprint(by) !== sealed.fingerprint) {
    const found = fingerprint(strange ?? by);
    faults.push({ code: "key-seal", file: KEYS, expected: String(sealed?.fingerprint ?? ""), found });
  }
  const given = (one) => keys.some((other) => same(one, other));
  const from = given(by) ? -1 : path.map((step) => given(step.old)).lastIndexOf(true);
  return from < 0 ? [] : path.slice(from);
}

// The root that a path leads to from a leaf (RFC 9162, 2.1.3.2); null where it leads to none. Numbers are long.
function root(leaf, index, size, path) {
  if (index >= size) return null;
  let [n, last, hash] = [index, size - 1n, leaf];
  for (const beside of path) {
    if (last === 0n) return null;
    if (n % 2n === 1n || n === last) {
      hash = sha256(new Uint8Array([1, ...beside, ...hash]));
      while (n % 2n === 0n && n !== 0n) [n, last] = [n / 2n, last / 2n];
    } else {
      hash = sha256(new Uint8Array([1, ...hash, ...beside]));
    }
    [n, last] = [n / 2n, last / 2n];
  }
  return last === 0n ? hash : null;
}

// What the proof says of the seal's place in the log, and what in it does not hold.
async function logged(bytes, seal, sealed, keys, named, faults) {
  const file = "audit-proof.json";
  const fault = (code, found = "") => faults.push({ code, file, found });
  let proof;
  let leaf;
  try {
    proof = JSON.parse(utf8(bytes));
    leaf = JSON.parse(proof.leaf);
  } catch {
    fault("json", "JSON");
    return null;
  }
  const at = String(proof.checkpoint).lastIndexOf("\n\n");
  const [origin, entries, top] = String(proof.checkpoint).split("\n");
  if (at < 0 || !/^\d{1,19}$/.test(entries)) {
    fault("proof-checkpoint");
    return null;
  }
  const before = faults.length;
  if (origin !== proof.origin) fault("proof-origin");
  let led = null;
  try {
    const first = sha256(new Uint8Array([0, ...ascii(proof.leaf)]));
    if (proof.path.length <= 64) led = root(first, BigInt(proof.index), BigInt(entries), proof.path.map(base64));
  } catch {
    // A path that is none leads nowhere.
  }
  if (led === null || hex(led) !== hex(base64_of(top))) fault("proof-path");
  else if (leaf?.verb !== "dossier.seal" || leaf.outcome !== "done") fault("proof-leaf");
  else if (leaf.facts?.manifest_sha256 !== sealed) fault("proof-manifest");
  else if (leaf.facts.seal_sha256 !== hex(sha256(seal))) fault("proof-seal");
  const text = ascii(proof.checkpoint.slice(0, at + 1));
  const lines = proof.checkpoint.slice(at + 2);
  const own = await signature(text, lines, named);
  if (own.state !== "good" && own.state !== "cannot") fault("head-signature");
  // The key of the seal may sign the log's heads under the log's name.
  const known = await signature(text, lines, keys.flatMap((one) => [one, key_of(origin, one.raw)]));
  const proven = faults.length === before && own.state === "good";
  const state = !proven ? "unproven" : known.state === "good" ? "proven" : "untrusted";
  return { origin, index: String(proof.index), size: entries, at: String(leaf?.at ?? ""), state };
}

// Who has cosigned the head of the log: a key's id, a time and a signature make 76 bytes. Those by the given keys must hold; of
// the others it is told who they are by their own word.
async function witnesses(proof, keys, faults) {
  let note = "";
  try {
    note = String(JSON.parse(utf8(proof)).checkpoint);
  } catch {
    return [];
  }
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const told = [];
  const seen = [];
  for (const line of note.slice(text.length).split("\n")) {
    const found = /^\u2014 (\S+) (\S+)$/.exec(line);
    const bytes = base64_of(found?.[2] ?? "");
    if (bytes.length !== 76 || seen.length >= 10) continue;
    const [name, id, time] = [found[1], hex(bytes.subarray(0, 4)), view(bytes).getBigUint64(4)];
    if (time > 253402300799n) continue;
    const known = keys.find((one) => one.name === name && one.id === id);
    seen.push(known);
    const good = known ? await holds(known.raw, ascii(`cosignature/v1\ntime ${time}\n${text}`), bytes.subarray(12)) : null;
    if (good === false) faults.push({ code: "cosignature", file: "audit-proof.json", found: name });
    else told.push({ name, key: id, at: new Date(Number(time) * 1000).toISOString(), state: good ? "witness" : "witness-unchecked" });
  }
  const silent = keys.filter((one) => !seen.includes(one));
  return [...told, ...silent.map(({ name, id }) => ({ name, key: id, at: "", state: "witness-silent" }))];
}

// Canonical JSON (RFC 8785): numbers and texts are written there as they are here.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
}

const RECEIPT = 64 << 10;
const RECEIPTS = ["lead-handoff/receipt/2", "lead-handoff/receipt/1"];

// What a receipt says; null where it says nothing, which is a fault.
function said_by(bytes, faults) {
  const text = bytes && text_of(bytes);
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    said = null;
  }
  if (typeof said?.schema !== "string" || typeof said.kind !== "string") {
    faults.push({ code: "json", found: "JSON" });
    return null;
  }
  if (!RECEIPTS.includes(said.schema) || said.kind !== "dossier_received") {
    faults.push({ code: "schema", expected: `${RECEIPTS[0]} dossier_received`, found: `${said.schema} ${said.kind}` });
    return null;
  }
  const texts = ["seal_sha256", "manifest_sha256", "lead_number", "transfer_number", "issuer", "at", "strength", "key_fingerprint"];
  if (!texts.every((name) => typeof said[name] === "string") || !said.agency || !said.signer || !Number.isInteger(said.version)) {
    faults.push({ code: "json", found: "JSON" });
    return null;
  }
  try {
    if (`${canonical(said)}\n` === text) return said;
  } catch {
    // Nested deeper than any receipt.
  }
  faults.push({ code: "form" });
  return null;
}

// Whether a receipt is of this package and signed by one of the keys: "good", "other" (by none of them), "cannot" or "faulty".
// What a recipient's passkey signed in it is left to the command.
async function receipt_of(file, mark, keys, { seal, seal_sha256, manifest_sha256 }) {
  const faults = [];
  const small = async (one) => (one.size > RECEIPT ? null : read(one, 0, one.size));
  const bytes = await small(file);
  const said = said_by(bytes, faults);
  const note = text_of((await small(mark)) ?? new Uint8Array([0xff])) ?? "";
  const { state, by } = note.trim() && bytes ? await signature(bytes, note, keys) : { state: "false" };
  if (state === "false") faults.push({ code: "signature" });
  if (said && by && fingerprint(by) !== said.key_fingerprint) {
    faults.push({ code: "fingerprint", expected: fingerprint(by), found: said.key_fingerprint });
  }
  const held = (code, expected, found) => {
    if (expected !== found) faults.push({ code, expected, found });
  };
  if (said) {
    held("seal", seal_sha256, said.seal_sha256);
    held("manifest", manifest_sha256, said.manifest_sha256);
    held("facts", `${seal.number} v${seal.version}`, `${said.lead_number} v${said.version}`);
    // Sent, then shown to whoever signs, then countersigned.
    const order = (code, expected, found) => {
      if (Date.parse(expected) > Date.parse(found)) faults.push({ code, expected, found });
    };
    order("order-received", said.sent?.at, said.at);
    order("order-sent", said.sent?.at, said.passkey?.issued_at);
    order("order-signed", said.passkey?.issued_at, said.at);
  }
  return { state: faults.length ? "faulty" : state, faults, said };
}

// The signature of P-256 as WebCrypto takes it: both numbers in 32 bytes each. In the file it is DER.
function two_numbers(der) {
  const out = new Uint8Array(64);
  for (let at = 2, n = 0; n < 2; n++) {
    const length = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + length);
    const short = number.subarray(Math.max(0, number.length - 32));
    out.set(short, 32 * (n + 1) - short.length);
    at += 2 + length;
  }
  return out;
}

const PASSKEYS = {
  ES256: [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
  EdDSA: [{ name: "Ed25519" }, { name: "Ed25519" }],
  RS256: [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, { name: "RSASSA-PKCS1-v1_5" }],
};

// What the approver's passkey signed: the statement against the seal, and the signature by the key that stands beside it. The
// fingerprint of that key where all of it holds; null where it does not, undefined where this browser can't say.
async function approved(bytes, sealed, seal, faults) {
  const before = faults.length;
  const fault = (code, expected = "", found = "") => {
    faults.push({ code, file: APPROVAL, expected: String(expected), found: String(found) });
  };
  const own = hex(sha256(bytes));
  if (own !== seal.approval.signed_sha256) fault("approval-seal", seal.approval.signed_sha256, own);
  let said;
  try {
    said = JSON.parse(utf8(bytes));
    if (`${canonical(said)}\n` !== utf8(bytes)) fault("form");
  } catch {
    fault("json", "", "JSON");
    return null;
  }
  const { statement, site, assertion } = said ?? {};
  const bound = Array.isArray(statement?.commitments) ? statement.commitments : [];
  const own_bound = hex(sha256(new Uint8Array([...unhex(seal.approval.signed_salt), ...unhex(sealed)])));
  const same = [
    ["lead-handoff/approval-signed/1", said?.schema],
    ["lead-handoff/approval/1", statement?.schema],
    [own_bound, bound.includes(own_bound) ? own_bound : bound.join(" ")],
    [seal.number, statement?.lead_number],
    [seal.version, statement?.version],
    [seal.approval.approver, statement?.approver],
    [seal.approval.role, statement?.role],
  ];
  const other = same.find(([expected, found]) => expected !== found);
  if (other) fault("approval-statement", ...other);
  else if (bound.some((one, n) => n > 0 && bound[n - 1] >= one)) fault("approval-statement");
  const [composed, shown_at, approved_at] = [seal.composer?.at, statement?.stated_at, seal.approval.at];
  if (Date.parse(shown_at) > Date.parse(approved_at) || Date.parse(composed) > Date.parse(shown_at)) {
    fault("approval-order", `${composed ?? ""} – ${approved_at}`, shown_at);
  }
  let client;
  let data;
  let shown;
  try {
    client = base64(assertion.client_data_json);
    shown = JSON.parse(utf8(client));
    data = base64(assertion.authenticator_data);
    if (shown.type !== "webauthn.get" || data.length < 37) throw new Error("no assertion");
  } catch {
    fault("approval-form");
    return null;
  }
  const challenge = base64_of(String(shown.challenge).replaceAll("-", "+").replaceAll("_", "/"));
  if (hex(challenge) !== hex(sha256(ascii(canonical(statement))))) fault("approval-challenge");
  const host = /^(?:https:\/\/([^/:]+)|http:\/\/(localhost|[^/:]+\.localhost))(?::\d+)?$/.exec(String(site?.origin));
  if (shown.origin !== site?.origin || shown.crossOrigin || (host?.[1] ?? host?.[2]) !== site?.id) fault("approval-origin");
  if (hex(data.subarray(0, 32)) !== hex(sha256(ascii(String(site?.id))))) fault("approval-site");
  if (!(data[32] & 1)) fault("approval-presence");
  if (!(data[32] & 4)) fault("approval-verification");
  const der = base64_of(String(assertion.public_key));
  const [kind, how] = Object.hasOwn(PASSKEYS, assertion.algorithm) ? PASSKEYS[assertion.algorithm] : [];
  let key;
  try {
    key = kind && (await crypto.subtle.importKey("spki", der, kind, false, ["verify"]));
  } catch (error) {
    if (error.name !== "DataError") return undefined;
  }
  if (!key) {
    fault("approval-key");
    return null;
  }
  const mark = base64_of(String(assertion.signature));
  const message = new Uint8Array([...data, ...sha256(client)]);
  const good = await crypto.subtle.verify(how, key, kind.namedCurve ? two_numbers(mark) : mark, message);
  if (!good) fault("approval-signature");
  return faults.length === before ? grouped(hex(sha256(der))) : null;
}

// The keys of a text, one a line, or one in PEM; lines that are empty or begin with # are none. Throws the first one that should be.
class NoKey extends Error {
  constructor(field, line, text) {
    super(text);
    this.told = { field, line, text: text.length > 60 ? `${text.slice(0, 60)}…` : text };
  }
}
function keys_of(text, field, kind) {
  const found = [];
  const all = text.trim();
  if (kind === 1 && all.startsWith("-----BEGIN")) {
    const read = pem(all);
    if (!read) throw new NoKey(field, 1, all.split("\n")[0]);
    return [read];
  }
  text.split("\n").forEach((whole, n) => {
    const line = whole.trim();
    if (line === "" || line.startsWith("#")) return;
    const read = key(line, kind);
    if (!read) throw new NoKey(field, n + 1, line);
    found.push(read);
  });
  return found;
}

async function check({ file, keys: text, witnesses: watching, receipt, mark }) {
  const given = keys_of(text, "key", 1);
  const watchers = keys_of(watching, "witness", 4);
  const faults = [];
  const all = await entries(file);
  const folder = all[0]?.name.split("/")[0] ?? "";
  const hashes = new Map();
  const small = new Map();
  let done = 0;
  for (const entry of all) {
    const path = entry.name.slice(folder.length + 1);
    if (!folder || !entry.name.startsWith(`${folder}/`) || path === "") throw new Unreadable("folder");
    if (hashes.has(path)) throw new Unreadable("twice");
    const keep = [...TAGS, KEYS, APPROVAL, TAG_MANIFEST].includes(path);
    if (keep && entry.size > SMALL) throw new Unreadable("large");
    const hash = new Sha256();
    for (let at = 0; at < entry.size; at += SLICE) {
      const piece = await read(file, entry.from + at, entry.from + Math.min(at + SLICE, entry.size));
      hash.update(piece);
      if (keep && at === 0) small.set(path, entry.size <= SLICE ? piece : await read(file, entry.from, entry.from + entry.size));
      done += piece.length;
      postMessage({ progress: done / file.size });
    }
    hashes.set(path, hex(hash.digest()));
  }
  if (!["manifest-sha256.txt", "seal.json", "seal.sig", TAG_MANIFEST].every((path) => small.has(path))) {
    throw new Unreadable("package");
  }
  const paths = [...hashes.keys()];
  // What a manifest lists against what is there; one that is no text lists nothing, and is a fault of its own.
  const listed = (name, these) => {
    const text = text_of(small.get(name));
    if (text === null) {
      faults.push({ code: "form", file: name });
      return null;
    }
    const found = manifest(name, text, faults);
    compare(found, these, hashes, faults);
    return found;
  };
  listed("manifest-sha256.txt", paths.filter((path) => path.startsWith("data/")));
  listed(TAG_MANIFEST, paths.filter((path) => !path.startsWith("data/") && path !== TAG_MANIFEST));
  for (const path of [...TAGS, ...PAPERS]) if (!hashes.has(path)) faults.push({ code: "missing", file: path });
  let seal = {};
  try {
    seal = JSON.parse(utf8(small.get("seal.json"))) ?? {};
  } catch {
    faults.push({ code: "json", file: "seal.json", found: "JSON" });
  }
  // An older seal knows nothing of keys.
  const keyed = seal.schema === "lead-handoff/seal/2";
  if (keyed && !hashes.has(KEYS)) faults.push({ code: "missing", file: KEYS });
  const is_signed = typeof seal.approval?.signed_sha256 === "string";
  if (is_signed && !hashes.has(APPROVAL)) faults.push({ code: "missing", file: APPROVAL });
  const sealed = hashes.get("manifest-sha256.txt");
  if (seal.manifest_sha256 !== sealed) {
    faults.push({ code: "seal-manifest", file: "seal.json", expected: String(seal.manifest_sha256), found: sealed });
  }
  const content = hashes.get("data/lead.json") ?? "";
  if (seal.content_sha256 !== content) {
    faults.push({ code: "seal-content", file: "seal.json", expected: String(seal.content_sha256), found: content });
  }
  if (seal.folder !== folder) faults.push({ code: "seal-facts", file: "seal.json", expected: String(seal.folder), found: folder });
  const passkey = is_signed && small.has(APPROVAL) ? await approved(small.get(APPROVAL), sealed, seal, faults) : null;
  const note = text_of(small.get("seal.sig"));
  // Keys that came with the package say whose it claims to be, and that the signature holds.
  const named = (text_of(small.get("public-key.txt") ?? new Uint8Array()) ?? "").split("\n").map((line) => key(line)).filter(Boolean);
  const own = note === null ? { state: "false" } : await signature(small.get("seal.json"), note, named);
  const chain = keyed && small.has(KEYS) ? await succession(small.get(KEYS), faults) : null;
  const keys = under_names(given, [...named, ...(chain?.known ?? [])]);
  const steps = chain && own.by ? followed(chain, keys, own.by, named, seal.signing_key, faults) : [];
  const reached = [...keys, ...steps.map((step) => step.next)];
  const signed = note === null ? { state: "false" } : await signature(small.get("seal.json"), note, reached);
  if (signed.state === "false" || (own.state !== "good" && own.state !== "cannot")) {
    faults.push({ code: "signature", file: "seal.sig" });
  }
  // A later key may have signed the head of the log.
  const heads = [...reached];
  for (const { old, next } of chain?.steps ?? []) if (heads.some((one) => same(one, old))) heads.push(next);
  const proof = small.get("audit-proof.json");
  const log = proof ? await logged(proof, small.get("seal.json"), sealed, heads, named, faults) : null;
  const by = signed.by ?? own.by;
  const cosigned = await witnesses(proof ?? new Uint8Array(), watchers, faults);
  const seal_sha256 = hex(sha256(small.get("seal.json")));
  const received = receipt ? await receipt_of(receipt, mark, heads, { seal, seal_sha256, manifest_sha256: sealed }) : null;
  // Beside the others, and not checked here.
  const stamps = paths.filter((path) => path.startsWith("timestamps/"));
  return {
    state: faults.length ? "faulty" : "whole",
    faults: faults.slice(0, 200),
    more: Math.max(0, faults.length - 200),
    files: paths.length,
    stamps: stamps.slice(0, 20).join(", ") + (stamps.length > 20 ? ", …" : ""),
    witnesses: cosigned,
    receipt: received,
    signature: signed.state,
    signer: by ? { name: by.name, fingerprint: fingerprint(by) } : null,
    log,
    succession: steps.map(({ old, next, at }) => ({ old: fingerprint(old), new: fingerprint(next), time: at })),
    composer: seal.composer ?? null,
    approval: seal.approval ?? {},
    approved_by: !is_signed ? "code" : passkey === undefined ? "cannot" : passkey ? "passkey" : "broken",
    passkey: passkey ?? null,
    withheld: (Array.isArray(seal.withheld) ? seal.withheld : []).slice(0, 2000),
    name: file.name,
    size: file.size,
    seal: { number: seal.number, version: seal.version, agency: seal.addressee, at: seal.sealed_at, manifest: sealed },
  };
}

// SHA-256 of the file itself.
async function whole(file) {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += SLICE) hash.update(await read(file, at, Math.min(at + SLICE, file.size)));
  return grouped(hex(hash.digest()));
}

onmessage = async ({ data }) => {
  try {
    if (!hex(sha256(ascii("abc"))).startsWith("ba7816bf8f01cfea")) throw new Error("SHA-256 is wrong here");
    if (data.whole) return postMessage({ sha256: await whole(data.file) });
    postMessage({ report: await check(data) });
  } catch (error) {
    if (error instanceof NoKey) return postMessage({ unread: error.told });
    // A name that is no text, a number that points out of the directory: the file's fault, not the browser's.
    const strange = [Unreadable, TypeError, RangeError].some((kind) => error instanceof kind);
    postMessage({ report: { state: strange ? "unreadable" : "failed" } });
  }
};
