import { describe, expect, it } from 'vitest';
import { sshPortsIn } from './ssh-ports.ts';

describe('the ports of SSH', () => {
  it('are 22 where nothing is said', () => expect(sshPortsIn(['', '#Port 23\n'])).toEqual([22]));
  it('are all that the configuration names', () => {
    const sshd =
      'Port 2222\n  port=2200\nListenAddress 0.0.0.0:2022\nListenAddress [::]:2023\nListenAddress 10.0.0.1\n';
    const socket = '[Socket]\nListenStream=\nListenStream=2024\nListenStream=[::]:2025\n';
    expect(sshPortsIn([sshd, socket])).toEqual([22, 2022, 2023, 2024, 2025, 2200, 2222]);
  });
  it('take no nonsense', () =>
    expect(sshPortsIn(['Port 99999\nPort 0\nPortable 5\nListenAddress fe80::1'])).toEqual([22]));
});
