import { messageBeside } from '../api/error.ts';
import { Notice } from './Notice.tsx';

/** What the API refused, when it is about none of the fields that show their own message. */
export function FormError({ error, fields }: { error: unknown; fields?: readonly string[] }) {
  const message = messageBeside(error, fields);
  return message && <Notice tone="bad">{message}</Notice>;
}
