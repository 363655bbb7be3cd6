/**
 * The position as a change carries it. One that nobody touched is not sent: rules may have been inserted meanwhile, and
 * the rule would move. A new rule without one becomes the last.
 */
export function movedTo(position: number | string, opened: number): { position?: number } {
  return typeof position === 'number' && position !== opened ? { position } : {};
}
