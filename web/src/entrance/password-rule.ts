/** What the API accepts as a password, said before it has to refuse one. Null: nothing is wrong. */
export function passwordProblem(password: string, repeated?: string): string | null {
  if (password.length < 8) return 'At least 8 characters';
  if (password.length > 128) return 'At most 128 characters';
  if (!/^[\x20-\x7e]+$/.test(password)) return 'Only characters of printable ASCII';
  if (repeated !== undefined && repeated !== password) return 'The two are not equal';
  return null;
}
