import { Type } from 'typebox';

/**
 * 32 bytes in base64, as WireGuard writes its keys. The last letter carries four bits only; `wg` refuses one with bits
 * beyond them, so it is refused wherever a key comes in: behind that a single bad one would stop every change.
 */
export const KeyText = Type.String({ pattern: '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$' });
