import canonicalize from 'canonicalize';
import { sha256Hex } from './hash.ts';

/** Canonical JSON (RFC 8785) of a JSON value. Throws TypeError on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson: expected a JSON value, got undefined');
  return text;
}

/** SHA-256 over the canonical JSON of a value. */
export function canonicalSha256(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
