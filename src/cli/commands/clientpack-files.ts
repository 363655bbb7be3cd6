import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { PACK_FORMATS, type PackFormat } from '../../clientpack/pack-formats.ts';
import { CliError } from '../cli-error.ts';
import { print } from '../output.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';

interface DownloadOptions extends TargetOptions {
  format: PackFormat;
  out?: string;
}

const nameOf = (text: string): string => text.replaceAll('.', '_');
const PACK = 'name of the clientpack (100_127_255_193), or its overlay address';

export const downloadVerb = withTarget(
  new Command('download').description('write a clientpack to a file that only you can read'),
)
  .argument('<pack>', PACK, nameOf)
  .addOption(new Option('--format <kind>', 'which kind and form').choices(PACK_FORMATS).default('ovpn'))
  .option('--out <file>', 'where to; - is standard output (default: its own name, here)')
  .action(async (name: string, { format, out, ...options }: DownloadOptions) => {
    const file = await (await connect(options)).download(`/mesh/clientpacks/${name}/files/${format}`);
    if (out === '-') {
      process.stdout.write(file.bytes);
      return;
    }
    const path = out ?? file.name;
    try {
      writeFileSync(path, file.bytes, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CliError(code === 'EEXIST' ? `${path} exists already` : `${path} cannot be written: ${code}`);
    }
    print(options.json, { file: path, bytes: file.bytes.length }, () => path);
  });

export const qrVerb = withTarget(
  new Command('qr').description('show the WireGuard form as a QR code for the app of a phone'),
)
  .argument('<pack>', PACK, nameOf)
  .action(async (name: string, options: TargetOptions) => {
    const code = await (await connect(options)).get<{ svg: string; text: string }>(
      `/mesh/clientpacks/${name}/qr`,
    );
    print(options.json, code, ({ text }) => [
      text.trimEnd(),
      'WireGuard stays with one controller and does not fail over by itself. Whoever scans this code can use the address.',
    ]);
  });
