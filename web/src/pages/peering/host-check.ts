const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const OCTET = /^(0|[1-9]\d{0,2})$/;

/**
 * What can be said about an address while it is being typed; null when nothing is wrong with it. The API judges again
 * and knows more, e.g. the overlay subnet.
 */
export function hostProblem(input: string): string | null {
  const text = input.trim();
  if (text === '') return 'Enter an address or a host name';
  if (text.includes(':')) return ipv6Problem(text);
  if (/^[\d.]+$/.test(text)) return ipv4Problem(text);
  const labels = text.replace(/\.$/, '').split('.');
  if (text.length > 253) return 'A host name has at most 253 characters';
  if (!labels.every((label) => LABEL.test(label)))
    return 'An IP address, or a host name of letters, digits, hyphens and dots';
  return /^\d+$/.test(labels.at(-1)!) ? 'A host name does not end in a number' : null;
}

function ipv4Problem(text: string): string | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255))
    return 'Not an IPv4 address: four numbers of 0 to 255';
  const first = Number(octets[0]);
  if (first === 127) return 'A loopback address is this machine itself';
  return first === 0 || first >= 224 ? 'Not the address of a machine' : null;
}

function ipv6Problem(text: string): string | null {
  try {
    new URL(`http://[${text}]`);
    return null;
  } catch {
    return 'Not an IPv6 address (a port does not belong here)';
  }
}

/** Only names have to be looked up. */
export function isName(input: string): boolean {
  const text = input.trim();
  return hostProblem(text) === null && !text.includes(':') && !/^[\d.]+$/.test(text);
}
