/** What to do about each failure of a fetch or a generation, beside what the message says. */
const REMEDIES: Readonly<Record<string, string>> = {
  FETCH_NAME_UNKNOWN: 'Check the spelling, or enter the IP address instead.',
  FETCH_REFUSED: 'Check the address, and that the controller there runs.',
  FETCH_UNREACHABLE: 'Open TCP 8000 from this controller to the source, then try again.',
  FETCH_NOT_A_CONTROLLER: 'Check the address: another service answers there.',
  FETCH_ALTERED: 'Something between the two changes traffic. Fetch over another path, or directly.',
  FETCH_UNREADABLE: 'Bring both controllers to the same version.',
  FETCH_CLOCK_DIFFERENCE: 'Set the clocks: System, NTP hosts, on both controllers.',
  FETCH_LICENSE_REFUSED: 'Look at the licence of the source.',
  EXCHANGE_WRONG_TOKEN:
    'Enter the token that was chosen on controller 1. Repeated wrong tokens are slowed down.',
  EXCHANGE_NO_KEYSET: 'Generate the keyset on controller 1 first.',
  EXCHANGE_VERSION: 'Bring both controllers to the same major version.',
  EXCHANGE_BUSY: 'Try again in half a minute.',
  EXCHANGE_UNKNOWN: 'Try again.',
  KEYSET_GENERATION_FAILED: 'Try again; if it fails again, look at the log of the controller.',
};

export function remedyFor(code: string): string | null {
  return REMEDIES[code] ?? null;
}
