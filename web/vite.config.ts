import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const OUT = join(import.meta.dirname, '../dist/web');

/** The console: built into `dist/web`, from where the controller serves it under a policy without inline code. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2023',
    // Small files become data: URLs otherwise, which the policy refuses for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What pages share is one file: a request costs more than the few hundred bytes that most of it would be.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 3 }] } } },
  },
  server: {
    proxy: { '/api': { target: process.env.MESHWRIGHT_API ?? 'https://127.0.0.11:8000', secure: false } },
  },
});

/** Puts a compressed copy beside every text file, so that the controller does not compress the same bytes again and again. */
function compressed(): Plugin {
  return {
    name: 'meshwright-compressed',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue;
        const content = readFileSync(join(OUT, name));
        writeFileSync(join(OUT, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(OUT, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
