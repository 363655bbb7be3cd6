import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console: built into `dist/web`, from where the controller serves it under a policy without inline code. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // Small files become data: URLs otherwise, which the policy refuses for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': { target: process.env.MESHWRIGHT_API ?? 'https://127.0.0.11:8000', secure: false } },
  },
});
