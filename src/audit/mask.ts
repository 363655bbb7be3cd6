import { withoutKeys } from '../observe/redact.ts';
import type { Cell } from '../store/changeset.ts';

const MASK = '[secret]';
const SECRET =
  /^conf$|password|passphrase|digest|hash|secret|totp|token|private|psk|pem|binddn|bindpw|recovery/i;
const MAX_TEXT = 300;

/** What the log may hold of a value: nothing of secrets, and of long texts the beginning. */
export function masked(name: string, cell: Cell): unknown {
  if (cell === undefined || cell === null || typeof cell === 'number') return cell;
  if (SECRET.test(name)) return MASK;
  if (typeof cell !== 'string') return `[${cell.byteLength} bytes]`;
  const json = /^[[{"]/.test(cell) ? parsed(cell) : undefined;
  return json === undefined ? shortened(cell) : maskedJson(json);
}

function maskedJson(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value);
  if (Array.isArray(value)) return value.slice(0, 50).map(maskedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([key, member]) => [key, SECRET.test(key) && member !== null ? MASK : maskedJson(member)]),
  );
}

function shortened(text: string): string {
  const clean = withoutKeys(text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}... (${clean.length} characters)` : clean;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
