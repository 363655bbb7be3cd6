import { invalid, MeshwrightError } from '../errors/catalogue.ts';

/** The name of the API's own password; as a user's name it would mean two things. */
export const API_USER = 'api';

export function parseUsername(field: string, text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) {
    throw invalid(
      field,
      'must be 1 to 64 letters, digits, dots, dashes, underscores or @, a letter or digit first',
      text,
    );
  }
  if (text.toLowerCase() === API_USER) throw invalid(field, 'this is the name of the password of the API');
  return text;
}

/** The password in the form in which it is hashed: the same text typed on two machines may differ in its bytes. */
export function checkPassword(field: string, password: string): string {
  const normal = password.normalize('NFC');
  if (normal.length < 8 || normal.length > 128 || /\p{Cc}/u.test(normal)) {
    throw new MeshwrightError('PASSWORD_INVALID', { field, why: 'it needs 8 to 128 printable characters' });
  }
  return normal;
}
