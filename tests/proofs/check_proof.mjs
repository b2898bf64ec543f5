#!/usr/bin/env node
// check_proof.mjs KEY FILE...: checks proofs of docs/proofs.md with the standard library alone. It shares nothing with the
// program that makes them, so that a mistake there is not a mistake here. One line a file: "true", "false REASON" or
// "unreadable REASON". KEY is the public key in PEM form.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

class Unreadable extends Error {}
const need = (condition, what) => { if (!condition) throw new Unreadable(what); };

// Every member must be known and there: what is not proved must not stand in a proof.
function members(object, names, optional = []) {
  need(object !== null && typeof object === 'object' && !Array.isArray(object), 'an object is missing');
  for (const name of names) need(Object.hasOwn(object, name), `${name} is missing`);
  for (const name of Object.keys(object)) need([...names, ...optional].includes(name), `${name} does not belong here`);
  return object;
}
// A member that stands twice is two answers to one question; JSON.parse would take the last.
function parsed(text) {
  const value = JSON.parse(text);
  const count = (v) => (v === null || typeof v !== 'object' ? 0
    : Object.values(v).reduce((sum, inner) => sum + count(inner), Array.isArray(v) ? 0 : Object.keys(v).length));
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)].filter((string) => string[1]).length;
  need(written === count(value), 'a member stands twice');
  return value;
}
const matching = (text, pattern, what) => { need(typeof text === 'string' && pattern.test(text), what); return text; };
const hex = (text, size) => Buffer.from(matching(text, new RegExp(`^[0-9a-f]{${2 * size}}$`), 'hexadecimal'), 'hex');
function whole(text) {
  const value = BigInt(matching(text, /^(0|-?[1-9][0-9]*)$/, 'a whole number'));
  need(BigInt.asIntN(64, value) === value, 'a number of 64 bits');
  return value;
}
function micros(text) {
  const [, seconds, fraction] = matching(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, 'a time').match(/^(.{19})\.(.{6})Z$/);
  const at = new Date(`${seconds}Z`);
  need(!Number.isNaN(at.getTime()) && at.toISOString().startsWith(seconds), 'a time');
  return BigInt(at.getTime()) * 1000n + BigInt(fraction);
}
const uuid = (text) => Buffer.from(matching(text, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a UUID').replaceAll('-', ''), 'hex');
const bytes = (value, size) => Buffer.from(BigInt.asUintN(8 * size, BigInt(value)).toString(16).padStart(2 * size, '0'), 'hex');

const KINDS = ['posted', 'pending', 'post', 'undo', 'expire'];
const FLAGS = ['balancing_debit', 'balancing_credit', 'closing_debit', 'closing_credit'];

function rowBytes(row) {
  members(row, ['book', 'seq', 'transfer', 'kind', 'flags', 'debit_account', 'credit_account', 'amount', 'debit_balance', 'credit_balance',
    'code', 'event_at', 'recorded_at', 'pending', 'expires_at', 'reference']);
  need(KINDS.includes(row.kind), 'a kind');
  need(Array.isArray(row.flags) && row.flags.every((f) => FLAGS.includes(f)) && new Set(row.flags).size === row.flags.length, 'flags');
  need(Number.isInteger(row.code) && (row.code | 0) === row.code, 'a code');
  need(typeof row.reference === 'string', 'a reference');
  need(row.pending !== '00000000-0000-0000-0000-000000000000' && row.expires_at !== '1970-01-01T00:00:00.000000Z', 'null for none');
  const reference = Buffer.from(row.reference, 'utf8');
  return Buffer.concat([
    bytes(whole(row.book), 8), bytes(whole(row.seq), 8), uuid(row.transfer), bytes(KINDS.indexOf(row.kind) + 1, 2),
    bytes(row.flags.reduce((bits, f) => bits | (1 << FLAGS.indexOf(f)), 0), 2), bytes(whole(row.debit_account), 8),
    bytes(whole(row.credit_account), 8), bytes(whole(row.amount), 8), bytes(whole(row.debit_balance), 8),
    bytes(whole(row.credit_balance), 8), bytes(row.code, 4), bytes(micros(row.event_at), 8), bytes(micros(row.recorded_at), 8),
    row.pending === null ? Buffer.alloc(16) : uuid(row.pending), bytes(row.expires_at === null ? 0n : micros(row.expires_at), 8),
    bytes(reference.length, 4), reference]);
}

function signedBytes(head) {
  members(head, ['book', 'size', 'root', 'previous', 'at', 'key_id', 'signature']);
  [hex(head.root, 32), hex(head.previous, 32), hex(head.key_id, 8), hex(head.signature, 64)].forEach(Boolean);
  return Buffer.from(`cho40 ledger head v1\nbook ${whole(head.book)}\nsize ${whole(head.size)}\nroot ${head.root}\n` +
    `previous ${head.previous}\nat ${micros(head.at)}\nkey ${head.key_id}\n`);
}

const path = (list) => { need(Array.isArray(list) && list.length <= 128, 'a path'); return list.map((node) => hex(node, 32)); };
const middle = (size) => { let k = 1n; while (k * 2n < size) k *= 2n; return k; };

// The root that a leaf and its path lead to, by the recursion of RFC 6962; null when the path has another length.
function rootOf(leaf, index, size, nodes) {
  if (size === 1n) return nodes.length === 0 ? leaf : null;
  if (nodes.length === 0) return null;
  const k = middle(size), beside = nodes[nodes.length - 1], rest = nodes.slice(0, -1);
  const part = index < k ? rootOf(leaf, index, k, rest) : rootOf(leaf, index - k, size - k, rest);
  return part && (index < k ? nodeHash(part, beside) : nodeHash(beside, part));
}

// [root of the earlier tree, root of the later one] that a consistency path leads to; null when it has another length.
function rootsOf(earlier, later, nodes, known) {
  if (earlier === later) return known ? (nodes.length === 0 ? [known, known] : null) : (nodes.length === 1 ? [nodes[0], nodes[0]] : null);
  if (nodes.length === 0) return null;
  const k = middle(later), beside = nodes[nodes.length - 1], rest = nodes.slice(0, -1);
  const part = earlier <= k ? rootsOf(earlier, k, rest, known) : rootsOf(earlier - k, later - k, rest, null);
  if (!part) return null;
  return earlier <= k ? [part[0], nodeHash(part[1], beside)] : [nodeHash(beside, part[0]), nodeHash(beside, part[1])];
}

function fault(text, key) {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
  const keyId = sha256(raw).subarray(0, 8).toString('hex');
  const proof = members(parsed(text), ['format', 'row', 'leaf', 'path', 'head'], ['later', 'public_key']);
  need(proof.format === 'cho40 ledger proof v1', 'another format');
  members(proof.leaf, ['index', 'hash']);
  const { row, leaf, head, later } = proof;
  const rowHash = sha256(Buffer.from([0]), rowBytes(row)), leafHash = hex(leaf.hash, 32), nodes = path(proof.path);
  const index = whole(leaf.index), size = whole(head.size), signed = signedBytes(head);
  const laterSigned = later && signedBytes(members(later, ['head', 'path']).head), laterNodes = later && path(later.path);
  if (proof.public_key !== undefined && !hex(proof.public_key, 32).equals(raw)) return 'other_key';

  if (head.book !== row.book) return 'other_book';
  if (whole(row.seq) < 1n || index !== whole(row.seq) - 1n) return 'index_wrong';
  if (index >= size) return 'not_covered';
  if (head.key_id !== keyId) return 'other_key';
  if (!verify(null, signed, key, hex(head.signature, 64))) return 'signature_wrong';
  if (!rowHash.equals(leafHash)) return 'row_changed';
  if (!rootOf(leafHash, index, size, nodes)?.equals(hex(head.root, 32))) return 'path_wrong';
  if (!later) return null;
  if (later.head.book !== head.book || whole(later.head.size) < size) return 'later_head_wrong';
  if (later.head.key_id !== keyId) return 'later_other_key';
  if (!verify(null, laterSigned, key, hex(later.head.signature, 64))) return 'later_signature_wrong';
  const roots = rootsOf(size, whole(later.head.size), laterNodes, hex(head.root, 32));
  return roots && roots[0].equals(hex(head.root, 32)) && roots[1].equals(hex(later.head.root, 32)) ? null : 'later_path_wrong';
}

const [keyFile, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: check_proof.mjs KEY.pem PROOF...');
  process.exit(2);
}
let key;
try {
  key = createPublicKey(readFileSync(keyFile));
} catch (error) {
  console.error(`${keyFile}: not a public key in PEM form (${error.message})`);
  process.exit(2);
}
let worst = 0;
for (const file of files) {
  try {
    const why = fault(readFileSync(file, 'utf8'), key);
    console.log(why ? `false ${why}` : 'true');
    worst = Math.max(worst, why ? 1 : 0);
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    console.log(`unreadable ${error.message}`);
    worst = 2;
  }
}
process.exit(worst);
