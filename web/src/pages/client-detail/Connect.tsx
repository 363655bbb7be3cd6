import { Tabs } from '@mantine/core';
import type { NativePackDetail } from '../../api/clientpacks.ts';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Connect.module.css';
import { DownloadButton } from './DownloadButton.tsx';
import { QrCode } from './QrCode.tsx';

/** How to connect, by system: the file, and what to do with it. */
export function Connect({ pack }: { pack: NativePackDetail }) {
  const { name, controllers } = pack;
  const order = controllers.map(({ id, host }) => `${host} (controller ${id})`).join(', then ');
  if (controllers.length === 0)
    return (
      <Section title="How to connect">
        No controller has said yet where clients reach it. Set “this instance” in Controller Peering first.
      </Section>
    );
  return (
    <Section
      title="How to connect"
      note={`Tries ${order}. Whoever has the file can use the address: keep it private.`}
    >
      <Tabs defaultValue="linux" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="linux">Linux</Tabs.Tab>
          <Tabs.Tab value="windows">Windows and macOS</Tabs.Tab>
          <Tabs.Tab value="phone">Phone</Tabs.Tab>
          <Tabs.Tab value="ha">Linux server, HA</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="linux" className={styles.panel}>
          <ol className={styles.steps}>
            <li>
              Install OpenVPN 2.6: <Mono>apt install openvpn</Mono>
            </li>
            <li>
              Copy the file to <Mono>/etc/openvpn/client/{name}.conf</Mono>
            </li>
            <li>
              <Mono>systemctl enable --now openvpn-client@{name}</Mono>
            </li>
          </ol>
          <p>When its controller fails, it moves to the next one within seconds and keeps its address.</p>
          <DownloadButton name={name} format="conf" label={`${name}.conf`} />
          <DownloadButton name={name} format="tarball" label=".tar.gz" quiet />
          <DownloadButton name={name} format="zip" label=".zip" quiet />
        </Tabs.Panel>
        <Tabs.Panel value="windows" className={styles.panel}>
          <ol className={styles.steps}>
            <li>Install OpenVPN Connect, or OpenVPN GUI on Windows, or Tunnelblick on macOS.</li>
            <li>Import the file, and connect.</li>
          </ol>
          <p>When its controller fails, it moves to the next one within seconds and keeps its address.</p>
          <DownloadButton name={name} format="ovpn" label={`${name}.ovpn`} />
        </Tabs.Panel>
        <Tabs.Panel value="phone" className={styles.panel}>
          <ol className={styles.steps}>
            <li>Install the WireGuard app, choose “Scan from QR code”, and scan.</li>
            <li>Or install OpenVPN Connect and import the .ovpn file.</li>
          </ol>
          <p>
            <strong>WireGuard does not fail over by itself:</strong> it stays with {controllers[0]!.host}{' '}
            (controller {controllers[0]!.id}). OpenVPN does.
          </p>
          <QrCode key={pack.generation} name={name} />
          <DownloadButton name={name} format="wireguard" label="WireGuard .conf" quiet />
          <DownloadButton name={name} format="ovpn" label={`${name}.ovpn`} quiet />
        </Tabs.Panel>
        <Tabs.Panel value="ha" className={styles.panel}>
          <ol className={styles.steps}>
            <li>
              <Mono>tar xzf {name}-ha.tar.gz</Mono>
            </li>
            <li>
              Read <Mono>install.sh</Mono>, it takes a minute; then run it as root.
            </li>
          </ol>
          <p>
            A tunnel to every controller at once, watched by BFD: the failure of a controller costs a fraction
            of a second. Needs WireGuard and BIRD 2, which the script installs from the distribution.
          </p>
          <DownloadButton name={name} format="ha" label={`${name}-ha.tar.gz`} />
        </Tabs.Panel>
      </Tabs>
    </Section>
  );
}
