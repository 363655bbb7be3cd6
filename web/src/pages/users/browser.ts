const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'];
const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'];

/** What a browser calls itself, in two words: enough to know one's own sessions. */
export function browserIn(agent: string): string {
  const browser = BROWSERS.find((one) => agent.includes(`${one}/`));
  const system = SYSTEMS.find((one) => agent.includes(one));
  if (!browser) return agent === '' ? 'unknown' : agent.slice(0, 30);
  return [NAMES[browser] ?? browser, system].filter(Boolean).join(', ');
}
