import { expect, it } from 'vitest';
import { Database } from '../store/database.ts';
import { Names } from './names.ts';

const fresh = () => new Names(new Database(':memory:'));

it('starts without any', () => {
  const names = fresh();
  expect([names.topologyName(), names.controllerName(), names.ntpHosts()]).toEqual(['', '', []]);
});

it('keeps what was given and leaves out what was not', () => {
  const names = fresh();
  names.change({ topologyName: 'Zürich "lab"', controllerName: 'c1' });
  names.change({ controllerName: '' });
  expect([names.topologyName(), names.controllerName()]).toEqual(['Zürich "lab"', '']);
});

it('replaces the time servers and says when the data plane has to follow', () => {
  const names = fresh();
  expect(names.change({ ntpHosts: ' 192.0.2.1  pool.example.net ' })).toEqual({ apply: true });
  expect(names.ntpHosts()).toEqual(['192.0.2.1', 'pool.example.net']);
  expect(names.change({ topologyName: 'x' })).toEqual({ apply: false });
  expect(names.change({ ntpHosts: '' })).toEqual({ apply: true });
  expect(names.ntpHosts()).toEqual([]);
});

it('stores nothing of a change that is partly wrong', () => {
  const names = fresh();
  expect(() => names.change({ topologyName: 'new', ntpHosts: 'good.example bad_host' })).toThrow(
    /ntp_hosts.*bad_host/,
  );
  expect(() => names.change({ topologyName: 'a\nb' })).toThrow(/topology_name/);
  expect(() => names.change({ ntpHosts: Array.from({ length: 17 }, (_, i) => `h${i}`).join(' ') })).toThrow(
    /16/,
  );
  expect(names.topologyName()).toBe('');
});
